"""What can be read off an exercise's page: its names, units, sources, limits and words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from string import Formatter

import numpy as np

from formcheck.checks import Check, Limit
from formcheck.exercise import Exercise
from formcheck.measures.measure import UNITS, Measure
from formcheck.recognition import Figure
from formcheck.sets import SetCheck, SetMeasure
from formcheck.setting import Setting

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
INNER = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
SIGNALS = {"deg", "thigh"}
"""Units of signals; those of measures are `measures.measure.UNITS`."""
PLACEHOLDERS = {"value", "size", "limit", "aim", "uncertainty"}
NUMERALS = {"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
VALUES = (0.0, -12.345, 0.66, 123.456)
LEAST_WORDS = 15
"""Letters of the shortest text that says something."""

Problems = Iterator[str]


def names(exercise: Exercise, setting: Setting, others: Sequence[Exercise]) -> Problems:
    """Names have one form, and each is given once; a title is not another exercise's."""
    outer = [exercise.name, *exercise.labels()]
    inner = [*exercise.signals(setting), *(m.name for m in _measures(exercise))]
    yield from (f"{n!r}: words of small letters with - between" for n in _unlike(NAME, outer))
    yield from (f"{n!r}: words of small letters with _ between" for n in _unlike(INNER, inner))
    if not exercise.title or exercise.plural == exercise.title:
        yield "it needs a title and a plural"
    for other in others:
        taken = {other.name, other.title, other.plural} & {
            exercise.name,
            exercise.title,
            exercise.plural,
        }
        if other is not exercise and taken:
            yield f"{other.name} is called {', '.join(sorted(taken))} as well"


def _unlike(form: re.Pattern[str], given: Sequence[str]) -> list[str]:
    return [name for name in given if not form.fullmatch(name)]


def signals(exercise: Exercise, setting: Setting) -> Problems:
    """What the page refers to is measured, in a unit that its column carries."""
    units = {name: s.unit for name, s in exercise.signals(setting).items()}
    yield from (f"{n}: the unit {u} is not known" for n, u in units.items() if u not in SIGNALS)
    for name, column in exercise.columns.items():
        if name not in units:
            yield f"the column {column} has no signal {name}"
        elif column != f"{name}_{units[name]}":
            yield f"the column of {name} is called {column}, expected {name}_{units[name]}"
    for wanted in {exercise.cycle.signal, exercise.cycle.depth} - set(units):
        yield f"the cycle goes round on {wanted}, which is no signal"
    values = {name: np.zeros(5) for name in units}
    for told in (exercise.uncertainties, exercise.uncertainties_within_set):
        for name, half in told(setting, values).items():
            if name not in exercise.columns or half.shape != (5,):
                yield f"the uncertainty of {name} has no column, or not one value a frame"


def cycle(exercise: Exercise) -> Problems:
    """It leaves rest before it counts, and counts before it is full."""
    c = exercise.cycle
    if not 0 < c.leaves < c.counts < c.full:
        yield f"0 < leaves {c.leaves:g} < counts {c.counts:g} < full {c.full:g} does not hold"
    if not 0 < c.returns < 1:
        yield f"returns is {c.returns:g}, expected a share between 0 and 1"
    if not 0 < c.bottom_within < c.ends_within:
        yield "the end is not wider than the bottom"
    yield from (f"{f.name} is empty" for f in fields(c) if getattr(c, f.name) in {0, ""})


def measures(exercise: Exercise) -> Problems:
    """Every number has a unit, a source and words."""
    for m in _measures(exercise):
        if not m.source or not m.unit:
            yield f"{m.name} has no source, or no unit (a pure number has the unit 1)"
        elif m.unit not in UNITS:
            yield f"{m.name}: the unit {m.unit} is not known; expected one of {', '.join(UNITS)}"
        term = exercise.look.term(m.name)
        if not term.means.endswith("."):
            yield f"{m.name}: look.terms lacks what it is called and what it means"


def limits(exercise: Exercise) -> Problems:
    """Every limit has a source and levels in their order, and a name of its own: a profile names it
    by its check and its measure."""
    for check, limit in _limits(exercise):
        where = f"{check.name}.{limit.measure}"
        levels = [x for x in (limit.fault, limit.warning, limit.note) if x is not None]
        if not limit.source:
            yield f"{where} has no source"
        if not levels:
            yield f"{where}: nothing can be beyond it"
        if levels != sorted(levels, reverse=limit.kind == "max"):
            yield f"{where}: the fault has to be the farthest, then the warning, then the note"
        if [m.measure for m in check.limits].count(limit.measure) > 1:
            yield f"{where} has two limits; join them, or measure two things"


