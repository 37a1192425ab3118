"""The field's zero-lag low-pass, for uneven timestamps and missing frames.

A cubic smoothing spline minimises sum w (y - x)^2 + lambda * integral of x''^2; its frequency
response is 1 / (1 + (f/f0)^4), which is that of a second-order Butterworth filter run forward and
backward, and f0 = cut-off / 0.802 puts -3 dB at the cut-off (nordic-curl.md 0.4). The spline needs
no resampling, and its slope is exact. SciPy's own, the same, takes many times as long, and between
two reps an athlete waits for it.
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
    """Value and rate of the spline of y (T, K) at `at`, which lies within t."""
    lam = (2 * np.pi * cutoff_hz / TWO_PASSES) ** -4.0
    value, bend = _knots(t, y, lam / np.gradient(t))
    left = np.clip(np.searchsorted(t, at, "right") - 1, 0, len(t) - 2)
    h = np.diff(t)[left, None]
    b = (at[:, None] - t[left, None]) / h
    a = 1 - b
    step = value[left + 1] - value[left]
    curve = a * (a * a - 1) * bend[left] + b * (b * b - 1) * bend[left + 1]
    slope = (3 * b * b - 1) * bend[left + 1] - (3 * a * a - 1) * bend[left]
    return value[left] + b * step + h**2 / 6 * curve, step / h + h / 6 * slope


def _knots(t: Array, y: Array, stiff: Array) -> tuple[Array, Array]:
    """Value and second derivative (T, K) of the natural cubic spline at its knots, by Reinsch's
    equations (Numerische Mathematik 10, 1967): (R + Q' S Q) bend = Q' y, S of the stiffness (T,),
    lambda over the weight. One banded solution for all columns."""
    from scipy.linalg.lapack import dpbsv  # 0.1 s to import: only when needed

    h = np.diff(t)
    before, after = 1 / h[:-1], 1 / h[1:]
    own = -(before + after)
    band = np.zeros((3, len(t) - 2))
    band[2] = (h[:-1] + h[1:]) / 3 + (
        before**2 * stiff[:-2] + own**2 * stiff[1:-1] + after**2 * stiff[2:]
    )
    band[1, 1:] = (
        h[1:-1] / 6 + own[:-1] * before[1:] * stiff[1:-2] + (after[:-1] * own[1:] * stiff[2:-1])
    )
    band[0, 2:] = after[:-2] * before[2:] * stiff[2:-2]
    bend = np.zeros_like(y)
    # as solveh_banded does it, of which half the time goes into checking what it is given
    _, bend[1:-1], failed = dpbsv(band, np.diff(np.diff(y, axis=0) / h[:, None], axis=0))
    if failed:
        raise np.linalg.LinAlgError(f"times so close that no curve can be bent: {h.min()} s apart")
    jump = np.diff(np.diff(bend, axis=0) / h[:, None], axis=0, prepend=0, append=0)
    return y - stiff[:, None] * jump, bend
