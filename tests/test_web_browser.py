"""The web app in a real browser: uploads, reports, a set before its camera, marks, looks."""

from itertools import pairwise
from pathlib import Path

import httpx2 as httpx
import pytest
from cameras import before, camera
from web_app import done, process, track, upload, waited

from formcheck.validate.known import known_clips
from formcheck.video.reader import VideoFile

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAMPLES = Path(__file__).resolve().parent.parent / "sample_videos"
SHORT, SET = SAMPLES / "fps_24.mp4", SAMPLES / "fault_hips_pike.mp4"
UNEVEN = SAMPLES / "variable_rate.mp4"
STEPPED = """async () => {
  const video = document.getElementById("video");
  const there = new Promise((on) => video.addEventListener("seeked", on, { once: true }));
  const shown = new Promise((on) => video.requestVideoFrameCallback((_, told) => on(told)));
  document.querySelector("[data-step='1']").click();
  await there;
  const told = parseFloat(document.getElementById("now").textContent);
  return [(await shown).mediaTime, told];
}"""
"""Goes to the next picture; its second by the browser, and by the page."""
LOOKS = [(390, 844, "light"), (390, 844, "dark"), (1200, 900, "light"), (1200, 900, "dark")]
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def server(tmp_path_factory, model):
    """An app with the report of a track, of an athlete; its address and its folder."""
    data = tmp_path_factory.mktemp("web") / "data"
    with process(data) as (address, _):
        with httpx.Client(trust_env=False, base_url=address, timeout=240) as asks:
            done(asks, [upload(asks, track(), "a.npz", data={"athlete": "Ann"}).json()["id"]])
        yield address, data


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    one = context.new_page()
    one.wrong = []
    one.on("pageerror", lambda error: one.wrong.append(str(error)))
    one.on("console", lambda said: said.type == "error" and one.wrong.append(said.text))
    yield one
    context.close()


def wait(what, seconds=80):
    """Wait for it, asking the browser seldom: it has pictures to send."""
    return waited(what, seconds, every=0.1)


def happens(page, expression, seconds=80):
    """Wait for it; by Playwright's own way the page evaluates words, which its policy forbids."""
    return wait(lambda: page.evaluate(expression), seconds)


def clip(page, name):
    return page.get_attribute(f'.clip .title a:text-is("{name}")', "href")


@pytest.mark.model
def test_a_film_is_uploaded_its_report_read_and_a_rep_moves_the_video(server, page):
    address, _ = server
    page.goto(address)
    page.set_input_files("#files", [SHORT])
    wait(lambda: page.query_selector(f'.clip.done .title a:text-is("{SHORT.name}")'))
    page.goto(address + clip(page, SHORT.name))
    happens(page, "document.getElementById('video').readyState >= 1")
    page.click("tbody tr:nth-child(1) a.watch")
    happens(page, "document.getElementById('video').currentTime > 1")
    assert page.wrong == []


def test_what_is_no_film_is_told_beside_the_upload(server, page):
    address, _ = server
    page.goto(address)
    page.set_input_files("#files", [{"name": "notes.mp4", "mimeType": "video/mp4",
                                     "buffer": b"hello " * 100}])  # fmt: skip
    wait(lambda: "no film" in page.inner_text("#uploads"))


def axe_says(page, axe):
    page.add_script_tag(path=axe)
    found = page.evaluate("async () => (await axe.run()).violations")
    return [v["id"] for v in found if v["impact"] in SERIOUS]


@pytest.mark.parametrize(("width", "height", "scheme"), LOOKS)
def test_every_page_is_accessible_and_fits(server, browser, axe, width, height, scheme):
    address, _ = server
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(address)
    report = clip(page, "a.npz")
    for path in (
        "/",
        "/live",
        "/login",
        "/compare",
        "/athletes",
        "/athletes/of?name=Ann",
        report,
        f"{report}/mark",
    ):
        page.goto(address + path)
        assert axe_says(page, axe) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()


def test_marks_are_read_by_validate(server, page):
    address, data = server
    film = {"name": "s.mp4", "mimeType": "video/mp4", "buffer": SHORT.read_bytes()}
    page.goto(address)
    page.set_input_files("#files", [film])
    wait(lambda: page.query_selector('.clip .title a:text-is("s.mp4")'))
    mine = clip(page, "s.mp4")
    page.goto(f"{address}{mine}/mark")
    happens(page, "document.getElementById('video').readyState >= 2")
    page.click("#add")
    for _ in range(5):
        page.click("[data-step='10']")
    happens(page, "document.getElementById('video').currentTime > 1")
    happens(page, "!document.getElementById('video').seeking")
    page.click("#bottom_s-0")
    page.click("[data-step='10']")
    happens(page, "!document.getElementById('video').seeking")
    page.click("#end_s-0")
    page.click("#save")
    happens(page, "document.getElementById('news').textContent.startsWith('Saved.')")
    marked = [known for known in known_clips(data) if known.by_eye]
    assert marked[0].reps[0].bottom_s > 1
    assert marked[0].reps[0].end_s > marked[0].reps[0].bottom_s
    assert page.wrong == []
    page.request.delete(f"{address}/api{mine}")  # nobody waits for its report


@pytest.mark.model
def test_an_uneven_film_is_stepped_through_picture_by_picture(server, page):
    """Every press shows the next picture and tells its second, wherever the film's pace changes."""
    address, _ = server
    page.goto(address)
    page.set_input_files("#files", [UNEVEN])
    wait(lambda: page.query_selector(f'.clip.done .title a:text-is("{UNEVEN.name}")'), 240)
    page.goto(f"{address}{clip(page, UNEVEN.name)}/mark")
    happens(page, "document.getElementById('video').readyState >= 2")
    came = [round(frame.t, 3) for frame in VideoFile(UNEVEN)][:30]
    gaps = {round(b - a, 3) for a, b in pairwise(came)}
    assert max(gaps) > 1.5 * min(gaps)
    for t in came[1:]:
        shown = page.evaluate(STEPPED)
        assert shown == pytest.approx([t, t], abs=0.006)


def test_where_the_camera_is_off_the_page_says_why(server, page):
    address, _ = server
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    page.goto(f"{address}/live")
    assert "HTTPS" in page.inner_text("#why")
    assert page.is_disabled("#start")


@pytest.mark.model
def test_a_set_before_the_browsers_camera(server, chromium, _one_chromium, tmp_path):
    """Its reps are counted and its cues said, the hips' of the second rep among them; a connection
    that is lost is made again; a report is left. The film is shown again and again: a busy machine
    may see too little of it the first time."""
    address, _ = server
    film = camera(SET, tmp_path / "camera.mjpeg")
    with before(_one_chromium.kind, chromium, film) as own:
        page = own.new_context(permissions=["camera"]).new_page()
        page.goto(f"{address}/live")
        page.fill("#athlete", "Ann")
        page.click("#start")
        heard = "formcheckLive.heard.some((cue) => cue.text === '{}')"
        happens(page, heard.format("one"), 180)
        page.evaluate("formcheckLive.socket.close()")
        for word in ("hips", "two"):
            happens(page, heard.format(word), 180)
        page.click("#stop")
        page.wait_for_url("**/clips/*", timeout=60_000)
        assert page.query_selector("#reps")
        assert "Ann" in page.inner_text("header")
