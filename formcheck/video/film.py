"""An open film: what it says of itself, its clock, and what could not be read of it.

Time is the source's own: seconds on the container's clock, counted from its start, so that sound
and picture keep their offset and a variable frame rate stays what it was.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.error import FFmpegError
from av.stream import Stream
from numpy.typing import NDArray

from formcheck.caps import Caps

Picture = NDArray[np.uint8]
_DAMAGED_AT_MOST = 1000
_THREADS = 2
"""Where nothing else keeps the cores busy: of 4K, too, so many decode more than the pose model
takes. As many on every machine: what is damaged looks different with another number."""
AHEAD_S = 1
"""Containers index by decoding time, which runs ahead of what is shown: by less than so long."""
_SHOWN_S = 0.25
"""By so much it mostly does at most: six pictures of a film's 24 a second."""


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
    path: Path
    caps: Caps

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
        """Go to a key frame that is decoded before `t` seconds, or leave the film at its start."""
        if t > 0:
            with suppress(FFmpegError):
                target = int((Fraction(t) + self.origin) / self.stream.time_base)
                self.container.seek(target, stream=self.stream)

    def entries(self) -> NDArray[np.float64]:
        """(n,) seconds from which on the film is read on a short way, as the file's index tells,
        but for its start; none where it has none."""
        keys = sorted(e.timestamp for e in self.stream.index_entries if e.is_keyframe)[1:]
        return np.array(keys, float) * float(self.stream.time_base) - float(self.origin) + _SHOWN_S

    def timed(
        self, tally: Tally, threads: int | None = None
    ) -> Iterator[tuple[float, av.VideoFrame]]:
        """Frames with strictly increasing times in seconds; what does not fit is counted.
        threads: that decode; None: those of one who reads alone."""
        self._ready(threads or _THREADS)
        first, last = 0.0, -math.inf
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
            first = min(first, t)
            self.caps.refuse_length(self.path, t - first, so_far=True)
            last = t
            tally.reach(t)
            yield t, frame
            tally.patched += frame.is_corrupt  # once the next is asked for: this one was wanted
            tally.end_s = t + float(frame.duration * frame.time_base)

    def _ready(self, threads: int) -> None:
        """Set the decoder up; pictures that grow beyond the cap on the way are damage to it."""
        decoder = self.stream.codec_context
        decoder.thread_type = "AUTO"
        decoder.thread_count = threads
        decoder.options = {"max_pixels": str(self.caps.pixels)}

    def _decoded(self, tally: Tally) -> Iterator[Any]:
        frames = 0
        for packet in self.packets(self.stream, tally):
            try:
                for frame in packet.decode():
                    frames += 1
                    self.caps.refuse_frames(self.path, frames)
                    yield frame
                tally.in_damage &= packet.size == 0
            except FFmpegError:
                tally.damage()

    def packets(self, stream: Stream, tally: Tally) -> Iterator[Any]:
        """Packets to the end, the empty one that flushes the decoder included."""
        for _ in range(_DAMAGED_AT_MOST):
            try:
                yield from self.container.demux(stream)
                return
            except IndexError:  # PyAV's, at the end, of a stream that appeared on the way
                return
            except (OSError, FFmpegError):
                tally.damage()


@dataclass
class Tally:
    """What was left out of one iteration, or of a piece of one, and where the picture ended."""

    since: float = -math.inf
    """The second at which the piece begins: what is read before it belongs to another one."""
    damaged: int = 0
    in_damage: bool = False
    patched: int = 0
    untimed: int = 0
    backward: int = 0
    end_s: float = 0.0

    def reach(self, t: float) -> None:
        """Forget what was counted on the way to the piece, at its first frame."""
        if t >= self.since > -math.inf:
            self.since = -math.inf
            self.damaged = self.patched = self.untimed = self.backward = 0

    def __add__(self, other: Tally) -> Tally:
        """Two pieces as one."""
        return Tally(
            damaged=self.damaged + other.damaged,
            patched=self.patched + other.patched,
            untimed=self.untimed + other.untimed,
            backward=self.backward + other.backward,
            end_s=max(self.end_s, other.end_s),
        )

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
