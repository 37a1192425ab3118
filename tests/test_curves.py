"""The curves of a clip: what a gate refuses is not in them, and so nowhere that shows them."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache

import athlete
import numpy as np
import pytest
from athlete import NORDIC, Curl, Hold, perform

from formcheck.analysis import judge
from formcheck.curves import curves
from formcheck.measures.measure import GateResult
from formcheck.pages import charts
from formcheck.pages.html import render
from formcheck.view import estimate

DONE = perform(Curl(rest=1, lower=2.5))
TWO = perform(Curl(rest=1, lower=2), Curl(rest=1, lower=2))
SHOWN = ("knee_flexion", "hip_flexion", "elbow_flexion", "shank_pitch")


@cache
def judged(yaw=0.0, still=False, **changes):
    track = (perform(Hold(3)) if still else DONE).film(yaw=yaw)
    setting = estimate(track).model_copy(update={"clock": "known", **changes})
    return judge(track, NORDIC, setting)


def seen(drawn, name="knee_flexion"):
    return bool(np.isfinite(drawn.values[name]).any())


def fast(drawn, name="knee_flexion"):
    return bool(np.isfinite(drawn.rates[name]).any())


def cells(drawn, tmp_path):
    """The columns of signals.csv, as far as something stands in them."""
    drawn.write(tmp_path / "signals.csv")
    with (tmp_path / "signals.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {name for name in rows[0] if any(row[name] for row in rows)}


def tilted(setting, pitch):
    return setting.camera.model_copy(update={"pitch_deg": pitch})


REFUSED = {
    "G4, too far off the side": {"yaw_deg": 50.0},
    "G4, uncorrected": {"rectified": False, "yaw_deg": 30.0},
    "G4, unknown": {"rectified": False, "yaw_deg": None},
    "G5": {"camera": tilted(estimate(DONE.film()), 25.0)},
}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED)
def test_what_the_view_refuses_is_in_no_column_and_on_no_page(changes, tmp_path):
    track = DONE.film()
    setting = estimate(track).model_copy(update={"clock": "known", **changes})
    report, drawn = judge(track, NORDIC, setting)
    assert report.set_.reps == 1
    assert not any(seen(drawn, name) or fast(drawn, name) for name in NORDIC.columns)
    assert cells(drawn, tmp_path) == {"t_s", "phase", "rep"}
    assert set(drawn.phase) > {"rest", "lower", "bottom"}  # where it was is told all the same
    page = render(report, drawn, NORDIC)
    assert "The angles are not shown" in page and 'role="img"' not in page
    assert "knee and hip were not seen" not in page.lower()


def test_the_page_says_which_way_the_camera_looked():
    setting = estimate(DONE.film())
    report, drawn = judge(DONE.film(), NORDIC, setting.model_copy(update=REFUSED["G5"]))
    assert "looked down at the athlete by about 25" in charts.refused(report, drawn, NORDIC.look)


def test_what_passes_is_told():
    report, drawn = judged()
    assert all(seen(drawn, name) for name in SHOWN) and fast(drawn)
    assert charts.refused(report, drawn, NORDIC.look) is None


def test_a_clock_that_is_not_settled_takes_the_speeds_and_leaves_the_angles(tmp_path):
    gentle = perform(Curl(rest=1, lower=4, breaks=None, up=4)).film()
    setting = estimate(gentle)
    for clock, told in (("known", True), ("assumed", False), ("ramped", False)):
        _, drawn = judge(gentle, NORDIC, setting.model_copy(update={"clock": clock}))
        assert (seen(drawn), fast(drawn)) == (True, told)
        stand = cells(drawn, tmp_path)
        assert "knee_flexion_deg" in stand
        assert ("knee_extension_velocity_deg_s" in stand) == told


def test_a_view_that_one_number_refuses_leaves_the_angles():
    """Twenty degrees off the side the elbow is not told; thigh and knee are."""
    report, drawn = judged(yaw=20.0)
    gates = [g for m in report.reps[0].measures.values() for g in m.gates if g.gate == "G4"]
    assert {gate.status for gate in gates} >= {"ok", "refused"}
    assert seen(drawn) and seen(drawn, "thigh_lean") and seen(drawn, "hip_flexion")


def test_a_rep_that_is_refused_is_left_out_alone():
    session, report = athlete.judged(TWO.film())
    first, second = report.reps
    measures = {name: refused(measure) for name, measure in second.measures.items()}
    report = report.model_copy(
        update={"reps": (first, second.model_copy(update={"measures": measures}))}
    )
    told = curves(NORDIC, session.setting, session.names, session.samples, report)
    own = np.array([n == 2 for n in told.rep])
    assert own.any() and not np.isfinite(told.values["knee_flexion"][own]).any()
    assert np.isfinite(told.values["knee_flexion"][~own]).all()
    assert charts.refused(report, told, NORDIC.look) is None
    assert "the knee was not seen" in render(report, told, NORDIC)


def refused(measure):
    gate = GateResult(gate="G4", value=9, status="refused")
    return replace(measure, value=None, status="refused", gates=(gate,))


def test_where_nothing_is_recognised_the_view_is_asked_all_the_same():
    for yaw, told in ((5.0, True), (50.0, False)):
        report, drawn = judged(still=True, rectified=False, yaw_deg=yaw)
        assert not report.recognised
        assert seen(drawn, "elbow_flexion") == told
    _, ramped = judged(still=True, rectified=False, yaw_deg=5.0, clock="ramped")
    assert seen(ramped, "elbow_flexion") and not fast(ramped, "elbow_flexion")


def test_of_nobody_there_are_no_curves_and_no_complaint():
    track = DONE.film()
    nobody = replace(track, points=track.points * np.nan)
    _, drawn = judge(nobody, NORDIC, estimate(nobody))
    assert not any(seen(drawn, name) for name in NORDIC.columns)
