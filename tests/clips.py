"""Small films made by construction, so that what is in them is known."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

SOUND_RATE = 48_000


def corners(width: int, height: int, shade: int = 0) -> np.ndarray:
    """Red top left, green top right, blue bottom left; bottom right is grey, `shade` bright."""
    rgb = np.full((height, width, 3), shade, np.uint8)
    half_h, half_w = height // 2, width // 2
    rgb[:half_h, :half_w] = (255, 0, 0)
    rgb[:half_h, half_w:] = (0, 255, 0)
    rgb[half_h:, :half_w] = (0, 0, 255)
    return rgb


def noise(width: int, height: int, seed: int) -> np.ndarray:
    """A picture that does not compress, so that a film has bytes enough to damage."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def make(
    path: Path,
    ticks: Sequence[int] = range(20),
    *,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    size: tuple[int, int] = (128, 96),
    clock: Fraction = Fraction(1, 30),
    sound: str | None = None,
    noisy: bool = False,
    turn_ccw: int | None = None,
    mirrored: bool = False,
    aspect: int = 1,
    tags: dict[str, str] | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """Write a film whose frames stand at `ticks` of `clock`, the shade rising by 8 a frame."""
    width, height = size
    muxer = {"movflags": "use_metadata_tags"} if tags else {}
    with av.open(str(path), "w", options=muxer) as film:
        film.metadata.update(tags or {})
        stream = film.add_stream(codec, rate=30, options=options or {})
        stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
        stream.codec_context.time_base = clock
        if turn_ccw is not None:
            stream.set_display_rotation(turn_ccw, hflip=mirrored)
        stream.codec_context.sample_aspect_ratio = Fraction(aspect)
        voice = film.add_stream(sound, rate=SOUND_RATE) if sound else None
        for n, tick in enumerate(ticks):
            picture = noise(width, height, n) if noisy else corners(width, height, n * 8 % 256)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = tick, clock
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
        if voice is not None:
            _speak(film, voice, float(max(ticks) * clock) + 1 / 30)
    return path


def make_sound(path: Path, seconds: float = 0.5) -> Path:
    """A film without a picture."""
    with av.open(str(path), "w") as film:
        _speak(film, film.add_stream("aac", rate=SOUND_RATE), seconds)
    return path


def _speak(film: av.container.OutputContainer, voice: av.AudioStream, seconds: float) -> None:
    t = np.arange(int(seconds * SOUND_RATE)) / SOUND_RATE
    wave = np.stack([np.sin(2 * np.pi * 440 * t)] * 2).astype(np.float32) * 0.3
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(wave), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, 0, Fraction(1, SOUND_RATE)
    film.mux(voice.encode(frame))
    film.mux(voice.encode(None))


def packets(path: Path, kind: str) -> list[tuple[float, bytes]]:
    """Time in seconds and content of each packet of the first stream of `kind`."""
    with av.open(str(path)) as film:
        stream = getattr(film.streams, kind)[0]
        return [(float(p.pts * p.time_base), bytes(p)) for p in film.demux(stream) if p.size]


def boxes(path: Path) -> list[str]:
    """The names of an mp4's top-level boxes, in order."""
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        found.append(name.decode())
        at += length or len(data)
    return found
