"""How long the lowering stayed in each range of the knee (nordic-curl.md 2)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.filtering import low_pass
from formcheck.measures.break_point import UNSEEN
from formcheck.measures.measure import Value
from formcheck.measures.noise import Z95, flexion_change_sd, half_width, rest_sd, slow_noise
from formcheck.pose import Array
from formcheck.rep import Rep, value_at

TOO_SHORT = (
    "Too short to be timed: the knee's angle is known to a few degrees, and this may have been "
    "anything up to {:.2f} s."
)
EVEN = 1e-6
"""Degrees; a frame in which the knee opens by less lies in one range."""


def time_under_tension(
    flexion: str, over: float, upto: float, cutoff_hz: float, duration: Callable[[Rep], Value]
) -> Callable[[Rep], Value]:
    """Seconds of the lowering with the flexion between `over` and `upto` degrees, zero-lag at
    `cutoff_hz`, from the raw signal.

    duration: of the whole lowering; the ranges that hold its start or its end share its interval.
    Refused where the lowering's start was not seen and may have lain in the range.
    """

    def of(rep: Rep) -> Value:
        raw, lasted = rep.raw(flexion)[:, None], duration(rep)
        edge = over if np.isfinite(over) else upto
        sd = float(np.hypot(rest_sd(rep.setting), flexion_change_sd(rep.setting, edge)))
        tried = np.hstack([raw, raw - sd, raw + sd, raw + slow_noise(rep.t)])
        angle = low_pass(rep.t, tried, cutoff_hz)[0]
        ends = [value_at(rep.t, angle[:, 0], when) for when in (rep.begins, rep.lowered)]
        if not np.isfinite(ends).all():
            return Value(np.nan, reason=UNSEEN)
        if not np.isfinite(lasted.value) and ends[0] < over:
            return Value(np.nan, reason=lasted.reason, what_to_change=lasted.what_to_change)
        seconds = seconds_in(rep.t, angle, (over, upto), (rep.begins, rep.lowered))
        drawn = float(np.sqrt(np.mean((seconds[3:] - seconds[0]) ** 2)))
        held = any(upto < end <= over for end in ends) and np.isfinite(lasted.value)
        within = half_width(drawn, rep.setting.frame_s / 2, lasted.uncertainty / Z95 if held else 0)
        apart = Z95 * abs(float(seconds[2] - seconds[1])) / 2
        spread = float(np.hypot(within, apart))
        quick = TOO_SHORT.format(seconds[0] + spread) if seconds[0] < spread else None
        doubts = (lasted.doubt if held else None, quick)
        return Value(
            float(seconds[0]), spread, within, doubt=" ".join(filter(None, doubts)) or None
        )

    return of


def seconds_in(
    t: Array, angle: Array, between: tuple[float, float], span: tuple[float, float]
) -> Array:
    """(K,) seconds of the span in which an angle lies in a range, straight between samples.

    t: (n,) seconds; angle: (n, K) degrees, NaN where not seen, which is not counted; between: the
    upper end, counted, and the lower, not counted, degrees; span: first and last, seconds.
    """
    over, upto = between
    first, last = np.clip(t[:-1], *span)[:, None], np.clip(t[1:], *span)[:, None]
    step = np.diff(t)[:, None]
    slope = np.diff(angle, axis=0) / step
    start = angle[:-1] + slope * (first - t[:-1, None])
    end = angle[:-1] + slope * (last - t[:-1, None])
    top, low = np.maximum(start, end), np.minimum(start, end)
    inside = np.clip(np.minimum(top, over) - np.maximum(low, upto), 0, None)
    whole = np.where((top <= over) & (top > upto), 1.0, 0.0)
    share = np.where(top - low > EVEN, inside / np.maximum(top - low, EVEN), whole)
    counted: Array = np.nansum((last - first) * np.where(np.isnan(top), np.nan, share), axis=0)
    return counted
