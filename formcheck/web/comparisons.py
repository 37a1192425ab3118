"""Two sets compared for a browser: in a process of its own, one at a time."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from formcheck import results
from formcheck.analysis import is_track
from formcheck.batch import limits
from formcheck.deaf import deaf
from formcheck.errors import FormcheckError
from formcheck.web.places import Place

LIMITS = limits.Limits().lasting(120)
"""Of a comparison: one of two sets of a minute takes as long as they do."""
REMEMBERED = 100
"""So many failures are told to whoever asks again."""
BROKE_OFF = "The comparison broke off; that is a fault of formcheck."
TOO_LONG = (
    "These sets are too long to be compared here. Use formcheck compare on the machine itself."
)
_NICE = 10
_SPAWN = multiprocessing.get_context("spawn")

State = Literal["done", "running", "failed", "none"]


@dataclass(frozen=True)
class Asked:
    """What is to be compared."""

    results: tuple[Path, Path]
    films: tuple[Path | None, Path | None]
    folder: Path
    """Where it goes."""

    @classmethod
    def of(cls, a: Place, b: Place) -> Asked:
        """Two clips."""
        films = (None if p.film is None or is_track(p.film) else p.film for p in (a, b))
        one, other = films
        return cls((a.result, b.result), (one, other), a.beside(b))

    def hiding(self, text: str) -> str:
        """A sentence without the places of the server's files."""
        for place in (result.parent for result in self.results):
            text = text.replace(f"{place}{os.sep}", "").replace(str(place), place.name)
        return text


class BusyError(Exception):
    """Another comparison is under way."""


@dataclass
class _Running:
    asked: Asked
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.heard, there = _SPAWN.Pipe(duplex=False)
        self.process = _SPAWN.Process(target=make, args=(there, self.asked), name="compare")
        with deaf():
            self.process.start()
        there.close()

    def said(self) -> str:
        """Why it ended: one that was killed says nothing."""
        try:
            return str(self.heard.recv()) if self.heard.poll() else BROKE_OFF
        except (EOFError, OSError):
            return BROKE_OFF

    def end(self) -> None:
        """With what it was writing, where it was killed."""
        self.process.kill()
        self.process.join()
        self.heard.close()
        for part in self.asked.folder.parent.glob(f"{results.UNDER_WAY}*"):
            shutil.rmtree(part, ignore_errors=True)


@dataclass
class Comparisons:
    """All of a server."""

    _running: _Running | None = None
    _failed: OrderedDict[Path, str] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, asked: Asked) -> None:
        """Compare, unless that is done or under way. Raises BusyError."""
        with self._lock:
            state = self._state(asked.folder)
            if state in {"done", "running"}:
                return
            if self._running is not None:
                raise BusyError("Two other sets are being compared. Try again in a minute.")
            self._failed.pop(asked.folder, None)
            self._running = _Running(asked)

    def state(self, folder: Path) -> tuple[State, str]:
        """What became of a comparison, and why it failed."""
        with self._lock:
            return self._state(folder), self._failed.get(folder, "")

    def _state(self, folder: Path) -> State:
        self._look()
        if self._running is not None and self._running.asked.folder == folder:
            return "running"
        if (folder / "compare.json").is_file():
            return "done"
        return "failed" if folder in self._failed else "none"

    def _look(self) -> None:
        """Whether the one under way has ended, or has to."""
        one = self._running
        if one is None:
            return
        if one.process.is_alive():
            if time.monotonic() - one.began < LIMITS.wall_s:
                return
            self._fail(one.asked.folder, TOO_LONG)
        elif one.process.exitcode != 0:
            self._fail(one.asked.folder, one.said())
        one.end()
        self._running = None

    def _fail(self, folder: Path, reason: str) -> None:
        self._failed[folder] = reason
        while len(self._failed) > REMEMBERED:
            self._failed.popitem(last=False)

    def close(self) -> None:
        """End the one under way."""
        with self._lock:
            self._end()

    def drop(self, of: Place) -> None:
        """End the one under way where it is of this clip."""
        with self._lock:
            if self._running is not None and of.result in self._running.asked.results:
                self._end()

    def _end(self) -> None:
        if self._running is not None:
            self._running.end()
            self._running = None


def make(pipe: Connection, asked: Asked) -> None:
    """The life of the process. Exits with 1 once it has said why there is no comparison."""
    for one in (signal.SIGINT, signal.SIGTERM):  # the server's to answer, though sent to all
        signal.signal(one, signal.SIG_IGN)
    limits.apply(LIMITS)
    if hasattr(os, "nice"):
        os.nice(_NICE)
    try:
        write(asked)
    except FormcheckError as error:
        pipe.send(asked.hiding(str(error)))
        sys.exit(1)


def write(asked: Asked) -> None:
    """Compare, and write it. Raises FormcheckError."""
    from formcheck.twosets import run
    from formcheck.twosets.sides import check, side_of

    a, b = (side_of(r, f) for r, f in zip(asked.results, asked.films, strict=True))
    check(a, b)
    run.write(run.of_sides(a, b), asked.folder, lambda *_: None)
    if not all(result.is_dir() for result in asked.results):  # deleted meanwhile
        shutil.rmtree(asked.folder, ignore_errors=True)
