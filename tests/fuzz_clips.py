"""Films that were damaged on purpose, through opening and reading in workers with limits.

    python tests/fuzz_clips.py --files 10000 --seed 1 --jobs 2 --keep build/fuzz

Small films of many kinds are made, and changed by a seeded chance: bits, headers, sizes, boxes,
packets, lengths. None may kill or hang the parent, none may read or write anything else, and
every refusal has its reason. What crashed a worker, hung, or raised what is no refusal is kept.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import random
import re
import struct
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import av
import clips

from formcheck.analysis import Progress
from formcheck.batch import limits
from formcheck.batch.job import Job, Outcome, Terms
from formcheck.batch.limits import Limits
from formcheck.batch.pool import LocalPool, Lost
from formcheck.batch.records import ClipRecord
from formcheck.caps import OTHERS
from formcheck.errors import InputError
from formcheck.video.reader import VideoFile
from formcheck.video.sound import Stops
from formcheck.video.writer import VideoWriter

FRAMES = 30
TIGHT = Limits(memory_bytes=1 << 30, cpu_s=20, wall_s=30, stall_s=30, output_bytes=0)
"""Of a worker: a small film needs a tenth of that. It may not write one byte."""
WRITING = replace(TIGHT, output_bytes=20 << 20)

# Sound ones

_QUICK = {
    "libvpx-vp9": {"cpu-used": "8", "deadline": "realtime"},
    "libvpx": {"cpu-used": "8", "deadline": "realtime"},
    "libx265": {"x265-params": "log-level=none", "preset": "ultrafast"},
    "libsvtav1": {"preset": "12", "svtav1-params": "level-of-parallelism=1"},
}
_SMALL = (64, 48)
KINDS: dict[str, dict] = {
    "phone.mp4": {"sound": "aac", "noisy": True, "turn_ccw": 90},
    "phone.mov": {"sound": "aac", "options": {"g": "5"}},
    "hevc.mp4": {"codec": "libx265"},
    "av1.mp4": {"codec": "libsvtav1"},
    "old.mp4": {"codec": "mpeg4", "aspect": 2},
    "web.webm": {"codec": "libvpx-vp9", "sound": "libopus"},
    "web8.webm": {"codec": "libvpx"},
    "any.mkv": {"noisy": True, "sound": "aac"},
    "camera.avi": {"codec": "mjpeg", "pix_fmt": "yuvj420p", "sound": "pcm_s16le"},
    "raw.avi": {"codec": "rawvideo", "pix_fmt": "bgr24", "size": (32, 24)},
    "broadcast.ts": {"sound": "aac"},
    "disc.mpg": {"codec": "mpeg2video", "size": (96, 64)},
    "stream.flv": {"sound": "aac"},
    "moving.gif": {"codec": "gif", "pix_fmt": "rgb8"},
    "odd.mkv": {"size": (61, 47), "codec": "mjpeg", "pix_fmt": "yuvj444p"},
    "lossless.mov": {"codec": "png", "pix_fmt": "rgb24"},
    "single.mp4": {"ticks": range(1)},
}  # fmt: skip


def seeds(folder: Path) -> dict[str, bytes]:
    """A small film of every kind that can be written here, and one that is sound alone."""
    found = {}
    for name, kind in KINDS.items():
        how = {"size": _SMALL, "ticks": range(40), "options": _QUICK.get(kind.get("codec", ""))}
        with suppress(av.codec.codec.UnknownCodecError):
            found[name] = clips.make(folder / name, **(how | kind)).read_bytes()
    found["sound.m4a"] = clips.make_sound(folder / "sound.m4a", 0.2).read_bytes()
    return found


# What is done to them

_ODD = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF8)
_BOXES = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvhd", b"tkhd", b"mdhd", b"stsd", b"stts",
          b"ctts", b"stsc", b"stsz", b"stco", b"elst", b"edts", b"avc1", b"avcC", b"hvcC", b"udta",
          b"mdat", b"LIST", b"strh", b"strf", b"hdrl", b"movi", b"idx1")  # fmt: skip
Change = Callable[[bytearray, random.Random], None]


def bits(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 3, 20, 200))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def header_number(data: bytearray, chance: random.Random) -> None:
    """A number near an end, where containers keep their tables, becomes an odd one."""
    width = chance.choice((1, 2, 4, 4, 8))
    value = (chance.choice(_ODD) & (256**width - 1)).to_bytes(
        width, chance.choice(("big", "little"))
    )
    reach = min(1500, len(data) - 8)
    at = (
        chance.randrange(reach)
        if chance.random() < 0.6
        else len(data) - 8 - chance.randrange(reach)
    )
    data[at : at + width] = value


def box_number(data: bytearray, chance: random.Random) -> None:
    """A number within a known box: its size, or one of its first fields."""
    places = [m.start() for name in _BOXES for m in re.finditer(name, data)]
    if places:
        at = chance.choice(places) + chance.choice((-4, 4, 8, 12, 16, 20, 24, 32, 36))
        if 0 <= at < len(data) - 4:
            data[at : at + 4] = struct.pack(">I", chance.choice((*_ODD, chance.getrandbits(32))))


def box_name(data: bytearray, chance: random.Random) -> None:
    """A box takes another's name."""
    places = [m.start() for name in _BOXES for m in re.finditer(name, data)]
    if places:
        at = chance.choice(places)
        data[at : at + 4] = chance.choice(_BOXES)


