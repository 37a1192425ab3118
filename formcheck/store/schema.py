"""The age of a database, and what makes an old one new: Alembic's migrations in `versions/`.

They ship with the package and run at opening, in one transaction: a process that is killed
meanwhile leaves the old database, and two that open at once wait for each other.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from formcheck.errors import InputError

NEWEST = "0002"
"""The version of the tables; a test holds it against `versions/`."""
LOCK = 0x666F726D
"""By this number those that open a PostgreSQL database at once wait for each other."""
HERE = Path(__file__).resolve().parent


def version(connection: Connection) -> str | None:
    """The version of a database; None: it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def update(reads: Engine, writes: Engine, to: str = NEWEST) -> None:
    """Bring the database up to date, where it is not. Raises InputError where it is newer."""
    with reads.connect() as connection:
        found = version(connection)
    if found == to:
        return
    if found is not None and found > to:
        raise InputError(
            f"This database is of a newer formcheck (version {found}; this one knows {to}). "
            "Update formcheck: pip install --upgrade formcheck."
        )
    with writes.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        _migrate(connection, to)


def _migrate(connection: Connection, to: str) -> None:
    """Alembic goes by what it finds now that nobody else may change it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)
