"""Slow motion: the clip's seconds are not the world's, and each is used where it belongs."""

from __future__ import annotations

from dataclasses import replace

import clips
import numpy as np
import pytest
from athlete import NORDIC, Curl, findings, judged, made_rep, perform
from hypothesis import given, settings
from hypothesis import strategies as some

from formcheck.analysis import Options, analyze
from formcheck.errors import InputError, UsageError
from formcheck.exercises import nordic_arms
from formcheck.exercises.nordic_gates import SETTLED
from formcheck.exercises.nordic_lowering import TORQUES
from formcheck.exercises.nordic_tempo import RANGES
from formcheck.pace import check_said, contradicted, pace
from formcheck.session import Found, Session, Warned
from formcheck.setting import Setting
from formcheck.timing import Timing
from formcheck.view import estimate

SET = perform(Curl(rest=1, lower=2.5, breaks=45), Curl(rest=1, lower=3, fold=45))
"""A break, and a pike."""
MOMENTS = ("start_s", "break_s", "catch_s", "bottom_s", "release_s", "end_s")


def analysed(track, tmp_path, **said):
    track.save(tmp_path / "pose.npz")
    return analyze(tmp_path / "pose.npz", Options(**said), lambda *_: None)


def run(track, setting):
    session = Session(NORDIC, setting)
    for pose in track:
        session.push(pose)
    return session, session.close()


def told(session):
    """The events without the reps and findings that they carry."""
    found = [e for e in session.events if isinstance(e, Warned | Found)]
    moments = [(type(e).__name__, e.at, e.said) for e in session.events]
    return moments, [(e.finding.check, e.finding.value, e.finding.at_s) for e in found]


# The two clocks


@settings(max_examples=5, deadline=None)
@given(scale=some.sampled_from([2, 4, 8, 0.5]), fps=some.sampled_from([24, 30, 60]),
       lost=some.sampled_from([0, 0.05]), seed=some.integers(0, 9))  # fmt: skip
def test_times_stretched_by_the_scale_change_nothing_but_the_moments(scale, fps, lost, seed):
    """Not a bit of a measure: powers of two stretch without rounding."""
    track = SET.film(fps=fps, lost=lost, seed=seed, noise=0.5)
    setting = estimate(track)
    plain, report = run(track, setting)
    slow = replace(track, t_s=track.t_s * scale)
    stretched, other = run(slow, setting.model_copy(update={"time_scale": scale}))
    moments, found = told(plain)
    assert told(stretched)[0] == [(n, at * scale, said * scale) for n, at, said in moments]
    assert [f[:2] for f in told(stretched)[1]] == [f[:2] for f in found]
    assert [s.t for s in stretched.samples] == [s.t * scale for s in plain.samples]
    for one, two in zip(report.reps, other.reps, strict=True):
        for name in MOMENTS:
            first, second = getattr(one, name), getattr(two, name)
            assert (second is None) == (first is None)
            assert first is None or second == pytest.approx(first * scale, abs=1e-3)
        for name, measured in one.measures.items():
            moved = {"at_s": None, "until_s": None}
            same = replace(two.measures[name], **moved)
            assert same == replace(measured, **moved)
            assert two.measures[name].at_s == pytest.approx(
                None if measured.at_s is None else measured.at_s * scale, abs=1e-3
            )


def test_exchanged_sides_belong_to_their_rep_in_slow_motion_as_well():
    track = SET.film(fps=60)
    setting = estimate(track).model_copy(update={"clock": "known"})
    _, plain = run(track, setting)
    second = plain.reps[1]
    mended = (track.t_s > second.start_s) & (track.t_s < second.start_s + 2.5 / 60)
    slow = replace(track, t_s=track.t_s * 4, mended=mended)
    _, report = run(slow, setting.model_copy(update={"time_scale": 4}))
    told = [rep.measures["catch_angle"].gates for rep in report.reps]
    counted = [next(g.value for g in gates if g.gate == "G11") for gates in told]
    assert counted == [0, mended.sum()] != [0, 0]


