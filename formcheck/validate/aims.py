"""What is aimed at on rendered lowerings that break, seen from the side, and what was reached.

Each aim is a bound on a figure of clips whose camera stood no further than `MOST_YAW` off the side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from formcheck.exercises import EXERCISES
from formcheck.pose import Array, Flags
from formcheck.validate.compare import Scored
from formcheck.validate.scores import Aim, ClipScore, Pair, RepScore
from formcheck.validate.statistics import rounded

MAIN = "break_point_angle"
"""Of the exercises whose main number it is."""
MOST_YAW = 30.0
"""Degrees off the side."""
UNBROKEN = ("controlled-to", "caught-before-break")
LAIN_S = 0.3
"""A body that lies at its lowest for longer than this has no one instant of its bottom."""
TORQUE = "estimated_knee_flexor_torque"
CHECKS = ("falls-too-fast", "hips-pike", "hips-too-straight")
Values = Sequence[float] | Array | Flags


@dataclass(frozen=True)
class Evidence:
    """The clips that are judged by."""

    scored: tuple[Scored, ...]

    @property
    def clips(self) -> list[ClipScore]:
        """Their scores."""
        return [s.score for s in self.scored]

    @property
    def reps(self) -> list[RepScore]:
        """Every true rep of theirs."""
        return [rep for clip in self.clips for rep in clip.reps]

    def errors(self, pairs: Iterable[Pair | None]) -> Array:
        """(n,) sizes of the errors of what was both true and given."""
        found = [p.error for p in pairs if p is not None]
        return np.abs([e for e in found if e is not None])

    def break_points(self) -> list[Pair]:
        """Of the reps that truly broke."""
        return [
            rep.measures[MAIN]
            for rep in self.reps
            if rep.outcome == "broken" and MAIN in rep.measures
        ]

    def changes(self) -> list[Pair]:
        """The same as a change from rest."""
        return [r.change for r in self.reps if r.outcome == "broken" and r.change is not None]

    def moments(self, name: str) -> list[Pair]:
        """A moment of the reps that were found."""
        return [rep.events[name] for rep in self.reps if name in rep.events]


def aims(scored: Iterable[Scored]) -> tuple[Aim, ...]:
    """Every aim with what was reached; empty where no clip counts."""
    counted = tuple(s for s in scored if _counts(s.score))
    if not counted:
        return ()
    e = Evidence(counted)
    return (*_break_point(e), *_moments(e), *_angles(e), *_torque(e), *_faults(e))


def _counts(clip: ClipScore) -> bool:
    exercise = EXERCISES.get(clip.exercise)
    judged = exercise is not None and exercise.headline == MAIN
    side = clip.yaw_deg is not None and abs(clip.yaw_deg) <= MOST_YAW
    return clip.status == "ok" and judged and side and clip.awaits is None


def _most(what: str, aim: float, of: Values, how: Callable[[Values], float], unit: str) -> Aim:
    return _aim(what, "at-most", aim, of, how, unit)


def _least(what: str, aim: float, of: Values) -> Aim:
    """A share of what is true of so many."""
    return _aim(what, "at-least", aim, of, np.mean, "1")


def _aim(
    what: str,
    kind: Literal["at-most", "at-least"],
    aim: float,
    of: Values,
    how: Callable[[Values], float],
    unit: str,
) -> Aim:
    value, met = rounded(how(of)) if len(of) else None, None
    if value is not None:
        met = value <= aim if kind == "at-most" else value >= aim
    return Aim(what=what, kind=kind, aim=aim, value=value, unit=unit, n=len(of), met=met)


def _break_point(e: Evidence) -> list[Aim]:
    change, whole = e.errors(e.changes()), e.errors(e.break_points())
    ended = [r for r in e.reps if r.outcome in UNBROKEN]
    return [
        _most("break point against rest, mean error", 2.5, change, np.mean, "deg"),
        _least("break point against rest within 5°", 0.9, change <= 5),
        _most("break point against rest, worst", 8, change, np.max, "deg"),
        _most("break point, mean error", 4, whole, np.mean, "deg"),
        _most("break point, worst", 10, whole, np.max, "deg"),
        _least("break point in its stated interval", 0.9, _held(e.break_points())),
        _least("unbroken reps said to be so", 1, [r.found_outcome in UNBROKEN for r in ended]),
    ]


def _held(pairs: Iterable[Pair]) -> list[bool]:
    return [
        abs(p.error) <= p.uncertainty
        for p in pairs
        if p.error is not None and p.uncertainty is not None
    ]


def _moments(e: Evidence) -> list[Aim]:
    caught = e.errors(e.moments("catch"))
    return [
        _least("hands landing within 0.10 s", 0.95, caught <= 0.10),
        _most("bottom, worst", 0.15, _bottoms(e), np.max, "s"),
    ]


def _bottoms(e: Evidence) -> Array:
    """(n,) seconds; where the body lay at its lowest for long, any instant of that is right."""
    sizes = []
    for rep in e.reps:
        pair, span = rep.events.get("bottom"), rep.bottom_span_s
        if pair is None or pair.error is None or pair.value is None:
            continue
        off = abs(pair.error)
        if span is not None and span[1] - span[0] > LAIN_S:
            off = min(off, max(span[0] - pair.value, pair.value - span[1], 0.0))
        sizes.append(off)
    return np.array(sizes)


def _angles(e: Evidence) -> list[Aim]:
    hips = [np.abs(s.errors["hip_flexion"].change) for s in e.scored if "hip_flexion" in s.errors]
    every = np.concatenate([*hips, []])
    seen = every[np.isfinite(every)]
    return [_most("hip flexion against the start, mean error", 2.5, seen, np.mean, "deg")]


def _torque(e: Evidence) -> list[Aim]:
    pairs = [rep.measures[TORQUE] for rep in e.reps if TORQUE in rep.measures]
    shares = [abs(p.error) / p.true for p in pairs if p.error is not None and p.true]
    return [
        _most("torque at the break against the true posture's, mean", 0.10, shares, np.mean, "1"),
        _most("torque at the break against the true posture's, worst", 0.15, shares, np.max, "1"),
    ]


def _faults(e: Evidence) -> list[Aim]:
    aims = []
    for check in CHECKS:
        named = {kind: _named(e, kind, check) for kind in ("found", "missed", "false")}
        right = named["found"] + _named(e, "borderline", check)
        there = named["missed"] + _named(e, "mild_missed", check)
        aims.append(_least(f"{check}, precision", 0.95, _shares(right, named["false"])))
        aims.append(_least(f"{check}, recall, mild ones too", 0.95, _shares(right, there)))
    clean = [len(c.faults.as_faults) for c in e.clips if c.faults.clean and c.reps_found]
    return [*aims, _most("faults named in clean sets", 0, clean, np.sum, "faults")]


def _named(e: Evidence, kind: str, check: str) -> int:
    return sum(one.check == check for clip in e.clips for one in getattr(clip.faults, kind))


def _shares(right: int, wrong: int) -> Flags:
    return np.repeat([True, False], [right, wrong])
