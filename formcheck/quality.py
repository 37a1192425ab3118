"""How well the set was filmed, in one line: the gates of all its numbers, taken together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from formcheck.exercise import Exercise
from formcheck.measures.measure import WORST, Gate, GateResult
from formcheck.report import Filming, Report, RepReport

GENTLE = "G9b"
"""The gate of slow motion that nobody told of."""
NAMED = 2
"""Reasons that the line names, the worst first: more is not read."""
WORDS = {
    "ok": "Filming: good.",
    "warn": "Filming: could be better.",
    "refused": "Filming: not good enough for every number.",
}


def filming_of(exercise: Exercise, reps: Sequence[RepReport]) -> Filming | None:
    """The line for a set; None where no rep counted. The worst reasons stand first; among equals
    those that touch more numbers."""
    found = list(_results(exercise, reps))
    if not found:
        return None
    worst = max((result.status for _, result in found), key=WORST.index)
    if worst == "ok":
        return Filming(status="good", sentence=WORDS["ok"])
    told: dict[str, tuple[Gate, GateResult]] = {}
    touched: dict[str, int] = {}
    for gate, result in found:
        if result.status == worst:
            told.setdefault(gate.name, (gate, result))
            touched[gate.name] = touched.get(gate.name, 0) + 1
    order = sorted(told, key=lambda name: -touched[name])[:NAMED]
    reasons = [told[name][0].explain(told[name][1]) for name in order]
    return Filming(
        status="poor" if worst == "refused" else "fair",
        sentence=" ".join([WORDS[worst], *dict.fromkeys(reasons)]),
        what_to_change=" ".join(dict.fromkeys(told[name][0].advice for name in order)),
    )


def _results(exercise: Exercise, reps: Sequence[RepReport]) -> Iterator[tuple[Gate, GateResult]]:
    """Every gate of every number of the counted reps, with its answer."""
    gates = {measure.name: measure.gates for measure in exercise.measures}
    for rep in reps:
        for name, measured in rep.measures.items() if rep.counted else ():
            yield from zip(gates.get(name, ()), measured.gates, strict=False)


def seems_slow(report: Report) -> bool:
    """Whether every counted rep moves too gently for a clip at normal speed."""
    reps = [r for r in report.reps if r.counted]
    return bool(reps) and all(_gentle(r) for r in reps)


def _gentle(rep: RepReport) -> bool:
    results = [g for m in rep.measures.values() for g in m.gates if g.gate == GENTLE]
    return any(g.status == "refused" for g in results)
