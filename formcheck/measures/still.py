"""How far a segment that is to lie still moves in a rep (nordic-curl.md 10)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck import filming
from formcheck.measures.measure import Value
from formcheck.measures.noise import half_width
from formcheck.rep import Rep

READY_S = 0.5
"""Seconds before a rep in which the segment's own place is read."""
SHARE = 95
"""Percentile of the change's size that is called its greatest: a jump of the landmarks is shorter
[O]."""
MOVED_SD = 2.0
"""Degrees; standard deviation of the change of a segment that lies [O]."""


def moved(signal: str) -> Callable[[Rep], Value]:
    """Greatest change of an inclination, up or down, against its rest before the rep, degrees."""

    def of(rep: Rep) -> Value:
        change = np.abs(rep[signal] - ready(signal, rep))
        inside = rep.between(rep.begins, rep.until) & np.isfinite(change)
        if not inside.any():
            return Value(np.nan, what_to_change=filming.WHOLE.words)
        value = float(np.percentile(change[inside], SHARE))
        beyond = rep.t[inside & (change >= value)]
        return Value(value, half_width(MOVED_SD), at=float(beyond[0]), until=float(beyond[-1]))

    return of


def ready(signal: str, rep: Rep) -> float:
    """Median of a signal in the half second before the rep, or what it begins with, where the clip
    does not show more; NaN where it was not seen."""
    before = rep[signal][rep.between(rep.begins - READY_S, rep.begins)]
    seen = before[np.isfinite(before)]
    return float(np.median(seen)) if len(seen) else rep.at(signal, rep.begins)
