"""Real clips with labels made by eye: reps and their moments, and what is not a Nordic curl."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from formcheck.analysis import Analysis, Options, analyze
from formcheck.report import Report
from formcheck.tracking import pieces

pytestmark = [pytest.mark.model, pytest.mark.footage]


@cache
def checked(clip: Path) -> Analysis:
    """Once for every test that asks: a clip takes the model many seconds."""
    return analyze(clip, Options(), lambda stage, share: None)


def events(shared: Path, name: str) -> list[dict[str, float | None]]:
    return json.loads((shared / "footage" / "labels.json").read_text())[name]["events"]


def risen(analysis: Analysis, since: float, bottom: float, degrees: float = 8.0) -> float:
    """When the body has leaned `degrees` more than at rest, which is its least lean between the
    bottom before, at `since`, and this one; seconds."""
    t, body = analysis.curves.t_s, analysis.curves.values["body_lean"]
    between = (t >= since) & (t <= bottom)
    t, body = t[between], body[between]
    low = int(np.nanargmin(body))
    return float(t[low:][body[low:] >= body[low] + degrees][0])


@pytest.mark.parametrize(
    ("name", "tolerance"),
    [
        ("barbell_oblique_3reps.mp4", 0.25),
        ("machine_side_10fps_1rep.webm", 0.4),
        ("partner_side_2reps.mp4", 0.25),
    ],
)
def test_reps_and_their_moments(shared, model, name, tolerance):
    analysis = checked(shared / "footage" / name)
    labels = events(shared, name)
    assert analysis.report.recognised
    counted = [r for r in analysis.report.reps if r.counted]
    assert len(counted) == analysis.report.set_.reps == len(labels)
    bottoms = [0.0, *(rep.bottom_s for rep in counted)]
    for since, rep, label in zip(bottoms, counted, labels, strict=False):
        assert risen(analysis, since, rep.bottom_s) == pytest.approx(label["start_s"], abs=0.45)
        assert rep.bottom_s == pytest.approx(label["bottom_s"], abs=tolerance)
        if label["catch_s"] is None:
            assert rep.catch_s is None
        else:
            assert rep.catch_s == pytest.approx(label["catch_s"], abs=tolerance)


def test_an_oblique_hand_held_camera_from_above_gets_angles_with_a_doubt(shared, model):
    """38 degrees off the side, a plate before the feet: wide intervals, and said so."""
    report = checked(shared / "footage" / "barbell_oblique_3reps.mp4").report
    assert report.view.kind == "oblique" and report.view.rectified
    assert report.view.yaw_deg == pytest.approx(40, abs=8)  # by eye
    for rep, label in zip(report.reps, events(shared, "barbell_oblique_3reps.mp4"), strict=True):
        assert rep.measures["eccentric_duration"].value is not None
        broke = rep.measures["break_point_angle"]
        assert broke.status == "warn" and broke.uncertainty > 8
        assert rep.break_s == pytest.approx(label["break_s"], abs=0.3)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("hip_hinge_not_nordic.mp4", "thighs"),
        ("pushups_not_nordic.mp4", ""),
        ("plank_not_nordic.mp4", ""),
        ("prone_leg_curl_4reps.mp4", ""),
    ],
)
def test_what_cannot_be_told_to_be_a_nordic_curl_is_not_guessed(shared, model, name, reason):
    report = checked(shared / "footage" / name).report
    assert not report.recognised
    assert report.reps == () and report.set_.reps == 0
    assert report.verdict.status == "not-assessed"
    (entry,) = report.not_assessed
    assert reason in entry.reason
    assert entry.what_to_change


def again(analysis: Analysis, exercise: str, folder: Path) -> Report:
    """The clip as it was followed, judged as an exercise."""
    analysis.track.save(folder / "pose.npz")
    options = Options(exercise=exercise)
    return analyze(folder / "pose.npz", options, lambda stage, share: None).report


def test_a_prone_leg_curl_on_a_machine_is_one_full_rep_and_three_halves(shared, model, tmp_path):
    clip = shared / "footage" / "prone_leg_curl_4reps.mp4"
    report = again(checked(clip), "bench-leg-curl", tmp_path)
    assert report.recognised and report.athlete.facing == "left"
    assert [rep.kind for rep in report.reps] == ["full", "partial", "partial", "partial"]
    assert report.reps[0].measures["rom"].value == pytest.approx(100, abs=10)  # by eye
    assert report.reps[-1].end_s is None
    raised = {(rep.number, f.check) for rep in report.reps for f in rep.findings}
    assert {rep for rep, check in raised if check == "does-not-return"} == {4}
    for rep in report.reps[1:]:
        assert rep.measures["bottom_knee_flexion"].value == pytest.approx(60, abs=8)  # by eye


def test_auto_tells_what_each_clip_shows(shared, model, tmp_path):
    labels = json.loads((shared / "footage" / "labels.json").read_text())
    for name in sorted(path.name for path in (shared / "footage").glob("*.[mw]*")):
        report = again(checked(shared / "footage" / name), "auto", tmp_path)
        is_one = labels[name]["exercise"] != "none"
        assert report.recognised == is_one, name
        assert not is_one or report.exercise == labels[name]["exercise"], name
        assert report.set_.reps == labels[name]["reps"], name


def test_from_the_front_reps_are_counted_and_every_sagittal_angle_is_refused(shared, model):
    report = checked(shared / "footage" / "front_view_2reps.mp4").report
    labels = events(shared, "front_view_2reps.mp4")
    assert (report.view.kind, report.view.rectified, report.set_.reps) == ("front", False, 2)
    for rep, label in zip(report.reps, labels, strict=True):
        assert rep.bottom_s == pytest.approx(label["bottom_s"], abs=0.3)
        for name, measured in rep.measures.items():
            if measured.unit.startswith("deg"):
                assert measured.value is None and measured.reason, name


def test_the_athlete_is_followed_and_not_the_partner_from_the_first_frame_on(shared, model):
    """The athlete kneels on a mat left of the partner; by the background, the picture's place of
    the knees stays, and the partner's hips are never nearer than 0.8 thighs to it."""
    analysis = checked(shared / "footage" / "partner_side_2reps.mp4")
    track, thigh = analysis.track.steadied(), analysis.setting.thigh_px
    knee = track.points[:, [25, 26], :2].mean(axis=1)
    assert track.seen.all()
    assert abs(knee[0, 0] - 287) < 0.2 * thigh  # by eye, in the first frame
    assert np.linalg.norm(knee - np.median(knee, axis=0), axis=1).max() < 0.4 * thigh
    hip = track.points[:, [23, 24], 0].mean(axis=1)
    assert (hip < knee[:, 0] + 0.3 * thigh).all()  # the partner kneels a thigh to the right
    athlete = analysis.report.athlete
    assert athlete.people_seen == 2
    assert "leans forward most" in athlete.chosen_because
    assert analysis.report.athlete.facing == "left"


def test_a_point_on_the_partner_follows_the_partner(shared, model):
    options = Options(follow=(560.0, 620.0, 4.0))
    clip = shared / "footage" / "partner_side_2reps.mp4"
    analysis = analyze(clip, options, lambda stage, share: None)
    hip = analysis.track.steadied().points[:, [23, 24], 0].mean(axis=1)
    assert np.nanmedian(hip) > 450
    assert "pointed at" in analysis.report.athlete.chosen_because
    assert not analysis.report.recognised


def test_the_same_clip_gives_the_same_bytes_on_any_number_of_cores(shared, model, monkeypatch):
    clip = shared / "footage" / "machine_side_10fps_1rep.webm"
    monkeypatch.setattr(pieces, "WHOLE_S", 0.0)  # in four pieces, short as it is
    monkeypatch.setenv(pieces.THREADS, "1")
    first = checked.__wrapped__(clip)
    monkeypatch.setenv(pieces.THREADS, "2")
    second = checked.__wrapped__(clip)
    assert first.report.json_text() == second.report.json_text()
    np.testing.assert_array_equal(first.track.points, second.track.points)
