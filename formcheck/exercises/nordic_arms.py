"""What is measured of the arms: where the hands land, and what they do.

Sources: docs/nordic-curl.md with its sections; [O] is a limit of our own where the literature has
none.
"""

from __future__ import annotations

from formcheck.exercises.nordic_gates import (
    ANGLE,
    CAMERA,
    FPS,
    FPS_FALL,
    GAPLESS_BACK,
    HANDS,
    LARGE,
    LEVEL,
    PROTOCOL,
    SAME,
    SETTLED,
    SIDE,
    SIDES,
)
from formcheck.measures import arms
from formcheck.measures.measure import Measure

MEASURES = (
    Measure(
        "catch_angle",
        "deg",
        arms.catch_angle("knee_flexion"),
        PROTOCOL.format(4),
        (FPS, HANDS, CAMERA, *ANGLE, *SETTLED),  # a hand that lands is told by its speed
    ),
    Measure(
        "hand_assisted_work_fraction",
        "1",
        arms.hand_assisted_work_fraction("body_lean", "hip_flexion", straight_within=20),  # 2
        "straight body of de Leva 1996; limits own",
        (
            *(FPS_FALL, SIDE, LEVEL, LARGE, HANDS, CAMERA, GAPLESS_BACK, SAME, SIDES),
            *SETTLED,
        ),
        method="energies of a straight body; an upper bound",
    ),
)
