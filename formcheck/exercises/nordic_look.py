"""How the Nordic hamstring curl looks to a person: its phases, moments and numbers in words."""

from __future__ import annotations

from formcheck.look import HIP, HIP_ARC, KNEE, Arc, Look, Moment, Phase, Term
from formcheck.pose import Joint

BREAK = "break_point_angle"

PHASES = (
    Phase("lower", "Lowering", "lowering", ("start",), ("break", "bottom"), "rising"),
    Phase("drop", "Drop", "falling", ("break",), ("bottom",), "solid", needs=BREAK),
    Phase("bottom", "At the bottom", "at the floor", ("bottom",), ("leaves",), "dots"),
    Phase("push", "Push with the hands", "pushing up", ("leaves",), ("release",), "bars"),
    # not "pulling up" in a curl: the hands may still push
    Phase("curl", "Way back up", "coming up", ("release", "leaves"), ("end",), "falling"),
)

MOMENTS = (
    Moment("break", "break point", "triangle", needs=BREAK, sign="break"),
    Moment("catch", "hands land", "diamond", needs="catch_angle"),
    Moment("bottom", "bottom", "square"),
)

TERMS = {
    "eccentric_duration": Term(
        "Lowering time",
        "From the first motion until the hands land, or until the bottom where they do not.",
        short="Lowering",
        more="took {} longer on the way down",
        less="took {} less on the way down",
    ),
    "mean_descent_velocity": Term(
        "Lowering speed", "How fast the knees opened on average over the whole lowering."
    ),
    "peak_knee_velocity": Term(
        "Greatest speed", "The fastest that the knees opened while lowering."
    ),
    "early_fall": Term(
        "Early fall", "For how long the knees opened fast while they were still well bent."
    ),
    BREAK: Term(
        "Break point",
        "How far the knees were still bent where the slow lowering turned into a fall. "
        "0° is a straight knee: the smaller the angle, the longer it was held.",
        more="broke {} earlier",
        less="was held {} further",
    ),
    "catch_angle": Term(
        "Knees at the catch", "How far the knees were still bent when the hands landed."
    ),
    "hand_assisted_work_fraction": Term(
        "Hands’ share",
        "The most that the hands can have done of the work back up; the legs may have shared it.",
        more="leaned {} more on the hands",
        less="leaned {} less on the hands",
    ),
    "hip_flexion_start": Term(
        "Hips at the start",
        "The hip angle just before the first motion. 0° is shoulder, hip and knee in one line.",
        about="hip_flexion",
    ),
    "hip_flexion_max": Term(
        "Most folded hips", "The largest hip angle while lowering.", about="hip_flexion"
    ),
    "hip_break": Term(
        "Hip change",
        "How far the hips folded while lowering, counted from their own start.",
        more="folded {} more at the hips",
        less="folded {} less at the hips",
        about="hip_flexion",
        change=True,
    ),
    "hip_extension_min": Term(
        "Hips opened",
        "The least change of the hips from their own start that was held; below 0° is straighter.",
        about="hip_flexion",
        change=True,
    ),
    "bottom_thigh_lean": Term("Depth", "How far the thighs leaned forward at the bottom."),
    "returned_share": Term("Way back up", "How much of the way back up to kneeling was done."),
}

OUTCOMES = {
    "controlled-to": "controlled all the way, no break seen",
    "caught-before-break": "the hands took over before any break",
    "uncontrolled-from-start": "fell from the start",
}
MODES = {
    "eccentric-concentric": "lower slowly, come back up by the hamstrings (eccentric-concentric)",
    "eccentric-only": "lower slowly, push back up with the hands on purpose (eccentric-only)",
}

LOOK = Look(
    phases=PHASES,
    moments=MOMENTS,
    marked="break",
    panels=(KNEE, HIP),
    shape="Knee flexion from upright (high) to straight (low) and back, all reps to one scale; "
    "the triangle is the break point.",
    arcs=(
        # under the knee, else up and back over the calf: behind the thigh, lean as it may
        Arc(
            Joint.ANKLE,
            Joint.KNEE,
            Joint.HIP,
            "knee_flexion",
            ((0.0, 1.0), (-0.6, -0.8), (1.0, 0.0)),
        ),
        HIP_ARC,
    ),
    columns=("hip_break", "hand_assisted_work_fraction"),
    terms=TERMS,
    kinds={
        "partial": "partial: not all the way down",
        "no-return": "way back up not seen",
    },
    outcomes=OUTCOMES,
    modes=MODES,
)
