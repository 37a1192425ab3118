"""Angles and inclinations of a pose: stateless geometry in the sagittal plane.

Conventions (nordic-curl.md 0.2, 0.3): pixels, never normalised coordinates; u points the way the
athlete faces, v points up; degrees; leans are + forward, flexion is + and 0 is a straight joint.
Every signal works on one pose or on a whole track: leading axes are kept. Tilts and slopes are
those in the plane of motion where the camera is known; bends are the picture's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from formcheck.plane import JOINTS, Plane
from formcheck.pose import Array, Joint, Pose, PoseTrack

LEAN_CENTRE = 45.0
"""Leans are given in (centre - 180, centre + 180]: a body that lies down crosses 180 degrees
without a jump, and nobody leans 135 degrees backward."""


@dataclass(frozen=True)
class Body:
    """The near side of a body, turned so that it faces +u."""

    points: Array
    """(..., 33, 3) pixels, as in a Pose or a PoseTrack; NaN where not seen."""
    visibility: Array
    """(..., 33) 0 to 1; NaN where not seen."""
    side: str
    """The near side, "left" or "right"."""
    facing: str
    """The way the athlete faces in the picture, "left" or "right"."""
    plane: Plane | None = None
    """The plane of motion, where the camera against it is known."""

    @cached_property
    def _turned(self) -> Array:
        """(..., 33, 2) u and v of all points."""
        turned: Array = self.points[..., :2] * (1.0 if self.facing == "right" else -1.0, -1.0)
        return turned

    def at(self, joint: Joint) -> Array:
        """(..., 2) u and v of the near joint in pixels; NaN where not seen."""
        return self._turned[..., joint.on(self.side), :]

    def placed(self, joint: Joint) -> Array:
        """(..., 2) u and v of the near joint in the plane of motion, in thigh lengths; in the
        picture, in pixels, where the plane is not known. NaN where not seen."""
        if self.plane is None:
            return self.at(joint)
        placed: Array = self._placed[..., JOINTS.index(joint), :]
        return placed

    @cached_property
    def _placed(self) -> Array:
        """(..., 4, 2) the JOINTS in the plane of motion."""
        assert self.plane is not None
        return self.plane.joints(self.points[..., [j.on(self.side) for j in JOINTS], :2])

    def middle(self, joint: Joint) -> Array:
        """(..., 2) u and v in pixels of the middle between left and right; NaN where not seen."""
        both = [self._turned[..., joint.on(side), :] for side in ("left", "right")]
        return np.asarray(np.mean(both, axis=0))

    def both_seen(self, *joints: Joint) -> Array:
        """(...) the least visibility of the joints of both sides; NaN where not seen."""
        marks = [j.on(side) for j in joints for side in ("left", "right")]
        return np.asarray(self.visibility[..., marks].min(axis=-1))

    def seen(self, *joints: Joint) -> Array:
        """(...) the least visibility of the near joints; NaN where not seen."""
        result: Array = self.visibility[..., [j.on(self.side) for j in joints]].min(axis=-1)
        return result


Row = Mapping[str, Array]
"""Signals already measured on the same body, by name."""


class Signal(Protocol):
    """One number of a body: an angle, an inclination or a place."""

    @property
    def unit(self) -> str:
        """The unit, "deg" or "thigh" (thigh lengths)."""

    def __call__(self, body: Body, row: Row) -> tuple[Array, Array]:
        """Value and visibility, each of the body's leading shape; NaN where not seen."""


def lean(low: Array, high: Array) -> Array:
    """Inclination of low -> high from vertical in degrees, + forward; (..., 2) points in u, v."""
    d = high - low
    angle = np.degrees(np.arctan2(d[..., 0], d[..., 1]))
    wrapped: Array = LEAN_CENTRE + (angle - LEAN_CENTRE + 180) % 360 - 180
    return wrapped


