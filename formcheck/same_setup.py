"""What two sets have to share before their numbers compare: how the athlete was set up (5, 7).

Fixation alone moves a break point by 18 degrees (Bergmann 2026), the slope of the shins by 20 to 40
(Soga 2021). Of that a camera sees a part: the rest is said, to be answered by the people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot

import numpy as np

from formcheck.measures.measure import WORST, Measured, number
from formcheck.report import RepReport
from formcheck.set_values import told, value


@dataclass(frozen=True)
class SetUpPart:
    """A number of a rep that tells how the athlete was set up."""

    measure: str
    apart: float
    """What two sets may differ by and still compare, in the measure's unit."""
    says: str
    """What is said where they differ by more; {one} and {other} are the values."""


Signature = Mapping[str, Measured]
"""By the name of the measure: what a set tells of it."""


@dataclass(frozen=True)
class Compared:
    """Whether two sets were set up alike."""

    differ: tuple[str, ...]
    """What is surely otherwise, in sentences."""
    unknown: tuple[str, ...]
    """The measures that one of them does not tell."""

    @property
    def same(self) -> bool | None:
        """False where something differs; None where nothing does and not all is known."""
        if self.differ:
            return False
        return None if self.unknown else True


def signature(parts: Sequence[SetUpPart], reps: Sequence[RepReport]) -> dict[str, Measured]:
    """The median of each part over the counted reps that tell it; parts that none tells are left
    out. A bound stays one."""
    every = {part.measure: [m for _, m in told(reps, part.measure)] for part in parts}
    return {name: _median(known) for name, known in every.items() if known}


def _median(known: Sequence[Measured]) -> Measured:
    middle = sorted(known, key=value)[(len(known) - 1) // 2]
    widths = [m.uncertainty for m in known if m.uncertainty is not None]
    return replace(
        middle,
        value=number(float(np.median([value(m) for m in known])), 3),
        uncertainty=number(float(np.median(widths)), 3) if widths else None,
        status=max((m.status for m in known), key=WORST.index),
        at_s=None,
        until_s=None,
        gates=(),
    )


def compared(parts: Sequence[SetUpPart], one: Signature, other: Signature) -> Compared:
    """How two sets were set up: what differs by more than it may and than both intervals allow
    for. Bounds to the same side are no difference that is sure; a bound beside a value is not
    compared."""
    differ, unknown = [], []
    for part in parts:
        here, there = one.get(part.measure), other.get(part.measure)
        if here is None or there is None or here.bound != there.bound:
            unknown.append(part.measure)
            continue
        spread = hypot(here.uncertainty or 0.0, there.uncertainty or 0.0)
        if not here.bound and abs(value(here) - value(there)) > max(part.apart, spread):
            differ.append(part.says.format(one=value(here), other=value(there)))
    return Compared(tuple(differ), tuple(unknown))
