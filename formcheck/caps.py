"""How much of a clip is taken, each cap with its reason, and what is said of more.

`OWN` is for what people give by name, on their own machine: it stops only what is no clip of an
exercise. `OTHERS` is for what others sent, many at once and unwatched, on a share of a machine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from formcheck.errors import InputError
from formcheck.files import shown

_HOUR = 3600.0


@dataclass(frozen=True)
class Caps:
    """The most that is taken of one clip. `refuse_...` raise InputError where it is more."""

    longest_s: float
    frames: int
    pixels: int
    side: int
    streams: int
    size: int
    more: str = ""
    """How to allow more, as the end of a sentence; empty: not at all."""

    def refuse_size(self, path: Path, size: int) -> None:
        """size: bytes of the file."""
        if size > self.size:
            came, most = f"{size / 1e9:,.1f} GB", f"{self.size / 1e9:,.0f} GB"
            _refuse(path, f"the file has {came}", f"at most {most}", _CUT)

    def refuse_streams(self, path: Path, streams: int) -> None:
        """streams: pictures, sounds, subtitles and all else that runs beside each other."""
        if streams > self.streams:
            came = f"it holds {streams:,} streams of pictures, sound and other data"
            _refuse(path, came, f"at most {self.streams}", _ANEW)

    def refuse_picture(self, path: Path, width: float, height: float) -> None:
        """width, height: pixels."""
        if width * height > self.pixels or max(width, height) > self.side:
            came = f"its picture has {width:,.0f} x {height:,.0f} pixels"
            most = f"at most {self.pixels / 1e6:.1f} million, and {self.side:,} a side"
            _refuse(path, came, most, "Save it smaller, such as in 1920 x 1080.")

    def refuse_length(self, path: Path, seconds: float, *, so_far: bool = False) -> None:
        """seconds: as declared, or so far as the pictures' times went up to now."""
        if seconds > self.longest_s:
            came = f"it lasts {'at least ' * so_far}{long(seconds)}"
            _refuse(path, came, f"at most {long(self.longest_s)}{self.more}", _CUT)

    def refuse_frames(self, path: Path, frames: int) -> None:
        """frames: as declared, or as they come."""
        if frames > self.frames:
            came = f"it holds more than {self.frames:,} pictures"
            _refuse(path, came, "fewer", _CUT)

    def refuse_unpacked(self, path: Path, size: int) -> None:
        """size: bytes of a pose track, unpacked."""
        if size > self.frames * _POSE_BYTES:
            came = f"it unpacks to {size / 1e9:,.1f} GB"
            _refuse(path, came, f"at most {self.frames * _POSE_BYTES / 1e9:.1f} GB", _CUT)


_POSE_BYTES = 2000
"""Of one frame of a pose track: 33 points of three numbers and a visibility, and room to spare."""
_CUT = "Cut out the sets, and give those."
_ANEW = "Save it as an H.264 mp4 with another program."

OWN = Caps(
    # A session in the gym lasts two hours; what goes on for longer is a camera on the wall.
    longest_s=6 * _HOUR,
    # 6 hours at 30 frames a second, or one at 240; their poses take 1.1 GB of memory.
    frames=1_000_000,
    # 8K, the most that phones film, in either shape (8192 x 4320).
    pixels=8192 * 4320,
    # What is wider than 8K and narrower is no film of a body.
    side=8192,
    # Phones write up to ten (sound, motion, location); a recording of broadcasts a hundred.
    streams=32,
    # Two hours in 8K at 80 Mbit/s are 72 GB; twice that.
    size=150_000_000_000,
)
OTHERS = Caps(
    # A set takes a minute. Half an hour, analysed, takes a core about half an hour.
    longest_s=0.5 * _HOUR,
    # Half an hour at 60 frames a second.
    frames=108_000,
    # 4K as cinemas have it (4096 x 2304); 8K takes a gigabyte to decode.
    pixels=4096 * 2304,
    # Phones crop to strips at most twice as long as 4K is wide.
    side=8192,
    streams=OWN.streams,
    # Half an hour in 4K at 50 Mbit/s are 11 GB.
    size=16_000_000_000,
    more=" (--longest allows more)",
)


def others(longest_s: float = OTHERS.longest_s) -> Caps:
    """The caps for what others sent, for clips as long as that: with as many pictures and bytes a
    second as `OTHERS`."""
    grown = longest_s / OTHERS.longest_s
    return replace(
        OTHERS,
        longest_s=longest_s,
        frames=round(OTHERS.frames * grown),
        size=round(OTHERS.size * grown),
    )


def long(seconds: float) -> str:
    """A length of time in words: "45 s", "30 min", "24 h 5 min"."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(int(seconds // 60), 60)
    parts = [f"{hours:,} h"] * (hours > 0) + [f"{minutes} min"] * (minutes > 0)
    return " ".join(parts)


def _refuse(path: Path, came: str, most: str, what_to_do: str) -> None:
    raise InputError(f"{shown(path)}: {came}. Expected {most}. {what_to_do}")
