"""How long a joint bends, is held and opens: slow, cut off, trembling, stopped half-way."""

from __future__ import annotations

import numpy as np
import pytest
from lying import film
from test_bench_leg_curl import Curl, done, found, judged, report_of

from formcheck.measures.held import NO_END

TOO_SLOW = "The legs moved too slowly to tell where lift or lowering began and ended."
SHORT = "The legs were not lowered to the end."
TIMES = ("lift_duration", "top_pause", "lower_duration")


def test_a_lowering_that_never_moves_fast_enough_has_no_duration():
    report = report_of(Curl(down=12.0), soft=False, straight=5)
    told = report.reps[0].measures
    for name in ("lower_duration", "lower_less_lift"):
        assert (told[name].value, told[name].reason) == (None, TOO_SLOW)
    assert told["lift_duration"].value == pytest.approx(1.5, abs=0.2)
    assert found(report) == set()
    (left_open,) = [n for n in report.not_assessed if n.what == "lowers-too-fast"]
    assert left_open.reason == TOO_SLOW


def test_a_lift_that_never_moves_fast_enough_has_no_duration():
    told = report_of(Curl(up=12.0), soft=False, straight=5).reps[0].measures
    for name in ("lift_duration", "lower_less_lift"):
        assert (told[name].value, told[name].reason) == (None, TOO_SLOW)
    assert told["lower_duration"].value == pytest.approx(2.8, abs=0.2)


def cut_in_the_hold():
    """A set whose last curl is held until the clip ends, with noise."""
    t, angle, *_ = done(Curl(), Curl(hold=1.5))
    return film((t[t < 9.2], angle[t < 9.2]), noise=0.5)  # its hold is from 8.6 to 10.1


def test_a_hold_that_the_clip_cuts_off_has_no_length_and_no_lowering():
    report = judged(cut_in_the_hold())
    first, last = report.reps
    assert first.lower_s is not None
    assert (last.kind, last.end_s, last.lower_s) == ("no-return", None, None)
    for name in ("top_pause", "lower_duration"):
        assert (last.measures[name].value, last.measures[name].reason) == (None, NO_END)


def test_a_lowering_that_was_begun_ends_the_hold():
    """Cut off 0.6 s into a lowering of 2.8 s, where it does not count as back."""
    t, angle, *_ = done(Curl(), Curl(hold=1.0))
    last = judged(film((t[t < 10.2], angle[t < 10.2]))).reps[-1]
    assert last.end_s is None
    assert last.lower_s == pytest.approx(9.6, abs=0.3)  # soft
    assert last.measures["top_pause"].value == pytest.approx(1.0, abs=0.6)


def trembling(rep: Curl):
    """The rep; from 0.4 s on its hold trembles by 2 degrees once a second, faster than 10 deg/s."""
    t, angle, *_ = done(rep, soft=False)
    since = 1.0 + rep.up + 0.4
    held = (t >= since) & (t <= since + rep.hold - 0.5)
    return film((t, angle + np.where(held, 2.0 * np.sin(2 * np.pi * (t - since)), 0.0)))


def test_a_tremble_of_the_hold_does_not_stretch_the_lift():
    (rep,) = judged(trembling(Curl(hold=2.0))).reps
    assert rep.measures["lift_duration"].value == pytest.approx(1.5, abs=0.2)
    assert rep.measures["lift_duration"].uncertainty < 0.5


def test_the_top_is_where_a_trembling_hold_begins():
    (rep,) = judged(trembling(Curl(hold=2.0))).reps
    assert rep.top_s == pytest.approx(2.5, abs=0.1)


@pytest.mark.parametrize("yaw", [46, 50, 55])
def test_far_off_the_side_times_are_told_and_angles_are_not(yaw):
    for rep in report_of(Curl(), Curl(), yaw=yaw).reps:
        assert rep.measures["rom"].value is None
        assert rep.measures["lift_duration"].value == pytest.approx(1.35, abs=0.2)
        assert rep.measures["lower_duration"].value == pytest.approx(2.5, abs=0.15)


def test_a_lowering_that_stops_half_way_has_no_duration_and_is_not_called_slow():
    report = report_of(Curl(down=1.7, ends=60), Curl(ends=60))
    rep = report.reps[0]
    assert rep.kind == "full"
    for name in ("lower_duration", "lower_less_lift"):
        assert (rep.measures[name].value, rep.measures[name].reason) == (None, SHORT)
    assert not any(check == "lowers-too-fast" for _, check, _ in found(report))
    assert "Lowered the heels slowly." not in rep.good
    assert "Lowered the legs again." not in rep.good


def test_a_machine_that_keeps_the_legs_bent_does_not_take_the_durations():
    """From 60 to 105 and back: there was nothing lower to go to."""
    bent = Curl(1.0, 0.5, 1.5, top=105, ends=60, rest=0.5)
    second = report_of(bent, bent, bent).reps[1]
    assert all(second.measures[name].value is not None for name in TIMES)
