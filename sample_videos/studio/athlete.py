"""The one whose set is filmed: a rig, a plan, and the posture at any moment."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import numpy as np

from studio.arms import GUARDS, PALM, Hand
from studio.motion import Track, perform
from studio.plan import Built, Set
from studio.rig import Kneeling, Posture, Rig, kneel
from studio.rotations import Vector

HAND_WIDTH = 0.30
"""Sideways from the middle to each planted hand, metres."""
PRESSED = -0.008
"""How far flesh may be pressed into the floor, metres."""


class Person(Protocol):
    """Somebody in the picture."""

    rig: Rig

    def posture(self, t: float) -> Posture:
        """At a moment of real time, seconds."""
        ...


class Athlete:
    """Does a set of Nordic curls."""

    def __init__(self, rig: Rig, plan: Set, stature: float, sex: str) -> None:
        self.rig, self.plan = rig, plan
        self.kneeling: Kneeling = kneel(rig, plan.feet, plan.pad_m)
        built = Built(
            stature=stature,
            sex=sex,
            thigh=rig.thigh,
            trunk=rig.trunk,
            arm=rig.arm,
            apart=HAND_WIDTH - abs(float(rig.body.joint("upperarm_l")[1])),
            knee_height=self.kneeling.knee_height,
            tilt=self.kneeling.tilt,
            shank=rig.shank,
        )
        self.built = replace(built, deepest=_deepest(self, built))
        self.track: Track = perform(plan, self.built)

    @property
    def seconds(self) -> float:
        """How long the set lasts."""
        return float(self.track.t[-1])

    def posture(self, t: float) -> Posture:
        now = self.track.at(t)
        trunk = now["thigh"] + now["hip"]
        left, right = self.kneeling.legs(now["thigh"], now["apart"], now["lift"])
        forward, outward, up = GUARDS[self.plan.hands]
        hand = Hand(
            guard=(forward + now["hands"], outward, up),
            place=(now["hand_x"], HAND_WIDTH, PALM),
            plant=now["plant"],
        )
        head = 0.5 * max(trunk, 0.0) + now["head"]
        knees = (now["slide"], self.kneeling.knee_height)
        return Posture(left, right, trunk, (hand, hand), head, knees)


def _deepest(athlete: Athlete, built: Built) -> float:
    """Thigh lean at which the first of thighs, belly, chest or face is on the floor."""
    flesh = athlete.rig.bare.flesh
    parts = ("thigh", "pelvis", "spine", "breast", "neck", "head")
    front = np.logical_or.reduce([np.char.startswith(flesh, name) for name in parts])
    low, high = 60.0, 88.0
    for _ in range(9):
        lean = (low + high) / 2
        skin = _lying(athlete, built, lean)[front]
        before_pad = skin[:, 0] > 0.12
        low, high = (lean, high) if skin[before_pad, 2].min() > PRESSED else (low, lean)
    return low


def _lying(athlete: Athlete, built: Built, lean: float) -> Vector:
    """Skin at the bottom with the hips of the plan's deepest rep."""
    hip = max(rep.low_hip for rep in athlete.plan.reps)
    left, right = athlete.kneeling.legs(lean)
    trunk, knees = lean + hip, (0.0, built.knee_height)
    posture = Posture(left, right, trunk, (Hand(), Hand()), 0.5 * trunk, knees)
    bare = athlete.rig.bare
    return bare.skin(bare.pose(posture))
