"""A person's own truth of a clip: kept beside it, and as labels that `formcheck validate` reads."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from formcheck.exercises import EXERCISES
from formcheck.files import write_whole
from formcheck.report import Report, RepReport
from formcheck.web.places import Place
from formcheck.web.schemas import MarkedRep, Marks

MOMENTS = ("start_s", "break_s", "catch_s", "bottom_s", "top_s", "lower_s", "end_s")
EYE_S = 0.3
"""A person's moments are right to about so much (docs/accuracy.md)."""
LABELS = "labels.json"
_LABELLING = threading.Lock()


def read(where: Place) -> Marks | None:
    """What was marked; None: nothing, or nothing that can be read."""
    try:
        return Marks.model_validate_json(where.marks.read_bytes())
    except (OSError, ValidationError):
        return None


def save(where: Place, marks: Marks, data: Path) -> None:
    """Keep what was marked, and tell `validate` of it. Raises OSError; FileNotFoundError where the
    clip is not there any more."""
    if not where.folder.is_dir():
        raise FileNotFoundError(where.folder)
    write_whole(where.marks, marks.model_dump_json(indent=2))
    relabel(data)


def forget(where: Place, data: Path) -> None:
    """Nobody has marked it. Raises OSError."""
    where.marks.unlink(missing_ok=True)
    relabel(data)


def relabel(data: Path) -> None:
    """Write the labels of all clips anew: the folder is one that `formcheck validate` reads."""
    with _LABELLING:  # else an older look at the clips might be written over a newer one
        labels = dict(_labelled(data))
        if labels or (data / LABELS).exists():
            write_whole(data / LABELS, json.dumps(labels, indent=1, ensure_ascii=False) + "\n")


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
    exercise = EXERCISES.get(report.exercise)
    titles = {m.name: m.title for m in exercise.look.moments} if exercise else {}
    labels = exercise.labels() if exercise else {}
    counted = [rep for rep in report.reps if rep.counted]
    rows, faults = [], []
    for n, rep in enumerate(marks.reps, 1):
        near = _nearest(rep, counted)
        rows += list(_rows(n, rep, near, titles))
        faults.append((n, _saw(rep, labels), _found(near, labels)))
    return {"rows": rows, "faults": faults, "reps": len(marks.reps), "counted": len(counted),
            "id": where.id}  # fmt: skip


def _nearest(marked: MarkedRep, measured: Sequence[RepReport]) -> RepReport | None:
    """The rep that was meant: that of the nearest start, where the two share a moment."""
    near = min(measured, key=partial(_apart, marked), default=None)
    if near is None or near.start_s is None:
        return None
    last = max(t for name in MOMENTS if (t := getattr(marked, name)) is not None)
    shared = near.start_s <= last + EYE_S and (near.end_s or math.inf) >= marked.start_s - EYE_S
    return near if shared else None


def _apart(marked: MarkedRep, measured: RepReport) -> float:
    """Seconds between the starts of two reps."""
    return math.inf if measured.start_s is None else abs(measured.start_s - marked.start_s)


def _saw(marked: MarkedRep, labels: Mapping[str, str]) -> str:
    return ", ".join(labels.get(fault, fault) for fault in marked.faults) or "none"


def _found(measured: RepReport | None, labels: Mapping[str, str]) -> str:
    """What formcheck found in a rep; a note is no fault."""
    if measured is None:
        return "no such rep"
    found = [f.check for f in measured.findings if f.severity != "note"]
    return ", ".join(labels.get(check, check) for check in found) or "none"


def _rows(
    n: int, marked: MarkedRep, measured: RepReport | None, titles: Mapping[str, str]
) -> Iterator[Beside]:
    for name in MOMENTS:
        mine = getattr(marked, name)
        theirs = None if measured is None else getattr(measured, name, None)
        if mine is not None:
            moment = name.removesuffix("_s")
            title = titles.get(moment, moment)
            yield Beside(n, title, _seconds(theirs), _seconds(mine), _differs(theirs, mine))


def _seconds(t: float | None) -> str:
    return "not told" if t is None else f"{t:.2f} s"


def _differs(measured: float | None, marked: float) -> str:
    if measured is None:
        return "–"
    by = measured - marked
    if abs(by) < 0.005:
        return "the same"
    return f"{abs(by):.2f} s {'later' if by > 0 else 'earlier'}"
