"""The clips of a server, as its pages and workers see them: jobs of the database, by the clock.

What belongs to a clip besides (its files) lies in its place, which has the job's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, delete, func, or_, select

from formcheck.store import jobs
from formcheck.store.opening import Store
from formcheck.store.tables import Job
from formcheck.web.schemas import Clip, Kind, Status

LEASE_S = 20.0
"""A worker that says nothing for so long is gone, and its clip is taken up again."""


class Queue:
    """One server's."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def store(self) -> Store:
        """The database, for what else is kept there."""
        return self._store

    def add(self, clip: Clip, source: str, client: str) -> None:
        """Take a clip up, whole in its place; one that is done has its report."""
        names = ("exercise", "athlete", "kind", "size")
        asked = {name: getattr(clip, name) for name in names} | {"client": client}
        now, done = _now(), clip.status == "done"
        job = Job(
            id=clip.id,
            name=clip.name,
            source=source,
            asked=asked,
            status=clip.status,
            added_at=now,
            finished_at=now if done else None,
            told={"reps": clip.reps, "verdict": clip.verdict} if done else {},
        )
        with self._store.writing() as session:
            session.add(job)

    def clip(self, id_: str) -> Clip | None:
        """A clip as it stands; None: there is none."""
        job = jobs.find(self._store, id_)
        if job is None:
            return None
        return told(job, self._ahead(job) + 1 if job.status == "queued" else None)

    def _ahead(self, job: Job) -> int:
        """How many wait before it."""
        same = and_(Job.added_at == job.added_at, Job.id < job.id)
        earlier = or_(Job.added_at < job.added_at, same)
        return self._count(Job.status == "queued", earlier)

    def _count(self, *which: ColumnElement[bool]) -> int:
        with self._store.reading() as session:
            return session.scalar(select(func.count(Job.id)).where(*which)) or 0

    def clips(self, most: int | None) -> list[Clip]:
        """The newest first; all of them without `most`."""
        with self._store.reading() as session:
            newest = select(Job).order_by(Job.added_at.desc(), Job.id.desc()).limit(most)
            found = list(session.scalars(newest))
        waiting = [job for job in reversed(found) if job.status == "queued"]
        before = self._ahead(waiting[0]) if waiting else 0
        places = {job.id: n for n, job in enumerate(waiting, before + 1)}
        return [told(job, places.get(job.id)) for job in found]

    def unfinished(self, client: str) -> int:
        """How many clips of a client wait or are worked on."""
        return self._count(
            Job.status.in_(("queued", "running")), Job.asked["client"].as_string() == client
        )

    def counts(self) -> Mapping[str, int]:
        """How many clips there are of each status."""
        with self._store.reading() as session:
            rows = session.execute(select(Job.status, func.count()).group_by(Job.status))
            return {status: n for status, n in rows}  # noqa: C416 - rows are no pairs to dict

    def claim(self, worker: str) -> Job | None:
        """The next clip, now this worker's; None: there is none."""
        return jobs.claim(self._store, worker, _now(), LEASE_S)

    def renew(self, id_: str, worker: str, share: float, words: str) -> bool:
        """Go on with it; False: it is this worker's no more."""
        return jobs.renew(self._store, id_, worker, _now(), share, LEASE_S, told={"stage": words})

    def finish(self, id_: str, worker: str, folder: str, outcome: Mapping[str, Any]) -> bool:
        """It has its report; False: it is this worker's no more."""
        return jobs.finish(self._store, id_, worker, _now(), folder, outcome)

    def fail(self, id_: str, worker: str, reason: str) -> bool:
        """It gets none; False: it is this worker's no more."""
        return jobs.fail(self._store, id_, worker, _now(), reason)

    def hand_back(self, worker: str) -> None:
        """Whoever comes next may take up this worker's clips."""
        jobs.hand_back(self._store, worker)

    def cancel(self, id_: str) -> bool:
        """Do not work on it (any more); False: it is over already."""
        return jobs.cancel(self._store, id_, _now())

    def remove(self, id_: str) -> bool:
        """Forget it; False: it was not there."""
        with self._store.writing() as session:
            gone = session.scalar(delete(Job).where(Job.id == id_).returning(Job.id))
        self._store.tidy()
        return gone is not None

    def older(self, days: float) -> list[str]:
        """Those that have been over for so long."""
        before = _now() - timedelta(days=days)
        with self._store.reading() as session:
            return list(session.scalars(select(Job.id).where(Job.finished_at < before)))

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()


def told(job: Job, place: int | None) -> Clip:
    """A job as the pages and the API tell of it. place: in the queue."""
    asked = job.asked
    return Clip(
        id=job.id,
        status=cast(Status, job.status),
        progress=1.0 if job.status == "done" else min(max(job.progress, 0.0), 1.0),
        reason=job.reason,
        name=job.name,
        kind=cast(Kind, asked["kind"]),
        exercise=asked["exercise"],
        athlete=asked["athlete"],
        stage=job.told.get("stage", ""),
        place=place,
        created_s=job.added_at.timestamp(),
        size=asked["size"],
        reps=job.told.get("reps"),
        verdict=job.told.get("verdict"),
    )


def _now() -> datetime:
    return datetime.now(UTC)
