"""Two clips compared in the web app."""

import base64
import hashlib
import os
import re

import crowd
import pytest
from athlete import Hold, perform
from web_app import Hand, done, served, texts, track, upload, waited

from formcheck.twosets import run, sides
from formcheck.web import comparisons, tidying
from formcheck.web.comparisons import Asked, Comparisons
from formcheck.web.places import Place


@pytest.fixture(scope="module")
def asks(tmp_path_factory):
    """Two sets, and a clip without a rep."""
    here = tmp_path_factory.mktemp("web")
    perform(Hold(5.0)).film().save(here / "still.npz")
    still = (here / "still.npz").read_bytes()
    crowd.athlete(fps=29).save(here / "b.npz")
    other = (here / "b.npz").read_bytes()
    with served(here / "data", crew=Hand) as one:
        sent = ((track(), "a.npz"), (other, "b <b>.npz"), (still, "still.npz"))
        one.ids = [upload(one, content, name).json()["id"] for content, name in sent]
        done(one, one.ids)
        yield one


def test_two_are_chosen_compared_and_shown(asks):
    a, b, still = asks.ids
    chooser = asks.get("/compare").text
    assert "b &lt;b&gt;.npz" in chooser
    assert still not in chooser
    assert "being drawn" not in asks.get(f"/compare/{a}/{b}").text
    begun = asks.post("/compare", data={"a": a, "b": b}, follow_redirects=False)
    assert (begun.status_code, begun.headers["location"]) == (303, f"/compare/{a}/{b}")
    page = waited(lambda: _there(asks, a, b))
    assert "No difference between A and B can be called real" in texts(page.text)
    assert f'src="/compare/{a}/{b}/compare.mp4"' in page.text
    (script,) = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page.headers["content-security-policy"]
    assert asks.get(f"/compare/{a}/{b}/compare.json").json()["schema"] == "formcheck.compare/1"
    film = asks.get(f"/compare/{a}/{b}/compare.mp4", headers={"range": "bytes=0-99"})
    assert (film.status_code, film.headers["content-type"]) == (206, "video/mp4")
    for name in ("compare.html", "..%2f..%2fresult%2freport.json"):
        assert asks.get(f"/compare/{a}/{b}/{name}").status_code == 404


def _there(asks, a, b):
    page = asks.get(f"/compare/{a}/{b}")
    assert "alert" not in page.text, texts(page.text)
    return page if "<video" in page.text else None


def test_what_cannot_be_compared_is_refused_in_words(asks):
    a, _, still = asks.ids
    assert asks.post("/compare", data={"a": a, "b": a}).status_code == 422
    assert asks.post("/compare", data={"a": a, "b": "x"}).status_code == 404
    asks.post("/compare", data={"a": a, "b": still})
    page = waited(lambda: (p := asks.get(f"/compare/{a}/{still}").text) and "alert" in p and p)
    assert "still.npz: no rep was counted" in page
    assert "/clips/" not in texts(page)


def test_a_foreign_page_cannot_begin_one(asks):
    a, b, _ = asks.ids
    foreign = {"origin": "http://evil.example"}
    assert asks.post("/compare", data={"a": b, "b": a}, headers=foreign).status_code == 403


def test_with_one_of_the_clips_the_comparison_goes(tmp_path):
    with served(tmp_path / "data", crew=Hand) as here:
        a, b = (upload(here, track(), "a.npz").json()["id"] for _ in range(2))
        done(here, [a, b])
        folder = tmp_path / "data/clips" / a / "compared" / b
        folder.mkdir(parents=True)
        (folder / "compare.json").write_text("{}")
        here.delete(f"/api/clips/{b}")
        assert not folder.exists()


def test_a_comparison_that_outlives_a_clip_goes_by_itself(tmp_path, monkeypatch):
    """B is deleted while the video is drawn; or the server was killed then."""
    a, b = (Place(n * 26, tmp_path / (n * 26)) for n in "ab")
    for place in (a, b):
        place.result.mkdir(parents=True)

    def drawn(found, folder, progress):
        folder.mkdir(parents=True)
        b.delete()
        folder.mkdir(parents=True)  # as of one that became whole after B was looked for

    monkeypatch.setattr(run, "write", drawn)
    monkeypatch.setattr(run, "of_sides", lambda *_: None)
    monkeypatch.setattr(sides, "side_of", lambda *_: None)
    monkeypatch.setattr(sides, "check", lambda *_: None)
    comparisons.write(Asked.of(a, b))
    assert not a.beside(b).exists()


def test_what_a_killed_comparison_left_is_tidied_away(asks):
    a, b, _ = asks.ids
    shared = asks.app.state.services
    here = shared.settings.clips / a / "compared"
    left = [here / ".formcheck-1.part", here / ("x" * len(b))]
    for folder in left:
        folder.mkdir(parents=True)
        os.utime(folder, (0, 0))
    tidying.tidy(shared.settings, shared.queue)
    assert not any(folder.exists() for folder in left)


def test_one_at_a_time_and_a_broken_one_is_told(tmp_path, monkeypatch):
    class Never:
        exitcode = None

        def is_alive(self):
            return self.exitcode is None

        def kill(self):
            self.exitcode = -9

        join = kill

    class Running(comparisons._Running):
        def __post_init__(self):
            self.heard, _ = comparisons._SPAWN.Pipe(duplex=False)
            self.process = Never()

    monkeypatch.setattr(comparisons, "_Running", Running)
    asked, other = (Asked((tmp_path / "result",) * 2, (None,) * 2, tmp_path / n) for n in "ab")
    all_of = Comparisons()
    all_of.begin(asked)
    all_of.begin(asked)
    with pytest.raises(comparisons.BusyError):
        all_of.begin(other)
    assert all_of.state(asked.folder) == ("running", "")
    all_of._running.process.kill()
    assert all_of.state(asked.folder) == ("failed", comparisons.BROKE_OFF)
    all_of.begin(other)
    part = tmp_path / ".formcheck-1.part"
    part.mkdir()
    all_of.drop(Place("c", tmp_path / "c"))
    assert all_of.state(other.folder) == ("running", "")
    all_of.drop(Place("a", tmp_path))
    assert all_of.state(other.folder) == ("none", "")
    assert not part.exists()
    all_of.begin(other)
    all_of.close()
    assert all_of.state(other.folder) == ("none", "")
