"""What a frame costs, by the clip's length, resolution, rate and people and the number of clips.

    python tests/benchmarks/growth.py [--only length,people] [--repeats 3] [--json F]
                                      [--against RECORDED]

Each case is one `formcheck analyze` with its annotated video, in turn with the plain one of its
kind: 20 s of 720p at 30 frames a second with one person; for other resolutions and rates 10 s of
it, made as they are; for several people 14 s of 360p with one. A rate above 30 repeats pictures,
which are cheaper to decode and to code than as many that differ. Said are the medians over the
repeats of wall time and processor time a frame, with their ratios to the plain case's of the same
round, and the peak of memory. `--against` names what takes more of the processor or of memory than
was recorded, beyond NOISE, with status 1. Alone on the machine, on Linux; some 25 minutes.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from clips import SAMPLE, repeated, resized
from timed import Recorded, Run, kept, median, timed

from formcheck.video.reader import VideoFile

SAMPLES = SAMPLE.parent
ALONE = SAMPLES / "fault_hips_pike.mp4"
"""360p, one person, 14 s: as small as the samples with several."""
NOISE = {"ratios": 0.1, "peaks": 0.1}
"""By how much of itself a figure differs between two runs of the same code, at most."""
Make = Callable[[Path], Sequence[Path]]
"""Takes a folder, gives the clips that are analysed at once."""


@dataclass(frozen=True)
class Case:
    """One way in which a clip may differ from the plain one."""

    kind: str
    name: str
    make: Make
    base: Make
    """Makes what it is compared with."""


def long(seconds: float) -> Make:
    """The plain clip again and again."""
    return lambda folder: [repeated(SAMPLE, folder / "long.mp4", seconds)]


def other(height: int, fps: float, seconds: float = 10.0) -> Make:
    """So many seconds of it, its pictures of another height, so many a second."""

    def make(folder: Path) -> Sequence[Path]:
        name = folder / f"{height}_{fps:g}.mp4"
        return [resized(SAMPLE, name, height, fps, until_s=seconds)]

    return make


def sample(name: str) -> Make:
    """A sample clip as it is."""
    return lambda _: [SAMPLES / f"{name}.mp4"]


def several(many: int) -> Make:
    """As many clips in one command, none the same."""

    def make(folder: Path) -> Sequence[Path]:
        return [
            resized(SAMPLE, folder / f"{k}.mp4", 720, 30.0, since_s=k / 10) for k in range(many)
        ]

    return make


PLAIN, SHORT, SMALL = sample(SAMPLE.stem), other(720, 30.0), sample(ALONE.stem)
CASES = (
    *(Case("length", f"{s} s", long(s), PLAIN) for s in (40, 60, 180)),
    *(Case("resolution", f"{h}p", other(h, 30.0), SHORT) for h in (360, 1080, 2160)),
    *(Case("rate", f"{f} a second", other(720, f), SHORT) for f in (15, 60, 240)),
    *(Case("people", n, sample(n), SMALL) for n in ("partner", "bystander", "coach_behind")),
    *(Case("clips", f"{n}", several(n), PLAIN) for n in (2, 4)),
)


def frames(clips: Sequence[Path]) -> int:
    """How many pictures they have."""
    return sum(VideoFile(clip).clip.frames or 0 for clip in clips)


def analysed(clips: Sequence[Path], out: Path) -> Run:
    """One command for all of them."""
    names = [str(clip) for clip in clips]
    return timed([sys.executable, "-m", "formcheck", "analyze", *names, "--out", str(out)])


def measured(cases: Sequence[Case], repeats: int) -> Iterator[dict[str, str | float]]:
    """Each case beside the plain one, in turn: a machine that slows down slows both."""
    for case in cases:
        with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
            clips, base = case.make(Path(folder)), case.base(Path(folder))
            names, plain, runs = (base, clips), list[Run](), list[Run]()
            for _ in range(repeats):
                for of, clip in zip((plain, runs), names, strict=True):
                    of.append(analysed(clip, Path(folder) / "out"))
            few, many = frames(base), frames(clips)
        told: dict[str, str | float] = {"kind": case.kind, "case": case.name, "frames": many}
        told |= _of_a_frame(runs, many)
        for name in ("wall", "cpu"):
            took = [[getattr(run, f"{name}_s") for run in of] for of in (runs, plain)]
            told[f"{name}_ratio"] = median_of(took) * few / many
        yield {k: round(v, 3) if isinstance(v, float) else v for k, v in told.items()}


def _of_a_frame(runs: Sequence[Run], many: int) -> dict[str, float]:
    run = median(runs)
    took = {"wall_ms": 1e3 * run.wall_s / many, "cpu_ms": 1e3 * run.cpu_s / many}
    return took | {"peak_mb": run.peak_mb}


def median_of(took: Sequence[Sequence[float]]) -> float:
    """The median of what the first took of the second, round by round."""
    return statistics.median(a / b for a, b in zip(*took, strict=True))


def main() -> int:
    """Measure and say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help="some of the kinds")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", type=Path, help="the file for the figures")
    parser.add_argument("--against", type=Path, help="figures recorded earlier")
    said = parser.parse_args()
    recorded = Recorded.read(said.against) if said.against else None
    kinds = said.only.split(",") if said.only else [case.kind for case in CASES]
    rows = []
    for row in measured([case for case in CASES if case.kind in kinds], said.repeats):
        rows.append(row)
        print(" | ".join(str(value) for value in row.values()), file=sys.stderr)
    told = {
        which: {f"{row['kind']} {row['case']}": float(row[of]) for row in rows}
        for which, of in (("ratios", "cpu_ratio"), ("peaks", "peak_mb"))
    }
    if said.json:
        kept(said.json, {"repeats": said.repeats, "cases": rows, **told})
    return judged(told, recorded) if recorded else 0


def judged(told: dict[str, dict[str, float]], recorded: Recorded) -> int:
    """Say what got worse; 1 where anything did."""
    worse = [w for which, noise in NOISE.items() for w in recorded.grown(which, told[which], noise)]
    for line in (*recorded.odd("ratios", told["ratios"]), *(f"WORSE {w}" for w in worse)):
        print(line, file=sys.stderr)
    return int(bool(worse))


if __name__ == "__main__":
    sys.exit(main())
