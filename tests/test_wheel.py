"""The built wheel, installed alone into a fresh environment, analyses a clip."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from formcheck import models

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_videos" / "fault_hips_pike.mp4"


def run(*command: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command with the user's own proxies: a landmarker may have closed this process's."""
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        env={**models.original_environment(), **more},
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.model
@pytest.mark.slow
def test_the_wheel_alone_analyses_a_clip(model, tmp_path):
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--wheel-dir", tmp_path / "dist", ROOT)
    (wheel,) = (tmp_path / "dist").iterdir()
    run(sys.executable, "-m", "venv", tmp_path / "fresh")
    bin_ = tmp_path / "fresh" / ("Scripts" if os.name == "nt" else "bin")
    fresh_pip = (bin_ / "python", "-m", "pip", "--disable-pip-version-check")
    run(*fresh_pip, "install", "--quiet", "-c", ROOT / "constraints.txt", wheel)
    # The installed command imports the installed package; the fetched model is used again.
    analyze = (bin_ / "formcheck", "analyze", SAMPLE, "--out", tmp_path / "out")
    run(*analyze, FORMCHECK_MODELS=str(model.parent))
    folder = tmp_path / "out" / SAMPLE.stem
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert report["set"]["reps"] == 2
    for name in ("report.html", "annotated.mp4", "reps.csv", "signals.csv"):
        assert (folder / name).stat().st_size > 0
