"""Sprites of which a recording of hours has thousands, and a frame shows one or two."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Hashable

import numpy as np

from formcheck.words import Sprite

KEPT = 24
"""A plate takes 1 to 2 MB in full HD: as many as eight pieces of the film that are drawn at once
show at a time."""


class Few:
    """The sprites drawn last, by what they are of. Several threads may use it at once."""

    def __init__(self) -> None:
        self._sprites: dict[Hashable, Sprite] = {}

    def of(self, key: Hashable, draw: Callable[[], Sprite]) -> Sprite:
        """The sprite of `key`; drawn where it is not there, or not any more."""
        there = self._sprites.get(key)
        if there is None:
            there = draw()
            # a new dictionary: what a thread loses to another one is drawn again
            self._sprites = {**dict(list(self._sprites.items())[1 - KEPT :]), key: there}
        return there


class Packed:
    """A sprite that waits to be shown: words on a plate shrink to a fiftieth."""

    def __init__(self, sprite: Sprite) -> None:
        self._shape = sprite.rgb.shape
        self._parts = [zlib.compress(part.tobytes(), 1) for part in (sprite.rgb, sprite.through)]

    def unpacked(self) -> Sprite:
        """The same sprite."""
        parts = (np.frombuffer(zlib.decompress(part), np.uint8) for part in self._parts)
        return Sprite(*(part.reshape(self._shape) for part in parts))
