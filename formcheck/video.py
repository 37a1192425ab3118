"""Film in, frames out, and back: the only room that decodes or encodes.

Time is the source's own: seconds on the container's clock, counted from its start, so that sound
and picture keep their offset and a variable frame rate stays what it was.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import math
import os
import re
import secrets
import weakref
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.stream import VideoStream
from numpy.typing import NDArray

from formcheck.errors import InputError, OutputError

Picture = NDArray[np.uint8]
PathLike = str | os.PathLike[str]
_Timed = tuple[float, Any]  # seconds and a packet

_STILLS = "image2,jpeg_pipe,png_pipe,webp_pipe,bmp_pipe,tiff_pipe"
# Only these containers, and only the file itself: a play list that calls itself .mp4 must not make
# the library open other files or an address.
_OPEN_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": f"mov,matroska,avi,mpegts,mpeg,flv,asf,ogg,gif,mp3,wav,aac,flac,{_STILLS}",
}
_COPIED_SOUND = {"aac", "mp3", "mp3float", "ac3", "eac3", "opus", "libopus", "flac", "alac"}
_UPRIGHT = (1, 0, 0, 0, 1)
_WANTED = "a film: mp4, mov, webm, mkv or avi"
_AGAIN = "Copy it again from the phone, or save it as an H.264 mp4 with another program."
_MP4_OPTIONS = {"movflags": "faststart"}
_QUALITY = {"preset": "veryfast", "crf": "21"}
_BT709 = 1
_LIMITED_RANGE = 1
_DAMAGED_AT_MOST = 1000
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


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


class Timing(NamedTuple):
    """How evenly the frames of a clip follow one another."""

    kind: Literal["constant", "variable"]
    fps: float
    """Frames a second; NaN with fewer than two frames."""


def timing(t_s: Iterable[float]) -> Timing:
    """Judge timestamps `t_s` (T,) in increasing seconds.

    An interval is regular when it lies within 20 % of the median or, because containers round to
    milliseconds, within 1.1 ms of it. The clip is constant when all but 1 % of its intervals (at
    least one is forgiven: a dropped frame) are regular. `fps` is one over their mean.
    """
    gaps = np.diff(np.asarray(list(t_s), float))
    if not len(gaps):
        return Timing("constant", math.nan)
    middle = float(np.median(gaps))
    regular = np.abs(gaps - middle) <= max(0.2 * middle, 0.0011)
    forgiven = max(1.0, 0.01 * len(gaps))
    fps = 1 / float(gaps[regular].mean()) if regular.any() else 1 / middle
    return Timing("constant" if (~regular).sum() <= forgiven else "variable", fps)


def sha256(path: PathLike) -> str:
    """The file's SHA-256 in hexadecimal, read piece by piece. Raises InputError."""
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(Path(path), error) from error


