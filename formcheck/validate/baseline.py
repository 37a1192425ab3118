"""The figures that were reached: a change that makes one worse is told, and raised on purpose only.

Clips are compared one by one; the figures of all together only where they are the same clips.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from formcheck import __version__
from formcheck.errors import InputError
from formcheck.exercise import Exercise
from formcheck.exercises import EXERCISES
from formcheck.files import shown
from formcheck.measures.measure import Record
from formcheck.validate.scores import EVENTS, ClipScore, Summary, Validation
from formcheck.validate.statistics import rounded
from formcheck.validate.truth import mistakes

SHORT = 5
"""So many clips are for the quick test, where the baseline names none."""
TOLERANCES = {"deg": 0.7, "deg/s": 1.0, "s": 0.05, "1": 0.03, "N·m": 5.0, "N·m/kg": 0.06,
              "deg/rep": 0.3, "count": 0.2}  # fmt: skip
"""What is no difference of a measure's mean error, by its unit."""
Values = dict[str, float | None]


@dataclass(frozen=True)
class Figure:
    """A figure that is watched: which way is better, and what is no difference."""

    better: Literal["up", "down"]
    tolerance: float
    """Another processor rounds a little differently; less than this says nothing."""
    of: Callable[[Any], float | None]


def _angle(name: str, tolerance: float) -> dict[str, Figure]:
    return {name: Figure("down", tolerance, lambda found: getattr(found, name))}


def _gap(clip: ClipScore) -> float | None:
    """By how many reps the count is wrong."""
    if clip.reps_true is None or clip.reps_found is None:
        return None
    return float(abs(clip.reps_true - clip.reps_found))


def _over(clip: ClipScore, what: str) -> float:
    return float(sum(getattr(one, what) for one in clip.refusals.values()))


def _event(name: str) -> Figure:
    return Figure("down", 0.01, lambda found: found.events[name].mae)


def _overclaimed(found: Summary) -> float | None:
    """By how much the 95 % intervals hold less than they claim. Holding more is no gain: what
    keeps them from being padded is their half-width."""
    held = found.break_point_coverage
    return None if held is None else max(0.0, 0.95 - held)


def _held(found: Summary) -> float | None:
    """The share of clips in which the interval of the knee's change holds the truth."""
    clips = found.clips_held
    return clips["knee_change"] / clips["of"] if clips["of"] else None


def _knee_change_half_width(found: Summary) -> float | None:
    knee = found.angles.get("knee_flexion")
    return None if knee is None else knee.change.half_width


CLIP = {
    "analysed": Figure("up", 0, lambda c: float(c.status == "ok")),
    "recognised_rightly": Figure("up", 0, lambda c: _number(c.recognised_rightly)),
    "taken_for_others": Figure("down", 0, lambda c: _many(c.taken_for)),
    "chosen_rightly": Figure("up", 0, lambda c: _number(c.chosen_rightly)),
    "wrong_reps": Figure("down", 0, _gap),
    "coverage": Figure("up", 0.02, lambda c: c.coverage),
    **_angle("knee_change_mae_deg", 0.3),
    **_angle("thigh_change_mae_deg", 0.3),
    **_angle("hip_change_mae_deg", 0.5),
    **_angle("break_point_mae_deg", 0.7),
    "faults_missed": Figure("down", 0, lambda c: float(len(c.faults.missed))),
    "false_alarms": Figure("down", 0, lambda c: float(len(c.faults.false))),
    "refused_though_visible": Figure("down", 0, lambda c: _over(c, "though_visible")),
    "wrongly_given": Figure("down", 0, lambda c: _over(c, "wrongly_given")),
}
SUMMARY = {
    "failed": Figure("down", 0, lambda s: s.failed),
    "reps_exact": Figure("up", 0, lambda s: s.reps_exact),
    "recognised_rightly": Figure("up", 0, lambda s: s.recognised_rightly),
    **_angle("knee_mae_deg", 0.15),
    **_angle("thigh_mae_deg", 0.15),
    **_angle("hip_mae_deg", 0.3),
    **_angle("knee_change_mae_deg", 0.1),
    **_angle("thigh_change_mae_deg", 0.1),
    **_angle("hip_change_mae_deg", 0.2),
    **_angle("break_point_mae_deg", 0.3),
    "break_point_overclaimed": Figure("down", 0.03, _overclaimed),
    "break_point_half_width_deg": Figure("down", 0.3, lambda s: s.break_point.half_width),
    "yaw_mae_deg": Figure("down", 0.2, lambda s: s.yaw.mae),
    "clips_knee_change_held": Figure("up", 0.02, _held),
    "knee_change_half_width_deg": Figure("down", 0.2, _knee_change_half_width),
    "precision": Figure("up", 0.01, lambda s: s.faults.precision),
    "recall": Figure("up", 0.01, lambda s: s.faults.recall),
    "false_alarms_per_clean_set": Figure("down", 0, lambda s: s.false_alarms_per_clean_set),
    "refused_though_visible": Figure("down", 0, lambda s: s.refusals.though_visible),
    "wrongly_given": Figure("down", 0, lambda s: s.refusals.wrongly_given),
    "taken_for_others": Figure("down", 0, lambda s: s.taken_for_others),
    "chosen_rightly": Figure("up", 0, lambda s: s.chosen_rightly),
    **{f"{name}_mae_s": _event(name) for name in EVENTS},
}


