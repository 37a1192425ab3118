"""Where the body is over a clip, on a coarse grid, and where a plate can stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from formcheck.words import Array, Box, Point, Sprite, box_of, shared

Counts = NDArray[np.int32]


class Room:
    """Where the body is over a clip, on a coarse grid, and where a plate can stand."""

    CELLS = 96
    """Along the longer side of the picture."""
    FRAMES = 300
    """Looked at, at most about twice so many, evenly over the clip."""
    LIMB = 4
    """What hiding a limb weighs."""
    HEM = 0.1
    """Of the body, may be hidden for the sake of larger words."""

    def __init__(
        self,
        size: tuple[int, int],
        t_s: Array,
        limbs: Array,
        discs: Array,
        thick: float,
        weights: tuple[Sequence[int], Sequence[int]],
    ) -> None:
        """size: of the picture. t_s: (T,) seconds. limbs: (T, n, 2, 2) pixels, both ends of each,
        `thick` pixels thick. discs: (T, m, 2) pixels, middles of heads and of what else wants
        room, a little wider; weights: of the n limbs, LIMB mostly, and of the m discs. NaN where
        not seen."""
        self.size, self.margin = size, round(min(size) / 40)
        self._cell = max(size) / self.CELLS
        step = max(1, len(t_s) // self.FRAMES)
        self._t = t_s[::step]
        self._weights = weights
        parts = zip(limbs[::step] / self._cell, discs[::step] / self._cell, strict=True)
        bodies = [self._filled(limb, disc, thick / self._cell) for limb, disc in parts]
        shape = len(bodies), self._cells(size[1]), self._cells(size[0])
        self._grids = np.stack(bodies) if bodies else np.zeros(shape, np.uint8)

    @cached_property
    def _sums(self) -> Counts:
        """Of all that the body weighs."""
        return _summed(self._grids)

    @cached_property
    def _told(self) -> Counts:
        """Of the heaviest limbs."""
        return _summed(self._grids >= max(self.LIMB + 1, *self._weights[0]))

    @cached_property
    def _heads(self) -> Counts:
        """Of what weighs more than a limb."""
        return _summed(self._grids > self.LIMB)

    @cached_property
    def _all(self) -> Counts:
        """Of limbs and what weighs more."""
        return _summed(self._grids >= self.LIMB)

    def place(
        self,
        sprites: Sequence[Sprite],
        taken: Sequence[Box] = (),
        first: float = -np.inf,
        last: float = np.inf,
    ) -> tuple[Sprite, Point]:
        """The sprite and its corner that hide least of the body between two seconds, and nothing
        that is taken. Among equals the first sprite, and the highest, leftmost corner."""
        now = self._between(self._sums, first, last)

        def cost(option: tuple[Sprite, Point]) -> tuple[int, float]:
            box = box_of(*option)
            return self._clash(box, taken), self._hides(box, now)

        return min(((s, at) for s in sprites for at in self._corners(s)), key=cost)

    def spoils(
        self,
        plate: tuple[Sprite, Point],
        taken: Sequence[Box] = (),
        first: float = -np.inf,
        last: float = np.inf,
    ) -> tuple[int, float, float, float]:
        """What a plate hides between two seconds that it never should: of what is taken, of the
        heaviest limbs at any time, of what weighs more than a limb half of the time, and of the
        whole body, all that is more than a hem."""
        box = box_of(*plate)
        kinds = self._told, self._heads, self._all
        told, heads, body = (self._between(sums, first, last) for sums in kinds)
        most = float(np.median(self._hidden(box, heads))) if len(heads) else 0.0
        hem = self.HEM * self._hides((0, 0, *self.size), body)
        return (
            self._clash(box, taken),
            self._hides(box, told),
            most,
            max(0.0, self._hides(box, body) - hem),
        )

    def edge(self, tall: int) -> Box:
        """A strip of that height along the bottom, or along the top where it hides less body."""
        (w, h), m = self.size, self.margin
        strips = [(m, y, max(1, w - 2 * m), tall) for y in (h - m - tall, m)]
        return min(strips, key=lambda box: self._hides(box, self._sums))

    def _filled(self, limbs: Array, discs: Array, thick: float) -> NDArray[np.uint8]:
        """(h, w) what hiding a cell weighs in one frame; 0 where the body is not."""
        grid = Image.new("L", (self._cells(self.size[0]), self._cells(self.size[1])))
        pen = ImageDraw.Draw(grid)
        of_limbs, of_discs = self._weights
        for weight, ends in sorted(zip(of_limbs, limbs.reshape(-1, 4).tolist(), strict=True)):
            if np.isfinite(ends).all():
                pen.line(ends, fill=weight, width=max(1, round(thick)))
        r = 0.6 * thick
        for weight, (x, y) in sorted(zip(of_discs, discs.tolist(), strict=True)):
            if np.isfinite([x, y]).all():
                pen.ellipse((x - r, y - r, x + r, y + r), fill=weight)
        return np.array(grid, np.uint8)

    def _cells(self, pixels: float) -> int:
        return int(np.ceil(pixels / self._cell))

    def _corners(self, sprite: Sprite) -> Iterator[Point]:
        m = self.margin
        right, low = (max(m, n - k - m) for n, k in zip(self.size, sprite.size, strict=True))
        rows = np.linspace(m, low, 16).round().tolist()
        yield from ((x, y) for y, x in product(rows, (m, right, (m + right) / 2)))

    def _clash(self, box: Box, taken: Sequence[Box]) -> int:
        """Area shared with what is taken, half a margin around included."""
        x, y, w, h = box
        m = self.margin // 2
        return sum(shared((x - m, y - m, w + 2 * m, h + 2 * m), other) for other in taken)

    def _between(self, sums: Counts, first: float, last: float) -> Counts:
        """(T', h + 1, w + 1) for each frame between two seconds, what the body weighs above and
        left of each corner of a cell: a plate's share then costs four look-ups."""
        inside = (self._t >= first) & (self._t <= last)
        return sums[inside] if inside.any() else sums

    def _hides(self, box: Box, sums: Counts) -> float:
        """Weight of body under a plate, root mean square over time: a head hidden for a moment is
        worse than a hem all along. Rounded, so that a hair decides nothing."""
        hidden = self._hidden(box, sums)
        return round(float(np.sqrt(np.mean(hidden**2))), 1) if len(hidden) else 0.0

    def _hidden(self, box: Box, sums: Counts) -> Array:
        """(T',) weight of body under a plate in each frame."""
        x, y, w, h = box
        _, rows, columns = sums.shape
        y0, y1 = int(max(y, 0) / self._cell), min(self._cells(y + h), rows - 1)
        x0, x1 = int(max(x, 0) / self._cell), min(self._cells(x + w), columns - 1)
        hidden = sums[:, y1, x1] - sums[:, y0, x1] - sums[:, y1, x0] + sums[:, y0, x0]
        return np.asarray(hidden, float)


def _summed(grids: NDArray[Any]) -> Counts:
    """(T, h + 1, w + 1) what of (T, h, w) lies above and left of each corner of a cell."""
    times, rows, columns = grids.shape
    sums = np.zeros((times, rows + 1, columns + 1), np.int32)
    for grid, of in zip(grids.astype(np.uint8), sums, strict=True):
        cv2.integral(grid, sum=of)
    return sums
