"""The athlete and the camera against each other, from a whole pose track.

Coarse as yet: the yaw comes from how far the left and right shoulders and hips stand apart while
the trunk is upright (nordic-curl.md 9), right to about 10 degrees.
"""

from __future__ import annotations

import numpy as np

from formcheck.pose import Array, Flags, Joint, PoseTrack
from formcheck.setting import Athlete, Rest, Setting, Side
from formcheck.signals import Body, lean, slope
from formcheck.smoothing import local_quadratic

SHOULDERS_APART, HIPS_APART = 0.78, 0.45
"""Left-right separation in trunk lengths seen from the front: shoulders by nordic-curl.md 9, hips
as MediaPipe's points read on rendered people 30 degrees off."""
YAW_UNCERTAINTY = 20.0
"""Half-width of the 95 % interval of the coarse yaw, degrees: twice its error of 10 (9)."""
UNSEEN_SHANK = (0.0, 8.0)
"""A shank whose ankle is never seen, degrees: level, but tucked toes tilt it by 7 to 13 [O]."""
ANKLE_SEEN = 0.6
"""Visibility under which the ankle's point says nothing (9, G2)."""
AT_PLACE = 0.4
"""Distance of the kneeling knee from its usual place, thigh lengths: standing is farther [O]."""
LEANING = 20.0
"""A rest that reads beyond this is a start that leans; upright ones read -11 to +18 (0.3b)."""
UPRIGHT_REST = (1.0, 4.0)
"""True thigh lean of a tall rest and its SD, degrees (0.3b)."""
LEANING_SD = 6.0
SITS = -25.0
"""A thigh that leans back by more sits on the heels, or is on its way there [O]."""
SHANK_REST = (2.0, 2.4)
"""What the shank's landmarks read too little at rest, and its SD, degrees (0.3b)."""


def estimate(track: PoseTrack, athlete: Athlete | None = None) -> Setting:
    """The setting of a recorded set, with hindsight over the whole clip.

    Where nobody was seen it is a blank: right, without rest and view.
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
    facing = facing_of(track, side)
    body = Body(track.points, track.visibility, side, facing)
    kneeling = _kneeling(body)
    yaw = coarse_yaw(body, kneeling)
    return Setting(
        side=side,
        facing=facing,
        size=track.size,
        frame_s=_frame_s(track),
        thigh_px=_thigh(body),
        rest=_rest(track, body, kneeling),
        yaw_deg=None if yaw is None else round(yaw, 1),
        yaw_uncertainty_deg=None if yaw is None else YAW_UNCERTAINTY,
        athlete=athlete or Athlete(),
    )


def _median(values: Array) -> float:
    """The median of what was seen; NaN where nothing was."""
    seen = values[np.isfinite(values)]
    return float(np.median(seen)) if len(seen) else float("nan")


def _frame_s(track: PoseTrack) -> float:
    """Seconds between frames; a single frame tells nothing, and nothing hangs on it."""
    return track.frame_s if len(track) > 1 else 1 / 30


def near_side(track: PoseTrack) -> Side:
    """The side whose shoulder, hip, knee and ankle are seen better (nordic-curl.md 0.2)."""
    joints = (Joint.SHOULDER, Joint.HIP, Joint.KNEE, Joint.ANKLE)

    def seen(side: str) -> float:
        return float(np.mean([_median(track.visibility[:, j.on(side)]) for j in joints]))

    return "left" if seen("left") > seen("right") else "right"


def facing_of(track: PoseTrack, side: Side) -> Side:
    """Where the knee is in front of the ankle, while the thigh is steep if it ever is."""
    body = Body(track.points, track.visibility, side, "right")
    hip, knee, ankle = (body.at(j) for j in (Joint.HIP, Joint.KNEE, Joint.ANKLE))
    steep = np.abs(lean(knee, hip)) < 35
    shin = (knee - ankle)[:, 0]
    return "left" if _median(shin[steep] if steep.sum() >= 3 else shin) < 0 else "right"


def _thigh(body: Body) -> float:
    """80th percentile of the thigh's length, pixels: foreshortening only ever takes away."""
    length = np.linalg.norm(body.at(Joint.HIP) - body.at(Joint.KNEE), axis=1)
    seen = length[np.isfinite(length)]
    return max(float(np.percentile(seen, 80)), 1.0) if len(seen) else 1.0


