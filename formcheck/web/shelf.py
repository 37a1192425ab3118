"""From a live set that is written to a clip like any other: each once, whoever dies in between."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from formcheck.report import Report
from formcheck.web import ids
from formcheck.web.kept import keep
from formcheck.web.places import Place
from formcheck.web.queue import Queue
from formcheck.web.schemas import Clip
from formcheck.web.settings import Settings

log = logging.getLogger("formcheck.web")
OLD = ".old"


class Shelf:
    """Takes the sets that the processes of a server wrote, folder by folder.

    Beside a set's folder lies a note `.NAME.id` from before it is copied, and a `.NAME.kept` once
    it is among the clips: who finds the one without the other knows under which id to look.
    """

    def __init__(self, settings: Settings, queue: Queue) -> None:
        self._settings, self._queue = settings, queue
        self._lock = threading.Lock()

    def take(self, folder: Path, client: str = "") -> str:
        """Copy a set that is whole among the clips; its id, the same again for the same set.
        Raises FormcheckError, OSError, ValueError (a report that is none)."""
        with self._lock:  # of two that take the same, one finds it taken
            return self._taken(folder, client)

    def _taken(self, folder: Path, client: str) -> str:
        id_ = self._id(folder)
        kept = folder.with_name(f".{folder.name}.kept")
        if kept.exists():
            return id_
        if self._queue.clip(id_) is None:
            report = Report.model_validate_json((folder / "report.json").read_bytes())
            where = Place(id_, self._settings.clips / id_)
            where.delete()  # what an earlier try left
            where.folder.mkdir(mode=0o700)
            shutil.copytree(folder, where.result)
            # its athlete's first: who is killed in between does both again
            keep(self._queue.store, where.result, report.athlete.name)
            self._queue.add(_clip(id_, report, where.result), str(where.result), client)
        kept.touch()
        return id_

    def take_all(self, sitting: Path, client: str = "") -> list[str]:
        """All that is whole of a sitting, and then its folder away; what cannot be taken now stays
        where it is."""
        taken, left = [], False
        for folder in whole(sitting):
            try:
                taken.append(self.take(folder, client))
            except Exception as error:  # whatever it is, the set is not to be deleted
                log.warning("a live set is written, but not among the clips: %s", type(error))
                left = True
        if not left:
            shutil.rmtree(sitting, ignore_errors=True)
        return taken

    def drawn(self, folder: Path) -> None:
        """The result once more, with its video; nothing where it was deleted meanwhile."""
        result = Place("", self._settings.clips / self._id(folder)).result
        with self._lock:
            if result.is_dir():
                old = result.with_name(OLD)
                result.replace(old)
                folder.replace(result)
                shutil.rmtree(old, ignore_errors=True)

    def mend(self) -> None:
        """Put back a result that a kill caught between its old and its new place."""
        for old in self._settings.clips.glob(f"*/{OLD}"):
            with self._lock, suppress(OSError):
                if old.with_name("result").is_dir():
                    shutil.rmtree(old)
                else:
                    old.replace(old.with_name("result"))

    def _id(self, folder: Path) -> str:
        """The id that the set has, or gets."""
        note = folder.with_name(f".{folder.name}.id")
        known = note.read_text(encoding="ascii") if note.is_file() else ""
        if not ids.well_formed(known):
            known = ids.fresh()
            note.write_text(known, encoding="ascii")
        return known


def whole(sitting: Path) -> Iterator[Path]:
    """The folders of the sets that were written whole; those under way have a dot before them."""
    yield from sorted(file.parent for file in sitting.glob("[!.]*/report.json"))


def _clip(id_: str, report: Report, result: Path) -> Clip:
    return Clip(
        id=id_,
        status="done",
        name=f"Set of {time.strftime('%d.%m. %H:%M')}",
        kind="live",
        exercise=report.exercise,
        athlete=report.athlete.name,
        size=sum(file.stat().st_size for file in result.iterdir()),
        reps=report.set_.reps,
        verdict=report.verdict.status,
    )