def test_the_setting_estimated_from_slow_motion_is_that_of_the_world(tmp_path):
    track = SET.film(fps=120)
    world = estimate(track)
    slow = analysed(track.quickened(1 / 4), tmp_path, capture_fps=120).setting
    assert slow.frame_s == pytest.approx(world.frame_s)
    assert slow.rest == world.rest
    assert (slow.time_scale, slow.clock, slow.capture_fps) == (4, "known", 120)


def test_a_saved_setting_brings_its_clock_along(tmp_path):
    track = SET.film(fps=120).quickened(1 / 4)
    first = analysed(track, tmp_path, capture_fps=120)
    first.setting.save(tmp_path / "setting.json")
    again = analysed(track, tmp_path, setting=tmp_path / "setting.json")
    assert again.report == first.report
    assert Setting.load(tmp_path / "setting.json") == first.setting


def test_what_the_user_says_outdoes_the_setting_that_was_given(tmp_path):
    track = SET.film(fps=120).quickened(1 / 4)
    blind = analysed(track, tmp_path)
    blind.setting.save(tmp_path / "setting.json")
    given_both = analysed(track, tmp_path, setting=tmp_path / "setting.json", capture_fps=120)
    assert given_both.setting.time_scale == 4
    assert given_both.setting.frame_s == pytest.approx(1 / 120)
    assert all(r.measures["eccentric_duration"].value for r in given_both.report.reps)


def test_curves_lie_at_the_clips_seconds_with_the_worlds_speeds(tmp_path):
    track = SET.film(fps=120)
    plain = analysed(track, tmp_path).curves
    slow = analysed(track.quickened(1 / 4), tmp_path, capture_fps=120).curves
    assert slow.t_s == pytest.approx(4 * plain.t_s)
    assert slow.rates["knee_flexion"] == pytest.approx(plain.rates["knee_flexion"], nan_ok=True)
    assert slow.phase == plain.phase


# Where the scale comes from


@pytest.mark.parametrize(
    ("fps", "said", "tagged", "expected"),
    [
        (30, 120, None, (4, "known")),
        (29.97, 240, None, (8, "known")),
        (30, 48, None, (1.6, "known")),
        (30, None, 120.0, (4, "known")),
        (30, None, 30.0, (1, "known")),
        (29.97, None, 30.0, (1, "known")),
        (30, 60, 120.0, (2, "known")),
        (30, None, 7.5, (0.25, "known")),
        (240, None, None, (1, "assumed")),
        (30, None, None, (1, "assumed")),
    ],
)
def test_the_user_is_asked_before_the_tag_and_the_tag_before_the_movement(
    fps, said, tagged, expected
):
    assert pace(Timing("constant", fps), said, tagged) == (pytest.approx(expected[0]), expected[1])


def test_the_rate_of_a_variable_clip_is_taken_for_what_phones_do():
    assert pace(Timing("variable", 28.6), None, 30.0) == (1, "known")
    assert pace(Timing("variable", 28.6), 120, None) == (4, "known")
    assert pace(Timing("variable", 26.0), 30, None) == (1, "known")


@pytest.mark.parametrize("even", [("variable", 24.0), ("variable", 15.0), ("constant", 15.0)])
def test_frames_lost_in_dim_light_are_no_slow_motion(even):
    """Android tags every film with the rate that it meant to take."""
    assert pace(Timing(*even), None, 30.0) == (1, "assumed")


def test_an_apple_original_in_slow_motion_plays_in_real_time():
    """All its frames stand at their real times; its tag is 0 on every clip and tells no more."""
    assert pace(Timing("constant", 240.0), None, None, apple=True) == (1, "known")
    assert pace(Timing("constant", 30.0), None, None, apple=True) == (1, "assumed")


@pytest.mark.parametrize(
    ("said", "plays", "tagged"),
    [(24, 240, None), (14, 30, None), (24, 30, 240.0), (24, 240, 240.0)],
)
def test_a_rate_far_under_the_clips_own_is_refused_in_words(said, plays, tagged):
    with pytest.raises(
        UsageError, match=f"--capture-fps {said}: this clip plays {plays}"
    ) as raised:
        check_said(said, plays, tagged)
    assert "Expected at least" in str(raised.value) and "leave the option out" in str(raised.value)


