"""Rotations of the sagittal world: X forward, Y to the athlete's left, Z up; angles in degrees."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Vector = NDArray[np.float64]
"""(3,) or (n, 3) in metres, or a direction."""
Matrix = NDArray[np.float64]
"""(3, 3); rotates column vectors."""

Mask = NDArray[np.bool_]

SIDEWAYS = np.array([0.0, 1.0, 0.0])


def lean(degrees: float) -> Matrix:
    """Rotation about Y: + tips what is upright forward."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def turn(degrees: float) -> Matrix:
    """Rotation about Z: + turns to the left."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def unit(vector: ArrayLike) -> Vector:
    """The direction of a vector, or of each row."""
    v = np.asarray(vector, float)
    return np.asarray(v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-12))


def cross(first: Vector, second: Vector) -> Vector:
    """The vector product of two (3,): NumPy's own takes ten times as long for so little."""
    a, b, c = first.tolist()
    x, y, z = second.tolist()
    return np.array([b * z - c * y, c * x - a * z, a * y - b * x])


def basis(along: Vector, beside: Vector) -> Matrix:
    """Right-handed axes as columns: the first along a bone, the second near `beside`."""
    first = unit(along)
    second = unit(beside - first * (first @ beside))
    return np.stack([first, second, cross(first, second)], 1)


def carry(rest: Vector, rest_beside: Vector, along: Vector, beside: Vector) -> Matrix:
    """The rotation that takes a bone from its rest direction to `along`, without twisting it."""
    return basis(along, beside) @ basis(rest, rest_beside).T


def between(first: Matrix, second: Matrix, share: float) -> Matrix:
    """The rotation a share of the shortest way from the first to the second."""
    step = first.T @ second
    angle = np.arccos(np.clip((np.trace(step) - 1) / 2, -1, 1))
    if angle < 1e-6:
        return first
    axis = np.array([step[2, 1] - step[1, 2], step[0, 2] - step[2, 0], step[1, 0] - step[0, 1]])
    return np.asarray(first @ _about(axis / (2 * np.sin(angle)), angle * share))


def about(axis: Vector, degrees: float) -> Matrix:
    """Rotation about a unit vector (3,), right-handed."""
    return _about(axis, float(np.radians(degrees)))


def _about(axis: Vector, angle: float) -> Matrix:
    x, y, z = axis
    around = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * around + (1 - np.cos(angle)) * around @ around)


def smooth(x: ArrayLike) -> NDArray[np.float64]:
    """From 0 to 1 with level ends; stays there outside."""
    share = np.clip(np.asarray(x, float), 0, 1)
    return np.asarray(share * share * (3 - 2 * share))
