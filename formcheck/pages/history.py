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
from formcheck.programme import Real
from formcheck.progress.faults import Count, FaultTrend
from formcheck.progress.past import Value, followed
from formcheck.progress.sessions import Session
from formcheck.progress.story import Story, sentences
from formcheck.progress.tables import HEADS, best, compared, row

WIDTH, HEIGHT = 640.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 12.0, 12.0, 30.0
"""Room beside the plot, in the drawing's units."""
LONGEST_UNIT = 3
"""Letters of a unit that fit beside each line."""
TICKS = 5
"""So many lines at most across the plot."""
SHOWN = 12
"""So many of the last sessions stand open in the table."""
STRIP = (220.0, 26.0)
"""Width and height of a fault's strip, in the drawing's units."""


@dataclass(frozen=True)
class Point:
    """A session in the plot."""

    x: float
    y: float
    low: float
    high: float
    """The ends of its interval; of a bound one of them is the point itself."""
    said: str
    alike: bool
    """Whether it compares with the others; where not, no line leads to it."""
    mark: str
    """What is drawn for it, as a path; empty: a dot."""


@dataclass(frozen=True)
class Trend:
    """A number over the sessions."""

    label: str
    unit: str
    """Where it is too long to stand at every line across; else empty."""
    of: str
    """Of what in a session it is."""
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
    """Of the last sessions, the newest first; then those without a day."""
    earlier: tuple[tuple[str, ...], ...]
    """Of those before, folded away."""
    trends: tuple[Trend, ...]
    strips: tuple[Strip, ...]
    tallest: str
    """The share that the highest bar of the strips stands for."""


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
    look, newest = story.exercise.look, story.sessions[::-1]
    return Part(
        title=words.sentence(story.exercise.plural),
        lines=tuple(sentences(story, now)),
        why=() if story.step is None else story.step.why,
        heads=(*HEADS, *(look.term(n).label for n in look.compared), "Remarks"),
        rows=tuple(row(story, one) for one in (*newest[:SHOWN], *story.undated)),
        earlier=tuple(row(story, one) for one in newest[SHOWN:]),
        trends=tuple(t for n in followed(story.exercise) if (t := trend(story, n)) is not None),
        strips=_strips(story) if len(story.sessions) > 1 else (),
        tallest=words.quantity(_tallest(story), "1"),
    )


def _tallest(story: Story) -> float:
    """The greatest share of a session's reps in which one fault was found."""
    every = (count for one in story.faults for count in one.each)
    return max((count.found / count.reps for count in every if count.found), default=1.0)


def _strips(story: Story) -> tuple[Strip, ...]:
    return tuple(_strip(story, one, _tallest(story)) for one in story.faults)


def _strip(story: Story, one: FaultTrend, tallest: float) -> Strip:
    along = _along([s.at for s in story.sessions], 0.0, STRIP[0])
    high = STRIP[1] / tallest
    bars = tuple(
        (along(s.at), round(high * count.found / count.reps, 1), f"{_day(s.at)}: {_of(count)}")
        for s, count in zip(story.sessions, one.each, strict=True)
        if count.found
    )
    return Strip(words.sentence(one.label), _of(one.first), _of(one.last), bars)


def _of(count: Count) -> str:
    return f"{count.found} of {count.reps} reps"


def _day(when: datetime) -> str:
    return f"{when:%Y-%m-%d}"


def _along(times: Sequence[datetime], left: float, right: float) -> Callable[[datetime], float]:
    """Where a moment stands between two places, the first of the times at the left one."""
    start, span = times[0], (times[-1] - times[0]).total_seconds() or 1.0
    return lambda when: round(left + (when - start).total_seconds() / span * (right - left), 1)


def trend(story: Story, name: str) -> Trend | None:
    """A number over the sessions that tell it; None where there are not two."""
    every = ((s, best(story, s, name)) for s in story.sessions)
    told = [(s, v) for s, v in every if v is not None and v.value is not None]
    if len(told) < 2:
        return None
    levels = _levels(min(_ends(v)[0] for _, v in told), max(_ends(v)[1] for _, v in told))
    along = _along([s.at for s, _ in told], LEFT, WIDTH - RIGHT)

    def at(value: float) -> float:
        share = (value - levels[0]) / (levels[-1] - levels[0])
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)

    unit, real = told[0][1].unit, _real(story, name)
    said = words.UNITS.get(unit, (1.0, 1, f" {unit}"))[2]
    long = said if len(said) > LONGEST_UNIT else ""
    return Trend(
        label=story.exercise.look.term(name).label,
        unit=long.strip(),
        of="the best of each session"
        if real is None
        else f"first {real.reps} reps of each session",
        points=tuple(_point(story, s, v, along(s.at), at) for s, v in told),
        across=tuple((at(x), words.quantity(x, unit).removesuffix(long)) for x in levels),
        first=_day(told[0][0].at),
        last=_day(told[-1][0].at),
    )


def _real(story: Story, name: str) -> Real | None:
    """What is known of changes of this number."""
    real = None if story.exercise.programme is None else story.exercise.programme.real
    return real if real is not None and real.measure == name else None


def _ends(value: Value) -> tuple[float, float]:
    """The interval of a number; of one that is at most, upwards alone, and the other way."""
    middle, half = value.value or 0.0, value.uncertainty or 0.0
    low = middle if value.bound == "at-most" else middle - half
    return low, middle if value.bound == "at-least" else middle + half


def _point(
    story: Story, one: Session, value: Value, x: float, at: Callable[[float], float]
) -> Point:
    y, (low, high) = at(value.value or 0.0), _ends(value)
    tip = {"at-most": 5, "at-least": -5}.get(value.bound or "")
    bound = {"at-most": "at most ", "at-least": "at least "}.get(value.bound or "", "")
    alike = compared(story, one) is not None
    said = f"{_day(one.at)}: {bound}{words.quantity(value.value or 0.0, value.unit)}"
    return Point(
        *(x, y, at(low), at(high), said if alike else f"{said}, not compared", alike),
        mark="" if tip is None else f"M{x - 5} {y - tip}h10l-5 {2 * tip}z",
    )


def _levels(low: float, high: float) -> list[float]:
    """Round numbers from under the lowest to over the highest, a few."""
    span = max(high - low, 1e-6)
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1e3, 1e4) if span / s < TICKS)
    first, last = floor(low / step), max(ceil(high / step), floor(low / step) + 1)
    return [step * i for i in range(first, last + 1)]
