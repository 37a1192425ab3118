"""A dressed person that can be posed: bones in, the points of the mesh out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from studio.arrays import Array
from studio.clothes import dressed
from studio.figure import figure_of
from studio.look import Look
from studio.mesh import Mesh

_UPRIGHT = np.eye(3)


class Body:
    """A person of the given look. Raises assets.AssetError when the body's data is not there."""

    bones: tuple[str, ...]
    """B names, parents before children."""
    parent: tuple[int, ...]
    """Index of each bone's parent, -1 for the root."""
    head: Array
    """(B, 3) where each bone begins in the rest pose, metres."""
    index: dict[str, int]
    mesh: Mesh

    def __init__(self, look: Look) -> None:
        figure = figure_of(look)
        self.look = look
        self.bones, self.parent, self.head = figure.bones, figure.parent, figure.head
        self.index = {name: at for at, name in enumerate(self.bones)}
        self.mesh = dressed(figure, look)
        self._rest = self.mesh.rest.astype(np.float32)
        self._offset = self.head - self.head[list(self.parent)]

    def joint(self, name: str) -> Array:
        """(3,) where the bone `name` begins in the rest pose, metres."""
        found: Array = self.head[self.index[name]]
        return found

    def forward(
        self, rotations: Mapping[str, Array], shift: ArrayLike = (0.0, 0.0, 0.0)
    ) -> tuple[Array, Array]:
        """Global rotations (B, 3, 3) and joint positions (B, 3), metres.

        `rotations` holds the global rotation (3, 3) of a bone against the rest pose, by its name;
        a bone that is not named turns with its parent. `shift` (3,) moves everything.
        """
        each: list[Array] = []
        for bone, parent in zip(self.bones, self.parent, strict=True):
            each.append(rotations.get(bone, each[parent] if parent >= 0 else _UPRIGHT))
        turned = np.array(each)
        placed = np.einsum("bij,bj->bi", turned[list(self.parent)], self._offset)
        for at, parent in enumerate(self.parent):
            placed[at] = placed[parent] + placed[at] if parent >= 0 else self.head[at]
        return turned, placed + np.asarray(shift)

    def skin(self, turned: Array, placed: Array) -> Array:
        """The posed points (N, 3) of `mesh`, metres, from what `forward` returned."""
        moved = placed - np.einsum("bij,bj->bi", turned, self.head)
        affine = np.concatenate([turned, moved[:, :, None]], axis=2).astype(np.float32)
        blended = (self.mesh.weights @ affine.reshape(-1, 12)).reshape(-1, 3, 4)
        points = np.einsum("nij,nj->ni", blended[:, :, :3], self._rest) + blended[:, :, 3]
        found: Array = points.astype(float)
        return found
