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
LARGE_B = 4_000_000
"""What is larger lies outside of the heaps and goes as soon as it is freed: a picture of 1080p has
6 MB, and what is put where one lay keeps the next from fitting. Pictures of 720p stay: fresh memory
costs more than theirs is worth [O]."""
SLACK_B = 64_000_000
"""So much may be free at a heap's end before it goes by itself: a picture comes and goes with every
frame [O]."""
_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1
"""Of glibc's malloc.h."""
_LARGE, _SLACK = "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"
"""Where the user says that."""


def settle() -> None:
    """Let the threads to come share heaps, and large pictures lie outside of them, unless the user
    has said how that is to be."""
    if sys.platform != "linux":
        return
    with suppress(AttributeError, OSError):
        if ENVIRONMENT[0] not in os.environ:
            ctypes.CDLL(None).mallopt(_ARENA_MAX, HEAPS)
        if _LARGE not in os.environ:
            ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, LARGE_B)
        if _SLACK not in os.environ:
            ctypes.CDLL(None).mallopt(_TRIM_THRESHOLD, SLACK_B)


def give_back() -> None:
    """Hand what is free to the system."""
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).malloc_trim(0)
