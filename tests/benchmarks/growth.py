"""What a frame costs, by the clip's length, resolution, rate and people and the number of clips.

    python tests/benchmarks/growth.py [--only length,people] [--json F] [--against RECORDED]

Each case is one `formcheck analyze` with its annotated video, in turn with the plain one: 20 s of
720p at 30 frames a second with one person (beside those with several, 14 s of 360p). Said are wall
time and processor time a frame, with their ratios to the plain case's, and the peak of memory.
`--against` names what takes more of the processor than was recorded, beyond NOISE, with status 1.
Alone on the machine, on Linux.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from clips import SAMPLE, repeated, resized
from timed import Run, grown, kept, timed

from formcheck.video.reader import VideoFile

SAMPLES = SAMPLE.parent
ALONE = SAMPLES / "fault_hips_pike.mp4"
"""360p, one person, 14 s: as small as the samples with several."""
NOISE = 0.1
"""By how much of itself a ratio differs between two runs of the same code, at most."""
Make = Callable[[Path], Sequence[Path]]
"""Takes a folder, gives the clips that are analysed at once."""


@dataclass(frozen=True)
class Case:
    """One way in which a clip may differ from the plain one."""

    kind: str
    name: str
    make: Make
    base: Path = SAMPLE
    """The clip that it is compared with."""


def long(seconds: float) -> Make:
    """The plain clip again and again."""
    return lambda folder: [repeated(SAMPLE, folder / "long.mp4", seconds)]


def other(height: int, fps: float, seconds: float = 20.0) -> Make:
    """Its pictures of another height, so many a second."""

    def make(folder: Path) -> Sequence[Path]:
        short = resized(SAMPLE, folder / "short.mp4", height, fps, until_s=seconds)
        return [short]

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


CASES = (
    *(Case("length", f"{s} s", long(s)) for s in (40, 60, 180)),
    *(Case("resolution", f"{h}p", other(h, 30.0, 10.0)) for h in (360, 1080, 2160)),
    *(Case("rate", f"{f} a second", other(720, f, 10.0)) for f in (15, 60, 240)),
    *(Case("people", n, sample(n), ALONE) for n in ("partner", "bystander", "coach_behind")),
    *(Case("clips", f"{n}", several(n)) for n in (2, 4)),
)


def frames(clips: Sequence[Path]) -> int:
    """How many pictures they have."""
    return sum(VideoFile(clip).clip.frames or 0 for clip in clips)


def analysed(clips: Sequence[Path], out: Path) -> Run:
    """One command for all of them."""
    names = [str(clip) for clip in clips]
    return timed([sys.executable, "-m", "formcheck", "analyze", *names, "--out", str(out)])


def measured(cases: Sequence[Case]) -> Iterator[dict[str, str | float]]:
    """Each case beside the plain one, which is run before it: a machine that slows down slows
    both."""
    for case in cases:
        with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
            clips = case.make(Path(folder))
            plain, few = analysed([case.base], Path(folder) / "plain"), frames([case.base])
            run, many = analysed(clips, Path(folder) / "out"), frames(clips)
        told: dict[str, str | float] = {"kind": case.kind, "case": case.name, "frames": many}
        told |= {"wall_ms": 1e3 * run.wall_s / many, "cpu_ms": 1e3 * run.cpu_s / many}
        told |= {"wall_ratio": run.wall_s / many / (plain.wall_s / few)}
        told |= {"cpu_ratio": run.cpu_s / many / (plain.cpu_s / few), "peak_mb": run.peak_mb}
        yield {k: round(v, 3) if isinstance(v, float) else v for k, v in told.items()}


def main() -> int:
    """Measure and say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help="some of the kinds")
    parser.add_argument("--json", type=Path, help="the file for the figures")
    parser.add_argument("--against", type=Path, help="figures recorded earlier")
    said = parser.parse_args()
    if said.against and not said.against.is_file():
        parser.error(f"{said.against} is not there: leave --against out, and record with --json")
    kinds = said.only.split(",") if said.only else [case.kind for case in CASES]
    rows = []
    for row in measured([case for case in CASES if case.kind in kinds]):
        rows.append(row)
        print(" | ".join(str(value) for value in row.values()), file=sys.stderr)
    ratios = {f"{row['kind']} {row['case']}": float(row["cpu_ratio"]) for row in rows}
    if said.json:
        kept(said.json, {"cases": rows, "ratios": ratios})
    worse = grown(ratios, said.against, NOISE) if said.against else []
    for line in worse:
        print(f"WORSE {line}", file=sys.stderr)
    return int(bool(worse))


if __name__ == "__main__":
    sys.exit(main())