def shown(path: PathLike) -> str:
    """A path fit for a message: what would break the line or the terminal is escaped."""
    text = os.fspath(path)
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class VideoFile:
    """A film that yields its `Frame`s one at a time, from the start at every iteration.

    Raises InputError when made from what is not a film of at least two pictures.
    """

    def __init__(self, path: PathLike) -> None:
        self.path = Path(path)
        self.problems: list[str] = []
        """What went wrong in the last whole iteration, in plain words."""
        self._readers: weakref.WeakSet[Generator[Frame]] = weakref.WeakSet()
        with _opened(self.path) as film:
            tally = _Tally()
            probe = list(itertools.islice(film.timed(tally), 2))
            if len(probe) < 2:
                raise _no_film(self.path, len(probe), tally)
            start, first = probe[0]
            self._lead = Fraction(start) if film.avi else Fraction(0)  # the decoder's delay
            matrix: Any = first.side_data.get("DISPLAYMATRIX")
            self._matrix = np.frombuffer(matrix, np.int32)[:5].tolist() if matrix else _UPRIGHT
            self._size = film.square_size()
            self._declared_s = film.picture_s
            self.clip = self._describe(film)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End every iteration that is still under way, so that no file stays open."""
        for reader in list(self._readers):
            reader.close()

    def __iter__(self) -> Iterator[Frame]:
        return self.frames()

    def frames(self, start_s: float = -math.inf, until_s: float = math.inf) -> Iterator[Frame]:
        """The frames with `start_s` <= t < `until_s`, the same as in a whole iteration.

        Damage is skipped and told in `problems` once a whole iteration is over. Raises InputError
        when the file cannot be opened any more.
        """
        reader = self._read(start_s, until_s)
        self._readers.add(reader)
        return reader

    def _read(self, start_s: float, until_s: float) -> Generator[Frame]:
        tally = _Tally()
        with _opened(self.path) as film:
            film.origin += self._lead
            film.seek(start_s)
            for t, frame in film.timed(tally):
                if t >= until_s:
                    return
                if t >= start_s:
                    yield Frame(t, self._turned(frame))
        if start_s == -math.inf:
            self.problems = tally.sentences(self._declared_s)

    def _turned(self, frame: av.VideoFrame) -> Picture:
        width, height = self._size
        rgb: Any = frame.to_ndarray(format="rgb24", width=width, height=height)
        a, b, _, c, d = self._matrix
        if abs(b) > abs(a):  # x' = c y, y' = b x: the sides change places
            rgb, a, d = cv2.transpose(rgb), c, b
        if a < 0 or d < 0:
            rgb = cv2.flip(rgb, -1 if a < 0 and d < 0 else int(a < 0))
        # Odd widths come with padded rows, which other libraries read as garbage.
        return np.ascontiguousarray(rgb)

    def _describe(self, film: _Film) -> Clip:
        *_, c, d = self._matrix
        turn = round(math.atan2(-c, d) / math.pi * 2) % 4 * 90
        width, height = self._size if turn % 180 == 0 else self._size[::-1]
        return Clip(
            name=self.path.name,
            path=self.path,
            width=width,
            height=height,
            rotation_deg=turn,
            frames=film.stream.frames or None,
            duration_s=film.picture_s or film.whole_s,
            fps=film.fps,
            has_sound=film.sound is not None,
            recorded_at=film.container.metadata.get("creation_time"),
        )


@dataclass
class _Film:
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

    def timed(self, tally: _Tally) -> Iterator[tuple[float, av.VideoFrame]]:
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

    def _decoded(self, tally: _Tally) -> Iterator[Any]:
        for packet in self.packets(self.stream, tally):
            try:
                yield from packet.decode()
                tally.in_damage &= packet.size == 0
            except FFmpegError:
                tally.damage()

    def packets(self, stream: Stream, tally: _Tally) -> Iterator[Any]:
        """Packets to the end, the empty one that flushes the decoder included."""
        for _ in range(_DAMAGED_AT_MOST):
            try:
                yield from self.container.demux(stream)
                return
            except (OSError, FFmpegError):
                tally.damage()


@dataclass
class _Tally:
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
def _opened(path: Path) -> Iterator[_Film]:
    try:
        if not path.is_file() or not path.stat().st_size:
            came = "the file is empty" if path.is_file() else "this is not a file"
            came = came if path.exists() else "there is no such file"
            raise _no(path, came, "Check the name, and that the clip was copied whole.")
        container = av.open(_url(path), metadata_errors="replace", options=_OPEN_OPTIONS)
    except (OSError, FFmpegError) as error:
        raise _unreadable(path, error) from error
    with container:
        yield _film(container, path)


def _film(container: InputContainer, path: Path) -> _Film:
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
    return _Film(container, best, sounds[0] if sounds else None)


def _url(path: Path) -> str:
    # Without the scheme a name such as "http:x.mp4" would be taken for an address.
    return f"file:{path}"


def _no(path: Path, came: str, what_to_do: str) -> InputError:
    return InputError(f"{shown(path)}: {came}. Expected {_WANTED}. {what_to_do}")


def _no_film(path: Path, read: int, tally: _Tally) -> InputError:
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
    return _no(path, f"this is not a film that can be read ({_reason(error)})", _AGAIN)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


class VideoWriter:
    """An H.264 mp4 that browsers and phones play, with the source's timestamps and sound.

    `width` and `height` are those of the pictures written, in pixels; odd ones are made even, as
    4:2:0 needs, by repeating the last column or row. `fps` is a hint where there is no `source`.
    The file appears under its name only once it is whole; of the source's tags nothing is copied.
    Every method may raise OutputError; a source that cannot be read, InputError.
    """

    def __init__(
        self,
        path: PathLike,
        width: int,
        height: int,
        *,
        source: PathLike | None = None,
        fps: float = 30.0,
    ) -> None:
        self.path = Path(path)
        self._part = self.path.parent / f".formcheck-{secrets.token_hex(6)}.part"
        self._shape = (height, width, 3)
        self._held: tuple[av.VideoFrame, int] | None = None
        self._gap = 0
        self._durations: dict[int, int] = {}
        self._stack = ExitStack()
        with self._telling():
            film = self._stack.enter_context(_opened(Path(source))) if source is not None else None
            self._tick = _fine(film.stream.time_base) if film else Fraction(1, 90_000)
            self._part.touch()  # so that a place that cannot be written to is told at once
            container = av.open(_url(self._part), "w", format="mp4", options=_MP4_OPTIONS)
            self._output: Any = self._stack.enter_context(container)
            self._stream = self._add_picture((film and film.fps) or fps)
            self._sound = self._add_sound(film) if film and film.sound else iter(())
            self._next_sound = next(self._sound, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        (self.close if kind is None else self.abort)()

    def write(self, rgb: Picture, t: float) -> None:
        """Append a picture (H, W, 3) shown from `t` seconds on; `t` must increase."""
        if rgb.shape != self._shape:
            raise ValueError(f"the picture has the shape {rgb.shape}, expected {self._shape}")
        pad = [(0, side % 2) for side in self._shape]
        even = np.pad(rgb, (*pad[:2], (0, 0)), mode="edge") if pad[0][1] or pad[1][1] else rgb
        picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(even), format="rgb24")
        frame = picture.reformat(
            format="yuv420p", dst_colorspace=_BT709, dst_color_range=_LIMITED_RANGE
        )
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
        stream: VideoStream = self._output.add_stream("libx264", rate=rate, options=_QUALITY)
        height, width, _ = self._shape
        stream.width, stream.height = width + width % 2, height + height % 2
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = self._tick
        context.gop_size = math.ceil(2 * rate)  # a player finds any moment of the set at once
        context.color_range = _LIMITED_RANGE
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        return stream

    def _add_sound(self, film: _Film) -> Iterator[_Timed]:
        """The sound's packets, as mp4 takes them, with their times in seconds."""
        codec = film.sound.codec_context
        if codec.name in _COPIED_SOUND:
            stream = self._output.add_stream_from_template(film.sound)
            return _rising(_copied(film, stream))
        stream = self._output.add_stream("aac", rate=48_000)
        stream.layout = "mono" if codec.channels == 1 else "stereo"
        return _rising(_encoded(film, stream))

    def _feed_sound(self, until_s: float) -> None:
        """Mux the sound up to the picture, so that neither waits long for the other."""
        while self._next_sound is not None and self._next_sound[0] <= until_s:
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


