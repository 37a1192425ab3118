"""Stops on the way down, and the slowness of its end (nordic-curl.md 2)."""

import athlete
import numpy as np
import pytest

from formcheck.exercises.nordic_tempo import MEASURES
from formcheck.measures.evenness import final_phase_control, jerkiness

STOPS = jerkiness("knee_flexion", 3)
END = final_phase_control("knee_flexion", 20, 30, 3)
DECLARED = {m.name: m for m in MEASURES}


def lowered(times, angles, fps=60.0, noise=0.0, **told):
    """A knee that opens straight between these instants; from start to bottom."""
    t = np.arange(0, times[-1] + 1, 1 / fps)
    flexion = np.interp(t, times, angles)
    if noise:
        flexion += noise * athlete.slow_noise(np.random.default_rng(7), t, (1,))[:, 0]
    fields = {"start": times[0], "begins": times[0], "bottom": times[-1], **told}
    return athlete.made_rep(t, knee_flexion=flexion, **fields)


@pytest.mark.parametrize(
    ("angles", "stops"),
    [
        ([90, 60, 50, 40, 10], 0),
        ([90, 50, 70, 40, 10], 1),
        ([90, 50, 70, 40, 60, 10], 2),
        ([90, 60, 60, 60, 10], 0),  # stands still, and does not turn back
    ],
)
def test_each_turn_back_is_counted_once(angles, stops):
    one = STOPS(lowered(1 + np.arange(len(angles)), angles))
    assert one.value == stops


def test_a_turn_within_the_noise_is_not_counted_and_makes_the_count_unsure():
    one = STOPS(lowered([1, 3, 4, 6], [90, 60, 64, 10]))  # back by 4 deg/s
    assert (one.value, one.uncertainty) == (0, 1)


def test_a_clear_turn_is_sure_and_told_where_it_is():
    one = STOPS(lowered([1, 3, 3.6, 6], [90, 50, 74, 10]))
    assert (one.value, one.uncertainty) == (1, 0)
    assert one.at == pytest.approx(3.0, abs=0.15)


def test_the_turns_of_the_start_and_of_the_bottom_are_none():
    t = [1.0, 2.0, 6.0]
    assert STOPS(lowered(t, [80, 90, 10])).value == 0  # upright first
    assert STOPS(lowered([1, 5, 6], [90, 10, 40])).value == 0


def test_noise_alone_stops_nobody():
    assert STOPS(lowered([1, 5], [90, 10], noise=1.2)).value == 0


@pytest.mark.parametrize(
    ("last_s", "share"),
    [(2.0, 1.0), (0.2, 0.0)],  # 10 and 100 deg/s
)
def test_the_end_is_slow_or_fast(last_s, share):
    one = END(lowered([1, 6, 6 + last_s], [90, 22, 2]))
    assert one.value == pytest.approx(share, abs=0.02)


def test_it_is_a_share_of_the_degrees_not_of_the_time():
    """From 20 to 10 in a second, the next ten in a tenth of one."""
    one = END(lowered([1, 4, 5, 5.1, 6.1], [90, 20, 10, 0, 0], bottom=5.1))
    assert one.value == pytest.approx(0.5, abs=0.1)
    assert abs(one.value - 0.5) < one.uncertainty <= 1


def test_hands_that_land_before_leave_nothing_to_tell():
    one = END(lowered([1, 8], [90, 0], marks={"catch": 5.0}))  # at 39 degrees
    assert np.isnan(one.value)
    assert "20°" in one.reason


def test_an_end_that_was_hardly_entered_is_doubted():
    one = END(lowered([1, 8], [90, 18.5]))
    assert one.doubt
    assert one.uncertainty > 0.5
    assert END(lowered([1, 8], [90, 0])).doubt is None


@pytest.mark.parametrize("measure", [STOPS, END])
def test_a_knee_out_of_sight_tells_nothing(measure):
    t = np.arange(0, 6, 1 / 30)
    one = measure(athlete.made_rep(t, knee_flexion=np.full(len(t), np.nan)))
    assert np.isnan(one.value)
    assert one.reason


@pytest.mark.parametrize("name", ["jerkiness", "final_phase_control"])
def test_below_14_frames_a_second_it_is_refused(name):
    rep = lowered([1, 5], [90, 0])
    for fps, refused in ((13.8, True), (14.2, False)):
        slow = athlete.made_rep(
            rep.t, knee_flexion=rep.raw("knee_flexion"), setting=athlete.setting(frame_s=1 / fps)
        )
        assert (DECLARED[name].measure(slow).status == "refused") == refused
