"""A pinhole camera without roll against the vertical plane that a body moves in.

The plane goes through the near knee. In it u points the way the athlete faces, v up, in lengths of
the near thigh; (0, 0) is the knee. Yaw turns the camera off the side view: + sees the front of the
athlete's side, - its back. Pitch is how far it looks down. Whatever faces left is mirrored first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from formcheck.pose import Array, Joint

PARAMETERS = ("log distance", "yaw", "pitch", "log focal", "shoulder depth")
"""The order of the covariance; angles in radians, the depth in thigh lengths."""

JOINTS = (Joint.ANKLE, Joint.KNEE, Joint.HIP, Joint.SHOULDER)
"""What lies in the plane: arms and feet do not."""


class Camera(BaseModel):
    """How a camera stood, and how surely that is known: a frozen part of the setting."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    knee_px: tuple[float, float]
    """The near knee in the picture, pixels from the top left corner."""
    distance: float = Field(gt=0)
    """From the lens to the near knee, in lengths of the near thigh."""
    yaw_deg: float = Field(ge=-90, le=90)
    """+ sees the front of the athlete's side, - its back."""
    pitch_deg: float = Field(ge=-90, le=90)
    """+ looks down."""
    focal: float = Field(gt=0)
    """Focal length over the longer side of the picture."""
    shoulder_depth: float = Field(gt=-2, lt=2)
    """How far the near shoulder lies behind the plane, thigh lengths: wider than the hips, it
    stands nearer to the camera, and this is negative."""
    still: bool = True
    """Whether the knee kept its place: then its landmark's own wandering is not believed."""
    shin: tuple[float, float] | None = None
    """From the near ankle to the knee of an upright body, u and v in thigh lengths. Where the knee
    did not keep its place and the ankle is seen well, the knee is put there; None: it is not."""
    covariance: tuple[tuple[float, ...], ...]
    """(5, 5) of log distance, yaw, pitch and log focal, radians, and the shoulder's depth."""

    @model_validator(mode="after")
    def _known(self) -> Camera:
        n = len(PARAMETERS)
        if [len(row) for row in self.covariance] != [n] * n:
            raise ValueError(f"covariance must have {n} rows of {n} numbers")
        matrix = np.array(self.covariance)
        if not np.allclose(matrix, matrix.T):
            raise ValueError("covariance must be symmetric")
        if np.linalg.eigvalsh(matrix).min() < -1e-9:
            raise ValueError("covariance must not be negative")
        return self

    @property
    def yaw_sd_deg(self) -> float:
        """Standard deviation of the yaw, degrees."""
        return float(np.degrees(np.sqrt(self.covariance[1][1])))

    @property
    def pitch_sd_deg(self) -> float:
        """Standard deviation of the pitch, degrees."""
        return float(np.degrees(np.sqrt(self.covariance[2][2])))


