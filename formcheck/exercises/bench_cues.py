"""What its description (seed B) asks of a prone leg curl, cue by cue, and what is made of each."""

from __future__ import annotations

from formcheck.exercise import Cue
from formcheck.exercises import reminders

CUES = (
    Cue(
        "Lie face down, the hips at the edge of the bench",
        "B",
        checks=("hips-lift",),
        measures=("hip_lift",),
        note="lying is also what makes it one",
    ),
    Cue(
        "The legs extended straight behind you",
        "B",
        checks=("partial-range",),
        measures=("bottom_knee_flexion",),
    ),
    Cue("Hold on to the bench for support", "B", reminder=reminders.SUPPORT),
    Cue("Keep the upper body still", "B", checks=("upper-body-moves",)),
    Cue(
        "Curl the legs towards the glutes",
        "B",
        checks=("partial-range",),
        measures=("top_knee_flexion", "rom"),
    ),
    Cue("Pause for a moment at the top", "B", checks=("no-pause",)),
    Cue(
        "Slowly extend the legs",
        "B",
        checks=("lowers-too-fast", "uneven-tempo"),
        measures=("lower_duration", "lower_less_lift"),
    ),
    Cue("Back to the starting position", "B", checks=("does-not-return",)),
    Cue("Repeat for the desired number of repetitions", "B", note="the reps are counted"),
    Cue("Warm up properly", "B", reminder=reminders.WARM_UP),
    Cue("Form over weight; master easier progressions first", "B", reminder=reminders.LOAD),
    Cue("A stable supporting surface", "B", reminder=reminders.SUPPORT),
    Cue("Knees in line with the toes, not caving in", "B", reminder=reminders.KNEES),
    Cue("Work within your mobility", "B", reminder=reminders.MOBILITY),
    Cue("Do not hold your breath", "B", reminder=reminders.BREATHE_CURLING),
    Cue(
        "End the set when the form fails",
        "B",
        note="every rep is judged by itself, so the report shows the rep in which it failed",
    ),
    Cue("Allow 48 to 72 hours of recovery", "B", reminder=reminders.RECOVER),
    Cue(
        "3 to 5 sets; 1 to 5, 6 to 12 or more reps by the aim",
        "B",
        note="the reps are counted; what is aimed at is the programme's",
    ),
)
"""In the order of the description."""
