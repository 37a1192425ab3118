"""Worker processes of this machine: each with its limits, each to be lost alone.

A pool of the standard library breaks as a whole where one process dies; here the clip that killed
its process is known, and the others do not notice.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Protocol

from formcheck import heap
from formcheck.analysis import Progress
from formcheck.batch import limits
from formcheck.batch.job import Job, Outcome
from formcheck.batch.limits import Limits
from formcheck.cores import MOST_JOBS, bind, cores, shares
from formcheck.deaf import deaf
from formcheck.tracking.pieces import THREADS

LOOK_S = 0.5
"""How often the workers are looked after."""
START_S = 120.0
"""How long a worker may take until it says its first word: a busy machine loads slowly."""
BEAT_S = 1.0
"""How often a worker says that it goes on, at most."""
_SPAWN = multiprocessing.get_context("spawn")
"""A fork would share the libraries' threads."""


@dataclass(frozen=True)
class Lost:
    """A job whose worker died or had to be ended."""

    job: Job
    why: str
    """A clause: "it made no progress for 300 seconds"."""
    innocent: bool = False
    """Whether the clip has no part in it: its machine was lost."""


class Pool(Protocol):
    """What runs jobs: processes here, or other machines."""

    def room(self) -> int:
        """How many more jobs it takes now; nothing waits in a queue beyond that."""

    def submit(self, job: Job) -> None:
        """Begin a job; there has to be room."""

    def next(self, seconds: float) -> Sequence[Outcome | Lost]:
        """What ended; waits so long for the first, and returns nothing where none did."""

    def close(self) -> None:
        """End all workers, whatever they do; a second call does nothing."""


@dataclass
class _Worker:
    process: multiprocessing.process.BaseProcess
    pipe: Connection
    job: Job | None = None
    since: float = 0.0
    """When its job began."""
    heard: float = 0.0
    """When it last said a word."""
    ready: bool = False
    """Whether it ever did."""
    told: tuple[str, float] = ("", 0.0)
    """What it is doing, in words, and the share that is done."""
    share: int = 0
    """Which of the pool's shares of the cores is its own."""
    bound: frozenset[int] = frozenset()
    """The cores that it is bound to; empty: to none."""


Work = Callable[[Job, Progress], Outcome]


