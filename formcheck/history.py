"""An athlete's sets over time: kept after an analysis, told, exported and forgotten.

What progress makes of them is in `progress/`; what is kept lies in `store/`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from formcheck import results
from formcheck.analysis import Options
from formcheck.errors import InputError
from formcheck.exercises import EXERCISES
from formcheck.files import cell, shown
from formcheck.measures.measure import Measured
from formcheck.pose import PoseTrack
from formcheck.progress.past import PastSet, Value, past_sets
from formcheck.progress.story import Story, told
from formcheck.report import Report
from formcheck.store import keeping
from formcheck.store.keeping import Done, Outcome
from formcheck.store.opening import Store, opened
from formcheck.store.tables import Athlete, Recording

SCHEMA = "formcheck.history/1"
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
"""A clip that says it is older has a camera whose clock was never set."""


def remembered(options: Options) -> Options:
    """What is asked, with what is known of the athlete's body where nothing was said of it. Opens
    nothing where no athlete is named. Raises UsageError (the name) and what opening raises."""
    if options.athlete_name is None:
        return options
    with opened() as store:
        known = keeping.known(store, options.athlete_name)
    return replace(options, athlete={**known, **options.athlete})


def keep(
    folder: Path, name: str, now: datetime | None = None, at: datetime | None = None
) -> Outcome:
    """Keep the result in a folder as an athlete's, and say what became of it.

    at: when the clip was filmed, where somebody says so. Raises InputError (no result), UsageError
    (the name) and what opening raises.
    """
    now = datetime.now(UTC) if now is None else now
    done = read(folder, now, at)
    with opened() as store:
        return keeping.keep(store, name, done, now)


def read(folder: Path, now: datetime, at: datetime | None = None) -> Done:
    """The result in a folder, as it is kept. Raises InputError where there is none."""
    text, report, setting, exercise = results.read(folder)
    raw, clip = json.loads(text), report.clip
    if clip is None:
        raise InputError(f"{shown(folder)}: this result is of no clip. Analyse the clip anew.")
    when, dated_by = _dated(report, now, at)
    return Done(
        name=clip.name,
        clip_sha256=clip.sha256,
        track_sha256=_poses(folder),
        exercise=report.exercise,
        at=when,
        dated_by=dated_by,
        folder=folder.absolute(),
        report=raw,
        setting=setting.model_dump(mode="json"),
        sets=past_sets(report, exercise, when),
    )


def _poses(folder: Path) -> str:
    """The fingerprint of the poses in a folder; "" where there are none. The setting does not tell
    it: one that was given is another clip's."""
    try:
        return PoseTrack.load(folder / "pose.npz").fingerprint
    except InputError:
        return ""


def _dated(report: Report, now: datetime, at: datetime | None) -> tuple[datetime, str]:
    """When a clip was filmed, and what told it. Midnight is a day without an hour: it is kept as
    its noon, which is the same day in all time zones nearby."""
    if at is not None:
        return (at, "user") if at.time() != time(0) else (at.replace(hour=12), "day")
    try:
        found = datetime.fromisoformat((report.clip and report.clip.recorded_at) or "")
    except ValueError:
        return now, "kept"
    found = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return (found, "clip") if OLDEST <= found <= now else (now, "kept")


@dataclass(frozen=True)
class Life:
    """All that is kept of an athlete."""

    name: str
    body: Mapping[str, Any]
    """What is known of it: mass_kg, height_m, sex."""
    notes: str
    recordings: tuple[Recording, ...]
    """In the order of time."""
    stories: tuple[Story, ...]
    """One an exercise, that of the last set first."""
    unread: tuple[str, ...] = ()
    """Recordings that another formcheck kept in a way that this one cannot read."""


def life(store: Store, name: str, now: datetime) -> Life:
    """All that is kept of an athlete. Raises UsageError where there is none of that name."""
    athlete = keeping.whole(store, name)
    recordings = tuple(sorted(athlete.recordings, key=lambda r: (r.recorded_at, r.id)))
    return Life(
        name=athlete.name,
        body={field: getattr(athlete, field) for field in keeping.KNOWN},
        notes=athlete.notes,
        recordings=recordings,
        stories=_stories(athlete, now),
        unread=tuple(r.name for r in recordings if not sets_of(r)),
    )


def about(one: Life) -> str:
    """What is known of an athlete's body, in words: "62 kg, 168 cm, female"; may be empty."""
    mass, height, sex = (one.body.get(name) for name in keeping.KNOWN)
    told = [f"{mass:g} kg" if mass else "", f"{100 * height:.0f} cm" if height else "", sex or ""]
    return ", ".join(words for words in told if words)


