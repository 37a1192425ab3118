"""An open film: what it says of itself, its clock, and what could not be read of it.

Time is the source's own: seconds on the container's clock, counted from its start, so that sound
and picture keep their offset and a variable frame rate stays what it was.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition, Stream
from numpy.typing import NDArray

from formcheck.errors import InputError
from formcheck.files import shown

Picture = NDArray[np.uint8]
_STILLS = "image2,jpeg_pipe,png_pipe,webp_pipe,bmp_pipe,tiff_pipe"
# Only these containers, and only the file itself: a play list that calls itself .mp4 must not make
# the library open other files or an address.
_OPEN_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": f"mov,matroska,avi,mpegts,mpeg,flv,asf,ogg,gif,mp3,wav,aac,flac,{_STILLS}",
}
_WANTED = "a film: mp4, mov, webm, mkv or avi"
_AGAIN = "Copy it again from the phone, or save it as an H.264 mp4 with another program."
_DAMAGED_AT_MOST = 1000


@dataclass(frozen=True)
class Frame:
    """One picture of a film."""

    t: float
    """Seconds since the container's start."""
    rgb: Picture
    """(H, W, 3), C-contiguous, upright, pixels square."""


@dataclass(frozen=True)
class Clip:
    """What a file says of itself."""

    name: str
    path: Path
    width: int
    """Pixels of the upright picture."""
    height: int
    rotation_deg: int
    """The clockwise turn the file asks for, 0, 90, 180 or 270; frames come with it applied."""
    frames: int | None
    """As declared by the container; None where it does not say."""
    duration_s: float | None
    """Of the picture where declared, else of the whole file; None where neither is."""
    fps: float | None
    """Declared average; `timing` tells the measured one."""
    has_sound: bool
    recorded_at: str | None
    """The container's creation time, ISO 8601 as written; None where it has none."""
    capture_fps: float | None = None
    """Frames a second that the camera took, by a tag; None where none says so."""
    apple: bool = False
    """Whether an Apple camera wrote it."""


@dataclass
class Film:
    """An open file: its picture, its sound (None without), and where its clock starts."""

    container: Any
    stream: Any
    sound: Any

    def __post_init__(self) -> None:
        streams = [s for s in (self.stream, self.sound) if s is not None]
        starts = [s.start_time * s.time_base for s in streams if s.start_time is not None]
        self.origin = min(starts, default=Fraction(0))
        # AVI stores no presentation times; what the decoder makes of them is out of order.
        self.avi = self.container.format.name == "avi"

    @property
    def fps(self) -> float | None:
        rate = self.stream.average_rate or self.stream.guessed_rate
        return float(rate) if rate else None

    @property
    def picture_s(self) -> float | None:
        """Declared seconds of the picture; None where only the whole file's are known."""
        if self.stream.duration:
            return float(self.stream.duration * self.stream.time_base)
        tag = self.stream.metadata.get("DURATION", "")  # Matroska keeps it here
        if re.fullmatch(r"\d+:\d+:\d+(\.\d+)?", tag):
            hours, minutes, seconds = map(float, tag.split(":"))
            return 3600 * hours + 60 * minutes + seconds
        return None if self.sound else self.whole_s

    @property
    def whole_s(self) -> float | None:
        whole = self.container.duration
        return float(whole / av.time_base) if whole else None

    def square_size(self) -> tuple[int, int]:
        """Width and height with square pixels, before any turn."""
        return round(self.stream.width * (self.stream.sample_aspect_ratio or 1)), self.stream.height

    def seek(self, t: float) -> None:
        """Go to a key frame before `t` seconds, or leave the film at its start."""
        if t > 1:  # containers index by decoding time, which runs ahead: hence the second
            with suppress(FFmpegError):
                target = int((Fraction(t) - 1 + self.origin) / self.stream.time_base)
                self.container.seek(target, stream=self.stream)

    def timed(self, tally: Tally) -> Iterator[tuple[float, av.VideoFrame]]:
        """Frames with strictly increasing times in seconds; what does not fit is counted."""
        self.stream.thread_type = "AUTO"
        last = -math.inf
        for frame in self._decoded(tally):
            ticks = frame.dts if self.avi else frame.pts
            if ticks is None and self.avi:  # the last ones, flushed out of the decoder
                ticks = round((tally.end_s + self.origin) / frame.time_base)
            if ticks is None:
                tally.untimed += 1
                continue
            t = float(ticks * frame.time_base - self.origin)
            if t <= last:
                tally.backward += 1
                continue
            last = t
            tally.patched += frame.is_corrupt
            tally.end_s = t + float(frame.duration * frame.time_base)
            yield t, frame

    def _decoded(self, tally: Tally) -> Iterator[Any]:
        for packet in self.packets(self.stream, tally):
            try:
                yield from packet.decode()
                tally.in_damage &= packet.size == 0
            except FFmpegError:
                tally.damage()

    def packets(self, stream: Stream, tally: Tally) -> Iterator[Any]:
        """Packets to the end, the empty one that flushes the decoder included."""
        for _ in range(_DAMAGED_AT_MOST):
            try:
                yield from self.container.demux(stream)
                return
            except (OSError, FFmpegError):
                tally.damage()


