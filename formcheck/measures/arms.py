"""The hands' share of the work (nordic-curl.md 4)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.filtering import low_pass
from formcheck.measures.measure import Value
from formcheck.measures.noise import ANGLE_SD, Z95
from formcheck.pose import Array
from formcheck.rep import Rep, value_at

SWING = {"male": 22.29, "female": 23.49}
"""k of a straight body falling about the knee, deg/s2 free: angular acceleration = k/H sin(lean),
rad m/s2, from de Leva 1996 (nordic-curl.md 2, 6.2)."""
STATURE_M, STATURE_SD_M = 1.75, 0.10
"""Where the athlete's height is not given: the mean of men and women, and its spread."""
RELEASE_HZ = 4.0
"""The body rises smoothly: 6 Hz lets twice the noise through, and is right no more often."""
SPEED_SD, MODEL_SD = 0.08, 0.04
"""Shares: how right the speed of rising is at the release, and the straight body of mean
proportions (rendered bodies at their true leans: 2 to 5 % of the share too little)."""
NO_HANDS_HALF_WIDTH = 0.05
"""Share of the work, or of the way, that a brief touch, too short to be seen, may do [O]."""
NO_RETURN = "The way back up was not seen to its end."
FOLDED = "The hips folded on the way up, and the hands' work is known of a straight body only."
STRAIGHT = "Come up with the hips in line, then the hands' share can be told."


def hand_assisted_work_fraction(
    depth: str, hip: str, straight_within: float
) -> Callable[[Rep], Value]:
    """Share of the work of coming up that was done by the time the hands left the floor.

    (PE(release) - PE(bottom) + 1/2 I w^2) / (PE(end) - PE(bottom)) of a straight body about the
    knee; its mass cancels. An upper bound: the legs may share the contact phase. Refused where the
    hips move by more than `straight_within` degrees while the hands push: no straight body.
    """

    def of(rep: Rep) -> Value:
        if not np.isfinite(rep.mark("catch")):
            return Value(0.0, NO_HANDS_HALF_WIDTH, at=rep.bottom)
        release = rep.mark("release")
        if not np.isfinite(release) or not np.isfinite(rep.end):
            return Value(np.nan, reason=NO_RETURN)
        pushing = rep[hip][rep.between(rep.bottom, release)]
        moved = np.ptp(pushing[np.isfinite(pushing)]) if np.isfinite(pushing).any() else np.inf
        if moved > straight_within:
            return Value(np.nan, reason=FOLDED, what_to_change=STRAIGHT)
        leans, speed = rising(depth, rep, release)
        value = float(work_fraction(leans, speed, swing(rep)))
        spread = _spread(leans, speed, rep)
        other = rep.mark("release_otherwise")
        if np.isfinite(other):
            otherwise = work_fraction(*rising(depth, rep, other), swing(rep))
            spread = max(spread, abs(float(otherwise) - value))
        return Value(value, spread, at=release, until=rep.end)

    return of


def rising(depth: str, rep: Rep, release: float) -> tuple[Array, float]:
    """(3,) leans at the bottom, the release and the end, degrees, and the speed of rising at the
    release, deg/s."""
    leans = np.array([rep.at(depth, t) for t in (rep.bottom, release, rep.end)])
    rate = low_pass(rep.t, rep.raw(depth), RELEASE_HZ)[1]
    return leans, -value_at(rep.t, rate, release)


def swing(rep: Rep) -> float:
    """k of this athlete in rad/s2: the mean of both sexes and of people where not given."""
    athlete = rep.setting.athlete
    per_metre = SWING[athlete.sex] if athlete.sex else float(np.mean(list(SWING.values())))
    return per_metre / (athlete.height_m or STATURE_M)


def work_fraction(leans: Array, speed: Array | float, k: Array | float) -> Array:
    """leans: (3, ...) degrees from upright at the bottom, release and end; speed: of rising at the
    release, deg/s; k: rad/s2. Kinetic energy over m g c H is w^2 / 2k."""
    bottom, release, end = np.cos(np.radians(leans))
    kinetic = np.radians(speed) ** 2 / (2 * k)
    result: Array = (release - bottom + kinetic) / (end - bottom)
    return result


def _spread(leans: Array, speed: float, rep: Rep) -> float:
    """Half-width of the 95 % interval, by drawing leans, the release, speed and stature."""
    rng = np.random.default_rng(20150213)
    noisy = leans[:, None] + rng.normal(0, ANGLE_SD, (3, 400))
    noisy[1] -= speed * rng.normal(0, rep.mark("release_sd"), 400)
    speeds = speed * rng.normal(1, SPEED_SD, 400)
    stature = 1 if rep.setting.athlete.height_m else rng.normal(1, STATURE_SD_M / STATURE_M, 400)
    drawn = work_fraction(noisy, speeds, swing(rep) / stature) * rng.normal(1, MODEL_SD, 400)
    return Z95 * float(np.std(drawn))