def slope(back: Array, front: Array) -> Array:
    """Angle of back -> front over the horizontal in degrees, + where the front is higher."""
    d = front - back
    return np.degrees(np.arctan2(d[..., 1], d[..., 0]))


def included(a: Array, corner: Array, c: Array) -> Array:
    """The angle a-corner-c in degrees, 0 to 180."""
    p, q = a - corner, c - corner
    cross = p[..., 0] * q[..., 1] - p[..., 1] * q[..., 0]
    angle: Array = np.degrees(np.arctan2(np.abs(cross), (p * q).sum(-1)))
    return angle


@dataclass(frozen=True)
class Tilt:
    """Inclination of a segment from vertical, + forward (thigh_lean, trunk_lean, body_lean)."""

    low: Joint
    high: Joint
    offset: float = 0.0
    """Added, in degrees: from what the landmarks read at rest to the true rest (0.3b)."""
    unit: str = "deg"

    def __call__(self, body: Body, row: Row) -> tuple[Array, Array]:
        value = lean(body.placed(self.low), body.placed(self.high)) + self.offset
        return value, body.seen(self.low, self.high)


@dataclass(frozen=True)
class Slope:
    """Angle of a segment over the horizontal (shank_pitch), + where its front end is higher."""

    back: Joint
    front: Joint
    unit: str = "deg"

    def __call__(self, body: Body, row: Row) -> tuple[Array, Array]:
        value = slope(body.placed(self.back), body.placed(self.front))
        return value, body.seen(self.back, self.front)


@dataclass(frozen=True)
class Bend:
    """Flexion of a joint, 180 minus the included angle: 0 is straight (elbow_flexion)."""

    above: Joint
    joint: Joint
    below: Joint
    unit: str = "deg"

    def __call__(self, body: Body, row: Row) -> tuple[Array, Array]:
        joints = (self.above, self.joint, self.below)
        return 180 - included(*(body.at(j) for j in joints)), body.seen(*joints)


@dataclass(frozen=True)
class Turn:
    """How far a part turns from the line of the part below it, in the picture: + forward, 0 is in
    one line (neck_angle)."""

    low: Joint
    joint: Joint
    high: Joint
    unit: str = "deg"

    def __call__(self, body: Body, row: Row) -> tuple[Array, Array]:
        low, joint, high = (body.at(j) for j in (self.low, self.joint, self.high))
        turned = (lean(joint, high) - lean(low, joint) + 180) % 360 - 180
        return turned, body.seen(self.low, self.joint, self.high)


@dataclass(frozen=True)
class Dorsiflexion:
    """90 minus the angle between shank and foot; 0 is a right angle, - is plantarflexed."""

    unit: str = "deg"

    def __call__(self, body: Body, row: Row) -> tuple[Array, Array]:
        joints = (Joint.KNEE, Joint.ANKLE, Joint.HEEL, Joint.FOOT_INDEX)
        knee, ankle, heel, toe = (body.at(j) for j in joints)
        return 90 - included(knee, ankle, ankle + toe - heel), body.seen(*joints)


@dataclass(frozen=True)
class Combined:
    """constant + the sum of weight x signal, of signals measured before (hip = trunk - thigh)."""

    weights: Mapping[str, float]
    constant: float = 0.0
    unit: str = "deg"

    def __call__(self, body: Body, row: Row) -> tuple[Array, Array]:
        parts = [w * row[n] for n, w in self.weights.items()]
        value: Array = self.constant + np.sum(parts, axis=0)
        seen: Array = np.min([row[f"{n} seen"] for n in self.weights], axis=0)
        return value, seen


@dataclass(frozen=True)
class Place:
    """One coordinate of a joint in the picture, in thigh lengths: u forward, v up."""

    joint: Joint
    axis: str
    thigh_px: float
    unit: str = "thigh"

    def __call__(self, body: Body, row: Row) -> tuple[Array, Array]:
        value = body.at(self.joint)[..., "uv".index(self.axis)] / self.thigh_px
        return value, body.seen(self.joint)


