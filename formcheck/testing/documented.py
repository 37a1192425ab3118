"""What an exercise's page has to say of its numbers and checks, for the page that is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from formcheck.checks import Check, always, surely
from formcheck.exercise import Exercise
from formcheck.measures.measure import Choice, Gate, Measure
from formcheck.sets import SetCheck, SetMeasure, nothing_else

Problems = Iterator[str]
STUDY = re.compile(r"(?:(?:de|van der|van|BMJ Open) )?[A-ZŠ][\w-]+ (?:19|20)\d\d\b")
"""A study, as a source names it: "de Leva 1996"."""
ORIGIN = re.compile(r"\[O\]|\bown\b|\bdocs\b|\bseed [AB]\b")
"""Where else a number may come from: a limit of one's own, the documents, a description."""
NAMES = re.compile(r"\b[a-z]{2,}(?:_[a-z0-9]+)+\b")
"""In a formula: what looks like a signal, a number or a moment of two words and more."""
PLACE = re.compile(r"_[uv]$")
"""Of a joint's place."""


def numbers(exercise: Exercise) -> tuple[Measure | SetMeasure, ...]:
    """The numbers of a rep, then those of the set."""
    return (*exercise.measures, *exercise.set_measures)


def gates(number: Measure) -> Iterator[Gate]:
    """Every condition that a number may have to pass."""
    for gate in number.gates:
        yield from gate.among if isinstance(gate, Choice) else (gate,)


def studies(source: str) -> list[str]:
    """The studies that a source names."""
    return STUDY.findall(source)


def definitions(exercise: Exercise) -> Problems:
    """Every number says what it is, how it is computed and how its interval is found."""
    for number in numbers(exercise):
        for what in ("definition", "formula", "uncertainty"):
            said = getattr(number, what)
            if not said or (what != "formula" and not said.endswith(".")):
                yield f"{number.name} has no {what}, or it is no sentence ({said!r})"
    for number in exercise.measures:
        for gate in gates(number):
            if not gate.what:
                yield f"the condition {gate.name} of {number.name} does not say what its figure is"


def formulas(exercise: Exercise) -> Problems:
    """Formulas speak of what is told: numbers, and what stands in the glossary."""
    told = {*exercise.glossary, *exercise.cycle.words, *(n.name for n in numbers(exercise))}
    for number in numbers(exercise):
        for name in sorted(set(NAMES.findall(number.formula)) - told):
            if not PLACE.search(name):
                yield f"the formula of {number.name} speaks of {name}, which the glossary has not"
    if exercise.glossary:
        for name in sorted({*exercise.marks, *exercise.fixes} - set(exercise.glossary)):
            yield f"the glossary does not say how {name} is found"


def conditions(exercise: Exercise) -> Problems:
    """What is asked of some reps only, or left open, says when."""
    for check in exercise.checks:
        if check.unsure is not surely and not check.doubts:
            yield f"{check.name} may be left open, and does not say when (doubts)"
        for limit in check.limits:
            if limit.applies is not always and not limit.when:
                yield f"{check.name}.{limit.measure} is not asked of all, and does not say when"
    for of_set in exercise.set_checks:
        if of_set.also is not nothing_else and not of_set.when:
            yield f"{of_set.name} finds more than its limits, and does not say when"


def sources(exercise: Exercise) -> Problems:
    """Every source leads somewhere: to a study of the references, or to what it says is its own."""
    told = [(n.name, n.source) for n in numbers(exercise)]
    every: tuple[Check | SetCheck, ...] = (*exercise.checks, *exercise.set_checks)
    told += [(f"{c.name}.{m.measure}", m.source) for c in every for m in c.limits]
    for name, source in told:
        for study in sorted(set(studies(source)) - set(exercise.references)):
            yield f"{name}: the source {study} is not in the references"
        if not studies(source) and not ORIGIN.search(source):
            yield f"{name}: the source {source!r} names no study, nor says that it is our own [O]"


def cues(exercise: Exercise) -> Problems:
    """Every cue leads somewhere that there is."""
    there = {*exercise.labels(), *(n.name for n in numbers(exercise))}
    for cue in exercise.cues:
        named = {*cue.checks, *cue.measures}
        yield from (f"the cue {cue.says!r} names {n}: there is none" for n in sorted(named - there))
        if not (named or cue.reminder or cue.note):
            yield f"nothing becomes of the cue {cue.says!r}"
        if cue.reminder and not cue.reminder.endswith("."):
            yield f"the reminder {cue.reminder!r} is no sentence"
