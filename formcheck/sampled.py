"""Samples in a row, column by column: what a rep is found in and measured on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from formcheck.pose import Array
from formcheck.smoothing import Sample


@dataclass(frozen=True)
class Samples:
    """The same as so many `Sample`s, of S signals in the exercise's order."""

    t: Array
    """(n,) seconds, increasing."""
    table: Array
    """(n, 4, S) value, rate, raw and seen, as a Sample has them."""

    @property
    def value(self) -> Array:
        """(n, S) smoothed; NaN where not seen."""
        return self.table[:, 0]

    @property
    def rate(self) -> Array:
        """(n, S) smoothed, per second; NaN where not seen."""
        return self.table[:, 1]

    @property
    def raw(self) -> Array:
        """(n, S) as measured, spikes taken out; NaN where not seen."""
        return self.table[:, 2]

    @property
    def seen(self) -> Array:
        """(n, S) visibility, 0 to 1; NaN where not seen."""
        return self.table[:, 3]

    @cached_property
    def answers(self) -> dict[object, Any]:
        """What was asked of them before, whatever else was known of their rep."""
        return {}

    def __len__(self) -> int:
        return len(self.t)

    def __getitem__(self, part: slice) -> Samples:
        """Some in a row, in the same memory."""
        return Samples(self.t[part], self.table[part])

    def between(self, first: float, last: float = np.inf) -> Samples:
        """Those from first to last, both included, in the same memory."""
        return self[np.searchsorted(self.t, first) : np.searchsorted(self.t, last, "right")]

    def copy(self) -> Samples:
        """The same in memory of its own."""
        return Samples(self.t.copy(), self.table.copy())


class Kept:
    """Samples that come one by one at the end, and go from the front."""

    _ROOM = 256

    def __init__(self, signals: int) -> None:
        """signals: how many there are in each sample."""
        self._room = Samples(np.empty(self._ROOM), np.empty((self._ROOM, 4, signals)))
        self._first = self._end = 0

    def __len__(self) -> int:
        return self._end - self._first

    @property
    def all(self) -> Samples:
        """Those that are there; what comes later does not change them."""
        return self._room[self._first : self._end]

    def append(self, sample: Sample) -> None:
        """Take the next one."""
        if self._end == len(self._room):
            self._move()
        self._room.t[self._end] = sample.t
        self._room.table[self._end] = sample.value, sample.rate, sample.raw, sample.seen
        self._end += 1

    def _move(self) -> None:
        """Into new memory, with as much room again: the old may be looked at by a rep."""
        there = self.all
        room = max(2 * len(there), self._ROOM)
        self._room = Samples(np.empty(room), np.empty((room, *there.table.shape[1:])))
        self._room.t[: len(there)], self._room.table[: len(there)] = there.t, there.table
        self._first, self._end = 0, len(there)

    def forget(self, before: float) -> None:
        """Let go of what lies before a time, seconds."""
        self._first += int(np.searchsorted(self.all.t, before))
