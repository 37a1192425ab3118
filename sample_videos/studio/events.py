"""What truly happened in a set: the product's definitions, on motion free of noise.

Written from docs/nordic-curl.md and not taken from the product's code, which it is to judge.
Angles in degrees, times in seconds, velocities deg/s (+ lowering).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.mechanics import Floats, body_lean, inertia, potential, swing
from studio.motion import Track
from studio.plan import Built

Mask = NDArray[np.bool_]

MOVES, RATE_OVER_S = 3.0, 0.25
"""Deg/s of the thigh's lean, and half of the time that is taken over: the first motion (0.5)."""
STAYS_S = 0.3
"""How long hips must stay open to be too straight (3)."""
LEADS_FROM = 20.0
"""How far a trunk must lean before it is asked which joint leads (3)."""
COUNTED, RETURNED, FULL = 20.0, 0.8, 60.0
"""A counted rep's rise of the thigh's lean, the share that comes back, and full depth (0.5)."""
AT_BOTTOM, AT_END = 1.0, 6.0
"""The bottom and the end begin within this of the greatest and the least body lean (0.5)."""
PACE_OVER, TEST_PACE, SLOW, TIMES_PACE = 20.0, 5.0, 10.0, 3.0
PEAK, PEAK_TIMES_PACE, LASTS_S, OPENS = 45.0, 3.5, 0.15, 10.0
"""Of the break-point rule (1.2); the break velocity never exceeds the peak that a break needs."""


@dataclass(frozen=True)
class Motion:
    """The set's angles over time, (n,) each."""

    t: Floats
    thigh: Floats
    trunk: Floats
    knee: Floats
    hip: Floats
    body: Floats
    falling: Floats
    """Rate of knee extension."""
    planted: Mask
    """Whether the hands are on the floor."""
    pitch: Floats
    """Of the shank, + the knee higher than the ankle."""
    slide: Floats
    """How far forward the knees are of where they were, metres."""


@dataclass(frozen=True)
class Rep:
    """One rep's truth; None: did not happen."""

    start: float
    break_: float | None
    catch: float | None
    bottom: float
    release: float | None
    end: float | None
    kind: str
    outcome: str
    break_point: float | None
    controlled_s: float
    measures: dict[str, float | None]


def motion(track: Track, built: Built) -> Motion:
    """The angles of a track."""
    trunk = track.thigh + track.hip
    knee = 90 - track.thigh + built.tilt + track.lift
    body = body_lean(built, track.thigh, trunk)
    falling = -np.gradient(knee, track.t)
    return Motion(
        track.t, track.thigh, trunk, knee, track.hip, body, falling, track.plant >= 0.9999,
        -(built.tilt + track.lift), track.slide,
    )  # fmt: skip


def reps(track: Track, built: Built) -> list[Rep]:
    """Every rep of the set, in order."""
    m = motion(track, built)
    rests = _rests(track)
    spans = [np.flatnonzero(track.rep == n) for n in range(1, int(track.rep.max()) + 1)]
    starts = [_start(m, inside) for inside in spans]
    counted = [np.ptp(m.thigh[inside]) >= COUNTED for inside in spans]
    first = int(np.argmax(counted))
    pace = _pace(m, starts[first], spans[first])
    each = zip(spans, starts, rests, strict=True)
    return [_rep(m, built, inside, start, pace, rest) for inside, start, rest in each]


def _rests(track: Track) -> list[Mask]:
    """The still second before each rep, sampled."""
    masks = []
    for number in range(1, int(track.rep.max()) + 1):
        first = float(track.t[track.rep == number][0])
        masks.append((track.rep == 0) & (track.t >= first - 1.0) & (track.t < first))
    return masks


def _start(m: Motion, inside: NDArray[np.intp]) -> int:
    """Where the thigh's lean, over +-RATE_OVER_S, last rose slower than MOVES before the rep."""
    risen = inside[m.thigh[inside] >= m.thigh[inside[0]] + 10][0]
    before, after = (np.interp(m.t + s, m.t, m.thigh) for s in (-RATE_OVER_S, RATE_OVER_S))
    rate = (after - before) / (2 * RATE_OVER_S)
    return int(np.flatnonzero(rate[:risen] < MOVES)[-1])


def _pace(m: Motion, start: int, inside: NDArray[np.intp]) -> float:
    lowering = np.arange(start, inside[np.argmax(m.body[inside])])
    first = lowering[m.knee[lowering] >= m.knee[start] - PACE_OVER]
    return float(np.median(m.falling[first]))


