"""The camera's own motion, from the background: never from the landmarks.

Corners of the background are sought in one picture and found again in later ones; the shift and the
turn that most of them agree on are the camera's. They are compared with where they first were, not
with the picture before, so that errors do not add up: a hand that comes back reads zero.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.pose import Array, Flags, turned

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
"""Pixels of the small picture within which a corner moves with the others, and a tenth of the
shift: what stands nearer moves more [O]."""
KEPT = 0.5
"""Under this share of the corners of their start, new ones are sought [O]."""
FAR = 0.15
"""So is after a shift by this share of the picture: what was in the middle nears its edge [O]."""
STILL = 0.002
"""A camera that never moved by more than this share of the picture's height stood still: noise of
the flow would only be added to the landmarks'. A fifth of G9's figure for a second [O]."""
_FLOW: dict[str, Any] = {"winSize": (15, 15), "maxLevel": 2}


def one_thread_each() -> None:
    """Let OpenCV work on the thread that asks it, here and wherever pictures are drawn: those that
    ask are several and bound to cores, and helpers would be in their way, on the core of whoever
    asked first."""
    cv2.setNumThreads(1)


class Background:
    """Follows the background from picture to picture, in the order in which they are pushed."""

    def __init__(self, step_s: float = STEP_S) -> None:
        """step_s: seconds between two looks, at least."""
        self._step_s = step_s
        self._t, self._path = array("d"), array("d")  # three numbers of each look
        self._scale = 1.0
        self._key: Picture | None = None
        self._corners: NDArray[Any] = np.zeros((0, 1, 2), np.float32)
        self._many = 0
        self._at = np.zeros(3)  # of the key picture: small pixels, and the turn
        self._last = np.zeros(3)  # since the key picture
        self.told = True
        """Whether there was background enough all along."""

    def push(self, t: float, rgb: Picture, bodies: Sequence[Array]) -> None:
        """Take the picture at `t` seconds, (H, W, 3); most are passed over.

        bodies: (n, 2) or (n, 3) pixels of each body in it, NaN where not seen.
        """
        if self._t and abs(t - self._t[-1]) < self._step_s:
            return
        height, width = rgb.shape[:2]
        self._scale = min(1.0, WIDE / max(width, height))
        grey = _small(rgb, self._scale)
        free = _outside(grey.shape, [b[:, :2] * self._scale for b in bodies])
        if self._key is not None:
            self._follow(grey, free)
        self._t.append(t)
        self._path.extend(_after(self._at, self._last) / [self._scale, self._scale, 1.0])
        worn = len(self._corners) < max(LEAST, KEPT * self._many)
        if self._key is None or worn or np.abs(self._last[:2]).max() > FAR * WIDE:
            self._begin(grey, free)

    def rest(self) -> None:
        """Let go of the pictures: nothing more comes, and `path` needs none of them."""
        self._key, self._corners = None, self._corners[:0]

    @property
    def latest(self) -> Array:
        """(3,) the same as `path` at the last look; nothing before the first."""
        return np.array(self._path[-3:]) if self._path else np.zeros(3)

    def forget(self) -> None:
        """Keep the last look only, of which `path` then tells: what goes on for hours is not to
        grow."""
        del self._t[:-1], self._path[:-3]

    def path(self, t_s: Array) -> Array:
        """(T, 3) how the background of the first picture pushed lies in each, as PoseTrack.camera;
        straight between looks and for a step beyond the last one."""
        order = np.argsort(self._t)
        t, path = np.array(self._t)[order], np.array(self._path).reshape(-1, 3)[order]
        if not len(t):
            return np.zeros((len(t_s), 3))
        if len(t) > 1:  # the film seldom ends at a look
            for end, of in ((0, 1), (-1, -2)):
                ahead = STEP_S * np.sign(t[end] - t[of])
                on = path[end] + (path[end] - path[of]) * ahead / (t[end] - t[of])
                place = 0 if end == 0 else len(t)
                t, path = np.insert(t, place, t[end] + ahead), np.insert(path, place, on, axis=0)
        return np.stack([np.interp(t_s, t, column) for column in path.T], 1)

    def _begin(self, grey: Picture, free: Picture) -> None:
        found = cv2.goodFeaturesToTrack(grey, CORNERS, QUALITY, APART, mask=free)
        self._corners = np.zeros((0, 1, 2), np.float32) if found is None else np.asarray(found)
        self._many = len(self._corners)
        self.told &= self._many >= LEAST
        self._key, self._at, self._last = grey, _after(self._at, self._last), np.zeros(3)

    def _follow(self, grey: Picture, free: Picture) -> None:
        """Shift and turn since the key picture; the last ones where too few corners tell."""
        if len(self._corners) < LEAST or self._key is None:
            return
        old = self._corners[:, 0].astype(float)
        guess = (turned(old, self._last[2]) + self._last[:2])[:, None].astype(np.float32)
        flags = cv2.OPTFLOW_USE_INITIAL_FLOW
        new, found, _ = cv2.calcOpticalFlowPyrLK(
            self._key, grey, self._corners, guess, flags=flags, **_FLOW
        )
        seen = (found[:, 0] > 0) & _on(free, new[:, 0])
        if seen.sum() < LEAST:
            self._corners = self._corners[:0]
            return
        agree = np.zeros(len(old), bool)
        agree[seen] = _agreeing(old[seen], new[seen, 0])
        if agree.sum() >= LEAST:
            self._last = _rigid(old[agree], new[agree, 0])
        self._corners = self._corners[agree | ~seen]


def _agreeing(old: NDArray[Any], new: NDArray[Any]) -> Flags:
    """(n,) which corners (n, 2) moved with most of the others."""
    middle = np.abs(np.median(new - old, axis=0)).max()
    within = AGREE_PX + 0.1 * float(middle)
    _, agree = cv2.estimateAffinePartial2D(old, new, ransacReprojThreshold=within)
    return np.zeros(len(old), bool) if agree is None else np.asarray(agree[:, 0] > 0)


def _rigid(old: NDArray[Any], new: NDArray[Any]) -> Array:
    """(3,) the shift of the top left corner, pixels, and the turn round it, radians, that bring the
    old places (n, 2) nearest to the new (Kabsch)."""
    from_old, from_new = old - old.mean(axis=0), new - new.mean(axis=0)
    x, y = from_old.T
    turn = float(
        np.arctan2((x * from_new[:, 1] - y * from_new[:, 0]).sum(), (from_old * from_new).sum())
    )
    shift = new.mean(axis=0) - turned(old.mean(axis=0), turn)
    return np.array([*shift, turn])


def _after(first: Array, then: Array) -> Array:
    """(3,) one motion after another."""
    return np.array([*(turned(first[:2], then[2]) + then[:2]), first[2] + then[2]])


def joined(pieces: Sequence[tuple[float, Background]], t_s: Array) -> Array:
    """(T, 3) the path through a clip of which each piece was followed by itself, from a moment
    before its beginning on. pieces: that second and what was followed, in the order of time."""
    path, start = np.zeros((len(t_s), 3)), np.zeros(3)
    ends = [*(begin for begin, _ in pieces[1:]), np.inf]
    for k, ((begin, background), end) in enumerate(zip(pieces, ends, strict=False)):
        if k:  # the way to its beginning, and from there back to its own first picture
            way = _after(start, pieces[k - 1][1].path(np.array([begin]))[0])
            start = _after(way, _undone(background.path(np.array([begin]))[0]))
        here = (t_s < end) & ((t_s >= begin) | (k == 0))
        path[here] = [_after(start, m) for m in background.path(t_s[here])] or np.zeros((0, 3))
    return path


def _undone(motion: Array) -> Array:
    """(3,) the motion that takes another one back."""
    return np.array([*turned(-motion[:2], -motion[2]), -motion[2]])


def since_first(path: Array) -> Array:
    """(T, 3) the same path as seen from its first picture."""
    turn = path[:, 2] - path[0, 2]
    shift = path[:, :2] - turned(np.broadcast_to(path[0, :2], (len(path), 2)), turn)
    return np.column_stack([shift, turn])


def moved(path: Array, height: int) -> Array | None:
    """The path (T, 3) of the camera; None where it stood still. height: of the picture."""
    swing = np.ptp(path * [1.0, 1.0, height], axis=0).max() if len(path) else 0.0
    return path if swing > STILL * height else None


def _small(rgb: Picture, scale: float) -> Picture:
    """In grey, and reduced: by halves while they are whole, which takes OpenCV a third of the
    time of one step."""
    size = [max(1, round(n * scale)) for n in rgb.shape[1::-1]]
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    sides = grey.shape[1::-1]
    while all(n % 2 == 0 and n >= 2 * least for n, least in zip(sides, size, strict=True)):
        sides = tuple(n // 2 for n in sides)
        grey = cv2.resize(grey, sides, interpolation=cv2.INTER_AREA)
    less = grey if scale == 1 else cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return np.asarray(less, np.uint8)


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
