"""What was named and what was refused, against what had to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from formcheck.analysis import Analysis
from formcheck.checks import SEVERITIES, Check, Severity
from formcheck.exercise import Exercise
from formcheck.exercises import EXERCISES
from formcheck.measures.measure import Measured
from formcheck.report import RepReport
from formcheck.sets import SetCheck
from formcheck.validate.known import Known
from formcheck.validate.scores import Findings, Named, Refusals, RepScore
from formcheck.validate.truth import Fault, Truth

UNITS = {m.name: m.unit for e in EXERCISES.values() for m in e.measures}
Place = tuple[int | None, str]
"""A rep's place in the truth (None: the whole set, or a rep that is none) and a check."""


AnyCheck = Check | SetCheck


def _checks(exercise: Exercise) -> dict[str, AnyCheck]:
    """Those of a rep and those of the set, by name."""
    every: tuple[AnyCheck, ...] = (*exercise.set_checks, *exercise.checks)
    return {check.name: check for check in every}


def highest(check: AnyCheck) -> Severity:
    """The worst that a check can say."""
    said = [s for s in SEVERITIES for limit in check.limits if getattr(limit, s) is not None]
    return said[0]


def _can_fault(check: AnyCheck) -> bool:
    return highest(check) == "fault"


def _warns(check: AnyCheck | None) -> bool:
    """Whether what lies between its limits is a warning, and not just a note."""
    return check is not None and any(limit.warning is not None for limit in check.limits)


def judged(analysis: Analysis, known: Known, reps: Sequence[RepScore]) -> Findings:
    """What was named against the truth's faults, and against its notes of the set; nothing where
    faults are not known."""
    if known.truth is None:
        return Findings()
    checks = _checks(analysis.exercise)
    raised = _raised(analysis, reps, checks)
    wrong = _places(known.truth.faults) if known.shown else []
    noted = _places(known.truth.notes) if known.shown else []
    looked_for = [place for place in wrong if place[1] in checks]
    looked_for += [place for place in noted if isinstance(checks.get(place[1]), SetCheck)]
    truth, excuse = known.truth, _excuse(analysis, known, reps)
    edge = on_edge(checks.values(), reps, 1 / (truth.fps * truth.time_scale))
    findings = compared(looked_for, raised, truth.borderline, excuse, truth.notes, edge)
    worst = [p for p, n in raised.items() if n and p[1] in checks and _can_fault(checks[p[1]])]
    return findings.model_copy(
        update={
            "as_faults": _named(worst),
            "mild_missed": tuple(n for n in findings.mild_missed if _warns(checks.get(n.check))),
            "not_checked_yet": _named(p for p in wrong if p[1] not in checks),
            "clean": bool(known.reps) and not wrong if known.shown else None,
        }
    )


def compared(
    wrong: Sequence[Place],
    raised: Mapping[Place, int],
    borderline: Sequence[Fault] | None,
    excused: Callable[[Place], bool],
    notes: Sequence[Fault] = (),
    edge: Collection[Place] = (),
) -> Findings:
    """True faults against what was raised.

    edge: where a frame more or less decides, so that a warning, or none, is not judged.
    raised: how often at a place, 0 where only as a warning of a check that can say worse. Of such
    a warning a truth without `borderline` does not tell whether it is right. A fault of the whole
    set (rep None) is found where the check is raised in any rep.
    """
    anywhere = {check for rep, check in wrong if rep is None}
    allowed = set(_places((*(borderline or ()), *notes)))
    found = [p for p in wrong if p in raised or (p[0] is None and _any(p[1], raised))]
    silent = [p for p in wrong if p not in found]
    others = [p for p in raised if p not in wrong and p[1] not in anywhere]
    unknown = [p for p in others if p in edge and raised[p] == 0]
    told = [p for p in others if p not in unknown]
    border = [p for p in told if p in allowed or (None, p[1]) in allowed]
    false = [p for p in told if p not in border]
    unsure = [p for p in false if raised[p] == 0 and borderline is None]
    counted = [p for p in false if p not in unsure for _ in range(max(raised[p], 1))]
    silent_mild = [p for p in _places(borderline or ()) if p not in raised and p not in edge]
    mild = [p for p in silent_mild if not excused(p)]
    return Findings(
        found=_named(found),
        missed=_named(p for p in silent if not excused(p)),
        excused=_named(p for p in silent if excused(p)),
        false=_named(counted),
        borderline=_named(border),
        mild_missed=_named(mild),
        not_judged=_named((*unsure, *unknown)),
    )


