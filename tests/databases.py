"""Databases for tests: SQLite in a folder, and a PostgreSQL of the machine's own, started here."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ports
from sqlalchemy import create_engine, text

AS = "postgres"
"""PostgreSQL does not run as root: then it is this user's."""


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; None: it is not here."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return places[-1] if places else None


@contextmanager
def server() -> Iterator[str]:
    """The URL of an empty database on a server that runs for as long."""
    here = programs()
    assert here is not None
    with tempfile.TemporaryDirectory(prefix="formcheck-pg-") as folder:
        root, data = Path(folder), Path(folder) / "data"
        _own(root)
        port = ports.free()
        _run(here / "initdb", "-D", data, "-U", "formcheck", "-A", "trust", "--no-sync")
        options = f"-h 127.0.0.1 -p {port} -k {root} -F"
        control = (here / "pg_ctl", "-D", data, "-w", "-t", "240")
        _run(*control, "-l", root / "log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://formcheck@127.0.0.1:{port}/postgres"
        finally:
            _run(*control, "-m", "immediate", "stop")


@contextmanager
def fresh(url: str) -> Iterator[str]:
    """The URL of a new, empty database on the same server, which is gone afterwards."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"test_{secrets.token_hex(4)}"
    try:
        with engine.connect() as asks:
            asks.execute(text(f"CREATE DATABASE {name}"))
        yield f"{url.rpartition('/')[0]}/{name}"
        with engine.connect() as asks:
            asks.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()


def empty(url: str) -> None:
    """Leave nothing in a database of PostgreSQL."""
    engine = create_engine(url)
    with engine.begin() as asks:
        asks.execute(text("DROP SCHEMA public CASCADE"))
        asks.execute(text("CREATE SCHEMA public"))
    engine.dispose()


def _own(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, AS)


def _run(*command: object) -> None:
    """Run without ties to this process's pipes, or it would wait for the server's end."""
    user = {"user": AS, "group": AS, "extra_groups": ()} if os.geteuid() == 0 else {}
    where = {"cwd": tempfile.gettempdir(), "stdin": subprocess.DEVNULL}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(
        [str(part) for part in command], check=True, timeout=300, **where, **quiet, **user
    )
