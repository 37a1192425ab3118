"""Every exercise passes the conformance suite, each with a demonstration made by construction."""

from dataclasses import replace

import athlete
import numpy as np
import pytest
from demonstrations import DEMONSTRATIONS

from formcheck import terminal, words
from formcheck.checks import Check, Limit
from formcheck.errors import UsageError
from formcheck.exercises import DEFAULT, EXERCISES, named
from formcheck.measures.measure import UNITS, Measured
from formcheck.pages import words as page_words
from formcheck.signals import Body, Hidden, measured
from formcheck.testing import Conformance, at_rate
from formcheck.testing.trial import setting_of
from formcheck.validate import baseline, truth
from formcheck.validate import words as scored

every = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)


def _suite(name: str) -> type[Conformance]:
    told = {
        "exercise": EXERCISES[name],
        "demonstrate": staticmethod(DEMONSTRATIONS[name]),
        "__module__": __name__,
    }
    return type("Test" + name.title().replace("-", ""), (Conformance,), told)


globals().update({suite.__name__: suite for suite in map(_suite, DEMONSTRATIONS)})


def test_every_exercise_has_a_demonstration():
    assert set(DEMONSTRATIONS) == set(EXERCISES)
    assert DEFAULT in EXERCISES


@every
def test_it_is_found_by_its_name(exercise):
    assert EXERCISES[exercise.name] is exercise is named(exercise.name)


def test_an_exercise_that_there_is_not_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match=r"juggling.*nordic-curl"):
        named("juggling")


@pytest.mark.parametrize(
    "known",
    [
        terminal.UNITS,
        words.UNITS,
        page_words.UNITS,
        scored.UNITS,
        truth.UNITS,
        baseline.TOLERANCES,
    ],
    ids=["terminal", "video", "pages", "scores", "truth", "tolerances"],
)
def test_all_that_print_or_score_numbers_know_every_unit(known):
    assert set(known) - {"faults"} == set(UNITS)  # these are counted, not measured


@every
def test_no_limit_is_reached_by_what_was_not_measured(exercise):
    unseen = Measured(value=None, unit="-", status="refused", source="-")
    for check in exercise.checks:
        assert [limit.severity(unseen) for limit in check.limits] == [None] * len(check.limits)


@every
def test_signals_are_finite_and_independent_of_the_way_they_are_asked(exercise):
    track = at_rate(DEMONSTRATIONS[exercise.name](reps=1, share=1.0), 10)
    setting = setting_of(exercise, track)
    signals = exercise.signals(setting)
    body = Body(track.points, track.visibility, setting.side, setting.facing)
    values, seen = measured(signals, body)
    assert values.shape == seen.shape == (len(track), len(signals))
    told = np.array([not isinstance(signal, Hidden) for signal in signals.values()])
    assert np.isfinite(values[:, told]).all() and np.isnan(values[:, ~told]).all()
    assert ((seen >= 0) & (seen <= 1)).all()


@pytest.mark.parametrize("film", [{"noise": 0.8, "seed": 1}, {"yaw": 12}])
def test_the_nordic_curl_is_recognised_with_noise_and_from_an_angle(film):
    done = athlete.perform(*[athlete.Curl()] * 3)
    report = athlete.judged(done.film(pointed=45, **film), mass_kg=80.0, height_m=1.8)[1]
    assert report.recognised
    assert report.set_.reps == 3
    told = [m for r in report.reps for m in r.measures.values()]
    assert all(m.value is not None or m.outcome == "range-not-reached" for m in told)
    assert not [f for r in report.reps for f in r.findings if f.severity == "fault"]


@every
def test_an_inconsistent_one_is_refused_with_all_that_is_wrong(exercise):
    ghost = Check("c", "c", (Limit("ghost", "-"),), "-", "-")
    with pytest.raises(ValueError, match=r"ghost.*two measures.*two checks"):
        replace(
            exercise,
            measures=exercise.measures + exercise.measures[:1],
            checks=(*exercise.checks, ghost, ghost),
        )
