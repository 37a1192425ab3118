"""What is measured of a Nordic curl, all together, and the moments that the numbers rest on.

Sources: docs/nordic-curl.md with its sections; [O] is a limit of our own where the literature has
none.
"""

from __future__ import annotations

from formcheck.exercises import nordic_arms, nordic_hips, nordic_lowering
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
from formcheck.measures import break_point, contact, range, settled
from formcheck.measures.measure import Measure
from formcheck.measures.trunk import ready_hips

MARKS = {
    "catch": contact.catch(CONTACT, HANDS, BREAK, "body_lean"),
    "release": contact.release(CONTACT),
    "push_end": contact.push_end(CONTACT),
    "break": break_point.locate_break(BREAK, (FPS_BREAK, *ANGLE, *SETTLED)),
}

MEASURES = (
    *nordic_lowering.MEASURES,
    *nordic_arms.MEASURES,
    *nordic_hips.MEASURES,
    Measure("bottom_thigh_lean", "deg", range.greatest("thigh_lean"), PROTOCOL.format(0.5), ANGLE),
    Measure(
        "returned_share",
        "1",
        range.returned_share,
        PROTOCOL.format(0.5),
        (FPS, GAPLESS_BACK),
    ),
    *nordic_lowering.TORQUES,
)

FIXES = {
    "pace": break_point.pace(BREAK),
    "hip_start": ready_hips("hip_flexion", READY),
    settled.FIXED: settled.felt,
}
