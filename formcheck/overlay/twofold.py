"""Two sets in one picture: each body in its half, to one scale, and a curve of both beneath.

It decides nothing: which frames belong together, and every word, comes from the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np

from formcheck import words
from formcheck.look import Look
from formcheck.overlay.body import OUTLINE, Body
from formcheck.overlay.paint import Picture, curve, dot
from formcheck.pose import Array, Flags, PoseTrack
from formcheck.setting import Setting
from formcheck.words import Colour

HALF = (640, 500)
"""Width and height of the half of one set, pixels."""
HEAD, FOOT = 84, 136
"""Height of the words above and of the curve beneath."""
SIZE = (2 * HALF[0], HEAD + HALF[1] + FOOT)
GROUND: Colour = (24, 28, 33)
"""Where there is no picture."""
EDGE: Colour = (58, 65, 73)
Which = Literal["a", "b"]
COLOURS: Mapping[Which, Colour] = {"a": (125, 180, 245), "b": (240, 163, 107)}
"""Of each set: those that its curve has on the page."""
ROOM = 0.32
"""Around the joints, in thigh lengths: for head, hands and feet."""
RARE = 1.0
"""% of the frames at each end that may lie outside: a point that jumps makes the body no larger."""
LETTERS = 20.0


@dataclass(frozen=True)
class View:
    """How the picture of a clip lies in its half."""

    scale: float
    """Pixels of the half for one of the clip."""
    corner: tuple[float, float]
    """Of the half, in pixels of the scaled picture."""
    mirrored: bool
    width: int
    """Of the clip's picture."""

    def points(self, points: Array) -> Array:
        """(..., 3) pixels of the clip in the half."""
        placed = points.copy()
        if self.mirrored:
            placed[..., 0] = self.width - 1 - placed[..., 0]
        placed *= self.scale
        placed[..., :2] -= self.corner
        return placed

    def picture(self, rgb: Picture) -> Picture:
        """What the half shows of a frame, which may come smaller than the clip's; the ground where
        there is none."""
        scale = self.scale * self.width / rgb.shape[1]
        flip, shift = (-scale, scale * (rgb.shape[1] - 1)) if self.mirrored else (scale, 0.0)
        x, y = self.corner
        matrix = np.array([[flip, 0.0, shift - x], [0.0, scale, -y]])
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        placed = cv2.warpAffine(rgb, matrix, HALF, flags=how, borderValue=GROUND)
        return np.asarray(placed, np.uint8)


def views(tracks: Sequence[PoseTrack], settings: Sequence[Setting]) -> tuple[View, ...]:
    """Both bodies as large as both fit, to one length of the thigh, and facing one way: that of the
    first, where both were filmed from the side. tracks: the frames that are shown."""
    side_on = not any(s.from_front for s in settings)
    turned = [side_on and s.facing != settings[0].facing for s in settings]
    spans = [
        _span(track, one, flip) for track, one, flip in zip(tracks, settings, turned, strict=True)
    ]
    wide, tall = np.max(
        [(high - low) / s.thigh_px for (low, high), s in zip(spans, settings, strict=True)], axis=0
    )
    thigh = min(HALF[0] / wide, HALF[1] / tall)
    return tuple(
        View(thigh / s.thigh_px, _corner(thigh / s.thigh_px, span, track.size), flip, track.size[0])
        for track, s, span, flip in zip(tracks, settings, spans, turned, strict=True)
    )


def _span(track: PoseTrack, setting: Setting, mirrored: bool) -> tuple[Array, Array]:
    """The upper left and lower right corner of the near side over all frames, pixels."""
    joints = sorted({j.on(setting.side) for edge in OUTLINE for j in edge})
    points = track.points[:, joints, :2].reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        points = np.array([[0.0, 0.0], track.size])
    if mirrored:
        points = np.stack([track.size[0] - 1 - points[:, 0], points[:, 1]], axis=1)
    low, high = np.percentile(points, [RARE, 100 - RARE], axis=0)
    room = ROOM * setting.thigh_px
    return low - room, high + room


def _corner(scale: float, span: tuple[Array, Array], size: tuple[int, int]) -> tuple[float, float]:
    """Where a half begins in the scaled picture: around the body, inside the picture as far as that
    leaves the body in."""
    low, high = (scale * edge for edge in span)
    middle = (low + high) / 2 - np.array(HALF) / 2
    inside = np.clip(middle, 0, np.maximum(scale * np.array(size) - HALF, 0))
    x, y = np.clip(inside, high - HALF, low)
    return float(x), float(y)


@dataclass(frozen=True)
class Said:
    """What is written above one half."""

    state: str
    """Rep and phase."""
    angles: str
    pace: str


_EMPTY: Picture = np.full((HALF[1], HALF[0], 3), GROUND, np.uint8)