def swapped(data: bytearray, chance: random.Random) -> None:
    """Two boxes, or two pieces, change places."""
    a, b = sorted((_piece(data, chance), _piece(data, chance)))
    if a[1] <= b[0]:
        data[a[0] : b[1]] = data[b[0] : b[1]] + data[a[1] : b[0]] + data[a[0] : a[1]]


def doubled(data: bytearray, chance: random.Random) -> None:
    start, end = _piece(data, chance)
    data[end:end] = data[start:end] * chance.choice((1, 1, 2, 30))


def left_out(data: bytearray, chance: random.Random) -> None:
    start, end = _piece(data, chance)
    del data[start : min(end, start + len(data) // 2)]


def garbled(data: bytearray, chance: random.Random) -> None:
    start, end = _piece(data, chance)
    kind = chance.choice((0, 255, None))
    size = end - start
    data[start:end] = chance.randbytes(size) if kind is None else bytes([kind]) * size


def cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(1, len(data)) :]


def _piece(data: bytearray, chance: random.Random) -> tuple[int, int]:
    """Start and end of a whole box of mp4, or of as many bytes as it happens."""
    places = [m.start() - 4 for name in _BOXES for m in re.finditer(name, data)]
    if places and chance.random() < 0.6:
        start = max(0, chance.choice(places))
        size = int.from_bytes(data[start : start + 4], "big")
        if 8 <= size <= len(data) - start:
            return start, start + size
    start = chance.randrange(len(data))
    return start, min(len(data), start + chance.choice((1, 4, 16, 188, 1000, 4000)))


CHANGES: tuple[Change, ...] = (
    bits, header_number, header_number, box_number, box_number, box_name, swapped, doubled,
    left_out, garbled, cut,
)  # fmt: skip


def mutated(sound: dict[str, bytes], seed: int, n: int) -> tuple[str, bytes]:
    """The n-th damaged film of a seed: its name and its content; the same every time."""
    chance = random.Random(f"{seed}/{n}")
    name = chance.choice(sorted(sound))
    data = bytearray(sound[name])
    done = []
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        change = chance.choice(CHANGES)
        if len(data) > 16:
            change(data, chance)
            done.append(change.__name__)
    stem, _, suffix = name.partition(".")
    return f"{n:05}-{stem}-{'-'.join(done)}.{suffix}", bytes(data[: 2 << 20])


# In the worker


def look(job: Job, beat: Progress) -> Outcome:
    """Opens a film and reads its first pictures, and some from its middle."""
    status, reason, trace = "ok", None, None
    try:
        _read(job.path)
        if job.terms.video:
            _written(job.path, job.out / f"{job.sha256}.mp4")
    except InputError as error:
        status, reason = "unreadable", str(error)
    except Exception as error:
        status, reason = "failed", limits.refused(error)
        trace = None if reason else traceback.format_exc()
    record = ClipRecord.model_validate({"name": job.name, "status": status, "reason": reason})
    return Outcome(job.name, record, trace=trace)


def _read(path: Path) -> None:
    last = -math.inf
    with VideoFile(path, OTHERS) as video:
        shape = video.clip.height, video.clip.width, 3
        for frame in itertools.islice(video, FRAMES):
            assert frame.rgb.shape == shape and frame.rgb.flags.c_contiguous
            assert last < frame.t and abs(frame.t) <= OTHERS.longest_s
            last = frame.t
        for _ in itertools.islice(video.frames(1.2, longest=32), 5):
            pass


def _written(path: Path, out: Path) -> None:
    """The first pictures and all the sound in a new film: copied, and with a still in between."""
    for stops in (None, Stops(((0.1, 0.5),), 1.0, 0.5)):
        with VideoFile(path, OTHERS) as video:
            size = video.clip.width, video.clip.height
            with VideoWriter(out, *size, source=path, stops=stops) as film:
                for frame in itertools.islice(video, 5):
                    film.write(frame.rgb, frame.t)
        out.unlink()


# In the parent


@dataclass
class Figures:
    """What came of the films."""

    files: int = 0
    opened: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """Reasons, without what differs from film to film."""
    lost: Counter[str] = field(default_factory=Counter)
    """Why workers died or had to be ended."""
    faults: list[str] = field(default_factory=list)
    """Tracebacks of what is no refusal."""
    bad: list[str] = field(default_factory=list)
    """The names of the films that crashed, hung, or raised such."""
    seconds: float = 0.0
    slowest: tuple[float, str] = (0.0, "")

    def count(self, done: Outcome | Lost, took: float) -> bool:
        """Whether it went as it should."""
        self.files += 1
        name = done.job.name if isinstance(done, Lost) else done.name
        self.slowest = max(self.slowest, (round(took, 2), name))
        if isinstance(done, Lost):
            self.lost[done.why] += 1
        elif done.trace is not None:
            self.faults.append(done.trace)
        elif done.record is not None and done.record.reason is None:
            self.opened += 1
            return True
        elif done.record is not None:
            self.refused[_plain(done.record.reason or "", name)] += 1
            return True
        self.bad.append(name)
        return False


def _plain(reason: str, name: str) -> str:
    said = reason.partition(f"{name}: ")[2] or reason
    return re.sub(r"\d[\d,.]*", "N", said.partition(". Expected")[0])


def fuzz(
    films: Iterator[tuple[str, bytes]],
    jobs: int = 1,
    keep: Path | None = None,
    writing: bool = False,
) -> Figures:
    """All films through workers. keep: a folder for those that went wrong. writing: what was read
    is written with its sound, too."""
    figures, begun, since = Figures(), time.monotonic(), {}
    pool = LocalPool(jobs, WRITING if writing else TIGHT, work=look)
    with tempfile.TemporaryDirectory() as place, closing(pool):
        room = Path(place)

        def end(done: Outcome | Lost) -> None:
            name = done.job.name if isinstance(done, Lost) else done.name
            fine = figures.count(done, time.monotonic() - since.pop(name))
            path = room / name
            if not fine and keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / name).write_bytes(path.read_bytes())
            path.unlink()

        for name, data in films:
            while not pool.room():
                for done in pool.next(60):
                    end(done)
            (room / name).write_bytes(data)
            since[name] = time.monotonic()
            pool.submit(
                Job(name, room / name, str(len(since)), room, "x", "", Terms(video=writing))
            )
        while since:
            for done in pool.next(60):
                end(done)
    figures.seconds = round(time.monotonic() - begun, 1)
    return figures


def damaged(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Name and content of so many damaged films."""
    with tempfile.TemporaryDirectory() as place:
        sound = seeds(Path(place))
    for n in range(count):
        yield mutated(sound, seed, n)


def main() -> int:
    """Returns 1 where any film went wrong."""
    asked = argparse.ArgumentParser(description="Damaged films through opening and reading.")
    asked.add_argument("--files", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--keep", type=Path, default=Path("build/fuzz"))
    asked.add_argument("--write", action="store_true", help="write films of them as well")
    said = asked.parse_args()
    figures = fuzz(damaged(said.files, said.seed), said.jobs, said.keep, said.write)
    for trace, n in Counter(figures.faults).items():
        print(f"{n} times: {trace}")
    print(json.dumps({k: v for k, v in vars(figures).items() if k != "faults"}, indent=2))
    return 1 if figures.bad else 0


if __name__ == "__main__":
    sys.exit(main())
