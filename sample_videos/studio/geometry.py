"""Solids that rooms and apparatus are made of, as triangles with normals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from studio.arrays import Array, Colour
from studio.mesh import KEEP, TEXTURED, Material, Mesh, incidence
from studio.textures import LAYERS, SIDE_M

_BEVEL = np.tan(np.radians((45.0, 22.5, 0.0)))
"""Where the grid on a box's rounded edge runs, in radii."""


@dataclass(frozen=True)
class Solid:
    """Triangles that do not move; every three points are one, anticlockwise from outside."""

    points: Array
    """(3 T, 3) metres."""
    normals: Array
    """(3 T, 3) unit vectors."""
    colour: Array
    """(3 T, 3) linear reflectance."""
    material: Array
    """(3 T,) `Material` numbers."""
    grain: Array
    """(3 T, 3) where the material's texture is read: metres, or picture widths if TEXTURED."""

    def mirrored(self) -> Solid:
        """The same on the other side of the athlete (Y turned round)."""
        flip = np.array([1.0, -1.0, 1.0])
        order = np.arange(len(self.points)).reshape(-1, 3)[:, ::-1].reshape(-1)
        return replace(
            self,
            points=(self.points * flip)[order],
            normals=(self.normals * flip)[order],
            colour=self.colour[order],
            grain=self.grain[order],
        )


def join(solids: Iterable[Solid]) -> Solid:
    """All of them as one."""
    every = list(solids)
    return Solid(
        np.concatenate([solid.points for solid in every]),
        np.concatenate([solid.normals for solid in every]),
        np.concatenate([solid.colour for solid in every]),
        np.concatenate([solid.material for solid in every]),
        np.concatenate([solid.grain for solid in every]),
    )


def as_mesh(solid: Solid) -> Mesh:
    """The same as triangles that may move; corners that meet in one colour are shaded smoothly."""
    same = np.round(np.concatenate([solid.points, solid.colour], axis=1), 6)
    _, first, which = np.unique(same, axis=0, return_index=True, return_inverse=True)
    triangles = np.ascontiguousarray(which.reshape(-1, 3).astype(np.int32))
    columns = [solid.colour[first], solid.material[first, None], solid.grain[first]]
    columns += [np.full((len(first), 4), KEEP), np.zeros((len(first), 2))]
    return Mesh(
        rest=solid.points[first],
        triangles=triangles,
        attributes=np.concatenate(columns, axis=1).astype(np.float32),
        weights=csr_array(np.zeros((len(first), 1), np.float32)),
        hair=(0.0, 0.0, 0.0),
        around=incidence(triangles, len(first)),
    )


def box(
    centre: Sequence[float],
    size: Sequence[float],
    colour: Colour,
    *,
    round_m: float = 0.006,
    material: Material | str = Material.MATT,
    tilt_deg: float = 0.0,
) -> Solid:
    """A box of `size` (3,) metres with rounded edges, tilted about Y (+ lowers its front)."""
    half = np.asarray(size, float) / 2
    radius = min(round_m, float(half.min()))
    core = half - radius
    points, normals = [], []
    for axis in range(3):
        for sign in (-1.0, 1.0):
            flat = _side(axis, sign, core, half, radius)
            inner = np.clip(flat, -core, core)
            out = flat - inner
            out /= np.linalg.norm(out, axis=1, keepdims=True)
            points.append(inner + radius * out)
            normals.append(out)
    turn = _about_y(tilt_deg)
    placed = np.concatenate(points) @ turn.T + np.asarray(centre, float)
    return _solid(placed, np.concatenate(normals) @ turn.T, colour, material)


def plane(
    corner: Sequence[float],
    along: Sequence[float],
    across: Sequence[float],
    colour: Colour,
    material: Material | str,
) -> Solid:
    """A rectangle from `corner`, spanned by two vectors; it faces along their cross product."""
    start, first, second = (np.asarray(vector, float) for vector in (corner, along, across))
    corners = [start, start + first, start + first + second]
    corners += [start, start + first + second, start + second]
    normal = np.cross(first, second)
    normal /= np.linalg.norm(normal)
    return _solid(np.array(corners), np.tile(normal, (6, 1)), colour, material)


