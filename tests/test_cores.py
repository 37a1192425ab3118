"""How many cores there are, dealt out and bound to."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from formcheck import cores as room
from formcheck.cores import bind, bind_thread, cores, shares

linux = pytest.mark.skipif(sys.platform != "linux", reason="binds processes to cores")


@linux
def test_the_cores_are_dealt_out_without_rest(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {8, 1, 4, 6, 7})
    assert shares(5) == [{1}, {4}, {6}, {7}, {8}]
    assert shares(2) == [{1, 6, 8}, {4, 7}]
    assert shares(1) == [{1, 4, 6, 7, 8}]
    assert shares(6) == shares(0) == []


def test_elsewhere_none_is_dealt_out_and_nothing_bound(monkeypatch):
    monkeypatch.setattr(room.sys, "platform", "win32")
    assert shares(1) == []
    bind(os.getpid(), {0})
    bind_thread({0})


@linux
def test_a_process_is_bound_with_the_threads_that_it_has():
    mine = os.sched_getaffinity(0)
    with ThreadPoolExecutor(1) as other:
        try:
            other.submit(cores).result()
            bind(os.getpid(), {min(mine)})
            assert cores() == other.submit(cores).result() == 1
        finally:
            bind(os.getpid(), mine)


@linux
def test_a_process_that_is_gone_is_not_bound():
    bind(2**22 + 1, {0})


@linux
def test_a_thread_is_bound_alone_and_by_none_to_nothing():
    def bound(numbers: frozenset[int]) -> set[int]:
        bind_thread(numbers)
        return os.sched_getaffinity(0)

    mine = os.sched_getaffinity(0)
    with ThreadPoolExecutor(1) as other:
        assert other.submit(bound, frozenset({min(mine)})).result() == {min(mine)}
        assert other.submit(bound, frozenset()).result() == {min(mine)}
        assert os.sched_getaffinity(0) == mine
