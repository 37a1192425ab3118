"""A session in a row, as terminal and page show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from formcheck.programme import Real
from formcheck.progress.change import apart, first_told
from formcheck.progress.past import Value
from formcheck.progress.sessions import Session
from formcheck.progress.story import Story

HEADS = ("Day", "Sets and reps", "Trains")
UNITS = {"deg": (0, "°"), "s": (1, " s"), "1": (2, "")}
"""Unit -> decimals, and what stands behind the number; others behind a blank."""
NO_DAY = "not known"


def row(story: Story, one: Session) -> tuple[str, ...]:
    """The cells of a session: day, sets, what they train, the numbers that sets are compared by,
    and remarks."""
    reps = " + ".join(str(s.reps) for s in one.sets)
    return (
        NO_DAY if one.sets[0].dated_by == "kept" else f"{one.at:%Y-%m-%d}",
        reps,
        ", ".join(dict.fromkeys(s.zone for s in one.sets if s.zone)) or "–",
        *(shown(best(story, one, name)) for name in story.exercise.look.compared),
        "; ".join(remarks(story, one)),
    )


def best(story: Story, one: Session, name: str) -> Value | None:
    """The best that a session has of a number, of its sets that compare where there are any; of
    the one that sessions are compared by what is compared: that of the first reps."""
    real, fit = _real(story), compared(story, one) or one
    if real is not None and real.measure == name:
        first = first_told(fit.sets)
        return None if first is None else first.first_reps
    found = fit.best(name)
    return None if found is None else found.values[name]


def compared(story: Story, one: Session) -> Session | None:
    """The sets of a session that compare with the reference; None where there are none."""
    real, held = _real(story), story.reference
    if real is None or held is None:
        return one
    fit = tuple(s for s in one.sets if not apart(s, held, real, story.exercise.setup))
    return Session(fit) if fit else None


def shown(value: Value | None) -> str:
    """A number with its half-width, "at most" where it is a bound; a dash where there is none."""
    if value is None or value.value is None:
        return "–"
    places, behind = UNITS.get(value.unit, (1, f" {value.unit}"))
    bound = {"at-most": "≤ ", "at-least": "≥ "}.get(value.bound or "", "")
    spread = "" if value.uncertainty is None else f" ± {value.uncertainty:.{places}f}"
    return f"{bound}{value.value:.{places}f}{spread}{behind}"


def remarks(story: Story, one: Session) -> list[str]:
    """What is to be said of a session."""
    said = [t.words[:1].lower() + t.words[1:-1] for t in story.too_soon if t.at == one.at]
    said += _differs(story, one)
    found: Counter[str] = Counter()
    for s in one.sets:
        found.update(s.faults)
    reps = sum(s.reps for s in one.sets)
    said += [f"{story.exercise.called(c)} in {n} of {reps} reps" for c, n in found.most_common()]
    return said


def _differs(story: Story, one: Session) -> Iterator[str]:
    """Why sets of a session do not compare with the reference; each reason once."""
    real, held = _real(story), story.reference
    if real is None or held is None:
        return
    each = [(n, apart(s, held, real, story.exercise.setup)) for n, s in enumerate(one.sets, 1)]
    for why in dict.fromkeys(why for _, whys in each for why in whys):
        which = [str(n) for n, whys in each if why in whys]
        sets = "" if len(which) == len(each) else f"set{'s' * (len(which) > 1)} {', '.join(which)} "
        yield f"{sets}not compared: {why[:1].lower()}{why[1:].rstrip('.')}"


def _real(story: Story) -> Real | None:
    programme = story.exercise.programme
    return None if programme is None else programme.real
