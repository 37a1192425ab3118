"""What is told of a set of Nordic curls as a whole.

Sources: docs/nordic-curl.md with its sections; [O] is a limit of our own where the literature has
none.
"""

from __future__ import annotations

from formcheck.checks import Finding
from formcheck.exercises.nordic_checks import HANDS_WORK
from formcheck.measures.measure import number
from formcheck.report import RepReport
from formcheck.sets import Reps, SetCheck
from formcheck.setting import Setting


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
)
