"""The angles over time as SVG that lives in the page: its colours are the page's variables."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from formcheck import phases
from formcheck.curves import VIEW, Curves
from formcheck.look import Look, Moment, Panel
from formcheck.measures.measure import Measured
from formcheck.pages import words
from formcheck.pose import Array
from formcheck.report import Report, RepReport

NAMES = ("ink", "muted", "grid", "band", "knee", "hip", "good", "paper")
COLOURS = {name: f"#0101{i:02x}" for i, name in enumerate(NAMES, start=1)}
"""Stand-ins that no one would see: each becomes var(--name), so that the page sets light, dark
and print in one place."""

MARKERS: dict[str, str] = {"triangle": "v", "diamond": "D", "square": "s"}
"""Of the moments, as matplotlib draws them."""

MOST_POINTS = 1500
"""Points drawn a trace; more than a screen can show."""

refused_in, moment_of = phases.refused_in, phases.moment_of

RC = {"svg.fonttype": "none", "svg.hashsalt": "formcheck", "font.size": 8.5}


@dataclass(frozen=True)
class Layout:
    """The size of a drawing in inches, and the margins left and right."""

    name: str
    width: float
    left: float = 0.42
    right: float = 0.12

    @property
    def margins(self) -> tuple[float, float]:
        """Left and right of the time axis, % of the width: what lies over it keeps to them."""
        return round(100 * self.left / self.width, 3), round(100 * self.right / self.width, 3)


WIDE, NARROW = Layout("wide", 9.4), Layout("narrow", 3.7)
GAP, BOTTOM = 0.32, 0.4
"""Inches: above each panel, and below all."""


def refused(report: Report, curves: Curves, look: Look) -> str | None:
    """Why no angle is shown, in a sentence; None where the curves hold one."""
    if panels(curves, look):
        return None
    if report.view.yaw_deg is None:
        return "The angles are not shown: where the camera stood could not be told."
    numbers = (m for r in report.reps for m in r.measures.values())
    why = next(filter(None, map(_view_refuses, numbers)), None)
    names = " and ".join(panel.short for panel in look.panels)
    return f"The angles are not shown{'. ' + why if why else f': {names} were not seen.'}"


def _view_refuses(measured: Measured) -> str | None:
    """The reason of a number that was refused for where the camera stood, and for nothing else."""
    refused = [gate.gate for gate in measured.gates if gate.status == "refused"]
    return measured.reason if refused and refused[0] in VIEW else None


def described(report: Report, curves: Curves, look: Look) -> str:
    """The drawing in words, for those who do not see it."""
    seconds = float(curves.t_s[-1] - curves.t_s[0])
    what = " and ".join(p.signal.replace("_", " ") for p in panels(curves, look))
    reps = " ".join(_described(rep, curves, look) for rep in report.reps)
    return f"{what.capitalize()} over {seconds:.1f} seconds. {reps}".strip()


def _described(rep: RepReport, curves: Curves, look: Look) -> str:
    start, end = rep_span(rep, curves)
    marks = "".join(
        f", {moment.title} at {t:.1f} s" + _at(t, curves, look.traced)
        for t, moment in _marks(rep, look)
    )
    return f"{words.title(rep)} from {start:.1f} to {end:.1f} s{marks}."


def _at(t: float, curves: Curves, panel: Panel) -> str:
    """Where the first angle was, in words; empty where it was not seen."""
    seen = panel.signal in curves.values and np.isfinite(angle := curves.at(panel.signal, t))
    return f" with the {panel.short} at {angle:.0f}°" if seen else ""


def traces(report: Report, curves: Curves, look: Look, layout: Layout) -> str:
    """The angles over time as an <svg> element; the same input gives the same text."""
    with mpl.rc_context(RC):
        figure, drawn = canvas(panels(curves, look), layout, "seconds of the clip")
        for panel, axes in drawn:
            _trace(axes, panel, curves)
            _rep_marks(axes, panel, report, curves, look)
            _bands(axes, report, curves)
        return inline(figure, layout.name)


def panels(curves: Curves, look: Look) -> list[Panel]:
    """The angles that were seen at all."""
    return [p for p in look.panels if np.isfinite(curves.values.get(p.signal, np.array([]))).any()]


def span(curves: Curves) -> tuple[float, float]:
    """From when to when the time axis goes, seconds."""
    start, end = float(curves.t_s[0]), float(curves.t_s[-1])
    return round(start, 3), round(max(end, start + 0.1), 3)


def canvas(
    shown: list[Panel], layout: Layout, along: str
) -> tuple[Figure, list[tuple[Panel, Axes]]]:
    """The figure and the axes of each panel, from above. along: what the time axis is."""
    height = BOTTOM + sum(p.height + GAP for p in shown)
    figure = blank(layout.width, height)
    top = height
    drawn: list[tuple[Panel, Axes]] = []
    for panel in shown:
        axes = _axes(figure, layout, top - GAP, panel.height, drawn[0][1] if drawn else None)
        axes.set_title(panel.title, loc="left", color=COLOURS["ink"], fontsize=8.5, pad=4)
        drawn.append((panel, axes))
        top -= GAP + panel.height
    drawn[-1][1].tick_params(labelbottom=True)
    drawn[-1][1].xaxis.set_major_locator(MaxNLocator(max(4, int(layout.width * 1.3)), integer=True))
    drawn[-1][1].set_xlabel(along, color=COLOURS["muted"], labelpad=2)
    return figure, drawn


def blank(width: float, height: float) -> Figure:
    """A figure without ground, inches."""
    figure = Figure(figsize=(width, height))
    FigureCanvasSVG(figure)
    figure.patch.set_visible(False)
    return figure


def _axes(
    figure: Figure, layout: Layout, top: float, height: float, share: Axes | None = None
) -> Axes:
    width, total = figure.get_size_inches()
    inside = (width - layout.left - layout.right) / width
    place = (layout.left / width, (top - height) / total, inside, height / total)
    axes = figure.add_axes(place, sharex=share)
    plain(axes)
    axes.tick_params(labelbottom=False)
    return axes


def plain(axes: Axes) -> None:
    """Nothing but a ground line and quiet labels."""
    axes.patch.set_visible(False)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(COLOURS["grid"])
    axes.tick_params(length=0, colors=COLOURS["muted"])


def _trace(axes: Axes, panel: Panel, curves: Curves) -> None:
    """The angle with its uncertainty; both stop where it was not seen."""
    step = max(1, -(-len(curves.t_s) // MOST_POINTS))
    t, value = curves.t_s[::step], curves.values[panel.signal][::step]
    colour, bars = COLOURS[panel.colour], curves.uncertainties.get(panel.signal)
    bar = np.full(len(t), np.nan) if bars is None else bars[::step]
    if np.isfinite(bar).any():
        axes.fill_between(t, value - bar, value + bar, color=colour, alpha=0.16, linewidth=0)
    axes.plot(t, value, color=colour, linewidth=1.6)
    room = 5 + float(np.nan_to_num(bar).max())
    low = min(panel.least[0], float(np.nanmin(value)) - room)
    high = max(panel.least[1], float(np.nanmax(value)) + room)
    axes.set(ylim=(low, high), xlim=span(curves))
    axes.grid(axis="y", color=COLOURS["grid"], linewidth=0.6)
    axes.axhline(0, color=COLOURS["muted"], linewidth=0.8)


def _bands(axes: Axes, report: Report, curves: Curves) -> None:
    """A band a rep; neighbours differ, for reps may follow without a pause."""
    for i, rep in enumerate(report.reps):
        start, end = rep_span(rep, curves)
        axes.axvspan(
            start, end, color=COLOURS["band"], alpha=(0.55, 1)[i % 2], linewidth=0, zorder=0
        )


def rep_span(rep: RepReport, curves: Curves) -> tuple[float, float]:
    """From when to when a rep is drawn."""
    return curves.span(rep)


def begins_s(rep: RepReport, curves: Curves) -> float | None:
    """Where a rep is drawn to begin, to the millisecond; None where there is no curve."""
    return round(rep_span(rep, curves)[0], 3) if len(curves.t_s) else rep.start_s


def angle_of(rep: RepReport, curves: Curves, signal: str) -> tuple[Array, Array]:
    """Seconds since the rep began, and an angle; NaN where it was not seen."""
    start, end = rep_span(rep, curves)
    inside = (curves.t_s >= start) & (curves.t_s <= end)
    every = curves.values.get(signal, np.full(len(curves.t_s), np.nan))
    return curves.t_s[inside] - start, every[inside]


def _marks(rep: RepReport, look: Look) -> Iterator[tuple[float, Moment]]:
    """The moments of a rep that may be shown, and when they were."""
    times = ((moment_of(rep, moment), moment) for moment in look.moments)
    return ((t, moment) for t, moment in times if t is not None)


def _rep_marks(axes: Axes, panel: Panel, report: Report, curves: Curves, look: Look) -> None:
    """The moments of all reps: one artist a kind of mark, or a set of ten takes a second."""
    marks = [mark for rep in report.reps for mark in _marks(rep, look)]
    below, above = axes.get_ylim()
    times = [t for t, _ in marks]
    axes.vlines(times, below, above, color=COLOURS["muted"], linewidth=0.6, linestyles=(0, (3, 4)))
    for kind in dict.fromkeys(moment.marker for _, moment in marks):
        at = [t for t, moment in marks if moment.marker == kind]
        axes.plot(
            at,
            [curves.at(panel.signal, t) for t in at],
            MARKERS[kind],
            color=COLOURS["paper"],
            markersize=5.5,
            markeredgecolor=COLOURS["ink"],
            markeredgewidth=1.2,
            clip_on=False,
        )


def inline(figure: Figure, name: str) -> str:
    """A figure as a part of a page: no header, no metadata and their addresses, no rules that
    would reach beyond it, ids of its own, and the page's colours."""
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*|<style.*?</style>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\sxmlns(:xlink)?="[^"]*"', "", svg).replace("xlink:href=", "href=")
    svg = re.sub(r'(\sid="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r"<svg[^>]*?(viewBox=\"[^\"]*\")[^>]*>", rf'<svg class="{name}" \1>', svg, count=1)
    for role, colour in COLOURS.items():
        svg = svg.replace(colour, f"var(--{role})")
    return svg.strip()
