"""A person's naked shape and skeleton, from a look: the mesh morphed, turned and scaled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from studio import assets
from studio.arrays import Array, Indices, Sparse
from studio.look import Look

SKIN_POINTS = 13_380
"""The mesh's first points are the body; the rest are helpers for clothes, eyes and joints."""
_IDEAL = 0.5
"""How far the proportions go towards MakeHuman's idealised ones; whole, they are mannequins."""

_HEAVIER = {"min": 1.5, "average": 0.0, "max": 3.1}
"""MakeHuman's heaviest is hardly stout: its morph of the weight is taken further."""


@dataclass(frozen=True)
class Figure:
    """The rest pose: standing, arms held out and down; metres, soles at 0, X to the front."""

    points: Array
    """(V, 3)"""
    quads: Mapping[str, Indices]
    """(F, 4) by group: "body", "helper-tights", "helper-l-eye", …"""
    bones: tuple[str, ...]
    """Parents before children."""
    parent: tuple[int, ...]
    """Index of each bone's parent, -1 for the root."""
    head: Array
    """(B, 3) where each bone begins, metres."""
    weights: Sparse
    """(V, B) how much each bone moves each point; rows sum to 1."""
    eyes: Array
    """(2, 3) centres of the left and the right eye, metres."""
    lips: Array
    """(V,) 1 on the lips, 0 elsewhere."""

    def joint(self, name: str) -> Array:
        """(3,) where the bone `name` begins in the rest pose, metres."""
        found: Array = self.head[self.bones.index(name)]
        return found

    def weight_of(self, *names: str) -> Array:
        """(V,) how much the bones `names` move each point together, 0 to 1."""
        total: Array = np.asarray(
            self.weights[:, [self.bones.index(name) for name in names]].sum(axis=1), float
        )
        return total


def figure_of(look: Look) -> Figure:
    """Build the figure. Raises assets.AssetError."""
    raw = _surface()
    points = _turned(_morphed(raw.points, look), look.height_m)
    cubes = _cubes(points)
    bones, parent, head = _skeleton(points, cubes)
    return Figure(
        points=points,
        quads=raw.quads,
        bones=bones,
        parent=parent,
        head=head,
        weights=_weights(len(points), bones),
        eyes=np.array([cubes["joint-l-eye"], cubes["joint-r-eye"]]),
        lips=_lips(raw),
    )


@cache
def _surface() -> assets.Surface:
    return assets.surface()


def _morphed(points: Array, look: Look) -> Array:
    ancestries = look.ancestry.split("+")
    build = f"{look.sex}-young"
    shares = {f"{ancestry}-{build}": 1 / len(ancestries) for ancestry in ancestries}
    shares |= {
        f"proportions/{build}-{look.muscle}muscle-averageweight-idealproportions": _IDEAL,
        f"universal-{build}-{look.muscle}muscle-averageweight": 1.0,
        f"universal-{build}-averagemuscle-{look.weight}weight": _HEAVIER[look.weight],
    }
    moved = points.copy()
    for name, share in shares.items():
        which, offsets = assets.morph(name)
        moved[which] += share * offsets
    return moved


def _turned(points: Array, height_m: float) -> Array:
    """From MakeHuman's axes to ours: X to the front, Y to the left, Z up."""
    turned = points[:, [2, 0, 1]]
    low, high = turned[:SKIN_POINTS, 2].min(), turned[:SKIN_POINTS, 2].max()
    scaled = turned * (height_m / (high - low))
    scaled[:, 2] -= scaled[:SKIN_POINTS, 2].min()
    found: Array = scaled
    return found


def _cubes(points: Array) -> dict[str, Array]:
    """The centre of each of MakeHuman's little cubes that mark a joint."""
    groups = assets.table("mesh_metadata/basemesh_vertex_groups.json")
    return {
        name: np.concatenate([points[first : last + 1] for first, last in runs]).mean(axis=0)
        for name, runs in groups.items()
        if name.startswith("joint-")
    }


def _skeleton(
    points: Array, cubes: Mapping[str, Array]
) -> tuple[tuple[str, ...], tuple[int, ...], Array]:
    rig = assets.table("rigs/standard/rig.game_engine.json")
    rig = rig.get("bones", rig)
    order: list[str] = []
    for name in rig:
        line = [name]
        while rig[line[0]]["parent"] and rig[line[0]]["parent"] not in order:
            line.insert(0, rig[line[0]]["parent"])
        order += [bone for bone in line if bone not in order]
    parent = tuple(order.index(rig[n]["parent"]) if rig[n]["parent"] else -1 for n in order)
    return tuple(order), parent, np.array([_place(rig[n]["head"], points, cubes) for n in order])


def _place(entry: Mapping[str, Any], points: Array, cubes: Mapping[str, Array]) -> Array:
    if entry["strategy"] == "CUBE":
        return cubes[entry["cube_name"]]
    which = entry.get("vertex_indices") or [entry["vertex_index"]]
    place: Array = points[which].mean(axis=0)
    return place


@cache
def _weights(count: int, bones: tuple[str, ...]) -> Sparse:
    listed = assets.table("rigs/standard/weights.game_engine.json")["weights"]
    entries = [(p, bones.index(bone), w) for bone, pairs in listed.items() for p, w in pairs]
    rows, columns, values = (np.array(column) for column in zip(*entries, strict=True))
    table = csr_array((values, (rows, columns)), shape=(count, len(bones)))
    total = np.maximum(table.sum(axis=1), 1e-9)
    return csr_array(table.multiply(1 / total[:, None]))


def _lips(raw: assets.Surface) -> Array:
    """Look each point of the body up in the picture of the lips."""
    from PIL import Image

    with Image.open(assets.ensure() / "textures/mpfb_lips.jpg") as image:
        mask = np.asarray(image.convert("L"), float) / 255
    u, v = raw.texture[raw.corners["body"]].reshape(-1, 2).T
    rows = np.clip(((1 - v) * mask.shape[0]).astype(int), 0, mask.shape[0] - 1)
    columns = np.clip((u * mask.shape[1]).astype(int), 0, mask.shape[1] - 1)
    lips = np.zeros(len(raw.points))
    lips[raw.quads["body"].reshape(-1)] = mask[rows, columns]
    return lips
