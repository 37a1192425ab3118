"""The reps of a set over each other: an angle over time, its speed, and a course over the angle.

All of it comes from the curves, as far as they are told: what a gate refused is not there to be
drawn. The first rep is solid, the last dashed, those between thin.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes

from formcheck.curves import Curves, Told
from formcheck.filtering import low_pass
from formcheck.look import Look, Speed
from formcheck.pages import charts, words
from formcheck.pose import Array, Flags
from formcheck.report import Report, RepReport

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 4.0, 2.5, 0.42, 0.1, 0.12, 0.42
"""Of a drawing and its margins, inches: its letters stay readable on a phone."""
STYLES: dict[str, dict[str, Any]] = {
    "first": {"color": charts.COLOURS["knee"], "linewidth": 2.0, "zorder": 4},
    "last": {
        "color": charts.COLOURS["ink"], "linewidth": 1.8, "linestyle": (0, (4, 2)), "zorder": 3,
    },
    "between": {"color": charts.COLOURS["muted"], "linewidth": 0.7, "zorder": 2},
}  # fmt: skip
BANDS: dict[str, dict[str, Any]] = {
    "first": {"color": charts.COLOURS["knee"], "alpha": 0.16, "linewidth": 0},
    "last": {"color": charts.COLOURS["ink"], "alpha": 0.12, "linewidth": 0},
}

MOST_POINTS = 400
"""Points drawn a curve."""

Line = tuple[RepReport, Array, Array]
"""A rep, and what is drawn of it along and up; NaN where it was not seen."""


@dataclass(frozen=True)
class Drawing:
    """One drawing with its words."""

    title: str
    svg: Markup
    described: str
    legend: tuple[tuple[str, str], ...]
    """Which mark, and what it means."""
    reads: str
    """How to read it, for a coach."""


def drawings(
    report: Report, curves: Curves, look: Look, without: Sequence[int | None] = ()
) -> tuple[Drawing, ...]:
    """What can be drawn of the counted reps. without: the numbers of two reps that are drawn over
    each other elsewhere; where there are no others they are not drawn so again."""
    reps = [r for r in report.reps if r.counted and r.number is not None]
    with mpl.rc_context(charts.RC):
        every = (
            _overlaid(reps, curves, look, without),
            _speeds(reps, curves, look),
            _loads(reps, curves, look),
        )
    return tuple(drawing for drawing in every if drawing is not None)


def _overlaid(
    reps: Sequence[RepReport], curves: Curves, look: Look, without: Sequence[int | None]
) -> Drawing | None:
    """The first angle of all reps over the seconds since each began; None of fewer than two."""
    panel, moment = look.traced, look.moment(look.marked)
    lines = _seen((rep, *charts.angle_of(rep, curves, panel.signal)) for rep in reps)
    if len(lines) < 2 or {r.number for r, *_ in lines} == set(without):
        return None
    figure, axes = _canvas("seconds since the rep began")
    _draw(axes, lines, reps)
    low, high = axes.get_ylim()
    axes.set(ylim=(min(low, panel.least[0]), max(high, panel.least[1])), xlim=(0, None))
    for rep, t, angle in lines:
        at = charts.moment_of(rep, moment)
        if at is not None:
            since = at - charts.rep_span(rep, curves)[0]
            _mark(axes, look, since, float(np.interp(since, t, angle)))
    said = f"{panel.signal.replace('_', ' ')} of {len(lines)} reps over the seconds since each"
    return Drawing(
        title=panel.title,
        svg=Markup(charts.inline(figure, "overlaid")),
        described=words.sentence(f"{said} began: {_styles(lines, reps)}."),
        legend=(*_legend(lines, reps), *_marked(lines, look)),
        reads=look.overlaid,
    )


def _speeds(reps: Sequence[RepReport], curves: Curves, look: Look) -> Drawing | None:
    """An angle of all reps against how fast it changes; None where no speed is told."""
    how = look.speed
    if how is None or how.signal not in curves.values or len(curves.t_s) < 2:
        return None
    sign = -1.0 if how.falls else 1.0
    angle, rate = low_pass(curves.t_s, curves.values[how.signal], how.cutoff_hz)
    rate = np.where(np.isfinite(curves.rates[how.signal]), sign * rate, np.nan)
    lines = _seen((r, angle[on], rate[on]) for r, on in _parts(reps, curves, how))
    if not lines:
        return None
    limits = _limits([r for r, *_ in lines], how)
    figure, axes = _canvas(how.angle)
    _draw(axes, lines, reps)
    axes.set_ylim(0, max([axes.get_ylim()[1], *(1.15 * limit for limit in limits)]))
    axes.set_ylim(0, axes.get_yticks()[-1])  # a line above the peaks: they would seem cut off
    for limit in limits:
        axes.axhline(limit, color=charts.COLOURS["ink"], linewidth=0.9, linestyle=(0, (1, 1.6)))
    _along(axes, how.falls)
    _mark_breaks(axes, look, lines, curves, (angle, rate))
    name = how.signal.replace("_", " ")
    said = f"How fast the {name} changed against the {name} itself: {_styles(lines, reps)}."
    dotted = [("dotted", f"{words.quantity(x, 'deg/s')}: {how.limit}") for x in limits]
    return Drawing(
        title=how.title,
        svg=Markup(charts.inline(figure, "speeds")),
        described=" ".join([said, *(f"{label}." for _, label in dotted)]),
        legend=(*_legend(lines, reps), *_marked(lines, look), *dotted),
        reads=how.reads,
    )


def _mark_breaks(
    axes: Axes, look: Look, lines: Sequence[Line], curves: Curves, drawn: tuple[Array, Array]
) -> None:
    """The marked moment on each curve. drawn: (T,) what lies along and up over the clip."""
    for rep, *_ in lines:
        at = charts.moment_of(rep, look.moment(look.marked))
        if at is not None:
            _mark(axes, look, *(float(np.interp(at, curves.t_s, part)) for part in drawn))


def _parts(
    reps: Sequence[RepReport], curves: Curves, how: Speed
) -> Iterator[tuple[RepReport, Flags]]:
    """(T,) which frames of each rep are drawn."""
    for rep in reps:
        start, end = charts.rep_span(rep, curves)
        until = getattr(rep, f"{how.until}_s")
        until = until if until is not None else rep.turn_s if rep.turn_s is not None else end
        yield rep, (curves.t_s >= start) & (curves.t_s <= until)


def _limits(reps: Sequence[RepReport], how: Speed) -> list[float]:
    """The limits that the measure used in these reps, from low to high."""
    known = (rep.measures.get(how.measure) for rep in reps)
    return sorted({m.threshold.value for m in known if m is not None and m.threshold is not None})


def _loads(reps: Sequence[RepReport], curves: Curves, look: Look) -> Drawing | None:
    """A course of all reps against an angle, first and last with their ±; None where none is
    told."""
    how = look.load
    told = curves.courses.get(how.measure) if how is not None else None
    if how is None or told is None or how.signal not in curves.values:
        return None
    angle = curves.values[how.signal]
    own = [(rep, np.array([n == rep.number for n in curves.rep])) for rep in reps]
    lines = _seen((rep, angle[on], told.value[on]) for rep, on in own)
    if not lines:
        return None
    figure, axes = _canvas(how.angle)
    for rep, on in own:
        if _role(rep, reps) in BANDS:
            _band(axes, _role(rep, reps), angle[on], told, on)
    _draw(axes, lines, reps)
    axes.set(ylim=(0, None))
    _along(axes, how.falls)
    said = f"{how.title}, against the {how.signal.replace('_', ' ')}: {_styles(lines, reps)}."
    return Drawing(
        title=how.title,
        svg=Markup(charts.inline(figure, "loads")),
        described=said,
        legend=(*_legend(lines, reps), ("angle", "± its uncertainty")),
        reads=how.reads,
    )


def _band(axes: Axes, which: str, angle: Array, told: Told, on: Flags) -> None:
    """The uncertainty of one rep's course. on: (T,) its frames."""
    value, half = told.value[on], told.half[on]
    seen = np.isfinite(value) & np.isfinite(half) & np.isfinite(angle)
    order = np.argsort(angle[seen])
    low, high = (part[seen][order] for part in (value - half, value + half))
    axes.fill_between(angle[seen][order], low, high, **BANDS[which])


