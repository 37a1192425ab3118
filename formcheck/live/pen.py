"""Words and shapes on the plain ground of the live screen: each word is drawn once and kept.

Where a word stands over the camera's picture, `formcheck.words` has the translucent plates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np
from PIL import Image, ImageDraw

from formcheck import words
from formcheck.overlay.paint import Picture
from formcheck.words import INK, PLATE, Box, Colour

GROUND: Colour = PLATE[:3]
Side = Literal["left", "middle", "right"]
TIGHTEST = 5.0
"""Pixels: words are made no smaller than this to fit."""
KEPT = 160
"""Words at most that are kept: angles come in every degree."""


@dataclass(frozen=True)
class Letters:
    """How words are written."""

    size: float
    """Pixels."""
    colour: Colour = INK
    bold: bool = True


@lru_cache(maxsize=KEPT)
def _word(text: str, size: int, colour: Colour, bold: bool) -> tuple[Picture, int]:
    """(H, W, 3) a line of text on the ground, no higher than its letters, and how far its top is
    over the line's middle."""
    width, middle = max(1, math.ceil(_width(text, size, bold))), size
    image = Image.new("RGB", (width, 2 * middle), GROUND)
    pen = ImageDraw.Draw(image)
    pen.text((0, middle), text, font=words.font(size, bold), fill=colour, anchor="lm")
    pixels = np.asarray(image, np.uint8)
    inked = np.flatnonzero((pixels != GROUND).any(axis=(1, 2)))
    top, end = (int(inked[0]), int(inked[-1]) + 1) if len(inked) else (middle, middle)
    return np.ascontiguousarray(pixels[top:end]), middle - top


@lru_cache(maxsize=512)
def _width(text: str, size: int, bold: bool) -> float:
    return words.width_of(text, size, bold)


@lru_cache(maxsize=64)
def lines_of(text: str, size: int, width: int, bold: bool = False) -> tuple[str, ...]:
    """The text in lines no wider than `width` pixels, unless a word is."""
    return tuple(words.wrapped(text, size, width, bold))


@lru_cache(maxsize=64)
def filling(texts: tuple[str, ...], box: tuple[int, int], largest: int, bold: bool) -> int:
    """The largest letters, up to `largest` pixels, at which texts fit into (width, height), each
    wrapped on its own; no smaller than TIGHTEST."""
    size = float(largest)
    while size > TIGHTEST:
        lines = [line for text in texts for line in lines_of(text, round(size), box[0], bold)]
        high = words.LINE * size * len(lines)
        if high <= box[1] and all(_width(x, round(size), bold) <= box[0] for x in lines):
            break
        size *= 0.92
    return max(1, round(size))


def put(
    canvas: Picture,
    at: tuple[float, float],
    text: str,
    style: Letters,
    side: Side = "left",
    within: float | None = None,
) -> int:
    """Write one line; `at` is its left, middle or right at half its height. within: pixels that it
    must fit into, else it is written smaller. Gives its width; what is off the canvas is cut."""
    if not text:
        return 0
    size = max(1, round(style.size))
    if within is not None and (wide := _width(text, size, style.bold)) > within > 0:
        size = max(1, int(size * within / wide))
    word, over = _word(text, size, style.colour, style.bold)
    share = {"left": 0.0, "middle": 0.5, "right": 1.0}[side]
    x, y = round(at[0] - share * word.shape[1]), round(at[1]) - over
    x0, y0 = max(x, 0), max(y, 0)
    under = canvas[y0 : max(0, y + word.shape[0]), x0 : max(0, x + word.shape[1])]
    under[:] = word[y0 - y : y0 - y + under.shape[0], x0 - x : x0 - x + under.shape[1]]
    return int(word.shape[1])


def block(
    canvas: Picture, box: Box, texts: tuple[str, ...], largest: float, *, bold: bool = True
) -> None:
    """Texts in the middle of a box, as large as fits."""
    x, y, w, h = box
    size = filling(texts, (round(0.94 * w), round(0.94 * h)), max(1, round(largest)), bold)
    lines = [line for text in texts for line in lines_of(text, size, round(0.94 * w), bold)]
    top = y + (h - words.LINE * size * (len(lines) - 1)) / 2
    for i, line in enumerate(lines):
        at = (x + w / 2, top + i * words.LINE * size)
        put(canvas, at, line, Letters(size, bold=bold), "middle", w)


def clear(canvas: Picture, box: Box) -> None:
    """Make a box plain."""
    x, y, w, h = box
    cv2.rectangle(canvas, (x, y), (x + w - 1, y + h - 1), GROUND, -1)  # faster than a slice


def bar(canvas: Picture, box: Box, share: float, mark: float, colour: Colour) -> None:
    """A bar, filled to a share of its length, with a mark across it at another; NaN: empty, or no
    mark."""
    x, y, w, h = box
    cv2.rectangle(canvas, (x, y), (x + w - 1, y + h - 1), words.FAINT, max(1, h // 12))
    if share > 0:
        full = max(1, round(w * min(share, 1.0)))
        cv2.rectangle(canvas, (x, y), (x + full - 1, y + h - 1), colour, -1)
    if math.isfinite(mark):
        at, over, wide = x + round(w * mark), h // 3, max(2, h // 8)
        canvas[max(0, y - over) : y + h + over, at - wide // 2 : at - wide // 2 + wide] = INK
