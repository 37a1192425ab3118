"""Which found rep is which true one, and its moments, numbers and outcome against the truth."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np

from formcheck.analysis import Analysis
from formcheck.exercise import Exercise
from formcheck.measures.torque import knee_torque
from formcheck.report import RepReport
from formcheck.segments import above_knees
from formcheck.validate.angles import Span, lowest_span, rests, true_at
from formcheck.validate.known import Known
from formcheck.validate.scores import EVENTS, Pair, RepScore
from formcheck.validate.statistics import rounded
from formcheck.validate.truth import TrueRep

RISEN_DEG = 8.0
"""An eye calls it the start once the depth has grown so much (nordic-curl.md 0.5)."""
PLAIN = "broken"
"""What came of a number of which nothing else is said."""
CHANGES = {"break_point_angle": "knee_flexion"}
"""Main numbers that are an angle at an instant -> its signal."""
NEAR_LOWEST_DEG = 2.0
"""How near to its greatest lean a body lies at its lowest."""


def matched(true: Sequence[Span], found: Sequence[Span]) -> dict[int, int]:
    """The place of each true rep -> the place of the found one; most overlap in time first."""
    overlaps = [
        (min(a[1], b[1]) - max(a[0], b[0]), i, k)
        for i, a in enumerate(true)
        for k, b in enumerate(found)
    ]
    pairs: dict[int, int] = {}
    for overlap, i, k in sorted(overlaps, key=lambda o: (-o[0], o[1], o[2])):
        if overlap > 0 and i not in pairs and k not in pairs.values():
            pairs[i] = k
    return pairs


def spans(reps: Sequence[TrueRep | RepReport]) -> list[Span]:
    """From when to when each rep lasts; where that was not seen, from or to its neighbour."""
    found, before = [], -np.inf
    for rep, after in zip_longest(reps, reps[1:]):
        turn = np.inf if rep.turn_s is None else rep.turn_s
        follows = np.inf if after is None or after.start_s is None else after.start_s
        start = min(before, turn) if rep.start_s is None else rep.start_s
        end = follows if rep.end_s is None else rep.end_s
        found.append((float(start), float(end)))
        before = end
    return found


def rep_scores(analysis: Analysis, known: Known) -> tuple[RepScore, ...]:
    """Each true rep with what was found of it."""
    found = [rep for rep in analysis.report.reps if rep.counted]
    pairs = matched(spans(known.reps), spans(found))
    return tuple(
        _scored(analysis, known, i, true, found[pairs[i]] if i in pairs else None)
        for i, true in enumerate(known.reps)
        if true.kind != "attempt"
    )


def _scored(
    analysis: Analysis, known: Known, place: int, true: TrueRep, rep: RepReport | None
) -> RepScore:
    truths, exercise = true_measures(true, known), analysis.exercise
    return RepScore(
        rep=place + 1,
        found=None if rep is None else rep.number,
        kind=true.kind,
        found_kind=None if rep is None else rep.kind,
        events=_events(analysis, known, true, rep),
        measures={name: _pair(name, value, rep) for name, value in truths.items()},
        change=_change(analysis, known, true, rep),
        bottom_span_s=_lowest(true, known),
        outcome=_true_outcome(true, exercise),
        found_outcome=_outcome(rep, exercise),
    )


def _change(analysis: Analysis, known: Known, true: TrueRep, rep: RepReport | None) -> Pair | None:
    """The main number as a change from rest; a bound stays one."""
    name = analysis.exercise.headline
    found = _pair(name, true_measures(true, known).get(name), rep)
    if name not in CHANGES or found.error is None or rep is None:
        return None
    seen_rest, true_rest = rests(analysis.curves, known, CHANGES[name])
    if not np.isfinite(seen_rest):
        return None
    return Pair(
        true=rounded((found.true or 0.0) - true_rest),
        value=rounded((found.value or 0.0) - seen_rest),
    )


def _lowest(true: TrueRep, known: Known) -> Span | None:
    if known.frames is None or true.bottom_s is None:
        return None
    until = known.frames.t_s[-1] if true.end_s is None else true.end_s
    return lowest_span(known.frames, (true.start_s, until), NEAR_LOWEST_DEG)


def _true_outcome(true: TrueRep, exercise: Exercise) -> str | None:
    """How the exercise's main number came about; plainly, where it is there and nothing else is
    said; None where it is not known, or nothing can come of it but a number."""
    if true.outcome is not None or not exercise.look.outcomes:
        return true.outcome
    return PLAIN if exercise.headline in true.measures else None


def _outcome(rep: RepReport | None, exercise: Exercise) -> str | None:
    if not exercise.look.outcomes:
        return None
    if rep is None:
        return "missed"
    number = rep.measures.get(exercise.headline)
    return "refused" if number is None or number.value is None else number.outcome or PLAIN


def _pair(name: str, true: float | None, rep: RepReport | None) -> Pair:
    measured = None if rep is None else rep.measures.get(name)
    if measured is None:
        return Pair(true=true)
    return Pair(
        true=true, value=measured.value, uncertainty=measured.uncertainty, bound=measured.bound
    )


def true_measures(rep: TrueRep, known: Known) -> dict[str, float | None]:
    """The true values of measures, by the measure's name; what nobody knows is left out."""
    if known.truth is None:
        return {}
    values = _derived(rep, known) | rep.measures
    return {name: rounded(value) for name, value in values.items() if value is not None}


