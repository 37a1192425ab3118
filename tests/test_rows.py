"""The rows of a followed body: small, in any order, laid into the table of a clip's frames."""

from __future__ import annotations

import os
import sys
import tempfile
import tracemalloc
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from formcheck.errors import OutputError
from formcheck.pose import Pose
from formcheck.tracking.rows import BLOCK, WIDE, Rows, Shelf, blank, parted

T = np.arange(0, 1, 0.1)


def pose(t: float) -> Pose:
    return Pose(t, np.full((33, 3), t / 3), np.full(33, t / 7))


def test_rows_come_back_in_single_precision_wherever_they_were_put():
    rows, table = Rows(), blank(len(T))
    for t in T[[7, 6, 2]].tolist():
        rows.put(t, pose(t))
    rows.put(float(T[4]), None)
    rows.put(0.05, pose(0.05))  # of no frame
    assert rows.lay(table, T).tolist() == [7, 6, 2, 4]
    points, visibility = parted(table)
    seen = np.isfinite(points).all(axis=(1, 2))
    assert np.flatnonzero(seen).tolist() == [2, 6, 7]
    assert (points[seen] == np.float32(T[seen] / 3)[:, None, None]).all()
    assert (visibility[seen] == np.float32(T[seen] / 7)[:, None]).all()


def test_only_what_lies_between_two_seconds_is_laid():
    rows, table = Rows(), blank(len(T))
    for t in T.tolist():
        rows.put(t, pose(t))
    assert rows.lay(table, T, float(T[3]), float(T[6])).tolist() == [4, 5]
    assert np.isfinite(table).all(axis=1).nonzero()[0].tolist() == [4, 5]


def test_no_rows_lay_nothing():
    assert not len(Rows().lay(blank(3), T[:3]))
    assert not len(Rows().lay(blank(0), T[:0]))


def laid(rows: Rows, t_s: np.ndarray) -> np.ndarray:
    table = blank(len(t_s))
    rows.lay(table, t_s, float(t_s[5]), float(t_s[-2]))
    return table


def test_what_waits_on_a_shelf_comes_back_as_it_was():
    t_s = np.arange(2 * BLOCK + 100) / 30
    plain = Rows()
    with Shelf() as shelf:
        rows, other = Rows(shelf), Rows(shelf)
        for t in t_s.tolist():
            for one in (plain, rows):
                one.put(t, pose(t))
            other.put(t, None)  # theirs lies between
        rows.rest()
        rows.rest()
        assert np.array_equal(laid(rows, t_s), laid(plain, t_s), equal_nan=True)
        assert np.isnan(laid(other, t_s)).all()


def test_rows_on_a_shelf_take_no_memory():
    with Shelf() as shelf:
        rows = Rows(shelf)
        tracemalloc.start()
        for k in range(4 * BLOCK):
            rows.put(k / 30, None)
        rows.rest()
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
    assert held < 0.1 * 4 * BLOCK * WIDE * 4


def test_where_the_shelf_has_no_room_all_stays_in_memory(monkeypatch: pytest.MonkeyPatch):
    asked = []

    def full(**_: int) -> None:
        asked.append(1)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    t_s = np.arange(BLOCK + 100) / 30
    plain = Rows()
    with Shelf() as shelf:
        rows = Rows(shelf)
        for t in t_s.tolist():
            rows.put(t, pose(t))
            plain.put(t, pose(t))
        assert np.array_equal(laid(rows, t_s), laid(plain, t_s), equal_nan=True)
    assert len(asked) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full")
def test_a_disk_that_fills_up_is_told_once_and_never_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "TemporaryFile", partial(Path("/dev/full").open, "w+b"))
    with Shelf() as shelf:
        assert shelf.put(bytes(10)) is None
        assert shelf.put(bytes(200_000)) is None


def test_a_shelf_gives_nothing_that_was_not_put_there():
    with Shelf() as shelf, pytest.raises(OutputError, match="TMPDIR"):
        shelf.take(0, 4)


def test_what_was_lost_on_a_shelf_is_told():
    with Shelf() as shelf:
        taken = shelf.keep(bytes(1000))
        assert shelf._file is not None
        shelf._file.truncate(10)
        with pytest.raises(OutputError, match="10 of 1000 bytes"):
            taken()
        shelf._file.close = lambda: None  # its descriptor is gone, as where a disk was taken out
        os.close(shelf._file.fileno())
        with pytest.raises(OutputError, match="Bad file descriptor"):
            taken()
