"""How the hands take the body over: when, how low, how fast (nordic-curl.md 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from formcheck.filtering import low_pass
from formcheck.measures.break_extras import fall
from formcheck.measures.break_point import BreakRule
from formcheck.measures.measure import Value
from formcheck.measures.noise import ANGLE_SD, Z95, flexion_change_sd, half_width, rest_sd
from formcheck.measures.still import ready
from formcheck.measures.tempo import CATCH_SD_S, PEAK_SD
from formcheck.rep import Rep, value_at
from formcheck.smoothing import FEWEST_FRAMES, local_quadratic
from formcheck.view.shank import ROLL_SD

SPEED_HZ = 6.0
PALM = 0.025
"""Height of the wrist over a palm on the floor, statures (4.5 cm)."""
STATURE_THIGHS, STATURE_THIGHS_SD = 4.4, 0.3
"""The stature in thigh lengths between the model's hip and knee points: de Leva 1996 has 4.1 for
men and 4.7 for women."""
PLACE_SD = 0.08
"""Thigh lengths; how right the height of a shoulder over a hand is."""
KNEE, KNEE_SD, KNEE_WITHIN_SD = 0.07, 0.015, 0.005
"""Height of the knee's point over what it kneels on, statures, and how right: 24 rendered reps on a
floor read 0.05 to 0.09, two renderers apart by 0.02, the reps of a set by 0.005."""
LANDS_SD_S = 0.05
"""Seconds; how right the landing of a body is that comes down slowly, by the three that did."""
NO_CATCH = "The hands did not come to rest on the floor."
NO_SPEED = "The body was not seen well enough as the hands landed."


@dataclass(frozen=True)
class CatchRule:
    """What an early and a late landing of the hands is."""

    breaks: BreakRule
    low: float
    """Height of the shoulders over the floor, statures: under it a landing is late."""
    fast: float
    """Deg/s of knee extension: a late landing is faster than this."""


def catch_angle(flexion: str, rule: CatchRule) -> Callable[[Rep], Value]:
    """Knee flexion as the hands land, degrees; the outcome says where that is early or late."""

    def of(rep: Rep) -> Value:
        angle = rep.at(flexion, rep.mark("catch"))
        # The knee opens meanwhile, so that a catch a little earlier is another angle.
        moment = float(np.hypot(CATCH_SD_S, rep.setting.frame_s / 12**0.5))
        moved = np.nan_to_num(_speed(flexion, rep)) * moment
        within = half_width(ANGLE_SD, moved, float(flexion_change_sd(rep.setting, angle)))
        return Value(
            angle,
            float(np.hypot(within, Z95 * rest_sd(rep.setting))),
            within,
            at=rep.mark("catch"),
            outcome=_landing(rule, rep),
            reason=NO_CATCH,
        )

    return of


def _landing(rule: CatchRule, rep: Rep) -> str | None:
    """early-catch: before the hamstrings gave way; late-catch: low and fast."""
    found = fall(rule.breaks, rep)
    if found is not None and found.outcome == "caught-before-break":
        return "early-catch"
    low = _height(rep) < rule.low
    return "late-catch" if low and _speed(rule.breaks.flexion, rep) > rule.fast else None


def catch_velocity(flexion: str) -> Callable[[Rep], Value]:
    """Deg/s of knee extension as the hands land."""

    def of(rep: Rep) -> Value:
        at = rep.mark("catch")
        if not np.isfinite(at):
            return Value(np.nan, reason=NO_CATCH)
        around = CATCH_SD_S + rep.setting.frame_s / 2
        speed, *others = (_speed(flexion, rep, later) for later in (0.0, -around, around))
        change = float(np.nanmax(np.abs(np.array(others) - speed), initial=0.0))
        return Value(speed, half_width(PEAK_SD * speed, change / 2), at=at, reason=NO_SPEED)

    return of


def catch_height(rep: Rep) -> Value:
    """Height of the shoulders over the floor as the hands land, statures: the hands lie on it."""
    height = _height(rep)
    spread = Z95 * float(np.hypot(height * STATURE_THIGHS_SD, PLACE_SD) / STATURE_THIGHS)
    return Value(height, spread, at=rep.mark("catch"), reason=NO_CATCH)


def _height(rep: Rep) -> float:
    at = rep.mark("catch")
    over = rep.at("shoulder_v", at) - rep.at("wrist_v", rep.bottom)
    return over / STATURE_THIGHS + PALM if np.isfinite(at) else float("nan")


def pad_height(rep: Rep) -> Value:
    """How much higher the knees kneel than the hands land, statures: what lies under them; 0 on one
    floor. Hands and knees lie far apart, so that a phone that is rolled tells the one higher than
    the other: the same in all reps of a clip."""
    over = ready("knee_v", rep) - rep.at("wrist_v", rep.bottom)
    reach = rep.at("wrist_u", rep.bottom) - ready("knee_u", rep)
    rolled = abs(reach) * np.radians(ROLL_SD) / STATURE_THIGHS
    height = over / STATURE_THIGHS + PALM - KNEE
    scale = STATURE_THIGHS_SD / STATURE_THIGHS * abs(over) / STATURE_THIGHS
    return Value(
        height if np.isfinite(rep.mark("catch")) else np.nan,
        half_width(KNEE_SD, scale, rolled),
        half_width(KNEE_WITHIN_SD),
        at=rep.begins,
        reason=NO_CATCH,
    )


def _speed(flexion: str, rep: Rep, later_s: float = 0.0) -> float:
    rate = low_pass(rep.t, rep.raw(flexion), SPEED_HZ)[1]
    return -value_at(rep.t, rate, rep.mark("catch") + later_s)


@dataclass(frozen=True)
class SupportRule:
    """What a hand is that leans on something while the body goes down."""

    moves: float
    """Speed of the shoulder, thigh lengths a second, from which on a resting hand shows."""
    rests: float
    """The share of the shoulder's speed under which the hand rests."""
    least_s: float
    """What is shorter is no support, seconds."""
    over_s: float = 0.15
    """Half-width over which the speeds are taken, seconds."""


