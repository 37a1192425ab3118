"""One batch at a time in a folder: a lock that ends with its process, however that ends."""

from __future__ import annotations

import errno
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from formcheck.batch.stamp import STATE, scratch
from formcheck.batch.worker import unwritten
from formcheck.errors import OutputError
from formcheck.files import shown

TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Hold the batch's folder, made where it is not there, and clear what a killed run left.

    Raises OutputError where it cannot be written, or another batch writes there.
    """
    with ExitStack() as held:
        try:
            (out / STATE).mkdir(parents=True, exist_ok=True)
            file = held.enter_context((out / STATE / "lock").open("a"))
        except OSError as error:
            raise unwritten(out, error) from error
        _hold(file, out)
        shutil.rmtree(scratch(out), ignore_errors=True)
        held.callback(shutil.rmtree, scratch(out), ignore_errors=True)
        yield


def _hold(file: IO[str], out: Path) -> None:
    try:
        _lock(file)
    except OSError as error:
        if error.errno in TAKEN:
            raise OutputError(
                f"{shown(out)}: another batch writes here. Wait until it has ended, or choose "
                "another folder with --out."
            ) from error
        # a file system that knows no locks: then nobody is kept out


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
