"""The live screen as a picture: the camera's, the body on it, and beside it what there is to say.

It decides nothing; all that it shows is in the `LiveState`.
"""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np

from formcheck import words
from formcheck.live import panel, pen
from formcheck.live.layout import Layout, laid_out
from formcheck.live.state import LiveState
from formcheck.look import Look
from formcheck.overlay.body import Body, Stress
from formcheck.overlay.paint import Picture, lay
from formcheck.pose import Array, Joint, Pose, PoseTrack
from formcheck.setting import Setting, Side
from formcheck.words import INK, MARK, MUTED, Box, Sprite

SUMMED = (16, 9)
"""Under the summary of a set the window is laid out as for such a picture, whatever comes."""
SIDES: tuple[Side, ...] = ("left", "right")
PARTED = 0.5
"""Between what a summary says, in sizes of its letters."""
FEWEST_LINES = 7
"""A shorter summary gets no larger letters than one of so many lines."""
WHOLE = ("w", "full screen")
"""The one key that is the window's own, and what it does."""


class Screen:
    """Draws live states, for windows of any size."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._canvas: Picture = np.zeros((0, 0, 3), np.uint8)
        self._layout: Layout | None = None

    def draw(self, frame: Picture, state: LiveState, size: tuple[int, int]) -> Picture:
        """The whole window, (H, W, 3) RGB for a size (W, H): the same array at every call, so that
        it has to be shown, or copied, before the next one. frame: (h, w, 3) RGB; stays as it is."""
        told = bool(state.summary) and state.stage in ("resting", "over")
        layout = self._laid_out(size, SUMMED if told else (frame.shape[1], frame.shape[0]))
        canvas = self._canvas
        if told:
            pen.clear(canvas, layout.wide)
            _summary(canvas, layout.wide, state.summary)
        else:
            self._filmed(canvas, layout, frame, state)
        _notice(canvas, layout.wide if told else layout.picture, state.notice)
        panel.draw(canvas, layout, state)
        _keys(canvas, layout.keys, state)
        return canvas

    def _filmed(self, canvas: Picture, layout: Layout, frame: Picture, state: LiveState) -> None:
        """The picture with the body on it, and the cue."""
        picture = _scaled(frame, layout.picture, state.mirrored)
        if state.pose is not None:
            self._body(picture, frame, state, state.pose)
        x, y, w, h = layout.picture
        canvas[y : y + h, x : x + w] = picture
        pen.clear(canvas, layout.cue)
        if state.cue:
            pen.block(canvas, layout.cue, (state.cue,), 0.8 * layout.cue[3])

    def _laid_out(self, size: tuple[int, int], frame: tuple[int, int]) -> Layout:
        """The layout for now; a new one begins with a plain canvas."""
        layout = laid_out(size, frame)
        if layout != self._layout:
            self._layout = layout
            self._canvas = np.full((size[1], size[0], 3), pen.GROUND, np.uint8)
        return layout

    def _body(self, picture: Picture, frame: Picture, state: LiveState, pose: Pose) -> None:
        """The near side, or both while it is not known which that is."""
        scale = picture.shape[1] / frame.shape[1]
        points = pose.points.copy()
        points[:, :2] *= scale
        if state.mirrored:
            points[:, 0] = picture.shape[1] - 1 - points[:, 0]
        size = (picture.shape[1], picture.shape[0])
        stress = Stress(state.stressed[0], MARK) if state.stressed else None
        for side in (state.side,) if state.side else SIDES:
            thigh = _thigh(points, side)
            if math.isfinite(thigh):
                setting = Setting(
                    side=side, facing="right", size=size, frame_s=1 / 30, thigh_px=thigh
                )
                one = PoseTrack(np.zeros(1), points[None], pose.visibility[None], size)
                Body(self._look, setting, one, size[1] / 20, ()).draw(picture, 0, stress)


def _thigh(points: Array, side: Side) -> float:
    """Its length in pixels, at least one; NaN where it is not seen."""
    a, b = points[[Joint.HIP.on(side), Joint.KNEE.on(side)], :2]
    return float(np.maximum(np.hypot(*(a - b)), 1.0))


def _scaled(frame: Picture, box: Box, mirrored: bool) -> Picture:
    """The frame as large as its box, as a new array."""
    smaller = box[2] < frame.shape[1]
    kind = cv2.INTER_AREA if smaller and box[2] * 2 <= frame.shape[1] else cv2.INTER_LINEAR
    picture = cv2.resize(frame, (box[2], box[3]), interpolation=kind)
    return np.asarray(cv2.flip(picture, 1) if mirrored else picture, np.uint8)


def _notice(canvas: Picture, box: Box, text: str) -> None:
    """What is wrong with the source, at the top of a box."""
    if text:
        x, y, w, h = box
        plate = _plate(text, w, max(10, h // 16))
        lay(canvas, plate, (x + (w - plate.size[0]) / 2, y + h / 40))


@lru_cache(maxsize=4)
def _plate(text: str, width: int, largest: int) -> Sprite:
    """A warning with its sign, no wider than that."""
    room = round(0.9 * width - 3.4 * largest)
    size = pen.filling((text,), (room, 3 * largest), largest, True)
    lines = pen.lines_of(text, size, room, True)
    wide = max(words.width_of(line, size) for line in lines)
    image = words.plate(wide + 3.4 * size, words.LINE * size * (len(lines) + 0.6), 0.5 * size)
    words.sign(image, "warning", (1.3 * size, image.height / 2), 0.8 * size)
    for i, line in enumerate(lines):
        words.write(image, (2.6 * size, words.LINE * size * (i + 0.8)), line, size)
    return words.sprite(image)


def _summary(canvas: Picture, box: Box, texts: tuple[str, ...]) -> None:
    """The lines of a summary, the first one stressed, as large as the box allows."""
    x, y, w, h = box
    gaps = PARTED * (len(texts) - 1)
    largest = max(8, round(0.9 * h / (FEWEST_LINES * words.LINE + gaps)))
    room = round(0.9 * w), round(0.9 * h - gaps * largest)
    size = pen.filling(texts, room, largest, False)
    top = y + h / 20 + words.LINE * size / 2
    for i, text in enumerate(texts):
        style = pen.Letters(size, INK if i else MARK, bold=not i)
        for line in pen.lines_of(text, size, room[0]):
            pen.put(canvas, (x + w / 20, top), line, style, within=room[0])
            top += words.LINE * size
        top += PARTED * size


def _keys(canvas: Picture, box: Box, state: LiveState) -> None:
    """What the keys do, and at the right what is unusual."""
    pen.clear(canvas, box)
    x, y, w, h = box
    unusual = [
        *(["sound off"] if state.muted else []),
        *(["mirrored"] if state.mirrored else []),
        *([f"{state.dropped} pictures dropped"] if state.dropped else []),
    ]
    told = "   ".join(unusual)
    bright, plain = pen.Letters(0.6 * h, MARK), pen.Letters(0.6 * h, MUTED, bold=False)
    taken = pen.put(canvas, (x + w - h / 2, y + h / 2), told, bright, "right", w / 3)
    keys = "    ".join(f"[{key}] {does}" for key, does in (*state.keys, WHOLE))
    room = w - taken - 1.5 * h
    pen.put(canvas, (x + h / 2, y + h / 2), keys, plain, within=room)
