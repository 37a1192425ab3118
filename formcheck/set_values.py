"""One measure over the reps of a set: its best, its mean and its drift.

A bound is never taken for a value: what rests on one is a bound itself, or is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from formcheck.measures.measure import WORST, Measured, number
from formcheck.measures.noise import Z95
from formcheck.pose import Array
from formcheck.sets import FULL_SET, Reps, SetMeasure, each_once

LOWERED = ("full", "no-return")
"""Kinds of a rep that was lowered all the way."""
MIXED = "These reps were measured by different rules and do not compare."
BOTH = "Of some of these reps it is known at most, of others at least: together they bound no mean."
Numbered = tuple[int, Measured]
"""The number of a rep and what was measured of it, with a value."""
Of = Callable[[SetMeasure, Reps], Measured]


def told(reps: Reps, measure: str, kinds: Sequence[str] = LOWERED) -> list[Numbered]:
    """What is known of a measure in the reps of these kinds, a bound or a value."""
    asked = [(rep.number, rep.measures.get(measure)) for rep in reps if rep.kind in kinds]
    return [(n, m) for n, m in asked if n is not None and m is not None and m.value is not None]


def alike(every: Sequence[Numbered]) -> bool:
    """Whether all were measured by one rule: the same method, the same threshold."""
    return len({(m.method, m.threshold) for _, m in every}) < 2


def value(measured: Measured) -> float:
    """The value of what is known to have one."""
    return float("nan") if measured.value is None else measured.value


def within(measured: Measured) -> float:
    """The half-width by which reps of one clip compare, of one that may not tell it all of it."""
    own = measured.uncertainty_within_set
    return (measured.uncertainty if own is None else own) or 0.0


def lowest(measure: str, what: str) -> Of:
    """The least value of a measure where less is better, with its own interval.

    Where another rep may have been lower still, as far as its bound tells, it is at most that; it
    is at least that where all are. Refused where no rep has a value. what: it, in words.
    """

    def of(self: SetMeasure, reps: Reps) -> Measured:
        every = told(reps, measure)
        why_not = _hindered(self, reps, measure, what, every, 1)
        if why_not is not None:
            return why_not
        high = [one for one in every if one[1].bound == "at-least"]
        known = [one for one in every if one not in high]
        rep, best = min(known or high, key=lambda one: value(one[1]))
        lower = [m for _, m in high if value(m) < value(best)] if known else []
        capped = bool(lower) or any(m.bound == "at-most" for _, m in known)
        return replace(
            best,
            bound="at-most" if capped else best.bound,
            method=f"the lowest of {_many(len(every))}, that of rep {rep}",
            source=self.source,
            gates=(),
            **_doubt(reps, measure, every),
        )

    return of


def mean(measure: str, what: str) -> Of:
    """The mean of two reps or more. Where some are bounds it is one, if all are to the same side;
    to both sides it is refused."""

    def of(self: SetMeasure, reps: Reps) -> Measured:
        every = told(reps, measure)
        why_not = _hindered(self, reps, measure, what, every, 2)
        if why_not is not None:
            return why_not
        bounds = {m.bound for _, m in every if m.bound is not None}
        if len(bounds) > 1:
            return self.refused(BOTH, FULL_SET.format(least=2))
        values, own = _arrays([m for _, m in every])
        spread = float(np.sqrt((own**2).sum())) / len(own)
        whole = np.array([m.uncertainty or 0.0 for _, m in every])
        shared = np.sqrt(np.maximum(whole**2 - own**2, 0)).mean()
        return Measured(
            value=number(values.mean(), 1),
            unit=self.unit,
            uncertainty=number(float(np.hypot(spread, shared)), 1),
            uncertainty_within_set=number(spread, 1),
            bound=next(iter(bounds), None),
            outcome=_agreed([m.outcome for _, m in every]),
            threshold=every[0][1].threshold,
            method=f"the mean of {_many(len(every))}",
            source=self.source,
            **_doubt(reps, measure, every),
        )

    return of


def drift(measure: str, what: str, least_reps: int) -> Of:
    """The slope of a straight line by least squares through a measure over the number of its full
    reps, a unit a rep. Refused under `least_reps` reps of which the value itself is known.

    The interval joins the scatter about the line (Student's t, n - 2) and what the reps' own
    intervals within the set do to its slope.
    """

    def of(self: SetMeasure, reps: Reps) -> Measured:
        exact = [one for one in told(reps, measure, ("full",)) if one[1].bound is None]
        why_not = _hindered(self, reps, measure, what, exact, least_reps)
        if why_not is not None:
            return why_not
        values, own = _arrays([m for _, m in exact])
        slope, half_width = _line(np.array([float(n) for n, _ in exact]), values, own)
        return Measured(
            value=number(slope, 1),
            unit=self.unit,
            uncertainty=number(half_width, 1),
            uncertainty_within_set=number(half_width, 1),
            method=f"a straight line through {_many(len(exact))}",
            source=self.source,
            **_doubt(reps, measure, exact),
        )

    return of


def _line(at: Array, values: Array, own: Array) -> tuple[float, float]:
    """The slope of values (n,) over at (n,), and the half-width of its 95 % interval. own: (n,)
    half-widths of the values."""
    from scipy.special import stdtrit

    off, free = at - at.mean(), len(at) - 2
    spread = float((off**2).sum())
    slope = float((off * values).sum() / spread)
    left = values - values.mean() - slope * off
    scatter = float(np.sqrt((left**2).sum() / free / spread))
    noise = float(np.sqrt(((off * own / Z95) ** 2).sum())) / spread
    return slope, float(np.hypot(stdtrit(free, 0.975) * scatter, Z95 * noise))


def _hindered(
    self: SetMeasure, reps: Reps, measure: str, what: str, every: Sequence[Numbered], least: int
) -> Measured | None:
    """Why nothing can be told of so few reps, or of reps that do not compare; None: it can."""
    if len(every) >= least:
        return None if alike(every) else self.refused(MIXED, FULL_SET.format(least=least))
    why = _first_refused(reps, measure)
    if why is not None:
        return self.refused(why.reason or "", why.what_to_change or FULL_SET.format(least=least))
    return self.refused(
        f"{what} is taken over at least {_many(least)} in which it was found; "
        f"{'there is 1' if len(every) == 1 else f'there are {len(every)}'}.",
        FULL_SET.format(least=least),
    )


def _first_refused(reps: Reps, measure: str) -> Measured | None:
    """The answer of the first rep that has one without a value."""
    asked = [m for m in (rep.measures.get(measure) for rep in reps) if m is not None]
    return next((m for m in asked if m.value is None and m.reason), None)


def _doubt(reps: Reps, measure: str, every: Sequence[Numbered]) -> dict[str, Any]:
    """Status and reason of what rests on these reps: the worst of theirs, and who is missing."""
    missing = [rep.number for rep in reps if rep.number not in {n for n, _ in every}]
    doubts = each_once([m.reason for _, m in every if m.status == "warn" and m.reason])
    if missing:
        doubts.append(f"It rests on {len(every)} of {_many(len(reps))}.")
    worst = max((m.status for _, m in every), key=WORST.index)
    return {
        "status": "warn" if missing else worst,
        "reason": " ".join(doubts) or None,
        "what_to_change": None,
    }


def _arrays(every: Sequence[Measured]) -> tuple[Array, Array]:
    """(n,) values and (n,) half-widths within the set."""
    return np.array([value(m) for m in every]), np.array([within(m) for m in every])


def _agreed(outcomes: Sequence[str | None]) -> str | None:
    return outcomes[0] if len(set(outcomes)) == 1 else None


def _many(reps: int) -> str:
    return "1 rep" if reps == 1 else f"{reps} reps"
