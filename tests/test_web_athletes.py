"""Athletes in the web app: kept from clips, told over time, exported and forgotten."""

from unittest import mock

import pytest
from web_app import Hand, done, served, texts, track, upload, waited

from formcheck import forgetting
from formcheck.errors import OutputError
from formcheck.web import crew
from formcheck.web.queue import Queue

NAME = "Ann O’Neill & sons"


@pytest.fixture(scope="module")
def asks(tmp_path_factory):
    """Two clips: one of an athlete, one of nobody."""
    with served(tmp_path_factory.mktemp("web") / "data", crew=Hand) as one:
        mine = upload(one, track(), "a.npz", data={"athlete": NAME}).json()["id"]
        other = upload(one, track(), "b.npz").json()["id"]
        done(one, [mine, other])
        one.mine, one.other = mine, other
        yield one


def test_a_named_clip_is_kept(asks):
    (kept,) = asks.get("/api/athletes").json()["athletes"]
    assert (kept["name"], kept["recordings"], kept["sets"]) == (NAME, 1, 1)
    listed = asks.get("/athletes").text
    assert "Ann O’Neill &amp; sons" in listed
    page = asks.get("/athletes/of", params={"name": NAME.lower()})
    assert "Forget Ann O’Neill &amp; sons" in texts(page.text)
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert asks.get("/api/athletes/history.csv", params={"name": NAME}).text.count("\n") == 2
    told = asks.get("/api/athletes/history.json", params={"name": NAME}).json()
    assert told["athlete"]["name"] == NAME


def test_what_is_known_of_the_body_stands_on_the_page(asks, monkeypatch):
    monkeypatch.setattr("formcheck.history.about", lambda life: "62 kg")
    assert "<p>62 kg</p>" in asks.get("/athletes/of", params={"name": NAME}).text


def test_who_is_not_kept_is_not_there(asks):
    for name in ("Bob", "\0", "a\nb"):
        for path in ("/athletes/of", "/api/athletes/history.csv", "/api/athletes/history.json"):
            assert asks.get(path, params={"name": name}).status_code == 404
        assert asks.delete("/api/athletes", params={"name": name}).status_code == 404


def test_a_deleted_clip_and_a_forgotten_athlete_leave_nothing(tmp_path):
    with served(tmp_path / "data", crew=Hand) as here:
        first, second = (
            upload(here, track(), "a.npz", data={"athlete": NAME}).json()["id"] for _ in range(2)
        )
        done(here, [first, second])
        here.delete(f"/api/clips/{first}")
        here.delete(f"/api/clips/{second}")
        assert here.get("/api/athletes").json()["athletes"] == []
        third = upload(here, track(), "a.npz", data={"athlete": NAME.upper()}).json()["id"]
        done(here, [third])
        answer = here.delete("/api/athletes", params={"name": NAME})
        assert (answer.status_code, answer.json()) == (200, {"remains": []})
        assert here.get("/api/athletes").json()["athletes"] == []
        assert here.get("/api/clips").json()["clips"] == []
        assert not list((tmp_path / "data" / "clips").iterdir())


def test_what_is_left_of_who_is_forgotten_is_said(tmp_path, monkeypatch):
    """Clips of which no set is kept go as well."""
    with served(tmp_path / "data", crew=Hand) as here:
        id_ = upload(here, track(), "a.npz", data={"athlete": NAME}).json()["id"]
        answer = here.delete("/api/athletes", params={"name": NAME})
        assert (answer.status_code, answer.json()) == (200, {"remains": []})
        assert here.get(f"/api/clips/{id_}").status_code == 404
        done(here, [upload(here, track(), "a.npz", data={"athlete": NAME}).json()["id"]])
        fates = {tmp_path / "mine": "left"}
        left = forgetting.Forgotten(fates, (), (), (), tidy=False)
        monkeypatch.setattr(forgetting, "forget", lambda *_: left)
        said = here.delete("/api/athletes", params={"name": NAME}).json()["remains"]
        assert said[0] == "Could not be deleted: 1 folder."
        assert "Another process reads the database" in said[1]


def test_who_was_named_is_kept_whatever_befalls_the_server(tmp_path, monkeypatch):
    """The database goes away when a clip is done; the next server does it once more."""
    with served(tmp_path / "data", crew=Hand) as here:
        away = mock.Mock(side_effect=OutputError("away"))
        monkeypatch.setattr(Queue, "finish", away)
        id_ = upload(here, track(), "a.npz", data={"athlete": NAME}).json()["id"]
        waited(lambda: away.called)
        monkeypatch.undo()
    with served(tmp_path / "data", crew=Hand) as here:
        assert done(here, [id_])[id_]["status"] == "done"
        (kept,) = here.get("/api/athletes").json()["athletes"]
        assert kept["recordings"] == 1


@pytest.mark.parametrize("ends", ["cancel", "delete"])
def test_what_is_called_off_at_the_last_moment_is_not_kept(tmp_path, monkeypatch, ends):
    keep, over = crew.keep, []
    with served(tmp_path / "data", crew=Hand) as here:

        def too_late(store, result, athlete):
            keep(store, result, athlete)
            path = f"/api/clips/{result.parent.name}"
            off = here.post(f"{path}/cancel") if ends == "cancel" else here.delete(path)
            over.append(off.is_success)

        monkeypatch.setattr(crew, "keep", mock.Mock(side_effect=too_late))
        id_ = upload(here, track(), "a.npz", data={"athlete": NAME}).json()["id"]
        waited(lambda: over and not here.get("/api/athletes").json()["athletes"])
        assert over == [True]
        stays = here.get(f"/api/clips/{id_}").status_code == 200
        assert stays is (ends == "cancel")
    assert (tmp_path / "data/clips" / id_).exists() is stays


def test_who_looks_at_a_page_is_told_on_a_page(asks):
    for path in ("/athletes/of?name=Bob", "/clips/none", "/nowhere"):
        page = asks.get(path, headers={"accept": "text/html,*/*"})
        assert page.status_code == 404
        assert "<h1>" in page.text
    assert asks.get("/clips/none").json()["detail"]
