"""What is fixed before a set is judged: whom, which side, how filmed, at rest how. A frozen value.

A recorded clip estimates it from the whole clip, live takes it from the placement; saved beside
the result and given back, the same poses give the same answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from formcheck.errors import InputError
from formcheck.plane import Camera, Plane

Side = Literal["left", "right"]
Mode = Literal["eccentric-concentric", "eccentric-only"]
Sex = Literal["female", "male"]
Clock = Literal["known", "assumed", "ramped"]
"""Of the time: known from the camera, a tag or the user; taken for the world's as long as the
movement bears it out; or running at more than one pace, so that no time in it can be told."""

FRONT_FROM_DEG = 60.0
"""Off the side view by more is called the front: what is oblique ends here [O]."""


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
    seen: bool = True
    """Whether landmarks were seen; where not, the belief is all there is."""

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


class Origin(_Frozen):
    """The clip that a setting was made from."""

    clip_sha256: str
    """Of the file's bytes."""
    track_sha256: str
    """The `fingerprint` of its pose track."""

    def same(self, other: Origin) -> bool:
        """Whether it is one clip: the same file, or the same poses, as of a clip and its pose.npz.
        The poses alone would not do: with another model or athlete they are others."""
        return self.clip_sha256 == other.clip_sha256 or self.track_sha256 == other.track_sha256


class Setting(_Frozen):
    """All that a session is told beforehand."""

    exercise: str | None = None
    """The name of the exercise whose body was read; None where nobody said, as before there were
    two."""
    side: Side
    """The near side, which is measured."""
    facing: Side
    """The way the athlete faces in the picture."""
    size: tuple[int, int]
    """Width and height of the picture in pixels."""
    frame_s: float = Field(gt=0)
    """Median time between frames, seconds of the world."""
    thigh_px: float = Field(gt=0)
    """Length of the near thigh in pixels."""
    upright_px: float | None = Field(default=None, gt=0)
    """Height of the shoulders over the knees while upright, pixels; known from the front only."""
    rest: dict[str, Rest] = {}
    """Rest of the named signals; empty where no rest was seen."""
    yaw_deg: float | None = None
    """Camera off the perpendicular: + sees the front of the athlete's side, - its back."""
    yaw_uncertainty_deg: float | None = None
    """Half-width of the 95 % interval of the yaw."""
    camera: Camera | None = None
    """The camera against the plane of motion, where the movement told it."""
    rectified: bool = False
    """Whether the signals are corrected for the view."""
    time_scale: float = Field(default=1.0, gt=0)
    """Seconds of the clip that are one second of the world: 4 for slow motion of a fourth. The
    session alone divides by it; all other times here are the world's."""
    clock: Clock = "assumed"
    capture_fps: float | None = Field(default=None, gt=0)
    """Frames a second that the camera took, where the user said so."""
    whom: Whom | None = None
    """None where that is not known, as of poses that came from elsewhere."""
    athlete: Athlete = Athlete()
    origin: Origin | None = None
    """None where it was not made from a clip."""
    later: tuple[Later, ...] = ()
    """How body and camera stood in the sets of the same clip that followed a rest away from the
    place, in their order; empty where there was no such rest."""

    @model_validator(mode="after")
    def _camera_known(self) -> Setting:
        if self.rectified and self.camera is None:
            raise ValueError("rectified is true, but there is no camera")
        return self

    @property
    def from_front(self) -> bool:
        """Whether the camera saw the athlete's front or back: there no sagittal angle is told."""
        return self.yaw_deg is not None and abs(self.yaw_deg) > FRONT_FROM_DEG

    @property
    def plane(self) -> Plane | None:
        """The plane that signals are measured in; None: in the picture."""
        if self.camera is None or not self.rectified:
            return None
        return Plane.of(self.camera, self.size, self.facing)

    def paced(self, time_scale: float, clock: Clock, capture_fps: float | None = None) -> Self:
        """The same setting on another clock."""
        slower = self.time_scale / time_scale
        later = tuple(
            Later(from_s=one.from_s * slower, setting=one.setting.paced(time_scale, clock))
            for one in self.later
        )
        return self.model_copy(
            update={
                "frame_s": self.frame_s * slower,
                "later": later,
                "time_scale": time_scale,
                "clock": clock,
                "capture_fps": capture_fps,
            }
        )

    def following(self, one: Setting) -> Self:
        """This setting for the whole clip of another: of one clip are its clock and its size, and
        what was said of the athlete."""
        kept = ("exercise", "time_scale", "clock", "capture_fps", "whom", "athlete", "origin")
        return self.model_copy(update={name: getattr(one, name) for name in kept})

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


class Later(_Frozen):
    """The setting of a later set of a clip."""

    from_s: float
    """From when on it holds, seconds of the world."""
    setting: Setting


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(error).splitlines()[0]
