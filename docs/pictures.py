"""Make the pictures of the docs from the sample clip: `make pictures`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from formcheck.analysis import Options, analyze
from formcheck.results import write
from formcheck.video.reader import VideoFile

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_videos" / "side_clean_pike_drop.mp4"
PICTURES = ROOT / "docs" / "pictures"
WIDTH, HEIGHT = 900, 900


def main() -> None:
    """Analyse the sample and write docs/pictures/."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        analysis = analyze(SAMPLE, Options(), lambda stage, share: None)
        folder = write(analysis, Path(scratch) / "demo", lambda stage, share: None)
        fault = next(f for r in analysis.report.reps for f in r.findings if f.severity == "fault")
        _frame(folder / "annotated.mp4", (fault.at_s or 0.0) + 0.1, PICTURES / "annotated.png")
        _page(folder / "report.html", fault.at_s or 0.0, PICTURES / "report.png")


def _frame(video: Path, at: float, target: Path) -> None:
    with VideoFile(video) as film:
        frame = next(f for f in film if f.t >= at)
    Image.fromarray(frame.rgb).resize((1280, 720), Image.Resampling.LANCZOS).save(target)
    _small(target)


def _page(page: Path, at: float, target: Path) -> None:
    browser = shutil.which("chromium") or "/usr/bin/chromium"
    seek = (
        "(t) => new Promise(done => { const v = document.querySelector('video');"
        " v.onseeked = done; v.currentTime = t; })"
    )
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        tab = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        tab.goto(page.as_uri())
        tab.evaluate(seek, at)
        tab.wait_for_timeout(800)
        tab.screenshot(path=target)
        chromium.close()
    _small(target)


def _small(target: Path) -> None:
    """A palette keeps the repository small, and these pictures lose nothing by it."""
    Image.open(target).convert("RGB").quantize(256).save(target, optimize=True)


if __name__ == "__main__":
    main()
