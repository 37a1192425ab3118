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


@dataclass(frozen=True)
class HeldRule:
    """When a joint is held at the top of its bend."""

    signal: str
    """Its flexion, degrees."""
    slower: float
    """Rate under which it is held, and from which it moves, deg/s."""
    near: float
    """How far under the greatest flexion that may be, degrees."""


@dataclass(frozen=True)
class Spans:
    """What a rep's flexion does when; seconds, NaN where that was not seen."""

    lift: float
    """From the first to the last instant in which it bends."""
    held: float
    lower: float
    """From the first to the last instant in which it opens."""
    lowers: float
    """The moment at which the opening begins."""


def spans(rule: HeldRule, rep: Rep, angle: Array, rate: Array) -> Spans:
    """The spans of a rep, given flexion and rate (n,) at its samples."""
    t, step = rep.t, np.gradient(rep.t)
    inside = rep.between(rep.begins, rep.until) & np.isfinite(angle) & np.isfinite(rate)
    if not inside.any():
        return Spans(np.nan, np.nan, np.nan, np.nan)
    top = int(np.argmax(np.where(inside, angle, -np.inf)))
    inside |= _still_opening(rule, rep, rate)
    held = inside & (np.abs(rate) < rule.slower) & (angle >= angle[top] - rule.near)
    last = int(np.flatnonzero(held)[-1]) if held.any() else top
    bends = inside & (rate > rule.slower) & (t <= t[top])
    opens = inside & (rate < -rule.slower) & (t > t[last])
    return Spans(
        lift=_lasts(t, step, bends) if np.isfinite(rep.start) else np.nan,
        held=float(step[held].sum()),
        lower=_lasts(t, step, opens) if np.isfinite(rep.end) else np.nan,
        lowers=float(t[last]),
    )


def _still_opening(rule: HeldRule, rep: Rep, rate: Array) -> Flags:
    """(n,) the samples after the rep's end in which it opens on: the end is near the least flexion,
    not at it."""
    after = rep.t > rep.until
    slow = np.flatnonzero(after & ~(rate < -rule.slower))
    opens: Flags = after & (rep.t < (rep.t[slow[0]] if len(slow) else np.inf))
    return opens


def _lasts(t: Array, step: Array, moving: Flags) -> float:
    found = np.flatnonzero(moving)
    return float(t[found[-1]] - t[found[0]] + step[found[-1]]) if len(found) else 0.0


def lowers(rule: HeldRule) -> Callable[[Rep], float]:
    """The moment at which the lowering begins, seconds: the end of the hold, or the greatest
    flexion where nothing was held."""
    return lambda rep: spans(rule, rep, rep[rule.signal], rep.rate(rule.signal)).lowers


def lift_duration(rule: HeldRule) -> Callable[[Rep], Value]:
    """Seconds in which the joint bends, until its greatest flexion."""
    return _timed(rule, lambda s: s.lift, NO_START)


def top_pause(rule: HeldRule) -> Callable[[Rep], Value]:
    """Seconds in which the joint is held near its greatest flexion."""
    return _timed(rule, lambda s: s.held, NO_END)


def lower_duration(rule: HeldRule) -> Callable[[Rep], Value]:
    """Seconds in which the joint opens, from the end of the hold."""
    return _timed(rule, lambda s: s.lower, NO_END)


def lower_less_lift(rule: HeldRule) -> Callable[[Rep], Value]:
    """By how many seconds the lowering is longer than the lift; negative: it is shorter."""
    return _timed(rule, lambda s: s.lower - s.lift, "Lift or lowering were not shown whole.")


def _timed(rule: HeldRule, what: Callable[[Spans], float], reason: str) -> Callable[[Rep], Value]:
    """A span with its interval, from noise drawn through the rule.

    It is shown where the lowering begins: there an eye tells hold and lowering.
    """

    def of(rep: Rep) -> Value:
        found, draws = _drawn(rule, rep)
        value, drawn = what(found), np.array([what(draw) for draw in draws])
        if not np.isfinite(value):
            return Value(np.nan, reason=reason, what_to_change=filming.EARLY.words)
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
