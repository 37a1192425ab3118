"""What the view must know of the body of an exercise: the frames in which it is in its place, the
way it faces, how its movement tells where the camera stood, and its rests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from formcheck.pose import Array, Flags, PoseTrack
from formcheck.setting import Rest, Side
from formcheck.signals import Body
from formcheck.view import camera, lying, rest, sides
from formcheck.view.camera import Stood


@dataclass(frozen=True)
class Posture:
    """The body of an exercise, as `estimate` has to know it."""

    name: str
    facing: Callable[[PoseTrack, Side], Side]
    """The way it faces in the picture, given its near side."""
    in_place: Callable[[PoseTrack, Body], Flags]
    """(T,) the frames in which the body is where it exercises and told from other postures."""
    stood: Callable[[PoseTrack, Body, Flags], Stood]
    """Where the camera stood, given those frames."""
    rests: Callable[[PoseTrack, Body, Flags], Mapping[str, Rest]]
    """The rests of its signals, given those frames and the plane of motion, if it is known."""
    yaw: Callable[[Body, Flags], float | None]
    """Degrees off the side view from left and right alone, told to 20; None where it is not."""
    down: Callable[[PoseTrack], Array]
    """(T,) whether the body is down where it exercises, at whatever point of a rep: 1, or 0 on its
    feet; NaN where it was not seen. Wants no side and no place, so that it holds of any clip."""
    reach: tuple[float, float]
    """How far ahead of the knee and above it the movement goes, thigh lengths: what has to be free
    and in the picture [O]."""
    ready: str
    """What the athlete does before the first rep, as a coach says it."""
    shin: Callable[[Body, Flags], tuple[float, float] | None] = lambda body, frames: None
    """Where a knee that did not keep its place belongs, from its ankle; None: where it is seen."""
    upright_px: Callable[[Body], float | None] = lambda body: None
    """What a front view measures heights against, pixels; None: nothing is told from there."""


KNEELING = Posture(
    name="kneeling",
    facing=sides.facing_of,
    in_place=lambda track, body: rest.kneeling_in(body),
    stood=camera.stood,
    rests=rest.rests,
    yaw=camera.coarse_yaw,
    down=sides.shins_down,
    reach=(2.9, 0.0),  # knee to head, laid down
    ready="Kneel tall and hold still.",
    shin=rest.shin,
    upright_px=camera.upright_height,
)
"""On the knees, ankles held, the body lowered and raised over them; it faces where the knee is in
front of the ankle."""

PRONE = Posture(
    name="prone",
    facing=lying.headed,
    in_place=lying.lying_in,
    stood=lying.stood,
    rests=lying.rests,
    yaw=lying.coarse_yaw,
    down=sides.trunk_down,
    reach=(0.0, 1.3),  # the shank and the foot, stood up
    ready="Lie down, legs straight, and hold still.",
)
"""Face down, thigh and trunk supported, the shank swinging about the knee; it faces the way the
head points."""
