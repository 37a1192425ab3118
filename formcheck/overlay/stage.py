"""How a picture that stands still is set off from the film around it."""

from __future__ import annotations

import cv2
import numpy as np

from formcheck.overlay.paint import Picture
from formcheck.pose import Array, Joint
from formcheck.words import Colour

DIM = 0.45
"""How bright the surroundings of the body stay."""
_BRIGHT = (255 * DIM + (1 - DIM) * np.arange(256, dtype=np.float32)).astype(np.uint8)
"""How bright a picture stays where so much light falls."""
GRAIN = 8
"""The light is drawn this much smaller: it is soft anyway."""
SIDES = ("left", "right")
BONES = (
    (Joint.FOOT_INDEX, Joint.ANKLE),
    (Joint.ANKLE, Joint.KNEE),
    (Joint.KNEE, Joint.HIP),
    (Joint.HIP, Joint.SHOULDER),
    (Joint.SHOULDER, Joint.EAR),
    (Joint.SHOULDER, Joint.ELBOW),
    (Joint.ELBOW, Joint.WRIST),
)


def spotlit(picture: Picture, points: Array, thigh_px: float) -> None:
    """Darken everything but the body. points: (33, 2) pixels, NaN where not seen."""
    height, width = picture.shape[:2]
    light = np.zeros((max(1, height // GRAIN), max(1, width // GRAIN)), np.uint8)
    thick = max(1, round(0.9 * thigh_px / GRAIN))
    for a, b in ((p.on(s), q.on(s)) for p, q in BONES for s in SIDES):
        ends = np.clip(points[[a, b]] / GRAIN, -1e4, 1e4)
        if np.isfinite(ends).all():
            (x0, y0), (x1, y1) = ends.round().astype(int).tolist()
            cv2.line(light, (x0, y0), (x1, y1), 255, thick)
    light = cv2.GaussianBlur(light, (0, 0), max(0.4 * thick, 0.5))
    light = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR)
    share = cv2.LUT(light, _BRIGHT)
    cv2.multiply(picture, cv2.merge([share] * 3), dst=picture, scale=1 / 255)


def framed(picture: Picture, colour: Colour) -> None:
    """A border in a finding's colour, so that a freeze is not taken for a fault of the player."""
    height, width = picture.shape[:2]
    wide = max(2, round(min(height, width) / 90))
    for edge in (np.s_[:wide], np.s_[-wide:], np.s_[:, :wide], np.s_[:, -wide:]):
        picture[edge] = colour