def _derived(rep: TrueRep, known: Known) -> dict[str, float | None]:
    """What follows from moments and frames, for a truth that does not say it itself."""
    scale = 1.0 if known.truth is None else known.truth.time_scale
    there = {measure.name for measure in known.judge.measures}
    lands = rep.bottom_s if rep.catch_s is None else rep.catch_s
    values = {
        "eccentric_duration": None if lands is None else (lands - rep.start_s) / scale,
        "catch_angle": _angle(known, "knee_flexion_deg", rep.catch_s),
        **_torques(rep, known),
    }
    return {name: value for name, value in values.items() if name in there}


def _torques(rep: TrueRep, known: Known) -> dict[str, float | None]:
    """What the model of two segments says of the true posture at the true break, the body held
    still, N·m of both legs and its shares; of a body whose mass and height are known."""
    who = None if known.truth is None else known.truth.athlete
    if who is None or who.mass_kg is None or who.height_m is None:
        return {}
    thigh, hip = (_angle(known, f"{n}_deg", rep.break_s) for n in ("thigh_lean", "hip_flexion"))
    if thigh is None or hip is None:
        return {}
    whole = float(knee_torque(above_knees(who.mass_kg, who.height_m, who.sex), thigh, hip))
    name, per_kg = "estimated_knee_flexor_torque", whole / who.mass_kg
    return {
        name: whole,
        f"{name}_per_leg": whole / 2,
        f"{name}_per_kg": per_kg,
        f"{name}_per_leg_per_kg": per_kg / 2,
    }


def _angle(known: Known, name: str, at: float | None) -> float | None:
    value = np.nan if known.frames is None or at is None else true_at(known.frames, name, at)
    return float(value) if np.isfinite(value) else None


def _events(
    analysis: Analysis, known: Known, true: TrueRep, rep: RepReport | None
) -> dict[str, Pair]:
    """The moments; empty where the rep was missed."""
    if rep is None:
        return {}
    events = {}
    for name in EVENTS:
        found, happened = getattr(rep, f"{name}_s"), getattr(true, f"{name}_s")
        if known.by_eye and happened is None:
            continue  # it may have been out of sight
        if known.by_eye and name == "start" and found is not None:
            found = _risen(analysis, found)
        events[name] = Pair(true=happened, value=rounded(found))
    return events


def _risen(analysis: Analysis, start: float) -> float | None:
    """When the depth has grown by RISEN_DEG since the start of a rep, seconds."""
    name = analysis.exercise.cycle.depth
    t, depth = analysis.curves.t_s, analysis.curves.values[name]
    with np.errstate(invalid="ignore"):
        above = (t >= start) & (depth >= analysis.curves.at(name, start) + RISEN_DEG)
    return float(t[above][0]) if above.any() else None
