"""How long a joint bends, is held bent and opens again: what turns slower than a limit is held,
what turns faster moves (nordic-curl.md 10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck import filming
from formcheck.measures.measure import Value
from formcheck.measures.noise import half_width, slow_noise
from formcheck.pose import Array, Flags
from formcheck.rep import Rep
from formcheck.smoothing import FEWEST_FRAMES, SMOOTHING_S, local_quadratic

EDGE_SD_S = 0.03
"""Seconds; how far the smoothing moves the edge of a hold: what stops at once reads up to 0.06
early over +-0.15 s, what slows down nothing."""
NO_START = "The start of the lift was not seen."
NO_END = "The lowering was not shown to its end."
NOT_WHOLE = "Lift or lowering were not shown whole."


@dataclass(frozen=True)
class HeldRule:
    """When a joint is held at the top of its bend."""

    signal: str
    """Its flexion, degrees."""
    slower: float
    """Rate under which it is held, and from which it moves, deg/s."""
    near: float
    """How far under the greatest flexion that may be, degrees."""
    too_slow: str
    """Why no duration is told where nothing moved faster than that, in a lifter's words."""
    stops_short: str
    """Why the opening has no duration where it ends more bent than the cycle's `straight`, in a rep
    that began straighter."""


@dataclass(frozen=True)
class Spans:
    """What a rep's flexion does when; seconds, NaN where that was not seen."""

    lift: float
    """From the first to the last instant in which it bends before it is held; NaN as well where
    nothing bends faster than the rule's rate."""
    held: float
    """NaN where the clip ends before the opening begins."""
    lower: float
    """From the first to the last instant in which it opens; NaN as well where nothing opens faster
    than the rule's rate."""
    lowers: float
    """The moment at which the opening begins; NaN where the clip ends before it."""


def spans(rule: HeldRule, rep: Rep, angle: Array, rate: Array) -> Spans:
    """The spans of a rep, given flexion and rate (n,) at its samples."""
    t, step = rep.t, np.gradient(rep.t)
    inside = rep.between(rep.begins, rep.until) & np.isfinite(angle) & np.isfinite(rate)
    if not inside.any():
        return Spans(np.nan, np.nan, np.nan, np.nan)
    top = int(np.argmax(np.where(inside, angle, -np.inf)))
    inside |= _still_opening(rule, rep, rate)
    held = inside & (np.abs(rate) < rule.slower) & (angle >= angle[top] - rule.near)
    first, last = np.flatnonzero(held)[[0, -1]] if held.any() else (top, top)
    bends = inside & (rate > rule.slower) & (t <= t[min(first, top)])
    opens = inside & (rate < -rule.slower) & (t > t[last])
    ended = bool(np.isfinite(rep.end) or opens.any())
    return Spans(
        lift=_lasts(t, step, bends) if np.isfinite(rep.start) else np.nan,
        held=float(step[held].sum()) if ended else np.nan,
        lower=_lasts(t, step, opens) if np.isfinite(rep.end) else np.nan,
        lowers=float(t[last]) if ended else np.nan,
    )


def _still_opening(rule: HeldRule, rep: Rep, rate: Array) -> Flags:
    """(n,) the samples after the rep's end in which it opens on: the end is near the least flexion,
    not at it."""
    after = rep.t > rep.until
    slow = np.flatnonzero(after & ~(rate < -rule.slower))
    opens: Flags = after & (rep.t < (rep.t[slow[0]] if len(slow) else np.inf))
    return opens


def _lasts(t: Array, step: Array, moving: Flags) -> float:
    """Seconds from the first to the last of the moving samples; NaN where there is none."""
    found = np.flatnonzero(moving)
    return float(t[found[-1]] - t[found[0]] + step[found[-1]]) if len(found) else np.nan


def lowers(rule: HeldRule) -> Callable[[Rep], float]:
    """The moment at which the lowering begins, seconds: the end of the hold, or the greatest
    flexion where nothing was held; NaN where the clip ends before it."""
    return lambda rep: spans(rule, rep, rep[rule.signal], rep.rate(rule.signal)).lowers


