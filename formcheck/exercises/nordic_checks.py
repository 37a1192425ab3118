"""The rule book of the Nordic curl: when a rep has a fault, what is said of it and what to do.

Sources: docs/nordic-curl.md 5b; seed A is the exercise's description there; [O] is a limit of our
own where the literature has none.
"""

from __future__ import annotations

from formcheck.checks import Check, Limit, Measures
from formcheck.measures.ground import HOLD_FEET
from formcheck.rep import Rep

HANDS_WORK = "hand_assisted_work_fraction"


def _hands_first(rep: Rep, measures: Measures) -> bool:
    """Whether the hands landed before the hamstrings gave way."""
    return measures["break_point_angle"].outcome == "caught-before-break"


def _break_unknown(check: Check, measures: Measures) -> str | None:
    """Hands that land early are a fault before the break, and none after it."""
    landed, broke = measures["catch_angle"].value, measures["break_point_angle"]
    never = measures[HANDS_WORK].value == 0.0  # they did not land at all
    early = not never if landed is None else landed > check.limit("catch_angle").aim
    return broke.reason if broke.value is None and early else None


def _push_judged(rep: Rep, measures: Measures) -> bool:
    """Petersen's programme pushes back on purpose: there it is not judged."""
    return rep.setting.athlete.mode == "eccentric-concentric"


def _straight_or_flexed(check: Check, measures: Measures) -> str | None:
    """Who starts and stays straight cannot be told from slightly flexed (3)."""
    start = measures["hip_flexion_start"]
    if start.value is not None and start.value - (start.uncertainty or 0.0) > 0:
        return None
    return (
        "The hips did not open past their start, but one camera cannot tell a straight start from "
        "a slightly flexed one (±8°)."
    )


CHECKS = (
    Check(
        "falls-too-fast",
        label="falling too fast",
        limits=(
            Limit(
                "early_fall",
                "Fell for {value:.2f} s before the knees had opened to 60°.",
                fault=0.25,  # clean reps 0-0.04, dropped ones 0.30-0.33
                warning=0.15,
                early=True,  # a time that adds up
                source="60: break points of 58 +- 13 in Soga 2021; times [O]",
            ),
            Limit(
                "eccentric_duration",
                "The lowering took {value:.1f} s, under {limit:g} s; aim for {aim:g} s or more.",
                fault=2.0,
                warning=3.0,
                kind="min",
                source="3 s: Nishida 2022; bands [O]",
            ),
            Limit(
                "mean_descent_velocity",
                "Came down at {value:.0f}°/s on average; stay under {aim:g}°/s.",
                warning=35,  # clean rendered reps reach 29, dropped ones 39-44
                source="from the 3 s of Nishida 2022",
            ),
        ),
        advice="Resist from the first degree, and count the seconds on the way down.",
        good="Lowered slowly and under control.",
        spoken="slower",
    ),
    Check(
        "hips-pike",
        label="folding at the hips",
        limits=(
            Limit(
                "hip_break",
                "The hips folded {value:.0f}° more than at the start.",
                fault=20,  # 16.7 + 1 SD in Sconce 2021; clean reps 3-12, piked 45-55
                warning=15,
                early=True,  # a peak
                source="Sconce 2021, Sarabon 2019; [O] from them",
            ),
        ),
        advice="Squeeze the glutes; lead with the chest, not the nose.",
        good="Did not fold further at the hips.",
        spoken="hips",
    ),
    Check(
        "hips-too-straight",
        label="hips too straight",
        limits=(
            Limit(
                "hip_extension_min",
                "The hips opened {size:.0f}° past their start; the lower back may be arching.",
                fault=-8,  # clean -1 to +2, over-extended -17
                warning=-6,  # at -5 one clean rep in fifty is warned: they read -0.9 +- 2.0
                kind="min",
                source="seed A: flex your hips a little; limits [O]",
            ),
        ),
        advice="Keep the hips slightly flexed and the ribs down; do not arch the back.",
        good="Did not arch: the hips stayed a little flexed.",
        spoken="ribs down",
        unsure=_straight_or_flexed,
        doubts="where hip_flexion_start is not surely over 0°: straight cannot be told from "
        "slightly flexed",
    ),
    Check(
        "overuses-arms",
        label="use of the arms",
        limits=(
            Limit(
                "catch_angle",
                "The hands were down with the knees still bent by {value:.0f}°, before any break.",
                fault=45.0,
                source="nordic-curl.md 5b [O]",
                applies=_hands_first,
                when="where the hands landed before any break",
            ),
            Limit(
                HANDS_WORK,
                "The hands may have done up to {value:.0%} of the work back up.",
                # 11 of 101 rendered reps do more: all named, and nothing else; clean ones, which do
                # a quarter to a half, read up to 0.55
                fault=0.6,
                source="seed A: arms as little as possible; limits [O], by graded reps",
                applies=_push_judged,
                when="in the mode eccentric-concentric",
            ),
        ),
        advice="Push only until the hamstrings can take over, then pull yourself up.",
        good="Did not overuse the arms.",
        spoken="easy on the arms",
        unsure=_break_unknown,
        doubts="where the hands landed early and it is not known whether it broke before",
    ),
    Check(
        "anchor-slips",
        label="the feet coming up",
        limits=(
            Limit(
                "heel_lift",
                "The feet came up by {value:.0%} of the body's height while lowering.",
                fault=0.03,
                warning=0.02,
                source="nordic-curl.md 5 [O]",
                unsure="The points on the feet rose a little, as they may on feet that stay down: "
                "it cannot be told.",  # by up to 0.04 on some bodies
            ),
        ),
        advice=HOLD_FEET,
        good="The feet stayed down.",
        spoken="feet down",
    ),
    Check(
        "knees-slide",
        label="the knees sliding",
        limits=(
            Limit(
                "knee_shift",
                "The knees slid forward by {value:.0%} of the body's height while lowering.",
                fault=0.03,
                warning=0.02,
                source="nordic-curl.md 5 [O]",
            ),
        ),
        advice="Kneel on a mat that does not slip, and have the ankles held so that they cannot "
        "move forward.",
        good="The knees kept their place.",
        spoken="knees still",
    ),
    Check(
        "feet-not-dorsiflexed",
        label="feet pointing away",
        limits=(
            Limit(
                "ankle_position",
                "The toes pointed away. That is no fault: studies disagree on which is better.",
                note=-25,
                kind="min",
                source="seed A: pull the feet up; Vicente-Mampel 2022 for it, Nishida 2022 against",
            ),
        ),
        advice="If you like, try the toes pulled up towards the shins; keep to one way, so that "
        "your sets compare.",
        good="The feet did not point away.",
    ),
    Check(
        "partial-range",
        label="not going all the way down",
        limits=(
            Limit(
                "bottom_thigh_lean",
                "Came down to {value:.0f}° of lean only; a full rep goes to the floor.",
                warning=60,
                kind="min",
                source="nordic-curl.md 0.5 [O]",
            ),
        ),
        advice="Lower as far as you control, then let the hands catch you at the floor.",
        good="Went all the way down.",
        spoken="all the way down",
        kinds=("full", "partial"),
    ),
    Check(
        "does-not-return",
        label="not coming all the way back",
        limits=(
            Limit(
                "returned_share",
                "Did not come back up to kneeling before the next rep or the end of the clip.",
                warning=0.80,
                kind="min",
                source="nordic-curl.md 0.5 [O]",
            ),
        ),
        advice="Finish every rep tall on the knees; the clip must show it.",
        good="Came all the way back up.",
        spoken="all the way up",
        kinds=("full", "no-return"),
    ),
)
