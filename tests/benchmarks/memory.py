"""How much memory an analysis takes, by the clip's length and the pictures' size.

    python tests/benchmarks/memory.py [--minutes 1,10] [--fps 6] [--height 1080] [--sets 20]
                                      [--no-video]

Whole commands, with the annotated video unless left out; the most that the process tree ever held,
looked at twenty times a second. The same pictures are repeated, few a second unless `--fps 30` is
asked for: with those an hour takes an hour on two cores. A clip is one set of as many reps as it
holds, or `--sets` with rests between them. Less than 20 s is a part of the sample. Aim: at most 900
MB in full HD, and the longest clip of a minute and more within 5 % of the shortest. On Linux;
status 1 where it is missed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from clips import SAMPLE, repeated, resized, session

MOST_MB, WITHIN, FULL_HD = 900.0, 0.05, 1080
LEAST_S = 20.0
"""What is shorter is one part of the sample."""
LOOK_S = 0.05


def main() -> int:
    """Measure, say, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", default="1,10")
    parser.add_argument("--fps", type=float, default=6.0)
    parser.add_argument("--height", type=int, default=1080)
    parser.add_argument("--sets", type=int, help="as in a training, with rests")
    parser.add_argument("--no-video", action="store_true")
    said = parser.parse_args()
    more = ["--no-video"] if said.no_video else []
    peaks = {}
    with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
        for minutes in said.minutes.split(","):
            clip = made(Path(folder), 60 * float(minutes), said.height, said.fps, said.sets)
            begun = time.monotonic()
            peaks[minutes] = peak_mb(["analyze", str(clip), "--out", f"{folder}/out", *more])
            took = time.monotonic() - begun
            print(f"{minutes} min: {peaks[minutes]:.0f} MB, {took:.0f} s", file=sys.stderr)
    missed = list(judged(peaks, said.height))
    for line in missed:
        print(f"MISSED {line}", file=sys.stderr)
    return int(bool(missed))


def made(folder: Path, seconds: float, height: int, fps: float, sets: int | None) -> Path:
    """The clip of so many seconds."""
    name = f"{height}_{fps:g}_{min(seconds, LEAST_S):.0f}.mp4"
    short = folder / name
    if not short.exists():
        resized(SAMPLE, short, height, fps, until_s=seconds)
    if seconds < LEAST_S:
        return short
    clip = folder / f"{seconds:.0f}_{name}"
    return session(short, clip, sets, seconds) if sets else repeated(short, clip, seconds)


def peak_mb(words: list[str]) -> float:
    """Run formcheck to its end; the most that it held, with all processes below it, in MB. Raises
    SystemExit where it fails."""
    with tempfile.TemporaryFile() as said:
        command = [sys.executable, "-m", "formcheck", *words]
        with subprocess.Popen(command, stdout=said, stderr=said) as child:
            most = 0
            while child.poll() is None:
                most = max(most, sum(held_kb(pid) for pid in tree(child.pid)))
                time.sleep(LOOK_S)
        if child.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(command)}: status {child.returncode}\n{said.read().decode()}")
    return most / 1024


def tree(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text(encoding="ascii").split():
                yield from tree(int(child))


def held_kb(pid: int) -> int:
    """What of a process is in memory, kB; 0 once it is gone."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
    return 0


def judged(peaks: dict[str, float], height: int) -> Iterator[str]:
    """What missed its aim, in words."""
    for minutes, peak in peaks.items():
        if peak > MOST_MB and height <= FULL_HD:
            yield f"{minutes} min: {peak:.0f} MB, aim at most {MOST_MB:.0f}"
    long = {minutes: peak for minutes, peak in peaks.items() if float(minutes) >= 1}
    shortest = min(long or peaks, key=float)
    for minutes, peak in long.items():
        off = peak / peaks[shortest] - 1
        if abs(off) > WITHIN:
            yield f"{minutes} min: {off:+.1%} against {shortest} min, aim within {WITHIN:.0%}"


if __name__ == "__main__":
    sys.exit(main())
