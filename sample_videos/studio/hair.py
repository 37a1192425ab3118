"""Hair, brows, lips and eyes: what makes a head somebody's."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from studio.arrays import Array, Colour, Indices
from studio.figure import Figure
from studio.look import Look
from studio.mesh import KEEP, Material, Part, normals, smoother

_HAIRLINE = (
    (-0.200, -0.075), (-0.165, -0.078), (-0.145, -0.060), (-0.128, -0.012), (-0.115, 0.020),
    (-0.085, 0.024), (-0.074, 0.000), (-0.064, 0.004), (-0.056, 0.040), (-0.030, 0.060),
    (0.000, 0.066), (0.040, 0.066),
)  # fmt: skip
"""From the nape over the ear to the forehead: metres before and above the eyes, at 1.76 m."""
_WHITE = (0.62, 0.60, 0.57)


def hairline(figure: Figure) -> Array:
    """(V,) metres inside the hair; far from the head it is negative."""
    before, above, _ = _from_eyes(figure)
    line = np.interp(before, *np.array(_HAIRLINE).T)
    on_head = 0.4 * (figure.weight_of("head") - 0.6)
    found: Array = np.minimum(above - line, on_head)
    return found


def marks(figure: Figure) -> Array:
    """(V, 2) how much lip, 0 to 1; metres inside a brow."""
    before, above, _ = _from_eyes(figure)
    aside = np.abs(figure.points[:, 1]) - figure.eyes[0, 1]
    arch = 0.0215 - 9.0 * (aside - 0.004) ** 2
    high = 0.0042 - np.abs(above - arch)
    wide = 0.024 - np.abs(aside - 0.002)
    front = before + 0.03
    brow = np.minimum(np.minimum(high, wide), front)
    return np.stack([figure.lips, brow], axis=1)


def eyes(figure: Figure) -> list[Part]:
    """Two eyeballs that look ahead."""
    return [_eye(figure, f"helper-{side}-eye", at) for at, side in enumerate("lr")]


def hair(figure: Figure, look: Look) -> list[Part]:
    """A cap of short hair, with a bun behind if that is the style; nothing for a bald head."""
    if look.style == "bald":
        return []
    cap = _cap(figure, look)
    return [cap, _bun(figure, look)] if look.style == "bun" else [cap]


def _eye(figure: Figure, group: str, at: int) -> Part:
    used, quads = np.unique(figure.quads[group], return_inverse=True)
    points = figure.points[used]
    outward = points - figure.eyes[at]
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    return _plain(figure, points, quads.reshape(-1, 4), Material.EYE, _WHITE, outward)


def _cap(figure: Figure, look: Look) -> Part:
    inside = hairline(figure)
    thick = 0.012 if look.style == "short" else 0.008
    quads = figure.quads["body"]
    near = quads[(inside[quads] > -0.02).any(axis=1)]
    used, local = np.unique(near, return_inverse=True)
    local = local.reshape(-1, 4)
    points = figure.points[used]
    smooth = smoother(local, len(used))
    for _ in range(6):
        points = smooth @ points
    depth = np.clip(inside[used] / 0.03, 0, 1)
    lift = 0.003 + thick * (1 - (1 - depth) ** 2)
    edge = np.full((len(used), 4), KEEP)
    edge[:, 0] = inside[used]
    part = _plain(
        figure, points + lift[:, None] * normals(points, local), local, Material.HAIR, look.hair
    )
    return Part(
        part.points, local, csr_array(figure.weights[used]), part.material, part.colour,
        edge, part.mark, part.grain,
    )  # fmt: skip


def _bun(figure: Figure, look: Look) -> Part:
    scale = _scale(figure)
    centre = figure.eyes.mean(axis=0) + scale * np.array([-0.185, 0.0, 0.045])
    turn, rise = np.meshgrid(np.linspace(0, 2 * np.pi, 21)[:-1], np.linspace(-1.5, 1.5, 12))
    ball = np.stack([np.sin(rise), np.cos(rise) * np.cos(turn), np.cos(rise) * np.sin(turn)], -1)
    rows, columns = np.meshgrid(np.arange(11), np.arange(20), indexing="ij")
    along = (columns + 1) % 20
    quads = np.stack(
        [
            rows * 20 + columns,
            rows * 20 + along,
            (rows + 1) * 20 + along,
            (rows + 1) * 20 + columns,
        ],
        axis=-1,
    ).reshape(-1, 4)
    points = centre + scale * ball.reshape(-1, 3) * (0.030, 0.036, 0.034)
    return _plain(figure, points, quads, Material.HAIR, look.hair)


def _plain(
    figure: Figure,
    points: Array,
    quads: Indices,
    material: Material,
    colour: Colour,
    grain: Array | None = None,
) -> Part:
    """A part that moves with the head as a whole and has no edges."""
    count, head = len(points), figure.bones.index("head")
    where = (np.arange(count), np.full(count, head))
    weights = csr_array((np.ones(count), where), shape=(count, len(figure.bones)))
    free = np.full((count, 4), KEEP)
    read = points if grain is None else grain
    return Part(points, quads, weights, material, colour, free, np.zeros((count, 2)), read)


def _from_eyes(figure: Figure) -> tuple[Array, Array, Array]:
    """Metres before, above and aside of the point between the eyes, scaled to a man of 1.76 m."""
    away = (figure.points - figure.eyes.mean(axis=0)) / _scale(figure)
    return away[:, 0], away[:, 2], away[:, 1]


def _scale(figure: Figure) -> float:
    return float(np.abs(figure.eyes[0, 1] - figure.eyes[1, 1])) / 0.0640