def _copied(film: _Film, out: AudioStream) -> Iterator[Packet[Any]]:
    shift = round(film.origin / film.sound.time_base)
    for packet in film.packets(film.sound, _Tally()):
        if packet.size and packet.dts is not None:
            packet.pts = packet.dts = packet.dts - shift
            packet.stream = out
            yield packet


def _encoded(film: _Film, out: AudioStream) -> Iterator[Packet[Any]]:
    for packet in film.packets(film.sound, _Tally()):
        with suppress(FFmpegError):
            for frame in packet.decode():
                if frame.pts is not None:
                    frame.pts -= round(film.origin / frame.time_base)
                    yield from out.encode(frame)
    yield from out.encode(None)


def _rising(packets: Iterator[Packet[Any]]) -> Iterator[_Timed]:
    """Packets with their times in seconds; those that damage put back in time are left out."""
    last = -math.inf
    for packet in packets:
        if packet.dts is not None and packet.dts > last:
            last = packet.dts
            yield float(packet.dts * packet.time_base), packet


def _fine(time_base: Fraction) -> Fraction:
    """A clock that hits every tick of `time_base` and is fine enough for other times too."""
    if time_base.denominator > 1_000_000:
        return Fraction(1, 90_000)
    return time_base / math.ceil(10_000 * time_base)


def _unwritable(path: Path, error: Exception) -> OutputError:
    todo = "Choose another folder with --out, and check that it exists and may be written to."
    if getattr(error, "errno", None) in _FULL:
        todo = "Free some space, or choose a folder on another disk with --out."
    return OutputError(f"{shown(path)}: the video could not be written ({_reason(error)}). {todo}")
