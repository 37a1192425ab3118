"""Two sets in step: a common clock on which the moments of both fall together.

Rep k of the one goes with rep k of the other. Between the moments that both have, each runs evenly;
a stretch lasts as long as in the slower of the two, so that nothing is shown faster than it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from formcheck.curves import Curves
from formcheck.look import MOMENTS, Look
from formcheck.phases import moment_of
from formcheck.pose import Array
from formcheck.report import Report, RepReport

LEAD_S = 1.0
"""So much is shown before the first rep and after the last."""
BETWEEN_S = 1.5
"""So long at most is what lies between two reps: a rest that is longer is run through."""
LEAST_S = 0.02
"""Moments nearer to each other are one: a stretch of nothing cannot be stretched."""
START, END = "start", "end"
BEFORE, AFTER = "before", "after"
"""Where the film begins and ends, beside the moments of the reps."""

Which = Literal["a", "b"]


@dataclass(frozen=True)
class Knot:
    """An instant of both sets that falls on one instant of the common clock."""

    moment: str
    """One of the report's moments, or BEFORE or AFTER."""
    at_s: float
    """On the common clock, seconds of the world from its start."""
    a_s: float
    b_s: float
    """Seconds of each clip."""

    def of(self, which: Which) -> float:
        """The second of one of the clips."""
        return self.a_s if which == "a" else self.b_s


@dataclass(frozen=True)
class Pair:
    """Two reps in step."""

    a: int
    b: int
    """Their numbers in the reports."""
    knots: tuple[Knot, ...]
    """From the start to the end, in the order of time; at least these two."""


@dataclass(frozen=True)
class Step:
    """Two sets in step."""

    pairs: tuple[Pair, ...]
    before: Knot
    after: Knot
    alone: tuple[tuple[int, ...], tuple[int, ...]]
    """The reps of a and of b that the other has no partner for."""

    @property
    def knots(self) -> tuple[Knot, ...]:
        """All of them in the order of time."""
        return (self.before, *(k for pair in self.pairs for k in pair.knots), self.after)

    @property
    def lasts_s(self) -> float:
        """How long the common clock runs."""
        return self.after.at_s

    def seconds(self, which: Which, at_s: Array) -> Array:
        """(n,) seconds of one of the clips at (n,) seconds of the common clock."""
        knots = self.knots
        return np.interp(at_s, [k.at_s for k in knots], [k.of(which) for k in knots])

    def pace(self, which: Which, at_s: float, time_scale: float) -> float:
        """How fast a clip runs there: 1 as it was in the world, 0 where it stands still.

        time_scale: seconds of that clip that are one of the world.
        """
        for one, other in pairwise(self.knots):
            if one.at_s <= at_s < other.at_s:
                return (other.of(which) - one.of(which)) / time_scale / (other.at_s - one.at_s)
        return 0.0


@dataclass(frozen=True)
class Set:
    """What is known of a set to bring it in step."""

    report: Report
    curves: Curves

    @property
    def time_scale(self) -> float:
        """Seconds of the clip that are one of the world."""
        return 1.0 if self.report.clip is None else self.report.clip.time_scale

    @property
    def counted(self) -> tuple[RepReport, ...]:
        """The reps that count."""
        return tuple(r for r in self.report.reps if r.counted and r.number is not None)


def in_step(a: Set, b: Set, look: Look) -> Step | None:
    """Both on a common clock; None where one of them has no rep."""
    both = partners(a.counted, b.counted)
    if not both:
        return None
    marks = [_shared(one, other, (a, b), look) for one, other in both]
    scales = a.time_scale, b.time_scale
    lead = marks[0][0], marks[-1][-1]
    first = _Mark(BEFORE, *(_lead(s, t, -1) for s, t in zip((a, b), lead[0].seconds, strict=True)))
    last = _Mark(AFTER, *(_lead(s, t, 1) for s, t in zip((a, b), lead[1].seconds, strict=True)))
    timed = iter(_timed([first, *(m for own in marks for m in own), last], scales))
    before = next(timed)
    pairs = tuple(
        Pair(one.number or 0, other.number or 0, tuple(next(timed) for _ in own))
        for (one, other), own in zip(both, marks, strict=True)
    )
    return Step(pairs, before, next(timed), _alone(a, b, both))


def partners(
    a: Sequence[RepReport], b: Sequence[RepReport]
) -> tuple[tuple[RepReport, RepReport], ...]:
    """Rep k of each set of a recording with rep k of the same set of the other."""
    numbers = sorted({r.set_number for r in a} & {r.set_number for r in b})
    sets = (([r for r in reps if r.set_number == n] for reps in (a, b)) for n in numbers)
    return tuple(both for one, other in sets for both in zip(one, other, strict=False))


def _alone(
    a: Set, b: Set, both: Sequence[tuple[RepReport, RepReport]]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    paired = [{r.number for r in side} for side in zip(*both, strict=True)]
    left, right = (
        tuple(r.number for r in one.counted if r.number is not None and r.number not in own)
        for one, own in zip((a, b), paired, strict=True)
    )
    return left, right


@dataclass(frozen=True)
class _Mark:
    """A moment of both, before there is a common clock."""

    moment: str
    a_s: float
    b_s: float

    @property
    def seconds(self) -> tuple[float, float]:
        return self.a_s, self.b_s


def _shared(
    one: RepReport, other: RepReport, sets: tuple[Set, Set], look: Look
) -> tuple[_Mark, ...]:
    """The moments that both reps have, in the order of time in both; what one of them lacks, or has
    in another order, is left out."""
    spans = [s.curves.span(r) for s, r in zip(sets, (one, other), strict=True)]
    (first, last), (begins, ends) = spans
    found = [_Mark(START, first, begins)]
    for name in MOMENTS:
        times = [_moment(rep, name, look) for rep in (one, other)]
        if name in (START, END) or times[0] is None or times[1] is None:
            continue
        mark = _Mark(name, times[0], times[1])
        if _after(mark, found[-1]) and _after(_Mark(END, last, ends), mark):
            found.append(mark)
    return (*found, _Mark(END, last, ends))


def _moment(rep: RepReport, name: str, look: Look) -> float | None:
    """When it was; None where it was not seen, or is a guess."""
    told = look.moment(name)
    at: float | None = getattr(rep, f"{name}_s") if told is None else moment_of(rep, told)
    return at


def _after(one: _Mark, other: _Mark) -> bool:
    """Whether one comes after the other in both clips."""
    return min(a - b for a, b in zip(one.seconds, other.seconds, strict=True)) > LEAST_S


def _lead(one: Set, at_s: float, way: int) -> float:
    """Where the film begins before its first rep, or ends after its last."""
    first, last = float(one.curves.t_s[0]), float(one.curves.t_s[-1])
    return float(np.clip(at_s + way * LEAD_S * one.time_scale, first, last))


def _timed(marks: Sequence[_Mark], scales: tuple[float, float]) -> Iterator[Knot]:
    """The marks on the common clock."""
    at = 0.0
    yield Knot(marks[0].moment, at, *marks[0].seconds)
    for one, other in pairwise(marks):
        lasts = max(
            (after - before) / scale
            for before, after, scale in zip(one.seconds, other.seconds, scales, strict=True)
        )
        between = one.moment == END and other.moment == START
        at += min(max(lasts, 0.0), BETWEEN_S) if between else max(lasts, 0.0)
        yield Knot(other.moment, at, *other.seconds)
