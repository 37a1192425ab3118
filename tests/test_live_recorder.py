"""The recording of a set: from its first picture on, all of them, and nobody waits for it."""

import threading
import time
from functools import partial
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from formcheck.errors import OutputError
from formcheck.live import recorder
from formcheck.live.recorder import WAITING, Recorder

FPS = 30


class Slow:
    """A writer that takes its time."""

    made: ClassVar[list["Slow"]] = []
    pause = partial(time.sleep, 0.004)

    def __init__(self, path, width, height, *, live):
        self.size, self.times, self.shades, self.closed = (width, height), [], [], False
        Slow.made.append(self)

    def write(self, rgb, t):
        Slow.pause()
        self.times.append(t)
        self.shades.append(int(rgb.mean()))

    def close(self):
        self.closed = True

    def abort(self):
        pass


@pytest.fixture
def record(monkeypatch):
    monkeypatch.setattr(recorder, "VideoWriter", Slow)
    monkeypatch.setattr(Slow, "made", [])
    one = Recorder()
    yield one
    one.close()


def picture(n):
    return np.full((18, 32, 3), n, np.uint8)


def pictures(record, numbers, keeps_from=0.0):
    for n in numbers:
        record.push(n / FPS, picture(n), keeps_from)


def test_what_came_before_it_began_and_what_comes_meanwhile_are_all_there_in_order(record):
    pictures(record, range(60))
    record.begin(Path("a.mp4"), since=0.5)
    pictures(record, range(60, 120))
    assert record.end().result(60) == Path("a.mp4")
    (film,) = Slow.made
    assert film.times == pytest.approx([n / FPS - 0.5 for n in range(15, 120)])
    assert film.shades == pytest.approx(list(range(15, 120)), abs=2)
    assert film.closed


def test_what_is_written_late_holds_nobody_up(record, monkeypatch):
    may = threading.Semaphore(0)
    monkeypatch.setattr(Slow, "pause", partial(may.acquire, timeout=1))
    pictures(record, range(60))
    record.begin(Path("a.mp4"), since=0.0)
    for n in range(60, 60 + 2 * WAITING):
        may.release()  # one is written for each that comes, though 60 more wait
        record.push(n / FPS, picture(n), 0.0)
    assert sum(len(film.times) for film in Slow.made) < 60
    may.release(100)
    assert len(record.end().result(60).name) > 0
    assert len(Slow.made[0].times) == 60 + 2 * WAITING


def test_where_too_much_is_kept_the_writing_is_waited_for(record, monkeypatch):
    monkeypatch.setattr(recorder, "MOST", 5)
    pictures(record, range(4))
    record.begin(Path("a.mp4"), since=0.0)
    pictures(record, range(4, 40))
    record.end().result(60)
    assert len(Slow.made[0].times) == 40


def test_outside_of_sets_only_what_may_be_needed_is_kept(record):
    pictures(record, range(30))
    record.push(1.0, picture(30), 0.9)
    record.begin(Path("a.mp4"), since=0.0)
    record.end().result(60)
    assert Slow.made[0].times == pytest.approx([0.9, 28 / FPS, 29 / FPS, 1.0], abs=1e-6)


def test_a_set_of_which_nothing_was_recorded_says_so_and_the_next_goes_well(record, monkeypatch):
    record.begin(Path("a.mp4"), since=0.0)
    with pytest.raises(OutputError, match="nothing was recorded"):
        record.end().result(60)
    write = Slow.write
    monkeypatch.setattr(Slow, "write", lambda *_: 1 / 0)
    pictures(record, range(3))
    record.begin(Path("b.mp4"), since=0.0)
    with pytest.raises(OutputError, match="division"):
        record.end().result(60)
    monkeypatch.setattr(Slow, "write", write)
    with monkeypatch.context() as m:
        m.setattr(Slow, "close", lambda self: 1 / 0)
        pictures(record, range(3))
        record.begin(Path("b.mp4"), since=0.0)
        pictures(record, range(3, 6))
        with pytest.raises(OutputError, match="division"):
            record.end().result(60)
    record.begin(Path("c.mp4"), since=0.0)
    pictures(record, range(3))
    assert record.end().result(60) == Path("c.mp4")
