"""What is measured of the lowering: the break point, the tempo, the braking and the torque.

Sources: docs/nordic-curl.md with its sections; [O] is a limit of our own where the literature has
none.
"""

from __future__ import annotations

from dataclasses import replace

from formcheck.exercises.nordic_gates import (
    ANGLE,
    BREAK,
    BROKEN,
    CONSTANT,
    DURATION,
    FLAT,
    FPS,
    FPS_BRAKED,
    FPS_BREAK,
    FPS_FALL,
    FPS_PEAK,
    FPS_SHARPEST,
    GAPLESS,
    HANDS,
    HIP,
    LEGS,
    PROTOCOL,
    SETTLED,
    UNBROKEN,
)
from formcheck.measures import braking, break_extras, break_point, tempo, tension
from formcheck.measures.measure import Measure
from formcheck.measures.torque import TorqueRule, estimated_torque

RANGES = {  # bins of the knee, degrees (2); the first from the start, the last to the bottom
    "over_60": (float("inf"), 60.0),
    "60_40": (60.0, 40.0),
    "40_20": (40.0, 20.0),
    "under_20": (20.0, float("-inf")),
}
TENSION = tuple(
    Measure(
        f"time_under_tension_{name}",
        "s",
        tension.time_under_tension("knee_flexion", over, upto, cutoff_hz=6, duration=DURATION),
        "bins after Monajati 2017",
        (FPS, *ANGLE, *SETTLED),
    )
    for name, (over, upto) in RANGES.items()
)

TORQUE = TorqueRule(BREAK, still=60)  # 6.5
LEVEL_SHINS = replace(  # 9, G13: torque off
    FLAT,
    warn=10,
    reason="The shins are {value:.0f}° off level; the torque is estimated of level shins only.",
    unseen="",
)
TORQUES = tuple(
    Measure(
        f"estimated_knee_flexor_torque{of_what}",
        unit,
        estimated_torque(TORQUE, legs, per_kg),
        "segments of de Leva 1996; " + PROTOCOL.format(6),
        (FPS_BREAK, HANDS, *HIP, LEGS, UNBROKEN, CONSTANT, LEVEL_SHINS, *SETTLED),
        needs=("mass_kg", "height_m"),
    )
    for of_what, unit, legs, per_kg in (
        ("", "N·m", 2, False),
        ("_per_leg", "N·m", 1, False),
        ("_per_kg", "N·m/kg", 2, True),
        ("_per_leg_per_kg", "N·m/kg", 1, True),
    )
)

MEASURES = (
    Measure("eccentric_duration", "s", DURATION, "Nishida 2022", (FPS, GAPLESS, *SETTLED)),
    Measure(
        "mean_descent_velocity",
        "deg/s",
        tempo.mean_descent_velocity("knee_flexion", DURATION),
        "from 3 s, Nishida 2022",
        (FPS, *ANGLE, *SETTLED),
    ),
    Measure(
        "peak_knee_velocity",
        "deg/s",
        tempo.peak_velocity("knee_flexion", cutoff_hz=6),
        PROTOCOL.format(2),
        (FPS_PEAK, *ANGLE, *SETTLED),
        method="velocity at 6 Hz",
    ),
    Measure(
        "early_fall",
        "s",
        tempo.early_fall("knee_flexion", over=60, faster=30, cutoff_hz=3),
        "break points of Soga 2021; limits own",
        (FPS_FALL, *ANGLE, *SETTLED),
        method="velocity at 3 Hz",
    ),
    Measure(
        "break_point_angle",
        "deg",
        break_point.break_point_angle(BREAK),
        "Soga 2021",
        BROKEN,  # it is found by its speed
    ),
    Measure(
        "bpa_thigh_to_horizontal",
        "deg",
        break_extras.thigh_to_horizontal(BREAK, "thigh_lean"),
        "Sconce 2015",
        BROKEN,
    ),
    Measure(
        "dwa_onset",
        "deg",
        break_extras.dwa_onset(BREAK),
        "Ditroilo 2013",
        BROKEN,
        method="velocity at 3 Hz",
    ),
    Measure(
        "bpa_acceleration",
        "deg",
        break_extras.bpa_acceleration(BREAK),
        "Sconce 2021",
        (FPS_SHARPEST, *ANGLE, FLAT, *SETTLED),
        method="velocity at 3 Hz; an estimate of the angle of the greatest torque",
    ),
    Measure(
        "controlled_duration",
        "s",
        break_extras.controlled_duration(BREAK, DURATION),
        PROTOCOL.format(2),
        (FPS_BREAK, *ANGLE, *SETTLED),
    ),
    Measure(
        "braking_fraction",
        "1",
        braking.braking_fraction(
            BREAK,
            "body_lean",
            "hip_flexion",
            straight_within=20,
            least=5,
            cutoff_hz=6,  # 2
        ),
        "straight body of de Leva 1996",
        (FPS_BRAKED, *ANGLE, *SETTLED),
        method="against the free fall of a straight body, velocity at 6 Hz",
    ),
    *TENSION,
)
