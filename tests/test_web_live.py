"""A set before the browser's camera: pictures over the WebSocket in, answers and a report out."""

import json
import multiprocessing
import os
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import cv2
import numpy as np
import pytest
from athlete import Curl, Hold
from crowd import SIZE, athlete
from web_app import Known, served

from formcheck.analysis import Options, analyze
from formcheck.errors import InputError, OutputError
from formcheck.live.loop import NOTHING
from formcheck.live.sent import Sent, check, decoded
from formcheck.live.state import LiveState
from formcheck.report import Report
from formcheck.results import write
from formcheck.web import lives
from formcheck.web.booth import Booth
from formcheck.web.queue import Queue

URL = "ws://127.0.0.1:8000/api/live"
QUICK = Curl(rest=0.6, lower=2.5, up=1.5, floor=0.3)


def jpeg(width=SIZE[0], height=SIZE[1], grey=140) -> bytes:
    picture = np.full((height, width, 3), grey, np.uint8)
    return cv2.imencode(".jpg", picture)[1].tobytes()


def picture(t: float, content: bytes | None = None) -> bytes:
    return struct.pack("<d", t) + (jpeg() if content is None else content)


@pytest.fixture(scope="module")
def track(tmp_path_factory):
    file = tmp_path_factory.mktemp("track") / "known.npz"
    athlete(Hold(2.0), QUICK, QUICK, Hold(1.0), fps=24).save(file)
    return file


@pytest.fixture
def asks(tmp_path, track):
    with served(tmp_path / "data") as one:
        one.app.state.services.lives.make = partial(Known, track)
        yield one


def start(socket, **more):
    socket.send_json({"type": "start", "exercise": "nordic-curl", "mirror": False, **more})


def answers(socket, times):
    """The answer to each picture."""
    told = []
    for t in times:
        socket.send_bytes(picture(t))
        told.append(socket.receive_json())
    return told


def times(track):
    from formcheck.pose import PoseTrack

    return PoseTrack.load(track).t_s.tolist()


def test_a_set_is_counted_and_leaves_a_report(asks, track):
    with asks.websocket_connect(URL) as socket:
        start(socket, athlete="Ann")
        told = answers(socket, times(track))
        socket.send_json({"type": "stop"})
        over = socket.receive_json()
    assert [a["t_s"] for a in told] == times(track)
    assert {"t_s", "phase", "rep", "angles", "landmarks", "cues"} <= set(told[0])
    assert len(told[-1]["landmarks"]) == 33
    assert max(a["rep"] for a in told) == 2
    said = [cue["text"] for a in told for cue in a["cues"]]
    assert [word for word in said if word in {"one", "two"}] == ["one", "two"]
    knee = [a["angles"]["knee_flexion"] for a in told if a["angles"]["knee_flexion"] is not None]
    assert min(knee) < 40 < max(knee)
    report = Report.model_validate(asks.get(f"/api/clips/{over['id']}/report.json").json())
    assert report.set_.reps == 2
    assert report.athlete.name == "Ann"
    told = asks.get(f"/api/clips/{over['id']}").json()
    assert (told["kind"], told["status"], told["reps"]) == ("live", "done", 2)
    assert asks.get(f"/clips/{over['id']}").status_code == 200


def test_a_browser_that_was_lost_comes_back_to_its_set(asks, track):
    moments = times(track)
    half = len(moments) // 2
    with asks.websocket_connect(URL) as socket:
        start(socket, resume="")
        key = socket.receive_json()["resume"]
        before = answers(socket, moments[:half])
    assert max(a["rep"] for a in before) == 1
    with asks.websocket_connect(URL) as socket:
        start(socket, resume=key)
        assert socket.receive_json() == {"type": "started", "resume": key}
        after = answers(socket, moments[half:])
        socket.send_json({"type": "stop"})
        over = socket.receive_json()
    assert after[-1]["rep"] == 2
    assert len(over["ids"]) == 1


def test_who_never_comes_back_has_ended_the_set(asks, track, monkeypatch):
    monkeypatch.setattr(lives, "COMES_BACK_S", 0.2)
    with asks.websocket_connect(URL) as socket:
        start(socket)
        answers(socket, times(track))
    clips = until(lambda: asks.get("/api/clips").json()["clips"])
    assert clips[0]["reps"] == 2


