"""When the hands are on the floor (nordic-curl.md 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from formcheck.measures.break_point import BreakRule, locate_break
from formcheck.measures.measure import Gate
from formcheck.pose import Array, Flags
from formcheck.rep import Rep, value_at
from formcheck.smoothing import FEWEST_FRAMES, local_quadratic

LIFTED_SD_S, PULLED_SD_S = 0.025, 0.015
"""How surely a hand that is lifted, and one that is pulled off, is seen to leave, seconds: the
standard deviations of 106 rendered releases, without what the frame rate adds."""


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
    """Speed of a hand that is thrown onto the floor, over two frames, thigh lengths a second."""
    still: float
    """Distance from its place that such a hand has in the frame after."""
    carried: float
    """How far the shoulder must move against a hand that rests on the floor; and how far a hand
    must go with it to rest on nothing."""
    follows: float
    """The share of the shoulder's way that a hand on the floor may go along."""
    lift: tuple[float, float]
    """Distances from its place between which the way of a hand that leaves is read."""
    straight: float
    """Degrees of elbow flexion: a straighter arm can push no further, and pulls its hand along."""
    pulled: float
    """Speed of such a hand, thigh lengths a second."""
    lags_s: float
    """How late a hand is seen that is lifted, seconds: hands alone keep the model's smoothing."""
    speed_over_s: float = 0.1
    """Half-width over which the speed is taken, seconds: contact right to 0.02 s with it (4)."""
    around_s: float = 0.2
    """Half-width of what is called the bottom, seconds."""
    place_s: float = 0.3
    """Over how long before a hand leaves its place is taken, seconds."""
    seen: float = 0.5
    """Visibility under which the hand is not seen."""


@dataclass(frozen=True)
class Leaving:
    """When a hand leaves the floor, seconds; NaN where that is not seen."""

    lifted: float
    """If it is lifted: it gathers speed evenly, so the root of its way grows with time."""
    pulled: float
    """If a straight arm pulls it off: it goes at the body's own speed at once."""
    straight: bool
    """Whether the arm is straight then."""
    fast: bool
    """Whether the hand goes as fast as one that is pulled."""

    @property
    def is_pulled(self) -> bool:
        """Only a straight arm pulls, and what it pulls is fast."""
        return self.straight and self.fast

    @property
    def is_sure(self) -> bool:
        """Whether both signs say the same."""
        return self.straight == self.fast

    @property
    def at(self) -> float:
        """The likelier of the two."""
        return self.pulled if self.is_pulled else self.lifted

    @property
    def otherwise(self) -> float:
        """The other of the two, where the signs do not agree; NaN where they do."""
        return float("nan") if self.is_sure else self.pulled


NOT_LEFT = Leaving(np.nan, np.nan, straight=False, fast=False)


def hand_contact(rule: ContactRule, rep: Rep) -> tuple[float, float]:
    """Seconds at which the near hand lands and leaves; NaN where it does not or is not seen.

    Grown outward from the bottom, while the hand is near its place there, slow and low. It lands
    midway between the first such sample and the one before: taken for the first itself, 92 rendered
    landings were found 0.03 s late. When it left is told by the way it goes then. From the front a
    hand's place on the floor cannot be told from its height.
    """
    first, last = _rests(rule, rep)
    if first is None or last is None:
        return float("nan"), float("nan")
    return float(rep.t[max(first - 1, 0) : first + 1].mean()), leaving(rule, rep).at


def leaving(rule: ContactRule, rep: Rep) -> Leaving:
    """How the near hand leaves the floor; found once a rep, whatever its marks so far."""
    asked, known = (leaving, rule, rep.bottom), rep.samples.answers
    if asked not in known:
        _, last = _rests(rule, rep)
        known[asked] = NOT_LEFT if last is None else _leaving(rule, rep, last)
    found: Leaving = known[asked]
    return found


