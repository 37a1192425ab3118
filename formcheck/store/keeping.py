"""Athletes and what they did: kept, found again, and forgotten."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, selectinload

from formcheck.errors import UsageError
from formcheck.files import spelled, unspelled
from formcheck.progress.past import PastSet
from formcheck.store.opening import Store
from formcheck.store.tables import Athlete, Job, Recording, TrainingSet

KNOWN = ("mass_kg", "height_m", "sex")
"""What is known of an athlete's body."""
LONGEST = 200
"""Letters of a name."""
RANKS = {"kept": 0, "clip": 1, "day": 2, "user": 2}
"""What tells the day of a recording; a higher one outdoes a lower one."""
LOCK = 0x68697374
"""By this number those that write to a PostgreSQL database wait for each other."""
Outcome = Literal["new", "again", "removed", "nothing"]
"""What became of a recording: kept for the first time; kept before and replaced; kept before, and
taken out since it has no sets any more; or never kept, since it has none."""


@dataclass(frozen=True)
class Done:
    """A recording that is to be kept."""

    name: str
    clip_sha256: str
    track_sha256: str
    """"" where the poses are not known."""
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


def alike(said: str | None, known: str) -> bool:
    """Whether a name is that of a key; what can be no name is nobody's."""
    try:
        return bool(said) and key(str(said)) == known
    except UsageError:
        return False


def find(session: Session, name: str) -> Athlete | None:
    """The athlete of that name; None: there is none. Raises UsageError."""
    return session.scalar(select(Athlete).where(Athlete.key == key(name)))


def there(session: Session, name: str) -> Athlete:
    """The athlete of that name. Raises UsageError where there is none, with who there is."""
    athlete = find(session, name)
    if athlete is not None:
        return athlete
    names = session.scalars(select(Athlete.name).order_by(Athlete.key).limit(10)).all()
    nobody = "Nobody is kept yet: say --athlete NAME when a clip is analysed."
    who = f"There are: {', '.join(names)}." if names else nobody
    raise UsageError(f"There is no athlete called {name!r}. {who}")


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
    _in_turn(session)
    athlete = find(session, name)
    if athlete is None:
        athlete = Athlete(key=key(name), name=" ".join(name.split()), notes="", added_at=now)
        session.add(athlete)
    for field, value in (said or {}).items():
        setattr(athlete, field, value)
    session.flush()
    return athlete


