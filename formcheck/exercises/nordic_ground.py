"""What is measured of feet, shins and knees: whether they stay where they were, and how they lie.

Sources: docs/nordic-curl.md with its sections; [O] is a limit of our own where the literature has
none. Left against right, knees that fall inward and the force on the anchor are not seen from the
side, and nothing is said of them.
"""

from __future__ import annotations

from formcheck.exercises.nordic_arms import LANDS
from formcheck.exercises.nordic_gates import ANGLE, LIFTED, PROTOCOL, SHIN, SLID
from formcheck.measures import catching, ground
from formcheck.measures.measure import Measure
from formcheck.measures.noise import REST
from formcheck.same_setup import SetUpPart
from formcheck.view.shank import ROLL_SD

PLANTAR = 25.0  # a foot that points away by so much is not pulled up (5) [O]
SHARE = (
    "A share of the stature: the thigh's own share in it is the mean of both sexes of de Leva "
    "1996, ± 8 % (SD)"
)
FOOT_WIDTH = (
    f"Of the bound: {ground.FOOT_SD:g}° (SD) by which a foot that is held reads differently in the "
    "reps of a set."
)
LOWERING = "from start to catch (bottom where no hands land)"

MEASURES = (
    Measure(
        "start_knee_angle",
        "deg",
        ground.start_knee_angle,
        PROTOCOL.format(5) + " [O]",
        ANGLE,
        definition="How far the knees were bent just before the first motion: 80° to 105° is tall "
        "on the knees [O].",
        formula="Median of knee_flexion in the half second before start.",
        uncertainty=f"Noise of SD 1.2°; {REST}.",
    ),
    Measure(
        "shank_pitch",
        "deg",
        ground.shank_pitch,
        "Soga 2021",
        SHIN,
        aside=True,
        definition="Slope of the shins while lowering, + the knee higher. Beyond 10° either way "
        "the break point compares with none on another slope.",
        formula=f"Median of shank_pitch {LOWERING}, less what its landmarks misread at rest.",
        uncertainty=f"What is believed of the shin at rest; {ground.TILT_SD:g}° (SD) since.",
    ),
    Measure(
        "shank_pitch_change",
        "deg",
        ground.shank_pitch_change,
        PROTOCOL.format(5) + " [O]",
        LIFTED,
        aside=True,
        definition="The most by which the shin's slope left that of the start while lowering, − "
        "where the ankle rises: beyond 8° the shin lifts [O].",
        formula=f"5th or 95th percentile, the larger, of shank_pitch {LOWERING} less its median in "
        "the half second before start.",
        uncertainty=f"{ground.TURN_SD:g}° (SD) on rendered shins that lie still; the angle that "
        "the shin's points stray by.",
    ),
    Measure(
        "heel_lift",
        "1",
        ground.heel_lift,
        PROTOCOL.format(5) + " [O]",
        LIFTED,
        aside=True,
        definition="How far the whole foot came up while lowering, ankle, heel and toes together.",
        formula="95th percentile of the least rise of ankle_v, heel_v and foot_index_v over knee_v "
        f"{LOWERING}, since the half second before start. {SHARE}.",
        uncertainty=f"{ground.RISE_SD:g} thigh lengths (SD) on rendered feet that lie still; half "
        "of the range over which the shin seems to change its length; the thigh's share.",
    ),
    Measure(
        "knee_shift",
        "1",
        ground.knee_shift,
        PROTOCOL.format(5) + " [O]",
        SLID,
        aside=True,
        definition="How far the shins slid forward while lowering, knee and ankle together.",
        formula="95th percentile of the mean way forward of knee_u and ankle_u from start to "
        f"bottom, since the half second before start. {SHARE}.",
        uncertainty=f"{ground.SLIDE_SD:g} thigh lengths (SD) on rendered knees that stay; half of "
        "what knee and ankle disagree by at that moment; the thigh's share.",
    ),
    Measure(
        "ankle_position",
        "deg",
        ground.ankle_position(PLANTAR),
        "Vicente-Mampel 2022, Nishida 2022",
        SHIN,
        aside=True,
        definition="How the feet were held: − points the toes away, by so much at least. Told only "
        f"from {PLANTAR:g}° on: a bar over the ankles makes pointed feet read like pulled-up ones.",
        formula=f"Median of ankle_dorsiflexion {LOWERING}, a bound: at most.",
        uncertainty=FOOT_WIDTH,
    ),
    Measure(
        "ankle_position_change",
        "deg",
        ground.ankle_position_change(PLANTAR),
        PROTOCOL.format(5) + " [O]",
        SHIN,
        aside=True,
        definition="How far the feet turned in the ankles while lowering, at most. Told where "
        "ankle_position is.",
        formula=f"95th less 5th percentile of ankle_dorsiflexion {LOWERING}, a bound: at most.",
        uncertainty=FOOT_WIDTH,
    ),
    Measure(
        "pad_height",
        "1",
        catching.pad_height,
        PROTOCOL.format(5) + " [O]",
        LANDS,
        aside=True,
        definition="How much higher the knees kneel than the hands land: the pad or the bench "
        "under them, in heights of the athlete; 0 on one floor.",
        formula="(knee_v before start − wrist_v(bottom)) / 4.4 thighs + 0.025 for the palm − "
        f"{catching.KNEE:g} for the knee. Refused where no hands land.",
        uncertainty=f"{catching.KNEE_SD:g} (SD), from rendered reps on a floor; the stature in "
        f"thighs, 4.4 ± 0.3 (SD); the phone's roll, {ROLL_SD:g}° (SD) [O], over the way from the "
        f"knees to the hands. Within a set {catching.KNEE_WITHIN_SD:g} (SD).",
    ),
)

SETUP = (  # 5: compare only sets that were set up alike; [O] but for what a slope does (Soga 2021)
    SetUpPart(
        "shank_pitch",
        apart=5,
        says="The shins sloped by {one:.0f}° and by {other:.0f}°: a slope moves the break point.",
    ),
    SetUpPart(
        "pad_height",
        apart=0.03,
        says="The knees lay higher over the floor in one: by {one:.0%} and by {other:.0%} of the "
        "athlete's height.",
    ),
    SetUpPart(  # a bound: told of one set alone, it leaves the feet unknown
        "ankle_position",
        apart=15,
        says="The feet were held otherwise: at {one:.0f}° and at {other:.0f}°.",
    ),
)
