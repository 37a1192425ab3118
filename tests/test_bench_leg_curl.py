"""The prone leg curl: what is measured and said of sets whose every angle is known."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from athlete import Curl as Nordic
from athlete import perform
from lying import film

from formcheck.analysis import Options, analyze
from formcheck.errors import InputError, UsageError
from formcheck.exercises import EXERCISES, named
from formcheck.session import Session
from formcheck.view import estimate

BENCH = named("bench-leg-curl")
FPS = 30.0


@dataclass(frozen=True)
class Curl:
    """One rep, softly: seconds of lift, hold, lowering and rest after it; degrees at its top and
    where it ends."""

    up: float = 1.5
    hold: float = 0.8
    down: float = 2.8
    top: float = 115.0
    ends: float = 4.0
    rest: float = 1.0
    lifts: float = 0.0
    """How far the hips rise at the top, degrees."""
    tips: float = 0.0
    """How far the trunk tips at the top over the thigh's line, degrees."""


def done(*reps: Curl, straight: float = 4.0, rest: float = 1.0, soft: bool = True):
    """Times, flexion, lift of the hips and tip of the trunk of a set; (T,) each."""
    t, angle, lifts, tips = [0.0, rest], [straight] * 2, [0.0] * 2, [0.0] * 2
    for rep in reps:
        for seconds, to, up in ((rep.up, rep.top, 1), (rep.hold, rep.top, 1),
                                (rep.down, rep.ends, 0), (rep.rest, rep.ends, 0)):  # fmt: skip
            if seconds:
                t.append(t[-1] + seconds)
                angle.append(to)
                lifts.append(up * rep.lifts)
                tips.append(up * rep.tips)
    at = np.arange(0, t[-1], 1 / FPS)
    return at, *(_between(at, np.array(t), np.array(y), soft) for y in (angle, lifts, tips))


def _between(at, t, y, soft):
    i = np.clip(np.searchsorted(t, at, side="right") - 1, 0, len(t) - 2)
    gone = (at - t[i]) / (t[i + 1] - t[i])
    gone = (1 - np.cos(np.pi * gone)) / 2 if soft else gone
    return y[i] + (y[i + 1] - y[i]) * gone


def track_of(*reps: Curl, straight: float = 4.0, rest: float = 1.0, soft: bool = True, **camera):
    t, angle, lifts, tips = done(*reps, straight=straight, rest=rest, soft=soft)
    return film((t, angle), lifts=lifts, trunk=lifts + tips, **camera)


def judged(track, exercise=BENCH):
    setting = estimate(track, posture=exercise.posture).model_copy(update={"clock": "known"})
    session = Session(exercise, setting)
    for pose in track:
        session.push(pose)
    return session.close()


@cache
def report_of(*reps: Curl, **how):
    return judged(track_of(*reps, **how))


def found(report):
    return {(r.number, f.check, f.severity) for r in report.reps for f in r.findings}


# --- the specification's own rep: 5 to 110 to 5, up in 2 s, held 1 s, down in 3 s

SPECIFIED = Curl(up=2, hold=1, down=3, top=110, ends=5, rest=1.5)


@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_the_specified_curl_is_measured(noise):
    (rep,) = report_of(SPECIFIED, straight=5, soft=False, noise=noise).reps
    told = rep.measures
    assert told["rom"].value == pytest.approx(
        105, abs=1 if noise == 0 else 4
    )  # extremes pick noise up
    assert told["top_pause"].value == pytest.approx(1.0, abs=0.15)  # smoothed over +-0.15 s
    assert told["lift_duration"].value == pytest.approx(2.0, abs=0.25)
    assert told["lower_duration"].value == pytest.approx(3.0, abs=0.15)
    for name, true in {"rom": 105, "top_pause": 1.0, "lower_duration": 3.0}.items():
        assert abs(told[name].value - true) <= told[name].uncertainty, name
    assert rep.top_s == pytest.approx(1.0 + 2, abs=0.1)
    assert rep.lower_s == pytest.approx(1.0 + 3, abs=0.1)
    assert rep.kind == "full"


def test_the_moments_of_another_exercise_are_not_told():
    (rep,) = report_of(SPECIFIED, straight=5, soft=False).reps
    assert [rep.break_s, rep.catch_s, rep.bottom_s, rep.release_s] == [None] * 4
    assert rep.start_s < rep.top_s < rep.lower_s < rep.end_s


# --- kinds


def test_a_curl_that_is_bent_at_both_ends_is_partial_and_one_at_one_end_is_not():
    """As on a machine: the first from straight legs, then from 60 to 60, the last left bent."""
    bent = Curl(1.0, 0.3, 1.2, top=105, ends=60, rest=0.5)
    report = report_of(bent, bent, bent, Curl(1.0, 0.1, 0.0, top=100, ends=60, rest=0))
    assert [r.kind for r in report.reps] == ["full", "partial", "partial", "partial"]
    assert report.reps[-1].end_s is None


