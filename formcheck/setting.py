"""What is fixed before a set is judged: whom, which side, how filmed, at rest how. A frozen value.

A recorded clip estimates it from the whole clip, live takes it from the placement; saved beside
the result and given back, the same poses give the same answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from formcheck.errors import InputError

Side = Literal["left", "right"]
Mode = Literal["eccentric-concentric", "eccentric-only"]
Sex = Literal["female", "male"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Rest(_Frozen):
    """A segment's inclination at rest. Landmarks are not joint centres: their reading carries an
    error that is nearly constant in a clip, so the true rest comes from a prior (0.3b)."""

    landmark_deg: float
    """What the landmarks read at rest, degrees."""
    true_deg: float
    """The rest that is believed, degrees."""
    sd_deg: float
    """Standard deviation of that belief, degrees."""

    @property
    def offset_deg(self) -> float:
        """What to add to the landmarks' reading, degrees."""
        return self.true_deg - self.landmark_deg


class Athlete(_Frozen):
    """What the user says of the athlete and the exercise's variant."""

    mode: Mode = "eccentric-concentric"
    mass_kg: float | None = Field(default=None, gt=0, lt=400)
    height_m: float | None = Field(default=None, gt=0.5, lt=2.6)
    sex: Sex | None = None


class Whom(_Frozen):
    """Who of the people in the clip was followed."""

    people_seen: int | None = Field(default=None, ge=0)
    """How many were in the picture at once."""
    chosen_because: str
    """In plain words."""


class Setting(_Frozen):
    """All that a session is told beforehand."""

    side: Side
    """The near side, which is measured."""
    facing: Side
    """The way the athlete faces in the picture."""
    size: tuple[int, int]
    """Width and height of the picture in pixels."""
    frame_s: float = Field(gt=0)
    """Median time between frames, seconds."""
    thigh_px: float = Field(gt=0)
    """Length of the near thigh in pixels."""
    rest: dict[str, Rest] = {}
    """Rest of the named signals; empty where no rest was seen."""
    yaw_deg: float | None = None
    """Camera off the perpendicular: + sees the front of the athlete's side, - its back."""
    yaw_uncertainty_deg: float | None = None
    """Half-width of the 95 % interval of the yaw."""
    rectified: bool = False
    """Whether the signals are corrected for the view."""
    whom: Whom | None = None
    """None where that is not known, as of poses that came from elsewhere."""
    athlete: Athlete = Athlete()

    def save(self, path: Path) -> None:
        """Write the setting as JSON."""
        path.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Setting:
        """Read a setting written by `save`. Raises InputError when it is not one."""
        try:
            return cls.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, ValidationError) as error:
            raise InputError(
                f"{path.name}: this is not a setting of formcheck ({_first_line(error)}). "
                "Expected the setting.json that is written beside a report."
            ) from error


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(error).splitlines()[0]
