"""What a lowering that broke tells beside the break point (nordic-curl.md 1.2, 1.3, 2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from formcheck.measures.break_point import (
    AGREE,
    NOT_SHARP,
    UNSEEN,
    Break,
    BreakRule,
    versions,
)
from formcheck.measures.measure import Value
from formcheck.measures.noise import flexion_change_sd, half_width, lean_change_sd, rest_sd
from formcheck.measures.tempo import start_sds
from formcheck.pose import Array
from formcheck.rep import Rep

BREAK, ONSET, SHARPEST = range(3)
"""Of a fall: where it passes the break velocity; the last least velocity before its fastest
instant; its greatest acceleration."""
UNBROKEN = "The lowering did not turn into a fall, so there is nothing of a fall to measure."
FROM_THE_START = "It fell from the start, so there is no break to measure it from."


@dataclass(frozen=True)
class Fall:
    """The fall as it is and as slow noise might have shown it."""

    outcome: str
    """What became of the lowering, as `Break` says it."""
    at: Array
    """(3, 1 + K) seconds of BREAK, ONSET and SHARPEST, the rep's own first; NaN in the draws that
    did not break."""
    angle: Array
    """(3, 1 + K) degrees of knee flexion there."""

    def scatter(self, what: Array) -> float:
        """Root mean square of what (1 + K,) the draws gave, about the rep's own; 0 where none
        broke."""
        off = what[1:][np.isfinite(what[1:])] - what[0]
        return float(np.sqrt(np.mean(off**2))) if len(off) else 0.0

    @property
    def absent(self) -> Value:
        """The answer where nothing broke."""
        from_start = self.outcome == "uncontrolled-from-start"
        return Value(
            np.nan, outcome=self.outcome, reason=FROM_THE_START if from_start else UNBROKEN
        )

    @property
    def doubt(self) -> str | None:
        """What is said where too few draws broke as well."""
        return None if np.isfinite(self.at[BREAK, 1:]).mean() >= AGREE else NOT_SHARP


def fall(rule: BreakRule, rep: Rep) -> Fall | None:
    """What became of a lowering, found once a rep; None where the knee was not seen."""
    asked = ("fall", rule)
    if asked not in rep.answers:
        rep.answers[asked] = _fall(rule, rep)
    found: Fall | None = rep.answers[asked]
    return found


def _fall(rule: BreakRule, rep: Rep) -> Fall | None:
    tried = versions(rule, rep)
    if tried[0][0] is None:
        return None
    gains = np.gradient(np.array([speed for _, _, speed in tried]), rep.t, axis=1)
    gains = np.nan_to_num(gains, nan=-np.inf)
    at = [
        _places(rep, found, speed, gain)
        for (found, _, speed), gain in zip(tried, gains, strict=True)
    ]
    angle = [np.interp(when, rep.t, a) for when, (_, a, _) in zip(at, tried, strict=True)]
    return Fall(tried[0][0].outcome, np.array(at).T, np.array(angle).T)


def _places(rep: Rep, found: Break | None, speed: Array, gain: Array) -> tuple[float, float, float]:
    """Seconds of BREAK, ONSET and SHARPEST, given speed and acceleration (n,); NaN where nothing
    broke."""
    if found is None or found.outcome != "broken":
        return np.nan, np.nan, np.nan
    lowering = np.flatnonzero(rep.descent & np.isfinite(speed))
    upto = lowering[: int(np.argmax(speed[lowering])) + 1]
    slower = np.flatnonzero(np.diff(speed[upto]) <= 0)
    onset = upto[slower[-1] + 1] if len(slower) else upto[0]
    sharpest = upto[int(np.argmax(gain[upto]))]
    return found.at, float(rep.t[onset]), float(rep.t[sharpest])


def of_broken(rule: BreakRule, told: Callable[[Rep, Fall], Value]) -> Callable[[Rep], Value]:
    """What is told of the fall of a rep; refused where the knee was not seen, or nothing broke."""

    def of(rep: Rep) -> Value:
        found = fall(rule, rep)
        if found is None:
            return Value(np.nan, reason=UNSEEN)
        return told(rep, found) if found.outcome == "broken" else found.absent

    return of


def bpa_acceleration(rule: BreakRule) -> Callable[[Rep], Value]:
    """Knee flexion at the greatest acceleration of its opening, from the start to the fastest
    instant before the hands land, degrees: the nearest that a picture comes to the angle at which
    the torque breaks (Sconce 2021)."""
    return _angle(rule, SHARPEST)


def dwa_onset(rule: BreakRule) -> Callable[[Rep], Value]:
    """Knee flexion at the last least velocity before the fastest instant, where the final rise of
    the velocity begins, degrees (Ditroilo 2013)."""
    return _angle(rule, ONSET)


def _angle(rule: BreakRule, which: int) -> Callable[[Rep], Value]:
    def told(rep: Rep, found: Fall) -> Value:
        at, angle = float(found.at[which, 0]), float(found.angle[which, 0])
        view = float(flexion_change_sd(rep.setting, angle))
        shares = (found.scatter(found.angle[which]), _between_frames(rep, rule.flexion, at))
        return Value(
            angle,
            half_width(*shares, view, rest_sd(rep.setting)),
            half_width(*shares),  # view and slide are the clip's, as of the break point
            at=at,
            outcome=found.outcome,
            doubt=found.doubt,
        )

    return of_broken(rule, told)


def _between_frames(rep: Rep, signal: str, at: float) -> float:
    """What the signal does in half a frame at a moment that is known to a frame only."""
    half = rep.setting.frame_s / 2
    moved = rep.at(signal, at + half) - rep.at(signal, at - half)
    return abs(moved) / 2 if np.isfinite(moved) else 0.0


def thigh_to_horizontal(rule: BreakRule, thigh: str) -> Callable[[Rep], Value]:
    """The thigh against the level at the break, degrees (the angle of Sconce 2015). It is the knee
    flexion there as long as the shins lie level."""

    def told(rep: Rep, found: Fall) -> Value:
        at = float(found.at[BREAK, 0])
        lean = rep.at(thigh, at)
        # The thigh's noise is the knee's: the shank is at rest.
        scatter, view = found.scatter(found.angle[BREAK]), float(lean_change_sd(rep.setting, lean))
        rest = rep.setting.rest.get(thigh)
        return Value(
            90 - lean,
            half_width(scatter, view, rest.sd_deg if rest is not None else 0.0),
            half_width(scatter),
            at=at,
            outcome=found.outcome,
            doubt=found.doubt,
        )

    return of_broken(rule, told)


def controlled_duration(
    rule: BreakRule, duration: Callable[[Rep], Value]
) -> Callable[[Rep], Value]:
    """Seconds from the first motion to the break. Where nothing broke it is the whole `duration` of
    the lowering, at least that where the hands took over; where it fell from the start it is 0."""

    def of(rep: Rep) -> Value:
        lasted, found = duration(rep), fall(rule, rep)
        if found is None or not np.isfinite(lasted.value):
            return Value(
                np.nan, reason=lasted.reason or UNSEEN, what_to_change=lasted.what_to_change
            )
        start = start_sds(rep)
        if found.outcome == "uncontrolled-from-start":
            return Value(0.0, half_width(*start), at=rep.start, outcome=found.outcome)
        if found.outcome != "broken":
            return _whole(lasted, rep, found.outcome)
        at = float(found.at[BREAK, 0])
        return Value(
            max(at - rep.start, 0.0),
            half_width(*start, found.scatter(found.at[BREAK]), rep.setting.frame_s / 2),
            at=rep.start,
            until=at,
            outcome=found.outcome,
            doubt=found.doubt,
        )

    return of


def _whole(lasted: Value, rep: Rep, outcome: str) -> Value:
    return Value(
        lasted.value,
        lasted.uncertainty,
        at=rep.start,
        until=rep.lowered,
        outcome=outcome,
        bound="at-least" if outcome == "caught-before-break" else None,
        doubt=lasted.doubt,
    )
