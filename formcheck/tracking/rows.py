"""A body picture by picture, kept small: what an hour of it takes, 57 MB, waits in a file."""

from __future__ import annotations

import tempfile
import threading
from array import array
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import IO

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import OutputError
from formcheck.pose import Array, Pose

POINTS, WIDE = 99, 132
"""Columns of a row: 33 points of three numbers, then their 33 visibilities."""
BLOCK = 1024
"""As many rows wait in memory: half a minute at 30 a second takes 0.5 MB [O]."""
Table = NDArray[np.float32]
"""(T, WIDE), NaN where nobody was found."""
Kept = Callable[[], bytes]
"""Gives what was kept. Raises OutputError where it cannot be read any more."""


class Shelf(ExitStack):
    """Where rows wait: a temporary file, once there are any, that is gone when this is closed.
    Several threads may use it at once."""

    def __init__(self) -> None:
        super().__init__()
        self._file: IO[bytes] | None = None
        self._full = False
        self._one = threading.Lock()

    def put(self, data: bytes) -> int | None:
        """Where it lies now; None where it found no room, and for all that comes after that."""
        with self._one:
            if self._full:
                return None
            try:
                if self._file is None:  # unbuffered: what a full disk left would come up again
                    file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed with this
                    self._file = self.enter_context(file)
                at = self._file.seek(0, 2)
                self._full = self._file.write(data) != len(data)
            except OSError:
                self._full = True
            return None if self._full else at

    def keep(self, data: bytes) -> Kept:
        """Takes it from where it lies now: from memory where that had no room."""
        at = self.put(data)
        return (lambda: data) if at is None else partial(self.take, at, len(data))

    def take(self, at: int, size: int) -> bytes:
        """What was put there. Raises OutputError where it cannot be read any more."""
        with self._one:
            data = b""
            try:
                if self._file is not None:
                    self._file.seek(at)
                    data = self._file.read(size)
            except OSError as error:
                raise _lost(error.strerror or type(error).__name__) from error
        if len(data) != size:
            raise _lost(f"{len(data)} of {size} bytes are there")
        return data


def _lost(reason: str) -> OutputError:
    return OutputError(
        f"{tempfile.gettempdir()}: what was put away there for a while cannot be read any more "
        f"({reason}). Check that disk, or name another folder in the environment variable TMPDIR."
    )


class Rows:
    """Poses by the second of their frame, in any order, in the precision of pose.npz."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        """shelf: for what need not be in memory; without it all is."""
        self._t, self._values = array("d"), array("f")
        self._shelf = shelf
        self._away: list[Kept] = []  # takes from the shelf, what came first is first

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
        if len(self._values) >= BLOCK * WIDE:
            self.rest()

    def rest(self) -> None:
        """Put on the shelf what is in memory, while that has room."""
        if self._shelf is not None and self._values:
            self._away.append(self._shelf.keep(self._values.tobytes()))
            self._values = array("f")

    def lay(
        self, table: Table, t_s: Array, since: float = -np.inf, until: float = np.inf
    ) -> NDArray[np.intp]:
        """Write what lies between two seconds, both excluded, into the table of the frames at
        `t_s` (T,) seconds, increasing; which frames these were. Raises OutputError where the shelf
        cannot be read any more."""
        t = self.t_s
        place = np.minimum(np.searchsorted(t_s, t), max(len(t_s) - 1, 0))
        inside = np.flatnonzero((t > since) & (t < until))
        inside = inside[t_s[place[inside]] == t[inside]]
        first = 0
        for block in self._blocks():
            these = inside[(inside >= first) & (inside < first + len(block))]
            table[place[these]] = block[these - first]
            first += len(block)
        frames: NDArray[np.intp] = place[inside]
        return frames

    def _blocks(self) -> Iterator[Table]:
        """(n, WIDE) all rows, as they were put."""
        for take in self._away:
            yield _table(take())
        yield _table(self._values.tobytes())


def _table(data: bytes) -> Table:
    return np.frombuffer(data, np.float32).reshape(-1, WIDE)


def blank(frames: int) -> Table:
    """The table of so many frames before anything was found."""
    return np.full((frames, WIDE), np.nan, np.float32)


def parted(table: Table) -> tuple[Array, Array]:
    """(T, 33, 3) points and (T, 33) visibility of a table, as new arrays."""
    points = table[:, :POINTS].astype(float).reshape(-1, 33, 3)
    return points, table[:, POINTS:].astype(float)
