"""formcheck live: feedback while a set is running."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.shared import OUT, STOPPED, Mode, exercise_names, finish, told, within


def live(  # noqa: PLR0913, PLR0917 - an option of the command line is an argument here
    source: Annotated[
        str,
        typer.Option(
            metavar="0|PATH|URL",
            help="A camera's number, a film, or the address of a stream (rtsp://, http://).",
        ),
    ] = "0",
    out: Annotated[
        Path,
        typer.Option(metavar="DIR", help="Where the results go, a folder a set.", readable=False),
    ] = OUT,
    exercise: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="What is done, one of `formcheck exercises`.",
            autocompletion=exercise_names,
        ),
    ] = None,
    mode: Annotated[
        Mode | None,
        typer.Option(help="eccentric-only: pushing back up is on purpose and not judged."),
    ] = None,
    athlete: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose sets they are; kept for `history`.")
    ] = None,
    setting: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A setting.json to use.", readable=False)
    ] = None,
    no_window: Annotated[bool, typer.Option("--no-window", help="Show nothing.")] = False,
    no_sound: Annotated[bool, typer.Option("--no-sound", help="Say nothing aloud.")] = False,
    seconds: Annotated[
        float | None,
        typer.Option(
            metavar="N",
            help="Stop after so many seconds.",
            callback=within(0.1, 86_400, "seconds"),
        ),
    ] = None,
    realtime: Annotated[
        bool,
        typer.Option(
            "--realtime/--no-realtime",
            help="Play a film at its own pace, or as fast as it can be analysed.",
        ),
    ] = True,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and the log.")] = False,
) -> None:
    """Watch a set while it runs: find the place, count aloud, one cue at a time, then the report.

    Stop with q in the window, or with Ctrl-C: what there is of a set is kept.
    """
    with told(debug):
        from formcheck.analysis import Options
        from formcheck.exercises import DEFAULT
        from formcheck.files import spelled
        from formcheck.watch import Wanted, watch

        options = Options(
            exercise=DEFAULT if exercise is None else exercise,
            athlete={} if mode is None else {"mode": mode.value},
            athlete_name=None if athlete is None else spelled(athlete),
            setting=setting,
        )
        wanted = Wanted(source, out, options, window=not no_window, sound=not no_sound,
                        seconds=seconds, realtime=realtime)  # fmt: skip
        finish(STOPPED if watch(wanted) else 0)
