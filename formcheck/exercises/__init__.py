"""The exercises there are, one file each."""

from formcheck.errors import UsageError
from formcheck.exercise import Exercise
from formcheck.exercises.bench_leg_curl import EXERCISE as BENCH_LEG_CURL
from formcheck.exercises.nordic_curl import EXERCISE as NORDIC_CURL

EXERCISES: dict[str, Exercise] = {e.name: e for e in (NORDIC_CURL, BENCH_LEG_CURL)}
DEFAULT = NORDIC_CURL.name
AUTO = "auto"
"""Asks for whichever of them the clip shows."""


def named(name: str) -> Exercise:
    """The exercise of that name. Raises UsageError where there is none."""
    if name not in EXERCISES:
        known = ", ".join([*EXERCISES, AUTO])
        raise UsageError(f"There is no exercise called {name!r}. Expected one of: {known}.")
    return EXERCISES[name]
