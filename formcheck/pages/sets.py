"""The sets of a recording in words: a row each on the page, a line each in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from formcheck.exercise import Exercise
from formcheck.pages.words import measured
from formcheck.pauses import IDLE_S, PAUSE_S
from formcheck.report import Report, RepReport, SetPart
from formcheck.summary import Number, numbers
from formcheck.verdict import first_to_change

HEADS = ("Set", "Reps", "Trains", "Rest before it")
CHANGE = "To change first"
RESTS = {"short": ", shorter than is usual", "long": ", longer than is usual", "usual": ""}


@dataclass(frozen=True)
class Sets:
    """The table of several sets."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table(report: Report, exercise: Exercise) -> Sets | None:
    """What there is to say of each of several sets; None of a single one."""
    if len(report.sets) < 2:
        return None
    compared = [n.label for n in _numbers(report, report.sets[0], exercise)]
    rows = tuple(tuple(_cells(report, part, exercise)) for part in report.sets)
    return Sets((*HEADS, *compared, CHANGE), rows)


def lines(report: Report, exercise: Exercise) -> list[str]:
    """The same in sentences, of each set its main number alone; with the remarks."""
    several = report.sets if len(report.sets) > 1 else ()
    told = [_line(part, _numbers(report, part, exercise)) for part in several]
    return [*told, *remarks(report, exercise)]


def remarks(report: Report, exercise: Exercise) -> list[str]:
    """Whether several sets were as many as is usual, and the long pauses that ended none."""
    said = [_pause(a, seconds) for a, seconds in _pauses(report)]
    programme = exercise.programme
    if programme is None or len(report.sets) < 2:
        return said
    least, most = programme.sets
    usual = least <= len(report.sets) <= most
    return said if usual else [*said, f"{least} to {most} sets are usual."]


def _pauses(report: Report) -> Iterator[tuple[RepReport, float]]:
    """The rep before each long pause within a set, and its seconds of the world."""
    scale = 1.0 if report.clip is None else report.clip.time_scale
    for before, after in pairwise(r for r in report.reps if r.counted):
        if before.set_number == after.set_number and None not in (before.end_s, after.start_s):
            seconds = ((after.start_s or 0.0) - (before.end_s or 0.0)) / scale
            if seconds >= PAUSE_S:
                yield before, seconds


def _pause(before: RepReport, seconds: float) -> str:
    return (
        f"Paused {_minutes(seconds)} after rep {before.number}, in the same place: it is a rest "
        f"between sets from {_minutes(IDLE_S)} on."
    )


def _cells(report: Report, part: SetPart, exercise: Exercise) -> Iterator[str]:
    yield str(part.number)
    yield f"{part.reps} ({_span(part)})".replace(" ", "\u00a0")
    yield part.zone or "–"
    yield "–" if part.rest_s is None else _rest(part.rest_s, part)
    yield from (measured(number) for number in _numbers(report, part, exercise))
    found = [f for r in _reps(report, part) for f in r.findings] + list(part.findings)
    first = first_to_change(exercise, [f for f in found if f.severity != "note"])
    yield "–" if first is None else exercise.called(first.check)


def _rest(seconds: float, part: SetPart) -> str:
    kind = "" if part.rest in {None, "usual"} else f" ({part.rest})"
    return f"{_minutes(seconds)}{kind}".replace(" ", "\u00a0")


def _line(part: SetPart, told: list[Number]) -> str:
    said = f"Set {part.number}: {part.reps} rep{'s' * (part.reps != 1)} ({_span(part)})"
    said += f", {part.zone}" if part.zone else ""
    if told and told[0].value is not None:
        label = told[0].label
        said += f"; {label[:1].lower()}{label[1:]} {measured(told[0])}"
    if part.rest_s is None:
        return f"{said}."
    kind = RESTS[part.rest or "usual"]
    return f"{said}; rested {_minutes(part.rest_s)} before it{kind}."


def _span(part: SetPart) -> str:
    """Which of the recording's reps they are."""
    one = part.first_rep == part.last_rep
    return f"{part.first_rep}" if one else f"{part.first_rep} to {part.last_rep}"


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02} min"


def _reps(report: Report, part: SetPart) -> list[RepReport]:
    return [r for r in report.reps if r.set_number == part.number]


def _numbers(report: Report, part: SetPart, exercise: Exercise) -> list[Number]:
    return list(numbers(part.measures, _reps(report, part), exercise))
