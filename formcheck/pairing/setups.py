"""Whether two sets may be compared: one athlete, set up and filmed alike, and how far apart."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from formcheck.exercise import Exercise
from formcheck.measures.measure import Record
from formcheck.progress.past import SetUp
from formcheck.progress.sessions import TOGETHER
from formcheck.report import Report
from formcheck.same_setup import compared

When = Literal["one-session", "two-sessions", "not-known"]


class SetUps(Record):
    """Whether both were set up and filmed alike, as far as a camera tells."""

    same: bool | None
    """None: nothing differs, and not all is known."""
    differ: tuple[str, ...]
    """What is otherwise, in sentences."""
    unknown: tuple[str, ...]
    """What one of them does not tell, by the label of the measure."""
    one_athlete: bool | None
    """None: one of them does not say whose it is."""
    when: When
    """How far apart they were filmed."""


def setups(a: Report, b: Report, exercise: Exercise) -> SetUps:
    """How two sets of one exercise were set up."""
    found = compared(exercise.setup, a.set_.setup, b.set_.setup)
    differ = (*_filmed(a, b, exercise), *found.differ)
    alike = _setup(a).same(_setup(b), exercise.setup)
    known = not found.unknown
    return SetUps(
        same=False if differ or not alike else True if known else None,
        differ=differ,
        unknown=tuple(exercise.look.term(name).label for name in found.unknown),
        one_athlete=_one(a.athlete.name, b.athlete.name),
        when=_when(a, b),
    )


def _setup(report: Report) -> SetUp:
    return SetUp(
        exercise=report.exercise,
        mode=report.settings.mode,
        view=report.view.kind,
        parts=report.set_.setup,
    )


def _filmed(a: Report, b: Report, exercise: Exercise) -> tuple[str, ...]:
    """What is otherwise in what was asked for, and in where the camera stood."""
    said = []
    if a.settings.mode != b.settings.mode:
        modes = [exercise.look.modes.get(r.settings.mode, r.settings.mode) for r in (a, b)]
        said.append(f"They were done in two ways. A: {modes[0]}. B: {modes[1]}.")
    ends = [r.view.kind == "front" for r in (a, b)]
    if ends[0] != ends[1]:
        end, side = ("A", "B") if ends[0] else ("B", "A")
        said.append(f"{end} was filmed {exercise.look.end_on}, {side} from the side.")
    return tuple(said)


def _one(a: str | None, b: str | None) -> bool | None:
    return None if a is None or b is None else a.casefold().split() == b.casefold().split()


def _when(a: Report, b: Report) -> When:
    """By what the clips say: what two results say when they were kept is not asked."""
    times = [_recorded(r) for r in (a, b)]
    if times[0] is None or times[1] is None:
        return "not-known"
    return "one-session" if abs(times[0] - times[1]) < TOGETHER else "two-sessions"


def _recorded(report: Report) -> datetime | None:
    try:
        at = datetime.fromisoformat((report.clip and report.clip.recorded_at) or "")
    except ValueError:
        return None
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return at if at.year > 1999 else None  # a camera whose clock was never set