@dataclass(frozen=True)
class Plane:
    """The plane of motion as one camera, or as many (B cameras: arrays of the shape (B, 1)), see
    it: from the picture onto the plane, and back."""

    size: tuple[int, int]
    """Width and height of the picture, pixels."""
    facing: str
    """The way the athlete faces in the picture, "left" or "right"."""
    knee_px: tuple[float, float]
    """The near knee, which is the plane's origin, pixels."""
    distance: float | Array
    """Thigh lengths."""
    yaw: float | Array
    """Radians."""
    pitch: float | Array
    """Radians."""
    focal: float | Array
    """Over the longer side of the picture."""
    shoulder_depth: float | Array = 0.0
    """How far the near shoulder lies behind the plane, thigh lengths."""
    still: bool = False
    """Whether the knee is always at the origin, wherever its landmark is."""
    shin: tuple[float, float] | None = None
    """From the ankle to the knee, where the knee's own landmark is not believed."""

    @classmethod
    def of(cls, camera: Camera, size: tuple[int, int], facing: str) -> Plane:
        """As the camera is believed to have stood."""
        return cls._moved(camera, size, facing, np.zeros(len(PARAMETERS)))

    @classmethod
    def others(cls, camera: Camera, size: tuple[int, int], facing: str) -> Plane:
        """As it may have stood: 10 cameras whose mean square deviation from the one believed is
        the covariance (the sigma points of an unscented transform)."""
        values, vectors = np.linalg.eigh(np.array(camera.covariance))
        steps = vectors * np.sqrt(np.clip(values, 0, None) * len(PARAMETERS))
        return cls._moved(camera, size, facing, np.concatenate([steps.T, -steps.T])[:, :, None])

    @classmethod
    def _moved(cls, camera: Camera, size: tuple[int, int], facing: str, by: Array) -> Plane:
        """by: the change of the parameters, in their order, (5,) or (B, 5, 1)."""
        away, yaw, pitch, focal, depth = np.moveaxis(by, -1 if by.ndim == 1 else 1, 0)
        return cls(
            size=size,
            facing=facing,
            knee_px=camera.knee_px,
            distance=camera.distance * np.exp(away),
            yaw=np.radians(camera.yaw_deg) + yaw,
            pitch=np.radians(camera.pitch_deg) + pitch,
            focal=camera.focal * np.exp(focal),
            shoulder_depth=camera.shoulder_depth + depth,
            still=camera.still,
            shin=camera.shin,
        )

    def joints(self, near: Array) -> Array:
        """(..., 4, 2) u and v of the near JOINTS seen at the pixels (..., 4, 2); NaN where not
        seen."""
        depth = np.array([0.0, 0.0, 0.0, float(self.shoulder_depth)])
        places = self.onto(near, depth)
        if self.still:
            places[..., 1, :] = np.where(np.isfinite(near[..., 1, :]), 0.0, np.nan)
        elif self.shin is not None:
            by_ankle = places[..., 0, :] + self.shin
            places[..., 1, :] = np.where(np.isfinite(by_ankle), by_ankle, places[..., 1, :])
        return places

    def onto(self, pixels: Array, depth: float | Array = 0.0) -> Array:
        """(..., 2) u and v in thigh lengths of points (..., 2) in the picture that lie in the
        plane, or `depth` behind it (towards the far side of the body); NaN where not seen, or
        where the ray does not meet the plane before the camera."""
        ray, (knee, along, off) = self._rays(pixels), self._frame
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = (_dot(knee, off) + depth) / _dot(ray, off)
            reach = np.where(reach > 0, reach, np.nan)
            u = reach * _dot(ray, along) - _dot(knee, along)
            v = reach * ray[1] - knee[1]
        return np.stack(np.broadcast_arrays(u, v), -1)

    def picture(self, places: Array, depth: float | Array = 0.0) -> Array:
        """(..., 2) pixels of the places (..., 2) in the plane, or `depth` thighs behind it."""
        knee, along, off = self._frame
        x, z = (knee[i] + places[..., 0] * along[i] + depth * off[i] for i in (0, 2))
        y = knee[1] + places[..., 1]
        c, s = np.cos(self.pitch), np.sin(self.pitch)
        away, focal = z * c - y * s, self._focal_px
        right = focal * x / away
        up = focal * (y * c + z * s) / away
        width, height = self.size
        sign = 1.0 if self.facing == "right" else -1.0
        return np.stack(np.broadcast_arrays(width / 2 + sign * right, height / 2 - up), -1)

    @property
    def _focal_px(self) -> float | Array:
        return self.focal * max(self.size)

    def _rays(self, pixels: Array) -> tuple[Array, Array, Array]:
        """Right, up and away of the rays through the picture's points, in the level world."""
        width, height = self.size
        sign = 1.0 if self.facing == "right" else -1.0
        x = sign * (pixels[..., 0] - width / 2) / self._focal_px
        y = (height / 2 - pixels[..., 1]) / self._focal_px
        c, s = np.cos(self.pitch), np.sin(self.pitch)
        return x, y * c - s, y * s + c

    @cached_property
    def _frame(self) -> tuple[tuple[Array, ...], tuple[Array, ...], tuple[Array, ...]]:
        """The knee in thigh lengths from the lens, the way the athlete faces, and the plane's
        normal away from the camera: right, up, away."""
        ray = self._rays(np.array(self.knee_px))
        long = self.distance / np.sqrt(_dot(ray, ray))
        c, s, none = np.cos(self.yaw), np.sin(self.yaw), np.zeros_like(self.yaw)
        knee = tuple(np.asarray(long * part) for part in ray)
        return knee, (c, none, -s), (s, none, c)


def _dot(a: tuple[Array, ...], b: tuple[Array, ...]) -> Array:
    total: Array = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    return total
