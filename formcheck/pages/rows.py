"""From the report to what the page prints: rows, cards and lists, in reading order."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from formcheck.checks import SEVERITIES, Finding, by_reason
from formcheck.curves import Curves
from formcheck.exercise import Exercise
from formcheck.look import Look
from formcheck.measures.measure import WORST, GateResult, Measured
from formcheck.pages import charts, words
from formcheck.report import Report, RepReport

OWN = "formcheck docs"
"""How sources begin that are pages of our own."""

Stills = Mapping[tuple[int, str], bytes]
"""JPEG pictures of findings by number of the rep and name of the check."""


@dataclass(frozen=True)
class Cell:
    """One number of the table of reps."""

    label: str
    text: str
    note: str
    """What became of it, or why it is missing; may be empty."""
    assessed: bool


@dataclass(frozen=True)
class Judgement:
    """One thing said of a rep in the table."""

    tone: str
    """fault, warning, note, good or unknown: which icon and colour."""
    text: str


@dataclass(frozen=True)
class Row:
    """One rep in the table."""

    anchor: str
    at_s: float | None
    name: str
    kind: str
    """Empty for a full rep, which is what one expects."""
    best: bool
    cells: tuple[Cell, ...]
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True)
class Card:
    """One finding."""

    tone: str
    severity: str
    label: str
    rep: str
    moment: str
    at_s: float | None
    until_s: float | None
    sentence: str
    name: str
    """What the number is."""
    value: str
    limit: str
    advice: str
    anchor: str
    again: bool
    """Whether an earlier card gives the same advice."""
    still: str
    """The picture of its moment as a data: address; empty where there is none."""
    alt: str


@dataclass(frozen=True)
class Gap:
    """What was not assessed for one reason."""

    what: str
    reps: str
    reason: str
    what_to_change: str


def columns(exercise: Exercise) -> tuple[str, ...]:
    """The measures that the table of reps shows."""
    return tuple(dict.fromkeys((exercise.tempo, exercise.headline, *exercise.look.columns)))


def table(report: Report, curves: Curves, exercise: Exercise) -> tuple[Row, ...]:
    """A row a rep, attempts included. One whose start was not seen leads to where the timeline
    begins it."""
    labels = exercise.labels()
    return tuple(
        Row(
            anchor=anchor(i),
            at_s=charts.begins_s(rep, curves),
            name=words.title(rep),
            kind="" if rep.kind == "full" and rep.counted else words.kind(rep, exercise.look),
            best=rep.number is not None and rep.number == report.set_.best_rep,
            cells=tuple(
                _cell(name, rep.measures.get(name), exercise.look) for name in columns(exercise)
            ),
            judgements=tuple(_judgements(rep, labels, len(exercise.weighty))),
        )
        for i, rep in enumerate(report.reps)
    )


def of_set(report: Report, exercise: Exercise) -> tuple[Cell, ...]:
    """The numbers of the set that are known, each with what it means."""
    measures, bands = report.set_.measures, report.set_.bands
    known = [n for n in exercise.of_set if n in measures and measures[n].value is not None]
    return tuple(
        Cell(exercise.look.term(n).label, words.measured(measures[n]), bands.get(n, ""), True)
        for n in known
    )


def anchor(i: int) -> str:
    """The id of a row of the table, counted from 0, attempts included."""
    return f"rep-{i + 1}"


def _cell(name: str, m: Measured | None, look: Look) -> Cell:
    assessed = m is not None and m.value is not None
    note = look.outcomes.get(m.outcome or "", "") if m is not None and assessed else ""
    return Cell(look.term(name).label, words.measured(m), note, assessed)


def _judgements(rep: RepReport, labels: Mapping[str, str], checks: int) -> Iterator[Judgement]:
    for f in sorted(rep.findings, key=lambda f: SEVERITIES.index(f.severity)):
        said = labels.get(f.check, words.plain(f.check))
        yield Judgement(f.severity, f"{words.SEVERITIES[f.severity]}: {said}")
    if rep.hardly_judged(checks):
        yield Judgement("unknown", words.sentence(words.NOT_ASSESSED))
    elif not rep.findings:
        yield Judgement("good", "Nothing wrong in what could be judged")


def cards(report: Report, exercise: Exercise, stills: Stills) -> tuple[Card, ...]:
    """A card a finding: faults, then warnings, then notes; in each the set's after the reps'."""
    labels = exercise.labels()
    said: list[tuple[RepReport | None, Finding]] = [(r, f) for r in report.reps for f in r.findings]
    # A finding of the whole set has no moment of its own, only that of the rep it came from.
    said += [
        (None, f.model_copy(update={"at_s": None, "until_s": None})) for f in report.set_.findings
    ]
    said.sort(key=lambda pair: SEVERITIES.index(pair[1].severity))
    made: list[Card] = []
    for rep, f in said:
        label = words.sentence(labels.get(f.check, words.plain(f.check)))
        again = any(c.advice == f.advice for c in made)
        still = None if rep is None else stills.get((rep.number or 0, f.check))
        name = exercise.look.term(f.measure).label
        made.append(_card(rep, f, (label, name), f"finding-{len(made) + 1}", again, still))
    return tuple(made)


def _card(
    rep: RepReport | None,
    f: Finding,
    names: tuple[str, str],
    anchor: str,
    again: bool,
    still: bytes | None,
) -> Card:
    """names: of the check and of its number."""
    (label, name), value, limit = names, words.found(f), words.limit(f)
    whose = "Whole set" if rep is None else words.title(rep)
    where = f"{whose} {words.moment(f.at_s)}".strip()
    return Card(
        tone=f.severity,
        severity=words.SEVERITIES[f.severity],
        label=label,
        rep=whose,
        moment=words.moment(f.at_s),
        at_s=f.at_s,
        until_s=f.until_s,
        sentence=f.sentence,
        name=name,
        value=value,
        limit=limit,
        advice=f.advice,
        anchor=anchor,
        again=again,
        still="" if still is None else f"data:image/jpeg;base64,{b64encode(still).decode()}",
        alt=f"{where}: {label[:1].lower()}{label[1:]}. {name} {value}; the limit is {limit}.",
    )


def good(report: Report) -> tuple[tuple[str, str], ...]:
    """What was done well, most often first, and in which reps."""
    said: dict[str, list[int]] = {}
    for rep in report.reps:
        for one in rep.good if rep.number is not None else ():
            said.setdefault(one, []).append(rep.number or 0)
    often = sorted(said.items(), key=lambda entry: -len(entry[1]))
    return tuple((one, which(reps, report)) for one, reps in often)


def which(numbers: Sequence[int], report: Report) -> str:
    """Which reps, in words, of a report that has more."""
    every = [r.number for r in report.reps if r.number is not None]
    return "every rep" if len(every) > 1 and list(numbers) == every else words.listed(numbers)


def gaps(report: Report, exercise: Exercise) -> tuple[Gap, ...]:
    """What was not assessed; what has one reason stands in one card. Where there is no rep, what
    the verdict has already said, whole, is not said again."""
    verdict = report.verdict
    return tuple(
        Gap(
            words.sentence(", ".join(words.subject(what, exercise) for what in left)),
            which(reps, report),
            reason,
            change,
        )
        for (reps, reason, change), left in by_reason(report.not_assessed).items()
        if report.reps or reason not in verdict.sentence or change != verdict.advice
    )


def worst_gates(every: Sequence[Measured]) -> tuple[GateResult, ...]:
    """Each condition as it stood where it was met least."""
    worst: dict[str, GateResult] = {}
    for result in (g for m in every for g in m.gates):
        known = worst.get(result.gate)
        if known is None or WORST.index(result.status) > WORST.index(known.status):
            worst[result.gate] = result
    return tuple(worst.values())


def sources(report: Report, exercise: Exercise) -> tuple[str, ...]:
    """Where the numbers' definitions come from, each once; our own pages as one."""
    unasked = exercise.unasked(report.settings)
    every = [m for r in report.reps for name, m in r.measures.items() if name not in unasked]
    every += report.set_.measures.values()
    named = [part.strip() for m in every for part in m.source.split(";")]
    studies = [part for part in named if part and not part.startswith(OWN)]
    return (*dict.fromkeys(studies), *([OWN] if len(studies) < len(named) else ()))