def _rests(rule: ContactRule, rep: Rep) -> tuple[int | None, int | None]:
    """The first and the last sample in which the hand is slow on the floor; None: in none."""
    bottom = int(np.argmin(np.abs(rep.t - rep.bottom)))
    resting = np.zeros(1, bool) if rep.setting.from_front else _resting(rule, rep)
    if len(resting) <= bottom or not resting[bottom]:
        return None, None
    first = last = bottom
    while first > 0 and resting[first - 1]:
        first -= 1
    while last < len(resting) - 1 and resting[last + 1]:
        last += 1
    if _taken_along(rule, rep, first, last):
        return None, None
    first = _thrown(rule, rep, first)
    return (None, None) if _idle(rule, rep, first, last) else (first, last)


def _leaving(rule: ContactRule, rep: Rep, last: int) -> Leaving:
    """From the last sample in which the hand is slow: its way off its place, carried back to 0."""
    t, wrist = rep.t, _wrist(rep)
    place = np.nanmedian(wrist[rep.between(t[last] - rule.place_s, t[last])], axis=0)
    way = np.linalg.norm(wrist - place, axis=1)
    off = _lift(rule, way, last)
    if off is None:
        left = float(t[last : last + 2].mean()) if last < len(t) - 1 else float("nan")
        return Leaving(left, left, straight=False, fast=False)
    earliest, latest = t[last] - 2 * rule.speed_over_s, t[off][-1]
    pulled, speed = _foot(t[off], way[off])
    lifted = _foot(t[off], np.sqrt(way[off]))[0] - rule.lags_s
    bent = value_at(t, rep.raw("elbow_flexion"), pulled)
    return Leaving(
        lifted=float(np.clip(lifted, earliest, latest)),
        pulled=float(np.clip(pulled, earliest, latest)),
        straight=bool(bent < rule.straight),
        fast=speed > rule.pulled,
    )


def _lift(rule: ContactRule, way: Array, last: int) -> slice | None:
    """The samples in which a hand goes off its place, three at least; None where it does not go
    far. way: (n,) thigh lengths; last: the sample in which it is slow for the last time."""
    near, far = rule.lift
    gone = np.flatnonzero((way > far) & (np.arange(len(way)) > last))
    if not len(gone):
        return None
    begin = int(gone[0])
    while begin > 0 and way[begin - 1] > near:
        begin -= 1
    return slice(max(min(begin, int(gone[0]) - 2), 0), int(gone[0]) + 1)


def _foot(t: Array, y: Array) -> tuple[float, float]:
    """Where the straight line through y (n,) at t (n,) comes from 0, and its slope."""
    seen = np.isfinite(y)
    if seen.sum() < 2:
        return float(t[-1]), float("nan")
    slope, level = np.polyfit(t[seen] - t[-1], y[seen], 1)
    return (float(t[-1] - level / slope) if slope > 0 else float(t[-1])), float(slope)


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
    return lambda rep: float("nan") if rep.open else leaving(rule, rep).at


def release_otherwise(rule: ContactRule) -> Callable[[Rep], float]:
    """Seconds at which they may have left as well; NaN where that is told surely."""
    return lambda rep: float("nan") if rep.open else leaving(rule, rep).otherwise


def release_sd(rule: ContactRule) -> Callable[[Rep], float]:
    """Seconds, the standard deviation of the release; NaN where it is not seen."""

    def of(rep: Rep) -> float:
        if rep.open or not np.isfinite(leaving(rule, rep).at):
            return float("nan")
        own = PULLED_SD_S if leaving(rule, rep).is_pulled else LIFTED_SD_S
        return float(np.hypot(own, rep.setting.frame_s / 12**0.5))

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


def _thrown(rule: ContactRule, rep: Rep, at: int) -> int:
    """The first sample in which the hand rests, from the first in which it is slow.

    The speed is taken over `speed_over_s`, so it falls that long after a hand that is thrown onto
    the floor has come to rest.
    """
    wrist, t = _wrist(rep), rep.t
    place = np.nanmedian(wrist[rep.between(t[at], t[at] + 2 * rule.speed_over_s)], axis=0)
    far = np.linalg.norm(wrist - place, axis=1)
    off = at - 1
    while off > 0 and far[off] < rule.still:
        off -= 1
    if off < 1:  # it may have moved in the midst of the first frame
        return at
    speed = (far[off - 1] - far[off + 1]) / (t[off + 1] - t[off - 1])
    return off + 1 if speed > rule.thrown else at


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
