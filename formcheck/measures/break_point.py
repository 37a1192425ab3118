"""The break point: where the slow lowering turns into a fall (nordic-curl.md 1.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from formcheck.filtering import low_pass
from formcheck.measures.measure import Choice, Gate, Threshold, Value, conditions
from formcheck.measures.noise import as_drawn, flexion_change_sd, half_width, rest_sd
from formcheck.pose import Array
from formcheck.rep import Rep, value_at

AGREE = 0.5
"""Share of the noisy draws that must break as well, or the break is doubtful."""
NOT_SHARP = "The change from lowering to falling is not sharp."
UNSEEN = "The knee was lost from sight while lowering."


@dataclass(frozen=True)
class BreakRule:
    """When a lowering counts as broken, and at which speed. All velocities deg/s, + lowering."""

    flexion: str
    cutoff_hz: float
    still_test: float
    """Pace under which the lowering is a slow test, for which `literature` holds."""
    literature: float
    """Break velocity of the literature."""
    times_pace: float
    """The break velocity of a livelier lowering, in multiples of its pace."""
    pace_over: float
    """The pace is the median velocity over the first so many degrees."""
    peak_times_pace: float
    peak: float
    """A break needs a peak of at least this, and of so many times the pace."""
    lasts_s: float
    """After the break it stays faster than the break velocity for this long."""
    opens: float
    """And the knee opens by at least this, degrees."""

    def velocity(self, pace: float) -> tuple[float, str]:
        """The break velocity, and the name of the rule that gave it. It never exceeds the peak
        that a break needs, or a set that starts by falling could never be seen to break."""
        if pace < self.still_test:
            return self.literature, "test"
        return float(np.clip(self.times_pace * pace, self.literature, self.peak)), "adaptive"


@dataclass(frozen=True)
class Break:
    """What became of a lowering."""

    outcome: str
    """broken, controlled-to, caught-before-break, uncontrolled-from-start."""
    at: float
    """Seconds; the break, or the end of what was controlled."""
    angle: float
    """Knee flexion there, degrees; a bound unless broken."""

    @property
    def bound(self) -> str | None:
        censored = {"controlled-to": "at-most", "caught-before-break": "at-most"}
        return {**censored, "uncontrolled-from-start": "at-least"}.get(self.outcome)


def pace(rule: BreakRule) -> Callable[[Rep], float]:
    """Median opening velocity over the first degrees of a rep, deg/s; NaN where not seen."""

    def of(rep: Rep) -> float:
        angle, rate = low_pass(rep.t, rep.raw(rule.flexion), rule.cutoff_hz)
        return _pace(rule, angle, -rate, rep.t, rep.begins, rep.lowered)

    return of


def _pace(rule: BreakRule, angle: Array, speed: Array, t: Array, start: float, end: float) -> float:
    lowering = (t >= start) & (t <= end) & np.isfinite(angle)
    first = lowering & (angle >= value_at(t, angle, start) - rule.pace_over)
    return float(np.median(speed[first])) if first.any() else float("nan")


def locate_break(rule: BreakRule, gates: Sequence[Gate | Choice]) -> Callable[[Rep], float]:
    """The moment of the break in seconds; NaN where the lowering did not break, where a gate
    refuses it, and while the rep is open."""

    def of(rep: Rep) -> float:
        if rep.open or any(r.status == "refused" for _, r in conditions(gates, rep)):
            return float("nan")
        found = _of_rep(rule, rep)
        return found.at if found is not None and found.outcome == "broken" else float("nan")

    return of


def break_point_angle(rule: BreakRule) -> Callable[[Rep], Value]:
    """Knee flexion at the break, degrees, or the bound that can be given (bpa_velocity)."""

    def of(rep: Rep) -> Value:
        found = _of_rep(rule, rep)
        if found is None:
            return Value(np.nan, reason=UNSEEN)
        velocity, mode = rule.velocity(_set_pace(rule, rep))
        scatter, agree = _scatter(rule, rep, found)
        view = float(flexion_change_sd(rep.setting, found.angle))
        return Value(
            found.angle,
            half_width(scatter, view, rest_sd(rep.setting)),
            half_width(scatter),  # view and slide are the clip's: between reps they cancel
            at=found.at,
            until=rep.lowered,
            outcome=found.outcome,
            bound=found.bound,  # type: ignore[arg-type]
            threshold=Threshold(value=round(velocity, 1), unit="deg/s"),
            method=f"{mode} velocity, {rule.cutoff_hz:g} Hz",
            doubt=None if agree >= AGREE else NOT_SHARP,
        )

    return of


def converted(rule: BreakRule, whole: float) -> Callable[[Rep], Value]:
    """The same as another author tells it: `whole` less the knee flexion, degrees. 180 gives the
    included knee angle, 90 the forward lean over level shins. A bound changes its side."""

    def of(rep: Rep) -> Value:
        told = break_point_angle(rule)(rep)
        other = {"at-most": "at-least", "at-least": "at-most"}.get(told.bound or "")
        return replace(told, value=whole - told.value, bound=other)  # type: ignore[arg-type]

    return of


def _set_pace(rule: BreakRule, rep: Rep) -> float:
    """The whole set uses the pace of its first counted rep, so that its reps compare."""
    return rep.fixed.get("pace", float("nan")) if "pace" in rep.fixed else pace(rule)(rep)


def _of_rep(rule: BreakRule, rep: Rep) -> Break | None:
    angle, rate = low_pass(rep.t, rep.raw(rule.flexion), rule.cutoff_hz)
    return find_break(rule, rep.t, angle, -rate, _span(rep), _set_pace(rule, rep))


def _span(rep: Rep) -> tuple[float, float, float]:
    return rep.begins, rep.mark("catch"), rep.bottom


def find_break(
    rule: BreakRule,
    t: Array,
    angle: Array,
    speed: Array,
    span: tuple[float, float, float],
    set_pace: float,
) -> Break | None:
    """Search backward from the fastest instant before the hands land.

    t, angle, speed: (n,) seconds, degrees of flexion, deg/s (+ lowering). span: start, catch (NaN:
    none) and bottom in seconds. Returns None where the lowering was not seen.
    """
    start, catch, bottom = span
    end = catch if np.isfinite(catch) else bottom
    lowering = np.flatnonzero((t >= start) & (t <= end) & np.isfinite(speed))
    if not len(lowering) or not np.isfinite(set_pace):
        return None
    velocity = rule.velocity(set_pace)[0]
    fastest = lowering[int(np.argmax(speed[lowering]))]
    slow = lowering[(lowering <= fastest) & (speed[lowering] <= velocity)]
    if not len(slow):
        return Break("uncontrolled-from-start", float(t[lowering[0]]), float(angle[lowering[0]]))
    i = int(slow[-1])
    after = min(i + 1, len(t) - 1)
    share = np.clip((velocity - speed[i]) / max(speed[after] - speed[i], 1e-9), 0, 1)
    at = float(t[i] + share * (t[after] - t[i]))
    there = float(angle[i] + share * (angle[after] - angle[i]))
    needed = max(rule.peak_times_pace * set_pace, rule.peak)
    falls = speed[fastest] >= needed and _lasting(rule, t, angle, speed, (at, bottom), velocity)
    return Break("broken", at, there) if falls else _held(t, angle, lowering, catch)


def _lasting(
    rule: BreakRule, t: Array, angle: Array, speed: Array, span: tuple[float, float], v: float
) -> bool:
    """Whether the fall after the break is long and deep enough to be one."""
    falling = (t >= span[0]) & (t <= span[1]) & np.isfinite(speed)
    lasted = (np.gradient(t) * (speed > v))[falling].sum()
    opened = np.ptp(angle[falling]) if falling.any() else 0.0
    return bool(lasted >= rule.lasts_s and opened >= rule.opens)


def _held(t: Array, angle: Array, lowering: NDArray[np.intp], catch: float) -> Break:
    """No break: controlled down to the least flexion, or until the hands took over."""
    least = lowering[int(np.argmin(angle[lowering]))]
    outcome = "caught-before-break" if np.isfinite(catch) else "controlled-to"
    return Break(outcome, float(t[least]), float(angle[least]))


Version = tuple[Break | None, Array, Array]
"""What became of a lowering (None: not seen), the angle (n,) in degrees and its speed (n,) in
deg/s, + lowering."""


def versions(rule: BreakRule, rep: Rep) -> list[Version]:
    """The lowering as it is, then as slow noise might have shown it; drawn once a rep."""
    if (rule, versions) not in rep.answers:
        rep.answers[rule, versions] = _versions(rule, rep)
    drawn: list[Version] = rep.answers[rule, versions]
    return drawn


def _versions(rule: BreakRule, rep: Rep) -> list[Version]:
    angle, rate = as_drawn(rep, rule.flexion, rule.cutoff_hz)
    told = (_span(rep), _set_pace(rule, rep))
    return [
        (find_break(rule, rep.t, a, -r, *told), a, -r) for a, r in zip(angle.T, rate.T, strict=True)
    ]


def _scatter(rule: BreakRule, rep: Rep, found: Break) -> tuple[float, float]:
    """SD of the angle over noisy draws in degrees, and the share that gave the same outcome."""
    draws = [draw for draw, _, _ in versions(rule, rep)[1:]]
    same = [d.angle for d in draws if d is not None and d.outcome == found.outcome]
    return (float(np.std(same)) if len(same) > 1 else 0.0), len(same) / len(draws)
