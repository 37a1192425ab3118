"""What stands beside the picture: of the place, of the set that runs, and of the rest after it.

To be read from 4 m away on a laptop: what an athlete looks for is largest. Whatever a colour says
is said by a shape or a word as well.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from formcheck import words
from formcheck.live import pen
from formcheck.live.layout import Layout
from formcheck.live.state import Light, LiveState, Status
from formcheck.overlay.paint import Picture
from formcheck.words import INK, MARK, MUTED, Colour, Sign

GOOD: Colour = (94, 214, 137)
LIGHTS: Mapping[Status, Sign] = {
    "green": (GOOD, 48, 0.0, "✓"),
    "amber": words.SIGNS["warning"],
    "red": (words.SIGNS["fault"][0], 8, 22.5, "×"),
}
"""A disc, a triangle and an octagon, each with its own letter."""
UNKNOWN = "–"
TOLD, TOLD_AT_MOST = (1.12, 2.9), (1.7, 7.2)
"""Letters and height of what is said of a light, in units: at least, and at most."""
SHARED = 2.25
"""Units of height that each light brings for what is said of those that are not green."""
TARGET_AT = 0.75
"""Where on the tempo's bar the target stands: one may well go slower."""


@dataclass
class Column:
    """A place on the panel that is filled from top to bottom. Sizes are in units of the layout."""

    canvas: Picture
    x: float
    """Its left edge, pixels."""
    y: float
    """Where the next row begins, pixels."""
    unit: float

    @property
    def width(self) -> float:
        """Of a row, pixels."""
        return 15.6 * self.unit

    def row(self, tall: float, gap: float = 0.0) -> float:
        """Take a row of so many units; gives its middle."""
        middle = self.y + tall * self.unit / 2
        self.y += (tall + gap) * self.unit
        return middle

    def write(
        self,
        text: str,
        size: float,
        colour: Colour = INK,
        *,
        side: pen.Side = "left",
        y: float | None = None,
        within: float = 1.0,
    ) -> None:
        """One line, on a row of its own or at y. within: the share of the width it may take."""
        y = self.row(1.25 * size) if y is None else y
        x = self.x + {"left": 0.0, "middle": 0.5, "right": 1.0}[side] * self.width
        style = pen.Letters(size * self.unit, colour)
        pen.put(self.canvas, (x, y), text, style, side, within * self.width)

    def tell(
        self, text: str, size: float, tall: float, colour: Colour, indent: float = 0.0
    ) -> None:
        """Some lines of plain text, smaller where it is longer than so many units have room for."""
        room = round(self.width - indent * self.unit)
        largest = max(1, round(size * self.unit))
        letters = pen.filling((text,), (room, round(tall * self.unit)), largest, False)
        style = pen.Letters(letters, colour, bold=False)
        for line in pen.lines_of(text, letters, room):
            at = (self.x + indent * self.unit, self.row(words.LINE * letters / self.unit))
            pen.put(self.canvas, at, line, style, within=room)


def draw(canvas: Picture, layout: Layout, state: LiveState) -> None:
    """Fill the panel's box."""
    pen.clear(canvas, layout.panel)
    first, second = _columns(canvas, layout)
    if state.stage == "running":
        _count(first, state, 9.6 if first is second else 12.0)
        _numbers(second, state)
    elif state.stage in ("placing", "ready"):
        _place(first, second, state)
    else:
        _rest(first, state)
        _signs(second, state.lights if state.stage == "resting" else (), ())


def _columns(canvas: Picture, layout: Layout) -> tuple[Column, Column]:
    """The one column twice, or the two."""
    x, y, w, _ = layout.panel
    unit, top = layout.unit, y + 0.6 * layout.unit
    if layout.columns == 1:
        one = Column(canvas, x + (w - 15.6 * unit) / 2, top, unit)
        return one, one
    beside = min(w / 2, 19 * unit)
    left = x + w / 2 - beside + (beside - 15.6 * unit) / 2
    return Column(canvas, left, top, unit), Column(canvas, left + beside, top, unit)


def _count(column: Column, state: LiveState, large: float) -> None:
    """The set, the reps in the largest letters there are, and the phase."""
    column.write(f"SET {state.set_number}", 1.4, MUTED)
    column.write(str(state.count), large, side="middle", y=column.row(0.9 * large))
    column.write(state.phase, 2.4, MARK, side="middle", y=column.row(3.2))


def _numbers(column: Column, state: LiveState) -> None:
    """The angles of now, the lowering against its target, and the last rep's result."""
    for name, value in (("knee", state.knee_deg), ("hip", state.hip_deg)):
        y = column.row(4.1)
        column.write(name, 1.7, MUTED, y=y, within=0.27)
        column.write(_degrees(value), 4.2, side="right", y=y, within=0.68)
    _tempo(column, state)
    _last(column, state)


