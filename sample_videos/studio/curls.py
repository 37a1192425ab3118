"""The prone leg curl: what an athlete is to do, and a whole set of it in time, free of noise.

The body lies face down, the head where X points: level thighs and trunk lean by about 90 degrees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from studio.fall import STEP_S
from studio.mechanics import Floats
from studio.motion import sway
from studio.rotations import smooth

EASE = 0.22
"""Share of a curl's way up or down in which it gathers pace, and again in which it slows."""


@dataclass(frozen=True)
class Curl:
    """One repetition. Degrees, seconds."""

    lift_s: float = 0.9
    """From straight to the top."""
    pause_s: float = 0.6
    """Held at the top."""
    lower_s: float = 2.7
    """From the top to straight."""
    top: float = 114.0
    """Knee flexion at the top."""
    straight: float = 5.0
    """Knee flexion where it ends; it begins where the one before ended."""
    hip_lift: float = 2.5
    """How far the thighs tip at the top: + the hips fold, the knees are lower than they."""
    trunk: float = 1.5
    """How far the trunk tips at the top: + the hips come off the bench, - the chest does."""
    hold_s: float = 0.5
    """Straight rest after it."""


@dataclass(frozen=True)
class Curls:
    """Several repetitions on a bench, and what comes before and after; none: it is lain still."""

    reps: tuple[Curl, ...] = ()
    rest_s: float = 0.9
    """Still, with straight legs, before the first rep."""
    after_s: float = 0.3
    """And after the last."""
    straight: float = 5.0
    """Knee flexion at rest before the first rep."""
    thigh: float = 88.5
    """Thigh lean at rest."""
    edge_m: float = 0.07
    """From the hip joints to the bench's edge, towards the knees."""
    head: float = 62.0
    """Pitch of the head: 90 faces the floor, 0 faces forward."""
    ankle: float = 22.0
    """Plantarflexion of the feet."""
    seed: int = 0
    """Of what differs between reps and moments by nature."""
    vary: bool = True
    """Whether reps differ by nature."""


@dataclass(frozen=True)
class CurlTrack:
    """A set of curls, sampled every STEP_S; (n,) each, degrees."""

    t: Floats
    knee: Floats
    """Knee flexion."""
    thigh: Floats
    """Thigh lean."""
    tips: Floats
    """How far the trunk has tipped from its rest, + the shoulders lower than the hips."""
    rep: Floats
    """Number of the rep, from 1; 0 between reps."""
    ways: Floats
    """(n, 2) small sway of the head and of the feet."""

    def at(self, t: float) -> dict[str, float]:
        """Everything at one moment; before the beginning and after the end it stands still."""
        found = {
            n: float(np.interp(t, self.t, getattr(self, n))) for n in ("knee", "thigh", "tips")
        }
        head, feet = (float(np.interp(t, self.t, column)) for column in self.ways.T)
        return found | {"head": head, "feet": feet}


def perform(plan: Curls) -> CurlTrack:
    """The set."""
    rng = np.random.default_rng(plan.seed)
    parts, straight = [_still(plan.straight, plan.rest_s)], plan.straight
    for number, rep in enumerate(plan.reps, 1):
        meant = _varied(rep, rng) if plan.vary else rep
        last = number == len(plan.reps)
        parts.append(_rep(meant, straight, number))
        parts.append(_still(meant.straight, plan.after_s if last else meant.hold_s))
        straight = meant.straight
    return _joined(parts, plan, rng)


def _varied(rep: Curl, rng: np.random.Generator) -> Curl:
    """No two reps are alike: their times, the top and how far the legs straighten differ."""
    lift, pause, lower, top, straight = np.clip(rng.normal(0, 0.5, 5), -1, 1)
    return replace(
        rep,
        lift_s=rep.lift_s * (1 + 0.08 * lift),
        pause_s=rep.pause_s * (1 + 0.10 * pause),
        lower_s=rep.lower_s * (1 + 0.07 * lower),
        top=rep.top + 2.5 * top,
        straight=rep.straight + 1.5 * straight,
    )


@dataclass(frozen=True)
class Part:
    """A stretch of the set; (n,) each, as in CurlTrack."""

    knee: Floats
    hips: Floats
    """How far the thighs have tipped from their rest."""
    tips: Floats
    number: int = 0


def _still(knee: float, seconds: float) -> Part:
    zero = np.zeros(round(seconds / STEP_S))
    return Part(zero + knee, zero, zero)


def _rep(rep: Curl, begins: float, number: int) -> Part:
    up, down = _paced(rep.lift_s), _paced(rep.lower_s)
    held = np.full(round(rep.pause_s / STEP_S), rep.top)
    lift, lower = begins + (rep.top - begins) * up, rep.top + (rep.straight - rep.top) * down
    effort = np.concatenate([smooth(up), np.ones(len(held)), smooth(1 - down)])
    knee = np.concatenate([lift, held, lower])
    return Part(knee, rep.hip_lift * effort, rep.trunk * effort, number)


def _paced(seconds: float) -> Floats:
    """From 0 to 1 in so long: it gathers pace, keeps it, and slows."""
    share = (np.arange(round(seconds / STEP_S)) + 0.5) * STEP_S / seconds
    pace = smooth(share / EASE) * smooth((1 - share) / EASE)
    way = np.cumsum(pace)
    return np.asarray(way / way[-1])


def _joined(parts: Sequence[Part], plan: Curls, rng: np.random.Generator) -> CurlTrack:
    knee, hips, tips = (
        np.concatenate([getattr(p, n) for p in parts]) for n in ("knee", "hips", "tips")
    )
    t: Floats = np.arange(len(knee), dtype=float) * STEP_S
    return CurlTrack(
        t=t,
        knee=knee + sway(t, 0.25, 0.25, rng),
        thigh=plan.thigh - hips + sway(t, 0.12, 0.3, rng),
        tips=tips + sway(t, 0.25, 0.25, rng),
        rep=np.concatenate([np.full(len(p.knee), float(p.number)) for p in parts]),
        ways=np.stack([sway(t, *s, rng) for s in ((2.0, 0.3), (1.5, 0.3))], 1),
    )
