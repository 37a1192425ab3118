"""reps.csv: the reps of a report as a table for a spreadsheet, every measure with all that is told
of it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from formcheck.exercise import Exercise
from formcheck.measures.measure import Measured
from formcheck.report import MOMENTS, Report, RepReport

TOLD = ("unit", "uncertainty", "status", "uncertainty_within_set", "bound", "outcome", "reason")
"""Fields of a measure's answer, each in a column behind that of the value."""


def write_reps(report: Report, exercise: Exercise, path: Path) -> None:
    """Write a row a rep, attempts included; an empty cell for what did not happen, was refused or
    was not measured. Every measure of the exercise has its columns, whatever the clip shows."""
    names = dict.fromkeys(m.name for m in exercise.measures)
    names.update(dict.fromkeys(name for r in report.reps for name in r.measures))
    head = ["number", "counted", "kind", *MOMENTS]
    head += [column for name in names for column in (name, *(f"{name}_{t}" for t in TOLD))]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*head, "findings"])
        for rep in report.reps:
            writer.writerow([*_cells(rep, [*names]), _findings(rep)])


def _cells(rep: RepReport, names: Sequence[str]) -> list[object]:
    cells: list[object] = [rep.number, str(rep.counted).lower(), rep.kind]
    cells += [getattr(rep, moment) for moment in MOMENTS]
    return cells + [cell for name in names for cell in _told(rep.measures.get(name))]


def _told(m: Measured | None) -> list[object]:
    if m is None:
        return [None] * (1 + len(TOLD))
    return [m.value, *(getattr(m, field) for field in TOLD)]


def _findings(rep: RepReport) -> str:
    return "; ".join(f"{f.severity}: {f.check}" for f in rep.findings)