def _rep(
    m: Motion, built: Built, inside: NDArray[np.intp], start: int, pace: float, rest: Mask
) -> Rep:
    lowest = int(inside[np.argmax(m.body[inside])])
    bottom = start + int(np.argmax(m.body[start:lowest] >= m.body[lowest] - AT_BOTTOM))
    catch, release = _contact(m, inside)
    end = _end(m, inside, lowest)
    lowered = bottom if catch is None else catch
    broke, outcome = _break(m, (start, lowered, bottom), pace, catch)
    angle, at = (None, None) if outcome != "broken" else broke
    measures: dict[str, float | None] = {
        "eccentric_duration_s": float(m.t[lowered] - m.t[start]),
        "mean_descent_velocity_deg_s": _rate(m, start, lowered),
        "early_fall_s": _early_fall(m, start, lowered),
        "hip_break_deg": _hip_break(m, start, lowered, rest),
        "hip_extension_min_deg": _hip_extension(m, start, at, lowered, rest),
        "catch_angle_deg": None if catch is None else float(m.knee[catch]),
        "hand_assisted_work_fraction": _hands_work(m, built, (bottom, release, end), catch),
        "braking_fraction": None if catch is None else _braking(m, built, at, catch),
        **_arms(m, built, (bottom, release, end), catch, at),
    }
    measures |= _line(m, start, at, lowered, rest) | _ground(m, built, start, lowered, rest)
    return Rep(
        start=float(m.t[start]),
        break_=at,
        catch=_time(m, catch),
        bottom=float(m.t[bottom]),
        release=_time(m, release),
        end=_time(m, end),
        kind=_kind(m, start, lowest, end),
        outcome=outcome,
        break_point=angle,
        controlled_s=float((at if at is not None else m.t[lowered]) - m.t[start]),
        measures=measures,
    )


def _time(m: Motion, i: int | None) -> float | None:
    return None if i is None else float(m.t[i])


def _contact(m: Motion, inside: NDArray[np.intp]) -> tuple[int | None, int | None]:
    """The instants at which the hands reach the floor and leave it."""
    down = inside[m.planted[inside]]
    if not len(down):
        return None, None
    return int(down[0]), int(down[-1]) if down[-1] < inside[-1] else None


def _end(m: Motion, inside: NDArray[np.intp], lowest: int) -> int | None:
    """The body's lean within AT_END of its next least; None where it does not come back."""
    after = np.arange(lowest, min(inside[-1] + 240, len(m.t)))
    least = m.body[after].min()
    rise = m.body[lowest] - m.body[inside[0]]
    if m.body[lowest] - least < RETURNED * rise:
        return None
    return int(after[np.argmax(m.body[after] <= least + AT_END)])


def _kind(m: Motion, start: int, lowest: int, end: int | None) -> str:
    rise = m.thigh[lowest] - m.thigh[start]
    if rise < COUNTED:
        return "attempt"
    if end is None:
        return "no-return"
    return "full" if m.thigh[lowest] >= FULL else "partial"


def _break(
    m: Motion, span: tuple[int, int, int], pace: float, catch: int | None
) -> tuple[tuple[float, float], str]:
    """(Knee flexion, time) of the break, and the outcome (1.2)."""
    start, lowered, bottom = span
    speed = SLOW if pace < TEST_PACE else float(np.clip(TIMES_PACE * pace, SLOW, PEAK))
    fastest = start + int(np.argmax(m.falling[start : lowered + 1]))
    slow = np.flatnonzero(m.falling[start : fastest + 1] <= speed)
    if not len(slow):
        return (float(m.knee[start]), float(m.t[start])), "uncontrolled-from-start"
    i = start + int(slow[-1])
    falls = m.falling[fastest] >= max(PEAK_TIMES_PACE * pace, PEAK)
    after = slice(i, bottom + 1)
    lasts = float((m.falling[after] > speed).sum() * (m.t[1] - m.t[0]))
    if falls and lasts >= LASTS_S and np.ptp(m.knee[after]) >= OPENS:
        return (float(m.knee[i]), float(m.t[i])), "broken"
    caught = catch is not None and m.falling[catch] <= speed
    held = "caught-before-break" if caught else "controlled-to"
    return (float(m.knee[start : lowered + 1].min()), float(m.t[lowered])), held


def _rate(m: Motion, start: int, lowered: int) -> float:
    return float((m.knee[start] - m.knee[lowered]) / (m.t[lowered] - m.t[start]))


def _early_fall(m: Motion, start: int, lowered: int) -> float:
    """Seconds with more than 30 deg/s while the knee is flexed by more than 60 degrees (2)."""
    span = slice(start, lowered)
    early = (m.falling[span] > 30) & (m.knee[span] > 60)
    return float(early.sum() * (m.t[1] - m.t[0]))


def _hip_break(m: Motion, start: int, lowered: int, rest: Mask) -> float:
    """Greatest hip flexion while lowering over that of the start (3)."""
    return float(m.hip[start : lowered + 1].max() - _ready(m, start, rest))


