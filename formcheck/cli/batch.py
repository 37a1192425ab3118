"""formcheck batch: many clips, and none lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from formcheck.caps import OTHERS, others
from formcheck.cli import options
from formcheck.cli.shared import OUT, told, within
from formcheck.errors import UsageError


def batch(  # noqa: PLR0913, PLR0917 - an option of the command line is an argument here
    clips: Annotated[
        list[Path],
        typer.Argument(metavar="DIR|CLIP", help="Folders with clips, or clips.", readable=False),
    ],
    out: options.Out = OUT,
    jobs: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Clips at a time; else as many as cores and memory allow.", min=1
        ),
    ] = None,
    longest: Annotated[
        float,
        typer.Option(
            metavar="MIN",
            help="Clips of more minutes are not taken.",
            callback=within(0.1, 24 * 60, "minutes"),
        ),
    ] = OTHERS.longest_s / 60,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on as clips arrive; Ctrl-C ends.")
    ] = False,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="On a Ray cluster, HOST:PORT or auto; over a shared folder."
        ),
    ] = None,
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
    """Check every clip below a folder, and write one page for all of them.

    Stopped, killed or without power, it goes on where it was: run the same command again. A clip
    that cannot be checked is listed with its reason, and the others go on.
    """
    with told(debug):
        if follow is not None and any(clip.is_dir() for clip in clips):
            raise UsageError("--follow: a point is of one clip, and a folder was given.")
        from formcheck.batch.job import Terms
        from formcheck.batch.limits import Limits
        from formcheck.batch.run import Asked
        from formcheck.overnight import run

        said = options.Said(exercise, mode, athlete, mass, height, sex, capture_fps, follow,
                            setting, model, profile)  # fmt: skip
        terms = Terms(
            replace(options.gathered(said, clips), caps=others(60 * longest)),
            video=not no_video,
            freeze=not no_freeze,
            limits=Limits().lasting(60 * longest),
            debug=debug,
        )
        run(Asked(clips, out, terms, jobs=jobs, ray=ray, watch=watch), json=json)
