"""What is measured of the arms: where the hands land, and what they do.

Sources: docs/nordic-curl.md with its sections; [O] is a limit of our own where the literature has
none.
"""

from __future__ import annotations

from formcheck.exercises import nordic_filming
from formcheck.exercises.nordic_gates import (
    ANGLE,
    BREAK,
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
from formcheck.measures import arms, catching, gates, push, view_gates
from formcheck.measures.gates import Part
from formcheck.measures.measure import Choice, Gate, Measure

Gates = tuple[Gate | Choice, ...]

OWN = "nordic-curl.md 4 [O]"
"""Nobody has measured the arms of a Nordic curl from a film."""
CATCH = catching.CatchRule(BREAK, low=0.12, fast=120)  # [O]
SUPPORT = catching.SupportRule(moves=0.25, rests=0.2, least_s=0.3)  # [O]
PUSHING = Part(lambda rep: rep.between(rep.bottom, rep.mark("release")), "in the push")
ELBOW = gates.visibility(
    "elbow_flexion",
    ok=0.8,
    warn=0.5,
    part=PUSHING,
    advice=nordic_filming.ARM.words,
)
BESIDE = view_gates.view("thigh_lean", share=(4, 8), most_yaw=12, unrectified=(8, 12))
"""An elbow points outward: filmed from 18 degrees behind it reads 60 degrees too straight."""
LET_GO = "The spread of the release (lifted 0.025 s, pulled off 0.015 s, SD, and the frame rate)"
LEAN: Gates = (FPS_FALL, SIDE, LEVEL, LARGE, HANDS, CAMERA, GAPLESS_BACK, SAME, SIDES, *SETTLED)
LANDS: Gates = (FPS, HANDS, CAMERA, *ANGLE, *SETTLED)  # a hand that lands is told by its speed
ELBOWS: Gates = (FPS_FALL, BESIDE, LEVEL, LARGE, HANDS, CAMERA, SAME, SIDES, ELBOW, *SETTLED)

MEASURES = (
    Measure(
        "catch_angle",
        "deg",
        catching.catch_angle("knee_flexion", CATCH),
        PROTOCOL.format(4),
        LANDS,
        definition="How far the knees were still bent as the hands landed, and whether that was "
        "early (before the hamstrings gave way) or late (low and fast).",
        formula="knee_flexion(catch). Early where the lowering did not break before it; late where "
        f"catch_height < {CATCH.low:g} and catch_velocity > {CATCH.fast:g} deg/s.",
        uncertainty="The noise of an angle, 1.2° (SD); the catch, ± 0.02 s (SD) and the frame "
        "rate, times the speed; the change from rest by view and slide; the rest, the same in all "
        "reps of a clip.",
    ),
    Measure(
        "catch_velocity",
        "deg/s",
        catching.catch_velocity("knee_flexion"),
        OWN,
        (FPS_FALL, *LANDS[1:]),
        method="velocity at 6 Hz",
        definition="How fast the knees were opening as the hands landed.",
        formula="ω(catch), smoothed at 6 Hz.",
        uncertainty="14 % (SD) by which the model's points mislead fast motion; half of what it "
        "changes by within 0.02 s and half a frame of the catch.",
    ),
    Measure(
        "catch_height",
        "1",
        catching.catch_height,
        OWN,
        LANDS,
        method="in statures, by the thigh's length",
        definition="How high the shoulders were over the floor as the hands landed, in heights of "
        "the athlete.",
        formula="(shoulder_v(catch) − wrist_v(bottom)) / 4.4 thighs + 0.025 for the palm.",
        uncertainty="The stature in thighs, 4.4 ± 0.3 (SD); 0.08 thigh (SD) of the two places.",
    ),
    Measure(
        "arms_used_in_descent",
        "s",
        catching.arms_used_in_descent(SUPPORT),
        OWN,
        LANDS,
        definition="How long a hand rested on the floor or on a support before the break, or "
        "before the bottom where nothing broke. A hand on the own thigh goes with it and is not "
        "told.",
        formula="Longest time from start to break (bottom where nothing broke) with the wrist "
        f"slower than {SUPPORT.rests:g} of a shoulder that moves by over {SUPPORT.moves:g} "
        f"thigh/s, from {SUPPORT.least_s:g} s on; and break − catch where the hands land before.",
        uncertainty="Where hands rested, 0.05 s (SD) and half a frame; where not, the "
        f"{SUPPORT.least_s:g} s under which nothing is counted.",
    ),
    Measure(
        "release_lean",
        "deg",
        push.release_lean("body_lean"),
        OWN,
        LEAN,
        definition="How far the body still leaned forward as the hands left the floor.",
        formula="body_lean(release).",
        uncertainty=f"{LET_GO} times the speed; an angle's noise; 1.2° (SD) by which the lean is "
        "off all through a clip.",
    ),
    Measure(
        "push_angle_fraction",
        "1",
        push.push_angle_fraction("body_lean"),
        OWN,
        LEAN,
        definition="Which share of the way back up, as an angle, was done as the hands left the "
        "floor. The arm's length limits it to about 0.46; clean reps read 0.1 to 0.3.",
        formula="(body_lean(bottom) − body_lean(release)) / (body_lean(bottom) − body_lean(end)); "
        "0 where no hands landed.",
        uncertainty=f"{LET_GO} times the speed; an angle's noise twice; over the whole way. "
        f"{arms.NO_HANDS_HALF_WIDTH:g} where no hands landed.",
    ),
    Measure(
        "release_velocity",
        "deg/s",
        push.release_velocity("body_lean"),
        OWN,
        LEAN,
        method="velocity at 4 Hz",
        definition="How fast the body was rising as the hands left the floor.",
        formula="−d body_lean/dt at the release, smoothed at 4 Hz.",
        uncertainty="6 % and 3.5 deg/s (SD); what it changes by within the release's spread.",
    ),
    Measure(
        "hand_assisted_work_fraction",
        "1",
        arms.hand_assisted_work_fraction("body_lean", "hip_flexion", straight_within=20),  # 2
        "straight body of de Leva 1996; limits own",
        LEAN,
        method="energies of a straight body; an upper bound",
        definition="The most that the hands can have done of the work of coming up; the legs may "
        "have shared it.",
        formula="(cos body_lean(release) − cos body_lean(bottom) + ω²/2k) / (cos body_lean(end) − "
        "cos body_lean(bottom)); ω is release_velocity in rad/s, k = 22.29/height (male), "
        "23.49/height (female) rad/s², else their mean at 1.75 m. 0 where no hands landed. Refused "
        "where hip_flexion moves by more than 20° in the push.",
        uncertainty="Drawn: leans 1.2°, the release (lifted 0.025 s, pulled off 0.015 s, and the "
        "frame rate), its speed 8 %, the stature where not given 0.10 m, the straight body 4 % "
        "(SD); no less than to the other instant at which the hands may have left.",
    ),
    Measure(
        "elbow_ext_velocity_in_push",
        "deg/s",
        push.elbow_ext_velocity_in_push("elbow_flexion"),
        OWN,
        ELBOWS,
        method="velocity at 6 Hz",
        definition="How fast the elbow opened at most while the hands pushed. Over 150 deg/s it "
        "is an explosive push.",
        formula="Greatest −d elbow_flexion/dt from bottom to release, smoothed at 6 Hz.",
        uncertainty="18 % (SD), by 90 rendered reps.",
    ),
    Measure(
        "elbow_excursion_push",
        "deg",
        push.elbow_excursion_push("elbow_flexion"),
        OWN,
        ELBOWS,
        definition="How far the elbow opened while the hands pushed.",
        formula="elbow_flexion(bottom) − elbow_flexion(release).",
        uncertainty="The model's elbow, 6° (SD) at each end; the release's times the speed.",
    ),
)
