"""A camera that is somewhere else: its pictures are handed over as JPEGs, with its own times."""

from __future__ import annotations

import io
import math
import queue
import time
from dataclasses import dataclass, field

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from formcheck.errors import InputError
from formcheck.video.film import Picture
from formcheck.video.sources import Clock, Shot

WAITING = 8
"""Pictures that wait at most; the oldest give way."""
SIDE_PX, SMALLEST_PX = 2560, 64
"""The longest side of a picture that is taken, and the shortest: it is asked for in 1280 x 720."""


@dataclass
class Sent:
    """A source that is filled by `hand_over`, until `end`."""

    name: str = "camera"
    live: bool = True
    clock: Clock = time.monotonic
    _waiting: queue.Queue[tuple[float, bytes, float] | None] = field(
        default_factory=lambda: queue.Queue(WAITING)
    )
    _last: float = -math.inf

    def hand_over(self, t: float, jpeg: bytes) -> None:
        """Take a picture of t seconds by its camera's clock; never blocks.

        Raises InputError where it is no JPEG that can be looked at, or time does not go on.
        """
        if not (math.isfinite(t) and t > self._last):
            raise InputError(f"A picture of {t} s came after one of {self._last} s.")
        check(jpeg)
        self._last = t
        self._put((t, jpeg, self.clock()))

    def end(self) -> None:
        """Nothing more comes."""
        self._put(None)

    def open(self) -> None:
        """It is there already."""

    def read(self) -> Shot | None:
        """The next picture, once there is one."""
        while (taken := self._waiting.get()) is not None:
            t, jpeg, arrived = taken
            rgb = decoded(jpeg)
            if rgb is not None:
                return Shot(t, rgb, arrived)
        return None

    def close(self) -> None:
        """Nothing to let go of."""

    def _put(self, item: tuple[float, bytes, float] | None) -> None:
        while True:
            try:
                self._waiting.put_nowait(item)
            except queue.Full:
                self._waiting.get_nowait()
            else:
                return


def check(jpeg: bytes) -> None:
    """Look at a picture's head alone: a small file may claim any size. Raises InputError."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
            width, height = image.size
    except Image.DecompressionBombError as error:
        raise InputError(f"A picture came that is far too large ({error}).") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise InputError("This is no JPEG. Expected a picture of the camera as JPEG.") from error
    if not SMALLEST_PX <= min(width, height) <= max(width, height) <= SIDE_PX:
        raise InputError(
            f"A picture of {width} x {height} came, expected sides from {SMALLEST_PX} to {SIDE_PX}."
        )


def decoded(jpeg: bytes) -> Picture | None:
    """The picture (H, W, 3) RGB; None where it is damaged."""
    try:
        found = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error:
        return None
    return None if found is None else np.asarray(found, np.uint8)
