"""The squad's page in a browser, from the file system: sorted, cut down and led on from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import pytest
from squads import ODD, record, squad, summary

from formcheck.batch import ledger

pytestmark = pytest.mark.browser
MANY = 500


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A batch's folder with the page and a report a clip, odd names among them."""
    out = tmp_path_factory.mktemp("results")
    # ".." as a part of a path is no folder's name, and the clip's place has none
    odd = [record(n, summary(at=30.0), folder=n.replace("/../", "/")[:60]) for n in ODD]
    records = [*squad(), *odd]
    for one in records:
        if one.folder is not None:
            (out / one.folder).mkdir(parents=True, exist_ok=True)
            (out / one.folder / "report.html").write_text(f"<title>{one.sha256}</title>")
    ledger.write(records, out)
    return out


@contextmanager
def opened(browser, path: Path, **how) -> Iterator:
    """The page; fails where its script stumbled or something was fetched."""
    context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **how})
    tab = context.new_page()
    wrong, asked = [], []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(path.as_uri())
    yield tab
    context.close()
    assert wrong == []
    assert {url.split(":")[0] for url in asked} <= {"file", "data"}


def names(tab) -> list[str]:
    """The clips that are shown, in their order."""
    shown = "[...document.querySelectorAll('#squad tbody tr')].filter(r => !r.hidden)"
    return tab.evaluate(f"{shown}.map(r => r.querySelector('bdi').textContent)")


def test_it_is_sorted_by_a_press_and_what_is_not_known_comes_last(browser, folder):
    with opened(browser, folder / "index.html") as tab:
        every = names(tab)
        head = tab.locator("th[data-col='2']")
        head.locator("button").click()
        assert names(tab)[0] == "dan.mp4" and head.get_attribute("aria-sort") == "ascending"
        assert tab.locator("th[aria-sort]").count() == 1
        head.locator("button").press("Enter")
        assert names(tab)[0] == "zoe.mp4" and head.get_attribute("aria-sort") == "descending"
        assert set(names(tab)[-4:]) == {"cleo.mp4", "hang.mov", "notes.mp4", "zoe again.mp4"}
        tab.locator("th[data-col='4'] button").click()
        assert names(tab)[:2] == ["ben.mp4", "zoe.mp4"]
        tab.locator("th[data-col='0'] button").click()
        assert names(tab) == every


def test_it_is_cut_down_by_words_result_and_fault_and_says_how_many_are_left(browser, folder):
    with opened(browser, folder / "index.html") as tab:
        tab.fill("#search", "ZOE mp4")
        assert names(tab) == ["zoe again.mp4", "zoe.mp4"]
        tab.click(".chip[data-status='improve']")
        assert names(tab) == ["zoe.mp4"]
        assert tab.text_content("#shown") == f"1 of {8 + len(ODD)} clips"
        tab.click(".chip[data-check='folding-at-the-hips']")
        assert names(tab) == [] and tab.is_visible("#nothing")
        assert (
            tab.get_attribute(".chip[data-check='folding-at-the-hips']", "aria-pressed") == "true"
        )
        tab.click("#all")
        assert len(names(tab)) == 8 + len(ODD)
        tab.click(".chip[data-check='falling-too-fast']")
        assert names(tab) == ["ben.mp4", "zoe.mp4"]


def test_who_comes_back_from_a_report_finds_the_page_as_it_was(browser, folder):
    with opened(browser, folder / "index.html") as tab:
        tab.click(".chip[data-check='falling-too-fast']")
        tab.locator("th[data-col='2'] button").click()
        tab.click("tbody th a >> text=zoe.mp4")
        assert tab.title() == "ab" * 32
        tab.go_back()
        tab.wait_for_selector("#controls:visible")
        assert names(tab) == ["ben.mp4", "zoe.mp4"]


def test_every_link_leads_to_a_report_whatever_the_name(browser, folder):
    with opened(browser, folder / "index.html") as tab:
        links = tab.eval_on_selector_all("tbody th a", "links => links.map(one => one.href)")
        assert len(links) == 6 + len(ODD)
        for link in links:
            place = unquote(link.removeprefix("file://"))
            assert Path(place).is_file() and folder in Path(place).parents
        tab.click("tbody th a >> text=50% #1")
        assert tab.title() == "ab" * 32


def test_without_scripts_it_is_a_table(browser, folder):
    with opened(browser, folder / "index.html", java_script_enabled=False) as tab:
        assert not tab.is_visible("#controls")
        assert tab.locator("#squad tbody tr:visible").count() == 8 + len(ODD)
        assert tab.locator("#squad button").count() == 0


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1200, "dark")])
def test_axe_finds_nothing_serious(browser, folder, axe, width, scheme):
    how = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    with opened(browser, folder / "index.html", **how) as tab:
        tab.click(".chip[data-status='good']")
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        tab.evaluate(axe.read_text(encoding="utf-8"))
        found = tab.evaluate("axe.run()")["violations"]
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    told = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in serious]
    assert serious == [], json.dumps(told, indent=1)


def test_five_hundred_clips_open_at_once_and_fetch_only_the_pictures_in_sight(browser, tmp_path):
    every = squad()
    many = [
        one.model_copy(update={"name": f"{i:03} {one.name}", "thumbnail": "thumbnail.jpg"})
        for i in range(MANY)
        for one in [every[i % len(every)]]
    ]
    ledger.write(many, tmp_path)
    assert (tmp_path / "index.html").stat().st_size < 1_500_000
    with opened(browser, tmp_path / "index.html") as tab:
        asked = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.reload(wait_until="load")
        assert len(names(tab)) == MANY
        assert sum(url.endswith(".jpg") for url in asked) < 100
        took = tab.evaluate(
            "(() => { const from = performance.now();"
            "document.querySelector('th[data-col=\"2\"] button').click();"
            "document.body.offsetHeight; return performance.now() - from; })()"
        )
        assert took < 3000
