"""What the hands do (nordic-curl.md 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from formcheck.filtering import low_pass
from formcheck.measures.break_point import BreakRule, locate_break
from formcheck.measures.measure import Gate, Value
from formcheck.measures.noise import ANGLE_SD, Z95, rest_sd
from formcheck.pose import Array, Flags
from formcheck.rep import Rep, value_at
from formcheck.smoothing import FEWEST_FRAMES, local_quadratic

SWING = {"male": 22.29, "female": 23.49}
"""k of a straight body falling about the knee, deg/s2 free: angular acceleration = k/H sin(lean),
rad m/s2, from de Leva 1996 (nordic-curl.md 2, 6.2)."""
STATURE_M, STATURE_SD_M = 1.75, 0.10
"""Where the athlete's height is not given: the mean of men and women, and its spread."""
RELEASE_HZ = 6.0
NO_HANDS_HALF_WIDTH = 0.05
"""Share of the work that a brief touch, too short to be seen, may do [O]."""
FOLDED = "The hips folded on the way up, and the hands' work is known of a straight body only."
STRAIGHT = "Come up with the hips in line, then the hands' share can be told."


@dataclass(frozen=True)
class ContactRule:
    """What a hand on the floor looks like; lengths in thigh lengths."""

    near: float
    """Distance from its place at the bottom."""
    slow: float
    """Speed, thigh lengths a second."""
    low: float
    """Height over the knee."""
    thrown: float
    """Speed of a hand that is thrown off, over two frames, thigh lengths a second."""
    still: float
    """Distance from its place that such a hand still has in the frame before."""
    carried: float
    """How far the shoulder must move against a hand that rests on the floor: a hand that goes with
    the body rests on nothing."""
    speed_over_s: float = 0.1
    """Half-width over which the speed is taken, seconds: contact right to 0.02 s with it (4)."""
    around_s: float = 0.2
    """Half-width of what is called the bottom, seconds."""
    seen: float = 0.5
    """Visibility under which the hand is not seen."""


def hand_contact(rule: ContactRule, rep: Rep) -> tuple[float, float]:
    """Seconds at which the near hand lands and leaves; NaN where it does not or is not seen.

    Grown outward from the bottom, while the hand is near its place there, slow and low.
    """
    bottom = int(np.argmin(np.abs(rep.t - rep.bottom)))
    resting = _resting(rule, rep)
    if not resting[bottom]:
        return float("nan"), float("nan")
    first = last = bottom
    while first > 0 and resting[first - 1]:
        first -= 1
    while last < len(resting) - 1 and resting[last + 1]:
        last += 1
    if _moved(rep, first, last) < rule.carried:
        return float("nan"), float("nan")
    last = _leaves(rule, rep, last)
    left = float(rep.t[last]) if last < len(resting) - 1 else float("nan")
    return float(rep.t[first]), left


def catch(rule: ContactRule, hands: Gate, breaks: BreakRule, depth: str) -> Callable[[Rep], float]:
    """Seconds at which the hands land; NaN where they are seen and do not land.

    Where they cannot be seen, it is the fastest instant of the depth if the lowering broke (a
    controlled one has no such instant). While the rep is open: the earliest that may be.
    """

    def of(rep: Rep) -> float:
        if rep.open:
            return first_possible_contact(rule, rep)
        if hands.judge(rep).status == "refused":
            broke = np.isfinite(locate_break(breaks, ())(rep))
            return fastest(depth)(rep) if broke else float("nan")
        return hand_contact(rule, rep)[0]

    return of


def release(rule: ContactRule) -> Callable[[Rep], float]:
    """Seconds at which the hands leave the floor; NaN where that is not seen."""
    return lambda rep: float("nan") if rep.open else hand_contact(rule, rep)[1]


def _resting(rule: ContactRule, rep: Rep) -> Flags:
    raw = np.stack([rep.raw("wrist_u"), rep.raw("wrist_v")], 1)
    # A frame in which nobody was found does not lift the hands: short gaps are bridged.
    wrist = np.where(np.isfinite(raw), raw, np.stack([rep["wrist_u"], rep["wrist_v"]], 1))
    around = rep.between(rep.bottom - rule.around_s, rep.bottom + rule.around_s)
    place = wrist[around & np.isfinite(wrist).all(axis=1)]
    if not len(place) or np.median(np.nan_to_num(rep.seen("wrist_u")[around])) < rule.seen:
        return np.zeros(len(rep.t), bool)
    velocity = local_quadratic(
        rep.t, wrist, max(rule.speed_over_s, FEWEST_FRAMES * rep.setting.frame_s)
    )[1]
    far = np.linalg.norm(wrist - np.median(place, axis=0), axis=1)
    with np.errstate(invalid="ignore"):
        slow = np.linalg.norm(velocity, axis=1) < rule.slow
        low = rep["wrist_v"] - rep["knee_v"] < rule.low
        resting: Flags = (far < rule.near) & slow & low
        return resting


