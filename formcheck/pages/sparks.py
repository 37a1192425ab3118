"""The shape of each rep as a small curve, all to one scale: a slow rep is a long one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.curves import Curves
from formcheck.look import Look, Panel
from formcheck.pages import charts, words
from formcheck.pose import Array
from formcheck.report import Report, RepReport

WIDTH, HEIGHT, MOST_POINTS = 100, 32, 60
OUTLINES = {
    "triangle": "M{x} {y}m-3.5-3h7l-3.500 6.500z",
    "diamond": "M{x} {y}m0-3.800l3.800 3.800-3.800 3.800-3.800-3.800z",
    "square": "M{x} {y}m-3-3h6v6h-6z",
}
"""Of marks, as paths."""


@dataclass(frozen=True)
class Shape:
    """One rep's first angle from its start to its end."""

    lines: tuple[str, ...]
    """Points of a polyline for each stretch that was seen."""
    mark: tuple[float, float] | None
    """Where the moment is that small curves mark, if it is known."""
    described: str


def shapes(report: Report, curves: Curves, look: Look) -> tuple[Shape, ...]:
    """One a rep."""
    spans = [charts.rep_span(rep, curves) for rep in report.reps]
    longest = max((end - start for start, end in spans), default=0.0) or 1.0
    return tuple(_shape(rep, curves, look, longest) for rep in report.reps)


def _shape(rep: RepReport, curves: Curves, look: Look, longest: float) -> Shape:
    signal = look.traced.signal
    t, angle = charts.angle_of(rep, curves, signal)
    step = max(1, len(t) // MOST_POINTS)
    lines: list[list[str]] = [[]]
    for x, y in zip(t[::step], angle[::step], strict=True):
        if np.isfinite(y):
            place = _place(x, y, longest, look.highest)
            lines[-1].append("{:.1f},{:.1f}".format(*place))
        else:
            lines.append([])
    mark, at = None, charts.moment_of(rep, look.moment(look.marked))
    if at is not None:
        y = curves.at(signal, at)
        since = at - charts.rep_span(rep, curves)[0]
        mark = _place(since, y, longest, look.highest) if np.isfinite(y) else None
    drawn = tuple(" ".join(points) for points in lines if len(points) > 1)
    return Shape(drawn, mark, _described(rep, look.traced, t, angle))


def _place(t: float, angle: float, longest: float, highest: float) -> tuple[float, float]:
    share = min(max(angle, 0.0), highest) / highest
    return round(2 + (WIDTH - 4) * t / longest, 1), round(HEIGHT - 2 - (HEIGHT - 4) * share, 1)


def outline(at: tuple[float, float], look: Look) -> str:
    """The path of the mark at a place of a small curve."""
    moment = look.moment(look.marked)
    x, y = at
    return OUTLINES["square" if moment is None else moment.marker].format(x=x, y=y)


def _described(rep: RepReport, panel: Panel, t: Array, angle: Array) -> str:
    if not np.isfinite(angle).any():
        return f"{words.title(rep)}: the {panel.short} was not seen"
    return (
        f"Shape of {words.title(rep).lower()}: {panel.signal.replace('_', ' ')} over "
        f"{t[-1]:.1f} s, between {np.nanmax(angle):.0f}° and {np.nanmin(angle):.0f}°"
    )
