"""Small things about files that several rooms need."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

PathLike = str | os.PathLike[str]
DISK_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""The errors that say that there is no more room."""
FORMULA = tuple("=+-@\t\r")
"""How a cell begins that a spreadsheet would compute."""

_PIECE = 1 << 20


def sha256(*paths: PathLike) -> str:
    """The SHA-256 in hexadecimal of a file, or of files one after the other, read piece by piece.
    Raises OSError."""
    digest = hashlib.sha256()
    for path in paths:
        with Path(path).open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    return digest.hexdigest()


def spelled(text: PathLike) -> str:
    """A name as text that can be written everywhere: bytes that are no UTF-8 become U+FFFD."""
    return os.fsencode(text).decode("utf-8", "replace")


def unspelled(text: str) -> Path:
    """The path that `spelled` made this text of, as this process's locale names it."""
    return Path(os.fsdecode(text.encode("utf-8")))


def shown(path: PathLike) -> str:
    """A path fit for a message: what would break the line or the terminal is escaped."""
    text = os.fspath(path)
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def write_whole(path: Path, text: str) -> None:
    """Write a text as UTF-8 under a temporary name and rename it, once the disk has it: there is
    the old file or the new one, whole, whatever happens. Raises OSError."""
    part = path.parent / f".formcheck-{secrets.token_hex(6)}.part"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def cell(value: object) -> object:
    """A value for a table: what a spreadsheet would compute has an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def writable(folder: Path) -> None:
    """Raises OSError where nothing could be written to the folder, which need not exist yet."""
    nearest = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
    if not nearest.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
