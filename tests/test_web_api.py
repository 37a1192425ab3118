"""The web app's REST interface: uploads, their state, their reports, and what deleting leaves."""

import json
import os
import threading
from dataclasses import replace
from pathlib import Path
from unittest import mock

import databases
import pytest
from web_app import FILM, Busy, Hand, Here, Idle, done, served, texts, track, upload, waited

from formcheck.batch.job import Ending, Outcome
from formcheck.batch.worker import refused, work
from formcheck.errors import OutputError
from formcheck.report import Report
from formcheck.web import crew, ids, tidying
from formcheck.web.queue import Queue


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, tmp_path):
    """An app on either database."""
    on = {} if request.param == "sqlite" else {"database": request.getfixturevalue("postgresql")}

    def made(crew=Idle, **given):
        return served(tmp_path / "data", crew=crew, **on, **given)

    yield made
    if on:
        databases.empty(on["database"])


def test_an_upload_becomes_a_report(app, tmp_path):
    with app(Hand) as asks:
        answer = upload(asks, track(), "My set.npz", data={"athlete": "Ann"})
        assert answer.status_code == 202
        id_ = answer.json()["id"]
        told = done(asks, [id_])[id_]
        assert (told["status"], told["reps"], told["progress"]) == ("done", 1, 1.0)
        report = Report.model_validate(asks.get(f"/api/clips/{id_}/report.json").json())
        assert (report.clip.name, report.athlete.name) == ("My set.npz", "Ann")
        written = (tmp_path / "data/clips" / id_ / "result/report.json").read_bytes()
        assert asks.get(f"/api/clips/{id_}/report.json").content == written
        page = asks.get(f"/clips/{id_}")
        assert "script-src 'sha256-" in page.headers["content-security-policy"]
        assert "My set.npz" in page.text
        assert f'href="/clips/{id_}/mark"' in page.text


def test_what_cannot_be_read_is_told_with_its_name(app):
    with app(Hand) as asks:
        id_ = upload(asks, FILM, "holiday.mp4").json()["id"]
        told = done(asks, [id_])[id_]
        assert told["status"] == "failed"
        assert id_ not in told["reason"]
        assert asks.get(f"/api/clips/{id_}/report.json").status_code == 409
        assert "No report" in texts(asks.get(f"/clips/{id_}").text)


def test_a_queue_is_worked_on_in_its_order_and_seen(app):
    with app() as asks:
        given = [upload(asks, name=f"{n}.mp4").json()["id"] for n in range(3)]
        told = {one["id"]: one for one in asks.get("/api/clips").json()["clips"]}
        places = [told[id_]["place"] for id_ in given]
        assert places == sorted(places)
        one = asks.get(f"/api/clips/{given[0]}").json()
        assert (one["status"], one["place"]) == ("queued", places[0])
        assert "number" in texts(asks.get("/").text)


def test_a_cancelled_clip_is_not_worked_on(app):
    with app() as asks:
        id_ = upload(asks).json()["id"]
        assert asks.post(f"/api/clips/{id_}/cancel").json()["status"] == "cancelled"
        assert asks.post(f"/api/clips/{id_}/cancel").status_code == 409


def test_cancelling_stops_the_work(app):
    with app(Busy) as asks:
        id_ = _begun(asks)
        assert asks.post(f"/api/clips/{id_}/cancel").json()["status"] == "cancelled"
        _begun(asks)  # there is room again
        assert asks.get(f"/api/clips/{id_}").json()["status"] == "cancelled"


def _begun(asks):
    """An upload that is worked on; its id."""
    id_ = upload(asks, track(), "a.npz").json()["id"]
    waited(lambda: asks.get(f"/api/clips/{id_}").json()["status"] == "running")
    return id_


def test_deleting_deletes(app, tmp_path):
    """Not a file, not a row, not a byte of its names is left, nor in SQLite's log."""
    with app(Hand) as asks:
        called = {"name": "Zaphod-set.npz", "data": {"athlete": "Zaphod"}}
        id_ = upload(asks, track(), **called).json()["id"]
        assert done(asks, [id_])[id_]["status"] == "done"
        marks = {"exercise": "nordic-curl", "view": "side", "reps": []}
        assert asks.put(f"/api/clips/{id_}/marks", json=marks).status_code == 200
        assert asks.delete(f"/api/clips/{id_}").status_code == 204
        for path in (f"/api/clips/{id_}", f"/clips/{id_}", f"/clips/{id_}/film"):
            assert asks.get(path).status_code == 404
        assert asks.delete(f"/api/clips/{id_}").status_code == 404
        assert not list((tmp_path / "data/clips").iterdir())
        for file in filter(Path.is_file, (tmp_path / "data").rglob("*")):
            assert b"Zaphod" not in file.read_bytes(), file
            assert id_.encode() not in file.read_bytes(), file


def test_a_clip_that_is_deleted_meanwhile_leaves_nothing(app, tmp_path, monkeypatch):
    renew, deleted = Queue.renew, threading.Event()
    monkeypatch.setattr(Queue, "renew", lambda *given: deleted.wait(60) and renew(*given))
    with app(Busy) as asks:
        id_ = _begun(asks)
        (tmp_path / "data/clips" / id_ / "more").touch()
        asks.delete(f"/api/clips/{id_}")
        (tmp_path / "data/clips" / id_).mkdir()  # as a worker might that does not know yet
        deleted.set()
        waited(lambda: not (tmp_path / "data/clips" / id_).exists())


