"""When the hands are on the floor (nordic-curl.md 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from formcheck.measures.break_point import BreakRule, locate_break
from formcheck.measures.measure import Gate
from formcheck.pose import Array, Flags
from formcheck.rep import Rep
from formcheck.smoothing import FEWEST_FRAMES, local_quadratic


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
    """Speed of a hand that is thrown on or off the floor, over two frames, thigh lengths a
    second."""
    still: float
    """Distance from its place that such a hand has in the frame before or after."""
    carried: float
    """How far the shoulder must move against a hand that rests on the floor; and how far a hand
    must go with it to rest on nothing."""
    follows: float
    """The share of the shoulder's way that a hand on the floor may go along."""
    lags_s: float
    """How long after it leaves a hand that is not thrown is seen to leave, seconds."""
    speed_over_s: float = 0.1
    """Half-width over which the speed is taken, seconds: contact right to 0.02 s with it (4)."""
    around_s: float = 0.2
    """Half-width of what is called the bottom, seconds."""
    seen: float = 0.5
    """Visibility under which the hand is not seen."""


def hand_contact(rule: ContactRule, rep: Rep) -> tuple[float, float]:
    """Seconds at which the near hand lands and leaves; NaN where it does not or is not seen.

    Grown outward from the bottom, while the hand is near its place there, slow and low. It lands in
    the first such sample, because a hand eases onto the floor; it leaves midway between the last
    and the next, because it is pushed off. From the front a hand's place on the floor cannot be
    told from its height.
    """
    return _contact(rule, rep)[:2]


def _contact(rule: ContactRule, rep: Rep) -> tuple[float, float, bool]:
    """The same, and whether the hand is thrown off the floor."""
    none = float("nan"), float("nan"), False
    if rep.setting.from_front:
        return none
    bottom = int(np.argmin(np.abs(rep.t - rep.bottom)))
    resting = _resting(rule, rep)
    if not resting[bottom]:
        return none
    first = last = bottom
    while first > 0 and resting[first - 1]:
        first -= 1
    while last < len(resting) - 1 and resting[last + 1]:
        last += 1
    if _taken_along(rule, rep, first, last):
        return none
    slow = last
    first, last = _thrown(rule, rep, first, -1), _thrown(rule, rep, last, +1)
    if _idle(rule, rep, first, last):
        return none
    left = float(rep.t[last : last + 2].mean()) if last < len(resting) - 1 else float("nan")
    return float(rep.t[first]), left, last != slow


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


def push_end(rule: ContactRule) -> Callable[[Rep], float]:
    """Seconds at which the hands stop pushing: the release, less what a hand that leaves slowly is
    seen to leave late. NaN where the release is not seen."""

    def of(rep: Rep) -> float:
        if rep.open:
            return float("nan")
        _, left, thrown = _contact(rule, rep)
        return left if thrown else left - rule.lags_s

    return of


def _resting(rule: ContactRule, rep: Rep) -> Flags:
    wrist = _wrist(rep)
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


def _thrown(rule: ContactRule, rep: Rep, at: int, way: int) -> int:
    """The first (way -1) or last (+1) sample in which the hand rests, from the one in which it is
    slow.

    The speed is taken over `speed_over_s`, so it rises that long before a hand that is thrown off
    the floor moves at all, and falls that long after one that is thrown onto it has come to rest.
    """
    wrist, t = _wrist(rep), rep.t
    since, until = sorted((t[at], t[at] - way * 2 * rule.speed_over_s))
    far = np.linalg.norm(wrist - np.nanmedian(wrist[rep.between(since, until)], axis=0), axis=1)
    off = at + way
    while 0 < off < len(far) - 1 and far[off] < rule.still:
        off += way
    beyond = off + way  # it may have moved in the midst of the first frame
    if not 0 <= beyond < len(far):
        return at
    speed = (far[beyond] - far[off - way]) / abs(t[beyond] - t[off - way])
    return off - way if speed > rule.thrown else at


def _wrist(rep: Rep) -> Array:
    """(n, 2) the near wrist as seen, short gaps bridged: a frame in which nobody was found does not
    lift the hands."""
    raw = np.stack([rep.raw("wrist_u"), rep.raw("wrist_v")], 1)
    return np.where(np.isfinite(raw), raw, np.stack([rep["wrist_u"], rep["wrist_v"]], 1))


def _taken_along(rule: ContactRule, rep: Rep, first: int, last: int) -> bool:
    """Whether the body takes along the hand that seems to rest: both move, and the wrist's way has
    a slope on the shoulder's."""
    wrist, shoulder = _arm(rep, first, last)
    if min(_way(wrist), _way(shoulder)) < rule.carried:
        return False
    body = shoulder - shoulder.mean(axis=0)
    return float((body * wrist).sum() / (body**2).sum()) > rule.follows


def _idle(rule: ContactRule, rep: Rep, first: int, last: int) -> bool:
    """Whether the shoulder does not move against a hand that seems to rest."""
    wrist, shoulder = _arm(rep, first, last)
    return _way(shoulder - wrist) < rule.carried


def _arm(rep: Rep, first: int, last: int) -> tuple[Array, Array]:
    """(n, 2) wrist and shoulder from the one sample to the other, where both are seen."""
    wrist, shoulder = (
        np.stack([rep[f"{joint}_{a}"] for a in "uv"], 1)[first : last + 1]
        for joint in ("wrist", "shoulder")
    )
    seen = np.isfinite(wrist + shoulder).all(axis=1)
    return wrist[seen], shoulder[seen]


def _way(place: Array) -> float:
    """Greatest distance of (n, 2) from the first; 0 where there is none."""
    return float(np.linalg.norm(place - place[:1], axis=1).max(initial=0))


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
