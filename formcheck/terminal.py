"""What a person sees in the terminal: progress with time left, a short table, the paths."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from formcheck.analysis import Analysis
from formcheck.measures.measure import Measured
from formcheck.report import RepReport

MARKS = {"good": "✓", "improve": "!", "not-assessed": "?"}
COLOURS = {"good": "green", "improve": "yellow", "not-assessed": "cyan"}


class Bars:
    """A progress bar a stage, on stderr; without a terminal a plain line a stage."""

    def __init__(self, title: str = "") -> None:
        self._console = Console(stderr=True, highlight=False)
        self._title = f"{title}: " if title else ""
        self._stage = ""
        self._task: TaskID | None = None
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )

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
        """Take the bars away; a second call does nothing."""
        self._progress.stop()

    def show(self, stage: str, share: float) -> None:
        """The stage under way, in words, and its share that is done, 0 to 1."""
        if stage != self._stage:
            self._begin(stage)
        if self._task is not None:
            self._progress.update(self._task, completed=share)

    def _begin(self, stage: str) -> None:
        self._stage = stage
        if not self._console.is_terminal:
            self._console.print(f"{self._title}{stage}", markup=False)
            return
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(f"{self._title}{stage}", total=1.0)


def summarise(analysis: Analysis, folder: Path, *, video: bool) -> None:
    """The verdict, a table of the reps, what was not assessed, and where the results lie."""
    console = Console(stderr=True, highlight=False)
    verdict = analysis.report.verdict
    console.print(f"{MARKS[verdict.status]} {verdict.sentence}", style=COLOURS[verdict.status])
    console.print(f"  Next: {verdict.advice}", markup=False)
    if analysis.report.reps:
        console.print(_table(analysis))
    for entry in analysis.report.not_assessed if analysis.report.recognised else ():
        where = f" (rep {', '.join(map(str, entry.reps))})" if entry.reps else ""
        console.print(f"Not assessed: {entry.what}{where}. {entry.reason}", markup=False)
    for problem in analysis.report.clip.problems if analysis.report.clip else ():
        console.print(f"In the clip: {problem}.", markup=False)
    console.print(f"Report: {folder / 'report.html'}", markup=False, soft_wrap=True)
    if video:
        console.print(f"Video:  {folder / 'annotated.mp4'}", markup=False, soft_wrap=True)


def _table(analysis: Analysis) -> Table:
    exercise = analysis.exercise
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("Rep", "Kind", "Lowering", "Break point", "What was seen"):
        table.add_column(head, no_wrap=head in {"Rep", "Kind"})
    for rep in analysis.report.reps:
        table.add_row(
            "-" if rep.number is None else str(rep.number),
            rep.kind,
            _shown(rep.measures.get(exercise.tempo)),
            _shown(rep.measures.get(exercise.headline)),
            _seen(rep),
        )
    return table


def _shown(measured: Measured | None) -> str:
    """A value with its error bar and unit, "at most" where it is a bound, a dash where refused."""
    if measured is None or measured.value is None:
        return "–"
    degrees = measured.unit == "deg"
    number = f"{measured.value:.0f}" if degrees else f"{measured.value:.1f}"
    spread = (
        "" if measured.uncertainty is None else f"{measured.uncertainty:.{0 if degrees else 1}f}"
    )
    bound = {"at-most": "≤ ", "at-least": "≥ "}.get(measured.bound or "", "")
    return f"{bound}{number}{'°' if degrees else ''} ± {spread}{'°' if degrees else ' s'}"


def _seen(rep: RepReport) -> str:
    return "\n".join(f"{f.severity}: {f.sentence}" for f in rep.findings) or "nothing against it"
