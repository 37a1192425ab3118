"""Whoever works on the queue: clips are claimed, analysed in processes of their own, and told of.

The server's process does no analysis. A clip that crashes, hangs or eats the memory takes its
worker with it, no more; a server that is killed leaves its clips to the next one.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from formcheck.analysis import Options
from formcheck.batch.cluster import ClusterPool
from formcheck.batch.job import Job, Outcome, Terms
from formcheck.batch.limits import Limits
from formcheck.batch.pool import LocalPool, Lost
from formcheck.caps import OTHERS
from formcheck.errors import FormcheckError
from formcheck.files import sha256
from formcheck.store.tables import Job as Queued
from formcheck.web import tidying
from formcheck.web.kept import keep, let_go
from formcheck.web.places import Place
from formcheck.web.queue import Queue
from formcheck.web.settings import Settings

log = logging.getLogger("formcheck.web")

LOOKS_S = 0.3
"""How often it is looked whether there is something to do."""
RENEWS_S = 1.0
"""How often the database is told how far a clip is."""
TIDIES_S = 600.0
"""How often it is looked what has been kept for long enough, and what is nobody's."""
LACKS_S = 10.0
"""How long to wait when the machine lacks something: room on the disk, the model."""
HELD_UP_S = 1.0
"""How long to wait when the database or the disk fails; it may come back."""
TRIES = 2
"""A clip that ended so many workers is given up."""
GIVEN_UP = "Its analysis was given up: {}. Cut out the set, save it as an mp4, and try again."


