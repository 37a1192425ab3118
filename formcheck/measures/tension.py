"""How long the lowering stayed in each range of the knee (nordic-curl.md 2)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.measures.break_point import UNSEEN
from formcheck.measures.measure import Value
from formcheck.measures.noise import (
    Z95,
    as_drawn,
    flexion_change_sd,
    half_width,
    rest_sd,
)
from formcheck.measures.tempo import Ends
from formcheck.pose import Array
from formcheck.rep import Rep, value_at

TOO_SHORT = (
    "Too short to be timed: the knee's angle is known to a few degrees, and this may have been "
    "anything up to {:.2f} s."
)
BRIEF_S = 0.1
"""What was no longer than this in any case is told well enough, short as it is."""
EVEN = 1e-6
"""Degrees; a frame in which the knee opens by less lies in one range."""


def time_under_tension(
    flexion: str,
    over: float,
    upto: float,
    cutoff_hz: float,
    duration: Callable[[Rep], Value],
    ends: Ends,
) -> Callable[[Rep], Value]:
    """Seconds of the lowering with the flexion between `over` and `upto` degrees, zero-lag at
    `cutoff_hz`, from the raw signal.

    duration: of the whole lowering; ends: the intervals of its start and its end, of which a range
    has what its own time changes by if they lie so much earlier or later. Refused where the
    lowering's start was not seen and may have lain in the range.
    """

    def of(rep: Rep) -> Value:
        lasted, found = duration(rep), as_drawn(rep, flexion, cutoff_hz)[0]
        edge = over if np.isfinite(over) else upto
        sd = float(np.hypot(rest_sd(rep.setting), flexion_change_sd(rep.setting, edge)))
        own, drawn = found[:, :1], found[:, 1:]
        angle = np.hstack([own, own - sd, own + sd, drawn])
        span = (rep.begins, rep.lowered)
        bent = [value_at(rep.t, angle[:, 0], when) for when in span]
        if not np.isfinite(bent).all():
            return Value(np.nan, reason=UNSEEN)
        if not np.isfinite(lasted.value) and bent[0] < over:
            return Value(np.nan, reason=lasted.reason, what_to_change=lasted.what_to_change)
        seconds = seconds_in(rep.t, angle, (over, upto), span)
        unsure = np.nan_to_num(ends(rep)) * (np.isfinite(lasted.value), 1.0)
        shares = _of_ends(rep.t, own, (over, upto), span, unsure)
        return _timed(seconds, shares, rep.setting.frame_s, lasted.doubt if shares[1] else None)

    return of


def _of_ends(
    t: Array, angle: Array, between: tuple[float, float], span: tuple[float, float], own: Array
) -> tuple[float, float]:
    """Seconds that the time in a range changes by if the span's first or its last instant lies
    `own` (2,) seconds earlier or later: what either does to it."""

    def of(first: float, last: float) -> float:
        return float(seconds_in(t, angle, between, (first, max(first, last)))[0])

    (first, last), (early, late) = span, own
    here = of(first, last)
    starts = [of(first + s * early, last) - here for s in (-1, 1)]
    stops = [of(first, last + s * late) - here for s in (-1, 1)]
    return max(map(abs, starts)), max(map(abs, stops))


def _timed(seconds: Array, shares: tuple[float, float], frame_s: float, doubt: str | None) -> Value:
    """seconds: (3 + K,) as read, with the angles a standard deviation lower and higher, and as
    noise might have shown them; shares: what start and end are unsure by."""
    drawn = float(np.sqrt(np.mean((seconds[3:] - seconds[0]) ** 2)))
    within = float(np.hypot(half_width(drawn, frame_s / 2), np.hypot(*shares)))
    spread = float(np.hypot(within, Z95 * abs(float(seconds[2] - seconds[1])) / 2))
    most = seconds[0] + spread
    short = seconds[0] < spread and most >= BRIEF_S
    quick = TOO_SHORT.format(most) if short else None
    doubts = " ".join(filter(None, (doubt, quick)))
    return Value(float(seconds[0]), spread, within, doubt=doubts or None)


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
