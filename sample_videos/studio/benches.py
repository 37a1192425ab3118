"""What a prone leg curl needs: a bench with handles, and the machine whose pads go with the ankles.

The hip joints lie at x = 0, the head towards +X. A bench ends at `edge` (x, metres) behind them.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from studio.arrays import Colour
from studio.geometry import Solid, as_mesh, box, cylinder, join
from studio.mesh import Material, Mesh
from studio.prone import BENCH_HIGH, Lying
from studio.rig import Rig, Skeleton
from studio.rotations import SIDEWAYS, Vector, carry

Support = Literal["none", "bench", "machine"]

_LEATHER: Colour = (0.030, 0.031, 0.036)
_STEEL: Colour = (0.45, 0.46, 0.48)
_FRAMES: dict[Support, Colour] = {"bench": (0.06, 0.062, 0.068), "machine": (0.36, 0.37, 0.39)}
_PAD_M, _WIDE_M = 0.075, 0.29
_ROLLER_M = 0.055
_BEHIND_M = 0.042
"""From the line of the shank to the skin behind the ankle."""
_LEVER_Y, _ROLLER_Y = 0.235, 0.20
"""Sideways from the middle to the machine's lever, and to the roller's ends."""


def bench(lying: Lying, support: Support) -> list[Solid]:
    """A padded bench from `lying.edge` to `lying.front`, on two feet, with handles before it."""
    if support == "none":
        return []
    colour, back, front = _FRAMES[support], lying.edge, lying.front
    middle, long, under = (back + front) / 2, front - back, BENCH_HIGH - _PAD_M
    pad = box((middle, 0, under + _PAD_M / 2), (long, _WIDE_M, _PAD_M), _LEATHER, round_m=0.028)
    beam = box((middle, 0, under - 0.03), (long - 0.06, 0.07, 0.06), colour)
    feet = [part for x in (back + 0.12, front - 0.14) for part in _foot(x, under, colour)]
    joined = box((middle, 0, 0.03), (long - 0.26, 0.06, 0.05), colour)
    parts = [pad, beam, joined, *feet, *_handles(lying, colour)]
    if support == "bench":
        return parts
    return [*parts, *_tower(lying, colour), *_arm(lying, under, colour)]


def _foot(x: float, high: float, colour: Colour) -> list[Solid]:
    post = box((x, 0, high / 2), (0.06, 0.06, high), colour)
    return [post, box((x, 0, 0.022), (0.07, 0.56, 0.044), colour)]


def _handles(lying: Lying, colour: Colour) -> list[Solid]:
    """A bar across to hold on to, on an arm from under the bench."""
    x, outward, z = lying.grip
    at, bar = x + 0.055, z - 0.045
    grip = cylinder(
        (at, -outward - 0.06, bar), (at, outward + 0.06, bar), 0.014, _STEEL, Material.METAL
    )
    ends = [
        cylinder(
            (at, side * (outward - 0.06), bar), (at, side * (outward + 0.065), bar), 0.018, _LEATHER
        )
        for side in (-1, 1)
    ]
    way = at - lying.front + 0.16
    slope = float(np.degrees(np.arctan2(BENCH_HIGH - _PAD_M - 0.05 - bar, way)))
    centre = (lying.front - 0.14 + way / 2, 0, (BENCH_HIGH - _PAD_M - 0.05 + bar) / 2)
    return [
        grip,
        *ends,
        box(centre, (way / np.cos(np.radians(slope)), 0.05, 0.05), colour, tilt_deg=slope),
    ]


def _tower(lying: Lying, colour: Colour) -> list[Solid]:
    """The machine's stack of weights, behind the athlete."""
    x = lying.edge + 0.25
    sides = [box((x + way, 0.62, 0.72), (0.05, 0.07, 1.44), colour) for way in (-0.22, 0.22)]
    cap = box((x, 0.62, 1.44), (0.50, 0.10, 0.05), colour)
    stack = box((x, 0.62, 0.36), (0.30, 0.11, 0.62), (0.02, 0.02, 0.022))
    return [*sides, cap, stack]


def _arm(lying: Lying, under: float, colour: Colour) -> list[Solid]:
    """What carries the lever's axle on the far side: from under the bench back to the knees."""
    (back, high), front = lying.knees, lying.front - 0.14
    y, long = _LEVER_Y + 0.035, front - lying.knees[0]
    return [
        box((front, y / 2, under - 0.03), (0.06, y, 0.05), colour),
        box((back + long / 2, y, under - 0.03), (long, 0.03, 0.05), colour),
        box((back, y, (high + under - 0.05) / 2), (0.05, 0.03, high - under + 0.09), colour),
    ]


class Levers:
    """A lever on one side that turns about the knees and carries a roller behind the ankles."""

    def __init__(self, rig: Rig, side: float) -> None:
        """side: 1 if the lever is on the athlete's left, -1 on the right."""
        self.rig = rig
        self.mesh: Mesh = as_mesh(join(_lever(rig.shank, side * _LEVER_Y)))

    def points(self, skeleton: Skeleton) -> Vector:
        """(n, 3) the points of `mesh` when the shanks are so, metres."""
        joints = self.rig.joints(skeleton)
        knee, ankle = ((joints[f"{n}_l"] + joints[f"{n}_r"]) / 2 for n in ("knee", "ankle"))
        turned = carry(np.array([-1.0, 0.0, 0.0]), SIDEWAYS, ankle - knee, SIDEWAYS)
        return np.asarray(self.mesh.rest @ turned.T + knee)


def _lever(shank: float, y: float) -> list[Solid]:
    """With the knees in the origin and the shanks level, the ankles towards -X."""
    colour, at, high = _FRAMES["machine"], -shank + 0.055, _BEHIND_M + _ROLLER_M
    long, slope = float(np.hypot(at, high)), float(np.degrees(np.arctan2(high, -at)))
    return [
        cylinder((at, -_ROLLER_Y, high), (at, _ROLLER_Y, high), _ROLLER_M, _LEATHER),
        cylinder((at, -_ROLLER_Y - 0.02, high), (at, _ROLLER_Y + 0.05, high), 0.016, _STEEL),
        box((at / 2, y, high / 2), (long, 0.022, 0.045), colour, tilt_deg=slope),
        cylinder((0, y - 0.02, 0), (0, y + 0.02, 0), 0.04, colour),
    ]
