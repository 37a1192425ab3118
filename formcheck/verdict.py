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
from formcheck.set_parts import done, parted
from formcheck.setting import Setting

SIDE_UP_TO = 20.0
"""Degrees off the side view that are still called side (9, G4)."""


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
    of_set, sets, left_open = parted(exercise, kept, setting)
    unjudged = (
        grouped([*course.not_assessed, *left_open])
        if recognised
        else (_not_recognised(exercise, setting, course) if seen else _nobody(exercise),)
    )
    return Report(
        exercise=exercise.name,
        recognised=recognised,
        settings=_settings(exercise, setting),
        verdict=_verdict(exercise, kept, of_set, unjudged, setting, len(sets)),
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
        sets=sets,
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
    setting: Setting,
    sets: int,
) -> Verdict:
    if not reps:
        return Verdict(
            status="not-assessed",
            sentence=f"No {exercise.title} was recognised. {unjudged[0].reason}",
            advice=unjudged[0].what_to_change,
        )
    counted = [r for r in reps if r.counted]
    heading = done(exercise, len(counted), sets)
    findings = [*(f for r in reps for f in r.findings), *of_set.findings]
    hardly = all(r.hardly_judged(len(exercise.weighty)) for r in counted)
    said = first_to_change(exercise, [f for f in findings if f.severity != "note"])
    if said is not None:
        unseen = " How well the reps were done could not be judged." if hardly else ""
        return Verdict(
            status="improve",
            sentence=f"{heading}. {_to_work_on(exercise, reps, of_set)}{unseen}",
            advice=said.advice,
        )
    notes = ", ".join(_found(exercise, reps, of_set, "note").values())
    noted = f" Noted: {notes}." if notes else ""
    if hardly:
        reason = f" {unjudged[0].reason}" if unjudged else ""
        they = "it was done" if len(counted) == 1 else "they were done"
        return Verdict(
            status="not-assessed",
            sentence=f"{heading} counted; how well {they} could not be judged.{reason}{noted}",
            advice=unjudged[0].what_to_change if unjudged else f"Film {exercise.film}",
        )
    note = first_to_change(exercise, findings)
    return Verdict(
        status="good",
        sentence=f"{heading}, and nothing wrong in what could be judged.{noted}"
        + _left_open(exercise, counted, unjudged),
        advice=exercise.onward(counted, setting) if note is None else note.advice,
    )


def first_to_change(exercise: Exercise, findings: Sequence[Finding]) -> Finding | None:
    """The finding to change first: the most severe; among equals that the set was to end, because
    the rest may be what came of it, then the most frequent, then the exercise's own order of
    checks."""
    often = Counter((f.severity, f.check) for f in findings)
    order = list(exercise.labels())
    ends = {check.name for check in exercise.set_checks if check.stops}
    return min(
        findings,
        key=lambda f: (
            SEVERITIES.index(f.severity),
            f.check not in ends,
            -often[f.severity, f.check],
            order.index(f.check),
        ),
        default=None,
    )


def _left_open(
    exercise: Exercise, counted: Sequence[RepReport], unjudged: Sequence[NotAssessed]
) -> str:
    """The checks that were judged in no rep, and in some only, named; not those of a rep
    that could only have noted something."""
    slight = {c.name for c in exercise.checks} - {*exercise.weighty}
    missing = {
        label: [e.reps for e in unjudged if e.what == name]
        for name, label in exercise.labels().items()
        if name not in slight
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
    ends = {check.name for check in exercise.set_checks if check.stops}
    for name, label in exercise.labels().items():
        found = [(r, f) for r in reps for f in r.findings if f.check == name]
        where = [r.number for r, f in found if f.severity == severity and r.number is not None]
        if where:
            parts[name] = f"{label} ({_listed('rep', where)})"
        elif name in whole:
            at = of_set.stop_after_rep if name in ends else None
            parts[name] = label if at is None else f"{label} ({_listed('rep', [at])})"
    return parts


def _listed(noun: str, numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"{noun} {numbers[0]}"
    return f"{noun}s {', '.join(str(n) for n in numbers[:-1])} and {numbers[-1]}"
