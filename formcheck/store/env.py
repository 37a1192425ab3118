"""What Alembic runs to migrate, in the transaction of whoever opens the database."""

from __future__ import annotations

from alembic import context

from formcheck.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
