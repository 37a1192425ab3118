"""Athletes and what they did: kept, found again, and forgotten."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from formcheck.errors import UsageError
from formcheck.progress.past import PastSet
from formcheck.store.opening import Store
from formcheck.store.tables import Athlete, Recording, TrainingSet

KNOWN = ("mass_kg", "height_m", "sex")
"""What is known of an athlete's body."""
LONGEST = 200
"""Letters of a name."""


@dataclass(frozen=True)
class Done:
    """A recording that is to be kept."""

    name: str
    clip_sha256: str
    track_sha256: str
    exercise: str
    at: datetime
    dated_by: str
    """"clip", "user", "day" (that alone is known), or "kept": nobody knew, `at` is the present."""
    folder: Path | None
    report: Mapping[str, Any]
    setting: Mapping[str, Any]
    sets: Sequence[PastSet]


def key(name: str) -> str:
    """A name as it is looked for: whatever its case and its blanks. Raises UsageError where it
    cannot be one."""
    found = unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
    if not found or len(found) > LONGEST or not found.isprintable():
        raise UsageError(f"An athlete needs a name of 1 to {LONGEST} printable letters.")
    return found


def find(session: Session, name: str) -> Athlete | None:
    """The athlete of that name; None: there is none. Raises UsageError."""
    return session.scalar(select(Athlete).where(Athlete.key == key(name)))


def known(store: Store, name: str) -> dict[str, Any]:
    """What is known of an athlete's body; empty where there is nothing, or no such athlete."""
    with store.reading() as session:
        athlete = find(session, name)
        told = {field: getattr(athlete, field, None) for field in KNOWN}
    return {field: value for field, value in told.items() if value is not None}


def enter(
    session: Session, name: str, now: datetime, said: Mapping[str, Any] | None = None
) -> Athlete:
    """The athlete of that name, entered where there is none; what is said outdoes what is known."""
    athlete = find(session, name)
    if athlete is None:
        athlete = Athlete(key=key(name), name=" ".join(name.split()), notes="", added_at=now)
        session.add(athlete)
    for field, value in (said or {}).items():
        setattr(athlete, field, value)
    session.flush()
    return athlete


def keep(store: Store, name: str, done: Done, now: datetime) -> bool:
    """Keep a recording of an athlete; whether it is new. One that was kept before is replaced, and
    stays of its day where nobody said another."""
    said = {field: done.report["settings"].get(field) for field in KNOWN}
    with store.writing() as session:
        athlete = enter(session, name, now, {f: v for f, v in said.items() if v is not None})
        before = _same(session, athlete, done)
        at, dated_by = done.at, done.dated_by
        if before is not None:
            if dated_by == "kept":
                at, dated_by = before.recorded_at, before.dated_by
            session.delete(before)
            session.flush()
        session.add(_recording(athlete, done, at, dated_by, now))
    return before is None


def _same(session: Session, athlete: Athlete, done: Done) -> Recording | None:
    """The recording that was kept of the same clip, or of the same poses."""
    mine = (Recording.athlete_id == athlete.id, Recording.exercise == done.exercise)
    clip = or_(
        Recording.clip_sha256 == done.clip_sha256, Recording.track_sha256 == done.track_sha256
    )
    return session.scalars(select(Recording).where(*mine, clip)).first()


def _recording(
    athlete: Athlete, done: Done, at: datetime, dated_by: str, now: datetime
) -> Recording:
    shift = at - done.at
    sets = [one.model_copy(update={"at": one.at + shift}) for one in done.sets]
    return Recording(
        athlete_id=athlete.id,
        name=done.name,
        clip_sha256=done.clip_sha256,
        track_sha256=done.track_sha256,
        exercise=done.exercise,
        recorded_at=at,
        dated_by=dated_by,
        added_at=now,
        folder=None if done.folder is None else str(done.folder),
        report=dict(done.report),
        setting=dict(done.setting),
        sets=[
            TrainingSet(
                number=s.number, started_at=s.at, reps=s.reps, told=s.model_dump(mode="json")
            )
            for s in sets
        ],
    )


@dataclass(frozen=True)
class Entry:
    """An athlete in the list of all."""

    name: str
    recordings: int
    sets: int
    last: datetime | None
    """When the last set began."""


def entries(store: Store) -> list[Entry]:
    """All athletes, by name."""
    sets = (func.count(TrainingSet.id), func.max(TrainingSet.started_at))
    with store.reading() as session:
        found = session.execute(
            select(Athlete.name, func.count(func.distinct(Recording.id)), *sets)
            .outerjoin(Recording, Recording.athlete_id == Athlete.id)
            .outerjoin(TrainingSet, TrainingSet.recording_id == Recording.id)
            .group_by(Athlete.id, Athlete.name)
            .order_by(Athlete.key)
        ).all()
    return [Entry(*row) for row in found]


def whole(store: Store, name: str) -> Athlete | None:
    """An athlete with all recordings and their sets; None: there is none of that name."""
    with store.reading() as session:
        return session.scalar(
            select(Athlete)
            .where(Athlete.key == key(name))
            .options(selectinload(Athlete.recordings).selectinload(Recording.sets))
        )


def drop(store: Store, folder: Path) -> None:
    """Keep no longer what lies in a folder, nor its athlete where nothing else is known of them."""
    with store.writing() as session:
        for one in session.scalars(select(Recording).where(Recording.folder == str(folder))).all():
            athlete = one.athlete
            session.delete(one)
            session.flush()
            session.refresh(athlete)
            if athlete is not None and not (athlete.recordings or athlete.notes):
                session.delete(athlete)
    store.tidy()


def forget(store: Store, name: str) -> list[tuple[Path, str]]:
    """Delete an athlete with everything of theirs; the folders of their results, which are still
    there, each with the hash of its clip. Raises UsageError where there is no such athlete."""
    with store.writing() as session:
        athlete = find(session, name)
        if athlete is None:
            raise UsageError(f"There is no athlete called {name!r}.")
        kept = [r for r in athlete.recordings if r.folder is not None]
        folders = [(Path(r.folder or ""), r.clip_sha256) for r in kept]
        session.delete(athlete)
    store.tidy()
    return folders
