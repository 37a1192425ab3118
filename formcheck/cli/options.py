"""The options of an analysis, which several commands have, and what they mean together."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from formcheck import usage
from formcheck.cli.shared import Mode, exercise_names, within

if TYPE_CHECKING:  # --help needs none of it
    from formcheck.analysis import Options


class Sex(StrEnum):
    """For the body's proportions."""

    female = "female"
    male = "male"


Out = Annotated[
    Path,
    typer.Option(metavar="DIR", help="Where the results go, a folder a clip.", readable=False),
]
Exercise = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="What is done in the clip, one of `formcheck exercises`; auto: find out.",
        autocompletion=exercise_names,
    ),
]
HowDone = Annotated[
    Mode | None, typer.Option(help="eccentric-only: pushing back up is on purpose and not judged.")
]
Name = Annotated[
    str | None, typer.Option(metavar="NAME", help="Whose sets they are; kept for `history`.")
]
Mass = Annotated[
    float | None,
    typer.Option(metavar="KG", help="Body mass.", callback=within(20, 399, "kilograms")),
]
Height = Annotated[
    float | None,
    typer.Option(metavar="CM", help="Body height.", callback=within(51, 259, "centimetres")),
]
OfSex = Annotated[Sex | None, typer.Option(help="For the body's proportions.")]
CaptureFps = Annotated[
    float | None,
    typer.Option(
        metavar="N",
        help="Frames a second that the camera took, of a clip in slow motion.",
        callback=within(1, 10_000, "frames a second"),
    ),
]
Follow = Annotated[
    str | None,
    typer.Option(
        metavar="X,Y[@T]",
        help="A point on the athlete, in pixels, at second T; where another was followed.",
    ),
]
Setting = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A setting.json to use.", readable=False)
]
Model = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Another pose model (.task).", readable=False)
]
Profile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Limits of your own (.toml).", readable=False)
]
NoVideo = Annotated[bool, typer.Option("--no-video", help="No annotated video.")]
NoFreeze = Annotated[
    bool, typer.Option("--no-freeze", help="A video as long as the clip: no stills, no end.")
]
Json = Annotated[bool, typer.Option("--json", help="report.json alone on stdout.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks and the log.")]


class Said(NamedTuple):
    """What was typed."""

    exercise: str | None
    mode: Mode | None
    athlete: str | None
    mass: float | None
    height: float | None
    sex: Sex | None
    capture_fps: float | None
    follow: str | None
    setting: Path | None
    model: Path | None
    profile: Path | None


def gathered(said: Said, clips: Sequence[Path]) -> Options:
    """What is asked of an analysis. Raises UsageError, InputError (the profile)."""
    from formcheck.analysis import Options
    from formcheck.exercises import DEFAULT
    from formcheck.files import spelled
    from formcheck.profile import load

    of_athlete = {
        "mode": said.mode.value if said.mode else None,
        "mass_kg": said.mass,
        "height_m": None if said.height is None else said.height / 100,
        "sex": said.sex.value if said.sex else None,
    }
    return Options(
        exercise=DEFAULT if said.exercise is None else said.exercise,
        athlete={key: value for key, value in of_athlete.items() if value is not None},
        athlete_name=None if said.athlete is None else spelled(said.athlete),
        follow=usage.point(said.follow, clips),
        setting=said.setting,
        capture_fps=said.capture_fps,
        model=said.model,
        profile=None if said.profile is None else load(said.profile),
    )
