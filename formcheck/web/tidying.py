"""What goes by itself: what was kept for long enough, and what is nobody's."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from formcheck.web.ids import well_formed
from formcheck.web.kept import let_go
from formcheck.web.marks import relabel
from formcheck.web.places import COMPARED, Place
from formcheck.web.queue import Queue
from formcheck.web.settings import Settings

ORPHAN_S = 3600.0
"""What nobody has written to for so long, and no queue knows, is nobody's: its server was killed in
the moment between the two. A slow upload is written in pieces, some minutes apart."""


def tidy(settings: Settings, queue: Queue) -> None:
    """Delete it. Raises FormcheckError where the database cannot be asked, OSError."""
    if settings.keep_days is not None:
        delete_old(settings, queue, settings.keep_days)
    for part in _untouched(settings.incoming, ORPHAN_S):
        shutil.rmtree(part) if part.is_dir() else part.unlink(missing_ok=True)
    for folder in _untouched(settings.clips, ORPHAN_S):
        if well_formed(folder.name) and queue.clip(folder.name) is None:
            Place(folder.name, folder).delete()
    for compared in settings.clips.glob(f"*/{COMPARED}"):
        for folder in _untouched(compared, ORPHAN_S):
            if not well_formed(folder.name) or queue.clip(folder.name) is None:
                shutil.rmtree(folder, ignore_errors=True)


def delete_old(settings: Settings, queue: Queue, days: float) -> None:
    """What has been over for so long goes, with all its files."""
    for id_ in queue.older(days):
        queue.remove(id_)
        where = Place(id_, settings.clips / id_)
        let_go(queue.store, where.result)
        where.delete()
    relabel(settings.data)


def _untouched(folder: Path, seconds: float) -> Iterator[Path]:
    """What in it nobody has written to for so long: another server may share the folder."""
    before = time.time() - seconds
    for path in folder.iterdir():
        try:
            old = path.stat().st_mtime < before
        except FileNotFoundError:  # whoever it belongs to has just moved it
            continue
        if old:
            yield path