def until(what, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen")


def test_a_server_that_stops_keeps_the_set(tmp_path, track):
    with served(tmp_path / "data") as asks:
        asks.app.state.services.lives.make = partial(Known, track)
        with asks.websocket_connect(URL) as socket:
            start(socket)
            answers(socket, times(track))
    with served(tmp_path / "data") as asks:
        assert asks.get("/api/clips").json()["clips"][0]["reps"] == 2


def test_without_a_set_there_is_no_report_and_a_reason(asks):
    with asks.websocket_connect(URL) as socket:
        start(socket)
        answers(socket, [0.0, 0.1])
        socket.send_json({"type": "stop"})
        over = socket.receive_json()
    assert over["id"] is None
    assert "No set began" in over["reason"]


BAD = (
    b"",
    b"1234567",
    picture(0.5, b"no picture at all"),
    picture(0.5, b"\xff\xd8\xff\xe0" + bytes(200)),
    picture(float("nan")),
    picture(float("inf")),
    picture(-1.0),
    picture(0.0),
)


def test_a_picture_that_is_none_is_answered_and_does_no_harm(asks):
    with asks.websocket_connect(URL) as socket:
        start(socket)
        answers(socket, [0.0])
        for message in BAD:
            socket.send_bytes(message)
            assert "error" in socket.receive_json(), message[:40]
        (good,) = answers(socket, [1.0])
        assert good["t_s"] == 1.0


@pytest.mark.parametrize(
    "first", ["", "no json", "[]", '{"type": "stop"}', '{"type": "start", "exercise": "x"}']
)
def test_a_browser_that_does_not_say_what_it_wants_is_told(asks, first):
    with asks.websocket_connect(URL) as socket:
        socket.send_text(first)
        assert "error" in socket.receive_json()


def test_there_is_room_for_so_many(tmp_path, track):
    with served(tmp_path / "data", limits={"lives": 1}) as asks:
        asks.app.state.services.lives.make = partial(Known, track)
        with asks.websocket_connect(URL) as one:
            start(one)
            answers(one, [0.0])
            assert asks.get("/healthz").json()["live"] is False
            with asks.websocket_connect(URL) as other:
                start(other)
                assert "no room" in other.receive_json()["error"]


def test_a_small_file_that_claims_a_large_picture_is_not_decoded():
    small = jpeg()
    at = small.index(b"\xff\xc0") + 5
    large = small[:at] + struct.pack(">HH", 60_000, 60_000) + small[at + 4 :]
    with pytest.raises(InputError, match="far too large"):
        check(large)


def test_pictures_wait_only_so_long():
    sent = Sent()
    for n in range(20):
        sent.hand_over(float(n), jpeg())
    first = sent.read()
    assert first is not None
    assert first.t == 12.0


def test_a_picture_is_answered_once():
    """However often it is shown, and not before the first has come."""
    here, there = multiprocessing.Pipe()
    booth, one = Booth(there), np.zeros((90, 160, 3), np.uint8)
    for picture, t in ((NOTHING.rgb, 0.0), (one, 0.5), (one, 0.5), (one.copy(), 0.6)):
        booth.show(picture, LiveState(t, "placing"))
    there.close()
    assert [here.recv()["t_s"], here.recv()["t_s"]] == [0.5, 0.6]
    with pytest.raises(EOFError):
        here.recv()


def test_a_damaged_picture_is_passed_over():
    assert decoded(b"\xff\xd8\xff\xe0 broken") is None
    sent = Sent()
    sent.hand_over(0.0, jpeg())
    sent.end()
    assert sent.read() is not None
    assert sent.read() is None


def test_the_page_says_why_the_camera_is_off(asks):
    page = asks.get("/live").text
    assert 'id="why"' in page
    script = asks.get("/static/live.js").text
    assert "isSecureContext" in script
    assert json.loads(page.split('data-bones="')[1].split('"')[0])


def test_one_that_came_back_is_not_ended_by_its_old_connection(asks, track):
    with asks.websocket_connect(URL) as old:
        start(old, resume="")
        key = old.receive_json()["resume"]
        answers(old, [0.0])
        with asks.websocket_connect(URL) as new:
            start(new, resume=key)
            assert new.receive_json()["resume"] == key
            old.close()
            assert answers(new, [1.0])[0]["t_s"] == 1.0
            sitting = asks.app.state.services.lives.find(key)
            assert sitting.left is None


def forsake(folder):
    """Nobody has touched it for long."""
    os.utime(folder, (time.time() - 600,) * 2)


@pytest.fixture(scope="module")
def found(track):
    return analyze(track, Options(), lambda *_: None)


@pytest.fixture
def written(tmp_path, found):
    """What a process wrote of a set, whole, and beside it half of another."""
    folder = tmp_path / "data/live/key/live-1"
    write(found, folder, lambda *_: None)
    half = folder.with_name(".formcheck-x.part")
    half.mkdir()
    (half / "report.json").write_text("{}")
    return folder


def clips(asks):
    return asks.get("/api/clips").json()["clips"]


def test_the_sets_of_a_server_at_work_are_its_own(tmp_path, written):
    with served(tmp_path / "data") as asks:
        assert clips(asks) == []
        assert written.is_dir()


def test_a_set_is_taken_once_wherever_the_server_was_killed(tmp_path, written):
    """Before the copy, after it, after the row, after the note."""
    with served(tmp_path / "data") as asks:
        shelf = asks.app.state.services.lives.shelf
        ids = [shelf.take(written)]
        (note,) = written.parent.glob(".*.kept")
        note.unlink()  # killed after the row
        ids.append(shelf.take(written))
        note.unlink()
        shelf._queue.remove(ids[0])  # killed after the copy
        ids.append(shelf.take(written))
        forsake(written.parent)
        asks.app.state.services.lives.adopt()
        assert len(set(ids)) == 1
        assert [one["id"] for one in clips(asks)] == ids[:1]
        assert not written.parent.exists()


def test_a_deleted_set_does_not_come_back(tmp_path, written):
    with served(tmp_path / "data") as asks:
        id_ = asks.app.state.services.lives.shelf.take(written)
        assert asks.delete(f"/api/clips/{id_}").status_code == 204
        forsake(written.parent)
    with served(tmp_path / "data") as asks:
        assert clips(asks) == []
        assert not written.parent.exists()


def test_a_set_that_cannot_be_kept_now_is_kept_later(tmp_path, written, monkeypatch):
    def full(*_):
        raise OutputError("the database is locked")

    forsake(written.parent)
    with monkeypatch.context() as broken:
        broken.setattr(Queue, "add", full)
        with served(tmp_path / "data") as asks:
            assert clips(asks) == []
    forsake(written.parent)
    with served(tmp_path / "data") as asks:
        assert len(clips(asks)) == 1


def test_a_report_that_is_none_does_not_hold_up_the_start(tmp_path, written):
    (written / "report.json").write_text("{}")
    forsake(written.parent)
    with served(tmp_path / "data") as asks:
        assert clips(asks) == []


def test_a_result_caught_between_two_places_is_put_back(tmp_path, written):
    with served(tmp_path / "data") as asks:
        id_ = asks.app.state.services.lives.shelf.take(written)
        result = tmp_path / "data/clips" / id_ / "result"
        result.rename(result.with_name(".old"))
    with served(tmp_path / "data") as asks:
        assert asks.get(f"/api/clips/{id_}/report.json").status_code == 200


def test_a_set_whose_keeping_failed_is_told_and_makes_room(asks, track, monkeypatch):
    fails = [True, True]

    def add(queue, *given):
        if fails:
            raise OutputError(str(fails.pop()))
        add_whole(queue, *given)

    add_whole = Queue.add
    monkeypatch.setattr(Queue, "add", add)
    with asks.websocket_connect(URL) as socket:
        start(socket)
        answers(socket, times(track))
        socket.send_json({"type": "stop"})
        over = socket.receive_json()
    assert over["id"] is None
    assert "will be among the clips" in over["reason"]
    assert asks.app.state.services.lives.room
    (clip,) = until(lambda: clips(asks))
    assert clip["reps"] == 2


def test_who_was_lost_at_the_end_is_told_how_it_ended(asks, track):
    with asks.websocket_connect(URL) as socket:
        start(socket, resume="")
        key = socket.receive_json()["resume"]
        answers(socket, times(track))
        socket.send_json({"type": "stop"})
    until(lambda: clips(asks))
    with asks.websocket_connect(URL) as socket:
        start(socket, resume=key)
        told = [socket.receive_json(), socket.receive_json()]
    assert told[0]["type"] == "started"
    assert told[1]["id"] == clips(asks)[0]["id"]


def test_a_set_that_nobody_knows_is_not_begun_anew(asks):
    with asks.websocket_connect(URL) as socket:
        start(socket, resume="a" * 26)
        assert "among the clips" in socket.receive_json()["error"]


def test_a_browser_that_sends_nothing_gives_its_place_up(asks, monkeypatch):
    monkeypatch.setattr(lives, "IDLE_S", 0.1)
    with asks.websocket_connect(URL) as socket:
        start(socket)
        assert "No set began" in socket.receive_json()["reason"]


def test_places_are_not_given_twice(tmp_path, monkeypatch):
    class Slow(lives.Sitting):
        def __post_init__(self):
            time.sleep(0.2)

    monkeypatch.setattr(lives, "Sitting", Slow)
    with served(tmp_path / "data", limits={"lives": 1}) as asks:
        ours = asks.app.state.services.lives
        with ThreadPoolExecutor(5) as many:
            begun = [many.submit(ours.begin, "nordic-curl", None, "") for _ in range(5)]
            told = [one.exception() for one in begun]
        assert [type(one) for one in told if one] == [lives.FullError] * 4
        ours._sittings.clear()


def test_what_a_killed_server_left_is_taken_among_the_clips(tmp_path, found):
    write(found, tmp_path / "data/live/key/live-1", lambda *_: None)
    forsake(tmp_path / "data/live/key")
    with served(tmp_path / "data") as asks:
        (clip,) = asks.get("/api/clips").json()["clips"]
        assert (clip["kind"], clip["reps"]) == ("live", found.report.set_.reps)
        assert asks.get(f"/clips/{clip['id']}").status_code == 200
    with served(tmp_path / "data") as asks:
        assert len(asks.get("/api/clips").json()["clips"]) == 1
