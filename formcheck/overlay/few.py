"""Sprites of which a recording of hours has thousands, and a frame shows one or two."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from formcheck.words import Sprite

Written = Callable[[], Sprite]
"""Draws a plate, the same one each time: in full HD it takes a megabyte, and to be drawn some
milliseconds, so it is not kept until it is shown."""
LEAST, KEPT = 8, 24
"""Sprites that are kept: for two pieces of the film that are drawn at once, and for eight."""
ENOUGH_B = 8_000_000
"""More than LEAST of them are kept while they take no more bytes: large pictures are drawn in few
pieces at once [O]."""


class Few:
    """The sprites drawn last, by what they are of. Several threads may use it at once."""

    def __init__(self, least: int = LEAST) -> None:
        """least: so many are kept, however large."""
        self._least = least
        self._sprites: dict[Hashable, Sprite] = {}

    def of(self, key: Hashable, draw: Written) -> Sprite:
        """The sprite of `key`; drawn where it is not there, or not any more."""
        there = self._sprites.get(key)
        if there is None:
            there = draw()
            # a new dictionary: what a thread loses to another one is drawn again
            older = list(self._sprites.items())
            fit = ENOUGH_B // max(1, there.rgb.nbytes + there.through.nbytes)
            most = min(max(self._least, fit), KEPT)
            self._sprites = {**dict(older[max(0, len(older) + 1 - most) :]), key: there}
        return there
