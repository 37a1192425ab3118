"""The best, the mean and the drift of a number over a set: a bound is never taken for a value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.exercises.nordic_set import BANDS
from formcheck.measures.measure import Measured, Threshold
from formcheck.report import RepReport
from formcheck.set_values import drift, lowest, mean
from formcheck.sets import SetMeasure

BEST = SetMeasure("best", "deg", lowest("angle", "The best"), "-", bands=BANDS)
MEAN = SetMeasure("mean", "deg", mean("angle", "The mean"), "-")
DRIFT = SetMeasure("drift", "deg/rep", drift("angle", "The drift", 4), "-")
SIDES = {"<": "at-most", ">": "at-least", "=": None}


def angle(value, bound=None, within=1.0, whole=10.0, **how) -> Measured:
    told = {"status": "ok", "method": "adaptive velocity", "outcome": "broken", **how}
    return Measured(value=value, unit="deg", uncertainty=whole, uncertainty_within_set=within,
                    bound=bound, source="-", **told)  # fmt: skip


def rep(number: int, measured: Measured, kind: str = "full") -> RepReport:
    return RepReport(
        number=number, counted=True, kind=kind, start_s=0.0, end_s=1.0, measures={"angle": measured}
    )


def reps(*said: str, **how) -> list[RepReport]:
    """ "=45" is a value, "<45" at most, ">45" at least."""
    return [rep(i, angle(float(s[1:]), SIDES[s[0]], **how)) for i, s in enumerate(said, 1)]


@pytest.mark.parametrize(
    ("said", "best"),
    [
        ("=45 =44 =46", "=44"),
        ("=45", "=45"),
        ("<40 =44", "<40"),
        ("=44 <50", "<44"),  # the other may have been held further than either
        ("<40 <30", "<30"),
        (">80 =44", "=44"),
        (">40 =44", "<44"),  # it may have given way before
        (">80 >70", ">70"),
        (">80 <40", "<40"),
        (">30 <40 =35", "<35"),
    ],
)
def test_the_best_is_as_sure_as_the_bounds_let_it_be(said, best):
    measured = BEST.measure(reps(*said.split()))
    assert (measured.value, measured.bound) == (float(best[1:]), SIDES[best[0]])
    assert measured.uncertainty == 10.0 and measured.uncertainty_within_set == 1.0


def test_what_is_doubtful_in_several_reps_is_said_once():
    both = "The shins are 10° off level: it compares with few. The athlete is small (178 pixels)."
    doubts = [both, both.replace("10", "12"), "The change is not sharp."]
    doubtful = [rep(i, angle(40.0, status="warn", reason=d)) for i, d in enumerate(doubts, 1)]
    for measured in (BEST.measure(doubtful), MEAN.measure(doubtful)):
        assert measured.reason == f"{both} The change is not sharp."


def test_the_best_says_which_rep_it_was():
    assert BEST.measure(reps("=45", "=44", "=46")).method == "the lowest of 3 reps, that of rep 2"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("=40 =50", "=45"),
        ("=40 <50", "<45"),
        ("<40 <50", "<45"),
        ("=40 >50", ">45"),
        (">40 >50", ">45"),
        ("=40 <50 >60", None),
        ("<50 >60", None),
        ("=40", None),
    ],
)
def test_a_mean_over_bounds_is_a_bound_or_refused(said, expected):
    measured = MEAN.measure(reps(*said.split()))
    if expected is None:
        assert measured.value is None and measured.reason.endswith(".")
        assert measured.what_to_change.startswith("Do and film at least")
    else:
        assert (measured.value, measured.bound) == (float(expected[1:]), SIDES[expected[0]])


def test_the_mean_shares_what_is_the_clips_and_averages_what_is_the_reps():
    measured = MEAN.measure(reps(*["=45"] * 4, within=6.0, whole=10.0))
    assert measured.uncertainty_within_set == pytest.approx(3.0)
    assert measured.uncertainty == pytest.approx(np.hypot(3, 8), abs=0.06)


def test_reps_by_different_rules_are_not_compared():
    mixed = [rep(1, angle(45.0)), rep(2, angle(44.0, method="test velocity"))]
    mixed += [rep(n, angle(44.0)) for n in (3, 4)]
    other = [rep(1, angle(45.0)), rep(2, angle(44.0, threshold=Threshold(value=9, unit="deg/s")))]
    for measure, those in ((BEST, mixed), (MEAN, mixed), (DRIFT, mixed), (BEST, other)):
        measured = measure.measure(those)
        assert measured.value is None and "different rules" in measured.reason


def test_what_was_refused_is_left_out_and_said():
    blind = Measured(value=None, unit="deg", status="refused", reason="Too dark.",
                     what_to_change="Film in light.", source="-")  # fmt: skip
    measured = MEAN.measure([*reps("=40", "=50"), rep(3, blind)])
    assert (measured.value, measured.status) == (45.0, "warn")
    assert measured.reason == "It rests on 2 of 3 reps."
    for measure in (BEST, MEAN, DRIFT):
        none = measure.measure([rep(1, blind), rep(2, blind)])
        assert (none.reason, none.what_to_change) == ("Too dark.", "Film in light.")


def test_a_rep_that_went_halfway_tells_nothing_of_the_break():
    halfway = rep(2, angle(30.0, "at-most"), kind="partial")
    assert BEST.measure([*reps("=45"), halfway]).value == 45.0


# --- the drift


def test_the_drift_is_the_slope_with_the_interval_of_scatter_and_noise():
    x, y = np.arange(1.0, 6), np.array([45.0, 44, 46, 50, 51])
    measured = DRIFT.measure(reps(*(f"={v}" for v in y), within=0.0))
    slope, cut = np.polyfit(x, y, 1)
    scatter = np.sqrt(((y - slope * x - cut) ** 2).sum() / 3 / 10)
    assert measured.value == pytest.approx(slope, abs=0.05)
    assert measured.uncertainty == pytest.approx(3.182 * scatter, abs=0.06)
    noisy = DRIFT.measure(reps(*(f"={v}" for v in y), within=5.0))
    assert noisy.uncertainty == pytest.approx(np.hypot(3.182 * scatter, 5 / np.sqrt(10)), abs=0.06)
    assert (noisy.value, noisy.unit) == (measured.value, "deg/rep")


def test_reps_on_a_line_are_as_sure_as_they_are_themselves():
    measured = DRIFT.measure(reps("=40", "=42", "=44", "=46", within=3.0))
    assert measured.value == 2.0
    assert measured.uncertainty == pytest.approx(3 / np.sqrt(5), abs=0.06)


@pytest.mark.parametrize("said", ["=40 =41 =42", "=40 =41 =42 <43", "=40 =41 >42 <43 =40"])
def test_a_drift_takes_four_reps_that_broke(said):
    measured = DRIFT.measure(reps(*said.split()))
    assert measured.value is None
    assert measured.reason.startswith("The drift is taken over at least 4 reps")
    assert measured.reason.endswith("there are 3.")


# --- what a value means


@pytest.mark.parametrize(
    ("said", "whole", "words"),
    [
        ("=43", 3.0, "a trained level"),
        ("=43", 10.0, "between a high level and a typical recreational level"),
        ("=50", 0.0, "a typical recreational level"),  # a limit belongs to what begins there
        ("=49.9", 0.0, "a trained level"),
        ("=10", 5.0, "near-full control"),
        ("=70", 3.0, "an early loss"),
        ("<32", 5.0, "a trained level or better"),
        ("<10", 5.0, "near-full control"),
        (">70", 3.0, "an early loss"),
        (">60", 3.0, "a typical recreational level or worse"),
        ("=40", 40.0, None),
        ("<60", 10.0, None),
    ],
)
def test_a_value_means_as_much_as_its_interval_lets_it(said, whole, words):
    assert BEST.band(BEST.measure(reps(said, whole=whole))) == words


def test_without_bands_or_a_value_nothing_is_meant():
    assert replace(BEST, bands=()).band(angle(40.0)) is None
    assert BEST.band(BEST.refused("Too dark.", "Film in light.")) is None
