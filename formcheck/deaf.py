"""Processes that do not hear Ctrl-C. A terminal tells it to all of them, and it is the parent's to
answer; but a process that has just begun cannot say so yet, and would die of it with a traceback.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker


@contextmanager
def deaf() -> Iterator[None]:
    """What this thread begins meanwhile hears no Ctrl-C, from its first moment on and for good; for
    this thread itself it comes afterwards. Windows has no such masks: nothing happens there."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # which Python begins before the first, and unmasks after it
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
