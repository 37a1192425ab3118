"""A session in a row, as terminal and page show it."""

from __future__ import annotations

from formcheck.programme import Real
from formcheck.progress.past import PastSet, Value
from formcheck.progress.sessions import Session
from formcheck.progress.story import Story

HEADS = ("Day", "Sets and reps", "Trains")
UNITS = {"deg": (0, "°"), "s": (1, " s"), "1": (2, "")}
"""Unit -> decimals, and what stands behind the number; others behind a blank."""


def row(story: Story, one: Session) -> tuple[str, ...]:
    """The cells of a session: day, sets, what they train, the numbers that sets are compared by,
    and remarks."""
    reps = " + ".join(str(s.reps) for s in one.sets)
    return (
        f"{one.at.astimezone():%Y-%m-%d}",
        reps,
        ", ".join(dict.fromkeys(s.zone for s in one.sets if s.zone)) or "–",
        *(shown(best(story, one, name)) for name in story.exercise.look.compared),
        ", ".join(remarks(story, one)),
    )


def best(story: Story, one: Session, name: str) -> Value | None:
    """The best that a session has of a number."""
    real = _real(story)
    less = real is not None and real.measure == name
    found: PastSet | None = one.best(name, less=less)
    return None if found is None else found.values[name]


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
    said = ["too soon after the one before"] if one.at in {s.at for s in story.too_soon} else []
    last, parts = story.sessions[-1].sets[-1].setup, story.exercise.setup
    if _real(story) is not None and not all(s.setup.same(last, parts) for s in one.sets):
        said.append("another set-up")
    faults = sum(n for s in one.sets for n in s.faults.values())
    if faults:
        said.append(f"faults or warnings: {faults}")
    return said


def _real(story: Story) -> Real | None:
    programme = story.exercise.programme
    return None if programme is None else programme.real