def sentences(exercise: Exercise) -> Problems:
    """Every sentence can be said of any value, and writes no limit out."""
    for check, limit in _limits(exercise):
        where = f"{check.name}.{limit.measure}"
        for wrong in sorted(_placeholders(limit.says) - PLACEHOLDERS):
            yield f"{where}: {{{wrong}}} is not put in, expected {sorted(PLACEHOLDERS)}"
            return
        for value in VALUES:
            put_in = {**dict.fromkeys(PLACEHOLDERS, value), "uncertainty": 1.0}
            text = limit.says.format(**put_in)
            if not text.strip().endswith(".") or not (text[0].isupper() or text[0].isdigit()):
                yield f"{where} is no sentence: {text!r}"
        for number in sorted(_written_out(check, limit)):
            yield f"{where} writes {number} out; say {{limit}} or {{aim}}: a profile may change it"


def _placeholders(text: str) -> set[str]:
    return {name.split(".")[0] for _, name, _, _ in Formatter().parse(text) if name is not None}


def _written_out(check: Check | SetCheck, limit: Limit) -> set[str]:
    """The figures and numerals in what is said that are the limit's own."""
    said = limit.says.format(value=77777, size=66666, limit=88888, aim=99999, uncertainty=0)
    text = f"{said} {check.advice} {check.good}"
    own = {f"{x:g}" for x in (limit.fault, limit.warning, limit.note) if x is not None}
    own |= {f"{float(x) * 100:g}" for x in own}
    figures = set(re.findall(r"-?\d+(?:\.\d+)?", text)) & own
    return figures | (NUMERALS & set(re.findall(r"\w+", text.lower())))


def words(exercise: Exercise) -> Problems:
    """Every check says what it is called, what to do, and what a rep without it did well."""
    goods = [c.good for c in exercise.checks]
    for check in exercise.checks:
        yield from _worded(check, check.advice, check.good)
        if goods.count(check.good) > 1:
            yield f"{check.name}: another check praises in the same words"
        if not check.limits or not check.kinds:
            yield f"{check.name} asks nothing, or of no kind of rep"
        for limit in check.early:
            if limit.kind != "max":
                yield f"{check.name}.{limit.measure} is early, but a least value may still fall"

    for of_set in exercise.set_checks:
        yield from _worded(of_set, of_set.advice, *filter(None, [of_set.good]))


def _worded(check: Check | SetCheck, *texts: str) -> Problems:
    if len(check.label) <= 5 or check.label.endswith("."):
        yield f"{check.name}: the label goes into a sentence ({check.label!r})"
    for text in texts:
        if len(text) <= LEAST_WORDS or not text.endswith("."):
            yield f"{check.name}: {text!r} is no sentence"


def recognition(exercise: Exercise) -> Problems:
    """Every criterion can speak against a rep, and says why."""
    if not exercise.recognised:
        yield "it recognises everything: nothing tells it from another movement"
    for criterion in exercise.recognised:
        beyond = criterion.most + 1 if np.isfinite(criterion.most) else criterion.least - 1
        outside = replace(criterion, figure=_always(beyond))
        said = outside.against(None)  # type: ignore[arg-type]
        if said is None or len(said) <= LEAST_WORDS or not said.endswith("."):
            yield f"{criterion.otherwise!r} does not say why"
        unknown = replace(criterion, figure=_always(float("nan")))
        if unknown.against(None) is not None:  # type: ignore[arg-type]
            yield f"{criterion.otherwise!r} is said where nothing is known"


def _always(value: float) -> Figure:
    return lambda rep: value


def _measures(exercise: Exercise) -> tuple[Measure | SetMeasure, ...]:
    return (*exercise.measures, *exercise.set_measures)


def _limits(exercise: Exercise) -> Iterator[tuple[Check | SetCheck, Limit]]:
    every: tuple[Check | SetCheck, ...] = (*exercise.checks, *exercise.set_checks)
    return ((check, limit) for check in every for limit in check.limits)
