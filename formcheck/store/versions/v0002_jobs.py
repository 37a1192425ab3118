"""The jobs of the web app."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """From athletes, recordings and sets alone."""
    op.create_table(
        "job",
        sa.Column("id", sa.String(43), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("athlete_id", sa.Integer()),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("worker", sa.String(100)),
        sa.Column("leased_until", sa.DateTime()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime()),
        sa.Column("folder", sa.String()),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athlete.id"], ondelete="CASCADE", name="fk_job_athlete_id"
        ),
    )
    op.create_index("ix_job_athlete_id", "job", ["athlete_id"])
    op.create_index("ix_job_status_added_at", "job", ["status", "added_at"])
