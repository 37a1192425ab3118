"""The camera against the plane of motion, from the movement itself (docs/nordic-curl.md 0.3b).

While the body swings through a quarter of a circle in one vertical plane, knee and ankle stay, and
thigh and trunk keep their lengths: that gives pitch, distance and the size of the yaw. The
separation of the left and right shoulders and hips gives the sign of the yaw and small yaws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from formcheck.plane import PARAMETERS, Camera, Plane
from formcheck.pose import Array, Flags, Joint
from formcheck.signals import Body, lean

BIN_DEG, BIN_FRAMES = 8.0, 3
"""The lean's bins, and the fewest frames of one: weight by posture, not by time spent in it."""
LENGTH_SD = (0.04, 0.05)
"""How constant the landmarks' thigh and trunk are, shares of their length."""
APART_SD = (0.10, 0.07)
"""How well far minus near shoulder and hip fit their widths, thighs; half as well in height."""
APART_WORTH = 2.0
"""At most so many bins' worth of left and right, however many there are: they err together."""
UPRIGHT_DEG, LYING_DEG, LYING_TRUST = 20.0, 50.0, 0.25
"""Left and right are trusted fully up to the first lean, by the last share from the second on."""
PITCH = (np.radians(4.0), np.radians(3.4))
LOG_FOCAL = (0.0, 0.25)
LOG_TRUNK = (np.log(1.2), 0.12)
LOG_SHOULDERS, LOG_HIPS = (0.0, 0.10), (np.log(0.50), 0.12)
"""Priors, mean and standard deviation: the lens over the long side, trunk and widths in thighs."""
STARTS_DEG = (-35.0, -12.0, 12.0, 35.0)
"""Where the search for the yaw begins."""
STILL = 0.06
"""Thigh lengths that a still knee's landmark wanders between upright moments: 0.01 to 0.03 on
rendered sets; one that slides, or a camera held by hand, 0.2 and more."""
WORST_CONDITION = 1e12
STEP = 1e-6
ITERATIONS = 60


@dataclass(frozen=True)
class Evidence:
    """Median places in the picture, by posture: n postures, pixels."""

    size: tuple[int, int]
    facing: str
    knee: Array
    """(2,) the near knee's one place."""
    shoulder: Array
    """(n, 2) the near shoulder."""
    hip: Array
    """(n, 2) the near hip."""
    shoulders: Array
    """(n, 2) far less near shoulder."""
    hips: Array
    """(n, 2) far less near hip."""
    lean_deg: Array
    """(n,) of the thigh, in the picture."""
    thigh_px: float
    still: bool
    """Whether the knee was at one place whenever the thigh was upright."""

    @property
    def sweep_deg(self) -> float:
        """How far the lean swings."""
        return float(np.ptp(self.lean_deg)) if len(self.lean_deg) else 0.0


def gathered(body: Body, frames: Flags, size: tuple[int, int]) -> Evidence | None:
    """What the frames (T,) of a body tell, None where no posture lasted for `BIN_FRAMES`."""
    other = Body(
        body.points, body.visibility, "left" if body.side == "right" else "right", body.facing
    )
    near = {j: body.points[:, j.on(body.side), :2] for j in _JOINTS}
    far = {j: body.points[:, j.on(other.side), :2] for j in _JOINTS}
    use = frames & np.isfinite(np.concatenate([*near.values(), *far.values()], 1)).all(axis=1)
    with np.errstate(invalid="ignore"):
        leans = lean(body.at(Joint.KNEE), body.at(Joint.HIP))
    number = np.floor(np.where(use, leans, 0.0) / BIN_DEG)
    bins = [use & (number == n) for n in np.unique(number[use])]
    bins = [b for b in bins if b.sum() >= BIN_FRAMES]
    if not bins:
        return None

    def medians(values: Array) -> Array:
        return np.array([np.median(values[b], axis=0) for b in bins])

    hip, shoulder = medians(near[Joint.HIP]), medians(near[Joint.SHOULDER])
    return Evidence(
        size=size,
        facing=body.facing,
        knee=(knee := _place(near[Joint.KNEE][use], medians(near[Joint.KNEE]))),
        shoulder=shoulder,
        hip=hip,
        shoulders=medians(far[Joint.SHOULDER] - near[Joint.SHOULDER]),
        hips=medians(far[Joint.HIP] - near[Joint.HIP]),
        lean_deg=medians(leans),
        thigh_px=(thigh := max(float(np.percentile(np.linalg.norm(hip - knee, axis=1), 80)), 1.0)),
        still=still(near[Joint.KNEE][use & (np.abs(leans) < UPRIGHT_DEG)] / thigh),
    )


