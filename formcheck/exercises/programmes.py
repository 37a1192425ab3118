"""How the exercises are trained. Sources: docs/nordic-curl.md 7; seed B, the description of the
bench-supported one, names zones, sets and recovery for both; [O] is our own."""

from __future__ import annotations

from dataclasses import replace

from formcheck.programme import Ladder, Programme, Real, Recovery, Rung, Zone

USUAL = Programme(
    zones=(
        Zone("strength", 1, 5),
        Zone("hypertrophy", 6, 12),
        Zone("endurance", 13, None),  # "12+": a set of 12 is the end of the zone before it
    ),
    zones_source="seed B",
    sets=(3, 5),  # seed B
    rest_s=(60, 180),
    rest_source="Drury 2021",
    recovery=Recovery(
        hours=48,  # 48 to 72: seed B
        returning_hours=72,  # strength is low to day 3 after a first bout
        returning_sessions=2,  # [O]
        break_days=28,
        source="seed B; Coratella 2025",
        muscle="hamstrings",  # "avoid training the same muscle group on consecutive days"
    ),
)
NORDIC = replace(
    USUAL,
    followed=("estimated_knee_flexor_torque_per_kg",),
    real=Real(
        measure="break_point_best",
        of="break_point_angle",
        reps=3,  # both studies: best of three
        same_day=4.1,  # SEM 1.47 deg within a session
        between=8.03,
        source="Sconce 2015, CUHK 2018",
        sessions=20,  # [O] fewer miss changes of 10 deg beside an interval of 11 deg a clip
        looks=1.65,  # [O] simulated: 104 looks a year then call 4 of 100 unchanged years at most
        speeds_apart=1.5,  # [O] from 22 to 33 deg/s a break at 120 deg/s2 moves by 2.5 deg
    ),
    ladder=Ladder(
        rungs=(
            Rung("lowering with help", "Take help: a band before the chest or the hands on the "
                 "floor carry a part, so that you can lower slowly.", None),
            Rung("lowering alone", "Lower slowly, and push back up with the hands.",
                 "eccentric-only", allows=("overuses-arms",)),
            Rung("lowering and coming back up", "Come back up by the hamstrings too, as far as "
                 "they carry you; before that, lower more slowly or raise the shins.",
                 "eccentric-concentric",
                 proof=(("hand_assisted_work_fraction", 0.6, "in set {n} the hands may have done "
                         "{value:.0%} of the way up; up to {limit:.0%} you come up yourself"),)),
            Rung("added load", "Hold a light weight before the chest.", None,
                 at_most=(("break_point_mean", 20, "in set {n} the body gave way at {value:.0f}° "
                           "on average; a weight is for who holds it below {limit:.0f}°"),)),
        ),  # Alt 2023: from 69 to 154 % of the moment of the usual one; hands and 20 deg: 5b, 1.4
        sessions=2,
        sets=3,  # Mjolsnes 2004 goes to 3 sets of 8 to 12 before it adds load
        reps=8,
        at_most=(
            ("break_point_loss", 5, "in set {n} the break point came {value:.0f}° earlier than in "
             "the first reps; up to {limit:.0f}° is steady"),
            ("hip_flexion_max", 20, "in set {n} the hips were bent by {value:.0f}°; up to "
             "{limit:.0f}° is straight enough"),
        ),
        faulty_reps=1,  # [O] two reps with the same fault end a set (7)
        too_hard="falls-too-fast",
        source="nordic-curl.md 7; seed B: form before load [O]",
    ),
)  # fmt: skip
