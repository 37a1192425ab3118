"""What a lowering that broke tells beside the break point (nordic-curl.md 1.2, 1.3, 2)."""

import athlete
import numpy as np
import pytest
from athlete import Curl, lowering, perform

from formcheck.exercises.nordic_gates import BREAK
from formcheck.exercises.nordic_measures import MEASURES
from formcheck.measures import break_extras
from formcheck.measures.break_point import break_point_angle
from formcheck.measures.measure import Value

NAMES = ("bpa_thigh_to_horizontal", "dwa_onset", "bpa_acceleration", "controlled_duration")
ONSET = break_extras.dwa_onset(BREAK)
SHARPEST = break_extras.bpa_acceleration(BREAK)
THIGH = break_extras.thigh_to_horizontal(BREAK, "thigh_lean")


def five_seconds(rep):
    return Value(5.0, 0.2)


CONTROLLED = break_extras.controlled_duration(BREAK, five_seconds)


def example(fps=30.0, noise=None, **told):
    """The rep of the specification: 8 deg/s to 50 degrees, then 120 deg/s2 to 5."""
    t, flexion, (start, _, bottom) = lowering(fps)
    flexion = flexion + (0 if noise is None else noise(t))
    signals = {"knee_flexion": flexion, "thigh_lean": 90 - flexion}
    return athlete.made_rep(
        t, **signals, start=start, begins=start, bottom=bottom, fixed={"pace": 8.0}, **told
    )


@pytest.mark.parametrize("fps", [24, 30, 60, 120])
def test_the_onset_of_the_fall_of_the_specification(fps):
    one = ONSET(example(fps))
    assert one.value == pytest.approx(50.0, abs=1.5)
    assert one.at == pytest.approx(6.0, abs=0.2)
    assert one.outcome == "broken"


@pytest.mark.parametrize("fps", [30, 60, 120])
def test_the_greatest_acceleration_lies_in_the_fall(fps):
    one = SHARPEST(example(fps))
    assert 5 < one.value < 50
    assert 6.0 <= one.at <= example(fps).bottom


def test_the_onset_comes_before_the_break_and_this_before_the_greatest_acceleration():
    """The order of Sconce 2021: bent the most at the onset."""
    rep = example(60)
    angles = [of(rep).value for of in (ONSET, break_point_angle(BREAK), SHARPEST)]
    assert angles == sorted(angles, reverse=True)
    assert len(set(angles)) == 3


def test_over_level_shins_the_thigh_tells_the_break_point_itself():
    rep = example(60)
    assert THIGH(rep).value == pytest.approx(break_point_angle(BREAK)(rep).value, abs=0.5)
    sloping = example(60)
    raised = athlete.made_rep(
        sloping.t,
        knee_flexion=sloping.raw("knee_flexion"),
        thigh_lean=80 - sloping.raw("knee_flexion"),
        start=1.0, begins=1.0, bottom=sloping.bottom, fixed={"pace": 8.0},
    )  # fmt: skip
    assert THIGH(raised).value == pytest.approx(THIGH(rep).value + 10, abs=0.1)


@pytest.mark.parametrize("of", [ONSET, THIGH], ids=["onset", "thigh"])
def test_the_interval_holds_what_slow_noise_does(of):
    """Slow noise of 1.2 degrees in 20 reps: 95 of 100 are asked for, 9 of 10 seen are enough."""
    true, inside = of(example()).value, []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        one = of(example(noise=lambda t, r=rng: 1.2 * athlete.slow_noise(r, t, (1,))[:, 0]))
        if np.isfinite(one.value):
            inside.append(abs(one.value - true) <= one.within)
    assert len(inside) >= 19
    assert np.mean(inside) >= 0.85


def test_what_the_points_slide_by_is_the_clips_as_of_the_break_point():
    """A rest that is known for sure: at 50 degrees the points have slid, in every rep alike."""
    rest = athlete.Rest(landmark_deg=0, true_deg=0, sd_deg=0)
    setting = athlete.setting(rest={"thigh_lean": rest, "shank_pitch": rest})
    broke = break_point_angle(BREAK)(example(setting=setting))
    for of in (ONSET, SHARPEST, THIGH):
        one = of(example(setting=setting))
        assert one.uncertainty**2 - one.within**2 > 30
    assert one.within == pytest.approx(broke.within, rel=0.2)  # the thigh's angle is the knee's


