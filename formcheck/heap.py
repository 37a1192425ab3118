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
LARGE_B, LARGEST_B = 4_000_000, 32_000_000
"""What is larger than the first lies outside of the heaps while a long clip is read, and goes as
soon as it is freed: a picture of 1080p has 6 MB, and what is put where one lay keeps the next from
fitting. Fresh memory costs a seventh of the time at 1080p, so pictures of a short clip, of which
there are too few for that, stay in the heaps: up to the second, glibc's own most."""
LONG_S = 180.0
"""Seconds of a clip from which on it is long: there memory is spared where that takes time [O]."""
SLACK_B = 64_000_000
"""So much may be free at a heap's end before it goes by itself: a picture comes and goes with every
frame [O]."""
_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1
"""Of glibc's malloc.h."""


def settle() -> None:
    """Let the threads to come share heaps, unless the user has said how that is to be."""
    _tell(_ARENA_MAX, HEAPS, ENVIRONMENT[0])
    _tell(_TRIM_THRESHOLD, SLACK_B, "MALLOC_TRIM_THRESHOLD_")


def settle_pictures(seconds: float | None) -> None:
    """Let the pictures of a clip of so many seconds lie in the heaps or outside of them, unless the
    user has said where. None: not known, which may be long."""
    short = seconds is not None and seconds < LONG_S
    _tell(_MMAP_THRESHOLD, LARGEST_B if short else LARGE_B, "MALLOC_MMAP_THRESHOLD_")


def _tell(what: int, value: int, unless: str) -> None:
    if sys.platform == "linux" and unless not in os.environ:
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).mallopt(what, value)


def give_back() -> None:
    """Hand what is free to the system."""
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).malloc_trim(0)
