"""What is measured of a prone leg curl, and under which conditions (docs/nordic-curl.md 10).

Sources: docs/nordic-curl.md 10 with its sections; [O] is a limit of our own where the literature
has none.
"""

from __future__ import annotations

from formcheck import prone
from formcheck.filming import Tip
from formcheck.measures import filmed, gates, held, prone_noise, range, settled, still, view_gates
from formcheck.measures.held import HeldRule
from formcheck.measures.measure import Choice, Gate, Measure
from formcheck.measures.noise import CHANGE, DRAWN, NOISE
from formcheck.sets import SetMeasure, variation

PROTOCOL = "own definition, docs section 10"

HELD = HeldRule(
    "knee_flexion", slower=10, near=10,  # 10
    too_slow="The legs moved too slowly to tell where lift or lowering began and ended.",
    stops_short="The legs were not lowered to the end.",
)  # fmt: skip

# --- the conditions of a number (9)

ANKLES = Tip(
    "The ankles",
    "Let the near leg be seen down to the ankle, curled as well as straight: a machine's pad or "
    "its weights may hide the foot, not more.",
)
HEIGHT = Tip(
    "The camera's height", "Put the lens at the height of the bench, midway between head and feet."
)
FPS = gates.frame_rate(9)
SIDE = view_gates.view(
    "knee_flexion", (4, 8), 45, unrectified=(10, 20), view_sd=prone_noise.flexion_view_sd
)
LEVEL = view_gates.level((10, 20))
LARGE = gates.size(ok=180, warn=100)
KNEE = gates.visibility("knee_flexion", ok=0.8, warn=0.5, part=gates.WHOLE, advice=ANKLES.words)
TRUNK = gates.visibility("hip_flexion", ok=0.8, warn=0.6, part=gates.WHOLE)
UNBROKEN = gates.unbroken("knee_flexion", ok=0.05, warn=0.10, part=gates.WHOLE)
GAPLESS = gates.gapless(longest_s=0.20, around_s=0.3, whole=True)
STEADY = gates.steady("thigh_lean", ok=1, warn=2.5)
LENGTHS = gates.constant(
    "thigh_length", "shank_length", ok=0.08, warn=0.15, part=gates.WHOLE, what="Thigh or shank"
)
SAME = filmed.same_body(leap=0.5)
SIDES = filmed.sides_kept(warn=3)
SETTLED = settled.gates(least=60, longest_s=12)  # reps 145-514, slowed fourfold 42-85 [O]
Conditions = tuple[Gate | Choice, ...]
ANGLE: Conditions = (SIDE, LEVEL, LARGE, KNEE, UNBROKEN, GAPLESS, STEADY, LENGTHS, SAME, SIDES)
LYING: Conditions = (SIDE, LEVEL, LARGE, TRUNK, GAPLESS, STEADY, SAME, SIDES)
TIME: Conditions = (FPS, KNEE, UNBROKEN, GAPLESS, SAME, SIDES, *SETTLED)

# --- the numbers (10)

SD = prone_noise.flexion_change_sd
KNEE_REST = "the rest of the straight legs, the same in all reps of a clip"
TIMED = f"{DRAWN}; the smoothing of both edges (SD 0.03 s); half a frame."
BENDING = f"knee_flexion rises faster than {HELD.slower:g} deg/s"
OPENING = f"knee_flexion falls faster than {HELD.slower:g} deg/s"
HOLDING = (
    f"knee_flexion changes slower than {HELD.slower:g} deg/s within {HELD.near:g}° of its greatest"
)
MOVED = (
    f"95th percentile of the size of {{0}} − its median in the {still.READY_S:g} s before the rep, "
    "from start to end."
)
LIES = f"A segment that lies still reads a change of SD {still.MOVED_SD:g}° [O]."

