"""A club's own limits: a TOML file that overrides those of an exercise's checks.

    exercise = "NAME"              # optional: the exercise it is for
    name = "First team"            # optional: what the report calls it; else the file's name

    [CHECK.MEASURE]                # a limit, by its check and its measure
    warning = 4.0                  # fault, warning or note, in the measure's unit

Only the numbers change, never what is measured or how: a fault still needs the whole 95 % interval
beyond its limit. It is read strictly: nothing in it may be left unused without a word.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from formcheck.checks import SEVERITIES, Check, Limit, Severity
from formcheck.errors import InputError
from formcheck.exercise import Exercise
from formcheck.files import shown
from formcheck.measures.measure import Measure
from formcheck.sets import SetCheck, SetMeasure

KEYS = ("exercise", "name")
"""What may stand outside the tables."""
Levels = Mapping[Severity, float]
"""Severity -> limit, in the measure's unit."""


@dataclass(frozen=True)
class Profile:
    """Limits that replace those of an exercise's checks."""

    name: str
    """What the report calls it."""
    file: str
    sha256: str
    """Of the file's bytes."""
    exercise: str | None
    """The exercise it is for; None: whichever is checked."""
    limits: Mapping[tuple[str, str], Levels]
    """(check, measure) -> the levels it changes."""

    def applied(self, exercise: Exercise) -> Exercise:
        """The exercise with these limits.

        Raises InputError where it is for another exercise, names a check or a measure that this
        one has not, or orders the levels of a limit wrongly; all problems are named.
        """
        problems = list(self._problems(exercise))
        if problems:
            raise _refused(self.file, problems)
        return replace(
            exercise,
            checks=tuple(replace(c, limits=tuple(self._limits(c))) for c in exercise.checks),
            set_checks=tuple(
                replace(c, limits=tuple(self._limits(c))) for c in exercise.set_checks
            ),
            profile=self.name,
        )

    def _limits(self, check: Check | SetCheck) -> Iterator[Limit]:
        for limit in check.limits:
            levels = self.limits.get((check.name, limit.measure))
            source = f"profile {self.name}; else {limit.source}"
            yield limit if levels is None else replace(_changed(limit, levels), source=source)

    def _problems(self, exercise: Exercise) -> Iterator[str]:
        if self.exercise not in {None, exercise.name}:
            yield (
                f"it is for {self.exercise}, and the clip is checked as {exercise.name}. Check it "
                f"with --exercise {self.exercise}, or leave the profile out"
            )
            return
        checks = _by_name(exercise)
        for (check, measure), levels in self.limits.items():
            where = f"[{check}.{measure}]"
            if check not in checks:
                yield f"{where}: {exercise.name} has no check {check!r}{_expected(checks)}"
                continue
            limits = checks[check]
            if measure not in limits:
                yield f"{where}: {check} has no limit on {measure!r}{_expected(limits)}"
            else:
                yield from _disordered(where, _changed(limits[measure], levels))


