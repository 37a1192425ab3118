"""The camera's own motion, from the background: never from the landmarks.

Corners of the background are sought in one picture and found again in later ones; the median of
their shifts is the camera's. They are compared with where they first were, not with the picture
before, so that errors do not add up: a hand that comes back reads zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.pose import Array, Flags

Picture = NDArray[np.uint8]
WIDE = 320
"""Pixels of the longer side of the pictures that are compared (design.md 4: 2 to 3 ms)."""
CORNERS, QUALITY, APART = 120, 0.01, 6
"""How many corners at most, how strong, how many pixels apart (design.md 4)."""
LEAST = 8
"""Fewer corners than these tell nothing [O]."""
STEP_S = 0.08
"""Seconds between two looks at the background, at least: hands sway below 3 Hz, and straight lines
between ten looks a second follow that to a few hundredths of its swing."""
GROWN = 0.15
"""By how much a body's box is grown, in its longer side: limbs reach over their joints [O]."""
AGREE_PX = 1.0
"""Pixels of the small picture within which a corner moves with the others [O]."""
KEPT = 0.5
"""Under this share of the corners of their start, new ones are sought [O]."""
FAR = 0.15
"""So is after a shift by this share of the picture: what was in the middle nears its edge [O]."""
STILL = 0.002
"""A camera that never moved by more than this share of the picture's height stood still: noise of
the flow would only be added to the landmarks'. A fifth of G9's figure for a second [O]."""
_FLOW: dict[str, Any] = {"winSize": (15, 15), "maxLevel": 2}


class Background:
    """Follows the background from picture to picture, in the order in which they are pushed."""

    def __init__(self) -> None:
        self._t: list[float] = []
        self._shift: list[Array] = []
        self._scale = 1.0
        self._key: Picture | None = None
        self._corners: NDArray[Any] = np.zeros((0, 1, 2), np.float32)
        self._many = 0
        self._at = np.zeros(2)  # of the key picture, small pixels
        self._last = np.zeros(2)  # since the key picture
        self.told = True
        """Whether there was background enough all along."""

    def push(self, t: float, rgb: Picture, bodies: Sequence[Array]) -> None:
        """Take the picture at `t` seconds, (H, W, 3); most are passed over.

        bodies: (n, 2) or (n, 3) pixels of each body in it, NaN where not seen.
        """
        if self._t and abs(t - self._t[-1]) < STEP_S:
            return
        height, width = rgb.shape[:2]
        self._scale = min(1.0, WIDE / max(width, height))
        grey = _small(rgb, self._scale)
        free = _outside(grey.shape, [b[:, :2] * self._scale for b in bodies])
        if self._key is not None:
            self._follow(grey, free)
        self._t.append(t)
        self._shift.append((self._at + self._last) / self._scale)
        worn = len(self._corners) < max(LEAST, KEPT * self._many)
        if self._key is None or worn or np.abs(self._last).max() > FAR * WIDE:
            self._begin(grey, free)

    def path(self, t_s: Array) -> Array:
        """(T, 2) pixels by which the background stands off its place in the first picture pushed,
        straight between looks and for a step beyond the last one."""
        order = np.argsort(self._t)
        t, shift = np.array(self._t)[order], np.array(self._shift).reshape(-1, 2)[order]
        if not len(t):
            return np.zeros((len(t_s), 2))
        if len(t) > 1:  # the film seldom ends at a look
            for end, of in ((0, 1), (-1, -2)):
                ahead = STEP_S * np.sign(t[end] - t[of])
                on = shift[end] + (shift[end] - shift[of]) * ahead / (t[end] - t[of])
                place = 0 if end == 0 else len(t)
                t, shift = np.insert(t, place, t[end] + ahead), np.insert(shift, place, on, axis=0)
        return np.stack([np.interp(t_s, t, shift[:, axis]) for axis in (0, 1)], 1)

    def _begin(self, grey: Picture, free: Picture) -> None:
        found = cv2.goodFeaturesToTrack(grey, CORNERS, QUALITY, APART, mask=free)
        self._corners = np.zeros((0, 1, 2), np.float32) if found is None else np.asarray(found)
        self._many = len(self._corners)
        self.told &= self._many >= LEAST
        self._key, self._at, self._last = grey, self._at + self._last, np.zeros(2)

    def _follow(self, grey: Picture, free: Picture) -> None:
        """The shift since the key picture; the last one where too few corners tell."""
        if len(self._corners) < LEAST or self._key is None:
            return
        guess = self._corners + np.float32(self._last)
        flags = cv2.OPTFLOW_USE_INITIAL_FLOW
        new, found, _ = cv2.calcOpticalFlowPyrLK(
            self._key, grey, self._corners, guess.copy(), flags=flags, **_FLOW
        )
        shift = (new - self._corners)[:, 0].astype(float)
        seen = (found[:, 0] > 0) & _on(free, new[:, 0])
        if seen.sum() < LEAST:
            self._corners = self._corners[:0]
            return
        middle = np.median(shift[seen], axis=0)
        agree = seen & (np.abs(shift - middle).max(axis=1) <= AGREE_PX + 0.1 * np.abs(middle).max())
        if agree.sum() >= LEAST:
            self._last = np.median(shift[agree], axis=0)
        self._corners = self._corners[agree | ~seen]


def moved(path: Array, height: int) -> Array | None:
    """(T, 2) pixels of the camera; None where it stood still. height: of the picture."""
    swing = np.ptp(path, axis=0).max() if len(path) else 0.0
    return path if swing > STILL * height else None


def _small(rgb: Picture, scale: float) -> Picture:
    size = [max(1, round(n * scale)) for n in rgb.shape[1::-1]]
    less = rgb if scale == 1 else cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(less, cv2.COLOR_RGB2GRAY), np.uint8)


def _outside(shape: tuple[int, ...], bodies: Sequence[Array]) -> Picture:
    """255 where the background is."""
    free = np.full(shape, 255, np.uint8)
    for body in bodies:
        seen = body[np.isfinite(body).all(axis=1)]
        if len(seen):
            low, high = seen.min(axis=0), seen.max(axis=0)
            more = GROWN * float((high - low).max())
            x0, y0 = np.maximum(low - more, 0).astype(int)
            x1, y1 = np.maximum(high + more, 0).astype(int)
            free[y0:y1, x0:x1] = 0
    return free


def _on(free: Picture, points: NDArray[np.float32]) -> Flags:
    """(n,) which points lie on the background, within the picture."""
    height, width = free.shape
    x, y = np.round(points).astype(int).T
    inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    on: Flags = inside & (free[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)] > 0)
    return on
