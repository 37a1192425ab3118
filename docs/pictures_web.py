"""Make the pictures of the web app's page from sample clips: part of `make pictures`."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "sample_videos"
PICTURES = ROOT / "docs" / "pictures"
DESK, PHONE = {"width": 1000, "height": 860}, {"width": 390, "height": 700}
BROKEN = {
    "name": "broken.mp4",
    "mimeType": "video/mp4",
    "buffer": b"\0\0\0\x18ftypmp42" + bytes(9999),
}
LIVE = "fault_hips_pike"
PAUSE_S = 0.2

sys.path.insert(0, str(ROOT / "tests"))

from cameras import before, camera  # noqa: E402 - of the tests
from web_app import process  # noqa: E402


def main() -> None:
    """Write web.png and web-live.png."""
    chromium = Path(shutil.which("chromium") or "/usr/bin/chromium")
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as play:
        film = camera(SAMPLES / f"{LIVE}.mp4", Path(scratch) / "camera.mjpeg", (1280, 720))
        with (
            process(Path(scratch) / "data") as (address, _),
            before(play.chromium, chromium, film) as browser,
        ):
            page = browser.new_context(viewport=DESK).new_page()
            page.goto(address)
            clips(page)
            page.context.close()
            page = browser.new_context(viewport=PHONE, permissions=["camera"]).new_page()
            page.goto(f"{address}/live")
            live(page)


def clips(page: Page) -> None:
    """The list, in the midst of the work."""
    page.fill("#athlete", "Anna")
    first = _file("fps_24", "monday, first set.mp4")
    page.set_input_files("#files", [BROKEN, first])
    _until(page, "document.querySelectorAll('.clip.done').length == 1")
    more = [
        _file(LIVE, "monday, second set.mp4"),
        _file("demo_three_reps", "monday, third set.mp4"),
    ]
    page.set_input_files("#files", more)
    _until(page, "document.querySelector('.clip progress')?.value > 0.3")
    _shot(page, PICTURES / "web.png")
    _until(page, "!document.querySelector('.clip.running, .clip.queued')")


def _file(sample: str, name: str) -> dict[str, object]:
    content = (SAMPLES / f"{sample}.mp4").read_bytes()
    return {"name": name, "mimeType": "video/mp4", "buffer": content}


def live(page: Page) -> None:
    """A phone's screen before the set and in the second rep, side by side."""
    page.click("#start")
    parts = []
    for when in (
        "formcheckLive.answers > 8",
        "document.getElementById('cue').textContent === 'hips'",
    ):
        _until(page, when)
        part = PICTURES / f"web-live-{len(parts)}.png"
        page.screenshot(path=part)
        parts.append(Image.open(part).convert("RGB"))
        part.unlink()
    both = Image.new("RGB", (2 * PHONE["width"] + 20, PHONE["height"]), "white")
    for n, part in enumerate(parts):
        both.paste(part, (n * (PHONE["width"] + 20), 0))
    both.quantize(256).save(PICTURES / "web-live.png", optimize=True)


def _until(page: Page, what: str, seconds: float = 90.0) -> None:
    until = time.monotonic() + seconds
    while not page.evaluate(what):
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(PAUSE_S)


def _shot(page: Page, target: Path) -> None:
    page.screenshot(path=target)
    Image.open(target).convert("RGB").quantize(256).save(target, optimize=True)


if __name__ == "__main__":
    main()
