"""Where the camera stood: from the whole movement, else from left and right at the upright start.

The movement's camera is good enough to measure in the plane of motion; the upright start's, and
the coarse look at the shoulders where even that fails, only say how far off the side it stood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from formcheck.plane import Camera
from formcheck.pose import Flags, Joint, PoseTrack
from formcheck.signals import Body, lean
from formcheck.view.fit import Evidence, Fitted, fit, gathered
from formcheck.view.rest import AT_PLACE
from formcheck.view.sides import median, thigh_px

SHOULDERS_APART, HIPS_APART = 0.78, 0.45
"""Left-right separation in trunk lengths seen from the front: shoulders by nordic-curl.md 9, hips
as MediaPipe's points read on rendered people 30 degrees off."""
COARSE_HALF_WIDTH = 20.0
"""Half-width of the 95 % interval of that coarse yaw, degrees: twice its error of 10 (9)."""
SWING_DEG = (-30.0, 110.0)
"""Thigh leans that belong to a lowering; sitting on the heels does not [O]."""
SWEEP_DEG = 30.0
"""How far the thigh has to swing for its foreshortening to tell of the camera [O]."""
UPRIGHT_DEG = 25.0
"""Somewhere it has to be steeper than this: left and right are told apart best there [O]."""
MOST_YAW_DEG = 60.0
"""From beyond, no sagittal angle is measured (nordic-curl.md 9: refused from 45 on)."""
LEVEL_ANKLES = 0.6
"""Height between ankles and knees, thigh lengths, up to which somebody kneels: a camera that looks
down sees 0.4, a standing shin is 1 [O]."""
UPRIGHT_BREADTHS = 1.5
"""Height of upright shoulders over the knees, shoulder breadths: 2.0 and 2.1 on a rendered and a
real set, 1.2 in push-ups from the knees [O]."""
WORST_MISFIT = 2.5
"""Misfit of the lengths from which the movement was none about a still knee [O]."""
Z95 = 1.96


@dataclass(frozen=True)
class Stood:
    """What can be said of the camera."""

    camera: Camera | None = None
    yaw_deg: float | None = None
    half_width_deg: float | None = None
    """Of the 95 % interval of the yaw."""
    source: Literal["movement", "start", "shoulders", "nothing"] = "nothing"


def stood(track: PoseTrack, body: Body, kneeling: Flags) -> Stood:
    """Where the camera of a track stood; kneeling: (T,) the frames on the knees."""
    moved = _movement(track, body, kneeling)
    if moved is not None:
        return _told(moved, "movement")
    start = upright_start(track, body, kneeling)
    if start is not None:
        return _told(start, "start")
    yaw = coarse_yaw(body, kneeling)
    return Stood() if yaw is None else Stood(None, yaw, COARSE_HALF_WIDTH, "shoulders")


def upright_start(track: PoseTrack, body: Body, kneeling: Flags) -> Camera | None:
    """The camera from left and right alone, while the athlete kneels upright: coarser, but known
    before the first rep. None where nobody kneels, or it stood too far off the side to be told."""
    evidence = gathered(body, kneeling, track.size)
    fitted = None if evidence is None else fit(evidence, moving=False)
    return None if fitted is None or _far_off(fitted) else fitted.camera


def _movement(track: PoseTrack, body: Body, kneeling: Flags) -> Camera | None:
    evidence = gathered(body, _swinging(body, kneeling), track.size)
    if evidence is None or not _enough(evidence):
        return None
    fitted = fit(evidence)
    if fitted is None or _far_off(fitted) or fitted.misfit > WORST_MISFIT:
        return None
    return fitted.camera


def _swinging(body: Body, kneeling: Flags) -> Flags:
    """(T,) the frames of the set: the knee in its place, the thigh where a lowering takes it."""
    hip, knee = body.at(Joint.HIP), body.at(Joint.KNEE)
    place = knee[kneeling] if kneeling.any() else knee
    middle = np.array([median(place[:, 0]), median(place[:, 1])])
    with np.errstate(invalid="ignore"):
        thigh = lean(knee, hip)
        there = np.linalg.norm(knee - middle, axis=1) < AT_PLACE * thigh_px(body)
        swinging: Flags = there & (thigh > SWING_DEG[0]) & (thigh < SWING_DEG[1])
        return swinging


def _enough(evidence: Evidence) -> bool:
    return evidence.sweep_deg >= SWEEP_DEG and evidence.lean_deg.min() < UPRIGHT_DEG


def _far_off(fitted: Fitted) -> bool:
    return abs(fitted.camera.yaw_deg) > MOST_YAW_DEG


def _told(camera: Camera, source: Literal["movement", "start"]) -> Stood:
    return Stood(camera, camera.yaw_deg, Z95 * camera.yaw_sd_deg, source)


def coarse_yaw(body: Body, kneeling: Flags) -> float | None:
    """Degrees off the side view, + sees the athlete's front; None where no trunk was upright, or
    one side of it was never seen.

    Whoever shows the front has the left shoulder on the right in the picture.
    """
    shoulder, hip = body.at(Joint.SHOULDER), body.at(Joint.HIP)
    trunk = np.linalg.norm(shoulder - hip, axis=1)
    upright = (np.abs(lean(hip, shoulder)) < 35) & (trunk > 0)
    frames = kneeling if kneeling.sum() >= 3 else upright
    if frames.sum() < 3:
        return None
    x = body.points[..., 0]
    apart = [
        median((x[:, j.on("left")] - x[:, j.on("right")])[frames] / trunk[frames]) / whole
        for j, whole in ((Joint.SHOULDER, SHOULDERS_APART), (Joint.HIP, HIPS_APART))
    ]
    if not np.isfinite(apart).all():  # the far side lies outside the picture
        return None
    return float(np.degrees(np.arcsin(np.clip(np.mean(apart), -1, 1))))


def upright_height(body: Body) -> float | None:
    """Pixels of the shoulders over the knees of a body that kneels upright, seen from the front:
    the 95th percentile while the ankles are about as high as the knees; None where nobody does.
    """
    places = (body.middle(j) for j in (Joint.SHOULDER, Joint.KNEE, Joint.ANKLE))
    shoulder, knee, ankle = (place[:, 1] for place in places)
    with np.errstate(invalid="ignore"):
        height = shoulder - knee
        kneels = (np.abs(ankle - knee) < LEVEL_ANKLES * thigh_px(body)) & (height > 0)
    if kneels.sum() < 3:
        return None
    x = body.points[kneels, :, 0]
    broad = np.abs(x[:, Joint.SHOULDER.on("left")] - x[:, Joint.SHOULDER.on("right")])
    upright = float(np.percentile(height[kneels], 95))
    return upright if upright > UPRIGHT_BREADTHS * float(np.median(broad)) else None
