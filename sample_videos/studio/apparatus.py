"""What the exercise needs: the mat, and five ways of holding the ankles down.

The athlete faces +X and lies on the knees; the ankle joints are at (x, z). The shanks run along
the floor from the knees at x = 0 back to the feet, so what holds them lies across, in front of
the heels and on top.
"""

from __future__ import annotations

from collections.abc import Callable

from studio.arrays import Colour
from studio.geometry import Solid, box, cylinder, turned
from studio.mesh import Material

_BLACK: Colour = (0.025, 0.025, 0.028)
_RED: Colour = (0.36, 0.03, 0.03)
_STEEL: Colour = (0.45, 0.46, 0.48)
_LEATHER: Colour = (0.035, 0.036, 0.042)
_PLATE_M = 0.215
"""Radius of a weight plate."""
_SHANK_M = 0.042
"""From the ankle joint to the skin above it, a little before the heel."""


def mat(colour: Colour) -> list[Solid]:
    """A thin mat from behind the feet to where the hands come down; its top is the floor's Z."""
    return [box((0.30, 0.0, 0.0005), (2.3, 0.95, 0.011), colour, round_m=0.004, material="foam")]


def knee_pad(high_m: float) -> list[Solid]:
    """A firm pad under the knees alone, `high_m` above the mat."""
    centre, size = (-0.03, 0.0, high_m / 2), (0.34, 0.62, high_m)
    return [box(centre, size, (0.03, 0.10, 0.16), round_m=min(0.02, high_m / 3))]


def pole() -> list[Solid]:
    """A post of a rack, near the camera, that stands before the athlete's body."""
    colour = (0.10, 0.11, 0.12)
    post = box((0.16, -0.95, 1.15), (0.055, 0.055, 2.3), colour)
    return [post, box((0.16, -0.95, 0.012), (0.16, 0.30, 0.024), colour)]


def _bar(x: float, z: float) -> list[Solid]:
    """A padded bar on two uprights."""
    at, high, radius = x + 0.035, z + _SHANK_M, 0.043
    top = high + radius
    pad = cylinder((at, -0.31, top), (at, 0.31, top), radius, _BLACK)
    core = cylinder((at, -0.46, top), (at, 0.46, top), 0.014, _STEEL, Material.METAL)
    sides = [
        part
        for y in (-0.45, 0.45)
        for part in (
            box((at, y, (top + 0.05) / 2), (0.06, 0.05, top + 0.05), _RED),
            box((at, y, 0.02), (0.52, 0.07, 0.04), _RED),
        )
    ]
    return [pad, core, *sides]


def _bench(x: float, z: float) -> list[Solid]:
    """A flat bench across the shanks, loaded or bolted down."""
    at, under = x + 0.02, z + _SHANK_M
    seat = box((at, 0.0, under + 0.045), (0.29, 1.15, 0.09), _LEATHER, round_m=0.03)
    board = box((at, 0.0, under + 0.008), (0.25, 1.10, 0.016), (0.16, 0.10, 0.055))
    legs = [
        box((at + way, y, under / 2), (0.045, 0.045, under), _STEEL, material=Material.METAL)
        for y in (-0.46, 0.46)
        for way in (-0.1, 0.1)
    ]
    return [seat, board, *legs]


def _plate(x: float, z: float) -> list[Solid]:
    """A loaded barbell in a thick pad over the ankles: its plates hide the feet from the side."""
    at, high, thick = x + 0.02, _PLATE_M, _PLATE_M - z - _SHANK_M
    sleeve = cylinder((at, -0.26, high), (at, 0.26, high), max(thick, 0.03), _BLACK)
    bar = cylinder((at, -0.72, high), (at, 0.72, high), 0.014, _STEEL, Material.METAL)
    return [sleeve, bar, *(_disc(at, y) for y in (-0.46, -0.40, 0.40, 0.46))]


def _disc(x: float, y: float) -> Solid:
    """A weight plate that stands on the floor: rim, dish and hub."""
    radius, colour = _PLATE_M, (0.03, 0.03, 0.034)
    profile = (
        (0.0, 0.02), (0.0, 0.055), (0.25, 0.06), (0.25, radius * 0.78), (0.0, radius * 0.82),
        (0.0, radius * 0.97), (0.1, radius), (0.9, radius), (1.0, radius * 0.97),
        (1.0, radius * 0.82), (0.75, radius * 0.78), (0.75, 0.06), (1.0, 0.055), (1.0, 0.02),
    )  # fmt: skip
    return turned((x, y - 0.022, radius), (x, y + 0.022, radius), profile, colour)


def _pad(x: float, z: float) -> list[Solid]:
    """The rollers of a machine: one above the ankles, one behind the heels, on two side plates."""
    top = z + _SHANK_M + 0.055
    rollers = [
        part
        for at, high in ((x + 0.045, top), (x - 0.12, z + 0.10))
        for part in (
            cylinder((at, -0.29, high), (at, 0.29, high), 0.055, _LEATHER),
            cylinder((at, -0.345, high), (at, 0.345, high), 0.016, _STEEL, Material.METAL),
        )
    ]
    sides = [
        box((x - 0.02, y, 0.13), (0.34, 0.02, 0.26), (0.30, 0.31, 0.33), round_m=0.009)
        for y in (-0.345, 0.345)
    ]
    foot = box((x - 0.06, 0.0, 0.014), (0.34, 0.80, 0.004), (0.08, 0.08, 0.085))
    return [*rollers, *sides, foot]


def _nothing(x: float, z: float) -> list[Solid]:
    return []


ANCHORS: dict[str, Callable[[float, float], list[Solid]]] = {
    "bar": _bar, "bench": _bench, "plate": _plate, "pad": _pad, "none": _nothing,
}  # fmt: skip
