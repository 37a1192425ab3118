"""Which exercise a clip is judged as: the one that was asked for, or the one that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from formcheck.curves import Curves
from formcheck.errors import InputError, UsageError
from formcheck.exercise import Exercise
from formcheck.exercises import AUTO, EXERCISES, named
from formcheck.files import shown
from formcheck.profile import Profile
from formcheck.report import Report
from formcheck.setting import Setting


def candidates(asked: str, mode: str | None, profile: Profile | None) -> tuple[Exercise, ...]:
    """The exercises that a clip may be judged as, by the club's limits where there are some.

    asked: a name, or AUTO. mode: what the user says of it; None: nothing. Raises UsageError (there
    is no such exercise, or it has no such mode), InputError (the profile is not one of it).
    """
    if asked != AUTO:
        exercise = named(asked)
        if mode is not None and mode not in exercise.modes:
            raise UsageError(
                f"--mode {mode}: a {exercise.title} has no such mode, expected "
                f"{' or '.join(exercise.modes)}. Leave --mode out."
            )
        return (exercise if profile is None else profile.applied(exercise),)
    known = [e for e in EXERCISES.values() if mode is None or mode in e.modes]
    return tuple(known) if profile is None else _limited(known or list(EXERCISES.values()), profile)


def _limited(known: Sequence[Exercise], profile: Profile) -> tuple[Exercise, ...]:
    """All of them, those that the profile is for with its limits; its complaint where it is for
    none. A profile that names its exercise is held to that one."""
    done: dict[str, Exercise] = {}
    refused = []
    for exercise in known:
        try:
            done[exercise.name] = profile.applied(exercise)
        except InputError as error:
            if profile.exercise == exercise.name:
                raise
            refused.append(error)
    if not done:
        raise refused[0]
    return tuple(done.get(exercise.name, exercise) for exercise in known)


def saved_for(path: Path, exercises: Sequence[Exercise]) -> tuple[Setting, tuple[Exercise, ...]]:
    """A saved setting, and those of the exercises that it is for: another's body rests otherwise.

    Raises InputError where it is no setting, of none of them, or does not say of which of many.
    """
    setting = Setting.load(path)
    if setting.exercise is None and len(exercises) > 1:
        raise InputError(
            f"{shown(path)}: this setting does not say for which exercise it is. Name one with "
            f"--exercise: {', '.join(e.name for e in exercises)}."
        )
    mine = tuple(e for e in exercises if setting.exercise in {None, e.name})
    if not mine:
        raise InputError(
            f"{shown(path)}: this setting is for the exercise {setting.exercise}, and "
            f"{' or '.join(e.name for e in exercises)} is to be checked. Say --exercise "
            f"{setting.exercise}, or leave the setting out."
        )
    return setting, mine


@dataclass(frozen=True)
class Trial:
    """A clip judged as one exercise."""

    exercise: Exercise
    setting: Setting
    report: Report
    curves: Curves

    @property
    def near(self) -> float:
        """How far the signal of its cycle swung, as a share of a full rep of it."""
        cycle = self.exercise.aspect(self.setting).cycle
        values = self.curves.values[cycle.signal]
        seen = values[np.isfinite(values)]
        return float(np.ptp(np.percentile(seen, [2, 98]))) / cycle.full if len(seen) else 0.0


def shown_by(trials: Sequence[Trial]) -> Trial:
    """The trial whose exercise counted most reps; where none was recognised the one that comes
    nearest, with what it was not said for all."""
    counted = [trial.report.set_.reps for trial in trials]
    if any(counted) or len(trials) == 1:
        return trials[int(np.argmax(counted))]
    nearest = max(trials, key=lambda trial: trial.near)
    return Trial(nearest.exercise, nearest.setting, _none_of(trials, nearest), nearest.curves)


def _none_of(trials: Sequence[Trial], nearest: Trial) -> Report:
    """The nearest report, which says that it was none of the exercises."""
    *first, last = (f"no {trial.exercise.title}" for trial in trials)
    none = f"{', '.join(first)} and {last}"
    reason = nearest.report.not_assessed[0].reason
    sentence = f"{none[:1].upper()}{none[1:]} was recognised. {reason}"
    verdict = nearest.report.verdict.model_copy(update={"sentence": sentence})
    return nearest.report.model_copy(update={"verdict": verdict})
