"""Whether a clip is taken for another exercise than the one it shows, from the same pose track."""

from __future__ import annotations

from typing import Any

from formcheck.analysis import Analysis, judge
from formcheck.candidates import Trial, shown_by
from formcheck.exercise import Exercise
from formcheck.exercises import EXERCISES
from formcheck.validate.known import Known
from formcheck.view import estimate


def confusion(analysis: Analysis, known: Known) -> dict[str, Any]:
    """The fields of a score that tell how the other exercises judged a clip, and which exercise
    would be chosen; empty where there is but one."""
    own = analysis.exercise.name
    trials = [
        _own(analysis) if name == own else _tried(analysis, exercise)
        for name, exercise in EXERCISES.items()
    ]
    if len(trials) < 2:
        return {}
    took = [trial.exercise.name for trial in trials if trial.report.recognised]
    best = shown_by(trials)
    chosen = best.exercise.name if best.report.recognised else None
    return {
        "taken_for": tuple(sorted(n for n in took if n not in (own, known.exercise))),
        "chosen": chosen,
        "chosen_rightly": chosen == (known.exercise if known.shown else None),
    }


def _own(analysis: Analysis) -> Trial:
    return Trial(analysis.exercise, analysis.setting, analysis.report, analysis.curves)


def _tried(analysis: Analysis, exercise: Exercise) -> Trial:
    """The same pose judged as another exercise, on the same clock."""
    given, track = analysis.setting, analysis.track
    seen = estimate(track.steadied().quickened(given.time_scale), posture=exercise.posture)
    same = ("time_scale", "clock", "capture_fps", "athlete", "whom")
    setting = seen.model_copy(update={name: getattr(given, name) for name in same})
    return Trial(exercise, setting, *judge(track, exercise, setting))
