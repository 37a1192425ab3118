"""The course of one repetition: a lowering that obeys physics, a landing, a push, a curl.

Everything is sampled every STEP_S and free of noise. Leans and angles in degrees, + forward and +
flexion; velocities deg/s, + lowering.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.optimize import brentq

from studio.arms import FULL_REACH, PALM
from studio.mechanics import Floats, body_lean, inertia, potential, swing
from studio.plan import Built, Rep

STEP_S = 1 / 480
EASE_S = 0.7
"""How long a lowering takes to reach its pace."""
GIVES_WAY_S = 0.12
"""How long the braking takes to give way."""
UNBROKEN = 48.0
"""Thigh lean at which a lowering that does not break has its greatest hip flexion."""
STRAIGHT_ARM = 0.985
"""Share of the arm's length at which the pushing hands leave the floor."""
AHEAD = 0.03
"""How far before the shoulders the hands land, metres."""
STEEPEST = 2.4
"""Of a quintic from or to rest: velocity times duration over way, while it goes one way (2.5)."""


@dataclass(frozen=True)
class Course:
    """One rep from its first motion to its end."""

    thigh: Floats
    """(n,) thigh lean."""
    hip: Floats
    """(n,) hip flexion."""
    lands_s: float | None
    """Seconds from the start at which the hands reach the floor, and leave it; None: they don't."""
    leaves_s: float | None
    hand_x: float
    """Where they land, metres before the knees."""
    hands_s: float
    """How long they need to return after they leave the floor."""


