"""Frames in, a film out that browsers and phones play."""

from __future__ import annotations

import math
import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import av
import cv2
import numpy as np
from av.error import FFmpegError
from av.video.stream import VideoStream
from numpy.typing import NDArray

from formcheck.errors import OutputError
from formcheck.files import DISK_FULL, PathLike, shown
from formcheck.video.film import Picture
from formcheck.video.opening import opened, reason, url
from formcheck.video.sound import Stops, sound_of

_MP4_OPTIONS = {"movflags": "faststart"}
_QUALITY = {
    "preset": "ultrafast",
    "crf": "21",
    "x264-params": "cabac=1:aq-mode=1:mbtree=1:rc-lookahead=10:no-deblock=0",
}
"""Half the work of the preset "veryfast" at its fidelity, for 1.8 times the bytes (docs/speed.md):
what pays most of a better one, and no more."""
_IN_TIME = {"preset": "ultrafast", "tune": "zerolatency", "crf": "20"}
"""For pictures that come from a camera: a third of the work, for twice the bytes."""
_THREADS, _LIVE_THREADS = 2, 8
"""Of the encoder. It makes other bytes of the same pictures with other numbers of threads, so of a
clip there are as many everywhere; of a camera as many as cores, up to these."""
_BT709 = 1
_LIMITED_RANGE = 1
_RED, _BLUE = 0.2126, 0.0722
"""Their share of the light, by ITU-R BT.709."""


def _matrix() -> NDArray[np.float32]:
    """(3, 4) from RGB, 0 to 255, to Y, Cb and Cr of limited range, 16 to 235 and 240 (BT.709)."""
    light = np.array([_RED, 1 - _RED - _BLUE, _BLUE])
    rows = [
        light * 219 / 255,
        (np.array([0, 0, 1]) - light) * 112 / 255 / (1 - _BLUE),
        (np.array([1, 0, 0]) - light) * 112 / 255 / (1 - _RED),
    ]
    return np.column_stack([rows, [16, 128, 128]]).astype(np.float32)


_TO_YUV = _matrix()

_DAMAGED = (av.error.InvalidDataError, av.error.PatchWelcomeError)
"""What packing says of a packet that was damaged where it came from."""


