"""From judged reps to the report: the set in one sentence, and the one thing to change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from formcheck.checks import SEVERITIES, Finding, NotAssessed
from formcheck.exercise import Exercise
from formcheck.measures.measure import Asked
from formcheck.quality import filming_of
from formcheck.report import (
    AthleteInfo,
    Report,
    RepReport,
    SetReport,
    Settings,
    Verdict,
    View,
)
from formcheck.setting import Setting

SIDE_UP_TO = 20.0
"""Degrees off the side view that are still called side (9, G4)."""
KEEP = "Keep it like this; add a rep or go a little more slowly next time."
"""What to do after a set with nothing to change."""


@dataclass(frozen=True)
class Course:
    """What a session saw of a whole set."""

    reps: Sequence[RepReport]
    not_assessed: Sequence[NotAssessed]
    gates: Sequence[Asked]
    """Those of each number of the counted reps."""
    against: Mapping[str, int]
    """Why movements were dismissed, with how often."""
    swept: tuple[float, float]
    """Degrees that the cycle's signal and depth swung over the clip."""
    coverage: float
    """Share of frames with a body."""


def compose(exercise: Exercise, setting: Setting, course: Course) -> Report:
    """The report of a set; clip and provenance are the caller's to add."""
    recognised = any(r.counted for r in course.reps)
    seen = course.coverage > 0
    kept = tuple(course.reps) if recognised else ()
    of_set, left_open = _of_set(exercise, kept, setting)
    unjudged = (
        grouped([*course.not_assessed, *left_open])
        if recognised
        else (_not_recognised(exercise, setting, course) if seen else _nobody(exercise),)
    )
    return Report(
        exercise=exercise.name,
        recognised=recognised,
        settings=_settings(exercise, setting),
        verdict=_verdict(exercise, kept, of_set, unjudged),
        athlete=AthleteInfo(
            people_seen=setting.whom.people_seen if setting.whom else None,
            chosen_because=_because(setting) if seen else "nobody was found",
            facing=setting.facing if seen else None,
            side=setting.side if seen else None,
            coverage=round(course.coverage, 4),
        ),
        view=view(setting),
        filming=filming_of(course.gates) if recognised else None,
        reps=kept,
        set_=of_set,
        not_assessed=unjudged,
    )


def _because(setting: Setting) -> str:
    return setting.whom.chosen_because if setting.whom else "the person the pose model followed"


def _settings(exercise: Exercise, setting: Setting) -> Settings:
    a = setting.athlete
    return Settings(
        exercise=exercise.name,
        mode=a.mode,
        mass_kg=a.mass_kg,
        height_m=a.height_m,
        sex=a.sex,
        capture_fps=setting.capture_fps,
        profile=exercise.profile,
    )


def view(setting: Setting) -> View:
    """How the camera stood, in the report's words."""
    yaw = setting.yaw_deg
    kind = (
        "unknown"
        if yaw is None
        else "side"
        if abs(yaw) <= SIDE_UP_TO
        else "oblique"
        if not setting.from_front
        else "front"
    )
    return View(
        kind=kind,
        yaw_deg=yaw,
        yaw_uncertainty_deg=setting.yaw_uncertainty_deg,
        rectified=setting.rectified,
    )


def grouped(entries: Sequence[NotAssessed]) -> tuple[NotAssessed, ...]:
    """The same thing for the same reason is said once, with all its reps."""
    reps: dict[tuple[str, str, str], list[int]] = {}
    for e in entries:
        reps.setdefault((e.what, e.reason, e.what_to_change), []).extend(e.reps)
    return tuple(
        NotAssessed(what=what, reps=tuple(sorted(set(rs))), reason=reason, what_to_change=change)
        for (what, reason, change), rs in reps.items()
    )


def _nobody(exercise: Exercise) -> NotAssessed:
    return NotAssessed(
        what=exercise.name,
        reason="Nobody was found in the clip.",
        what_to_change=f"Film {exercise.film} Film in good light.",
    )


def _not_recognised(exercise: Exercise, setting: Setting, course: Course) -> NotAssessed:
    aspect, (signal, depth) = exercise.aspect(setting), course.swept
    if setting.from_front and exercise.front is None:
        reason = f"Filmed {exercise.look.end_on}, a {exercise.title} cannot be told."
    elif signal >= aspect.cycle.counts and course.against:
        reason = Counter(course.against).most_common(1)[0][0]
    else:
        reason = aspect.still.format(signal=signal, depth=depth)
    if course.reps:
        reason += f" Attempts seen: {len(course.reps)}."
    return NotAssessed(
        what=exercise.name,
        reason=reason,
        what_to_change=f"If it was a {exercise.title}, film it {exercise.film} If "
        "somebody else was followed, point at the athlete with --follow X,Y@T. If it was another "
        "exercise, name it with --exercise, or let --exercise auto find out.",
    )


