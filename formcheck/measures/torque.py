"""The torque that holding a posture asks of the knee flexors, estimated (nordic-curl.md 6).

It is no measurement: two rigid segments over the knee, of the mean proportions of de Leva
1996. No band and no load is assumed, and that both legs do the same. It compares with the same
athlete filmed the same way, never with a dynamometer or its cut-offs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from formcheck.filtering import low_pass
from formcheck.measures.break_point import BreakRule, break_point_angle
from formcheck.measures.measure import Value
from formcheck.measures.noise import (
    Z95,
    angle_half_widths,
    change_half_widths,
    half_width,
    lean_change_sd,
    slow_noise,
)
from formcheck.pose import Array
from formcheck.rep import Rep, value_at
from formcheck.segments import DE_LEVA, AboveKnees, above_knees
from formcheck.setting import Athlete

GRAVITY = 9.81
"""m/s2."""
SEGMENTS = 0.05
"""Half-width of what the mean proportions leave open of one athlete, share (6.5)."""
KEPT = ("broken", "caught-before-break")
"""The outcomes of a lowering at whose end nothing but the legs held the body."""
NOT_HELD = "The torque is told where a slow lowering turns into a fall; here is no such moment."
NOT_SEEN = "Hip, knee or shoulder was lost from sight at the break point."
LEANED = (
    "A hand rested on something for {:.1f} s on the way down, and the torque is told of a body "
    "that the legs alone hold."
)
HANDS_FREE = "Keep the hands off any support until they catch you, then the torque can be told."
TOO_UPRIGHT = (
    "The body gave way so near upright that its lean, known to a few degrees, tells the torque to "
    "±{:.0%} only."
)


@dataclass(frozen=True)
class TorqueRule:
    """Where and how the torque of a lowering is read."""

    breaks: BreakRule
    """Tells the moment, and by its cut-off smooths the angles there."""
    still: float
    """Deg/s; a body that leans forward faster is no longer taken for one held still."""
    widest: float = np.inf
    """Share of the torque beyond which its half-width leaves nothing told."""
    leaned: Callable[[Rep, float], float] | None = None
    """Seconds for which hands rested on something until then: it is not the legs' alone (6.5)."""
    thigh: str = "thigh_lean"
    hip: str = "hip_flexion"


@dataclass(frozen=True)
class Posture:
    """How a body leans, degrees from upright, and how its lean grows: deg/s, deg/s2."""

    thigh: float
    hip: float
    """Flexion, + folded."""
    rate: float = 0.0
    acceleration: float = 0.0


def knee_torque(body: AboveKnees, thigh: Array | float, hip: Array | float) -> Array:
    """N·m of both knees, that hold a body still at these degrees of thigh lean and hip flexion."""
    moment = body.thighs_kg * body.thigh_centre_m + body.upper_kg * body.thigh_m
    below = GRAVITY * moment * np.sin(np.radians(thigh))
    return np.asarray(below + hip_torque(body, np.add(thigh, hip)))


def hip_torque(body: AboveKnees, trunk: Array | float) -> Array:
    """N·m of both hips, that hold head, trunk and arms still at these degrees of trunk lean."""
    return np.asarray(GRAVITY * body.upper_kg * body.upper_centre_m * np.sin(np.radians(trunk)))


def falling(body: AboveKnees, hip: float, acceleration: Array | float) -> Array:
    """N·m that the knees hold less while the lean, hips held, grows by that many deg/s2."""
    return np.asarray(body.inertia(float(np.cos(np.radians(hip)))) * np.radians(acceleration))


def estimated_torque(
    rule: TorqueRule, legs: int = 2, per_kg: bool = False
) -> Callable[[Rep], Value]:
    """N·m of so many legs at the break point, or N·m for each kilogram of the body.

    Where hands took over before a break it is a bound, the torque shown until then. Mass and
    height have to be known. Of a body slower than `rule.still` it is what gravity asks
    (quasi-static); of a faster one what its acceleration takes off is taken off.
    """

    def of(rep: Rep) -> Value:
        if rule not in rep.answers:
            rep.answers[rule] = _of_rep(rule, rep)
        whole: Value = rep.answers[rule]
        share = legs / 2 / ((rep.setting.athlete.mass_kg or np.nan) if per_kg else 1.0)
        return replace(
            whole,
            value=share * whole.value,
            uncertainty=share * whole.uncertainty,
            within=share * whole.within,
        )

    return of


