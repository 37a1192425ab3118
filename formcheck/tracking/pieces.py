"""A clip in pieces, for several threads to read side by side: decoding and inference hold no lock.

The pieces depend on the clip's length alone and never on who reads them, so that the result is the
same on every machine.
"""

from __future__ import annotations

import itertools
import math
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from formcheck.cores import bind_thread, cores, shares

LEAD_S = 0.5
"""A track is led on from so long before its piece: after 8 frames what a new track finds differs
from what one under way does by 0.01 of a trunk and thigh, and no less after 400 (measured): where
the model looks next hangs on where it looked last, and small differences live on."""
WHOLE_S = 45.0
"""Shorter clips are read in one piece: that difference moves some measures by more than a tenth of
their uncertainty (docs/speed.md), and a set is over before it would save much time [O]."""
FOUR_S = 60.0
"""Of longer ones, each minute is read in four: few leads, and the cores end together [O]."""
AT_ONCE_PX, AT_ONCE = 8_500_000, 8
"""Pixels, and pieces, that are followed or drawn at once, at most. Each takes memory: to follow
1080p 165 MB, of which the tracker has 63 whatever the picture is; to draw 1080p 100, and 4K 350."""
THREADS = "FORMCHECK_THREADS"
"""The environment's word on how many threads may read a clip; without it, as many as cores."""


@dataclass(frozen=True)
class Span:
    """A piece of a clip, in seconds."""

    start: float
    """-inf: from the first frame on."""
    until: float
    """inf: to the last one."""

    @property
    def lead(self) -> float:
        """From where on it is read."""
        return self.start - LEAD_S


WHOLE = Span(-math.inf, math.inf)


def spans(seconds: float | None) -> list[Span]:
    """The pieces of a clip of so many seconds; None: not known, which makes it one."""
    if seconds is None or seconds < WHOLE_S:
        return [WHOLE]
    many = 4 * max(1, round(seconds / FOUR_S))
    ends = [seconds * k / many for k in range(1, many)]
    return [Span(a, b) for a, b in zip([-math.inf, *ends], [*ends, math.inf], strict=True)]


def threads() -> int:
    """How many pieces may be read at a time."""
    said = os.environ.get(THREADS, "")
    return max(1, int(said)) if said.isdecimal() else cores()


def at_once(size: tuple[int, int]) -> int:
    """How many pieces of a clip are worked at, at most. size: of its pictures, width and height in
    pixels."""
    return min(max(2, AT_ONCE_PX // max(1, math.prod(size))), AT_ONCE)


class StoppedError(Exception):
    """Another piece failed, or the user stopped: the rest need not be read."""


Going = Callable[[], None]
"""To be called now and then; raises StoppedError once all is in vain."""
Job = TypeVar("Job")
Result = TypeVar("Result")


def counted(total: float, told: Callable[[float], None]) -> Callable[[], None]:
    """To be called, from any thread, whenever one more of `total` is done: tells the share of it, 0
    to 1, one call after the other."""
    one, done = threading.Lock(), itertools.count(1)

    def count() -> None:
        with one:
            told(min(next(done) / total, 1.0) if total else 0.0)

    return count


def side_by_side(
    work: Callable[[Job, Going], Result], jobs: Sequence[Job], most: int | None = None
) -> list[Result]:
    """What `work` makes of each job, in their order, on as many threads as pay. most: threads.
    Raises what the first of them raised."""
    with _crew(min(len(jobs), most or len(jobs))) as (pool, going, _):
        asked = [pool.submit(work, job, going) for job in jobs]
        done, _ = wait(asked, return_when=FIRST_EXCEPTION)
        failed = [e for one in asked if one in done and (e := one.exception()) is not None]
        if failed:
            raise failed[0]
        return [one.result() for one in asked]


def in_order(
    work: Callable[[Job, Going], Result], jobs: Sequence[Job], most: int | None = None
) -> Generator[Result]:
    """The same, each as soon as it and those before it are done; no more than are worked at, and
    as many again, are kept for who takes them. To be closed where it is left. most: threads."""
    with _crew(min(len(jobs), most or len(jobs))) as (pool, going, many):
        waiting: deque[Future[Result]] = deque()
        for job in jobs:
            waiting.append(pool.submit(work, job, going))
            if len(waiting) == 2 * many:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _crew(jobs: int) -> Iterator[tuple[ThreadPoolExecutor, Going, int]]:
    """The threads for so many jobs, what stops them, and how many they are. Each keeps to cores of
    its own with all that it starts: a tracker hands its work from thread to thread, and the system
    wakes them on one core while another is idle (7 % of the time on two, measured)."""
    over = threading.Event()

    def going() -> None:
        if over.is_set():
            raise StoppedError

    many = max(1, min(threads(), jobs))
    own = iter(shares(many))
    with ThreadPoolExecutor(many, "piece", lambda: bind_thread(next(own, frozenset()))) as pool:
        try:
            yield pool, going, many
        finally:  # Ctrl-C ends the waiting, too
            over.set()
            pool.shutdown(wait=False, cancel_futures=True)
