"""`formcheck history`: who is kept, an athlete's sets over time, export, and forgetting."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from formcheck.cli.shared import told

if TYPE_CHECKING:
    from formcheck.forgetting import Forgotten
    from formcheck.history import Life
    from formcheck.progress.story import Story
    from formcheck.store.opening import Store

SHOWN = 12
"""So many of the last sessions stand in the table."""


def history(  # noqa: PLR0913, PLR0917 - an option of the command line is an argument here
    athlete: Annotated[
        str | None, typer.Argument(metavar="[ATHLETE]", help="Whose sets; all names.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the page.", readable=False)
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a row a set.", readable=False)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="All of it, as JSON on stdout.")] = False,
    add: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep a result that lies here.", readable=False),
    ] = None,
    on: Annotated[
        datetime | None,
        typer.Option("--on", metavar="DATE", help="With --add: when it was filmed."),
    ] = None,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help='Add a note on the athlete; "": none at all.')
    ] = None,
    remove: Annotated[
        str | None,
        typer.Option(metavar="RECORDING", help="Take out a recording: its name, or its folder."),
    ] = None,
    delete: Annotated[
        bool, typer.Option("--delete", help="Forget the athlete and all results.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --delete: do not ask.")] = False,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where it is kept.", readable=False)
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and the log.")] = False,
) -> None:
    """Tell an athlete's sets over time: what has changed for sure, and what to do next.

    Sets are kept where --athlete names whose they are: `formcheck analyze CLIP --athlete NAME`.
    """
    with told(debug):
        from formcheck.errors import UsageError
        from formcheck.store.opening import opened

        if athlete is None:
            if html or csv or add or on or note or remove or delete:
                raise UsageError("Whose? Name the athlete: formcheck history ATHLETE.")
            with opened(data=data) as store:
                _say_all(store, json)
            return
        with opened(data=data) as store:
            if delete:
                _forget(store, athlete, yes)
                return
            _enter(store, athlete, add, on, note)
            if remove is not None:
                _remove(store, athlete, remove)
            _tell(store, athlete, html, csv, json=json)


def _say_all(store: Store, json: bool) -> None:
    from formcheck import history as kept
    from formcheck.store.keeping import entries
    from formcheck.terminal import say_json

    found = entries(store)
    if json:
        say_json(kept.listed(found))
        return
    if not found:
        typer.echo("Nobody is kept yet: say --athlete NAME when a clip is analysed.")
    for one in found:
        last = "" if one.last is None else f", the last on {one.last.astimezone():%Y-%m-%d}"
        typer.echo(f"{one.name}: {one.sets} set{'s' * (one.sets != 1)}{last}")


def _enter(
    store: Store, athlete: str, add: Path | None, on: datetime | None, note: str | None
) -> None:
    from formcheck import history as kept
    from formcheck.errors import InputError, UsageError
    from formcheck.store import keeping

    now = datetime.now(UTC)
    if on is not None and add is None:
        raise UsageError("--on says when the result in --add DIR was filmed. Name that as well.")
    if on is not None and on.astimezone() > now:
        raise UsageError(f"--on {on:%Y-%m-%d}: that is to come. Expected the day of the clip.")
    if add is not None:
        done = kept.read(add, now, None if on is None else on.astimezone())
        if not done.sets:
            raise InputError(f"{add}: no rep was counted in this result; there is nothing to keep.")
        keeping.keep(store, athlete, done, now)
    if note is not None:
        keeping.note(store, athlete, note, now.astimezone())


def _remove(store: Store, athlete: str, what: str) -> None:
    from formcheck.files import shown
    from formcheck.store import keeping

    gone = keeping.remove(store, athlete, what)
    where = f" Its result stays: {shown(gone.folder)}" if gone.folder else ""
    typer.echo(f"Taken out: {shown(gone.name)} ({keeping.day(gone)}).{where}", err=True)


def _tell(store: Store, athlete: str, html: Path | None, csv: Path | None, *, json: bool) -> None:
    from formcheck import history as kept
    from formcheck.terminal import say_json

    now = datetime.now().astimezone()
    life = kept.life(store, athlete, now)
    if csv is not None:
        _write(csv, kept.as_csv(life))
    if html is not None:
        from formcheck.pages.history import render

        about = (kept.about(life), *life.notes.splitlines())
        _write(html, render(life.name, about, life.stories, now))
    if json:
        say_json(kept.as_json(life))
    else:
        _say(life, now)


def _write(path: Path, text: str) -> None:
    from formcheck.errors import OutputError
    from formcheck.files import shown, write_whole

    try:
        if path.exists() and not path.is_file():  # such as /dev/stdout
            path.write_text(text, encoding="utf-8")
        else:
            write_whole(path, text)
    except OSError as error:
        raise OutputError(
            f"{shown(path)} cannot be written ({error.strerror}). Choose another place."
        ) from error
    typer.echo(f"Written: {shown(path)}", err=True)


def _say(life: Life, now: datetime) -> None:
    from formcheck import history as kept
    from formcheck.terminal import console, say

    out = console(err=False)
    say(out, life.name, "bold")
    for line in (kept.about(life), *life.notes.splitlines()):
        if line:
            say(out, line, "dim")
    if not life.stories:
        say(out, "No sets are kept yet.")
    for story in life.stories:
        _say_story(story, now)
    if life.unread:
        names = ", ".join(life.unread)
        say(out, f"Kept by another formcheck, and left out here; analyse them anew: {names}")


def _say_story(story: Story, now: datetime) -> None:
    from rich.table import Table

    from formcheck.progress.story import sentences
    from formcheck.progress.tables import HEADS, row
    from formcheck.terminal import console, fitting, say

    out, look = console(err=False), story.exercise.look
    title = story.exercise.plural
    out.print()
    say(out, f"{title[:1].upper()}{title[1:]}", "bold")
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for head in (*HEADS, *(look.term(name).head for name in look.compared), ""):
        table.add_column(head)
    every = [*story.undated, *story.sessions]
    for one in every[-SHOWN:]:
        table.add_row(*(fitting(cell, out.encoding) for cell in row(story, one)))
    out.print(table)
    if len(every) > SHOWN:
        say(out, f"The last {SHOWN} of {len(every)} rows; --html shows all.", "dim")
    for line in sentences(story, now):
        say(out, line)
    for reason in story.step.why if story.step is not None else ():
        say(out, reason, "dim", indent=2)


def _forget(store: Store, athlete: str, yes: bool) -> None:
    from formcheck import forgetting
    from formcheck.store import keeping

    found = keeping.whole(store, athlete)
    name, n = found.name, len(found.recordings)
    many = f"{n} recording{'s' * (n != 1)}"
    if not yes:
        films = forgetting.recorded(keeping.places(store, athlete))
        also = f" ({len(films)} with recorded.mp4, the only film of a set)" if films else ""
        what = f"Delete {name}, {many} and the folders of their results{also}?"
        typer.confirm(what, abort=True, err=True)
    done = forgetting.forget(store, athlete)
    gone = len(done.of("gone"))
    typer.echo(
        f"Deleted {name}: {many}, {gone} folder{'s' * (gone != 1)} of results. The clips "
        "themselves are yours, and stay where they are.",
        err=True,
    )
    _say_left(done)


def _say_left(done: Forgotten) -> None:
    """What is not gone, and where it may be; exit status 5 where it could not be deleted."""
    from formcheck.errors import OutputError
    from formcheck.files import shown

    for what, folders in done.remains.items():
        for folder in folders:
            typer.echo(f"{what}: {shown(folder)}", err=True)
    if done.traces:
        typer.echo(done.traces, err=True)
    if done.of("left"):
        raise typer.Exit(OutputError.status)
