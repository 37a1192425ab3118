"""What is kept of a frame and of a rep: little enough for a recording of hours."""

from __future__ import annotations

import gc
import itertools
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from athlete import NORDIC, Curl, Hold, perform
from crowd import Film, Person, Studio, athlete

from formcheck import resting
from formcheck.analysis import Analysis, Options, analyze
from formcheck.overlay.draw import Overlay
from formcheck.session import Session
from formcheck.signals import Rows
from formcheck.smoothing import Log
from formcheck.tracking import pieces
from formcheck.tracking.rows import Shelf
from formcheck.tracking.scout import Scout
from formcheck.view import estimate

FOLLOWED_B, JUDGED_B, RESTING_B = 1300, 700, 150
"""The most that is kept of one more frame, at ten a second: a pose in single precision takes 532,
26 signals with their rates 416; what is noted once a second comes on top.
While other pieces are followed, poses and looks rest on the disk."""
DRAWN_B, OF_REP_B, OF_PLATES_B = 80, 45_000, 15_000
"""The most that is held while the video is drawn: of one more frame, of which the poses and curves
rest on the disk; of one more rep, of which the numbers and gates take 30 kB; and by the plates
of one more rep, which in full HD take a megabyte where they are kept."""


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def kept_by_following(seconds: float) -> tuple[float, int]:
    """Bytes that are held once somebody alone was followed for so long, and in how many frames."""
    track = athlete(Hold(seconds))
    studio = Studio(Film(track.t_s, [Person(track.points)]))
    before = tracemalloc.get_traced_memory()[0]
    with Shelf() as shelf:
        scout = Scout(studio.film, studio.make, lambda _: None, shelf, also=None)
        scout.run(plain=True)
        return tracemalloc.get_traced_memory()[0] - before, len(scout.t_s)


def test_a_longer_clip_keeps_little_more_while_it_is_followed(
    monkeypatch: pytest.MonkeyPatch, traced: None
):
    monkeypatch.setattr(pieces, "WHOLE_S", 5)
    (short, few), (long, many) = kept_by_following(10), kept_by_following(35)
    assert (long - short) / (many - few) < FOLLOWED_B


def test_pieces_that_were_followed_keep_little_while_others_are(
    monkeypatch: pytest.MonkeyPatch, traced: None
):
    monkeypatch.setattr(pieces, "WHOLE_S", 5)
    monkeypatch.setenv(pieces.THREADS, "1")
    done, held = itertools.count(1), []

    def ended() -> None:
        held.append((tracemalloc.get_traced_memory()[0], next(done)))

    monkeypatch.setattr("formcheck.tracking.scout.give_back", ended)
    _, frames = kept_by_following(60)
    (first, _), (last, many) = held[1], held[-1]
    assert many == len(pieces.spans(60.0)) > 3
    assert (last - first) / (frames * (many - 2) / many) < RESTING_B


def test_looks_come_back_as_they_were(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pieces, "WHOLE_S", 5)
    track = athlete(Hold(20))
    studio = Studio(Film(track.t_s, [Person(track.points)]))
    seen = {}
    for full in (False, True):
        with Shelf() as shelf:
            if full:
                monkeypatch.setattr(shelf, "put", lambda _: None)
            scout = Scout(studio.film, studio.make, lambda _: None, shelf, also=None)
            scout.run(plain=True)
        seen[full] = [(o.t, *(s.pose.points.tobytes() for s in o.sights)) for o in scout.looks]
    assert seen[True] == seen[False]
    assert len(seen[True]) > 20
    assert [t for t, *_ in seen[True]] == pytest.approx(range(len(seen[True])), abs=0.05)


def test_a_longer_set_keeps_little_more_while_it_is_judged(
    monkeypatch: pytest.MonkeyPatch, traced: None
):
    monkeypatch.setattr(Log, "_BLOCK", 64)
    track = perform(Curl(), Hold(30)).film(fps=10)
    session, held = Session(NORDIC, estimate(track), Rows(track)), []
    for pose in track:
        session.push(pose)
        session.forget()
        held.append(tracemalloc.get_traced_memory()[0])
    half = len(held) // 2
    assert session.count == 1
    assert (held[-1] - held[half]) / (len(held) - half) < JUDGED_B


def analysed(
    folder: Path, reps: int, rest_s: float = 1.0, fps: float = 12.0
) -> tuple[Analysis, int]:
    """So many reps and a rest behind them, with the bytes that are held then."""
    done = perform(*[Curl(fold=30, lower=1.5)] * reps, Hold(rest_s))
    done.film(fps=fps).save(folder / "set.npz")
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    made = analyze(folder / "set.npz", Options(), lambda *_: None)
    gc.collect()
    return made, tracemalloc.get_traced_memory()[0] - before


def test_a_longer_recording_holds_little_more_while_its_video_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, traced: None
):
    monkeypatch.setattr(resting, "WORTH_B", 0)
    analysed(tmp_path, 1)  # what is made once
    short, few = analysed(tmp_path, 1)
    long, many = analysed(tmp_path, 1, 61.0)
    assert (many - few) / (len(long.track) - len(short.track)) < DRAWN_B


def test_one_more_rep_holds_little_more_while_the_video_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, traced: None
):
    monkeypatch.setattr(resting, "WORTH_B", 0)
    analysed(tmp_path, 3)
    _, few = analysed(tmp_path, 1)
    done, many = analysed(tmp_path, 3)
    assert len(done.report.reps) == 3
    assert (many - few) / 2 < OF_REP_B


def test_the_plates_of_one_more_rep_are_not_kept(tmp_path: Path, traced: None):
    done, _ = analysed(tmp_path, 3, fps=24)  # fewer tell no break point
    scale = 1080 / done.track.size[1]
    track = replace(done.track, points=done.track.points * scale, size=(1920, 1080))
    setting = done.setting.model_copy(
        update={"size": (1920, 1080), "thigh_px": done.setting.thigh_px * scale}
    )

    def held(reps: int) -> int:
        """By what draws the video of the first reps."""
        report = done.report.model_copy(update={"reps": done.report.reps[:reps]})
        before = tracemalloc.get_traced_memory()[0]
        drawn = Overlay(report, done.curves, setting, track, done.exercise)
        assert len(drawn._announced) == reps and len(drawn._banners) >= reps
        return tracemalloc.get_traced_memory()[0] - before

    held(3)
    assert (held(3) - held(1)) / 2 < OF_PLATES_B
