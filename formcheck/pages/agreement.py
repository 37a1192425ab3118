"""How measured and true values agree, drawn: Bland-Altman, error against yaw, calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from formcheck.pages.charts import COLOURS, RC, blank, inline

WIDTH, HEIGHT = 4.1, 3.0
"""Inches: read on a phone as well as beside another."""
FONT = 9.0
DASHES = ((4, 2), (1.5, 1.5), (5, 2, 1, 2), (8, 2), (3, 3), (6, 1, 1, 1, 1, 1))
"""Lines are told apart by their dashes, not by colour alone."""
Point = tuple[float, float]
LOOKS: tuple[dict[str, Any], ...] = (
    {"marker": "o", "color": COLOURS["knee"], "markersize": 5, "linestyle": "none"},
    {"marker": "s", "color": COLOURS["hip"], "markersize": 7.5, "linestyle": "none",
     "markerfacecolor": "none", "markeredgewidth": 1.3},
    {"marker": "^", "color": COLOURS["muted"], "markersize": 6.5, "linestyle": "none",
     "markerfacecolor": "none", "markeredgewidth": 1.3},
)  # fmt: skip
"""Angles are told apart by the mark, not by colour alone; one shows through another."""


def bland_altman(
    points: Sequence[tuple[float, float, float | None]],
    bias: float,
    limits: Point | None,
    what: tuple[str, str],
    name: str,
) -> str:
    """Differences over means. points: true, found, half-width of the stated interval. what: the
    number's name and unit. name: of the drawing among others."""
    label, unit = what
    with mpl.rc_context({**RC, "font.size": FONT}):
        figure, axes = _drawing(
            f"mean of found and true {label} ({unit})", f"found − true ({unit})"
        )
        means = [(true + found) / 2 for true, found, _ in points]
        errors = [found - true for true, found, _ in points]
        for x, y, (_, _, half) in zip(means, errors, points, strict=True):
            if half is not None:
                axes.vlines(x, y - half, y + half, color=COLOURS["knee"], alpha=0.22, linewidth=2)
        axes.plot(means, errors, "o", color=COLOURS["knee"], markersize=5, alpha=0.85)
        axes.axhline(0, color=COLOURS["muted"], linewidth=0.8)
        behind = unit if unit == "°" else f" {unit}"
        lines = [(bias, f"bias {bias:+.1f}{behind}", "-")]
        lines += [(y, f"{y:+.1f}{behind}", "--") for y in limits or ()]
        for y, words, style in lines:
            axes.axhline(y, color=COLOURS["ink"], linewidth=1.2, linestyle=style)
            _at_right(axes, y, words.replace("-", "−"))
        return inline(figure, f"bland-altman-{name}")


def _at_right(axes: Axes, y: float, words: str) -> None:
    axes.annotate(
        words, (1, y), xycoords=("axes fraction", "data"), xytext=(0, 2.5),
        textcoords="offset points", ha="right", va="bottom", color=COLOURS["ink"],
        fontsize=FONT - 0.5,
    )  # fmt: skip


def against_yaw(series: Mapping[str, Sequence[Point]]) -> str:
    """Mean errors of clips over the camera's yaw: by the angle's name, (yaw, error) in degrees."""
    with mpl.rc_context({**RC, "font.size": FONT}):
        figure, axes = _drawing("yaw of the camera (°, 0 = side view)", "mean error of change (°)")
        for (name, points), look in zip(series.items(), LOOKS, strict=False):
            axes.plot([x for x, _ in points], [y for _, y in points], **look, label=name)
        most = max((y for points in series.values() for _, y in points), default=1.0)
        reach = max((abs(x) for points in series.values() for x, _ in points), default=10.0)
        room = max(10.0, reach) * 1.1
        axes.set(ylim=(0, max(3.0, most * 1.15)), xlim=(-room, room))
        _legend(axes, "upper left")
        return inline(figure, "against-yaw")


def by_phase(
    names: Sequence[str], rows: Mapping[str, Mapping[str, float | None]], name: str
) -> str:
    """Mean errors by phase: of each angle, phase -> degrees. name: of the drawing among others."""
    with mpl.rc_context({**RC, "font.size": FONT}):
        figure, axes = _drawing("mean error of the change (°)", "", left=1.42)
        for (angle, row), look in zip(rows.items(), LOOKS, strict=False):
            known = [(v, i) for i, n in enumerate(names) if (v := row.get(n)) is not None]
            axes.plot([v for v, _ in known], [i for _, i in known], **look, label=angle)
        axes.set_yticks(range(len(names)), names)
        axes.set(ylim=(len(names) - 0.5, -0.5))
        axes.set_xlim(left=0)
        axes.legend(
            loc="lower center", bbox_to_anchor=(0.3, 1.0), ncols=3, frameon=False,
            labelcolor=COLOURS["ink"], fontsize=FONT - 1, handletextpad=0.1, columnspacing=0.9,
        )  # fmt: skip
        return inline(figure, f"by-phase-{name}")


def calibration(curves: Mapping[str, Sequence[Point]]) -> str:
    """The share of true values held over the share claimed: by name, points of 0 to 1.

    The last one is drawn as the one that counts.
    """
    with mpl.rc_context({**RC, "font.size": FONT}):
        figure, axes = _drawing("share that the interval claims", "share that it held")
        axes.plot([0.4, 1], [0.4, 1], color=COLOURS["muted"], linewidth=1)
        *others, main = curves.items()
        for (name, points), dashes in zip(others, DASHES, strict=False):
            axes.plot(
                *zip(*points, strict=True), color=COLOURS["knee"], linewidth=1.1,
                linestyle=(0, dashes), label=name, alpha=0.9, clip_on=False,
            )  # fmt: skip
        axes.plot(
            *zip(*main[1], strict=True), "o-", color=COLOURS["ink"], linewidth=2, markersize=4.5,
            label=main[0], clip_on=False,
        )  # fmt: skip
        low = min((y for _, points in curves.items() for _, y in points), default=0.4)
        axes.set(xlim=(0.45, 1), ylim=(min(0.4, low - 0.05), 1.02))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(PercentFormatter(1, 0, symbol=" %"))
        _legend(axes, "lower right")
        return inline(figure, "calibration")


def _drawing(below: str, beside: str, left: float = 0.45) -> tuple[Figure, Axes]:
    """An empty pair of axes with a grid, named."""
    figure = blank(WIDTH, HEIGHT)
    inside = (WIDTH - left - 0.22) / WIDTH
    axes = figure.add_axes((left / WIDTH, 0.5 / HEIGHT, inside, 1 - 0.85 / HEIGHT))
    axes.patch.set_visible(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.grid(color=COLOURS["grid"], linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, colors=COLOURS["muted"])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5, steps=(1, 2, 5, 10)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", "−")))
    axes.set_xlabel(below, color=COLOURS["muted"], labelpad=3)
    axes.set_title(beside, loc="left", color=COLOURS["muted"], fontsize=FONT, pad=8, x=-0.08)
    return figure, axes


def _legend(axes: Axes, where: str) -> None:
    axes.legend(
        loc=where, frameon=False, labelcolor=COLOURS["ink"], fontsize=FONT - 1,
        handlelength=2.2, borderaxespad=0.2, labelspacing=0.25,
    )  # fmt: skip
