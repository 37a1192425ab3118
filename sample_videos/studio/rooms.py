"""Five rooms: floor, walls and a little furniture, as seen from the athlete's right side.

The wall behind the athlete stands at y = 2.6; the camera's own wall is far behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studio.arrays import Colour
from studio.geometry import Solid, box, cylinder, join, plane
from studio.mesh import Material

_BACK, _FRONT, _SIDE, _HIGH = 2.6, -6.5, 5.5, 3.4
_WHITE: Colour = (0.75, 0.75, 0.73)
_DARK: Colour = (0.035, 0.037, 0.042)


@dataclass(frozen=True)
class Interior:
    """What a room is made of."""

    floor: str
    """A picture of `textures.LAYERS`."""
    wall: str
    tint: Colour
    """Colours the wall's picture."""
    skirting: Colour
    mat: Colour
    furniture: Callable[[], list[Solid]]
    marks: Callable[[], list[Solid]] = list
    """Lines on the floor."""

    def shell(self) -> Solid:
        """Floor, four walls and their skirting boards."""
        wide, deep = 2 * _SIDE, _BACK - _FRONT
        floor = plane((-_SIDE, _FRONT, 0), (wide, 0, 0), (0, deep, 0), (1, 1, 1), self.floor)
        up = (0, 0, _HIGH)
        walls = [
            plane((-_SIDE, _BACK, 0), (wide, 0, 0), up, self.tint, self.wall),
            plane((_SIDE, _FRONT, 0), (-wide, 0, 0), up, self.tint, self.wall),
            plane((_SIDE, _BACK, 0), (0, -deep, 0), up, self.tint, self.wall),
            plane((-_SIDE, _FRONT, 0), (0, deep, 0), up, self.tint, self.wall),
        ]
        boards = [
            box((0, _BACK, 0.05), (wide, 0.03, 0.10), self.skirting),
            box((_SIDE, 0, 0.05), (0.03, 2 * -_FRONT, 0.10), self.skirting),
            box((-_SIDE, 0, 0.05), (0.03, 2 * -_FRONT, 0.10), self.skirting),
        ]
        return join([floor, *walls, *boards, *self.marks()])


def _gym() -> list[Solid]:
    band = box((0, _BACK, 0.62), (2 * _SIDE, 0.012, 0.06), (0.40, 0.16, 0.04))
    return [band, *_dumbbells(2.35), _box(-1.75), *_mirror(0.3)]


def _dumbbells(x: float) -> list[Solid]:
    shelves = [
        box((x, 2.28, high), (1.5, 0.34, 0.035), (0.08, 0.08, 0.09), tilt_deg=0)
        for high in (0.30, 0.66)
    ]
    posts = [box((x + way, 2.3, 0.38), (0.05, 0.36, 0.76), _DARK) for way in (-0.72, 0.72)]
    weights = [
        part
        for high in (0.30, 0.66)
        for n in range(6)
        for part in _dumbbell(x - 0.60 + 0.24 * n, high + 0.075)
    ]
    return [*shelves, *posts, *weights]


def _dumbbell(x: float, z: float) -> list[Solid]:
    handle = cylinder((x, 2.14, z), (x, 2.42, z), 0.014, (0.45, 0.46, 0.48), Material.METAL)
    ends = [cylinder((x, y, z), (x, y + 0.09, z), 0.055, _DARK) for y in (2.12, 2.35)]
    return [handle, *ends]


def _box(x: float) -> Solid:
    """A wooden jumping box."""
    return box((x, 2.15, 0.30), (0.75, 0.5, 0.60), (0.85, 0.80, 0.74), material="panels")


def _mirror(x: float) -> list[Solid]:
    frame = box((x, _BACK, 1.55), (1.9, 0.03, 1.0), (0.10, 0.10, 0.11))
    return [frame, box((x, _BACK - 0.01, 1.55), (1.82, 0.03, 0.92), (0.34, 0.38, 0.41))]


def _hall() -> list[Solid]:
    return [*_wall_bars(-0.95), *_wall_bars(2.15)]


def _wall_bars(x: float) -> list[Solid]:
    wood: Colour = (0.42, 0.26, 0.13)
    posts = [box((x + way, 2.5, 1.25), (0.06, 0.10, 2.5), wood) for way in (-0.46, 0.46)]
    rungs = [
        cylinder((x - 0.46, 2.48, 0.25 + 0.19 * n), (x + 0.46, 2.48, 0.25 + 0.19 * n), 0.018, wood)
        for n in range(12)
    ]
    return [*posts, *rungs]