@pytest.mark.parametrize(
    ("said", "plays", "tagged"),
    [(15, 30, None), (24, 30, None), (30, 30, 240.0), (29, 30, 240.0), (60, 30, 240.0),
     (120, 30, None), (24, float("nan"), None), (None, 30, 240.0), (15, 30, 30.0)],
)  # fmt: skip
def test_a_rate_that_may_be_is_taken(said, plays, tagged):
    check_said(said, plays, tagged)


def test_what_contradicts_the_tag_is_taken_and_told():
    even = Timing("constant", 30)
    assert "tag 240" in contradicted(even, 30, 240.0)
    assert contradicted(even, 240, 240.0) is None
    assert contradicted(even, 239.76, 240.0) is None
    assert contradicted(even, 30, None) is None
    assert contradicted(even, None, 240.0) is None
    assert contradicted(Timing("variable", 15), 15, 30.0) is None  # dim light, and no slow motion


def test_a_slip_of_the_pen_is_answered_before_the_work(tmp_path):
    clip = clips.make(tmp_path / "a.mp4", range(9), tags={"com.android.capture.fps": "240"})
    with pytest.raises(UsageError, match="--capture-fps 24"):
        analyze(clip, Options(capture_fps=24, model=tmp_path / "none.task"), lambda *_: None)
    with pytest.raises(UsageError, match="--capture-fps 14"):
        analysed(SET.film(fps=30), tmp_path, capture_fps=14)


# The same set, however it was filmed

WAYS = {
    "constant 30": ({"fps": 30}, 1),
    "constant 60": ({"fps": 60}, 1),
    "variable 18 to 40": ({"fps": 18, "fps_to": 40}, 1),
    "120 slowed fourfold": ({"fps": 120}, 4),
    "240 slowed eightfold": ({"fps": 240}, 8),
    "mirrored": ({"fps": 30, "mirror": True}, 1),
}


@pytest.mark.parametrize(("shot", "slower"), WAYS.values(), ids=WAYS)
def test_the_same_set_gives_the_same_answer(shot, slower, tmp_path):
    truth = analysed(SET.film(fps=100), tmp_path).report
    track = SET.film(**shot, noise=0.2).quickened(1 / slower)
    said = {"capture_fps": shot["fps"]} if slower > 1 else {}
    report = analysed(track, tmp_path, **said).report
    assert (report.clip.time_scale, report.settings.capture_fps) == (
        slower,
        said.get("capture_fps"),
    )
    assert report.clip.timing == (
        "slow-motion" if slower > 1 else "variable" if "fps_to" in shot else "constant"
    )
    assert findings(report) == findings(truth) != []
    within = {"break_s": 0.10, "catch_s": 0.05, "bottom_s": 0.05}
    for one, other in zip(report.reps, truth.reps, strict=True):
        assert one.kind == other.kind
        for name, most in within.items():
            assert getattr(one, name) / slower == pytest.approx(getattr(other, name), abs=most)
        fast = one.measures["peak_knee_velocity"]
        most = 0.08 if "fps_to" in shot else 0.03
        assert fast.value == pytest.approx(other.measures["peak_knee_velocity"].value, rel=most)
        assert fast.status == ("ok" if shot["fps"] >= 47 else "warn")  # an estimate below


TIMED = {
    "eccentric_duration", "mean_descent_velocity", "peak_knee_velocity", "early_fall",
    "break_point_angle", "catch_angle", "hand_assisted_work_fraction",
    "bpa_included_knee", "bpa_forward_lean",
    "bpa_thigh_to_horizontal", "dwa_onset", "bpa_acceleration", "controlled_duration",
    "braking_fraction", "jerkiness", "final_phase_control", "pad_height",
    *(f"time_under_tension_{name}" for name in RANGES),
    *(torque.name for torque in TORQUES), *(arms.name for arms in nordic_arms.MEASURES),
}  # fmt: skip
"""Durations, speeds, and what is found by a speed."""


