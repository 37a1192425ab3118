"""compare.json: what differs between two sets, and whether that is real.

Of one number of an exercise it was measured how large a difference has to be to be more than
chance; of all others there are the error bars, and no more is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from math import hypot

from pydantic import Field

from formcheck.checks import SEVERITIES, Finding, Severity
from formcheck.exercise import Exercise
from formcheck.measures.measure import Measured, Record
from formcheck.pairing.setups import SetUps, setups
from formcheck.pairing.step import Pair, Step
from formcheck.programme import Real
from formcheck.progress import change
from formcheck.progress.past import PastSet, Value, followed, past_sets, telling, value_of
from formcheck.progress.sessions import Session
from formcheck.report import Document, Report, RepReport
from formcheck.summary import most

SCHEMA = "formcheck.compare/1"
SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""When the sets are taken to have been: nothing that is said here depends on it."""


class Side(Record):
    """One of the two sets."""

    name: str
    """Of the clip, or of the folder where both clips have one name."""
    sha256: str | None
    athlete: str | None
    recorded_at: str | None
    made_by: str
    """Version of formcheck, model, exercise and profile, as far as they are known."""
    reps: int
    alone: tuple[int, ...]
    """Its reps that the other has no partner for."""
    filmed: bool
    """Whether its clip was there to be shown; where not, the body alone is drawn."""


class MomentAt(Record):
    """A moment that both reps have."""

    moment: str
    a_s: float
    b_s: float
    """Seconds of each clip."""
    at_s: float
    """Seconds of the video that shows both."""


class Line(Record):
    """One number of both."""

    measure: str
    label: str
    unit: str
    a: Value | None
    b: Value | None
    """None: it does not have it."""
    difference: float | None
    """b - a; None where one of them is missing or is a bound."""
    uncertainty: float | None
    """Half-width of the 95 % interval of the difference; None where one has none."""

    @property
    def beyond(self) -> bool | None:
        """Whether the difference is larger than its interval; None where there is none."""
        if self.difference is None or self.uncertainty is None:
            return None
        return abs(self.difference) > self.uncertainty


class PairTold(Record):
    """Two reps in step, and their numbers."""

    a: int
    b: int
    moments: tuple[MomentAt, ...]
    measures: tuple[Line, ...]


class Change(Record):
    """The number of which it is known what difference is real."""

    measure: str
    label: str
    unit: str
    reps: int
    """It is that of the first so many reps of a set: more would make it better by chance."""
    a: float
    b: float
    a_bound: str | None
    b_bound: str | None
    """"at-most" or "at-least" where the number is but a bound."""
    least: float
    """The smallest difference that is real here, joined with both error bars."""
    bound: str | None
    """"at-least": it is known to be at least as large; "unknown": bounds do not tell."""
    real: bool
    better: bool
    """Whether b is better, be that real or not."""
    source: str


class Found(Record):
    """A check that found something in one of the sets, or in both."""

    check: str
    label: str
    severity: Severity
    """The worst that it found."""
    a: tuple[int, ...] | None
    b: tuple[int, ...] | None
    """In which reps; empty: in the set as a whole; None: it found nothing."""
    unjudged: tuple[str, ...] = ()
    """Of "a" and "b" where it found nothing, but could not be asked in all reps."""

    @property
    def where(self) -> str:
        """ "a", "b" or "both"."""
        return "both" if self.a is not None and self.b is not None else _only(self.a)


def _only(a: tuple[int, ...] | None) -> str:
    return "b" if a is None else "a"


class Comparison(Document):
    """compare.json."""

    schema_: str = Field(SCHEMA, alias="schema")
    exercise: str
    a: Side
    b: Side
    setup: SetUps
    pairs: tuple[PairTold, ...]
    change: Change | None
    """None: why stands in `why_not`."""
    why_not: str | None
    measures: tuple[Line, ...]
    """Of the sets."""
    findings: tuple[Found, ...]
    video: str | None
    """Name of the file; None where none was asked for."""

    @property
    def other_makes(self) -> bool:
        """Whether they were measured by another version, model or profile."""
        return self.a.made_by != self.b.made_by