def lift_duration(rule: HeldRule) -> Callable[[Rep], Value]:
    """Seconds in which the joint bends, until it is held or at its greatest flexion."""
    return _timed(rule, lambda s: s.lift, lambda rep: _unseen(rep.start, NO_START))


def top_pause(rule: HeldRule) -> Callable[[Rep], Value]:
    """Seconds in which the joint is held near its greatest flexion."""
    return _timed(rule, lambda s: s.held, lambda rep: None, NO_END)


def lower_duration(rule: HeldRule) -> Callable[[Rep], Value]:
    """Seconds in which the joint opens, from the end of the hold."""
    return _timed(rule, lambda s: s.lower, lambda rep: _not_lowered(rule, rep))


def lower_less_lift(rule: HeldRule) -> Callable[[Rep], Value]:
    """By how many seconds the lowering is longer than the lift; negative: it is shorter."""
    return _timed(
        rule,
        lambda s: s.lower - s.lift,
        lambda rep: _unseen(rep.start + rep.end, NOT_WHOLE) or _not_lowered(rule, rep),
    )


def _unseen(moment: float, reason: str) -> Value | None:
    """A refusal for that reason where the moment is NaN."""
    return None if np.isfinite(moment) else _cut_off(reason)


def _cut_off(reason: str) -> Value:
    return Value(np.nan, reason=reason, what_to_change=filming.EARLY.words)


def _not_lowered(rule: HeldRule, rep: Rep) -> Value | None:
    """A refusal where the lowering was not shown, or stops short of straight and did not begin
    there; what it comes down to is sought as far as the rep's samples reach."""
    straight, angle = rep.cycle.straight, rep[rule.signal]
    least = float(np.nanmin(angle[rep.t >= rep.bottom]))
    if np.isfinite(rep.end) and rep.at(rule.signal, rep.begins) <= straight < least:
        return Value(np.nan, reason=rule.stops_short)
    return _unseen(rep.end, NO_END)


def _timed(
    rule: HeldRule,
    what: Callable[[Spans], float],
    refusal: Callable[[Rep], Value | None],
    unseen: str = "",
) -> Callable[[Rep], Value]:
    """A span with its interval, from noise drawn through the rule.

    It is shown where the lowering begins: there an eye tells hold and lowering. Refused where
    `refusal` says so; else, where the rep or most of what it might have been does not hold it, for
    the reason `unseen`, which is the clip's end, or else that it was too slow.
    """

    def of(rep: Rep) -> Value:
        refused = refusal(rep)
        if refused is not None:
            return refused
        found, draws = _drawn(rule, rep)
        value, drawn = what(found), np.array([what(draw) for draw in draws])
        if not np.isfinite(value) or np.isnan(drawn).mean() > 0.5:
            return _cut_off(unseen) if unseen else Value(np.nan, reason=rule.too_slow)
        moved = float(np.sqrt(np.nanmean((drawn - value) ** 2)))
        spread = half_width(moved, EDGE_SD_S, EDGE_SD_S, rep.setting.frame_s / 2)
        return Value(value, spread, at=found.lowers)

    return of


def _drawn(rule: HeldRule, rep: Rep) -> tuple[Spans, Sequence[Spans]]:
    """The rep's spans, and those that it might have had; worked out once."""
    if rule not in rep.answers:
        half = max(SMOOTHING_S, FEWEST_FRAMES * rep.setting.frame_s)
        noisy = rep.raw(rule.signal)[:, None] + slow_noise(rep.t)
        angles, rates = local_quadratic(rep.t, noisy, half)
        drawn = [spans(rule, rep, a, r) for a, r in zip(angles.T, rates.T, strict=True)]
        rep.answers[rule] = spans(rule, rep, rep[rule.signal], rep.rate(rule.signal)), drawn
    result: tuple[Spans, Sequence[Spans]] = rep.answers[rule]
    return result
