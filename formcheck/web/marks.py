"""A person's own truth of a clip: kept beside it, and as labels that `formcheck validate` reads."""

from __future__ import annotations

import json
import math
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from formcheck.exercises import EXERCISES
from formcheck.report import Report, RepReport
from formcheck.web.places import Place
from formcheck.web.schemas import MarkedRep, Marks

MOMENTS = ("start_s", "break_s", "catch_s", "bottom_s", "top_s", "lower_s", "end_s")
EYE_S = 0.3
"""A person's moments are right to about so much (docs/accuracy.md)."""
LABELS = "labels.json"


def read(where: Place) -> Marks | None:
    """What was marked; None: nothing."""
    try:
        return Marks.model_validate_json(where.marks.read_bytes())
    except OSError:
        return None


def save(where: Place, marks: Marks, data: Path) -> None:
    """Keep what was marked, and tell `validate` of it. Raises OSError."""
    _write(where.marks, marks.model_dump_json(indent=2))
    relabel(data)


def forget(where: Place, data: Path) -> None:
    """Nobody has marked it. Raises OSError."""
    where.marks.unlink(missing_ok=True)
    relabel(data)


def relabel(data: Path) -> None:
    """Write the labels of all clips anew: the folder is one that `formcheck validate` reads."""
    labels = dict(_labelled(data))
    if labels or (data / LABELS).exists():
        _write(data / LABELS, json.dumps(labels, indent=1, ensure_ascii=False) + "\n")


def _labelled(data: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted((data / "clips").glob("*/marks.json")):
        where = Place(file.parent.name, file.parent)
        marks, film = read(where), where.film
        if marks is not None and film is not None:
            yield film.relative_to(data).as_posix(), label(marks)


def label(marks: Marks) -> dict[str, Any]:
    """The marks of a clip as `validate.labels` reads them."""
    events = [{name: getattr(rep, name) for name in MOMENTS} for rep in marks.reps]
    return {
        "exercise": marks.exercise,
        "reps": len(marks.reps),
        "events": events,
        "faults": [{"rep": n, "check": f} for n, r in enumerate(marks.reps, 1) for f in r.faults],
        "view": marks.view,
        "by": "a person",
    }


def _write(file: Path, text: str) -> None:
    part = file.with_name(f".{secrets.token_hex(6)}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


@dataclass(frozen=True)
class Beside:
    """A moment of a rep, as measured and as a person marked it."""

    rep: int
    moment: str
    measured: str
    marked: str
    differs: str
    """By how much, in words."""


def beside(where: Place, marks: Marks) -> dict[str, object]:
    """What the report's page tells of the marks."""
    report = Report.model_validate_json((where.result / "report.json").read_bytes())
    measured = [rep for rep in report.reps if rep.counted]
    rows = []
    for n, rep in enumerate(marks.reps, 1):
        near = min(measured, key=partial(_apart, rep), default=None)
        rows += list(_rows(n, rep, near))
    labels = EXERCISES[report.exercise].labels() if report.exercise in EXERCISES else {}
    faults = [(n, [labels.get(f, f) for f in r.faults]) for n, r in enumerate(marks.reps, 1)]
    return {"rows": rows, "faults": faults, "reps": len(marks.reps), "counted": len(measured),
            "id": where.id}  # fmt: skip


def _apart(marked: MarkedRep, measured: RepReport) -> float:
    """Seconds between the starts of two reps."""
    return math.inf if measured.start_s is None else abs(measured.start_s - marked.start_s)


def _rows(n: int, marked: MarkedRep, measured: RepReport | None) -> Iterator[Beside]:
    for name in MOMENTS:
        mine = getattr(marked, name)
        theirs = None if measured is None else getattr(measured, name, None)
        if mine is not None:
            differs = _differs(theirs, mine)
            yield Beside(n, name.removesuffix("_s"), _seconds(theirs), _seconds(mine), differs)


def _seconds(t: float | None) -> str:
    return "not told" if t is None else f"{t:.2f} s"


def _differs(measured: float | None, marked: float) -> str:
    if measured is None:
        return ""
    by = measured - marked
    if abs(by) < 0.005:
        return "the same"
    return f"{abs(by):.2f} s {'later' if by > 0 else 'earlier'}"