def test_a_doubtful_rest_widens_the_angle_and_not_its_change_within_the_set():
    rest = {
        "thigh_lean": athlete.Rest(landmark_deg=0, true_deg=0, sd_deg=4),
        "shank_pitch": athlete.Rest(landmark_deg=0, true_deg=0, sd_deg=0),
    }
    for of in (ONSET, SHARPEST, THIGH):
        sure, unsure = of(example()), of(example(setting=athlete.setting(rest=rest)))
        assert unsure.uncertainty == pytest.approx(np.hypot(sure.uncertainty, 1.96 * 4))
        assert unsure.within == pytest.approx(sure.within)


# --- how long it was controlled


def test_it_was_controlled_from_the_first_motion_to_the_break():
    one = CONTROLLED(example(60))
    assert one.value == pytest.approx(5 + (24 - 8) / 120, abs=0.05)
    assert (one.at, one.until) == pytest.approx((1.0, 1.0 + one.value))
    assert 0.03 < one.uncertainty < 0.8


def made(t, flexion, bottom, **told):
    return athlete.made_rep(
        t, knee_flexion=flexion, start=1.0, begins=1.0, bottom=bottom, fixed={"pace": 12.0}, **told
    )


def test_where_nothing_broke_the_whole_lowering_was_controlled():
    t = np.arange(0, 9, 1 / 30)
    even = np.interp(t, [1, 8], [90, 8])
    whole = CONTROLLED(made(t, even, 8.0))
    assert (whole.value, whole.uncertainty) == (5.0, 0.2)  # the duration that was handed in
    assert (whole.outcome, whole.bound) == ("controlled-to", None)
    caught = CONTROLLED(made(t, even, 8.0, marks={"catch": 4.0}))
    assert (caught.value, caught.outcome, caught.bound) == (5.0, "caught-before-break", "at-least")


def test_a_fall_from_the_very_start_was_never_controlled():
    t = np.arange(0, 2, 1 / 60)
    rep = athlete.made_rep(
        t, knee_flexion=85 - 90 * t + 22 * t**2,
        start=0.3, begins=0.3, bottom=1.9, fixed={"pace": 8.0},
    )  # fmt: skip
    one = CONTROLLED(rep)
    assert (one.value, one.outcome) == (0.0, "uncontrolled-from-start")
    onset = ONSET(rep)
    assert np.isnan(onset.value)
    assert "from the start" in onset.reason


def test_a_start_that_was_not_seen_leaves_no_duration():
    unseen = Value(np.nan, reason="No start.", what_to_change="Hold still.")
    one = break_extras.controlled_duration(BREAK, lambda rep: unseen)(example())
    assert np.isnan(one.value)
    assert (one.reason, one.what_to_change) == ("No start.", "Hold still.")


# --- what has no fall, or is not seen


@pytest.mark.parametrize("of", [ONSET, SHARPEST, THIGH])
def test_without_a_fall_nothing_of_it_is_told(of):
    t = np.arange(0, 9, 1 / 30)
    one = of(made(t, np.interp(t, [1, 8], [90, 8]), 8.0))
    assert np.isnan(one.value)
    assert one.outcome == "controlled-to"
    assert "fall" in one.reason
    lost = of(athlete.made_rep(t, knee_flexion=np.full(len(t), np.nan)))
    assert np.isnan(lost.value)
    assert "lost" in lost.reason


RATES = dict.fromkeys(NAMES, 23.5) | {"bpa_acceleration": 29}


@pytest.mark.parametrize("name", NAMES)
def test_frame_rates_under_which_they_are_refused(name):
    """G1; the greatest acceleration asks for 29 frames a second (1.3)."""
    (measure,) = [m for m in MEASURES if m.name == name]
    for fps, refused in ((RATES[name] * 0.98, True), (RATES[name] * 1.02, False)):
        one = measure.measure(example(setting=athlete.setting(frame_s=1 / fps)))
        assert (one.status == "refused") == refused == (one.value is None)
        assert ("G1" in {g.gate for g in one.gates if g.status == "refused"}) == refused


@pytest.mark.parametrize(("breaks", "hands", "bottom"), [(35.0, 75, 84), (50.0, 75, 84)])
def test_of_a_whole_rep(breaks, hands, bottom):
    done = perform(Curl(breaks=breaks, hands=hands, bottom=bottom))
    rep = athlete.judged(done.film(fps=60))[1].reps[0]
    truth, m = done.reps[0], rep.measures
    assert m["controlled_duration"].value == pytest.approx(truth.breaks - truth.start, abs=0.2)
    assert m["controlled_duration"].value < m["eccentric_duration"].value
    order = [m[n].value for n in ("dwa_onset", "break_point_angle", "bpa_acceleration")]
    assert order == sorted(order, reverse=True)
    assert m["dwa_onset"].value == pytest.approx(90 - breaks, abs=5)
