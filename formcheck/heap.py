"""Memory that a process has freed, handed back to the system.

Glibc keeps it, and gives each thread a heap of its own that no other uses: once the pose model is
closed, more than half of what a process holds is free and nobody's (docs/speed.md). Other C
libraries need no such word, and are not told.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress

HEAPS = 2
"""How many heaps all threads share: as many as threads that follow a clip on most machines; what
they ask for is large, so they seldom wait for one another."""
ENVIRONMENT = ("MALLOC_ARENA_MAX", str(HEAPS))
"""The same, for a process that has not begun."""
_ARENA_MAX = -8
"""Of glibc's malloc.h."""


def few_heaps() -> None:
    """Let the threads to come share heaps, unless the user has said how many there may be."""
    if sys.platform == "linux" and ENVIRONMENT[0] not in os.environ:
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).mallopt(_ARENA_MAX, HEAPS)


def give_back() -> None:
    """Hand what is free to the system."""
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).malloc_trim(0)
