"""What a person sees in the terminal: what is happening, time left, the table, the paths.

In colour on a terminal, plain elsewhere or with NO_COLOR. Symbols that the terminal's encoding
lacks are written in ASCII. Paths are never cut or broken, so that they can be copied.
"""

from __future__ import annotations

import errno
import os
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from formcheck.errors import OutputError
from formcheck.files import shown

if TYPE_CHECKING:  # so that a word can be said where the libraries are what is missing
    from formcheck.analysis import Analysis
    from formcheck.checks import Finding
    from formcheck.doctor import Part, Place
    from formcheck.exercise import Exercise
    from formcheck.measures.measure import Measured
    from formcheck.report import Report, RepReport, SetReport

MARKS = {"good": "✓", "improve": "!", "not-assessed": "?"}
COLOURS = {"good": "green", "improve": "yellow", "not-assessed": "cyan"}
SEVERITY_COLOURS = {"fault": "red", "warning": "yellow", "note": "dim"}
PART_MARKS = {"ok": ("ok", "green"), "note": ("!", "yellow"), "problem": ("x", "red")}
UNITS = {"deg": (1, 0, "°", ""), "deg/s": (1, 0, "°/s", ""), "s": (1, 1, "", " s"),
         "1": (100, 0, "%", ""), "N·m": (1, 0, "", " N·m"),
         "N·m/kg": (1, 2, "", " N·m/kg"), "deg/rep": (1, 1, "°", " a rep"),
         "count": (1, 0, "", "")}  # fmt: skip
"""Unit of a measure -> factor, decimals, what stands behind each number, and behind all."""
OUTCOMES = {"good": "good", "improve": "to work on", "not-assessed": "not assessed"}
"""A clip's verdict in the closing line; whatever else came of a clip is its own word."""
_ASCII = {"✓": "ok", "°": " deg", "±": "+/-", "≤": "<=", "≥": ">=", "–": "-", "—": "-", "…": "...",
          "−": "-", "×": "x", "²": "2", "’": "'", "·": "-"}  # fmt: skip
_TABLE_FROM, BAR_FROM, _TITLE_FROM = 72, 56, 60
"""Columns from which there is room for the reps as one table, a bar, the clip's name before it."""


def console(*, err: bool = True) -> Console:
    """The terminal, for plain text: nothing in a name is taken for markup."""
    return Console(stderr=err, highlight=False, markup=False, emoji=False)


def fitting(text: str, encoding: str) -> str:
    """The text with what `encoding` cannot write put into ASCII, as far as there is a way."""
    try:
        text.encode(encoding)
    except LookupError:
        return text
    except UnicodeEncodeError:
        return "".join(_ASCII.get(c, c) if _lacks(encoding, c) else c for c in text)
    return text


def _lacks(encoding: str, letter: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return True
    return False


def say_error(message: str, keep: Sequence[str] = ()) -> None:
    """A failure on stderr: one line, wrapped at words on a terminal, with `keep` left in one."""
    out = console()
    text = fitting(message, out.encoding)
    if out.is_terminal:
        text = _wrapped(text, out.width, keep)
    out.print(Text(text, "red"), soft_wrap=True)


def _wrapped(text: str, width: int, keep: Sequence[str] = ()) -> str:
    for path in keep:
        text = text.replace(path, path.replace(" ", "\0"))
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines).replace("\0", " ")


def say_json(line: str) -> None:
    """A line of JSON on stdout: UTF-8 whatever the locale. Raises OutputError."""
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        sys.stdout.flush()
        sys.stdout.buffer.write(line.encode() + b"\n")
        sys.stdout.buffer.flush()
    except OSError as error:
        raise OutputError(
            f"stdout cannot be written to ({error.strerror}). "
            "Check the disk, or the program that reads it."
        ) from error


class _TimeLeft(ProgressColumn):
    """How long the stage still takes, in words."""

    def render(self, task: Task) -> Text:
        left = task.time_remaining
        if left is None or task.finished:
            return Text("")
        minutes, seconds = divmod(round(left), 60)
        return Text(f"{minutes} min {seconds:02} s left" if minutes else f"{seconds} s left", "dim")


class Bars:
    """A progress bar a stage, on stderr; without a terminal a plain line a stage."""

    def __init__(self, title: str = "") -> None:
        self._console = console()
        room = self._console.width - _TITLE_FROM
        self._title = f"{title}: " if title else ""
        self._shown = self._title if len(self._title) <= room else ""
        self._stage = ""
        self._task: TaskID | None = None
        bar = (
            (BarColumn(20, complete_style="cyan", finished_style="green"),)
            if self._console.width >= BAR_FROM
            else ()
        )
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            *bar,
            TextColumn("{task.percentage:>3.0f}%", markup=False),
            _TimeLeft(),
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
            line = fitting(f"{self._title}{stage}", self._console.encoding)
            self._console.print(line, soft_wrap=True)
            return
        if self._task is not None:
            self._progress.remove_task(self._task)
        words = fitting(f"{self._shown}{stage}", self._console.encoding)
        self._task = self._progress.add_task(words, total=1.0)


