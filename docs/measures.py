"""Write docs/measures.md and docs/cues.md from what the exercises declare: `make docs`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from pathlib import Path

from formcheck.checks import Check, Limit
from formcheck.exercise import Cue, Exercise
from formcheck.exercises import EXERCISES
from formcheck.measures.measure import OPTIONS, Gate, Measure
from formcheck.profile import limits_of
from formcheck.sets import SetCheck, SetMeasure
from formcheck.testing.documented import NAMES, STUDY, gates, numbers, studies

DOCS = Path(__file__).resolve().parent
Number = Measure | SetMeasure
SIGNALS = {"ω"}
"""Those that no column has."""
UNITS = {"1": "a share: 1 is all of it", "count": "a number of times"}
"""As a reader calls a unit that is not plain."""
WRITTEN = (
    "This page is written by `make docs` from what the program runs on; nothing in it is typed by "
    "hand."
)


def main() -> None:
    """Write both pages."""
    (DOCS / "measures.md").write_text(page(), encoding="utf-8")
    (DOCS / "cues.md").write_text(cues(), encoding="utf-8")


# --- the numbers and the checks


def page() -> str:
    """Every number and every check of every exercise, as Markdown."""
    parts = [INTRODUCTION]
    for exercise in EXERCISES.values():
        parts += _exercise(exercise)
    parts += ["## References", *references()]
    return "\n\n".join(parts) + "\n"


INTRODUCTION = f"""# Every number and every check

What each number is, how it is computed, when it is refused, how its error bar is found and where
it comes from; and what each check says when. {WRITTEN}

**To find a number** by its name in `report.json` or `reps.csv`, look it up in the first tables of
its exercise; its name leads to its definition.

- **Formulas** are in the names of signals (angles over time) and moments (instants of a rep), which
  stand under each exercise; `knee_flexion(break)` is the signal at that moment.
- **±** is half of a 95 % interval. What is the same in all reps of a clip, such as the rest, drops
  out of the second interval, *within the set*, by which reps are compared.
- **Conditions** ("G1" and so on, as in [nordic-curl.md](nordic-curl.md), section 9): a number
  passes, is given with a warning, or is refused with the reason. "G1 ≥ 9" passes from 9 on and is
  refused below; "G2 ≥ 0.8 (0.6)" passes from 0.8 on, warns below, and is refused under 0.6.
