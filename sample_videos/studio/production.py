"""One clip: its cast, its film and its truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from studio.athlete import Athlete, Person
from studio.benches import Levers
from studio.body import Body
from studio.catalogue import Catalogue, Clip, Other
from studio.curl_truth import of_curls
from studio.film import Frame, Schedule, developed, schedule
from studio.look import Look
from studio.mesh import Mesh
from studio.moves import MOVES, Mover
from studio.people import Onlooker, Partner, Walker
from studio.prone import Prone
from studio.renderer import Renderer
from studio.rig import Rig, Skeleton
from studio.rotations import Vector, turn
from studio.scene import Scene
from studio.truth import Frames, Shown, of_nothing, of_set, refusals

BODY_MASS_INDEX = {"min": 20.0, "average": 23.5, "max": 30.0}
"""Of the looks' weights, kg/m2."""


@cache
def rig_of(look: Look) -> Rig:
    """The posable body of a look; built once."""
    return Rig(Body(look))


@dataclass(frozen=True)
class Placed:
    """Somebody, and where in the athlete's world."""

    person: Person
    at: tuple[float, float] = (0.0, 0.0)
    heading: float = 0.0

    @property
    def mesh(self) -> Mesh:
        """What `skin` moves."""
        return self.person.rig.body.mesh

    def skin(self, t: float) -> Vector:
        """(m, 3) metres, in the athlete's world."""
        rig = self.person.rig
        points = rig.skin(rig.pose(self.person.posture(t)))
        return np.asarray(points @ turn(self.heading).T + np.array([*self.at, 0.0]))


class Pads:
    """The machine's lever, on the far side, which goes with the athlete's shanks."""

    def __init__(self, athlete: Prone, near: str) -> None:
        self._athlete = athlete
        self._levers = Levers(athlete.rig, 1.0 if near == "right" else -1.0)
        self.mesh = self._levers.mesh

    def skin(self, t: float) -> Vector:
        """(m, 3) metres, at a moment of real time."""
        return self._levers.points(self._athlete.rig.pose(self._athlete.posture(t)))


