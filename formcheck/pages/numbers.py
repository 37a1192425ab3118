"""Every number of the report in groups: its values rep by rep, and on demand what it is, how it was
taken and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formcheck.exercise import Exercise
from formcheck.measures.measure import Measure, Measured
from formcheck.pages import rows, words
from formcheck.report import Report
from formcheck.sets import SetMeasure

SET = "Whole set"
OTHER = "Other numbers"
CARE, NONE = "≈", "–"
"""Before a number that is to be taken with care, and instead of one that was not assessed."""
MOST_COLUMNS = 6
"""Values that stand in a line; of more each is written behind the name of its rep."""


@dataclass(frozen=True)
class Cell:
    """A number of one rep, or of the set."""

    head: str
    """Of which rep."""
    text: str
    """Its value ± uncertainty with its unit; a dash where it was not assessed."""
    status: str
    """ok, warn or refused."""
    note: str
    """What became of it, in the exercise's words; may be empty."""


@dataclass(frozen=True)
class Number:
    """One number: its values, what it means and where it comes from."""

    label: str
    means: str
    cells: tuple[Cell, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Why:
    """Why some numbers of a group were not assessed, or are to be taken with care."""

    sign: str
    what: str
    """The numbers, and in which reps."""
    reason: str


@dataclass(frozen=True)
class Part:
    """Numbers that belong together."""

    title: str
    heads: tuple[str, ...]
    """Over the columns: the reps, or the set."""
    numbers: tuple[Number, ...]
    whys: tuple[Why, ...]

    @property
    def counted(self) -> str:
        """How many numbers there are, and of how many of them nothing was assessed."""
        n, missing = len(self.numbers), sum(_missing(number) for number in self.numbers)
        left = f", {missing} not assessed" if missing else ""
        left = ", none assessed" if missing == n else left
        return f"{n} number{'s' if n > 1 else ''}{left}"

    @property
    def many(self) -> bool:
        """Whether its values do not stand in columns."""
        return len(self.heads) > MOST_COLUMNS


def _missing(number: Number) -> bool:
    return all(cell.status == "refused" for cell in number.cells)


def parts(report: Report, exercise: Exercise) -> tuple[Part, ...]:
    """All numbers, grouped as the exercise groups them; those in no group come last, the set's
    own behind the reps'. What would need words of the athlete that nobody gave is left out: it
    was not asked for."""
    order = _order(report, exercise)
    groups = [(group.title, group.measures) for group in exercise.look.groups]
    named = {name for _, names in groups for name in names}
    of_set = tuple(n for n in order if n not in named and n in report.set_.measures)
    left = tuple(n for n in order if n not in named and n not in of_set)
    groups += [(OTHER if groups else "Numbers", left), (SET, of_set)]
    shown = ((title, [n for n in names if n in order]) for title, names in groups)
    return tuple(_part(title, names, report, exercise) for title, names in shown if names)


def _order(report: Report, exercise: Exercise) -> list[str]:
    """The names of all that was asked for: the exercise's order first."""
    order = dict.fromkeys(m.name for m in exercise.measures)
    order.update(dict.fromkeys(name for r in report.reps for name in r.measures))
    order.update(dict.fromkeys(report.set_.measures))
    unasked = exercise.unasked(report.settings)
    return [name for name in order if name not in unasked and _answers(report, name)]


def _answers(report: Report, name: str) -> list[tuple[str, Measured]]:
    """The number of each rep that has it and of the set, with what that is called."""
    of_reps = [(words.title(r), r.measures[name]) for r in report.reps if name in r.measures]
    whole = report.set_.measures.get(name)
    return of_reps + ([(SET, whole)] if whole is not None else [])


def _part(title: str, names: Sequence[str], report: Report, exercise: Exercise) -> Part:
    numbers = tuple(_number(name, report, exercise) for name in names)
    heads = dict.fromkeys(cell.head for number in numbers for cell in number.cells)
    reps = [words.title(r) for r in report.reps]
    known = [*dict.fromkeys(r for r in reps if r in heads), *([SET] if SET in heads else [])]
    return Part(title, tuple(known), numbers, tuple(_whys(names, report, exercise)))


def _number(name: str, report: Report, exercise: Exercise) -> Number:
    look, answers = exercise.look, _answers(report, name)
    term, declared = look.term(name), _declared(name, exercise)
    means = term.means or (declared.definition if declared is not None else "")
    band = report.set_.bands.get(name, "")
    notes = (band if head == SET else look.outcomes.get(m.outcome or "", "") for head, m in answers)
    cells = tuple(
        Cell(head, _text(m), m.status, note if m.value is not None else "")
        for (head, m), note in zip(answers, notes, strict=True)
    )
    return Number(term.label, means, cells, tuple(_facts([m for _, m in answers], declared)))


def _text(m: Measured) -> str:
    return NONE if m.value is None else words.measured(m)


def _declared(name: str, exercise: Exercise) -> Measure | SetMeasure | None:
    every: list[Measure | SetMeasure] = [*exercise.measures, *exercise.set_measures]
    return next((m for m in every if m.name == name), None)


def _facts(
    every: Sequence[Measured], declared: Measure | SetMeasure | None
) -> Iterator[tuple[str, str]]:
    first = next((m for m in every if m.value is not None), every[0])
    if declared is not None and declared.formula:
        yield "Formula", declared.formula
    if first.method:
        yield "Method", first.method
    if first.threshold is not None:
        yield "Threshold", words.quantity(first.threshold.value, first.threshold.unit)
    if any(m.gates for m in every):
        yield "Conditions", words.gates(rows.worst_gates(every))
    yield "Source", first.source


def _whys(names: Sequence[str], report: Report, exercise: Exercise) -> Iterator[Why]:
    """Each reason once, with all the numbers and reps that it holds for: what is missing first."""
    for sign, status in ((NONE, "refused"), (CARE, "warn")):
        found: dict[str, dict[str, list[int]]] = {}
        for name in names:
            for number, m in _numbered(report, name):
                if m.status == status and m.reason:
                    found.setdefault(m.reason, {}).setdefault(name, []).append(number)
        for reason, holds in found.items():
            yield Why(sign, _whom(holds, report, exercise), reason)


def _numbered(report: Report, name: str) -> Iterator[tuple[int, Measured]]:
    """The number of each rep that has it with the rep's, and of the set, with 0."""
    every = [(r.number, r.measures) for r in report.reps if r.number is not None]
    every.append((0, report.set_.measures))
    return ((number, measures[name]) for number, measures in every if name in measures)


def _whom(holds: dict[str, list[int]], report: Report, exercise: Exercise) -> str:
    """Lowering speed, greatest speed (rep 2); of numbers with the same reps these are said once."""
    same: dict[str, list[str]] = {}
    for name, reps in holds.items():
        where = rows.which([n for n in reps if n], report)
        same.setdefault(where, []).append(exercise.look.term(name).label)
    return "; ".join(f"{', '.join(labels)} ({where})" for where, labels in same.items())
