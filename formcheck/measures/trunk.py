"""The hips against the athlete's own start (nordic-curl.md 3).

The hip landmark is not the joint centre, so the absolute hip flexion is only good to 8 degrees;
its change from the start is right to about 1.5.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.measures.measure import Value
from formcheck.measures.noise import half_width
from formcheck.pose import Array
from formcheck.rep import Rep

CHANGE_SD = 1.5
"""Degrees; error of a change of hip flexion against rendered truth (nordic-curl.md 3)."""
ABSOLUTE = 8.0
"""Degrees; half-width of the 95 % interval of the absolute hip flexion (nordic-curl.md 3)."""
READY_S = 0.5
"""Length of the start that is looked at, before the first motion, seconds."""
NOT_SEEN = "Shoulder or hip was lost from sight while lowering."


def hip_flexion_start(hip: str) -> Callable[[Rep], Value]:
    """Median hip flexion in the half second before the first motion, degrees."""

    def of(rep: Rep) -> Value:
        return Value(
            _start(rep, hip), ABSOLUTE, half_width(CHANGE_SD), at=rep.begins, reason=NOT_SEEN
        )

    return of


def _start(rep: Rep, hip: str) -> float:
    before = rep[hip][rep.between(rep.begins - READY_S, rep.begins)]
    seen = before[np.isfinite(before)]
    return float(np.median(seen)) if len(seen) else float("nan")


def hip_flexion_max(hip: str) -> Callable[[Rep], Value]:
    """95th percentile of hip flexion while lowering, degrees."""

    def of(rep: Rep) -> Value:
        change = _change(rep, hip, rep.lowered)
        if not len(change):
            return Value(np.nan, reason=NOT_SEEN)
        value = float(np.percentile(change, 95)) + _start(rep, hip)
        return Value(value, ABSOLUTE, half_width(CHANGE_SD), at=rep.begins, until=rep.lowered)

    return of


def hip_break(hip: str) -> Callable[[Rep], Value]:
    """Greatest hip flexion while lowering less that at the start (piking), degrees."""

    def of(rep: Rep) -> Value:
        change = rep[hip] - _start(rep, hip)
        inside = rep.descent & np.isfinite(change)
        if not inside.any():
            return Value(np.nan, reason=NOT_SEEN)
        most = np.flatnonzero(inside)[int(np.argmax(change[inside]))]
        at = float(rep.t[most])
        return Value(float(change[most]), half_width(CHANGE_SD), at=at, until=rep.lowered)

    return of


def hip_extension_min(hip: str, share: float, lasts_s: float) -> Callable[[Rep], Value]:
    """The change of hip flexion that is undercut for `lasts_s`, and for at least `share` of the
    lowering until the break, degrees; negative is straighter than at the start."""

    def of(rep: Rep) -> Value:
        broke = rep.mark("break")
        end = min(broke, rep.lowered) if np.isfinite(broke) else rep.lowered
        change = _change(rep, hip, end)
        if not len(change):
            return Value(np.nan, reason=NOT_SEEN)
        part = max(share, lasts_s / max(end - rep.begins, lasts_s))
        value = float(np.quantile(change, min(part, 1.0)))
        return Value(value, half_width(CHANGE_SD), at=_first_under(rep, hip, value), until=end)

    return of


def _change(rep: Rep, hip: str, end: float) -> Array:
    """(k,) the seen changes of hip flexion from the start until `end`, degrees."""
    change = rep[hip][rep.between(rep.begins, end)] - _start(rep, hip)
    return change[np.isfinite(change)]


def _first_under(rep: Rep, hip: str, level: float) -> float:
    under = rep.descent & (rep[hip] - _start(rep, hip) <= level + 1e-9)
    return float(rep.t[under][0]) if under.any() else rep.begins