def _of_measures(exercise: Exercise) -> dict[str, Figure]:
    """The mean error of each measure of an exercise."""

    def of(name: str) -> Callable[[Summary], float | None]:
        return lambda s: s.measures[name].mae if name in s.measures else None

    return {
        f"{m.name}_mae": Figure("down", TOLERANCES[m.unit], of(m.name)) for m in exercise.measures
    }


EXERCISE = {
    **{name: SUMMARY[name] for name in (
        "reps_exact", "knee_change_mae_deg", "thigh_change_mae_deg", "knee_change_half_width_deg",
        "precision", "recall", "false_alarms_per_clean_set", "refused_though_visible",
    )},
}  # fmt: skip
"""Of the clips that show one exercise; its measures besides."""
EXERCISES_SUMMARY = {
    name: {**EXERCISE, **_of_measures(exercise)} for name, exercise in EXERCISES.items()
}


def _many(names: tuple[str, ...] | None) -> float | None:
    return None if names is None else float(len(names))


def _number(value: bool | None) -> float | None:
    return None if value is None else float(value)


class Baseline(Record):
    """The committed file."""

    schema_: Literal["formcheck.baseline/1"] = Field("formcheck.baseline/1", alias="schema")
    formcheck: str = __version__
    short: tuple[str, ...]
    """Clips of the quick test."""
    summary: Values
    exercises: dict[str, Values] = Field(default_factory=dict)
    clips: dict[str, Values]

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True
    )

    def text(self) -> str:
        """As it is committed: a line a clip."""
        head = {"schema": self.schema_, "formcheck": self.formcheck, "short": self.short}
        lines = [f' "{name}": {json.dumps(value)}' for name, value in head.items()]
        lines.append(f' "summary": {json.dumps(self.summary)}')
        own = ",\n".join(f"  {json.dumps(n)}: {json.dumps(v)}" for n, v in self.exercises.items())
        lines.append(f' "exercises": {{\n{own}\n }}')
        clips = ",\n".join(f"  {json.dumps(n)}: {json.dumps(v)}" for n, v in self.clips.items())
        lines.append(f' "clips": {{\n{clips}\n }}')
        return "{\n" + ",\n".join(lines) + "\n}\n"


@dataclass(frozen=True)
class Change:
    """A figure that differs by more than its tolerance."""

    clip: str | None
    """None: of all clips together; of those of one exercise, that in words."""
    figure: str
    was: float
    now: float | None
    """None: it is not measured any more."""
    tolerance: float


@dataclass(frozen=True)
class Comparison:
    """A validation against a baseline."""

    worse: tuple[Change, ...]
    better: tuple[Change, ...]
    missing: tuple[str, ...] = field(default=())
    """Clips of the baseline that were not validated."""
    added: tuple[str, ...] = field(default=())
    """Clips that the baseline does not know."""

    @property
    def holds(self) -> bool:
        """Whether nothing is worse and nothing was left out."""
        return not self.worse and not self.missing


def baseline_of(found: Validation, short: tuple[str, ...] = ()) -> Baseline:
    """The figures reached. short: the clips of the quick test; none: those with few frames, of
    the clips that are asked today."""
    counted = sorted((c.frames, c.name) for c in found.clips if c.frames and c.awaits is None)
    return Baseline(
        short=short or tuple(sorted(name for _, name in counted[:SHORT])),
        summary=_values(SUMMARY, found.summary),
        exercises={n: _values(EXERCISES_SUMMARY[n], s) for n, s in found.exercises.items()},
        clips={clip.name: _values(CLIP, clip) for clip in found.clips},
    )


def against(found: Validation, baseline: Baseline) -> Comparison:
    """What is worse and what is better than the baseline, by more than the tolerances."""
    now = {clip.name: _values(CLIP, clip) for clip in found.clips}
    both = sorted(now.keys() & baseline.clips.keys())
    changes = [c for name in both for c in _changes(CLIP, name, baseline.clips[name], now[name])]
    if now.keys() == baseline.clips.keys():
        changes += _changes(SUMMARY, None, baseline.summary, _values(SUMMARY, found.summary))
        for name in found.exercises.keys() & baseline.exercises.keys():
            figures = EXERCISES_SUMMARY[name]
            own = _values(figures, found.exercises[name])
            changes += _changes(figures, f"all of {name}", baseline.exercises[name], own)
    return Comparison(
        worse=tuple(change for change, worse in changes if worse),
        better=tuple(change for change, worse in changes if not worse),
        missing=tuple(sorted(baseline.clips.keys() - now.keys())),
        added=tuple(sorted(now.keys() - baseline.clips.keys())),
    )


def read_baseline(path: Path) -> Baseline:
    """Read a baseline. Raises InputError."""
    todo = "`formcheck validate DIR --baseline FILE --raise` writes one."
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{shown(path)}: cannot be read ({error.strerror}). {todo}") from error
    except ValidationError as error:
        raise InputError(mistakes(path, error, todo)) from error


def _values(figures: Mapping[str, Figure], found: Summary | ClipScore) -> Values:
    return {name: rounded(figure.of(found)) for name, figure in figures.items()}


def _changes(
    figures: Mapping[str, Figure], clip: str | None, was: Values, now: Values
) -> list[tuple[Change, bool]]:
    """The figures that differ, and whether for the worse."""
    found = []
    for name, figure in figures.items():
        old, new = was.get(name), now.get(name)
        if old is None:
            continue  # what was not measured cannot get worse
        gain = -float("inf") if new is None else (new - old if figure.better == "up" else old - new)
        if abs(gain) > figure.tolerance + 1e-9:
            found.append((Change(clip, name, old, new, figure.tolerance), gain < 0))
    return found
