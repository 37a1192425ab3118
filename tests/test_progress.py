"""Sets over time: what change is real, what came too soon, and the next step."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from athlete import NORDIC, Curl, Hold, judged, perform
from pasts import BREAK, START, past, session, value

from formcheck.exercises import EXERCISES
from formcheck.pauses import IDLE_S
from formcheck.progress.faults import fault_trends, in_words
from formcheck.progress.ladder import next_step
from formcheck.progress.past import PastSet, SetUp, past_sets
from formcheck.progress.sessions import ready_at, sessions, too_soon
from formcheck.progress.story import sentences, told, words
from formcheck.progress.tables import best, remarks, row

BENCH = EXERCISES["bench-leg-curl"]
PROGRAMME = NORDIC.programme
RECOVERY, LADDER = PROGRAMME.recovery, PROGRAMME.ladder


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
    assert days(0, 2.99, 5.98, 7.97) == [False] * 4  # a quarter of an hour is none


def test_over_a_year_no_other_day_is_warned_of():
    """Mondays and Thursdays at six; a Friday too many, a break, and a Saturday too early after."""
    usual = [7 * week + d for week in range(52) for d in (0, 3)]
    away = [d for d in usual if not 140 <= d < 175]
    at = sorted([*away, 7 * 10 + 4, 175 + 5])
    soon = days(*at)
    assert [day for day, warned in zip(at, soon, strict=True) if warned] == [74, 180]
    off = [d + hour / 24 for d, hour in zip(usual, [0, 2, -4, 1] * 26, strict=True)]
    assert not any(days(*off))  # at other hours, and still more than 48 apart


def test_of_a_day_without_an_hour_days_are_counted():
    """Monday at six in the evening, and Wednesday: two days."""
    first = [past(d) for d in (-9, -6, -3, 0)]
    said = {"dated_by": "day"}
    wednesday, tuesday = (past(START.replace(hour=0, day=d), told=said) for d in (7, 6))
    assert not list(too_soon(sessions([*first, wednesday]), RECOVERY))
    (found,) = too_soon(sessions([*first, tuesday]), RECOVERY)
    assert found.words == "Only 1 day after the session before; leave 2 days or more."
    ready = ready_at(sessions([*first, wednesday]), RECOVERY)
    assert (ready.day, ready.hour) == (9, 0)


def test_two_clips_of_a_day_without_an_hour_stay_in_their_order():
    at = START.replace(hour=0)
    said = {"told": {"dated_by": "day"}}
    clip = [past(at + timedelta(minutes=m), number=n, **said) for n, m in ((1, 0), (2, 9))]
    later = past(at + timedelta(minutes=2), 40, **said)
    (done,) = sessions([*clip, later])
    assert [s.first_reps.value for s in done.sets] == [50, 50, 40]


def test_without_a_day_a_set_is_shown_and_nothing_is_concluded():
    """A messenger strips the date: a season of them, analysed in one night, is no session."""
    season = [past(100, told={"dated_by": "kept"}) for _ in range(20)]
    dated = session(0) + session(4)
    with_them = told([*season, *dated], NORDIC, START)
    assert len(with_them.undated) == 20
    assert row(with_them, with_them.undated[0])[0] == "not known"
    assert replace(with_them, undated=()) == told(dated, NORDIC, START)
    assert any("20 sets have no day" in line for line in sentences(with_them, START))
    alone = told(season, NORDIC, START)
    assert (alone.sessions, alone.step, alone.ready_at) == ((), None, None)


def test_another_exercise_of_the_muscle_counts():
    curls = [s for d in (-9, -6, -3, 0) for s in session(d)]
    other = SetUp(exercise="bench-leg-curl", mode="usual", view="side")
    tuesday = [s.model_copy(update={"setup": other}) for s in session(1)]
    story = told(tuesday, BENCH, START, curls)
    assert "(nordic-curl)" in story.too_soon[0].words
    assert story.too_soon[0].at == story.sessions[0].at
    assert told(tuesday, BENCH, START).too_soon == ()
    assert told(curls, NORDIC, START, tuesday).too_soon == ()
    assert told(curls, NORDIC, START, tuesday).ready_at.day == 8


def test_days_are_those_of_the_reader():
    """In Sydney it is the next morning."""
    sydney = timezone(timedelta(hours=11))
    now = (START + timedelta(hours=1)).astimezone(sydney)
    story = told(session(0), NORDIC, now)
    assert row(story, story.sessions[0])[0] == "2026-01-06"
    assert story.step.why[0].startswith("1 session so")
    assert "again from 9 Jan, 05:00 on" in " ".join(sentences(story, now))


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system sets no zone of a process")
def test_summer_sessions_have_summer_time_in_winter(monkeypatch):
    try:
        with monkeypatch.context() as patch:
            patch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
            time.tzset()
            late = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
            story = told([past(late)], NORDIC, datetime(2026, 12, 1, tzinfo=UTC).astimezone())
            assert f"{story.sessions[0].at:%d %H:%M}" == "02 00:30"
    finally:
        time.tzset()


def test_the_table_has_what_is_compared():
    """Not the best of all reps of all sets, which stands under the same name."""
    first = past(0, 45.0)
    low = value(30.0)
    first = first.model_copy(update={"values": {**first.values, BREAK: low}})
    few = past(4, 38.0, reps=2)
    story = told([first, past(0.01, 40.0), few], NORDIC, START)
    assert [best(story, one, BREAK) for one in story.sessions] == [first.first_reps, None]


def test_sets_of_one_evening_are_one_session():
    done = sessions(session(0) + session(0.5, sets=1))
    assert [len(s.sets) for s in done] == [3, 1]
    assert [s.hours for s in too_soon(done, RECOVERY)] == [12]


def test_it_is_said_when_to_train_again():
    done = sessions(session(0) + session(3))
    assert ready_at(done, RECOVERY) == done[-1].at + timedelta(hours=72)
    now = done[-1].at + timedelta(hours=1)
    story = told([s for one in done for s in one.sets], NORDIC, now)
    assert any(
        line.startswith("Train the hamstrings again from 11 Jan") for line in sentences(story, now)
    )
    late = now + timedelta(days=40)
    lines = list(sentences(told(session(0), NORDIC, late), late))
    assert any("begin again with less" in line for line in lines)
    assert ready_at((), RECOVERY) is None


# --- the ladder


def step(*done, **how):
    return next_step(sessions([s for one in done for s in one]), LADDER, NORDIC.called)


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
        ({"reps": 6}, "9 Jan: 6 + 6 + 6 reps; 8 are asked of each set."),
        ({"sets": 2}, "9 Jan: 2 sets; 3 are asked."),
        ({"loss": 6.0}, "in set 1 the break point came 6° earlier"),
        ({"hips": 30.0}, "in set 1 the hips were bent by 30°"),
        ({"loss": None}, "could not be measured in set 1"),
        ({"told": {"faults": {"hips-pike": 3}}}, "9 Jan: folding at the hips in 3 of 8 reps"),
        ({"told": {"reps_after_stop": 2}}, "set 1 went on for 2 reps after the strength had gone"),
        ({"mean": 45.0}, "the body gave way at 45° on average; a weight is for who holds it"),
        ({"hands": None}, "could not be measured in set 1"),
    ],
)
def test_what_is_lacking_is_said(last, why):
    found = step(session(0), session(4, **last))
    assert not found.climbs
    assert any(why in words for words in found.why)


def test_who_falls_is_not_given_a_weight():
    """In every rep he breaks early, falls, and pushes back with the hands."""
    found = {"falls-too-fast": 8, "overuses-arms": 8}
    falls = {"mean": 75.0, "hands": 0.9, "told": {"faults": found}}
    worst = step(session(0, **falls), session(4, **falls))
    assert (worst.climbs, worst.now) == (False, "lowering alone")
    assert worst.says.startswith("Take help: a band")
    assert worst.why == ("9 Jan: falling too fast in 24 of 24 reps.",)
    alone = {**falls, "hands": 0.3}
    assert step(session(0, **alone), session(4, **alone)).says.startswith("Lower slowly, and push")


def test_who_pushes_up_with_the_hands_comes_back_up_first():
    """Whatever mode was said, or was not."""
    hands = {"hands": 0.9, "mean": 15.0, "told": {"faults": {"overuses-arms": 8}}}
    found = step(session(0, **hands), session(4, **hands))
    assert (found.climbs, found.now) == (True, "lowering alone")
    assert found.says.startswith("Come back up by the hamstrings")


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
    better = told(session(0, 50) + session(4, 30), NORDIC, START)
    assert words(better.since_start) == (
        "from 50° to 30°: 20° better, more than chance (a difference needs 13.2° to be sure)."
    )
    lines = list(sentences(better, START))
    assert lines[0].startswith("Best break point of the first 3 reps (lower is better), the last")
    chance = told(session(0, 50) + session(4, 45), NORDIC, START)
    assert words(chance.since_start) == (
        "from 50° to 45°: it may be chance (a difference needs 13.2° to be sure)."
    )
    assert words(told(session(0, 30) + session(4, 50), NORDIC, START).since_start).count("worse")


def test_it_is_said_what_the_last_set_was_against_the_first():
    tired = told([*session(0, 40, sets=2), past(0.02, 46)], NORDIC, START)
    assert tired.within_last.real
    assert any("the last set of the last session" in x for x in sentences(tired, START))


def test_it_is_said_what_was_found_and_why_a_session_is_not_compared():
    first = past(0, shins=20.0, told={"faults": {"hips-pike": 3}})
    story = told([first, past(4)], NORDIC, START)
    assert remarks(story, story.sessions[0]) == [
        "not compared: the shins sloped by 20° and by 2°: a slope moves the break point",
        "folding at the hips in 3 of 8 reps",
    ]
    assert remarks(story, story.sessions[1]) == []


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