@dataclass(frozen=True)
class Length:
    """Distance of two joints in the plane of motion, in thigh lengths: constant there. In the
    picture, where the plane is not known, it is constant seen squarely from the side only."""

    low: Joint
    high: Joint
    thigh_px: float
    unit: str = "thigh"

    def __call__(self, body: Body, row: Row) -> tuple[Array, Array]:
        long = np.linalg.norm(body.placed(self.high) - body.placed(self.low), axis=-1)
        value = long / (self.thigh_px if body.plane is None else 1.0)
        return value, body.seen(self.low, self.high)


@dataclass(frozen=True)
class Sinking:
    """How far the shoulders have come down over the knees, as the lean of a straight body would
    show it: 0 upright, 90 level with the knees. What is left of the lean from the front."""

    upright_px: float
    unit: str = "deg"

    def __call__(self, body: Body, row: Row) -> tuple[Array, Array]:
        height = (body.middle(Joint.SHOULDER) - body.middle(Joint.KNEE))[..., 1]
        value: Array = np.degrees(np.arccos(np.clip(height / self.upright_px, -1, 1)))
        return value, body.both_seen(Joint.SHOULDER, Joint.KNEE)


@dataclass(frozen=True)
class Height:
    """How high the middle of a joint lies over that of the knees, in thigh lengths."""

    joint: Joint
    thigh_px: float
    unit: str = "thigh"

    def __call__(self, body: Body, row: Row) -> tuple[Array, Array]:
        height = (body.middle(self.joint) - body.middle(Joint.KNEE))[..., 1]
        return height / self.thigh_px, body.both_seen(self.joint, Joint.KNEE)


@dataclass(frozen=True)
class Hidden:
    """What cannot be told from where the camera stands: NaN."""

    of: Signal

    @property
    def unit(self) -> str:
        """That of what is hidden."""
        return self.of.unit

    def __call__(self, body: Body, row: Row) -> tuple[Array, Array]:
        value, seen = self.of(body, row)
        return np.full_like(value, np.nan), seen


def measured(signals: Mapping[str, Signal], body: Body) -> tuple[Array, Array]:
    """All signals of a body, in their order: values and visibilities, (..., S) each."""
    row: dict[str, Array] = {}
    for name, signal in signals.items():
        row[name], row[f"{name} seen"] = signal(body, row)
    values = np.stack([row[n] for n in signals], -1)
    return values, np.stack([row[f"{n} seen"] for n in signals], -1)


class Rows:
    """Signals pose by pose. Those of a whole track are measured many poses at once: the same bits,
    in a fiftieth of the time."""

    AT_ONCE = 2000

    def __init__(self, track: PoseTrack | None = None) -> None:
        """track: of which the poses will be; None: not known before they come."""
        self._track = track.steadied() if track is not None else None
        self._first = 0
        self._by: Mapping[str, Signal] | None = None
        self._values = self._seen = np.zeros((0, 0))

    def of(
        self, pose: Pose, signals: Mapping[str, Signal], side: str, facing: str,
        plane: Plane | None,
    ) -> tuple[Array, Array]:  # fmt: skip
        """Values and visibilities, (S,) each, of a pose."""
        i = self._place(pose.t)
        if self._track is None or i < 0:
            return measured(signals, Body(pose.steady, pose.visibility, side, facing, plane))
        if signals is not self._by or not 0 <= i - self._first < len(self._values):
            part = slice(i, i + self.AT_ONCE)
            points, visibility = self._track.points[part], self._track.visibility[part]
            self._first, self._by = i, signals
            body = Body(points, visibility, side, facing, plane)
            self._values, self._seen = measured(signals, body)
        return self._values[i - self._first], self._seen[i - self._first]

    def _place(self, t: float) -> int:
        """The frame at a second; -1: none is."""
        t_s = np.zeros(0) if self._track is None else self._track.t_s
        i = int(np.searchsorted(t_s, t))
        return i if i < len(t_s) and t_s[i] == t else -1