class Fall:
    """Lowers one body by one plan."""

    def __init__(self, rep: Rep, top: float, built: Built) -> None:
        self.rep, self.top, self.built = rep, top, built
        self.bottom = min(rep.bottom, built.deepest)
        self.breaks = float("inf") if rep.breaks == "never" else rep.breaks
        turns = min(self.breaks, UNBROKEN, self.bottom)
        to_floor = turns < self.bottom - 5
        self.low_hip = rep.low_hip if to_floor else rep.hip + rep.line
        self.down = self._hips(turns)
        self.up = self._hips(min(UNBROKEN, 0.7 * self.bottom))

    def course(self) -> Course:
        lands = self._landing()
        thigh = self._lowered(lands)
        if (lands is None or lands >= self.bottom - 1) and self.breaks < self.bottom:
            raise ValueError(f"these hands do not reach the floor: {self.rep}, {self.built}")
        if lands is None or lands >= self.bottom - 1:
            thigh, lands_s, hand_x = self._held(thigh), None, 0.0
        else:
            lands_s, hand_x = len(thigh) * STEP_S, self._hand_x(lands)
            thigh = np.concatenate([thigh, self._landed(thigh)])
        down = len(thigh)
        thigh = np.concatenate([thigh, np.full(round(self.rep.floor_s / STEP_S), self.bottom)])
        pushed = self._pushed(hand_x) if lands_s is not None and self.rep.returns else None
        leaves_s = None
        if pushed is not None:
            thigh = np.concatenate([thigh, pushed])
            leaves_s = len(thigh) * STEP_S
        if self.rep.returns:
            thigh = np.concatenate([thigh, self._curled(thigh)])
        hip = np.concatenate([self.down(thigh[:down]), self.up(thigh[down:])])
        return Course(thigh, hip, lands_s, leaves_s, hand_x, self.rep.hands_s)

    def _hips(self, at: float) -> Callable[[Floats], Floats]:
        """Hip flexion as a function of the thigh's lean."""
        rep, top = self.rep, self.top
        lean = [top - 90, top, top + 0.35 * (at - top), at, max(self.bottom, at + 5) + 0.01]
        flexion = [rep.hip, rep.hip, rep.hip + 0.6 * rep.line, rep.hip + rep.line, self.low_hip]
        if at >= self.bottom - 5:  # it never comes to the floor
            lean, flexion = lean[:4], flexion[:4]
        curve = PchipInterpolator(lean, flexion, extrapolate=False)
        return lambda x: np.asarray(curve(np.clip(x, lean[0], lean[-1])))

    def _body(self, thigh: float, hips: Callable[[Floats], Floats]) -> float:
        return float(body_lean(self.built, thigh, thigh + float(hips(np.array(thigh)))))

    def _turns(self, thigh: float, hips: Callable[[Floats], Floats]) -> float:
        """How many degrees the body leans further for each of the thigh."""
        return (self._body(thigh + 0.1, hips) - self._body(thigh - 0.1, hips)) / 0.2

    def _shoulder(self, thigh: float, hips: Callable[[Floats], Floats]) -> tuple[float, float]:
        """Forward and up from the knee and the floor, metres."""
        a, b = np.radians(thigh), np.radians(thigh + float(hips(np.array(thigh))))
        forward = self.built.thigh * np.sin(a) + self.built.trunk * np.sin(b)
        up = self.built.thigh * np.cos(a) + self.built.trunk * np.cos(b)
        return float(forward), float(up + self.built.knee_height)

    def _landing(self) -> float | None:
        """Thigh lean at which the hands land; None where the body never comes so low."""
        reach = self.rep.reach * self.built.arm

        def gap(lean: float) -> float:
            up = self._shoulder(lean, self.down)[1] - PALM
            return float(np.hypot(np.hypot(up, AHEAD), self.built.apart)) - reach

        if gap(self.bottom) >= 0:
            return None
        return float(brentq(gap, self.top, self.bottom))

    def _hand_x(self, lands: float) -> float:
        return self._shoulder(lands, self.down)[0] + AHEAD

    def _lowered(self, lands: float | None) -> Floats:
        """From rest until the hands land, or nearly to the bottom: controlled, then falling."""
        rep, until = self.rep, min(lands or self.bottom, self.bottom) - 0.01
        k, lean, give, body_speed = swing(self.built), self.top, 0.0, 0.0
        course: list[float] = []
        while lean < until and len(course) < 60 / STEP_S:
            course.append(lean)
            turns = self._turns(lean, self.down)
            if lean >= self.breaks:  # the whole body falls, whatever its hips do meanwhile
                give = min(1.0, give + STEP_S / GIVES_WAY_S)
                free = np.degrees(k * np.sin(np.radians(self._body(lean, self.down))))
                body_speed += (1 - rep.braking) * free * _ease(give) * STEP_S
            else:
                body_speed = rep.pace * _ease(len(course) * STEP_S / EASE_S) * turns
            lean += body_speed / turns * STEP_S
        return np.array(course)

    def _held(self, thigh: Floats) -> Floats:
        """Without hands: brought to a stop by the legs, over the last degrees."""
        keep = thigh[thigh < self.bottom - 6]
        return np.concatenate([keep, self._landed(keep)])

    def _landed(self, thigh: Floats) -> Floats:
        """Brought to a stop at the bottom, going on from the lowering's own speed."""
        speed = float(thigh[-1] - thigh[-2]) / STEP_S
        push = float(thigh[-1] - 2 * thigh[-2] + thigh[-3]) / STEP_S**2
        way = self.bottom - float(thigh[-1])
        for share in (2.0, 1.8, 1.6, 1.4):
            course = _quintic(
                (thigh[-1], speed, push), (self.bottom, 0.0, 0.0), share * way / speed
            )
            if np.all(np.diff(course) >= -1e-9):
                return course[1:]
        return _quintic((thigh[-1], speed, 0.0), (self.bottom, 0.0, 0.0), 2 * way / speed)[1:]

    def _pushed(self, hand_x: float) -> Floats:
        """The hands' part of the way up: it ends with the asked share of the work done."""
        leaves = self._leaving(hand_x)
        speed = self._speed_at(leaves)
        duration = 1.7 * (self.bottom - leaves) / speed
        return _quintic((self.bottom, 0.0, 0.0), (leaves, -speed, 0.0), duration)[1:]

    def _leaving(self, hand_x: float) -> float:
        """Thigh lean at which the hands leave: when the arms are straight, or four fifths of the
        asked share of the work is height."""

        def out_of_reach(lean: float) -> float:
            forward, up = self._shoulder(lean, self.up)
            way = np.array([forward - hand_x, up - PALM, self.built.apart])
            return float(np.linalg.norm(way)) - self._straight()

        def enough(lean: float) -> float:
            return self._height_share(lean) - 0.8 * self.rep.share

        lowest = self.top + 5
        straight = brentq(out_of_reach, lowest, self.bottom) if out_of_reach(lowest) > 0 else lowest
        done = brentq(enough, lowest, self.bottom) if enough(lowest) > 0 else lowest
        return float(max(straight, done))

    def _straight(self) -> float:
        """The arm's length at which a pushing hand leaves, metres."""
        return min(STRAIGHT_ARM, FULL_REACH) * self.built.arm

    def _height_share(self, lean: float) -> float:
        lowest, here, top = (self._energy(x) for x in (self.bottom, lean, self.top))
        return (here - lowest) / (top - lowest)

    def _energy(self, lean: float) -> float:
        hip = float(self.up(np.array(lean)))
        return float(potential(self.built, lean, lean + hip))

    def _speed_at(self, leaves: float) -> float:
        """Thigh speed at the release, deg/s up, that makes the hands' share what was asked."""
        missing = max(self.rep.share - self._height_share(leaves), 0.02)
        kinetic = missing * (self._energy(self.top) - self._energy(self.bottom))
        body = np.degrees(
            np.sqrt(2 * kinetic / float(inertia(self.built, self.up(np.array(leaves)))))
        )
        return float(body / self._turns(leaves, self.up))

    def _curled(self, thigh: Floats) -> Floats:
        """By the hamstrings to the top."""
        speed = max(float(thigh[-2] - thigh[-1]) / STEP_S, 0.0)
        way = float(thigh[-1]) - self.top
        duration = min(self.rep.curl_s, STEEPEST * way / max(speed, 1e-6))
        return _quintic((thigh[-1], -speed, 0.0), (self.top, 0.0, 0.0), duration)[1:]


def _ease(share: float) -> float:
    """From 0 to 1 with level ends."""
    x = min(max(share, 0.0), 1.0)
    return x * x * (3 - 2 * x)


def _quintic(
    start: tuple[float, float, float], end: tuple[float, float, float], duration: float
) -> Floats:
    """Samples of the fifth-order course between two places, speeds and accelerations."""
    n = max(round(duration / STEP_S), 2)
    seconds = n * STEP_S
    a0, a1, a2 = start[0], start[1] * seconds, start[2] * seconds**2 / 2
    d = end[0] - a0 - a1 - a2
    v = end[1] * seconds - a1 - 2 * a2
    a = end[2] * seconds**2 - 2 * a2
    s = np.arange(n + 1) / n
    a3, a4, a5 = 10 * d - 4 * v + a / 2, -15 * d + 7 * v - a, 6 * d - 3 * v + a / 2
    return np.asarray(a0 + s * (a1 + s * (a2 + s * (a3 + s * (a4 + s * a5)))))
