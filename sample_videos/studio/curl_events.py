"""What truly happened in a set of prone leg curls: the definitions, on motion free of noise.

Written from docs/nordic-curl.md 10 (and 0.5 for the moments), not from the product's code, which it
is to judge. Angles in degrees, times in seconds; velocities deg/s, + flexing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.curls import CurlTrack
from studio.mechanics import Floats

MOVES, RATE_OVER_S = 3.0, 0.25
"""Deg/s of the knee, and half of the time that is taken over: the first motion (0.5)."""
AT_TOP, AT_END = 1.0, 6.0
"""The top and the end begin within this of the greatest and of the least flexion (0.5)."""
STILL, NEAR_TOP = 10.0, 10.0
"""A knee that turns slower than this, within so many degrees of its greatest flexion, pauses."""
RETURNED = 0.4
"""Share of the flexion that a rep takes back; less is no return. Half of the way is a rep that is
not straightened, as real sets have them."""
FULL_TOP, FULL_STRAIGHT = 90.0, 15.0
PAUSE_S, LOWER_S, HIP_LIFT, TRUNK = 0.5, 2.0, 10.0, 8.0
"""The limits of the checks (10)."""
UNEVEN = 0.30
"""Coefficient of variation of the lowering times."""
NEAR_RANGE, NEAR_PAUSE_S, NEAR_LOWER_S, NEAR_HIP, NEAR_TRUNK = 3.0, 0.1, 0.25, 2.0, 2.0
"""A good value nearer to its limit than this: naming it or not is both right."""


@dataclass(frozen=True)
class CurlRep:
    """One rep's truth; None: did not happen."""

    start: float
    top: float
    lower: float
    end: float | None
    kind: str
    measures: dict[str, float]


def reps(track: CurlTrack, trunk: Floats) -> list[CurlRep]:
    """Every rep of the set, in order. trunk: (n,) the trunk's lean, degrees."""
    numbers = range(1, int(track.rep.max(initial=0)) + 1)
    spans = [np.flatnonzero(track.rep == number) for number in numbers]
    ends = [int(span[0]) for span in spans[1:]] + [len(track.t)]
    return [_rep(track, trunk, span, end) for span, end in zip(spans, ends, strict=True)]


def _rep(track: CurlTrack, trunk: Floats, span: NDArray[np.intp], until: int) -> CurlRep:
    """until: the sample at which the next rep begins, or the set ends."""
    knee, t = track.knee, track.t
    rate = np.gradient(knee, t)
    highest = int(span[np.argmax(knee[span])])
    start = _start(track, span)
    top = start + int(np.argmax(knee[start:highest] >= knee[highest] - AT_TOP))
    paused = _paused(knee, rate, start, until)
    lower = int(np.flatnonzero(paused)[-1])
    end = _end(knee, start, highest, until)
    last = until if end is None else end
    ready = slice(max(int(span[0]) - round(0.5 / (t[1] - t[0])), 0), int(span[0]))
    measures = {
        "rom": float(knee[highest] - knee[start:until].min()),
        "top_knee_flexion": float(knee[highest]),
        "bottom_knee_flexion": float(knee[start:until].min()),
        "top_pause_s": float(paused.sum() * (t[1] - t[0])),
        "lift_duration_s": _lasts(t, rate[start:highest] > STILL),
        "lower_duration_s": _lasts(t, rate[lower:until] < -STILL),
        "hip_lift_deg": _moved(track.thigh, ready, slice(start, last)),
        "trunk_motion_deg": _moved(trunk, ready, slice(start, last)),
    }
    ended = None if end is None else float(t[end])
    kind = _kind(measures, ended)
    return CurlRep(float(t[start]), float(t[top]), float(t[lower]), ended, kind, measures)


def _start(track: CurlTrack, span: NDArray[np.intp]) -> int:
    """Where the knee, over +-RATE_OVER_S, last flexed slower than MOVES before the rep."""
    knee, t = track.knee, track.t
    risen = int(span[knee[span] >= knee[span[0]] + 10][0])
    before, after = (np.interp(t + s, t, knee) for s in (-RATE_OVER_S, RATE_OVER_S))
    rate = (after - before) / (2 * RATE_OVER_S)
    return int(np.flatnonzero(rate[:risen] < MOVES)[-1])


def _paused(knee: Floats, rate: Floats, start: int, until: int) -> NDArray[np.bool_]:
    """(n,) whether the knee pauses at the top of the rep."""
    paused = (np.abs(rate) < STILL) & (knee >= knee[start:until].max() - NEAR_TOP)
    paused[:start], paused[until:] = False, False
    return np.asarray(paused)


def _end(knee: Floats, start: int, highest: int, until: int) -> int | None:
    """The flexion within AT_END of its next least; None where it does not come back."""
    least = float(knee[highest:until].min())
    if knee[highest] - least < RETURNED * (knee[highest] - knee[start]):
        return None
    return highest + int(np.argmax(knee[highest:until] <= least + AT_END))


def _lasts(t: Floats, moving: NDArray[np.bool_]) -> float:
    """From the first to the last sample that moves, seconds."""
    found = np.flatnonzero(moving)
    return float((found[-1] - found[0] + 1) * (t[1] - t[0]))


def _moved(angle: Floats, ready: slice, inside: slice) -> float:
    """Greatest change against the rest before the rep."""
    return float(np.abs(angle[inside] - np.median(angle[ready])).max())


def _kind(measures: dict[str, float], end: float | None) -> str:
    if end is None:
        return "no-return"
    short = measures["top_knee_flexion"] < FULL_TOP
    return "partial" if short or measures["bottom_knee_flexion"] > FULL_STRAIGHT else "full"


@dataclass(frozen=True)
class CurlFaults:
    """What a set truly fails, as the truth file names it."""

    faults: list[dict[str, Any]]
    borderline: list[dict[str, Any]]
    """Good, but so near to the limit that naming it or not is both right."""
    notes: list[dict[str, Any]]


def judged(found: list[CurlRep]) -> CurlFaults:
    """By the limits of nordic-curl.md 10."""
    said = CurlFaults([], [], [])
    for number, rep in enumerate(found, 1):
        for check, spare, near in _spared(rep):
            if spare < near:
                kind = said.faults if spare < 0 else said.borderline
                kind.append({"rep": number, "check": check})
    times = np.array([r.measures["lower_duration_s"] for r in found if r.kind == "full"])
    if len(times) >= 3 and float(np.std(times, ddof=1) / np.mean(times)) > UNEVEN:
        said.notes.append({"rep": None, "check": "uneven-tempo"})
    return said


def _spared(rep: CurlRep) -> Iterator[tuple[str, float, float]]:
    """Check, how far the rep is on the good side of its limit, and how near is nearly."""
    now = rep.measures
    short, bent = now["top_knee_flexion"] - FULL_TOP, FULL_STRAIGHT - now["bottom_knee_flexion"]
    yield "partial-range", min(short, bent), NEAR_RANGE
    yield "no-pause", now["top_pause_s"] - PAUSE_S, NEAR_PAUSE_S
    enough = max(LOWER_S, now["lift_duration_s"])
    yield "lowers-too-fast", now["lower_duration_s"] - enough, NEAR_LOWER_S
    yield "hips-lift", HIP_LIFT - now["hip_lift_deg"], NEAR_HIP
    yield "upper-body-moves", TRUNK - now["trunk_motion_deg"], NEAR_TRUNK
    yield "does-not-return", -1.0 if rep.end is None else 1.0, 0.0
