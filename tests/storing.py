"""What other processes do to a database, for tests: started by name, with a URL."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic import op

from formcheck.progress.past import PastSet, SetUp
from formcheck.store import jobs, keeping
from formcheck.store.opening import Store, open_store, opened
from formcheck.store.tables import Athlete, Recording, TrainingSet

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SETS = 3


def write(store: Store, who: str, n: int) -> None:
    """A recording of three sets, in one transaction, of a new athlete."""
    with store.writing() as session:
        athlete = Athlete(key=f"{who} {n}", name=f"{who} {n}", added_at=NOON)
        session.add(athlete)
        session.flush()
        recording = Recording(
            athlete_id=athlete.id,
            name="a.mp4",
            clip_sha256=f"{n}",
            track_sha256=f"{n}",
            exercise="x",
            recorded_at=NOON,
            dated_by="clip",
            added_at=NOON,
            report={"big": "x" * 20_000},
            setting={},
        )
        session.add(recording)
        session.flush()
        for number in range(1, SETS + 1):
            at = NOON + timedelta(minutes=number)
            session.add(
                TrainingSet(
                    recording_id=recording.id, number=number, started_at=at, reps=6, told={}
                )
            )
            session.flush()


def writes(url: str, who: str, times: str) -> None:
    """Open and write, and say so after each commit."""
    for n in range(int(times)):
        with opened(url) as store:
            write(store, who, n)
        print(n, flush=True)


def done() -> keeping.Done:
    """A result that is to be kept."""
    one = PastSet(
        number=1,
        at=NOON,
        rest_s=None,
        reps=6,
        zone=None,
        setup=SetUp(exercise="x", mode="m", view="side"),
        values={},
        faults={},
        stop_after_rep=None,
    )
    return keeping.Done(
        name="a.mp4",
        clip_sha256="1",
        track_sha256="1",
        exercise="x",
        at=NOON,
        dated_by="clip",
        folder=Path("there"),
        report={"settings": {}},
        setting={},
        sets=(one,),
    )


def migrates(url: str) -> None:
    """Be killed in the middle of a migration."""
    op.create_index = lambda *_: os.kill(os.getpid(), 9)
    open_store(url)


def claims(url: str, who: str) -> None:
    """Take jobs until there are none, and say which."""
    with opened(url) as store:
        while (job := jobs.claim(store, who, datetime.now(UTC))) is not None:
            print(job.id, flush=True)
            jobs.finish(store, job.id, who, datetime.now(UTC), "")


def dies(url: str) -> None:
    """Be killed half-way through a transaction, with all of it flushed to the database."""
    with opened(url) as store, store.writing() as session:
        session.add(Athlete(key="half", name="half", added_at=NOON))
        session.flush()
        print("half", flush=True)
        os.kill(os.getpid(), 9)


if __name__ == "__main__":
    {"writes": writes, "migrates": migrates, "claims": claims, "dies": dies}[sys.argv[1]](
        *sys.argv[2:]
    )
