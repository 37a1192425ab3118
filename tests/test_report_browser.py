"""The report in a browser, opened from the file system: video and timeline lead each other, nothing
is fetched, nobody is shut out, and it prints on two pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from athlete import NORDIC, Curl, perform

from formcheck.analysis import Analysis, Options, analyze, judge
from formcheck.annotation import stills
from formcheck.drawing import CARD_S
from formcheck.pages.html import render
from formcheck.results import write
from formcheck.view import estimate

pytestmark = [pytest.mark.browser, pytest.mark.model]
SAMPLE = Path(__file__).resolve().parent.parent / "sample_videos" / "faults_pike_and_fall.mp4"
NEAR = 0.1
"""Seconds by which the video may miss a moment."""


def quiet(stage: str, share: float) -> None:
    """No progress is shown."""


@pytest.fixture(scope="module")
def analysis(model) -> Analysis:
    return analyze(SAMPLE, Options(), quiet)


@pytest.fixture(scope="module")
def report(analysis, tmp_path_factory) -> Path:
    """The page of a whole result, its video beside it."""
    return write(analysis, tmp_path_factory.mktemp("out") / "sample", quiet) / "report.html"


@pytest.fixture(scope="module")
def holds(report) -> list[tuple[float, float]]:
    """The freezes of the video, as the page knows them."""
    moments = re.search(r'id="moments">(.*?)</script>', report.read_text(encoding="utf-8"))
    return json.loads(moments[1])["holds"]


@contextmanager
def opened(browser, path: Path, **how) -> Iterator:
    """The page with its video ready; fails where its script stumbled or something was fetched."""
    tab = browser.new_page(**how)
    wrong, asked = [], []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(path.as_uri())
    if tab.locator("#video").count():
        tab.wait_for_function("document.getElementById('video').readyState >= 1")
    yield tab
    tab.close()
    assert wrong == []
    assert {url.split(":")[0] for url in asked} <= {"file", "data"}


@pytest.fixture
def page(browser, report):
    with opened(browser, report, viewport={"width": 820, "height": 1000}) as tab:
        yield tab


def film(t: float, holds) -> float:
    """Where a moment of the clip is in the video."""
    return t + sum(seconds for at, seconds in holds if at < t - 1e-6)


def at(page) -> float:
    """Where the video is, once it is there."""
    page.wait_for_function("!document.getElementById('video').seeking")
    return page.evaluate("document.getElementById('video').currentTime")


def follows(page, moment: float, near: float = NEAR) -> None:
    """Wait until the timeline shows that moment of the clip: it is drawn after the video."""
    page.wait_for_function(
        f"Math.abs(document.getElementById('slider').ariaValueNow - {moment}) < {near}"
    )


def test_the_video_s_freezes_are_known_to_the_page(page, analysis, holds):
    length = page.evaluate("document.getElementById('video').duration")
    assert len(holds) >= 2
    expected = analysis.report.clip.duration_s + sum(s for _, s in holds) + CARD_S
    assert length == pytest.approx(expected, abs=NEAR)


def test_it_plays_and_the_cursor_follows(page):
    page.evaluate("document.getElementById('video').muted = true")
    page.evaluate("document.getElementById('video').play()")
    page.wait_for_function("document.getElementById('video').currentTime > 2.2")
    page.evaluate("document.getElementById('video').pause()")
    follows(page, at(page))
    assert "Rep 1" in page.text_content("#said")


def test_the_cursor_waits_while_the_film_stands_and_at_its_end(page, holds, analysis):
    when, seconds = holds[0]
    for share in (0.2, 0.9):
        page.evaluate(
            "t => document.getElementById('video').currentTime = t", when + share * seconds
        )
        at(page)
        follows(page, when, 0.06)
    page.evaluate(
        "document.getElementById('video').currentTime = document.getElementById('video').duration"
    )
    at(page)
    follows(page, float(analysis.curves.t_s[-1]), 0.06)


def test_a_click_on_a_rep_moves_the_video(page, analysis, holds):
    for i, rep in enumerate(analysis.report.reps):
        page.click(f".reps-lane a >> nth={i}")
        assert at(page) == pytest.approx(film(rep.start_s, holds), abs=NEAR)
        follows(page, rep.start_s)
    page.click("#rep-2 a.watch")
    assert at(page) == pytest.approx(film(analysis.report.reps[1].start_s, holds), abs=NEAR)


def test_a_click_on_a_finding_moves_the_video(page, analysis, holds):
    moments = sorted(f.at_s for r in analysis.report.reps for f in r.findings)
    marks = page.locator(".marks a")
    assert marks.count() == len(moments)
    for i, moment in enumerate(moments):
        marks.nth(i).click()
        assert at(page) == pytest.approx(film(moment, holds), abs=NEAR)
    fault = next(f for r in analysis.report.reps for f in r.findings if f.severity == "fault")
    page.click("#finding-1 a.watch")
    assert at(page) == pytest.approx(film(fault.at_s, holds), abs=NEAR)
    assert page.evaluate("document.activeElement.id") == "video"


def test_a_click_on_the_curve_moves_the_video(page, analysis, holds):
    end = float(analysis.curves.t_s[-1])
    box = page.locator("#slider").bounding_box()
    for share in (0.1, 0.62, 0.95):
        page.locator("#slider").click(position={"x": share * box["width"], "y": 60})
        assert at(page) == pytest.approx(film(share * end, holds), abs=NEAR)


def test_the_axis_of_the_drawing_is_the_slider_s(page, analysis):
    """What lies over the drawing keeps to its margins: the bands are where the drawing has them."""
    band = page.locator(".reps-lane li").nth(1).bounding_box()
    drawn = page.evaluate(
        """() => [...document.querySelectorAll("svg.wide path")].map(p => p.getBoundingClientRect())
                .map(r => [r.left, r.width])"""
    )
    assert min(abs(x - band["x"]) + abs(w - band["width"]) for x, w in drawn) < 4


def test_the_keyboard_alone_goes_everywhere(page, analysis, holds):
    page.focus(".reps-lane a >> nth=1")
    page.keyboard.press("Enter")
    assert at(page) == pytest.approx(film(analysis.report.reps[1].start_s, holds), abs=NEAR)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    first = min(f.at_s for r in analysis.report.reps for f in r.findings)
    assert at(page) == pytest.approx(film(first, holds), abs=NEAR)
    page.focus("#slider")
    page.keyboard.press("Home")
    assert at(page) == pytest.approx(0, abs=NEAR)
    for key in ("PageUp", "PageUp", "ArrowLeft"):
        page.keyboard.press(key)
    assert at(page) == pytest.approx(1.9, abs=NEAR)
    page.wait_for_selector("#slider[aria-valuetext*='1.9 s, Rep 1, lowering']")
    page.keyboard.press("Space")
    page.wait_for_function("!document.getElementById('video').paused")


def test_page_and_script_agree_where_a_moment_is(page, analysis):
    """The links' addresses are reckoned by the page, the clicks by its script."""
    links = page.locator("a.watch")
    for i in range(links.count()):
        promised = float(links.nth(i).get_attribute("href").split("#t=")[1])
        links.nth(i).click()
        assert at(page) == pytest.approx(promised, abs=0.002)