def test_a_curl_that_stays_low_is_partial_and_warned_of():
    report = report_of(Curl(top=70), Curl())
    assert [r.kind for r in report.reps] == ["partial", "full"]
    assert found(report) == {(1, "partial-range", "warning")}
    (form,) = [n for n in report.not_assessed if n.what == "form"]
    assert "from straight legs to the top" in form.reason
    assert "no pause at the top, lowering too fast, hips lifting" in form.reason  # what form is


def test_a_curl_whose_lowering_is_not_shown_does_not_return():
    report = report_of(Curl(), Curl(hold=1.0, down=0, rest=0))
    assert [r.kind for r in report.reps] == ["full", "no-return"]
    assert (2, "does-not-return", "warning") in found(report)


def test_a_bent_curl_whose_lowering_is_not_shown_is_told_so():
    bent = Curl(1.0, 0.3, 1.2, top=105, ends=60, rest=0.5)
    report = report_of(bent, Curl(1.0, 0.1, 0.0, top=100, ends=60, rest=0))
    last = report.reps[-1]
    assert (last.kind, last.end_s, last.lower_s) == ("partial", None, None)
    assert last.measures["returned_share"].value == pytest.approx(0, abs=0.1)
    assert (2, "does-not-return", "warning") in found(report)


def test_what_came_back_is_never_more_than_all():
    deeper = Curl(top=70, ends=2)
    report = report_of(Curl(ends=30), deeper)
    assert [r.measures["returned_share"].value for r in report.reps][1] == 1


def test_a_wobble_at_the_top_is_no_rep():
    wobble = (Curl(down=0.5, ends=90, rest=0), Curl(up=0.5))
    assert report_of(*wobble).set_.reps == 1


# --- the rule book

FAULTS = {
    "no-pause": Curl(hold=0.0),
    "lowers-too-fast": Curl(down=1.2),
    "hips-lift": Curl(lifts=17),
    "upper-body-moves": Curl(tips=-14),
}


@pytest.mark.parametrize("check", FAULTS)
@pytest.mark.parametrize("head", ["left", "right"])
def test_a_fault_is_found_and_no_other(check, head):
    report = report_of(Curl(), FAULTS[check], head=head, noise=0.8)
    faults = {(rep, name) for rep, name, severity in found(report) if severity == "fault"}
    assert (2, check) in faults
    also = {(2, "upper-body-moves")} if check == "hips-lift" else set()  # hips carry the trunk
    assert {(rep, name) for rep, name, _ in found(report)} <= {(2, check)} | also


def test_a_lowering_quicker_than_its_lift_is_too_fast():
    report = report_of(Curl(), Curl(up=5.0, down=2.9))
    assert found(report) == {(2, "lowers-too-fast", "fault")}
    (finding,) = report.reps[1].findings
    assert finding.measure == "lower_less_lift"


@pytest.mark.parametrize("yaw", [-25, 0, 25])
def test_a_clean_set_is_clean_from_an_angle(yaw):
    report = report_of(Curl(), Curl(), Curl(), yaw=yaw, noise=0.8)
    assert report.verdict.status == "good"
    assert found(report) == set()
    assert report.set_.good == ("Every rep had the same tempo.",)


def test_an_uneven_tempo_is_a_note_of_the_set():
    report = report_of(Curl(), Curl(), Curl(), Curl(down=5.6))
    (finding,) = report.set_.findings
    assert (finding.check, finding.severity) == ("uneven-tempo", "note")
    took = np.array([r.measures["lower_duration"].value for r in report.reps])
    assert finding.value == pytest.approx(took.std(ddof=1) / took.mean(), abs=0.006)
    assert report.set_.measures["lower_duration_variation"].value == finding.value
    assert report.verdict.status == "good"


def test_two_reps_cannot_be_asked_for_an_even_tempo_and_that_is_said():
    report = report_of(Curl(), Curl())
    (left_open,) = report.not_assessed
    assert (left_open.what, left_open.reps) == ("uneven-tempo", ())
    assert "at least 3 reps" in left_open.reason
    assert "Not judged: an uneven tempo" in report.verdict.sentence


def test_ankles_behind_a_pad_are_not_guessed_and_the_reps_are_counted():
    report = report_of(Curl(), Curl(), pad=True)
    assert report.set_.reps == 2
    for rep in report.reps:
        assert rep.measures["rom"].value is None
        assert "down to the ankle" in rep.measures["rom"].what_to_change


# --- told apart

OTHERS = {
    "lying still": lambda: track_of(Curl(up=3, hold=0, down=0, top=4)),
    "a swing of trunk and thighs": lambda: track_of(Curl(lifts=60), Curl(lifts=60)),
    "push-ups from the knees": lambda: film((np.arange(0, 9, 1 / FPS), _bob() + 14), slope=_bob()),
    "standing up while the knees bend": lambda: film(done(Curl(), Curl())[:2], slope=80),
}


