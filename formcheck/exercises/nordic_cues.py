"""What the descriptions ask of a Nordic curl, cue by cue, and what is made of each.

Seed A describes the exercise itself; seed B its sister on a bench, whose advice on training holds
here as well.
"""

from __future__ import annotations

from formcheck.exercise import Cue
from formcheck.exercises import reminders

CUES = (
    Cue(
        "Get on your knees, the heels anchored under a bench or a barbell",
        "A",
        note="what makes it one: upright on bent knees, the shins on the floor, the knees in place",
    ),
    Cue(
        "The feet dorsally flexed, toes towards the shins",
        "A",
        checks=("feet-not-dorsiflexed",),
        measures=("ankle_position",),
    ),
    Cue(
        "Flex the hips a little",
        "A",
        checks=("hips-too-straight", "hips-pike"),
        measures=("hip_flexion_start", "hip_flexion_max"),
    ),
    Cue(
        "Arms crossed over the chest, or at the sides",
        "A",
        measures=("catch_angle",),
        note="how they are held is not judged, only when they land",
    ),
    Cue("Inhale as you come down", "A", reminder=reminders.BREATHE_FALLING),
    Cue(
        "Fall slowly, controlling the descent with the hamstrings as much as you can",
        "A",
        checks=("falls-too-fast", "uneven-tempo"),
        measures=("break_point_angle", "controlled_duration", "braking_fraction"),
    ),
    Cue(
        "At the bottom catch the body with the arms and lower the torso to the floor",
        "A",
        checks=("partial-range",),
        measures=("catch_angle", "bottom_thigh_lean"),
    ),
    Cue("Exhale as you push up", "A", reminder=reminders.BREATHE_FALLING),
    Cue(
        "Push just enough until the hamstrings can take over",
        "A",
        checks=("overuses-arms",),
        measures=("hand_assisted_work_fraction",),
    ),
    Cue("Pull the body back up to the vertical", "A", checks=("does-not-return",)),
    Cue("Repeat for the prescribed number of repetitions", "A", note="the reps are counted"),
    Cue(
        "Use the arms as little as possible; the hamstrings do the work",
        "A",
        checks=("overuses-arms",),
        measures=("hand_assisted_work_fraction", "estimated_knee_flexor_torque"),
    ),
    Cue("The elbows slightly tucked while you push", "A", reminder=reminders.ELBOWS),
    Cue(
        "What anchors the heels is secure, or somebody holds them",
        "A",
        checks=("anchor-slips", "knees-slide"),
        measures=("heel_lift", "knee_shift"),
        reminder=reminders.ANCHOR,
    ),
    Cue("Protect the knees with a mat", "A", reminder=reminders.MAT),
    Cue("Only where there is no leg curl machine", "A", note="a choice of exercise, not its form"),
    Cue("Warm up properly", "B", reminder=reminders.WARM_UP),
    Cue("Form over weight; progress gradually", "B", reminder=reminders.LOAD),
    Cue(
        "End the set when you can no longer keep the form",
        "B",
        checks=("fatigue",),
        measures=("break_point_loss", "within_set_drift"),
    ),
    Cue("Do not hold your breath", "B", reminder=reminders.BREATHE_FALLING),
    Cue("Allow 48 to 72 hours of recovery", "B", reminder=reminders.RECOVER),
)
"""In the order of the descriptions."""