def comparison(
    a: tuple[Side, Report],
    b: tuple[Side, Report],
    step: Step,
    exercise: Exercise,
    video: str | None,
) -> Comparison:
    """What is to be said of two sets of one exercise."""
    (one, left), (other, right) = a, b
    setup = setups(left, right, exercise)
    changed, why_not = _change(left, right, setup, exercise)
    return Comparison(
        exercise=exercise.name,
        a=one,
        b=other,
        setup=setup,
        pairs=tuple(_pair(pair, left, right, exercise) for pair in step.pairs),
        change=changed,
        why_not=why_not,
        measures=tuple(_of_sets(left, right, exercise)),
        findings=tuple(_found(left, right, exercise)),
        video=video,
    )


def _change(
    a: Report, b: Report, setup: SetUps, exercise: Exercise
) -> tuple[Change | None, str | None]:
    """The number of which it is known what is real, or why nothing is said of it."""
    real = None if exercise.programme is None else exercise.programme.real
    if real is None:
        return None, f"Of no number of a {exercise.title} it is known what difference is real."
    why_not = _hindered(a, b, setup, exercise, real)
    one, other = (_told(r, exercise) for r in (a, b))
    if why_not or one is None or other is None:
        return None, why_not
    found = _found_between(one, other, real, exercise, together=setup.when == "one-session")
    if found is None:
        return None, " ".join(change.apart(one, other, real, exercise.setup))
    return (
        Change(
            measure=real.measure,
            label=exercise.look.term(real.measure).label,
            unit="" if one.first_reps is None else one.first_reps.unit,
            reps=real.reps,
            a=found.before,
            b=found.after,
            a_bound=found.before_bound,
            b_bound=found.after_bound,
            least=round(found.least, 2),
            bound=found.bound,
            real=found.real,
            better=found.by < 0,  # of such a number less is better
            source=real.source,
        ),
        None,
    )


def _told(report: Report, exercise: Exercise) -> PastSet | None:
    """The set that speaks for a recording, as in a history; None: none tells the number."""
    return change.first_told(past_sets(report, exercise, SOME_DAY))


def _found_between(
    one: PastSet, other: PastSet, real: Real, exercise: Exercise, *, together: bool
) -> change.Change | None:
    """What a history of these two alone finds; None: they do not compare."""
    if together:
        return change.within_last([Session((one, other))], real, exercise.setup)
    return change.since_start([Session((one,)), Session((other,))], real, exercise.setup)


def _hindered(a: Report, b: Report, setup: SetUps, exercise: Exercise, real: Real) -> str | None:
    """Why it cannot be said whether the number has changed; None: it can."""
    label = exercise.look.term(real.measure).label.lower()
    both = (("A", a), ("B", b))
    lacking = [w for w, r in both if not telling(exercise, r.reps)]
    if lacking:
        return f"The {label} of {' and '.join(lacking)} was not assessed."
    if setup.one_athlete is False:
        return "They are two athletes: what differs between people is no change."
    if setup.same is False:
        return "They were not set up alike: what differs need not be the athlete."
    short = [w for w, r in both if _told(r, exercise) is None]
    if short:
        return (
            f"How large a difference has to be to be real is known for the {label} of the first "
            f"{real.reps} reps of a set; there is no set in {' and '.join(short)} in which so many "
            "reps tell it."
        )
    return None


def _of_set(report: Report, exercise: Exercise, name: str) -> Value | None:
    """A number of a set; of the reps' numbers the most that a rep has."""
    counted = [r for r in report.reps if r.counted]
    measured = report.set_.measures.get(name) or most(counted, name)
    return None if measured is None else value_of(exercise, name, measured)


def _of_sets(a: Report, b: Report, exercise: Exercise) -> Iterator[Line]:
    yield from _of_first_reps(a, b, exercise)
    for name in dict.fromkeys((*followed(exercise), *exercise.of_set)):
        both = [_of_set(r, exercise, name) for r in (a, b)]
        if any(v is not None and v.value is not None for v in both):
            line = _line(name, both[0], both[1], exercise)
            real = exercise.programme and exercise.programme.real
            yield _called(line, "all") if real and real.measure == name else line


