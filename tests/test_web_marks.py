"""A person's own truth: marked on a page, kept as labels that `formcheck validate` reads."""

import json
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from web_app import FILM, Hand, done, served, texts, track, upload

from formcheck.pose import PoseTrack
from formcheck.validate.known import known_clips
from formcheck.validate.labels import read_labels
from formcheck.web import marking

REP = {"start_s": 0.5, "break_s": 2.0, "catch_s": 2.3, "bottom_s": 2.5, "end_s": 4.0}
MARKS = {"exercise": "nordic-curl", "view": "side", "reps": [{**REP, "faults": ["hips-pike"]}]}


@pytest.fixture
def asks(tmp_path):
    with served(tmp_path / "data") as one:
        yield one


def test_marks_are_labels(asks, tmp_path):
    id_ = upload(asks).json()["id"]
    assert asks.get(f"/api/clips/{id_}/marks").status_code == 404
    assert asks.put(f"/api/clips/{id_}/marks", json=MARKS).status_code == 200
    kept = asks.get(f"/api/clips/{id_}/marks").json()
    assert kept["reps"][0]["bottom_s"] == 2.5
    (label,) = read_labels(tmp_path / "data/labels.json").values()
    assert label.events[0].break_s == 2.0
    (known,) = known_clips(tmp_path / "data")
    assert known.clip.is_file()
    assert (known.by_eye, known.reps_true, known.exercise) == (True, 1, "nordic-curl")
    told = json.loads((tmp_path / "data/labels.json").read_text())
    assert next(iter(told.values()))["faults"] == [{"rep": 1, "check": "hips-pike"}]


def test_marks_can_be_taken_back_and_go_with_their_clip(asks, tmp_path):
    one, other = (upload(asks).json()["id"] for _ in range(2))
    for id_ in (one, other):
        asks.put(f"/api/clips/{id_}/marks", json=MARKS)
    asks.delete(f"/api/clips/{one}/marks")
    assert len(read_labels(tmp_path / "data/labels.json")) == 1
    asks.delete(f"/api/clips/{other}")
    assert read_labels(tmp_path / "data/labels.json") == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"exercise": "push-up"},
        {"reps": [{**REP, "end_s": 0.1}]},
        {"reps": [{**REP, "start_s": -1}]},
        {"reps": [{**REP, "start_s": "soon"}]},
        {"reps": [{**REP, "faults": ["made-up"]}]},
        {"reps": [REP, REP]},
        {"reps": [REP] * 300},
        {"more": 1},
    ],
)
def test_what_cannot_have_been_seen_is_refused(asks, wrong):
    id_ = upload(asks).json()["id"]
    answer = asks.put(f"/api/clips/{id_}/marks", json={**MARKS, **wrong})
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_marks_stand_beside_what_was_measured(tmp_path):
    with served(tmp_path / "data", crew=Hand) as asks:
        id_ = upload(asks, track(), "a.npz").json()["id"]
        done(asks, [id_])
        assert "a person" not in texts(asks.get(f"/clips/{id_}").text)
        asks.put(f"/api/clips/{id_}/marks", json=MARKS)
        page = texts(asks.get(f"/clips/{id_}").text)
        assert "Beside what a person marked" in page
        assert "2.50 s" in page
        assert "folding at the hips" in page


def test_the_page_knows_when_each_picture_comes(tmp_path):
    where = SimpleNamespace(result=tmp_path)
    assert marking._pictures(where) == []
    seconds = np.array([0.0, 1 / 30, 0.1, 0.1334, 5.0])
    none = np.full((5, 33, 3), np.nan)
    PoseTrack(seconds, none, none[..., 0], (64, 48)).save(tmp_path / "pose.npz")
    assert marking._pictures(where) == [0, 33, 67, 33, 4867]


def test_marks_that_cannot_be_read_are_none_and_harm_no_other(asks, tmp_path):
    broken, good = (upload(asks).json()["id"] for _ in range(2))
    (tmp_path / "data/clips" / broken / "marks.json").write_text('{"reps": 3}')
    assert asks.get(f"/api/clips/{broken}/marks").status_code == 404
    assert asks.put(f"/api/clips/{good}/marks", json=MARKS).status_code == 200
    assert list(json.loads((tmp_path / "data/labels.json").read_text())) == [
        f"clips/{good}/{good}.mp4"
    ]


def test_marks_that_are_saved_at_once_are_all_labels(asks, tmp_path):
    ids = [upload(asks).json()["id"] for _ in range(6)]
    with ThreadPoolExecutor(6) as many:
        saved = many.map(lambda i: asks.put(f"/api/clips/{i}/marks", json=MARKS).status_code, ids)
        assert set(saved) == {200}
    assert len(json.loads((tmp_path / "data/labels.json").read_text())) == 6


def test_only_what_a_browser_shows_is_stepped_through(asks):
    film = upload(asks, FILM).json()["id"]
    poses = upload(asks, b"PK\x03\x04" + bytes(300)).json()["id"]
    assert "<video" in asks.get(f"/clips/{film}/mark").text
    assert "<video" not in asks.get(f"/clips/{poses}/mark").text