def _verdict(
    exercise: Exercise,
    reps: Sequence[RepReport],
    of_set: SetReport,
    unjudged: Sequence[NotAssessed],
) -> Verdict:
    if not reps:
        return Verdict(
            status="not-assessed",
            sentence=f"No {exercise.title} was recognised. {unjudged[0].reason}",
            advice=unjudged[0].what_to_change,
        )
    counted = [r for r in reps if r.counted]
    heading = f"{len(counted)} {exercise.title if len(counted) == 1 else exercise.plural}"
    findings = [*(f for r in reps for f in r.findings), *of_set.findings]
    said = _first(exercise, [f for f in findings if f.severity != "note"])
    if said is not None:
        return Verdict(
            status="improve",
            sentence=f"{heading}. {_to_work_on(exercise, reps, of_set)}",
            advice=said.advice,
        )
    if all(r.hardly_judged(len(exercise.checks)) for r in counted):
        return Verdict(
            status="not-assessed",
            sentence=f"{heading} counted; how well they were done could not be judged. "
            f"{unjudged[0].reason if unjudged else ''}".strip(),
            advice=unjudged[0].what_to_change if unjudged else f"Film {exercise.film}",
        )
    note = _first(exercise, findings)
    notes = ", ".join(_found(exercise, reps, of_set, "note").values())
    return Verdict(
        status="good",
        sentence=f"{heading}, and nothing wrong in what could be judged."
        + (f" Noted: {notes}." if notes else "")
        + _left_open(exercise, counted, unjudged),
        advice=KEEP if note is None else note.advice,
    )


def _first(exercise: Exercise, findings: Sequence[Finding]) -> Finding | None:
    """The finding to change first: the most severe, then the most frequent of these, then the
    exercise's own order of checks."""
    often = Counter((f.severity, f.check) for f in findings)
    order = list(exercise.labels())
    return min(
        findings,
        key=lambda f: (
            SEVERITIES.index(f.severity),
            -often[f.severity, f.check],
            order.index(f.check),
        ),
        default=None,
    )


def _left_open(
    exercise: Exercise, counted: Sequence[RepReport], unjudged: Sequence[NotAssessed]
) -> str:
    """The checks that were judged in no rep, and in some only, named."""
    missing = {
        label: [e.reps for e in unjudged if e.what == name]
        for name, label in exercise.labels().items()
    }
    open_in = {label: {n for reps in told for n in reps} for label, told in missing.items()}
    whole = {label for label, told in missing.items() if () in told}
    never = [x for x, reps in open_in.items() if x in whole or len(reps) == len(counted)]
    partly = [x for x, reps in open_in.items() if x not in never and reps]
    said = f" Not judged: {', '.join(never)}." if never else ""
    return said + (f" Not judged in every rep: {', '.join(partly)}." if partly else "")


def _to_work_on(exercise: Exercise, reps: Sequence[RepReport], of_set: SetReport) -> str:
    """What was found, the faults first: "To work on: falling too fast (rep 3). Also: ..."."""
    said: list[str] = []
    named: set[str] = set()
    for severity in SEVERITIES[:2]:
        found = _found(exercise, reps, of_set, severity)
        new = [words for name, words in found.items() if name not in named]
        named |= set(found)
        if new:
            said.append(f"{'Also' if said else 'To work on'}: {', '.join(new)}.")
    return " ".join(said)


def _found(
    exercise: Exercise, reps: Sequence[RepReport], of_set: SetReport, severity: str
) -> dict[str, str]:
    """What was found as badly as that, by its check, with its reps: "hips lifting (rep 2)"."""
    parts = {}
    whole = {f.check for f in of_set.findings if f.severity == severity}
    for name, label in exercise.labels().items():
        found = [(r, f) for r in reps for f in r.findings if f.check == name]
        where = [r.number for r, f in found if f.severity == severity and r.number is not None]
        if where:
            parts[name] = f"{label} ({_listed('rep', where)})"
        elif name in whole:
            parts[name] = label
    return parts


def _listed(noun: str, numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"{noun} {numbers[0]}"
    return f"{noun}s {', '.join(str(n) for n in numbers[:-1])} and {numbers[-1]}"


def _best(exercise: Exercise, reps: Sequence[RepReport], of_set: Sequence[Finding]) -> int | None:
    """The rep with the least to say against it; among equals the one lowered more slowly for sure,
    unless something was found of the set: that may be just this. None where nothing tells the
    best from the next."""
    full = [r for r in reps if r.kind == "full" and r.number is not None]
    if len(full) < 2:
        return None

    def against(r: RepReport) -> tuple[int, int, float]:
        severities = [f.severity for f in r.findings]
        tempo = r.measures.get(exercise.tempo)
        slow = tempo.value if tempo is not None and tempo.value is not None else 0.0
        return severities.count("fault"), severities.count("warning"), -slow

    first, second = sorted(full, key=against)[:2]
    same = against(first)[:2] == against(second)[:2]
    slower = not of_set and _slower(first, second, exercise.tempo)
    return None if same and not slower else first.number


def _slower(first: RepReport, second: RepReport, tempo: str) -> bool:
    """Whether the first rep's tempo is slower by more than both intervals allow for."""
    one, other = first.measures.get(tempo), second.measures.get(tempo)
    if one is None or other is None or one.value is None or other.value is None:
        return False
    spread = (one.uncertainty_within_set or 0.0) ** 2 + (other.uncertainty_within_set or 0.0) ** 2
    return bool(one.value - other.value > spread**0.5)


def _of_set(
    exercise: Exercise, reps: Sequence[RepReport], setting: Setting
) -> tuple[SetReport, list[NotAssessed]]:
    """The set as a whole, and what of it could not be judged."""
    counted = [r for r in reps if r.counted]
    measures = {m.name: m.measure(counted) for m in exercise.set_measures if counted}
    said = [(c, c.judge(measures, counted, setting)) for c in exercise.set_checks if counted]
    findings = tuple(f for _, f in said if isinstance(f, Finding))
    report = SetReport(
        reps=len(counted),
        measures=measures,
        findings=findings,
        good=tuple(check.good for check, found in said if found is None and check.good),
        best_rep=_best(exercise, reps, findings),
    )
    return report, [u for _, u in said if isinstance(u, NotAssessed)]
