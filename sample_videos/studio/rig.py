"""A person's posture: from a few angles and where the hands are, to every bone of the skeleton."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from studio.arms import Hand, arm_bones
from studio.body import Body
from studio.rotations import SIDEWAYS, Mask, Matrix, Vector, carry, lean

SIDES = {"l": 1.0, "r": -1.0}
"""The sides, and the sign of their Y."""
JOINTS = {
    "shoulder": "upperarm",
    "elbow": "lowerarm",
    "wrist": "hand",
    "hip": "thigh",
    "knee": "calf",
    "ankle": "foot",
    "toe": "ball",
}
"""Anatomical joints, and the bones that begin there."""


@dataclass(frozen=True)
class Leg:
    """One leg in the sagittal plane, degrees."""

    lean: float
    """Thigh lean: of the line from knee to hip, + forward."""
    flexion: float
    """Knee flexion, 0 straight."""
    ankle: float = 0.0
    """Plantarflexion, 0 with the foot square to the shank."""
    toes: float = 0.0
    """Extension of the toes against the foot."""


@dataclass(frozen=True)
class Posture:
    """One instant. Lengths in metres, angles in degrees."""

    left: Leg
    right: Leg
    trunk: float
    """Trunk lean, + forward."""
    hands: tuple[Hand, Hand]
    """Left, right."""
    head: float = 0.0
    """Pitch of the head against the world, + looks down."""
    knees: tuple[float, float] | None = None
    """Where the middle of the knees is, forward and up; None: the hips are given."""
    hips: tuple[float, float] = (0.0, 0.0)
    """Where the middle of the hips is, forward and up."""


@dataclass(frozen=True)
class Skeleton:
    """A posed skeleton."""

    rotations: Matrix
    """(bones, 3, 3) global."""
    places: Vector
    """(bones, 3) metres."""


class Rig:
    """Poses one body. Lengths in metres."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.upright = _inclination(body.joint("upperarm_l") - body.joint("thigh_l"))
        self.thigh = _length(body, "thigh_l", "calf_l")
        self.shank = _length(body, "calf_l", "foot_l")
        self.trunk = _sagittal_length(body, "thigh_l", "upperarm_l")
        self.arm = _length(body, "upperarm_l", "lowerarm_l") + _length(body, "lowerarm_l", "hand_l")
        self.flesh = np.array(body.bones)[np.asarray(body.mesh.weights.argmax(axis=1)).ravel()]

    @cached_property
    def bare(self) -> Rig:
        """The same body in tight clothes: what rests on the floor is flesh, not cloth."""
        look = replace(self.body.look, outfit="tank-shorts")
        return self if look == self.body.look else Rig(Body(look))

    def pose(self, posture: Posture) -> Skeleton:
        """The skeleton in this posture, arms reaching as far as they can."""
        rotations = self._legs(posture) | self._trunk(posture)
        shift = self._shift(posture, rotations)
        _, places = self.body.forward(rotations, shift)
        for hand, side in zip(posture.hands, SIDES, strict=True):
            shoulder = places[self.body.index[f"upperarm_{side}"]]
            rotations |= arm_bones(self.body, side, hand, shoulder, posture.trunk)
        return Skeleton(*self.body.forward(rotations, shift))

    def skin(self, skeleton: Skeleton) -> Vector:
        """(m, 3) vertices of the dressed body, metres."""
        return self.body.skin(skeleton.rotations, skeleton.places)

    def joints(self, skeleton: Skeleton) -> dict[str, Vector]:
        """Places of the joints, named as in `knee_l`, and of the head."""
        named = {
            f"{joint}_{side}": skeleton.places[self.body.index[f"{bone}_{side}"]]
            for joint, bone in JOINTS.items()
            for side in SIDES
        }
        return named | {"head": skeleton.places[self.body.index["head"]]}

    def _legs(self, posture: Posture) -> dict[str, Matrix]:
        bones: dict[str, Matrix] = {}
        for leg, (side, sign) in zip((posture.left, posture.right), SIDES.items(), strict=True):
            thigh = -_direction(leg.lean) + np.array([0, 0.03 * sign, 0])
            shank = -_direction(leg.lean + leg.flexion) + np.array([0, 0.02 * sign, 0])
            bones[f"thigh_{side}"] = self._aim("thigh", "calf", side, thigh)
            bones[f"calf_{side}"] = self._aim("calf", "foot", side, shank)
            bones[f"foot_{side}"] = lean(leg.ankle) @ bones[f"calf_{side}"]
            bones[f"ball_{side}"] = lean(-leg.toes) @ bones[f"foot_{side}"]
        return bones

    def _aim(self, bone: str, child: str, side: str, along: Vector) -> Matrix:
        rest = self.body.joint(f"{child}_{side}") - self.body.joint(f"{bone}_{side}")
        return carry(rest, SIDEWAYS, along, SIDEWAYS)

    def _trunk(self, posture: Posture) -> dict[str, Matrix]:
        trunk, head = lean(posture.trunk - self.upright), lean(posture.head)
        names = ("pelvis", "spine_01", "spine_02", "spine_03", "clavicle_l", "clavicle_r")
        neck = lean((posture.trunk - self.upright + posture.head) / 2)
        return {"Root": np.eye(3), **dict.fromkeys(names, trunk), "neck_01": neck, "head": head}

    def _shift(self, posture: Posture, rotations: Mapping[str, Matrix]) -> Vector:
        _, places = self.body.forward(rotations)
        bone = "thigh" if posture.knees is None else "calf"
        middle = (places[self.body.index[f"{bone}_l"]] + places[self.body.index[f"{bone}_r"]]) / 2
        x, z = posture.hips if posture.knees is None else posture.knees
        return np.asarray(np.array([x, 0.0, z]) - middle)


