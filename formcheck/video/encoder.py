"""Pictures in, packets of H.264 out that browsers and phones play."""

from __future__ import annotations

import math
import os
from fractions import Fraction
from typing import Any, TypeAlias

import av
import cv2
import numpy as np
from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from formcheck.errors import OutputError
from formcheck.video.film import Picture
from formcheck.video.opening import reason

Coded: TypeAlias = "Packet[Any]"
"""A coded picture."""
_QUALITY = {"preset": "ultrafast", "qp": "25", "x264-params": "no-deblock=0:subme=1"}
"""Every picture at the same fidelity, so that nothing is asked of it before it is coded, nor any
held to look ahead: a third of the work of the preset "veryfast". `subme`, a third more of it, makes
half the bytes of a phone's noise (docs/speed.md)."""
_IN_TIME = {"preset": "ultrafast", "tune": "zerolatency", "crf": "20"}
"""For pictures that come from a camera: less work yet, for twice the bytes."""
_LIVE_THREADS = 8
"""Of the encoder, for a camera, at most. Of a clip several pieces are coded side by side, each by
one: with another number of threads it makes other bytes of the same pictures."""
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


def set_up(
    context: VideoCodecContext, size: tuple[int, int], rate: Fraction, tick: Fraction, live: bool
) -> None:
    """Make `context`, one of libx264, code pictures of this size (width, height; odd ones are made
    even, as 4:2:0 needs), their times counted in ticks of so many seconds."""
    width, height = size
    context.width, context.height = width + width % 2, height + height % 2
    context.pix_fmt, context.framerate, context.time_base = "yuv420p", rate, tick
    context.options = dict(_IN_TIME if live else _QUALITY)
    context.thread_count = min(os.cpu_count() or 1, _LIVE_THREADS) if live else 1
    context.gop_size = math.ceil(2 * rate)  # a player finds any moment of the set at once
    context.color_range = _LIMITED_RANGE
    context.colorspace = context.color_primaries = context.color_trc = _BT709


class Encoder:
    """Codes pictures in the order of time; their packets come in that order, some pictures later.

    One thread at a time may use it; its buffers serve all pictures. Its methods raise OutputError
    where the encoder fails.
    """

    def __init__(self, context: VideoCodecContext) -> None:
        """context: one that was `set_up`."""
        self._context = context
        width, height = context.width, context.height
        self._frame = av.VideoFrame(width, height, "yuv420p")
        self._planes = [_seen(plane) for plane in self._frame.planes]
        self._yuv = np.empty((height, width, 3), np.uint8)
        self._small = np.empty((height // 2, width // 2, 3), np.uint8)
        self._last = -math.inf

    def encode(self, rgb: Picture, tick: int) -> list[Coded]:
        """The packets that are done once this picture (H, W, 3), shown from `tick` on, has come."""
        self._fill(rgb)
        return self.again(tick)

    def again(self, tick: int) -> list[Coded]:
        """The same picture once more, from a later tick on."""
        tick = int(max(tick, self._last + 1))
        self._frame.pts, self._frame.time_base, self._last = tick, self._context.time_base, tick
        return self._coded(self._frame)

    def flush(self) -> list[Coded]:
        """The packets of what has come and is not done; nothing may come after it."""
        return self._coded(None)

    def _coded(self, frame: av.VideoFrame | None) -> list[Coded]:
        try:
            return list(self._context.encode(frame))
        except FFmpegError as error:
            raise OutputError(
                f"The video could not be coded ({reason(error)}). Give this process more memory, "
                "or leave the video out with --no-video."
            ) from error

    def _fill(self, rgb: Picture) -> None:
        """Put a picture into the frame as H.264 keeps it: BT.709, limited range, half the colour;
        the last column or row is repeated where sides are odd.

        OpenCV does it in a quarter of the time of FFmpeg's scaler, to the same values within
        rounding."""
        pad = [(0, side % 2) for side in rgb.shape[:2]]
        even = np.pad(rgb, (*pad, (0, 0)), mode="edge") if any(more for _, more in pad) else rgb
        cv2.transform(even, _TO_YUV, dst=self._yuv)
        height, width = self._small.shape[:2]
        cv2.resize(self._yuv, (width, height), dst=self._small, interpolation=cv2.INTER_AREA)
        for plane, of, channel in zip(
            self._planes, (self._yuv, self._small, self._small), range(3), strict=True
        ):
            cv2.extractChannel(of, channel, dst=plane)


def _seen(plane: VideoPlane) -> Picture:
    """(H, W) view of a plane's own memory, whose rows may have gaps."""
    memory: Any = plane
    rows: Picture = np.frombuffer(memory, np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]
