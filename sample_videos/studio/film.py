"""From pictures to a clip: when each is taken and shown, what a poor camera does, the mp4 file."""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from studio.arrays import Array

Frame = NDArray[np.uint8]

TICK = Fraction(1, 90_000)
"""The file's clock, seconds."""
_SHUTTER = 0.5
"""Share of the time from frame to frame that the shutter is open: 180 degrees."""
_JITTER_S, _DROPPED = 0.0015, 0.03
_SLOW_STRETCH, _SLOW_PACE = (0.40, 0.58), 1.5
"""A phone that changes its rate: in this part of the clip frames are this much further apart."""
_BT709, _LIMITED_RANGE = 1, 1


@dataclass(frozen=True)
class Picture:
    """What the camera makes of it, and how it is stored."""

    width: int = 640
    """Pixels; even."""
    height: int = 360
    fps: float = 30.0
    """Frames a second of the file."""
    variable: bool = False
    """Whether the frames come unevenly, as from a phone."""
    slow: float = 1.0
    """4: filmed at four times `fps` and played at `fps`."""
    gain: float = 1.0
    """Factor on the grey levels; below 1 it is dim."""
    noise: float = 0.0
    """Standard deviation in grey levels of 255."""
    blur: int = 1
    """Moments that a frame is the mean of, spread over a 180° shutter; 1 is sharp."""
    defocus: float = 0.0
    """Standard deviation of the blur, pixels."""
    crf: int = 23
    """x264's quality: 18 is very good, 40 is bad."""


@dataclass(frozen=True)
class Schedule:
    """When the frames of a clip are shown and taken; seconds."""

    shown: Array
    """(N,) the file's timestamps, on the file's clock, increasing from 0."""
    taken: Array
    """(N,) real time of the middle of each exposure."""
    exposed: Array
    """(N, blur) real times whose pictures' mean is the frame; never before 0."""

    def __len__(self) -> int:
        return len(self.shown)


def schedule(picture: Picture, seconds: float, seed: int = 0) -> Schedule:
    """The frames of `seconds` of real time. The same seed gives the same times."""
    film_s = seconds * picture.slow
    count = max(round(film_s * picture.fps), 1)
    times = np.arange(count) / picture.fps
    if picture.variable:
        times = _uneven(times, film_s, np.random.default_rng(seed))
    shown = np.round(times / float(TICK)) * float(TICK)
    taken = shown / picture.slow
    open_s = _SHUTTER / (picture.fps * picture.slow)
    moments = (np.arange(picture.blur) + 0.5) / picture.blur - 0.5
    return Schedule(shown, taken, np.maximum(taken[:, None] + open_s * moments, 0.0))


def developed(exposures: Iterable[Frame], picture: Picture, number: int, seed: int = 0) -> Frame:
    """Frame `number` (H, W, 3) from the pictures of its exposure: their mean, and the effects."""
    taken = [exposure.astype(np.float32) for exposure in exposures]
    grey = sum(taken[1:], taken[0]) / np.float32(len(taken))
    if picture.defocus > 0:
        grey = gaussian_filter(grey, (picture.defocus, picture.defocus, 0), mode="nearest")
    grey = grey * np.float32(picture.gain)
    if picture.noise > 0:
        chance = np.random.default_rng((seed, number))
        grey = grey + chance.standard_normal(grey.shape, np.float32) * np.float32(picture.noise)
    finished: Frame = np.clip(np.rint(grey), 0, 255).astype(np.uint8)
    return finished


def write(path: str | Path, frames: Iterable[tuple[float, Frame]], picture: Picture) -> None:
    """Write the frames (seconds, (H, W, 3) RGB) as H.264; the same frames give the same bytes.

    The file appears under its name only once it is whole. Raises OSError, ValueError.
    """
    target = Path(path)
    part = target.with_name(f".{target.name}-{secrets.token_hex(4)}.part")
    try:
        with av.open(str(part), "w", format="mp4", options={"movflags": "faststart"}) as output:
            _encode(output, frames, picture)
        part.replace(target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _encode(
    output: OutputContainer, frames: Iterable[tuple[float, Frame]], picture: Picture
) -> None:
    stream = _stream(output, picture)
    last_ticks = round(1 / (picture.fps * TICK))
    durations: dict[int, int] = {}
    before: int | None = None
    for t_s, rgb in frames:
        tick = round(t_s / float(TICK))
        if before is not None:
            if tick <= before:
                raise ValueError(f"the frame at {t_s} s is not later than the one before it")
            durations[before] = tick - before
        before = tick
        durations[tick] = last_ticks
        _mux(output, stream.encode(_picture(rgb, tick)), durations)
    if before is None:
        raise ValueError("there are no frames to write")
    _mux(output, stream.encode(None), durations)


def _mux(output: OutputContainer, packets: list[Any], durations: dict[int, int]) -> None:
    for packet in packets:
        packet.duration = durations.get(packet.pts, packet.duration)
        output.mux(packet)


def _picture(rgb: Frame, tick: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
    frame = frame.reformat(format="yuv420p", dst_colorspace=_BT709, dst_color_range=_LIMITED_RANGE)
    frame.pts, frame.time_base = tick, TICK
    return frame


def _stream(output: OutputContainer, picture: Picture) -> VideoStream:
    rate = Fraction(picture.fps).limit_denominator(1001)
    options = {"preset": "medium", "crf": str(picture.crf), "threads": "1"}
    stream = output.add_stream("libx264", rate=rate, options=options)
    stream.width, stream.height, stream.pix_fmt = picture.width, picture.height, "yuv420p"
    context = stream.codec_context
    context.time_base = TICK
    context.gop_size = math.ceil(4 * rate)
    context.thread_count = 1
    context.color_range = _LIMITED_RANGE
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    return stream


def _uneven(times: Array, film_s: float, chance: np.random.Generator) -> Array:
    """Frames a little early or late, some missing, and for a while further apart; starts at 0."""
    step = times[1] - times[0] if len(times) > 1 else film_s
    uneven = [0.0]
    while uneven[-1] + step < film_s:
        slow = _SLOW_STRETCH[0] <= uneven[-1] / film_s < _SLOW_STRETCH[1]
        uneven.append(uneven[-1] + step * (_SLOW_PACE if slow else 1.0))
    jitter = np.clip(chance.normal(0, _JITTER_S, len(uneven)), -3 * _JITTER_S, 3 * _JITTER_S)
    kept = chance.random(len(uneven)) >= _DROPPED
    kept[[0, -1]] = True
    shifted: Array = np.array(uneven) + jitter
    shifted[0] = 0.0
    return shifted[kept]
