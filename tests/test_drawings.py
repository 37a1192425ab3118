"""Reps over each other, speeds and torque against the angle, and all numbers in groups: drawn from
what is told, and from nothing else."""

from __future__ import annotations

import csv
import re
from dataclasses import replace

import numpy as np
import pytest
from athlete import NORDIC, Curl, perform
from test_pages import EXERCISE, Reader, curves, measured, rep, report

from formcheck.analysis import judge
from formcheck.curves import Curves
from formcheck.exercises import EXERCISES
from formcheck.filtering import low_pass
from formcheck.look import Group, Look
from formcheck.measures.course import Course
from formcheck.measures.measure import Measured
from formcheck.pages import drawings, numbers
from formcheck.pages.html import render
from formcheck.report import Report, SetReport
from formcheck.setting import Athlete, Sex
from formcheck.view import estimate

TORQUE = "estimated_knee_flexor_torque"
LOOK = NORDIC.look
TITLES = [LOOK.traced.title, LOOK.speed.title, LOOK.load.title]
THREE = (Curl(breaks=55), Curl(breaks=48), Curl(breaks=40))


def filmed(*reps: Curl, sex: Sex | None = "male", said: bool = True, **how):
    """A set and its curves; its athlete has 80 kg and 1.80 m where that is said."""
    track = perform(*(reps or THREE)).film(noise=0.4, **how)
    told = {"mass_kg": 80.0, "height_m": 1.8, "sex": sex} if said else {}
    setting = estimate(track).model_copy(update={"athlete": Athlete(**told)})
    return judge(track, NORDIC, setting)


@pytest.fixture(scope="module")
def three() -> tuple[Report, Curves]:
    return filmed()


# --- a course


def test_the_torque_s_curve_ends_where_the_measure_tells_it(three):
    told, drawn = three
    course = drawn.courses[TORQUE]
    for one in told.reps:
        m, own = one.measures[TORQUE], np.array([n == one.number for n in drawn.rep])
        there = own & np.isfinite(course.value)
        assert one.start_s <= drawn.t_s[there][0] < one.start_s + 0.2
        assert m.at_s - 0.05 < drawn.t_s[there][-1] <= m.at_s
        assert course.value[there][-1] == pytest.approx(m.value, rel=0.03)
        assert course.half[there][-1] == pytest.approx(m.uncertainty, rel=0.15)
    assert not np.isfinite(course.value[[n is None for n in drawn.rep]]).any()


@pytest.mark.parametrize("how", [{"said": False}, {"unseen": ("WRIST",)}], ids=["unsaid", "hands"])
def test_where_the_torque_is_refused_it_has_no_curve(how):
    told, drawn = filmed(**how)
    assert all(one.measures[TORQUE].value is None for one in told.reps)
    assert not np.isfinite(drawn.courses[TORQUE].value).any()
    assert [d.title for d in drawings.drawings(told, drawn, LOOK)] == TITLES[:2]


def test_without_the_sex_the_curve_is_less_sure():
    both = [filmed(Curl(breaks=50), sex=sex)[1].courses[TORQUE] for sex in ("male", None)]
    known, unknown = (np.nanmin(course.half / course.value) for course in both)
    assert unknown > 1.02 * known


def test_signals_csv_holds_the_curve_so_that_it_can_be_drawn_again(three, tmp_path):
    drawn = three[1]
    drawn.write(tmp_path / "signals.csv")
    with (tmp_path / "signals.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for column, part in zip(
        (f"{TORQUE}_n_m", f"{TORQUE}_uncertainty_n_m"),
        (drawn.courses[TORQUE].value, drawn.courses[TORQUE].half),
        strict=True,
    ):
        read = np.array([float(row[column] or "nan") for row in rows])
        np.testing.assert_allclose(read, part, atol=0.006)


def test_a_course_of_no_measure_is_refused():
    odd = Course("hat_size", "cm", NORDIC.courses[0].of)
    with pytest.raises(ValueError, match="a curve belongs to hat_size"):
        replace(NORDIC, courses=(*NORDIC.courses, odd))
    with pytest.raises(ValueError, match="shows the course of estimated_knee_flexor_torque"):
        replace(NORDIC, courses=())


# --- the drawings


