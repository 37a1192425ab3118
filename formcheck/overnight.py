"""`formcheck batch`: what a person sees of many clips."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, TextColumn

from formcheck.batch.finding import Clip, Found
from formcheck.batch.records import ClipRecord, Status
from formcheck.batch.run import Asked, batch
from formcheck.batch.schedule import Progressed
from formcheck.errors import OutputError
from formcheck.files import shown
from formcheck.report import Report
from formcheck.results import REPORT
from formcheck.runs import remember, remembered
from formcheck.terminal import BAR_FROM, console, fitting, note, say_json

WORDS: dict[Status, str] = {
    "ok": "checked",
    "not-assessed": "not assessed",
    "unreadable": "unreadable",
    "failed": "failed",
    "duplicate": "duplicate",
}
"""What came of a clip."""
RATE_FROM_S = 2.0
"""Seconds of work from which a rate says something."""


def run(asked: Asked, *, json: bool = False) -> None:
    """Check all clips, and tell how it goes; each has its folder or its reason then."""
    options = remembered(asked.terms.options)
    asked = replace(asked, terms=replace(asked.terms, options=options))
    with Night(asked.out, json=json, athlete=options.athlete_name) as night:
        records = batch(asked, night)
    _close(records, asked.out, night.taken_over)


class Pace:
    """How fast it goes and how long it still takes, from what this run itself has analysed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._begun = clock, clock()
        self._waits: dict[str, int] = {}
        self._bytes = self._frames = 0

    def more(self, clips: Mapping[str, int]) -> None:
        """Clips to be done, with their bytes."""
        self._waits |= clips

    def done(self, progressed: Progressed) -> None:
        """A clip is done; only one that was analysed now tells of the pace."""
        size = self._waits.pop(progressed.record.name, 0)
        summary = progressed.record.summary
        if not progressed.taken_over and summary is not None:
            self._bytes += size
            self._frames += summary.frames

    def words(self) -> str:
        """Frames a second and time left; empty as long as they are not known."""
        seconds = self._clock() - self._begun
        if not self._frames or seconds < RATE_FROM_S:
            return ""
        left = sum(self._waits.values()) * seconds / max(1, self._bytes)
        return f"{self._frames / seconds:.0f} frames a second, {lasting(left)} left"


def lasting(seconds: float) -> str:
    """A time in words, as exact as it is known."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


class Night:
    """The screen of a batch: a line for all on a terminal, and a plain line a clip elsewhere."""

    def __init__(self, out: Path, *, json: bool = False, athlete: str | None = None) -> None:
        """athlete: whose sets they are, kept as they come; None: nobody said."""
        self._out, self._json, self._console = out, json, console()
        self._athlete, self._kept = athlete, set[str]()
        self._clips: set[str] = set()
        self._ended: dict[str, Status] = {}
        self._pace = Pace()
        self.taken_over = 0
        self._stage = ""
        bar = (BarColumn(20, complete_style="cyan", finished_style="green"),)
        self._progress = Progress(
            *(bar if self._console.width >= BAR_FROM else ()),
            TextColumn("{task.description}", markup=False),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take the bar away; a second call does nothing."""
        self._progress.stop()

    def found(self, found: Found, workers: int, *, watch: bool) -> None:
        """How many clips there are, what was left aside, who works."""
        if not watch:
            self.more(found.clips)
            clips = f"{len(found.clips)} clip{'s' * (len(found.clips) != 1)}"
            self._say(f"{clips}, {workers} at a time" if found.clips else "There is no clip.")
        if found.aside:
            kinds = ", ".join(f"{n} {suffix}" for suffix, n in sorted(found.aside.items()))
            self._say(f"Left aside, since they are no films: {shown(kinds)}")

    def more(self, clips: Sequence[Clip]) -> None:
        """Clips to be done, or to be done anew."""
        for clip in clips:
            self._clips.add(clip.name)
            self._ended.pop(clip.name, None)
        self._pace.more({clip.name: _bytes(clip.path) for clip in clips})
        self._show()

    def done(self, progressed: Progressed) -> None:
        """A clip is done: what came of it."""
        record = progressed.record
        self._ended[record.name] = record.status
        self.taken_over += progressed.taken_over
        self._pace.done(progressed)
        plain = not self._console.is_terminal and not progressed.taken_over
        if plain or not (record.reported or record.duplicate_of or progressed.taken_over):
            self._say(f"{len(self._ended)} of {len(self._clips)}: {self._words(record)}")
        if progressed.trace is not None:
            self._say(progressed.trace.rstrip())
        if record.reported and record.folder is not None:
            self._whole(self._out / record.folder)
        self._show()

    def _whole(self, folder: Path) -> None:
        """The folder of a clip is there: at once it is kept, for a watch has no end."""
        said = "" if self._athlete is None else remember(folder, self._athlete)
        if said and said not in self._kept:  # that they are kept is said of all of them once
            self._kept.add(said)
            self._say(said)
        if self._json:
            _say_report(folder)

    def working(self, what: str, share: float) -> None:
        """Something that takes a moment before the first clip."""
        if what != self._stage:
            self._stage = what
            self._say(what)

    def idle(self) -> None:
        """All that has arrived is done."""
        self._say(f"{len(self._ended)} done. Waiting for more clips; Ctrl-C ends.")

    def _words(self, record: ClipRecord) -> str:
        said = f"{shown(record.name)}: {WORDS[record.status]}"
        if record.summary is not None and record.status == "ok":
            reps = record.summary.reps
            said += f", {reps} rep{'s' * (reps != 1)}"
        pace = self._pace.words()
        why = f". {record.reason}" if record.reason else ""
        return said + (why if not record.reported else f" ({pace})" if pace else "")

    def _show(self) -> None:
        done, clips = len(self._ended), len(self._clips)
        bad = sum(status in {"unreadable", "failed"} for status in self._ended.values())
        parts = [f"{done} of {clips} clip{'s' * (clips != 1)}", self._pace.words()]
        parts += [f"{bad} without a report"] if bad else []
        words = ", ".join(part for part in parts if part)
        self._progress.update(
            self._task,
            description=fitting(words, self._console.encoding),
            completed=done,
            total=clips or None,
        )

    def _say(self, words: str) -> None:
        text = fitting(words, self._console.encoding)
        self._progress.console.print(text, soft_wrap=True)


def _say_report(folder: Path) -> None:
    try:
        report = Report.model_validate_json((folder / REPORT).read_bytes())
    except OSError as error:
        raise OutputError(
            f"{shown(folder / REPORT)}: was removed while the batch ran ({error.strerror}). "
            "Run the batch again."
        ) from error
    say_json(report.json_line())


def _bytes(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _close(records: Sequence[ClipRecord], out: Path, taken_over: int) -> None:
    """The last lines: how many ended how, and where the table lies."""
    counts: Counter[Status] = Counter(record.status for record in records)
    parts = ", ".join(f"{counts[s]} {words}" for s, words in WORDS.items() if counts[s])
    verb = "was" if taken_over == 1 else "were"
    before = f" {taken_over} {verb} finished before." if taken_over else ""
    note(f"{len(records)} clip{'s' * (len(records) != 1)}: {parts or 'none'}.{before}")
    note(f"All of them: {shown(out / 'index.html')}")