class Half:
    """One of the two sets."""

    def __init__(
        self, which: Which, track: PoseTrack, setting: Setting, look: Look, view: View
    ) -> None:
        """which: "a" or "b". track: of the whole clip."""
        self._view, self._colour, self._letter = view, COLOURS[which], which.upper()
        self.mirrored = view.mirrored
        facing = setting.facing
        if view.mirrored:
            facing = "left" if facing == "right" else "right"
        here = setting.model_copy(
            update={"thigh_px": view.scale * setting.thigh_px, "facing": facing, "size": HALF}
        )
        placed = replace(track, points=view.points(track.points), size=HALF, camera=None)
        self._body = Body(look, here, placed, LETTERS, ())

    def draw(
        self, onto: Picture, left: int, rgb: Picture | None, i: int, values: Mapping[str, float]
    ) -> None:
        """The body of frame `i` into a picture of SIZE, its half from `left` on.

        rgb: (H, W, 3) the frame; None: there is none to show. values: degrees by signal.
        """
        half = _EMPTY.copy() if rgb is None else self._view.picture(rgb)
        self._body.draw(half, i)
        self._body.draw_angles(half, i, values)
        onto[HEAD : HEAD + HALF[1], left : left + HALF[0]] = half

    def title(self, onto: Picture, left: int, name: str, said: Said) -> None:
        """The words above the half."""
        onto[:HEAD, left : left + HALF[0]] = _title(self._letter, self._colour, name, said)


@lru_cache(maxsize=64)
def _title(letter: str, colour: Colour, name: str, said: Said) -> Picture:
    """(HEAD, W, 3); the last ones are kept, since many frames say the same."""
    image = words.ground((HALF[0], HEAD), GROUND)
    wide = HALF[0] - 20
    words.write(image, (20, 28), letter, 30, colour)
    words.write(image, (wide, 28), said.angles, 22, anchor="rm")
    room = wide - 60 - words.width_of(said.angles, 22)
    words.write(image, (52, 28), words.cut(name, 18, room), 18, words.MUTED, bold=False)
    words.write(image, (20, 62), said.state, 20, words.MARK)
    words.write(image, (wide, 62), said.pace, 16, words.MUTED, bold=False, anchor="rm")
    return np.array(image.convert("RGB"), np.uint8)


class Courses:
    """The curves of both sets over the common clock, with the present."""

    LEFT, RIGHT, TOP, BOTTOM = 150, 24, 18, 14

    def __init__(
        self,
        at_s: Array,
        values: Mapping[Which, Array],
        marks: Sequence[float],
        title: str,
    ) -> None:
        """at_s: (n,) seconds of the common clock. values: (n,) of "a" and "b", bent is high.
        marks: the moments that are in step, seconds."""
        self._at, self._values, self._marks = at_s, values, marks
        seen = np.concatenate([v[np.isfinite(v)] for v in values.values()])
        self._low, self._high = (float(seen.min()), float(seen.max())) if len(seen) else (0.0, 1.0)
        self._plate = self._drawn(title)

    def draw(self, onto: Picture, i: int) -> None:
        """The strip beneath both halves at the i-th instant."""
        top = HEAD + HALF[1]
        onto[top:] = self._plate
        x = int(self._place(self._at[[i]], self._values["a"][[i]])[0, 0])
        cv2.line(onto, (x, top + 8), (x, SIZE[1] - 8), words.INK, 1)
        for which, values in self._values.items():
            at = self._place(self._at[[i]], values[[i]])[0] + [0, top]
            if np.isfinite(at).all():
                dot(onto, at, 5.5, COLOURS[which])

    def _drawn(self, title: str) -> Picture:
        image = words.ground((SIZE[0], FOOT), GROUND)
        words.write(image, (20, 34), title, 16, words.MUTED, bold=False)
        for row, which in enumerate(self._values):
            y = 66 + 30 * row
            words.write(image, (20, y), which.upper(), 20, COLOURS[which])
        plate = np.array(image.convert("RGB"), np.uint8)
        for t in self._marks:
            x = int(self._place(np.array([t]), np.array([self._low]))[0, 0])
            cv2.line(plate, (x, 8), (x, FOOT - 9), EDGE, 1)
        for row, (which, values) in enumerate(self._values.items()):
            y = 66 + 30 * row
            cv2.line(plate, (48, y), (110, y), COLOURS[which], 3, cv2.LINE_AA)
            for run in _runs(self._place(self._at, values)):
                curve(plate, run, COLOURS[which], 2)
        return plate

    def _place(self, at_s: Array, values: Array) -> Array:
        """(n, 2) pixels in the strip."""
        lasts = max(float(self._at[-1] - self._at[0]), 1e-3)
        wide = SIZE[0] - self.LEFT - self.RIGHT
        tall = FOOT - self.TOP - self.BOTTOM
        share = (self._high - values) / max(self._high - self._low, 1.0)
        return np.stack(
            [self.LEFT + wide * (at_s - self._at[0]) / lasts, self.TOP + tall * share], 1
        )


def _runs(line: Array) -> list[Array]:
    """The parts of a line that were seen, of two points or more."""
    seen: Flags = np.asarray(np.isfinite(line).all(axis=1))
    parts = np.split(np.arange(len(line)), np.flatnonzero(np.diff(seen)) + 1)
    return [line[part] for part in parts if len(part) > 1 and seen[part[0]]]


def blank() -> Picture:
    """A picture of SIZE with nothing on it."""
    return np.full((SIZE[1], SIZE[0], 3), GROUND, np.uint8)


def divided(picture: Picture) -> None:
    """The line between the two halves."""
    x = HALF[0]
    cv2.line(picture, (x, 12), (x, HEAD + HALF[1]), EDGE, 2)
    cv2.line(picture, (0, HEAD + HALF[1]), (SIZE[0], HEAD + HALF[1]), EDGE, 1)
