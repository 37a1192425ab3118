"""The set in one sentence, from reps as they were judged; the same wherever it is read."""

from __future__ import annotations

from dataclasses import replace

import lying
import numpy as np
import pytest

from formcheck import terminal
from formcheck.analysis import Analysis, Options, analyze
from formcheck.checks import Finding
from formcheck.exercises import EXERCISES
from formcheck.measures.measure import Measured
from formcheck.overlay import endcard
from formcheck.pages.html import render
from formcheck.report import RepReport
from formcheck.setting import Setting
from formcheck.verdict import KEEP, Course, compose

BENCH = EXERCISES["bench-leg-curl"]
SETTING = Setting(side="left", facing="left", size=(640, 360), frame_s=1 / 30, thigh_px=80)


def finding(check: str, severity: str) -> Finding:
    return Finding(
        check=check, severity=severity, at_s=1.0, until_s=2.0, measure="top_pause", value=0.1,
        uncertainty=0.1, limit=0.5, limit_kind="min", unit="s", sentence=f"{check}.",
        advice=f"Mend {check}.",
    )  # fmt: skip


def timed(seconds: float) -> Measured:
    return Measured(
        value=seconds, unit="s", uncertainty=0.1, uncertainty_within_set=0.1, status="ok", source=""
    )


def rep(number: int, *findings: tuple[str, str], kind: str = "full", lowered: float = 3.0):
    return RepReport(
        number=number, counted=True, kind=kind, start_s=1.0, end_s=6.0,
        measures={"lower_duration": timed(lowered)},
        findings=tuple(finding(*one) for one in findings),
        good=tuple(check.good for check in BENCH.checks if not findings),
    )  # fmt: skip


def composed(*reps: RepReport):
    course = Course(reps, (), gates=(), against={}, swept=(100.0, 100.0), coverage=1.0)
    return compose(BENCH, SETTING, course)


def test_warnings_stand_behind_the_faults():
    fault, warning = ("no-pause", "fault"), ("partial-range", "warning")
    report = composed(rep(1, fault), rep(2, warning), rep(3, warning), rep(4))
    labels = BENCH.labels()
    assert report.verdict.sentence.endswith(
        f"To work on: {labels['no-pause']} (rep 1). Also: {labels['partial-range']} (reps 2 and 3)."
    )
    assert report.verdict.advice == "Mend no-pause."


def test_what_is_a_fault_in_one_rep_is_not_named_again_as_a_warning_in_another():
    report = composed(rep(1, ("no-pause", "fault")), rep(2, ("no-pause", "warning")))
    assert report.verdict.sentence.count(BENCH.labels()["no-pause"]) == 1
    assert "Also" not in report.verdict.sentence


def test_warnings_alone_are_what_to_work_on():
    sentence = composed(rep(1, ("partial-range", "warning"))).verdict.sentence
    assert "To work on" in sentence and "Also" not in sentence


@pytest.mark.parametrize(("last", "best"), [(6.0, None), (3.0, None), (3.5, 3)])
def test_a_slower_rep_is_the_best_unless_the_tempo_is_uneven(last, best):
    assert composed(rep(1), rep(2), rep(3, lowered=last)).set_.best_rep == best


def test_where_nothing_was_recognised_another_exercise_is_offered():
    verdict = composed().verdict
    assert verdict.status == "not-assessed"
    assert "--exercise auto" in verdict.advice


# --- notes


@pytest.fixture(scope="module")
def noted(tmp_path_factory) -> Analysis:
    """Three clean curls, the last lowered much more slowly: a note of the set and nothing else."""
    place = tmp_path_factory.mktemp("track")
    flexion = np.concatenate([lying.curls(1, hold=0.9, down=d)[1] for d in (2.6, 2.6, 6.0)])
    lying.film((np.arange(len(flexion)) / 30, flexion)).save(place / "curls.npz")
    return analyze(place / "curls.npz", Options(exercise=BENCH.name), lambda *_: None)


def test_a_set_with_a_note_is_good_and_told_what_to_do_about_it(noted):
    (note,) = noted.report.set_.findings
    verdict = noted.report.verdict
    assert (note.check, note.severity, verdict.status) == ("uneven-tempo", "note", "good")
    assert verdict.sentence == (
        "3 prone leg curls, and nothing wrong in what could be judged. Noted: an uneven tempo."
    )
    assert verdict.advice == note.advice == "Give every rep the same time: count in your head."


def test_a_note_of_reps_names_them(noted):
    (note,) = noted.report.set_.findings
    reps = [
        r.model_copy(update={"findings": (note.model_copy(update={"check": "hips-lift"}),)})
        if r.number != 2
        else r
        for r in noted.report.reps
    ]
    exercise = replace(BENCH, set_checks=())
    report = compose(exercise, noted.setting, Course(reps, (), (), {}, (111, 111), 1.0))
    assert "Noted: hips lifting (reps 1 and 3)." in report.verdict.sentence


def test_without_a_note_it_is_to_be_kept_like_this(noted):
    exercise = replace(BENCH, set_checks=())
    course = Course(noted.report.reps, (), (), {}, (111, 111), 1.0)
    verdict = compose(exercise, noted.setting, course).verdict
    assert verdict.advice == KEEP and "Noted" not in verdict.sentence


def test_page_terminal_and_end_card_say_the_same(noted, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    verdict = noted.report.verdict
    terminal.summarise(noted, tmp_path, video=False)
    page = render(noted.report, noted.curves, BENCH, video=None)
    card = endcard._text(noted.report, BENCH)
    said = " ".join("".join(capsys.readouterr()).split())
    assert (card.sentence, card.advice) == (verdict.sentence, verdict.advice)
    for words in (verdict.sentence, verdict.advice):
        assert words in page and words in said
    assert "Keep it like this" not in page + said


def test_where_the_camera_stood_is_said_as_the_body_of_the_exercise_lies(noted):
    away = noted.setting.model_copy(
        update={"camera": None, "rectified": False, "yaw_deg": 85.0, "rest": {}}
    )
    nobody = Course((), (), (), {}, (0.0, 0.0), 1.0)
    (told,) = compose(BENCH, away, nobody).not_assessed
    assert told.reason == (
        "Filmed from the head or the feet, or too far off the side, a prone leg curl cannot be "
        "told."
    )
    kneeling = replace(EXERCISES["nordic-curl"], front=None)
    (told,) = compose(kneeling, away, nobody).not_assessed
    assert told.reason.startswith("Filmed from the front or from behind, a Nordic curl")


def test_the_report_says_which_exercise_was_asked_for(noted):
    assert noted.report.settings.exercise == BENCH.name
    course = Course((), (), (), {}, (0.0, 0.0), 1.0)
    assert compose(BENCH, noted.setting, course).settings.exercise == BENCH.name
