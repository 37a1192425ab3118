"""A whole night, killed again and again: 60 clips of mixed kinds, 12 of them bad.

    python tests/batch_soak.py [--kills 30] [--seed 1] [--keep DIR]

Runs `formcheck batch` over them to the end: 48 reports, 12 reasons, status 0. Then runs it anew and
kills it, alone or with its workers, with SIGKILL at random moments so many times; runs it to the
end once more, and compares the tables byte for byte. Between two kills, every folder that
is in its place has to be whole. Status 1 where anything differs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from athlete import Curl, perform
from clips import make, make_sound

from formcheck.results import REPORT, SEAL

ROOT = Path(__file__).resolve().parents[1]
TABLES = ("batch.csv", "batch.json", "index.html")
FILMS = ("anchor_bench", "crushed", "dim", "fps_24", "fps_60", "bench_no_pause")
GOOD, BAD = 48, 12


def night(folder: Path, outside: Path) -> None:
    """The clips: films of somebody and of nobody, pose tracks, and what is no clip at all."""
    (folder / "team" / "u19").mkdir(parents=True)
    for name in FILMS:
        shutil.copy(ROOT / "sample_videos" / f"{name}.mp4", folder / "team")
    for n in range(12):
        make(folder / "team" / "u19" / f"nobody {n}.{'mov' if n % 2 else 'mp4'}", range(10 + n))
    for n in range(GOOD - 12 - len(FILMS)):
        track = perform(Curl(), Curl(fold=float(n))).film(seed=n, noise=0.5)
        track.save(folder / f"set {n:02}.npz")
    bad(folder / "bad", outside)


def bad(folder: Path, outside: Path) -> None:
    """Twelve of which each has its own reason."""
    folder.mkdir()
    film = (ROOT / "sample_videos" / f"{FILMS[0]}.mp4").read_bytes()
    track = next(folder.parent.glob("*.npz")).read_bytes()
    for name, content in {
        "empty.mp4": b"", "words.mp4": b"no film", "tail.mp4": film[len(film) // 3 :],
        "head.mp4": film[:64], "zeros.mov": bytes(100_000), "list.m3u8": b"#EXTM3U\n/etc/passwd\n",
        "list.ffconcat": b"ffconcat version 1.0\nfile /etc/passwd\n", "cut.npz": track[:2000],
        "page.webm": b"<html></html>",
    }.items():  # fmt: skip
        (folder / name).write_bytes(content)
    make_sound(folder / "sound.mp4")
    outside.write_bytes(film)
    (folder / "link.mp4").symlink_to(outside)
    os.mkfifo(folder / "pipe.mp4")


def batch(source: Path, out: Path) -> subprocess.Popen[bytes]:
    """The command, in a group of its own."""
    command = [sys.executable, "-m", "formcheck", "batch", str(source), "--out", str(out)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)


def whole(out: Path) -> bool:
    """Whether every folder that looks like a result is one."""
    return all(
        all((report.parent / name).stat().st_size == size for name, size in sizes.items())
        for report in out.rglob(REPORT)
        if ".formcheck" not in report.parts
        for sizes in [json.loads((report.parent / SEAL).read_text())["files"]]
    )


def killed(source: Path, out: Path, kills: int, seed: int) -> int:
    """Run and kill so many times; returns how often a run came to its end and began anew."""
    chance, finished, done = random.Random(seed), 0, 0
    while done < kills:
        process = batch(source, out)
        try:
            process.wait(chance.uniform(0.5, 10.0))
        except subprocess.TimeoutExpired:
            kill = chance.choice((os.kill, os.killpg))  # it alone, or its workers with it
            kill(process.pid, signal.SIGKILL)
            process.wait()
            done += 1
            reports = len([p for p in out.rglob(REPORT) if ".formcheck" not in p.parts])
            print(f"killed {done} of {kills}: {reports} reports", file=sys.stderr)
            assert whole(out), "a folder looks finished and is not"
        else:
            finished += 1
            shutil.rmtree(out)
    return finished


def main() -> int:
    """Run, kill, resume, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="formcheck-") as made:
        scratch = said.keep or Path(made)
        scratch.mkdir(exist_ok=True)
        source, once, often = (scratch / name for name in ("in", "once", "often"))
        night(source, scratch / "outside.mp4")
        begun = time.monotonic()
        status = batch(source, once).wait()
        clips = json.loads((once / "batch.json").read_text(encoding="utf-8"))["clips"]
        reports = sum(clip["folder"] is not None for clip in clips)
        reasons = sum(clip["folder"] is None and bool(clip["reason"]) for clip in clips)
        print(f"status {status}, {reports} reports, {reasons} reasons in "
              f"{time.monotonic() - begun:.0f} s", file=sys.stderr)  # fmt: skip
        finished = killed(source, often, said.kills, said.seed)
        last = batch(source, often).wait()
        same = all((once / name).read_bytes() == (often / name).read_bytes() for name in TABLES)
        print(f"{said.kills} kills, {finished} runs to their end between them; then status {last}, "
              f"tables {'the same' if same else 'NOT the same'}", file=sys.stderr)  # fmt: skip
        right = (status, reports, reasons, last) == (0, GOOD, BAD, 0)
        return 0 if right and same else 1


if __name__ == "__main__":
    sys.exit(main())
