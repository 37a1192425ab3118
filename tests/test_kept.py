"""What is kept of a frame: little enough for a recording of hours."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest
from athlete import NORDIC, Curl, Hold, perform
from crowd import Film, Person, Studio, athlete

from formcheck.session import Session
from formcheck.signals import Rows
from formcheck.smoothing import Log
from formcheck.tracking import pieces
from formcheck.tracking.rows import Shelf
from formcheck.tracking.scout import Scout
from formcheck.view import estimate

FOLLOWED_B, JUDGED_B = 1300, 700
"""The most that is kept of one more frame, at ten a second: a pose in single precision takes 532,
26 signals with their rates 416; what is noted once a second comes on top."""


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
