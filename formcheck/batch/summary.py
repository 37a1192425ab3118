"""What a table of many clips tells of one that was analysed: small, made where the analysis is."""

from __future__ import annotations

from typing import Literal

from formcheck.exercise import Exercise
from formcheck.measures.measure import Record
from formcheck.report import Report


class Summary(Record):
    """A row's content; nothing in it depends on the wall clock."""

    exercise: str
    reps: int
    """How many counted."""
    findings: int
    """How many, of the counted reps and of the set."""
    verdict: Literal["good", "improve", "not-assessed"]
    sentence: str
    """The verdict's."""
    duration_s: float | None
    frames: int


def summarised(report: Report, exercise: Exercise) -> Summary:
    """The row of a finished analysis."""
    of_reps = sum(len(rep.findings) for rep in report.reps if rep.counted)
    clip = report.clip
    return Summary(
        exercise=exercise.name,
        reps=report.set_.reps,
        findings=of_reps + len(report.set_.findings),
        verdict=report.verdict.status,
        sentence=report.verdict.sentence,
        duration_s=None if clip is None else clip.duration_s,
        frames=0 if clip is None else clip.frames,
    )
