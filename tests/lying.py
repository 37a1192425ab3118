"""A body made by construction that lies face down and curls its shanks, filmed by a pinhole camera.

    film(curls(3), yaw=-20, head="left", noise=1.0)

The body is a chain in the plane of motion, the knee its origin: thigh 1, trunk 1.2, shank 0.95
thigh lengths, left and right beside each other as wide as people are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from athlete import CAMERA

from formcheck.plane import Camera, Plane
from formcheck.pose import Joint, PoseTrack
from formcheck.testing.figure import MIDDLE, WIDTH, slow_noise
from formcheck.testing.ways import mirrored

SIZE = (1280, 720)
TRUNK, SHANK, FOOT = 1.2, 0.95, 0.4
HIDDEN, PAD = 0.35, 0.12
"""Visibility of an ankle behind a machine's pad, and how far its point wanders, thigh lengths."""


def curls(
    reps: int = 3, *, rest: float = 1.0, up: float = 1.5, hold: float = 0.7, down: float = 2.5,
    straight: float = 4.0, most: float = 115.0, fps: float = 30.0,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Times (T,) in seconds and knee flexion (T,) in degrees of a set of curls."""
    whole = rest + up + hold + down
    t = np.arange(0, reps * whole + rest, 1 / fps)
    phase = np.where(t < reps * whole, t % whole, 0.0)
    share = np.interp(phase, [rest, rest + up, rest + up + hold, whole], [0, 1, 1, 0])
    return t, straight + (most - straight) * (1 - np.cos(np.pi * share)) / 2


def film(
    done: tuple[np.ndarray, np.ndarray], *, yaw: float = 0.0, pitch: float = 4.0,
    away: float = 9.0, head: str = "right", lifts: np.ndarray | float = 0.0, sinks: bool = False,
    slope: float = 0.0, trunk: np.ndarray | float = 0.0, noise: float = 0.0, pad: bool = False,
    knee_px: tuple[float, float] = (500.0, 400.0), seed: int = 0, size: tuple[int, int] = SIZE,
    wide: Callable[[Joint], float] = lambda joint: 1.0,
) -> PoseTrack:  # fmt: skip
    """The pose track of curls (t_s, flexion).

    lifts: degrees by which the hips rise over a level thigh; sinks: they stay, the knees sink.
    slope: of the whole body, the head up.
    trunk: degrees of the trunk over the thigh's line. noise: slow landmark noise, as degrees of a
    thigh. pad: a machine's pad hides the ankles. wide: how much wider than usual the body is at a
    joint. Filmed from its right side where the head points to the right, else mirrored.
    """
    t, flexion = done
    sunk = np.radians(np.asarray(lifts) + 0 * t) if sinks else 0 * t
    down = np.stack([1 - np.cos(sunk), -np.sin(sunk)], -1)
    places = _places(flexion, slope + np.asarray(lifts) + 0 * t, slope + np.asarray(trunk) + 0 * t)
    rng = np.random.default_rng(seed)
    camera = Camera.model_validate(
        CAMERA.model_dump()
        | {"knee_px": knee_px, "yaw_deg": yaw, "pitch_deg": pitch, "distance": away}
    )
    plane = Plane.of(camera, size, "right")
    points = np.zeros((len(t), 33, 3))
    for joint, place in places.items():
        half = WIDTH[joint] * wide(joint) / 2
        points[:, joint.on("right"), :2] = plane.picture(place + down, MIDDLE - half)
        points[:, joint.on("left"), :2] = plane.picture(place + down, MIDDLE + half)
    points[:, [0, *range(1, 7), 9, 10], :2] = points[:, [8], :2]
    points[:, 17:23, :2] = points[:, [15, 16] * 3, :2]
    thigh_px = np.linalg.norm(points[0, 26, :2] - points[0, 24, :2])
    spread = np.tan(np.radians(noise)) / np.sqrt(2) * thigh_px
    points[..., :2] += spread * slow_noise(rng, t, (33, 2))
    seen = np.full((len(t), 33), 0.8)
    seen[:, [0, *(j.on("right") for j in WIDTH)]] = 0.98
    if pad:
        points[:, [27, 28], :2] += PAD / 2 * thigh_px * slow_noise(rng, t, (2, 2))
        seen[:, [27, 28]] = HIDDEN
    track = PoseTrack(t, points, seen, size)
    return track if head == "right" else mirrored(track)


def _places(flexion: np.ndarray, thigh: np.ndarray, trunk: np.ndarray) -> dict[Joint, np.ndarray]:
    """(T, 2) u towards the head and v up of the joints, thigh lengths."""
    knee = np.zeros((len(flexion), 2))
    hip = _along(thigh)
    shoulder = hip + TRUNK * _along(trunk)
    shank = 180 + thigh - flexion
    ankle = SHANK * _along(shank)
    toe = _along(shank + 60)
    return {
        Joint.KNEE: knee, Joint.HIP: hip, Joint.SHOULDER: shoulder, Joint.ANKLE: ankle,
        Joint.HEEL: ankle - 0.2 * FOOT * toe, Joint.FOOT_INDEX: ankle + FOOT * toe,
        Joint.EAR: shoulder + 0.4 * _along(trunk + 10),
        Joint.ELBOW: shoulder + np.array([0.1, -0.6]),
        Joint.WRIST: shoulder + np.array([0.6, -0.7]),
    }  # fmt: skip


def _along(degrees: np.ndarray) -> np.ndarray:
    """(T, 2) unit vectors at an angle over the horizontal."""
    return np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], -1)