def arms_used_in_descent(rule: SupportRule) -> Callable[[Rep], Value]:
    """Seconds for which the near hand rested on the floor or on a support before the break; where
    nothing broke, before the bottom. A hand that pushes on the own thigh goes with it and is not
    told."""

    def of(rep: Rep) -> Value:
        broke = rep.mark("break")
        until = broke if np.isfinite(broke) else rep.bottom
        caught, end = rep.mark("catch"), min(until, np.nan_to_num(rep.mark("catch"), nan=until))
        seconds = _rested(rule, rep, end)
        at = end - seconds
        if np.isfinite(caught) and caught < until:
            seconds += until - caught
        spread = half_width(LANDS_SD_S, rep.setting.frame_s / 2)
        return Value(seconds, spread if seconds else rule.least_s, at=at, until=until)

    return of


def leaned(rule: SupportRule) -> Callable[[Rep, float], float]:
    """Seconds for which the near hand rested on something before a moment of the lowering."""
    return lambda rep, until: _rested(rule, rep, until)


def _rested(rule: SupportRule, rep: Rep, end: float) -> float:
    """Seconds of the longest time before `end` in which the hand rests while the shoulder goes."""
    half = max(rule.over_s, FEWEST_FRAMES * rep.setting.frame_s)
    hand, shoulder = (
        np.linalg.norm(
            local_quadratic(rep.t, np.stack([rep[f"{joint}_{a}"] for a in "uv"], 1), half)[1],
            axis=1,
        )
        for joint in ("wrist", "shoulder")
    )
    with np.errstate(invalid="ignore"):
        rests = (shoulder > rule.moves) & (hand < rule.rests * shoulder)
    inside = rep.between(rep.begins, end)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (rests & inside).astype(int), [0]])))
    longest = max((float(rep.t[b - 1] - rep.t[a]) for a, b in edges.reshape(-1, 2)), default=0.0)
    return longest if longest >= rule.least_s else 0.0