def conditions(report: Report, look: Look) -> tuple[tuple[str, str], ...]:
    """Who was measured, how it was filmed and what the user said, in plain words."""
    return (*_athlete(report), *_clip(report), *_settings(report, look), *_gates(report))


def _athlete(report: Report) -> Iterator[tuple[str, str]]:
    a = report.athlete
    yield "Measured", a.chosen_because
    if a.people_seen is not None:
        yield "People in the picture", str(a.people_seen)
    if a.side is not None and a.facing is not None:
        yield "Side", f"the {a.side} side, facing {a.facing} in the picture"
    yield "Found in", f"{a.coverage:.0%} of the frames"
    yield "Camera", words.camera(report.view)


def _clip(report: Report) -> Iterator[tuple[str, str]]:
    clip = report.clip
    if clip is None:
        return
    rate = "not known" if clip.fps is None else f"{clip.fps:.4g} frames a second"
    yield "Timing", f"{rate}, {clip.timing}"
    if clip.time_scale != 1:
        yield "Slow motion", f"{clip.time_scale:g} seconds of the clip are one second of the world"
    length = "" if clip.duration_s is None else f", {clip.duration_s:.1f} s"
    turned = f", turned by {clip.rotation_deg}°" if clip.rotation_deg else ""
    yield "Picture", f"{clip.width} × {clip.height} pixels{turned}, {clip.frames} frames{length}"
    if clip.recorded_at is not None:
        yield "Recorded", clip.recorded_at


def _gates(report: Report) -> Iterator[tuple[str, str]]:
    """The figures on which numbers were accepted or refused, at their worst in the set."""
    every = [m for r in report.reps for m in r.measures.values()]
    for result in worst_gates([*every, *report.set_.measures.values()]):
        name, figure = words.gate(result)
        yield words.sentence(name), figure


def _settings(report: Report, look: Look) -> Iterator[tuple[str, str]]:
    s = report.settings
    if look.modes:
        yield "Programme", look.modes.get(s.mode, s.mode)
    said = (
        ("Body mass", s.mass_kg, " kg"),
        ("Height", s.height_m, " m"),
        ("Sex", s.sex, ""),
        ("Filmed at", s.capture_fps, " frames a second"),
        ("Limits", s.profile and f"those of the profile {s.profile}", ""),
    )
    for name, value, unit in said:
        if value is not None:
            yield name, f"{value:g}{unit}" if isinstance(value, float) else value


def provenance(report: Report) -> tuple[tuple[str, str], ...]:
    """Versions and hashes; empty where nothing is known of them."""
    p, clip = report.provenance, report.clip
    known = (
        ("formcheck", p and p.formcheck),
        ("MediaPipe", p and p.mediapipe),
        ("Pose model", p and p.model),
        ("Pose model, SHA-256", p and p.model_sha256),
        ("Exercise, SHA-256", p and p.exercise_sha256),
        ("Profile, SHA-256", p and p.profile_sha256),
        ("Clip, SHA-256", clip and clip.sha256),
    )
    return tuple((name, value) for name, value in known if value)
