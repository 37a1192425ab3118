"""What is told of a set of Nordic curls as a whole.

Sources: docs/nordic-curl.md with its sections; [O] is a limit of our own where the literature has
none.
"""

from __future__ import annotations

from formcheck.checks import Finding, Limit
from formcheck.exercises import nordic_checks
from formcheck.exercises.nordic_checks import HANDS_WORK
from formcheck.measures.measure import number
from formcheck.report import RepReport
from formcheck.set_stop import FIRST, Loss, newly, worst, worst_in_a_row, worst_twice
from formcheck.set_values import drift, lowest, mean, told, value
from formcheck.sets import KEEP, Band, Reps, SetCheck, SetMeasure, variation
from formcheck.setting import Setting

BREAK, CONTROLLED = "break_point_angle", "controlled_duration"
BANDS = (  # 1.4, built from the studies of 1.1 [O]; in one of them women broke 10 deg earlier
    Band(20, "near-full control"),
    Band(35, "a high level"),
    Band(50, "a trained level"),
    Band(65, "a typical recreational level"),
    Band(float("inf"), "an early loss"),
)
STOP = "nordic-curl.md 7: Sconce 2015, CUHK 2018; as a rule to stop by [O]"
EARLIER, SHORTER = Loss(BREAK, 1, held="controlled-to"), Loss(CONTROLLED, -1, relative=True)
FIRST_REPS = "the better of the first two reps"
NONE = "0 where it lies within the intervals of the reps"
HELD = f"{NONE}, and of a rep controlled all the way down."

MEASURES = (
    SetMeasure(
        "break_point_best",
        "deg",
        lowest(BREAK, "The best break point"),
        "best of the set as in Sconce 2015; rule of Soga 2021",
        definition="The least break point of the reps that were lowered all the way; at most that "
        "where a rep may have been held further.",
        formula="min(break_point_angle) over the reps; at most, where one is known at most.",
        uncertainty="That of the rep it comes from.",
        bands=BANDS,
        across=True,
    ),
    SetMeasure(
        "break_point_mean",
        "deg",
        mean(BREAK, "The mean break point"),
        "rule of Soga 2021",
        definition="The mean break point of the reps that were lowered all the way. Where some are "
        "known at most it is known at most as well; a bound is never taken for a value.",
        formula="mean(break_point_angle) over the reps; refused where some are known at most and "
        "others at least.",
        uncertainty="The share that differs between reps, over the root of their number, and the "
        "share that is the clip's own.",
        across=True,
    ),
    SetMeasure(
        "within_set_drift",
        "deg/rep",
        drift(BREAK, "The drift", least_reps=4),
        "nordic-curl.md 7 [O]",
        definition="How much earlier the body gave way from each rep to the next; below 0 "
        "later. Of four full reps that broke, or more.",
        formula="Slope by least squares of break_point_angle over the number of the rep.",
        uncertainty="The scatter about the line (Student's t) and what the reps' own intervals "
        "within the set do to its slope, joined.",
    ),
    SetMeasure(
        "controlled_duration_variation",
        "1",
        variation(CONTROLLED, 3, "The controlled part of the lowering"),
        "nordic-curl.md 5b [O]",
        definition="How much the controlled part of the lowering differs between full reps.",
        formula="Standard deviation over mean of controlled_duration, full reps.",
        uncertainty="Each rep's value drawn within its own interval.",
    ),
    SetMeasure(
        "break_point_loss",
        "deg",
        worst(EARLIER),
        STOP,
        definition="How much earlier the rep that gave way first of all broke than the better of "
        "the first two reps before it.",
        formula=f"max(break_point_angle - that of {FIRST_REPS}); {HELD}",
        uncertainty="Those of the two reps within the set, joined.",
    ),
    SetMeasure(
        "break_point_loss_in_a_row",
        "deg",
        worst_in_a_row(EARLIER),
        STOP,
        definition="How much earlier two reps in a row broke, both, than the better of the first "
        "two; 0 where no two did. Of three reps or more.",
        formula=f"max over neighbours of min(break_point_angle - that of {FIRST_REPS}); {HELD}",
        uncertainty="Those of the two reps within the set, joined.",
        least=FIRST + 1,
    ),
    SetMeasure(
        "controlled_duration_loss_twice",
        "1",
        worst_twice(SHORTER),
        "nordic-curl.md 7: velocity loss of Pareja-Blanco 2016, not proven for this exercise [O]",
        definition="The share of the controlled part of the lowering that two reps behind the "
        "first two lost, both; 0 where no two did. Of four reps or more.",
        formula=f"second greatest 1 - controlled_duration / that of {FIRST_REPS}; {NONE}.",
        uncertainty="Those of the two reps within the set, joined.",
        least=FIRST + 2,
    ),
)


