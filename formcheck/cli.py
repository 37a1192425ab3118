"""The command line: parse, call one function, print. People read stderr; --json writes stdout."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from formcheck import __version__
from formcheck.errors import FormcheckError, MissingPartError

if TYPE_CHECKING:
    from formcheck.analysis import Analysis, Options

STOPPED = 130
SAMPLE = "side_clean_pike_drop.mp4"

app = typer.Typer(
    name="formcheck",
    help="A form checker for the Nordic hamstring curl. Nothing leaves your machine.",
    epilog="Try `formcheck demo`, then `formcheck analyze CLIP`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(help="The pose model: where it lies, fetch it, remove it.")
app.add_typer(models_app, name="models")


class Mode(StrEnum):
    """How the exercise is done."""

    both = "eccentric-concentric"
    lowering = "eccentric-only"


class Sex(StrEnum):
    """For the body's proportions."""

    female = "female"
    male = "male"


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"formcheck {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    pass


@app.command()
def analyze(  # noqa: PLR0913, PLR0917 - an option of the command line is an argument here
    clips: Annotated[list[Path], typer.Argument(metavar="CLIP...", help="Films, or a pose.npz.")],
    out: Annotated[Path, typer.Option(help="Where the results go, a folder a clip.")] = Path(
        "formcheck-out"
    ),
    exercise: Annotated[str, typer.Option(help="What is done in the clip.")] = "nordic-curl",
    mode: Annotated[
        Mode | None,
        typer.Option(help="eccentric-only: pushing back up is on purpose and not judged."),
    ] = None,
    athlete: Annotated[str | None, typer.Option(help="A name for the report.")] = None,
    mass: Annotated[float | None, typer.Option(help="Kilograms.")] = None,
    height: Annotated[float | None, typer.Option(help="Centimetres.")] = None,
    sex: Annotated[Sex | None, typer.Option(help="For the body's proportions.")] = None,
    setting: Annotated[Path | None, typer.Option(help="A setting.json to use.")] = None,
    model: Annotated[Path | None, typer.Option(help="Another pose model (.task).")] = None,
    no_video: Annotated[bool, typer.Option("--no-video", help="No annotated video.")] = False,
    json: Annotated[bool, typer.Option("--json", help="report.json alone on stdout.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and the log.")] = False,
) -> None:
    """Check clips: count the reps, name the faults, draw the video, write the report."""
    from formcheck.analysis import Options

    said = {
        "mode": mode.value if mode else None,
        "mass_kg": mass,
        "height_m": None if height is None else height / 100,
        "sex": sex.value if sex else None,
    }
    options = Options(
        exercise=exercise,
        athlete={key: value for key, value in said.items() if value is not None},
        athlete_name=athlete,
        setting=setting,
        model=model,
    )
    with _told(debug):
        _finish(_analyze_all(clips, out, options, video=not no_video, json=json, debug=debug))


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Where the result goes.")] = Path("formcheck-out"),
) -> None:
    """Analyse the sample clip, end to end, and say where the results lie."""
    from formcheck.analysis import Options

    with _told(debug=False):
        sample = Path(__file__).resolve().parent.parent / "sample_videos" / SAMPLE
        if not sample.is_file():
            raise MissingPartError(
                f"The sample clip is not here ({sample}); it comes with the source code. "
                "Check a clip of your own: `formcheck analyze CLIP`."
            )
        _finish(_analyze_all([sample], out, Options(), video=True, json=False, debug=False))


@app.command()
def exercises() -> None:
    """Say what can be checked."""
    from formcheck.exercises import EXERCISES

    for exercise in EXERCISES.values():
        typer.echo(f"{exercise.name}: {exercise.title}")
        for check in exercise.checks:
            typer.echo(f"  {check.name}: {check.label}")


@models_app.callback(invoke_without_command=True)
def _models(context: typer.Context) -> None:
    from formcheck import models

    if context.invoked_subcommand is None:
        for name in models.SHA256:
            where = models.path(name)
            typer.echo(f"{name}: {where}" + ("" if where.is_file() else " (not fetched yet)"))


@models_app.command()
def pull() -> None:
    """Fetch the pose model, if it is not there."""
    from formcheck import models
    from formcheck.terminal import Bars

    with _told(debug=False), Bars() as bars:
        where = models.ensure(progress=lambda words, share: bars.show(words, share or 0.0))
        bars.close()
        typer.echo(f"The pose model lies at {where}", err=True)


@models_app.command()
def remove() -> None:
    """Delete the fetched pose model."""
    from formcheck import models

    with _told(debug=False):
        gone = models.remove()
        for file in gone:
            typer.echo(f"Deleted {file}", err=True)
        if not gone:
            typer.echo("There was no model to delete.", err=True)


def _analyze_all(
    clips: list[Path], out: Path, options: Options, *, video: bool, json: bool, debug: bool
) -> int:
    """Every clip in turn; returns the highest exit status. What was finished is kept."""
    from formcheck.results import folders

    worst = 0
    for clip, folder in folders(clips, out).items():
        try:
            _analyze_one(clip, folder, options, video=video, json=json)
        except Exception as error:
            if debug:
                raise
            worst = max(worst, _say_error(error))
    return worst


def _analyze_one(clip: Path, folder: Path, options: Options, *, video: bool, json: bool) -> None:
    from formcheck.analysis import analyze as run
    from formcheck.files import shown
    from formcheck.results import write
    from formcheck.terminal import Bars, summarise

    with Bars(shown(clip.name)) as bars:
        analysis: Analysis = run(clip, options, bars.show)
        write(analysis, folder, bars.show, video=video)
    if json:
        sys.stdout.write(analysis.report.json_line() + "\n")
        sys.stdout.flush()
    summarise(analysis, folder, video=video and analysis.filmed)


def _finish(status: int) -> None:
    if status:
        raise typer.Exit(status)


@contextmanager
def _told(debug: bool) -> Iterator[None]:
    """Every failure as one message with its exit status; a traceback only where asked for."""
    if debug:
        import logging

        logging.basicConfig(level=logging.DEBUG)
    try:
        yield
    except (typer.Exit, typer.Abort):
        raise
    except KeyboardInterrupt:
        typer.echo("\nStopped. What was finished is kept.", err=True)
        raise typer.Exit(STOPPED) from None
    except Exception as error:
        if debug:
            raise
        raise typer.Exit(_say_error(error)) from None


def _say_error(error: Exception) -> int:
    """Print a failure; returns its exit status."""
    from formcheck.libraries import missing_library

    error = missing_library(error) or error
    if isinstance(error, FormcheckError):
        typer.secho(f"formcheck: {error}", fg=typer.colors.RED, err=True)
        return error.status
    typer.secho(
        f"formcheck: a fault of formcheck itself ({type(error).__name__}: {error}). "
        "Run it again with --debug and report what it prints.",
        fg=typer.colors.RED,
        err=True,
    )
    return FormcheckError.status


def main(run: Callable[..., Any] = app) -> None:
    """The entry point."""
    run()
