"""The athlete and the camera against each other, from a whole pose track: the setting of a set.

The camera comes from the movement itself (fit.py), and with it the rest in the plane of motion.
"""

from __future__ import annotations

from dataclasses import replace

from formcheck.plane import Plane
from formcheck.pose import PoseTrack
from formcheck.setting import FRONT_FROM_DEG, Athlete, Setting
from formcheck.signals import Body
from formcheck.view.posture import KNEELING, PRONE, Posture
from formcheck.view.sides import facing_of, near_side, thigh_px

__all__ = ["KNEELING", "PRONE", "Posture", "estimate", "facing_of", "near_side"]


def estimate(
    track: PoseTrack, athlete: Athlete | None = None, posture: Posture = KNEELING
) -> Setting:
    """The setting of a recorded set, with hindsight over the whole clip.

    posture: of the exercise's body. Where nobody was seen it is a blank: right, without rest and
    view.
    """
    if not track.seen.any():
        blank = athlete or Athlete()
        return Setting(
            side="right",
            facing="right",
            size=track.size,
            frame_s=_frame_s(track),
            thigh_px=1.0,
            athlete=blank,
        )
    side = near_side(track)
    facing = posture.facing(track, side)
    body = Body(track.points, track.visibility, side, facing)
    in_place = posture.in_place(track, body)
    found = posture.stood(track, body, in_place)
    rectified = found.source == "movement" and found.camera is not None
    camera = found.camera
    if rectified and camera is not None:
        body = replace(body, plane=Plane.of(camera, track.size, facing))
        if not camera.still:
            camera = camera.model_copy(update={"shin": posture.shin(body, in_place)})
            body = replace(body, plane=Plane.of(camera, track.size, facing))
    front = found.yaw_deg is not None and abs(found.yaw_deg) > FRONT_FROM_DEG
    return Setting(
        side=side,
        facing=facing,
        size=track.size,
        frame_s=_frame_s(track),
        thigh_px=thigh_px(body),
        upright_px=posture.upright_px(body) if front else None,
        rest={} if front else dict(posture.rests(track, body, in_place)),
        yaw_deg=_rounded(found.yaw_deg),
        yaw_uncertainty_deg=_rounded(found.half_width_deg),
        camera=camera,
        rectified=rectified,
        athlete=athlete or Athlete(),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _frame_s(track: PoseTrack) -> float:
    """Seconds between frames; a single frame tells nothing, and nothing hangs on it."""
    return track.frame_s if len(track) > 1 else 1 / 30
