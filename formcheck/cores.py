"""How many cores this process may use, and how many processes at once pay."""

from __future__ import annotations

import os
import sys

MOST_JOBS = 60
"""Windows waits for no more processes at once."""


def cores() -> int:
    """At least 1; fewer than the machine has where the process is bound to some of them."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