def test_a_server_that_stops_hands_its_work_back(app):
    with app(Busy) as asks:
        id_ = _begun(asks)
    with app() as asks:
        told = asks.get(f"/api/clips/{id_}").json()
        assert (told["status"], told["progress"]) == ("queued", 0)
        asks.delete(f"/api/clips/{id_}")


def test_two_servers_on_one_database_share_the_work(app, tmp_path):
    """Each clip is worked on by exactly one of them."""
    worked = []

    class One(Hand):
        def __post_init__(self):
            self.pool = Here(self._done)

        def _done(self, job, say):
            worked.append(job.name)
            return refused(job, "failed", "no")

    with app(One) as asks, app(One):
        given = [upload(asks, name=f"{n}.mp4").json()["id"] for n in range(12)]
        done(asks, given)
    assert sorted(worked) == sorted(given)


def test_what_the_machine_lacks_is_waited_for(app, monkeypatch):
    """A full disk fails no clip: it is checked once there is room again."""
    monkeypatch.setattr(crew, "LACKS_S", 0.05)
    lacks = [True, True]

    class Lacking(Hand):
        def __post_init__(self):
            self.pool = Here(self._done)

        def _done(self, job, say):
            if lacks:
                lacks.pop()
                return Outcome(job.name, ending=Ending("The disk is full.", 5))
            return work(job, say)

    with app(Lacking) as asks:
        ids = [upload(asks, track(), "a.npz").json()["id"] for _ in range(2)]
        assert {one["status"] for one in done(asks, ids).values()} == {"done"}
    assert not lacks


def test_an_athlete_may_be_called_by_team_and_name(app):
    with app() as asks:
        for name in ("U18/Anna", "U19\\Anna"):
            id_ = upload(asks, data={"athlete": name}).json()["id"]
            assert asks.get(f"/api/clips/{id_}").json()["athlete"] == name
        assert upload(asks, data={"athlete": "ß" * 150}).status_code == 422
        assert asks.delete("/api/athletes", params={"name": "Nobody"}).status_code == 404


def test_who_works_goes_on_when_the_database_comes_back(app, caplog, monkeypatch):
    """Meanwhile the server says that it is not well, and the log holds no name."""
    with app(Hand) as asks:
        waited(lambda: asks.get("/healthz").status_code == 200)
        monkeypatch.setattr("formcheck.web.crew.HELD_UP_S", 0.01)
        with monkeypatch.context() as away:
            for error in (OutputError("no database"), OSError(5, "I/O", "/Ann"), KeyError("?")):
                away.setattr(Queue, "claim", mock.Mock(side_effect=error))
                waited(lambda: asks.get("/healthz").status_code == 503)
        id_ = upload(asks).json()["id"]
        assert done(asks, [id_])[id_]["status"] == "failed"
        waited(lambda: asks.get("/healthz").status_code == 200)
    assert "held up: no database" in caplog.text
    assert "Ann" not in caplog.text


def test_what_is_kept_for_long_enough_goes(app, tmp_path):
    with app() as asks:
        id_ = upload(asks).json()["id"]
        asks.post(f"/api/clips/{id_}/cancel")
        shared = asks.app.state.services
        tidying.delete_old(shared.settings, shared.queue, 1.0)
        assert asks.get(f"/api/clips/{id_}").status_code == 200
        tidying.tidy(replace(shared.settings, keep_days=0.0), shared.queue)
        assert asks.get(f"/api/clips/{id_}").status_code == 404
        assert not (tmp_path / "data/clips" / id_).exists()


def test_the_api_tells_its_types(app):
    with app() as asks:
        told = asks.get("/openapi.json").json()
    answer = told["paths"]["/api/clips/{id}/report.json"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Report"
    }
    form = told["paths"]["/api/clips"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert form["schema"]["required"] == ["file"]


def test_health_tells_no_names(app):
    with app() as asks:
        id_ = upload(asks, name="Ann Example.mp4").json()["id"]
        told = asks.get("/healthz")
        assert told.json()["status"] == "ok"
        assert told.json()["queued"] >= 1
        assert "Ann" not in told.text
        assert id_ not in told.text


def test_what_a_killed_server_left_half_done_is_tidied_away(app, tmp_path):
    """And not what another server is just taking in, which may share the folder."""
    with app() as asks:
        kept = upload(asks).json()["id"]
    half, orphan = tmp_path / "data/incoming/half", tmp_path / "data/clips" / ids.fresh()
    half.write_bytes(b"x")
    orphan.mkdir()
    with app():
        assert half.exists()
        assert orphan.exists()
    for old in (half, orphan, tmp_path / "data/clips" / kept):
        os.utime(old, (0, 0))
    with app() as asks:
        assert not half.exists()
        assert not orphan.exists()
        assert asks.get(f"/clips/{kept}/film").status_code == 200


def test_videos_come_by_ranges(app, tmp_path):
    with app() as asks:
        id_ = upload(asks).json()["id"]
        answer = asks.get(f"/clips/{id_}/film", headers={"range": "bytes=4-11"})
        assert (answer.status_code, answer.content) == (206, FILM[4:12])
        assert answer.headers["content-type"] == "video/mp4"


def test_labels_say_what_was_uploaded_as_json(app):
    with app() as asks:
        id_ = upload(asks, name="ü 'n\".mp4").json()["id"]
        assert json.loads(asks.get(f"/api/clips/{id_}").text)["name"] == "ü 'n\".mp4"
