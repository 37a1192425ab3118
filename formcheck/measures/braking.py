"""How much of the fall after the break the muscles still braked (nordic-curl.md 2)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.measures.arms import STATURE_M, STATURE_SD_M, SWING, swing
from formcheck.measures.break_extras import BREAK, Fall, of_broken
from formcheck.measures.break_point import BreakRule
from formcheck.measures.measure import Value
from formcheck.measures.noise import (
    DRAWS,
    as_drawn,
    half_width,
    lean_change_sd,
    rest_sd,
)
from formcheck.measures.tempo import PEAK_SD
from formcheck.pose import Array
from formcheck.rep import Rep

SEX_SD = float(np.ptp(list(SWING.values())) / 2 / np.mean(list(SWING.values())))
"""Share of k by which men and women differ from their mean: what not knowing the sex adds."""
TOO_SHORT = "The fall was too short to tell how much of it was braked."
FOLDED = "The hips folded in the fall, and how it was braked is known of a straight body only."
STRAIGHT = "Keep the hips in line to the floor, then the braking can be told."


def braked(leans: Array, speeds: Array, k: Array | float) -> Array:
    """1 - (w2^2 - w1^2) / (2k (cos l1 - cos l2)): 0 is a free fall, 1 is as slow as at its start.

    leans, speeds: (2, ...) of the straight body at the two instants, degrees from upright and
    deg/s. k: rad/s2, of a body that falls about the knee by k sin(lean), its mass cancelled.
    """
    cosine, speed = np.cos(np.radians(leans)), np.radians(speeds)
    result: Array = 1 - (speed[1] ** 2 - speed[0] ** 2) / (2 * k * (cosine[0] - cosine[1]))
    return result


def braking_fraction(
    rule: BreakRule, lean: str, hip: str, straight_within: float, least: float, cutoff_hz: float
) -> Callable[[Rep], Value]:
    """The share of the free fall that was braked, from the break to the fastest instant before the
    hands land: they change the mechanics.

    lean, hip: the signals of the whole body's lean and of the hips. Refused where the body leans by
    less than `least` degrees further meanwhile, and where the hips move by more than
    `straight_within`.
    """

    def told(rep: Rep, found: Fall) -> Value:
        leans, rates = as_drawn(rep, lean, cutoff_hz)
        first, last = _ends(rep, rates[:, 0], float(found.at[BREAK, 0]))
        swept = leans[last, 0] - leans[first, 0]
        if not swept > least:
            return Value(np.nan, reason=TOO_SHORT)
        if not _moved(rep[hip][first : last + 1]) <= straight_within:
            return Value(np.nan, reason=FOLDED, what_to_change=STRAIGHT)
        ends = [first, last]
        return Value(
            float(braked(leans[ends, 0], rates[ends, 0], swing(rep))),
            _half_width(rep, leans[ends], rates[ends]),
            at=float(rep.t[first]),
            until=float(rep.t[last]),
            outcome=found.outcome,
            doubt=found.doubt,
        )

    return of_broken(rule, told)


def _ends(rep: Rep, rate: Array, broke: float) -> tuple[int, int]:
    """Samples of the break and of the fastest instant after it."""
    first = int(np.argmin(np.abs(rep.t - broke)))
    lands = rep.lowered + rep.setting.frame_s / 2  # midway between frames; the one after counts
    falling = rep.between(float(rep.t[first]), lands) & np.isfinite(rate)
    return first, int(np.argmax(np.where(falling, rate, -np.inf)))


def _moved(hip: Array) -> float:
    seen = hip[np.isfinite(hip)]
    return float(np.ptp(seen)) if len(seen) else np.inf


def _half_width(rep: Rep, leans: Array, rates: Array) -> float:
    """Of the 95 % interval, by drawing leans and speeds; leans, rates: (2, 1 + K), the rep's own
    first. What is not known of the body goes with the share that was not braked."""
    rng = np.random.default_rng(20150213)
    constant = np.hypot(rest_sd(rep.setting), lean_change_sd(rep.setting, leans[1, 0]))
    shifted = leans[:, 1:] + constant * rng.standard_normal(DRAWS)
    speeds = rates[:, 1:] * np.stack([np.ones(DRAWS), rng.normal(1, PEAK_SD, DRAWS)])
    own = float(braked(leans[:, 0], rates[:, 0], swing(rep)))
    drawn = float(np.sqrt(np.mean((braked(shifted, speeds, swing(rep)) - own) ** 2)))
    athlete = rep.setting.athlete
    tall = 0.0 if athlete.height_m else STATURE_SD_M / STATURE_M
    built = 0.0 if athlete.sex else SEX_SD
    return half_width(drawn, (1 - own) * tall, (1 - own) * built)
