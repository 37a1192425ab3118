"""What every rep of an exercise does: figures that tell it from other movements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from formcheck.rep import Rep

LEVEL = 90.0
"""Lean of a segment that lies, degrees (0.3)."""

Figure = Callable[[Rep], float]
"""A number of a closed rep; NaN where it cannot be told."""


@dataclass(frozen=True)
class Criterion:
    """Something every rep of the exercise does: a figure within two limits."""

    figure: Figure
    """Where it is NaN it does not speak against the rep."""
    otherwise: str
    """Why it is not the exercise; {value} is the figure."""
    least: float = -np.inf
    most: float = np.inf

    def against(self, rep: Rep) -> str | None:
        """The reason why the rep is not the exercise; None if this does not speak against it."""
        value = self.figure(rep)
        outside = value < self.least or value > self.most
        return self.otherwise.format(value=value) if outside else None


def at_start(signal: str) -> Figure:
    """The signal where the rep begins."""
    return lambda rep: rep.at(signal, rep.begins)


def rise(signal: str) -> Figure:
    """Greatest rise of the signal in the lowering; an attempt is not asked."""

    def of(rep: Rep) -> float:
        lowered = rep[signal][rep.descent]
        if not rep.counted or not np.isfinite(lowered).any():
            return float("nan")
        return float(np.nanmax(lowered) - rep.at(signal, rep.begins))

    return of


def reaches(signal: str) -> Figure:
    """Greatest value of the signal in the lowering; an attempt is not asked."""

    def of(rep: Rep) -> float:
        lowered = rep[signal][rep.descent]
        seen = rep.counted and np.isfinite(lowered).any()
        return float(np.nanmax(lowered)) if seen else float("nan")

    return of


def falls(signal: str) -> Figure:
    """Greatest fall of the signal in the lowering; an attempt is not asked."""

    def of(rep: Rep) -> float:
        lowered = rep[signal][rep.descent]
        if not rep.counted or not np.isfinite(lowered).any():
            return float("nan")
        return float(rep.at(signal, rep.begins) - np.nanmin(lowered))

    return of


def wanders(joint: str) -> Figure:
    """80th percentile of a joint's distance from its own median in the lowering, thigh lengths."""

    def of(rep: Rep) -> float:
        place = np.stack([rep[f"{joint}_u"], rep[f"{joint}_v"]], 1)[rep.descent]
        seen = place[np.isfinite(place).all(axis=1)]
        if not len(seen):
            return float("nan")
        return float(np.percentile(np.linalg.norm(seen - np.median(seen, axis=0), axis=1), 80))

    return of


def steepness(signal: str) -> Figure:
    """Size of the signal's median in the lowering."""

    def of(rep: Rep) -> float:
        seen = rep[signal][rep.descent & np.isfinite(rep[signal])]
        return float(abs(np.median(seen))) if len(seen) else float("nan")

    return of


def off_level(signal: str) -> Figure:
    """Degrees by which the median of a lean is off that of a body that lies, while going there."""

    def of(rep: Rep) -> float:
        seen = rep[signal][rep.descent & np.isfinite(rep[signal])]
        return float(abs(np.median(seen) - LEVEL)) if len(seen) else float("nan")

    return of


def varies(signal: str) -> Figure:
    """From the 5th to the 95th percentile of a signal over the whole rep."""

    def of(rep: Rep) -> float:
        seen = rep[signal][rep.between(rep.begins, rep.until) & np.isfinite(rep[signal])]
        return float(np.ptp(np.percentile(seen, [5, 95]))) if len(seen) else float("nan")

    return of


def lasting(rep: Rep) -> float:
    """Seconds from the start to the end."""
    return rep.until - rep.begins