def _hip_extension(m: Motion, start: int, broke: float | None, lowered: int, rest: Mask) -> float:
    """5th percentile of hip flexion over that of the start, until the break, or what it stayed
    under for STAYS_S if that is longer (3)."""
    last = lowered if broke is None else int(np.searchsorted(m.t, broke))
    share = max(0.05, STAYS_S / max(float(m.t[last] - m.t[start]), STAYS_S))
    return float(np.percentile(m.hip[start : last + 1], 100 * share) - _ready(m, start, rest))


def _ready(m: Motion, start: int, rest: Mask) -> float:
    return _rested(m.hip, start, rest)


def _rested(values: Floats, start: int, rest: Mask) -> float:
    """A value's own rest before the rep, else where the rep starts."""
    return float(np.median(values[rest])) if rest.any() else float(values[start])


def _line(
    m: Motion, start: int, broke: float | None, lowered: int, rest: Mask
) -> dict[str, float | None]:
    """How far trunk and thigh stay in one line, and which of them leads (3)."""
    change = m.hip[start : lowered + 1] - _ready(m, start, rest)
    last = lowered if broke is None else int(np.searchsorted(m.t, broke))
    thigh, trunk = (v[last] - _rested(v, start, rest) for v in (m.thigh, m.trunk))
    return {
        "alignment_rms_deg": float(np.sqrt(np.mean(change**2))),
        "lead_joint": float(thigh / trunk) if trunk >= LEADS_FROM else None,
    }


def _ground(
    m: Motion, built: Built, start: int, lowered: int, rest: Mask
) -> dict[str, float | None]:
    """What knees and shanks do on the floor (5); moves are the 95th percentile of the lowering."""
    inside = slice(start, lowered + 1)
    tilted = m.pitch[inside] - _rested(m.pitch, start, rest)
    ends = np.percentile(tilted, [5, 95])
    risen = built.shank * (np.sin(np.radians(m.pitch[start])) - np.sin(np.radians(m.pitch[inside])))
    slid = m.slide[inside] - m.slide[start]
    return {
        "start_knee_angle_deg": _rested(m.knee, start, rest),
        "shank_pitch_deg": float(np.median(m.pitch[inside])),
        "shank_pitch_change_deg": float(ends[np.argmax(np.abs(ends))]),
        "heel_lift": float(np.percentile(risen, 95)) / built.stature,
        "knee_shift": float(np.percentile(slid, 95)) / built.stature,
    }


def _hands_work(
    m: Motion, built: Built, at: tuple[int, int | None, int | None], catch: int | None
) -> float | None:
    """Share of the work of coming up that is done when the hands leave the floor (4, 6.2)."""
    bottom, release, end = at
    if end is None:
        return None
    if catch is None:
        return 0.0
    if release is None:
        return None
    low, here, top = (
        float(potential(built, m.thigh[i], m.trunk[i])) for i in (bottom, release, end)
    )
    rate = np.radians(np.gradient(m.body[release - 2 : release + 3], m.t[1] - m.t[0])[2])
    kinetic = float(inertia(built, m.hip[release])) * float(rate) ** 2 / 2
    return (here - low + kinetic) / (top - low)


def _arms(
    m: Motion,
    built: Built,
    moments: tuple[int, int | None, int | None],
    catch: int | None,
    broke: float | None,
) -> dict[str, float | None]:
    """How the hands take the body over, and where they leave it (4)."""
    bottom, release, end = moments
    lean = m.body[bottom] - m.body[release] if release is not None else np.nan
    way = m.body[bottom] - m.body[end] if end is not None else np.nan
    landed = np.inf if catch is None else m.t[catch]
    share = 0.0 if catch is None and end is not None else lean / way
    found = {
        "catch_velocity_deg_s": np.nan if catch is None else m.falling[catch - 1],
        "catch_height": np.nan if catch is None else _shoulder_height(m, built, catch),
        "arms_used_in_descent_s": max((broke or float(m.t[bottom])) - landed, 0.0),
        "release_lean_deg": np.nan if release is None else m.body[release],
        "push_angle_fraction": share,
        "release_velocity_deg_s": np.nan
        if release is None
        else -np.gradient(m.body[release - 2 : release + 3], m.t[1] - m.t[0])[2],
    }
    return {k: float(v) if np.isfinite(v) else None for k, v in found.items()}


def _shoulder_height(m: Motion, built: Built, i: int) -> float:
    """Over the floor, statures."""
    thigh, trunk = np.cos(np.radians([m.thigh[i], m.trunk[i]]))
    up = built.knee_height + built.thigh * thigh + built.trunk * trunk
    return float(up / built.stature)


def _braking(m: Motion, built: Built, broke: float | None, lowered: int) -> float | None:
    """Share of the free fall's work that was braked from the break to the landing (2)."""
    if broke is None:
        return None
    first = int(np.searchsorted(m.t, broke))
    rate = np.radians(np.gradient(m.body, m.t))
    cos = np.cos(np.radians(m.body))
    free = 2 * swing(built) * (cos[first] - cos[lowered])
    return float(1 - (rate[lowered] ** 2 - rate[first] ** 2) / free)
