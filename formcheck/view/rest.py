"""The athlete at rest, tall on the knees: what the landmarks read then, and what is believed."""

from __future__ import annotations

import numpy as np

from formcheck.pose import Array, Flags, Joint, PoseTrack
from formcheck.setting import Rest
from formcheck.signals import Body, lean, slope
from formcheck.smoothing import local_quadratic
from formcheck.view.fit import UPRIGHT_DEG, still
from formcheck.view.shank import CLEAR, shank_lies
from formcheck.view.sides import median, thigh_px

UNSEEN_SHANK = (0.0, 8.0)
"""A shank whose ankle is never seen, degrees: level, but tucked toes tilt it by 7 to 13 [O]."""
ANKLE_SEEN = 0.6
"""Visibility under which the ankle's point says nothing (9, G2)."""
LOWERED = 50.0
"""Thigh lean, degrees, from which the body is down: the shank, which stays as it is, is read there
too, by landmarks that err otherwise."""
LOWERED_FRAMES = 9
"""Fewer than these are strays of the landmarks, not a body that came down [O]."""
AT_PLACE = 0.4
"""Distance of the kneeling knee from its usual place, thigh lengths: standing is farther [O]."""
LEANING = 20.0
"""A rest that reads beyond this is a start that leans; upright ones read -11 to +18 (0.3b)."""
UPRIGHT_REST = (1.0, 4.0)
"""True thigh lean of a tall rest and its SD, degrees (0.3b)."""
LEANING_SD = 6.0
SITS = -25.0
"""A thigh that leans back by more sits on the heels, or is on its way there [O]."""


def _shank(body: Body, *stretches: Flags) -> float:
    """Shank pitch in degrees where the ankle is seen: the mean of its medians over the stretches
    (T,) in which it is seen, or the median of all; NaN where it never is. A bar, a pad or a plate
    makes the ankle's point wander."""
    pitch = slope(body.placed(Joint.ANKLE), body.placed(Joint.KNEE))
    clear = np.isfinite(pitch) & (body.seen(Joint.ANKLE, Joint.KNEE) >= ANKLE_SEEN)
    seen = [clear & frames for frames in stretches if (clear & frames).sum() >= 3]
    return float(np.mean([median(pitch[frames]) for frames in seen or [clear]]))


def kneeling_in(body: Body) -> Flags:
    """(T,) frames on the knees: the thigh steep, the knee bent and in its place."""
    hip, knee = body.at(Joint.HIP), body.at(Joint.KNEE)
    shank = _shank(body)
    there = _knee_in_place(body)
    with np.errstate(invalid="ignore"):
        thigh = lean(knee, hip)
        level = 0.0 if np.isnan(shank) else shank
        bent: Flags = (90 - thigh - level > 45) & (abs(level) < 40)
        kneeling: Flags = (np.abs(thigh) < 40) & there & bent
        return kneeling


def _knee_in_place(body: Body) -> Flags:
    """(T,) frames in which the near knee is where it usually is."""
    knee = body.at(Joint.KNEE)
    place = np.array([median(knee[:, 0]), median(knee[:, 1])])
    there: Flags = np.linalg.norm(knee - place, axis=1) < AT_PLACE * thigh_px(body)
    return there


def rests(track: PoseTrack, body: Body, kneeling: Flags) -> dict[str, Rest]:
    """The rests of thigh and shank, where a tall kneeling was seen."""
    thigh = lean(body.placed(Joint.KNEE), body.placed(Joint.HIP))
    kneeling = kneeling & np.isfinite(thigh)
    if kneeling.sum() < 3:
        return {}
    tall = _tall(track, thigh, kneeling)
    landmark, shank = float(np.median(thigh[tall])), _shank(body, tall, _lowered(body, thigh))
    upright = abs(landmark) <= LEANING
    true, sd = UPRIGHT_REST if upright else (landmark, LEANING_SD)
    thigh_rest = _rounded(landmark, true, sd)
    if np.isnan(shank):
        true, sd = UNSEEN_SHANK
        unseen = Rest(landmark_deg=0.0, true_deg=true, sd_deg=sd, seen=False)
        return {"thigh_lean": thigh_rest, "shank_pitch": unseen}
    seen = median(body.seen(Joint.ANKLE)[tall])
    lies = shank_lies(shank, seen, landmark if upright else None)
    return {"thigh_lean": thigh_rest, "shank_pitch": _rounded(shank, *lies)}


def _lowered(body: Body, thigh: Array) -> Flags:
    """(T,) frames in which the body is down over a knee in its place; none if they are few."""
    down: Flags = (thigh > LOWERED) & _knee_in_place(body)
    return down if down.sum() >= LOWERED_FRAMES else np.zeros(len(down), bool)


def shin(body: Body, kneeling: Flags) -> tuple[float, float] | None:
    """From the ankle to the knee in the plane of motion, thigh lengths: the median over the frames
    (T,) of an upright body. None where the ankle is not seen well, or the two do not keep their
    distance: then they do not wander together."""
    ankle, knee = body.placed(Joint.ANKLE), body.placed(Joint.KNEE)
    with np.errstate(invalid="ignore"):
        upright = np.abs(lean(knee, body.placed(Joint.HIP))) < UPRIGHT_DEG
    use = kneeling & upright & np.isfinite(ankle + knee).all(axis=1)
    if median(body.seen(Joint.ANKLE)[use]) < CLEAR or not still((knee - ankle)[use]):
        return None
    u, v = np.median((knee - ankle)[use], axis=0)
    return float(u), float(v)


def _tall(track: PoseTrack, thigh: Array, kneeling: Flags) -> Flags:
    """(T,) frames at rest: those held still and not sat back, in which the thigh leans least.

    thigh: (T,) its lean, degrees. Where nothing is held still, all that are near the least lean.
    """
    rate = local_quadratic(track.t_s, thigh, max(0.25, 5 * track.frame_s))[1]
    with np.errstate(invalid="ignore"):
        held = kneeling & (np.abs(rate) < 5) & (thigh > SITS)
    among = held if held.sum() >= 3 else kneeling
    tall: Flags = among & (np.abs(thigh - np.percentile(thigh[among], 10)) <= 10)
    return tall


def _rounded(landmark: float, true: float, sd: float) -> Rest:
    return Rest(landmark_deg=round(landmark, 2), true_deg=round(true, 2), sd_deg=round(sd, 2))
