"""A set that was done, as progress knows it: when, in which set-up, and its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from formcheck.checks import Finding
from formcheck.exercise import Exercise
from formcheck.measures.measure import Measured, Record
from formcheck.programme import Real
from formcheck.report import Provenance, Report, RepReport, SetPart
from formcheck.same_setup import SetUpPart, compared
from formcheck.set_values import told
from formcheck.summary import Number, most

DatedBy = Literal["clip", "user", "day", "kept"]
"""What tells when a set was done: its clip; somebody, to the hour or the day alone; or nobody: then
it is the moment at which it was kept."""


class Value(Number):
    """A number of a set."""

    within: float | None = None
    """Half-width of the 95 % interval of comparisons inside one clip. Between clips all of the
    uncertainty counts: the camera, the clothes and how tall one kneels may be others."""


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
        return not self.differs(other, parts)

    def differs(self, other: SetUp, parts: Sequence[SetUpPart]) -> tuple[str, ...]:
        """What is surely otherwise, in sentences; empty where they compare."""
        said = ("It was another exercise.",) * (self.exercise != other.exercise)
        if self.mode != other.mode:
            said += ("It was done in another way.",)
        if (self.view == "front") != (other.view == "front"):
            said += ("It was filmed from another side.",)
        return (*said, *compared(parts, self.parts, other.parts).differ)

    def unknown(self, other: SetUp, parts: Sequence[SetUpPart]) -> tuple[str, ...]:
        """The measures of the set-up that one of them does not tell."""
        return compared(parts, self.parts, other.parts).unknown


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
    reps_after_stop: int = 0
    """So many it had after the rep that was to end it."""
    dated_by: DatedBy = "clip"
    clip: str = ""
    """SHA-256 of the recording."""
    first_reps: Value | None = None
    """The number of which it is known what change is real, over the first so many reps that tell
    it; None where there are fewer, or no such number."""
    rule: str | None = None
    """How that was measured: values of another rule do not compare."""
    rule_speed: float | None = None
    """The threshold of the rule, in the measure's own unit; None: it has none."""
    made_by: str = ""
    """Version of formcheck, model, exercise and profile, as far as they are known."""

    @property
    def day_only(self) -> bool:
        """Whether only the day is known."""
        return self.dated_by == "day"


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
        reps_after_stop=_after(part.stop_after_rep, reps),
        clip="" if report.clip is None else report.clip.sha256,
        made_by=made_by(report.provenance),
        **_first_reps(exercise, reps),
    )


def _after(stop: int | None, reps: Sequence[RepReport]) -> int:
    return sum(stop is not None and (r.number or 0) > stop for r in reps)


def made_by(made: Provenance | None) -> str:
    """Version, model, exercise and profile in a word, as far as they are known."""
    told = made.model_dump() if made is not None else {}
    return " ".join(str(value)[:12] for value in told.values() if value is not None)


def first_reps(
    exercise: Exercise, reps: Sequence[RepReport], count: int | None = None
) -> Value | None:
    """The number of which it is known what change is real, over the first so many of the counted
    reps that tell it (count; None: as many as were studied). None where fewer do, or there is no
    such number."""
    real, own = _real(exercise), telling(exercise, reps)
    wanted = count or (0 if real is None else real.reps)
    if real is None or len(own) < wanted:
        return None
    measure = next(m for m in exercise.set_measures if m.name == real.measure)
    return value_of(exercise, real.measure, measure.measure(own[:wanted]))


def telling(exercise: Exercise, reps: Sequence[RepReport]) -> list[RepReport]:
    """The counted reps that tell that number."""
    real = _real(exercise)
    tell = set() if real is None else {n for n, _ in told(reps, real.of)}
    return [r for r in reps if r.counted and r.number in tell]


def rule(exercise: Exercise, reps: Sequence[RepReport]) -> tuple[str | None, float | None]:
    """How that number was measured, and the threshold of its rule; None where it is not known, or
    there is none."""
    real, own = _real(exercise), telling(exercise, reps)
    if real is None or not own:
        return None, None
    found = own[0].measures[real.of]
    return found.method, None if found.threshold is None else found.threshold.value


def _real(exercise: Exercise) -> Real | None:
    return None if exercise.programme is None else exercise.programme.real


def _first_reps(exercise: Exercise, reps: Sequence[RepReport]) -> dict[str, Any]:
    """What a set tells of them."""
    value = first_reps(exercise, reps)
    if value is None or value.value is None:
        return {}
    return dict(
        zip(("first_reps", "rule", "rule_speed"), (value, *rule(exercise, reps)), strict=True)
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
    asked = () if ladder is None else ladder.asked
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
