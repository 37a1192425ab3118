"""The prone leg curl with bench support: face down, the heels curled to the glutes and lowered.

Sources: docs/nordic-curl.md 10 with its sections; seed B is the exercise's description there; [O]
is a limit of our own where the literature has none. How it goes round, what makes it one and its
rule book stand here, its measures beside it (bench_*.py).
"""

from __future__ import annotations

from formcheck import prone, recognition
from formcheck.checks import Check, Limit
from formcheck.cycle import Cycle
from formcheck.exercise import Exercise
from formcheck.exercises import bench_cues, bench_look, bench_measures, programmes
from formcheck.exercises.bench_measures import ANKLES, HEIGHT, PROTOCOL, VARIATION
from formcheck.exercises.references import REFERENCES
from formcheck.measures import prone_noise
from formcheck.recognition import Criterion
from formcheck.sets import SetCheck
from formcheck.view.posture import PRONE

SEED = "seed B; limit [O]"

# --- how it goes round: from straight legs to the top and back (10)

CYCLE = Cycle(
    signal="knee_flexion",
    depth="knee_flexion",  # its greatest value, the machine's bottom, is the top of the curl
    leaves=10,  # 10-25 deg: an attempt [O]
    counts=25,  # half-way curls of a real set sweep 35 to 43 [O]
    returns=0.40,  # a real set comes half of the way back and goes on [O]
    full=90,  # less is partial [O]
    straight=15,  # more at both ends is partial [O]
    halfway=0.30,  # less is a wobble at the top [O]
    bottom_within=3,  # held tops tremble: 22 rendered reps, late by 0.21 s at 1, 0.07 at 3 [O]
)

# --- what makes it one: a body that lies still and swings its shanks (10); all limits [O]

RECOGNISED = (
    Criterion(
        recognition.off_level("trunk_lean"), most=45,  # on a bent bench 5
        otherwise="The trunk did not lie (it stood {value:.0f}° off level).",
    ),
    Criterion(
        recognition.off_level("thigh_lean"), most=45,  # on a bent bench 27
        otherwise="The thighs did not lie (they stood {value:.0f}° off level).",
    ),
    Criterion(
        recognition.varies("thigh_lean"), most=30,  # hips that lift: 17
        otherwise="The thighs did not lie still (they turned by {value:.0f}°).",
    ),
    Criterion(
        recognition.falls("shank_pitch"), least=20,  # half-way curls 35, push-ups 0
        otherwise="The shanks did not swing about the knees (they turned by {value:.0f}°).",
    ),
    Criterion(recognition.varies("hip_flexion"), "The hips bent too ({value:.0f}°).", most=35),
    Criterion(recognition.wanders("knee"), "The knees did not stay in one place.", most=0.25),
    Criterion(recognition.lasting, "It was over in {value:.1f} s.", least=0.8),
)  # fmt: skip

# --- the rule book (10)

