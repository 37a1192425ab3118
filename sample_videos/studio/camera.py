"""A camera: where it stands, where it looks, how it sways; and its picture as plain geometry."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from studio.arrays import Array

Side = Literal["right", "left"]

_NEAR_M, _FAR_M = 0.1, 40.0
_SWAY_HZ = (0.23, 0.61, 1.37)
"""A hand that holds a phone sways slowly, and trembles a little."""
_SWAY_M, _SWAY_DEG = 0.010, 0.35
"""Root mean square of the sway at `drift=1`."""


@dataclass(frozen=True)
class Camera:
    """A plain pinhole camera that keeps its place, or sways like one held by hand."""

    yaw_deg: float = 0.0
    """Round the athlete: + sees the front of the athlete's side, - its back, 90 the front."""
    height_m: float = 0.9
    distance_m: float = 3.4
    """From the aim, along the floor."""
    field_deg: float = 30.0
    """The field of view, vertically."""
    roll_deg: float = 0.0
    """+ turns what is seen clockwise in the picture (the camera is tilted to its left)."""
    aim: tuple[float, float, float] = (0.35, 0.0, 0.55)
    near: Side = "right"
    """The athlete's side that the camera sees; on the right side the athlete faces right."""
    drift: float = 0.0
    """How much it sways: 0 a tripod, 1 a quiet hand (1 cm, 0.35 degrees), 3 a restless one."""
    seed: int = 0
    """Chooses the sway."""

    @property
    def pitch_deg(self) -> float:
        """How far it looks down, degrees; negative looks up."""
        return math.degrees(math.atan2(self.height_m - self.aim[2], self.distance_m))

    @property
    def still(self) -> bool:
        """Whether every view of it is the same."""
        return self.drift == 0

    def view(self, t: float = 0.0) -> View:
        """What it sees at `t` seconds."""
        sway = self._sway(t)
        yaw = math.radians(self.yaw_deg)
        side = -1.0 if self.near == "right" else 1.0
        away = np.array([math.sin(yaw), side * math.cos(yaw), 0.0]) * self.distance_m
        aim = np.array(self.aim)
        eye = aim + away + sway[:3] * _SWAY_M
        eye[2] += self.height_m - aim[2]
        reach = math.hypot(self.distance_m, self.height_m - aim[2])
        look = aim + np.deg2rad(sway[3:6]) * _SWAY_DEG * reach
        return _view(eye, look, self.roll_deg + 0.6 * _SWAY_DEG * float(sway[6]), self.field_deg)

    def _sway(self, t: float) -> Array:
        """(7,) smooth waves of about unit size times the drift: place 3, aim 3, roll 1."""
        chance = np.random.default_rng(self.seed)
        phases = chance.uniform(0, 2 * np.pi, (7, len(_SWAY_HZ)))
        paces = np.array(_SWAY_HZ) * chance.uniform(0.8, 1.25, (7, len(_SWAY_HZ)))
        sizes = np.array([1.2, 0.7, 0.2])
        waves: Array = (sizes * np.sin(2 * np.pi * paces * t + phases)).sum(axis=1)
        return self.drift * waves


@dataclass(frozen=True)
class View:
    """A camera at one instant; `axes` are the picture's right, its up and straight back."""

    eye: Array
    """(3,) metres."""
    axes: Array
    """(3, 3) rows right, up, back: unit vectors."""
    field_deg: float

    def project(self, points: ArrayLike, size: tuple[int, int]) -> Array:
        """Where the points (N, 3) lie in a picture of `size` (width, height): pixels (N, 2).

        (0, 0) is the outer corner of the top left pixel, y grows downwards. A point behind the
        camera is NaN.
        """
        seen = (np.asarray(points, float) - self.eye) @ self.axes.T
        depth = np.where(seen[:, 2] < -1e-9, -seen[:, 2], np.nan)
        width, height = size
        focal = height / 2 * self._focal
        return np.stack(
            [width / 2 + focal * seen[:, 0] / depth, height / 2 - focal * seen[:, 1] / depth],
            axis=1,
        )

    def matrix(self, aspect: float) -> Array:
        """The (4, 4) matrix from world to clip space, for a picture `aspect` times as wide as high.

        Column vectors; OpenGL's conventions.
        """
        near, far = _NEAR_M, _FAR_M
        to_camera = np.eye(4)
        to_camera[:3, :3] = self.axes
        to_camera[:3, 3] = -self.axes @ self.eye
        lens = np.zeros((4, 4))
        lens[0, 0], lens[1, 1] = self._focal / aspect, self._focal
        lens[2, 2:] = (far + near) / (near - far), 2 * far * near / (near - far)
        lens[3, 2] = -1
        return lens @ to_camera

    @cached_property
    def _focal(self) -> float:
        """The focal length in half picture heights."""
        return 1 / math.tan(math.radians(self.field_deg) / 2)


def _view(eye: Array, look: Array, roll_deg: float, field_deg: float) -> View:
    back = eye - look
    back /= np.linalg.norm(back)
    right = np.cross([0.0, 0.0, 1.0], back)
    right /= np.linalg.norm(right)
    up = np.cross(back, right)
    turn = math.radians(roll_deg)  # axes turned anticlockwise turn what is seen clockwise
    rolled = math.cos(turn) * right + math.sin(turn) * up
    return View(eye, np.stack([rolled, np.cross(back, rolled), back]), field_deg)
