"""One repetition, whole: the unit of hindsight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from formcheck.cycle import Cycle
from formcheck.pose import Array, Flags
from formcheck.sampled import Samples
from formcheck.setting import Setting

Kind = Literal["full", "partial", "no-return", "attempt"]


@dataclass(frozen=True)
class Rep:
    """A closed (or, while it is open, settled) repetition with half a second before and after.

    Measures are pure functions of it. Raw signals stand beside the smoothed ones: each measure
    names its own cut-off and starts from raw.
    """

    number: int | None
    """From 1, counted reps only; None for an attempt and while the rep is open."""
    kind: Kind
    """full, partial, no-return or attempt."""
    names: Mapping[str, int]
    """The signals and their columns."""
    samples: Samples
    start: float
    """Seconds; NaN where the clip began after it."""
    begins: float
    """Seconds; the start, or the first sample where the start was not seen."""
    bottom: float
    """Seconds; first sample near the greatest depth."""
    end: float
    """Seconds; NaN where it did not come back."""
    until: float
    """Seconds; its end, or where the next one began, or its last sample."""
    setting: Setting
    cycle: Cycle
    """How it was found."""
    marks: Mapping[str, float] = field(default_factory=dict)
    """The exercise's own moments (catch, break, release) in seconds; NaN where there is none."""
    fixed: Mapping[str, float] = field(default_factory=dict)
    """What the set's first counted rep fixed for all (its pace)."""
    mended: int = 0
    """Frames in which left and right had been exchanged and were put right."""
    open: bool = False
    """Still under way: only the settled span is here, nothing after it is known."""

    @property
    def counted(self) -> bool:
        """Whether it adds to the count; an attempt does not."""
        return self.kind != "attempt"

    @property
    def t(self) -> Array:
        """(n,) seconds."""
        return self.samples.t

    @cached_property
    def answers(self) -> dict[object, Any]:
        """What was asked of it before: many measures stand behind the same gate."""
        return {}

    def __getitem__(self, name: str) -> Array:
        """(n,) the smoothed signal in its unit; NaN where not seen."""
        return self.samples.value[:, self.names[name]]

    def rate(self, name: str) -> Array:
        """(n,) the smoothed signal's rate in its unit a second; NaN where not seen."""
        return self.samples.rate[:, self.names[name]]

    def raw(self, name: str) -> Array:
        """(n,) the signal as measured, spikes taken out; NaN where not seen."""
        return self.samples.raw[:, self.names[name]]

    def seen(self, name: str) -> Array:
        """(n,) visibility of the signal's landmarks, 0 to 1; NaN where not seen."""
        return self.samples.seen[:, self.names[name]]

    def between(self, first: float, last: float) -> Flags:
        """(n,) the samples from first to last, both included; none where either is NaN."""
        return (self.t >= first) & (self.t <= last)

    def at(self, name: str, t: float) -> float:
        """The smoothed signal at t, straight between samples; NaN where it is not seen."""
        return value_at(self.t, self[name], t)

    def gap(self, signal: str, first: float, last: float) -> float:
        """Seconds of the longest stretch without the signal between two instants, as far as the rep
        reaches: from seen sample to seen sample, or from the rep's first and last frame."""
        first, last = max(first, float(self.t[0])), min(last, float(self.t[-1]))
        seen = self.t[np.isfinite(self.raw(signal))]
        inside = seen[(seen > first) & (seen < last)]
        before = seen[seen <= first]
        after = seen[seen >= last]
        ends = (before[-1] if len(before) else first, after[0] if len(after) else last)
        return float(np.diff(np.concatenate([[ends[0]], inside, [ends[1]]])).max())

    def mark(self, name: str) -> float:
        """The moment of that name in seconds; NaN where there is none."""
        return self.marks.get(name, float("nan"))

    def moment(self, name: str) -> float:
        """A moment of the cycle (start, bottom, end) or the mark of that name, in seconds; NaN
        where there is none."""
        cycle = {"start": self.start, "bottom": self.bottom, "end": self.end}
        return cycle[name] if name in cycle else self.mark(name)

    @property
    def lowered(self) -> float:
        """Seconds; the end of the lowering: the catch where hands were seen, else the bottom."""
        catch = self.mark("catch")
        return catch if np.isfinite(catch) else self.bottom

    @cached_property
    def descent(self) -> Flags:
        """(n,) the samples from the start to the end of the lowering."""
        return self.between(self.begins, self.lowered)


def value_at(t: Array, y: Array, when: float) -> float:
    """y (n,) at `when`, straight between samples; NaN outside, or where a neighbour is NaN."""
    if not len(t) or not t[0] <= when <= t[-1]:
        return float("nan")
    return float(np.interp(when, t, y))
