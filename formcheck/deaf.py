"""Processes that do not hear Ctrl-C. A terminal tells it to all of them, and it is the parent's to
answer; but a process that has just begun cannot say so yet, and would die of it with a traceback.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker


@contextmanager
def deaf() -> Iterator[None]:
    """What this thread begins meanwhile hears no Ctrl-C, from its first moment on and for good; who
    begins it hears it afterwards: a process half begun fails too. Nothing happens on Windows, which
    has no such masks."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # which Python begins before the first, and unmasks after it
    with _later():
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _later() -> Iterator[None]:
    """Ctrl-C comes afterwards, also where a library's thread took it, which no mask of ours has:
    Python then tells the main thread."""
    answers = signal.getsignal(signal.SIGINT)
    if answers is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, answers)
        if heard:
            signal.raise_signal(signal.SIGINT)