MEASURES = (
    Measure(
        "rom",
        "deg",
        range.sweep("knee_flexion", SD),
        PROTOCOL,
        ANGLE,
        definition="How far the knees bent and straightened.",
        formula="top_knee_flexion − bottom_knee_flexion.",
        uncertainty=f"{NOISE} at both ends; {CHANGE}. The rest drops out.",
    ),
    Measure(
        "top_knee_flexion",
        "deg",
        range.greatest("knee_flexion", SD),
        PROTOCOL,
        ANGLE,
        definition="How far the knees were bent at most; 0° is a straight leg.",
        formula="Greatest knee_flexion from start to end.",
        uncertainty=f"{NOISE}; {CHANGE}; {KNEE_REST}.",
    ),
    Measure(
        "bottom_knee_flexion",
        "deg",
        range.least("knee_flexion", SD),
        PROTOCOL,
        ANGLE,
        definition="How straight the legs were where the rep began or ended, the straighter.",
        formula="Least knee_flexion from start to half a second after end.",
        uncertainty=f"{NOISE}; {CHANGE}; {KNEE_REST}.",
    ),
    Measure(
        "lift_duration",
        "s",
        held.lift_duration(HELD),
        PROTOCOL,
        TIME,
        definition="How long the lift took.",
        formula=f"From the first to the last instant, before the hold, in which {BENDING}.",
        uncertainty=TIMED,
    ),
    Measure(
        "top_pause",
        "s",
        held.top_pause(HELD),
        PROTOCOL,
        TIME,
        definition="How long the heels were held near the top.",
        formula=f"Time in which {HOLDING}.",
        uncertainty=TIMED,
    ),
    Measure(
        "lower_duration",
        "s",
        held.lower_duration(HELD),
        PROTOCOL,
        TIME,
        definition="How long the lowering took.",
        formula=f"From the first to the last instant, after the hold, in which {OPENING}.",
        uncertainty=TIMED,
    ),
    Measure(
        "lower_less_lift",
        "s",
        held.lower_less_lift(HELD),
        PROTOCOL,
        TIME,
        definition="How much longer the lowering took than the lift; below 0 it was quicker.",
        formula="lower_duration − lift_duration.",
        uncertainty=TIMED,
    ),
    Measure(
        "hip_lift",
        "deg",
        still.moved("thigh_lean"),
        PROTOCOL,
        LYING,
        definition="How far the thighs tipped from how they lay before the rep.",
        formula=MOVED.format("thigh_lean"),
        uncertainty=LIES,
    ),
    Measure(
        "trunk_motion",
        "deg",
        still.moved("trunk_lean"),
        PROTOCOL,
        LYING,
        definition="How far the trunk tipped from how it lay before the rep.",
        formula=MOVED.format("trunk_lean"),
        uncertainty=LIES,
    ),
    Measure(
        "returned_share",
        "1",
        range.returned_share,
        PROTOCOL,
        (FPS, GAPLESS),
        definition="How much of the way back down was done.",
        formula="1 − (least knee_flexion after the top − knee_flexion(start)) / (knee_flexion at "
        "the top − knee_flexion(start)), at most 1; the half second after the rep included.",
        uncertainty=f"{NOISE}, at both ends of the way, over the way.",
    ),
)
VARIATION = SetMeasure(
    "lower_duration_variation",
    "1",
    variation("lower_duration", 3, "The lowering"),
    PROTOCOL,
    definition="How much the lowering times of the reps differ.",
    formula="Sample standard deviation of lower_duration over its mean, full reps only, at least "
    "three.",
    uncertainty="400 draws of each rep's lower_duration within its own interval.",
)

MARKS = {"lower": held.lowers(HELD)}
FIXES = {settled.FIXED: settled.felt}
GLOSSARY = {
    **prone.WORDS,
    "lower": "Where the lowering begins: the end of the hold, or the greatest knee_flexion where "
    "nothing was held.",
    settled.FIXED: settled.FIXED_IS,
}
"""What the formulas speak of: signals, moments, and what the set's first counted rep fixes."""
