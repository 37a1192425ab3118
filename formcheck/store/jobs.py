"""The queue of the web app: each job is claimed by exactly one worker, for as long as it leases it.

Whoever works on a job renews its lease; where that ran out the worker is gone, and the next one
takes the job up again. A job that took its workers down with it is given up.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update

from formcheck.store.opening import Store
from formcheck.store.tables import Job

LEASE_S = 60.0
"""How long a job is a worker's that says nothing more."""
ATTEMPTS = 3
"""A job that ended so many workers is given up."""
GIVEN_UP = (
    "the analysis was ended from outside {} times; the clip may need more memory than there is. "
    "Try a shorter or a smaller one"
)


def enqueue(
    store: Store,
    name: str,
    source: str,
    asked: Mapping[str, Any],
    now: datetime,
    athlete_id: int | None = None,
) -> str:
    """Add a job; its id, which nobody can guess."""
    job = Job(
        id=secrets.token_urlsafe(24),
        name=name,
        source=source,
        asked=dict(asked),
        athlete_id=athlete_id,
        status="queued",
        added_at=now,
    )
    with store.writing() as session:
        session.add(job)
    return job.id


def claim(store: Store, worker: str, now: datetime, lease_s: float = LEASE_S) -> Job | None:
    """The oldest job that nobody works on, now this worker's; None: there is none."""
    lost = and_(Job.status == "running", Job.leased_until < now)
    with store.writing() as session:
        session.execute(
            update(Job)
            .where(lost, Job.attempts >= ATTEMPTS)
            .values(status="failed", reason=GIVEN_UP.format(ATTEMPTS), finished_at=now)
        )
        free = select(Job).where(or_(Job.status == "queued", lost)).order_by(Job.added_at, Job.id)
        job = session.scalar(free.limit(1).with_for_update(skip_locked=True))
        if job is None:
            return None
        job.status, job.worker, job.progress = "running", worker, 0.0
        job.leased_until, job.attempts = now + timedelta(seconds=lease_s), job.attempts + 1
        return job


def renew(
    store: Store,
    job: str,
    worker: str,
    now: datetime,
    progress: float = 0.0,
    lease_s: float = LEASE_S,
    *,
    told: Mapping[str, Any] | None = None,
) -> bool:
    """Go on working on it; False where it is the worker's no more: cancelled, deleted, or taken up
    by another. Then it is to be left alone."""
    until = now + timedelta(seconds=lease_s)
    values = {"progress": progress, "leased_until": until, "told": dict(told or {})}
    return _change(store, _held(job, worker), **values)


def finish(
    store: Store,
    job: str,
    worker: str,
    now: datetime,
    folder: str,
    told: Mapping[str, Any] | None = None,
) -> bool:
    """It is done, its result lies in `folder`; False where it is the worker's no more."""
    done = {"status": "done", "progress": 1.0, "folder": folder, "finished_at": now}
    done["told"] = dict(told or {})
    return _change(store, _held(job, worker), leased_until=None, **done)


def fail(store: Store, job: str, worker: str, now: datetime, reason: str) -> bool:
    """It cannot be done; reason: in plain words. False where it is the worker's no more."""
    told = {"status": "failed", "reason": reason, "finished_at": now}
    return _change(store, _held(job, worker), leased_until=None, **told)


def hand_back(store: Store, worker: str) -> bool:
    """A worker that stops gives its jobs to whoever comes next; they do not count as tried."""
    mine = and_(Job.worker == worker, Job.status == "running")
    free = {"status": "queued", "worker": None, "leased_until": None, "progress": 0.0}
    return _change(store, mine, attempts=Job.attempts - 1, **free)


def cancel(store: Store, job: str, now: datetime) -> bool:
    """Call it off; False where it is over already or was never there."""
    open_ = and_(Job.id == job, Job.status.in_(("queued", "running")))
    return _change(store, open_, status="cancelled", leased_until=None, finished_at=now)


def find(store: Store, job: str) -> Job | None:
    """A job as it stands; None: there is none of that id."""
    with store.reading() as session:
        return session.get(Job, job)


def _held(job: str, worker: str) -> ColumnElement[bool]:
    return and_(Job.id == job, Job.worker == worker, Job.status == "running")


def _change(store: Store, which: ColumnElement[bool], **values: Any) -> bool:  # noqa: ANN401
    """Whether there was one to change."""
    with store.writing() as session:
        changed = session.scalars(update(Job).where(which).values(**values).returning(Job.id))
        return bool(changed.all())
