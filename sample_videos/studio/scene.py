"""Where it happens: a room, a mat, what holds the ankles, and the light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio.apparatus import ANCHORS, knee_pad, mat, pole
from studio.arrays import Colour
from studio.benches import Support, bench
from studio.geometry import Solid, join
from studio.prone import Lying
from studio.rooms import ROOMS

Room = Literal["gym", "hall", "clinic", "home", "garage"]
Anchor = Literal["bar", "bench", "plate", "pad", "none"]


@dataclass(frozen=True)
class Light:
    """A lamp far away, and the light that comes from everywhere."""

    towards: tuple[float, float, float] = (0.30, -0.75, 1.0)
    """From the floor towards the lamp; of any length."""
    key: Colour = (1.55, 1.47, 1.36)
    """Strength of the lamp."""
    sky: Colour = (0.62, 0.64, 0.68)
    """What comes from above, off the ceiling."""
    ground: Colour = (0.30, 0.28, 0.26)
    """What comes from below, off the floor."""

    def mirrored(self) -> Light:
        """The same from the athlete's other side."""
        x, y, z = self.towards
        return Light((x, -y, z), self.key, self.sky, self.ground)


LIGHTS: dict[str, Light] = {
    "gym": Light(),
    "hall": Light((-0.25, -0.45, 1.0), (1.25, 1.20, 1.12), (0.70, 0.72, 0.75), (0.34, 0.28, 0.22)),
    "clinic": Light((0.30, -0.80, 1.1), (0.95, 0.95, 0.93), (0.88, 0.90, 0.93), (0.46, 0.46, 0.46)),
    "home": Light((0.75, -0.60, 0.8), (1.50, 1.34, 1.12), (0.55, 0.55, 0.57), (0.30, 0.26, 0.21)),
    "garage": Light(
        (-0.15, -0.35, 1.0), (1.05, 0.98, 0.85), (0.36, 0.37, 0.40), (0.16, 0.16, 0.16)
    ),
}
"""Each room's own light, as it falls when the camera is on the athlete's right."""


@dataclass(frozen=True)
class Scene:
    """Everything that does not move, laid out for a camera on the athlete's `near` side."""

    room: Room = "gym"
    anchor: Anchor = "bar"
    ankle: tuple[float, float] = (-0.43, 0.10)
    """Where the ankle joints are, forward and up, metres."""
    pad_m: float = 0.0
    """Thickness of a pad under the knees alone; 0: none."""
    pole: bool = False
    """A post between the camera and the athlete."""
    near: Literal["right", "left"] = "right"
    """The athlete's side that the camera is on."""
    support: Support = "none"
    """What a prone athlete lies on."""
    lying: Lying | None = None
    """How; None: nobody lies there."""

    @property
    def light(self) -> Light:
        """The room's own light."""
        light = LIGHTS[self.room]
        return light if self.near == "right" else light.mirrored()

    def surroundings(self) -> Solid:
        """Floor, walls and mat, which throw no shadow."""
        room = ROOMS[self.room]
        return self._placed(join([room.shell(), *mat(room.mat)]))

    def props(self) -> Solid:
        """What stands in the room and throws a shadow."""
        room = ROOMS[self.room]
        things = [*room.furniture(), *ANCHORS[self.anchor](*self.ankle)]
        if self.pad_m > 0:
            things += knee_pad(self.pad_m)
        if self.lying is not None:
            things += bench(self.lying, self.support)
        if self.pole:
            things += pole()
        return self._placed(join(things))

    def _placed(self, solid: Solid) -> Solid:
        return solid if self.near == "right" else solid.mirrored()
