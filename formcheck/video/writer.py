"""Frames in, a film out that browsers and phones play."""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import av
from av.codec.context import Flags
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from formcheck.errors import OutputError
from formcheck.files import DISK_FULL, PathLike, shown
from formcheck.video.encoder import Coded, Encoder, set_up
from formcheck.video.film import Picture
from formcheck.video.opening import opened, reason, url
from formcheck.video.sound import Stops, sound_of

_MP4_OPTIONS = {"movflags": "faststart"}

_DAMAGED = (av.error.InvalidDataError, av.error.PatchWelcomeError)
"""What packing says of a packet that was damaged where it came from."""


class VideoWriter:
    """An H.264 mp4 that browsers and phones play, with the source's timestamps and sound.

    `width` and `height` are those of the pictures written, in pixels; odd ones are made even, as
    4:2:0 needs, by repeating the last column or row. `fps` is a hint where there is no `source`.
    Where the pictures written stop and go on later than the source's, `stops` keeps its sound in
    step with them. `live`: the pictures come from a camera and must not wait. Pieces of the film
    may be coded elsewhere, each by an `encoder()`, and be appended. The file appears under its name
    only once it is whole; of the source's tags nothing is copied. Every method may raise
    OutputError; a source that cannot be read, InputError.
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
        self._live, self._size = live, (width, height)
        self.path = Path(path)
        self._part = self.path.parent / f".formcheck-{secrets.token_hex(6)}.part"
        self._held: Coded | None = None
        self._gap = 0
        self._own: Encoder | None = None
        self._stack = ExitStack()
        with self._telling():
            film = self._stack.enter_context(opened(Path(source))) if source is not None else None
            self._tick = _fine(film.stream.time_base) if film else Fraction(1, 90_000)
            self._part.touch()  # so that a place that cannot be written to is told at once
            container = av.open(url(self._part), "w", format="mp4", options=_MP4_OPTIONS)
            self._output: Any = self._stack.enter_context(container)
            rate = Fraction(min(max((film and film.fps) or fps, 1.0), 1000.0))
            self._rate = rate.limit_denominator(1001)
            self._stream: VideoStream = self._output.add_stream("libx264", rate=self._rate)
            self._set_up(self._stream.codec_context)
            heard = film is not None and film.sound is not None
            self._sound = sound_of(film, self._output, stops) if film and heard else iter(())
            self._next_sound = next(self._sound, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        (self.close if kind is None else self.abort)()

    def write(self, rgb: Picture, t: float) -> None:
        """Append a picture (H, W, 3) shown from `t` seconds on; `t` must increase."""
        width, height = self._size
        if rgb.shape != (height, width, 3):
            raise ValueError(
                f"the picture has the shape {rgb.shape}, expected {(height, width, 3)}"
            )
        with self._telling():
            self._own = self._own or Encoder(self._stream.codec_context)
            self.append(self._own.encode(rgb, self.tick(t)))

    def encoder(self) -> Encoder:
        """What codes a piece of this film beside others, as `write` would: `append` takes its
        packets, those of `flush` included, piece after piece."""
        context = av.CodecContext.create("libx264", "w")
        self._set_up(context)
        context.flags |= Flags.global_header
        return Encoder(context)

    def tick(self, t: float) -> int:
        """A second on the film's clock."""
        return round(Fraction(t) / self._tick)

    def append(self, packets: Iterable[Coded]) -> None:
        """Put coded pictures into the file, in the order of time."""
        with self._telling():
            for packet in packets:
                packet.stream = self._stream
                self._hold(packet)

    def close(self) -> None:
        """Finish the file and give it its name. Raises OutputError when nothing was written."""
        with self._telling():
            if self._own is not None:
                self.append(self._own.flush())
            if self._held is None:
                raise OutputError(
                    f"{shown(self.path)}: no picture was written, expected at least one. "
                    "Check that the clip has frames that can be read."
                )
            self._mux(self._held, self._gap or round(1 / (30 * self._tick)))
            self._feed_sound(math.inf)
            self._stack.close()
            self._part.replace(self.path)

    def abort(self) -> None:
        """Give up and leave nothing behind."""
        with suppress(OSError, FFmpegError):
            self._stack.close()
        with suppress(OSError):
            self._part.unlink(missing_ok=True)

    def _set_up(self, context: VideoCodecContext) -> None:
        set_up(context, self._size, self._rate, self._tick, self._live)

    def _feed_sound(self, until_s: float) -> None:
        """Mux the sound up to the picture, so that neither waits long for the other."""
        while self._next_sound is not None and self._next_sound[0] <= until_s:
            with suppress(*_DAMAGED):  # sound that is damaged leaves a gap, no more
                self._output.mux(self._next_sound[1])
            self._next_sound = next(self._sound, None)

    def _hold(self, packet: Coded) -> None:
        """Keep a picture back until the next one tells how long it lasts."""
        pts = packet.pts or 0
        if self._held is not None:
            before = self._held.pts or 0
            pts = max(pts, before + 1)  # where a piece ended later than the next one begins
            packet.pts = packet.dts = pts
            self._gap = pts - before
            self._mux(self._held, self._gap)
        self._held = packet
        self._feed_sound(float(pts * self._tick))

    def _mux(self, packet: Coded, duration: int) -> None:
        packet.duration = duration
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