class VideoWriter:
    """An H.264 mp4 that browsers and phones play, with the source's timestamps and sound.

    `width` and `height` are those of the pictures written, in pixels; odd ones are made even, as
    4:2:0 needs, by repeating the last column or row. `fps` is a hint where there is no `source`.
    Where the pictures written stop and go on later than the source's, `stops` keeps its sound in
    step with them. `live`: the pictures come from a camera and must not wait. The file appears
    under its name only once it is whole; of the source's tags nothing is copied. Every method may
    raise OutputError; a source that cannot be read, InputError.
    """

    def __init__(
        self,
        path: PathLike,
        width: int,
        height: int,
        *,
        source: PathLike | None = None,
        stops: Stops | None = None,
        fps: float = 30.0,
        live: bool = False,
    ) -> None:
        self._options = _IN_TIME if live else _QUALITY
        self.path = Path(path)
        self._part = self.path.parent / f".formcheck-{secrets.token_hex(6)}.part"
        self._shape = (height, width, 3)
        self._held: tuple[av.VideoFrame, int] | None = None
        self._gap = 0
        self._durations: dict[int, int] = {}
        self._stack = ExitStack()
        with self._telling():
            film = self._stack.enter_context(opened(Path(source))) if source is not None else None
            self._tick = _fine(film.stream.time_base) if film else Fraction(1, 90_000)
            self._part.touch()  # so that a place that cannot be written to is told at once
            container = av.open(url(self._part), "w", format="mp4", options=_MP4_OPTIONS)
            self._output: Any = self._stack.enter_context(container)
            self._stream = self._add_picture((film and film.fps) or fps)
            heard = film is not None and film.sound is not None
            self._sound = sound_of(film, self._output, stops) if film and heard else iter(())
            self._next_sound = next(self._sound, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        (self.close if kind is None else self.abort)()

    def write(self, rgb: Picture, t: float) -> None:
        """Append a picture (H, W, 3) shown from `t` seconds on; `t` must increase."""
        if rgb.shape != self._shape:
            raise ValueError(f"the picture has the shape {rgb.shape}, expected {self._shape}")
        frame = _yuv(rgb)
        with self._telling():
            self._hold(frame, round(Fraction(t) / self._tick))

    def close(self) -> None:
        """Finish the file and give it its name. Raises OutputError when nothing was written."""
        with self._telling():
            if self._held is None:
                raise OutputError(
                    f"{shown(self.path)}: no picture was written, expected at least one. "
                    "Check that the clip has frames that can be read."
                )
            self._encode(self._gap or round(1 / (30 * self._tick)))
            self._mux(self._stream.encode(None))
            self._feed_sound(math.inf)
            self._stack.close()
            self._part.replace(self.path)

    def abort(self) -> None:
        """Give up and leave nothing behind."""
        with suppress(OSError, FFmpegError):
            self._stack.close()
        with suppress(OSError):
            self._part.unlink(missing_ok=True)

    def _add_picture(self, fps: float) -> VideoStream:
        rate = Fraction(min(max(fps, 1.0), 1000.0)).limit_denominator(1001)
        stream: VideoStream = self._output.add_stream("libx264", rate=rate, options=self._options)
        height, width, _ = self._shape
        stream.width, stream.height = width + width % 2, height + height % 2
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = self._tick
        most = min(os.cpu_count() or 1, _LIVE_THREADS)
        context.thread_count = most if self._options is _IN_TIME else _THREADS
        context.gop_size = math.ceil(2 * rate)  # a player finds any moment of the set at once
        context.color_range = _LIMITED_RANGE
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        return stream

    def _feed_sound(self, until_s: float) -> None:
        """Mux the sound up to the picture, so that neither waits long for the other."""
        while self._next_sound is not None and self._next_sound[0] <= until_s:
            with suppress(*_DAMAGED):  # sound that is damaged leaves a gap, no more
                self._output.mux(self._next_sound[1])
            self._next_sound = next(self._sound, None)

    def _hold(self, frame: av.VideoFrame, tick: int) -> None:
        """Keep a frame back until the next one tells how long it lasts."""
        if self._held is not None:
            tick = max(tick, self._held[1] + 1)
            self._gap = tick - self._held[1]
            self._encode(self._gap)
        self._held = (frame, tick)
        self._feed_sound(float(tick * self._tick))

    def _encode(self, duration: int) -> None:
        assert self._held is not None
        frame, tick = self._held
        frame.pts, frame.time_base = tick, self._tick
        self._durations[tick] = duration
        self._mux(self._stream.encode(frame))

    def _mux(self, packets: list[Any]) -> None:
        for packet in packets:
            packet.duration = self._durations.pop(packet.pts)
            self._output.mux(packet)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self.abort()
            if isinstance(error, OSError | FFmpegError):
                raise _unwritable(self.path, error) from error
            raise


def _yuv(rgb: Picture) -> av.VideoFrame:
    """A picture (H, W, 3) as H.264 keeps it: BT.709, limited range, half the colour, even sides.

    OpenCV does it in a quarter of the time of FFmpeg's scaler, to the same values within rounding.
    """
    pad = [(0, side % 2) for side in rgb.shape[:2]]
    even = np.pad(rgb, (*pad, (0, 0)), mode="edge") if any(more for _, more in pad) else rgb
    height, width = even.shape[:2]
    yuv = cv2.transform(even, _TO_YUV)
    small = cv2.resize(yuv, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    planes = cv2.extractChannel(yuv, 0), *(cv2.extractChannel(small, n) for n in (1, 2))
    joined = np.concatenate([plane.reshape(-1) for plane in planes])
    return av.VideoFrame.from_ndarray(joined.reshape(height * 3 // 2, width), format="yuv420p")


def _fine(time_base: Fraction) -> Fraction:
    """A clock that hits every tick of `time_base` and is fine enough for other times too."""
    if time_base.denominator > 1_000_000:
        return Fraction(1, 90_000)
    return time_base / math.ceil(10_000 * time_base)


def _unwritable(path: Path, error: Exception) -> OutputError:
    todo = "Choose another folder with --out, and check that it exists and may be written to."
    if getattr(error, "errno", None) in DISK_FULL:
        todo = "Free some space, or choose a folder on another disk with --out."
    return OutputError(f"{shown(path)}: the video could not be written ({reason(error)}). {todo}")
