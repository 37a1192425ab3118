"""The Nordic hamstring curl: kneeling, ankles held, lowering the body by the hamstrings.

Sources: docs/nordic-curl.md with its sections; [O] is a limit of our own where the literature has
none. How it goes round and what makes it one stand here, its measures and its rule book beside it
(nordic_*.py); what is true of any landmarks (their noise) stands with the
measures.
"""

from __future__ import annotations

from dataclasses import replace

from formcheck import recognition, sagittal
from formcheck.cycle import Cycle
from formcheck.exercise import Exercise
from formcheck.exercises import (
    nordic_arms,
    nordic_checks,
    nordic_cues,
    nordic_filming,
    nordic_front,
    nordic_gates,
    nordic_ground,
    nordic_hips,
    nordic_look,
    nordic_lowering,
    nordic_measures,
    nordic_set,
    nordic_tempo,
    programmes,
)
from formcheck.exercises.references import REFERENCES
from formcheck.measures.noise import angle_half_widths, change_half_widths
from formcheck.recognition import Criterion
from formcheck.view.posture import KNEELING

# --- how it goes round (0.5)

CYCLE = Cycle(
    signal="thigh_lean",  # the ankle, and with it the knee angle, is often hidden
    depth="body_lean",
    leaves=10,  # 10-20 deg: an attempt [O]
    counts=20,  # [O]
    returns=0.80,  # [O]
    full=60,  # less is partial [O]
    turns=8,  # over the wobble of 8 deg that must not count (0.5's test)
    starts_under=3,  # deg/s, over +-0.25 s: right to 0.04 s on rendered truth
    starts_over_s=0.25,
    bottom_within=1,
    ends_within=6,
    settles=5,  # READY's own rate (0.5)
    settles_over_s=0.4,  # [O], as what follows
    looks_back_s=10,
    rests_s=3,
    rests_within=2.5,
    longest_s=60,
)
# --- what makes it one (0.5); on 42 other movements rules like these counted nothing

RECOGNISED = (
    Criterion(
        recognition.at_start("body_lean"),
        "The movement did not begin upright on the knees (the body leaned {value:.0f}°).",
        least=-25,
        most=45,
    ),
    Criterion(recognition.rise("body_lean"), "The body came down by {value:.0f}° only.", least=20),
    Criterion(  # who comes back up from leaning back ends upright, the rest known to 4 [O]
        recognition.reaches("thigh_lean"),
        "The thighs never leaned forward (to {value:.0f}° only).",
        least=10,
    ),
    Criterion(recognition.wanders("knee"), "The knees did not stay in one place.", most=0.20),
    Criterion(
        recognition.steepness("shank_pitch"),
        "The shins did not lie on the floor (they stood at {value:.0f}°).",
        most=40,
    ),
    Criterion(
        recognition.at_start("knee_flexion"),
        "The movement did not begin on bent knees (they were bent by {value:.0f}°).",
        least=45,
    ),
    Criterion(recognition.lasting, "It was over in {value:.1f} s.", least=0.8),
)
EXERCISE = Exercise(
    name="nordic-curl",
    title="Nordic curl",
    plural="Nordic curls",
    pages=(
        __file__,
        nordic_measures.__file__,
        nordic_gates.__file__,
        nordic_tempo.__file__,
        nordic_lowering.__file__,
        nordic_hips.__file__,
        nordic_ground.__file__,
        nordic_arms.__file__,
        nordic_checks.__file__,
        nordic_set.__file__,
        programmes.__file__,
        nordic_cues.__file__,
        nordic_front.__file__,
        nordic_look.__file__,
        nordic_filming.__file__,
    ),
    posture=KNEELING,
    signals=sagittal.signals,
    cycle=CYCLE,
    recognised=RECOGNISED,
    still="The thighs of the person followed never moved far enough for a Nordic curl (they swung "
    "by {signal:.0f}°, the whole body by {depth:.0f}°).",
    marks=nordic_measures.MARKS,
    moments={"break_s": "break", "catch_s": "catch", "bottom_s": "bottom", "release_s": "release"},
    fixes=nordic_measures.FIXES,
    measures=nordic_measures.MEASURES,
    checks=nordic_checks.CHECKS,
    set_measures=nordic_set.MEASURES,
    set_checks=nordic_set.CHECKS,
    setup=nordic_ground.SETUP,
    less_is_better=True,
    onward=nordic_set.onward,
    programme=programmes.NORDIC,
    columns=sagittal.COLUMNS,
    front=nordic_front.seen(CYCLE),
    uncertainties=angle_half_widths,
    uncertainties_within_set=change_half_widths,
    film=nordic_filming.FILM,
    tips=nordic_filming.TIPS,
    short_of={
        "partial": "stops half-way down",
        "no-return": "does not show the way back up",
    },
    whole="Lower all the way and come back up, and let the clip show both.",
    modes=("eccentric-concentric", "eccentric-only"),
    tempo="eccentric_duration",
    headline="break_point_angle",
    cues=nordic_cues.CUES,
    glossary=nordic_measures.GLOSSARY,
    references=REFERENCES,
    courses=nordic_lowering.COURSES,
    look=replace(nordic_look.LOOK, groups=nordic_measures.GROUPS),
)