def _place(knee: Array, by_posture: Array) -> Array:
    """(2,) the one place of a knee seen at (m, 2) whose medians by posture are (n, 2).

    Its landmark slides along the floor as the body comes down. The median over time is where it was
    longest, that over postures where the few deepest ones take it: half-way between them the change
    of the knee's angle is right to 1.1 degrees on 11 rendered sets, the worst 2.3 (by time 1.3 and
    4.3). It does not rise from the floor.
    """
    along, height = np.median(knee, axis=0)
    return np.array([(along + np.median(by_posture[:, 0])) / 2, height])


def still(knee: Array) -> bool:
    """Whether the upright body's knee (n, 2), in thigh lengths, had one place; not if it was hardly
    seen."""
    if len(knee) < BIN_FRAMES:
        return False
    away = np.linalg.norm(knee - np.median(knee, axis=0), axis=1)
    return bool(np.percentile(away, 90) <= STILL)


_JOINTS = (Joint.SHOULDER, Joint.HIP, Joint.KNEE)


@dataclass(frozen=True)
class Fitted:
    """The camera that fits best, and how well."""

    camera: Camera
    parameters: Array
    """(7,) log distance, yaw, pitch, log focal, and the logs of trunk, shoulders and hips."""
    misfit: float
    """Root mean square of the lengths' residuals over what was expected; 1 is as expected."""


def fit(evidence: Evidence, moving: bool = True) -> Fitted | None:
    """The camera that the evidence speaks for; None where there is no telling.

    moving: use that thigh and trunk keep their lengths; without it, left and right and the mean
    lengths alone, as from an upright start.
    """
    errors = partial(_errors, evidence, moving)
    best = solved(errors, [_start(evidence, yaw) for yaw in np.radians(STARTS_DEG)])
    if best is None:
        return None
    misfit = errors(best.parameters)[: 2 * len(evidence.hip) if moving else 2]
    return Fitted(
        camera_of(evidence.knee, best, evidence.still),
        best.parameters,
        float(np.sqrt(np.mean(misfit**2))),
    )


@dataclass(frozen=True)
class Solution:
    """The parameters (k,) that fit best and their covariance (k, k): log distance, yaw, pitch and
    log focal, then the logs of trunk, shoulders and hips, then the fit's own."""

    parameters: Array
    covariance: Array


def solved(errors: Callable[[Array], Array], starts: Sequence[Array]) -> Solution | None:
    """The least of the residuals (..., m) that `errors` makes of parameters (..., k), sought from
    all the starts (k,); None where there is no telling. SciPy is loaded here."""
    from scipy.optimize import least_squares

    slopes = partial(_slopes, errors)
    found = [
        least_squares(
            errors, start, slopes, loss="soft_l1", xtol=1e-5, ftol=1e-5, gtol=1e-6,
            max_nfev=ITERATIONS,
        )
        for start in starts
    ]  # fmt: skip
    best = min(found, key=lambda one: float(one.cost))
    slope = np.asarray(best.jac)
    known = slope.T @ slope
    if abs(best.x[1]) > np.pi / 2 or np.linalg.cond(known) > WORST_CONDITION:
        return None
    return Solution(best.x, np.linalg.inv(known))


def camera_of(knee: Array, found: Solution, still: bool) -> Camera:
    """A solution as a frozen value; knee: (2,) pixels. still: whether the knee kept its place."""
    q = found.parameters
    shoulders, hips = np.exp(q[5]), np.exp(q[6])
    slopes = np.zeros((len(PARAMETERS), len(q)))
    slopes[:4, :4] = np.eye(4)
    slopes[4, 5:7] = -shoulders / 2, hips / 2
    spread = slopes @ found.covariance @ slopes.T
    return Camera(
        knee_px=(float(knee[0]), float(knee[1])),
        distance=float(np.exp(q[0])),
        yaw_deg=float(np.degrees(q[1])),
        pitch_deg=float(np.degrees(q[2])),
        focal=float(np.exp(q[3])),
        shoulder_depth=float(shoulder_depth(shoulders, hips)),
        still=still,
        covariance=tuple(tuple(float(c) for c in row) for row in (spread + spread.T) / 2),
    )


