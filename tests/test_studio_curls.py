"""The prone leg curls that are rendered: their motion and the definitions of their truth.

How the bodies lie, and the committed truth: test_studio_body.py, where the bodies are built.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from studio import catalogue, curl_events
from studio.curl_truth import phases
from studio.curls import Curl, Curls, CurlTrack, perform
from studio.fall import STEP_S

LISTED = catalogue.read()
BENCH = [clip.name for clip in LISTED.clips if clip.curls is not None]
every_clip = pytest.mark.parametrize("name", BENCH)


def drawn(knee: np.ndarray, thigh: float = 90.0) -> CurlTrack:
    """A track with this knee flexion every STEP_S, one rep from the first second on."""
    t, zero = np.arange(len(knee)) * STEP_S, np.zeros(len(knee))
    rep = np.where(t >= 1.0, 1.0, 0.0)
    return CurlTrack(t, knee, zero + thigh, zero, rep, np.zeros((len(t), 2)))


def of(*reps: Curl, **others) -> list[curl_events.CurlRep]:
    track = perform(Curls(reps, vary=False, **others))
    return curl_events.reps(track, 90.0 + track.tips)


def named(*reps: Curl) -> set[tuple[int | None, str]]:
    said = curl_events.judged(of(*reps))
    return {(fault["rep"], fault["check"]) for fault in said.faults}


# --- the definitions


def test_the_curl_of_the_specification():
    """nordic-curl.md 10: 5 to 110 to 5, up in 2 s, held 1 s, down in 3 s."""
    t = np.arange(0, 9, STEP_S)
    knee = np.interp(t, [1, 3, 4, 7], [5.0, 110.0, 110.0, 5.0])
    (rep,) = curl_events.reps(drawn(knee), np.full(len(t), 90.0))
    assert rep.kind == "full"
    assert rep.measures["rom"] == pytest.approx(105)
    assert rep.measures["top_pause_s"] == pytest.approx(1.0, abs=0.01)
    assert rep.measures["lower_duration_s"] == pytest.approx(3.0, abs=0.01)
    assert rep.measures["lift_duration_s"] == pytest.approx(2.0, abs=0.01)
    assert rep.top == pytest.approx(3 - 1 / 52.5, abs=0.01)
    assert rep.lower == pytest.approx(4.0, abs=0.01)
    assert rep.end == pytest.approx(7 - 6 / 35, abs=0.01)


def test_moments_come_in_their_order_and_measures_are_what_was_asked():
    rep = of(Curl(top=112, straight=6, hip_lift=7, trunk=-5, pause_s=0.8, lower_s=3.0))[0]
    assert rep.start < rep.top < rep.lower < rep.end
    assert rep.measures["top_knee_flexion"] == pytest.approx(112, abs=0.5)
    assert rep.measures["hip_lift_deg"] == pytest.approx(7, abs=0.4)
    assert rep.measures["trunk_motion_deg"] == pytest.approx(5, abs=0.6)
    # What gathers and loses pace still counts for the pause, and is not yet the lowering.
    assert 0.8 <= rep.measures["top_pause_s"] <= 1.2
    assert 2.4 <= rep.measures["lower_duration_s"] <= 3.0


@pytest.mark.parametrize(
    ("reps", "faults"),
    [
        ((Curl(),), set()),
        ((Curl(), Curl(pause_s=0.0)), {(2, "no-pause")}),
        ((Curl(lower_s=1.5), Curl()), {(1, "lowers-too-fast")}),
        ((Curl(lift_s=3.6, lower_s=2.9),), {(1, "lowers-too-fast")}),
        ((Curl(hip_lift=14),), {(1, "hips-lift")}),
        ((Curl(trunk=-12),), {(1, "upper-body-moves")}),
        ((Curl(trunk=12),), {(1, "upper-body-moves")}),
        ((Curl(top=80),), {(1, "partial-range")}),
        ((Curl(straight=22), Curl(straight=22)), {(2, "partial-range")}),
        ((Curl(straight=80),), {(1, "does-not-return")}),
    ],
)
def test_a_fault_is_what_lies_beyond_a_limit(reps, faults):
    assert named(*reps) == faults


def test_an_uneven_tempo_is_noted_and_near_misses_are_borderline():
    uneven = of(Curl(), Curl(), Curl(lower_s=6.5))
    assert curl_events.judged(uneven).notes == [{"rep": None, "check": "uneven-tempo"}]
    near = curl_events.judged(of(Curl(hip_lift=9.2)))
    assert (near.faults, near.borderline) == ([], [{"rep": 1, "check": "hips-lift"}])


def test_phases_follow_the_moments():
    rep = replace(of(Curl())[0], start=1.0, top=2.0, lower=3.0, end=5.0)
    found = phases([rep], [0.5, 1.5, 2.5, 3.5, 5.5], 1.0)
    assert found == ["rest", "lift", "top", "lower", "rest"]
    assert phases([replace(rep, end=None)], [9.0], 1.0) == ["lower"]
    assert phases([rep], [3.0], 2.0) == ["lift"]


# --- the clips


@cache
def found(name: str) -> list[curl_events.CurlRep]:
    track = perform(LISTED.named(name).curls)
    return curl_events.reps(track, 90.0 + track.tips)


@every_clip
def test_the_faults_are_those_that_the_list_says_and_nothing_is_near_one(name):
    said = curl_events.judged(found(name))
    told = {f"{fault['check']}:{fault['rep']}" for fault in said.faults}
    assert told == set(LISTED.named(name).faults)
    assert said.borderline == []
    assert bool(said.notes) == ("uneven" in name)


@every_clip
def test_no_joint_leaps(name):
    """None turns by 400 deg/s."""
    track = perform(LISTED.named(name).curls)
    for angle in (track.knee, track.thigh, track.tips):
        assert np.abs(np.diff(angle)).max() < 400 * STEP_S