def on_edge(checks: Iterable[AnyCheck], reps: Sequence[RepScore], frame_s: float) -> set[Place]:
    """Where a frame more or less of a true duration decides whether a check says anything: film
    does not tell them apart (nordic-curl.md 9, G1)."""
    return {
        (rep.rep, check.name)
        for check in checks
        for rep in reps
        if len({_reached(check, rep, by) for by in (-frame_s, frame_s)}) > 1
    }


def _reached(check: AnyCheck, rep: RepScore, longer_s: float) -> bool:
    """Whether the true values, durations so much longer, are beyond a limit of a check."""
    for limit in check.limits:
        true = rep.measures[limit.measure].true if limit.measure in rep.measures else None
        unit = UNITS.get(limit.measure, "")
        if true is not None:
            value = true + (longer_s if unit == "s" else 0.0)
            read = Measured(value=value, unit=unit, status="ok", source="")
            if limit.severity(read) is not None:
                return True
    return False


def _any(check: str, raised: Iterable[Place]) -> bool:
    return any(name == check for _, name in raised)


def _places(faults: Iterable[Fault]) -> list[Place]:
    return list(dict.fromkeys((fault.rep, fault.check) for fault in faults))


def _named(places: Iterable[Place]) -> tuple[Named, ...]:
    inside = sorted(places, key=lambda p: (p[0] is None, p[0] or 0, p[1]))
    return tuple(Named(rep=rep, check=check) for rep, check in inside)


def _raised(
    analysis: Analysis, reps: Sequence[RepScore], checks: Mapping[str, AnyCheck]
) -> dict[Place, int]:
    """What was named, where in the truth, and how often at the check's worst."""
    places = {score.found: score.rep for score in reps if score.found is not None}
    said = [
        ((places.get(rep.number or 0), finding.check), finding.severity)
        for rep in analysis.report.reps
        for finding in rep.findings
    ]
    said += [((None, finding.check), finding.severity) for finding in analysis.report.set_.findings]
    raised: Counter[Place] = Counter()
    for place, severity in said:
        worst = highest(checks[place[1]]) if place[1] in checks else severity
        if severity in ("fault", "warning") or severity == worst:
            raised[place] += severity == worst
    return dict(raised)


def _excuse(analysis: Analysis, known: Known, reps: Sequence[RepScore]) -> Callable[[Place], bool]:
    """Whether a check could rightly not be judged at a place: it was refused, and had to be."""
    checks = _checks(analysis.exercise).values()
    limits = {check.name: {lim.measure for lim in check.limits} for check in checks}
    listed = _to_refuse(known.truth)
    numbers = {score.rep: score.found for score in reps}

    def excused(place: Place) -> bool:
        rep, check = place
        refused = not analysis.report.recognised or any(
            entry.what == check
            and (rep is None or not entry.reps or numbers.get(rep) in entry.reps)
            for entry in analysis.report.not_assessed
        )
        return refused and bool(({check} | limits[check]) & listed)

    return excused


def _to_refuse(truth: Truth | None) -> set[str]:
    return set() if truth is None else {r.measure for r in truth.refusals or ()}


def refusals(analysis: Analysis, known: Known, reps: Sequence[RepScore]) -> dict[str, Refusals]:
    """By measure, in the truth's reps: given or refused, and whether rightly.

    Where truth neither says that a number had to be refused nor has one, nothing is counted; nor
    in a rep that was not found, which is missed and not refused.
    """
    listed = _to_refuse(known.truth)
    by_number = {rep.number: rep for rep in analysis.report.reps if rep.counted}
    table = {}
    for name in (m.name for m in analysis.exercise.measures):
        counted = Counter(
            _cell(name, score, by_number[score.found], listed, analysis.exercise)
            for score in reps
            if score.found is not None
        )
        cells = {cell: n for cell, n in counted.items() if cell is not None}
        if cells:
            table[name] = Refusals(**cells)
    return table


def _cell(
    name: str, score: RepScore, rep: RepReport, listed: set[str], exercise: Exercise
) -> str | None:
    measured = rep.measures.get(name)
    given = measured is not None and measured.value is not None
    if name in listed:
        return "wrongly_given" if given else "rightly"
    known = name in score.measures or (name == exercise.headline and score.outcome is not None)
    if not known:
        return None
    return "given" if given else "though_visible"