def _in_turn(session: Session) -> None:
    """Wait for whoever looks for the same and may write it, too; SQLite's writers always do."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def note(store: Store, name: str, text: str, now: datetime) -> None:
    """Add a note on an athlete, with its day; an empty text deletes those there are. Raises
    UsageError where there is no such athlete."""
    said = " ".join(text.split())
    with store.writing() as session:
        _in_turn(session)
        athlete = there(session, name)
        new = f"{now:%Y-%m-%d}: {said}"
        athlete.notes = "\n".join(filter(None, (athlete.notes, new))) if said else ""


def keep(store: Store, name: str, done: Done, now: datetime) -> Outcome:
    """Keep a recording of an athlete. What was kept before of the same clip is replaced, whatever
    exercise it was taken for, and keeps its day where nobody knows better."""
    with store.writing() as session:
        athlete = enter(session, name, now) if done.sets else find(session, name)
        before = [] if athlete is None else _same(session, athlete, done)
        for one in before:
            session.delete(one)
        session.flush()
        if athlete is None or not done.sets:
            return "removed" if before else "nothing"
        at, dated_by = _day(done, before)
        _remember(session, athlete, done.report["settings"], at if dated_by != "kept" else None)
        session.add(_recording(athlete, done, at, dated_by, now))
    return "again" if before else "new"


def _remember(
    session: Session, athlete: Athlete, said: Mapping[str, Any], at: datetime | None
) -> None:
    """What was said of the body when a clip was analysed: it outdoes what is known, but not where
    the clip is older than another whose day is known, or its own day is not (at: None)."""
    dated = select(Recording.id).where(
        Recording.athlete_id == athlete.id, Recording.dated_by != "kept"
    )
    later = dated if at is None else dated.where(Recording.recorded_at > at)
    old = session.scalar(later.limit(1)) is not None
    for field in KNOWN:
        if said.get(field) is not None and not (old and getattr(athlete, field) is not None):
            setattr(athlete, field, said[field])


def _same(session: Session, athlete: Athlete, done: Done) -> Sequence[Recording]:
    """What was kept of the same clip, or of the same poses."""
    poses = and_(Recording.track_sha256 == done.track_sha256, Recording.track_sha256 != "")
    same = or_(Recording.clip_sha256 == done.clip_sha256, poses)
    return session.scalars(select(Recording).where(Recording.athlete_id == athlete.id, same)).all()


def _day(done: Done, before: Sequence[Recording]) -> tuple[datetime, str]:
    """When a recording was filmed and what told it: who knows best, and of those the latest; but
    a day that nobody knew stays what it was taken for first."""
    new, old = (done.at, done.dated_by), [(r.recorded_at, r.dated_by) for r in before]
    days = [*old, new] if done.dated_by == "kept" else [new, *old]
    return max(days, key=lambda day: RANKS[day[1]])


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
        folder=None if done.folder is None else spelled(done.folder),
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
    """When the last set began of which that is known; None: of none."""


def entries(store: Store) -> list[Entry]:
    """All athletes, by name."""
    began = case((Recording.dated_by != "kept", TrainingSet.started_at))
    sets = (func.count(TrainingSet.id), func.max(began))
    with store.reading() as session:
        found = session.execute(
            select(Athlete.name, func.count(func.distinct(Recording.id)), *sets)
            .outerjoin(Recording, Recording.athlete_id == Athlete.id)
            .outerjoin(TrainingSet, TrainingSet.recording_id == Recording.id)
            .group_by(Athlete.id, Athlete.name)
            .order_by(Athlete.key)
        ).all()
    return [Entry(*row) for row in found]


def whole(store: Store, name: str) -> Athlete:
    """An athlete with all recordings and their sets. Raises UsageError where there is none of that
    name."""
    with store.reading() as session:
        mine = select(Athlete).where(Athlete.id == there(session, name).id)
        sets = selectinload(Athlete.recordings).selectinload(Recording.sets)
        return session.execute(mine.options(sets)).scalar_one()


def drop(store: Store, folder: Path) -> None:
    """Keep no longer what lies in a folder, nor its athlete where no recording and no note is left:
    what the clips said of the body goes with the last of them."""
    with store.writing() as session:
        for one in session.scalars(
            select(Recording).where(Recording.folder == spelled(folder))
        ).all():
            athlete = one.athlete
            session.delete(one)
            session.flush()
            session.refresh(athlete)
            if athlete is not None and not (athlete.recordings or athlete.notes):
                session.delete(athlete)
    store.tidy()


def remove(store: Store, name: str, what: str) -> Recording:
    """Take a recording out of an athlete's; which: by its name, or by the folder of its result.
    The folder stays. Raises UsageError where there is none or are several."""
    with store.writing() as session:
        _in_turn(session)
        athlete = there(session, name)
        place = spelled(Path(what).absolute())
        found = [r for r in athlete.recordings if r.folder == place] or [
            r for r in athlete.recordings if r.name == what
        ]
        if len(found) != 1:
            raise UsageError(_which(athlete, what, found))
        session.delete(found[0])
    store.tidy()
    return found[0]


def day(recording: Recording) -> str:
    """The day of a recording, in words."""
    known = recording.dated_by != "kept"
    return f"{recording.recorded_at.astimezone():%Y-%m-%d}" if known else "day not known"


def _which(athlete: Athlete, what: str, found: Sequence[Recording]) -> str:
    """Why it is not known which recording is meant."""
    if found:
        where = ", ".join(r.folder or "-" for r in found)
        several = f"{athlete.name} has {len(found)} recordings called {what!r}"
        return f"{several}. Name the folder of one: {where}."
    last = sorted(athlete.recordings, key=lambda r: r.recorded_at)[-10:]
    names = ", ".join(f"{r.name} ({day(r)})" for r in last)
    return f"{athlete.name} has no recording called {what!r}. The last are: {names or 'none'}."


@dataclass(frozen=True)
class Place:
    """Where a result of an athlete lies, as far as is known."""

    folder: Path
    clip_sha256: str
    shared: bool
    """Whether a recording of somebody else is kept as lying there, too."""


def places(store: Store, name: str) -> list[Place]:
    """Where the results of an athlete lie. Raises UsageError where there is no such athlete."""
    with store.reading() as session:
        return _places(session, there(session, name))


def uploads(store: Store, name: str) -> list[Path]:
    """Where the clips lie that the web app was given as an athlete's."""
    with store.reading() as session:
        return [Path(job.source) for job in _jobs(session, name)]


def forget_jobs(store: Store, name: str) -> None:
    """Delete what the web app's queue tells of an athlete's clips that are not there any more."""
    with store.writing() as session:
        for job in _jobs(session, name):
            if not Path(job.source).exists():
                session.delete(job)


def _jobs(session: Session, name: str) -> list[Job]:
    """The web app's jobs of an athlete."""
    jobs, known = session.scalars(select(Job)), key(name)
    return [job for job in jobs if alike(job.asked.get("athlete"), known)]


def _places(session: Session, athlete: Athlete) -> list[Place]:
    mine = Recording.athlete_id == athlete.id
    own = select(Recording.folder).where(mine)
    theirs = select(Recording.folder).where(~mine, Recording.folder.in_(own))
    shared = set(session.scalars(theirs))
    rows = session.execute(select(Recording.folder, Recording.clip_sha256).where(mine)).all()
    return [Place(unspelled(folder), clip, folder in shared) for folder, clip in rows if folder]


def forget(store: Store, name: str) -> list[Place]:
    """Delete an athlete with everything that is kept of theirs; where their results lie. Raises
    UsageError where there is no such athlete."""
    with store.writing() as session:
        _in_turn(session)
        athlete = there(session, name)
        found = _places(session, athlete)
        session.delete(athlete)
    return found
