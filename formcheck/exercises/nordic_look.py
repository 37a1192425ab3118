"""How the Nordic hamstring curl looks to a person: its phases, moments and numbers in words."""

from __future__ import annotations

from formcheck.look import HIP, HIP_ARC, KNEE, Arc, Load, Look, Moment, Phase, Speed, Term
from formcheck.pose import Joint

BREAK = "break_point_angle"
TORQUE = "estimated_knee_flexor_torque"
ESTIMATE = (
    "An estimate, not a measurement: compare it with the same athlete filmed the same way only, "
    "never with the values of a machine."
)

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
    "bpa_included_knee": Term(
        "Break point, inner angle",
        "The same with a straight knee called 180°: the larger, the further it was held.",
    ),
    "bpa_forward_lean": Term(
        "Break point, lean",
        "The same counted from upright: the larger, the further it was held.",
    ),
    "bpa_thigh_to_horizontal": Term(
        "Thighs at the break",
        "The thighs against the level at the break point. It is the break point itself as long as "
        "the shins lie level.",
    ),
    "dwa_onset": Term(
        "Onset of the fall",
        "How far the knees were still bent where they began to open faster and faster.",
    ),
    "bpa_acceleration": Term(
        "Sharpest turn",
        "How far the knees were still bent where their opening gained speed most. It estimates "
        "where the torque of the knees was greatest before they gave way.",
    ),
    "controlled_duration": Term(
        "Controlled time",
        "From the first motion to the break point. The whole lowering where nothing broke.",
    ),
    "braking_fraction": Term(
        "Braking",
        "How much of the fall after the break point was still braked: 0% is a free fall, 100% is "
        "no faster than at the break. Without the athlete’s height and sex those of people on "
        "average are used.",
    ),
    "time_under_tension_over_60": Term(
        "Time over 60°", "How long the lowering took until the knees were bent by 60°."
    ),
    **{
        f"time_under_tension_{over}_{upto}": Term(
            f"Time from {over}° to {upto}°",
            f"How long the knees were bent by {over}° to {upto}° while lowering.",
        )
        for over, upto in ((60, 40), (40, 20), (50, 40), (40, 30), (30, 20), (20, 10))
    },
    **{
        f"time_under_tension_under_{upto}": Term(
            f"Time under {upto}°",
            f"How long the knees were bent by less than {upto}° while lowering.",
        )
        for upto in (20, 10)
    },
    "jerkiness": Term(
        "Turns on the way down",
        "How often the knees bent again while lowering, and then went on opening: 0 is one even "
        "movement.",
    ),
    "final_phase_control": Term(
        "Control of the last 20°",
        "How much of the last 20° before the knees are straight was gone through slowly, at 30°/s "
        "or less. It describes; it does not tell who is ready for added weight.",
    ),
    "break_point_best": Term(
        "Best break point",
        "The smallest break point of the set: how far the best rep was held. Women broke about 10° "
        "earlier than men in one study.",
    ),
    "break_point_mean": Term("Mean break point", "The break point of the set on average."),
    "within_set_drift": Term(
        "Drift to an earlier break",
        "How much earlier the body gave way from each rep to the next; below 0 later.",
    ),
    "controlled_duration_variation": Term(
        "Spread of the controlled time",
        "How much the controlled part of the lowering differs between the reps.",
    ),
    "break_point_loss": Term(
        "Lost in one rep",
        "How much earlier a rep gave way than the better of the first two. 0° is no sure "
        "difference.",
    ),
    "break_point_loss_in_a_row": Term(
        "Lost twice in a row",
        "How much earlier two reps in a row gave way, both, than the better of the first two.",
    ),
    "controlled_duration_loss_twice": Term(
        "Controlled time lost",
        "By how much the controlled part of the lowering became shorter in two later reps, both, "
        "than in the better of the first two.",
    ),
    "catch_angle": Term(
        "Knees at the catch", "How far the knees were still bent when the hands landed."
    ),
    "catch_velocity": Term(
        "Speed at the catch", "How fast the knees were opening when the hands landed."
    ),
    "catch_height": Term(
        "Height at the catch",
        "How high the shoulders were over the floor when the hands landed, as a share of the "
        "athlete’s height.",
    ),
    "arms_used_in_descent": Term(
        "Hands down early",
        "How long a hand rested on the floor or on a support before the hamstrings gave way.",
    ),
    "release_lean": Term(
        "Lean at the release", "How far the body still leaned forward when the hands let go."
    ),
    "push_angle_fraction": Term(
        "Way pushed",
        "How much of the way back up, as an angle, was done when the hands let go.",
    ),
    "release_velocity": Term(
        "Speed at the release", "How fast the body was rising when the hands let go."
    ),
    "elbow_ext_velocity_in_push": Term(
        "Speed of the push", "How fast the elbow opened at most while the hands pushed."
    ),
    "elbow_excursion_push": Term(
        "Arms’ way in the push", "How far the elbow opened while the hands pushed."
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
    "alignment_rms": Term(
        "Hip line",
        "How far the hips were off their own start on average while lowering: 0° keeps shoulder, "
        "hip and knee in the line of the start, up to 8° is good.",
    ),
    "lead_joint": Term(
        "Lean from the knees",
        "How much of the trunk’s lean came from the knees. 100% leans as one piece; under 70% "
        "folds at the hips instead.",
    ),
    "neck_angle": Term(
        "Neck",
        "How far the head was bent forward against the trunk while lowering; below 0° it was "
        "tipped back.",
    ),
    "start_knee_angle": Term(
        "Knees at the start",
        "How far the knees were bent just before the first motion: 80° to 105° is tall on the "
        "knees.",
    ),
    "shank_pitch": Term(
        "Slope of the shins",
        "How far the shins were off level while lowering; below 0° the feet lie higher than the "
        "knees. Break points compare only on one slope.",
    ),
    "shank_pitch_change": Term(
        "Shins tilted",
        "The most that the slope of the shins changed while lowering; below 0° the feet came up.",
    ),
    "heel_lift": Term(
        "Feet came up",
        "How far the feet came up while lowering, as a share of the body’s height: 3% is about "
        "5 cm. They stay down where the ankles are held well.",
    ),
    "knee_shift": Term(
        "Knees slid",
        "How far the knees slid forward while lowering, as a share of the body’s height: 3% is "
        "about 5 cm.",
    ),
    "ankle_position": Term(
        "Feet",
        "How the feet were held: below 0° the toes point away, by so much at least. Pulled up or "
        "pointed, studies disagree on which is better; keep to one.",
    ),
    "ankle_position_change": Term(
        "Feet turned", "The most that the feet can have turned in the ankles while lowering."
    ),
    "pad_height": Term(
        "Height of the knees",
        "How much higher the knees lay than the hands landed, as a share of the athlete’s height: "
        "what they knelt on. 0% is one floor.",
    ),
    "bottom_thigh_lean": Term("Depth", "How far the thighs leaned forward at the bottom."),
    "returned_share": Term("Way back up", "How much of the way back up to kneeling was done."),
    TORQUE: Term(
        "Estimated torque",
        "What it takes to hold the body still in the posture of the break point, both legs "
        f"together, by its mass and mean proportions. {ESTIMATE}",
    ),
    f"{TORQUE}_per_leg": Term(
        "Estimated torque of a leg", f"Half of it, as if both legs did the same. {ESTIMATE}"
    ),
    f"{TORQUE}_per_kg": Term(
        "Estimated torque for the body mass",
        f"The torque of both legs for each kilogram of the body. {ESTIMATE}",
    ),
    f"{TORQUE}_per_leg_per_kg": Term(
        "Estimated torque of a leg for the body mass",
        f"Half of it, as if both legs did the same. {ESTIMATE}",
    ),
}

