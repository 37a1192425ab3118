"""How fast a clip is checked, against the bare loop: decode a frame, call MediaPipe, no more.

    python tests/benchmarks/analysis.py [--seconds 60] [--repeats 3] [--only bare,video] [--json F]
                                        [--against RECORDED] [--peers DIR]

A clip of 720p with one person is checked by the whole command, with its annotated video and
without, in turn with the bare loop and the script that everybody writes. Said are medians over the
repeats: of the seconds, and of what each took of its own round's bare loop. Aim, of 2 cores: at
most 0.75 of the wall time with the video and 0.58 without. `--against` compares with recorded
ratios, of wall and of processor time, and names what got worse by more than NOISE. `--peers` is a
folder with the environments `kinemotion` and `sports2d` (docs/speed.md), which are run besides.
Alone on the machine, on Linux; status 1 where something got worse, or an aim is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from clips import SAMPLE, repeated
from timed import Recorded, Run, kept, median, middle, of_each_round, timed

from formcheck import models
from formcheck.landmarker import NOWHERE

PEERS = Path(__file__).parent / "peers"
AIMS = {"video": 0.75, "report": 0.58}
"""The most of the bare loop's wall time, of a clip of AIMED_S and more."""
AIMED_S = 60.0
"""Shorter ones are followed in one piece, or start and end weigh more."""
ALL, PROGRAMS = "bare,opencv,report,video", ("kinemotion", "sports2d")
NOISE = {"ratios": 0.12, "cpu_ratios": 0.06}
"""By how much of itself a ratio differed between medians of the same code, at most: the wall's
hangs on who else wants the second core."""
ENDS = {"kinemotion": "Could not detect CMJ phases"}
"""It looks for a jump in what it has tracked, and ends with an error where there is none."""


def command(name: str, clip: Path, model: Path, out: Path) -> list[str]:
    """What is run under a name."""
    formcheck = ["-m", "formcheck", "analyze", str(clip), "--model", str(model), "--out", str(out)]
    known = {
        "bare": [str(PEERS / "bare.py"), str(clip), str(model)],
        "opencv": [str(PEERS / "opencv.py"), str(clip), str(model), str(out / "peer.mp4")],
        "report": [*formcheck, "--no-video"],
        "video": formcheck,
    }
    return [sys.executable, *known[name]]


def peer(name: str, clip: Path, peers: Path, out: Path) -> list[str]:
    """The same of a program that has an environment of its own."""
    home = peers / name / "bin"
    if name == "sports2d":
        return [str(home / "python"), str(PEERS / "with_sports2d.py"), str(clip), str(out / name)]
    return [str(home / "kinemotion"), "cmj-analyze", str(clip), "--output", str(out / "jump.mp4")]


def measured(
    names: list[str], clip: Path, repeats: int, scratch: Path, peers: Path | None
) -> dict[str, list[Run]]:
    """All in turn, so that a machine that slows down slows all of them."""
    model, runs = models.ensure(), dict[str, list[Run]]({name: [] for name in names})
    (scratch / "out").mkdir(exist_ok=True)
    for _ in range(repeats):
        for name in names:
            # MediaPipe reports home through https: not from here
            theirs = peers is not None and (peers / name).is_dir()
            line = (
                peer(name, clip, peers, scratch)
                if theirs
                else command(name, clip, model, scratch / "out")
            )
            run = timed(line, {"https_proxy": NOWHERE}, but=ENDS.get(name))
            runs[name].append(run)
            print(f"{name}: {run.wall_s:.2f} s, {run.cpu_s:.2f} s of processor", file=sys.stderr)
    return runs


def main() -> int:
    """Measure, say, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", help="some of the runs")
    parser.add_argument("--json", type=Path, help="the file for the figures")
    parser.add_argument("--against", type=Path, help="figures recorded earlier")
    parser.add_argument("--peers", type=Path, help="environments of other programs")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
        clip = repeated(SAMPLE, Path(folder) / "clip.mp4", said.seconds)
        names = (said.only or ",".join([ALL, *(PROGRAMS if said.peers else ())])).split(",")
        runs = measured(names, clip, said.repeats, Path(folder), said.peers)
    told = figures(runs) | {"seconds": said.seconds, "repeats": said.repeats}
    if said.json:
        kept(said.json, told)
    for name, run in told["runs"].items():
        print(f"{name}: {run}, {told['ratios'].get(name)} of the bare loop", file=sys.stderr)
    return judged(told, Recorded.read(said.against) if said.against else None)


def figures(runs: dict[str, list[Run]]) -> dict[str, Any]:
    """What is told of the runs, by their names."""
    wall = of_each_round(runs, "wall_s")
    return {
        "runs": {name: asdict(median(of)) for name, of in runs.items()},
        "ratios": middle(wall),
        "spread": {name: [round(min(of), 3), round(max(of), 3)] for name, of in wall.items()},
        "cpu_ratios": middle(of_each_round(runs, "cpu_s")),
    }


def judged(told: dict[str, Any], recorded: Recorded | None) -> int:
    """Say what missed its aim, and what got worse; 1 where anything did."""
    ratios, aims = told["ratios"], AIMS if told["seconds"] >= AIMED_S else {}
    bad = [f"MISSED {n}: {ratios[n]}, aim {a}" for n, a in aims.items() if ratios.get(n, 0.0) > a]
    for which, noise in NOISE.items() if recorded else ():
        bad += [f"WORSE {line}" for line in recorded.grown(which, told[which], noise)]
    for line in (*(recorded.odd("ratios", ratios) if recorded else ()), *bad):
        print(line, file=sys.stderr)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