@pytest.mark.parametrize(("fps", "slower"), [(120, 4), (240, 8)])
def test_slow_motion_that_nobody_told_of_keeps_counts_and_angles_and_refuses_times(
    fps, slower, tmp_path
):
    track = SET.film(fps=fps, noise=0.2, pointed=45).quickened(1 / slower)
    report = analysed(track, tmp_path, athlete={"mass_kg": 80.0, "height_m": 1.8}).report
    assert [r.kind for r in report.reps] == ["full"] * 2
    for rep in report.reps:
        assert rep.break_s is None
        for name, measured in rep.measures.items():
            assert (measured.value is None) == (name in TIMED), name
            if name in TIMED:
                assert "slow motion" in measured.reason
                assert "--capture-fps" in measured.what_to_change
    found = [one for one in findings(report) if one[2] != "note"]  # of the feet, which point
    assert found == [(2, "hips-pike", "fault")]
    assert (report.clip.timing, report.clip.time_scale) == ("slow-motion", 1)
    assert any("--capture-fps" in problem for problem in report.clip.problems)
    assert report.filming.status == "poor"


@pytest.mark.parametrize(("period", "status"), [(1.6, "ok"), (0.8, "refused")])
def test_a_body_that_moves_faster_than_it_can_fall_is_played_too_fast(period, status):
    t = np.arange(0, 3.2, 1 / 60)
    rep = made_rep(t, body_lean=40 - 40 * np.cos(2 * np.pi * t / period))
    (haste,) = [gate for gate in SETTLED if gate.name == "G9b-haste"]
    result = haste.judge(rep)  # said or not: no camera makes it fall so fast
    assert result.status == status
    assert ("faster" in haste.explain(result)) == (status == "refused")


def test_a_rate_that_cannot_be_is_refused_by_the_movement(tmp_path):
    """--capture-fps 240 of a clip at normal speed makes the body fall faster than it can."""
    report = analysed(SET.film(fps=30), tmp_path, capture_fps=240).report
    times = [r.measures["eccentric_duration"].value for r in report.reps]
    assert times == [None] * len(times)


def test_a_clip_at_two_paces_is_refused_its_times_whatever_is_said(tmp_path):
    track = SET.film(fps=120)
    slow = (track.t_s[1:] > 6) & (track.t_s[1:] < 12)
    steps = np.where(slow, 4 / 120, 1 / 120)
    ramped = replace(track, t_s=np.concatenate([[0.0], np.cumsum(steps)]))
    for said in ({}, {"capture_fps": 120}):
        report = analysed(ramped, tmp_path, **said).report
        assert report.clip.timing == "ramped"
        refused = report.reps[0].measures["eccentric_duration"]
        assert refused.value is None
        assert "changes its speed" in refused.reason


def test_a_gentle_set_is_believed_once_its_rate_is_said(tmp_path):
    gentle = perform(Curl(lower=6, breaks=None, up=4)).film(fps=30)
    doubted = analysed(gentle, tmp_path).report.reps[0].measures["eccentric_duration"]
    assert doubted.status == "refused"
    report = analysed(gentle, tmp_path, capture_fps=30).report
    believed = report.reps[0].measures["eccentric_duration"]
    assert believed.value == pytest.approx(judged(gentle)[1].reps[0].measures[
        "eccentric_duration"].value)  # fmt: skip
    assert report.clip.timing == "constant"


@pytest.mark.parametrize("spoilt", ['"clock": "sundial"', '"time_scale": 0'])
def test_a_setting_with_an_impossible_clock_is_refused(spoilt, tmp_path):
    path = tmp_path / "setting.json"
    estimate(SET.film()).save(path)
    key = spoilt.split(":")[0]
    lines = [f"  {spoilt}," if key in line else line for line in path.read_text().splitlines()]
    path.write_text("\n".join(lines))
    with pytest.raises(InputError, match=key.strip('"')):
        Setting.load(path)
