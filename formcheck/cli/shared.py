"""What the commands share: options of one meaning, and how a failure is told."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import typer

from formcheck import usage

STOPPED = 130
OUT = Path("formcheck-out")


class Mode(StrEnum):
    """How the exercise is done."""

    both = "eccentric-concentric"
    lowering = "eccentric-only"


def within(low: float, high: float, unit: str) -> Callable[[float | None], float | None]:
    """For an option that is a number: refuses what cannot be, in the unit of the option."""

    def check(value: float | None) -> float | None:
        if value is None or low <= value <= high:
            return value
        raise typer.BadParameter(usage.out_of_range(value, low, high, unit))

    return check


def exercise_names() -> list[str]:
    """For the shell's completion."""
    from formcheck.exercises import AUTO, EXERCISES

    return [*EXERCISES, AUTO]


def finish(status: int) -> None:
    if status:
        raise typer.Exit(status)


@contextmanager
def told(debug: bool) -> Iterator[None]:
    """Every failure as one message with its exit status; a traceback only where asked for."""
    logging.basicConfig(level=logging.DEBUG) if debug else _hush()
    try:
        yield
    except (typer.Exit, typer.Abort):
        raise
    except KeyboardInterrupt:
        typer.echo("\nStopped. Clips that were finished are kept.", err=True)
        raise typer.Exit(STOPPED) from None
    except Exception as error:
        if debug:
            traceback.print_exc()
        raise typer.Exit(usage.tell(error)) from None


def _hush() -> None:
    """What libraries would tell their developers does not reach people."""
    logging.getLogger().addHandler(logging.NullHandler())
