"""How the hands take the body over (nordic-curl.md 4)."""

from dataclasses import replace

import athlete
import numpy as np
import pytest
from athlete import Curl, made_rep, perform

from formcheck.exercises.nordic_arms import CATCH, SUPPORT
from formcheck.measures import catching
from formcheck.measures.noise import flexion_change_sd, half_width


def falling(speed=150.0, height=1.0, **told):
    """The knee opens with so many deg/s; the hands land at 2 s, the shoulder so many thigh lengths
    over them."""
    t = np.arange(0, 4, 1 / 60)
    knee = 90 - speed * np.clip(t - 1.8, 0, 0.4)
    shoulder = np.where(t < 2.5, height, 0.3)
    marks = {"catch": 2.0, **told.pop("marks", {})}
    return made_rep(t, knee_flexion=knee, shoulder_v=shoulder, marks=marks, bottom=3.0, **told)


def test_how_fast_the_body_comes_onto_the_hands():
    value = catching.catch_velocity("knee_flexion")(falling())
    assert value.value == pytest.approx(150, abs=10)
    assert 30 < value.uncertainty < 120
    never = catching.catch_velocity("knee_flexion")(falling(marks={"catch": np.nan}))
    assert (np.isnan(never.value), never.reason) == (True, catching.NO_CATCH)


def test_the_angle_at_the_catch_is_the_less_sure_the_faster_the_knee_opens():
    for speed in (10.0, 150.0):
        rep = falling(speed)
        one = catching.catch_angle("knee_flexion", CATCH)(rep)
        moved = speed * np.hypot(0.02, 1 / 60 / 12**0.5)
        slid = float(flexion_change_sd(rep.setting, one.value))
        assert one.within == pytest.approx(half_width(1.2, moved, slid), rel=0.1)
        assert one.uncertainty >= one.within


def test_how_high_the_shoulders_are_as_the_hands_land():
    value = catching.catch_height(falling(height=1.0))
    assert value.value == pytest.approx(1 / 4.4 + 0.025, abs=0.005)
    assert 0.02 < value.uncertainty < 0.08
    never = catching.catch_height(falling(marks={"catch": np.nan}))
    assert (np.isnan(never.value), never.reason) == (True, catching.NO_CATCH)


@pytest.mark.parametrize("rolled", [-4.0, 0.0, 4.0])
def test_a_phone_that_is_rolled_is_in_the_error_bar_of_what_the_knees_lie_on(rolled):
    """Knees 0.2 thighs over the hands' place and 2.3 behind it, in a picture that is turned."""
    turn, t = np.radians(rolled), np.arange(0, 4, 1 / 30)
    places = {
        "wrist_u": 2.3 * np.cos(turn) - 0.2 * np.sin(turn),
        "wrist_v": -2.3 * np.sin(turn) - 0.2 * np.cos(turn),
    }
    still = {name: np.full(len(t), at) for name, at in places.items()}
    knee = {"knee_u": np.zeros(len(t)), "knee_v": np.zeros(len(t))}
    rep = made_rep(t, marks={"catch": 2.0}, bottom=3.0, **still, **knee)
    value, true = catching.pad_height(rep), 0.2 / 4.4 + 0.025 - 0.07
    assert abs(value.value - true) < value.uncertainty < 0.06
    assert value.within < 0.02


@pytest.mark.parametrize(
    ("speed", "height", "outcome"),
    [(150.0, 0.3, "late-catch"), (150.0, 1.0, None), (90.0, 0.3, None)],
)
def test_a_late_landing_is_low_and_fast(speed, height, outcome):
    rep = falling(speed, height)
    assert catching.catch_angle("knee_flexion", CATCH)(rep).outcome == outcome


def test_hands_that_land_before_anything_breaks_are_early():
    _, report = athlete.judged(perform(Curl(breaks=None, hands=40)).film(fps=60))
    told = report.reps[0].measures
    assert told["break_point_angle"].outcome == "caught-before-break"
    assert told["catch_angle"].outcome == "early-catch"
    assert told["arms_used_in_descent"].value > 0.5


def test_hands_that_land_after_the_break_did_not_help_in_the_lowering():
    _, report = athlete.judged(perform(Curl()).film(fps=60))
    told = report.reps[0].measures
    assert told["catch_angle"].outcome is None
    assert told["arms_used_in_descent"].value == 0.0


def going(share, seconds=2.0):
    """The shoulder goes 0.5 thigh lengths a second from 1 s on; the wrist goes so much of that for
    so many seconds from 2 s on, and with it before and after."""
    t = np.arange(0, 6, 1 / 30)
    shoulder = 0.5 * np.clip(t - 1, 0, 4)
    held = (t >= 2) & (t < 2 + seconds)
    wrist = np.cumsum(np.where(held, share, 1.0) * np.gradient(shoulder))
    return made_rep(t, shoulder_u=shoulder, wrist_u=wrist, marks={"break": 5.0}, bottom=5.5)


@pytest.mark.parametrize(
    ("share", "seconds", "used"), [(0.0, 2.0, 2.0), (0.0, 0.2, 0.0), (0.5, 2.0, 0.0)]
)
def test_a_hand_on_a_support_stays_while_the_shoulder_goes(share, seconds, used):
    value = catching.arms_used_in_descent(SUPPORT)(going(share, seconds))
    assert value.value == pytest.approx(used, abs=0.25)
    assert value.uncertainty > 0
    assert catching.leaned(SUPPORT)(going(share, seconds), 5.0) == value.value


def test_hands_that_carry_the_body_only_once_they_land_did_not_lean_on_anything():
    landed = replace(going(0.0), marks={"catch": 2.0})
    assert catching.arms_used_in_descent(SUPPORT)(landed).value == pytest.approx(3.5)
    assert catching.leaned(SUPPORT)(landed, 2.0) == 0.0
