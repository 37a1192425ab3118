"""What is measured of the hips and the trunk.

Sources: docs/nordic-curl.md with its sections; [O] is a limit of our own where the literature has
none.
"""

from __future__ import annotations

from formcheck.exercises.nordic_gates import HEAD, HIP, PROTOCOL, READY
from formcheck.measures import trunk
from formcheck.measures.measure import Measure
from formcheck.measures.noise import HIP_CHANGE_SD, HIP_HALF_WIDTH

HIPS = trunk.Hips("hip_flexion", READY)
HIP_SLIDES = 60.0
"""Degrees of the thigh's lean beyond which straight hips read as opening by 4 to 7 (104 rendered
reps through the pose model; up to 50 by 1, standard deviation 2)."""
HINGING = 0.7  # a lead under it hinges rather than leans (3) [O]
LEADS_FROM = 20.0  # degrees of trunk: under it a degree of error is a twentieth of the answer [O]

ABSOLUTE = (
    f"± {HIP_HALF_WIDTH:g}°, since the hip's landmark is not the joint's centre; what the view "
    f"leaves besides. Within a set ± {1.96 * trunk.WITHIN_SD:.1f}°."
)
CHANGED = (
    f"Noise of SD {HIP_CHANGE_SD:g}° in a change of hip flexion, on rendered reps, and what the "
    f"view leaves of it. Within a set {trunk.WITHIN_SD:g}° (SD)."
)
FROM_START = "η = hip_flexion − hip_flexion_start"

MEASURES = (
    Measure(
        "hip_flexion_start",
        "deg",
        HIPS.flexion_start,
        "seed A: flex your hips a little; " + PROTOCOL.format(3),
        HIP,
        definition="Hip flexion just before the first motion. 0° is shoulder, hip and knee in one "
        "line.",
        formula=f"Median of hip_flexion in the longest still stretch before start (of "
        f"{', '.join(f'{s:g}' for s in READY.looks_s)} s; moving by {READY.within:g}° at most), "
        "else that of the set's first counted rep.",
        uncertainty=ABSOLUTE,
    ),
    Measure(
        "hip_flexion_max",
        "deg",
        HIPS.flexion_max,
        "Sconce 2021",
        HIP,
        definition="The largest hip flexion while lowering that is no single frame.",
        formula="95th percentile of hip_flexion from start to catch (bottom where no hands land).",
        uncertainty=ABSOLUTE,
    ),
    Measure(
        "hip_break",
        "deg",
        HIPS.hip_break,
        "Sconce 2021, Sarabon 2019",
        HIP,
        glance=HIPS.greatest_change,
        definition="How far the hips folded while lowering, from their own start (piking).",
        formula=f"Greatest η from start to catch (bottom where no hands land); {FROM_START}.",
        uncertainty=CHANGED,
    ),
    Measure(
        "hip_extension_min",
        "deg",
        HIPS.extension_min(share=0.05, lasts_s=0.3, upto=HIP_SLIDES),
        PROTOCOL.format(3),
        HIP,
        definition="The least change of the hips from their own start that was held; below 0° they "
        "opened. One segment of trunk cannot tell an arched back from open hips.",
        formula="The η that 5 % of the time from start to break (the end of the lowering where "
        f"nothing broke) lies under, 0.3 s at least, up to {HIP_SLIDES:g}° of thigh_lean; "
        f"{FROM_START}.",
        uncertainty=CHANGED,
    ),
    Measure(
        "alignment_rms",
        "deg",
        HIPS.alignment,
        PROTOCOL.format(3),
        HIP,
        definition="How well shoulder, hip and knee kept the line of the start while lowering: 0° "
        "is all the way; up to 8° is good [O].",
        formula=f"Root mean square of η from start to catch (bottom where no hands land); "
        f"{FROM_START}.",
        uncertainty=CHANGED,
    ),
    Measure(
        "lead_joint",
        "1",
        HIPS.lead_joint(LEADS_FROM, HINGING),
        PROTOCOL.format(3),
        HIP,
        definition="How much of the trunk's lean came from the knees: 1 leans as one piece, under "
        f"{HINGING:g} hinges at the hips rather than leans [O], over 1 opens the hips.",
        formula="Δthigh_lean / (Δthigh_lean + Δhip_flexion), each from before the rep to the break "
        f"(the end of the lowering where nothing broke); refused of a trunk that came forward by "
        f"less than {LEADS_FROM:g}°.",
        uncertainty="To first order from the change of thigh_lean (noise; what the view and the "
        "points that slide on the body leave) and that of hip_flexion, as of hip_break.",
    ),
    Measure(
        "neck_angle",
        "deg",
        trunk.neck_angle("neck_angle"),
        PROTOCOL.format(3),
        HEAD,
        aside=True,
        definition="How far the head's line turns from the trunk's, + bent forward. Descriptive.",
        formula="Median of the signal neck_angle from start to catch (bottom where no hands land).",
        uncertainty=f"± {trunk.NECK_HALF_WIDTH:g}°, since ear and shoulder points are not the ends "
        "of the neck [O]. Within a set noise of SD 1.2°.",
    ),
)
