"""A whole set in time: what the athlete does at any moment, free of noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from studio.fall import STEP_S, Course, Fall
from studio.mechanics import Floats
from studio.plan import Built, Rep, Set
from studio.rotations import smooth

HEELS = (-48.0, 58.0)
"""Thigh lean and hip flexion when sitting on the heels, degrees."""
RISES_S = 1.6
"""From the heels to upright."""
HANDS_S = 0.4
"""How long before the landing the hands set out."""


@dataclass(frozen=True)
class Track:
    """A set, sampled every STEP_S; (n,) each."""

    t: Floats
    thigh: Floats
    """Thigh lean, degrees."""
    hip: Floats
    """Hip flexion, degrees."""
    plant: Floats
    """0 hands held, 1 on the floor."""
    hand_x: Floats
    """Where they go, metres before the knees' first place."""
    slide: Floats
    """How far the knees have slid forward, metres."""
    lift: Floats
    """How far the shank is tilted by feet that come up, degrees."""
    rep: Floats
    """Number of the rep, from 1; 0 between reps."""
    ways: Floats
    """(n, 3) small sway of head (degrees), hands (metres) and between the thighs (degrees)."""

    def at(self, t: float) -> dict[str, float]:
        """Everything at one moment; before the beginning and after the end it stands still."""
        names = ("thigh", "hip", "plant", "hand_x", "slide", "lift")
        found = {name: float(np.interp(t, self.t, getattr(self, name))) for name in names}
        sway = ("head", "hands", "apart")
        return found | {
            n: float(np.interp(t, self.t, c)) for n, c in zip(sway, self.ways.T, strict=True)
        }


def perform(plan: Set, built: Built) -> Track:
    """The set as this body does it."""
    rng = np.random.default_rng(plan.seed)
    parts = _begin(plan)
    for number, rep in enumerate(plan.reps, 1):
        meant = _varied(rep, rng) if plan.vary else rep
        parts += [_rep(Fall(meant, plan.top, built).course(), number, meant)]
        if meant.returns:
            parts += [_still(plan.top, meant.hip, _rest_s(plan, number))]
    return _joined(parts + _end(plan), plan, rng)


def _rest_s(plan: Set, number: int) -> float:
    return plan.after_s if number == len(plan.reps) else plan.reps[number - 1].hold_s


def _varied(rep: Rep, rng: np.random.Generator) -> Rep:
    """No two reps are alike: pace, break, depth, hips and the way up differ."""
    pace, breaks, bottom, line, share, curl = rng.normal(0, (0.06, 1.2, 0.8, 0.6, 0.08, 0.08))
    return replace(
        rep,
        pace=rep.pace * (1 + float(np.clip(pace, -0.12, 0.12))),
        breaks="never" if rep.breaks == "never" else rep.breaks + float(np.clip(breaks, -2.5, 2.5)),
        bottom=rep.bottom + float(np.clip(bottom, -1.5, 1.5)),
        line=rep.line + float(np.clip(line, -1.2, 1.2)),
        share=rep.share * (1 + float(np.clip(share, -0.15, 0.15))),
        curl_s=rep.curl_s * (1 + float(np.clip(curl, -0.15, 0.15))),
    )


@dataclass(frozen=True)
class Part:
    """A stretch of the set; (n,) each, as in Track."""

    thigh: Floats
    hip: Floats
    slide: Floats
    lift: Floats
    number: int = 0
    """Of the rep that it is; 0: none."""
    course: Course | None = None


def _still(thigh: float, hip: float, seconds: float) -> Part:
    return _part(np.full(round(seconds / STEP_S), thigh), np.array(hip))


def _part(thigh: Floats, hip: Floats) -> Part:
    """Knees and feet stay where they are."""
    zero = np.zeros(len(thigh))
    return Part(thigh, hip + zero, zero, zero)


def _rep(course: Course, number: int, rep: Rep) -> Part:
    lowest = int(np.argmax(course.thigh))
    going = smooth(np.arange(len(course.thigh)) / max(lowest, 1))
    feet = going.copy()
    if rep.returns:
        feet[lowest:] = 1 - smooth(np.linspace(0, 1, len(feet) - lowest))
    slide, lift = rep.slide_m * going, rep.lift * feet
    return Part(course.thigh, course.hip, slide, lift, number, course)


def _begin(plan: Set) -> list[Part]:
    hip = plan.reps[0].hip
    still = [_still(plan.top, hip, plan.rest_s)]
    return [_heels(plan.top, hip, True), *still] if plan.arrives else still


def _end(plan: Set) -> list[Part]:
    return [_heels(plan.top, plan.reps[-1].hip, False)] if plan.leaves else []


def _heels(top: float, hip: float, up: bool) -> Part:
    """Sitting on the heels for half a second, and coming up; or the other way about."""
    way = smooth(np.arange(0, RISES_S, STEP_S) / RISES_S)
    way = np.concatenate([np.zeros(round(0.5 / STEP_S)), way])
    way = way if up else way[::-1]
    return _part(HEELS[0] + (top - HEELS[0]) * way, HEELS[1] + (hip - HEELS[1]) * way)


def _joined(parts: Sequence[Part], plan: Set, rng: np.random.Generator) -> Track:
    """All parts in a row; the hands' way is laid over them, the knees stay where they slid to."""
    slid = np.cumsum([0.0, *(part.slide[-1] for part in parts)])
    slides = [part.slide + before for part, before in zip(parts, slid, strict=False)]
    thigh, hip, lift = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("thigh", "hip", "lift")
    )
    t: Floats = np.arange(len(thigh), dtype=float) * STEP_S
    plant, hand_x = _hands(parts, slid[1:], t)
    return Track(
        t=t,
        thigh=thigh + sway(t, 0.12, 0.3, rng),
        hip=hip + sway(t, 0.4, 0.35, rng),
        plant=plant,
        hand_x=hand_x,
        slide=np.concatenate(slides),
        lift=lift,
        rep=np.concatenate([np.full(len(part.thigh), float(part.number)) for part in parts]),
        ways=np.stack([sway(t, *s, rng) for s in ((2.0, 0.3), (0.01, 0.5), (0.5, 0.3))], 1),
    )


def _hands(parts: Sequence[Part], slid: Floats, t: Floats) -> tuple[Floats, Floats]:
    """How far the hands are planted, and where; slid: of the knees after each part, metres."""
    plant, hand_x, begins = np.zeros(len(t)), np.full(len(t), 0.7), 0.0
    for part, knees in zip(parts, slid, strict=True):
        ends = begins + len(part.thigh) * STEP_S
        if part.course is not None and part.course.lands_s is not None:
            lands = begins + part.course.lands_s
            held, until = smooth((t - (lands - HANDS_S)) / HANDS_S), float(t[-1])
            if part.course.leaves_s is not None:
                leaves, until = begins + part.course.leaves_s, ends
                held = np.minimum(held, 1 - smooth((t - leaves) / part.course.hands_s))
            near = (t > lands - 2 * HANDS_S) & (t < until + HANDS_S)
            plant = np.where(near, np.maximum(plant, held), plant)
            hand_x = np.where(near, part.course.hand_x + knees, hand_x)
        begins = ends
    return plant, hand_x


def sway(t: Floats, size: float, hz: float, rng: np.random.Generator) -> Floats:
    """Slow, small and never the same: three waves of random phase, `size` at most."""
    phases = rng.uniform(0, 2 * np.pi, 3)
    waves = [
        np.sin(2 * np.pi * hz * f * t + p) / f for f, p in zip((1, 1.7, 2.9), phases, strict=True)
    ]
    return np.asarray(size * sum(waves) / 1.93)
