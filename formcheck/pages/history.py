"""An athlete's sets over time, as one page that opens offline.

It gets stories and sentences, and lays them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor

from formcheck.pages import words
from formcheck.pages.html import environment
from formcheck.progress.past import followed
from formcheck.progress.story import Story, sentences
from formcheck.progress.tables import HEADS, best, row

WIDTH, HEIGHT = 640.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 12.0, 12.0, 30.0
"""Room beside the plot, in the drawing's units."""
TICKS = 5
"""So many lines at most across the plot."""


@dataclass(frozen=True)
class Point:
    """A session in the plot."""

    x: float
    y: float
    low: float
    high: float
    """The ends of its interval."""
    said: str


@dataclass(frozen=True)
class Trend:
    """A number over the sessions."""

    label: str
    points: tuple[Point, ...]
    across: tuple[tuple[float, str], ...]
    """Height and label of each line across."""
    first: str
    last: str
    """The days at both ends."""


@dataclass(frozen=True)
class Part:
    """What is shown of one exercise."""

    title: str
    lines: tuple[str, ...]
    why: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The last session first."""
    trends: tuple[Trend, ...]


def render(name: str, notes: str, stories: Sequence[Story], now: datetime) -> str:
    """The page of an athlete; the same input gives the same bytes. now: with its time zone."""
    return (
        environment()
        .get_template("history.html")
        .render(
            name=name,
            notes=notes,
            day=f"{now:%Y-%m-%d}",
            parts=[_part(story, now) for story in stories],
            box=(WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM),
        )
    )


def _part(story: Story, now: datetime) -> Part:
    look = story.exercise.look
    return Part(
        title=words.sentence(story.exercise.plural),
        lines=tuple(sentences(story, now)),
        why=() if story.step is None else story.step.why,
        heads=(*HEADS, *(look.term(n).label for n in look.compared), "Remarks"),
        rows=tuple(row(story, one) for one in reversed(story.sessions)),
        trends=tuple(t for n in followed(story.exercise) if (t := trend(story, n)) is not None),
    )


def trend(story: Story, name: str) -> Trend | None:
    """A number over the sessions that tell it; None where there are not two."""
    told = [
        (s.at, v) for s in story.sessions if (v := best(story, s, name)) and v.value is not None
    ]
    if len(told) < 2:
        return None
    ends = [(v.value or 0.0) + sign * (v.within or 0.0) for _, v in told for sign in (-1, 1)]
    levels = _levels(min(ends), max(ends))
    start, span = told[0][0], (told[-1][0] - told[0][0]).total_seconds() or 1.0

    def at(value: float) -> float:
        share = (value - levels[0]) / (levels[-1] - levels[0])
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)

    def along(when: datetime) -> float:
        share = (when - start).total_seconds() / span
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    unit = told[0][1].unit
    points = tuple(
        Point(
            x=along(when),
            y=at(v.value or 0.0),
            low=at((v.value or 0.0) - (v.within or 0.0)),
            high=at((v.value or 0.0) + (v.within or 0.0)),
            said=f"{when.astimezone():%Y-%m-%d}: {words.quantity(v.value or 0.0, unit)}",
        )
        for when, v in told
    )
    return Trend(
        label=story.exercise.look.term(name).label,
        points=points,
        across=tuple((at(x), words.quantity(x, unit)) for x in levels),
        first=f"{told[0][0].astimezone():%Y-%m-%d}",
        last=f"{told[-1][0].astimezone():%Y-%m-%d}",
    )


def _levels(low: float, high: float) -> list[float]:
    """Round numbers from under the lowest to over the highest, a few."""
    span = max(high - low, 1e-6)
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1e3, 1e4) if span / s < TICKS)
    first, last = floor(low / step), max(ceil(high / step), floor(low / step) + 1)
    return [step * i for i in range(first, last + 1)]
