"""Strokes on a picture: lines, dots, sectors and sprites, in parts of a pixel."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.words import MARK, Array, Colour, Point, Sprite, box_of

Picture = NDArray[np.uint8]

BONE, DOT, DARK, ARC = (255, 255, 255), (64, 224, 208), (14, 18, 24), MARK
SUBPIXEL = 4
"""Binary places of the coordinates that OpenCV is given: bodies do not move in whole pixels."""
DASH = 3.0
"""Length of a dash and of the gap after it, in line widths."""


def fine(at: Array) -> tuple[int, int]:
    """A point as OpenCV takes it, in parts of a pixel; far outside is held at a distance."""
    x, y = at.tolist()  # plain numbers: of two, NumPy takes ten times as long
    if not (-1e4 < x < 2e4 and -1e4 < y < 2e4):
        x, y = min(max(x, -1e4), 2e4), min(max(y, -1e4), 2e4)
    return round(x * 2**SUBPIXEL), round(y * 2**SUBPIXEL)


def lay(picture: Picture, sprite: Sprite, corner: Point) -> None:
    """Blend a sprite in; what is off the picture is cut."""
    x, y, w, h = box_of(sprite, corner)
    x0, y0 = max(x, 0), max(y, 0)
    under = picture[y0 : max(y + h, 0), x0 : max(x + w, 0)]
    if not under.size:
        return
    part = np.s_[y0 - y : y0 - y + under.shape[0], x0 - x : x0 - x + under.shape[1]]
    through = cv2.multiply(under, sprite.through[part], scale=1 / 255)
    cv2.add(through, sprite.rgb[part], dst=under)


def dot(picture: Picture, at: Array, radius: float, colour: Colour = DOT) -> None:
    """A disc with a dark rim."""
    for ink, more in ((DARK, 1.0), (colour, 0.0)):
        size = round((radius + more) * 2**SUBPIXEL)
        cv2.circle(picture, fine(at), size, ink, -1, cv2.LINE_AA, SUBPIXEL)


def line(picture: Picture, a: Array, b: Array, colour: Colour, width: int) -> None:
    """A straight line from a to b, (2,) pixels each."""
    cv2.line(picture, fine(a), fine(b), colour, width, cv2.LINE_AA, SUBPIXEL)


def dashed(picture: Picture, a: Array, b: Array, colour: Colour, width: int) -> None:
    """The same in dashes; it begins and ends with one."""
    # held near the picture, else a point far off it would cost millions of dashes
    a, b = np.clip(a, -1e4, 2e4), np.clip(b, -1e4, 2e4)
    dashes = int(np.clip(np.hypot(*(b - a)) / (2 * DASH * width), 1, 200))
    cuts = np.linspace(0, 1, 2 * dashes)[:, None]
    ends = a + cuts * (b - a)
    for first, last in zip(ends[::2], ends[1::2], strict=True):
        line(picture, first, last, colour, width)


def curve(picture: Picture, points: Array, colour: Colour, width: int) -> None:
    """A line through (n, 2) pixels."""
    cv2.polylines(picture, [_corners(points)], False, colour, width, cv2.LINE_AA, SUBPIXEL)


def tint(picture: Picture, points: Array, colour: Colour, share: float) -> None:
    """Colour the inside of (n, 2) pixels, through which the picture stays visible."""
    size = np.array(picture.shape[1::-1])
    least, most = np.floor(points.min(axis=0)) - 1, np.ceil(points.max(axis=0)) + 2
    x0, y0 = np.clip(least, 0, size).astype(int)
    x1, y1 = np.clip(most, 0, size).astype(int)
    under = picture[y0:y1, x0:x1]
    if under.size:
        full = under.copy()
        cv2.fillPoly(full, [_corners(points - [x0, y0])], colour, cv2.LINE_AA, SUBPIXEL)
        under[:] = cv2.addWeighted(full, share, under, 1 - share, 0)


def _corners(points: Array) -> NDArray[np.int32]:
    return np.asarray(np.round(np.clip(points, -1e4, 2e4) * 2**SUBPIXEL), np.int32)
