"""Whether something has changed, or it may be chance.

A difference is real only beyond the smallest real difference that was measured for the exercise,
and beyond the numbers' own intervals; and only between sets in the same set-up. The interval of a
difference leaves out what is the same in every clip: how the athlete holds himself at rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt

from formcheck.programme import Real
from formcheck.progress.past import PastSet, Value
from formcheck.progress.sessions import Session
from formcheck.same_setup import SetUpPart

Parts = Sequence[SetUpPart]
"""What the exercise's set-up is told by."""


@dataclass(frozen=True)
class Change:
    """Between what was and what is."""

    before: float
    after: float
    least: float
    """The smallest difference that would be real."""
    before_n: int
    after_n: int
    """Of so many sessions each is the mean."""
    bound: str | None = None
    """"at-least": it is known to be at least as large; "unknown": bounds do not tell."""

    @property
    def by(self) -> float:
        """The difference; below 0 where less was measured."""
        return self.after - self.before

    @property
    def real(self) -> bool:
        """Whether it is more than chance."""
        return self.bound != "unknown" and abs(self.by) >= self.least


def between(before: Sequence[Value], after: Sequence[Value], real: Real) -> Change:
    """The means of sessions against each other. Every value is there."""
    n, m = len(before), len(after)
    least = max(real.between * sqrt((1 / n + 1 / m) / 2), real.same_day)
    return _change(before, after, max(least, hypot(_half(before), _half(after))))


def same_day(before: Value, after: Value, real: Real) -> Change:
    """Two sets of one day against each other. Both values are there."""
    least = max(real.same_day, hypot(_half([before]), _half([after])))
    return _change([before], [after], least)


def _half(values: Sequence[Value]) -> float:
    """Half-width of the 95 % interval of their mean."""
    return hypot(*(v.within or 0.0 for v in values)) / len(values)


def _change(before: Sequence[Value], after: Sequence[Value], least: float) -> Change:
    old, new = (sum(v.value or 0.0 for v in side) / len(side) for side in (before, after))
    bound = _bound({v.bound for v in before}, {v.bound for v in after}, new - old)
    return Change(old, new, least, len(before), len(after), bound)


def _bound(before: set[str | None], after: set[str | None], by: float) -> str | None:
    """What bounds leave of a difference: what lies beyond them only makes it larger, or they do not
    tell it."""
    outwards = ("at-least", "at-most") if by < 0 else ("at-most", "at-least")
    if before <= {None} and after <= {None}:
        return None
    fits = before <= {None, outwards[0]} and after <= {None, outwards[1]}
    return "at-least" if fits else "unknown"


def alike(done: Sequence[Session], real: Real, parts: Parts) -> list[PastSet]:
    """The best set of each session that is in the set-up of the last one that tells the measure."""
    best = [s for one in done if (s := one.best(real.measure, less=True)) is not None]
    return [s for s in best if s.setup.same(best[-1].setup, parts)]


def since_start(done: Sequence[Session], real: Real, parts: Parts) -> Change | None:
    """The last sessions against the first ones in the same set-up; None where there are none."""
    values = [s.values[real.measure] for s in alike(done, real, parts)]
    n = min(real.sessions, len(values) // 2)
    return between(values[:n], values[-n:], real) if n else None


def since_last(done: Sequence[Session], real: Real, parts: Parts) -> Change | None:
    """The last session against the one before it in the same set-up; None where there is none."""
    values = [s.values[real.measure] for s in alike(done, real, parts)]
    return between(values[-2:-1], values[-1:], real) if len(values) > 1 else None


def within_last(done: Sequence[Session], real: Real, parts: Parts) -> Change | None:
    """The last set of the last session against its first; None where there are no two alike."""
    told = [s for s in done[-1].sets if (v := s.values.get(real.measure)) and v.value is not None]
    if len(told) < 2 or not told[0].setup.same(told[-1].setup, parts):
        return None
    first, last = (s.values[real.measure] for s in (told[0], told[-1]))
    return same_day(first, last, real)
