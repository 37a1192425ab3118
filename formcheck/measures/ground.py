"""What rests on the ground: whether knees and feet keep their places (nordic-curl.md 5).

Places are read in the picture, in lengths of the near thigh, from where they were just before the
first motion; a height is one over the knee, so that a camera that nods does not lift a foot. Shares
of the stature come from the thigh's own share in it (segments.py): a picture holds no metre.

What the landmarks err by is read from the shin itself, which neither bends nor grows: by how much
its two ends seem to come nearer or part is how far its points stray.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from formcheck import filming
from formcheck.measures.measure import Choice, Gate, Value, conditions
from formcheck.measures.noise import ANGLE_SD, Z95, half_width, rest_sd
from formcheck.measures.still import ready
from formcheck.pose import Array
from formcheck.rep import Rep
from formcheck.segments import thigh_of_stature

RISE_SD, SLIDE_SD = 0.06, 0.02
"""Thigh lengths; what rises and slides of 60 rendered reps read that do neither, where the points
do not stray: root mean square, above what is read of the rep itself. The rise is twice that of
these: of eight more, of other bodies on another floor, it read 0.10."""
TILT_SD, TURN_SD = 2.0, 3.2
"""Degrees; of a shin's slope that lies still, on the same: its median's change since the rest, and
its greatest change."""
FOOT_SD = 5.0
"""Degrees; by how much a foot that is held reads differently in the reps of one rendered set."""
HELD = (5.0, 95.0)
"""Percentiles for the least and the most of a place or an angle: no single frame is either."""
HOLD_FEET = "Have the ankles held firmly: a fixed bar, a loaded barbell or a partner's weight."
FOOT = ("ankle", "heel", "foot_index")
NOT_SEEN = "Knee or foot was lost from sight while lowering."
UNSURE_FOOT = (
    "The points on the foot do not show it pointing away. Feet that do may read like this where a "
    "bar or a pad lies over the ankles, so nothing is said."
)


def heel_lift(rep: Rep) -> Value:
    """How far the whole foot rose over its place before the rep, share of the stature.

    The least that ankle, heel and toes rose: a foot that comes up with the shin comes up whole,
    while one point that strays on what covers the foot does not take the others along.
    """
    risen = np.min([_since(rep, f"{p}_v") - _since(rep, "knee_v") for p in FOOT], axis=0)
    return _most(rep, risen, rep.lowered, float(np.hypot(Z95 * RISE_SD, straying(rep))))


def knee_shift(rep: Rep) -> Value:
    """How far the knees slid forward of their place before the rep, share of the stature.

    The mean of what knee and ankle moved by until the bottom: a shin slides whole. By how much the
    two disagree at that moment is part of the interval.
    """
    knee, ankle = _since(rep, "knee_u"), _since(rep, "ankle_u")
    apart = np.abs(knee - ankle) / 2
    return _most(rep, (knee + ankle) / 2, rep.bottom, Z95 * SLIDE_SD, apart)


def shank_pitch(rep: Rep) -> Value:
    """Median slope of the shin while lowering, degrees, + the knee higher: what is believed of it
    at rest, and what the landmarks changed by since."""
    rest = rep.setting.rest.get("shank_pitch")
    seen = _seen(rep, "shank_pitch")
    if rest is None or not rest.seen or not len(seen):
        return Value(np.nan, reason=NOT_SEEN)
    value = float(np.median(seen)) + rest.offset_deg
    spread = half_width(rest.sd_deg, TILT_SD)
    return Value(value, spread, half_width(TILT_SD), at=rep.begins, until=rep.lowered)


def shank_pitch_change(rep: Rep) -> Value:
    """The most that the shin's slope left that before the rep by, up or down, degrees: - where the
    ankle rises over the knee."""
    change = _since(rep, "shank_pitch")[rep.descent]
    change = change[np.isfinite(change)]
    if not len(change):
        return Value(np.nan, reason=NOT_SEEN)
    ends = np.percentile(change, HELD)
    astray = float(np.degrees(np.arctan(straying(rep))))  # of a shin about as long as a thigh
    spread = float(np.hypot(half_width(TURN_SD), astray))
    return Value(float(ends[np.argmax(np.abs(ends))]), spread, at=rep.begins, until=rep.lowered)


def start_knee_angle(rep: Rep) -> Value:
    """Median knee flexion in the half second before the rep, degrees."""
    spread = half_width(rest_sd(rep.setting), ANGLE_SD)
    value = ready("knee_flexion", rep)
    return Value(value, spread, half_width(ANGLE_SD), at=rep.begins, reason=NOT_SEEN)


def ankle_position(pointed: float) -> Callable[[Rep], Value]:
    """Median dorsiflexion while lowering, degrees, as a bound: the foot points away at least so
    far. What lies over an ankle pulls the foot's points up the shin, never down, so that a pointed
    foot may read like a pulled-up one, not the other way about: short of `pointed` degrees nothing
    is told."""

    def of(rep: Rep) -> Value:
        return _of_foot(rep, pointed, lambda seen: float(np.median(seen)))

    return of


def ankle_position_change(pointed: float) -> Callable[[Rep], Value]:
    """Range of the dorsiflexion while lowering, degrees, as a bound: the foot turned by so much at
    most, since straying points only add to it. Told where the position is."""

    def of(rep: Rep) -> Value:
        return _of_foot(rep, pointed, lambda seen: float(np.ptp(np.percentile(seen, HELD))))

    return of


def _of_foot(rep: Rep, pointed: float, figure: Callable[[Array], float]) -> Value:
    """A bound from above from the dorsiflexions while lowering, of a foot seen to point away."""
    seen = _seen(rep, "ankle_dorsiflexion")
    if not len(seen) or np.median(seen) > -pointed:
        return Value(np.nan, reason=UNSURE_FOOT if len(seen) else NOT_SEEN)
    spread, ends = half_width(FOOT_SD), (rep.begins, rep.lowered)
    return Value(figure(seen), spread, at=ends[0], until=ends[1], bound="at-most")


def _seen(rep: Rep, signal: str) -> Array:
    """(k,) what was seen of a signal while lowering."""
    inside = rep[signal][rep.descent]
    return inside[np.isfinite(inside)]


def straying(rep: Rep) -> float:
    """Half of the range over which the shin changes its length while lowering, thigh lengths; NaN
    where it was not seen."""
    return _half_range(np.hypot(*(_between(rep, axis) for axis in "uv"))[rep.descent])


def parting(rep: Rep) -> float:
    """Half of the range over which ankle and knee come nearer or part along the floor from start to
    bottom, thigh lengths; NaN where they were not seen."""
    return _half_range(_between(rep, "u")[rep.between(rep.begins, rep.bottom)])


def one_piece(ok: float, warn: float, lifted: bool) -> Gate:
    """G7 of the shin: how far its ends stray against each other, thigh lengths; in its length where
    it is asked whether it was lifted, along the floor where it slid."""
    return Gate(
        "G7",
        straying if lifted else parting,
        ok,
        warn,
        # without the figure: it differs in every rep, and each would be said on its own
        reason="Knee and ankle are not followed well enough while lowering. What holds the feet "
        "may hide them.",
        advice=filming.FREE.words,
        what="half of the range, in thigh lengths, over which knee and ankle seem to move against "
        f"each other {'along the shin' if lifted else 'along the floor'}, while lowering",
        doubt="The points of knee and ankle stray by {value:.0%} of the thigh.",
        least=False,
    )


def feet_down(followed: Sequence[Gate | Choice], most: float) -> Choice:
    """G13-feet: the share of the stature that the feet rose by, asked where the shin is followed.

    The knee is told against a shin that lies as it did at rest (nordic-curl.md 0.3b); one that
    comes up with the feet makes it read straighter by as much as it tilts.
    """
    gate = Gate(
        "G13-feet",  # a share, where G13 is an angle
        lambda rep: heel_lift(rep).value,
        most,
        most,
        reason="The feet came up by {value:.0%} of the body's height: the knee's angle is told of "
        "shins that stay where they lie.",
        advice=HOLD_FEET,
        what="share of the stature by which the whole foot rises while lowering, where knee and "
        "ankle are followed well",
        least=False,
    )

    def choose(rep: Rep) -> Gate | None:
        asked = [result.status for _, result in conditions(followed, rep)]
        known = "refused" not in asked and np.isfinite(heel_lift(rep).value)
        return gate if known else None

    return Choice(choose, (gate,))


def _between(rep: Rep, axis: str) -> Array:
    """(n,) from ankle to knee along an axis of the picture, thigh lengths."""
    return rep[f"knee_{axis}"] - rep[f"ankle_{axis}"]


def _half_range(values: Array) -> float:
    seen = values[np.isfinite(values)]
    return float(np.ptp(np.percentile(seen, HELD))) / 2 if len(seen) else float("nan")


def _since(rep: Rep, signal: str) -> Array:
    """(n,) what a signal changed by since just before the rep."""
    return rep[signal] - ready(signal, rep)


def _most(rep: Rep, moved: Array, until: float, spread: float, apart: Array | None = None) -> Value:
    """The most that a place (n,) moved by from the start until then, as a share of the stature.

    spread: half-width of its 95 % interval, apart: (n,) what is added to it; thigh lengths.
    """
    inside = rep.between(rep.begins, until) & np.isfinite(moved)
    if not inside.any():
        return Value(np.nan, reason=NOT_SEEN)
    most = float(np.percentile(moved[inside], HELD[1]))
    at = np.flatnonzero(inside & (moved >= most - 1e-9))[0]
    share, sd = thigh_of_stature()
    wide = share * float(np.hypot(spread, 0.0 if apart is None else apart[at]))
    return Value(
        share * most,
        float(np.hypot(wide, Z95 * sd * most)),
        wide,
        at=float(rep.t[at]),
        until=until,
    )
