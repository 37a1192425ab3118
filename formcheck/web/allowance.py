"""How much a client may ask for: so many at once, and then so many a second."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

CLIENTS = 10_000
"""So many are remembered; whoever was quiet longest is forgotten."""


class Allowance:
    """A bucket a client, filled at a steady rate."""

    def __init__(
        self, most: float, per_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._per_s, self._clock = most, per_s, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def left(self, client: str) -> float:
        """What it may still take now."""
        left, since = self._left.get(client, (self._most, self._clock()))
        return min(self._most, left + (self._clock() - since) * self._per_s)

    def take(self, client: str) -> bool:
        """Take one, if there is one."""
        left = self.left(client)
        taken = left >= 1
        self._left[client] = (left - taken, self._clock())
        self._left.move_to_end(client)
        while len(self._left) > CLIENTS:
            self._left.popitem(last=False)
        return taken
