"""The best rep of a set, and why it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from formcheck.checks import Finding
from formcheck.exercise import Exercise
from formcheck.measures.measure import Measured
from formcheck.report import RepReport
from formcheck.set_values import told, value, within

COUNTED = (("fault", "faults"), ("warning", "warnings"))


@dataclass(frozen=True)
class Best:
    """A rep by its number, and the reason in a sentence."""

    rep: int
    because: str


def best(exercise: Exercise, reps: Sequence[RepReport], of_set: Sequence[Finding]) -> Best | None:
    """The full rep with the least to say against it; among equals the one whose headline is surely
    better, where the exercise says which way that is; else the one lowered surely more slowly,
    unless the tempo was uneven. None where nothing tells the best from the next."""
    full = [r for r in reps if r.kind == "full" and r.number is not None]
    if len(full) < 2:
        return None
    least = min(map(against, full))
    first = [r for r in full if against(r) == least]
    if len(first) == 1:
        return _named(first[0], _less_against(first[0], full))
    if exercise.less_is_better:
        first, held = _lowest(first, exercise)
        if held is not None:
            return held
    return None if _uneven(exercise, of_set) else _slowest(first, exercise)


def against(rep: RepReport) -> tuple[int, int]:
    """How many faults and warnings speak against a rep."""
    severities = [f.severity for f in rep.findings]
    return severities.count("fault"), severities.count("warning")


def _less_against(rep: RepReport, full: Sequence[RepReport]) -> str:
    own = [f"{n} {names[n > 1]}" for n, names in zip(against(rep), COUNTED, strict=True) if n]
    if not own:
        return "it alone has no fault and no warning"
    return f"it has the least against it, {' and '.join(own)}"


def _lowest(first: list[RepReport], exercise: Exercise) -> tuple[list[RepReport], Best | None]:
    """Those that may have the least headline, and the best where that is a single one."""
    by = dict(told(first, exercise.headline))
    ranked = sorted((r for r in first if r.number in by), key=lambda r: value(by[r.number or 0]))
    if len(ranked) < len(first):  # nothing is said of the others: they may be as good
        return first, None
    low = ranked[0]
    near = [r for r in ranked[1:] if not _surely(by[low.number or 0], by[r.number or 0])]
    if near:
        return [low, *near], None
    says = _differs(exercise, exercise.headline, ranked[0], ranked[1], more=False)
    return [low], _named(low, says)


def _surely(low: Measured, other: Measured) -> bool:
    """Whether the one is lower than the other by more than both intervals allow for: it may be at
    most its value, the other at least."""
    if low.bound == "at-least" or other.bound == "at-most":
        return False
    return value(other) - value(low) > hypot(within(low), within(other))


def _slowest(first: Sequence[RepReport], exercise: Exercise) -> Best | None:
    by = dict(told(first, exercise.tempo, ("full",)))
    ranked = sorted((r for r in first if r.number in by), key=lambda r: -value(by[r.number or 0]))
    if len(ranked) < 2:
        return None
    slow, next_ = (by[r.number or 0] for r in ranked[:2])
    if slow.bound == "at-most" or next_.bound == "at-least" or not _longer(slow, next_):
        return None
    return _named(ranked[0], _differs(exercise, exercise.tempo, *ranked[:2], more=True))


def _longer(one: Measured, other: Measured) -> bool:
    return value(one) - value(other) > hypot(within(one), within(other))


def _uneven(exercise: Exercise, of_set: Sequence[Finding]) -> bool:
    """Whether something was found of the set that says how evenly it was timed: that may be just
    what makes a rep the slowest."""
    timed = {check.name for check in exercise.set_checks if check.of_tempo}
    return any(f.check in timed for f in of_set)


def _differs(
    exercise: Exercise, measure: str, best: RepReport, next_: RepReport, *, more: bool
) -> str:
    """What sets it above the next of those with as little against them."""
    term, one, other = exercise.look.term(measure), best.measures[measure], next_.measures[measure]
    gap = abs(value(one) - value(other))
    by = f"{gap:.0f}°" if one.unit == "deg" else f"{gap:.1f} s"
    says = (term.more if more else term.less).format(by)
    least = "at least " if one.bound or other.bound else ""
    fallback = f"its {term.label.lower()} is {'more' if more else 'less'} by {least}{by}"
    said = f"it {says.replace(by, least + by)}" if says else fallback
    same = "with as little against them" if any(against(best)) else "with nothing against them"
    return f"{said} than rep {next_.number}, the next of the reps {same}"


def _named(rep: RepReport, reason: str) -> Best:
    return Best(rep.number or 0, f"{reason[:1].upper()}{reason[1:]}.")
