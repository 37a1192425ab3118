"""Two sets in step, as one page that opens offline: what differs, video, curves and numbers.

It decides nothing: what differs and whether that is real was said before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import matplotlib as mpl
import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes

from formcheck.exercise import Exercise
from formcheck.look import Look, Panel
from formcheck.pages import charts, words
from formcheck.pages.html import environment, own
from formcheck.pairing import words as said
from formcheck.pairing.comparison import Comparison, Line, PairTold
from formcheck.pose import Array

STYLES = {"a": ("knee", "solid"), "b": ("hip", (0, (4, 1.6)))}
"""Colour and dash of each set."""
MOST_POINTS = 1500


@dataclass(frozen=True)
class Drawn:
    """The angles of both sets at the same instants."""

    at_s: Array
    """(n,) seconds of the common clock."""
    values: Mapping[str, tuple[Array, Array]]
    """By the signal, (n,) degrees of a and of b; NaN where not seen."""


@dataclass(frozen=True)
class Row:
    """A number of both."""

    label: str
    means: str
    a: str
    b: str
    differs: str
    tone: str
    """sure: beyond both error bars; unsure: within them; none: it does not compare."""


@dataclass(frozen=True)
class Reps:
    """Two reps: where they begin in the video, their moments, their numbers."""

    title: str
    moments: tuple[tuple[float, str], ...]
    """Second of the video, and what happens there."""
    rows: tuple[Row, ...]


def render(told: Comparison, exercise: Exercise, drawn: Drawn, video: str | None) -> str:
    """The page; the same input gives the same bytes.

    video: path of the video from the page; None: there is none.
    """
    return (
        environment()
        .get_template("pairing.html")
        .render(
            told=told,
            title=words.sentence(exercise.plural),
            pairing_style=Markup(own("pairing.css")),
            pairing_script=Markup(own("pairing.js")),
            video=None if video is None else quote(video),
            headline=said.headline(told),
            because=list(said.because(told)),
            tone=_tone(told),
            pictures=list(said.pictures(told)),
            alone=said.alone(told),
            makes=said.makes(told),
            faults=[
                (head, [(f, said.in_which(f)) for f in own]) for head, own in said.faults(told)
            ],
            rows=[_row(line, exercise.look) for line in told.measures],
            reps=[_reps(pair, exercise.look) for pair in told.pairs],
            chart=_chart(told, exercise.look, drawn),
            described=_described(told, exercise.look, drawn),
        )
    )


def _tone(told: Comparison) -> str:
    """How the verdict is coloured."""
    found = told.change
    if found is None or found.bound == "unknown":
        return "unknown"
    return "good" if found.real else "note"


def _row(line: Line, look: Look) -> Row:
    a, b = (words.measured(v) for v in (line.a, line.b))
    tone = {True: "sure", False: "unsure", None: "none"}[line.beyond]
    return Row(line.label, look.term(line.measure).means, a, b, _differs(line), tone)


def _differs(line: Line) -> str:
    """B against A, with the half-width of that."""
    if line.difference is None:
        return "does not compare"
    plain = line.unit != "s" or abs(line.difference) < 0.1
    digits = words.decimals(line.difference, line.unit) if plain else 1
    size = words.gap(line.difference, line.unit)
    half = words.spread(line.uncertainty, line.unit, digits).replace("%", " points")
    if round(abs(line.difference), 6) == 0:
        return f"none{half}"
    return f"{size}{half} {'more' if line.difference > 0 else 'less'}"


def _reps(pair: PairTold, look: Look) -> Reps:
    same = pair.a == pair.b
    title = f"Rep {pair.a}" if same else f"Rep {pair.a} of A, rep {pair.b} of B"
    moments = tuple((m.at_s, moment_words(m.moment, look)) for m in pair.moments)
    return Reps(title, moments, tuple(_row(line, look) for line in pair.measures))


def moment_words(name: str, look: Look) -> str:
    """What a moment is called."""
    told = look.moment(name)
    plain = {"release": "hands let go"}
    return told.title if told is not None else plain.get(name, name)


def _shown(look: Look, drawn: Drawn) -> list[Panel]:
    return [
        p for p in look.panels if any(np.isfinite(v).any() for v in drawn.values.get(p.signal, ()))
    ]


def _described(told: Comparison, look: Look, drawn: Drawn) -> str:
    names = " and ".join(p.signal.replace("_", " ") for p in _shown(look, drawn))
    n = len(told.pairs)
    return (
        f"{words.sentence(names)} of A, solid, and of B, dashed, over the seconds of the video, "
        f"in {n} pair{'s' * (n != 1)} of reps."
    )


def _chart(told: Comparison, look: Look, drawn: Drawn) -> dict[str, Markup] | None:
    """The curves in two widths; None where no angle was seen."""
    shown = _shown(look, drawn)
    if not shown:
        return None
    layouts = (charts.WIDE, charts.NARROW)
    return {one.name: Markup(_curves(told, shown, drawn, one)) for one in layouts}


def _curves(told: Comparison, shown: Sequence[Panel], drawn: Drawn, layout: charts.Layout) -> str:
    with mpl.rc_context(charts.RC):
        figure, axes = charts.canvas(list(shown), layout, "seconds of the video")
        for panel, own in axes:
            _panel(own, panel, told, drawn)
        return charts.inline(figure, layout.name)


def _panel(axes: Axes, panel: Panel, told: Comparison, drawn: Drawn) -> None:
    """One angle of both; the reps as bands, what lies at the moments as thin lines."""
    step = max(1, -(-len(drawn.at_s) // MOST_POINTS))
    t = drawn.at_s[::step]
    for (colour, dash), values in reversed(
        list(zip(STYLES.values(), drawn.values[panel.signal], strict=True))
    ):
        ink = charts.COLOURS[colour]
        axes.plot(t, values[::step], color=ink, linestyle=dash, linewidth=1.7)
    low, high = axes.get_ylim()
    low, high = min(low, panel.least[0]), max(high, panel.least[1])
    axes.set(ylim=(low, high), xlim=(0, float(drawn.at_s[-1])))
    axes.grid(axis="y", color=charts.COLOURS["grid"], linewidth=0.6)
    for pair in told.pairs:
        at = [m.at_s for m in pair.moments]
        axes.axvspan(at[0], at[-1], color=charts.COLOURS["band"], linewidth=0, zorder=0)
        axes.vlines(
            at[1:-1], low, high, color=charts.COLOURS["muted"], linewidth=0.6,
            linestyles=(0, (3, 4)),
        )  # fmt: skip