def load(path: Path) -> Profile:
    """Read a profile. Raises InputError where it cannot be read or is not one."""
    file = shown(path)
    try:
        content = path.read_bytes()
        told = tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise InputError(
            f"{file}: the profile cannot be read ({error.strerror or error}). "
            "Expected a TOML file with limits; give its path to --profile."
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(
            f"{file}: this profile is not TOML ({error}). Expected lines such as "
            "[CHECK.MEASURE] and warning = 4.0; mend the file, or leave the profile out."
        ) from error
    problems = list(_malformed(told))
    if problems:
        raise _refused(file, problems)
    limits = {
        (check, measure): {level: float(value) for level, value in levels.items()}
        for check, measures in told.items()
        if check not in KEYS
        for measure, levels in measures.items()
    }
    return Profile(
        name=told.get("name", shown(path.name)),
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        exercise=told.get("exercise"),
        limits=limits,
    )


def limits_of(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """What a profile may change: (check.measure, its levels in words with their unit)."""
    every: tuple[Measure | SetMeasure, ...] = (*exercise.measures, *exercise.set_measures)
    units = {m.name: m.unit.replace("1", "").replace("deg", "°") for m in every}
    for check, limits in _by_name(exercise).items():
        for limit in limits.values():
            beyond = {"max": "over", "min": "under"}[limit.kind]
            unit = units[limit.measure]
            unit = unit if unit.startswith("°") else f" {unit}".rstrip()
            levels = (f"{s} {beyond} {value:g}{unit}" for s, value in _levels(limit))
            yield f"{check}.{limit.measure}", ", ".join(levels)


def _by_name(exercise: Exercise) -> dict[str, dict[str, Limit]]:
    """The limits by check and measure, those of a rep first; a check without one is left out."""
    found: dict[str, dict[str, Limit]] = {}
    every: tuple[Check | SetCheck, ...] = (*exercise.checks, *exercise.set_checks)
    for check in every:
        for limit in check.limits:
            found.setdefault(check.name, {})[limit.measure] = limit
    return found


def _levels(limit: Limit) -> list[tuple[Severity, float]]:
    """The levels that a limit has, the worst first."""
    told = [(level, getattr(limit, level)) for level in SEVERITIES]
    return [(level, value) for level, value in told if value is not None]


def _changed(limit: Limit, levels: Levels) -> Limit:
    return replace(
        limit,
        fault=levels.get("fault", limit.fault),
        warning=levels.get("warning", limit.warning),
        note=levels.get("note", limit.note),
    )


def _malformed(told: Mapping[str, Any]) -> Iterator[str]:
    """What in the file has not the form of a profile."""
    if not set(told) - set(KEYS):
        yield "it changes no limit, expected a table such as [CHECK.MEASURE] with warning = 4.0"
    for key, value in told.items():
        if key in KEYS:
            if not isinstance(value, str) or not value.strip():
                yield f"{key} = {_said(value)}: expected a name in quotes"
        elif not isinstance(value, dict):
            yield f"{key} = {_said(value)}: there is no such key{_expected(KEYS)} or a table"
        else:
            yield from _malformed_check(key, value)


def _malformed_check(check: str, measures: Mapping[str, Any]) -> Iterator[str]:
    if not measures:
        yield f"[{check}]: it changes no limit, expected a table such as [{check}.MEASURE]"
    for measure, levels in measures.items():
        where = f"[{check}.{measure}]"
        if not isinstance(levels, dict):
            yield (
                f"[{check}] {measure} = {_said(levels)}: of which measure? Expected a table such "
                f"as [{check}.MEASURE] with {measure} below it"
            )
        elif not levels:
            yield f"{where}: it changes no limit{_expected(SEVERITIES)} with a number"
        else:
            yield from _malformed_levels(where, levels)


def _malformed_levels(where: str, levels: Mapping[str, Any]) -> Iterator[str]:
    for level, value in levels.items():
        if level not in SEVERITIES:
            yield f"{where} {level} = {_said(value)}: there is no such key{_expected(SEVERITIES)}"
        elif isinstance(value, bool) or not isinstance(value, int | float):
            yield f"{where} {level} = {_said(value)}: expected a number, without unit and quotes"
        elif not math.isfinite(value):
            yield f"{where} {level} = {value}: expected a number that can be reached"


def _disordered(where: str, limit: Limit) -> Iterator[str]:
    """Levels of a limit of which the milder is reached after the worse."""
    sign, beyond = (1, "or less") if limit.kind == "max" else (-1, "or more")
    for (worse, far), (milder, near) in pairwise(_levels(limit)):
        if sign * near > sign * far:
            yield (
                f"{where}: a {milder} of {near:g} would lie beyond the {worse} of {far:g}. "
                f"Expected a {milder} of {far:g} {beyond}: set {worse} and {milder} together"
            )


def _expected(names: Iterable[str]) -> str:
    return f", expected one of: {', '.join(names)}"


def _said(value: object) -> str:
    """A value as TOML would have it, cut short."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _refused(file: str, problems: list[str]) -> InputError:
    said = "\n".join(f"  {problem}." for problem in problems)
    return InputError(
        f"{file}: this profile cannot be used.\n{said}\n"
        "Mend it, or leave --profile out; docs/profile.md shows one."
    )
