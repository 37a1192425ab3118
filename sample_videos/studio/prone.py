"""An athlete who lies face down on a bench and curls the legs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from studio.arms import Hand
from studio.curls import Curls, CurlTrack, perform
from studio.rig import Leg, Posture, Rig
from studio.rotations import Mask, Vector

BENCH_HIGH = 0.56
"""Height of the bench's top over the floor, metres."""
SINKS = 0.016
"""How far the flesh and the pad give under a lying body, metres."""
SLOPES = 5.0
"""How far a lying trunk may lean off level, degrees: a big belly or chest is pressed flat."""
ELBOWS = (-0.75, 0.40, -0.30)
"""Where the elbows of hands that hold a bench point: forward, outward, up."""


@dataclass(frozen=True)
class Lying:
    """How a body comes to lie on a bench, the hip joints at x = 0."""

    trunk: float
    """Trunk lean at rest, degrees."""
    hips: float
    """Height of the hip joints over the floor, metres."""
    edge: float
    """Where the bench ends towards the knees, x, metres."""
    front: float
    """Where it ends under the chest."""
    knees: tuple[float, float]
    """Where the knee joints are at rest: forward and up, metres."""
    grip: tuple[float, float, float]
    """Of the wrist that holds on: forward, outward, up, metres."""


class Prone:
    """Does a set of prone leg curls, or lies still."""

    def __init__(self, rig: Rig, plan: Curls) -> None:
        self.rig, self.plan = rig, plan
        self.lying = lie(rig, plan)
        self.track: CurlTrack = perform(plan)
        self.seconds = float(self.track.t[-1])
        """How long the set lasts."""

    def posture(self, t: float) -> Posture:
        """At a moment of real time, seconds."""
        now = self.track.at(t)
        trunk = self.lying.trunk + now["tips"]
        leg = Leg(now["thigh"], now["knee"], self.plan.ankle + now["feet"])
        hand = Hand(place=self.lying.grip, plant=1.0, flat=False, elbow=ELBOWS, fist=1.0)
        head = self.plan.head + now["head"]
        return Posture(leg, leg, trunk, (hand, hand), head, hips=self._hips(now["tips"]))

    def _hips(self, tips: float) -> tuple[float, float]:
        """Forward and up: tipped forward the body rests on the chest, else on the hips."""
        rest, now = (np.radians(self.lying.trunk + x) for x in (0.0, max(tips, 0.0)))
        forward = self.rig.trunk * (np.sin(rest) - np.sin(now))
        return float(forward), float(
            self.lying.hips + self.rig.trunk * (np.cos(rest) - np.cos(now))
        )


def lie(rig: Rig, plan: Curls) -> Lying:
    """Chest and pelvis on the bench's top."""
    front = float(rig.trunk)
    grip = (front + 0.20, 0.27, BENCH_HIGH - 0.15)
    found = Lying(90.0, BENCH_HIGH + 0.1, -plan.edge_m, front + 0.06, (0.0, 0.0), grip)
    bare = rig.bare
    chest, pelvis = (
        _named(bare, *names)
        for names in (("spine_02", "spine_03", "breast"), ("pelvis", "spine_01"))
    )
    for _ in range(4):
        skin = bare.skin(bare.pose(_resting(found, plan)))
        high, low = _underside(skin, chest), _underside(skin, pelvis)
        tilt = float(np.degrees(np.arctan2(high - low, 0.8 * front)))
        trunk = float(np.clip(found.trunk + tilt, 90 - SLOPES, 90 + SLOPES))
        found = replace(found, trunk=trunk, hips=found.hips + BENCH_HIGH - SINKS - low)
    lean = np.radians(plan.thigh)
    knees = -rig.thigh * float(np.sin(lean)), found.hips - rig.thigh * float(np.cos(lean))
    return replace(found, knees=knees)


def _resting(lying: Lying, plan: Curls) -> Posture:
    leg = Leg(plan.thigh, plan.straight)
    return Posture(leg, leg, lying.trunk, (Hand(), Hand()), plan.head, hips=(0.0, lying.hips))


def _named(rig: Rig, *starts: str) -> Mask:
    return np.asarray(
        np.logical_or.reduce([np.char.startswith(rig.flesh, name) for name in starts])
    )


def _underside(skin: Vector, part: Mask) -> float:
    """Height of what a part lies on: its lowest flesh, but for a few points, metres."""
    return float(np.percentile(skin[part & (np.abs(skin[:, 1]) < 0.15), 2], 2))