def _lines() -> list[Solid]:
    """Two lines of a court on the floor."""
    white, blue = (0.62, 0.62, 0.60), (0.06, 0.14, 0.32)
    return [
        box((0, 1.55, 0.0), (2 * _SIDE, 0.05, 0.002), white, round_m=0.0004),
        box((2.6, 0, 0.0), (0.05, 12, 0.0016), blue, round_m=0.0004),
    ]


def _clinic() -> list[Solid]:
    couch = [
        box((2.35, 2.05, 0.62), (1.9, 0.68, 0.10), (0.05, 0.20, 0.26), round_m=0.03),
        box((2.35, 2.05, 0.53), (1.8, 0.60, 0.06), (0.30, 0.30, 0.31)),
        *(box((2.35 + w, 2.05, 0.26), (0.07, 0.50, 0.52), (0.55, 0.55, 0.56)) for w in (-0.7, 0.7)),
    ]
    cupboard = box((-1.9, 2.35, 0.95), (0.95, 0.42, 1.9), (0.62, 0.62, 0.61))
    door = box((-1.9, 2.13, 0.95), (0.012, 0.01, 1.8), (0.30, 0.30, 0.30))
    knobs = [
        box((-1.9 + way, 2.12, 1.0), (0.02, 0.03, 0.14), (0.40, 0.41, 0.42))
        for way in (-0.06, 0.06)
    ]
    chart = box((0.45, _BACK, 1.55), (0.7, 0.02, 0.95), (0.55, 0.62, 0.66))
    return [*couch, cupboard, door, *knobs, chart]


def _home() -> list[Solid]:
    grey: Colour = (0.17, 0.19, 0.21)
    sofa = [
        box((2.0, 2.05, 0.20), (1.9, 0.80, 0.40), grey, round_m=0.06),
        box((2.0, 2.38, 0.52), (1.9, 0.22, 0.60), grey, round_m=0.08),
        *(box((2.0 + way, 2.05, 0.30), (0.20, 0.84, 0.60), grey, round_m=0.07) for way in (-1, 1)),
    ]
    shelf = [
        box((-1.75, 2.42, 0.35 * n + 0.02), (1.0, 0.30, 0.035), (0.55, 0.38, 0.22))
        for n in range(1, 5)
    ]
    sides = [
        box((-1.75 + w, 2.42, 0.72), (0.035, 0.32, 1.44), (0.55, 0.38, 0.22)) for w in (-0.5, 0.5)
    ]
    picture = box((0.25, _BACK, 1.50), (0.8, 0.03, 0.6), (0.10, 0.09, 0.08))
    inside = box((0.25, _BACK - 0.01, 1.50), (0.70, 0.03, 0.50), (0.42, 0.36, 0.24))
    return [*sofa, *shelf, *sides, picture, inside]


def _garage() -> list[Solid]:
    steel: Colour = (0.09, 0.10, 0.12)
    rack = [
        box((2.0 + x, 2.2 + y, 1.1), (0.06, 0.06, 2.2), steel)
        for x in (-0.55, 0.55)
        for y in (-0.25, 0.25)
    ]
    beam = box((2.0, 1.95, 2.15), (1.16, 0.06, 0.06), steel)
    bar = cylinder((1.1, 1.90, 1.25), (2.9, 1.90, 1.25), 0.014, (0.45, 0.46, 0.48), Material.METAL)
    plates = [cylinder((x, 1.90, 1.25), (x + 0.05, 1.90, 1.25), 0.22, _DARK) for x in (1.2, 2.75)]
    boxes = [
        box((-1.9, 2.25, 0.22), (0.6, 0.45, 0.44), (0.36, 0.24, 0.13)),
        box((-1.95, 2.28, 0.60), (0.5, 0.40, 0.32), (0.33, 0.22, 0.12)),
    ]
    return [*rack, beam, bar, *plates, *boxes]


ROOMS: dict[str, Interior] = {
    "gym": Interior("rubber", "plaster", (0.80, 0.80, 0.79), _DARK, (0.05, 0.13, 0.20), _gym),
    "hall": Interior(
        "wood", "brick", (1, 1, 1), (0.20, 0.12, 0.07), (0.10, 0.11, 0.13), _hall, _lines
    ),
    "clinic": Interior("vinyl", "plaster", (1.25, 1.27, 1.27), _WHITE, (0.06, 0.26, 0.24), _clinic),
    "home": Interior("wood", "plaster", (1.10, 1.02, 0.90), _WHITE, (0.22, 0.13, 0.24), _home),
    "garage": Interior(
        "concrete", "concrete", (1.5, 1.5, 1.5), _DARK, (0.04, 0.04, 0.045), _garage
    ),
}
