"""What is seen in single pictures, here and there in a clip: how many bodies, and where."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from formcheck.pose import Array, Joint, Pose

EVERY_S, AT_LEAST = 1.0, 8
"""A look a second (design.md 4), and more often in a clip of fewer seconds than that [O]."""
GRACE_S = 1e-6
"""Seconds are not exact to the last bit."""
PEOPLE, CONFIDENCE = 3, 0.3
"""How many bodies a look may find and how sure it must be of them (design.md 4)."""
SAME = 0.2
"""Bodies nearer to each other than this, in body lengths, are one that was found twice [O]: the
partner of a real clip and his double stand 0.06 to 0.14 apart, two people from 0.35 on."""
CLEAR = 0.7
"""Mean visibility of shoulders, hips and knees of who is counted [O]: 0.76 to 0.97 for people in
real clips, hidden to the waist as they may be; nothing else was found in them."""


@dataclass(frozen=True)
class Sight:
    """One body in one look: its middle line from the knees to the shoulders."""

    pose: Pose

    @property
    def t(self) -> float:
        """Seconds."""
        return self.pose.t

    @cached_property
    def line(self) -> Array:
        """(3, 2) pixels: the middles of shoulders, hips and knees; NaN where not seen."""
        return middle_line(self.pose.points)

    @property
    def knee(self) -> Array:
        """(2,) pixels, between the knees."""
        return np.asarray(self.line[2])

    @property
    def body(self) -> Array:
        """(2,) pixels from the knees to the shoulders: shortened where it leans to the camera."""
        return np.asarray(self.line[0] - self.line[2])

    @property
    def shank(self) -> Array:
        """(2,) pixels from between the knees to between the ankles."""
        return np.asarray(self.pose.points[[27, 28], :2].mean(axis=0) - self.knee)

    @property
    def trunk(self) -> float:
        """Pixels from the hips to the shoulders."""
        return float(np.linalg.norm(self.line[0] - self.line[1]))

    @property
    def size(self) -> float:
        """Pixels of the body, by whatever of it is seen at full length; at least 1."""
        parts = np.linalg.norm(np.diff(self.line, axis=0), axis=1).max() * 2
        return max(float(np.linalg.norm(self.body)), float(parts), 1.0)

    @property
    def clear(self) -> bool:
        """Whether it is surely a body, and not a coat on a chair."""
        trunk_and_thighs = [j + side for j in (11, 23, 25) for side in (0, 1)]
        return float(self.pose.visibility[trunk_and_thighs].mean()) >= CLEAR


@dataclass(frozen=True)
class Look:
    """One picture, looked at on its own."""

    t: float
    """Seconds."""
    sights: tuple[Sight, ...]
    """The distinct bodies in it."""


def middle_line(points: Array) -> Array:
    """(..., 3, 2) pixels, the middles of shoulders, hips and knees, of (..., 33, 3)."""
    joints = (Joint.SHOULDER, Joint.HIP, Joint.KNEE)
    return np.stack([points[..., [j, j + 1], :2].mean(axis=-2) for j in joints], axis=-2)


def apart(line: Array, sight: Sight) -> float:
    """How far a body's middle line (3, 2) is from a sight, in the sight's size; NaN: not seen."""
    return float(np.linalg.norm(line - sight.line, axis=1).mean()) / sight.size


def look(t: float, poses: Iterable[Pose]) -> Look:
    """The look at `t`; who was found twice counts once."""
    kept: list[Sight] = []
    for sight in map(Sight, poses):
        whole = bool(np.isfinite(sight.line).all())
        if whole and all(apart(sight.line, k) >= SAME for k in kept):
            kept.append(sight)
    return Look(t, tuple(kept))


class Schedule:
    """When to look: at the first frame of every second, or part of one, of the clip's own clock.

    It has no memory, so that every piece of a clip is looked at as the whole would be."""

    def __init__(self, seconds: float | None, also: float | None = None) -> None:
        """seconds: of the clip, None where not known. also: a second not to be missed."""
        self._every = EVERY_S if seconds is None else min(EVERY_S, seconds / AT_LEAST)
        self._also = also

    def due(self, t: float, before: float) -> bool:
        """Whether to look at the frame at `t` seconds. before: the frame before, -inf: none."""
        asked = self._also is not None and before < self._also - GRACE_S <= t
        return asked or self._part(t) > self._part(before)

    def owes(self, last: float) -> bool:
        """Whether the second not to be missed is after the clip's last frame."""
        return self._also is not None and last < self._also - GRACE_S

    def _part(self, t: float) -> float:
        return float(np.floor((t + GRACE_S) / self._every))


def around(looks: Sequence[Look], t: float) -> list[Array]:
    """The points (33, 3) of everybody in the looks before and after `t`, for what must be kept
    clear of people."""
    place = bisect_right(looks, t, key=lambda one: one.t)
    near = looks[max(place - 1, 0) : place + 1]
    return [s.pose.points for one in near for s in one.sights]


def people(looks: Sequence[Look]) -> int:
    """How many people are in the picture at once, of those who are seen clearly."""
    return max((sum(s.clear for s in one.sights) for one in looks), default=0)
