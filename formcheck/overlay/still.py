"""The one picture of a finding: the body at that very moment, and the angle that matters."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from formcheck.curves import Curves
from formcheck.look import Look
from formcheck.overlay.body import Body, Stress
from formcheck.overlay.draw import MAIN
from formcheck.overlay.paint import Picture
from formcheck.pose import Array, PoseTrack
from formcheck.setting import Setting

SIZE = (480, 360)
"""Pixels at most: what a card of the report shows on a phone, at its resolution or a bit less."""
SMALL = (240, 180)
"""The same of a row in a table of clips."""
MARGIN = 1.35
"""The part of the picture shown, over the body's own box."""
QUALITIES = (82, 70, 55, 40)
"""Of the JPEG; the first that keeps it under LARGEST."""
LARGEST, SMALLEST = 60_000, 15_000
"""Bytes at most of a still, and of one for a row."""


@dataclass(frozen=True)
class _Cut:
    """The part of a picture that a still shows, all of it within the picture."""

    corner: Array
    """(2,) whole pixels of the picture."""
    size: tuple[int, int]
    """Its width and height in the picture."""
    scale: float
    """Pixels of the still for one of the picture."""
    most: tuple[int, int]
    """What the still may measure at most."""

    @property
    def still(self) -> tuple[int, int]:
        """Width and height of the still."""
        w, h = (max(1, round(n * self.scale)) for n in self.size)
        return w, h

    def of(self, rgb: Picture) -> Picture:
        """That part, as large as the still."""
        (x, y), (w, h) = self.corner.astype(int).tolist(), self.size
        kind = cv2.INTER_AREA if self.scale < 1 else cv2.INTER_CUBIC
        part = cv2.resize(rgb[y : y + h, x : x + w], self.still, interpolation=kind)
        return np.ascontiguousarray(part, np.uint8)


def still(
    rgb: Picture,
    track: PoseTrack,
    setting: Setting,
    curves: Curves,
    i: int,
    stress: Stress,
    look: Look,
) -> bytes:
    """Frame `i` around the body as JPEG, 4:3 where the picture is large enough for that, with the
    stressed angle where the curves hold it."""
    cut = _around(track.points[i, :, :2], track.size, SIZE)
    picture = cut.of(rgb)
    body = _body(cut, track, setting, i, look)
    body.draw(picture, 0, stress)
    values = {name: float(v[i]) for name, v in curves.values.items()}
    body.draw_angles(picture, 0, values, stress=stress, alone=True)
    return _jpeg(picture, LARGEST)


def thumbnail(rgb: Picture, track: PoseTrack, setting: Setting, i: int, look: Look) -> bytes:
    """Frame `i` around the body as a small JPEG, its segments drawn."""
    cut = _around(track.points[i, :, :2], track.size, SMALL)
    picture = cut.of(rgb)
    _body(cut, track, setting, i, look).draw(picture, 0)
    return _jpeg(picture, SMALLEST)


def _body(cut: _Cut, track: PoseTrack, setting: Setting, i: int, look: Look) -> Body:
    """The body of frame `i` where it is in the part that is cut out."""
    points = track.points[i : i + 1].copy()
    points[..., :2] = (points[..., :2] - cut.corner) * cut.scale
    one = PoseTrack(track.t_s[i : i + 1], points, track.visibility[i : i + 1], cut.still)
    near = setting.model_copy(update={"size": cut.still, "thigh_px": setting.thigh_px * cut.scale})
    return Body(look, near, one, min(cut.most) / MAIN, ())


def _around(points: Array, size: tuple[int, int], most: tuple[int, int]) -> _Cut:
    """The body with a margin, at 4:3; where the picture is narrower or lower than that, as much as
    it has, for black bands would only make the body smaller. The whole picture where nobody was
    seen."""
    seen = np.clip(points[np.isfinite(points).all(axis=1)], 0, size)
    low, high = (
        (seen.min(axis=0), seen.max(axis=0)) if len(seen) else (np.zeros(2), np.array(size, float))
    )
    wanted = MARGIN * (high - low)
    wide = max(float(wanted[0]), float(wanted[1]) * most[0] / most[1], most[0] / 3)
    box = np.minimum(np.round([wide, wide * most[1] / most[0]]), size)
    corner = np.clip(np.round((low + high - box) / 2), 0, np.array(size) - box)
    w, h = box.astype(int).tolist()
    return _Cut(corner, (w, h), min(most[0] / w, most[1] / h), most)


def _jpeg(picture: Picture, largest: int) -> bytes:
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    for quality in QUALITIES:
        _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if len(data) <= largest:
            break
    return bytes(data)
