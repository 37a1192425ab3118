"""What is measured of a Nordic curl, all together, and the moments that the numbers rest on.

Sources: docs/nordic-curl.md with its sections; [O] is a limit of our own where the literature has
none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from formcheck import sagittal
from formcheck.exercises import (
    nordic_arms,
    nordic_ground,
    nordic_hips,
    nordic_lowering,
    nordic_tempo,
)
from formcheck.exercises.nordic_gates import (
    ANGLE,
    BREAK,
    CONTACT,
    FPS,
    FPS_BREAK,
    GAPLESS_BACK,
    HANDS,
    PROTOCOL,
    READY,
    SETTLED,
)
from formcheck.look import Group
from formcheck.measures import break_point, contact, range, settled
from formcheck.measures.measure import Measure
from formcheck.measures.noise import CHANGE, NOISE
from formcheck.measures.trunk import ready_hips


def _names(measures: Iterable[Measure], but: Collection[str] = ()) -> tuple[str, ...]:
    return tuple(m.name for m in measures if m.name not in but)


MARKS = {
    "catch": contact.catch(CONTACT, HANDS, BREAK, "body_lean"),
    "release": contact.release(CONTACT),
    "release_otherwise": contact.release_otherwise(CONTACT),
    "release_sd": contact.release_sd(CONTACT),
    "break": break_point.locate_break(BREAK, (FPS_BREAK, *ANGLE, *SETTLED)),
}

MEASURES = (
    *nordic_tempo.MEASURES,
    *nordic_lowering.MEASURES,
    *nordic_arms.MEASURES,
    *nordic_hips.MEASURES,
    *nordic_ground.MEASURES,
    Measure(
        "bottom_thigh_lean",
        "deg",
        range.greatest("thigh_lean"),
        PROTOCOL.format(0.5),
        ANGLE,
        definition="How far the thighs leaned forward at most.",
        formula="Greatest thigh_lean from start to end.",
        uncertainty=f"{NOISE}; {CHANGE}; the thigh's rest, the same in all reps of a clip.",
    ),
    Measure(
        "returned_share",
        "1",
        range.returned_share,
        PROTOCOL.format(0.5),
        (FPS, GAPLESS_BACK),
        definition="How much of the way back up to kneeling was done.",
        formula="1 − (least thigh_lean after bottom − thigh_lean(start)) / (thigh_lean(bottom) − "
        "thigh_lean(start)), at most 1; the half second after the rep included.",
        uncertainty=f"{NOISE}, at both ends of the way, over the way.",
    ),
    *nordic_lowering.TORQUES,
)

_TENSION = _names(nordic_tempo.TENSION)

GROUPS = (
    Group("Break point", _names(nordic_lowering.MEASURES)),
    Group("Tempo", _names(nordic_tempo.MEASURES, but=_TENSION)),
    Group("Time by angle", _TENSION),
    Group("Hips and trunk", _names(nordic_hips.MEASURES)),
    Group("Feet and knees", _names(nordic_ground.MEASURES)),
    Group("Arms", _names(nordic_arms.MEASURES)),
    Group("Range", ("bottom_thigh_lean", "returned_share")),
    Group("Estimated torque", _names(nordic_lowering.TORQUES)),
)

FIXES = {
    "pace": break_point.pace(BREAK),
    "hip_start": ready_hips("hip_flexion", READY),
    settled.FIXED: settled.felt,
}

GLOSSARY = {
    **sagittal.WORDS,
    "catch": f"The hands land: the first instant in which the near wrist is within "
    f"{CONTACT.near:g} thigh of its place at the bottom, slower than {CONTACT.slow:g} thigh/s and "
    f"lower than {CONTACT.low:g} thigh over the knee, grown outward from the bottom. Where hands "
    "cannot be seen and the lowering broke: the fastest instant of body_lean.",
    "release": "The hands leave the floor: where their way off it, between "
    f"{CONTACT.lift[0]:g} and {CONTACT.lift[1]:g} thigh, began. A hand that is lifted gathers "
    f"speed evenly, and is seen {CONTACT.lags_s:g} s late; a straight arm (elbow_flexion < "
    f"{CONTACT.straight:g}°) pulls it off at once, at over {CONTACT.pulled:g} thigh/s.",
    "release_otherwise": "The other of the two, where only one of the two signs is there.",
    "release_sd": "The release's standard deviation, s.",
    "break": "t_b of break_point_angle; none where the lowering did not break.",
    "pace": f"Median ω over the first {BREAK.pace_over:g}° of the lowering of the set's first "
    "counted rep, deg/s.",
    "hip_start": f"Median hip_flexion in the {READY.looks_s[0]:g} s (else less) before the set's "
    f"first counted rep, where it stays within {READY.within:g}°: for reps that do not hold still.",
    settled.FIXED: settled.FIXED_IS,
}
"""What the formulas speak of: signals, moments, and what the set's first counted rep fixes."""
