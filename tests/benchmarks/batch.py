"""How fast a batch is, and what memory it takes: one worker on one core against one a core.

    python tests/benchmarks/batch.py [--clips 24] [--cores 2] [--json]

The sample clips are checked twice, with all that a report is made of: by one worker bound to one
core, and by as many workers as there are cores. Said are clips and frames a second, how many times
as fast the many are, and the greatest memory of the whole process tree, for a worker and over the
run. Aim, of 2 cores: 1.8 times; at most 700 MB a worker; the last third at most 50 MB a worker
above the first: other clips are under way then. Alone on the machine, on Linux; status 1 where an
aim is missed. What else ran meanwhile is said: the seconds of those cores that were idle, and that
others took.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "sample_videos"
PER_CORE, MOST_MB, GROWTH_MB = 0.9, 700.0, 50.0
LOOK_S = 1.0
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """One run of the batch."""

    workers: int
    seconds: float
    clips: int
    frames: int
    worker_mb: float
    """The greatest memory of the process tree, for one worker."""
    first_mb: float
    """The greatest of the whole tree in the first third of the run, after the start."""
    last_mb: float
    """The same in the last third."""
    busy_s: float
    """Processor seconds of the whole tree."""
    idle_s: float
    """Seconds that its cores were idle, all of them together."""
    others_s: float
    """Seconds that something else took of them."""

    @property
    def rate(self) -> float:
        """Frames a second."""
        return self.frames / self.seconds


def run(clips: Path, out: Path, workers: int, cores: set[int]) -> Measured:
    """Check the clips on some cores."""
    command = [sys.executable, "-m", "formcheck", "batch", str(clips), "--out", str(out)]
    begun, seen, idle, used = time.monotonic(), [], idle_s(cores), children_s()
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)  # inherited by whom it starts
    process = subprocess.Popen([*command, "--jobs", str(workers)])
    os.sched_setaffinity(0, mine)
    while process.poll() is None:
        seen.append(tree_mb(process.pid))
        time.sleep(LOOK_S)
    seconds = time.monotonic() - begun
    idle, used = idle_s(cores) - idle, children_s() - used
    if process.returncode:
        sys.exit(f"the batch ended with status {process.returncode}")
    listed = json.loads((out / "batch.json").read_text(encoding="utf-8"))["clips"]
    reports = [json.loads((out / c["folder"] / "report.json").read_text()) for c in listed]
    frames = sum(report["clip"]["frames"] for report in reports)
    third = max(1, len(seen) // 3)
    return Measured(
        workers, seconds, len(listed), frames, max(seen) / workers, max(seen[:third]),
        max(seen[-third:]), used, idle, max(0.0, len(cores) * seconds - used - idle),
    )  # fmt: skip


def idle_s(cores: set[int]) -> float:
    """How long these cores have been idle since the machine began, together."""
    rows = [row.split() for row in Path("/proc/stat").read_text().splitlines()]
    mine = [row for row in rows if row[0] in {f"cpu{n}" for n in cores}]
    return sum(int(row[4]) + int(row[5]) for row in mine) * TICK_S


def children_s() -> float:
    """The processor seconds of all processes that were begun here and have ended."""
    times = os.times()
    return times.children_user + times.children_system


def tree_mb(pid: int) -> float:
    """The memory of a process and all below it, megabytes; what they share counts once."""
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            waiting += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except OSError:
            continue
        line = next((row for row in rollup.splitlines() if row.startswith("Pss:")), "Pss: 0")
        total += int(line.split()[1]) / 1024
    return total


def chosen(folder: Path, count: int) -> Path:
    """So many sample clips, the same every time, of all sizes."""
    films = sorted(SAMPLES.glob("*.mp4"))
    for film in films[:: max(1, len(films) // count)][:count]:
        shutil.copy(film, folder)
    return folder


def main() -> int:
    """Measure, say, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--cores", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--json", action="store_true")
    said = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))[: said.cores]
    with tempfile.TemporaryDirectory(prefix="formcheck-") as scratch:
        clips = Path(scratch) / "in"
        clips.mkdir()
        chosen(clips, said.clips)
        one = run(clips, Path(scratch) / "one", 1, {cores[0]})
        many = run(clips, Path(scratch) / "many", len(cores), set(cores))
        same = (Path(scratch) / "one" / "batch.csv").read_bytes() == (
            Path(scratch) / "many" / "batch.csv"
        ).read_bytes()
    times = many.rate / one.rate
    met = (
        same
        and times >= PER_CORE * len(cores)
        and max(one.worker_mb, many.worker_mb) <= MOST_MB
        and many.last_mb - many.first_mb <= GROWTH_MB * many.workers
    )
    if said.json:
        print(json.dumps({"one": asdict(one), "many": asdict(many), "times": times, "met": met}))
    for m in (one, many):
        print(
            f"{m.workers} worker(s): {m.clips} clips, {m.frames} frames in {m.seconds:.1f} s, "
            f"{m.rate:.1f} frames/s; {m.worker_mb:.0f} MB a worker at most, the whole "
            f"{m.first_mb:.0f} MB in the first third, {m.last_mb:.0f} MB in the last; "
            f"{m.busy_s:.0f} s of processor, {m.idle_s:.0f} s idle, {m.others_s:.0f} s of others",
            file=sys.stderr,
        )
    print(
        f"{times:.2f} times, the same table: {same}: {'met' if met else 'MISSED'}", file=sys.stderr
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
