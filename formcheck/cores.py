"""How many cores this process may use, how many processes at once pay, and who runs where."""

from __future__ import annotations

import os
import sys
from collections.abc import Set as AbstractSet
from contextlib import suppress
from pathlib import Path

MOST_JOBS = 60
"""Windows waits for no more processes at once."""


def cores() -> int:
    """At least 1; fewer than the machine has where the process is bound to some of them."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shares(many: int) -> list[frozenset[int]]:
    """The numbers of the cores that this process may use, dealt out to so many; none where
    there are fewer cores than that, or the system binds no process to a core."""
    if sys.platform != "linux":
        return []
    mine = sorted(os.sched_getaffinity(0))
    return [frozenset(mine[k::many]) for k in range(many)] if 0 < many <= len(mine) else []


def bind(pid: int, numbers: AbstractSet[int]) -> None:
    """Let a process, with all its threads, run on these cores only, where the system can; one that
    is gone is none."""
    if sys.platform == "linux":
        with suppress(OSError):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                with suppress(OSError):
                    os.sched_setaffinity(int(thread.name), numbers)


def bind_thread(numbers: AbstractSet[int]) -> None:
    """Let this thread, and those that it will start, run on these cores only, where the system
    can. None: it stays as it is."""
    if sys.platform == "linux" and numbers:
        with suppress(OSError):
            os.sched_setaffinity(0, numbers)
