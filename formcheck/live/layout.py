"""Where things stand in the window: the picture, the panel beside or beneath it, the cue, the keys.

Nothing lies over anything: the cue has a place of its own, so that it hides no body.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from formcheck.words import Box

LEAST = 0.30
"""The panel's share of a wide window, at least: its numbers are to be read from 4 m away."""
LEAST_TALL = 0.36
"""The same of a window that is higher than wide, where the panel is beneath."""
CUE, CUE_TALL = 0.19, 0.10
"""The cue's share of the height of a wide window, and of a tall one at least."""
KEYS = 1 / 26
"""The line of keys, in short sides of the window; it is read from near."""
SMALLEST_KEYS = 14
NEEDS = {1: (17.0, 34.5), 2: (34.0, 20.5)}
"""Width and height of the panel's words in its units, in one column and in two."""


@dataclass(frozen=True)
class Layout:
    """Boxes in pixels of the window; none shares a pixel with another."""

    size: tuple[int, int]
    picture: Box
    """Of the camera's picture, in its own proportions."""
    panel: Box
    cue: Box
    keys: Box
    columns: int
    """Of the panel: 1 or 2."""
    unit: float
    """Pixels: in the panel all sizes are multiples of it."""

    @property
    def wide(self) -> Box:
        """Picture and cue together, where neither is shown."""
        (x, y, w, h), (u, v, p, q) = self.picture, self.cue
        left, top = min(x, u), min(y, v)
        return left, top, max(x + w, u + p) - left, max(y + h, v + q) - top


def laid_out(window: tuple[int, int], frame: tuple[int, int]) -> Layout:
    """The layout of a window for frames of a size, both width and height in pixels."""
    (w, h), strip = window, max(SMALLEST_KEYS, round(min(window) * KEYS))
    picture, panel, cue = (_beside if w >= h else _beneath)((w, h - strip), frame)
    units = {n: min(panel[2] / wide, panel[3] / tall) for n, (wide, tall) in NEEDS.items()}
    columns = max(units, key=lambda n: units[n])
    return Layout(window, picture, panel, cue, (0, h - strip, w, strip), columns, units[columns])


def _beside(room: tuple[int, int], frame: tuple[int, int]) -> tuple[Box, Box, Box]:
    """Picture left, panel right; the cue beneath the wider one."""
    (w, h), cue = room, round(CUE * room[1])
    whole = round(h * frame[0] / frame[1])
    if w - whole > whole:
        x = whole
        return (0, 0, x, h), (x, 0, w - x, h - cue), (x, h - cue, w - x, cue)
    x = min(round((1 - LEAST) * w), round((h - cue) * frame[0] / frame[1]))
    picture = _fit((0, 0, x, h - cue), frame)
    top = picture[1] + picture[3]
    return picture, (x, 0, w - x, h), (0, top, x, h - top)


def _beneath(room: tuple[int, int], frame: tuple[int, int]) -> tuple[Box, Box, Box]:
    """Picture, cue, panel from top to bottom; what the panel's words need not is the cue's."""
    (w, h), (wide, tall) = room, NEEDS[2]
    panel = max(round(LEAST_TALL * h), math.ceil(w * tall / wide))
    top = min(h - panel - round(CUE_TALL * h), round(w * frame[1] / frame[0]))
    return _fit((0, 0, w, top), frame), (0, h - panel, w, panel), (0, top, w, h - panel - top)


def _fit(room: Box, frame: tuple[int, int]) -> Box:
    """The largest box of a frame's proportions in the top middle of a room."""
    x, y, w, h = room
    scale = min(w / frame[0], h / frame[1])
    wide, tall = max(1, round(frame[0] * scale)), max(1, round(frame[1] * scale))
    return x + (w - wide) // 2, y, wide, tall