class LocalPool:
    """Processes of this machine, begun when there is work for them.

    Each is bound to cores of its own. A body is found by several threads that hand it on to each
    other: on one core the next goes on at once, while another core has to be woken for it, and two
    free workers leave a fifth of two cores idle (docs/batch.md). What a share would leave idle, the
    others have besides.
    """

    def __init__(
        self, jobs: int, bounds: Limits, *, debug: bool = False, work: Work | None = None
    ) -> None:
        """jobs: processes at most. debug: what they print is seen. work: another function than
        `worker.work`, at the top of a module."""
        self._jobs, self._limits, self._debug = min(jobs, MOST_JOBS), bounds, debug
        self._work = work
        self._workers: list[_Worker] = []
        self._shares = shares(self._jobs)

    def room(self) -> int:
        """How many more jobs it takes now."""
        return self._jobs - sum(w.job is not None for w in self._workers)

    def submit(self, job: Job) -> None:
        """Give a job to a worker without one, or to a new one."""
        worker = next((w for w in self._workers if w.job is None), None) or self._begun()
        worker.job, worker.since, worker.told = job, time.monotonic(), ("", 0.0)
        worker.heard = worker.since
        self._deal()
        with suppress(OSError):  # it just died: that will be seen
            worker.pipe.send(job)

    def next(self, seconds: float) -> Sequence[Outcome | Lost]:
        """What ended within so many seconds; as soon as anything did."""
        until = time.monotonic() + seconds
        while True:
            left = until - time.monotonic()
            ready = wait([w.pipe for w in self._workers], max(0.0, min(left, LOOK_S)))
            ended = [
                e for w in tuple(self._workers) if (e := self._look(w, w.pipe in ready)) is not None
            ]
            if not ready:
                self._deal()
            if ended or left <= 0:
                return ended

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()
        self._workers = []

    def progress(self) -> dict[str, tuple[str, float]]:
        """The names of the jobs that run -> what is done, in words, and the share of it, 0 to 1."""
        return {w.job.name: w.told for w in self._workers if w.job is not None}

    def cancel(self, name: str) -> None:
        """End a job and its worker: nothing is said of it any more; of none, nothing happens."""
        for worker in [w for w in self._workers if w.job is not None and w.job.name == name]:
            self._lost(worker, "it was not wanted any more")

    def pids(self) -> list[int]:
        """Of the workers that run."""
        return [w.process.pid for w in self._workers if w.process.pid is not None]

    def _begun(self) -> _Worker:
        here, there = _SPAWN.Pipe()
        threads = None if self._shares else max(1, cores() // self._jobs)
        process = _SPAWN.Process(
            target=_serve, args=(there, self._limits, self._debug, self._work, threads), daemon=True
        )
        os.environ.setdefault(*heap.ENVIRONMENT)  # the C library reads it when a process begins
        own = set(range(len(self._shares))) - {w.share for w in self._workers}
        with deaf():
            process.start()
            self._workers.append(_Worker(process, here, share=min(own, default=0)))
        there.close()
        return self._workers[-1]

    def _deal(self) -> None:
        """Bind each worker that has a job to its own cores, and to those that no job has."""
        busy = [w for w in self._workers if w.job is not None]
        taken = {w.share for w in busy}
        idle = frozenset[int]().union(*(s for k, s in enumerate(self._shares) if k not in taken))
        for worker in busy if self._shares else ():
            numbers = self._shares[worker.share] | idle
            if numbers != worker.bound and worker.process.pid is not None:
                bind(worker.process.pid, numbers)
                worker.bound = numbers

    def _look(self, worker: _Worker, speaks: bool) -> Outcome | Lost | None:
        """What became of a worker's job; None: it goes on."""
        try:
            while speaks and worker.pipe.poll():
                said = worker.pipe.recv()
                worker.heard = time.monotonic()
                if not worker.ready:
                    worker.ready, worker.since = True, worker.heard
                if isinstance(said, Outcome):
                    worker.job = None
                    return said
                worker.told = said or worker.told
        except (EOFError, OSError):
            return self._lost(worker, None)
        if not worker.process.is_alive():
            return self._lost(worker, None)
        why = self._too_much(worker)
        return None if why is None else self._lost(worker, why)

    def _too_much(self, worker: _Worker) -> str | None:
        """Why a worker has to be ended; None: it may go on."""
        now, pid = time.monotonic(), worker.process.pid
        if worker.job is None or pid is None:
            return None
        if not worker.ready:
            slow = now - worker.since > START_S
            return f"its process did not begin within {START_S:.0f} seconds" if slow else None
        return limits.exceeded(self._limits, pid, now - worker.since, now - worker.heard)

    def _lost(self, worker: _Worker, why: str | None) -> Lost | None:
        """Take a worker away; its job is lost with it. why: None where it died by itself."""
        self._workers.remove(worker)
        if why is not None:
            worker.process.kill()
        worker.process.join(5)  # its end of the pipe closes a moment before it is gone
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        if worker.job is None:
            return None
        return Lost(worker.job, why or limits.death(worker.process.exitcode or 0))


def _serve(
    pipe: Connection, bounds: Limits, debug: bool, other: Work | None, threads: int | None
) -> None:
    """A worker's life: jobs in, outcomes out, until nobody asks any more. threads: that may read a
    clip; None: as many as it has cores."""
    limits.apply(bounds)
    if threads is not None:
        os.environ.setdefault(THREADS, str(threads))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    if not debug:
        _quiet()
    threading.Thread(target=_die_with_parent, daemon=True).start()
    from formcheck.batch.worker import work

    pipe.send(None)  # ready
    heard = 0.0

    def beat(words: str, share: float) -> None:
        nonlocal heard
        if time.monotonic() - heard >= BEAT_S:
            heard = time.monotonic()
            pipe.send((words, share))

    while True:
        try:
            job = pipe.recv()
        except (EOFError, OSError):
            return
        limits.begin(bounds)
        pipe.send((other or work)(job, beat))
        heap.give_back()


def _quiet() -> None:
    """Whatever libraries print is for their developers."""
    warnings.simplefilter("ignore")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _die_with_parent() -> None:
    """A worker that outlived a killed parent would write where the next run does."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
