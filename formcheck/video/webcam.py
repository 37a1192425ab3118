"""A camera of this machine: which there are, why one gives no picture, and its pictures."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from formcheck.errors import MissingPartError
from formcheck.video.sources import CaptureClock, Clock, LostError, Shot

DEVICES = Path("/dev")
TRIES = 10
"""Pictures that may fail before a camera counts as lost: some drivers skip a few as they start."""
WIDTH, HEIGHT, FPS = 1280, 720, 60
"""What a camera is asked for; it gives what it can."""


def listed() -> list[int] | None:
    """The numbers of the cameras that the system names, unopened; None where it names none."""
    if sys.platform != "linux":
        return None
    names = (p.name.removeprefix("video") for p in DEVICES.glob("video[0-9]*"))
    return sorted(int(n) for n in names if n.isdigit())


class Webcam:
    """A camera by its number, 0 the first."""

    live = True

    def __init__(
        self,
        index: int,
        clock: Clock = time.monotonic,
        make: Callable[[int], Any] | None = None,
    ) -> None:
        """make: opens a device, cv2.VideoCapture's way."""
        self.index, self.name = index, f"camera {index}"
        self._clock, self._make = clock, make or _capture
        self._times = CaptureClock()
        self._device: Any = None

    def open(self) -> None:
        """Raises MissingPartError: which camera, and what to do."""
        self.close()
        self._device = self._make(self.index)
        for wanted, value in (
            (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),  # raw 720p comes at 10 a second
            (cv2.CAP_PROP_FRAME_WIDTH, WIDTH),
            (cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT),
            (cv2.CAP_PROP_FPS, FPS),
            (cv2.CAP_PROP_BUFFERSIZE, 1),
        ):
            self._device.set(wanted, value)
        if not self._device.isOpened() or not self._grabbed():
            self.close()
            raise MissingPartError(why_none(self.index))

    def read(self) -> Shot | None:
        """Raises LostError where nothing comes any more."""
        if self._device is None or not self._grabbed():
            raise LostError(
                f"Camera {self.index} is lost. Plug it in again; what was recorded is kept."
            )
        arrived = self._clock()
        came, bgr = self._device.retrieve()
        if not came or bgr is None:
            raise LostError(f"Camera {self.index} gives no picture any more.")
        device = self._device.get(cv2.CAP_PROP_POS_MSEC) / 1000
        rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
        told = device if device > 0 else math.nan
        return Shot(self._times.at(arrived, told), rgb, arrived)

    def close(self) -> None:
        """Let other programs have it."""
        if self._device is not None:
            self._device.release()
        self._device = None

    def _grabbed(self) -> bool:
        return any(self._device.grab() for _ in range(TRIES))


def _capture(index: int) -> Any:  # noqa: ANN401 - OpenCV's own
    cv2.utils.logging.setLogLevel(0)  # it would tell developers what `why_none` tells people
    return cv2.VideoCapture(index)


def why_none(index: int) -> str:
    """Which camera gives no picture, why as far as the system tells, and what to do."""
    there = listed()
    if there is not None and index not in there:
        found = ", ".join(map(str, there))
        have = f"There are: {found}; choose with --source." if there else "None is plugged in."
        return (
            f"There is no camera {index}. {have} Or give a film (--source FILE) or a phone's "
            "stream (--source URL)."
        )
    device = DEVICES / f"video{index}"
    if there is not None and not os.access(device, os.R_OK | os.W_OK):
        return (
            f"Camera {index} may not be used by you ({device}). Allow it with "
            "`sudo usermod -aG video $USER`, and log in again."
        )
    return f"Camera {index} gives no picture. {_BUSY}{_ALLOW.get(sys.platform, '')}"


_BUSY = "If another program uses it, close that; else unplug the camera and plug it in again."
_ALLOW = {
    "darwin": " Allow your terminal the camera: System Settings, Privacy & Security, Camera.",
    "win32": " Allow desktop apps the camera: Settings, Privacy & security, Camera.",
}
"""Where a system asks its user first."""
