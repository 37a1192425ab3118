"""Others in the picture: the partner who holds the ankles, a coach, somebody who walks by."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from studio.arms import GUARDS, Hand
from studio.rig import Leg, Posture, Rig, kneel
from studio.rotations import Vector

PARTNER_BEHIND = 0.60
"""From the athlete's ankles to the partner's knees, metres."""
STRIDE_HZ, STRIDE_M = 0.95, 1.25
"""Of a calm walk: strides a second, and their length."""


class Partner:
    """Kneels behind the athlete and holds the ankles."""

    def __init__(self, rig: Rig, ankles: Vector) -> None:
        """ankles: (2, 3) the athlete's left and right, metres in the athlete's world."""
        self.rig, self.kneeling = rig, kneel(rig, "flat")
        x, height = float(ankles[:, 0].mean()), float(ankles[:, 2].mean())
        self.x = x - PARTNER_BEHIND
        self.grip = (PARTNER_BEHIND + 0.03, abs(float(ankles[0, 1])), height + 0.06)

    @property
    def place(self) -> tuple[float, float]:
        return self.x, 0.0

    def posture(self, t: float) -> Posture:
        rocks = 2.0 * np.sin(2 * np.pi * 0.21 * t) + 0.8 * np.sin(2 * np.pi * 0.5 * t + 1)
        left, right = self.kneeling.legs(-34.0 + rocks)
        hand = Hand(place=self.grip, plant=1.0, flat=False)
        knees = (0.0, self.kneeling.knee_height)
        return Posture(left, right, 44.0 + rocks, (hand, hand), 30.0, knees)


class Onlooker:
    """Stands and watches, a little restless."""

    def __init__(self, rig: Rig, hands: str = "sides") -> None:
        self.rig, self.hands = rig, hands
        self.height = _standing_height(rig)

    def posture(self, t: float) -> Posture:
        sways = np.sin(2 * np.pi * 0.17 * t) + 0.5 * np.sin(2 * np.pi * 0.43 * t + 2)
        legs = Leg(1.0, 2.0, -3.0), Leg(-1.0, 4.0, -3.0)
        hand = Hand(guard=GUARDS[self.hands])
        return Posture(
            *legs, 2.0 + sways, (hand, hand), 12 + 3 * sways, hips=(0.01 * sways, self.height)
        )


class Walker:
    """Walks along X from a place at a moment."""

    def __init__(self, rig: Rig, begins: float, from_x: float) -> None:
        self.rig, self.begins, self.from_x = rig, begins, from_x
        self.height = _standing_height(rig)

    def posture(self, t: float) -> Posture:
        walked = max(t - self.begins, 0.0)
        phase = 2 * np.pi * STRIDE_HZ * walked
        x = self.from_x + STRIDE_HZ * STRIDE_M * walked
        left, right = _stepping(phase), _stepping(phase + np.pi)
        swing = 0.16 * np.cos(phase)
        forward, outward, up = GUARDS["sides"]
        hands = (
            Hand(guard=(forward - swing, outward, up)),
            Hand(guard=(forward + swing, outward, up)),
        )
        height = self.height - 0.035 + 0.015 * np.cos(2 * phase)
        return grounded(self.rig, Posture(left, right, 4.0, hands, 4.0, hips=(x, height)))


def _stepping(phase: float) -> Leg:
    """One leg of a walk: thigh swings, the knee bends while the leg comes forward."""
    lean = -(22 * np.cos(phase) + 4)
    flexion = 6 + 48 * max(0.0, float(np.sin(-phase + 0.5))) ** 2
    level = -(lean + flexion)
    return Leg(float(lean), flexion, float(np.clip(level, -15, 25)))


def grounded(rig: Rig, posture: Posture) -> Posture:
    """The same posture, raised or lowered until its lowest point is on the floor."""
    lowest = float(rig.skin(rig.pose(posture))[:, 2].min())
    if posture.knees is not None:
        return replace(posture, knees=(posture.knees[0], posture.knees[1] - lowest))
    return replace(posture, hips=(posture.hips[0], posture.hips[1] - lowest))


def _standing_height(rig: Rig) -> float:
    return rig.thigh + rig.shank + 0.08
