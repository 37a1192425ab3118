"""Clothes: where each begins and ends on the body, how far it stands off it, and its folds.

Every edge of a garment is a field over the body, in metres inside the edge, cut in the fragment
shader; so a hem is a clean line whatever the mesh. The skin beneath carries the same fields turned
round and is not drawn where a garment covers it, so it never pokes through.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.arrays import Array, Colour
from studio.figure import Figure
from studio.hair import eyes, hair, hairline, marks
from studio.look import Look
from studio.mesh import KEEP, Material, Mesh, Part, finer, join, normals, smoother

_OVERLAP_M = 0.025
"""How far the skin goes on under a garment before it is left out."""


@dataclass(frozen=True)
class Cut:
    """What an outfit is: lengths are shares of the limb, widths metres off the body."""

    sleeve: float | None
    """How far down the whole arm the sleeve goes, 0 shoulder to 1 wrist; None: a tank top."""
    leg: float
    """How far down the leg the trousers go, 0 hip to 0.5 knee to 1 ankle."""
    shirt_m: float
    trousers_m: float
    flare_m: float
    """How much further the trousers and the sleeves stand off at their ends."""
    folds_m: float


CUTS = {
    "tee-shorts": Cut(0.30, 0.33, 0.010, 0.010, 0.012, 0.0035),
    "tank-shorts": Cut(None, 0.30, 0.006, 0.010, 0.014, 0.0030),
    "tee-leggings": Cut(0.30, 0.93, 0.010, 0.003, 0.0, 0.0025),
    "long": Cut(0.95, 0.95, 0.005, 0.003, 0.0, 0.0020),
    "loose": Cut(0.40, 0.97, 0.032, 0.030, 0.022, 0.0075),
    "loose-shorts": Cut(0.40, 0.46, 0.032, 0.026, 0.035, 0.0075),
}


def dressed(figure: Figure, look: Look) -> Mesh:
    """The mesh of the figure in the clothes, the hair and the colours of the look."""
    cut = CUTS[look.outfit]
    shirt, trousers = _shirt_edges(figure, cut), _trouser_edges(figure, cut)
    shoes = _shoe_edges(figure)
    narrow = _trouser_width(figure, cut)
    wide = _over(_shirt_width(figure, cut), narrow, figure)
    suit = _Suit(figure)
    parts = [
        _skin(figure, look, (shirt, trousers, shoes)),
        suit.garment(_under(trousers, shirt), narrow, cut.folds_m, look.trousers),
        suit.garment(shirt, wide, cut.folds_m, look.shirt),
        suit.shoes(shoes, look.shoes),
        *eyes(figure),
        *hair(figure, look),
    ]
    return join(parts, look.hair)


def _skin(figure: Figure, look: Look, garments: tuple[Array, ...]) -> Part:
    inside = [edges.min(axis=1) for edges in garments]
    if look.style != "bald":
        inside.append(hairline(figure))
    edge = np.full((len(figure.points), 4), KEEP)
    edge[:, : len(inside)] = _OVERLAP_M - np.stack(inside, axis=1)
    return Part(
        figure.points,
        figure.quads["body"],
        figure.weights,
        Material.SKIN,
        look.skin,
        edge,
        marks(figure),
        figure.points,
    )


class _Suit:
    """MakeHuman's own close-fitting suit, each quad in four: the stuff all clothes are cut from."""

    def __init__(self, figure: Figure) -> None:
        used, quads = np.unique(figure.quads["helper-tights"], return_inverse=True)
        self._used = used
        self._finer, self._quads = finer(quads.reshape(-1, 4), len(used))
        self._smoother = smoother(self._quads, self._finer.shape[0])
        self._points = self._smoother @ self._spread(figure.points)
        self._weights = self._finer @ figure.weights[used]

    def _spread(self, values: Array) -> Array:
        """From the figure's points (V, …) to the suit's (N, …)."""
        spread: Array = self._finer @ values[self._used]
        return spread

    def garment(self, edges: Array, width: Array, folds_m: float, colour: Colour) -> Part:
        """Cloth that stands `width` (V,) metres off the body; wide cloth shows less of it."""
        stand = self._spread(width)
        draped = self._points.copy()
        for _ in range(round(400 * float(stand.max()))):
            draped = self._smoother @ draped
        outward = normals(draped, self._quads)
        sunk = np.einsum("ni,ni->n", self._points - draped, outward)
        lift = np.maximum(sunk, 0) + stand + _folds(self._points, folds_m)
        points = draped + lift[:, None] * outward
        return self._part(points, edges, Material.CLOTH, colour)

    def shoes(self, edges: Array, colour: Colour) -> Part:
        """Trainers: the suit's feet, thicker, on a flat sole."""
        outward = normals(self._points, self._quads)
        points = self._points + 0.008 * outward
        sole = np.clip((0.028 - points[:, 2]) / 0.02, 0, 1)
        points += sole[:, None] * outward * (0.006, 0.006, 0.0)
        points[:, 2] -= 0.010 * sole
        return self._part(points, edges, Material.SHOE, colour)

    def _part(self, points: Array, edges: Array, material: Material, colour: Colour) -> Part:
        return Part(
            points,
            self._quads,
            self._weights,
            material,
            colour,
            self._spread(edges),
            np.zeros((len(points), 2)),
            self._points,
        )


