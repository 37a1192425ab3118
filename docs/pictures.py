"""Make the pictures of the docs from the sample clip: `make pictures`."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from formcheck.analysis import Options, analyze
from formcheck.batch import ledger
from formcheck.batch.job import Job, Terms
from formcheck.batch.worker import work
from formcheck.exercises import DEFAULT, named
from formcheck.files import sha256
from formcheck.live.cues import Prompter
from formcheck.live.placement import brightness
from formcheck.live.screen import Screen
from formcheck.live.sitting import Seen, Sitting
from formcheck.pose import PoseTrack
from formcheck.results import write
from formcheck.video.reader import VideoFile

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_videos" / "demo_three_reps.mp4"
PICTURES = ROOT / "docs" / "pictures"
SCREENS = (
    ("report.png", 900, 1240, "light"),
    ("report-phone.png", 390, 1900, "light"),
    ("report-tablet-dark.png", 820, 1500, "dark"),
    ("report-desktop.png", 1440, 1500, "light"),
)
"""File, width and height in pixels, colour scheme."""
WINDOW = (1280, 720)
CUED, RESTED = "live.jpg", "live-rest.jpg"
PRINTED = ("report-print.png", 794, 1123)
"""An A4 page at 96 dots an inch."""
SQUAD = ("arms_graded", "demo_three_reps", "fault_hips_pike", "fault_knees_slide", "front",
         "graded_falls", "side_controlled", "side_six_clean", "yaw_minus_15")  # fmt: skip
"""Samples that make a squad."""
SQUAD_SCREEN = ("squad.png", 1200, 1240)
SEEK = """(t) => new Promise(done => {
  const video = document.querySelector("video");
  video.onseeked = () => setTimeout(done, 1500);
  video.currentTime = t;
})"""


def main() -> None:
    """Analyse the sample and write docs/pictures/."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        analysis = analyze(SAMPLE, Options(), lambda stage, share: None)
        folder = write(analysis, Path(scratch) / "demo", lambda stage, share: None)
        fault = next(f for r in analysis.report.reps for f in r.findings if f.severity == "fault")
        moment = (fault.at_s or 0.0) + 0.3  # inside the freeze that the first fault makes
        _frame(folder / "annotated.mp4", moment, PICTURES / "annotated.jpg")
        _last_frame(folder / "annotated.mp4", PICTURES / "annotated-end.jpg")
        _screens(folder / "report.html", moment)
        _squad(Path(scratch) / "squad")
        live(PoseTrack.load(folder / "pose.npz"))


def live(track: PoseTrack) -> None:
    """The live screen over the sample, whose poses are given: as it cues, and in the rest."""
    exercise = named(DEFAULT)
    sitting, screen, cued = Sitting(exercise, Prompter(exercise)), Screen(exercise.look), False
    with VideoFile(SAMPLE) as film:
        for frame, pose in zip(film, track, strict=True):
            sitting.push(Seen(pose.t, track.size, {0: pose}, brightness(frame.rgb)))
            state = replace(sitting.state(pose.t), pose=pose)
            if state.stressed and not cued:
                cued = True
                _keep(Image.fromarray(screen.draw(frame.rgb, state, WINDOW)), PICTURES / CUED)
        sitting.toggle()
        rested = replace(sitting.state(pose.t + 83), lights=())
        _keep(Image.fromarray(screen.draw(frame.rgb, rested, WINDOW)), PICTURES / RESTED)


def _frame(video: Path, at: float, target: Path) -> None:
    with VideoFile(video) as film:
        _keep(Image.fromarray(next(f.rgb for f in film if f.t >= at)), target)


def _last_frame(video: Path, target: Path) -> None:
    with VideoFile(video) as film:
        *_, last = film
    _keep(Image.fromarray(last.rgb), target)


def _keep(picture: Image.Image, target: Path) -> None:
    picture.resize((1280, 720), Image.Resampling.LANCZOS).save(target, quality=85, optimize=True)


def _screens(page: Path, at: float) -> None:
    browser = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for name, width, height, scheme in SCREENS:
            tab = chromium.new_page(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            tab.goto(page.as_uri())
            tab.evaluate(SEEK, at)
            _shot(tab, PICTURES / name)
        name, width, height = PRINTED
        tab = chromium.new_page(viewport={"width": width, "height": height})
        tab.goto(page.as_uri())
        tab.emulate_media(media="print")
        _shot(tab, PICTURES / name)
        chromium.close()


def _squad(out: Path) -> None:
    """The page of a few of the samples."""
    films = [SAMPLE.parent / f"{name}.mp4" for name in SQUAD]
    jobs = [
        Job(film.name, film, sha256(film), out, film.stem, "pictures", Terms(video=False))
        for film in films
    ]
    done = [work(job, lambda stage, share: None) for job in jobs]
    ledger.write([one.record for one in done if one.record is not None], out)
    browser = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        name, width, height = SQUAD_SCREEN
        tab = chromium.new_page(viewport={"width": width, "height": height})
        tab.goto((out / ledger.PAGE).as_uri(), wait_until="networkidle")
        _shot(tab, PICTURES / name)
        chromium.close()


def _shot(tab: Page, target: Path) -> None:
    tab.screenshot(path=target)
    tab.close()
    _small(target)


def _small(target: Path) -> None:
    """A palette keeps the repository small, and pages lose little by it."""
    Image.open(target).convert("RGB").quantize(256).save(target, optimize=True)


if __name__ == "__main__":
    main()
