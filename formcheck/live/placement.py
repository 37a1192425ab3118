"""Where the athlete is to the camera: the conditions under which a set can be judged, as lights.

They are coarse on purpose: each can be seen to in a moment, and what they let through the gates of
the numbers judge anew, by the set itself (docs/nordic-curl.md 9). All limits are [O] but those of a
gate, which stand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.live.state import Light, Status
from formcheck.measures.gates import KNEE_TO_HEAD
from formcheck.pose import Flags, Joint, PoseTrack
from formcheck.signals import Body
from formcheck.video.film import Picture
from formcheck.view import Posture, near_side
from formcheck.view.sides import thigh_px

LOOKED_AT_S = 1.5
"""The lights are of so many last seconds."""
PARTS = (
    ("head", Joint.EAR),
    ("shoulder", Joint.SHOULDER),
    ("hip", Joint.HIP),
    ("knee", Joint.KNEE),
    ("foot", Joint.ANKLE),
)
SEEN = 0.8
"""Share of the pictures in which a part has to be seen."""
SIDE_ON = (20.0, 45.0)
"""Degrees off the side view: green, and amber, up to which angles can be told (gate G4)."""
LARGE = (180.0, 100.0)
"""Pixels from knee to head from which it is green, and amber (gate G8)."""
SHORT = 0.25
"""Room that is lacking, in thigh lengths, up to which it is amber."""
BRIGHT = (60.0, 35.0)
"""Mean brightness, 0 to 255, from which it is green, and amber."""
GLARE = 225.0
"""Brightness from which the picture is washed out."""
RATE = (23.5, 14.0)
"""Pictures a second from which it is green (gate G1 of the break point), and amber (of times)."""
EVERY = 16
"""Of so many pixels one is looked at for the brightness."""


@dataclass(frozen=True)
class Placed:
    """A body before its set."""

    lights: tuple[Light, ...]
    in_place: bool
    """Whether it is where and how a rep begins."""

    @property
    def green(self) -> bool:
        """Whether all is as it should be."""
        return all(light.status == "green" for light in self.lights)


def brightness(rgb: Picture) -> float:
    """Mean of a picture (H, W, 3), 0 to 255."""
    return float(rgb[::EVERY, ::EVERY].mean())


def placed(track: PoseTrack, posture: Posture, bright: float) -> Placed:
    """The lights of the last seconds of a body. track: no longer than they are."""
    if not track.seen.any():
        nobody = Light(
            "whole body", "red", f"Nobody is seen. Come into the picture. {posture.ready}"
        )
        return Placed((nobody, *_filmed(track, bright)), in_place=False)
    side = near_side(track)
    facing = posture.facing(track, side)
    body = Body(track.points, track.visibility, side, facing)
    there = posture.in_place(track, body)
    lights = (
        _whole(body),
        _side_on(posture.yaw(body, there)),
        _room(body, posture, track.size),
        _large(body),
        *_filmed(track, bright),
    )
    recent = track.t_s >= track.t_s[-1] - 0.4
    return Placed(lights, in_place=bool(there[recent].mean() > SEEN) and recent.sum() >= 2)


def _filmed(track: PoseTrack, bright: float) -> tuple[Light, Light]:
    return _light(bright), _rate(track.frame_s)


def _graded(value: float, green: float, amber: float) -> Status:
    """Of what should be large; NaN is red."""
    return "green" if value >= green else "amber" if value >= amber else "red"


def _whole(body: Body) -> Light:
    name = "whole body"
    lacking = [(part, joint) for part, joint in PARTS if _seen(body, joint).mean() < SEEN]
    if not lacking:
        return Light(name, "green", "Your whole body is in the picture.")
    parts = " and ".join(part for part, _ in lacking)
    feet = all(joint is Joint.ANKLE for _, joint in lacking)
    return Light(
        name,
        "amber" if feet else "red",
        f"Your {parts} cannot be seen. Move the camera back, or turn it to you.",
    )


def _seen(body: Body, joint: Joint) -> Flags:
    return np.asarray(np.isfinite(body.at(joint)).all(axis=-1))


def _side_on(yaw: float | None) -> Light:
    """Told to about 10 degrees."""
    name = "side"
    if yaw is None:
        return Light(name, "red", "Turn your side to the camera.")
    status = _graded(-abs(yaw), -SIDE_ON[0], -SIDE_ON[1])
    if status == "green":
        return Light(name, status, "You are side on to the camera.")
    way = "away from" if yaw > 0 else "towards"
    return Light(
        name, status, f"Turn about {round(abs(yaw) / 10) * 10:.0f}° {way} the camera, side on."
    )


def _room(body: Body, posture: Posture, size: tuple[int, int]) -> Light:
    """Whether what the movement reaches lies in the picture."""
    name, (ahead, above) = "room", posture.reach
    long, knee = thigh_px(body), body.at(Joint.KNEE)
    with np.errstate(invalid="ignore"):
        u, v = (float(np.nanmedian(k)) if np.isfinite(k).any() else np.nan for k in knee.T)
    before = size[0] - u if body.facing == "right" else -u  # u runs the way the athlete faces
    lacks = max(ahead - before / long, above + v / long)  # v runs up, from the upper edge
    status = _graded(-lacks, 0.0, -SHORT)
    if status == "green":
        return Light(name, status, "There is room for the movement in the picture.")
    where = "above you" if above > ahead else "in front of you"
    return Light(name, status, f"Leave room {where} in the picture: move back, or the camera.")


def _large(body: Body) -> Light:
    name = "distance"
    status = _graded(KNEE_TO_HEAD * thigh_px(body), *LARGE)
    if status == "green":
        return Light(name, status, "You are large enough in the picture.")
    return Light(name, status, "You are small in the picture. Come closer, or zoom in.")


def _light(bright: float) -> Light:
    name = "light"
    if bright > GLARE:
        return Light(name, "amber", "The picture is too bright. Turn the camera off the window.")
    status = _graded(bright, *BRIGHT)
    said = "There is light enough." if status == "green" else "It is dark. Put on more light."
    return Light(name, status, said)


def _rate(frame_s: float) -> Light:
    name, rate = "frame rate", 1 / frame_s if frame_s > 0 else float("nan")
    status = _graded(rate, *RATE)
    if status == "green":
        return Light(name, status, f"{rate:.0f} pictures a second come.")
    few = "Too few pictures come" if np.isnan(rate) else f"Only {rate:.0f} pictures a second come"
    return Light(name, status, f"{few}. Put on more light, and close other programs.")
