"""The command line: parse, call one function, print. People read stderr; --json writes stdout."""

from __future__ import annotations

import atexit
import gc
import io
import signal
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from formcheck import __version__, usage
from formcheck.cli import options
from formcheck.cli.batch import batch
from formcheck.cli.compare import compare
from formcheck.cli.history import history
from formcheck.cli.live import live
from formcheck.cli.serve import serve
from formcheck.cli.shared import OUT, STOPPED, finish, told
from formcheck.errors import MissingPartError

FIRST_WORDS = """\
Checks hamstring exercises in a clip.
Nothing leaves your machine.

  formcheck demo          try the sample
  formcheck analyze CLIP  your own clip
  formcheck doctor        is all there?
  formcheck --help        all commands

Film from the side, phone still, at hip
height, the whole body in the picture.
"""
"""Fits a window of 40 columns."""


class Group(TyperGroup):
    """Answers wrong usage like every other failure: what came, what was expected, what to do."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:  # noqa: ANN401
        """Run; whatever goes wrong ends with one message and its status."""
        alone = extra.pop("standalone_mode", True)
        try:
            status = super().main(args, *rest, standalone_mode=False, **extra)  # type: ignore[misc]
        except typer.Abort:
            status = STOPPED
        except Exception as error:
            if not alone:
                raise
            status = usage.tell(error, args=sys.argv[1:] if args is None else args)
        if not alone:
            return status
        sys.exit(status if isinstance(status, int) else 0)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401
        """The command called; a clip or a misspelt command is answered with what was meant."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            ctx.fail(usage.no_command(ctx.command_path, args, list(self.commands)))
        return super().resolve_command(ctx, args)


app = typer.Typer(
    name="formcheck",
    cls=Group,
    help="A form checker for hamstring exercises. Nothing leaves your machine.",
    epilog="Try `formcheck demo`, then `formcheck analyze CLIP`.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(cls=Group, help="The pose model: where it lies, fetch it, remove it.")
app.add_typer(models_app, name="models", short_help="The pose model.")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"formcheck {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(FIRST_WORDS, nl=False)


@app.command(short_help="Check clips.")
def analyze(  # noqa: PLR0913, PLR0917 - an option of the command line is an argument here
    clips: Annotated[
        list[Path], typer.Argument(metavar="CLIP", help="Films, or a pose.npz.", readable=False)
    ],
    out: options.Out = OUT,
    exercise: options.Exercise = None,
    mode: options.HowDone = None,
    athlete: options.Name = None,
    mass: options.Mass = None,
    height: options.Height = None,
    sex: options.OfSex = None,
    capture_fps: options.CaptureFps = None,
    follow: options.Follow = None,
    setting: options.Setting = None,
    model: options.Model = None,
    profile: options.Profile = None,
    no_video: options.NoVideo = False,
    no_freeze: options.NoFreeze = False,
    json: options.Json = False,
    debug: options.Debug = False,
) -> None:
    """Check clips: count the reps, name the faults, draw the video, write the report."""
    with told(debug):
        from formcheck.runs import Wanted, each

        said = options.Said(exercise, mode, athlete, mass, height, sex, capture_fps, follow,
                            setting, model, profile)  # fmt: skip
        wanted = Wanted(video=not no_video, freeze=not no_freeze, json=json, debug=debug)
        finish(each(clips, out, options.gathered(said, clips), wanted))


app.command(short_help="Check many clips.")(batch)
app.command(short_help="Watch a set while it runs.")(live)
app.command(short_help="Two sets in step.")(compare)
app.command(short_help="Sets over time.")(history)
app.command(short_help="The web app.")(serve)


@app.command(short_help="Check the sample.")
def demo(
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the result goes.", readable=False)
    ] = OUT,
) -> None:
    """Analyse the sample clip, end to end, and say where the results lie."""
    with told(debug=False):
        from formcheck.analysis import Options
        from formcheck.doctor import sample
        from formcheck.runs import Wanted, each

        clip = sample()
        if not clip.is_file():
            raise MissingPartError(
                f"The sample clip is not here ({clip}); it comes with the source code. "
                "Check a clip of your own: `formcheck analyze CLIP`."
            )
        finish(each([clip], out, Options(), Wanted()))


@app.command(short_help="What can be checked.")
def exercises() -> None:
    """Say what can be checked, and how to film it."""
    from formcheck.exercises import DEFAULT, EXERCISES
    from formcheck.profile import limits_of

    for exercise in EXERCISES.values():
        usual = " (the one that is checked unless you say)" if exercise.name == DEFAULT else ""
        typer.echo(f"{exercise.name}: {exercise.title}{usual}")
        typer.echo(f"  Film it {exercise.film}")
        for name, label in exercise.labels().items():
            typer.echo(f"  {name}: {label}")
        if exercise.reminders:
            typer.echo("  A camera cannot see these:")
        for reminder in exercise.reminders:
            typer.echo(f"    {reminder}")
        typer.echo("  Limits, which a profile may change (docs/profile.md):")
        for limit, levels in limits_of(exercise):
            typer.echo(f"    [{limit}] {levels}")


@app.command(short_help="How right is it?")
def validate(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Clips with truth; the samples.", readable=False),
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where page and values go.", readable=False)
    ] = OUT,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", help="Clips at a time; one a core.", min=1)
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Compare; status 1 if worse.", readable=False),
    ] = None,
    renew: Annotated[
        bool, typer.Option("--raise", help="Write the baseline anew, on purpose.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="The figures alone on stdout.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and the log.")] = False,
) -> None:
    """Say how right the numbers are: analyse clips whose truth is known, and compare."""
    with told(debug):
        from formcheck.accuracy import Asked, measure

        asked = Asked(folder, out, jobs=jobs, baseline=baseline, renew=renew, json=json)
        finish(measure(asked))


@app.command(short_help="Is this machine fit?")
def doctor(
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the results would go.", readable=False)
    ] = OUT,
    camera: Annotated[
        int | None, typer.Option(metavar="N", help="Open this camera as well, 0 the first.", min=0)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Is this machine fit, what to install if not, where things lie and how to remove them."""
    with told(debug=False):
        from formcheck import terminal
        from formcheck.doctor import as_json, examine, places

        parts = []
        for part in examine(out, camera):
            parts.append(part)
            if not json:
                terminal.say_part(part)
        problems = sum(part.status == "problem" for part in parts)
        if json:
            terminal.say_json(as_json(parts, places(out)))
        else:
            terminal.say_places(places(out))
            terminal.say_fit(problems)
        finish(MissingPartError.status if problems else 0)


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
    with told(debug=False):
        from formcheck import models
        from formcheck.terminal import Bars

        with Bars() as bars:
            where = models.ensure(progress=lambda words, share: bars.show(words, share or 0.0))
        typer.echo(f"The pose model lies at {where}", err=True)


@models_app.command()
def remove() -> None:
    """Delete the fetched pose model."""
    from formcheck import models

    with told(debug=False):
        gone = models.remove()
        for file in gone:
            typer.echo(f"Deleted {file}", err=True)
        if not gone:
            typer.echo("There was no model to delete.", err=True)


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def main(run: Callable[..., Any] = app) -> None:
    """The entry point: as a process of its own, it also sees to signals, streams and warnings."""
    for name in ("SIGTERM", "SIGHUP"):  # stopped by the system or a closed window: tidy up as well
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a path that the locale cannot spell
        sys.stdout.reconfigure(errors="backslashreplace")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    atexit.register(gc.freeze)  # at the end all goes: to sort it first takes a quarter of a second
    run()
