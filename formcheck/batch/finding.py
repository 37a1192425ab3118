"""From the arguments to the clips: every file below a folder that may be a film.

Nothing is lost without a word: what plainly is no film is counted, and what may be one and cannot
be taken carries its reason. Links are followed only to files within the same folder.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from formcheck.errors import InputError
from formcheck.files import shown, spelled
from formcheck.results import REPORT, SEAL, VIDEO, numbered

NO_FILMS = {
    ".json", ".csv", ".tsv", ".txt", ".md", ".rst", ".html", ".htm", ".css", ".js", ".xml",
    ".pdf", ".doc", ".docx", ".odt", ".rtf", ".xls", ".xlsx", ".ods", ".jpg", ".jpeg", ".png",
    ".svg", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".log", ".ini", ".toml", ".yaml", ".yml",
    ".db", ".py", ".srt", ".vtt", ".aae", ".thm", ".task", ".sha256", ".part", ".partial",
    ".filepart", ".crdownload", ".download", ".tmp",
}  # fmt: skip
"""Suffixes of what lies beside films and is none, or is one that has not arrived yet."""
LED_OUT = (
    "It is a link that leads out of the folder, and nothing outside is read. Copy the film itself "
    "into the folder."
)
A_FOLDER = "It is a link to a folder, which is not followed. Give that folder as well."
CHECK = "Check that it is there, and that you may read it."
NO_FILE = "It is no file but a device, a pipe or a socket. Copy the film itself into the folder."
FILMS = {".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".mts", ".m2ts", ".ts", ".3gp", ".mpg",
         ".mpeg", ".npz"}  # fmt: skip
"""Suffixes that make a clip even of a hidden name, such as "...mp4"."""
_RESULTS = {VIDEO, "pose.npz"}


@dataclass(frozen=True)
class Clip:
    """A file that may be a film."""

    name: str
    """Its path below the argument, to be read: unlike any other's."""
    path: Path
    place: PurePath
    """Its path below the argument, as the file system has it."""
    refused: str | None = None
    """Why it is not even opened."""


@dataclass(frozen=True)
class Found:
    """The clips, sorted by name, and what was left aside."""

    clips: tuple[Clip, ...]
    aside: Counter[str]
    """Suffix -> how many files with it are no films."""


def find(sources: Sequence[Path], out: Path) -> Found:
    """Every clip that the arguments name or hold; results, and what lies in `out`, are none.

    Raises InputError where an argument is not there or cannot be read.
    """
    aside: Counter[str] = Counter()
    clips: dict[Path, Clip] = {}
    names: set[str] = set()
    for source in sources:
        for path, place, refused in _below(source, out.resolve(), aside):
            if path not in clips:
                unlike = _unlike(names, place, source)
                clips[path] = Clip(spelled(unlike), path, unlike, refused)
                names.add(spelled(unlike))
    return Found(tuple(sorted(clips.values(), key=lambda clip: clip.name)), aside)


def _unlike(names: set[str], place: PurePath, source: Path) -> PurePath:
    """A place that reads like no other's: that of another argument goes below its name."""
    above = PurePath(source.name or "clips")
    unlike, n = place, 1
    while spelled(unlike) in names:
        last = place.name if n == 1 else numbered(place.name, n)
        unlike, n = above / place.with_name(last), n + 1
    return unlike


_Seen = tuple[Path, PurePath, str | None]
"""A path, its place below the argument, why it is not opened."""


def _below(source: Path, out: Path, aside: Counter[str]) -> Iterator[_Seen]:
    if not _there(source):
        raise InputError(
            f"{shown(source)}: there is no such file or folder. Give clips, or a folder with clips."
        )
    if not source.is_dir():
        yield source.resolve(), PurePath(source.name), None if source.is_file() else NO_FILE
        return
    root = source.resolve()
    unreadable: list[OSError] = []
    for here, folders, files in os.walk(root, onerror=unreadable.append):
        folder = Path(here)
        yield from _linked_folders(folder, folders, root)
        folders[:] = sorted(f for f in folders if _entered(folder / f, out))
        yield from _files(folder, sorted(files), root, aside)
    for error in unreadable:
        if Path(error.filename) == root:
            raise InputError(f"{shown(source)}: cannot be read ({error.strerror}). {CHECK}")
        place = PurePath(error.filename).relative_to(root)
        yield Path(error.filename), place, f"The folder cannot be read ({error.strerror}). {CHECK}"


def _there(source: Path) -> bool:
    """Raises InputError where the system does not even say."""
    try:
        return source.exists()
    except OSError as error:
        raise InputError(
            f"{shown(source)}: cannot be read ({error.strerror}). Check the name, and that you may "
            "read the folder it lies in."
        ) from error


def _entered(folder: Path, out: Path) -> bool:
    """Whether clips may lie in a folder: not in hidden ones, nor among results."""
    return not (folder.name.startswith(".") or folder.is_symlink() or folder == out)


def _linked_folders(folder: Path, folders: Iterable[str], root: Path) -> Iterator[_Seen]:
    for name in folders:
        path = folder / name
        if path.is_symlink() and not name.startswith("."):
            inside = path.resolve().is_relative_to(root)
            yield path, path.relative_to(root), A_FOLDER if inside else LED_OUT


def _files(folder: Path, files: Sequence[str], root: Path, aside: Counter[str]) -> Iterator[_Seen]:
    results = _RESULTS if {REPORT, SEAL} & set(files) else set()
    for name in files:
        path = folder / name
        if name in results:
            continue
        if _no_film(name):
            aside[_suffix(name) or name] += 1
            continue
        yield path, path.relative_to(root), _refused(path, root)


def _refused(path: Path, root: Path) -> str | None:
    if path.is_symlink() and not _inside(path, root):
        return LED_OUT
    try:
        regular = stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        return f"It cannot be read ({error.strerror}). {CHECK}"
    return None if regular else NO_FILE


def _inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # links that lead to each other
        return False


def _no_film(name: str) -> bool:
    """Whether a name is none of a film: a companion's, or a hidden file's that has no film's."""
    suffix = _suffix(name)
    hidden = name.startswith(".") and suffix not in FILMS
    return suffix in NO_FILMS or hidden or name.startswith("._") or name == "Thumbs.db"


def _suffix(name: str) -> str:
    return name[name.rfind(".") :].lower() if "." in name else ""