def note(text: str) -> None:
    """One line on stderr, as it comes."""
    out = console()
    out.print(fitting(text, out.encoding), soft_wrap=True, markup=False, highlight=False)


def heading(name: str, number: int, total: int) -> None:
    """Before each of several clips: which one, and how many there are."""
    out = console()
    gap = "" if number == 1 else "\n"
    out.print(
        Text(fitting(f"{gap}{name} ({number} of {total})", out.encoding), "bold"), soft_wrap=True
    )


def closing(outcomes: Iterable[str]) -> None:
    """After several clips: how many ended how."""
    out, counts = console(), Counter(outcomes)
    parts = ", ".join(f"{n} {OUTCOMES.get(outcome, outcome)}" for outcome, n in counts.items())
    out.print(Text(f"\n{counts.total()} clips: {parts}.", "bold"))


def summarise(analysis: Analysis, folder: Path, *, video: bool) -> None:
    """The verdict, a table of the reps, what was not assessed, and where the results lie."""
    out, report = console(), analysis.report
    verdict = report.verdict
    say(out, f"{MARKS[verdict.status]} {verdict.sentence}", f"bold {COLOURS[verdict.status]}")
    say(out, f"Next: {verdict.advice}", indent=2)
    out.print()
    if report.reps:
        _say_reps(out, analysis)
    for words in _unjudged(report, analysis.exercise) if report.recognised else ():
        say(out, words, "dim")
    if report.settings.profile is not None:
        say(out, f"Limits: those of the profile {report.settings.profile}.", "dim")
    if report.filming is not None:
        say(out, report.filming.sentence, "dim")
    for problem in report.clip.problems if report.clip else ():
        say(out, f"In the clip: {problem}.", "yellow")
    out.print()
    for label, name in (("Report", "report.html"), ("Video", "annotated.mp4")):
        if video or name != "annotated.mp4":
            path = shown(folder / name)
            out.print(fitting(f"{label + ':':7} {path}", out.encoding), soft_wrap=True)


def say(out: Console, text: str, style: str = "", *, indent: int = 0) -> None:
    """Words, wrapped to the terminal; a long one, such as a path, stays in one piece."""
    lines = _wrapped(fitting(text, out.encoding), out.width - indent)
    out.print(Text(textwrap.indent(lines, " " * indent), style), soft_wrap=True)


def _say_reps(out: Console, analysis: Analysis) -> None:
    reps, exercise = analysis.report.reps, analysis.exercise
    if out.width >= _TABLE_FROM:
        out.print(_table(reps, exercise, out.encoding))
        out.print()
    else:
        for rep in reps:
            _say_rep(out, rep, exercise)
            out.print()
    from formcheck.pages.sets import lines  # --help needs none of it

    whole = analysis.report.set_
    sets = lines(analysis.report, exercise)
    for line in (*sets, *_of_set(whole, exercise), *_load(reps, exercise)):
        say(out, line)
    for f in sorted(whole.findings, key=_severity):
        style = SEVERITY_COLOURS[f.severity]
        say(out, f"Whole set, {f.severity}: {f.sentence}", style)
    if whole.best_rep is not None and len(reps) > 1:
        because = whole.best_rep_because or ""
        say(out, f"Best: rep {whole.best_rep}. {because}".strip(), "green")


def _of_set(whole: SetReport, exercise: Exercise) -> Iterator[str]:
    """The numbers of the set that are known, with what they mean."""
    for name in exercise.of_set:
        measured, band = whole.measures.get(name), whole.bands.get(name)
        if measured is not None and measured.value is not None:
            label = exercise.look.term(name).label
            yield f"{label}: {_shown(measured)}{f', {band}' if band else ''}."


def _load(reps: Sequence[RepReport], exercise: Exercise) -> Iterator[str]:
    """What the reps come to of the exercise's load, where any was told."""
    load = exercise.look.load
    told = [(rep, rep.measures.get(load.measure)) for rep in reps if rep.counted] if load else []
    if load and any(m is not None and m.value is not None for _, m in told):
        each = ", ".join(f"rep {_number(rep)} {_shown(m)}" for rep, m in told)
        yield f"{exercise.look.term(load.measure).label}: {each}."


