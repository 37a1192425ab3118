"""index.html: many clips on one page, a row each, that opens from the file system.

It decides nothing: what became of each clip, and what is said of it, comes in.
"""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote

from markupsafe import Markup

from formcheck import __version__
from formcheck.pages import squad_figures, words
from formcheck.pages.html import environment, own
from formcheck.summary import Number, Summary

REPORT = "report.html"
TONES = {
    "good": "good", "improve": "warning", "not-assessed": "unknown", "unreadable": "fault",
    "failed": "fault", "duplicate": "note",
}  # fmt: skip
"""Status on the page -> which icon and colour."""
STATUSES = {
    **words.STATUSES,
    "unreadable": "Cannot be read",
    "failed": "Failed",
    "duplicate": "Duplicate",
}
BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Turn the writing direction of what follows them."""
CHECKED = {"good": "good", "improve": "to improve", "not-assessed": "not assessed"}
UNCHECKED = {
    "unreadable": "that cannot be read",
    "failed": "that failed",
    "duplicate": "with the same content as another",
}
"""Statuses with a report of their own and without, as they follow a number."""
CARE = "≈\u00a0"
"""Before a number that is to be taken with care."""
MOST_NAMED = 4
"""Of what was not assessed, in a row."""
SPEAKS = ("fault", "warning")
"""Severities that speak against a set."""


@dataclass(frozen=True)
class Clip:
    """A clip of the squad."""

    name: str
    """Unlike any other's."""
    status: Literal["ok", "not-assessed", "unreadable", "failed", "duplicate"]
    reason: str | None = None
    folder: str | None = None
    """Of its report, or of the report of the clip that it repeats, from the page, with "/" between
    and surrogates for bytes that are no UTF-8; None: there is none."""
    thumbnail: str | None = None
    """The name of a picture in that folder."""
    summary: Summary | None = None


@dataclass(frozen=True)
class Cell:
    """A number of a row."""

    label: str
    """What it is, where the rows do not all have the same in this column; else empty."""
    head: str
    text: str
    note: str
    assessed: bool
    key: float | None
    """By which it is sorted; None: comes last."""


@dataclass(frozen=True)
class Found:
    """What was found by one check: "Falling too fast (reps 1 and 3)"."""

    check: str
    tone: str
    label: str
    where: str


@dataclass(frozen=True)
class Gap:
    """What was not assessed for one reason."""

    what: tuple[str, ...]
    reason: str
    change: str


@dataclass(frozen=True)
class Row:
    """A clip in the table."""

    name: str
    address: str
    """Of its report, percent-encoded; empty: there is none."""
    picture: str
    status: str
    reason: str
    """Why there is no report, or what the report could not assess; may be empty."""
    advice: str
    title: str
    """What exercise it was, where not all are the same; else empty."""
    reps: int | None
    cells: tuple[Cell, ...]
    found: tuple[Found, ...]
    """The main one first; notes last."""
    worse: int
    """How much speaks against it: what is sorted by."""
    gaps: tuple[Gap, ...]

    @property
    def unseen(self) -> str:
        """What was not assessed in few words."""
        names = list(dict.fromkeys(name for gap in self.gaps for name in gap.what))
        left = len(names) - MOST_NAMED
        return ", ".join(names[:MOST_NAMED]) + (f" and {left} more" if left > 0 else "")

    @property
    def checks(self) -> tuple[str, ...]:
        """Those by which it can be picked out."""
        return tuple(dict.fromkeys(_key(f.label) for f in self.found if f.tone in SPEAKS))


@dataclass(frozen=True)
class Chip:
    """Something to filter by."""

    key: str
    label: str
    tone: str
    count: int


def render(clips: Sequence[Clip]) -> str:
    """The page of a squad, its clips in the order they are to stand in; the same clips give the
    same bytes."""
    summaries = [c.summary for c in clips if c.summary is not None]
    titles = tuple(dict.fromkeys(s.title for s in summaries))
    columns = _columns(summaries)
    rows = [_row(clip, columns, len(titles) > 1) for clip in clips]
    return environment().get_template("squad.html").render(
        squad_style=Markup(own("squad.css")),
        squad_script=Markup(own("squad.js")),
        headline=headline(rows),
        rest=rest(rows),
        often=often(summaries),
        rows=rows,
        columns=columns,
        titles=[words.sentence(title) for title in titles],
        tones=TONES,
        statuses=STATUSES,
        chips=chips(rows),
        fault_chips=fault_chips(rows),
        figures=squad_figures.figures(summaries),
        faults=squad_figures.faults(summaries),
        version=__version__,
    )  # fmt: skip


def readable(name: str) -> str:
    """A name as it can stand on a page: what would break the line, turn its direction or not be
    seen is escaped."""
    return "".join(
        ascii(c)[1:-1] if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in BIDI else c
        for c in name
    )


def address(*parts: str) -> str:
    """A path from the page as an address, whatever its names hold."""
    return quote(os.fsencode("/".join(parts)), safe="/")


def _columns(summaries: Sequence[Summary]) -> tuple[str, ...]:
    """What stands over the numbers: the first of each exercise, the second and so on."""
    most = max((len(s.numbers) for s in summaries), default=0)
    over = [[s.numbers[i].label for s in summaries if i < len(s.numbers)] for i in range(most)]
    return tuple(" / ".join(dict.fromkeys(labels)) for labels in over)