def _of_rep(rule: TorqueRule, rep: Rep) -> Value:
    found = break_point_angle(rule.breaks)(rep)
    if found.outcome not in KEPT:
        return Value(np.nan, outcome=found.outcome, reason=found.reason or NOT_HELD)
    leaned = 0.0 if rule.leaned is None else rule.leaned(rep, found.at)
    if leaned > 0:
        why = LEANED.format(leaned)
        return Value(np.nan, outcome=found.outcome, reason=why, what_to_change=HANDS_FREE)
    seen = posture(rule, rep, found.at)
    athlete = rep.setting.athlete
    if athlete.mass_kg is None or athlete.height_m is None or seen is None:
        return Value(np.nan, reason=NOT_SEEN)
    body = above_knees(athlete.mass_kg, athlete.height_m, athlete.sex)
    held = float(knee_torque(body, seen.thigh, seen.hip))
    moves = abs(seen.rate) >= rule.still
    if moves:
        held -= float(falling(body, seen.hip, seen.acceleration))
    noise = _acceleration_share(rule, rep, body, seen, found.at) if moves else 0.0
    rest = rep.setting.rest.get(rule.thigh)  # the shank's does not matter to a lean
    view = float(lean_change_sd(rep.setting, seen.thigh))  # the clip's: not within its set
    leans = float(together(found.within, half_width(view, rest.sd_deg if rest else 0.0)))
    apart = sexes_apart(athlete, seen.thigh, seen.hip)
    tilt = sway(body, seen.thigh, seen.hip, tilt=leans)
    folds = _hip_half_widths(rep, seen)
    fold, fold_within = (sway(body, seen.thigh, seen.hip, fold=by) for by in folds)
    spread = float(together(tilt, fold, noise, SEGMENTS * held, apart))
    if not spread <= rule.widest * held:
        return Value(np.nan, outcome=found.outcome, reason=TOO_UPRIGHT.format(spread / abs(held)))
    return Value(
        held,
        spread,
        float(together(sway(body, seen.thigh, seen.hip, tilt=found.within), fold_within, noise)),
        at=found.at,
        outcome=found.outcome,
        bound=None if found.outcome == "broken" else "at-least",
        method=_method(moves, athlete.sex is None),
    )


def posture(rule: TorqueRule, rep: Rep, at: float) -> Posture | None:
    """The body at that moment, smoothed as for the break; None where it was not seen."""
    columns = np.stack([rep.raw(rule.thigh), rep.raw(rule.hip)], 1)
    angles, rates = low_pass(rep.t, columns, rule.breaks.cutoff_hz)
    growing = np.gradient(rates[:, 0], rep.t)
    parts = (angles[:, 0], angles[:, 1], rates[:, 0], growing)
    seen = [value_at(rep.t, part, at) for part in parts]
    return Posture(*seen) if np.isfinite(seen).all() else None


def _method(moves: bool, mean: bool) -> str:
    how = "less what its acceleration takes off" if moves else "held still (quasi-static)"
    whose = ", mean proportions of both sexes" if mean else ""
    return f"an estimate of two rigid segments, {how}{whose}; no band, no added load assumed"


def together(*half_widths: Array | float) -> Array:
    """The half-width of the 95 % interval of a sum of independent errors, given theirs."""
    return np.asarray(np.sqrt(sum(np.square(half) for half in half_widths)))


def sway(
    body: AboveKnees,
    thigh: Array | float,
    hip: Array | float,
    tilt: Array | float = 0.0,
    fold: Array | float = 0.0,
) -> Array:
    """Half of what the torque at these leans and hip flexions, degrees, differs by if the body
    leans, or folds, so many degrees either way; near lying, where a lean hardly counts, the greater
    of the two sides."""
    here = knee_torque(body, thigh, hip)
    sides = (knee_torque(body, np.add(thigh, s * tilt), np.add(hip, s * fold)) for s in (-1, 1))
    return np.asarray(np.maximum(*(np.abs(side - here) for side in sides)))


def _hip_half_widths(rep: Rep, seen: Posture) -> tuple[float, float]:
    """Of the hip flexion's interval, all of it and within the set, degrees."""
    values = {"thigh_lean": np.array([seen.thigh]), "hip_flexion": np.array([seen.hip])}
    widths = (angle_half_widths, change_half_widths)
    whole, within = (float(f(rep.setting, values)["hip_flexion"][0]) for f in widths)
    return whole, within


def _acceleration_share(
    rule: TorqueRule, rep: Rep, body: AboveKnees, seen: Posture, at: float
) -> float:
    """Half-width of what the landmarks' noise does to the share of the acceleration, N·m."""
    noisy = rep.raw(rule.thigh)[:, None] + slow_noise(rep.t)
    rates = low_pass(rep.t, noisy, rule.breaks.cutoff_hz)[1]
    drawn = [value_at(rep.t, np.gradient(rate, rep.t), at) for rate in rates.T]
    return Z95 * float(np.std(falling(body, seen.hip, np.array(drawn))))


def sexes_apart(athlete: Athlete, thigh: Array | float, hip: Array | float) -> Array:
    """Half of what the proportions of the sexes differ by, N·m; 0 where the sex is known."""
    if athlete.sex is not None or athlete.mass_kg is None or athlete.height_m is None:
        return np.zeros(np.shape(thigh))
    both = [above_knees(athlete.mass_kg, athlete.height_m, sex) for sex in DE_LEVA]
    held = np.stack([knee_torque(body, thigh, hip) for body in both])
    return np.asarray(np.ptp(held, axis=0) / 2)
