"""How the prone leg curl looks to a person: its phases, moments and numbers in words."""

from __future__ import annotations

from dataclasses import replace

from formcheck.look import HIP, HIP_ARC, KNEE, KNEE_ARC, Arc, Group, Look, Moment, Phase, Term
from formcheck.pose import Joint

PHASES = (
    Phase("lift", "Lift", "lifting", ("start",), ("top",), "bars"),
    Phase("top", "Held at the top", "at the top", ("top",), ("lower", "leaves"), "dots"),
    Phase("lower", "Lowering", "lowering", ("lower", "leaves"), ("end",), "rising"),
)

MOMENTS = (
    Moment("top", "top", "square"),
    Moment("lower", "lowering begins", "triangle", needs="top_pause", sign="lowering"),
)

TERMS = {
    "rom": Term(
        "Range",
        "How far the knees bent and straightened: their most bent less their straightest in the "
        "rep.",
        more="moved through {} more",
        less="moved through {} less",
    ),
    "top_knee_flexion": Term(
        "Knees at the top", "How far the knees were bent at most. 0° is a straight leg."
    ),
    "bottom_knee_flexion": Term(
        "Straightest knees",
        "How straight the legs were where the rep began or ended, the straighter of the two.",
    ),
    "lift_duration": Term(
        "Lift time", "From the first motion until the heels are held at the top."
    ),
    "top_pause": Term(
        "Pause",
        "How long the heels were held still near the top.",
        more="was held {} longer at the top",
        less="was held {} less at the top",
    ),
    "lower_duration": Term(
        "Lowering time",
        "From the end of the pause until the legs were down.",
        short="Lowering",
        more="was lowered {} longer",
        less="was lowered {} faster",
    ),
    "lower_less_lift": Term(
        "Lowering less lift",
        "How much longer the lowering took than the lift; below 0 it was the quicker of the two.",
    ),
    "hip_lift": Term(
        "Hip lift",
        "How far the thighs tipped from how they lay before the rep, at most.",
        about="thigh_lean",
        change=True,
        more="lifted the hips {} more",
        less="lifted the hips {} less",
    ),
    "trunk_motion": Term(
        "Upper body",
        "How far the trunk tipped from how it lay before the rep, at most.",
        short="Trunk moved",
        about="trunk_lean",
        change=True,
        more="moved the upper body {} more",
        less="moved the upper body {} less",
    ),
    "returned_share": Term("Way back down", "How much of the way back down was done."),
    "lower_duration_variation": Term(
        "Spread of the lowering", "How much the lowering times of the reps differ, on average."
    ),
}

LOOK = Look(
    phases=PHASES,
    moments=MOMENTS,
    marked="lower",
    panels=(replace(KNEE, least=(0, 125)), replace(HIP, least=(-30, 30), height=0.85)),
    shape="Knee flexion from straight legs (low) to the top (high) and back, all reps to one "
    "scale; the triangle is where the lowering begins.",
    end_on="from the head or the feet, or too far off the side",
    highest=135,
    arcs=(
        KNEE_ARC,
        replace(HIP_ARC, quiet=True),
        Arc(None, Joint.KNEE, Joint.HIP, "thigh_lean", quiet=True),
        Arc(None, Joint.HIP, Joint.SHOULDER, "trunk_lean", quiet=True),
    ),
    columns=("top_pause", "hip_lift", "trunk_motion"),
    compared=("rom", "lower_duration"),
    groups=(
        Group("Range", ("rom", "top_knee_flexion", "bottom_knee_flexion", "returned_share")),
        Group("Tempo", ("lift_duration", "top_pause", "lower_duration", "lower_less_lift")),
        Group("Hips and upper body", ("hip_lift", "trunk_motion")),
    ),
    overlaid="Reps that lie on each other were done alike. A curve that comes down steeply was "
    "lowered fast; one whose top lies lower lost range.",
    terms=TERMS,
    kinds={
        "partial": "partial: not all the way",
        "no-return": "way back down not seen",
    },
)
