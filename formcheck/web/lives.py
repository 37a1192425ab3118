"""The live sets of a server: each with its process, and with a browser that may come and go."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formcheck.deaf import deaf
from formcheck.tracking.strips import Make
from formcheck.web import ids
from formcheck.web.booth import COMES_BACK_S, Asked, run
from formcheck.web.queue import Queue
from formcheck.web.settings import Settings
from formcheck.web.shelf import Shelf, whole

log = logging.getLogger("formcheck.web")
IDLE_S = 60.0
"""A browser that has sent no picture for so long holds a place for nothing."""
TOLD_S = 600.0
"""For so long a browser that comes back is told what became of its set."""
ENDS_S = 15.0
"""How long a process may take to keep what there is of a set."""
BEATS_S, ADOPTS_S, FORSAKEN_S = 1.0, 30.0, 60.0
"""A server touches the folders of its sets so often, and looks so often for others; what nobody has
touched for so long was left by a server that is no more: another may share the folder, and the
process of one that was killed still writes what there is of its set."""
BROKE_OFF = "The live analysis broke off; that is a fault of formcheck."
NOT_YET = "The set is written, and will be among the clips once the server can keep it there."
FULL = "Another set is being watched: this machine has no room for one more. Try again later."
_SPAWN = multiprocessing.get_context("spawn")
Tell = Callable[[dict[str, Any]], None]


def _to_nobody(said: dict[str, Any]) -> None:
    """Nobody listens."""


class FullError(Exception):
    """There is no room for one more browser; its text says so."""


@dataclass
class Sitting:
    """One browser's sets, from start to stop."""

    key: str
    folder: Path
    """What its process writes, until that lies with the clips."""
    shelf: Shelf
    client: str
    asked: Asked
    tell: Tell = field(default=_to_nobody)
    """Whoever listens now; called on the sitting's own thread."""
    ids: list[str] = field(default_factory=list)
    """Of the sets that were kept."""
    waiting: deque[float] = field(default_factory=deque)
    """The times of pictures that were not answered yet."""
    left: float | None = None
    """Since when nobody listens."""
    heard: float = field(default_factory=time.monotonic)
    """When the last picture came."""
    last: dict[str, Any] | None = None
    """The last that is said, once it is over."""
    kept: bool = True
    """Whether all that is written is among the clips."""
    ended: float = 0.0
    """Since when it is over."""

    def __post_init__(self) -> None:
        self._here, there = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=run, args=(there, self.asked), name="live")
        with deaf():
            self._process.start()
        there.close()
        self._sends = threading.Lock()
        self._thread = threading.Thread(target=self._listen, name="live", daemon=True)
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.last is not None

    def taken_by(self, tell: Tell) -> None:
        """A browser has come, or come back; one that is still thought to be there is not."""
        self.waiting.clear()
        self.tell, self.left = tell, None
        if self.last is not None:
            tell(self.last)

    def left_by(self, tell: Tell) -> None:
        """A browser is gone, unless it came back meanwhile."""
        if self.tell is tell:
            self.waiting.clear()
            self.tell, self.left = _to_nobody, time.monotonic()

    def send(self, said: tuple[float, bytes] | str | None) -> None:
        """A picture, a command, or None: it is over. Blocks where the process is behind."""
        if isinstance(said, tuple):
            self.heard = time.monotonic()
        with self._sends, suppress(OSError):
            self._here.send(said)

    def _listen(self) -> None:
        try:
            while True:
                self._heard(self._here.recv())
        except (EOFError, OSError):
            self._ended(BROKE_OFF)
        except Exception:
            log.exception("a live set broke off")
            self._ended(BROKE_OFF)
        finally:
            self._process.join()
            self.shelf.take_all(self.folder, self.client)

    def _heard(self, said: dict[str, Any]) -> None:
        if "folder" in said:
            self._keep(Path(said["folder"]))
        elif "drawn" in said:
            with suppress(OSError):  # then the report is there without its video
                self.shelf.drawn(Path(said["drawn"]))
        elif "over" in said:
            self._ended("No set began, so there is no report.")
        elif "failed" in said:
            self._ended(said["failed"])
        else:
            self._answered(said)

    def _keep(self, folder: Path) -> bool:
        """Whether it could be; else it is tried once more when all is over."""
        try:
            id_ = self.shelf.take(folder, self.client)
        except Exception as error:  # whatever it is, it is tried again later
            log.warning("a live set is written, but not among the clips: %s", type(error))
            return False
        self.ids += [] if id_ in self.ids else [id_]
        return True

    def _keep_all(self) -> bool:
        """Whether all that is written could be kept; one that cannot does not hold up the rest."""
        kept = [self._keep(folder) for folder in whole(self.folder)]
        return all(kept)

    def _answered(self, said: dict[str, Any]) -> None:
        """An answer is the answer to all pictures that came before it, too: they were stale."""
        while self.waiting and said["t_s"] is not None and self.waiting[0] < said["t_s"]:
            self.tell({**said, "t_s": self.waiting.popleft(), "cues": [], "dropped": True})
        if self.waiting:
            self.waiting.popleft()
        self.tell(said)

    def _ended(self, reason: str) -> None:
        if self.over:
            return
        self.kept = self._keep_all()
        reason = reason if self.kept else NOT_YET
        first = self.ids[0] if self.ids else None
        self.ended = time.monotonic()
        self.last = {"id": first, "ids": self.ids, "reason": None if self.ids else reason}
        self.tell(self.last)

    def keep_again(self) -> None:
        """Try what could not be kept; what then is, its browser no longer hears of."""
        if self.over and not self.kept:
            self.kept = self._keep_all()

    def end(self, seconds: float) -> None:
        """Have it end, and kill it where it does not."""
        self.send(None)
        until = time.monotonic() + seconds
        while not self.over and self._process.is_alive() and time.monotonic() < until:
            time.sleep(0.05)
        self._process.kill()
        self._thread.join(5.0)

    def forsaken(self) -> bool:
        """Whether its browser is gone for good, or sends nothing; told once."""
        now = time.monotonic()
        gone = self.left is not None and now - self.left > COMES_BACK_S
        if self.over or not (gone or now - self.heard > IDLE_S):
            return False
        self.left, self.heard = None, float("inf")
        return True

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process.is_alive()


