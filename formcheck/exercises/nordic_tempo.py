"""What is measured of the tempo: how long the lowering took, how fast and how evenly it went.

Sources: docs/nordic-curl.md with its sections; [O] is a limit of our own where the literature has
none.
"""

from __future__ import annotations

from math import isfinite

from formcheck.exercises.nordic_gates import (
    ANGLE,
    BREAK,
    DURATION,
    ENDS,
    FPS,
    FPS_BREAK,
    FPS_FALL,
    FPS_PEAK,
    GAPLESS,
    PROTOCOL,
    SETTLED,
)
from formcheck.measures import break_extras, evenness, tempo, tension
from formcheck.measures.measure import Measure
from formcheck.measures.noise import CHANGE, DRAWN, Z95

BINS = {  # bins of the knee, degrees (2); the first from the start, the last to the bottom
    "over_60": (float("inf"), 60.0),
    "60_40": (60.0, 40.0),
    "40_20": (40.0, 20.0),
    "under_20": (20.0, float("-inf")),
}
TENTHS = {
    "50_40": (50.0, 40.0),
    "40_30": (40.0, 30.0),
    "30_20": (30.0, 20.0),
    "20_10": (20.0, 10.0),
    "under_10": (10.0, float("-inf")),
}
RANGES = BINS | TENTHS
EARLY_FALL = tempo.EarlyFall("knee_flexion", over=60, faster=30, cutoff_hz=3)
TOGETHER = {
    "Monajati 2017": "The four ranges add up to eccentric_duration.",
    "Soga 2021": "The five ranges of 10° add up to the time from 50° on.",
}


def _bent(over: float, upto: float) -> str:
    if not isfinite(over):
        return f"more than {upto:g}°"
    return f"{over:g}° or less" if not isfinite(upto) else f"{over:g}° to {upto:g}°"


TENSION = tuple(
    Measure(
        f"time_under_tension_{name}",
        "s",
        tension.time_under_tension("knee_flexion", over, upto, 6, DURATION, ENDS),  # 6 Hz
        f"bins after {study}",
        (FPS, *ANGLE, *SETTLED),
        method="angle at 6 Hz",
        definition=f"How long the knees were bent by {_bent(over, upto)} while lowering.",
        formula="Time from start to catch (bottom where no hands land) with knee_flexion of "
        f"{_bent(over, upto)}, straight between frames. {TOGETHER[study]}",
        uncertainty=f"{DRAWN}; half a frame; what the time changes by if start and end lie earlier "
        "or later by their own intervals; and what it changes by with the rest and the view. A "
        "time shorter than its interval is told with that doubt, unless it was under "
        f"{tension.BRIEF_S:g} s in any case.",
    )
    for study, ranges in (("Monajati 2017", BINS), ("Soga 2021", TENTHS))
    for name, (over, upto) in ranges.items()
)

MEASURES = (
    Measure(
        "eccentric_duration",
        "s",
        DURATION,
        "Nishida 2022",
        (FPS, GAPLESS, *SETTLED),
        definition="How long the lowering took.",
        formula="catch − start; bottom − start where no hands land.",
        uncertainty=f"{DRAWN}s of start and bottom; by how much a slow start may have been noticed "
        "late; the catch ± 0.02 s (SD); half a frame. Hands that could not be seen: from the "
        "fastest instant to the bottom besides.",
    ),
    Measure(
        "mean_descent_velocity",
        "deg/s",
        tempo.mean_descent_velocity("knee_flexion", DURATION),
        "from the 3 s of Nishida 2022",
        (FPS, *ANGLE, *SETTLED),
        definition="How fast the knees opened on average over the whole lowering.",
        formula="(knee_flexion(start) − knee_flexion(catch)) / eccentric_duration; bottom where "
        "no hands land.",
        uncertainty=f"Relative errors of the sweep (noise at both ends; {CHANGE}) and of "
        "eccentric_duration, in squares.",
    ),
    Measure(
        "peak_knee_velocity",
        "deg/s",
        tempo.peak_velocity("knee_flexion", cutoff_hz=6, ends=ENDS),
        PROTOCOL.format(2),
        (FPS_PEAK, *ANGLE, *SETTLED),
        method="velocity at 6 Hz",
        definition="The fastest that the knees opened while lowering. Descriptive.",
        formula="Greatest ω from start to catch (bottom where no hands land), straight between "
        "frames.",
        uncertainty=f"{DRAWN}; 14 % (SD) by which the model's points mislead the fastest tenths "
        "of a second; what it changes by if the lowering ends earlier or later by its own interval "
        "and half a frame.",
    ),
    Measure(
        "early_fall",
        "s",
        EARLY_FALL.of,
        "break points of Soga 2021; limits own",
        (FPS_FALL, *ANGLE, *SETTLED),
        method="velocity at 3 Hz",
        glance=EARLY_FALL.seconds,
        definition="For how long the knees opened fast while they were still well bent.",
        formula="Time from start to catch, or to bottom where no hands land, with ω > 30 deg/s and "
        "knee_flexion > 60°.",
        uncertainty=f"{DRAWN}; half a frame; and what the result moves by with the rest and the "
        "view at 60°.",
    ),
    Measure(
        "controlled_duration",
        "s",
        break_extras.controlled_duration(BREAK, DURATION),
        PROTOCOL.format(2),
        (FPS_BREAK, *ANGLE, *SETTLED),
        definition="How long the lowering stayed under control.",
        formula="break − start. Where nothing broke, eccentric_duration (at least that, where "
        "the hands took over); 0 where it fell from the start.",
        uncertainty=f"{DRAWN}s of start and break; by how much a slow start may have been "
        "noticed late; half a frame.",
    ),
    *TENSION,
    Measure(
        "jerkiness",
        "count",
        evenness.jerkiness("knee_flexion", cutoff_hz=3),
        PROTOCOL.format(2) + " [O]",
        (FPS_FALL, *ANGLE, *SETTLED),
        method="velocity at 3 Hz",
        definition="How often the knees bent again on the way down, and then went on opening.",
        formula="Number of times that ω falls below 0, by more than its own noise, and rises over "
        "0 again, from start to catch (bottom where no hands land).",
        uncertainty="How many there are more with those that go below 0 by less than the noise, or "
        f"fewer without those that do by less than twice that. The noise: {Z95:g} SDs of "
        f"{DRAWN}.",
    ),
    Measure(
        "final_phase_control",
        "1",
        evenness.final_phase_control("knee_flexion", upto=20, slowest=30, cutoff_hz=3),
        "BMJ Open SEM 2023",
        (FPS_FALL, *ANGLE, *SETTLED),
        method="velocity at 3 Hz",
        definition="How much of the last 20° was gone through slowly. Descriptive: the study shows "
        "that it must not decide who goes on with added weight.",
        formula="Of the degrees with knee_flexion ≤ 20° that the knees opened by until catch "
        "(bottom where no hands land), the share with ω ≤ 30 deg/s. Refused where the knees did "
        "not come so far.",
        uncertainty=f"{DRAWN}; what the share changes by with the rest and the view at 20°; at "
        "most the whole range.",
    ),
)