def turned(
    start: ArrayLike,
    end: ArrayLike,
    profile: Sequence[tuple[float, float]],
    colour: Colour,
    material: Material = Material.MATT,
    sides: int = 40,
) -> Solid:
    """A body turned on a lathe round the line from `start` to `end`.

    `profile` holds (share of the way, radius in metres) from the start on; each of its segments
    is shaded flat along the line and smoothly round it.
    """
    first, line = np.asarray(start, float), np.asarray(end, float) - np.asarray(start, float)
    length = float(np.linalg.norm(line))
    aside, upward = _across(line / length)
    angle = np.linspace(0, 2 * np.pi, sides + 1)
    round_ = np.cos(angle)[:, None] * aside + np.sin(angle)[:, None] * upward
    points, normals = [], []
    for (at, radius), (to, wider) in pairwise(profile):
        low, high = first + at * line + radius * round_, first + to * line + wider * round_
        out = (to - at) * length * round_ - (wider - radius) * line / length
        out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)
        for ring, normal in ((low, out), (high, out)):
            points.append(ring)
            normals.append(normal)
    return _rings(points, normals, colour, material)


def cylinder(
    start: ArrayLike,
    end: ArrayLike,
    radius: float,
    colour: Colour,
    material: Material = Material.MATT,
) -> Solid:
    """A cylinder with closed, slightly rounded ends; metres."""
    length = float(np.linalg.norm(np.asarray(end, float) - np.asarray(start, float)))
    lip = min(0.15 * radius, 0.4 * length)
    edge = lip / length
    profile = ((0, 0), (0, radius - lip), (edge, radius), (1 - edge, radius), (1, radius - lip))
    sides = 40 if radius > 0.1 else 24 if radius > 0.03 else 12
    return turned(start, end, (*profile, (1, 0)), colour, material, sides)


def _side(axis: int, sign: float, core: Array, half: Array, radius: float) -> Array:
    """Triangles (3 T, 3) of one side of a box, cut where its rounded edges begin."""
    first, second = (axis + 1) % 3, (axis + 2) % 3
    lines = [
        np.concatenate([-core[k] - radius * _BEVEL, core[k] + radius * _BEVEL[::-1]])
        for k in (first, second)
    ]
    grid = np.zeros((6, 6, 3))
    grid[..., axis] = sign * half[axis]
    grid[..., first], grid[..., second] = np.meshgrid(*lines, indexing="ij")
    low, right = grid[:-1, :-1], grid[1:, :-1]
    high, left = grid[1:, 1:], grid[:-1, 1:]
    corners = [low, right, high, low, high, left]
    corners = corners if sign > 0 else corners[::-1]
    return np.stack(corners, axis=2).reshape(-1, 3)


def _rings(points: list[Array], normals: list[Array], colour: Colour, material: Material) -> Solid:
    corners: list[Array] = []
    outward: list[Array] = []
    for at in range(0, len(points), 2):
        for values, kept in ((points, corners), (normals, outward)):
            low, high = values[at], values[at + 1]
            quads = [low[:-1], low[1:], high[1:], low[:-1], high[1:], high[:-1]]
            kept.append(np.stack(quads, axis=1).reshape(-1, 3))
    return _solid(np.concatenate(corners), np.concatenate(outward), colour, material)


def _solid(points: Array, normals: Array, colour: Colour, material: Material | str) -> Solid:
    """`material` may name one of `textures.LAYERS`, which is then laid on and tinted."""
    count = len(points)
    number = TEXTURED + LAYERS.index(material) if isinstance(material, str) else material
    grain = _laid(points, normals) / SIDE_M[material] if isinstance(material, str) else points
    return Solid(points, normals, np.tile(colour, (count, 1)), np.full(count, float(number)), grain)


def _laid(points: Array, normals: Array) -> Array:
    """(N, 3) the points seen square to the axis that their surface faces most; metres."""
    x, y, z = points.T
    faces = np.abs(normals).argmax(axis=1)
    across, upward = np.where(faces == 0, y, x), np.where(faces == 2, y, z)
    return np.stack([across, upward, np.zeros_like(x)], axis=1)


def _across(direction: Array) -> tuple[Array, Array]:
    """Two unit vectors square to a unit vector and to each other."""
    helper = np.array([0.0, 0.0, 1.0]) if abs(direction[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    first = np.cross(direction, helper)
    first /= np.linalg.norm(first)
    return first, np.cross(direction, first)


def _about_y(angle_deg: float) -> Array:
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
