"""The signals over the whole clip, with phase and rep of each instant: what signals.csv holds."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from formcheck.exercise import Exercise
from formcheck.pose import Array
from formcheck.report import Report, RepReport
from formcheck.setting import Setting
from formcheck.smoothing import Sample

PHASES = ("rest", "lower", "drop", "bottom", "push", "curl")
AT_BOTTOM = 2.0
"""The bottom lasts while the depth is within this of its greatest, degrees (0.5's tolerance)."""


@dataclass(frozen=True)
class Curves:
    """Smoothed signals of the near side at the frames of the clip."""

    t_s: Array
    """(T,) seconds."""
    values: Mapping[str, Array]
    """(T,) each, by the name of the signal; NaN where not seen."""
    rates: Mapping[str, Array]
    """(T,) each, per second."""
    uncertainties: Mapping[str, Array]
    """(T,) each, half-widths of the 95 % interval, degrees."""
    uncertainties_within_set: Mapping[str, Array]
    """The same of the change from the own rest."""
    columns: Mapping[str, str]
    """Signal -> its column in signals.csv."""
    phase: tuple[str, ...]
    """(T,) one of PHASES."""
    rep: tuple[int | None, ...]
    """(T,) the number of the rep, None between reps."""

    def at(self, name: str, t: float) -> float:
        """A signal at t, straight between frames; NaN where not seen."""
        return float(np.interp(t, self.t_s, self.values[name])) if len(self.t_s) else float("nan")

    def write(self, path: Path) -> None:
        """Write signals.csv: a row a frame, an empty cell for what was not seen."""
        bars = {
            f"{name}_{kind}_deg": np.where(np.isfinite(self.values[name]), half, np.nan)
            for kind, halves in (
                ("uncertainty", self.uncertainties),
                ("uncertainty_within_set", self.uncertainties_within_set),
            )
            for name, half in halves.items()
        }
        velocity = -self.rates["knee_flexion"] if "knee_flexion" in self.rates else None
        head = ["t_s", *self.columns.values(), *bars]
        head += ["knee_extension_velocity_deg_s"] if velocity is not None else []
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([*head, "phase", "rep"])
            for i, t in enumerate(self.t_s):
                seen = [_cell(self.values[name][i]) for name in self.columns]
                spread = [_cell(half[i]) for half in bars.values()]
                rate = [_cell(velocity[i])] if velocity is not None else []
                rep = "" if self.rep[i] is None else self.rep[i]
                writer.writerow([f"{t:.4f}", *seen, *spread, *rate, self.phase[i], rep])


def _cell(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else ""


def curves(
    exercise: Exercise,
    setting: Setting,
    names: Mapping[str, int],
    samples: Sequence[Sample],
    report: Report,
) -> Curves:
    """The curves of a finished session."""
    t = np.array([s.t for s in samples])
    value = np.array([s.value for s in samples]).reshape(len(t), len(names))
    rate = np.array([s.rate for s in samples]).reshape(len(t), len(names))
    cycle = exercise.aspect(setting).cycle
    depth = value[:, names[cycle.depth]]
    values = {n: value[:, i] for n, i in names.items()}
    phase, rep = np.full(len(t), "rest", dtype="<U8"), np.full(len(t), 0)
    before = -np.inf
    for one in report.reps:
        _paint(phase, rep, t, depth, one, _start(t, depth, one, before, cycle.leaves))
        before = before if one.end_s is None else one.end_s
    return Curves(
        t_s=t,
        values=values,
        rates={n: rate[:, i] for n, i in names.items()},
        uncertainties=exercise.uncertainties(setting, values),
        uncertainties_within_set=exercise.uncertainties_within_set(setting, values),
        columns=exercise.columns,
        phase=tuple(str(p) for p in phase),
        rep=tuple(int(n) or None for n in rep),
    )


def _start(t: Array, depth: Array, one: RepReport, before: float, leaves: float) -> float:
    """Seconds from which a rep is shown: its start, or, where that was not seen, the last instant
    since `before`, the end of the rep before it, in which the depth was near its least."""
    if one.start_s is not None:
        return one.start_s
    until = -np.inf if one.bottom_s is None else one.bottom_s
    lowering = np.isfinite(depth) & (t >= before) & (t <= until)
    if not lowering.any():
        return float(t[0])
    high = lowering & (depth <= depth[lowering].min() + leaves)
    return float(t[high][-1])


def _paint(phase: Array, rep: Array, t: Array, depth: Array, one: RepReport, start: float) -> None:
    """Write one rep's phases over its span."""
    if one.bottom_s is None:
        return
    end = _last(t, depth, one) if one.end_s is None else one.end_s
    inside = (t >= start) & (t <= end)
    rep[inside] = one.number or 0
    low = inside & (t >= one.bottom_s) & (depth >= np.nanmax(depth[inside]) - AT_BOTTOM)
    leaves = float(t[low][-1]) if low.any() else one.bottom_s
    release = leaves if one.release_s is None else max(one.release_s, leaves)
    breaks = one.bottom_s if one.break_s is None else one.break_s
    for name, first, last in (
        ("curl", release, end),
        ("push", leaves, release),
        ("bottom", one.bottom_s, leaves),
        ("drop", breaks, one.bottom_s),
        ("lower", start, breaks),
    ):
        phase[inside & (t >= first) & (t <= last)] = name


def _last(t: Array, depth: Array, one: RepReport) -> float:
    """Where a rep without return is left: the clip's end; the next rep paints over."""
    after = t >= (one.bottom_s or 0.0)
    return float(t[after][-1]) if after.any() else float(t[-1])
