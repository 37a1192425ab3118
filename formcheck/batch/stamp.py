"""How a later run knows what is finished: a seal in each finished folder, a note of each refusal.

The seal is the last file written into a folder that is not in its place yet, and everything is on
the disk before the folder is renamed: neither a killed process nor a power cut leaves a folder
that looks finished and is not.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from formcheck.batch.records import ClipRecord
from formcheck.files import write_whole
from formcheck.measures.measure import Record
from formcheck.results import SEAL

STATE = ".formcheck"
"""The batch's own folder below its output: scratch, notes, the lock."""


class Seal(Record):
    """What stands in a finished folder, or in the note of a refusal."""

    schema_: Literal["formcheck.seal/1"] = "formcheck.seal/1"
    key: str
    """Of settings and version."""
    record: ClipRecord
    files: dict[str, int]
    """The folder's files -> their bytes."""


def scratch(out: Path) -> Path:
    """Where results are written until they are whole: on the disk of `out`."""
    return out / STATE / "parts"


def seal(part: Path, key: str, record: ClipRecord) -> None:
    """Close a folder that is whole and bring it to the disk. Raises OSError."""
    files = sorted(path for path in part.iterdir() if path.is_file())
    for file in files:
        to_disk(file)
    sizes = {file.name: file.stat().st_size for file in files}
    write_whole(part / SEAL, _text(Seal(key=key, record=record.kept(), files=sizes)))
    to_disk(part)


def finished(folder: Path, key: str, name: str, digest: str | None) -> ClipRecord | None:
    """The record of an earlier run of the same clip under the same settings and version, where its
    folder is still whole; else None. digest: of the clip's content; None: whatever it is."""
    found = _read(folder / SEAL)
    if found is None or not _same(found, key, name, digest):
        return None
    try:
        whole = all((folder / f).stat().st_size == size for f, size in found.files.items())
    except OSError:
        return None
    return found.record if whole else None


def note(out: Path, key: str, record: ClipRecord) -> None:
    """Remember a clip that has no folder. Raises OSError."""
    write_whole(_note(out, record.name), _text(Seal(key=key, record=record.kept(), files={})))


def noted(out: Path, key: str, name: str, digest: str) -> ClipRecord | None:
    """What is remembered of the same clip under the same settings and version; else None."""
    found = _read(_note(out, name))
    return found.record if found is not None and _same(found, key, name, digest) else None


def _note(out: Path, name: str) -> Path:
    return out / STATE / "notes" / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def _same(found: Seal, key: str, name: str, digest: str | None) -> bool:
    record = found.record
    return (found.key, record.name) == (key, name) and digest in {None, record.sha256}


def _read(path: Path) -> Seal | None:
    try:
        return Seal.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):  # not there, or not of this version
        return None


def _text(content: Seal) -> str:
    return content.model_dump_json(indent=1) + "\n"


def to_disk(path: Path) -> None:
    """Wait until a file, or a folder's list of files, is on the disk, where the system can."""
    with suppress(PermissionError):  # Windows opens no folders
        handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
