"""What is called out while a set runs: one thing at a time, in time, and not again and again."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from formcheck.checks import Finding
from formcheck.exercises import EXERCISES, named
from formcheck.live.cues import BEGIN, Prompter, about, in_words, lasts
from formcheck.live.state import Light
from formcheck.reps import Phase, PhaseChanged, RepCounted
from formcheck.session import Found, Warned
from formcheck.sets import SetCheck

EXERCISE = named("nordic-curl")
FIRST, SECOND = "falls-too-fast", "hips-pike"
SAYS = {c.name: c.spoken for c in EXERCISE.checks}
STOP = SetCheck(
    "spent",
    label="being spent",
    advice="Rest.",
    stops="End it with rep {rep}.",
    spoken=("one more, then stop", "stop here"),
)


def finding(check, severity="fault"):
    return Finding(
        check=check,
        severity=severity,
        at_s=None,
        until_s=None,
        measure="",
        value=1.0,
        uncertainty=0.0,
        limit=0.0,
        limit_kind="max",
        unit="s",
        sentence="",
        advice="",
    )


def found(t, check, rep, severity="fault"):
    return t, Found(t - 0.5, t, rep, finding(check, severity))


def warned(t, check, rep):
    return t, Warned(t - 0.2, t, rep, finding(check))


def counted(t, n):
    return t, RepCounted(t - 0.1, t, n)


def phase(t, name):
    return t, PhaseChanged(t, t, Phase[name])


def said(*events, until=60.0, prompter=None, fps=30):
    """The cues of a set as (seconds, text), asked at every picture as the loop does."""
    prompter = prompter or Prompter(EXERCISE)
    left, cues = sorted(events, key=lambda e: e[0]), []
    for i in range(round(until * fps)):
        t = i / fps
        now = []
        while left and left[0][0] <= t:
            now.append(left.pop(0)[1])
        cues += prompter.heard(t, now)
    return [(c.said_s, c.text) for c in cues]


def texts(*events, **options):
    return [text for _, text in said(*events, **options)]


def rep(n, start, *checks, warns=(), severity="fault"):
    """A rep of six seconds and what is said of it, as the session tells it."""
    return [
        phase(start, "LOWER"),
        *(warned(start + 2, check, n) for check in warns),
        phase(start + 3, "RISE"),
        counted(start + 6, n),
        phase(start + 6, "REST"),
        *(found(start + 6.6, check, n, severity) for check in checks),
    ]


def test_every_rep_is_counted_aloud_and_at_once():
    events = [e for n in range(1, 4) for e in rep(n, 8 * n)]
    told = said(*events)
    assert [text for _, text in told] == ["one", "two", "three"]
    for (t, _), n in zip(told, range(1, 4), strict=True):
        assert t - (8 * n + 6) <= 1 / 30 + 1e-9


def test_numbers_are_words_as_far_as_anybody_counts():
    assert [in_words(n) for n in (1, 12, 20, 21)] == ["one", "twelve", "twenty", "21"]


def test_a_fault_is_called_by_the_word_that_its_check_declares():
    told = said(*rep(1, 1, FIRST))
    assert [text for _, text in told] == ["one", SAYS[FIRST]]
    assert told[1][0] - 7 <= 1.0  # within a second of the rep's end


def test_of_several_faults_the_worst_and_first_declared_alone_is_called():
    assert texts(*rep(1, 1, SECOND, FIRST)) == ["one", SAYS[FIRST]]
    mixed = [*rep(1, 1, SECOND), found(7.6, FIRST, 1, "warning")]
    assert texts(*mixed) == ["one", SAYS[SECOND]]


def test_a_note_is_left_to_the_report():
    assert texts(*rep(1, 1, FIRST, severity="note")) == ["one"]


def test_a_check_without_a_word_is_not_called():
    silent = replace(EXERCISE, checks=tuple(replace(c, spoken="") for c in EXERCISE.checks))
    assert texts(*rep(1, 1, FIRST, SECOND), prompter=Prompter(silent)) == ["one"]


def test_a_warning_of_the_rep_under_way_does_not_wait():
    told = said(*rep(1, 1, warns=[SECOND]))
    assert told[0] == (3.0, SAYS[SECOND])


def test_what_was_called_during_a_rep_is_not_called_of_it_again():
    assert texts(*rep(1, 1, SECOND, warns=[SECOND])) == [SAYS[SECOND], "one"]


def test_the_athlete_has_a_rep_to_act_on_a_word_before_it_comes_again():
    events = [e for n in range(1, 5) for e in rep(n, 8 * n, FIRST, SECOND)]
    word = SAYS[FIRST]
    assert texts(*events) == ["one", word, "two", "three", word, "four"]


def test_a_warning_of_the_rep_under_way_comes_in_every_rep():
    events = [e for n in range(1, 3) for e in rep(n, 8 * n, warns=[SECOND])]
    assert texts(*events) == [SAYS[SECOND], "one", SAYS[SECOND], "two"]


def test_nothing_is_called_on_the_way_up():
    late = [phase(1, "LOWER"), phase(4, "RISE"), found(4.5, FIRST, 1), counted(7, 2)]
    assert texts(*late) == ["two"]  # by the time of rest it is stale


def test_a_word_on_the_last_rep_is_of_use_while_the_next_one_begins():
    begins = [counted(6, 1), phase(6, "LOWER"), found(6.6, FIRST, 1)]
    assert texts(*begins) == ["one", SAYS[FIRST]]
    under_way = [counted(6, 1), phase(6, "LOWER"), found(8.5, FIRST, 1)]
    assert texts(*under_way) == ["one"]


def test_two_sayings_do_not_run_into_each_other():
    told = said(*rep(1, 1, FIRST))
    (t0, first), (t1, _) = told
    assert t1 >= t0 + lasts(first)


def test_the_rule_to_stop_goes_before_all_and_closes_the_set():
    strict = replace(EXERCISE, set_checks=(*EXERCISE.set_checks, STOP))
    events = [*rep(1, 1, FIRST), *rep(2, 9, FIRST), found(15.6, "spent", 2, "warning")]
    events += [*rep(3, 17, SECOND), *rep(4, 25)]
    assert texts(*events, prompter=Prompter(strict)) == [
        "one", SAYS[FIRST], "two", "one more, then stop", "three", "stop here", "four",
    ]  # fmt: skip


def test_a_new_set_begins_at_one_with_nothing_on_its_mind():
    prompter = Prompter(EXERCISE)
    word = SAYS[FIRST]
    assert texts(*rep(1, 1, FIRST), until=10, prompter=prompter) == ["one", word]
    assert [c.text for c in prompter.placed(20.0, (), "resting")] == ["Set done: one rep."]
    assert [c.text for c in prompter.placed(21.0, (), "resting")] == []
    again = [(t + 60, e) for t, e in rep(1, 1, FIRST)]
    assert texts(*again, until=80, prompter=prompter) == ["one", word]


def test_the_same_events_give_the_same_cues_however_often_it_is_asked():
    events = [e for n in range(1, 5) for e in rep(n, 8 * n, FIRST, SECOND)]
    assert texts(*events, fps=12) == texts(*events, fps=60)


GREEN = Light("distance", "green", "The distance is right.")
AMBER = Light("light", "amber", "Rather dark: turn on a lamp.")
RED = Light("whole body", "red", "Your feet are out of the picture: step back.")


def placed(*stages, fps=30):
    """The cues of a placement as (seconds, text); stages: (until seconds, lights, stage)."""
    prompter, cues, i = Prompter(EXERCISE), [], 0
    for until, lights, stage in stages:
        while i / fps < until:
            cues += prompter.placed(i / fps, lights, stage)
            i += 1
    return [(c.said_s, c.text) for c in cues]


def test_what_hinders_most_is_said_and_not_over_and_over():
    told = placed((20, (AMBER, RED, GREEN), "placing"))
    assert {text for _, text in told} == {RED.sentence}
    times = [t for t, _ in told]
    assert times[0] == pytest.approx(1.0, abs=0.05)
    assert len(times) == 3 and min(b - a for a, b in pairwise(times)) >= 8


def test_amber_is_spoken_of_once_nothing_is_red():
    told = placed((3, (RED, AMBER), "placing"), (12, (GREEN, AMBER), "placing"))
    assert [text for _, text in told] == [RED.sentence, AMBER.sentence]


def test_a_light_that_flickers_is_not_spoken_of():
    flickers = [(0.5 * (i + 1), ((RED, GREEN)[i % 2],), "placing") for i in range(20)]
    assert placed(*flickers) == []


def test_ready_is_said_once_and_then_there_is_silence():
    told = placed((3, (GREEN,), "placing"), (20, (GREEN, AMBER), "ready"))
    assert told == [(3.0, BEGIN)]


def test_nothing_is_asked_of_who_rests():
    assert placed((20, (RED,), "resting")) == []


def test_a_cue_points_at_the_angle_of_its_check():
    assert about(EXERCISE, SECOND) == ("hip_flexion",)
    assert about(EXERCISE, "count") == about(EXERCISE, "fatigue") == ()


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda e: e.name)
def test_what_is_called_is_short_enough_to_be_heard_in_a_rep(exercise):
    words = [c.spoken for c in exercise.checks if c.spoken]
    words += [text for c in exercise.set_checks for text in c.spoken]
    assert words and max(map(lasts, words)) <= 1.6
    assert len(set(words)) == len(words)
