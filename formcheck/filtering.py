"""The field's zero-lag low-pass, for uneven timestamps and missing frames.

A cubic smoothing spline minimises sum w (y - x)^2 + lambda * integral of x''^2; its frequency
response is 1 / (1 + (f/f0)^4), which is that of a second-order Butterworth filter run forward and
backward, and f0 = cut-off / 0.802 puts -3 dB at the cut-off (nordic-curl.md 0.4). The spline needs
no resampling, and its slope is exact. The spline is SciPy's.
"""

from __future__ import annotations

import numpy as np

from formcheck.pose import Array, Flags
from formcheck.smoothing import LONGEST_GAP_S

FEWEST = 5
"""Samples that the spline needs."""
TWO_PASSES = 0.802
"""What the cut-off is divided by, because two passes narrow the band (nordic-curl.md 0.4)."""


def low_pass(t: Array, y: Array, cutoff_hz: float) -> tuple[Array, Array]:
    """Value and rate of y, zero-lag, order 4, -3 dB at `cutoff_hz`.

    t: (T,) seconds, increasing. y: (T,) or (T, K) of any unit; the K columns share their gaps.
    Returns two arrays of y's shape, the rate per second. Gaps of up to 0.20 s are bridged; longer
    ones, and what is not seen at the ends, are NaN, and the pieces between are filtered alone.
    """
    columns = y.reshape(len(t), -1)
    value, rate = np.full_like(columns, np.nan), np.full_like(columns, np.nan)
    seen = np.asarray(np.isfinite(columns).all(axis=1))
    for piece in _pieces(t, seen):
        knots = piece[seen[piece]]
        if len(knots) >= FEWEST:
            value[piece], rate[piece] = _spline(t[knots], columns[knots], cutoff_hz, t[piece])
    return value.reshape(y.shape), rate.reshape(y.shape)


def _pieces(t: Array, seen: Flags) -> list[Array]:
    """Runs of frames from a seen one to a seen one, no gap within longer than the longest."""
    knots = np.flatnonzero(seen)
    if len(knots) == 0:
        return []
    cuts = np.flatnonzero(np.diff(t[knots]) > LONGEST_GAP_S) + 1
    return [np.arange(run[0], run[-1] + 1) for run in np.split(knots, cuts)]


def _spline(t: Array, y: Array, cutoff_hz: float, at: Array) -> tuple[Array, Array]:
    from scipy.interpolate import make_smoothing_spline  # 0.4 s to import: only when needed

    width = np.gradient(t)
    curve = make_smoothing_spline(t, y, w=width, lam=(2 * np.pi * cutoff_hz / TWO_PASSES) ** -4.0)
    return curve(at), curve(at, nu=1)
