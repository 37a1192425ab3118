"""Which phase an instant is in, by what an exercise declares."""

import numpy as np
import pytest

from formcheck.exercises import EXERCISES, named
from formcheck.look import Look
from formcheck.phases import painted
from formcheck.report import RepReport

T = np.arange(0, 10, 0.1).round(1)
UP_AND_DOWN = np.interp(T, [1, 3, 4, 7], [0, 100, 100, 0])


def rep(**moments) -> RepReport:
    fields = {"number": 1, "counted": True, "kind": "full", "start_s": 1.0, "end_s": 7.0}
    return RepReport(**{**fields, **moments})


def phases(look: Look, *reps: RepReport) -> list[tuple[str, float]]:
    """Each run of a phase and when it begins."""
    names, _ = painted(look, 10, T, UP_AND_DOWN, reps)
    starts = [i for i in range(len(T)) if i == 0 or names[i] != names[i - 1]]
    return [(str(names[i]), float(T[i])) for i in starts]


def test_a_curl_to_the_top():
    look = named("bench-leg-curl").look
    assert phases(look, rep(top_s=3.0, lower_s=4.0)) == [
        ("rest", 0.0), ("lift", 1.0), ("top", 3.1), ("lower", 4.1), ("rest", 7.1),
    ]  # fmt: skip


def test_where_the_lowering_begins_is_read_off_the_depth_where_it_was_not_told():
    names = [name for name, _ in phases(named("bench-leg-curl").look, rep(top_s=3.0))]
    assert names == ["rest", "lift", "top", "lower", "rest"]


def test_a_clip_that_ends_in_the_hold_shows_no_lowering():
    """Although the hold trembles by 3 degrees."""
    depth = np.where(UP_AND_DOWN == 100, 100 - 1.5 * (1 + np.sin(20 * T)), UP_AND_DOWN)
    held = T <= 3.9
    cut = rep(end_s=None, top_s=3.0)
    names, _ = painted(named("bench-leg-curl").look, 10, T[held], depth[held], [cut])
    assert set(names.tolist()) == {"rest", "lift", "top"}


def test_a_fall_that_was_caught_and_pushed_off():
    look = named("nordic-curl").look
    told = rep(break_s=2.0, catch_s=2.8, bottom_s=3.0, release_s=5.0)
    assert [name for name, _ in phases(look, told)] == [
        "rest", "lower", "drop", "bottom", "push", "curl", "rest",
    ]  # fmt: skip
    controlled = rep(bottom_s=3.0)
    assert [name for name, _ in phases(look, controlled)] == [
        "rest", "lower", "bottom", "curl", "rest",
    ]  # fmt: skip


def test_hands_that_left_before_the_body_rose_take_nothing_from_the_bottom():
    look = named("nordic-curl").look
    early = phases(look, rep(bottom_s=3.0, release_s=3.5))
    assert early == phases(look, rep(bottom_s=3.0))


def test_a_rep_whose_start_was_not_seen_begins_where_the_depth_was_last_low():
    (_, first), *_ = (p for p in phases(Look(), rep(start_s=None, bottom_s=3.0)) if p[0] == "rep")
    assert first == pytest.approx(1.2)  # within 10 degrees of its least


def test_a_rep_without_return_lasts_until_the_clip_ends():
    assert phases(Look(), rep(end_s=None, bottom_s=3.0)) == [("rest", 0.0), ("rep", 1.0)]


def test_a_rep_that_never_turned_has_no_phase():
    assert phases(Look(), rep()) == [("rest", 0.0)]


def test_the_numbers_of_the_reps():
    _, numbers = painted(Look(), 10, T, UP_AND_DOWN, [rep(number=None, bottom_s=3.0)])
    assert not numbers.any()
    _, numbers = painted(Look(), 10, T, UP_AND_DOWN, [rep(number=2, bottom_s=3.0)])
    assert set(numbers.tolist()) == {0, 2}


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_every_phase_of_an_exercise_can_be_reached(exercise):
    """By a rep that has all the moments which the exercise declares."""
    moments = {"break_s": 2.0, "catch_s": 2.5, "bottom_s": 3.0, "release_s": 5.0,
               "top_s": 3.0, "lower_s": 4.0}  # fmt: skip
    whole = rep(**{name: moments[name] for name in exercise.moments})
    names = {name for name, _ in phases(exercise.look, whole)}
    assert names == {"rest", *(p.name for p in exercise.look.phases)}
