"""Triangles that follow bones, and the few operations on them that dressing a body needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, vstack

from studio.arrays import Array, Colour, Indices, Sparse


class Material(IntEnum):
    """How the shader treats a surface; the numbers stand in `shaders/surface.frag.glsl` too."""

    SKIN, CLOTH, HAIR, EYE, SHOE, MATT, METAL = range(7)


TEXTURED = 10
"""A material number from here on shows picture number - TEXTURED of `textures.LAYERS`."""


KEEP = 1.0
"""An edge that cuts nothing, metres."""


@dataclass(frozen=True)
class Part:
    """Indices of one material before they are joined into a mesh."""

    points: Array
    """(N, 3) rest pose, metres."""
    quads: Indices
    """(F, 4)"""
    weights: Sparse
    """(N, B) share of each bone."""
    material: Material
    colour: Colour
    """Linear reflectance."""
    edge: Array
    """(N, 4) metres inside each of four edges; where one is negative nothing is drawn."""
    mark: Array
    """(N, 2) skin: how much lip, and metres inside a brow; else 0."""
    grain: Array
    """(N, 3) where the material's texture is read, metres; for an eye, the direction outwards."""


@dataclass(frozen=True)
class Mesh:
    """A dressed person's triangles. Equal looks have equal meshes."""

    rest: Array
    """(N, 3) rest pose, metres."""
    triangles: NDArray[np.int32]
    """(T, 3) indices of points, anticlockwise from outside."""
    attributes: NDArray[np.float32]
    """(N, 13) what never changes: colour 3, material 1, grain 3, edge 4, mark 2; see `Part`."""
    weights: Sparse
    """(N, B) share of each bone, float32."""
    hair: Colour
    """Linear reflectance of the hair, for the brows."""
    around: Sparse
    """(N, T) 1 where a triangle touches a point: sums triangles' normals."""

    def normals(self, points: Array) -> Array:
        """Smooth outward normals (N, 3) of the posed points (N, 3)."""
        first, second, third = (points[self.triangles[:, corner]] for corner in range(3))
        return _unit(self.around @ np.cross(second - first, third - first))


def join(parts: Sequence[Part], hair: Colour) -> Mesh:
    """One mesh of several parts; what their edges cut away whole is left out."""
    kept = [_trimmed(part) for part in parts]
    starts = np.cumsum([0, *(len(part.points) for part in kept)])
    quads = np.concatenate([part.quads + at for part, at in zip(kept, starts, strict=False)])
    halves = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]).astype(np.int32)
    triangles = np.ascontiguousarray(halves)
    rest = np.concatenate([part.points for part in kept])
    return Mesh(
        rest=rest,
        triangles=triangles,
        attributes=np.concatenate([_attributes(part) for part in kept]),
        weights=csr_array(vstack([part.weights for part in kept])).astype(np.float32),
        hair=hair,
        around=incidence(triangles, len(rest)),
    )


def normals(points: Array, quads: Indices) -> Array:
    """Smooth outward normals (N, 3) of a surface of quads; 0 where no quad touches a point."""
    diagonals = points[quads[:, 2]] - points[quads[:, 0]], points[quads[:, 3]] - points[quads[:, 1]]
    return _unit(incidence(quads, len(points)) @ np.cross(*diagonals))


def finer(quads: Indices, count: int) -> tuple[Sparse, Indices]:
    """Each quad in four: the (M, `count`) matrix that makes the new points of the old, the quads.

    The old points keep their places; new ones stand midway on the edges and in the quads' middles.
    """
    sides = np.sort(np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2), axis=1)
    edges, which = np.unique(sides, axis=0, return_inverse=True)
    middle = count + which.reshape(-1, 4)
    centre = count + len(edges) + np.arange(len(quads))
    new = [
        np.stack([quads[:, k], middle[:, k], centre, middle[:, k - 1]], axis=1) for k in range(4)
    ]
    rows = [np.arange(count), *(np.repeat(np.arange(len(edges)) + count, 2), np.repeat(centre, 4))]
    columns = [np.arange(count), edges.reshape(-1), quads.reshape(-1)]
    shares = [np.ones(count), np.full(2 * len(edges), 0.5), np.full(4 * len(quads), 0.25)]
    where = (np.concatenate(rows), np.concatenate(columns))
    size = (count + len(edges) + len(quads), count)
    return csr_array((np.concatenate(shares), where), shape=size), np.concatenate(new)


def smoother(quads: Indices, count: int) -> Sparse:
    """The (N, N) matrix that moves each point halfway to the mean of its neighbours."""
    ends = np.concatenate([quads[:, [k, k - 1]] for k in range(4)])
    both = np.concatenate([ends, ends[:, ::-1]])
    links = csr_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(count, count))
    degree: Array = links.sum(axis=1)
    share = diags_array(0.5 / np.maximum(degree, 1)) @ links
    return csr_array(share + diags_array(np.where(degree > 0, 0.5, 1.0)))


def _trimmed(part: Part) -> Part:
    inside = part.edge[part.quads] > 0
    seen = np.all(inside.any(axis=1), axis=1)
    used, quads = np.unique(part.quads[seen], return_inverse=True)
    return Part(
        part.points[used],
        quads.reshape(-1, 4),
        csr_array(part.weights[used]),
        part.material,
        part.colour,
        part.edge[used],
        part.mark[used],
        part.grain[used],
    )


def _attributes(part: Part) -> NDArray[np.float32]:
    count = len(part.points)
    same = np.tile([*part.colour, float(part.material)], (count, 1))
    return np.concatenate([same, part.grain, part.edge, part.mark], axis=1).astype(np.float32)


def incidence(faces: NDArray[np.int64] | NDArray[np.int32], count: int) -> Sparse:
    """(count, F) 1 where a face touches a point."""
    which = np.repeat(np.arange(len(faces)), faces.shape[1])
    where = (faces.reshape(-1), which)
    return csr_array((np.ones(faces.size), where), shape=(count, len(faces)))


def _unit(vectors: Array) -> Array:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Array = vectors / np.maximum(length, 1e-12)
    return unit