CHECKS = (
    Check(
        "no-pause", label="no pause at the top", spoken="hold it",
        limits=(
            Limit(
                "top_pause", "Held at the top for {value:.1f} s; aim for {aim:g} s or more.",
                fault=0.5, kind="min", source=SEED,
            ),
        ),
        advice="Hold the heels at the glutes for a moment before you lower them.",
        good="Held the heels at the top.",
    ),
    Check(
        "lowers-too-fast", label="lowering too fast", spoken="slower",
        limits=(
            Limit(
                "lower_duration", "The lowering took {value:.1f} s; aim for {aim:g} s or more.",
                fault=2.0, kind="min", source=SEED,
            ),
            Limit(
                "lower_less_lift",
                "The lowering took {value:+.1f} s against the lift; aim for {aim:g} s or more.",
                fault=0.0, kind="min", source=SEED,
            ),
        ),
        advice="Lower more slowly than you lift: count the seconds on the way down.",
        good="Lowered the heels slowly.",
    ),
    Check(
        "hips-lift", label="hips lifting", spoken="hips down",
        limits=(
            Limit(
                "hip_lift", "The thighs tipped by {value:.0f}°: the hips came off the bench.",
                fault=10, source=PROTOCOL,
            ),
        ),
        advice="Press the hips into the bench; curl no higher than they allow.",
        good="Kept the hips on the bench.",
    ),
    Check(
        "upper-body-moves", label="the upper body moving", spoken="chest down",
        limits=(
            Limit(
                "trunk_motion", "The upper body tipped by {value:.0f}°; it is to lie still.",
                fault=8, source=SEED,
            ),
        ),
        advice="Hold on to the bench and keep the chest on it; take less load if it lifts.",
        good="Kept the upper body still.",
    ),
    Check(
        "partial-range", label="not going all the way", spoken="all the way",
        limits=(
            Limit(
                "top_knee_flexion", "Curled to {value:.0f}° only; a full rep goes to {aim:g}°.",
                warning=90, kind="min", source=PROTOCOL,
            ),
            Limit(
                "bottom_knee_flexion",
                "The legs stayed bent by {value:.0f}°; a full rep straightens them to {aim:g}°.",
                warning=15, source=PROTOCOL,
            ),
        ),
        advice="Start from straight legs, bring the heels to the glutes, and straighten again.",
        good="Went from straight legs to the top.",
        kinds=("full", "partial"),
    ),
    Check(
        "does-not-return", label="not showing the way back down", spoken="all the way down",
        limits=(
            Limit(
                "returned_share", "The lowering was not shown before the end of the clip.",
                warning=0.40, kind="min", source=PROTOCOL,
            ),
        ),
        advice="Lower the legs after every rep; the clip must show it.",
        good="Came down again from the top.",
        kinds=("full", "partial", "no-return"),
    ),
)  # fmt: skip

UNEVEN = SetCheck(
    "uneven-tempo",
    label="an uneven tempo",
    limits=(
        Limit(
            VARIATION.name,
            "The lowering times spread by {value:.0%} about their mean; up to {aim:.0%} is even.",
            note=0.30, source="docs section 5b [O]",
        ),
    ),
    advice="Give every rep the same time: count in your head.",
    good="Every rep had the same tempo.", of_tempo=True,
)  # fmt: skip

EXERCISE = Exercise(
    name="bench-leg-curl",
    title="prone leg curl",
    plural="prone leg curls",
    pages=(
        __file__,
        bench_measures.__file__,
        bench_look.__file__,
        bench_cues.__file__,
        programmes.__file__,
    ),
    posture=PRONE,
    signals=prone.signals,
    cycle=CYCLE,
    recognised=RECOGNISED,
    still="The shanks of the person followed never swung far enough for a prone leg curl (the "
    "knees bent by {signal:.0f}°).",
    marks=bench_measures.MARKS,
    moments={"top_s": "bottom", "lower_s": "lower"},
    fixes=bench_measures.FIXES,
    measures=bench_measures.MEASURES,
    checks=CHECKS,
    set_measures=(VARIATION,),
    set_checks=(UNEVEN,),
    programme=programmes.USUAL,
    columns=prone.COLUMNS,
    uncertainties=prone_noise.angle_half_widths,
    uncertainties_within_set=prone_noise.change_half_widths,
    film="from the side, the phone still and at the height of the bench, 3 to 5 m away, the whole "
    "body from head to feet in the picture.",
    tips=(HEIGHT, ANKLES),
    short_of={
        "partial": "does not go from straight legs to the top",
        "no-return": "does not show the way back down",
    },
    whole="Start from straight legs, curl to the top and lower again; let the clip show it all.",
    modes=("eccentric-concentric",),
    tempo="lower_duration",
    headline="rom",
    cues=bench_cues.CUES,
    glossary=bench_measures.GLOSSARY,
    references=REFERENCES,
    look=bench_look.LOOK,
)