def _stories(athlete: Athlete, now: datetime) -> tuple[Story, ...]:
    by: dict[str, list[PastSet]] = {}
    for recording in sorted(athlete.recordings, key=lambda r: (r.recorded_at, r.id)):
        if recording.exercise in EXERCISES:
            by.setdefault(recording.exercise, []).extend(sets_of(recording))
    by = {name: own for name, own in by.items() if own}
    last = {name: max((s.dated_by != "kept", s.at) for s in own) for name, own in by.items()}
    return tuple(
        told(by[name], EXERCISES[name], now, _others(name, by))
        for name in sorted(by, key=lambda n: last[n], reverse=True)
    )


def _others(name: str, by: Mapping[str, Sequence[PastSet]]) -> list[PastSet]:
    """The sets of all other exercises that train the same muscle."""
    muscle = {n: _muscle(n) for n in by}
    alike = [n for n in by if n != name and muscle[n] is not None and muscle[n] == muscle[name]]
    return [one for n in alike for one in by[n]]


def _muscle(name: str) -> str | None:
    programme = EXERCISES[name].programme
    recovery = None if programme is None else programme.recovery
    return None if recovery is None else recovery.muscle


def sets_of(recording: Recording) -> list[PastSet]:
    """The sets of a recording; anew from its report where another formcheck kept them otherwise.
    Empty where that one is another's, too."""
    fields = PastSet.model_fields.keys()
    whole = all(one.told.keys() == fields for one in recording.sets)
    for way in (_as_kept, _anew) if whole else (_anew, _as_kept):
        with suppress(ValidationError, KeyError):
            found = way(recording)
            return [s.model_copy(update={"dated_by": recording.dated_by}) for s in found]
    return []


def _as_kept(recording: Recording) -> Sequence[PastSet]:
    return [PastSet.model_validate(one.told) for one in recording.sets]


def _anew(recording: Recording) -> Sequence[PastSet]:
    report = Report.model_validate(recording.report)
    return past_sets(report, EXERCISES[report.exercise], recording.recorded_at)


def as_json(one: Life) -> str:
    """All that is kept, on many lines: strict JSON, the reports whole."""
    return json.dumps(
        {
            "schema": SCHEMA,
            "athlete": {"name": one.name, **one.body, "notes": one.notes},
            "recordings": [
                {
                    "name": r.name,
                    "exercise": r.exercise,
                    "recorded_at": r.recorded_at.isoformat(),
                    "dated_by": r.dated_by,
                    "folder": r.folder,
                    "sets": [s.model_dump(mode="json") for s in sets_of(r)],
                    "report": r.report,
                }
                for r in one.recordings
            ],
        },
        indent=2,
        ensure_ascii=False,
        allow_nan=False,
    )


HEAD = ("at", "dated_by", "exercise", "recording", "set", "reps", "zone", "rest_s", "mode", "view",
        "stop_after_rep", "faults")  # fmt: skip


def as_csv(one: Life) -> str:
    """A row a set, each number, and what the set-up is told by, with its unit in the name, its
    half-width and its bound; an empty cell for what was not told."""
    rows = [(r, s) for r in one.recordings for s in sets_of(r)]
    names = {f"{n}_{v.unit}": n for _, s in rows for n, v in s.values.items()}
    setups = {f"setup_{n}_{v.unit}": n for _, s in rows for n, v in s.setup.parts.items()}
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    told = [f"{c}{tail}" for c in (*names, *setups) for tail in ("", "_uncertainty", "_bound")]
    writer.writerow([*HEAD, *told])
    for recording, done in rows:
        row = _row(recording, done)
        row += _numbers(done.values, names.values()) + _numbers(done.setup.parts, setups.values())
        writer.writerow([cell(value) for value in row])
    return file.getvalue()


def _row(recording: Recording, done: PastSet) -> list[object]:
    faults = "; ".join(f"{check}: {n}" for check, n in done.faults.items())
    setup = done.setup
    return [
        done.at.isoformat(), done.dated_by, recording.exercise, recording.name, done.number,
        done.reps, done.zone, done.rest_s, setup.mode, setup.view, done.stop_after_rep, faults,
    ]  # fmt: skip


def _numbers(told: Mapping[str, Value | Measured], names: Iterable[str]) -> list[object]:
    found = [told.get(name) for name in names]
    return [
        part for v in found for part in ((v.value, v.uncertainty, v.bound) if v else (None,) * 3)
    ]


def listed(found: Sequence[keeping.Entry]) -> str:
    """The list of all athletes, on one line of JSON."""
    rows = [
        {
            "name": one.name,
            "recordings": one.recordings,
            "sets": one.sets,
            "last": None if one.last is None else one.last.isoformat(),
        }
        for one in found
    ]
    return json.dumps({"schema": SCHEMA, "athletes": rows}, ensure_ascii=False)
