"""The set in one sentence, from reps as they were judged."""

from __future__ import annotations

import pytest

from formcheck.checks import Finding
from formcheck.exercises import EXERCISES
from formcheck.measures.measure import Measured
from formcheck.report import RepReport
from formcheck.setting import Setting
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
