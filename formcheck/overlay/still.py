"""The one picture of a finding: the body at that very moment, and the angle that matters."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from formcheck.curves import Curves
from formcheck.look import Look
from formcheck.overlay.body import Body, Stress
from formcheck.overlay.draw import MAIN
from formcheck.overlay.paint import DARK, Picture
from formcheck.pose import Array, PoseTrack
from formcheck.setting import Setting

SIZE = (480, 360)
"""Pixels: what a card of the report shows on a phone, in its resolution or a little less."""
MARGIN = 1.35
"""The part of the picture shown, over the body's own box."""
QUALITIES = (82, 70, 55, 40)
"""Of the JPEG; the first that keeps it under LARGEST."""
LARGEST = 60_000


@dataclass(frozen=True)
class _Cut:
    """The part of a picture that a still shows."""

    corner: Array
    """(2,) pixels of the picture; negative where the still reaches beyond it."""
    scale: float
    """Pixels of the still for one of the picture."""

    def of(self, rgb: Picture) -> Picture:
        """That part; what lies outside the picture is dark."""
        inside, (w, h) = np.ones(2) / self.scale, SIZE
        wide, tall = np.round(inside * [w, h]).astype(int).tolist()
        x, y = np.round(self.corner).astype(int).tolist()
        left, top = max(0, -x), max(0, -y)
        part = rgb[max(0, y) : max(0, y + tall), max(0, x) : max(0, x + wide)]
        below, right = max(0, tall - top - part.shape[0]), max(0, wide - left - part.shape[1])
        whole = cv2.copyMakeBorder(
            part, top, below, left, right, cv2.BORDER_CONSTANT, value=(*DARK, 0)
        )
        kind = cv2.INTER_AREA if self.scale < 1 else cv2.INTER_CUBIC
        return np.ascontiguousarray(cv2.resize(whole, SIZE, interpolation=kind))


def still(
    rgb: Picture,
    track: PoseTrack,
    setting: Setting,
    curves: Curves,
    i: int,
    stress: Stress,
    look: Look,
) -> bytes:
    """Frame `i` around the body as JPEG, 4:3, with the stressed angle where the curves hold it."""
    cut = _around(track.points[i, :, :2], track.size)
    picture = cut.of(rgb)
    points = track.points[i : i + 1].copy()
    points[..., :2] = (points[..., :2] - cut.corner) * cut.scale
    one = PoseTrack(track.t_s[i : i + 1], points, track.visibility[i : i + 1], SIZE)
    near = setting.model_copy(update={"size": SIZE, "thigh_px": setting.thigh_px * cut.scale})
    body = Body(look, near, one, min(SIZE) / MAIN, ())
    body.draw(picture, 0, stress)
    values = {name: float(v[i]) for name, v in curves.values.items()}
    body.draw_angles(picture, 0, values, stress=stress, alone=True)
    return _jpeg(picture)


def _around(points: Array, size: tuple[int, int]) -> _Cut:
    """The body with a margin, at 4:3, within the picture where that is large enough; the whole
    picture where nobody was seen."""
    seen = np.clip(points[np.isfinite(points).all(axis=1)], 0, size)
    least, most = (
        (seen.min(axis=0), seen.max(axis=0)) if len(seen) else (np.zeros(2), np.array(size, float))
    )
    wanted = MARGIN * (most - least)
    wide = max(float(wanted[0]), float(wanted[1]) * SIZE[0] / SIZE[1], SIZE[0] / 3)
    box = np.array([wide, wide * SIZE[1] / SIZE[0]])
    corner = (least + most - box) / 2
    room = np.array(size) - box
    # shifted into the picture; where the picture is smaller, the rest is shared to both sides
    return _Cut(np.where(room >= 0, np.clip(corner, 0, np.maximum(room, 0)), room / 2),
                SIZE[0] / wide)  # fmt: skip


def _jpeg(picture: Picture) -> bytes:
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    for quality in QUALITIES:
        _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if len(data) <= LARGEST:
            break
    return bytes(data)
