"""Forgetting an athlete: the folders of their results, then all that is kept of them.

In this order, so that one who is interrupted can be asked again and still knows where they lie.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from formcheck import results
from formcheck.batch import ledger
from formcheck.errors import UsageError
from formcheck.store import keeping
from formcheck.store.keeping import Place
from formcheck.store.opening import Store
from formcheck.twosets.run import JSON as COMPARED

Fate = Literal["gone", "more", "left", "missing", "other"]
"""What became of a folder: deleted; formcheck's files deleted, but there is more in it; could not
be deleted; not found; or left alone, since what lies in it is no result of theirs."""


@dataclass(frozen=True)
class Forgotten:
    """What became of an athlete's results."""

    fates: dict[Path, Fate]
    """By the folder."""
    tables: tuple[Path, ...]
    """Folders of batches whose tables still tell of their clips."""
    comparisons: tuple[Path, ...]
    """Folders of comparisons, beside those of results or further up, that show their clips."""
    uploads: tuple[Path, ...]
    """Clips that the web app was given, and has."""
    tidy: bool
    """Whether nothing of them is left in the database's own files."""

    def of(self, fate: Fate) -> list[Path]:
        """The folders of that fate."""
        return [folder for folder, its in self.fates.items() if its == fate]

    @property
    def remains(self) -> dict[str, Sequence[Path]]:
        """What is not gone, by what is to be said of it."""
        told = {
            "Could not be deleted": self.of("left"),
            "Not there any more; if you moved it, delete it yourself": self.of("missing"),
            "Left as it is, since what lies there is another's": self.of("other"),
            "Left with what formcheck has not written": self.of("more"),
            "A batch's tables still tell of them; take the clips out and run it again": self.tables,
            "A comparison still shows them; delete its folder yourself": self.comparisons,
            "A clip of theirs in the web app; delete it there": self.uploads,
        }
        return {what: found for what, found in told.items() if found}

    @property
    def traces(self) -> str:
        """That the database's own files still hold some of it; empty where they do not."""
        said = "Another process reads the database: until it ends, traces of what was deleted stay "
        return "" if self.tidy else f"{said}in formcheck.db-wal."


def forget(store: Store, name: str) -> Forgotten:
    """Delete an athlete with everything of theirs, and what formcheck wrote into the folders of
    their results; all else that lies there, such as a clip, stays. Raises UsageError where there is
    none of that name, OutputError."""
    found = keeping.places(store, name)
    fates = _deleted(found, name)
    late = [one for one in keeping.forget(store, name) if one.folder not in fates]
    fates |= _deleted(late, name)  # kept by somebody else in the meantime
    keeping.forget_jobs(store, name)
    clips, every = tuple(keeping.uploads(store, name)), [*found, *late]
    return Forgotten(fates, _tables(every), _comparisons(every), clips, store.tidy())


def recorded(found: Iterable[Place]) -> list[Path]:
    """What live filmed, which goes with its folder."""
    films = (place.folder / results.RECORDED for place in found)
    return [film for film in dict.fromkeys(films) if film.is_file()]


def _deleted(found: Sequence[Place], name: str) -> dict[Path, Fate]:
    clips: dict[Path, set[str]] = {}
    for one in found:
        clips.setdefault(one.folder, set()).add(one.clip_sha256)
    shared = {one.folder for one in found if one.shared}
    return {
        folder: _delete(folder, own, name, shared=folder in shared) for folder, own in clips.items()
    }


def _delete(folder: Path, clips: Collection[str], name: str, *, shared: bool) -> Fate:
    try:
        if not folder.is_dir():
            return "missing"
        if not _theirs(folder, clips, name, shared=shared):
            return "other"
        return "gone" if results.remove(folder) else "more"
    except OSError:
        return "left"


def _theirs(folder: Path, clips: Collection[str], name: str, *, shared: bool) -> bool:
    """Whether the result in a folder is of one of the clips, and of nobody by another name; where
    it names nobody, whether it is kept as nobody else's."""
    try:
        told = json.loads((folder / results.REPORT).read_text(encoding="utf-8"))
        whose, clip = told["athlete"]["name"], told["clip"]["sha256"]
        mine = not shared if whose is None else keeping.key(whose) == keeping.key(name)
        return clip in clips and mine
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError, UsageError):
        return False


def _tables(found: Sequence[Place]) -> tuple[Path, ...]:
    """The folders above whose batch.json names one of the clips."""
    clips = {one.clip_sha256 for one in found}
    return tuple(folder for folder in _above(found) if clips & _listed(folder / ledger.JSON))


def _above(found: Sequence[Place]) -> list[Path]:
    return list(dict.fromkeys(parent for one in found for parent in one.folder.parents))


def _comparisons(found: Sequence[Place]) -> tuple[Path, ...]:
    """The folders above in which lies a comparison that shows one of the clips."""
    clips = {one.clip_sha256 for one in found}
    files = (file for folder in _above(found) for file in sorted(folder.glob(f"*/{COMPARED}")))
    return tuple(file.parent for file in files if clips & _shown(file))


def _shown(comparison: Path) -> set[str]:
    """The clips of a compare.json; none where it cannot be read."""
    try:
        told = json.loads(comparison.read_text(encoding="utf-8"))
        return {told["a"]["sha256"], told["b"]["sha256"]} - {None}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _listed(table: Path) -> set[str]:
    """The clips of a batch.json; none where there is no such file."""
    try:
        told = json.loads(table.read_text(encoding="utf-8"))
        return {clip["sha256"] for clip in told["clips"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