def _limit(check: str, measure: str) -> float:
    """The level of a fault of a rep."""
    fault = {c.name: c for c in nordic_checks.CHECKS}[check].limit(measure).fault
    return float("nan") if fault is None else fault


NEW = {
    "hip_break": (
        _limit("hips-pike", "hip_break"),
        "The hips fold by {value:.0f}° or more in reps behind the first ones, which did not.",
    ),
    "early_fall": (
        _limit("falls-too-fast", "early_fall"),
        "Reps behind the first ones fall early, for {value:.2f} s or more, which the first did "
        "not.",
    ),
}
"""Faults that tell a set to end where two reps behind the first two have them (7)."""


def _new_faults(check: SetCheck, reps: Reps, setting: Setting) -> Finding | None:
    return newly(check, reps, NEW)


def onward(reps: Reps, setting: Setting) -> str:
    """The next step of the ladder after a set with nothing to change: once two sessions went so
    (7, `progress`)."""
    if setting.athlete.mode == "eccentric-only":
        return (
            "Keep it like this; when the next session goes as well, come back up by the hamstrings "
            "too, as far as they carry you."
        )
    held = [m for _, m in told(reps, BREAK) if m.bound == "at-most" and value(m) < BANDS[0].below]
    if held and len(held) == len(reps):
        return (
            "Keep it like this; when the next session goes as well, hold a light weight before "
            "the chest."
        )
    return KEEP


def _hands_every_time(check: SetCheck, reps: Reps, setting: Setting) -> Finding | None:
    """Where the hands' work is over its limit in every rep, the other mode is named (5b)."""
    over = [_hands_over(r) for r in reps]
    first = next((found for found in over if found is not None), None)
    if first is None or None in over or setting.athlete.mode == "eccentric-only":
        return None
    values = [found.value for found in over if found is not None]
    told = {
        "check": check.name,
        "severity": "note",
        "at_s": None,
        "until_s": None,
        "value": number(sum(values) / len(values), 2),
        "sentence": "The hands did most of the way back up in every rep. If that is the "
        "programme (lower slowly, push back), choose the mode eccentric-only: then the "
        "push is not judged.",
        "advice": check.advice,
    }
    return first.model_copy(update=told)


def _hands_over(rep: RepReport) -> Finding | None:
    """What was found of the hands' work in a rep beyond a note; None: nothing."""
    worse = [f for f in rep.findings if f.measure == HANDS_WORK and f.severity != "note"]
    return worse[0] if worse else None


CHECKS = (
    SetCheck(
        "overuses-arms",
        label="use of the arms",
        advice="For a programme that pushes back on purpose use --mode eccentric-only.",
        also=_hands_every_time,
        when="where the hands' work is over its limit in every rep: a note that names the mode "
        "eccentric-only",
    ),
    SetCheck(
        "fatigue",
        label="signs of fatigue",
        limits=(
            Limit(
                "break_point_loss",
                "The break point came {value:.0f}° earlier than in the best of the first reps.",
                warning=8,  # between sessions a change of 8.0 is real
                source="CUHK 2018; as a rule to stop by [O]",
            ),
            Limit(
                "break_point_loss_in_a_row",
                "The break point came {value:.0f}° earlier than in the best of the first reps, or "
                "more, twice in a row.",
                warning=5,  # within a session a change of 4.1 is real
                source="Sconce 2015; as a rule to stop by [O]",
            ),
            Limit(
                "controlled_duration_loss_twice",
                "The controlled part of the lowering was shorter than in the best of the first "
                "reps by {value:.0%} or more, twice.",
                warning=0.30,  # sets ended at a loss of 20 and of 40 % were compared
                source="Pareja-Blanco 2016; not proven for this exercise [O]",
            ),
        ),
        advice="Rest before the next set: every rep is to be as good as the first.",
        good="No rep gave way clearly earlier than the first ones.",
        also=_new_faults,
        when="where hips that fold, or an early fall, come up in two reps behind the first two",
        least=2,
        stops="End a set like this with rep {rep} at the latest.",
        spoken=("one more, then stop", "stop here"),
    ),
    SetCheck(
        "uneven-tempo",
        label="an uneven tempo",
        limits=(
            Limit(
                "controlled_duration_variation",
                "The controlled parts of the lowering spread by {value:.0%} about their mean; up "
                "to {aim:.0%} is even.",
                note=0.30,
                source="nordic-curl.md 5b [O]",
            ),
        ),
        advice="Give every rep the same time on the way down: count in your head.",
        good="Every rep had the same tempo.",
        least=3,
    ),
)
