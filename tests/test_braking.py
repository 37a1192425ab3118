"""How much of the fall was braked (nordic-curl.md 2)."""

from dataclasses import replace

import athlete
import numpy as np
import pytest

from formcheck.exercises.nordic_gates import BREAK
from formcheck.exercises.nordic_measures import MEASURES
from formcheck.measures.arms import swing
from formcheck.measures.braking import braked, braking_fraction
from formcheck.setting import Athlete

BRAKING = braking_fraction(
    BREAK, "body_lean", "hip_flexion", straight_within=20, least=5, cutoff_hz=6
)
TALL = Athlete(height_m=1.80, sex="male")
STEP = 0.0005


def fell(braking, breaks=40.0, lands=80.0, whom=TALL, fps=60.0, noise=None, fold=0.0, begins=1.0):
    """Kneels for a second, leans by 8 deg/s to `breaks`, then falls as a straight body of that
    athlete does, the share `braking` of its free acceleration taken off, to `lands`, in 0.2 s
    brought to rest. The hips fold by `fold` in the fall."""
    setting = athlete.setting(athlete=whom, frame_s=1 / fps)
    blank = athlete.made_rep(np.arange(0, 1, 1 / fps), setting=setting)
    k, lean, speed = swing(blank), [breaks], [8.0]
    while lean[-1] < lands:
        pull = (1 - braking) * k * np.sin(np.radians(lean[-1]))
        speed.append(speed[-1] + np.degrees(pull) * STEP)
        lean.append(lean[-1] + speed[-1] * STEP)
    ease = np.arange(STEP, 0.2, STEP)
    stopped = lean[-1] + speed[-1] * (ease - ease**2 / 0.4)
    broke = begins + breaks / 8
    grid = [0, begins, *(broke + STEP * np.arange(len(lean) + len(ease)))]
    landed = broke + STEP * (len(lean) - 1)
    t = np.arange(0, grid[-1] + 0.6, 1 / fps)
    body = np.interp(t, grid, [0, 0, *lean, *stopped])
    body = body + (0 if noise is None else noise(t))
    hips = np.interp(t, [broke, landed], [0, fold])
    rep = athlete.made_rep(
        t, knee_flexion=90 - body, body_lean=body, thigh_lean=body, hip_flexion=hips,
        start=begins, begins=begins, bottom=float(grid[-1]), marks={"catch": landed},
        fixed={"pace": 8.0}, setting=setting,
    )  # fmt: skip
    return rep, k


def test_the_examples_of_the_specification():
    male, female = 22.29 / 1.80, 23.49 / 1.68
    assert (male, female) == pytest.approx((12.383, 13.98), abs=0.005)
    leans = np.array([40.0, 80.0])
    assert braked(leans, np.array([10.0, 100.0]), male) == pytest.approx(0.794, abs=0.005)
    assert braked(leans, np.array([0.0, 219.0]), male) == pytest.approx(0.0, abs=0.02)
    assert braked(leans, np.array([10.0, 10.0]), male) == pytest.approx(1.0)


def test_the_body_is_the_athletes():
    assert fell(0.5)[1] == pytest.approx(12.383, abs=0.001)
    assert fell(0.5, whom=Athlete(height_m=1.68, sex="female"))[1] == pytest.approx(13.98, abs=0.01)


@pytest.mark.parametrize("true", [0.0, 0.3, 0.6, 0.8])
@pytest.mark.parametrize("fps", [30, 60, 120])
def test_the_braking_of_a_fall(true, fps):
    """A perfect tracker: the cut-off takes a little off the speed in the end."""
    one = BRAKING(fell(true, fps=fps)[0])
    assert one.value == pytest.approx(true, abs=0.12 if fps < 47 else 0.10)
    assert abs(one.value - true) <= one.uncertainty
    assert one.outcome == "broken"
    assert one.at == pytest.approx(6, abs=0.3)


def test_the_intervals_cover_the_truth():
    """Slow noise of 1.2 degrees: 95 of 100 are asked for, 9 of 10 seen are enough."""
    inside = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        true = float(rng.uniform(0.1, 0.7))
        noisy = fell(true, noise=lambda t, r=rng: 1.2 * athlete.slow_noise(r, t, (1,))[:, 0])[0]
        one = BRAKING(noisy)
        if np.isfinite(one.value):
            inside.append(abs(one.value - true) <= one.uncertainty)
    assert len(inside) >= 19
    assert np.mean(inside) >= 0.90


def test_of_whom_nothing_is_known_it_is_told_of_people_on_average_and_less_surely():
    known, unknown = fell(0.5)[0], fell(0.5, whom=Athlete())[0]
    assert fell(0.5, whom=Athlete())[1] == pytest.approx((22.29 + 23.49) / 2 / 1.75)
    same = replace(known, setting=known.setting.model_copy(update={"athlete": Athlete()}))
    sure, vague = BRAKING(known), BRAKING(same)
    share = np.hypot(0.10 / 1.75, 0.6 / 22.89)  # of stature, and of men and women, in k
    widened = np.hypot(sure.uncertainty / (1 - sure.value), 1.96 * share)
    assert vague.uncertainty / (1 - vague.value) == pytest.approx(widened, rel=0.02)
    assert BRAKING(unknown).value == pytest.approx(0.5, abs=0.12)


def test_only_a_straight_body_and_a_fall_long_enough_can_be_told():
    folded = BRAKING(fell(0.5, fold=30)[0])
    assert np.isnan(folded.value)
    assert "folded" in folded.reason
    assert folded.what_to_change
    assert np.isfinite(BRAKING(fell(0.5, fold=10)[0]).value)
    whole = fell(0.5, lands=80)[0]
    soon = replace(whole, marks={"catch": float(whole.t[np.argmax(whole["body_lean"] > 46)])})
    short = braking_fraction(
        BREAK, "body_lean", "hip_flexion", straight_within=20, least=30, cutoff_hz=6
    )(soon)
    assert np.isnan(short.value)
    assert short.reason
    assert short.outcome in {None, "caught-before-break"}


def test_a_lowering_that_did_not_break_has_no_fall_to_brake():
    t = np.arange(0, 9, 1 / 60)
    rep = athlete.made_rep(
        t, knee_flexion=np.interp(t, [1, 8], [90, 8]), start=1.0, begins=1.0, bottom=8.0
    )
    one = BRAKING(rep)
    assert np.isnan(one.value)
    assert one.outcome == "controlled-to"


@pytest.mark.parametrize(("fps", "status"), [(22, "refused"), (30, "warn"), (60, "ok")])
def test_it_is_an_estimate_below_47_frames_a_second_and_refused_below_24(fps, status):
    (measure,) = [m for m in MEASURES if m.name == "braking_fraction"]
    assert measure.measure(fell(0.5, fps=fps)[0]).status == status
