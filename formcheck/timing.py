"""How evenly the frames of a clip follow one another."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

REGULAR_SHARE, REGULAR_S = 0.2, 0.0011
"""An interval is regular within this share of the median or, because containers round to
milliseconds, within these seconds of it."""
FORGIVEN_SHARE = 0.01
"""Share of irregular intervals that a constant clip may have (at least one: a dropped frame)."""
RAMP_TIMES, RAMP_FRAMES, RAMP_SHARE = 3.0, 24, 0.9
"""A clip that plays at two paces has two intervals, one at least so many times the other (phones in
dim light go from 60 to 30 or from 30 to 15, no further), that hold for so many frames on end and
together make up this share."""
UNEVEN_SHARE = 0.1
"""Share of irregular intervals up to which a clip is an even one that lacks frames."""
HOLE_S = 0.2
"""What is longer is a hole in any clip: no gap of that length is bridged (nordic-curl.md 0.4)."""


class Timing(NamedTuple):
    """What the timestamps say."""

    kind: Literal["constant", "variable", "ramped"]
    fps: float
    """Frames a second, one over the mean regular interval; NaN with fewer than two frames."""


def timing(t_s: Iterable[float]) -> Timing:
    """Judge timestamps `t_s` (T,) in increasing seconds."""
    gaps = np.diff(np.asarray(list(t_s), float))
    if not len(gaps):
        return Timing("constant", math.nan)
    middle = float(np.median(gaps))
    regular = np.abs(gaps - middle) <= max(REGULAR_SHARE * middle, REGULAR_S)
    fps = 1 / float(gaps[regular].mean()) if regular.any() else 1 / middle
    if (~regular).sum() <= max(1.0, FORGIVEN_SHARE * len(gaps)):
        return Timing("constant", fps)
    return Timing("ramped" if _ramped(gaps) else "variable", fps)


def _ramped(gaps: NDArray[np.float64]) -> bool:
    """Whether the frames follow at two paces, each kept for a while."""
    fast, slow = np.percentile(gaps, [5, 95])
    near = [np.abs(gaps - g) <= max(REGULAR_SHARE * g, REGULAR_S) for g in (fast, slow)]
    if slow < RAMP_TIMES * fast or (near[0] | near[1]).mean() < RAMP_SHARE:
        return False
    return all(_longest_run(one) >= RAMP_FRAMES for one in near)


def _longest_run(flags: NDArray[np.bool_]) -> int:
    ends = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return int(np.diff(ends)[::2].max(initial=0))


def holes(t_s: Iterable[float]) -> list[str]:
    """What is missing between the frames at `t_s` (T,), increasing seconds, in words."""
    times = np.asarray(list(t_s), float)
    gaps = np.diff(times)
    if not len(gaps) or timing(times).kind == "ramped":
        return []
    middle = float(np.median(gaps))
    if (np.abs(gaps - middle) > max(REGULAR_SHARE * middle, REGULAR_S)).mean() > UNEVEN_SHARE:
        n = int((gaps > max(HOLE_S, 3 * middle)).sum())
        what = f"{n} stretch{'es' * (n > 1)} without a frame"
    else:
        found = gaps > 1.5 * middle + REGULAR_S
        n = int((np.round(gaps[found] / middle) - 1).sum())
        what = f"{n} frame{'s are' if n > 1 else ' is'} missing between the others"
    return [f"{what} (the longest gap lasts {gaps.max():.2f} s)"] if n else []
