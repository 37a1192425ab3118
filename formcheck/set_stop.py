"""When a set was to end: how much worse a rep became than the best of the first ones.

A difference within the intervals of the two reps is none. A bound is compared only where it tells
the difference at least: "at least" can be worse, what it is held against may be "at most". A rep in
which nothing gave way lost nothing, whatever bound it ended with: a set of these is told by its
tempo and by faults that come up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from formcheck.checks import Finding, NotAssessed
from formcheck.measures.measure import Measured, number
from formcheck.report import RepReport
from formcheck.set_values import MIXED, Of, alike, told, value, within
from formcheck.sets import FULL_SET, Reps, SetCheck, SetMeasure
from formcheck.setting import Setting

FIRST = 2
"""The best of so many reps is what the others are held against (nordic-curl.md 7)."""
ALONE = "A single rep has none that it could be held against."
NO_PAIR = "Of too many of these reps only bounds are known, and bounds do not compare."
NOT_FILMING = "Nothing in the filming: it lies in how the reps were done."


@dataclass(frozen=True)
class Loss:
    """A measure whose change for the worse is looked for."""

    measure: str
    sign: int
    """1 where more is worse, -1 where less is."""
    relative: bool = False
    """Whether the loss is a share of the best."""
    held: str = ""
    """Outcome of a rep in which nothing was lost at all, whatever bound it ended with."""

    def of(self, best: Measured, rep: Measured) -> tuple[float, float] | None:
        """How much worse a rep is than the best for sure, and the half-width of that; a loss of 0
        where it lies within the half-width, None where the two do not compare."""
        loss, spread = self.sign * (value(rep) - value(best)), hypot(within(best), within(rep))
        if self.held and rep.outcome == self.held:
            return 0.0, spread  # nothing gave way, however far the rep before it went
        if rep.bound == self.good_bound and loss > 0:
            return None  # it may be as good as the best
        if self.relative:
            base = value(best)
            loss, spread = loss / base, hypot(within(rep), within(best) * value(rep) / base) / base
        return (loss if loss > spread else 0.0), spread

    @property
    def good_bound(self) -> str:
        """The bound of what may be better than its value."""
        return "at-most" if self.sign > 0 else "at-least"

    def leads(self, one: Measured) -> bool:
        """Whether others can be held against it."""
        return one.bound in (None, self.good_bound) and (value(one) > 0 or not self.relative)


Losses = list[tuple[RepReport, tuple[float, float] | None]]
"""The reps behind the first, each with what it lost; None: it does not compare."""


def _losses(self: Loss, reps: Reps) -> tuple[Losses, list[Measured]]:
    """What each rep lost against the best of the first that came before it, and the best."""
    known = dict(told(reps, self.measure))
    lost: Losses = []
    best: list[Measured] = []
    for i, rep in enumerate(reps):
        m = known.get(rep.number or 0)
        if i > 0:
            lost.append((rep, self.of(best[0], m) if best and m is not None else None))
        if i < FIRST and m is not None and self.leads(m):
            best = sorted([*best, m], key=lambda one: self.sign * value(one))[:1]
    return lost, best


def worst(loss: Loss) -> Of:
    """The greatest loss of a rep."""
    return _reached(loss, lambda lost: [x for _, x in lost if x is not None])


def worst_in_a_row(loss: Loss) -> Of:
    """The loss that two reps in a row reached, one right after the other; 0 where no two did."""

    def of(lost: Losses) -> list[tuple[float, float]]:
        pairs = pairwise(x for _, x in lost)
        return [min(a, b) for a, b in pairs if a is not None and b is not None]

    return _reached(loss, of)


def worst_twice(loss: Loss) -> Of:
    """The loss that two of the reps behind the first ones reached; 0 where no two did."""

    def of(lost: Losses) -> list[tuple[float, float]]:
        later = sorted((x for _, x in lost[FIRST - 1 :] if x is not None), reverse=True)
        return later[1:2]

    return _reached(loss, of)


def _reached(loss: Loss, choose: Callable[[Losses], list[tuple[float, float]]]) -> Of:
    def of(self: SetMeasure, reps: Reps) -> Measured:
        every = told(reps, loss.measure)
        if not alike(every):
            return self.refused(MIXED, FULL_SET.format(least=FIRST))
        lost, best = _losses(loss, reps)
        if not best or all(x is None for _, x in lost):
            return _untold(self, loss, reps)
        reached = choose(lost)
        if not reached:
            return _untold(self, loss, reps)
        found, spread = max(reached)
        digits = 1 if self.unit.startswith("deg") else 2
        missing = any(x is None for _, x in lost)
        return Measured(
            value=number(found, digits),
            unit=self.unit,
            uncertainty=number(spread, digits),
            uncertainty_within_set=number(spread, digits),
            status="warn" if missing else "ok",
            reason="Not every rep could be compared." if missing else None,
            source=self.source,
        )

    return of


def _untold(self: SetMeasure, loss: Loss, reps: Reps) -> Measured:
    """No number: too few reps, for the reason that these give, or because there are but bounds."""
    if len(reps) < FIRST:
        return self.refused(ALONE, FULL_SET.format(least=FIRST))
    asked = [m for m in (rep.measures.get(loss.measure) for rep in reps) if m is not None]
    refused = next((m for m in asked if m.value is None), None)
    if refused is None:
        return self.refused(NO_PAIR, NOT_FILMING)
    change = refused.what_to_change or FULL_SET.format(least=FIRST)
    return self.refused(refused.reason or "", change)


def newly(check: SetCheck, reps: Reps, limits: Mapping[str, tuple[float, str]]) -> Finding | None:
    """What two reps behind the first ones have and none of the first: a measure of at least its
    limit. limits: measure -> its limit and what is said, {value} put in."""
    for measure, (limit, says) in limits.items():
        known = dict(told(reps, measure, ("full",)))
        early = [known[r.number] for r in reps[:FIRST] if r.number in known]
        late = [known[r.number] for r in reps[FIRST:] if r.number in known]
        over = sorted((m for m in late if value(m) >= limit), key=value, reverse=True)
        if len(over) > 1 and early and all(value(m) < limit for m in early):
            return _new(check, measure, limit, over[1], says)
    return None


def _new(check: SetCheck, measure: str, limit: float, over: Measured, says: str) -> Finding:
    return Finding(
        check=check.name,
        severity="warning",
        at_s=None,
        until_s=None,
        measure=measure,
        value=value(over),
        uncertainty=within(over),
        limit=limit,
        limit_kind="max",
        unit=over.unit,
        sentence=says.format(value=value(over)),
        advice=check.advice,
    )


def judged(
    check: SetCheck,
    measures: Sequence[SetMeasure],
    reps: Reps,
    setting: Setting,
    fine: int = 0,
) -> tuple[Finding | NotAssessed | None, int | None]:
    """What a check has to say of a set; and, of one after whose first finding the set was to end,
    the number of the rep that brought it. fine: of so many reps from the first it is known, by this
    setting, that it found nothing; fewer than all."""
    asked = {limit.measure for limit in check.limits}
    for end in range(1 + fine if check.stops else len(reps), len(reps) + 1):
        held = [m for m in measures if m.name in asked and end >= m.least]
        told_of = {m.name: m.measure(reps[:end]) for m in held}
        said = check.judge(told_of, reps[:end], setting)
        number = reps[end - 1].number
        if check.stops and isinstance(said, Finding) and number is not None:
            return _ending(check, said, number), number
    return said, None  # of the whole set


def _ending(check: SetCheck, said: Finding, rep: int) -> Finding:
    """The finding with the rep after which to stop."""
    return said.model_copy(
        update={
            "sentence": f"{said.sentence} Rep {rep} was the one to stop after.",
            "advice": f"{check.stops.format(rep=rep)} {said.advice}".strip(),
        }
    )
