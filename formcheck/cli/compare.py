"""`formcheck compare`: two sets in step, and which differences are real."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from formcheck.cli import options
from formcheck.cli.shared import OUT, told

if TYPE_CHECKING:
    from formcheck.pairing.comparison import Comparison


def compare(  # noqa: PLR0913, PLR0917 - an option of the command line is an argument here
    a: Annotated[
        Path, typer.Argument(metavar="A", help="A clip, or the folder of a result.", readable=False)
    ],
    b: Annotated[Path, typer.Argument(metavar="B", help="Another.", readable=False)],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the result goes.", readable=False)
    ] = OUT,
    exercise: options.Exercise = None,
    mode: options.HowDone = None,
    model: options.Model = None,
    no_video: Annotated[bool, typer.Option("--no-video", help="No video of both.")] = False,
    json: Annotated[bool, typer.Option("--json", help="compare.json alone on stdout.")] = False,
    debug: options.Debug = False,
) -> None:
    """Show two sets side by side, in step by phase, and say which differences are real.

    A result folder is read as it stands; a clip is analysed first. Rep k goes with rep k.
    """
    with told(debug):
        from formcheck.terminal import Bars, say_json
        from formcheck.twosets import run

        said = options.Said(exercise, mode, None, None, None, None, None, None, None, model, None)
        folder = run.folder_of(a, b, out)
        run.check_place(folder, a, b)
        with Bars() as bars:
            asked = options.gathered(said, [a, b])
            found = run.compare(
                *(a, b, asked, bars.show), said=exercise is not None, video=not no_video
            )
            folder = run.write(found, run.beside_others(found, folder), bars.show)
        if json:
            say_json(found.told.json_line())
        _say(found.told, folder)


def _say(found: Comparison, folder: Path) -> None:
    """The verdict, the numbers, what was found where, and where the results lie."""
    from formcheck.files import shown
    from formcheck.pairing import words
    from formcheck.terminal import console, fitting, say
    from formcheck.twosets.run import PAGE

    out = console()
    say(out, f"A: {shown(found.a.name)}   B: {shown(found.b.name)}", "dim")
    say(out, words.headline(found), "bold")
    for line in words.because(found):
        say(out, line, indent=2)
    _say_numbers(found)
    for head, own in words.faults(found):
        names = (f"{f.label} ({words.in_which(f)})" for f in own)
        say(out, f"{head}: {'; '.join(names)}.")
    for line in (words.alone(found), *(words.pictures(found) if found.video else ())):
        if line:
            say(out, line, "dim")
    out.print()
    for label, name in (("Page", PAGE), ("Video", found.video)):
        if name is not None:
            path = shown(folder / name)
            out.print(fitting(f"{label + ':':7} {path}", out.encoding), soft_wrap=True)


def _say_numbers(found: Comparison) -> None:
    from rich.table import Table

    from formcheck.pairing.words import differs
    from formcheck.progress.tables import shown
    from formcheck.terminal import console, fitting, say

    out = console()
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for head in ("", "A", "B", "B against A"):
        table.add_column(head, overflow="fold")
    for line in found.measures:
        cells = (line.label, shown(line.a), shown(line.b), differs(line))
        table.add_row(*(fitting(cell, out.encoding) for cell in cells))
    out.print()
    out.print(table)
    if any(line.beyond for line in found.measures):
        say(out, "* beyond the error bars, which alone is no proof of a change.", "dim")
    out.print()
