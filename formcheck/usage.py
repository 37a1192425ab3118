"""Wrong usage and failures in words: what came, what was probably meant, what to do.

Knows the shape of the command line's errors and commands, not the library that makes them.
"""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from formcheck.errors import MissingPartError, UsageError
from formcheck.failures import told
from formcheck.files import shown

FILMS = {".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".mts", ".3gp", ".npz"}
"""What a clip given without a command is known by."""


class Wrong(Protocol):
    """An error of the command line; it may have a `ctx` and the `option_name` that is wrong."""

    def format_message(self) -> str:
        """What is wrong, in a sentence."""


def answer(error: Wrong, args: Sequence[str] = ()) -> str:
    """Wrong usage in one message, with what was probably meant and where the help is."""
    context = getattr(error, "ctx", None)
    said = error.format_message().replace("Value error, ", "")
    said = said.replace("Input should be a valid", "this is not a").split(", unable to parse")[0]
    command = "Did you mean: " in said  # to be copied as it stands
    said += "" if command or said.endswith((".", "?")) else "."
    wrong = getattr(error, "option_name", None)
    if wrong is not None and said.startswith("No such option"):
        said = _no_option(wrong, context)
        names = [a for a in args if a.startswith(wrong[:2]) and Path(a).suffix.lower() in FILMS]
        said = f"{said} If it is a file: {shlex.quote(f'./{names[0]}')}." if names else said
    elif "is not one of" in said:
        came, *known = re.findall(r"'([^']*)'", said.split(": ", 1)[-1])
        said += _did_you_mean(came, known)
    elif said.startswith("Missing argument 'CLIP"):
        said = "Which clip? Expected a film or a pose.npz."
    if context is None or command:
        return said
    return f"{said} Help: {context.command_path} --help"


def no_command(path: str, args: Sequence[str], commands: Sequence[str]) -> str:
    """The answer to `path args...` where args[0] is none of the commands."""
    name, rest = args[0], args[1:]
    said = f"There is no command {name!r}."
    film = Path(name).suffix.lower() in FILMS or Path(name).is_file()
    close = difflib.get_close_matches(name, commands, 1)
    if film and "analyze" in commands:
        return f"{said} Did you mean: {path} analyze {shlex.join(args)}"
    if close:
        return f"{said} Did you mean: {path} {shlex.join([close[0], *rest])}"
    return f"{said} Expected one of: {', '.join(commands)}."


def out_of_range(value: float, low: float, high: float, unit: str) -> str:
    """The answer to a number that cannot be; metres given for centimetres are recognised."""
    said = f"{value:g} {unit} cannot be, expected {low:g} to {high:g}."
    return said + (f" Did you mean {value * 100:g}?" if low <= value * 100 <= high else "")


_POINT = re.compile(r"\s*(\d+\.?\d*)\s*,\s*(\d+\.?\d*)\s*(?:@\s*(\d+\.?\d*)\s*s?)?\s*")


def point(text: str | None, clips: Sequence[Path]) -> tuple[float, float, float | None] | None:
    """X,Y[@T] of the one clip as x and y in pixels and seconds, the last None where it is not
    given; None without a text. Raises UsageError."""
    if text is None:
        return None
    if len(clips) > 1:
        raise UsageError(
            f"--follow: a point is of one clip, and {len(clips)} were given. Check them one by one."
        )
    found = _POINT.fullmatch(text)
    if found is None:
        raise UsageError(
            f"--follow: {text!r} is not a point, expected X,Y or X,Y@T: pixels from the upper left "
            "and a second, as in 420,310@2.5."
        )
    x, y, t = found.groups()
    return float(x), float(y), None if t is None else float(t)


def _no_option(wrong: str, context: Any) -> str:  # noqa: ANN401
    said, command = f"No such option: {wrong}.", context.command
    for name, other in getattr(command, "commands", {}).items():
        if wrong in _options(other):
            return f"{said} It comes after the command: {context.command_path} {name} {wrong}."
    return said + _did_you_mean(wrong, _options(command))


def _options(command: Any) -> list[str]:  # noqa: ANN401
    return [o for p in command.params for o in (*p.opts, *p.secondary_opts) if o.startswith("-")]


def _did_you_mean(came: str, known: Sequence[str]) -> str:
    starts = [k for k in known if len(came) > 3 and k.startswith(came)]
    close = starts or difflib.get_close_matches(came, known, 1)
    return f" Did you mean {close[0]}?" if close else ""


def failure(
    error: Exception, clip: Path | None = None, args: Sequence[str] = ()
) -> tuple[str, int]:
    """A failure in words, with the clip it befell where they do not say, and its exit status.

    args: what was typed, for wrong usage.
    """
    if hasattr(error, "format_message"):
        return answer(error, args), UsageError.status
    known = told(error)
    words = str(known)
    about = not isinstance(known, MissingPartError) and clip and shown(clip.name) not in words
    return (f"{shown(clip)}: {words}" if clip and about else words), known.status


def tell(error: Exception, clip: Path | None = None, args: Sequence[str] = ()) -> int:
    """Print a failure, with the clip it befell; returns its exit status."""
    from formcheck.terminal import say_error

    words, status = failure(error, clip, args)
    say_error(f"formcheck: {words}", () if clip is None else (shown(clip),))
    return status
