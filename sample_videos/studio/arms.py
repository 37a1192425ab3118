"""Arms: from where a hand is to the bones of its arm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.body import Body
from studio.rotations import Matrix, Vector, about, between, carry, cross, lean, smooth, unit

GUARDS = {
    "guard": (0.27, -0.06, -0.16),
    "chest": (0.19, -0.13, -0.17),
    "sides": (0.03, 0.07, -0.50),
    "ready": (0.30, -0.02, -0.30),
}
"""Where the wrist is held, against the shoulder: forward, outward, up, in metres."""
PALM = 0.045
"""Height of the wrist over a palm on the floor, metres."""
CLEAR = 0.10
"""How high over the floor a hand that is not planted is kept, metres."""
BENDS = 62.0
"""How far each joint of a finger bends round a bar, degrees."""
FULL_REACH = 0.992
"""Share of the arm's length that a straight arm reaches: elbows do not lock."""


@dataclass(frozen=True)
class Hand:
    """Where one hand is: held before the trunk, planted somewhere, or on its way."""

    guard: tuple[float, float, float] = GUARDS["guard"]
    place: tuple[float, float, float] = (0.5, 0.27, PALM)
    """Of the wrist when planted: forward, outward, up; metres in the world."""
    plant: float = 0.0
    """0 held, 1 planted."""
    flat: bool = True
    """Whether the planted hand lies flat on the floor (else it grips)."""
    elbow: tuple[float, float, float] | None = None
    """Where the elbow points while planted: forward, outward, up; None: out and up."""
    fist: float = 0.0
    """How far the fingers are closed: 0 stretched, 1 round a bar."""


def arm_bones(
    body: Body, side: str, hand: Hand, shoulder: Vector, trunk: float
) -> dict[str, Matrix]:
    """Global rotations of upper arm, forearm and hand. shoulder: (3,) metres."""
    sign = 1.0 if side == "l" else -1.0
    bones = [body.joint(f"{name}_{side}") for name in ("upperarm", "lowerarm", "hand")]
    upper, fore = bones[1] - bones[0], bones[2] - bones[1]
    lengths = float(np.linalg.norm(upper)), float(np.linalg.norm(fore))
    wrist = reached(wrist_target(hand, sign, shoulder, trunk), shoulder, sum(lengths))
    pole = _pole(hand, sign, trunk)
    elbow = _elbow(shoulder, wrist, pole, lengths)
    along, down = elbow - shoulder, wrist - elbow
    rest_hinge, hinge = cross(upper, fore), _hinge(along, down, pole)
    forearm = carry(fore, rest_hinge, down, hinge)
    grip = between(forearm, _flat_hand(body, side, sign), _flatness(hand))
    return {
        f"upperarm_{side}": carry(upper, rest_hinge, along, hinge),
        f"lowerarm_{side}": forearm,
        f"hand_{side}": grip,
        **(_closed(body, side, grip, hand.fist) if hand.fist > 0 else {}),
    }


def _closed(body: Body, side: str, grip: Matrix, share: float) -> dict[str, Matrix]:
    """Global rotations of the fingers' bones, bent about the line of the knuckles."""
    knuckles = unit(body.joint(f"index_01_{side}") - body.joint(f"pinky_01_{side}"))
    fingers, sign = ("index", "middle", "ring", "pinky"), 1.0 if side == "l" else -1.0
    return {
        f"{finger}_0{bone}_{side}": grip @ about(knuckles, sign * share * BENDS * bone)
        for finger in fingers
        for bone in (1, 2, 3)
    }


def wrist_target(hand: Hand, sign: float, shoulder: Vector, trunk: float) -> Vector:
    """(3,) where the wrist is meant to be, metres."""
    forward, outward, up = hand.guard
    held = shoulder + lean(trunk * 0.9) @ np.array([forward, sign * outward, up])
    x, y, z = hand.place
    target = held + hand.plant * (np.array([x, sign * y, z]) - held)
    target[2] = max(target[2], PALM + CLEAR * (1 - hand.plant))
    return np.asarray(target)


def reached(target: Vector, shoulder: Vector, arm: float) -> Vector:
    """The target, or as near to it as the arm goes; never nearer to the shoulder than 12 cm."""
    way = target - shoulder
    distance = float(np.linalg.norm(way))
    return np.asarray(shoulder + way / distance * np.clip(distance, 0.12, arm * FULL_REACH))


def _pole(hand: Hand, sign: float, trunk: float) -> Vector:
    """Where the elbow points: down and back while held, out and up when planted."""
    held = lean(trunk * 0.5) @ np.array([-0.7, sign * 0.35, -0.45])
    forward, outward, up = hand.elbow or (-0.55, 0.70, 0.35)
    planted = np.array([forward, sign * outward, up])
    return np.asarray(held + hand.plant * (planted - held))


def _elbow(shoulder: Vector, wrist: Vector, pole: Vector, lengths: tuple[float, float]) -> Vector:
    way = wrist - shoulder
    distance, along = float(np.linalg.norm(way)), unit(way)
    upper, fore = lengths
    cosine = (upper**2 + distance**2 - fore**2) / (2 * upper * distance)
    angle = np.arccos(np.clip(cosine, -1, 1))
    out = unit(pole - along * (along @ pole))
    return np.asarray(shoulder + upper * (np.cos(angle) * along + np.sin(angle) * out))


def _hinge(along: Vector, down: Vector, pole: Vector) -> Vector:
    hinge = cross(along, down)
    if float(np.linalg.norm(hinge)) > 1e-6:
        return np.asarray(hinge)
    return np.asarray(cross(pole, along))


def _flat_hand(body: Body, side: str, sign: float) -> Matrix:
    wrist = body.joint(f"hand_{side}")
    index, pinky = body.joint(f"index_01_{side}") - wrist, body.joint(f"pinky_01_{side}") - wrist
    fingers = body.joint(f"middle_01_{side}") - wrist
    back = cross(index, pinky) * sign
    return carry(fingers, back, unit([0.95, -sign * 0.15, -0.08]), np.array([0.0, 0.0, 1.0]))


def _flatness(hand: Hand) -> float:
    return float(smooth(hand.plant)) if hand.flat else 0.0
