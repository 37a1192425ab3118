"""Opening the database, whatever its age: what it lacks is added before anybody reads it.

SQLite is set up so that a killed process loses at most what it had not committed (WAL), and that
two that write wait for each other: a transaction that writes takes its place in the queue at once,
because one that first reads and then wants to write cannot wait, only fail.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from formcheck.errors import FormcheckError, InputError, MissingPartError, OutputError, UsageError
from formcheck.files import shown
from formcheck.store import schema
from formcheck.store.place import address

WAITS_S = 30.0
"""How long a writer waits for another."""
WRITES = "formcheck_writes"
"""The option of a connection that is going to write."""


class Store:
    """An open database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database. Raises InputError, OutputError."""
        with _told(self._engine), Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in which all is written or, where anything is raised, nothing.
        Raises InputError, OutputError."""
        engine = self._engine.execution_options(**{WRITES: True})
        fresh = Session(engine, expire_on_commit=False)
        with _told(self._engine), fresh as session, session.begin():
            yield session

    def tidy(self) -> bool:
        """Leave nothing of what was deleted in SQLite's log, where it waits until it is written
        back; False where somebody still reads it. PostgreSQL sees to that itself."""
        if self._engine.dialect.name != "sqlite":
            return True
        with _told(self._engine), self._engine.connect() as connection:
            plain = connection.execution_options(isolation_level="AUTOCOMMIT")
            busy = plain.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
        return not busy

    def close(self) -> None:
        """Let go of the database; it can be used again all the same."""
        self._engine.dispose()

    @property
    def url(self) -> str:
        """Where it lies, without a password."""
        return self._engine.url.render_as_string(hide_password=True)


def open_store(database: str | None = None, data: Path | None = None) -> Store:
    """Open the database, made where there is none, brought up to date where it is old.

    Raises UsageError (the URL), InputError (it is none, or newer than this formcheck),
    OutputError (no room, no right to write), MissingPartError (the driver, the server).
    """
    url = address(database, data)
    engine = _engine(url)
    try:
        with _told(engine):
            schema.update(engine, engine.execution_options(**{WRITES: True}))
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)


@contextmanager
def opened(database: str | None = None, data: Path | None = None) -> Iterator[Store]:
    """The same, closed behind its user."""
    store = open_store(database, data)
    try:
        yield store
    finally:
        store.close()


def _engine(url: str) -> Engine:
    try:
        made = make_url(url)
        if made.get_backend_name() != "sqlite":
            return create_engine(
                made, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": 10}
            )
        _room_for(made.database)
        engine = create_engine(made, hide_parameters=True, connect_args={"timeout": WAITS_S})
    except ModuleNotFoundError as error:
        raise MissingPartError(
            f"The driver of that database is not here ({error.name}). Install it: "
            "pip install 'formcheck[postgresql]'."
        ) from error
    except SQLAlchemyError as error:
        raise UsageError(f"That is no database's URL: {error}.") from error
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _room_for(file: str | None) -> None:
    """The folder of the file and the file, for their user alone. Raises OutputError."""
    if file is None or file == ":memory:" or file.startswith("file:"):
        return
    try:
        Path(file).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not Path(file).exists():
            Path(file).touch(mode=0o600)  # SQLite gives its logs the rights of the file
    except OSError as error:
        raise OutputError(
            f"{shown(file)}: there is no place for the database ({error.strerror}). Choose another "
            "folder with FORMCHECK_DATA."
        ) from error


def _set_up(connection: sqlite3.Connection, record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
    connection.isolation_level = None  # transactions begin where `_begin` says
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",  # with WAL no crash of a process loses a commit
        "foreign_keys = ON",
        "secure_delete = ON",  # who is deleted is to be gone from the file as well
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """What the database complains of, as a failure that says what to do."""
    try:
        yield
    except DBAPIError as error:
        where = engine.url.database or ""
        if engine.url.get_backend_name() != "sqlite":
            where = engine.url.render_as_string(hide_password=True)
        raise _failure(error, where) from error


def _failure(error: DBAPIError, where: str) -> FormcheckError:
    said = str(error.orig).strip().splitlines()[0].strip() if error.orig else str(error)
    told = f"{shown(where)}: the database cannot be used ({said})."
    if "locked" in said:
        return OutputError(f"{told} Another process writes to it for too long; try again.")
    if "not a database" in said or "malformed" in said:
        return InputError(f"{told} Put it aside, and formcheck makes a new one.")
    if any(words in said for words in ("readonly", "read-only", "full", "unable to open", "I/O")):
        return OutputError(
            f"{told} See that its folder may be written to and has room, or choose another with "
            "FORMCHECK_DATA."
        )
    if "connection" in said:
        return MissingPartError(f"{told} Start its server, or leave FORMCHECK_DATABASE out.")
    return FormcheckError(f"{told}")
