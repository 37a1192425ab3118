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
from formcheck.sets import KEEP
from formcheck.setting import Athlete, Setting
from formcheck.verdict import Course, compose

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


# --- the set of a Nordic: where it was to end, what was hardly judged, what comes next

NORDIC = EXERCISES["nordic-curl"]


def number(value: float, unit: str, **how) -> Measured:
    return Measured(value=value, unit=unit, uncertainty=1.0, uncertainty_within_set=0.2,
                    status="ok", source="-", **how)  # fmt: skip


def lowered(at: int, angle: float, *findings: Finding, judged=True, bound=None, held=4.0):
    return RepReport(
        number=at, counted=True, kind="full", start_s=1.0, end_s=6.0,
        measures={
            "break_point_angle": number(angle, "deg", bound=bound),
            "controlled_duration": number(held, "s"),
            "eccentric_duration": number(4.0, "s"),
        },
        findings=findings,
        good=tuple(check.good for check in NORDIC.checks) if judged else (),
    )  # fmt: skip


def nordic(*reps: RepReport, mode: str = "eccentric-concentric"):
    setting = SETTING.model_copy(update={"athlete": Athlete(mode=mode)})
    course = Course(reps, (), gates=(), against={}, swept=(100.0, 100.0), coverage=1.0)
    return compose(NORDIC, setting, course)


def test_the_rep_after_which_to_stop_is_in_verdict_set_and_advice():
    report = nordic(*(lowered(i, x) for i, x in enumerate((45, 44, 46, 50, 51), 1)))
    assert report.set_.stop_after_rep == 5
    assert report.verdict.status == "improve"
    assert "To work on: signs of fatigue (rep 5)." in report.verdict.sentence
    assert report.verdict.advice.startswith("End a set like this with rep 5 at the latest.")


def test_among_warnings_the_end_of_the_set_comes_first_and_behind_a_fault():
    warned, bad = finding("falls-too-fast", "warning"), finding("falls-too-fast", "fault")
    reps = [lowered(1, 45), lowered(2, 44), lowered(3, 60, warned), lowered(4, 60, warned)]
    assert nordic(*reps).verdict.advice.startswith("End a set like this with rep 3")
    assert nordic(*reps[:3], lowered(4, 60, bad)).verdict.advice == "Mend falls-too-fast."


def test_a_rep_that_got_no_worse_is_praised_in_the_set_and_a_single_one_is_not():
    (kept,) = (c.good for c in NORDIC.set_checks if c.name == "fatigue")
    assert kept in nordic(lowered(1, 45), lowered(2, 44)).set_.good
    alone = nordic(lowered(1, 45))
    assert alone.set_.good == () and alone.set_.stop_after_rep is None
    assert "Not judged" not in alone.verdict.sentence


@pytest.mark.parametrize("noted", [True, False])
def test_reps_that_were_hardly_judged_stay_so_with_a_note_of_the_set(noted):
    times = (4.0, 2.0, 4.0) if noted else (4.0, 4.0, 4.0)
    reps = [lowered(i, 45, judged=False, held=s) for i, s in enumerate(times, 1)]
    verdict = nordic(*reps).verdict
    assert verdict.status == "not-assessed"
    assert "how well they were done could not be judged" in verdict.sentence
    assert ("Noted: an uneven tempo." in verdict.sentence) is noted


def test_a_single_rep_is_not_called_they():
    assert (
        "1 Nordic curl counted; how well it was done"
        in nordic(lowered(1, 45, judged=False)).verdict.sentence
    )


def test_half_of_the_checks_that_weigh_are_enough_to_judge_a_rep():
    """One that can only note something is none of them."""
    weighty = len(NORDIC.weighty)
    assert weighty < len(NORDIC.checks)
    half = lowered(1, 45, judged=False).model_copy(update={"good": ("Fine.",) * (weighty // 2)})
    assert nordic(half).verdict.status == "good"


def test_a_note_of_a_rep_does_not_make_it_judged():
    note = finding("overuses-arms", "note")
    verdict = nordic(*(lowered(i, 45, note, judged=False) for i in (1, 2))).verdict
    assert verdict.status == "not-assessed"
    assert "Noted: use of the arms (reps 1 and 2)." in verdict.sentence


def test_a_warning_of_the_set_does_not_hide_that_the_reps_were_hardly_judged():
    reps = [lowered(i, x, judged=False) for i, x in enumerate((45, 44, 60), 1)]
    verdict = nordic(*reps).verdict
    assert "signs of fatigue (rep 3)" in verdict.sentence
    assert verdict.sentence.endswith("How well the reps were done could not be judged.")


def test_after_a_set_with_nothing_to_change_comes_the_next_step():
    fine = [lowered(1, 45), lowered(2, 45)]
    assert nordic(*fine).verdict.advice == KEEP
    assert "by the hamstrings" in nordic(*fine, mode="eccentric-only").verdict.advice
    controlled = [lowered(i, 12, bound="at-most") for i in (1, 2)]
    assert "light weight" in nordic(*controlled).verdict.advice
    half = [controlled[0], lowered(2, 45)]
    assert "light weight" not in nordic(*half).verdict.advice


def test_the_set_is_told_in_terminal_and_page(noted, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    report = nordic(*(lowered(i, x) for i, x in enumerate((45, 44, 46, 50, 51), 1)))
    told = replace(noted, report=report, exercise=NORDIC)
    terminal.summarise(told, tmp_path, video=False)
    said = " ".join("".join(capsys.readouterr()).split())
    page = " ".join(render(report, noted.curves, NORDIC, video=None).split())
    assert "Best break point: 44° ± 1°, a trained level." in said
    for words in ("Mean break point: 47° ± 1°", "Drift to an earlier break: 1.8°"):
        assert words in said
    for label, value in (("Mean break point", "47° ± 1°"), ("Drift to an earlier break", "1.8°")):
        assert f'{label}</dt><dd><span class="value">{value}' in page.replace("\xa0", " ")
    assert '44° ± 1°</span> <span class="what">a trained level' in page.replace("\xa0", " ")
    assert "Stop a set like this after rep 5." in page
    assert "Rep 5 was the one to stop after." in said


def test_the_best_rep_and_why_are_told(noted, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    report = nordic(lowered(1, 50), lowered(2, 44))
    terminal.summarise(replace(noted, report=report, exercise=NORDIC), tmp_path, video=False)
    why = (
        "Best: rep 2. It was held 6° further than rep 1, "
        "the next of the reps with nothing against them."
    )
    assert why in " ".join("".join(capsys.readouterr()).split())
    assert f"<span>{why}</span>" in " ".join(
        render(report, noted.curves, NORDIC, video=None).split()
    )