@dataclass
class Crew:
    """Runs on a thread of its own, from `start` to `stop`. Made where Ray is wanted and does not
    answer, it raises MissingPartError."""

    settings: Settings
    queue: Queue
    pool: LocalPool | ClusterPool = field(init=False)
    worker: str = field(default_factory=lambda: f"{socket.gethostname()[:40]}-{os.getpid()}-"
                        f"{secrets.token_hex(4)}")  # fmt: skip
    _held: dict[str, int] = field(default_factory=dict)
    """The clips that are worked on here, and how many workers each has ended."""
    _untold: list[Outcome | Lost] = field(default_factory=list)
    """What came of clips, and is not in the database yet."""
    _renewed: float = 0.0
    _tidied: float = field(default_factory=time.monotonic)
    _held_up: bool = False
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @property
    def bounds(self) -> Limits:
        """Of the work on one clip."""
        return Limits().lasting(self.settings.limits.clip_s)

    def __post_init__(self) -> None:
        if self.settings.ray is None:
            self.pool = LocalPool(self.settings.workers, self.bounds)
        else:
            self.pool = ClusterPool(self.settings.ray, self.bounds)

    def start(self) -> None:
        """Begin to work."""
        self._thread = threading.Thread(target=self._run, name="crew", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the work; what is not done goes back into the queue."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def well(self) -> bool:
        """Whether it goes on with the queue; a server without it only takes clips in."""
        return self._thread is not None and self._thread.is_alive() and not self._held_up

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._held_up = not self._went()
                if self._held_up:
                    self._stop.wait(HELD_UP_S)
        finally:
            self.pool.close()
            with suppress(FormcheckError):  # then their leases run out
                self.queue.hand_back(self.worker)

    def _went(self) -> bool:
        """Do what there is to do; False where that failed: what has no report is tried again."""
        try:
            self._turn()
        except FormcheckError as error:
            log.warning("the work on clips is held up: %s", error)
        except OSError as error:  # its path holds an id
            log.warning("the work on clips is held up: %s", error.strerror)
        except Exception:
            log.exception("the work on clips is held up")
            del self._untold[:1]  # a fault of ours would come again with it
        else:
            return True
        return False

    def _turn(self) -> None:
        now = time.monotonic()
        if now - self._renewed > RENEWS_S:  # first: else what is worked on here might be claimed
            self._renewed = now
            self._renew()
        while self.pool.room() > 0 and (claimed := self.queue.claim(self.worker)) is not None:
            if claimed.id not in self._held:  # else its lease ran out while this machine slept
                self._begin(claimed)
        self._untold += self.pool.next(LOOKS_S) if self._held else self._idle()
        while self._untold:  # one that cannot be told now is told in a later turn
            self._ended(self._untold[0])
            del self._untold[0]
        if now - self._tidied > TIDIES_S:
            self._tidied = now
            tidying.tidy(self.settings, self.queue)

    def _idle(self) -> Sequence[Outcome | Lost]:
        self._stop.wait(LOOKS_S)
        return ()

    def _begin(self, claimed: Queued) -> None:
        try:
            self.pool.submit(self._job(claimed))
        except OSError:
            self.queue.fail(
                claimed.id, self.worker, "The clip is not there any more. Upload it again."
            )
            return
        self._held[claimed.id] = 0

    def _job(self, claimed: Queued) -> Job:
        """What a worker is given. Raises OSError where the clip is gone."""
        source, asked = Path(claimed.source), claimed.asked
        options = Options(
            exercise=asked["exercise"],
            athlete_name=asked["athlete"],
            clip_name=claimed.name,
            caps=replace(OTHERS, longest_s=self.settings.limits.clip_s, more=""),
        )
        return Job(
            name=claimed.id,
            path=source,
            sha256=sha256(source),
            out=source.parent,
            folder="result",
            key="web",
            terms=Terms(options, limits=self.bounds),
        )

    def _ended(self, ended: Outcome | Lost) -> None:
        if isinstance(ended, Lost):
            self._lost(ended)
            return
        if ended.name not in self._held:
            return
        record = ended.record
        if record is None:
            self._held_back(ended)
            return
        if record.summary is None:
            kept = self.queue.fail(ended.name, self.worker, record.reason or "It failed.")
        else:
            outcome = {"reps": record.summary.reps, "verdict": record.summary.verdict}
            self._keep(ended.name)  # before it is over: a kill in between has both done again
            kept = self.queue.finish(ended.name, self.worker, record.folder or "", outcome)
        if not kept:
            self._clear(ended.name)
        self._held.pop(ended.name, None)

    def _held_back(self, ended: Outcome) -> None:
        """The machine lacks something that every clip needs: all wait until it is there again."""
        log.warning("clips wait: %s", "" if ended.ending is None else ended.ending.words)
        for id_ in tuple(self._held):
            self.pool.cancel(id_)
        self._held.clear()
        self.queue.hand_back(self.worker)
        self._held_up = True
        self._stop.wait(LACKS_S)

    def _keep(self, id_: str) -> None:
        """A result is its athlete's, who was named with the clip."""
        if (clip := self.queue.clip(id_)) is not None:
            keep(self.queue.store, self._place(id_).result, clip.athlete)

    def _lost(self, lost: Lost) -> None:
        """Its worker died with it: once more, and then no more."""
        id_ = lost.job.name
        if id_ not in self._held:
            return
        self._held[id_] += not lost.innocent
        if self._held[id_] < TRIES:
            with suppress(OSError):  # no process to be had: whoever comes next takes it up
                self.pool.submit(lost.job)
                return
        del self._held[id_]
        self.queue.fail(id_, self.worker, GIVEN_UP.format(lost.why))

    def _renew(self) -> None:
        """Say how far each clip is, and let go of those that were cancelled or deleted."""
        told = self.pool.progress()
        for id_ in tuple(self._held):
            words, share = told.get(id_, ("", 0.0))
            if not self.queue.renew(id_, self.worker, share, words):
                self.pool.cancel(id_)
                del self._held[id_]
                self._clear(id_)

    def _clear(self, id_: str) -> None:
        """A clip that was cancelled meanwhile is nobody's, one that was deleted leaves nothing."""
        clip = self.queue.clip(id_)
        if clip is None or clip.status == "cancelled":
            let_go(self.queue.store, self._place(id_).result)
        if clip is None:
            self._place(id_).delete()

    def _place(self, id_: str) -> Place:
        return Place(id_, self.settings.clips / id_)
