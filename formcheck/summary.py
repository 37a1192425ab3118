"""A set in a row: what a table of many sets tells of one. Nothing of it is the wall clock's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from formcheck.checks import Finding, Severity, by_reason
from formcheck.exercise import Exercise
from formcheck.measures.measure import Measured, Record
from formcheck.report import Report, RepReport
from formcheck.set_values import told, value
from formcheck.verdict import first_to_change


class Number(Record):
    """What sets are compared by."""

    measure: str
    label: str
    value: float | None
    """None: it was not assessed."""
    unit: str
    uncertainty: float | None = None
    """Half-width of the 95 % interval."""
    bound: Literal["at-most", "at-least"] | None = None
    """Set where the value is only a bound."""
    outcome: str = ""
    """What became of it, in the exercise's words; may be empty."""
    reason: str | None = None
    """Why it was not assessed, or is to be taken with care."""


class Said(Record):
    """A finding by name."""

    check: str
    label: str
    severity: Severity
    rep: int | None
    """None: of the whole set, or of an attempt."""


class Main(Record):
    """The finding to change first."""

    check: str
    label: str
    severity: Severity
    reps: tuple[int, ...]
    """In which it was found as badly as that; empty: it is one of the whole set."""
    sentence: str
    advice: str


class Open(Record):
    """What was not assessed for one reason."""

    what: tuple[str, ...]
    """In words."""
    reps: tuple[int, ...]
    """Empty: the whole set."""
    reason: str
    what_to_change: str


class Summary(Record):
    """The row of a set."""

    exercise: str
    title: str
    """The exercise's, singular, as a coach says it."""
    reps: int
    """How many counted."""
    best_rep: int | None
    verdict: Literal["good", "improve", "not-assessed"]
    sentence: str
    advice: str
    numbers: tuple[Number, ...]
    """Those that the exercise compares sets by, the main one first; empty without a rep."""
    findings: tuple[Said, ...]
    """The reps' in their order, then the set's."""
    main: Main | None
    """None: nothing is to be changed; notes speak against nothing."""
    left_open: tuple[Open, ...]
    duration_s: float | None
    frames: int


def summarised(report: Report, exercise: Exercise) -> Summary:
    """The row of a finished analysis."""
    clip, verdict = report.clip, report.verdict
    return Summary(
        exercise=exercise.name,
        title=exercise.title,
        reps=report.set_.reps,
        best_rep=report.set_.best_rep,
        verdict=verdict.status,
        sentence=verdict.sentence,
        advice=verdict.advice,
        numbers=tuple(numbers(report.set_.measures, report.reps, exercise)),
        findings=tuple(
            Said(check=f.check, label=exercise.called(f.check), severity=f.severity, rep=n)
            for n, f in _findings(report)
        ),
        main=_main(report, exercise),
        left_open=tuple(
            Open(what=tuple(map(exercise.called, what)), reps=reps, reason=why, what_to_change=do)
            for (reps, why, do), what in by_reason(report.not_assessed).items()
        ),
        duration_s=None if clip is None else clip.duration_s,
        frames=0 if clip is None else clip.frames,
    )


def _findings(report: Report) -> Iterator[tuple[int | None, Finding]]:
    yield from ((rep.number, f) for rep in report.reps for f in rep.findings)
    yield from ((None, f) for f in report.set_.findings)


def _main(report: Report, exercise: Exercise) -> Main | None:
    every = [(n, f) for n, f in _findings(report) if f.severity != "note"]
    first = first_to_change(exercise, [f for _, f in every])
    if first is None:
        return None
    same = [n for n, f in every if (f.check, f.severity) == (first.check, first.severity)]
    return Main(
        check=first.check,
        label=exercise.called(first.check),
        severity=first.severity,
        reps=tuple(n for n in same if n is not None),
        sentence=first.sentence,
        advice=first.advice,
    )


def numbers(
    measures: Mapping[str, Measured], reps: Sequence[RepReport], exercise: Exercise
) -> Iterator[Number]:
    """What a set is compared by, the main number first. measures: the set's; reps: all of it."""
    counted = [rep for rep in reps if rep.counted]
    look = exercise.look
    for name in look.compared or (exercise.tempo,):
        measured = measures.get(name) or most(counted, name)
        if measured is not None:
            yield Number(
                measure=name,
                label=look.term(name).label,
                value=measured.value,
                unit=measured.unit,
                uncertainty=measured.uncertainty,
                bound=measured.bound,
                outcome=look.outcomes.get(measured.outcome or "", ""),
                reason=measured.reason,
            )


def most(reps: Sequence[RepReport], measure: str) -> Measured | None:
    """The most that a rep has of a measure, of those lowered all the way; at least that where one
    is known at least, or another may have more. Without a value the answer of the first rep that
    has one; None: no rep has any."""
    every = [m for _, m in told(reps, measure)]
    if not every:
        return next((r.measures[measure] for r in reps if measure in r.measures), None)
    best = max([m for m in every if m.bound != "at-most"] or every, key=value)
    more = any(m.bound == "at-least" or value(m) > value(best) for m in every)
    return replace(best, bound="at-least" if more else best.bound)
