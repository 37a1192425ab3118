"""A comparison in sentences: what page, terminal and script are told alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from formcheck.pairing.comparison import Change, Comparison, Found, Line
from formcheck.progress.story import LIMITS
from formcheck.progress.tables import UNITS

WHEN = {
    "one-session": "between two sets of one session",
    "two-sessions": "between two sessions",
    "not-known": "between two sessions",
}
FINE = 1
"""Decimals of what is held against the smallest real difference: rounded, they would not add up."""


def headline(told: Comparison) -> str:
    """The most important thing, in one sentence."""
    found = told.change
    if found is None:
        return "No difference between A and B can be called real."
    label = found.label.lower()
    if found.bound == "unknown":
        return f"Whether the {label} differs cannot be told."
    best = "B" if found.better else "A"
    if not found.real and found.bound == "at-least":
        return f"How much better the {label} of {best} is, is not known."
    if not found.real:
        return f"No real difference in the {label}."
    least = "at least " if found.bound == "at-least" else ""
    by = amount(abs(found.b - found.a), found.unit, FINE)
    return f"{found.label}: {best} is {least}{by} better, which is real."


def because(told: Comparison) -> Iterator[str]:
    """Why, and how far that holds."""
    yield from _of_change(told)
    yield from told.setup.differ
    if told.other_makes:
        yield makes(told)
    if told.change is not None:
        yield from _taken(told)


def makes(told: Comparison) -> str:
    """That they were measured by two makes; empty where they were not, as far as is known."""
    if not told.other_makes:
        return ""
    return (
        "A and B were measured by different versions, models or profiles, which may differ in "
        "what they find: analyse both clips again to be sure."
    )


def _taken(told: Comparison) -> Iterator[str]:
    """What was supposed, since nothing says otherwise."""
    setup = told.setup
    if setup.when == "not-known":
        yield (
            "They are taken for two sessions: the clips do not both say when they were filmed. "
            "Within one session less would do."
        )
    if setup.one_athlete is None:
        yield "They are taken for sets of one athlete."
    if setup.unknown:
        names = _listed([name.lower() for name in setup.unknown])
        yield f"They were set up alike, as far as the camera tells; not known: {names}."


def _of_change(told: Comparison) -> Iterator[str]:
    found = told.change
    if found is None:
        yield told.why_not or ""
        return
    both = _both(found)
    if found.bound == "unknown":
        yield f"{both}, of which one is only a limit: the difference is not known."
        return
    least = amount(found.least, found.unit, FINE)
    when = WHEN[told.setup.when].capitalize()
    if found.bound == "at-least" and not found.real:
        size = amount(abs(found.b - found.a), found.unit, FINE)
        yield f"{both}. {when}, {least} or more is real; {size} may be chance, and it may be more."
        return
    yield f"{both}. {when}, {least} or more is real; less may be chance."


def _both(found: Change) -> str:
    """Both numbers, a bound as one."""
    a, b = (
        f"{LIMITS.get(bound or '', '')}{amount(value, found.unit, FINE)}"
        for value, bound in ((found.a, found.a_bound), (found.b, found.b_bound))
    )
    return f"Best of the first {found.reps} reps of a set: A {a}, B {b}"


def amount(value: float, unit: str, places: int | None = None) -> str:
    """A number with its unit, as in the table of sessions."""
    digits, behind = UNITS.get(unit, (1, f" {unit}"))
    return f"{value:.{digits if places is None else places}f}{behind}"


def differs(line: Line) -> str:
    """B against A in a number, with the half-width of that; starred where it is beyond that."""
    if line.difference is None:
        return "does not compare"
    size = amount(abs(line.difference), line.unit)
    half = "" if line.uncertainty is None else f" ± {amount(line.uncertainty, line.unit)}"
    way = "" if not line.difference else " more" if line.difference > 0 else " less"
    return f"{size}{half}{way}{' *' if line.beyond else ''}"


def faults(told: Comparison) -> Iterator[tuple[str, tuple[Found, ...]]]:
    """What was found in one of them or in both, under a heading each; the differences first."""
    heads = (("a", "Only in A"), ("b", "Only in B"), ("both", "In both"))
    for where, head in heads:
        found = tuple(f for f in told.findings if f.where == where)
        if found:
            yield head, found


def in_which(found: Found) -> str:
    """In which reps, and where it could not be judged."""
    both = found.a is not None and found.b is not None
    sides = [(w, r) for w, r in (("A", found.a), ("B", found.b)) if r is not None]
    said = [f"{f'{which}: ' if both else ''}{_reps(reps)}" for which, reps in sides]
    said += [f"in {which.upper()} not judged in every rep" for which in found.unjudged]
    return "; ".join(said)


def _reps(numbers: Sequence[int]) -> str:
    if not numbers:
        return "the whole set"
    return f"rep{'s' * (len(numbers) > 1)} {_listed([str(n) for n in numbers])}"


def alone(told: Comparison) -> str:
    """The reps without a partner; empty where there are none."""
    said = [
        f"{_reps(side.alone)} of {which}"
        for which, side in (("A", told.a), ("B", told.b))
        if side.alone
    ]
    if not said:
        return ""
    shown = "not shown, or run through quickly where it lies between two that have one"
    return f"Without a partner: {' and '.join(said)}. Such a rep is {shown}."


def pictures(told: Comparison) -> Iterator[str]:
    """What is to be said of clips that were not there."""
    for which, side in (("A", told.a), ("B", told.b)):
        if not side.filmed:
            yield (
                f"The clip of {which} was not found, so its body is drawn alone. Put the clip "
                "beside the folder of its result, or give the clip itself, to see it."
            )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