@dataclass
class Lives:
    """All of them."""

    settings: Settings
    queue: Queue
    make: Make | None = None
    _sittings: dict[str, Sitting] = field(default_factory=dict)
    _starting: int = 0
    _adopted: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.settings, self.queue)

    @property
    def folder(self) -> Path:
        """Where the sets lie until they are clips."""
        return self.settings.data / "live"

    @property
    def room(self) -> bool:
        """Whether one more browser can be coached."""
        running = [s for s in list(self._sittings.values()) if not s.over]
        return len(running) + self._starting < self.settings.limits.lives

    def begin(self, exercise: str, athlete: str | None, client: str) -> Sitting:
        """A new one. Raises FullError where there is no room for it."""
        with self._lock:
            if not self.room:
                raise FullError(FULL)
            self._starting += 1
        try:
            key = ids.fresh()
            folder = self.folder / key
            folder.mkdir(mode=0o700, parents=True)
            asked = Asked(folder, exercise, athlete, self.make)
            self._sittings[key] = Sitting(key, folder, self.shelf, client, asked)
        finally:
            self._starting -= 1
        return self._sittings[key]

    def find(self, key: str) -> Sitting | None:
        """The one that a browser comes back to, over or not; None: it is not known any more."""
        return self._sittings.get(key)

    def draws(self, id_: str) -> bool:
        """Whether the video of a set is still being drawn."""
        return any(id_ in one.ids and one.alive for one in list(self._sittings.values()))

    def adopt(self) -> None:
        """Take what the sets of a server that is no more left, whole, among the clips."""
        self.shelf.mend()
        before = time.time() - FORSAKEN_S
        for sitting in sorted(self.folder.glob("*")):
            with suppress(FileNotFoundError):  # its own server was faster
                if sitting.name not in self._sittings and sitting.stat().st_mtime < before:
                    self.shelf.take_all(sitting)

    async def look_after(self) -> None:
        """End what nobody came back to, forget what is over, take what others left."""
        while True:
            await asyncio.sleep(BEATS_S)
            try:
                await asyncio.to_thread(self._look)
            except Exception:
                log.exception("live sets are not looked after")

    def _look(self) -> None:
        now = time.monotonic()
        for key, one in list(self._sittings.items()):
            with suppress(OSError):
                os.utime(one.folder)
            if one.forsaken():
                one.send(None)
            one.keep_again()
            if one.over and not one.alive and now - one.ended > TOLD_S:
                del self._sittings[key]
        if now - self._adopted > ADOPTS_S:
            self._adopted = now
            self.adopt()

    def close(self) -> None:
        """End all; what there is of a set is kept."""
        for one in list(self._sittings.values()):
            one.end(ENDS_S)
