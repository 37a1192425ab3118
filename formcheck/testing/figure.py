"""A body made by construction, filmed by a pinhole camera: a pose track whose truth is known.

The body is a chain in the vertical plane of motion, its knee the origin: thigh 1, trunk 1.2, shank
0.95 thigh lengths; left and right lie beside each other, as wide as people are. Angles have the
names and signs of docs/nordic-curl.md 0.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.plane import Plane
from formcheck.pose import Array, Joint, PoseTrack
from formcheck.testing.ways import mirrored

FPS = 240.0
"""Of a demonstration: every lower rate is made of it."""
SIZE = (1280, 720)
TRUNK, SHANK, FOOT, HEAD = 1.2, 0.95, 0.35, 0.4
"""Lengths in thighs."""
POINTED = 30.0
"""Plantarflexion of the foot, degrees."""
WIDTH = {
    Joint.EAR: 0.35, Joint.SHOULDER: 0.94, Joint.ELBOW: 1.3, Joint.WRIST: 1.0, Joint.HIP: 0.5,
    Joint.KNEE: 0.4, Joint.ANKLE: 0.35, Joint.HEEL: 0.35, Joint.FOOT_INDEX: 0.35,
}  # fmt: skip
"""From the near side to the far one, thigh lengths."""
MIDDLE = 0.25
"""How far behind the near hip, which is in the plane, the body's middle lies."""
NEAR_SEEN, FAR_SEEN = 0.98, 0.8
"""Visibility of the near and of the far side."""


def course(
    reps: int, parts: Sequence[tuple[float, float]], rest_s: float = 1.5
) -> tuple[Array, Array]:
    """The times (T,) in seconds and the share (T,), 0 to 1, of its way that a set has gone.

    parts: of one rep, in order: how many seconds it takes, softly, to go to which share; to the
    share where it is, it holds. A rest comes before each rep, and one behind the last.
    """
    ways = [(rest_s, 0.0), *parts] * reps + [(rest_s + 1.0, 0.0)]
    times = np.cumsum([0.0, *(seconds for seconds, _ in ways)])
    shares = np.array([0.0, *(share for _, share in ways)])
    t = np.arange(0, times[-1], 1 / FPS)
    i = np.clip(np.searchsorted(times, t, side="right") - 1, 0, len(ways) - 1)
    gone = (t - times[i]) / (times[i + 1] - times[i])
    return t, shares[i] + (shares[i + 1] - shares[i]) * (1 - np.cos(np.pi * gone)) / 2


@dataclass(frozen=True)
class Figure:
    """What a body does, in the plane of motion; an angle is one number, or (T,) degrees."""

    t_s: Array
    """(T,) seconds."""
    thigh_lean: Array | float
    """Of knee to hip from vertical, + forward: 0 kneels upright, 90 lies face down."""
    trunk_lean: Array | float
    """Of hip to shoulder, the same."""
    knee_flexion: Array | float
    """0 is a straight knee: 90 under an upright thigh is a level shank."""

    def film(
        self,
        *,
        yaw_deg: float = 0.0,
        pitch_deg: float = 4.0,
        away: float = 9.0,
        facing: str = "right",
        knee_px: tuple[float, float] = (500.0, 480.0),
        noise_deg: float = 0.0,
        seed: int = 0,
    ) -> PoseTrack:
        """Its pose track, filmed from the side that it faces.

        yaw_deg, pitch_deg: of the camera, as in the setting; away: from the lens to the knee,
        thigh lengths. facing: "right" or "left". knee_px: where the knee is in the picture, of a
        body that faces right. noise_deg: slow noise of the landmarks, as degrees of a thigh.
        """
        plane = Plane(
            size=SIZE,
            facing="right",
            knee_px=knee_px,
            distance=away,
            yaw=float(np.radians(yaw_deg)),
            pitch=float(np.radians(pitch_deg)),
            focal=1.0,
        )
        points = np.zeros((len(self.t_s), 33, 3))
        for joint, place in self._places().items():
            half = WIDTH[joint] / 2
            points[:, joint.on("right"), :2] = plane.picture(place, MIDDLE - half)
            points[:, joint.on("left"), :2] = plane.picture(place, MIDDLE + half)
        points[:, [0, *range(1, 7), 9, 10], :2] = points[:, [8], :2]
        points[:, 17:23, :2] = points[:, [15, 16] * 3, :2]
        thigh_px = float(np.linalg.norm(points[0, 26, :2] - points[0, 24, :2]))
        spread = np.tan(np.radians(noise_deg)) / np.sqrt(2) * thigh_px
        points[..., :2] += spread * slow_noise(np.random.default_rng(seed), self.t_s, (33, 2))
        seen = np.full((len(self.t_s), 33), FAR_SEEN)
        seen[:, [0, *(joint.on("right") for joint in WIDTH)]] = NEAR_SEEN
        track = PoseTrack(self.t_s, points, seen, SIZE)
        return track if facing == "right" else mirrored(track)

    def _places(self) -> Mapping[Joint, Array]:
        """(T, 2) u forward and v up of the joints, thigh lengths."""
        none = np.zeros(len(self.t_s))
        thigh, trunk = self.thigh_lean + none, self.trunk_lean + none
        shank = _along(thigh + self.knee_flexion)  # its lean: 90 less its pitch
        foot = _along(thigh + self.knee_flexion + 90 + POINTED)
        chest = _along(trunk + 90)
        shoulder = _along(thigh) + TRUNK * _along(trunk)
        wrist = shoulder + 0.35 * chest - 0.2 * _along(trunk)
        return {
            Joint.KNEE: np.stack([none, none], 1),
            Joint.HIP: _along(thigh),
            Joint.SHOULDER: shoulder,
            Joint.ANKLE: -SHANK * shank,
            Joint.HEEL: -SHANK * shank - 0.2 * FOOT * foot,
            Joint.FOOT_INDEX: -SHANK * shank + FOOT * foot,
            Joint.EAR: shoulder + HEAD * _along(trunk + 5),
            Joint.ELBOW: (shoulder + wrist) / 2 - 0.5 * _along(trunk),
            Joint.WRIST: wrist,
        }


def _along(lean: Array) -> Array:
    """(T, 2) unit vectors that lean so far forward from vertical."""
    return np.stack([np.sin(np.radians(lean)), np.cos(np.radians(lean))], -1)


def slow_noise(rng: np.random.Generator, t: Array, shape: tuple[int, ...]) -> Array:
    """(T, *shape) noise of unit variance, correlated over a quarter of a second."""
    grid = np.arange(t[0] - 1, t[-1] + 1, 0.05)
    lag = np.arange(-0.75, 0.76, 0.05)
    kernel = np.exp(-((lag / 0.25) ** 2))
    spectrum = np.fft.rfft(rng.standard_normal((len(grid), *shape)), axis=0)
    shift = np.fft.rfft(kernel / np.linalg.norm(kernel), len(grid))
    smooth = np.fft.irfft(spectrum * shift.reshape(-1, *[1] * len(shape)), len(grid), axis=0)
    at = np.clip((t - grid[0]) / 0.05, 0, len(grid) - 1.001)
    i, share = at.astype(int), (at % 1).reshape(-1, *[1] * len(shape))
    noise: Array = smooth[i] * (1 - share) + smooth[i + 1] * share
    return noise
