"""`formcheck batch`: clips in, a folder for each and the table of all out."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from formcheck import analysis
from formcheck.batch import ledger
from formcheck.batch.arrivals import Arrivals
from formcheck.batch.finding import Clip, Found, find
from formcheck.batch.job import Terms, key_of
from formcheck.batch.lock import alone
from formcheck.batch.pool import LocalPool, Pool, Work
from formcheck.batch.records import ClipRecord
from formcheck.batch.schedule import Progressed, Schedule
from formcheck.cores import cores

WORKER_BYTES = 1 << 30
"""What a worker may need in memory, with room to spare (docs/batch.md)."""
LOOK_S = 2.0
"""How often a watched folder is looked through."""


@dataclass(frozen=True)
class Asked:
    """What the user asked for."""

    sources: Sequence[Path]
    out: Path
    terms: Terms
    jobs: int | None = None
    """None: as many as pay."""
    ray: str | None = None
    """The address of a Ray cluster; None: this machine alone."""
    watch: bool = False


class Screen(Protocol):
    """Who tells people how it goes."""

    def found(self, found: Found, workers: int, *, watch: bool) -> None:
        """Before the work; of a watched folder the clips come later."""

    def more(self, clips: Sequence[Clip]) -> None:
        """Clips that have arrived."""

    def done(self, progressed: Progressed) -> None:
        """A clip is done."""

    def working(self, what: str, share: float) -> None:
        """Something that takes a moment, such as fetching the pose model."""

    def idle(self) -> None:
        """All clips are done that have arrived; more may come."""


def batch(asked: Asked, screen: Screen, work: Work | None = None) -> list[ClipRecord]:
    """Every clip to its folder or its reason, then the table of all; returns the records by name.

    Run again it takes over what is finished. work: instead of the analysis, in each worker.
    Raises UsageError, InputError (an argument), MissingPartError, OutputError, EndedError (no clip
    can be analysed any more); KeyboardInterrupt. Whichever it is, once the work has begun the
    table holds what was finished.
    """
    out = asked.out.absolute()
    analysis.asked(asked.terms.options)  # what is wrong for every clip is said once
    found = find(asked.sources, out)
    with alone(out):
        key = _keys(asked.terms, screen)
        for track in {analysis.is_track(clip.path) for clip in found.clips if clip.refused is None}:
            key(track)  # a model that is missing or has to be fetched is so before all work
        schedule = Schedule(out, asked.terms, key, screen.done)
        if not asked.watch:
            schedule.add(found.clips)
        try:
            with closing(_pool(asked, len(found.clips), work)) as pool:
                screen.found(found, pool.room(), watch=asked.watch)
                _watch(asked, schedule, pool, screen) if asked.watch else schedule.run(pool)
        except BaseException:
            if records := schedule.so_far():
                ledger.write(records, out)
            raise
        ledger.write(schedule.records(), out)
    return schedule.records()


def workers_for(asked: Asked, clips: int) -> int:
    """How many clips at a time: one a core, as memory allows, none without a clip."""
    if asked.jobs is not None:
        return asked.jobs
    fit = max(1, _free_bytes() // WORKER_BYTES)
    return max(1, min(cores(), fit, cores() if asked.watch else clips))


def _keys(terms: Terms, screen: Screen) -> Callable[[bool], str]:
    """The key of pose tracks and that of films, which alone need the pose model."""

    @cache
    def key(track: bool) -> str:
        return key_of(terms, None if track else analysis.model_for(terms.options, screen.working))

    return key


def _pool(asked: Asked, clips: int, work: Work | None) -> Pool:
    if asked.ray is not None:
        from formcheck.batch.cluster import ClusterPool

        return ClusterPool(asked.ray, asked.terms.limits, most=asked.jobs, work=work)
    return LocalPool(
        workers_for(asked, clips), asked.terms.limits, debug=asked.terms.debug, work=work
    )


def _watch(asked: Asked, schedule: Schedule, pool: Pool, screen: Screen) -> None:
    """Until Ctrl-C: clips as they arrive, and the table whenever all of them are done."""
    arrivals, looked, told = Arrivals(asked.sources, asked.out.absolute()), -LOOK_S, False
    while True:
        if time.monotonic() - looked >= LOOK_S:
            new, again = arrivals.whole(), [] if schedule.busy else schedule.recheck(math.inf)
            looked = time.monotonic()
            if new or again:
                told = False
                screen.more([*new, *again])
                schedule.add(new)
        if schedule.busy:
            schedule.step(pool)
            continue
        if not told:
            if records := schedule.records():
                ledger.write(records, asked.out.absolute())
            screen.idle()
            told = True
        time.sleep(LOOK_S / 4)


def _free_bytes() -> int:
    """Memory that is not in use; where the system does not say, plenty."""
    if sys.platform == "linux":
        with suppress(OSError, ValueError, StopIteration):
            lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
            said = next(line for line in lines if line.startswith("MemAvailable"))
            return int(said.split()[1]) << 10
    with suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    return sys.maxsize
