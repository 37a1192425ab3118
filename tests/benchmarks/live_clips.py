"""Live against recorded: films as cameras, in real time, give what `analyze` gives.

    python tests/benchmarks/live_clips.py CLIP... [--out DIR]

Each clip is analysed, and watched four times: in real time as it is, in real time with the setting
that `analyze` found, and twice with a third of its pictures lost. Asked: the same reps always, with
the setting the same findings, and of each finding that was called out that the report has it.
Status 1 where one is missed. In real time the two cores have to be free.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from formcheck.analysis import Options
from formcheck.live.cues import Prompter
from formcheck.live.run import Live, sit
from formcheck.video.sources import Played, Shot

NO_CHECK = {"count", "placement", "set", "stop", "mark"}
QUIET = ("--realtime", "--no-window", "--no-sound")


class Thinned(Played):
    """A film of which a third of the pictures is lost, not in a hurry."""

    def __init__(self, path: Path, seed: int) -> None:
        super().__init__(path, realtime=False)
        self._rng = random.Random(seed)

    def read(self) -> Shot | None:
        while self._rng.random() < 1 / 3:
            if super().read() is None:
                return None
        return super().read()


def formcheck(*args: object) -> None:
    """Run a command; its words are shown where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "formcheck", *map(str, args)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"formcheck {' '.join(map(str, args))}\n{done.stderr}")


def thinned(clip: Path, out: Path, seed: int) -> None:
    """Watch it with a third of its pictures lost."""
    live = Live(Thinned(clip, seed), out, Options(), Prompter)
    sit(live, lambda *_: None, lambda kept: None, draw=False)


def told(folder: Path, name: str = "report.json") -> dict:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def reps(report: dict) -> list:
    return [(r["number"], r["kind"]) for r in report["reps"]]


def findings(report: dict) -> list:
    """Rep (None: of the set), check and how bad it is."""
    own = [(r["number"], f["check"], f["severity"]) for r in report["reps"] for f in r["findings"]]
    return sorted(own) + sorted((f["check"], f["severity"]) for f in report["set"]["findings"])


def unheard_of(folder: Path) -> set[str]:
    """What was called out and is not in the report."""
    found = {one[-2] for one in findings(told(folder))}
    return {c["check"] for c in told(folder, "live.json")["cues"]} - NO_CHECK - found


def compared(clip: Path, out: Path) -> dict[str, object]:
    """One row of the table."""
    name = clip.stem
    formcheck("analyze", clip, "--no-video", "--out", out)
    recorded, setting = told(out / name), out / name / "setting.json"
    runs = {"live": (), "given": ("--setting", setting)}
    for how, more in runs.items():
        formcheck("live", "--source", clip, *QUIET, "--out", out / how, *more)
    for seed in (1, 2):
        thinned(clip, out / f"thin{seed}", seed)
    folders = {how: out / how / name for how in (*runs, "thin1", "thin2")}
    lost = [told(folders[how], "live.json") for how in runs]
    return {
        "clip": name,
        "reps": len(reps(recorded)),
        "same_reps": {how: reps(told(f)) == reps(recorded) for how, f in folders.items()},
        "findings": len(findings(recorded)),
        "same_findings": findings(told(folders["given"])) == findings(recorded),
        "differ": sorted(map(str, set(findings(recorded)) ^ set(findings(told(folders["given"]))))),
        "not_in_report": sorted(set().union(*(unheard_of(f) for f in folders.values()))),
        "dropped": [f"{one['frames_dropped']}/{one['frames_in']}" for one in lost],
    }


def main() -> int:
    """Compare, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as scratch:
        for clip in asked.clips:
            row = compared(clip, asked.out or Path(scratch))
            print(json.dumps(row), flush=True)
            good &= all(row["same_reps"].values()) and row["same_findings"]  # type: ignore[union-attr]
            good &= not row["not_in_report"]
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
