"""Whether something has changed, or it may be chance.

A difference is real only beyond the smallest real difference that was measured for the exercise
joined with the numbers' own intervals, and only between sets in the same set-up, measured by the
same rule, over as many reps. Where one looks after every session, more is asked for.

Between clips all of a number's interval counts: how far it is the same in two clips of one person
nobody has measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
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
    before_bound: str | None = None
    after_bound: str | None = None
    """"at-most" or "at-least" where the number is but a bound; "both" where it is neither."""
    before_at: datetime | None = None
    """When the first of the earlier sets was done."""

    @property
    def by(self) -> float:
        """The difference; below 0 where less was measured."""
        return self.after - self.before

    @property
    def real(self) -> bool:
        """Whether it is more than chance."""
        return self.bound != "unknown" and abs(self.by) >= self.least


def between(
    before: Sequence[Value], after: Sequence[Value], real: Real, *, looks: float = 1.0
) -> Change:
    """The means of sessions against each other. Every value is there. looks: so many times as much
    is asked for, for who looks often (`Real.looks`)."""
    chance = real.between * sqrt((1 / len(before) + 1 / len(after)) / 2)
    own = hypot(_half(before), _half(after))
    return _change(before, after, max(looks * hypot(chance, own), real.same_day))


def same_day(before: Value, after: Value, real: Real, *, one_clip: bool = False) -> Change:
    """Two sets of one day against each other. Both values are there. one_clip: in one recording,
    where the share of their intervals that is the clip's own drops out."""
    own = [((v.within if one_clip else v.uncertainty) or 0.0) for v in (before, after)]
    return _change([before], [after], hypot(real.same_day, *own))


def _half(values: Sequence[Value]) -> float:
    """Half-width of the 95 % interval of their mean, each from a clip of its own."""
    return hypot(*(v.uncertainty or 0.0 for v in values)) / len(values)


def _change(before: Sequence[Value], after: Sequence[Value], least: float) -> Change:
    old, new = (sum(v.value or 0.0 for v in side) / len(side) for side in (before, after))
    here: set[str | None] = {v.bound for v in before}
    there: set[str | None] = {v.bound for v in after}
    bound = _bound(here, there, new - old)
    return Change(
        *(old, new, least, len(before), len(after), bound),
        before_bound=_of_mean(here),
        after_bound=_of_mean(there),
    )


def _of_mean(bounds: set[str | None]) -> str | None:
    known = [b for b in bounds if b is not None]
    return "both" if len(known) > 1 else next(iter(known), None)


def _bound(before: set[str | None], after: set[str | None], by: float) -> str | None:
    """What bounds leave of a difference: what lies beyond them only makes it larger, or they do not
    tell it."""
    outwards = ("at-least", "at-most") if by < 0 else ("at-most", "at-least")
    if before <= {None} and after <= {None}:
        return None
    fits = before <= {None, outwards[0]} and after <= {None, outwards[1]}
    return "at-least" if fits else "unknown"


def reference(done: Sequence[Session]) -> PastSet | None:
    """The set that the others are compared with: the first of the last session that tells the
    number. None: there is none."""
    told = [s for one in reversed(done) if (s := first_told(one.sets)) is not None]
    return told[0] if told else None


def first_told(sets: Sequence[PastSet]) -> PastSet | None:
    """The first that tells the number: later ones are tired. None: there is none."""
    return next((s for s in sets if s.first_reps is not None), None)


def apart(one: PastSet, other: PastSet, real: Real, parts: Parts) -> tuple[str, ...]:
    """Why two sets do not compare, in sentences; empty where they do, as far as it is known."""
    here, there = ((s.rule, s.rule_speed) for s in (one, other))
    return (*one.setup.differs(other.setup, parts), *rules_apart(here, there, real))


Rule = tuple[str | None, float | None]
"""How a number was measured, and the threshold; None: not known."""


def rules_apart(one: Rule, other: Rule, real: Real) -> tuple[str, ...]:
    """Why two rules do not compare, in a sentence; empty where they do."""
    if None not in (one[0], other[0]) and one[0] != other[0]:
        return ("It was measured by another rule: much slower or faster lowering.",)
    low, high = sorted((one[1] or 0.0, other[1] or 0.0))
    if not low or high <= low * real.speeds_apart:
        return ()
    told = f"from {one[1]:.0f} and from {other[1]:.0f}°/s on"
    return (f"The paces differ: it was called a fall {told}.",)


def alike(done: Sequence[Session], real: Real, parts: Parts) -> list[PastSet]:
    """Of each session the first set that compares with the reference, where there is one."""
    held = reference(done)
    if held is None:
        return []
    fit = ([s for s in one.sets if not apart(s, held, real, parts)] for one in done)
    return [s for sets in fit if (s := first_told(sets)) is not None]


def since_start(done: Sequence[Session], real: Real, parts: Parts) -> Change | None:
    """The last sessions against the first ones in the same set-up; None where there are none. It
    asks for so much more that one may look after every session."""
    sets = alike(done, real, parts)
    values = [s.first_reps for s in sets if s.first_reps is not None]
    n = min(real.sessions, len(values) // 2)
    found = between(values[:n], values[-n:], real, looks=real.looks) if n else None
    return None if found is None else replace(found, before_at=sets[0].at)


def since_last(done: Sequence[Session], real: Real, parts: Parts) -> Change | None:
    """The last session against the one before it in the same set-up; None where there is none, or
    the last session does not tell it. Looked at after every session, it calls nothing."""
    sets = alike(done, real, parts)
    if len(sets) < 2 or sets[-1] not in done[-1].sets:
        return None
    before, after = (s.first_reps for s in sets[-2:])
    if before is None or after is None:
        return None
    found = between([before], [after], real, looks=real.looks)
    return replace(found, before_at=sets[-2].at)


def within_last(done: Sequence[Session], real: Real, parts: Parts) -> Change | None:
    """The last set of the last session against its first; None where there are no two alike."""
    told = [s for s in done[-1].sets if s.first_reps is not None] if done else []
    if len(told) < 2 or apart(told[0], told[-1], real, parts):
        return None
    first, last = told[0].first_reps, told[-1].first_reps
    if first is None or last is None:
        return None
    one_clip = bool(told[0].clip) and told[0].clip == told[-1].clip
    return same_day(first, last, real, one_clip=one_clip)
