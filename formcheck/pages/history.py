"""An athlete's sets over time, as one page that opens offline.

It gets stories and sentences, and lays them out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor

from formcheck.pages import words
from formcheck.pages.html import environment
from formcheck.progress.faults import Count, FaultTrend
from formcheck.progress.past import followed
from formcheck.progress.story import Story, sentences
from formcheck.progress.tables import HEADS, best, row

WIDTH, HEIGHT = 640.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 12.0, 12.0, 30.0
"""Room beside the plot, in the drawing's units."""
TICKS = 5
"""So many lines at most across the plot."""
STRIP = (220.0, 26.0)
"""Width and height of a fault's strip, in the drawing's units."""


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
class Strip:
    """A fault over the sessions, as bars."""

    label: str
    first: str
    last: str
    """In how many reps at either end."""
    bars: tuple[tuple[float, float, str], ...]
    """Where along the strip, how high, and what is said of it: a session each that has it."""


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
    strips: tuple[Strip, ...]


def render(name: str, about: Sequence[str], stories: Sequence[Story], now: datetime) -> str:
    """The page of an athlete; the same input gives the same bytes. about: what else is to be said
    of who it is, a line each; empty ones say nothing. now: with its time zone."""
    return (
        environment()
        .get_template("history.html")
        .render(
            name=name,
            about=[line for line in about if line],
            day=f"{now:%Y-%m-%d}",
            parts=[_part(story, now) for story in stories],
            strip=STRIP,
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
        strips=tuple(_strip(story, one) for one in story.faults) if len(story.sessions) > 1 else (),
    )


def _strip(story: Story, one: FaultTrend) -> Strip:
    along = _along([s.at for s in story.sessions], 0.0, STRIP[0])
    bars = tuple(
        (along(s.at), round(STRIP[1] * count.found / count.reps, 1), f"{_day(s.at)}: {_of(count)}")
        for s, count in zip(story.sessions, one.each, strict=True)
        if count.found
    )
    return Strip(words.sentence(one.label), _of(one.first), _of(one.last), bars)


def _of(count: Count) -> str:
    return f"{count.found} of {count.reps} reps"


def _day(when: datetime) -> str:
    return f"{when.astimezone():%Y-%m-%d}"


def _along(times: Sequence[datetime], left: float, right: float) -> Callable[[datetime], float]:
    """Where a moment stands between two places, the first of the times at the left one."""
    start, span = times[0], (times[-1] - times[0]).total_seconds() or 1.0
    return lambda when: round(left + (when - start).total_seconds() / span * (right - left), 1)


def trend(story: Story, name: str) -> Trend | None:
    """A number over the sessions that tell it; None where there are not two."""
    told = [
        (s.at, v) for s in story.sessions if (v := best(story, s, name)) and v.value is not None
    ]
    if len(told) < 2:
        return None
    ends = [(v.value or 0.0) + sign * (v.within or 0.0) for _, v in told for sign in (-1, 1)]
    levels = _levels(min(ends), max(ends))
    along = _along([when for when, _ in told], LEFT, WIDTH - RIGHT)

    def at(value: float) -> float:
        share = (value - levels[0]) / (levels[-1] - levels[0])
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)

    unit = told[0][1].unit
    points = tuple(
        Point(
            x=along(when),
            y=at(v.value or 0.0),
            low=at((v.value or 0.0) - (v.within or 0.0)),
            high=at((v.value or 0.0) + (v.within or 0.0)),
            said=f"{_day(when)}: {words.quantity(v.value or 0.0, unit)}",
        )
        for when, v in told
    )
    return Trend(
        label=story.exercise.look.term(name).label,
        points=points,
        across=tuple((at(x), words.quantity(x, unit)) for x in levels),
        first=_day(told[0][0]),
        last=_day(told[-1][0]),
    )


def _levels(low: float, high: float) -> list[float]:
    """Round numbers from under the lowest to over the highest, a few."""
    span = max(high - low, 1e-6)
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1e3, 1e4) if span / s < TICKS)
    first, last = floor(low / step), max(ceil(high / step), floor(low / step) + 1)
    return [step * i for i in range(first, last + 1)]
