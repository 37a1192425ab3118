"""One Chromium for all tests: started with a deadline, gone afterwards for certain."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

SWITCHES = (
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",  # else a machine without one draws each frame with emulated OpenGL
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LAUNCH_MS = 60_000
STUCK_S = 90.0
"""What a test may take with the browser; most take one or two. Playwright itself waits without end
for a page's script, and for a stuck page to close."""
TRIES = 2
"""A busy machine may let the first start run into its deadline; only the start is tried again."""


class Chromium:
    """A browser that is started when it is first wanted, and anew after it was dropped."""

    def __init__(self, kind, executable: Path) -> None:
        """`kind` is Playwright's `chromium`."""
        self.kind, self._executable = kind, executable
        self._running = None

    @contextlib.contextmanager
    def lent(self) -> Iterator:
        """The running browser, of Playwright. Where it is not given back in time it is killed, so
        that whatever waits for it fails, there and then."""
        if self._running is None or not self._running.is_connected():
            self.drop()
            self._running = self._launched()
        watch = threading.Timer(STUCK_S, _kill)
        watch.start()
        try:
            yield self._running
        finally:
            watch.cancel()

    def drop(self) -> None:
        """Kill it with all its processes: a browser that is stuck does not close when asked."""
        _kill()
        if self._running is not None and not Path("/proc/self/stat").is_file():
            self._running.close()
        self._running = None

    def _launched(self):
        from playwright.sync_api import Error

        for left in reversed(range(TRIES)):
            try:
                return self.kind.launch(
                    executable_path=self._executable, args=SWITCHES, timeout=LAUNCH_MS
                )
            except Error:
                self.drop()
                if not left:
                    raise
        raise AssertionError("unreachable")


def _kill() -> None:
    for group in process_groups("chrom", os.getpid()):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def process_groups(word: str, ancestor: int) -> set[int]:
    """The groups, other than our own, of the descendants of a process whose program's name has the
    word in it. Empty where the system has no /proc."""
    parent, group = {}, {}
    for pid, name, above, group_of in _processes():
        parent[pid] = above
        if word in name:
            group[pid] = group_of
    found = {group[pid] for pid in group if ancestor in _line(pid, parent)}
    return found - {os.getpgrp()} if found else found


def _line(pid: int, parent: dict[int, int]) -> Iterator[int]:
    while pid := parent.get(pid, 0):
        yield pid


def _processes() -> Iterator[tuple[int, str, int, int]]:
    """Each process: its number, its program's name, its parent's number, its group."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended since
            head, _, rest = stat.read_text(errors="replace").rpartition(")")
            pid, _, name = head.partition(" (")
            above, group = rest.split()[1:3]
            yield int(pid), name, int(above), int(group)
