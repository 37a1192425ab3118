"""How long the lowering stayed in each range of the knee (nordic-curl.md 2)."""

import athlete
import numpy as np
import pytest
from athlete import Curl, perform

from formcheck.exercises.nordic_measures import MEASURES
from formcheck.exercises.nordic_tempo import BINS, RANGES
from formcheck.measures.measure import Value
from formcheck.measures.tension import seconds_in, time_under_tension

EVEN = {"over_60": 3.0, "60_40": 2.0, "40_20": 2.0, "under_20": 1.0}
"""Seconds in each range, from 90 to 10 degrees by 10 a second."""


def eight_seconds(rep):
    return Value(8.0, 0.2)


def sure(rep):
    return 0.1, 0.04


def within(name, duration=eight_seconds, ends=sure):
    over, upto = RANGES[name]
    return time_under_tension("knee_flexion", over, upto, 6, duration, ends)


def even(fps=30.0, noise=None, **told):
    t = np.arange(0, 11, 1 / fps)
    flexion = np.interp(t, [1, 9], [90, 10]) + (0 if noise is None else noise(t))
    fields = {"start": 1.0, "begins": 1.0, "bottom": 9.0}
    return athlete.made_rep(t, knee_flexion=flexion, **{**fields, **told})


@pytest.mark.parametrize("name", EVEN)
@pytest.mark.parametrize("fps", [12, 30, 60])
def test_an_even_lowering_spends_its_time_by_the_width_of_the_ranges(name, fps):
    one = within(name)(even(fps))
    assert one.value == pytest.approx(EVEN[name], abs=0.04)
    assert abs(one.value - EVEN[name]) <= one.uncertainty


def test_the_ranges_add_up_to_the_lowering():
    rep = even(30, bottom=8.31, marks={"catch": 7.77})
    parts = [within(name)(rep).value for name in BINS]
    assert sum(parts) == pytest.approx(7.77 - 1.0, abs=1e-6)
    assert parts[-1] == 0.0


def test_the_ranges_of_ten_degrees_are_parts_of_the_wider_ones():
    rep = even(30, bottom=8.31, marks={"catch": 8.11})
    told = {name: within(name)(rep).value for name in RANGES}
    assert told["40_30"] + told["30_20"] == pytest.approx(told["40_20"], abs=1e-9)
    assert told["20_10"] + told["under_10"] == pytest.approx(told["under_20"], abs=1e-9)
    assert told["50_40"] == pytest.approx(1.0, abs=0.04)


def test_a_range_that_is_passed_twice_counts_both_times():
    t = np.arange(0, 5, 0.1)
    angle = np.interp(t, [0, 1, 2, 4], [50, 30, 50, 10])[:, None]
    assert seconds_in(t, angle, (40, 20), (0.0, 4.0)) == pytest.approx(1.0 + 1.0)


def test_a_knee_that_rests_counts_in_its_range_alone():
    t = np.arange(0, 5, 0.1)
    for angle, held in ((30.0, 3.0), (40.0, 3.0), (20.0, 0.0), (50.0, 0.0)):
        rests = np.full((len(t), 1), angle)
        assert seconds_in(t, rests, (40, 20), (0.5, 3.5)) == pytest.approx(held)


def test_the_intervals_hold_what_noise_does():
    """Slow noise of 1.2 degrees: 95 of 100 are asked for, 9 of 10 seen are enough."""
    inside = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        rep = even(noise=lambda t, r=rng: 1.2 * athlete.slow_noise(r, t, (1,))[:, 0])
        for name, true in EVEN.items():
            one = within(name)(rep)
            inside.append(abs(one.value - true) <= one.within)
    assert np.mean(inside) >= 0.90


def test_a_range_that_is_left_at_once_is_doubted():
    """From 41 to 19 degrees in 0.05 s, its angle known to four degrees."""
    t = np.arange(0, 6, 1 / 60)
    flexion = np.interp(t, [1, 3, 3.05, 5], [90, 41, 19, 10])
    rest = {"thigh_lean": athlete.Rest(landmark_deg=0, true_deg=0, sd_deg=4)}
    fields = {"start": 1.0, "begins": 1.0, "bottom": 5.0, "setting": athlete.setting(rest=rest)}
    rep = athlete.made_rep(t, knee_flexion=flexion, **fields)
    left, slow = within("40_20")(rep), within("over_60")(rep)
    assert left.value < left.uncertainty
    assert "Too short to be timed" in left.doubt
    assert slow.doubt is None


