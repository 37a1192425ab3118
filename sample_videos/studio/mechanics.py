"""Mechanics of a body that leans about its knees (nordic-curl.md 2 and 6)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.plan import Built

Floats = NDArray[np.float64]

SWING = {"male": 22.29, "female": 23.49}
"""k times stature: angular acceleration of the free fall is k sin(lean), rad/s2 and metres (2)."""


@dataclass(frozen=True)
class Segments:
    """Of de Leva 1996 (6.1): mass shares of the body, lengths for a stature of 1 m."""

    thigh_mass: float
    thigh_centre: float
    """From the hip, share of the thigh."""
    thigh_gyration: float
    upper: tuple[tuple[float, float, float], ...]
    """Mass share, height of the centre over the hip as a share of the trunk, and radius of gyration
    in trunk lengths, of all that is above the hips."""
    thigh: float
    trunk: float


def _segments(sex: str) -> Segments:
    """Head, trunk and arms; the arms are lumped at 0.70 of the trunk (6.2)."""
    if sex == "male":
        stature, thigh, trunk = 1741.0, 422.2, 515.5
        head = (0.0694, 1 + (87.8 + 242.9 * (1 - 0.5002)) / trunk, 0.315 * 242.9 / trunk)
        torso, arms, leg = (0.4346, 1 - 0.4310, 0.358), 0.0988, (0.1416, 0.4095, 0.329)
    else:
        stature, thigh, trunk = 1735.0, 368.5, 497.9
        head = (0.0668, 1 + (116.9 + 243.7 * (1 - 0.4841)) / trunk, 0.295 * 243.7 / trunk)
        torso, arms, leg = (0.4257, 1 - 0.3782, 0.361), 0.0898, (0.1478, 0.3612, 0.364)
    upper = (head, torso, (arms, 0.70, 0.0))
    return Segments(*leg, upper, thigh / stature, trunk / stature)


def swing(built: Built) -> float:
    """k of this body, rad/s2."""
    return SWING[built.sex] / built.stature


def body_lean(built: Built, thigh: ArrayLike, trunk: ArrayLike) -> Floats:
    """Inclination of the line from knee to shoulder, degrees, from both leans in degrees."""
    a, b = np.radians(thigh), np.radians(trunk)
    forward = built.thigh * np.sin(a) + built.trunk * np.sin(b)
    up = built.thigh * np.cos(a) + built.trunk * np.cos(b)
    return np.asarray(np.degrees(np.arctan2(forward, up)))


def potential(built: Built, thigh: ArrayLike, trunk: ArrayLike) -> Floats:
    """Potential energy about the knees, J per kg of body mass; leans in degrees."""
    s, (a, b) = _segments(built.sex), (np.radians(thigh), np.radians(trunk))
    leg = s.thigh * built.stature
    up = 2 * s.thigh_mass * (1 - s.thigh_centre) * leg * np.cos(a)
    mass, moment, _ = _upper(s, built.stature)
    return np.asarray(9.81 * (up + mass * leg * np.cos(a) + moment * np.cos(b)))


def inertia(built: Built, hip: ArrayLike) -> Floats:
    """Moment of inertia about the knees, m2 (per kg of body mass); hip flexion in degrees."""
    s = _segments(built.sex)
    leg = s.thigh * built.stature
    own = 2 * s.thigh_mass * leg**2 * ((1 - s.thigh_centre) ** 2 + s.thigh_gyration**2)
    mass, moment, square = _upper(s, built.stature)
    return np.asarray(own + mass * leg**2 + square + 2 * leg * moment * np.cos(np.radians(hip)))


def _upper(s: Segments, stature: float) -> tuple[float, float, float]:
    """Mass, first and second moment about the hips of all above them (per kg; m, m2)."""
    trunk = s.trunk * stature
    mass = sum(m for m, _, _ in s.upper)
    moment = sum(m * r * trunk for m, r, _ in s.upper)
    square = sum(m * (r**2 + g**2) * trunk**2 for m, r, g in s.upper)
    return mass, moment, square
