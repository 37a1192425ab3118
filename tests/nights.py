"""What a batch is made of, for its tests: clips that are but words, and what becomes of each.

As a program it is a batch whose clips crash, hang and take their time as their words say:

    python nights.py IN OUT [jobs]
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path

from formcheck import results
from formcheck.batch import stamp
from formcheck.batch.finding import Clip, find
from formcheck.batch.job import Ending, Job, Outcome, Terms
from formcheck.batch.limits import Limits
from formcheck.batch.pool import Lost
from formcheck.batch.records import ClipRecord
from formcheck.batch.run import Asked, batch
from formcheck.batch.schedule import Progressed, Schedule
from formcheck.batch.worker import refused
from formcheck.exercises import DEFAULT
from formcheck.summary import Summary

FOUND = Summary(
    exercise=DEFAULT, title="Set", reps=3, best_rep=1, verdict="good", sentence="All is well.",
    advice="Go on.", numbers=(), findings=(), main=None, left_open=(), duration_s=9.0, frames=270,
)  # fmt: skip
SLEEPS = ("Sleeping", 0.25)
QUICK = Limits(stall_s=4)
"""Who says nothing for so long hangs."""


def word(path: Path, text: str = "fine", salt: str = "") -> Path:
    """A clip that is a word: fine, bad, crash, hang, full, raises; salt makes contents differ."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text} {salt or path}", encoding="utf-8", errors="surrogateescape")
    return path


def work(job: Job, progress) -> Outcome:
    """What a worker does with a word instead of an analysis; may not come back."""
    said = job.path.read_text(encoding="utf-8", errors="surrogateescape").split()[0]
    if said == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if said == "hang":
        progress(*SLEEPS)
        time.sleep(600)
    if said == "once" and not (mark := job.out.parent / "was-here").exists():
        mark.write_text("")
        os.kill(os.getpid(), signal.SIGKILL)
    if said == "raises":
        raise ValueError("nobody expected that")
    if said == "full":
        return Outcome(job.name, ending=Ending("No room is left. Free some space.", 5))
    if said == "bad":
        return refused(job, "unreadable", "This is no film.")
    if said == "slow":
        for _ in range(4):
            time.sleep(0.05)
            progress("Working", 0.5)
    return Outcome(job.name, made(job))


def made(job: Job) -> ClipRecord:
    """A folder as a result is written, with next to nothing in it."""
    record = ClipRecord(
        name=job.name, status="ok", folder=job.folder, sha256=job.sha256, summary=FOUND
    )
    keeping = results.Keeping(stamp.scratch(job.out), lambda p: stamp.seal(p, job.key, record))
    with results.whole(job.into, keeping.scratch) as part:
        (part / results.REPORT).write_text("{}")
        keeping.seal(part)
    return record


class Here:
    """A pool without processes: does each job when it is asked what ended."""

    def __init__(self, room: int = 2, become=None) -> None:
        self.places, self.become = room, become or (lambda job: work(job, lambda *_: None))
        self.running: deque[Job] = deque()
        self.begun: list[str] = []
        self.most = 0

    def room(self) -> int:
        return self.places - len(self.running)

    def submit(self, job: Job) -> None:
        assert self.room() > 0, "more was submitted than there is room for"
        self.begun.append(job.name)
        self.running.append(job)
        self.most = max(self.most, len(self.running))

    def next(self, seconds: float) -> Sequence[Outcome | Lost]:
        return [self.become(self.running.popleft())] if self.running else []

    def close(self) -> None:
        self.running.clear()


class Run:
    """A schedule over the clips of a folder, in this process."""

    def __init__(self, source: Path, out: Path, *, key: str = "k", terms: Terms | None = None):
        self.told: list[Progressed] = []
        self.source, self.out = source, out
        self.schedule = Schedule(out, terms or Terms(), lambda track: key, self.told.append)

    def all(self, pool=None, clips: Iterable[Clip] | None = None) -> dict[str, ClipRecord]:
        """Run to the end; the records by name."""
        self.schedule.add(find([self.source], self.out).clips if clips is None else clips)
        self.pool = pool or Here()
        self.schedule.run(self.pool)
        return {record.name: record for record in self.schedule.records()}


class Silent:
    """A screen that keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[Progressed] = []

    def done(self, progressed: Progressed) -> None:
        self.told.append(progressed)

    def found(self, *_, **__) -> None: ...
    def more(self, *_) -> None: ...
    def working(self, *_) -> None: ...
    def idle(self) -> None: ...


if __name__ == "__main__":
    source, out, jobs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    batch(Asked([source], out, Terms(limits=QUICK), jobs=jobs), Silent(), work)
