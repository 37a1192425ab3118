"""What is known of a clip: `NAME.truth.json` beside it, in the form that labs can write too.

Times are seconds of the file, durations seconds of the body; angles degrees. Null is not known.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from formcheck.errors import InputError
from formcheck.exercise import Exercise
from formcheck.exercises import EXERCISES
from formcheck.files import shown
from formcheck.look import Phase
from formcheck.setting import Mode

SUFFIX = ".truth.json"
UNITS = {"deg": "_deg", "deg/s": "_deg_s", "s": "_s", "1": "", "N·m": "_nm",
         "N·m/kg": "_nm_per_kg", "deg/rep": "_deg_per_rep", "count": "_count"}  # fmt: skip
"""What the name of a measure's true value ends in, after the measure's own."""
MEASURES = {
    field: measure.name
    for exercise in EXERCISES.values()
    for measure in exercise.measures
    for field in (f"{measure.name}{UNITS[measure.unit]}", measure.name)
}
"""The fields of a rep that hold true values of measures -> the measure."""
NEAR = 0.9
"""How alike an unknown name must be to a known one to be taken for a slip of the pen."""
MOST_SAID = 3
"""Mistakes of a file that are named at once."""


class _Known(BaseModel):
    """Strict about what it knows; what else a file holds is left alone."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True, allow_inf_nan=False)

    @model_validator(mode="after")
    def _spelled_right(self) -> Self:
        """A misspelt optional field would be lost without a word."""
        known = {*type(self).model_fields, *self.optional()}
        free = sorted(known - self.model_fields_set)
        for name in set(self.model_extra or ()) - known:
            for meant in difflib.get_close_matches(name, free, 1, NEAR):
                raise ValueError(f"there is no field {name!r}; did you mean {meant!r}?")
        return self

    @classmethod
    def optional(cls) -> Collection[str]:
        """Names of what else it knows."""
        return ()


class Camera(_Known):
    """Where it stood; yaw + sees the front of the athlete's side."""

    yaw_deg: float | None
    pitch_deg: float | None
    height_m: float | None
    distance_m: float | None


class Person(_Known):
    """Who was filmed."""

    height_m: float | None
    mass_kg: float | None
    sex: Literal["female", "male"] | None


class TrueRep(_Known):
    """A rep as it was: its moments, and the true values of its measures, of which it may hold any
    under `MEASURES`."""

    start_s: float
    break_s: float | None = None
    catch_s: float | None = None
    bottom_s: float | None = None
    release_s: float | None = None
    top_s: float | None = None
    lower_s: float | None = None
    end_s: float | None
    kind: Literal["full", "partial", "no-return", "attempt"]
    outcome: str | None = None
    """How its main number came about, in the exercise's terms."""

    @classmethod
    def optional(cls) -> Collection[str]:
        """The measures of all exercises."""
        return MEASURES

    @property
    def turn_s(self) -> float:
        """Where it turns back, its bottom or its top."""
        return (self.top_s or 0.0) if self.bottom_s is None else self.bottom_s

    @property
    def measures(self) -> dict[str, float]:
        """The true values that are known, by the measure's name."""
        told = self.model_extra or {}
        return {MEASURES[n]: float(v) for n, v in told.items() if n in MEASURES and v is not None}

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.bottom_s is None and self.top_s is None:
            raise ValueError("expected bottom_s or top_s, where it turns back")
        turn, end = self.turn_s, self.end_s
        if turn < self.start_s or (end is not None and end < turn):
            raise ValueError("expected start_s, bottom_s or top_s, and end_s in this order")
        return self

    @model_validator(mode="after")
    def _numbers(self) -> Self:
        for name in MEASURES.keys() & (self.model_extra or {}).keys():
            value = (self.model_extra or {})[name]
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if value is not None and not (number and np.isfinite(value)):
                raise ValueError(f"{name} is {value!r}, expected a number or null")
        return self


class Fault(_Known):
    """What is wrong; rep: its place in `reps` from 1, null: the whole set."""

    rep: Annotated[int, Field(ge=1)] | None
    check: str


class Refusal(_Known):
    """What an honest checker does not give on this clip."""

    measure: str
    reason: str = ""


Angles = tuple[float | None, ...]