def _tempo(column: Column, state: LiveState) -> None:
    """How long the lowering has lasted, as a bar that should reach its mark."""
    took, target = state.descent_s, state.target_s
    reached, y = took >= target, column.row(2.6)
    done = f"{took:.1f} s" if math.isfinite(took) else UNKNOWN
    column.write("lowering", 1.4, MUTED, y=y, within=0.43)
    column.write(f"{done} ✓" if reached else done, 2.2, side="right", y=y, within=0.53)
    if not math.isfinite(target):
        return
    y, tall = column.row(1.6, 0.3), round(1.2 * column.unit)
    box = (round(column.x), round(y - tall / 2), round(column.width), max(3, tall))
    share = TARGET_AT * took / target if math.isfinite(took) else 0.0
    pen.bar(column.canvas, box, share, TARGET_AT, GOOD if reached else MARK)
    at = column.x + TARGET_AT * column.width
    style = pen.Letters(1.2 * column.unit, MUTED, bold=False)
    pen.put(column.canvas, (at, column.row(1.4)), f"aim {target:g} s", style, "middle")


def _last(column: Column, state: LiveState) -> None:
    """The last rep's headline number, or what became of it in words."""
    last = state.last_break
    if last is None:
        return
    column.write(f"{last.label}, rep {last.rep}", 1.4, MUTED, y=column.row(2.2))
    if math.isfinite(last.value):
        spread = last.half_width if math.isfinite(last.half_width) else None
        column.write(words.with_spread(last.value, last.unit, spread), 2.6)
        return
    column.tell(last.words or UNKNOWN, 1.6, 4.0, INK)


def _degrees(value: float) -> str:
    return words.figure(value, "deg") if math.isfinite(value) else UNKNOWN


def _place(first: Column, second: Column, state: LiveState) -> None:
    """What is to be put right before a set, each with its sign; what is right has no sentence."""
    ready = state.stage == "ready"
    first.write("Ready" if ready else "Find your place", 2.4 if ready else 1.9, INK)
    lights, half = state.lights, (len(state.lights) + 1) // 2
    if first is second:
        _signs(first, lights, lights)
        return
    second.row(1.25 * (2.4 if ready else 1.9))
    _signs(first, lights[:half], lights)
    _signs(second, lights[half:], lights)


def _signs(column: Column, lights: Sequence[Light], told: Sequence[Light]) -> None:
    """A row a light. told: those whose sentence is written out where they are not green."""
    style = _told_in(sum(light.status != "green" for light in lights), len(lights))
    for light in lights:
        y = column.row(2.5)
        sign = _sign(light.status, max(4, round(1.05 * column.unit)))
        _paste(column.canvas, sign, column.x, y)
        x, room = column.x + 2.8 * column.unit, column.width - 2.8 * column.unit
        pen.put(column.canvas, (x, y), light.name, pen.Letters(1.6 * column.unit), within=room)
        if light not in told:
            continue
        if light.status != "green":
            column.tell(light.sentence, *style, INK, indent=2.8)
        column.row(0.35)


def _told_in(bad: int, of: int) -> tuple[float, float]:
    """Letters and height of what is said of each bad light of so many, in units."""
    (least, low), (most, high) = TOLD, TOLD_AT_MOST
    tall = min(high, max(low, of * SHARED / max(bad, 1)))
    return least + (most - least) * (tall - low) / (high - low), tall


@lru_cache(maxsize=16)
def _sign(status: Status, radius: int) -> Picture:
    image = Image.new("RGBA", (2 * radius + 2, 2 * radius + 2), (*pen.GROUND, 255))
    words.shape(image, LIGHTS[status], (radius + 1, radius + 1), radius)
    return np.asarray(image.convert("RGB"), np.uint8)


def _paste(canvas: Picture, sign: Picture, x: float, y: float) -> None:
    left, top = round(x), round(y - sign.shape[0] / 2)
    under = canvas[top : top + sign.shape[0], left : left + sign.shape[1]]
    under[:] = sign[: under.shape[0], : under.shape[1]]


def _rest(column: Column, state: LiveState) -> None:
    """How long the rest has lasted; after all sets, that it is over."""
    over, rest = state.stage == "over", state.rest_s
    column.write(f"{'' if over else 'REST '}AFTER SET {state.set_number}", 1.4, MUTED)
    clock = f"{int(rest) // 60}:{int(rest) % 60:02d}" if math.isfinite(rest) else UNKNOWN
    column.write("Done" if over else clock, 5.6, side="middle", y=column.row(6.0))
    reps = "1 rep" if state.count == 1 else f"{state.count} reps" if state.count else ""
    reps = "" if state.summary else reps  # which says it
    column.write(reps, 2.0, MARK, side="middle", y=column.row(3.0, 0.6))