def test_without_its_video_the_page_says_so_and_stays_useful(browser, report, tmp_path):
    alone = tmp_path / "report.html"
    alone.write_bytes(report.read_bytes())
    tab = browser.new_page()
    tab.goto(alone.as_uri())
    tab.wait_for_selector("#missing:visible")
    assert not tab.is_visible("#video")
    assert tab.locator("a.watch").count() == 0
    tab.click(".marks a >> nth=0")
    card = re.search(r"#finding-\d+$", tab.url)[0]
    rep = re.search(r"Rep \d", tab.text_content(card))[0]
    assert rep in tab.text_content("#said")
    tab.close()


def test_without_scripts_the_marks_lead_to_the_cards(browser, report):
    with opened_plain(browser, report) as tab:
        assert not tab.is_visible("#slider")
        tab.click(".marks a >> nth=0")
        assert re.search(r"#finding-\d+$", tab.url)
        tab.click(".reps-lane a >> nth=2")
        assert tab.url.endswith("#rep-3")


@contextmanager
def opened_plain(browser, path: Path) -> Iterator:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(path.as_uri())
    yield tab
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_serious(browser, report, axe, scheme, width):
    how = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    with opened(browser, report, **how) as tab:
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        tab.evaluate(axe.read_text(encoding="utf-8"))
        found = tab.evaluate("axe.run()")["violations"]
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    said = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in serious]
    assert serious == [], json.dumps(said, indent=1)


def test_the_reps_and_marks_are_big_enough_for_a_finger(browser, report):
    with opened(browser, report, viewport={"width": 390, "height": 844}) as tab:
        for link in tab.locator(".stage a").all():
            box = link.bounding_box()
            assert min(box["width"], box["height"]) >= 24


SIX = (
    Curl(),
    Curl(fold=40),
    Curl(lower=1.2),
    Curl(lower=3, breaks=60),
    Curl(fold=30, lower=1.5),
    Curl(lower=1.0, breaks=25),
)
"""Two good reps, one folded, two fast, one both."""


def test_six_reps_print_on_two_pages(browser, analysis, tmp_path):
    track = perform(*SIX).film(noise=0.6)
    report, drawn = judge(track, NORDIC, estimate(track))
    assert len(report.reps) == 6
    still = next(iter(stills(analysis).values()))
    pictures = {(r.number, f.check): still for r in report.reps for f in r.findings}
    path = tmp_path / "six.html"
    path.write_text(render(report, drawn, NORDIC, None, stills=pictures), encoding="utf-8")
    with opened(browser, path, viewport={"width": 800, "height": 900}) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") == 800
        pdf = tab.pdf(format="A4", prefer_css_page_size=True)
        tab.emulate_media(media="print")
        assert tab.is_visible(".stage") and tab.is_visible("table.reps")
        assert not tab.is_visible("details.how") and tab.is_visible(".brief")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2


def test_the_report_is_small(report):
    assert report.stat().st_size < 2_000_000


def test_playing_draws_once_a_frame_however_long(page):
    """Every event that follows the video must not start a loop of its own."""
    count = """async () => {
      const asked = window.requestAnimationFrame;
      let n = 0;
      window.requestAnimationFrame = (call) => { n += 1; return asked(call); };
      const video = document.querySelector("video");
      video.muted = true;
      await video.play();
      await new Promise(done => setTimeout(done, 2000));
      n = 0;
      await new Promise(done => setTimeout(done, 1000));
      video.pause();
      return n;
    }"""
    assert page.evaluate(count) <= 90
