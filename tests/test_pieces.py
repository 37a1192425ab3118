"""A clip in pieces: they depend on its length alone, and together they are the whole of it."""

import math
import os
import sys
import threading
import time
from contextlib import closing
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.errors import InputError
from formcheck.motion import Background, joined
from formcheck.tracking.pieces import (
    THREADS,
    WHOLE,
    WHOLE_S,
    Span,
    StoppedError,
    at_once,
    counted,
    in_order,
    side_by_side,
    spans,
    threads,
)
from formcheck.video.film import Tally


@given(st.floats(0, 20_000))
def test_the_pieces_are_the_whole_clip(seconds):
    pieces = spans(seconds)
    assert pieces[0].start == -math.inf and pieces[-1].until == math.inf
    assert all(a.until == b.start for a, b in pairwise(pieces))
    assert all(b.start > a.start for a, b in pairwise(pieces))


@pytest.mark.parametrize(
    ("seconds", "many"),
    [(None, 1), (WHOLE_S - 0.1, 1), (WHOLE_S, 4), (61, 4), (120, 8), (7200, 480)],
)
def test_a_clip_is_cut_by_its_length(seconds, many):
    assert len(spans(seconds)) == many


@pytest.mark.parametrize(
    ("size", "many"), [((640, 360), 8), ((1920, 1080), 4), ((3840, 2160), 2), ((0, 0), 8)]
)
def test_no_more_pieces_are_worked_at_than_memory_serves(size, many, monkeypatch):
    monkeypatch.setenv(THREADS, "16")
    assert at_once(size) == many
    under_way, most, one = 0, 0, threading.Lock()

    def work(_, going):
        nonlocal under_way, most
        with one:
            under_way += 1
            most = max(most, under_way)
        time.sleep(0.05)
        with one:
            under_way -= 1

    side_by_side(work, range(20), at_once(size))
    assert most == many


def test_a_piece_is_led_on_to():
    assert Span(10.0, 20.0).lead == 9.5
    assert WHOLE.lead == -math.inf


def test_results_come_in_the_order_of_the_jobs(monkeypatch):
    monkeypatch.setenv(THREADS, "3")
    order = [threading.Event() for _ in range(3)]

    def work(n, going):
        if n < 2:
            order[n + 1].wait(60)  # the last one ends first
        order[n].set()
        return n * n

    assert side_by_side(work, [0, 1, 2]) == [0, 1, 4]


def test_a_failure_stops_the_others(monkeypatch):
    monkeypatch.setenv(THREADS, "2")
    stopped = []

    def work(n, going):
        if n == 1:
            raise OSError("gone")
        try:
            while True:
                going()
        except StoppedError:
            stopped.append(n)
            raise

    with pytest.raises(OSError, match="gone"):
        side_by_side(work, [0, 1])
    assert stopped == [0]


def test_results_come_as_soon_as_they_and_those_before_are_there(monkeypatch):
    monkeypatch.setenv(THREADS, "2")
    begun: list[int] = []

    def work(job, going):
        going()
        begun.append(job)
        return job * job

    with closing(in_order(work, range(100))) as results:
        assert [next(results) for _ in range(10)] == [k * k for k in range(10)]
        assert len(begun) <= 10 + 4  # no more are kept than are worked at, and as many again


def test_who_leaves_early_stops_what_is_under_way(monkeypatch):
    monkeypatch.setenv(THREADS, "2")
    begun, stopped = threading.Event(), threading.Event()

    def work(job, going):
        if job == 0:
            begun.wait(5)
            raise InputError("torn")
        try:
            begun.set()
            while True:
                going()
                time.sleep(0.001)
        except StoppedError:
            stopped.set()
            raise

    with pytest.raises(InputError, match="torn"), closing(in_order(work, [0, 1])) as results:
        next(results)
    assert stopped.is_set()


@pytest.mark.skipif(sys.platform != "linux", reason="binds threads to cores")
def test_each_thread_keeps_to_cores_of_its_own(monkeypatch):
    mine = os.sched_getaffinity(0)
    many = min(2, len(mine))
    monkeypatch.setenv(THREADS, str(many))
    together = threading.Barrier(many)

    def work(job, going):
        together.wait(60)
        return os.sched_getaffinity(0)

    found = side_by_side(work, range(many))
    assert set().union(*found) == mine
    assert sum(map(len, found)) == len(mine)
    assert os.sched_getaffinity(0) == mine


def test_what_many_threads_do_is_told_one_after_the_other():
    told: list[float] = []
    count = counted(400, told.append)
    crew = [threading.Thread(target=lambda: [count() for _ in range(100)]) for _ in range(5)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    assert told == sorted(told) and len(told) == 500
    assert told[399:] == [1.0] * 101


def test_the_environment_may_say_how_many_threads(monkeypatch):
    monkeypatch.setenv(THREADS, "7")
    assert threads() == 7
    monkeypatch.setenv(THREADS, "many")
    assert threads() >= 1


def test_damage_on_the_way_to_a_piece_is_another_ones():
    tally = Tally(since=5.0)
    tally.damage()
    tally.in_damage = False  # a good picture came
    tally.reach(4.9)
    assert tally.damaged == 1
    tally.reach(5.0)
    assert tally.damaged == 0
    tally.damage()
    tally.in_damage = False
    tally.damage()
    tally.reach(6.0)
    assert (tally + Tally(damaged=1, end_s=9.0)).damaged == 3


@given(st.lists(st.floats(1, 9), min_size=1, max_size=3, unique=True), st.integers(0, 2**32 - 1))
def test_a_path_followed_in_pieces_is_the_path(cuts, seed):
    rng = np.random.default_rng(seed)
    t_s = np.arange(0, 10, 0.1)
    shift = np.cumsum(rng.normal(0, 2, (len(t_s), 2)), axis=0)
    whole = np.column_stack([shift - shift[0], np.zeros(len(t_s))])
    begins = [0.0, *sorted(cuts)]
    pieces = []
    for begin in begins:
        first = max(0, int(np.searchsorted(t_s, begin - 0.5)))
        background = Background()
        background._t = t_s[first:].tolist()
        background._path = list(whole[first:] - whole[first])
        pieces.append((begin, background))
    assert joined(pieces, t_s) == pytest.approx(whole, abs=1e-6)
