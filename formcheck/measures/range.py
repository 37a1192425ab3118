"""How far a rep goes, down and back (nordic-curl.md 0.5)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.measures.measure import Value
from formcheck.measures.noise import ANGLE_SD, half_width, lean_change_sd
from formcheck.pose import Array
from formcheck.rep import Rep
from formcheck.setting import Setting

UNKNOWN_REST_SD = 6.0
"""Degrees; of a rest that was not seen, as of a start that leans (0.3b)."""


ChangeSd = Callable[[Setting, Array | float], Array]
"""Standard deviation of what view and slide do to the change of angles from rest, degrees."""


def greatest(signal: str, sd: ChangeSd = lean_change_sd) -> Callable[[Rep], Value]:
    """The greatest value of an angle in the rep, degrees."""

    def of(rep: Rep) -> Value:
        inside = np.where(rep.between(rep.begins, rep.until), rep[signal], np.nan)
        return _extreme(rep, signal, int(np.nanargmax(inside)), sd)

    return of


def least(signal: str, sd: ChangeSd) -> Callable[[Rep], Value]:
    """The least value of an angle where the rep begins or ends, the half second after it included,
    degrees."""

    def of(rep: Rep) -> Value:
        inside = np.where(rep.t >= rep.begins, rep[signal], np.nan)
        return _extreme(rep, signal, int(np.nanargmin(inside)), sd)

    return of


def sweep(signal: str, sd: ChangeSd) -> Callable[[Rep], Value]:
    """From the least to the greatest value of an angle, degrees; its rest drops out."""

    def of(rep: Rep) -> Value:
        high, low = greatest(signal, sd)(rep), least(signal, sd)(rep)
        spread = float(np.hypot(high.within, low.within))
        return Value(high.value - low.value, spread, at=high.at)

    return of


def _extreme(rep: Rep, signal: str, i: int, sd: ChangeSd) -> Value:
    """The value at sample i with its intervals."""
    value, rest = float(rep[signal][i]), rep.setting.rest.get(signal)
    change = float(sd(rep.setting, value))
    constant = rest.sd_deg if rest is not None else UNKNOWN_REST_SD
    spread, within = half_width(ANGLE_SD, change, constant), half_width(ANGLE_SD, change)
    return Value(value, spread, within, at=float(rep.t[i]))


def returned_share(rep: Rep) -> Value:
    """Greatest share of the cycle's rise that came back, the half second after it included; 1 as
    well where it came back to less than it began with."""
    signal = rep.cycle.signal
    base = rep.at(signal, rep.begins)
    rise = rep.at(signal, rep.bottom) - base
    if not rise > 0:
        return Value(np.nan)
    least = float(np.nanmin(rep[signal][rep.t >= rep.bottom]))
    share = min(1 - (least - base) / rise, 1.0)
    return Value(share, half_width(ANGLE_SD, ANGLE_SD) / rise, at=rep.until)