@dataclass
class Tally:
    """What was left out of one iteration, and where the picture ended."""

    damaged: int = 0
    in_damage: bool = False
    patched: int = 0
    untimed: int = 0
    backward: int = 0
    end_s: float = 0.0

    def damage(self) -> None:
        """Count damage; a run of it is one stretch."""
        self.damaged += not self.in_damage
        self.in_damage = True

    def sentences(self, declared_s: float | None) -> list[str]:
        counts = (
            (self.damaged, "damaged stretch{es} {were} skipped"),
            (self.patched, "frame{s} {were} damaged in part"),
            (self.untimed, "frame{s} without a timestamp {were} left out"),
            (self.backward, "frame{s} with a repeated or backward timestamp {were} left out"),
        )
        forms = ({"s": "", "es": "", "were": "was"}, {"s": "s", "es": "es", "were": "were"})
        found = [f"{n} " + text.format_map(forms[n > 1]) for n, text in counts if n]
        if declared_s is not None and declared_s - self.end_s > max(0.5, 0.02 * declared_s):
            span = f"{self.end_s:.1f} of {declared_s:.1f} s"
            found.append(f"the file ends early: {span} could be read")
        return found


@contextmanager
def opened(path: Path) -> Iterator[Film]:
    try:
        if not path.is_file() or not path.stat().st_size:
            came = "the file is empty" if path.is_file() else "this is not a file"
            came = "this is a folder" if path.is_dir() else came
            came = came if path.exists() else "there is no such file"
            raise _no(path, came, "Check the name, and that the clip was copied whole.")
        container = av.open(url(path), metadata_errors="replace", options=_OPEN_OPTIONS)
    except (OSError, FFmpegError) as error:
        raise _unreadable(path, error) from error
    with container:
        yield _chosen(container, path)


def _chosen(container: InputContainer, path: Path) -> Film:
    if container.format.name in _STILLS.split(","):
        raise _no(path, "this is a picture", "Give the film itself.")
    covers = Disposition.attached_pic | Disposition.timed_thumbnails
    pictures = [s for s in container.streams.video if not s.disposition & covers]
    sounds = [s for s in container.streams.audio if s.codec_context is not None]
    if not pictures:
        came = "this holds sound but no picture" if sounds else "this holds no picture"
        raise _no(path, came, "Give the film itself.")
    readable = [s for s in pictures if s.codec_context is not None and s.width and s.height]
    if not readable:
        raise _no(path, "its picture is damaged or coded in a way unknown here", _AGAIN)
    best = max(readable, key=lambda s: s.width * s.height)
    return Film(container, best, sounds[0] if sounds else None)


def url(path: Path) -> str:
    # Without the scheme a name such as "http:x.mp4" would be taken for an address.
    return f"file:{path}"


def _no(path: Path, came: str, what_to_do: str) -> InputError:
    return InputError(f"{shown(path)}: {came}. Expected {_WANTED}. {what_to_do}")


def no_film(path: Path, read: int, tally: Tally) -> InputError:
    if read and tally.backward:
        return _no(path, "its pictures all carry the same time", _AGAIN)
    if read:
        return _no(path, "this holds a single picture", "Give the film itself.")
    if tally.untimed:
        return _no(path, "its pictures carry no times", _AGAIN)
    return _no(path, "no picture in it could be decoded", _AGAIN)


def _unreadable(path: Path, error: Exception) -> InputError:
    if isinstance(error, PermissionError):
        return _no(path, "you may not read this file", "Change its permissions or copy it.")
    if isinstance(error, FileNotFoundError | IsADirectoryError):
        return _no(path, "there is no such file", "Check the name.")
    return _no(path, f"this is not a film that can be read ({reason(error)})", _AGAIN)


def reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
