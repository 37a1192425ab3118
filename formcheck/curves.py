"""The signals over the whole clip, with phase and rep of each instant: what signals.csv holds."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from formcheck.exercise import Exercise
from formcheck.measures.course import Course
from formcheck.measures.measure import GateResult
from formcheck.phases import painted
from formcheck.pose import Array, Flags
from formcheck.rep import Rep
from formcheck.report import Report, RepReport
from formcheck.resting import rested
from formcheck.sampled import Samples
from formcheck.setting import Setting
from formcheck.smoothing import Log

Answer = TypeVar("Answer")
VIEW = frozenset({"G4", "G5"})
"""The gates of the view: where one refuses, no angle is told, nor how fast it changes."""
CLOCK = frozenset({"G9b", "G9b-length", "G9b-haste", "G9b-ramp"})
"""Those of the clip's clock: where one refuses, angles are told, and no speed."""


@dataclass(frozen=True)
class Told:
    """A course at the frames of the clip, as far as its measure was told."""

    columns: tuple[str, str]
    """In signals.csv, of the values and of their half-widths."""
    value: Array
    """(T,) NaN outside of the reps that have the measure, before their start and after the
    measure's moment."""
    half: Array
    """(T,) half-widths of the 95 % interval; NaN likewise."""


@dataclass(frozen=True)
class Curves:
    """Smoothed signals of the near side at the frames of the clip, as far as they are told: what a
    gate refuses is NaN here already, so whoever shows a curve shows what there is."""

    t_s: Array
    """(T,) seconds."""
    values: Mapping[str, Array]
    """(T,) each, by the name of the signal; NaN where not seen, and of an angle where the view
    refuses it."""
    rates: Mapping[str, Array]
    """(T,) each, per second; of an angle NaN where the view or the clock refuses it as well."""
    uncertainties: Mapping[str, Array]
    """(T,) each, half-widths of the 95 % interval, degrees."""
    uncertainties_within_set: Mapping[str, Array]
    """The same of the change from the own rest."""
    columns: Mapping[str, str]
    """Signal -> its column in signals.csv."""
    phase: tuple[str, ...]
    """(T,) one of the exercise's phases, or rest."""
    rep: tuple[int | None, ...]
    """(T,) the number of the rep, None between reps."""
    courses: Mapping[str, Told] = field(default_factory=dict)
    """By the measure that each belongs to."""

    def rested(self) -> Curves:
        """The same curves, those of a long recording on the disk; read-only then."""
        kinds = self.values, self.rates, self.uncertainties, self.uncertainties_within_set
        told = [half for one in self.courses.values() for half in (one.value, one.half)]
        kept = iter(rested([*(array for kind in kinds for array in kind.values()), *told]))
        values, rates, halves, within = ({name: next(kept) for name in kind} for kind in kinds)
        return replace(
            self,
            values=values,
            rates=rates,
            uncertainties=halves,
            uncertainties_within_set=within,
            courses={
                measure: replace(one, value=next(kept), half=next(kept))
                for measure, one in self.courses.items()
            },
        )

    def at(self, name: str, t: float) -> float:
        """A signal at t, straight between frames; NaN where not seen."""
        return float(np.interp(t, self.t_s, self.values[name])) if len(self.t_s) else float("nan")

    @cached_property
    def _number(self) -> NDArray[np.int64]:
        """(T,) the number of the rep, 0 between reps."""
        return np.array([n or 0 for n in self.rep], np.int64)

    def span(self, rep: RepReport) -> tuple[float, float]:
        """From when to when a rep is shown: where its start or end was not seen, as far as the
        clip is ascribed to it."""
        own = self._number == (rep.number or -1)
        inside = self.t_s[own] if own.any() else self.t_s[[0, -1]]
        start = float(inside[0]) if rep.start_s is None else rep.start_s
        end = float(inside[-1]) if rep.end_s is None else rep.end_s
        return start, max(start, end)

    def write(self, path: Path) -> None:
        """Write signals.csv: a row a frame, an empty cell for what was not seen or is refused."""
        bars = {
            f"{name}_{kind}_deg": np.where(np.isfinite(self.values[name]), half, np.nan)
            for kind, halves in (
                ("uncertainty", self.uncertainties),
                ("uncertainty_within_set", self.uncertainties_within_set),
            )
            for name, half in halves.items()
        }
        velocity = -self.rates["knee_flexion"] if "knee_flexion" in self.rates else None
        head = ["t_s", *self.columns.values(), *bars]
        head += ["knee_extension_velocity_deg_s"] if velocity is not None else []
        along = [part for told in self.courses.values() for part in (told.value, told.half)]
        head += [name for told in self.courses.values() for name in told.columns]
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([*head, "phase", "rep"])
            for i, t in enumerate(self.t_s):
                seen = [_cell(self.values[name][i]) for name in self.columns]
                spread = [_cell(half[i]) for half in bars.values()]
                rate = [_cell(velocity[i])] if velocity is not None else []
                told = [_cell(part[i]) for part in along]
                rep = "" if self.rep[i] is None else self.rep[i]
                writer.writerow([f"{t:.4f}", *seen, *spread, *rate, *told, self.phase[i], rep])


