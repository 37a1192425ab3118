"""A Ray cluster as a pool: the same function on other machines, over a folder that all of them see.

Each machine runs a clip in a worker process of its own with the same limits, under a task that
looks after it: what crashes, hangs or eats memory is told as on one machine. Only as many tasks are
given out as there are processors, so that a night of a million clips is no queue of a million. A
machine that is lost takes its clips along, and they begin anew on another.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

from formcheck.batch.job import Ending, Job, Outcome
from formcheck.batch.limits import Limits
from formcheck.batch.pool import LocalPool, Lost, Work
from formcheck.batch.schedule import EndedError
from formcheck.errors import MissingPartError
from formcheck.tracking.pieces import THREADS

COUNT_S = 5.0
"""How often the processors are counted: machines come and go."""
ANSWER_S = 5.0
"""How long the cluster may take to answer at all."""
LOOPBACK = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
"""Set to 0, Ray takes 127.0.0.1 for what it is; else it puts another address of the machine in its
place, where a cluster of the loopback alone does not listen."""
UNANSWERED = 3
"""How often in a row, COUNT_S apart, the head does not answer before it is lost. Ray itself waits
for a minute and then ends the process, with nothing written."""
HEADLESS = (
    "The Ray cluster at {address} does not answer any more: its head was ended, or cannot be "
    "reached. Start the cluster anew, or leave --ray out to go on with this machine alone."
)
GONE = "the machine that analysed it was lost"
NO_RAY = (
    "Ray is not installed, which --ray needs. Install it: `pip install 'formcheck[cluster]'`; or "
    "leave --ray out to use this machine alone."
)


class ClusterPool:
    """The processors of a Ray cluster."""

    def __init__(
        self, address: str, bounds: Limits, *, most: int | None = None, work: Work | None = None
    ) -> None:
        """Connect. address: HOST:PORT of the cluster's head, or "auto": the one on this machine.
        most: clips at a time; None: one a processor. Raises MissingPartError."""
        self._ray, self._address = _connected(address), address
        self._head = _place(address) or _place(self._ray.get_runtime_context().gcs_address)
        self._asked, self._unanswered = time.monotonic(), 0
        self._limits, self._most, self._work = bounds, most, work
        self._task = self._ray.remote(num_cpus=1, max_retries=0)(_run)
        self._running: dict[Any, Job] = {}
        self._counted, self._cores = -COUNT_S, 0

    def room(self) -> int:
        """How many more jobs it takes now: a task a processor, and none in a queue. Raises
        EndedError, as `next` does, where the cluster's head was lost."""
        self._ask()
        if not self._unanswered and time.monotonic() - self._counted >= COUNT_S:
            self._ask(0.0)  # counting would wait for a head that is gone
        if self._unanswered:
            return 0
        if time.monotonic() - self._counted >= COUNT_S:
            self._cores = int(self._ray.cluster_resources().get("CPU", 0))
            self._counted = time.monotonic()
        cores = self._cores if self._most is None else min(self._cores, self._most)
        return max(0, cores - len(self._running))

    def submit(self, job: Job) -> None:
        """Give a job to the cluster."""
        self._running[self._task.remote(job, self._limits, self._work)] = job

    def next(self, seconds: float) -> Sequence[Outcome | Lost]:
        """What ended within so many seconds; as soon as anything did."""
        self._ask()
        if not self._running:
            time.sleep(seconds)
            return []
        ready, _ = self._ray.wait(list(self._running), timeout=seconds)
        return [self._ended(task) for task in ready]

    def progress(self) -> dict[str, tuple[str, float]]:
        """As LocalPool has it; how far a job is elsewhere is not told."""
        return {job.name: ("", 0.0) for job in self._running.values()}

    def cancel(self, name: str) -> None:
        """End a job: nothing is said of it any more; of none, nothing happens."""
        for task in [t for t, job in self._running.items() if job.name == name]:
            del self._running[task]
            with suppress(Exception):  # it may have ended, or its machine
                self._ray.cancel(task, force=True)

    def close(self) -> None:
        """End all tasks and leave the cluster."""
        if self._unanswered:  # each of these would wait for a head that is gone
            return
        for task in self._running:
            with suppress(Exception):  # it may have ended, or its machine
                self._ray.cancel(task, force=True)
        self._running = {}
        self._ray.shutdown()

    def _ask(self, every: float | None = None) -> None:
        """Whether the head still answers, every so many seconds. Raises EndedError."""
        every = COUNT_S if every is None else every
        if self._head is None or time.monotonic() - self._asked < every:
            return
        try:
            socket.create_connection(self._head, ANSWER_S).close()
            self._unanswered = 0
        except OSError as error:
            self._unanswered += 1
            if self._unanswered >= UNANSWERED:
                words = HEADLESS.format(address=self._address)
                raise EndedError(Ending(words, MissingPartError.status)) from error
        self._asked = time.monotonic()

    def _ended(self, task: Any) -> Outcome | Lost:  # noqa: ANN401
        job = self._running.pop(task)
        try:
            ended: Outcome | Lost = self._ray.get(task)
        except self._ray.exceptions.RayTaskError as error:
            return Lost(job, f"the task that looked after it failed ({error.cause!r})")
        except self._ray.exceptions.RayError:
            self._counted = -COUNT_S
            return Lost(job, GONE, innocent=True)
        return ended


def _connected(address: str) -> Any:  # noqa: ANN401
    """Ray itself, connected. Raises MissingPartError."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing leaves this machine
    if address.rpartition("//")[2].startswith(("127.", "localhost")):
        os.environ.setdefault(LOOPBACK, "0")  # read when Ray is imported
    try:
        import ray
    except ImportError as error:
        raise MissingPartError(NO_RAY) from error
    _answers(address)
    try:
        with _own_end():
            ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise MissingPartError(_nobody(address, error)) from error
    return ray


@contextmanager
def _own_end() -> Iterator[None]:
    """Ray would have SIGTERM end this process without a word; it has things to tidy up."""
    kept = signal.getsignal(signal.SIGTERM)
    yield
    if kept is not None and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, kept)


def _answers(address: str) -> None:
    """Ray itself would wait for minutes. Raises MissingPartError."""
    if (place := _place(address)) is None:
        return
    try:
        socket.create_connection(place, ANSWER_S).close()
    except OSError as error:
        raise MissingPartError(_nobody(address, error)) from error


def _place(address: str) -> tuple[str, int] | None:
    """Host and port of an address; None: it names none."""
    host, colon, port = address.rpartition("//")[2].rpartition(":")
    return (host, int(port)) if colon and port.isdigit() else None


def _nobody(address: str, error: Exception) -> str:
    return (
        f"No Ray cluster answers at {address} ({error}). Start one with `ray start --head "
        "--disable-usage-stats`, and give the address that it prints; or leave --ray out to use "
        "this machine alone."
    )


def _run(job: Job, bounds: Limits, work: Work | None) -> Outcome | Lost:
    """On a machine of the cluster: one job in the worker of this process, to its end."""
    pool = _pool(bounds, work)
    pool.submit(job)
    while True:
        for ended in pool.next(1.0):
            return ended


@cache
def _pool(bounds: Limits, work: Work | None) -> LocalPool:
    """A worker that is there for the next clip, too: Ray keeps its processes."""
    os.environ.setdefault(THREADS, "1")  # another task is on each of the other processors
    return LocalPool(1, bounds, work=work)