class Frames(_Known):
    """The true angles, sagittal, left and right averaged, and the phase, frame by frame."""

    t_s: tuple[float, ...]
    thigh_lean_deg: Angles
    knee_flexion_deg: Angles
    hip_flexion_deg: Angles
    phase: tuple[str | None, ...]

    @model_validator(mode="after")
    def _whole(self) -> Frames:
        for name in ("thigh_lean_deg", "knee_flexion_deg", "hip_flexion_deg", "phase"):
            if (n := len(getattr(self, name))) != len(self.t_s):
                raise ValueError(f"{name} has {n} entries, expected {len(self.t_s)} as in t_s")
        if any(b <= a for a, b in zip(self.t_s, self.t_s[1:], strict=False)):
            raise ValueError("t_s must increase")
        return self


class Truth(_Known):
    """A truth file. What the contract names must be there; the rest may."""

    exercise: str
    fps: float = Field(gt=0)
    camera: Camera
    athlete: Person
    reps: tuple[TrueRep, ...]
    faults: tuple[Fault, ...]
    frames: Frames
    description: str = ""
    easy: bool = False
    """The pose model is meant to hold the athlete in nearly every frame."""
    awaits: str | None = None
    """The work that this clip is meant for, where it is not there yet."""
    time_scale: float = Field(default=1.0, gt=0)
    """Seconds of the file in a second of the body."""
    mode: Mode = "eccentric-concentric"
    """What the athlete would say of the exercise: the one thing that the analysis is told."""
    borderline: tuple[Fault, ...] | None = None
    """What lies between a check's limits: naming it or not is both right. None: not told."""
    notes: tuple[Fault, ...] = ()
    """What a check may note of a rep, naming it or not is both right; and what it has to of the
    set."""
    refusals: tuple[Refusal, ...] | None = None
    """None: not told."""

    @model_validator(mode="after")
    def _fits_its_exercise(self) -> Self:
        """Its reps have the moments and the main number of the exercise, and its phases."""
        exercise = EXERCISES.get(self.exercise)
        told = exercise.look.phases if exercise else every_phase()
        phases = ("rest", *dict.fromkeys(phase.name for phase in told))
        for i, phase in enumerate(self.frames.phase, 1):
            if phase is not None and phase not in phases:
                names = ", ".join(phases)
                raise ValueError(f"frames.phase[{i}] is {phase!r}, expected {names} or null")
        for i, rep in enumerate(self.reps if exercise else (), 1):
            for fields in _asked(exercise):
                if not rep.model_fields_set & set(fields):
                    raise ValueError(f"reps[{i}].{fields[0]} is missing; null where not known")
        return self

    @model_validator(mode="after")
    def _reps_exist(self) -> Self:
        for fault in (*self.faults, *(self.borderline or ()), *self.notes):
            if fault.rep is not None and fault.rep > len(self.reps):
                raise ValueError(f"{fault.check} names rep {fault.rep} of {len(self.reps)}")
        return self


def every_phase() -> tuple[Phase, ...]:
    """The phases of all exercises."""
    return tuple(phase for e in EXERCISES.values() for phase in e.look.phases)


def _asked(exercise: Exercise | None) -> Iterator[tuple[str, ...]]:
    """The fields that a rep of an exercise must have: of each group one."""
    if exercise is not None:
        yield from ((name,) for name in exercise.moments)
        yield tuple(f for f, measure in MEASURES.items() if measure == exercise.headline)


def read_truth(path: Path) -> Truth:
    """Read a truth file. Raises InputError, which names the file and each field that is wrong."""
    try:
        return Truth.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{shown(path)}: cannot be read ({error.strerror}).") from error
    except ValidationError as error:
        raise InputError(
            mistakes(path, error, "docs/accuracy.md says how a truth file is written.")
        ) from error


def mistakes(path: Path, error: ValidationError, todo: str) -> str:
    """What is wrong with a file of known values, in a sentence."""
    found = error.errors(include_url=False)
    said = [f"{_place(e['loc'])}: {_words(e)}" for e in found[:MOST_SAID]]
    rest = [f"{len(found) - MOST_SAID} more"] if len(found) > MOST_SAID else []
    return f"{shown(path)}: this is not in the expected form: {'; '.join([*said, *rest])}. {todo}"


def _place(steps: tuple[int | str, ...]) -> str:
    """reps[2].start_s; the whole file has no place."""
    text = "".join(f"[{s + 1}]" if isinstance(s, int) else f".{s}" for s in steps)
    return text.removeprefix(".") or "the file"


def _words(error: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    if error["type"] == "missing":
        return "is missing"
    said: str = error["msg"].removeprefix("Value error, ")
    return said[0].lower() + said[1:]