def _seen(lines: Iterator[Line]) -> list[Line]:
    """Those of which something was seen, thinned."""
    steps = ((line, max(1, len(line[1]) // MOST_POINTS)) for line in lines)
    thin = [(rep, x[::step], y[::step]) for (rep, x, y), step in steps]
    return [line for line in thin if np.isfinite(line[1] + line[2]).sum() > 1]


def _canvas(along: str) -> tuple[Any, Axes]:
    """An empty drawing with the words along it."""
    figure = charts.blank(WIDTH, HEIGHT)
    inside = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    place = LEFT / WIDTH, BOTTOM / HEIGHT, inside[0] / WIDTH, inside[1] / HEIGHT
    axes = figure.add_axes(place)
    charts.plain(axes)
    axes.grid(axis="y", color=charts.COLOURS["grid"], linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel(along, color=charts.COLOURS["muted"], labelpad=2)
    return figure, axes


def _along(axes: Axes, falls: bool) -> None:
    """An angle along the drawing, in the order in which it is passed."""
    axes.xaxis.set_major_formatter("{x:.0f}°")
    if falls:
        axes.invert_xaxis()


def _role(rep: RepReport, reps: Sequence[RepReport]) -> str:
    """Which of a set's reps it is: the same in every drawing, be a rep missing there or not."""
    if rep.number == reps[0].number:
        return "first"
    return "last" if rep.number == reps[-1].number else "between"


def _draw(axes: Axes, lines: Sequence[Line], reps: Sequence[RepReport]) -> None:
    """The set's first rep solid, its last dashed, those between thin."""
    for rep, x, y in lines:
        axes.plot(x, y, **STYLES[_role(rep, reps)])


def _mark(axes: Axes, look: Look, x: float, y: float) -> None:
    moment = look.moment(look.marked)
    if moment is not None and np.isfinite([x, y]).all():
        paper, ink = charts.COLOURS["paper"], charts.COLOURS["ink"]
        marker = charts.MARKERS[moment.marker]
        axes.plot([x], [y], marker, color=paper, markeredgecolor=ink, markersize=6, zorder=5)


def _legend(lines: Sequence[Line], reps: Sequence[RepReport]) -> Iterator[tuple[str, str]]:
    """How the reps are told apart."""
    drawn: dict[str, list[RepReport]] = {}
    for rep, *_ in lines:
        drawn.setdefault(_role(rep, reps), []).append(rep)
    for rep in drawn.get("first", ()):
        yield "solid", f"{words.title(rep)}, the first" if len(reps) > 1 else words.title(rep)
    if "between" in drawn:
        yield "thin", words.sentence(words.listed([r.number or 0 for r in drawn["between"]]))
    for rep in drawn.get("last", ()):
        yield "dashed", f"{words.title(rep)}, the last"


def _styles(lines: Sequence[Line], reps: Sequence[RepReport]) -> str:
    """The same for those who do not see it."""
    return ", ".join(f"{label} {line}" for line, label in _legend(lines, reps))


def _marked(lines: Sequence[Line], look: Look) -> Iterator[tuple[str, str]]:
    """What the mark means, where there is one."""
    moment = look.moment(look.marked)
    if moment is not None and any(charts.moment_of(r, moment) is not None for r, *_ in lines):
        yield moment.marker, moment.title
