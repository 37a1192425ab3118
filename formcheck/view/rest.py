"""The athlete at rest, tall on the knees: what the landmarks read then, and what is believed."""

from __future__ import annotations

import numpy as np

from formcheck.pose import Array, Flags, Joint, PoseTrack
from formcheck.setting import Rest
from formcheck.signals import Body, lean, slope
from formcheck.smoothing import local_quadratic
from formcheck.view.sides import median, thigh_px

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
SHANK_READS = (-3.0, 3.5)
"""What a shank's landmarks read less than it is, and its SD, degrees: 13 rendered sets, -3.0 and
3.1 (0.3b)."""
SHANK_LIES = (-2.0, 4.0)
"""How a shank lies on a floor, and its SD, degrees: level, or its foot raised by tucked toes [O].
This holds a roll of the camera or a stray ankle in check."""
SLOPING = 15.0
"""A shank that reads beyond this lies on a slope: its landmarks alone are believed [O]."""


def _shank(body: Body, frames: Flags | None = None) -> float:
    """Median shank pitch in degrees where the ankle is seen, over `frames` if it is seen there;
    NaN where it never is. A bench, a pad or a plate makes the ankle's point wander."""
    pitch = slope(body.placed(Joint.ANKLE), body.placed(Joint.KNEE))
    clear = np.isfinite(pitch) & (body.seen(Joint.ANKLE, Joint.KNEE) >= ANKLE_SEEN)
    if frames is not None and (clear & frames).sum() >= 3:
        clear &= frames
    return median(pitch[clear])


def kneeling_in(body: Body) -> Flags:
    """(T,) frames on the knees: the thigh steep, the knee bent and in its place."""
    hip, knee = body.at(Joint.HIP), body.at(Joint.KNEE)
    shank = _shank(body)
    place = np.array([median(knee[:, 0]), median(knee[:, 1])])
    with np.errstate(invalid="ignore"):
        thigh = lean(knee, hip)
        there = np.linalg.norm(knee - place, axis=1) < AT_PLACE * thigh_px(body)
        level = 0.0 if np.isnan(shank) else shank
        bent: Flags = (90 - thigh - level > 45) & (abs(level) < 40)
        kneeling: Flags = (np.abs(thigh) < 40) & there & bent
        return kneeling


def rests(track: PoseTrack, body: Body, kneeling: Flags) -> dict[str, Rest]:
    """The rests of thigh and shank, where a tall kneeling was seen."""
    thigh = lean(body.placed(Joint.KNEE), body.placed(Joint.HIP))
    if kneeling.sum() < 3:
        return {}
    tall = _tall(track, thigh, kneeling)
    landmark, shank = float(np.median(thigh[tall])), _shank(body, tall)
    upright = abs(landmark) <= LEANING
    true, sd = UPRIGHT_REST if upright else (landmark, LEANING_SD)
    thigh_rest = _rounded(landmark, true, sd)
    if np.isnan(shank):
        return {"thigh_lean": thigh_rest, "shank_pitch": _rounded(0.0, *UNSEEN_SHANK)}
    return {"thigh_lean": thigh_rest, "shank_pitch": _shank_rest(shank)}


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


def _shank_rest(landmark: float) -> Rest:
    """What is believed of a shank that reads so many degrees: the floor and the landmarks, each
    as far as it is sure."""
    seen, sd = landmark - SHANK_READS[0], SHANK_READS[1]
    if abs(landmark) > SLOPING:
        return _rounded(landmark, seen, sd)
    weight = SHANK_LIES[1] ** 2 / (SHANK_LIES[1] ** 2 + sd**2)
    true = weight * seen + (1 - weight) * SHANK_LIES[0]
    return _rounded(landmark, true, round(float(np.sqrt(weight)) * sd, 2))


def _rounded(landmark: float, true: float, sd: float) -> Rest:
    return Rest(landmark_deg=round(landmark, 2), true_deg=round(true, 2), sd_deg=sd)