def _row(clip: Clip, columns: Sequence[str], mixed: bool) -> Row:
    summary = clip.summary
    status = summary.verdict if summary is not None and clip.status == "ok" else clip.status
    reason = clip.reason or (summary.sentence if summary and status == "not-assessed" else "")
    weights = {"fault": 1000, "warning": 1, "note": 0}
    return Row(
        name=readable(clip.name),
        address="" if clip.folder is None else address(clip.folder, REPORT),
        picture=_picture(clip),
        status=status,
        reason=reason,
        advice=summary.advice if summary else "",
        title=words.sentence(summary.title) if summary and mixed else "",
        reps=summary.reps if summary else None,
        cells=_cells(summary, columns, reason),
        found=_found(summary) if summary else (),
        worse=sum(weights[f.severity] for f in summary.findings) if summary else -1,
        gaps=tuple(_gaps(summary, reason)) if summary else (),
    )


def _picture(clip: Clip) -> str:
    if clip.folder is None or clip.thumbnail is None:
        return ""
    return address(clip.folder, clip.thumbnail)


def _cells(summary: Summary | None, columns: Sequence[str], said: str) -> tuple[Cell, ...]:
    """said: what the row says already, and no number says again."""
    numbers = summary.numbers if summary is not None else ()
    cells: list[Cell] = []
    for i, head in enumerate(columns):
        cell = _cell(head, numbers[i] if i < len(numbers) else None)
        again = cell.note in said or any(cell.note == other.note for other in cells)
        cells.append(replace(cell, note="") if again else cell)
    return tuple(cells)


def _cell(head: str, number: Number | None) -> Cell:
    if number is None:
        return Cell("", head, "", "", False, None)
    assessed = number.value is not None
    note = number.outcome if assessed else number.reason or ""
    label = number.label if number.label != head else ""
    care = CARE if assessed and number.reason else ""
    return Cell(label, head, care + words.measured(number), note, assessed, number.value)


def _found(summary: Summary) -> tuple[Found, ...]:
    """What was found, by check: the one to change first, then faults before warnings, before
    notes."""
    main = summary.main.check if summary.main is not None else ""
    reps: dict[tuple[str, str], list[int]] = {}
    for said in summary.findings:
        reps.setdefault((said.check, said.severity), []).extend([said.rep] if said.rep else [])
    labels = {said.check: said.label for said in summary.findings}
    order = [*words.SEVERITIES]
    ranked = sorted(reps, key=lambda key: (key[0] != main, order.index(key[1])))
    worst = dict(reversed(ranked))
    return tuple(
        Found(check, severity, words.sentence(labels[check]), words.listed(reps[check, severity]))
        for check, severity in ranked
        if worst[check] == severity
    )


def _gaps(summary: Summary, said: str) -> Iterator[Gap]:
    """What was not assessed, by reason; without what the row says already."""
    by: dict[tuple[str, str], dict[str, None]] = {}
    for one in (one for one in summary.left_open if one.reason not in said):
        names = (name[:1].lower() + name[1:] for name in one.what)
        by.setdefault((one.reason, one.what_to_change), {}).update(dict.fromkeys(names))
    for (reason, change), what in by.items():
        yield Gap(tuple(what), reason, change)


def headline(rows: Sequence[Row]) -> str:
    """The squad in a sentence."""
    if not rows:
        return "There is no clip here yet."
    counted = f"{len(rows)} clip{'s' if len(rows) > 1 else ''}"
    said = _counted(rows, CHECKED)
    return f"{counted}: {_listed(said)}." if said else f"{counted}, and none could be checked."


def rest(rows: Sequence[Row]) -> str:
    """Those that have no report of their own; empty where all have."""
    said = _counted(rows, UNCHECKED)
    return f"Without a report of their own: {_listed(said)}." if said else ""


def _counted(rows: Sequence[Row], of: Mapping[str, str]) -> list[str]:
    count = Counter(row.status for row in rows)
    return [f"{count[status]} {word}" for status, word in of.items() if count[status]]


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def often(summaries: Sequence[Summary]) -> tuple[str, str] | None:
    """What is to be changed first in most sets, and the advice; None where in none is anything."""
    mains = [s.main for s in summaries if s.main is not None]
    if not mains:
        return None
    count = Counter(main.label for main in mains)
    label, most = max(count.items(), key=lambda entry: entry[1])
    first = next(main for main in mains if main.label == label)
    sets = "1 set" if most == 1 else f"{most} sets"
    return f"Most often to change first: {label}, in {sets}", first.advice


def chips(rows: Sequence[Row]) -> list[Chip]:
    """The statuses that there are."""
    count = Counter(row.status for row in rows)
    return [Chip(k, w, TONES[k], count[k]) for k, w in STATUSES.items() if count[k]]


def fault_chips(rows: Sequence[Row]) -> list[Chip]:
    """What speaks against sets, the most frequent first."""
    count = Counter(key for row in rows for key in row.checks)
    labels = {_key(f.label): f.label for row in rows for f in row.found}
    return [Chip(key, labels[key], "", n) for key, n in count.most_common()]


def _key(label: str) -> str:
    """By what a finding is picked out: two exercises may call a check of one name differently."""
    return label.lower().replace(" ", "-")
