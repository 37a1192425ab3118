"""Reading ahead: the same pictures in the same order, and no thread is left."""

import threading
import time
from contextlib import closing

import pytest

from formcheck.video.beside import WAITING, ahead


def left() -> set[str]:
    return {t.name for t in threading.enumerate()} & {"reading"}


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
