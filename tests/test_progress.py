"""Sets over time: what change is real, what came too soon, and the next step."""

from dataclasses import replace
from datetime import timedelta
from math import sqrt

import numpy as np
import pytest
from athlete import NORDIC, Curl, Hold, judged, perform
from pasts import BREAK, START, past, session, setup, value

from formcheck.pauses import IDLE_S
from formcheck.progress.change import between, same_day
from formcheck.progress.faults import fault_trends, in_words
from formcheck.progress.ladder import next_step
from formcheck.progress.past import PastSet, past_sets
from formcheck.progress.sessions import ready_at, sessions, too_soon
from formcheck.progress.story import sentences, told, words

PROGRAMME = NORDIC.programme
REAL, RECOVERY, LADDER = PROGRAMME.real, PROGRAMME.recovery, PROGRAMME.ladder
SEM = REAL.between / (1.96 * sqrt(2))
"""The standard error of measurement between sessions that the smallest real difference states."""
YEAR = timedelta(days=365)


# --- a simulated year


def year(rng, by):
    """Two sessions a week; the break point gets `by` degrees lower, spread by the stated SEM."""
    days = [7 * week + d for week in range(52) for d in (0, 3)]
    span = days[-1] - 10  # from the middle of the first four sessions to that of the last four
    trend = [50 - by * np.clip((day - 5) / span, 0, 1) for day in days]
    return [past(day, x + rng.normal(0, SEM)) for day, x in zip(days, trend, strict=True)]


@pytest.mark.parametrize("by, least, most", [(0, 0.0, 0.05), (10, 0.90, 1.0)])
def test_a_years_change_is_called_when_it_is_one(by, least, most):
    rng = np.random.default_rng(11)
    called = [told(year(rng, by), NORDIC, START + YEAR).since_start for _ in range(300)]
    assert least <= np.mean([c.real for c in called]) <= most
    if by:
        assert np.mean([c.by for c in called]) == pytest.approx(-by, abs=0.3)


@pytest.mark.parametrize("n", [1, 2, 4])
def test_of_changes_that_are_none_one_in_twenty_is_called_at_most(n):
    """Over 20 000 draws; at the stated error the rule's own rate is 5 %, less with four."""
    rng = np.random.default_rng(n)
    drawn = rng.normal(50, SEM, (20_000, 2, n))
    means = drawn.mean(axis=2)
    same = [value(50.0)] * n
    least = between(same, same, REAL).least
    assert np.mean(np.abs(np.diff(means)) >= least) <= 0.0515
    if n == 4:
        assert np.mean(np.abs(np.diff(means)) >= least) <= 0.05
        assert np.mean(np.abs(np.diff(means + np.array([0, 10]))) >= least) >= 0.90


def test_a_single_pair_of_sessions_asks_for_the_published_difference():
    assert between([value(50)], [value(42)], REAL).least == 8.03
    assert not between([value(50)], [value(42)], REAL).real
    assert between([value(50)], [value(41.9)], REAL).real
    assert same_day(value(50), value(45.9), REAL).real
    assert not same_day(value(50), value(46), REAL).real


def test_never_less_than_the_numbers_own_intervals():
    wide = between([value(50, within=9.0)], [value(40, within=9.0)], REAL)
    assert wide.least == pytest.approx(12.7, abs=0.1)
    assert not wide.real


@pytest.mark.parametrize(
    "before, after, real, bound",
    [
        (value(50), value(20, "at-most"), True, "at-least"),  # held to 20 or further: better
        (value(20, "at-most"), value(50), True, "at-least"),
        (value(50, "at-most"), value(20), False, "unknown"),
        (value(20), value(50, "at-most"), False, "unknown"),
        (value(20, "at-most"), value(10, "at-most"), False, "unknown"),
        (value(50, "at-least"), value(30), True, "at-least"),
    ],
)
def test_a_bound_is_never_taken_for_a_value(before, after, real, bound):
    found = between([before], [after], REAL)
    assert (found.real, found.bound) == (real, bound)