def _of_first_reps(a: Report, b: Report, exercise: Exercise) -> Iterator[Line]:
    """The number of which it is known what is real, as it is compared: nothing where no set has
    it."""
    real = exercise.programme and exercise.programme.real
    one, other = (None if s is None else s.first_reps for s in (_told(r, exercise) for r in (a, b)))
    if real and (one or other):
        yield _called(_line(real.measure, one, other, exercise), f"the first {real.reps}")


def _called(line: Line, which: str) -> Line:
    return line.model_copy(update={"label": f"{line.label} of {which} reps"})


def _pair(pair: Pair, a: Report, b: Report, exercise: Exercise) -> PairTold:
    one, other = (next(r for r in s.reps if r.number == n) for s, n in ((a, pair.a), (b, pair.b)))
    moments = (
        MomentAt(moment=k.moment, a_s=round(k.a_s, 3), b_s=round(k.b_s, 3), at_s=round(k.at_s, 3))
        for k in pair.knots
    )
    names = dict.fromkeys((exercise.tempo, exercise.headline, *exercise.look.columns))
    lines = (_of_reps(name, one, other, exercise) for name in names)
    return PairTold(a=pair.a, b=pair.b, moments=tuple(moments), measures=tuple(lines))


def _of_reps(name: str, one: RepReport, other: RepReport, exercise: Exercise) -> Line:
    a, b = (_value(r.measures.get(name), name, exercise) for r in (one, other))
    return _line(name, a, b, exercise)


def _value(m: Measured | None, name: str, exercise: Exercise) -> Value | None:
    return None if m is None else value_of(exercise, name, m)


def _line(name: str, a: Value | None, b: Value | None, exercise: Exercise) -> Line:
    """All of both intervals counts: how far they are the same in two clips nobody has measured."""
    difference, uncertainty = _difference(a, b)
    unit = next((v.unit for v in (a, b) if v is not None), "1")
    return Line(
        measure=name,
        label=exercise.look.term(name).label,
        unit=unit,
        a=a,
        b=b,
        difference=difference,
        uncertainty=uncertainty,
    )


def _difference(a: Value | None, b: Value | None) -> tuple[float | None, float | None]:
    """b - a and its half-width; None where one is missing, or but a bound."""
    if a is None or b is None or a.value is None or b.value is None or a.bound or b.bound:
        return None, None
    difference = round(b.value - a.value, 3)
    if a.uncertainty is None or b.uncertainty is None:
        return difference, None
    return difference, round(hypot(a.uncertainty, b.uncertainty), 3)


def _found(a: Report, b: Report, exercise: Exercise) -> Iterator[Found]:
    """Faults and warnings, the worst first, then as the exercise lists them."""
    here, there = _by_check(a), _by_check(b)
    order = list(exercise.labels())
    made = []
    for check in dict.fromkeys((*order, *here, *there)):
        every = [f for side in (here, there) for f, _ in side.get(check, ())]
        if every:
            made.append(
                Found(
                    check=check,
                    label=exercise.called(check),
                    severity=min((f.severity for f in every), key=SEVERITIES.index),
                    a=_reps(here.get(check)),
                    b=_reps(there.get(check)),
                    unjudged=tuple(
                        which
                        for which, side, report in (("a", here, a), ("b", there, b))
                        if check not in side and _unjudged(check, report)
                    ),
                )
            )
    yield from sorted(made, key=lambda f: SEVERITIES.index(f.severity))


def _by_check(report: Report) -> dict[str, list[tuple[Finding, int | None]]]:
    """What is more than a note, by its check, with the number of its rep; None: of the set."""
    found: dict[str, list[tuple[Finding, int | None]]] = {}
    own = [(f, r.number) for r in report.reps if r.counted for f in r.findings]
    for finding, rep in (*own, *((f, None) for f in report.set_.findings)):
        if finding.severity != "note":
            found.setdefault(finding.check, []).append((finding, rep))
    return found


def _reps(found: Sequence[tuple[Finding, int | None]] | None) -> tuple[int, ...] | None:
    if found is None:
        return None
    return tuple(sorted({n for _, n in found if n is not None}))


def _unjudged(check: str, report: Report) -> bool:
    return any(entry.what == check for entry in report.not_assessed)
