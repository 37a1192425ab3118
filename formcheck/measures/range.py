"""How far a rep goes, down and back (nordic-curl.md 0.5)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.measures.measure import Value
from formcheck.measures.noise import ANGLE_SD, half_width, lean_change_sd
from formcheck.rep import Rep

UNKNOWN_REST_SD = 6.0
"""Degrees; of a rest that was not seen, as of a start that leans (0.3b)."""


def greatest(signal: str) -> Callable[[Rep], Value]:
    """The greatest value of the thigh's lean in the rep, degrees."""

    def of(rep: Rep) -> Value:
        rest = rep.setting.rest.get(signal)
        sd = rest.sd_deg if rest is not None else UNKNOWN_REST_SD
        inside = np.where(rep.between(rep.begins, rep.until), rep[signal], -np.inf)
        most = int(np.nanargmax(inside))
        view = float(lean_change_sd(rep.setting, rep[signal][most]))
        spread, within = half_width(ANGLE_SD, view, sd), half_width(ANGLE_SD, view)
        return Value(float(rep[signal][most]), spread, within, at=float(rep.t[most]))

    return of


def returned_share(rep: Rep) -> Value:
    """Greatest share of the cycle's rise that came back, the half second after it included."""
    signal = rep.cycle.signal
    base = rep.at(signal, rep.begins)
    rise = rep.at(signal, rep.bottom) - base
    if not rise > 0:
        return Value(np.nan)
    least = float(np.nanmin(rep[signal][rep.t >= rep.bottom]))
    return Value(1 - (least - base) / rise, half_width(ANGLE_SD, ANGLE_SD) / rise, at=rep.until)
