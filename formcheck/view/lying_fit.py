"""The camera against the plane of motion of a body that lies face down and swings its shanks.

Thigh and trunk lie still, so they tell nothing; the shank swings about the knee and keeps its
length: level it is shortened by the yaw, upright it is not. That gives the size of a large yaw. Its
sign, and small yaws, come from how far left and right shoulders and hips are drawn apart. Not the
knees: of a body that lies, the model only guesses at the far one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from formcheck.plane import Camera
from formcheck.pose import Array, Flags, Joint
from formcheck.signals import Body
from formcheck.view import fit
from formcheck.view.sides import thigh_px

BIN_DEG, BIN_FRAMES = 8.0, 3
"""The flexion's bins, and the fewest frames of one: weight by posture, not by time spent in it."""
LENGTH_SD = 0.04
"""How constant the landmarks' shank is, and how well those of thigh and trunk are known, shares."""
APART_SD = {Joint.SHOULDER: 0.10, Joint.HIP: 0.07}
"""How well far minus near shoulder and hip fit their widths, thighs; half as well in height."""
LOG_SHOULDERS, LOG_HIPS = (np.log(0.65), 0.20), (np.log(0.35), 0.20)
"""Priors, mean and standard deviation, of the landmarks' widths in thighs: arms that hold on
draw the shoulders together, and of 23 rendered sets, up to 40 degrees off the side to either hand,
they read so: two thirds of an upright body's."""
LOG_SHANK = (np.log(0.95), 0.10)
"""The same of the shank."""
ASIDE_DEG = 30.0
"""From this far off the side on the knee is taken to stay in its place: its landmark errs along the
line of sight, which turns the thigh by 5 to 8 degrees there. Nearer to the side it is believed, for
hips that lift let the knees sink: 23 rendered sets."""
STAYS = 0.30
"""Thigh lengths that the landmark of a knee that stays wanders, seen from far aside [O]."""


@dataclass(frozen=True)
class Evidence:
    """Median places in the picture, pixels; n postures."""

    size: tuple[int, int]
    facing: str
    knee: Array
    """(2,) the near knee."""
    hip: Array
    """(2,) the near hip."""
    shoulder: Array
    """(2,) the near shoulder."""
    ankle: Array
    """(n, 2) the near ankle, by flexion."""
    flexion_deg: Array
    """(n,) of the knee, in the picture."""
    apart: Mapping[Joint, Array]
    """(2,) far less near joint."""
    thigh_px: float
    wanders: float
    """Thigh lengths within which the knee's landmark was nine times of ten."""

    @property
    def sweep_deg(self) -> float:
        """How far the shank swings."""
        return float(np.ptp(self.flexion_deg))


def gathered(body: Body, bent: Array, lies: Flags, size: tuple[int, int]) -> Evidence | None:
    """What the frames (T,) of a body tell; None where no posture lasted for `BIN_FRAMES`.

    bent: (T,) knee flexion in the picture, degrees.
    """
    far = "left" if body.side == "right" else "right"
    joints = (Joint.SHOULDER, Joint.HIP, Joint.KNEE, Joint.ANKLE)
    near = {j: body.points[:, j.on(body.side), :2] for j in joints}
    other = {j: body.points[:, j.on(far), :2] for j in APART_SD}
    seen = np.isfinite(np.concatenate([*near.values(), *other.values()], 1)).all(axis=1)
    use = lies & seen
    number = np.floor(np.where(use, bent, 0.0) / BIN_DEG)
    bins = [use & (number == n) for n in np.unique(number[use])]
    bins = [b for b in bins if b.sum() >= BIN_FRAMES]
    if not bins:
        return None
    knee = np.median(near[Joint.KNEE][use], axis=0)
    long = thigh_px(body)
    away = np.linalg.norm(near[Joint.KNEE][use] - knee, axis=1) / long
    return Evidence(
        size=size,
        facing=body.facing,
        knee=knee,
        hip=np.median(near[Joint.HIP][use], axis=0),
        shoulder=np.median(near[Joint.SHOULDER][use], axis=0),
        ankle=np.array([np.median(near[Joint.ANKLE][b], axis=0) for b in bins]),
        flexion_deg=np.array([np.median(bent[b]) for b in bins]),
        apart={j: np.median((place - near[j])[use], axis=0) for j, place in other.items()},
        thigh_px=long,
        wanders=float(np.percentile(away, 90)),
    )


@dataclass(frozen=True)
class Fitted:
    """The camera that fits best, and how well."""

    camera: Camera
    misfit: float
    """Root mean square of the shank's residuals over what was expected; 1 is as expected."""


def fitted(evidence: Evidence) -> Fitted | None:
    """The camera that the evidence speaks for; None where there is no telling."""
    errors = partial(_errors, evidence)
    found = fit.solved(errors, [_start(evidence, yaw) for yaw in np.radians(fit.STARTS_DEG)])
    if found is None:
        return None
    misfit = errors(found.parameters)[: len(evidence.ankle)]
    aside = abs(found.parameters[1]) > np.radians(ASIDE_DEG)
    camera = fit.camera_of(evidence.knee, found, bool(aside and evidence.wanders <= STAYS))
    return Fitted(camera, float(np.sqrt(np.mean(misfit**2))))


def _start(evidence: Evidence, yaw: float) -> Array:
    away = np.log(max(evidence.size) * np.cos(yaw) / evidence.thigh_px)
    means = [m for m, _ in _PRIORS]
    return np.array([away, yaw, *means])


def _errors(evidence: Evidence, q: Array) -> Array:
    """(..., m) residuals over their standard deviations, of the parameters q (..., 8): those of a
    Solution, then the log of the shank."""
    plane = fit.plane_of(evidence.size, evidence.facing, evidence.knee, q)
    trunk, shoulders, hips, shank = np.exp(np.moveaxis(q[..., 4:], -1, 0))[..., None]
    depth = fit.shoulder_depth(shoulders, hips)
    ankle, hip = plane.onto(evidence.ankle), plane.onto(evidence.hip[None])
    shoulder = plane.onto(evidence.shoulder[None], depth)
    swung = np.linalg.norm(ankle, axis=-1) / shank - 1
    thigh = np.linalg.norm(hip, axis=-1) - 1
    upper = np.linalg.norm(shoulder - hip, axis=-1) / trunk - 1
    parts = [
        swung / LENGTH_SD,
        np.concatenate([thigh, upper], axis=-1) / LENGTH_SD,
        (q[..., 2:] - _MEANS) / _SDS,
    ]
    lie: dict[Joint, tuple[Array, float | Array, Array]] = {
        Joint.SHOULDER: (shoulder, depth, shoulders),
        Joint.HIP: (hip, 0.0, hips),
    }
    for joint, (place, behind, width) in lie.items():
        far = plane.picture(place, behind + width) - plane.picture(place, behind)
        error = (far - evidence.apart[joint]) / evidence.thigh_px / APART_SD[joint]
        parts += [error[..., 0], error[..., 1] / 2]
    told: Array = np.concatenate(parts, axis=-1)
    return np.nan_to_num(told, nan=1e3)


_PRIORS = (fit.PITCH, fit.LOG_FOCAL, fit.LOG_TRUNK, LOG_SHOULDERS, LOG_HIPS, LOG_SHANK)
_MEANS, _SDS = np.array(_PRIORS).T