def _bob() -> np.ndarray:
    """Degrees by which the body comes up over still shanks, thrice; (T,)."""
    return 15 * (1 - np.cos(2 * np.pi * np.arange(0, 9, 1 / FPS) / 3))


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_not_one_is_not_recognised(what):
    report = judged(OTHERS[what]())
    assert not report.recognised
    assert report.reps == ()
    assert report.verdict.sentence.startswith("No prone leg curl was recognised. ")


def test_from_the_head_nothing_is_told_and_that_is_why():
    track = track_of(Curl())
    setting = estimate(track, posture=BENCH.posture)
    away = {"camera": None, "rectified": False, "yaw_deg": 85.0, "rest": {}}
    session = Session(BENCH, setting.model_copy(update=away))
    for pose in track:
        session.push(pose)
    assert "from the head or the feet" in session.close().verdict.sentence


def test_the_two_exercises_are_told_apart_by_the_movement():
    nordic, prone = perform(Nordic(), Nordic()).film(), track_of(Curl(), Curl())
    told = {
        name: [judged(track, exercise).set_.reps for track in (nordic, prone)]
        for name, exercise in EXERCISES.items()
    }
    others = {name: [0, 0] for name in EXERCISES}
    assert told == others | {"nordic-curl": [2, 0], "bench-leg-curl": [0, 2]}


@pytest.fixture
def saved(tmp_path):
    def save(track):
        track.save(tmp_path / "pose.npz")
        return tmp_path / "pose.npz"

    return save


def analysed(path, **options):
    return analyze(path, Options(**options), lambda stage, share: None)


@pytest.mark.parametrize(
    ("track", "name"),
    [
        (lambda: perform(Nordic()).film(), "nordic-curl"),
        (lambda: track_of(Curl()), "bench-leg-curl"),
    ],
)
def test_auto_finds_the_exercise_and_its_own_setting(saved, track, name):
    done = analysed(saved(track()), exercise="auto")
    assert (done.report.exercise, done.setting.exercise) == (name, name)
    assert done.report.recognised
    assert done.report.settings.exercise == "auto"


def test_auto_says_of_all_that_it_was_none(saved):
    done = analysed(saved(OTHERS["lying still"]()), exercise="auto")
    sentence = done.report.verdict.sentence
    said = sentence.split(" was recognised. ")[0].lower()
    assert [e.title for e in EXERCISES.values() if f"no {e.title.lower()}" not in said] == []
    assert said.count(" and ") == 1
    assert not done.report.recognised


def test_a_mode_that_the_exercise_has_not_is_wrong_usage(saved):
    path = saved(track_of(Curl()))
    with pytest.raises(UsageError, match=r"eccentric-only.*prone leg curl has no such mode"):
        analysed(path, exercise="bench-leg-curl", athlete={"mode": "eccentric-only"})
    asked = analysed(path, exercise="auto", athlete={"mode": "eccentric-only"})
    assert asked.report.exercise == "nordic-curl"  # the only one that has it


def test_a_setting_is_used_for_the_exercise_that_it_is_of(saved, tmp_path):
    path, kept = saved(track_of(Curl())), tmp_path / "setting.json"
    first = analysed(path, exercise="auto")
    first.setting.save(kept)
    again = analysed(path, exercise="auto", setting=kept)
    assert again.report.json_text() == first.report.json_text()
    first.setting.model_copy(update={"exercise": None}).save(kept)
    with pytest.raises(InputError, match="does not say for which exercise"):
        analysed(path, exercise="auto", setting=kept)


# --- through the pose model

SAMPLES = Path(__file__).resolve().parent.parent / "sample_videos"


@pytest.mark.model
@pytest.mark.parametrize("name", ["bench_head_left", "bench_lowers_too_fast"])
def test_a_rendered_set_is_read_as_it_was(model, name):
    done = analysed(SAMPLES / f"{name}.mp4", exercise="auto")
    told = json.loads((SAMPLES / f"{name}.truth.json").read_text(encoding="utf-8"))
    report, frames = done.report, told["frames"]
    assert report.exercise == told["exercise"] == BENCH.name
    assert report.view.rectified
    assert [rep.kind for rep in report.reps] == [rep["kind"] for rep in told["reps"]]
    for rep, true in zip(report.reps, told["reps"], strict=True):
        for moment in ("start_s", "top_s", "lower_s", "end_s"):
            assert getattr(rep, moment) == pytest.approx(true[moment], abs=0.25), moment
        for measure in ("top_pause", "lift_duration", "lower_duration"):
            value, spread = rep.measures[measure].value, rep.measures[measure].uncertainty
            assert abs(value - true[f"{measure}_s"]) <= spread, measure
    raised = {(rep, check) for rep, check, _ in found(report)}
    assert raised == {(fault["rep"], fault["check"]) for fault in told["faults"]}
    knee = np.interp(frames["t_s"], done.curves.t_s, done.curves.values["knee_flexion"])
    assert np.nanmean(np.abs(knee - frames["knee_flexion_deg"])) <= 4
