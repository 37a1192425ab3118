"""How much memory an analysis takes at 1080p, with its annotated video, by the clip's length.

    python tests/benchmarks/memory.py [--minutes 1,10] [--fps 6] [--height 1080]

The same pictures are repeated; few a second, so that an hour is measured in minutes. Aim: at most
900 MB, and the longest within 5 % of the shortest. On Linux; status 1 where it is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from clips import SAMPLE, repeated, resized
from timed import timed

MOST_MB, WITHIN = 900.0, 0.05


def main() -> int:
    """Measure, say, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", default="1,10")
    parser.add_argument("--fps", type=float, default=6.0)
    parser.add_argument("--height", type=int, default=1080)
    said = parser.parse_args()
    peaks = []
    with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
        short = resized(SAMPLE, Path(folder) / "short.mp4", said.height, said.fps)
        for minutes in said.minutes.split(","):
            clip = repeated(short, Path(folder) / f"{minutes}.mp4", 60 * float(minutes))
            command = ["-m", "formcheck", "analyze", str(clip), "--out", str(Path(folder) / "out")]
            run = timed([sys.executable, *command])
            peaks.append(run.peak_mb)
            print(f"{minutes} min: {run.peak_mb:.0f} MB, {run.wall_s:.0f} s", file=sys.stderr)
    flat = max(peaks) <= (1 + WITHIN) * min(peaks)
    return int(not flat or max(peaks) > MOST_MB)


if __name__ == "__main__":
    sys.exit(main())