@pytest.mark.parametrize("other", [{"mode": "eccentric-only"}, {"shins": 20.0}, {"view": "front"}])
def test_another_setup_is_not_compared(other):
    mixed = [past(0, 70, **other), past(4, 70, **other), past(8, 50), past(12, 50)]
    story = told(mixed, NORDIC, START)
    assert (story.since_start.before, story.since_start.after, story.other_setups) == (50, 50, 2)
    assert any("not compared" in line for line in sentences(story, START))
    assert setup().same(setup(shins=None), NORDIC.setup)
    assert told(mixed[:3], NORDIC, START).since_start is None


# --- recovery


def days(*at, hours=0.0):
    """Whether each session came too soon."""
    done = sessions([past(START + timedelta(days=d, hours=hours)) for d in at])
    soon = {s.at for s in too_soon(done, RECOVERY)}
    return [one.at in soon for one in done]


def test_warnings_fire_on_exactly_the_days_they_should():
    """First sessions and those after a break ask for 72 h, all others for 48."""
    assert days(0, 3, 6, 8, 10, 11) == [False] * 5 + [True]
    assert days(0, 2, 5, 7) == [False, True, False, False]
    assert days(0, 3, 5) == [False, False, True]
    assert days(0, 3, 6, 8, 36, 38, 41, 43) == [False] * 5 + [True, False, False]
    assert days(0, 3, 6, 33.9, 35.9) == [False] * 5  # 27.9 days are no break


def test_over_a_year_no_other_day_is_warned_of():
    rng = np.random.default_rng(2)
    gaps = rng.choice([1.0, 2.0, 2.5, 3.0, 4.0, 30.0], 150)
    at = np.concatenate([[0.0], np.cumsum(gaps)])
    since, expected = 1, [False]
    for gap in gaps:
        expected.append(gap < (3 if since <= 2 else 2))
        since = 1 if gap >= 28 else since + 1
    assert days(*at) == expected


def test_sets_of_one_evening_are_one_session():
    done = sessions(session(0) + session(0.5, sets=1))
    assert [len(s.sets) for s in done] == [3, 1]
    assert [s.hours for s in too_soon(done, RECOVERY)] == [pytest.approx(11.8, abs=0.1)]


def test_it_is_said_when_to_train_again():
    done = sessions(session(0) + session(3))
    assert ready_at(done, RECOVERY) == done[-1].ended + timedelta(hours=72)
    now = done[-1].ended + timedelta(hours=1)
    story = told([s for one in done for s in one.sets], NORDIC, now)
    assert any(line.startswith("Train it again from 11 Jan") for line in sentences(story, now))
    late = now + timedelta(days=40)
    lines = list(sentences(told(session(0), NORDIC, late), late))
    assert any("begin again with less" in line for line in lines)
    assert ready_at((), RECOVERY) is None


# --- the ladder


def step(*done, **how):
    return next_step(sessions([s for one in done for s in one]), LADDER)


def test_two_good_sessions_climb():
    for mode, says in (
        ("eccentric-only", "Come back up"),
        ("eccentric-concentric", "Hold a light"),
    ):
        found = step(session(0, mode=mode), session(4, mode=mode))
        assert found.climbs
        assert found.says.startswith(says)
        assert "last 2 sessions had 3 sets of 8 reps or more" in found.why[0]


@pytest.mark.parametrize(
    "last, why",
    [
        ({"reps": 6}, "9 Jan: 6 reps in set 1; 8 are asked."),
        ({"sets": 2}, "9 Jan: 2 sets; 3 are asked."),
        ({"loss": 6.0}, "in set 1 the break point came 6° earlier"),
        ({"hips": 30.0}, "in set 1 the hips were bent by 30°"),
        ({"loss": None}, "was not told of set 1"),
    ],
)
def test_what_is_lacking_is_said(last, why):
    found = step(session(0), session(4, **last))
    assert not found.climbs
    assert any(why in words for words in found.why)


