"""A body that lies face down and swings its shanks: in which frames, which way, at rest how."""

from __future__ import annotations

import numpy as np

from formcheck.pose import Array, Flags, Joint, PoseTrack
from formcheck.setting import Rest, Side
from formcheck.signals import Body, lean, slope
from formcheck.smoothing import local_quadratic
from formcheck.view import camera
from formcheck.view.camera import (
    COARSE_HALF_WIDTH,
    HIPS_APART,
    MOST_YAW_DEG,
    SHOULDERS_APART,
    WORST_MISFIT,
    Z95,
    Stood,
)
from formcheck.view.lying_fit import fitted, gathered
from formcheck.view.shank import CLEAR, HIDDEN_SD, Way, weighed
from formcheck.view.sides import median, thigh_px

LIES = 45.0
"""How far from level thigh and trunk of a body that lies may be, degrees: on a bent machine the
thighs slope by 28 [O]."""
AT_PLACE = 0.4
"""Distance of the knee from its usual place, thigh lengths, up to which it rests there [O]."""
RATE_OVER_S, HELD, HELD_S = 0.25, 8.0, 0.25
"""Seconds to either side over which the knee's rate is told, the rate, degrees a second, up to
which it is held, and for how long at least: less is a turning point [O]."""
STRAIGHTEST = 12.0
"""Degrees over the straightest held knee up to which it is held there still [O]."""
WAYS = (Way(0.85, 4.0, 3.0), Way(0.15, 40.0, 25.0))
"""How far knees are bent that are held between reps: straight legs, or kept bent [O]."""
READS_SD = 7.0
"""SD of what the landmarks of hip, knee and ankle make of a held knee, degrees: 23 rendered sets
read 7 too little to 4 too much, and real bodies err by more (0.3b)."""
BENT = 30.0
"""Degrees; a knee that is held no straighter than this, or never, has no rest: its straightest
moment is taken as it reads [O]."""
THIGH_SD = 6.0
"""The same of a thigh that lies, and the camera's roll."""
SWEEP_DEG = 40.0
"""How far the shank has to swing for its foreshortening to tell of the camera [O]."""
FEWEST = 3


def headed(track: PoseTrack, side: Side) -> Side:
    """The way the head points: where the shoulder is from the hip."""
    body = Body(track.points, track.visibility, side, "right")
    trunk = (body.at(Joint.SHOULDER) - body.at(Joint.HIP))[:, 0]
    return "left" if median(trunk) < 0 else "right"


def lying_in(track: PoseTrack, body: Body) -> Flags:
    """(T,) frames in which thigh and trunk lie, and the knee is in its place."""
    knee, hip, shoulder = (body.at(j) for j in (Joint.KNEE, Joint.HIP, Joint.SHOULDER))
    place = np.array([median(knee[:, 0]), median(knee[:, 1])])
    with np.errstate(invalid="ignore"):
        there = np.linalg.norm(knee - place, axis=1) < AT_PLACE * thigh_px(body)
        level = [np.abs(lean(*ends) - 90) < LIES for ends in ((knee, hip), (hip, shoulder))]
        lies: Flags = there & level[0] & level[1]
        return lies


def flexion(body: Body) -> Array:
    """(T,) knee flexion as the landmarks read it, degrees: signed, heels towards the glutes +."""
    hip, knee, ankle = (body.placed(j) for j in (Joint.HIP, Joint.KNEE, Joint.ANKLE))
    return 90 - lean(knee, hip) - slope(ankle, knee)


def rests(track: PoseTrack, body: Body, lies: Flags) -> dict[str, Rest]:
    """The rests of the knee and of the thigh, where a body that lies was seen."""
    bent = flexion(body)
    lies = lies & np.isfinite(bent)
    if lies.sum() < FEWEST:
        return {}
    smooth, rate = local_quadratic(track.t_s, bent, max(RATE_OVER_S, 5 * track.frame_s))
    with np.errstate(invalid="ignore"):
        held = _lasting(track.t_s, lies & (np.abs(rate) < HELD))
    clear = median(body.seen(Joint.ANKLE)[held if held.any() else lies]) >= CLEAR
    error = READS_SD if clear else HIDDEN_SD
    knee, at_rest = _knee(np.where(lies, smooth, np.nan), held, error)
    thigh = median(lean(body.placed(Joint.KNEE), body.placed(Joint.HIP))[at_rest])
    return {"thigh_lean": _rounded(thigh, thigh, THIGH_SD), "knee_flexion": knee}


def _lasting(t_s: Array, flags: Flags) -> Flags:
    """(T,) the flags of stretches that last for `HELD_S`."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]])))
    lasting = np.zeros(len(flags), bool)
    for first, end in edges.reshape(-1, 2):
        lasting[first:end] = t_s[end - 1] - t_s[first] >= HELD_S
    return lasting


def _knee(bent: Array, held: Flags, error: float) -> tuple[Rest, Flags]:
    """The knee's rest and (T,) the frames it was read in: the straightest in which it was held.

    bent: (T,) flexion of a body that lies, degrees, NaN elsewhere. error: its landmarks' SD.
    """
    if held.sum() >= FEWEST:
        straight = held & (bent < np.percentile(bent[held], 5) + STRAIGHTEST)
        reads = median(bent[straight])
        if reads < BENT:
            return _rounded(reads, *weighed(WAYS, reads, error**2)), straight
    least = float(np.nanmin(bent))
    return _rounded(least, least, error), bent < least + STRAIGHTEST


def _rounded(landmark: float, true: float, sd: float) -> Rest:
    return Rest(landmark_deg=round(landmark, 2), true_deg=round(true, 2), sd_deg=round(sd, 2))


def stood(track: PoseTrack, body: Body, lies: Flags) -> Stood:
    """Where the camera of a track stood; lies: (T,) the frames of the body in its place."""
    evidence = gathered(body, flexion(body), lies, track.size)
    found = fitted(evidence) if evidence is not None and evidence.sweep_deg >= SWEEP_DEG else None
    if found is not None and found.misfit <= WORST_MISFIT:
        yaw, sd = found.camera.yaw_deg, found.camera.yaw_sd_deg
        if abs(yaw) <= MOST_YAW_DEG:
            return Stood(found.camera, yaw, Z95 * sd, "movement")
    coarse = coarse_yaw(body, lies)
    return Stood() if coarse is None else Stood(None, coarse, COARSE_HALF_WIDTH, "shoulders")


def coarse_yaw(body: Body, lies: Flags) -> float | None:
    """Degrees off the side view, + sees the front of the athlete's side; None where one side was
    never seen. Level, the trunk is shortened as much as left and right are drawn apart.

    lies: (T,) the frames to look at; where they are few, nobody lies, or the camera looks along
    the body, and it is told as of an upright one.
    """
    if lies.sum() < FEWEST:
        upright = camera.coarse_yaw(body, lies)
        if upright is not None:
            return upright
        lies = np.isfinite(body.at(Joint.HIP)[:, 0])
    x = body.points[..., 0] * (1.0 if body.facing == "right" else -1.0)
    far = "left" if body.side == "right" else "right"
    long = median((body.at(Joint.SHOULDER) - body.at(Joint.HIP))[lies, 0])
    apart = [
        median((x[:, j.on(far)] - x[:, j.on(body.side)])[lies]) / whole
        for j, whole in ((Joint.SHOULDER, SHOULDERS_APART), (Joint.HIP, HIPS_APART))
    ]
    if not np.isfinite(apart).all() or not np.isfinite(long):
        return None
    return float(np.degrees(np.arctan2(np.mean(apart), max(abs(long), 1.0))))
