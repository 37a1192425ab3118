"""What is measured of a Nordic curl, and under which conditions it is a number.

Sources: docs/nordic-curl.md with its sections; [O] is a limit of our own where the literature has
none.
"""

from __future__ import annotations

from dataclasses import replace

from formcheck.exercises import nordic_filming
from formcheck.measures import (
    arms,
    braking,
    break_extras,
    break_point,
    contact,
    filmed,
    gates,
    range,
    settled,
    tempo,
    tension,
    trunk,
    view_gates,
)
from formcheck.measures.break_point import BreakRule
from formcheck.measures.contact import ContactRule
from formcheck.measures.measure import Choice, Gate, Measure
from formcheck.measures.torque import TorqueRule, estimated_torque
from formcheck.measures.trunk import ReadyRule, ready_hips

PROTOCOL = "formcheck docs, nordic-curl.md {}"

CONTACT = ContactRule(  # 4
    near=0.15, slow=0.5, low=0.35, thrown=2, still=0.02, carried=0.10, follows=0.15,
    lags_s=0.03,  # hands alone keep the pose model's own smoothing: 87 rendered releases
)  # fmt: skip

READY = ReadyRule(looks_s=(0.5, 0.35, 0.2), within=6)  # held still before the rep [O]

BREAK = BreakRule(  # 1.2
    flexion="knee_flexion",
    cutoff_hz=3,
    still_test=5,
    literature=10,  # Soga 2021
    times_pace=3,  # 24 drawn break points: MAE 0.9 deg
    pace_over=20,
    peak_times_pace=3.5,  # real broken reps 7.5-11 times, controlled ones 2-3
    peak=45,
    lasts_s=0.15,
    opens=10,
)
# --- the conditions of a number (9)

FPS = gates.frame_rate(9)
FPS_FALL = gates.frame_rate(14)
FPS_BREAK = gates.frame_rate(23.5)
FPS_SHARPEST = gates.frame_rate(29)  # 1.3
FPS_BRAKED = gates.frame_rate(23.5, ok=47)  # as the peak; it begins with the break
FPS_PEAK = gates.frame_rate(14, ok=47)  # 6 Hz needs 12; below 47 an estimate
SIDE = view_gates.view("thigh_lean", share=(4, 8), most_yaw=45, unrectified=(10, 20))
LEVEL = view_gates.level((10, 20))
LARGE = gates.size(ok=180, warn=100)
LEGS = gates.visibility("thigh_lean", ok=0.8, warn=0.6)
TRUNK = gates.visibility("hip_flexion", ok=0.8, warn=0.6)
UNBROKEN = gates.unbroken("thigh_lean", ok=0.05, warn=0.10)
HANDS = gates.hands_seen("wrist_u", least=CONTACT.seen, tip=nordic_filming.ROOM)
GAPLESS = gates.gapless(longest_s=0.20, around_s=0.3)
GAPLESS_BACK = gates.gapless(longest_s=0.20, around_s=0.3, whole=True)
STEADY = gates.steady("thigh_lean", ok=1, warn=2.5)  # knee flexion trembles as the thigh does
CONSTANT = gates.constant("thigh_length", ok=0.05, warn=0.10)
CONSTANT_TRUNK = gates.constant("thigh_length", "trunk_length", ok=0.05, warn=0.10)
SETTLED = settled.gates(least=75, longest_s=12, free_fall=1.3)
FLAT = gates.flat("shank_pitch", within=10, seen=0.6, tip=nordic_filming.FLAT)  # Soga 2021
CAMERA = filmed.camera_still(ok=0.5, warn=1.5, before_s=0.5, after_s=1)
SAME = filmed.same_body(leap=0.5)  # the knee of a real rep moves by 0.2 at most [O]
SIDES = filmed.sides_kept(warn=3)
ANGLE = (SIDE, LEVEL, LARGE, LEGS, UNBROKEN, GAPLESS, STEADY, CONSTANT, SAME, SIDES)
HIP = (
    *(SIDE, LEVEL, LARGE, TRUNK, gates.unbroken("hip_flexion", ok=0.05, warn=0.10), GAPLESS),
    *(STEADY, CONSTANT_TRUNK, SAME, SIDES),
)

MARKS = {
    "catch": contact.catch(CONTACT, HANDS, BREAK, "body_lean"),
    "release": contact.release(CONTACT),
    "push_end": contact.push_end(CONTACT),
    "break": break_point.locate_break(BREAK, (FPS_BREAK, *ANGLE, *SETTLED)),
}

HIPS = trunk.Hips("hip_flexion", READY)
DURATION = tempo.once(tempo.eccentric_duration(HANDS))
BROKEN: tuple[Gate | Choice, ...] = (FPS_BREAK, *ANGLE, FLAT, *SETTLED)
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
    Measure("hip_flexion_start", "deg", HIPS.flexion_start, PROTOCOL.format(3), HIP),
    Measure("hip_flexion_max", "deg", HIPS.flexion_max, "Sconce 2021", HIP),
    Measure("hip_break", "deg", HIPS.hip_break, "Sconce 2021, Sarabon 2019", HIP),
    Measure(
        "hip_extension_min",
        "deg",
        HIPS.extension_min(share=0.05, lasts_s=0.3),
        PROTOCOL.format(3),
        HIP,
    ),
    Measure("bottom_thigh_lean", "deg", range.greatest("thigh_lean"), PROTOCOL.format(0.5), ANGLE),
    Measure(
        "returned_share",
        "1",
        range.returned_share,
        PROTOCOL.format(0.5),
        (FPS, GAPLESS_BACK),
    ),
    *TORQUES,
)

FIXES = {
    "pace": break_point.pace(BREAK),
    "hip_start": ready_hips("hip_flexion", READY),
    settled.FIXED: settled.felt,
}