def test_one_good_session_is_not_enough():
    assert "2 in a row" in step(session(0)).why[0]
    assert "2 in a row" in step(session(0, mode="eccentric-only"), session(4)).why[0]
    assert step() is None
    assert step(session(0, mode="another")) is None


# --- faults


def faulty(day, found, reps=8):
    return [past(day, reps=reps).model_copy(update={"faults": found})]


def test_faults_are_counted_over_the_sessions_and_no_change_is_called():
    year_ = [faulty(4 * d, {"hips-pike": 3} if d < 5 else {"uneven-tempo": 1}) for d in range(10)]
    pike, uneven = told([s for one in year_ for s in one], NORDIC, START).faults
    assert [c.found for c in pike.each] == [3] * 5 + [0] * 5
    assert (pike.first.found, pike.first.reps, pike.last.found, pike.last.reps) == (12, 32, 0, 32)
    assert pike.label == NORDIC.called("hips-pike")
    assert (uneven.first.found, uneven.last.found) == (0, 4)
    lines = list(in_words((pike, uneven)))
    assert lines[0].endswith(
        "found in 12 of 32 reps of the first sessions, in 0 of 32 of the last ones."
    )


def test_no_session_stands_at_both_ends():
    three = fault_trends(sessions([s for d in (0, 4, 8) for s in faulty(d, {"x": 1})]), NORDIC)[0]
    assert (three.first.reps, three.last.reps) == (8, 8)
    alone = fault_trends(sessions(faulty(0, {"x": 1})), NORDIC)
    assert (alone[0].first.reps, alone[0].last.reps) == (0, 8)
    assert list(in_words(alone)) == []
    assert fault_trends(sessions(session(0)), NORDIC) == ()


# --- the story


def test_the_story_says_what_is_real():
    better = told(session(0, 50) + session(4, 40), NORDIC, START)
    assert words(better.since_start) == "from 50° to 40°: 10° better, more than chance (over 8.0°)."
    chance = told(session(0, 50) + session(4, 45), NORDIC, START)
    assert words(chance.since_start) == "from 50° to 45°; under 8.0° it may be chance."
    assert words(told(session(0, 40) + session(4, 50), NORDIC, START).since_start).count("worse")
    first, *_, last = session(0, 40)
    tired = [first, last.model_copy(update={"values": {BREAK: value(46)}})]
    assert told(tired, NORDIC, START).within_last.real


def test_what_has_no_programme_tells_its_sessions_alone():
    plain = replace(NORDIC, programme=None)
    story = told(session(0) + session(1), plain, START)
    assert len(story.sessions) == 2
    assert (story.since_start, story.too_soon, story.step) == (None, (), None)
    assert list(sentences(story, START)) == []
    assert told([], NORDIC, START).sessions == ()


def test_a_programme_that_names_no_measure_is_refused():
    with pytest.raises(ValueError, match="its programme names nothing, which is no measure"):
        replace(NORDIC, programme=replace(PROGRAMME, followed=("nothing",)))


def test_a_report_becomes_sets_of_the_past():
    one = (Curl(lower=3.0), Curl(lower=3.0))
    report = judged(perform(*one, Hold(IDLE_S + 5), *one).film(fps=24))[1]
    first, second = past_sets(report, NORDIC, START)
    assert (first.reps, second.reps, second.number) == (2, 2, 2)
    assert (second.at - first.at).total_seconds() == pytest.approx(
        report.sets[1].start_s - report.sets[0].start_s, abs=0.01
    )
    assert first.values[BREAK].value == report.sets[0].measures[BREAK].value
    assert first.values[BREAK].within < first.values[BREAK].uncertainty
    assert {"hip_flexion_max", "controlled_duration"} <= set(first.values)
    assert abs(first.setup.parts["shank_pitch"].value) < 8
    assert first.setup.same(second.setup, NORDIC.setup)
    assert PastSet.model_validate_json(second.model_dump_json()) == second
