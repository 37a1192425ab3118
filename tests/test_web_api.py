"""The web app's REST interface: uploads, their state, their reports, and what deleting leaves."""

import json
import threading

import pytest
from databases import programs, server
from web_app import FILM, Idle, done, served, texts, track, upload

from formcheck.report import Report
from formcheck.web.crew import Crew


@pytest.fixture(scope="session")
def postgresql():
    if programs() is None:
        pytest.skip("no PostgreSQL: install Debian's package `postgresql`")
    with server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, tmp_path):
    """An app on either database; on PostgreSQL the tests share one, as servers may."""
    on = {} if request.param == "sqlite" else {"database": request.getfixturevalue("postgresql")}

    def made(crew=Idle, **given):
        return served(tmp_path / "data", crew=crew, **on, **given)

    return made


def test_an_upload_becomes_a_report(app, tmp_path):
    with app(Crew) as asks:
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
    with app(Crew) as asks:
        id_ = upload(asks, FILM, "holiday.mp4").json()["id"]
        told = done(asks, [id_])[id_]
        assert told["status"] == "failed"
        assert id_ not in told["reason"]
        assert asks.get(f"/api/clips/{id_}/report.json").status_code == 409
        assert "No report" in texts(asks.get(f"/clips/{id_}").text)


def test_a_queue_is_worked_on_in_its_order_and_seen(app):
    with app() as asks:
        ids = [upload(asks, name=f"{n}.mp4").json()["id"] for n in range(3)]
        told = {one["id"]: one for one in asks.get("/api/clips").json()["clips"]}
        assert [told[i]["place"] for i in ids] == sorted(told[i]["place"] for i in ids)
        one = asks.get(f"/api/clips/{ids[0]}").json()
        assert (one["status"], one["place"]) == ("queued", told[ids[0]]["place"])
        assert "number" in texts(asks.get("/").text)


def test_a_cancelled_clip_is_not_worked_on(app):
    with app() as asks:
        id_ = upload(asks).json()["id"]
        assert asks.post(f"/api/clips/{id_}/cancel").json()["status"] == "cancelled"
        assert asks.post(f"/api/clips/{id_}/cancel").status_code == 409


def test_cancelling_stops_the_work(app, monkeypatch):
    with app(Crew) as asks:
        slow = _slow(asks, monkeypatch)
        id_ = upload(asks, track(), "a.npz").json()["id"]
        assert slow.wait(60)
        assert asks.post(f"/api/clips/{id_}/cancel").json()["status"] == "cancelled"
        after = upload(asks, FILM).json()["id"]
        assert done(asks, [after])[after]["status"] == "failed"
        assert asks.get(f"/api/clips/{id_}").json()["status"] == "cancelled"


def _slow(asks, monkeypatch):
    """An event that is set once a worker is at work."""
    from formcheck.batch.pool import LocalPool

    begun, submit = threading.Event(), LocalPool.submit
    monkeypatch.setattr(LocalPool, "submit", lambda *a: (submit(*a), begun.set()))
    return begun


def test_deleting_deletes(app, tmp_path):
    with app() as asks:
        id_ = upload(asks).json()["id"]
        folder = tmp_path / "data/clips" / id_
        assert folder.is_dir()
        assert asks.delete(f"/api/clips/{id_}").status_code == 204
        assert not folder.exists()
        for path in (f"/api/clips/{id_}", f"/clips/{id_}", f"/clips/{id_}/film"):
            assert asks.get(path).status_code == 404
        assert asks.delete(f"/api/clips/{id_}").status_code == 404


def test_what_is_kept_for_long_enough_goes(app, tmp_path):
    with app() as asks:
        id_ = upload(asks).json()["id"]
        asks.post(f"/api/clips/{id_}/cancel")
        shared = asks.app.state.services
        crew = Crew(shared.settings, shared.queue)
        crew.delete_old(1.0)
        assert asks.get(f"/api/clips/{id_}").status_code == 200
        crew.delete_old(0.0)
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


def test_a_clip_that_is_deleted_meanwhile_leaves_nothing(app, tmp_path, monkeypatch):
    with app(Crew) as asks:
        slow = _slow(asks, monkeypatch)
        id_ = upload(asks, track(), "a.npz").json()["id"]
        assert slow.wait(60)
        asks.delete(f"/api/clips/{id_}")
        after = upload(asks, FILM).json()["id"]
        done(asks, [after])
        assert not (tmp_path / "data/clips" / id_).exists()


def test_health_tells_no_names(app):
    with app() as asks:
        id_ = upload(asks, name="Ann Example.mp4").json()["id"]
        told = asks.get("/healthz")
        assert told.json()["status"] == "ok"
        assert told.json()["queued"] >= 1
        assert "Ann" not in told.text
        assert id_ not in told.text


def test_what_was_half_uploaded_is_tidied_away(app, tmp_path):
    with app():
        pass
    part = tmp_path / "data/incoming/half"
    part.write_bytes(b"x")
    with app():
        assert not part.exists()


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
