"""Pictures of wood, brick, rubber and plaster, painted with NumPy: what floors and walls show.

Every picture is a square that can be laid edge to edge, in linear reflectance.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from studio.arrays import Array

SIZE = 512
LAYERS = ("noise", "wood", "rubber", "vinyl", "plaster", "brick", "concrete", "panels", "foam")
SIDE_M = {
    "noise": 0.5, "wood": 2.4, "rubber": 1.0, "vinyl": 2.0, "plaster": 1.6, "brick": 1.92,
    "concrete": 3.0, "panels": 2.4, "foam": 0.8,
}  # fmt: skip
"""How many metres a picture is wide and high where it is laid."""


@cache
def stack() -> NDArray[np.uint8]:
    """(layers, SIZE, SIZE, 3): square roots of the reflectance, so that 8 bits suffice."""
    pictures = [_PAINTERS[name](np.random.default_rng(at)) for at, name in enumerate(LAYERS)]
    return np.stack([(np.sqrt(np.clip(p, 0, 1)) * 255 + 0.5).astype(np.uint8) for p in pictures])


def _cloud(chance: np.random.Generator, coarse: float, across: float | None = None) -> Array:
    """(SIZE, SIZE) smooth noise, mean 0, standard deviation 1, spots of about `coarse` pixels."""
    sigma = (coarse, across or coarse)
    blurred: Array = gaussian_filter(chance.standard_normal((SIZE, SIZE)), sigma, mode="wrap")
    found: Array = blurred / blurred.std()
    return found


def _layered(chance: np.random.Generator) -> Array:
    return sum((_cloud(chance, 32 / 2**k) * 0.6**k for k in range(5)), np.zeros((SIZE, SIZE))) / 1.3


def _tinted(colour: tuple[float, float, float], shade: Array) -> Array:
    return np.asarray(colour) * shade[..., None]


def _noise(chance: np.random.Generator) -> Array:
    """Clouds, fine grain and a weave: one a channel, about one half."""
    fine = 0.5 + 0.16 * _cloud(chance, 1.0)
    clouds = 0.5 + 0.14 * _layered(chance)
    strands = 0.5 + 0.16 * _cloud(chance, 12.0, 0.8)
    squares: Array = np.stack([clouds, fine, strands], axis=-1) ** 2  # stored as their roots
    return squares


def _wood(chance: np.random.Generator) -> Array:
    planks, width = 16, SIZE // 16
    shade = np.repeat(chance.uniform(0.80, 1.12, planks), width)[:, None] * np.ones((1, SIZE))
    for plank in range(planks):  # each plank ends somewhere and another tone begins
        end = int(chance.integers(0, SIZE))
        rows = slice(plank * width, (plank + 1) * width)
        tone = chance.uniform(0.85, 1.15)
        shade[rows] *= np.roll(np.where(np.arange(SIZE) < SIZE // 2, tone, 1.0), end)
        shade[rows, end] *= 0.55
    grain = 1 + 0.06 * _cloud(chance, 1.0, 30.0) + 0.05 * _cloud(chance, 4.0, 60.0)
    seams = np.where(np.arange(SIZE) % width == 0, 0.62, 1.0)[:, None]
    return _tinted((0.42, 0.255, 0.135), shade * grain * seams)


def _rubber(chance: np.random.Generator) -> Array:
    speckles = gaussian_filter(
        (chance.random((SIZE, SIZE)) > 0.992).astype(float), 0.8, mode="wrap"
    )
    ground = 0.055 * (1 + 0.12 * _cloud(chance, 1.2) + 0.06 * _layered(chance))
    return _tinted((1, 1.02, 1.06), ground) + np.clip(speckles, 0, 0.35)[..., None] * 0.45


def _vinyl(chance: np.random.Generator) -> Array:
    seam = np.ones((SIZE, SIZE))
    seam[:2] = seam[:, :2] = 0.90
    return _tinted((0.50, 0.52, 0.53), seam * (1 + 0.025 * _layered(chance)))


def _plaster(chance: np.random.Generator) -> Array:
    return _tinted((1, 1, 1), 0.62 * (1 + 0.02 * _layered(chance) + 0.012 * _cloud(chance, 1.0)))


def _brick(chance: np.random.Generator) -> Array:
    rows, columns = 24, 8
    high, wide = SIZE / rows, SIZE / columns
    y, x = np.mgrid[0:SIZE, 0:SIZE] + 0.5
    row = (y // high).astype(int)
    shifted = (x + 0.5 * wide * (row % 2)) % SIZE
    column = (shifted // wide).astype(int)
    tone = chance.uniform(0.75, 1.2, (rows, columns))[row, column]
    warm = chance.uniform(0.9, 1.1, (rows, columns))[row, column]
    inside = np.minimum(np.minimum(y % high, high - y % high), np.minimum(
        shifted % wide, wide - shifted % wide))  # fmt: skip
    mortar = np.clip(2.2 - inside, 0, 1)[..., None]
    shade = tone * (1 + 0.08 * _cloud(chance, 1.5) + 0.08 * _layered(chance))
    bricks = np.stack([0.33 * shade * warm, 0.155 * shade, 0.105 * shade], axis=-1)
    found: Array = bricks * (1 - mortar) + np.array([0.36, 0.34, 0.31]) * mortar
    return found


def _concrete(chance: np.random.Generator) -> Array:
    stains = _cloud(chance, 40.0) * 0.07 + 0.05 * _layered(chance) + 0.03 * _cloud(chance, 1.0)
    return _tinted((0.30, 0.295, 0.285), 1 + stains)


def _panels(chance: np.random.Generator) -> Array:
    wide = SIZE // 8
    tone = np.repeat(chance.uniform(0.92, 1.06, 8), wide)[None, :]
    groove = np.where(np.arange(SIZE) % wide < 2, 0.72, 1.0)[None, :]
    grain = 1 + 0.05 * _cloud(chance, 40.0, 1.2) + 0.03 * _cloud(chance, 60.0, 5.0)
    return _tinted((0.46, 0.33, 0.21), tone * groove * grain)


def _foam(chance: np.random.Generator) -> Array:
    y, x = np.mgrid[0:SIZE, 0:SIZE] * (2 * np.pi * 40 / SIZE)
    return _tinted((1, 1, 1), 0.75 * (1 + 0.10 * np.sin(x) * np.sin(y) + 0.04 * _layered(chance)))


_PAINTERS = {
    "noise": _noise, "wood": _wood, "rubber": _rubber, "vinyl": _vinyl, "plaster": _plaster,
    "brick": _brick, "concrete": _concrete, "panels": _panels, "foam": _foam,
}  # fmt: skip