def test_reps_are_told_apart_without_colour(three):
    made = drawings.drawings(*three, LOOK)
    assert [d.title for d in made] == TITLES
    for drawing in made:
        assert {"solid", "thin", "dashed"} <= {sign for sign, _ in drawing.legend}
        assert "Rep 1, the first solid, Rep 2 thin, Rep 3, the last dashed" in drawing.described
        assert "stroke-dasharray" in drawing.svg and drawing.reads.endswith(".")
        assert "var(--knee)" in drawing.svg and not re.search("#0101", drawing.svg)


def test_a_rep_keeps_its_line_where_another_cannot_be_drawn(three):
    """Its own number of the course was refused: the others are told as in every other drawing."""
    told, drawn = three
    name = LOOK.load.measure
    course = drawn.courses[name]
    hidden = np.where(np.array(drawn.rep) == 3, np.nan, course.value)
    fewer = replace(drawn, courses={**drawn.courses, name: replace(course, value=hidden)})
    loads = drawings.drawings(told, fewer, LOOK)[-1]
    assert [label for _, label in loads.legend[:2]] == ["Rep 1, the first", "Rep 2"]
    assert "dashed" not in {sign for sign, _ in loads.legend}


def test_the_speed_crosses_its_limit_at_the_break_point(three):
    told, drawn = three
    speeds = drawings.drawings(told, drawn, LOOK)[1]
    limit = told.reps[0].measures["break_point_angle"].threshold.value
    assert ("dotted", f"{limit:.0f}°/s: faster is a fall") in speeds.legend
    rate = -low_pass(drawn.t_s, drawn.values["knee_flexion"], LOOK.speed.cutoff_hz)[1]
    for one in told.reps:
        assert np.interp(one.break_s, drawn.t_s, rate) == pytest.approx(limit, rel=0.15)


def test_the_limit_is_in_the_picture_of_a_set_that_never_reached_it_and_no_mark_is_explained():
    told, drawn = filmed(Curl(breaks=None, up=1.0), Curl(breaks=None, up=1.0))
    assert {one.break_s for one in told.reps} == {None}
    for drawing in drawings.drawings(told, drawn, LOOK)[:2]:
        assert "triangle" not in {sign for sign, _ in drawing.legend}
    speeds = drawings.drawings(told, drawn, LOOK)[1]
    assert "dotted" in {sign for sign, _ in speeds.legend}
    assert f"{told.reps[0].measures['break_point_angle'].threshold.value:.0f}" in speeds.svg


def test_a_line_of_the_grid_lies_above_the_fastest(three):
    """Or the peaks would seem to be cut off."""
    told, drawn = three
    rate = low_pass(drawn.t_s, drawn.values["knee_flexion"], LOOK.speed.cutoff_hz)[1]
    until = [(drawn.t_s > r.start_s) & (drawn.t_s < r.catch_s) for r in told.reps]
    grid = re.findall(r">(\d+)</text>", drawings.drawings(told, drawn, LOOK)[1].svg)
    assert max(map(int, grid)) >= max(-np.nanmin(rate[on]) for on in until) > 100


def test_where_the_clock_takes_the_speeds_they_are_not_drawn(three):
    told, drawn = three
    gone = {name: np.full_like(rate, np.nan) for name, rate in drawn.rates.items()}
    made = drawings.drawings(told, replace(drawn, rates=gone), LOOK)
    assert LOOK.speed.title not in [d.title for d in made]


def test_two_reps_that_are_drawn_already_are_not_drawn_again():
    reps = (rep(1), rep(2))
    told, drawn = report(*reps), curves(reps)
    assert LOOK.traced.title in [d.title for d in drawings.drawings(told, drawn, LOOK)]
    again = drawings.drawings(told, drawn, LOOK, without=(2, 1))
    assert LOOK.traced.title not in [d.title for d in again]


def test_a_single_rep_has_a_speed_and_nothing_to_lie_over():
    one = rep(1)
    made = drawings.drawings(report(one), curves([one]), LOOK)
    assert [d.title for d in made] == [LOOK.speed.title]
    assert made[0].legend[0] == ("solid", "Rep 1")


