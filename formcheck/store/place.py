"""Where the database lies: FORMCHECK_DATABASE or FORMCHECK_DATA, else the user's data folder."""

from __future__ import annotations

import os
from pathlib import Path

from formcheck.errors import UsageError

FILE = "formcheck.db"
KNOWN = ("sqlite:///PATH", "postgresql+psycopg://USER@HOST/NAME")


def folder(data: Path | None = None) -> Path:
    """The folder of all that formcheck keeps; it need not exist yet."""
    chosen = data or os.environ.get("FORMCHECK_DATA")
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("formcheck", appauthor=False))


def address(database: str | None = None, data: Path | None = None) -> str:
    """The database's URL, with the driver that formcheck has for it.

    database: a URL; None: FORMCHECK_DATABASE, else a file in the data folder.
    Raises UsageError where it is none, or of a database that formcheck does not know.
    """
    told = database or ("" if data else os.environ.get("FORMCHECK_DATABASE"))
    if not told:
        return f"sqlite:///{(folder(data) / FILE).as_posix()}"
    kind, sign, rest = told.partition("://")
    if not sign or kind not in {"sqlite", "postgresql", "postgres", "postgresql+psycopg"}:
        raise UsageError(
            f"There is no database at {kind or told}://…: expected {' or '.join(KNOWN)}."
        )
    return told if kind == "sqlite" else f"postgresql+psycopg://{rest}"
