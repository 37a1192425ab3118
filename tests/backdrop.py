"""Pictures of a wall before a camera that moves as it is told to."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

SIZE = (640, 360)


@lru_cache
def wall() -> np.ndarray:
    """A large wall with something on it, softly drawn."""
    rng = np.random.default_rng(5)
    coarse = rng.integers(40, 215, (60, 90, 3), np.uint8)
    return cv2.resize(coarse, (1080, 720), interpolation=cv2.INTER_CUBIC)


def seen(wall: np.ndarray, moved: np.ndarray, body: np.ndarray | None = None) -> np.ndarray:
    """The picture (360, 640, 3) after the background was turned by `moved[2]` round the top left
    corner, clockwise, and shifted by `moved[:2]` pixels."""
    cos, sin = np.cos(moved[2]), np.sin(moved[2])
    turn = np.array([[cos, -sin], [sin, cos]])
    shift = turn @ [-200, -150] + moved[:2]
    picture = cv2.warpAffine(
        wall, np.float32(np.column_stack([turn, shift])), SIZE, flags=cv2.INTER_LINEAR
    )
    if body is not None:
        (x0, y0), (x1, y1) = body.min(axis=0).astype(int), body.max(axis=0).astype(int)
        rng = np.random.default_rng(1)
        box = picture[max(y0, 0) : y1, max(x0, 0) : x1]
        box[:] = rng.integers(0, 255, box.shape, np.uint8)
    return picture