def _say_rep(out: Console, rep: RepReport, exercise: Exercise) -> None:
    """A rep in a narrow window: one under the other."""
    heads = _heads(exercise)
    wide = max(map(len, heads)) + 2
    say(out, f"Rep {_number(rep)}, {rep.kind}", "bold")
    for head, figure in zip(heads, _figures(rep, exercise), strict=True):
        # two spaces or more would be wrapped away
        out.print(Text(fitting(f"  {head:{wide}}{figure}", out.encoding)), soft_wrap=True)
    out.print(Padding(_seen(rep, exercise, out.encoding), (0, 0, 0, 2), expand=False))


def _table(reps: Sequence[RepReport], exercise: Exercise, encoding: str) -> Table:
    gap = "\n" if any(len(rep.findings) > 1 for rep in reps) else ""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for head in ("Rep", "Kind", *_heads(exercise), "What was seen"):
        table.add_column(head, no_wrap=head != "What was seen")
    for rep in reps:
        figures = (fitting(words, encoding) for words in _figures(rep, exercise))
        between = gap if rep is not reps[-1] else ""
        table.add_row(_number(rep), rep.kind, *figures, _seen(rep, exercise, encoding) + between)
    return table


def _number(rep: RepReport) -> str:
    return "-" if rep.number is None else str(rep.number)


def _heads(exercise: Exercise) -> tuple[str, str]:
    """What the two figures of a rep are called, short."""
    look = exercise.look
    return look.term(exercise.tempo).head, look.term(exercise.headline).head


def _figures(rep: RepReport, exercise: Exercise) -> tuple[str, str]:
    return _shown(rep.measures.get(exercise.tempo)), _shown(rep.measures.get(exercise.headline))


def _shown(measured: Measured | None) -> str:
    """A value with its error bar and unit, "at most" where it is a bound, a dash where refused."""
    if measured is None or measured.value is None:
        return "–"
    factor, places, sign, unit = UNITS.get(measured.unit, (1, 1, "", f" {measured.unit}"))
    places += measured.unit == "s" and abs(measured.value) < 1  # as in the sentences
    number = f"{factor * measured.value:.{places}f}{sign}"
    bound = {"at-most": "≤ ", "at-least": "≥ "}.get(measured.bound or "", "")
    if measured.uncertainty is not None:
        number += f" ± {factor * measured.uncertainty:.{places}f}{sign}"
    return f"{bound}{number}{unit}"


def _seen(rep: RepReport, exercise: Exercise, encoding: str) -> Text:
    """The findings, a line each, worst first, the severity as a word and in colour."""
    lines = [
        Text.assemble(
            (f"{f.severity}: ", SEVERITY_COLOURS[f.severity]), fitting(f.sentence, encoding)
        )
        for f in sorted(rep.findings, key=_severity)
    ]
    if rep.hardly_judged(len(exercise.weighty)):
        lines.append(Text("not assessed", "dim"))
    return Text("\n").join(lines) if lines else Text("nothing against it", "green")


def _severity(finding: Finding) -> int:
    """The place of a finding among others, the worst first."""
    return list(SEVERITY_COLOURS).index(finding.severity)


def _unjudged(report: Report, exercise: Exercise) -> Iterator[str]:
    """What was not assessed; what has one reason in the same reps is said in one line."""
    from formcheck.checks import by_reason  # --help needs none of it
    from formcheck.pages.rows import which

    labels, look = exercise.labels(), exercise.look
    for (reps, reason, change), left in by_reason(report.not_assessed).items():
        names = [labels.get(what) or look.term(what).label.lower() for what in left]
        where = f" ({which(reps, report)})" if reps else ""
        yield f"Not assessed: {', '.join(names)}{where}. {reason} {change}".rstrip()


def say_part(part: Part) -> None:
    """One thing that the doctor looked at: a word, its name, what was found, what to do."""
    out = console(err=False)
    mark, colour = PART_MARKS[part.status]
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=2, style=colour)
    grid.add_column(width=10)
    grid.add_column(overflow="fold")
    text = f"{part.found}. {part.todo}" if part.todo else part.found
    grid.add_row(mark, part.name, fitting(text, out.encoding))
    out.print(grid)


def say_places(places: Iterable[Place]) -> None:
    """Where everything lies and how to remove it; each path on its own line, whole."""
    out = console(err=False)
    out.print(Text("\nWhere things lie", "bold"))
    for place in places:
        path = fitting(shown(place.path), out.encoding)
        out.print(f"   {place.what:10} {path}", soft_wrap=True)
        say(out, f"to remove: {place.remove}", "dim", indent=5)


def say_fit(problems: int) -> None:
    """The doctor's last line."""
    if problems:
        what = "1 thing is" if problems == 1 else f"{problems} things are"
        console(err=False).print(Text(f"\n{what} missing: see x above.", "red"))
    else:
        words = "\nThis machine is fit. Next: formcheck demo"
        console(err=False).print(Text(words, "green"))
