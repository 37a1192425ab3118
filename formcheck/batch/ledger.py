"""What a batch leaves behind of all its clips: batch.json, batch.csv and index.html.

Each is whole or the older one. Nothing in them depends on the wall clock or on the order in which
the clips were done: the same results give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from formcheck.batch.records import SCHEMA, ClipRecord, by_name
from formcheck.batch.worker import unwritten
from formcheck.exercises import EXERCISES
from formcheck.files import cell, spelled, write_whole
from formcheck.pages.squad import Clip, render
from formcheck.summary import Number, Summary

JSON, CSV, PAGE = "batch.json", "batch.csv", "index.html"
TOLD = ("value", "unit", "uncertainty", "bound", "reason")
"""Of a number by which sets are compared; the value stands in the column of its name."""
HEAD = ("name", "status", "reason", "exercise", "verdict", "reps", "best_rep", "faults", "warnings",
        "notes", "main_fault", "main_severity", "main_reps", "advice")  # fmt: skip
TAIL = ("not_assessed", "duration_s", "frames", "folder", "duplicate_of", "sha256", "size_bytes")
Records = Sequence[ClipRecord]


def write(records: Records, out: Path) -> None:
    """Write the three files of a batch into its folder. Raises OutputError."""
    ordered = by_name(records)
    texts = {JSON: json_text(ordered), CSV: csv_text(ordered), PAGE: render(clips(ordered))}
    for name, text in texts.items():
        try:
            write_whole(out / name, text)
        except OSError as error:
            raise unwritten(out, error) from error


def clips(records: Records) -> list[Clip]:
    """What the page shows of each."""
    return [Clip(r.name, r.status, r.reason, r.folder, r.thumbnail, r.summary) for r in records]


def _summaries(records: Records) -> Mapping[str, Summary | None]:
    """What was found in each clip by its name; in a duplicate, in the clip that it repeats."""
    own = {r.name: r.summary for r in records}
    return {r.name: own.get(r.duplicate_of) if r.duplicate_of else r.summary for r in records}


def json_text(records: Records) -> str:
    """batch.json: strict JSON, a line a clip."""
    found = _summaries(records)
    lines = ",\n  ".join(_dumped(_entry(r, found[r.name])) for r in records)
    return (
        f'{{"schema": "{SCHEMA}", "clips": [\n  {lines}\n]}}\n'
        if records
        else (f'{{"schema": "{SCHEMA}", "clips": []}}\n')
    )


def _dumped(entry: Mapping[str, Any]) -> str:
    """An entry on one line; a byte of a name that is no UTF-8 as the escape of its surrogate."""
    text = json.dumps(entry, ensure_ascii=False, allow_nan=False)
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _entry(record: ClipRecord, found: Summary | None) -> dict[str, Any]:
    return {
        "name": record.name,
        "status": record.status,
        "reason": record.reason,
        "reps": None if found is None else found.reps,
        "findings": []
        if found is None
        else [said.model_dump(exclude={"label"}) for said in found.findings],
        "folder": record.folder,
        "duplicate_of": record.duplicate_of,
        "exercise": None if found is None else found.exercise,
        "verdict": None if found is None else found.verdict,
        "best_rep": None if found is None else found.best_rep,
        "main_fault": None if found is None or found.main is None else found.main.check,
        "measures": {}
        if found is None
        else {n.measure: n.model_dump(exclude={"measure", "label"}) for n in found.numbers},
        "duration_s": None if found is None else found.duration_s,
        "sha256": record.sha256,
    }


def csv_text(records: Records) -> str:
    """batch.csv: a line a clip; the columns are the same whatever the clips are. An empty cell is
    not known. What a spreadsheet would compute has an apostrophe in front."""
    found, measures = _summaries(records), _measures()
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    told = [column for m in measures for column in (m, *(f"{m}_{t}" for t in TOLD[1:]))]
    writer.writerow([*HEAD, *told, *TAIL])
    for record in records:
        writer.writerow([cell(value) for value in _line(record, found[record.name], measures)])
    return file.getvalue()


def _measures() -> tuple[str, ...]:
    """By which the sets of any exercise are compared."""
    every = [e.look.compared or (e.tempo,) for e in EXERCISES.values()]
    return tuple(dict.fromkeys(name for names in every for name in names))


def _line(record: ClipRecord, found: Summary | None, measures: Sequence[str]) -> list[object]:
    line: list[object] = [record.name, record.status, record.reason]
    line += [None] * (len(HEAD) - 3) if found is None else _found(found)
    numbers = {n.measure: n for n in found.numbers} if found is not None else {}
    for measure in measures:
        line += _told(numbers.get(measure))
    left = [] if found is None else [what for one in found.left_open for what in one.what]
    line += ["; ".join(dict.fromkeys(left)) or None]
    line += [None, None] if found is None else [found.duration_s, found.frames]
    folder = None if record.folder is None else spelled(record.folder)
    return [*line, folder, record.duplicate_of, record.sha256, record.size_bytes]


def _found(found: Summary) -> list[object]:
    severities = [said.severity for said in found.findings]
    main = found.main
    line: list[object] = [found.exercise, found.verdict, found.reps, found.best_rep]
    line += [severities.count("fault"), severities.count("warning"), severities.count("note")]
    if main is None:
        return [*line, None, None, None, found.advice]
    return [*line, main.label, main.severity, " ".join(map(str, main.reps)) or None, found.advice]


def _told(number: Number | None) -> list[object]:
    return [None] * len(TOLD) if number is None else [getattr(number, field) for field in TOLD]
