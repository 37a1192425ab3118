"""A set that was done, as progress knows it: when, in which set-up, and its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import Field

from formcheck.checks import Finding
from formcheck.exercise import Exercise
from formcheck.measures.measure import Measured, Record
from formcheck.report import Report, RepReport, SetPart
from formcheck.same_setup import SetUpPart, compared
from formcheck.summary import Number, most


class Value(Number):
    """A number of a set."""

    within: float | None = None
    """Half-width of the 95 % interval without the share that is the same in every clip of the
    athlete filmed the same way."""


class SetUp(Record):
    """How the exercise was set up and filmed: sets in another one do not compare."""

    exercise: str
    mode: str
    view: str
    """side, oblique, front or unknown."""
    parts: dict[str, Measured] = Field(default_factory=dict)
    """What the camera saw of it, by the measure: a `same_setup.Signature`."""

    def same(self, other: SetUp, parts: Sequence[SetUpPart]) -> bool:
        """Whether two sets compare, as far as it is known. parts: the exercise's."""
        mine, its = ((s.exercise, s.mode, s.view == "front") for s in (self, other))
        return mine == its and compared(parts, self.parts, other.parts).same is not False


class PastSet(Record):
    """A set."""

    number: int
    """In its recording."""
    at: datetime
    """When it began."""
    rest_s: float | None
    reps: int
    zone: str | None
    setup: SetUp
    values: dict[str, Value]
    """By the measure; of the reps' measures the most that a rep has."""
    faults: dict[str, int]
    """Check -> in how many reps it found a fault or a warning."""
    stop_after_rep: int | None


def past_sets(report: Report, exercise: Exercise, at: datetime) -> tuple[PastSet, ...]:
    """The sets of a recording that began at `at`."""
    scale = 1.0 if report.clip is None else report.clip.time_scale
    return tuple(_past(report, exercise, part, at, scale) for part in report.sets)


def _past(report: Report, exercise: Exercise, part: SetPart, at: datetime, scale: float) -> PastSet:
    reps = [r for r in report.reps if r.counted and r.set_number == part.number]
    found = Counter(f.check for r in reps for f in _worse(r))
    return PastSet(
        number=part.number,
        at=at + timedelta(seconds=(part.start_s or 0.0) / scale),
        rest_s=part.rest_s,
        reps=part.reps,
        zone=part.zone,
        setup=SetUp(
            exercise=report.exercise,
            mode=report.settings.mode,
            view=report.view.kind,
            parts=part.setup,
        ),
        values=_values(exercise, part, reps),
        faults=dict(sorted(found.items())),
        stop_after_rep=part.stop_after_rep,
    )


def _worse(rep: RepReport) -> Sequence[Finding]:
    """One finding of each check that found more than a note."""
    return list({f.check: f for f in rep.findings if f.severity != "note"}.values())


def followed(exercise: Exercise) -> tuple[str, ...]:
    """What is followed over months, the main number first."""
    more = () if exercise.programme is None else exercise.programme.followed
    return (*exercise.look.compared, *more)


def _values(exercise: Exercise, part: SetPart, reps: Sequence[RepReport]) -> dict[str, Value]:
    """Those that are followed, and those that the ladder asks for."""
    programme = exercise.programme
    ladder = programme.ladder if programme is not None else None
    asked = (name for name, _, _ in (ladder.at_most if ladder is not None else ()))
    wanted = dict.fromkeys((*followed(exercise), *asked))
    found = {name: part.measures.get(name) or most(reps, name) for name in wanted}
    return {n: value_of(exercise, n, m) for n, m in found.items() if m is not None}


def value_of(exercise: Exercise, name: str, m: Measured) -> Value:
    """A measure's answer as a number of a set."""
    return Value(
        measure=name,
        label=exercise.look.term(name).label,
        value=m.value,
        unit=m.unit,
        uncertainty=m.uncertainty,
        within=m.uncertainty_within_set if m.uncertainty_within_set is not None else m.uncertainty,
        bound=m.bound,
        reason=m.reason,
    )
