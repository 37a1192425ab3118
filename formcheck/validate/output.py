"""Where a validation goes: `validation.json` and `validation.html`, each whole or not at all."""

from __future__ import annotations

from pathlib import Path

from formcheck.errors import OutputError
from formcheck.files import DISK_FULL, shown, writable, write_whole
from formcheck.validate.scores import Validation
from formcheck.validate.words import told

JSON, PAGE = "validation.json", "validation.html"


def check_place(folder: Path) -> None:
    """Before the work: raises OutputError where nothing can be written to the folder."""
    try:
        writable(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error


def write(found: Validation, folder: Path) -> None:
    """Write both files, in place of older ones. Raises OutputError."""
    from formcheck.pages.accuracy import render

    write_text(folder / JSON, found.text())
    write_text(folder / PAGE, render(found.model_dump(by_alias=True), told(found)))


def write_text(path: Path, text: str) -> None:
    """Write a file under a temporary name and rename it. Raises OutputError."""
    try:
        write_whole(path, text)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> OutputError:
    todo = "Choose another place, and check that it may be written to."
    if error.errno in DISK_FULL:
        todo = "Free some space, or choose a place on another disk."
    return OutputError(f"{shown(path)}: cannot be written ({error.strerror}). {todo}")