OUTCOMES = {
    "controlled-to": "controlled all the way, no break seen",
    "caught-before-break": "the hands took over before any break",
    "uncontrolled-from-start": "fell from the start",
    "range-not-reached": "the knees did not come so far",
    "hinging": "folds at the hips rather than leans",
    "early-catch": "the hands landed before anything broke",
    "late-catch": "landed low and fast: put the hands down earlier",
}
MODES = {
    "eccentric-concentric": "lower slowly, come back up by the hamstrings (eccentric-concentric)",
    "eccentric-only": "lower slowly, push back up with the hands on purpose (eccentric-only)",
}

SPEED = Speed(
    signal="knee_flexion",
    until="bottom",
    falls=True,
    title="How fast the knees opened, in degrees a second",
    angle="knee flexion in degrees, from bent to straight",
    speed="degrees a second",
    cutoff_hz=3,  # that of the break point
    measure=BREAK,
    limit="faster is a fall",
    reads="A controlled lowering stays low and level. The break point is where the curve crosses "
    "the dotted line for the last time; what rises beyond it is the fall.",
)
LOAD = Load(
    measure=TORQUE,
    signal="knee_flexion",
    title="Estimated torque of both legs in N·m",
    angle="knee flexion in degrees, from bent to straight",
    falls=True,
    reads="Until the break point, or until the hands took over. The further the body leans, the "
    f"more it takes to hold it: a curve that ends further right was held longer. {ESTIMATE}",
)

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
    compared=("break_point_best", "controlled_duration"),
    terms=TERMS,
    kinds={
        "partial": "partial: not all the way down",
        "no-return": "way back up not seen",
    },
    outcomes=OUTCOMES,
    modes=MODES,
    overlaid="A curve that falls late and gently was lowered with control. Where the last rep "
    "drops much earlier than the first, strength ran out.",
    announced=BREAK,
    speed=SPEED,
    load=LOAD,
)