def _cell(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else ""


def curves(
    exercise: Exercise,
    setting: Setting,
    names: Mapping[str, int],
    samples: Log,
    report: Report,
) -> Curves:
    """The curves of a finished session."""
    t = samples.t
    value = samples.table("value").reshape(len(t), len(names))
    rate = samples.table("rate").reshape(len(t), len(names))
    cycle = exercise.aspect(setting).cycle
    depth = value[:, names[cycle.depth]]
    phase, rep = painted(exercise.look, cycle.leaves, t, depth, report.reps)
    whole = partial(_clip_refuses, VIEW, exercise, setting, names, samples)
    unseen = _refused(VIEW, report, rep, whole)
    untimed = unseen | _refused(CLOCK, report, rep, lambda: setting.clock == "ramped")
    values = _told(value, names, exercise.columns, unseen)
    rates = _told(rate, names, exercise.columns, untimed)
    del value, rate, depth
    return Curves(
        t_s=t,
        values=values,
        rates=rates,
        uncertainties=exercise.uncertainties(setting, values),
        uncertainties_within_set=exercise.uncertainties_within_set(setting, values),
        columns=exercise.columns,
        phase=tuple(_each(phase, str)),
        rep=tuple(_each(rep, lambda number: int(number) or None)),
        courses={
            course.measure: _course(course, t, rep, report, course.of(setting, values, rates))
            for course in exercise.courses
        },
    )


def _each(told: NDArray[Any], of: Callable[[Any], Answer]) -> Iterator[Answer]:
    """What is told of each frame (T,); what is the same is one object."""
    every, at = np.unique(told, return_inverse=True)
    answers = [of(one) for one in every]
    return (answers[i] for i in at)


def _course(
    course: Course, t: Array, rep: Array, report: Report, along: tuple[Array, Array]
) -> Told:
    """A course where its measure was told: until the measure's moment in each of those reps. rep:
    (T,) their numbers; along: (T,) its values and half-widths."""
    told = np.zeros(len(t), dtype=bool)
    for one in report.reps:
        measured = one.measures.get(course.measure)
        if one.counted and measured is not None and measured.value is not None:
            until = np.inf if measured.at_s is None else measured.at_s
            told |= (rep == one.number) & (t <= until)
    value, half = (np.where(told, part, np.nan) for part in along)
    return Told(course.columns, value, half)


def _told(
    table: Array, names: Mapping[str, int], angles: Collection[str], refused: Flags
) -> dict[str, Array]:
    """The columns of (T, S) by name; the angles NaN where refused (T,)."""
    columns = {name: table[:, i].copy() for name, i in names.items()}  # the table may go
    for name in columns.keys() & set(angles):
        columns[name][refused] = np.nan
    return columns


def _refused(
    gates: Collection[str], report: Report, rep: Array, without: Callable[[], bool]
) -> Flags:
    """(T,) where one of the gates refuses: in the reps of which the report says so, and outside of
    the reps where it says so of every one. rep: (T,) their numbers. without: asked where there
    are none."""
    said = {one.number: _refuses(gates, one) for one in report.reps if one.counted}
    refused = np.full(len(rep), all(said.values()) if said else without())
    for number, no in said.items():
        refused[rep == number] = no
    return refused


def _refuses(gates: Collection[str], one: RepReport) -> bool:
    return _all_refuse(gates, (measure.gates for measure in one.measures.values()))


def _all_refuse(gates: Collection[str], measures: Iterable[Iterable[GateResult]]) -> bool:
    """Whether one of the gates refuses every measure that asks it: a measure may ask for more than
    the angles do, as the elbow for a view straighter from the side."""
    results = [(n, r.gate, r.status == "refused") for n, of in enumerate(measures) for r in of]
    asked = {(name, n) for n, name, _ in results if name in gates}
    refused = {(name, n) for n, name, no in results if no}
    names = {name for name, _ in asked}
    return any({a for a in asked if a[0] == name} <= refused for name in names)


def _clip_refuses(
    gates: Collection[str],
    exercise: Exercise,
    setting: Setting,
    names: Mapping[str, int],
    samples: Log,
) -> bool:
    """The same of a clip without a rep, asked as if it were one."""
    first, last = (samples[i].t if samples else np.nan for i in (0, -1))
    cycle = exercise.aspect(setting).cycle
    kinds = ("value", "rate", "raw", "seen")
    whole = Samples(samples.t, np.stack([samples.table(kind) for kind in kinds], axis=1))
    clip = Rep(None, "attempt", names, whole, first, first, last, last, last, setting, cycle)
    asked = [[gate.of(clip) for gate in measure.gates] for measure in exercise.measures]
    wanted = ([g.judge(clip) for g in of if g and g.name in gates] for of in asked)
    return bool(samples) and _all_refuse(gates, wanted)
