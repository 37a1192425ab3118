"""The rows of a followed body: small, in any order, laid into the table of a clip's frames."""

from __future__ import annotations

import numpy as np

from formcheck.pose import Pose
from formcheck.tracking.rows import Rows, blank, parted

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
