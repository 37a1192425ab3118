"""Movements that are not Nordic curls: what a checker must not count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
from scipy.interpolate import PchipInterpolator

from studio.arms import GUARDS, PALM, Hand
from studio.athlete import HAND_WIDTH
from studio.curls import Curls
from studio.people import Walker, grounded
from studio.prone import Prone
from studio.rig import FEET, Leg, Posture, Rig, kneel


class Mover(Protocol):
    """Somebody who does a movement from its beginning to its end."""

    rig: Rig
    seconds: float

    def posture(self, t: float) -> Posture:
        """At a moment of real time, seconds."""
        ...


Keys = Mapping[str, Sequence[float]]
"""Knots by column; the column `t` holds their seconds."""


class Keyed:
    """Goes from one key posture to the next.

    Columns: left, right (thigh leans), left_knee, right_knee (flexion), left_foot, right_foot
    (plantarflexion), trunk, head, and x (hips, metres); the whole is set on the floor.
    """

    def __init__(self, rig: Rig, keys: Keys, hands: str = "guard") -> None:
        self.rig, self.hands = rig, hands
        self.seconds = float(keys["t"][-1])
        self.curves = {
            name: PchipInterpolator(keys["t"], values)
            for name, values in keys.items()
            if name != "t"
        }

    def posture(self, t: float) -> Posture:
        now = {n: float(c(np.clip(t, 0, self.seconds))) for n, c in self.curves.items()}
        left = Leg(now["left"], now["left_knee"], now["left_foot"], now["left_toes"])
        right = Leg(now["right"], now["right_knee"], now["right_foot"], now["right_toes"])
        hand = Hand(guard=GUARDS[self.hands])
        posture = Posture(
            left, right, now["trunk"], (hand, hand), now["head"], hips=(now["x"], 1.0)
        )
        return grounded(self.rig, posture)


class Kneels:
    """On both knees: thigh leans, hips fold, hands may be planted; by keys t, thigh, hip."""

    def __init__(self, rig: Rig, keys: Keys, hands: str, hand_x: float | None = None) -> None:
        self.rig, self.hands, self.hand_x = rig, hands, hand_x
        self.kneeling = kneel(rig, "flat")
        self.seconds = float(keys["t"][-1])
        self.thigh, self.hip = (PchipInterpolator(keys["t"], keys[n]) for n in ("thigh", "hip"))

    def posture(self, t: float) -> Posture:
        now = float(np.clip(t, 0, self.seconds))
        thigh = float(self.thigh(now)) + 0.2 * float(np.sin(2 * np.pi * 0.4 * t))
        trunk = thigh + float(self.hip(now))
        left, right = self.kneeling.legs(thigh)
        hand = Hand(
            guard=GUARDS[self.hands],
            place=(self.hand_x or 0.0, HAND_WIDTH, PALM),
            plant=0.0 if self.hand_x is None else 1.0,
        )
        knees = (0.0, self.kneeling.knee_height)
        return Posture(left, right, trunk, (hand, hand), 0.4 * trunk, knees)


class Planks:
    """Holds a plank on hands and toes."""

    seconds = 9.0

    def __init__(self, rig: Rig) -> None:
        self.rig = rig

    def posture(self, t: float) -> Posture:
        sags = 1.2 * float(np.sin(2 * np.pi * 0.25 * t))
        lean = 64.0 + sags
        leg = Leg(lean, 3.0, 4.0, 58.0)
        trunk = lean + 4 - sags
        reach = self.rig.thigh * np.sin(np.radians(lean)) + self.rig.trunk * np.sin(
            np.radians(trunk)
        )
        hand = Hand(place=(float(reach) + 0.02, 0.24, PALM), plant=1.0)
        return grounded(
            self.rig, Posture(leg, leg, trunk, (hand, hand), 0.7 * trunk, knees=(0.0, 0.3))
        )


def push_ups(rig: Rig) -> Kneels:
    """From the knees, five of them: the body is straight, the hands never leave the floor."""
    up, down, hip = 50.0, 76.0, 4.0
    cycle = [(0.9, down, hip), (0.2, down, hip), (0.8, up, hip), (0.5, up, hip)]
    keys = _repeated((0.8, up, hip), cycle, 5)
    forward = rig.thigh * np.sin(np.radians(up)) + rig.trunk * np.sin(np.radians(up + hip))
    return Kneels(rig, keys, "guard", float(forward) + 0.05)


def hip_folds(rig: Rig) -> Kneels:
    """Four bows on still thighs."""
    cycle = [(1.6, -3.0, 82.0), (0.4, -3.0, 82.0), (1.4, 2.0, 8.0), (0.8, 2.0, 8.0)]
    return Kneels(rig, _repeated((1.2, 2.0, 8.0), cycle, 4), "chest")


def _repeated(
    rest: tuple[float, float, float], cycle: list[tuple[float, float, float]], times: int
) -> Keys:
    """Keys from stages (how long it takes to come there, thigh lean, hip flexion)."""
    stages = np.array([(0.0, *rest[1:]), rest, *cycle * times])
    return {
        "t": list(np.cumsum(stages[:, 0])),
        "thigh": list(stages[:, 1]),
        "hip": list(stages[:, 2]),
    }


def kneels_and_rises(rig: Rig) -> Keyed:
    """From standing down to both knees, a second of rest there, and up again."""
    ankle, toes = FEET["tucked"]
    kneeling = kneel(rig, "tucked")
    bent = 90 + kneeling.tilt
    # standing, lunging, on one knee, on both, resting, on one knee, lunging, standing
    order = (0, 0, 1, 2, 3, 3, 2, 1, 0, 0)
    seconds = np.cumsum([0.0, 1.0, 0.9, 0.7, 0.8, 1.6, 0.8, 0.8, 0.9, 0.8])
    stages: Mapping[str, tuple[float, float, float, float]] = {
        "left": (0, -62, -84, 2),
        "left_knee": (3, 70, 88, bent),
        "left_foot": (-3, -8, -4, ankle),
        "left_toes": (0, 0, 0, toes),
        "right": (0, 18, 3, 2),
        "right_knee": (3, 78, bent, bent),
        "right_foot": (-3, 20, ankle, ankle),
        "right_toes": (0, 45, toes, toes),
        "trunk": (3, 18, 8, 6),
        "head": (5, 15, 8, 6),
        "x": (0.0, 0.0, 0.02, 0.05),
    }
    keys = {name: [values[i] for i in order] for name, values in stages.items()}
    return Keyed(rig, {"t": list(seconds), **keys}, "sides")


def lies_still(rig: Rig) -> Prone:
    """Face down on a bench, the legs straight; only breathing and small sway."""
    return Prone(rig, Curls(rest_s=6.0, after_s=0.0, seed=9))


class WalksThrough(Walker):
    """From one side of the picture to the other."""

    seconds = 5.0

    def __init__(self, rig: Rig) -> None:
        super().__init__(rig, begins=0.0, from_x=-2.4)


MOVES: Mapping[str, Callable[[Rig], Mover]] = {
    "push-ups": push_ups,
    "hip-folds": hip_folds,
    "plank": Planks,
    "kneel-and-rise": kneels_and_rises,
    "walk-through": WalksThrough,
    "lying-still": lies_still,
}
"""By the name that the list of clips uses."""