def _shirt_edges(figure: Figure, cut: Cut) -> Array:
    """(V, 4) metres inside the hem, the neckline and the sleeves."""
    x, y, z = figure.points.T
    neck = figure.joint("neck_01")
    hem = z - (figure.joint("thigh_l")[2] + (-0.05 if cut.shirt_m > 0.02 else 0.02))
    if cut.sleeve is None:
        front = np.clip((x - neck[0]) / 0.06 + 0.5, 0, 1)
        neckline = neck[2] - 0.045 - 0.075 * front + 0.11 * (y / 0.085) ** 2 - z
        sleeve = 0.11 * (0.50 - _arm(figure))
    else:
        neckline = 0.012 - 0.60 * (x - neck[0]) - 0.80 * (z - neck[2])
        sleeve = cut.sleeve * _arm_length(figure) - _reach(figure)
    return np.stack([hem, neckline, sleeve, np.full_like(z, KEEP)], axis=1)


def _trouser_edges(figure: Figure, cut: Cut) -> Array:
    """(V, 4) metres inside the waist and the legs' ends."""
    z = figure.points[:, 2]
    waist = figure.joint("spine_01")[2] + 0.03 - z
    ends = z - _leg_height(figure, cut.leg)
    free = np.full_like(z, KEEP)
    hands = 0.1 * (0.5 - _arm(figure))
    return np.stack([waist, ends, hands, free], axis=1)


def _shoe_edges(figure: Figure) -> Array:
    """(V, 4) metres below the shoes' collars, which are higher behind."""
    x, _, z = figure.points.T
    ankle = figure.joint("foot_l")
    collar = (ankle[2] + 0.012 - z) * 0.95 - 0.30 * (x - ankle[0])
    free = np.full((len(z), 3), KEEP)
    return np.concatenate([collar[:, None], free], axis=1)


def _shirt_width(figure: Figure, cut: Cut) -> Array:
    """(V,) metres off the body: more at the hem and the sleeves, little at the shoulders."""
    z = figure.points[:, 2]
    neck, hip = figure.joint("neck_01")[2], figure.joint("thigh_l")[2]
    down = np.clip((neck - z) / (neck - hip), 0, 1)
    if cut.sleeve is None or cut.sleeve > 0.5:
        return np.full_like(z, cut.shirt_m)
    out = np.clip(_reach(figure) / (cut.sleeve * _arm_length(figure)), 0, 1)
    found: Array = cut.shirt_m * (0.35 + 0.65 * np.maximum(down, out)) + cut.flare_m * 0.6 * out
    return found


def _trouser_width(figure: Figure, cut: Cut) -> Array:
    """(V,) metres off the body: close at the waist, wider down the leg."""
    z = figure.points[:, 2]
    waist, end = figure.joint("spine_01")[2], _leg_height(figure, cut.leg)
    down = np.clip((waist - z) / (waist - end), 0, 1)
    found: Array = (
        0.004 + (cut.trousers_m - 0.004) * np.clip(3 * down, 0, 1) + cut.flare_m * down**2
    )
    return found


def _under(inner: Array, outer: Array) -> Array:
    """The inner garment's edges (V, 4), cut off too where the outer one covers it well."""
    covered = 2 * _OVERLAP_M - outer.min(axis=1)
    return np.concatenate([inner[:, :3], covered[:, None]], axis=1)


def _over(outer: Array, inner: Array, figure: Figure) -> Array:
    """The outer garment's width (V,), no less than the inner one's where both are."""
    waist = figure.joint("spine_01")[2] + 0.05
    down = np.clip((waist - figure.points[:, 2]) / 0.05, 0, 1)
    found: Array = np.maximum(outer, (inner + 0.006) * down)
    return found


def _leg_height(figure: Figure, share: float) -> float:
    """Height, metres, at 0 hip … 0.5 knee … 1 ankle of the standing leg."""
    heights = [float(figure.joint(name)[2]) for name in ("thigh_l", "calf_l", "foot_l")]
    return float(np.interp(share, (0, 0.5, 1), heights))


def _arm(figure: Figure) -> Array:
    """(V,) how much of a point belongs to an arm, 0 to 1."""
    parts = ("upperarm", "lowerarm", "hand")
    return figure.weight_of(*(f"{part}_{side}" for part in parts for side in "lr"))


def _arm_length(figure: Figure) -> float:
    shoulder, elbow, wrist = (figure.joint(f"{n}_l") for n in ("upperarm", "lowerarm", "hand"))
    return float(np.linalg.norm(elbow - shoulder) + np.linalg.norm(wrist - elbow))


def _reach(figure: Figure) -> Array:
    """(V,) metres along the nearer arm from the shoulder; negative on the trunk."""
    side = np.where(figure.points[:, 1] > 0, 1.0, -1.0)
    mirrored = figure.points * np.stack([np.ones_like(side), side, np.ones_like(side)], axis=1)
    shoulder, elbow, wrist = (figure.joint(f"{n}_l") for n in ("upperarm", "lowerarm", "hand"))
    upper, lower = elbow - shoulder, wrist - elbow
    along = (mirrored - shoulder) @ (upper / np.linalg.norm(upper))
    beyond = (mirrored - elbow) @ (lower / np.linalg.norm(lower)) + float(np.linalg.norm(upper))
    bent = np.where(beyond > np.linalg.norm(upper), beyond, along)
    arm = _arm(figure)
    found: Array = bent * arm - 0.10 * (1 - arm)
    return found


def _folds(points: Array, depth_m: float) -> Array:
    """(N,) metres in or out: long, shallow, wandering folds, the same each time."""
    x, y, z = points.T
    wander = 1.3 * np.sin(9 * z + 4 * y) + 0.8 * np.sin(17 * x - 11 * y)
    slanted = np.sin(38 * z + 16 * x + 2.2 * wander)
    crossed = np.sin(27 * z - 31 * y + 12 * x + 1.7 * wander)
    found: Array = depth_m * (0.6 * slanted + 0.4 * crossed)
    return found
