"""What is told of a whole set: numbers over its full reps, refused in words where none."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.checks import Limit, NotAssessed
from formcheck.measures.measure import Measured
from formcheck.report import RepReport
from formcheck.sets import SetCheck, SetMeasure, variation
from formcheck.setting import Setting

SPREAD = SetMeasure("spread", "1", variation("lower_duration", 3, "The lowering"), "-")
EVEN = SetCheck(
    "uneven-tempo",
    "an uneven tempo",
    "Count evenly.",
    limits=(Limit("spread", "It differed by {value:.0%}.", note=0.3, source="-"),),
    good="Every rep had the same tempo.",
)
ANY = Setting.model_construct()


def rep(number, seconds, kind="full", within=0.1):
    took = Measured(
        value=seconds, unit="s", uncertainty=0.2, uncertainty_within_set=within, status="ok",
        source="-",
    )  # fmt: skip
    return RepReport(
        number=number, counted=True, kind=kind, start_s=0.0, end_s=1.0,
        measures={"lower_duration": took},
    )  # fmt: skip


def reps(*seconds, **how):
    return [rep(i, s, **how) for i, s in enumerate(seconds, 1)]


def test_a_doubtful_variation_says_what_is_doubtful():
    doubts = {"status": "warn", "reason": "The change is not sharp."}
    three = reps(2.0, 3.0, 4.0)
    told = replace(three[1].measures["lower_duration"], **doubts)
    three[1] = three[1].model_copy(update={"measures": {"lower_duration": told}})
    measured = SPREAD.measure(three)
    assert (measured.status, measured.reason) == ("warn", "The change is not sharp.")
    assert SPREAD.measure(reps(2.0, 3.0, 4.0)).reason is None


def test_the_variation_is_that_of_the_reps():
    measured = SPREAD.measure(reps(2.0, 3.0, 4.0))
    assert measured.value == pytest.approx(np.std([2, 3, 4], ddof=1) / 3, abs=0.005)
    assert measured.status == "ok" and measured.uncertainty < 0.1


@pytest.mark.parametrize("seconds", [(0.0, 0.0, 0.0), (0.02, 0.0, 0.01), (0.0, 0.0, 0.1)])
def test_what_is_too_near_nothing_to_be_compared_is_refused_with_words(seconds):
    measured = SPREAD.measure(reps(*seconds))
    assert (measured.value, measured.uncertainty, measured.status) == (None, None, "refused")
    assert measured.reason == "The lowering was too near 0 in these reps to be compared."
    assert measured.what_to_change == "Do and film at least 3 full reps in one set."


def test_reps_that_are_not_full_are_not_compared_and_nothing_is_praised():
    partial = [rep(1, 2.5), rep(2, 2.5, "partial"), rep(3, 2.5, "partial"), rep(4, 9, "no-return")]
    measured = SPREAD.measure(partial)
    assert measured.value is None
    assert "at least 3 reps done in full; it is known of 1." in measured.reason
    said = EVEN.judge({"spread": measured}, partial, ANY)
    assert isinstance(said, NotAssessed) and said.reason == measured.reason


def test_what_to_do_is_a_sentence_where_the_measure_has_none():
    silent = SPREAD.refused("It was dark.", "")
    said = EVEN.judge({"spread": silent}, [], ANY)
    assert said == NotAssessed(
        what="uneven-tempo",
        reason="It was dark.",
        what_to_change="Do and film at least 3 full reps in one set.",
    )