- **A fault** needs the whole interval beyond its limit; a value beyond it alone is a warning.
- **[O]** is a limit of our own, where the literature has none."""


def _exercise(exercise: Exercise) -> Iterator[str]:
    yield f"## The {exercise.title}"
    yield from _numbers(exercise)
    yield from _checks(exercise)
    yield from _found(exercise)
    yield f"### Each number of the {exercise.title}"
    for number in numbers(exercise):
        yield _told(exercise, number)
    yield from _gates(exercise)


def _numbers(exercise: Exercise) -> Iterator[str]:
    yield "### Numbers of a rep"
    grouped = {name: group.title for group in exercise.look.groups for name in group.measures}
    titles = dict.fromkeys([*grouped.values(), ""])
    for title in titles:
        those = [m for m in exercise.measures if grouped.get(m.name, "") == title]
        if those:
            yield from filter(None, [f"**{title}**" if title else "", _listed(exercise, those)])
    if exercise.set_measures:
        yield "### Numbers of the set"
        yield _listed(exercise, exercise.set_measures)


def _listed(exercise: Exercise, those: Iterable[Number]) -> str:
    return _table(
        ("name", "called", "unit", "what it is"),
        (
            (_link(exercise, m), exercise.look.term(m.name).label, m.unit, m.definition)
            for m in those
        ),
    )


def _link(exercise: Exercise, number: Number) -> str:
    return f"[`{number.name}`](#{_anchor(exercise, number.name)})"


def _anchor(exercise: Exercise, name: str) -> str:
    return f"{exercise.name}-{name}"


def _told(exercise: Exercise, number: Number) -> str:
    """One number, whole."""
    name = number.name
    rows = [
        ("Formula", _marked(exercise, number.formula)),
        ("Unit", UNITS.get(number.unit, number.unit)),
        *_beside(exercise, number),
        ("95 % interval", _marked(exercise, number.uncertainty)),
        ("In words", _bands(number)),
        ("Judged by", ", ".join(f"`{check}`" for check in judges(exercise, name))),
        ("Source", _sourced(number.source)),
    ]
    head = f'<a id="{_anchor(exercise, name)}"></a>\n\n'
    head += f"#### `{name}`: {exercise.look.term(name).label}\n\n{number.definition}\n\n"
    return head + "\n".join(f"- **{what}:** {said}" for what, said in rows if said)


def _bands(number: Number) -> str:
    """What the values of a number of the set mean; empty where it does not say."""
    bands = number.bands if isinstance(number, SetMeasure) else ()
    ends = [f"under {band.below:g}" for band in bands[:-1]] + ["beyond"]
    return "; ".join(f"{end} {band.words}" for end, band in zip(ends, bands, strict=False))


def _marked(exercise: Exercise, text: str) -> str:
    """A text in which the names of signals, moments and numbers stand out."""
    known = {*exercise.glossary, *exercise.cycle.words, *(n.name for n in numbers(exercise))}
    return NAMES.sub(lambda found: f"`{found[0]}`" if found[0] in known else found[0], text)


def _beside(exercise: Exercise, number: Number) -> Iterator[tuple[str, str]]:
    """What only the numbers of a rep have."""
    if isinstance(number, Measure):
        yield "Method", number.method or ""
        yield "Needs", " and ".join("`{1}` ({0})".format(*OPTIONS[name]) for name in number.needs)
        conditions = f"[Conditions](#{_anchor(exercise, 'conditions')})"
        yield conditions, " · ".join(dict.fromkeys(_limits(gate) for gate in gates(number)))


def judges(exercise: Exercise, number: str) -> list[str]:
    """The checks that a number is judged by, of a rep or of the set."""
    every: tuple[Check | SetCheck, ...] = (*exercise.checks, *exercise.set_checks)
    found = [check.name for check in every if number in {m.measure for m in check.limits}]
    return list(dict.fromkeys(found))


# --- the checks


def _checks(exercise: Exercise) -> Iterator[str]:
    yield "### Checks"
    yield _table(
        ("check", "judges", "limits", "of", "says", "source"),
        (row for check in exercise.checks for row in _judged(exercise, check)),
    )
    yield "What a check says to do, and what it says of a rep without a finding:"
    yield _table(
        ("check", "called", "advice", "praise", "besides"),
        (
            (
                f"`{c.name}`",
                c.label,
                c.advice,
                c.good,
                f"not assessed {c.doubts}" if c.doubts else "",
            )
            for c in exercise.checks
        ),
    )
    if exercise.set_checks:
        yield "### Checks of the set"
        yield _table(
            ("check", "called", "limits", "advice", "source"),
            (row for check in exercise.set_checks for row in _of_set(exercise, check)),
        )


def _judged(exercise: Exercise, check: Check) -> Iterator[tuple[str, ...]]:
    kinds = ", ".join(check.kinds) + " reps"
    for limit in check.limits:
        whole = (
            "not assessed where its interval reaches back over the limit" if limit.unsure else ""
        )
        asked = ", ".join(filter(None, (kinds, limit.when, whole)))
        yield (
            f"`{check.name}`",
            f"[`{limit.measure}`](#{_anchor(exercise, limit.measure)})",
            _levels(exercise, check, limit),
            asked,
            _said(limit),
            _sourced(limit.source),
        )


def _of_set(exercise: Exercise, check: SetCheck) -> Iterator[tuple[str, ...]]:
    advice = f"{check.stops.format(rep='N')} {check.advice}".strip()
    name = f"`{check.name}`" + (f", of {check.least} reps or more" if check.least > 1 else "")
    for limit in check.limits:
        where = f"[`{limit.measure}`](#{_anchor(exercise, limit.measure)}): "
        levels = where + _levels(exercise, check, limit)
        yield name, check.label, levels, advice, _sourced(limit.source)
    if check.when:
        yield name, check.label, f"found {check.when}", advice, ""


def _levels(exercise: Exercise, check: Check | SetCheck, limit: Limit) -> str:
    return dict(limits_of(exercise))[f"{check.name}.{limit.measure}"].replace("-", "−")


def _said(limit: Limit) -> str:
    """The sentence, with what is put in."""
    return re.sub(r"\{(\w+)[^}]*\}", r"*\1*", limit.says.replace("{size", "{value"))


# --- how a rep is found


def _found(exercise: Exercise) -> Iterator[str]:
    cycle = exercise.cycle
    yield "### How a rep is found"
    yield (
        f"`{cycle.signal}` rises. From {cycle.leaves:g}° on it is an attempt, from "
        f"{cycle.counts:g}° on it counts; a counted rep that stays under {cycle.full:g}° is "
        f"partial; one that does not come back by {cycle.returns:.0%} of its rise has no return. "
        f"A movement that goes so is a {exercise.title} unless one of these speaks against it:"
    )
    yield "\n".join(
        f"- {re.sub(r'{value[^}]*}', '…', c.otherwise)} ({_within(c.least, c.most)})"
        for c in exercise.recognised
    )
    signals = {
        n: said for n, said in exercise.glossary.items() if n in SIGNALS | {*exercise.columns}
    }
    yield "Signals, angles that every frame has:"
    yield _words(exercise, signals)
    yield "Moments of a rep, and what the first counted rep of a set fixes for all of it:"
    rest = {n: said for n, said in exercise.glossary.items() if n not in signals}
    yield _words(exercise, {**exercise.cycle.words, **rest})


def _words(exercise: Exercise, told: Mapping[str, str]) -> str:
    rows = ((f"`{name}`", _marked(exercise, said)) for name, said in told.items())
    return _table(("name", "how it is found"), rows)


def _within(least: float, most: float) -> str:
    parts = [f"at least {least:g}"] if isfinite(least) else []
    parts += [f"at most {most:g}"] if isfinite(most) else []
    return "expected: " + ", ".join(parts).replace("-", "−")


# --- the conditions


def _gates(exercise: Exercise) -> Iterator[str]:
    anchor = _anchor(exercise, "conditions")
    yield f'<a id="{anchor}"></a>\n\n### Conditions on the numbers of the {exercise.title}'
    every = {(_limits(g), g.what, g.warn): g for m in exercise.measures for g in gates(m)}
    ordered = sorted(every.values(), key=lambda g: (_order(g.name), g.what, g.ok))
    yield _table(
        ("condition", "figure", "passes", "refused", "the reason given", "what to change"),
        ((g.name, g.what, _limit(g, g.ok), _refused(g), _reason(g), g.advice) for g in ordered),
    )


def _order(name: str) -> tuple[int, str]:
    number = re.match(r"G(\d+)", name)
    return (int(number[1]) if number else 99, name)


def _limits(gate: Gate) -> str:
    beyond = (
        ""
        if gate.warn == gate.ok
        else f" ({gate.warn:g})"
        if isfinite(gate.warn)
        else " (never refused)"
    )
    return f"{gate.name} {_limit(gate, gate.ok)}{beyond}"


def _limit(gate: Gate, limit: float) -> str:
    return f"{'≥' if gate.least else '≤'} {limit:g}"


def _refused(gate: Gate) -> str:
    return f"{'<' if gate.least else '>'} {gate.warn:g}" if isfinite(gate.warn) else "never"


def _reason(gate: Gate) -> str:
    """Why nothing is said, or what is said with a number that is never refused."""
    said = re.sub(r"\{value[^}]*\}", "…", gate.reason or gate.doubt)
    return re.sub(r"\{warn[^}]*\}", f"{gate.warn:g}", said)


# --- sources


def sources() -> Iterator[str]:
    """Whatever is named as a source anywhere."""
    for exercise in EXERCISES.values():
        yield from (m.source for m in numbers(exercise))
        every: tuple[Check | SetCheck, ...] = (*exercise.checks, *exercise.set_checks)
        yield from (limit.source for check in every for limit in check.limits)


def _sourced(source: str) -> str:
    """A source whose studies lead to the references."""
    text = STUDY.sub(lambda found: f"[{found[0]}](#{_reference(found[0])})", source)
    here = "[nordic-curl.md](nordic-curl.md)"
    return re.sub(r"(?:formcheck docs, )?nordic-curl\.md|docs section", here, text)


def _reference(name: str) -> str:
    return "source-" + name.lower().replace(" ", "-")


def references() -> Iterator[str]:
    """The studies that are named, with where to find them."""
    known = {n: where for e in EXERCISES.values() for n, where in e.references.items()}
    told = {name for source in sources() for name in studies(source)}
    told |= {n for e in EXERCISES.values() for m in numbers(e) for n in studies(m.formula)}
    yield "\n".join(
        f'- <a id="{_reference(name)}"></a>**{name}**: {_located(known[name])}'
        for name in sorted(told, key=str.lower)
    )
    yield (
        "Seed A and seed B are the descriptions of the exercises that formcheck was made from; "
        "what became of each of their cues stands in [cues.md](cues.md). What the studies found, "
        "and what of it was read in full, stands in [nordic-curl.md](nordic-curl.md)."
    )


def _located(where: str) -> str:
    return re.sub(r"doi:(10\.\S+[^\s,;.])", r"[doi:\1](https://doi.org/\1)", where)


# --- the cues


def cues() -> str:
    """What becomes of each cue of the descriptions, as Markdown."""
    parts = [
        "# Every cue of the descriptions",
        "formcheck was made from two descriptions of hamstring exercises: seed A, of the inverse "
        "leg curl, which is the Nordic curl, and seed B, of the inverse leg curl with bench "
        "support, which is the prone leg curl. This is what became of each thing that they ask of "
        "the athlete. What a camera at the side cannot see is judged nowhere; it is said as a "
        f"reminder, in every report and by `formcheck exercises`. {WRITTEN}",
    ]
    for exercise in EXERCISES.values():
        rows = (_cue(exercise, cue) for cue in exercise.cues)
        parts += [f"## The {exercise.title}", _table(("cue", "seed", "what becomes of it"), rows)]
        rest = [name for name in exercise.labels() if name not in _cued(exercise)]
        if rest:
            named = ", ".join(f"`{name}`" for name in rest)
            parts.append(f"Checked besides, though neither asks for it: {named}.")
    return "\n\n".join(parts) + "\n"


def _cued(exercise: Exercise) -> set[str]:
    return {name for cue in exercise.cues for name in cue.checks}


def _cue(exercise: Exercise, cue: Cue) -> tuple[str, str, str]:
    parts = []
    if cue.checks:
        parts.append("checked: " + ", ".join(f"`{name}`" for name in cue.checks))
    if cue.measures:
        links = (f"[`{n}`](measures.md#{_anchor(exercise, n)})" for n in cue.measures)
        parts.append("measured: " + ", ".join(links))
    if cue.reminder:
        parts.append(f"not seen by the camera; reminded: “{cue.reminder}”")
    return cue.says, cue.seed, "; ".join([*parts, *filter(None, [cue.note])])


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of Markdown; a | within a cell is kept from ending it."""
    first = list(heads)
    lines = [first, ["---"] * len(first), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


if __name__ == "__main__":
    main()
