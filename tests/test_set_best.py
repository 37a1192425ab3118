"""The best rep of a set, and the reason that is given for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from formcheck.checks import Finding
from formcheck.exercises import EXERCISES
from formcheck.measures.measure import Measured
from formcheck.report import RepReport
from formcheck.set_best import best

NORDIC, BENCH = EXERCISES["nordic-curl"], EXERCISES["bench-leg-curl"]
SIDES = {"<": "at-most", ">": "at-least", "=": None}


def known(value: float, unit: str, within: float, bound=None) -> Measured:
    return Measured(value=value, unit=unit, uncertainty=10.0, uncertainty_within_set=within,
                    bound=bound, status="ok", source="-")  # fmt: skip


def finding(severity: str, check: str = "hips-pike") -> Finding:
    return Finding(
        check=check, severity=severity, at_s=None, until_s=None, measure="hip_break", value=1.0,
        uncertainty=0.0, limit=0.5, limit_kind="max", unit="deg", sentence="So.", advice="Do.",
    )  # fmt: skip


def rep(number: int, angle: str | None, took: float = 4.0, *severities: str, kind="full"):
    measures = {"eccentric_duration": known(took, "s", 0.1)}
    if angle is not None:
        measures["break_point_angle"] = known(float(angle[1:]), "deg", 2.0, SIDES[angle[0]])
    return RepReport(
        number=number, counted=True, kind=kind, start_s=0.0, end_s=1.0, measures=measures,
        findings=tuple(finding(s) for s in severities),
    )  # fmt: skip


def named(*reps, exercise=NORDIC, of_set=()) -> tuple[int | None, str]:
    found = best(exercise, reps, of_set)
    return (None, "") if found is None else (found.rep, found.because)


def test_first_comes_what_speaks_against_a_rep():
    pair = rep(1, "=30", 5.0, "fault"), rep(2, "=60", 3.0, "warning")
    assert named(*pair) == (2, "It has the least against it, 1 warning.")
    assert named(*pair, rep(3, "=70", 3.0, "note")) == (3, "It alone has no fault and no warning.")
    two = rep(1, "=30", 5.0, "fault", "fault"), rep(2, "=30", 5.0, "fault", "fault", "warning")
    assert named(*two) == (1, "It has the least against it, 2 faults.")


def test_then_how_far_it_was_held_if_that_is_sure():
    assert named(rep(1, "=50"), rep(2, "=44"), rep(3, "=55")) == (
        2, "It was held 6° further than rep 1, the next of the reps with nothing against them.",
    )  # fmt: skip
    assert named(rep(1, "=46"), rep(2, "=44")) == (None, "")


def test_then_how_slowly_it_was_lowered_of_those_that_were_held_as_far():
    near = rep(1, "=46", 4.8), rep(2, "=44", 4.0), rep(3, "=60", 9.0)
    assert named(*near) == (
        1, "It took 0.8 s longer on the way down than rep 2, "
        "the next of the reps with nothing against them.",
    )  # fmt: skip
    assert named(rep(1, "=46", 4.1), rep(2, "=44", 4.0))[0] is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("<30", "=44"), 1),  # it may be better still
        (("=30", "<44"), None),  # the other may be as good
        (("=30", ">44"), 1),
        ((">30", "=44"), None),
        (("<30", "<44"), None),
        (("=30", None), None),  # of the other nothing is known
    ],
)
def test_a_bound_counts_only_as_far_as_it_tells(said, expected):
    assert named(*(rep(i, angle) for i, angle in enumerate(said, 1)))[0] == expected


def test_a_bound_is_held_further_at_least():
    assert "held at least 14° further" in named(rep(1, "<30"), rep(2, "=44"))[1]


def test_reps_that_are_equally_bad_are_told_so():
    pair = rep(1, "=30", 4.0, "warning"), rep(2, "=60", 4.0, "warning")
    assert named(*pair)[1] == (
        "It was held 30° further than rep 2, the next of the reps with as little against them."
    )


def test_one_rep_and_reps_that_are_not_full_are_no_choice():
    assert named(rep(1, "=30")) == (None, "")
    assert named(rep(1, "=30"), rep(2, "=60", kind="partial")) == (None, "")


def test_where_the_headline_decides_nothing_the_tempo_does_unless_it_is_uneven():
    held = [rep(1, "=30", 4.0), rep(2, "=60", 5.0)]
    plain = replace(NORDIC, less_is_better=False)
    assert named(*held, exercise=plain)[0] == 2
    timed = tuple(replace(c, of_tempo=c.name == "uneven-tempo") for c in NORDIC.set_checks)
    uneven = replace(plain, set_checks=timed)
    assert named(*held, exercise=uneven, of_set=[finding("note", "uneven-tempo")])[0] is None
    assert named(*held, exercise=uneven, of_set=[finding("warning", "fatigue")])[0] == 2