def _start(evidence: Evidence, yaw: float) -> Array:
    away = np.log(max(evidence.size) / evidence.thigh_px)
    return np.array([away, yaw, PITCH[0], 0.0, LOG_TRUNK[0], LOG_SHOULDERS[0], LOG_HIPS[0]])


def plane_of(size: tuple[int, int], facing: str, knee: Array, q: Array) -> Plane:
    """As many planes as the parameters q (..., k) have rows; knee: (2,) pixels."""
    distance, yaw, pitch, focal = (part[..., None] for part in np.moveaxis(q[..., :4], -1, 0))
    place = (float(knee[0]), float(knee[1]))
    return Plane(size, facing, place, np.exp(distance), yaw, pitch, np.exp(focal))


def _errors(evidence: Evidence, moving: bool, q: Array) -> Array:
    """(..., m) residuals over their standard deviations, of the parameters q (..., 7)."""
    plane = plane_of(evidence.size, evidence.facing, evidence.knee, q)
    trunk, shoulders, hips = np.exp(np.moveaxis(q[..., 4:], -1, 0))
    depth = shoulder_depth(shoulders, hips)[..., None]
    hip, shoulder = plane.onto(evidence.hip), plane.onto(evidence.shoulder, depth)
    thigh_error = np.linalg.norm(hip, axis=-1) - 1
    trunk_error = np.linalg.norm(shoulder - hip, axis=-1) / trunk[..., None] - 1
    lengths = [thigh_error / LENGTH_SD[0], trunk_error / LENGTH_SD[1]]
    if not moving:
        lengths = [e.mean(axis=-1, keepdims=True) / 0.02 for e in (thigh_error, trunk_error)]
    parts = [
        *lengths,
        *_apart(evidence, plane, shoulder, (depth, shoulders), APART_SD[0], evidence.shoulders),
        *_apart(evidence, plane, hip, (0.0, hips), APART_SD[1], evidence.hips),
        _priors(q),
    ]
    told: Array = np.concatenate(parts, axis=-1)
    return np.nan_to_num(told, nan=1e3)


def shoulder_depth(shoulders: Array, hips: Array) -> Array:
    """How far the near shoulder lies behind the near hip's plane, thighs: it stands nearer."""
    return (hips - shoulders) / 2


def _apart(
    evidence: Evidence,
    plane: Plane,
    joint: Array,
    lies: tuple[float | Array, Array],
    sd: float,
    seen: Array,
) -> list[Array]:
    """How far the far joint lies from where the near one's depth and their width put it, across
    and in height."""
    depth, width = lies
    far = plane.picture(joint, depth + width[..., None]) - plane.picture(joint, depth)
    trust = (LYING_DEG + 10 - evidence.lean_deg) / (LYING_DEG + 10 - UPRIGHT_DEG)
    trust = np.clip(trust, LYING_TRUST, 1)
    trust *= np.sqrt(APART_WORTH / max(float((trust**2).sum()), APART_WORTH))
    error = (far - seen) / evidence.thigh_px * trust[:, None] / sd
    return [error[..., 0], error[..., 1] / 2]


def _priors(q: Array) -> Array:
    means, sds = np.array([PITCH, LOG_FOCAL, LOG_TRUNK, LOG_SHOULDERS, LOG_HIPS]).T
    told: Array = (q[..., 2:] - means) / sds
    return told


def _slopes(errors: Callable[[Array], Array], q: Array) -> Array:
    """(m, 7) the residuals' derivatives: all seven steps at once, which is what makes it fast."""
    moved = errors(q + STEP * np.concatenate([np.eye(len(q)), -np.eye(len(q))]))
    ahead, behind = np.split(moved, 2)
    return np.asarray((ahead - behind).T / (2 * STEP))
