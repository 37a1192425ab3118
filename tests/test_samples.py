"""Rendered sets with exact truth: what the whole path makes of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from formcheck.analysis import Analysis, Options, analyze

pytestmark = [pytest.mark.model, pytest.mark.footage]

CLEAN = ("side_three_clean", "side_woman_one_clean")
FAULTY = "side_clean_pike_drop"


@pytest.fixture(scope="module")
def analysed(shared, model):
    """Each sample, analysed once."""
    known: dict[str, Analysis] = {}

    def of(name: str) -> Analysis:
        if name not in known:
            clip = shared / "samples" / f"{name}.mp4"
            known[name] = analyze(clip, Options(), lambda stage, share: None)
        return known[name]

    return of


def truth(shared: Path, name: str) -> dict:
    return json.loads((shared / "samples" / f"{name}.truth.json").read_text())


def faults(analysis: Analysis) -> set[tuple[int, str]]:
    return {
        (rep.number, finding.check)
        for rep in analysis.report.reps
        for finding in rep.findings
        if finding.severity == "fault"
    }


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_set_has_its_reps_and_no_fault(analysed, shared, name):
    analysis = analysed(name)
    assert analysis.report.set_.reps == len(truth(shared, name)["reps"])
    assert all(rep.kind == "full" for rep in analysis.report.reps)
    assert faults(analysis) == set()


def test_the_faults_are_found_in_their_reps_and_nowhere_else(analysed, shared):
    analysis = analysed(FAULTY)
    assert analysis.report.set_.reps == 3
    assert faults(analysis) == {(2, "hips-pike"), (3, "falls-too-fast")}
    assert "rep 2" in analysis.report.verdict.sentence
    assert "rep 3" in analysis.report.verdict.sentence


@pytest.mark.parametrize("name", [*CLEAN, FAULTY])
def test_the_moments_are_those_of_the_truth(analysed, shared, name):
    known = truth(shared, name)
    for rep, true in zip(analysed(name).report.reps, known["reps"], strict=True):
        assert rep.start_s == pytest.approx(true["start_s"], abs=0.15)
        assert rep.catch_s == pytest.approx(true["catch_s"], abs=0.15)
        first, last = bottom_span(known, true)
        assert first - 0.2 <= rep.bottom_s <= last + 0.2


def bottom_span(known: dict, true: dict) -> tuple[float, float]:
    """The bottom, or the span in which the lean stays within 2 degrees of its greatest, where that
    lasts for more than 0.3 s."""
    t, lean = np.array(known["frames"]["t_s"]), np.array(known["frames"]["thigh_lean_deg"])
    inside = (t >= true["start_s"]) & (t <= true["end_s"])
    low = t[inside & (lean >= lean[inside].max() - 2)]
    if low[-1] - low[0] <= 0.3:
        return true["bottom_s"], true["bottom_s"]
    return min(low[0], true["bottom_s"]), max(low[-1], true["bottom_s"])


@pytest.mark.parametrize("name", [*CLEAN, FAULTY])
def test_the_break_point_is_right_and_inside_its_own_interval(analysed, shared, name):
    known = truth(shared, name)["reps"]
    for rep, true in zip(analysed(name).report.reps, known, strict=True):
        measured = rep.measures["break_point_angle"]
        assert measured.outcome == "broken" and measured.bound is None
        error = abs(measured.value - true["break_point_angle_deg"])
        assert error <= 8
        assert error <= measured.uncertainty
        assert rep.break_s == pytest.approx(true["break_s"], abs=0.10)


@pytest.mark.parametrize("name", [*CLEAN, FAULTY])
def test_the_stated_intervals_hold_the_truth(analysed, shared, name):
    known = truth(shared, name)
    t, hip = (np.array(known["frames"][k]) for k in ("t_s", "hip_flexion_deg"))
    for rep, true in zip(analysed(name).report.reps, known["reps"], strict=True):
        lowering = rep.measures["eccentric_duration"]
        assert abs(lowering.value - (true["catch_s"] - true["start_s"])) <= lowering.uncertainty
        folded = rep.measures["hip_break"]
        inside = (t >= true["start_s"]) & (t <= true["catch_s"])
        change = hip[inside].max() - np.interp(true["start_s"], t, hip)
        assert abs(folded.value - change) <= folded.uncertainty


@pytest.mark.parametrize("name", CLEAN)
def test_the_change_of_knee_flexion_is_right(analysed, shared, name):
    """Against the own upright start, over the whole clip: what a rest-referenced angle promises."""
    analysis, known = analysed(name), truth(shared, name)["frames"]
    true = np.interp(analysis.curves.t_s, known["t_s"], known["knee_flexion_deg"])
    knee = analysis.curves.values["knee_flexion"]
    error = (knee - knee[:10].mean()) - (true - true[:10].mean())
    assert np.nanmean(np.abs(error)) <= 1.5


@pytest.mark.parametrize(
    ("name", "yaw"), [("oblique30_one_clean", 30), ("oblique-30_one_clean", -30)]
)
def test_oblique_samples_are_measured_in_the_plane_of_motion(analysed, shared, name, yaw):
    analysis, known = analysed(name), truth(shared, name)
    report = analysis.report
    assert report.set_.reps == 1
    assert report.view.kind == "oblique" and report.view.rectified
    assert report.view.yaw_deg == pytest.approx(yaw, abs=5)
    one = report.reps[0].measures["break_point_angle"]
    assert abs(one.value - known["reps"][0]["break_point_angle_deg"]) <= one.uncertainty
    frames = known["frames"]
    true = np.interp(analysis.curves.t_s, frames["t_s"], frames["knee_flexion_deg"])
    knee = analysis.curves.values["knee_flexion"]
    error = (knee - knee[:10].mean()) - (true - true[:10].mean())
    assert np.nanmean(np.abs(error)) <= 2.5


def test_with_a_partner_in_the_picture_the_athlete_is_judged(analysed):
    report = analysed("partner_one_clean").report
    assert report.set_.reps == 1
    assert report.athlete.people_seen == 2
    assert "leans forward most" in report.athlete.chosen_because
