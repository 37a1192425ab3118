"""What is measured of the hips and the trunk.

Sources: docs/nordic-curl.md with its sections; [O] is a limit of our own where the literature has
none.
"""

from __future__ import annotations

from formcheck.exercises.nordic_gates import HIP, PROTOCOL, READY
from formcheck.measures import trunk
from formcheck.measures.measure import Measure

HIPS = trunk.Hips("hip_flexion", READY)

MEASURES = (
    Measure("hip_flexion_start", "deg", HIPS.flexion_start, PROTOCOL.format(3), HIP),
    Measure("hip_flexion_max", "deg", HIPS.flexion_max, "Sconce 2021", HIP),
    Measure("hip_break", "deg", HIPS.hip_break, "Sconce 2021, Sarabon 2019", HIP),
    Measure(
        "hip_extension_min",
        "deg",
        HIPS.extension_min(share=0.05, lasts_s=0.3),
        PROTOCOL.format(3),
        HIP,
    ),
)
