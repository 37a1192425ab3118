"""A body picture by picture, kept small: an hour of it is 57 MB."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from formcheck.pose import Array, Pose

POINTS, WIDE = 99, 132
"""Columns of a row: 33 points of three numbers, then their 33 visibilities."""
Table = NDArray[np.float32]
"""(T, WIDE), NaN where nobody was found."""


class Rows:
    """Poses by the second of their frame, in any order, in the precision of pose.npz."""

    def __init__(self) -> None:
        self._t, self._values = array("d"), array("f")

    def __len__(self) -> int:
        return len(self._t)

    @property
    def t_s(self) -> Array:
        """(n,) seconds, as they were put."""
        return np.array(self._t, float)

    def put(self, t: float, pose: Pose | None) -> None:
        """Add the body at `t` seconds; None: not found."""
        row = np.full(WIDE, np.nan, np.float32)
        if pose is not None:
            row[:POINTS], row[POINTS:] = pose.points.reshape(-1), pose.visibility
        self._t.append(t)
        self._values.frombytes(row.tobytes())

    def lay(
        self, table: Table, t_s: Array, since: float = -np.inf, until: float = np.inf
    ) -> NDArray[np.intp]:
        """Write what lies between two seconds, both excluded, into the table of the frames at
        `t_s` (T,) seconds, increasing; which frames these were."""
        t = self.t_s
        place = np.minimum(np.searchsorted(t_s, t), max(len(t_s) - 1, 0))
        inside = np.flatnonzero((t > since) & (t < until))
        inside = inside[t_s[place[inside]] == t[inside]]
        rows = np.array(self._values, np.float32).reshape(-1, WIDE)
        table[place[inside]] = rows[inside]
        frames: NDArray[np.intp] = place[inside]
        return frames


def blank(frames: int) -> Table:
    """The table of so many frames before anything was found."""
    return np.full((frames, WIDE), np.nan, np.float32)


def parted(table: Table) -> tuple[Array, Array]:
    """(T, 33, 3) points and (T, 33) visibility of a table, as new arrays."""
    points = table[:, :POINTS].astype(float).reshape(-1, 33, 3)
    return points, table[:, POINTS:].astype(float)