def test_an_exercise_that_declares_nothing_lays_its_reps_over_each_other():
    reps = (rep(1), rep(2), rep(3))
    made = drawings.drawings(report(*reps), curves(reps), Look())
    assert len(made) == 1 and made[0].reads == ""


# --- all numbers


def grouped(*reps, **more) -> tuple[numbers.Part, ...]:
    return numbers.parts(report(*reps, **more), EXERCISE)


def test_numbers_stand_in_their_groups_and_the_rest_behind_them():
    odd = {**rep().measures, "hat_size": measured(57.0, "1")}
    whole = SetReport(reps=1, measures={"mean_hat_size": measured(56.0)})
    made = {p.title: p for p in grouped(rep(1, measures=odd), set_=whole)}
    assert list(made) == ["Break point", "Tempo", "Hips and trunk", "Arms", "Other numbers",
                          "Whole set"]  # fmt: skip
    assert [n.label for n in made["Other numbers"].numbers] == ["Hat size"]
    assert made["Whole set"].heads == ("Whole set",)
    assert made["Whole set"].numbers[0].cells[0].text == "56° ± 3°"


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_every_measure_of_a_rep_stands_in_one_group(exercise):
    named = [name for group in exercise.look.groups for name in group.measures]
    assert {m.name for m in exercise.measures} <= set(named)
    assert len(named) == len(set(named))


def test_a_group_of_which_nothing_was_told_says_so():
    (part,) = grouped(rep(1, measures={"hip_break": measured(None)}))
    assert part.counted == "1 number, none assessed"


def test_the_set_has_its_block_with_band_and_best_rep():
    whole = SetReport(
        reps=2,
        measures={"break_point_best": measured(48.0), "break_point_mean": measured(None)},
        bands={"break_point_best": "a trained level"},
        best_rep=1,
        best_rep_because="It was held 6° further than rep 2.",
        stop_after_rep=1,
    )
    told = report(rep(1), rep(2), set_=whole)
    page = render(told, curves(told.reps), EXERCISE, None)
    block = Reader(re.search(r'<section class="whole".*?</section>', page, re.DOTALL)[0]).text
    for said in (
        "Best break point 48° ± 3° a trained level",
        "Best: rep 1. It was held 6° further than rep 2.",
    ):
        assert said in block.replace("\xa0", " ")
    assert "Stop a set like this after rep 1." in Reader(page).text
    assert "Mean" not in block  # refused: it stands among all numbers, with its reason
    whole_set = next(p for p in numbers.parts(told, EXERCISE) if p.title == "Whole set")
    assert [n.cells[0].note for n in whole_set.numbers] == ["a trained level", ""]
    assert [why.sign for why in whole_set.whys] == ["–"]


def test_what_is_missing_or_doubtful_says_why_once_for_all_it_holds_for():
    doubt = "The clip has only 30 frames a second."
    some = {
        "hip_break": replace(measured(8.0), status="warn", reason=doubt),
        "hip_flexion_max": replace(measured(9.0), status="warn", reason=doubt),
        "hip_flexion_start": measured(None),
    }
    (part,) = grouped(rep(1, measures=some), rep(2, measures=some))
    assert part.counted == "3 numbers, 1 not assessed"
    said = [(why.sign, why.what) for why in part.whys]
    assert said == [
        ("–", "Hips at the start (every rep)"),
        ("≈", "Most folded hips, Hip change (every rep)"),
    ]


def test_the_page_has_every_number_with_its_spread_status_and_source(three):
    told, drawn = three
    text = Reader(render(told, drawn, NORDIC, None)).text
    for measure in NORDIC.measures:
        assert LOOK.term(measure.name).label in text
        assert measure.source.split(";")[0] in text
    said = told.reps[0].measures["eccentric_duration"]
    assert isinstance(said, Measured) and f"{said.value:.1f} s" in text.replace("\xa0", " ")


def test_a_long_set_has_no_columns():
    made = grouped(*(rep(n) for n in range(1, 9)))
    assert all(part.many for part in made)
    assert not any(part.many for part in grouped(rep(1), rep(2)))


def test_a_group_of_what_is_not_there_is_refused():
    with pytest.raises(ValueError, match="the measure hat_size"):
        replace(NORDIC, look=replace(LOOK, groups=(Group("Hats", ("hat_size",)),)))
