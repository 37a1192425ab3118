"""How well the set was filmed, in one line: the gates of all its numbers, taken together."""

from __future__ import annotations

from collections.abc import Sequence

from formcheck.measures.measure import WORST, Asked, Gate, GateResult
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


def filming_of(numbers: Sequence[Asked]) -> Filming | None:
    """The line for a set, from the gates of all numbers of its counted reps; None where there are
    none. The worst reasons stand first; among equals those that touch more numbers."""
    found = [one for asked in numbers for one in _telling(asked)]
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


def _telling(asked: Asked) -> Asked:
    """The gate that refuses a number, which is its reason; else all of them."""
    return [one for one in asked if one[1].status == "refused"][:1] or asked


def seems_slow(report: Report) -> bool:
    """Whether every counted rep moves too gently for a clip at normal speed."""
    reps = [r for r in report.reps if r.counted]
    return bool(reps) and all(_gentle(r) for r in reps)


def _gentle(rep: RepReport) -> bool:
    results = [g for m in rep.measures.values() for g in m.gates if g.gate == GENTLE]
    return any(g.status == "refused" for g in results)
