"""How soon something happens: the help, and the first frame of a clip that is followed.

    python tests/benchmarks/start.py [--repeats 5] [--json F]

Whole processes, with a warm cache: `formcheck --help` from its start to its end, and `formcheck
analyze` from its start until the first frame was followed. Medians. Aims: at most 0.3 s and 1.5 s.
Alone on the machine; status 1 where one is missed.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from clips import SAMPLE
from timed import kept

AIMS = {"help": 0.3, "first frame": 1.5}
"""Seconds, at most."""
UNTIL_FIRST = """
import os, sys
from formcheck.landmarker import Landmarker
find = Landmarker.find
def found(self, rgb, t):
    seen = find(self, rgb, t)
    if self._video:
        os._exit(77)
    return seen
Landmarker.find = found
from formcheck.cli import main
main()
"""
"""The command, until a frame has been followed: looks at single pictures are none."""
FOLLOWED = 77


def main() -> int:
    """Measure, say, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path, help="the file for the figures")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
        analyze = ["-c", UNTIL_FIRST, "analyze", str(SAMPLE), "--out", folder, "--no-video"]
        asked = {"help": (["-m", "formcheck", "--help"], 0), "first frame": (analyze, FOLLOWED)}
        took = {name: _median(said.repeats, *ask) for name, ask in asked.items()}
    for name, seconds in took.items():
        print(f"{name}: {seconds:.2f} s, aim {AIMS[name]}", file=sys.stderr)
    if said.json:
        kept(said.json, {"seconds": {name: round(s, 3) for name, s in took.items()}})
    return int(any(seconds > AIMS[name] for name, seconds in took.items()))


def _median(repeats: int, words: list[str], status: int) -> float:
    """Seconds of a process that ends so; the first one, which warms the cache, is not counted."""
    took = []
    for _ in range(repeats + 1):
        begun = time.monotonic()
        done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
        took.append(time.monotonic() - begun)
        if done.returncode != status:
            sys.exit(f"status {done.returncode}, expected {status}\n{done.stdout}{done.stderr}")
    return statistics.median(took[1:])


if __name__ == "__main__":
    sys.exit(main())
