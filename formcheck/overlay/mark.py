"""A small mark over the head of the one who is measured, where others are in the picture."""

from __future__ import annotations

import numpy as np

from formcheck.overlay import paint
from formcheck.overlay.paint import DARK, DOT, Picture
from formcheck.pose import Array, Landmark, PoseTrack
from formcheck.setting import Setting

OVER = 0.45
"""How far over the head's middle it points, in thigh lengths: just over the hair."""
SIZE = 0.16
"""Half its width in thigh lengths."""
CALM_S = 0.3
"""It follows the median of so many seconds: it should not dance with every landmark."""


class Mark:
    """A triangle that points down at a head; nothing where the head was not seen."""

    def __init__(self, track: PoseTrack, setting: Setting) -> None:
        self._half = max(SIZE * setting.thigh_px, 5.0)
        self._tips = _calm(track, _heads(track)) - [0.0, OVER * setting.thigh_px]

    def draw(self, picture: Picture, i: int) -> None:
        """Over the head of frame `i`; held within the picture."""
        tip = self._tips[i]
        if not np.isfinite(tip).all():
            return
        half = self._half
        tip = np.maximum(tip, [half, 1.5 * half])
        corners = tip + half * np.array([[0.0, 0.0], [-1.0, -1.2], [1.0, -1.2]])
        rim = tip + half * np.array([[0.0, 0.45], [-1.5, -1.5], [1.5, -1.5]])
        paint.tint(picture, rim, DARK, 0.75)
        paint.tint(picture, corners, DOT, 1.0)


def _heads(track: PoseTrack) -> Array:
    """(T, 2) the middle of what is seen of nose and ears; NaN where nothing is."""
    parts = track.points[:, [Landmark.NOSE, Landmark.LEFT_EAR, Landmark.RIGHT_EAR], :2]
    seen = np.isfinite(parts)
    total = np.where(seen, parts, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray(total / seen.sum(axis=1))


def _calm(track: PoseTrack, heads: Array) -> Array:
    """The running median of (T, 2), of what is seen; NaN stays."""
    result = np.full_like(heads, np.nan)
    for i in np.flatnonzero(np.isfinite(heads[:, 0])):
        first, last = np.searchsorted(
            track.t_s, [track.t_s[i] - CALM_S / 2, track.t_s[i] + CALM_S / 2]
        )
        near = heads[first : last + 1]
        result[i] = np.median(near[np.isfinite(near[:, 0])], axis=0)
    return result
