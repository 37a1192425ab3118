"""What an exercise does to poses: the laws of the house, as far as an exercise can break them.

Each function gives what is wrong, in words; nothing is right.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from formcheck.curves import curves
from formcheck.exercise import Exercise
from formcheck.measures.measure import Measured
from formcheck.pose import Joint, PoseTrack
from formcheck.report import Report, RepReport
from formcheck.session import Session
from formcheck.setting import Setting
from formcheck.testing.trial import Judged, Trial, judged, said, setting_of
from formcheck.testing.ways import at_rate, hidden, mirrored, scaled, up_to, with_lost

MOMENT_WITHIN_S = 0.1
"""By how much a moment may move from one way of filming to another."""
PARTS = (0.1, 0.25, 0.5)
"""Shares of the whole way of a rep that is not done to its end."""
APART = (0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 1.0)
"""Shares at which other exercises look at it: the way back from somewhere may be their way out."""
BEGUN = 0.1
"""A share that is no rep of anything."""
RATES = (60.0, 240.0)
ELSEWHERE = ("Nothing in the filming", "Do and film at least")
"""How advice begins that the filming guide need not hold."""
LATER, SHIFT_S = "half a second later", 0.5
ROUNDED = 0.15
"""What rounding in the report may add to a difference."""

Problems = Iterator[str]


def _moments(rep: RepReport) -> dict[str, float]:
    told = rep.model_dump()
    return {n: v for n, v in told.items() if n.endswith("_s") and v is not None}


def own_set(trial: Trial) -> Problems:
    """The demonstration is recognised, counted, without a fault, and every number is told that
    needs nothing to be said of the athlete."""
    report = trial.plain.report
    unasked = trial.exercise.unasked(report.settings)
    if not report.recognised:
        yield f"its own demonstration is not recognised: {report.verdict.sentence}"
    if report.set_.reps != 2:
        yield f"2 reps were done, {report.set_.reps} counted"
    for rep in report.reps:
        if rep.kind != "full":
            yield f"rep {rep.number} is {rep.kind}, and was done whole"
        yield from (f"rep {rep.number}: {f.sentence}" for f in rep.findings if f.severity != "note")
        for name, m in rep.measures.items():
            told = m.value is not None or m.outcome is not None
            if not told and name not in unasked and not _wants_more_frames(m):
                yield f"rep {rep.number}: {name} is refused: {m.reason}"


def _wants_more_frames(m: Measured) -> bool:
    """Whether the frame rate alone refuses it: then it has to be told at one of RATES."""
    return {g.gate for g in m.gates if g.status == "refused"} == {"G1"}


def shown(trial: Trial) -> Problems:
    """Every phase has its words and happens, every moment is told, every curve can be drawn."""
    exercise, session, report = trial.exercise, trial.plain.session, trial.plain.report
    drawn = curves(exercise, trial.setting, session.names, session.samples, report)
    for phase in exercise.look.phases:
        if not phase.title or not phase.says:
            yield f"the phase {phase.name} lacks its words"
        if phase.name not in drawn.phase:
            yield f"the phase {phase.name} never happens in the demonstration"
    told = {name for rep in trial.plain.counted for name in _moments(rep)}
    for moment in exercise.moments.keys() - told:
        yield f"{moment} is told in no rep of the demonstration"
    for panel in exercise.look.panels:
        if not np.isfinite(drawn.values[panel.signal]).any():
            yield f"the curve of {panel.signal} is empty"


def ways(trial: Trial) -> Mapping[str, PoseTrack]:
    """The demonstration filmed otherwise: two reps, or one where frames are many."""
    return {
        "mirrored": mirrored(trial.usual),
        "with 10 % of the frames lost": with_lost(trial.usual, 0.1),
        "in a picture half as large": scaled(trial.partly(1.0), 0.5),
        LATER: replace(trial.partly(1.0), t_s=trial.partly(1.0).t_s + SHIFT_S),
        **{f"at {rate:g} frames a second": at_rate(trial.one, rate) for rate in RATES},
    }


def invariance(trial: Trial, way: str, track: PoseTrack) -> Problems:
    """However it was filmed: the same reps, the same findings unless a number was refused."""
    other = judged(trial.exercise, track)
    reps, plain = other.counted, trial.plain.counted
    done = 1 if track.t_s[-1] - track.t_s[0] < trial.usual.t_s[-1] - 1 else 2
    if len(reps) != done:
        yield f"{way}: {done} done, {len(reps)} counted"
        return
    shift = SHIFT_S if way == LATER else 0.0
    for one, usual in zip(reps, plain, strict=False):
        yield from (f"{way}, rep {one.number}: {p}" for p in _differing(one, usual, shift))


def _differing(one: RepReport, usual: RepReport, shift: float) -> Problems:
    if one.kind != usual.kind:
        yield f"it is {one.kind} instead of {usual.kind}"
    refused = {n for r in (one, usual) for n, m in r.measures.items() if m.value is None}
    found = [{(f.check, f.severity) for f in r.findings if f.measure not in refused}
             for r in (one, usual)]  # fmt: skip
    if found[0] != found[1]:
        yield f"{sorted(found[0])} was found instead of {sorted(found[1])}"
    for name in sorted(refused & one.measures.keys() & usual.measures.keys()):
        here, there = one.measures[name], usual.measures[name]
        told = here.value is not None or here.outcome is not None
        if not told and _wants_more_frames(there) and not _wants_more_frames(here):
            yield f"{name} is refused: {here.reason}"
    for name in one.measures.keys() - refused:
        here, there = one.measures[name], usual.measures[name]
        apart = abs((here.value or 0.0) - (there.value or 0.0))
        if apart > (here.uncertainty or 0.0) + (there.uncertainty or 0.0) + ROUNDED:
            yield f"{name} is {here.value} instead of {there.value}, beyond both intervals"
    moments, usually = _moments(one), _moments(usual)
    for name in moments.keys() & usually.keys():
        if abs(moments[name] - shift - usually[name]) > MOMENT_WITHIN_S:
            yield f"{name} is {moments[name] - shift:.2f} instead of {usually[name]:.2f}"


def half_done(trial: Trial) -> Problems:
    """A rep that is not done to its end is no full one, and one hardly begun is none."""
    for share in PARTS:
        counted = judged(trial.exercise, trial.partly(share)).counted
        if share <= BEGUN and counted:
            yield f"{share:.0%} of the way is counted"
        if any(r.kind == "full" for r in counted):
            yield f"{share:.0%} of the way is called full"


def told_apart(trial: Trial, others: Sequence[Exercise]) -> Problems:
    """No other exercise counts its set, done whole or in part."""
    for other in (o for o in others if o.name != trial.exercise.name):
        for share in APART:
            report = judged(other, trial.partly(share)).report
            if report.recognised:
                yield f"{share:.0%} of the way is recognised as {other.name}"


def never_taken_back(trial: Trial) -> Problems:
    """What has been said stands, wherever the input is cut, and is said of the past alone."""
    final = said(trial.plain.session.events)
    session = Session(trial.exercise, trial.setting)
    heard: list[str] = []
    for pose in trial.usual:
        new = session.push(pose)
        heard += said(new)
        if any(event.said > pose.t or event.at > event.said + 1e-3 for event in new):
            yield "something is said before it was seen"
    session.close()
    if said(session.events) != final or heard != final[: len(heard)]:
        yield "what was said in the end is not what was said at once"


def same_again(trial: Trial) -> Problems:
    """The same poses and the same setting, saved and read again, give the same bytes; nothing is
    remembered of the set between."""
    once = trial.plain.report.json_text()
    judged(trial.exercise, mirrored(trial.partly(0.5)))
    saved = Setting.model_validate_json(trial.setting.model_dump_json())
    if judged(trial.exercise, trial.usual, saved).report.json_text() != once:
        yield "judged again, the same set gives another report"


def nothing_seen(trial: Trial) -> Problems:
    """Nobody, no frame, or a body that holds still: not recognised, and that is said."""
    usual = trial.partly(1.0)
    lost = PoseTrack(usual.t_s, usual.points * np.nan, usual.visibility * np.nan, usual.size)
    still = PoseTrack(
        usual.t_s, np.repeat(usual.points[:1], len(usual), 0),
        np.repeat(usual.visibility[:1], len(usual), 0), usual.size,
    )  # fmt: skip
    for what, track in {
        "nobody": lost,
        "one frame": up_to(usual, 1),
        "a still body": still,
    }.items():
        yield from _not_recognised(what, judged(trial.exercise, track).report)
    silent = Session(trial.exercise, setting_of(trial.exercise, lost))
    yield from _not_recognised("no frame", silent.close())


def _not_recognised(what: str, report: Report) -> Problems:
    if report.recognised or report.set_.reps or report.verdict.status != "not-assessed":
        yield f"{what} is recognised"
    for text in (report.verdict.sentence, report.verdict.advice):
        yield from _unsaid(what, text)
    yield from (f"{what}: {problem}" for problem in strict(report))


def _unsaid(what: str, text: str | None) -> Problems:
    if not text or not text.rstrip().endswith(".") or "{" in text or "nan" in text.split():
        yield f"{what}: {text!r} is no sentence"


def _unguided(exercise: Exercise, what: str, advice: str) -> Problems:
    """Advice that is not found in the filming guide, in the same words."""
    guide = [tip.words for tip in exercise.guide]
    if not any(words in advice for words in (*guide, exercise.film, exercise.whole, *ELSEWHERE)):
        yield f"{what}: {advice!r} does not stand in its filming guide (tips)"


def strict(report: Report) -> Problems:
    """The report is strict JSON and reads back as itself."""

    def refuse(constant: str) -> float:
        raise ValueError(constant)

    try:
        json.loads(report.json_text(), parse_constant=refuse)
    except ValueError as error:
        yield f"the report is no strict JSON ({error})"
    if Report.model_validate_json(report.json_text()) != report:
        yield "the report does not read back as itself"


def filmed_badly(trial: Trial) -> Mapping[str, tuple[PoseTrack, Setting]]:
    """The demonstration as it cannot be judged: each way with its setting."""
    usual, setting = trial.partly(1.0), setting_of(trial.exercise, trial.partly(1.0))
    slow, far = at_rate(usual, 8.0), scaled(usual, 0.15)
    unseen = hidden(usual, Joint.HIP, Joint.KNEE, Joint.ANKLE, Joint.WRIST, Joint.SHOULDER)
    turned = {"camera": None, "rectified": False, "yaw_uncertainty_deg": 5.0}
    return {
        "at 8 frames a second": (slow, setting_of(trial.exercise, slow)),
        "from far away": (far, setting_of(trial.exercise, far)),
        "with hidden joints": (unseen, setting_of(trial.exercise, unseen)),
        "50° off the side": (usual, setting.model_copy(update={**turned, "yaw_deg": 50.0})),
        "from the front": (usual, setting.model_copy(update={**turned, "yaw_deg": 85.0})),
        "at an unknown speed": (usual, setting.model_copy(update={"clock": "ramped"})),
    }


def refused_with_words(trial: Trial) -> Problems:
    """What cannot be told says why and what to change; no check is silent about a rep."""
    for way, (track, setting) in filmed_badly(trial).items():
        done = judged(trial.exercise, track, setting)
        yield from (f"{way}: {p}" for p in strict(done.report))
        yield from (f"{way}: {p}" for p in _told(done.report.set_.measures))
        for rep in done.report.reps:
            yield from (f"{way}: {p}" for p in _answered(trial.exercise, rep, done))


def _told(measures: Mapping[str, Measured]) -> Problems:
    """A number has its interval; where there is none it is refused with words."""
    for name, m in measures.items():
        if m.value is None:
            yield from _unsaid(f"{name} is refused", m.reason)
            if m.status != "refused" and m.outcome is None:
                yield f"{name} has no value and is not refused but {m.status}"
        elif m.uncertainty is None:
            yield f"{name} has a value and no uncertainty"


def _answered(exercise: Exercise, rep: RepReport, done: Judged) -> Problems:
    yield from _told(rep.measures)
    if not rep.counted:
        return
    named = {f.check for f in rep.findings}
    named |= {e.what for e in done.report.not_assessed if not e.reps or rep.number in e.reps}
    for entry in done.report.not_assessed:
        yield from _unsaid(entry.what, entry.reason)
        yield from _unsaid(entry.what, entry.what_to_change)
        yield from _unguided(exercise, entry.what, entry.what_to_change)
    for check in exercise.checks:
        if rep.kind in check.kinds and check.name not in named and check.good not in rep.good:
            yield f"{check.name} says nothing about rep {rep.number}"