def test_a_doubtful_rest_widens_it_and_not_its_change_within_the_set():
    rest = {"thigh_lean": athlete.Rest(landmark_deg=0, true_deg=0, sd_deg=4)}
    sure, unsure = (
        within("over_60")(even(**s)) for s in ({}, {"setting": athlete.setting(rest=rest)})
    )
    assert unsure.uncertainty > sure.uncertainty + 0.3  # 4 degrees are 0.4 s here
    assert unsure.within == pytest.approx(sure.within)


def vague(name, ends, **told):
    """A range of a lowering whose ends are known so well, seconds."""
    doubted = Value(8.0, 1.0, doubt="The hands.")
    return within(name, lambda rep: doubted, lambda rep: ends)(even(**told))


def test_a_range_is_as_unsure_as_the_end_that_it_holds():
    sure = vague("over_60", (0.0, 0.0)).within
    late = vague("over_60", (1.0, 0.0))
    assert late.within == pytest.approx(np.hypot(1.0, sure), abs=0.01)
    assert late.doubt is None  # the hands are at the other end
    for middle in ("60_40", "40_20"):
        assert vague(middle, (1.0, 0.5)).within == pytest.approx(vague(middle, (0, 0)).within)
        assert vague(middle, (1.0, 0.5)).doubt is None
    last = vague("under_20", (1.0, 0.5))
    assert last.within == pytest.approx(np.hypot(0.5, vague("under_20", (0, 0)).within), abs=0.02)
    assert "The hands." in last.doubt


def test_a_range_that_is_hardly_entered_does_not_take_over_what_the_start_is_unsure_by():
    """Caught at 39.8 degrees: 0.02 s under 40, of a start known to a second."""
    told = {"bottom": 6.3, "marks": {"catch": 6.02}}
    one = vague("40_20", (1.0, 0.04), **told)
    assert one.value == pytest.approx(0.02, abs=0.01)
    assert one.within < 0.3
    assert "Too short to be timed" in one.doubt
    assert "up to 0." in one.doubt  # in hundredths


def test_a_range_that_was_never_reached_is_not_doubted():
    one = vague("under_20", (1.0, 0.04), bottom=6.3, marks={"catch": 6.02})
    assert one.value == 0.0
    assert one.doubt is None


def test_a_start_that_was_not_seen_leaves_the_ranges_below_it():
    unseen = Value(np.nan, reason="No start.", what_to_change="Hold still.")
    late = even(start=np.nan, begins=5.0)  # at 50 degrees
    told = {name: within(name, lambda rep: unseen)(late) for name in BINS}
    for name in ("over_60", "60_40"):
        assert np.isnan(told[name].value)
        assert told[name].reason == "No start."
        assert told[name].what_to_change == "Hold still."
    for name in ("40_20", "under_20"):
        assert told[name].value == pytest.approx(EVEN[name], abs=0.04)


def test_a_knee_out_of_sight_spent_no_time_anywhere():
    t = np.arange(0, 6, 1 / 30)
    one = within("60_40")(athlete.made_rep(t, knee_flexion=np.full(len(t), np.nan)))
    assert np.isnan(one.value)
    assert one.reason


def test_of_a_whole_rep():
    done = perform(Curl(breaks=None, hands=None))
    rep = athlete.judged(done.film())[1].reps[0]
    parts = [rep.measures[f"time_under_tension_{name}"] for name in BINS]
    assert [p.status for p in parts] == ["ok", "ok", "ok", "warn"]
    assert "Too short" in parts[3].reason
    total = rep.measures["eccentric_duration"].value
    assert sum(p.value for p in parts) == pytest.approx(total, abs=0.03)


@pytest.mark.parametrize("name", RANGES)
def test_below_9_frames_a_second_it_is_refused(name):
    (measure,) = [m for m in MEASURES if m.name == f"time_under_tension_{name}"]
    for fps, refused in ((8.8, True), (9.2, False)):
        one = measure.measure(even(setting=athlete.setting(frame_s=1 / fps)))
        assert (one.status == "refused") == refused == (one.value is None)
