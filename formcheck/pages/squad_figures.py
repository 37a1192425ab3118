"""The squad in drawings: how its numbers are spread, and what was found how often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from formcheck.pages import charts, words
from formcheck.pose import Array
from formcheck.summary import Number, Summary

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 4.0, 2.3, 0.3, 0.16, 0.12, 0.29
"""Of a drawing and its margins, inches: its letters stay readable on a phone."""
LEAST = 3
"""Values that are a distribution."""
NARROWEST = {"deg": 5, "s": 0.5}
"""By unit, how wide a bar is at least: no narrower than the numbers are sure."""
MOST_BARS, MOST_TICKS = 12, 8
Values = tuple[float, ...]


@dataclass(frozen=True)
class Figure:
    """One drawing with its words."""

    title: str
    svg: Markup
    described: str
    bounded: str
    """What its paler bars are; empty: there are none."""


@dataclass(frozen=True)
class Fault:
    """How often something was found."""

    label: str
    faults: int
    """Sets with it as a fault."""
    warnings: int
    """Sets with it as no more than a warning."""
    share: tuple[float, float]
    """The lengths of the two bars, % of the longest line."""

    @property
    def told(self) -> str:
        """How often, in words."""
        counted = ((self.faults, "fault"), (self.warnings, "warning"))
        parts = [f"{n} {word}{'s' if n > 1 else ''}" for n, word in counted if n]
        return ", ".join(parts)


def faults(summaries: Sequence[Summary]) -> list[Fault]:
    """What speaks against sets and in how many, the most frequent first."""
    worst: dict[str, list[str]] = {}
    for summary in summaries:
        against = [s for s in summary.findings if s.severity != "note"]
        sure = {said.label for said in against if said.severity == "fault"}
        for label in dict.fromkeys(said.label for said in against):
            worst.setdefault(label, []).append("fault" if label in sure else "warning")
    longest = max(map(len, worst.values()), default=1)
    counted = [(c, all_.count("fault"), all_.count("warning")) for c, all_ in worst.items()]
    counted.sort(key=lambda entry: (-entry[1] - entry[2], -entry[1], entry[0]))
    return [
        Fault(words.sentence(c), f, w, (round(100 * f / longest, 2), round(100 * w / longest, 2)))
        for c, f, w in counted
    ]


def figures(summaries: Sequence[Summary]) -> list[Figure]:
    """How the numbers are spread by which sets are compared, exercise by exercise."""
    named: dict[tuple[str, str], list[Number]] = {}
    for summary in summaries:
        for number in (n for n in summary.numbers if n.value is not None):
            named.setdefault((summary.title, number.label), []).append(number)
    several = len({title for title, _ in named}) > 1
    drawn = [
        _figure(f"{label}: {title}" if several else label, numbers, f"spread-{i}")
        for i, ((title, label), numbers) in enumerate(named.items())
        if len(numbers) >= LEAST
    ]
    return drawn


def _figure(title: str, numbers: Sequence[Number], name: str) -> Figure:
    unit = numbers[0].unit
    known = np.array([n.value for n in numbers if n.bound is None], float)
    bounds = [n for n in numbers if n.bound is not None]
    edges = _edges(np.array([n.value for n in numbers], float), unit)
    with mpl.rc_context(charts.RC):
        svg = _drawn(known, np.array([n.value for n in bounds], float), edges, unit, name)
    words_of = sorted({words.BOUNDS[n.bound or "at-most"].strip() for n in bounds})
    bounded = f"{' or '.join(words_of)} that" if words_of else ""
    return Figure(title, Markup(svg), " ".join(_described(numbers, unit)), bounded)


def _edges(values: Array, unit: str) -> Array:
    """(bars + 1,) where the bars begin and end."""
    low, high = float(values.min()), float(values.max())
    round_ = (m * 10.0**k for k in range(-3, 9) for m in (1, 2, 5))
    wide = (s for s in round_ if s >= NARROWEST.get(unit, 0) and high - low < (MOST_BARS - 1) * s)
    step = next(wide, (high - low) or 1.0)
    first, last = np.floor(low / step), np.floor(high / step) + 1
    edges: Array = step * np.arange(first, last + 1)
    return edges


def _drawn(known: Array, bounds: Array, edges: Array, unit: str, name: str) -> str:
    figure = charts.blank(WIDTH, HEIGHT)
    place = (LEFT / WIDTH, BOTTOM / HEIGHT,
             (WIDTH - LEFT - RIGHT) / WIDTH, (HEIGHT - TOP - BOTTOM) / HEIGHT)  # fmt: skip
    axes = figure.add_axes(place)
    charts.plain(axes)
    axes.tick_params(axis="x", pad=6)
    axes.grid(axis="y", color=charts.COLOURS["grid"], linewidth=0.6)
    axes.set_axisbelow(True)
    sure, open_ = (np.histogram(one, edges)[0] for one in (known, bounds))
    _bars(axes, edges, sure, open_)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.set(ylim=(0, max(1.0, 1.12 * float((sure + open_).max()))), xlim=(edges[0], edges[-1]))
    factor, _, behind = words.UNITS.get(unit, (1.0, 1, ""))
    axes.xaxis.set_major_formatter(lambda x, _: f"{x * factor:g}{behind}".replace("-", "−"))
    axes.set_xticks(edges[:: -(-len(edges) // MOST_TICKS)])
    return charts.inline(figure, name)


def _bars(axes: Axes, edges: Array, sure: Array, open_: Array) -> None:
    """Known values solid, bounds pale on top of them; how many over each bar."""
    gap = 0.08 * (edges[1] - edges[0])
    where, width = edges[:-1] + gap / 2, np.diff(edges) - gap
    knee = charts.COLOURS["knee"]
    some = sure > 0
    axes.bar(where[some], sure[some], width[some], align="edge", color=knee)
    pale = {"color": charts.COLOURS["band"], "edgecolor": knee, "linestyle": (0, (3, 2))}
    on = open_ > 0
    axes.bar(where[on], open_[on], width[on], bottom=sure[on], align="edge", linewidth=1, **pale)
    for x, n in zip(where + width / 2, sure + open_, strict=True):
        if n:
            axes.annotate(str(int(n)), (x, n), xytext=(0, 2), textcoords="offset points",
                          ha="center", color=charts.COLOURS["ink"])  # fmt: skip


def _described(numbers: Sequence[Number], unit: str) -> Iterator[str]:
    """Middle and range in words."""
    values = np.array([n.value for n in numbers], float)
    yield f"{len(values)} sets, from {_said(values.min(), unit)} to {_said(values.max(), unit)};"
    low, middle, high = np.percentile(values, (25, 50, 75), method="inverted_cdf")
    yield f"the one in the middle has {_said(middle, unit)},"
    yield f"half of them {_said(low, unit)} to {_said(high, unit)}."


def _said(value: float, unit: str) -> str:
    return words.quantity(float(value), unit, 1 if unit == "s" else None)
