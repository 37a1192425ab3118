"""Pure statistics: errors in, figures out. What cannot be told of so few is None."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from formcheck.validate.scores import Agreement, Calibration, Detection, Pair

Z95 = 1.96
NOMINAL = (50, 68, 80, 90, 95)
"""Shares that an interval may claim, per cent."""
PLACES = 4


def agreement(errors: ArrayLike, inside: Sequence[bool] = ()) -> Agreement:
    """Bias, SD, MAE, p95 and limits of agreement of errors (n,); NaN among them is left out.

    inside: for each whether the truth lay in the stated interval, where one was stated.
    """
    e = np.asarray(errors, float)
    e = e[np.isfinite(e)]
    if not len(e):
        return Agreement(n=0)
    bias, sd = float(e.mean()), float(e.std(ddof=1)) if len(e) > 1 else None
    return Agreement(
        n=len(e),
        bias=rounded(bias),
        sd=rounded(sd),
        mae=rounded(np.abs(e).mean()),
        p95=rounded(np.percentile(np.abs(e), 95)),
        low=None if sd is None else rounded(bias - Z95 * sd),
        high=None if sd is None else rounded(bias + Z95 * sd),
        coverage=rounded(sum(inside) / len(inside)) if inside else None,
    )


def of_pairs(pairs: Iterable[Pair]) -> Agreement:
    """The agreement of numbers with the true ones; bounds and what is missing are left out."""
    both = [p for p in pairs if p.error is not None]
    inside = [abs(p.error or 0.0) <= p.uncertainty for p in both if p.uncertainty is not None]
    halves = [p.uncertainty for p in both if p.uncertainty is not None]
    found = agreement([p.error for p in both if p.error is not None], inside)
    half = rounded(np.median(halves)) if halves else None
    return found.model_copy(update={"stated": len(halves) or None, "half_width": half})


def calibration(pairs: Iterable[Pair]) -> Calibration | None:
    """How many true values the intervals hold, were they narrowed from 95 % as a normal one is.

    None where no number has both a true value and an interval.
    """
    sizes = [
        (abs(p.error), p.uncertainty)
        for p in pairs
        if p.error is not None and p.uncertainty is not None
    ]
    if not sizes:
        return None
    shares = {}
    for claimed in NOMINAL:
        narrowed = NormalDist().inv_cdf(0.5 + claimed / 200) / NormalDist().inv_cdf(0.975)
        held = sum(error <= narrowed * half for error, half in sizes)
        shares[str(claimed)] = rounded(held / len(sizes)) or 0.0
    return Calibration(n=len(sizes), shares=shares)


def detection(found: int, missed: int, false: int, excused: int = 0) -> Detection:
    """Precision, recall and F1 of counts."""
    precision = found / (found + false) if found + false else None
    recall = found / (found + missed) if found + missed else None
    every = 2 * found + missed + false
    return Detection(
        precision=rounded(precision),
        recall=rounded(recall),
        f1=rounded(2 * found / every) if every else None,
        found=found,
        missed=missed,
        false=false,
        excused=excused,
    )


def rounded(value: Any) -> float | None:  # noqa: ANN401 - NumPy's scalars as well
    """A figure without digits that mean nothing; None stays None, NaN becomes None."""
    if value is None or not np.isfinite(value):
        return None
    return round(float(value), PLACES) + 0.0
