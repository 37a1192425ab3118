"""A validation as a person sees it in the terminal: a row a clip, then plain sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from formcheck.files import shown
from formcheck.terminal import console, fitting, say
from formcheck.validate.baseline import Comparison
from formcheck.validate.output import JSON, PAGE
from formcheck.validate.scores import ClipScore, Named, Validation
from formcheck.validate.words import compared, result, told

HEADS = ("Clip", "Reps", "Knee", "Thigh", "Result", "Faults", "Refused")
HINT = (
    "Knee, thigh: mean error of the change from rest; result: of the exercise's main number, such "
    "as the break point. Refused: numbers, rightly or though visible; given: although they had to "
    "be refused."
)
_TABLE_FROM = 72
"""Columns from which there is room for the table."""
_NAME = 30
"""Columns that a name gets at most; it goes on in the next line."""


def say_validation(found: Validation, out: Path) -> None:
    """The table, the sentences, and where the files lie."""
    terminal = console()
    if terminal.width >= _TABLE_FROM:
        terminal.print(_table(found.clips, terminal.encoding))
        say(terminal, HINT, "dim")
    else:
        for clip in found.clips:
            _under_one_another(terminal, clip)
    terminal.print()
    words = told(found)
    say(terminal, words.pop("headline"), "bold")
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="cyan")
    grid.add_column()
    for topic, sentence in words.items():
        grid.add_row(topic, fitting(sentence, terminal.encoding))
    terminal.print(grid)
    for clip in (c for c in found.clips if c.reason is not None):
        say(terminal, f"{shown(clip.name)}: {clip.reason}", "red")
    terminal.print()
    for label, path in (("Page", out / PAGE), ("Values", out / JSON)):
        terminal.print(fitting(f"{label + ':':8}{shown(path)}", terminal.encoding), soft_wrap=True)


def say_comparison(comparison: Comparison, path: Path) -> None:
    """What is worse and what is better than the baseline."""
    terminal = console()
    terminal.print()
    if comparison.holds:
        say(terminal, f"No figure is worse than in {shown(path)}.", "green")
    else:
        say(terminal, f"Worse than in {shown(path)}:", "bold red")
    for worse, words in compared(comparison):
        say(terminal, words, "red" if worse else "green", indent=2)
    if comparison.holds and comparison.better:
        say(terminal, "To keep what was gained, raise the baseline: --raise.", "dim")


def say_raised(path: Path) -> None:
    """The baseline was written."""
    console().print(fitting(f"Baseline: {shown(path)}", console().encoding), soft_wrap=True)


def _table(clips: Sequence[ClipScore], encoding: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for head in HEADS:
        right = head in ("Knee", "Thigh", "Result")
        table.add_column(
            head,
            justify="right" if right else "left",
            no_wrap=right or head == "Reps",
            overflow="fold",
            max_width=_NAME if head == "Clip" else None,
        )
    for clip in clips:
        table.add_row(*_cells(clip, encoding))
    return table


def _cells(clip: ClipScore, encoding: str) -> tuple[Text, ...]:
    name = Text(fitting(shown(Path(clip.name).stem), encoding))
    if clip.awaits:
        name.append(f" awaits {fitting(clip.awaits, encoding)}", "dim")
    if clip.status == "failed":
        return name, Text("failed", "red"), *[Text("")] * 5
    angles: tuple[float | None, ...] = (clip.knee_change_mae_deg, clip.thigh_change_mae_deg)
    if not clip.recognised:  # then formcheck shows no angle that could be wrong
        angles = (None, None)
    numbers = [*map(_degrees, angles), result(clip)]
    shown_numbers = (Text(fitting(number, encoding)) for number in numbers)
    return name, _reps(clip), *shown_numbers, _faults(clip), _refused(clip)


def _reps(clip: ClipScore) -> Text:
    if clip.reps_true is None:
        return Text(str(clip.reps_found))
    right = clip.reps_true == clip.reps_found
    if clip.taken_for:
        return Text(f"taken for {', '.join(clip.taken_for)}", "red")
    if right and not clip.reps_true:
        return Text("none", "dim")
    return Text(f"{clip.reps_found} of {clip.reps_true}", "" if right else "red")


def _degrees(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}°"


def _faults(clip: ClipScore) -> Text:
    """What was found, missed and false, each on its line where there is any."""
    f = clip.faults
    lines = [
        Text(f"{word}{_checks(named)}", style)
        for word, named, style in (
            ("", f.found, ""),
            ("missed: ", f.missed, "red"),
            ("false: ", f.false, "red"),
        )
        if named
    ]
    return Text("\n").join(lines) if lines else Text("–" if f.clean is None else "none", "dim")


def _checks(every: Sequence[Named]) -> str:
    counts = Counter(named.check for named in every)
    return ", ".join(name + (f" x{n}" if n > 1 else "") for name, n in counts.items())


def _refused(clip: ClipScore) -> Text:
    """Numbers that were refused rightly, and what was wrong."""
    every = clip.refusals.values()
    lines = [
        Text(f"{n} {word}", style)
        for n, word, style in (
            (sum(r.rightly for r in every), "rightly", ""),
            (sum(r.though_visible for r in every), "visible", "yellow"),
            (sum(r.wrongly_given for r in every), "given", "red"),
        )
        if n
    ]
    return Text("\n").join(lines)


def _under_one_another(terminal: Console, clip: ClipScore) -> None:
    """A clip in a narrow window."""
    encoding = terminal.encoding
    name, *cells = _cells(clip, encoding)
    say(terminal, name.plain, "bold")
    for head, cell in zip(HEADS[1:], cells, strict=True):
        if cell.plain and cell.plain != fitting("–", encoding):
            words = ", ".join(cell.plain.splitlines())
            say(terminal, f"{head:8}{words}", str(cell.style), indent=2)
