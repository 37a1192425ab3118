"""What is measured of the lowering: the break point, the braking and the torque.

Sources: docs/nordic-curl.md with its sections; [O] is a limit of our own where the literature has
none.
"""

from __future__ import annotations

from dataclasses import replace

from formcheck.exercises.nordic_arms import SUPPORT
from formcheck.exercises.nordic_gates import (
    ANGLE,
    BREAK,
    BROKEN,
    CONSTANT,
    FLAT,
    FPS_BRAKED,
    FPS_BREAK,
    FPS_SHARPEST,
    HANDS,
    HIP,
    LEGS,
    PROTOCOL,
    SETTLED,
    UNBROKEN,
)
from formcheck.measures import (
    braking,
    break_extras,
    break_point,
    catching,
)
from formcheck.measures.course import Course, torque_course
from formcheck.measures.measure import Measure
from formcheck.measures.noise import CHANGE, DRAWN, REST
from formcheck.measures.torque import TorqueRule, estimated_torque

ANGLE_INTERVAL = f"{DRAWN}; {CHANGE}; {REST}."
BREAK_AT = (
    f"t_p: the greatest ω from start to catch, or to bottom where no hands land; t_b: the last "
    f"instant before it with ω ≤ ω_b, straight between frames; ω at {BREAK.cutoff_hz:g} Hz"
)
BROKE = (
    f"Broken if ω(t_p) ≥ max({BREAK.peak:g}, {BREAK.peak_times_pace:g}·pace) and, from t_b to "
    f"bottom, ω > ω_b for ≥ {BREAK.lasts_s:g} s and knee_flexion opens by ≥ {BREAK.opens:g}°"
)
OF_CLIP = (
    "Within the set the noise alone: the rest, the view and the slide are the clip's and cancel "
    "between its reps."
)
OF_BROKEN = "Of broken lowerings only (see break_point_angle)."

TORQUE = TorqueRule(BREAK, still=60, widest=0.4, leaned=catching.leaned(SUPPORT))  # 6.5; width [O]
TORQUE_IS = (
    "τ = g·[(m_t·r_t + m_h·L_t)·sin(thigh_lean) + m_h·r_h·sin(trunk_lean)] at the break (catch if "
    "the hands landed before: at least), angles at "
    f"{BREAK.cutoff_hz:g} Hz; t the thighs, h what the hips carry, m masses, r centres of mass, "
    "L_t the thigh, of de Leva 1996; less I times its acceleration where thigh_lean grows faster "
    f"than {TORQUE.still:g} deg/s; refused where its interval is wider than ± {TORQUE.widest:.0%}, "
    "and where a hand rested on something before (see arms_used_in_descent)"
)
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
        method="an estimate of two rigid segments; no band, no added load assumed",
        definition=f"What holding the posture of the break point asks of the knee flexors{words}.",
        formula=f"{TORQUE_IS}{share}.",
        uncertainty="The interval of the break point and the thigh's rest, through the formula; "
        "hip_flexion's own ± 8°; the proportions, ± 5 %; where the sex was not given, half of "
        "what the sexes differ by.",
        needs=("mass_kg", "height_m"),
    )
    for of_what, unit, legs, per_kg, words, share in (
        ("", "N·m", 2, False, ", both legs together", ""),
        ("_per_leg", "N·m", 1, False, " of one leg, if both do the same", "; half of τ"),
        ("_per_kg", "N·m/kg", 2, True, ", for each kilogram of the body", "; τ / mass"),
        (
            *("_per_leg_per_kg", "N·m/kg", 1, True),
            " of one leg, for each kilogram of the body",
            "; half of τ / mass",
        ),
    )
)

COURSES = (Course(TORQUES[0].name, "n_m", torque_course(TORQUE)),)

MEASURES = (
    Measure(
        "break_point_angle",
        "deg",
        break_point.break_point_angle(BREAK),
        "Soga 2021",
        BROKEN,  # it is found by its speed
        definition="Knee flexion where the slow lowering turned into a fall. 0° is a straight "
        "knee: the smaller, the further it was held.",
        formula=f"knee_flexion(t_b). {BREAK_AT}. ω_b = {BREAK.literature:g} deg/s where pace < "
        f"{BREAK.still_test:g} (test), else max({BREAK.literature:g}, "
        f"{BREAK.times_pace:g}·pace), at most {BREAK.peak:g} (adaptive). {BROKE}. Else a bound: "
        "at most the least knee_flexion (controlled-to), or that as the hands land "
        "(caught-before-break); at least that at the start where ω > ω_b throughout "
        "(uncontrolled-from-start).",
        uncertainty=f"{ANGLE_INTERVAL} {OF_CLIP}",
    ),
    *(
        Measure(
            name,
            "deg",
            break_point.converted(BREAK, whole),
            source,
            BROKEN,
            definition=f"{what} at the break point: the same posture as {authors} tell it.",
            formula=f"{whole:g}° − break_point_angle; a bound changes its side.",
            uncertainty="That of break_point_angle.",
        )
        for name, whole, source, what, authors in (
            (
                "bpa_included_knee",
                180,
                "Sconce 2021",
                "The knee's inner angle",
                "authors who call a straight knee 180°",
            ),
            (
                "bpa_forward_lean",
                90,
                "CUHK 2018",
                "The lean off upright, the shins level",
                "authors who count from upright",
            ),
        )
    ),
    Measure(
        "bpa_thigh_to_horizontal",
        "deg",
        break_extras.thigh_to_horizontal(BREAK, "thigh_lean"),
        "Sconce 2015",
        BROKEN,
        definition="The thigh against the level at the break point: the break point itself as "
        "long as the shins lie level.",
        formula=f"90° − thigh_lean(break). {OF_BROKEN}",
        uncertainty=f"{DRAWN}; {CHANGE}; the thigh's rest. {OF_CLIP}",
    ),
    Measure(
        "dwa_onset",
        "deg",
        break_extras.dwa_onset(BREAK),
        "Ditroilo 2013",
        BROKEN,
        method="velocity at 3 Hz",
        definition="Knee flexion where the knees began to open faster and faster (the onset of the "
        "downward acceleration).",
        formula=f"knee_flexion at the last least ω before t_p. {OF_BROKEN}",
        uncertainty=f"{DRAWN}; half a frame; {CHANGE}; {REST}. {OF_CLIP}",
    ),
    Measure(
        "bpa_acceleration",
        "deg",
        break_extras.bpa_acceleration(BREAK),
        "Sconce 2021",
        (FPS_SHARPEST, *ANGLE, FLAT, *SETTLED),
        method="velocity at 3 Hz; an estimate of the angle of the greatest torque",
        definition="Knee flexion where its opening gained speed most; it estimates the angle at "
        "which the torque breaks.",
        formula=f"knee_flexion at the greatest dω/dt from start to t_p. {OF_BROKEN}",
        uncertainty=f"{DRAWN}; half a frame; {CHANGE}; {REST}. {OF_CLIP}",
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
        definition="How much of the fall after the break was still braked: 0 is a free fall, 1 "
        "is no faster than at the break.",
        formula="1 − (ω₂² − ω₁²) / (2k·(cos body_lean₁ − cos body_lean₂)), ω of body_lean in "
        "rad/s; 1 the break, 2 the fastest instant before catch. k = 22.29/height (male), "
        "23.49/height (female) rad/s², else their mean at 1.75 m. Refused where body_lean sweeps "
        "less than 5° or hip_flexion moves by more than 20°.",
        uncertainty=f"{DRAWN}, with 14 % (SD) of the speed and the rest of the lean; height and "
        "sex where they were not given.",
    ),
)
