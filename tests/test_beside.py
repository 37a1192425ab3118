"""Reading ahead and writing behind: the same pictures in the same order, and no thread is left."""

import threading
import time
from contextlib import closing

import numpy as np
import pytest

from formcheck.video.beside import WAITING, Behind, ahead

PICTURE = np.zeros((2, 2, 3), np.uint8)


def left() -> set[str]:
    return {t.name for t in threading.enumerate()} & {"reading", "writing"}


def test_what_is_read_ahead_is_the_same_in_the_same_order():
    with closing(ahead(iter(range(50)))) as items:
        assert list(items) == list(range(50))
    assert not left()


def test_no_more_is_read_ahead_than_may_wait():
    read = []

    def source():
        for i in range(100):
            read.append(i)
            yield i

    with closing(ahead(source())) as items:
        next(items)
        time.sleep(0.3)
    assert WAITING <= len(read) <= WAITING + 3
    assert not left()


def test_what_the_reading_raises_comes_where_it_stood():
    def source():
        yield 1
        raise OSError("the disk is gone")

    with closing(ahead(source())) as items:
        assert next(items) == 1
        with pytest.raises(OSError, match="the disk is gone"):
            next(items)
    assert not left()


def test_all_that_was_handed_over_is_written_in_order():
    seconds = []
    with Behind(lambda rgb, t: seconds.append(t)) as out:
        for t in range(30):
            out.write(PICTURE, float(t))
    assert seconds == [float(t) for t in range(30)]
    assert not left()


def test_what_the_writing_raises_is_told_to_who_hands_over():
    def full(rgb, t):
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"), Behind(full) as out:
        for t in range(100):
            out.write(PICTURE, float(t))
            time.sleep(0.01)
    assert not left()


def test_a_failure_of_the_last_picture_is_told_on_leaving():
    def full(rgb, t):
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"), Behind(full) as out:
        out.write(PICTURE, 0.0)
    assert not left()


def test_who_leaves_in_trouble_does_not_wait_for_the_rest():
    written = []

    def slowly(rgb, t):
        time.sleep(0.05)
        written.append(t)

    with pytest.raises(KeyboardInterrupt), Behind(slowly) as out:
        for t in range(WAITING):
            out.write(PICTURE, float(t))
        raise KeyboardInterrupt
    assert len(written) < WAITING
    assert not left()
