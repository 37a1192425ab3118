"""The live sets of a server: each with its process, and with a browser that may come and go."""

from __future__ import annotations

import asyncio
import multiprocessing
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formcheck.report import Report
from formcheck.tracking.strips import Make
from formcheck.web import ids
from formcheck.web.booth import Asked, run
from formcheck.web.kept import keep
from formcheck.web.places import Place
from formcheck.web.queue import Queue
from formcheck.web.schemas import Clip
from formcheck.web.settings import Settings

COMES_BACK_S = 20.0
"""A browser that was lost for so long has ended its set."""
ENDS_S = 15.0
"""How long a process may take to keep what there is of a set."""
_SPAWN = multiprocessing.get_context("spawn")
Tell = Callable[[dict[str, Any]], None]


def _to_nobody(said: dict[str, Any]) -> None:
    """Nobody listens."""


@dataclass
class Sitting:
    """One browser's sets, from start to stop."""

    key: str
    folder: Path
    """What its process writes, until that lies with the clips."""
    keep: Callable[[Sitting, dict[str, Any]], str]
    """Takes a set that is written among the clips; its id."""
    asked: Asked
    tell: Tell = field(default=_to_nobody)
    """Whoever listens now; called on the sitting's own thread."""
    ids: list[str] = field(default_factory=list)
    """Of the sets that were kept."""
    waiting: deque[float] = field(default_factory=deque)
    """The times of pictures that were not answered yet."""
    left: float | None = None
    """Since when nobody listens."""
    over: bool = False
    _places: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._here, there = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=run, args=(there, self.asked), name="live")
        self._process.start()
        there.close()
        self._sends = threading.Lock()
        self._thread = threading.Thread(target=self._listen, name="live", daemon=True)
        self._thread.start()

    def taken_by(self, tell: Tell) -> None:
        """A browser has come, or come back; one that is still thought to be there is not."""
        self.waiting.clear()
        self.tell, self.left = tell, None

    def left_by(self, tell: Tell) -> None:
        """A browser is gone, unless it came back meanwhile."""
        if self.tell is tell:
            self.waiting.clear()
            self.tell, self.left = _to_nobody, time.monotonic()

    def send(self, said: tuple[float, bytes] | str | None) -> None:
        """A picture, a command, or None: it is over. Blocks where the process is behind."""
        with self._sends, suppress(OSError):
            self._here.send(said)

    def _listen(self) -> None:
        try:
            while True:
                self._heard(self._here.recv())
        except (EOFError, OSError):
            self._ended("The live analysis broke off; that is a fault of formcheck.")
        finally:
            self._process.join()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _heard(self, said: dict[str, Any]) -> None:
        if "folder" in said:
            id_ = self.keep(self, said)
            self.ids.append(id_)
            self._places[said["folder"]] = id_
        elif "drawn" in said:
            self._drawn(Path(said["drawn"]))
        elif "over" in said:
            self._ended("No set began, so there is no report.")
        elif "failed" in said:
            self._ended(said["failed"])
        else:
            self._answered(said)

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
        self.over = True
        first = self.ids[0] if self.ids else None
        self.tell({"id": first, "ids": self.ids, "reason": None if self.ids else reason})

    def _drawn(self, folder: Path) -> None:
        """The result once more, with its video."""
        id_ = self._places[str(folder)]
        result = folder.parent.parent.parent / "clips" / id_ / "result"
        if result.is_dir():  # else it was deleted meanwhile
            old = result.with_name(".old")
            result.replace(old)
            folder.replace(result)
            shutil.rmtree(old, ignore_errors=True)

    def end(self, seconds: float) -> None:
        """Have it end, and kill it where it does not."""
        self.send(None)
        until = time.monotonic() + seconds
        while not self.over and self._process.is_alive() and time.monotonic() < until:
            time.sleep(0.05)
        self._process.kill()
        self._thread.join(5.0)

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
    _task: asyncio.Task[None] | None = None

    @property
    def room(self) -> bool:
        """Whether one more browser can be coached."""
        running = [s for s in self._sittings.values() if not s.over]
        return len(running) < self.settings.limits.lives

    def begin(self, exercise: str, athlete: str | None, client: str) -> Sitting:
        """A new one; there has to be room."""
        key = ids.fresh()
        folder = self.settings.data / "live" / key
        folder.mkdir(mode=0o700, parents=True)

        def keep(sitting: Sitting, said: dict[str, Any]) -> str:
            return self._keep(Path(said["folder"]), said, athlete, client)

        asked = Asked(folder, exercise, athlete, self.make)
        self._sittings[key] = Sitting(key, folder, keep, asked)
        return self._sittings[key]

    def find(self, key: str) -> Sitting | None:
        """The one that a browser comes back to; None: it is over, or never was."""
        found = self._sittings.get(key)
        return None if found is None or found.over else found

    def draws(self, id_: str) -> bool:
        """Whether the video of a set is still being drawn."""
        return any(id_ in one.ids and one.alive for one in list(self._sittings.values()))

    def adopt(self) -> None:
        """Take what an earlier server's sets left, whole, among the clips."""
        for written in sorted((self.settings.data / "live").glob("*/*/report.json")):
            report = Report.model_validate_json(written.read_bytes())
            told = {"exercise": report.exercise, "reps": report.set_.reps,
                    "verdict": report.verdict.status}  # fmt: skip
            self._keep(written.parent, told, report.athlete.name, "")
            shutil.rmtree(written.parent.parent, ignore_errors=True)

    def _keep(self, folder: Path, said: dict[str, Any], athlete: str | None, client: str) -> str:
        id_ = ids.fresh()
        where = Place(id_, self.settings.clips / id_)
        where.folder.mkdir(mode=0o700)
        shutil.copytree(folder, where.result)
        size = sum(file.stat().st_size for file in where.result.iterdir())
        clip = Clip(id=id_, status="done", name=f"Set of {time.strftime('%d.%m. %H:%M')}",
                    kind="live", exercise=said["exercise"], athlete=athlete, size=size,
                    reps=said["reps"], verdict=said["verdict"])  # fmt: skip
        self.queue.add(clip, str(where.result), client)
        keep(self.queue.store, where.result, athlete)
        return id_

    async def look_after(self) -> None:
        """End what nobody came back to, and forget what is over."""
        while True:
            await asyncio.sleep(1.0)
            now = time.monotonic()
            for key, one in list(self._sittings.items()):
                if one.left is not None and now - one.left > COMES_BACK_S and not one.over:
                    one.left = None
                    await asyncio.to_thread(one.send, None)
                if one.over and not one.alive:
                    del self._sittings[key]

    def close(self) -> None:
        """End all; what there is of a set is kept."""
        for one in list(self._sittings.values()):
            one.end(ENDS_S)