@dataclass(frozen=True)
class Kneeling:
    """How a body kneels: what its shape and its feet make of the legs."""

    knee_height: float
    """Of the knee joints over the floor, metres."""
    tilt: float
    """How much higher than level the shank's ankle end lies, degrees (minus the shank pitch)."""
    ankle: float
    toes: float

    def legs(self, lean_deg: float, apart: float = 0.0, lift: float = 0.0) -> tuple[Leg, Leg]:
        """Both legs at a thigh lean; `apart` degrees between them, feet lifted by `lift`."""
        flexion = 90 - lean_deg + self.tilt + lift
        leg = Leg(lean_deg, flexion, self.ankle, self.toes)
        half = apart / 2
        return (
            replace(leg, lean=lean_deg + half, flexion=flexion - half),
            replace(leg, lean=lean_deg - half, flexion=flexion + half),
        )


FEET = {"flat": (74.0, 20.0), "tucked": (50.0, 62.0), "dorsiflexed": (12.0, 68.0)}
"""Plantarflexion and toe extension, degrees: insteps on the floor, toes under, feet pulled up."""


def kneel(rig: Rig, feet: str, pad: float = 0.0) -> Kneeling:
    """How the body comes to rest on knees and toes. pad: thickness of what it kneels on, metres."""
    ankle, toes = FEET[feet]
    rig = rig.bare
    dominant = rig.flesh
    foot = np.char.startswith(dominant, "foot") | np.char.startswith(dominant, "ball")
    leg = np.char.startswith(dominant, "calf") | np.char.startswith(dominant, "thigh")
    found = Kneeling(0.06, 6.0, ankle, toes)
    for _ in range(3):
        found = replace(found, knee_height=_resting_height(rig, found, leg))
        found = replace(found, tilt=_resting_tilt(rig, found, foot))
    return replace(found, knee_height=found.knee_height + pad)


def _resting_height(rig: Rig, kneeling: Kneeling, leg: Mask) -> float:
    skin = _kneeling_skin(rig, replace(kneeling, knee_height=0.0))
    under = skin[leg & (np.abs(skin[:, 0]) < 0.16), 2]
    return float(-np.percentile(under, 0.3)) - 0.004  # flesh gives by some millimetres


def _resting_tilt(rig: Rig, kneeling: Kneeling, foot: Mask) -> float:
    low, high = -5.0, 40.0
    for _ in range(12):
        tilt = (low + high) / 2
        lowest = _kneeling_skin(rig, replace(kneeling, tilt=tilt))[foot, 2].min()
        low, high = (low, tilt) if lowest > -0.004 else (tilt, high)
    return (low + high) / 2


def _kneeling_skin(rig: Rig, kneeling: Kneeling) -> Vector:
    left, right = kneeling.legs(2.0)
    posture = Posture(left, right, 5.0, (Hand(), Hand()), knees=(0.0, kneeling.knee_height))
    return rig.skin(rig.pose(posture))


def _direction(degrees: float) -> Vector:
    """Unit vector at an inclination from upright, + forward."""
    return np.array([np.sin(np.radians(degrees)), 0.0, np.cos(np.radians(degrees))])


def _inclination(vector: Vector) -> float:
    return float(np.degrees(np.arctan2(vector[0], vector[2])))


def _length(body: Body, first: str, second: str) -> float:
    return float(np.linalg.norm(body.joint(second) - body.joint(first)))


def _sagittal_length(body: Body, first: str, second: str) -> float:
    way = body.joint(second) - body.joint(first)
    return float(np.hypot(way[0], way[2]))
