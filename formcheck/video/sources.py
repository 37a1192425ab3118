"""Where live pictures come from: a camera, a stream, or a film that is played as if it were one.

A source is opened, read until it ends or is lost, and may be opened again. Times are the capture's:
those of the device where it tells them, else when the picture arrived, always increasing.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import av
import numpy as np
from av.error import FFmpegError

from formcheck.errors import MissingPartError
from formcheck.video.film import Frame, Picture
from formcheck.video.opening import reason
from formcheck.video.reader import VideoFile

Clock = Callable[[], float]
"""Seconds that never run back."""
SLIP_S, BACK_S = 5.0, 0.5
"""A device's time that is off by more from the time of arrival, or runs back by more, has begun
anew [O]. What a stream had buffered comes in a burst, seconds before its time."""
LEAST_S = 1e-3
"""Between two pictures, so that times increase."""
TIMEOUT_S = 5.0
"""How long a stream may keep silent, when it is opened and later, before it is lost."""
UNTIMED = ("mpjpeg", "mjpeg", "image2", "jpeg_pipe")
"""Formats that carry no times: the demuxer makes them up."""


class LostError(MissingPartError):
    """A source gave pictures and gives none any more; it may come back."""


@dataclass(frozen=True)
class Shot(Frame):
    """One picture as it came in: `t` is in seconds of the capture, from about 0 on."""

    arrived: float = 0.0
    """When it arrived, on the clock."""


class Source(Protocol):
    """Gives pictures one after the other."""

    name: str
    """How it is called in messages and as a folder."""
    live: bool
    """Whether it goes on whether or not it is read, may be lost, and may come back."""

    def open(self) -> None:
        """Begin, or begin again after it was lost. Raises MissingPartError or InputError."""

    def read(self) -> Shot | None:
        """The next picture; None: there is no more. Raises LostError."""

    def close(self) -> None:
        """Let go of it; a second call does nothing."""


class CaptureClock:
    """Seconds since the first picture: the device's own where they can be believed."""

    def __init__(self) -> None:
        self._zero = self._ahead = self._device = math.nan
        self._last = -math.inf

    def at(self, arrived: float, device: float = math.nan) -> float:
        """The time of a picture that arrived at `arrived`; device: seconds by the device, NaN:
        it tells none. What the way to here takes is taken off only where it grows."""
        if math.isnan(self._zero):
            self._zero = arrived
        t = arrived - self._zero
        if math.isfinite(device):
            slipped = not abs(device + self._ahead - t) < SLIP_S  # so has the first one
            if slipped or device < self._device - BACK_S:
                self._ahead = t - device
            t, self._device = device + self._ahead, device
        self._last = max(t, self._last + LEAST_S)
        return self._last


class Stream:
    """An RTSP or HTTP camera, as phones and network cameras offer it."""

    live = True

    def __init__(self, url: str, clock: Clock = time.monotonic) -> None:
        self.name, self._url, self._clock = _without_secrets(url), url, clock
        self._times = CaptureClock()
        self._container: Any = None
        self._pictures: Iterator[Any] = iter(())
        self._timed = False

    def open(self) -> None:
        """Raises MissingPartError where nothing answers or there is no picture in it."""
        options = {"flags": "low_delay", "analyzeduration": "500000"}
        if self._url.lower().startswith("rtsp"):
            options["rtsp_transport"] = "tcp"  # over UDP a lost packet is a smeared body
        try:
            self._container = av.open(self._url, options=options, timeout=(TIMEOUT_S, TIMEOUT_S))
        except (OSError, FFmpegError, ValueError) as error:
            raise MissingPartError(self._no(f"it cannot be opened ({reason(error)})")) from error
        if not self._container.streams.video:
            self.close()
            raise MissingPartError(self._no("there is no picture in it"))
        picture = self._container.streams.video[0]
        picture.thread_type = "SLICE"  # threads for whole frames would each hold one back
        self._timed = self._container.format.name not in UNTIMED
        self._pictures = self._container.decode(picture)

    def read(self) -> Shot | None:
        """Raises LostError; a stream has no end of its own."""
        try:
            frame = next(self._pictures, None)
        except (OSError, FFmpegError) as error:
            raise LostError(self._no(f"it is lost ({reason(error)})")) from error
        if frame is None:
            raise LostError(self._no("it has ended"))
        arrived = self._clock()
        told = self._timed and frame.pts is not None
        device = float(frame.pts * frame.time_base) if told else math.nan
        rgb: Picture = np.ascontiguousarray(frame.to_ndarray(format="rgb24"))
        return Shot(self._times.at(arrived, device), rgb, arrived)

    def close(self) -> None:
        """End the connection."""
        if self._container is not None:
            self._container.close()
        self._container, self._pictures = None, iter(())

    def _no(self, came: str) -> str:
        return (
            f"{self.name}: {came}. Expected a stream with a picture, such as "
            "rtsp://ADDRESS/PATH or http://ADDRESS:8080/video. Is the camera on, in the same "
            "network, and the address the one that its app shows?"
        )


def _without_secrets(url: str) -> str:
    """The address without a user's name and password."""
    scheme, _, rest = url.partition("://")
    address, slash, path = rest.partition("/")
    return f"{scheme}://{address.rpartition('@')[2]}{slash}{path}"


class Played:
    """A film as a source: in real time, or as fast as it is read."""

    def __init__(
        self,
        path: Path,
        *,
        realtime: bool = True,
        clock: Clock = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Raises InputError where it is no film."""
        self.film = VideoFile(path)
        self.name, self.live = path.name, realtime
        self._clock, self._sleep = clock, sleep
        self._frames: Iterator[Frame] = iter(())
        self._zero = math.nan

    def open(self) -> None:
        """From its start."""
        self._frames, self._zero = self.film.frames(), math.nan

    def read(self) -> Shot | None:
        """The next picture: in real time not before its second."""
        frame = next(self._frames, None)
        if frame is None:
            return None
        now = self._clock()
        if math.isnan(self._zero):
            self._zero = now - frame.t
        due = self._zero + frame.t
        if self.live and due > now:
            self._sleep(due - now)
            now = self._clock()
        return Shot(frame.t, frame.rgb, now)

    def close(self) -> None:
        """End the reading."""
        self.film.__exit__()
        self._frames = iter(())
