"""G9b: whether the clip's seconds are the world's, told by the movement itself (nordic-curl.md 9).

Slow motion without a tag looks like a very gentle set, and one played too fast like a body that
falls faster than gravity pulls. Twice slower cannot be seen so; four times can.
"""

from __future__ import annotations

import numpy as np

from formcheck import filming
from formcheck.measures.arms import swing
from formcheck.measures.measure import Gate, once
from formcheck.pose import Array
from formcheck.rep import Rep
from formcheck.smoothing import FEWEST_FRAMES, local_quadratic

FIXED = "briskness"
"""The name under which a set keeps what was felt in its first counted rep."""
FIXED_IS = (
    "99th percentile of the size of the depth's acceleration in the set's first counted rep, "
    "deg/s²: it vouches that a gentler rep is not in slow motion."
)
VOUCHES = 10.0
"""How many times brisker the first rep may be to vouch for another: slowed fourfold, a rep like it
feels a sixteenth."""
OVER_S = 0.25
"""Half-width of both fits that take the acceleration: with it real reps read 89 to 475 deg/s2, the
same slowed fourfold 18 to 67, eightfold 6 to 31 (measured on three clips)."""


def gates(*, least: float, longest_s: float, free_fall: float | None = None) -> tuple[Gate, ...]:
    """What a time or a speed has to pass: one pace, brisk enough, not too long, not too fast.

    least: deg/s2 of the acceleration of the cycle's depth. free_fall: the most, in multiples of
    what pulls at a straight body that lies level; None: nothing falls, and no haste is impossible.
    Where the time is known, only haste still speaks against it.
    """
    slow = (_one_pace(), _brisk(least), _short(longest_s))
    return slow if free_fall is None else (*slow, _possible(free_fall))


def acceleration(rep: Rep, signal: str) -> Array:
    """(n,) a signal's acceleration in its unit a second squared; NaN where it is not seen."""
    half = max(OVER_S, FEWEST_FRAMES * rep.setting.frame_s)
    rate = local_quadratic(rep.t, rep.raw(signal), half)[1]
    return local_quadratic(rep.t, rate, half)[1]


def _known(rep: Rep) -> bool:
    return rep.setting.clock == "known"


@once
def felt(rep: Rep) -> float:
    """99th percentile of the acceleration's size in the rep, deg/s2."""
    sizes = np.abs(acceleration(rep, rep.cycle.depth)[rep.between(rep.begins, rep.until)])
    sizes = sizes[np.isfinite(sizes)]
    return float(np.percentile(sizes, 99)) if len(sizes) else np.nan


def _felt_so_far(rep: Rep) -> float:
    """Of the rep, or of the set's first if that was brisker and not by VOUCHES: a rep that is
    lowered and raised under control is gentle in a clip at the world's pace too."""
    own, first = felt(rep), rep.fixed.get(FIXED, np.nan)
    return first if own < first <= VOUCHES * own else own


def _brisk(least: float) -> Gate:
    return Gate(
        "G9b",
        _felt_so_far,
        least,
        least,
        reason="The body moves so gently that the clip seems to play in slow motion; then its "
        "times and speeds are not the real ones.",
        advice=filming.PACE.words,
        waived=_known,
        what="deg/s², 99th percentile of the depth's acceleration in the rep; waived where the "
        "clip's pace is known",
    )


def _short(longest_s: float) -> Gate:
    return Gate(
        "G9b-length",
        lambda rep: rep.until - rep.begins,
        longest_s,
        longest_s,
        reason="The rep lasts {value:.0f} s; so long a rep is more likely one in slow motion, "
        "whose times and speeds are not the real ones.",
        advice=filming.PACE.words,
        least=False,
        waived=_known,
        what="seconds that the rep lasts; waived where the clip's pace is known",
    )


def _possible(most: float) -> Gate:
    return Gate(
        "G9b-haste",
        lambda rep: felt(rep) / np.degrees(swing(rep)),
        most,
        most,
        reason="The body moves {value:.1f} times as fast as it could fall: the clip plays faster "
        "than it was filmed.",
        advice=filming.ORIGINAL.words,
        least=False,
        what="times the acceleration of a straight body that falls free from lying level",
    )


def _one_pace() -> Gate:
    return Gate(
        "G9b-ramp",
        lambda rep: float(rep.setting.clock == "ramped"),
        0,
        0,
        reason="The clip changes its speed while it plays, so no time in it can be told.",
        advice=filming.ORIGINAL.words,
        least=False,
        what="1 where the clip changes its speed while it plays, else 0",
    )