def _shank(body: Body, frames: Flags | None = None) -> float:
    """Median shank pitch in degrees where the ankle is seen, over `frames` if it is seen there;
    NaN where it never is. A bench, a pad or a plate makes the ankle's point wander."""
    pitch = slope(body.at(Joint.ANKLE), body.at(Joint.KNEE))
    clear = np.isfinite(pitch) & (body.seen(Joint.ANKLE, Joint.KNEE) >= ANKLE_SEEN)
    if frames is not None and (clear & frames).sum() >= 3:
        clear &= frames
    return _median(pitch[clear])


def _kneeling(body: Body) -> Flags:
    """(T,) frames on the knees: the thigh steep, the knee bent and in its place."""
    hip, knee = body.at(Joint.HIP), body.at(Joint.KNEE)
    shank = _shank(body)
    place = np.array([_median(knee[:, 0]), _median(knee[:, 1])])
    with np.errstate(invalid="ignore"):
        thigh = lean(knee, hip)
        there = np.linalg.norm(knee - place, axis=1) < AT_PLACE * _thigh(body)
        level = 0.0 if np.isnan(shank) else shank
        bent: Flags = (90 - thigh - level > 45) & (abs(level) < 40)
        kneeling: Flags = (np.abs(thigh) < 40) & there & bent
        return kneeling


def _rest(track: PoseTrack, body: Body, kneeling: Flags) -> dict[str, Rest]:
    """The rests of thigh and shank, where a tall kneeling was seen."""
    thigh = lean(body.at(Joint.KNEE), body.at(Joint.HIP))
    if kneeling.sum() < 3:
        return {}
    tall = _tall(track, thigh, kneeling)
    landmark, shank = float(np.median(thigh[tall])), _shank(body, tall)
    upright = abs(landmark) <= LEANING
    true, sd = UPRIGHT_REST if upright else (landmark, LEANING_SD)
    thigh_rest = _rounded(landmark, true, sd)
    if np.isnan(shank):
        return {"thigh_lean": thigh_rest, "shank_pitch": _rounded(0.0, *UNSEEN_SHANK)}
    shank_rest = _rounded(shank, shank + SHANK_REST[0], SHANK_REST[1])
    return {"thigh_lean": thigh_rest, "shank_pitch": shank_rest}


def _tall(track: PoseTrack, thigh: Array, kneeling: Flags) -> Flags:
    """(T,) frames at rest: those held still and not sat back, in which the thigh leans least.

    thigh: (T,) its lean, degrees. Where nothing is held still, all that are near the least lean.
    """
    rate = local_quadratic(track.t_s, thigh, max(0.25, 5 * track.frame_s))[1]
    with np.errstate(invalid="ignore"):
        still = kneeling & (np.abs(rate) < 5) & (thigh > SITS)
    among = still if still.sum() >= 3 else kneeling
    tall: Flags = among & (np.abs(thigh - np.percentile(thigh[among], 10)) <= 10)
    return tall


def _rounded(landmark: float, true: float, sd: float) -> Rest:
    return Rest(landmark_deg=round(landmark, 2), true_deg=round(true, 2), sd_deg=sd)


def coarse_yaw(body: Body, kneeling: Flags) -> float | None:
    """Degrees off the side view, + sees the athlete's front; None where no trunk was upright."""
    shoulder, hip = body.at(Joint.SHOULDER), body.at(Joint.HIP)
    trunk = np.linalg.norm(shoulder - hip, axis=1)
    upright = (np.abs(lean(hip, shoulder)) < 35) & (trunk > 0)
    frames = kneeling if kneeling.sum() >= 3 else upright
    if frames.sum() < 3:
        return None
    other = Body(
        body.points, body.visibility, {"left": "right", "right": "left"}[body.side], body.facing
    )
    apart = [
        np.median((other.at(joint) - body.at(joint))[frames, 0] / trunk[frames]) / whole
        for joint, whole in ((Joint.SHOULDER, SHOULDERS_APART), (Joint.HIP, HIPS_APART))
    ]
    return float(np.degrees(np.arcsin(np.clip(np.mean(apart), -1, 1))))
