"""The sets of a recording: each told for itself, and what is told of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from formcheck import set_best, set_stop
from formcheck.checks import Finding, NotAssessed
from formcheck.exercise import Exercise
from formcheck.report import MOMENTS, RepReport, SetPart, SetReport
from formcheck.same_setup import signature
from formcheck.setting import Setting

Told = tuple[SetReport, list[NotAssessed]]
"""A set, and what of it could not be judged."""


def parted(
    exercise: Exercise, reps: Sequence[RepReport], setting: Setting
) -> tuple[SetReport, tuple[SetPart, ...], list[NotAssessed]]:
    """What is told of all reps together, and of each set. Of a single set it is the same."""
    numbers = sorted({r.set_number for r in reps if r.counted})
    if len(numbers) < 2:
        whole, left_open = _told(exercise, reps, setting)
        parts = [_part(exercise, reps, whole, 1, None)] if numbers else []
        return whole, tuple(parts), left_open
    sets = [[r for r in reps if r.set_number == n] for n in numbers]
    each = [_told(exercise, own, setting) for own in sets]
    before = [None, *(_rest_s(a, b, setting) for a, b in pairwise(sets))]
    parts = [
        _part(exercise, own, told, number, rest)
        for own, (told, _), number, rest in zip(
            sets, each, range(1, len(sets) + 1), before, strict=True
        )
    ]
    whole = _together(exercise, reps, [told for told, _ in each])
    return whole, tuple(parts), [entry for _, left in each for entry in left]


def _told(exercise: Exercise, reps: Sequence[RepReport], setting: Setting) -> Told:
    """One set as a whole."""
    counted = [r for r in reps if r.counted]
    asked = [check for check in exercise.set_checks if counted and len(counted) >= check.least]
    told = [(c, *set_stop.judged(c, exercise.set_measures, counted, setting)) for c in asked]
    findings = tuple(f for _, f, _ in told if isinstance(f, Finding))
    report = SetReport(
        reps=len(counted),
        findings=findings,
        good=tuple(check.good for check, found, _ in told if found is None and check.good),
        stop_after_rep=min((n for _, _, n in told if n is not None), default=None),
        setup=signature(exercise.setup, counted),
        **_best(exercise, reps, findings),
        **_numbers(exercise, counted, together=False),
    )
    return report, [u for _, u, _ in told if isinstance(u, NotAssessed)]


def _together(
    exercise: Exercise, reps: Sequence[RepReport], sets: Sequence[SetReport]
) -> SetReport:
    """What is told of several sets together: the numbers that do not hang on the order of reps, the
    findings of each, and what was good in all."""
    counted = [r for r in reps if r.counted]
    findings = tuple(f for one in sets for f in one.findings)
    stops = [one.stop_after_rep for one in sets if one.stop_after_rep is not None]
    return SetReport(
        reps=len(counted),
        findings=findings,
        good=tuple(words for words in sets[0].good if all(words in one.good for one in sets)),
        stop_after_rep=min(stops, default=None),
        setup=signature(exercise.setup, counted),
        **_best(exercise, reps, findings),
        **_numbers(exercise, counted, together=True),
    )


def _best(
    exercise: Exercise, reps: Sequence[RepReport], findings: Sequence[Finding]
) -> dict[str, Any]:
    best = set_best.best(exercise, reps, findings)
    return {} if best is None else {"best_rep": best.rep, "best_rep_because": best.because}


def _numbers(exercise: Exercise, counted: Sequence[RepReport], *, together: bool) -> dict[str, Any]:
    """The numbers of a set, or of sets together, and what they mean."""
    wanted = [m for m in exercise.set_measures if counted and (m.across or not together)]
    known = {m: m.measure(counted) for m in wanted}
    bands = {m.name: m.band(measured) for m, measured in known.items()}
    return {
        "measures": {m.name: measured for m, measured in known.items()},
        "bands": {name: words for name, words in bands.items() if words is not None},
    }


def _part(
    exercise: Exercise,
    reps: Sequence[RepReport],
    told: SetReport,
    number: int,
    rest_s: float | None,
) -> SetPart:
    counted = [r for r in reps if r.counted]
    programme = exercise.programme
    zone = None if programme is None else programme.zone(len(counted))
    return SetPart(
        **dict(told),
        number=number,
        first_rep=counted[0].number,
        last_rep=counted[-1].number,
        start_s=_first(counted),
        end_s=_last(counted),
        rest_s=rest_s,
        rest=None if programme is None or rest_s is None else programme.rest(rest_s),
        zone=None if zone is None else zone.name,
    )


def _moments(reps: Sequence[RepReport]) -> list[float]:
    """All that are known, in the clip's seconds."""
    told = [getattr(rep, name) for rep in reps for name in MOMENTS]
    return [t for t in told if t is not None]


def _first(reps: Sequence[RepReport]) -> float | None:
    return min(_moments(reps), default=None)


def _last(reps: Sequence[RepReport]) -> float | None:
    return max(_moments(reps), default=None)


def _rest_s(
    before: Sequence[RepReport], after: Sequence[RepReport], setting: Setting
) -> float | None:
    """Seconds of the world from the last moment of one set to the first of the next, of the counted
    reps; None where the clip's time cannot be told."""
    last, first = _last([r for r in before if r.counted]), _first([r for r in after if r.counted])
    if last is None or first is None or setting.clock == "ramped":
        return None
    return round((first - last) / setting.time_scale, 1)


def done(exercise: Exercise, counted: int, sets: int) -> str:
    """How much was done: "9 in 3 sets", with the exercise's name."""
    heading = f"{counted} {exercise.title if counted == 1 else exercise.plural}"
    return f"{heading} in {sets} sets" if sets > 1 else heading