class Production:
    """A clip with everything that is needed to film it."""

    def __init__(self, clip: Clip, catalogue: Catalogue) -> None:
        self.clip = clip
        self.look = catalogue.people[clip.athlete]
        self.rig = rig_of(self.look)
        self.athlete = self._athlete()
        self.cast = [Placed(self.athlete)]
        self.cast += [self._other(other, catalogue) for other in clip.others]
        self.schedule: Schedule = schedule(clip.picture, self.athlete.seconds, self.seed)

    @property
    def seed(self) -> int:
        """Of the noise and the timing: every clip has its own."""
        return sum(ord(letter) * (i + 1) for i, letter in enumerate(self.clip.name))

    def film(self) -> Iterator[tuple[float, Frame]]:
        """Every frame with its time in the file, seconds."""
        picture, camera, scene = self.clip.picture, self.clip.camera, self.scene()
        moving = self.moving()
        renderer = Renderer((picture.width, picture.height), scene, [m.mesh for m in moving])
        try:
            for number, shown in enumerate(self.schedule.shown):
                exposures = [
                    renderer.frame([m.skin(t) for m in moving], camera.view(t), scene.light)
                    for t in self.schedule.exposed[number]
                ]
                yield float(shown), developed(exposures, picture, number, self.seed)
        finally:
            renderer.close()

    def moving(self) -> list[Placed | Pads]:
        """Everything in the picture that moves."""
        if self.clip.place.support == "machine" and isinstance(self.athlete, Prone):
            return [*self.cast, Pads(self.athlete, self.clip.camera.near)]
        return [*self.cast]

    def truth(self) -> dict[str, Any]:
        """What NAME.truth.json holds."""
        frames = Frames.empty()
        for shown, taken in zip(self.schedule.shown, self.schedule.taken, strict=True):
            frames.add(float(shown), self.rig, self.skeleton(float(taken)))
        shown = self.shown()
        known = self._known(frames, shown)
        return self.about() | known | {"refusals": self.refusals(shown)}

    def _known(self, frames: Frames, shown: Shown) -> dict[str, Any]:
        """Reps, faults and frames."""
        clip, athlete = self.clip, self.athlete
        if isinstance(athlete, Athlete):
            return of_set(athlete, frames, shown, clip.mode == "eccentric-concentric")
        if clip.curls is not None and isinstance(athlete, Prone):
            return of_curls(athlete, frames, shown.slow)
        return of_nothing(frames)

    def skeleton(self, t: float) -> Skeleton:
        """The athlete's at a moment of real time."""
        return self.rig.pose(self.athlete.posture(t))

    def about(self) -> dict[str, Any]:
        """What is known of a clip before it is filmed."""
        clip, picture, camera = self.clip, self.clip.picture, self.clip.camera
        mass = BODY_MASS_INDEX[self.look.weight] * self.look.height_m**2
        return {
            "exercise": clip.exercise,
            "description": clip.says,
            "easy": clip.easy,
            "awaits": clip.awaits,
            "mode": clip.mode,
            "fps": picture.fps,
            "time_scale": picture.slow,
            "size": [picture.width, picture.height],
            "camera": {
                "yaw_deg": camera.yaw_deg,
                "pitch_deg": round(camera.pitch_deg, 2),
                "roll_deg": camera.roll_deg,
                "height_m": camera.height_m,
                "distance_m": camera.distance_m,
                "drift": camera.drift,
                "near": camera.near,
            },
            "athlete": {
                "height_m": self.look.height_m,
                "mass_kg": round(mass, 1),
                "sex": self.look.sex,
            },
            "people": 1 + len(clip.others),
        }

    def shown(self) -> Shown:
        """What of the picture decides on what can be told."""
        joints = self.rig.joints(self.skeleton(0.0))
        knee, head = self._seen(np.array([joints["knee_r"], joints["head"]]), 0.0)
        tall = float(abs(knee[1] - head[1]))
        return Shown(self.clip.picture.slow, tall, self._hands_seen())

    def _hands_seen(self) -> bool:
        """Whether the near wrist stays in the picture while it is planted."""
        if not isinstance(self.athlete, Athlete):
            return True
        track, wrist = self.athlete.track, f"wrist_{self.clip.camera.near[0]}"
        planted = track.t[track.plant >= 0.999][::24]
        places = [self._seen(self.rig.joints(self.skeleton(t))[wrist][None], t)[0] for t in planted]
        size = (self.clip.picture.width, self.clip.picture.height)
        return all((place >= 0).all() and (place <= size).all() for place in places)

    def _seen(self, points: Vector, t: float) -> Vector:
        """(n, 2) pixels of (n, 3) metres."""
        picture = self.clip.picture
        return self.clip.camera.view(t).project(points, (picture.width, picture.height))

    def refusals(self, shown: Shown) -> list[dict[str, str]]:
        """Of a set; of another movement nothing is measured at all."""
        return refusals(self.clip.camera, shown) if self.clip.set is not None else []

    def scene(self) -> Scene:
        """The room, with what holds the ankles laid on them."""
        clip = self.clip
        ankles = self._ankles()
        pad = clip.set.pad_m if clip.set is not None else 0.0
        return Scene(
            room=clip.place.room,
            anchor=clip.place.anchor,
            ankle=(float(ankles[:, 0].mean()), float(ankles[:, 2].mean())),
            pad_m=pad,
            pole=clip.place.pole,
            near=clip.camera.near,
            support=clip.place.support,
            lying=self.athlete.lying if isinstance(self.athlete, Prone) else None,
        )

    def _athlete(self) -> Athlete | Prone | Mover:
        clip = self.clip
        if clip.curls is not None:
            return Prone(self.rig, clip.curls)
        if clip.set is None:
            return MOVES[clip.move or ""](self.rig)
        return Athlete(self.rig, clip.set, self.look.height_m, self.look.sex)

    def _ankles(self) -> Vector:
        joints = self.rig.joints(self.skeleton(0.0))
        return np.array([joints["ankle_l"], joints["ankle_r"]])

    def _other(self, other: Other, catalogue: Catalogue) -> Placed:
        rig = rig_of(catalogue.people[other.look])
        away = 1.0 if self.clip.camera.near == "right" else -1.0
        at = (other.place[0], other.place[1] * away)
        if other.who == "partner":
            partner = Partner(rig, self._ankles())
            return Placed(partner, partner.place)
        if other.who == "walker":
            return Placed(Walker(rig, other.begins, at[0]), (0.0, at[1]), other.heading)
        return Placed(Onlooker(rig, "chest"), at, other.heading)