def _leaves(rule: ContactRule, rep: Rep, last: int) -> int:
    """The last sample in which the hand rests, from the last in which it is slow.

    The speed is taken over `speed_over_s`, so it rises that long before a hand that is thrown off
    the floor moves at all.
    """
    wrist = np.stack([rep.raw("wrist_u"), rep.raw("wrist_v")], 1)
    before = wrist[rep.between(rep.t[last] - 2 * rule.speed_over_s, rep.t[last])]
    far = np.linalg.norm(wrist - np.nanmedian(before, axis=0), axis=1)
    off = last + 1
    if off == len(far):
        return last  # the clip ends with the hand on the floor
    while off < len(far) - 1 and far[off] < rule.still:
        off += 1
    after = min(off + 1, len(far) - 1)  # it may have left in the midst of the first frame
    speed = (far[after] - far[off - 1]) / (rep.t[after] - rep.t[off - 1])
    return off - 1 if speed > rule.thrown else last


def _moved(rep: Rep, first: int, last: int) -> float:
    """Greatest way of the shoulder against the wrist while the hand rests, thigh lengths."""
    way = [rep[f"shoulder_{a}"] - rep[f"wrist_{a}"] for a in "uv"]
    arm = np.stack(way, 1)[first : last + 1]
    seen = arm[np.isfinite(arm).all(axis=1)]
    return float(np.linalg.norm(seen - seen[0], axis=1).max()) if len(seen) else 0.0


def first_possible_contact(rule: ContactRule, rep: Rep) -> float:
    """Seconds; from here on the hands may have landed (for a rep still open). NaN: not yet."""
    low = rep["wrist_v"] - rep["knee_v"] < rule.low
    after = low & (rep.t >= rep.begins)
    return float(rep.t[after][0]) if after.any() else float("nan")


def fastest(depth: str) -> Callable[[Rep], float]:
    """Seconds at which the body comes down fastest: the catch, where hands cannot be seen."""

    def of(rep: Rep) -> float:
        rate = np.where(rep.between(rep.begins, rep.bottom), rep.rate(depth), np.nan)
        return float(rep.t[np.nanargmax(rate)]) if np.isfinite(rate).any() else float("nan")

    return of


def catch_angle(flexion: str) -> Callable[[Rep], Value]:
    """Knee flexion as the hands land, degrees."""

    def of(rep: Rep) -> Value:
        angle = rep.at(flexion, rep.mark("catch"))
        within = Z95 * ANGLE_SD
        return Value(
            angle,
            float(np.hypot(within, Z95 * rest_sd(rep))),
            within,
            at=rep.mark("catch"),
            reason="The hands did not come to rest on the floor.",
        )

    return of


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
            return Value(np.nan, reason="The way back up was not seen to its end.")
        pushing = rep[hip][rep.between(rep.bottom, release)]
        moved = np.ptp(pushing[np.isfinite(pushing)]) if np.isfinite(pushing).any() else np.inf
        if moved > straight_within:
            return Value(np.nan, reason=FOLDED, what_to_change=STRAIGHT)
        leans = np.array([rep.at(depth, t) for t in (rep.bottom, release, rep.end)])
        rate = low_pass(rep.t, rep.raw(depth), RELEASE_HZ)[1]
        speed = -value_at(rep.t, rate, release)
        value = work_fraction(leans, speed, swing(rep))
        return Value(float(value), _spread(leans, speed, rep), at=release, until=rep.end)

    return of


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
    """Half-width of the 95 % interval, by drawing leans, speed and stature."""
    rng = np.random.default_rng(20150213)
    noisy = leans[:, None] + rng.normal(0, ANGLE_SD, (3, 400))
    speeds = speed * rng.normal(1, 0.15, 400)  # unsmoothed speeds are right to about 15 %
    stature = 1 if rep.setting.athlete.height_m else rng.normal(1, STATURE_SD_M / STATURE_M, 400)
    return Z95 * float(np.std(work_fraction(noisy, speeds, swing(rep) / stature)))
