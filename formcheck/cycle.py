"""How an exercise goes round, and where a rep begins and is at its bottom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.pose import Array
from formcheck.smoothing import local_quadratic

STEADY_FRAMES = 5
"""A rate that is compared with a few degrees a second needs so many frames on either side: at 10 a
second, noise of 1.5 degrees over +-0.25 s is 5 deg/s, over +-0.5 s 1.4."""
DIP_S = 0.2
"""A rate that is low for less than this is noise: rests of a half second and more lie lower for
longer. Points of a clip held by hand wander by 4 degrees in half a second, and dips last 0.17 s."""


@dataclass(frozen=True)
class Cycle:
    """How an exercise goes round, on the signal that triggers and the one that shows the depth.

    What has a default is how bodies rest and set out (nordic-curl.md 0.5), and holds for any
    movement of one to ten seconds.
    """

    signal: str
    """The signal that rises in a rep, degrees."""
    depth: str
    """The signal whose greatest value is the bottom, degrees."""
    leaves: float
    """Rise that leaves rest, degrees; the least that is listed as an attempt."""
    counts: float
    """Rise that counts, degrees."""
    returns: float
    """Share of the rise that has to come back."""
    full: float
    """Greatest signal below which a counted rep is partial, degrees."""
    turns: float = 8.0
    """Fall of signal and depth that is a turn, degrees."""
    starts_under: float = 3.0
    """Rate of the signal under which the rep has not begun, deg/s."""
    starts_over_s: float = 0.25
    """Half-width over which that rate is taken, seconds."""
    bottom_within: float = 1.0
    """The bottom is the first sample within this of the greatest depth, degrees."""
    ends_within: float = 6.0
    """The rep ends when the depth is within this of its next least value, degrees."""
    settles: float = 5.0
    """Rate of the depth at which a return has ended, deg/s."""
    settles_over_s: float = 0.4
    """The time over which that rate is taken, seconds."""
    looks_back_s: float = 10.0
    """How long ago the low that a rise starts from may lie, seconds."""
    rests_s: float = 3.0
    """Holding still this long after leaving, without counting, is a new rest, seconds."""
    rests_within: float = 2.5
    """How little the signal moves meanwhile, degrees."""
    longest_s: float = 60.0
    """Nothing longer is one rep, seconds."""
    shows_start: bool = True
    """Whether the signal moves as soon as the body does; else the start is never seen."""
    straight: float = np.inf
    """What the signal has to come down to where a rep begins or where it ends, or it is partial,
    degrees; infinite: nothing is asked."""
    halfway: float = 0.5
    """Share of the rise that has to have come back where a next rise is to be a next rep."""

    @property
    def words(self) -> dict[str, str]:
        """How its own moments are found, each in a sentence."""
        return {
            "start": f"The last instant before the rise in which {self.signal} changes slower than "
            f"{self.starts_under:g} deg/s (over ± {self.starts_over_s:g} s).",
            "bottom": f"The first instant within {self.bottom_within:g}° of the greatest "
            f"{self.depth}.",
            "end": f"The first instant on the way back within {self.ends_within:g}° of the next "
            f"least {self.depth}.",
        }


def first_motion(
    cycle: Cycle, t: Array, signal: Array, rest: float, frame_s: float
) -> tuple[int, bool]:
    """Where the signal's rate last was under `starts_under` for longer than a dip, on the way up to
    its last sample.

    t, signal: (n,) seconds and degrees, the last sample being the one that left rest. rest:
    degrees, NaN where unknown. Returns the sample's place, and whether it held still there: if
    not, the place is that of the slowest sample, and the start was not seen.
    """
    return first_motions(cycle, t, signal[:, None], rest, frame_s)[0]


def first_motions(
    cycle: Cycle, t: Array, signals: Array, rest: float, frame_s: float
) -> list[tuple[int, bool]]:
    """The same of each column of signals (n, K), each seen at least once."""
    half = max(cycle.starts_over_s, STEADY_FRAMES * frame_s)
    rates = local_quadratic(t, signals, half)[1]
    rates[t > t[-1] - half] = np.nan  # seen from one side only
    under = np.nan_to_num(rest, nan=-np.inf) - cycle.leaves
    both = zip(signals.T, rates.T, strict=True)
    return [_first_motion(cycle, t, signal, rate, under) for signal, rate in both]


def _first_motion(
    cycle: Cycle, t: Array, signal: Array, rate: Array, under: float
) -> tuple[int, bool]:
    below = np.flatnonzero(signal < under)
    first = int(below[-1]) + 1 if len(below) else 0
    slow = np.flatnonzero(rate[first:] < cycle.starts_under)
    if len(slow):
        return first + _last_rest(t[first:], slow), True
    if np.isfinite(rate[first:]).any():
        return first + int(np.nanargmin(rate[first:])), False
    return first + int(np.nanargmin(signal[first:])), False


def _last_rest(t: Array, slow: NDArray[np.intp]) -> int:
    """The last of the slow samples of t (n,) that ends a stretch longer than a dip, or the last of
    all where none is; what came before the first sample is not known."""
    for run in reversed(np.split(slow, np.flatnonzero(np.diff(slow) > 1) + 1)):
        if run[0] == 0 or t[run[-1]] - t[run[0]] >= DIP_S:
            return int(run[-1])
    return int(slow[-1])


def bottom(cycle: Cycle, depth: Array) -> int:
    """The first of the samples (n,) within `bottom_within` of the greatest depth."""
    return int(np.argmax(depth >= np.nanmax(depth) - cycle.bottom_within))
