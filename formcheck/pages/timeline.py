"""The timeline under the video: reps and phases as bands, findings as marks, and what its script
needs to know. Moments are seconds of the clip; places are shares of the timeline's width, in %."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from formcheck.curves import Curves
from formcheck.look import Look, Phase
from formcheck.pages import charts, rows, words
from formcheck.report import Report, RepReport

Holds = Sequence[tuple[float, float]]
"""The video's freezes: the moment of the clip and how long it stands, seconds, in order."""

FRAME_S, SAME_S = 0.05, 0.002
"""A moment so shortly before a freeze, or at its start, is the frozen picture itself, for a freeze
begins at the next frame; and that picture is there FRAME_S after the start."""
APART = 8.5
"""Marks nearer than this to each other stand in rows of their own, % of the width: a fingertip on
a phone."""
MOST_ROWS = 4
"""Of marks; where more would touch, they overlap."""
ROOM = {"narrow": 15.0, "wide": 6.5}
"""Where a rep's band is narrower than this, the bands carry numbers alone, % of each layout."""
STEP_S, MOST_STEPS = 0.1, 3000
"""How finely the script reads the curves."""


@dataclass(frozen=True)
class Band:
    """A stretch of the timeline: a rep or a phase."""

    kind: str
    """Of a rep its kind, of a phase how it is filled."""
    label: str
    start: float
    end: float
    left: float
    width: float
    target: str = ""
    """The id of the row of the table that says more."""


@dataclass(frozen=True)
class Mark:
    """A finding at its moment."""

    tone: str
    label: str
    start: float
    end: float
    left: float
    width: float
    row: int
    target: str
    """The id of the card that says more."""


@dataclass(frozen=True)
class Timeline:
    """All lanes, from above."""

    reps: tuple[Band, ...]
    phases: tuple[Band, ...]
    marks: tuple[Mark, ...]
    short: tuple[str, ...]
    """The layouts in which the reps' bands have room for their numbers alone."""
    script: dict[str, object]
    """What the script reads."""
    legend: tuple[tuple[str, str], ...]
    """The phases that occur, in the order of a rep: how they are filled, and their names."""

    @property
    def lanes(self) -> int:
        """How many rows the marks need."""
        return 1 + max((m.row for m in self.marks), default=-1)


def film_s(clip_s: float, holds: Holds) -> float:
    """Where a moment of the clip is in the video: later by the freezes that began before it, and
    where one begins, in it, for there the picture explains itself."""
    held = 0.0
    for at, seconds in holds:
        if at > clip_s + FRAME_S:
            break
        if at >= clip_s - SAME_S:
            return round(at + held + FRAME_S, 3)
        held += seconds
    return round(clip_s + held, 3)


def timeline(
    report: Report,
    curves: Curves,
    look: Look,
    cards: Sequence[rows.Card],
    holds: Holds,
    angles: bool,
) -> Timeline | None:
    """None where there is nothing to lay out in time. angles: whether the curves may be shown."""
    if not report.reps or len(curves.t_s) < 2:
        return None
    scale = _Scale(*charts.span(curves))
    reps = tuple(_rep(rep, i, curves, scale) for i, rep in enumerate(report.reps))
    phases = tuple(_phases(report, curves, look, scale))
    there = {band.label for band in phases}
    legend = tuple((p.pattern, p.title) for p in look.phases if p.title in there)
    marks = _marks(cards, scale)
    script = {
        "start": scale.start,
        "end": scale.end,
        "holds": [[round(at, 3), round(s, 3)] for at, s in holds],
        "reps": [[b.start, b.end, b.label] for b in reps],
        "phases": [[b.start, b.end, b.label.lower()] for b in phases],
        "findings": [[m.start, m.end, m.label.rpartition(",")[0]] for m in marks],
        "angles": _readings(curves, look) if angles else None,
    }
    short = tuple(name for name, room in ROOM.items() if min(b.width for b in reps) < room)
    return Timeline(reps, phases, marks, short, script, legend)


@dataclass(frozen=True)
class _Scale:
    """From seconds to places."""

    start: float
    end: float

    def place(self, start: float, end: float) -> tuple[float, float]:
        """Left edge and width, %."""
        share = 100 / (self.end - self.start)
        left = min(max((start - self.start) * share, 0.0), 100.0)
        return round(left, 3), round(min(max((end - start) * share, 0.0), 100.0 - left), 3)


def _rep(rep: RepReport, i: int, curves: Curves, scale: _Scale) -> Band:
    start, end = (round(t, 3) for t in charts.rep_span(rep, curves))
    return Band(rep.kind, words.title(rep), start, end, *scale.place(start, end), rows.anchor(i))


def _phases(report: Report, curves: Curves, look: Look, scale: _Scale) -> Iterator[Band]:
    """What the body was doing, as far as it is known."""
    t, known = curves.t_s, [*map(_known(report, look), curves.phase, curves.rep)]
    for (phase, _), run in groupby(range(len(known)), key=lambda i: (known[i], curves.rep[i])):
        inside = list(run)
        if phase is not None:
            start = round(float(t[inside[0]]), 3)
            end = round(float(t[min(inside[-1] + 1, len(t) - 1)]), 3)
            yield Band(phase.pattern, phase.title, start, end, *scale.place(start, end))


def _known(report: Report, look: Look) -> Callable[[str, int | None], Phase | None]:
    """The phase that is shown for one of the curves in a rep; None between reps."""
    named = {phase.name: phase for phase in look.phases}
    before = dict(zip(named.values(), [None, *named.values()], strict=False))
    refused = {(r.number, p.name) for r in report.reps for p in look.phases
               if charts.refused_in(r, p.needs)}  # fmt: skip

    def shown(name: str, number: int | None) -> Phase | None:
        phase = named.get(name)
        return before[phase] if phase is not None and (number, name) in refused else phase

    return shown


def _marks(cards: Sequence[rows.Card], scale: _Scale) -> tuple[Mark, ...]:
    """In the order of time; where two would touch, the later one goes into the next row."""
    marks: list[Mark] = []
    taken: list[float] = []
    timed = sorted((c.at_s, i) for i, c in enumerate(cards) if c.at_s is not None)
    for at, i in timed:
        card = cards[i]
        end = at if card.until_s is None else max(at, card.until_s)
        left, width = scale.place(at, end)
        row = _free(taken, left)
        taken[row : row + 1] = [left]
        label = f"{card.severity}: {card.label[:1].lower()}{card.label[1:]}, {card.rep}"
        marks.append(Mark(card.tone, label, at, end, left, width, row, card.anchor))
    return tuple(marks)


def _free(taken: Sequence[float], left: float) -> int:
    """The first row with room there, or a new one. taken: the last mark's place in each row."""
    row = next((r for r, last in enumerate(taken) if left - last >= APART), len(taken))
    return row if row < MOST_ROWS else taken.index(min(taken))


def _readings(curves: Curves, look: Look) -> dict[str, object]:
    """The curves in whole degrees at even steps; null where not seen."""
    start, end = charts.span(curves)
    step = max(STEP_S, (end - start) / MOST_STEPS)
    at = np.arange(start, end + step / 2, step)
    read = []
    for panel in charts.panels(curves, look):
        value = np.interp(at, curves.t_s, curves.values[panel.signal])
        whole = [round(float(v)) if np.isfinite(v) else None for v in value]
        read.append([panel.short, whole])
    return {"step": round(step, 4), "values": read}
