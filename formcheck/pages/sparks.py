"""The shape of each rep as a small curve, all to one scale: a slow rep is a long one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.curves import Curves
from formcheck.pages import charts, words
from formcheck.report import Report, RepReport

WIDTH, HEIGHT, MOST_POINTS = 100, 32, 60
HIGHEST = 110.0
"""Degrees of knee flexion at the upper edge; 0 at the lower."""


@dataclass(frozen=True)
class Shape:
    """One rep's knee flexion from its start to its end."""

    lines: tuple[str, ...]
    """Points of a polyline for each stretch that was seen."""
    mark: tuple[float, float] | None
    """Where it broke, if it is known."""
    described: str


def shapes(report: Report, curves: Curves) -> tuple[Shape, ...]:
    """One a rep."""
    spans = [charts.rep_span(rep, curves) for rep in report.reps]
    longest = max((end - start for start, end in spans), default=0.0) or 1.0
    return tuple(_shape(rep, curves, longest) for rep in report.reps)


def _shape(rep: RepReport, curves: Curves, longest: float) -> Shape:
    t, knee = charts.angle_of(rep, curves)
    step = max(1, len(t) // MOST_POINTS)
    lines: list[list[str]] = [[]]
    for x, y in zip(t[::step], knee[::step], strict=True):
        if np.isfinite(y):
            lines[-1].append("{:.1f},{:.1f}".format(*_place(x, y, longest)))
        else:
            lines.append([])
    mark = None
    if rep.break_s is not None and not charts.no_break(rep):
        at = rep.break_s - charts.rep_span(rep, curves)[0]
        y = curves.at("knee_flexion", rep.break_s)
        mark = _place(at, y, longest) if np.isfinite(y) else None
    drawn = tuple(" ".join(points) for points in lines if len(points) > 1)
    return Shape(drawn, mark, _described(rep, t, knee))


def _place(t: float, knee: float, longest: float) -> tuple[float, float]:
    share = min(max(knee, 0.0), HIGHEST) / HIGHEST
    return round(2 + (WIDTH - 4) * t / longest, 1), round(HEIGHT - 2 - (HEIGHT - 4) * share, 1)


def _described(rep: RepReport, t: np.ndarray, knee: np.ndarray) -> str:
    if not np.isfinite(knee).any():
        return f"{words.title(rep)}: the knee was not seen"
    return (
        f"Shape of {words.title(rep).lower()}: knee flexion over {t[-1]:.1f} s, "
        f"between {np.nanmax(knee):.0f}° and {np.nanmin(knee):.0f}°"
    )
