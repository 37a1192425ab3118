"""Athletes, their recordings and sets."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade() -> None:
    """From an empty database."""
    op.create_table(
        "athlete",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("mass_kg", sa.Double()),
        sa.Column("height_m", sa.Double()),
        sa.Column("sex", sa.String(10)),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_athlete"),
        sa.UniqueConstraint("key", name="uq_athlete_key"),
    )
    op.create_table(
        "recording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("athlete_id", sa.Integer()),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("clip_sha256", sa.String(64), nullable=False),
        sa.Column("track_sha256", sa.String(64), nullable=False),
        sa.Column("exercise", sa.String(60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("dated_by", sa.String(10), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("folder", sa.String()),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("setting", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recording"),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athlete.id"], ondelete="CASCADE", name="fk_recording_athlete_id"
        ),
        sa.UniqueConstraint(
            "athlete_id",
            "clip_sha256",
            "exercise",
            name="uq_recording_athlete_id_clip_sha256_exercise",
        ),
    )
    op.create_index("ix_recording_athlete_id", "recording", ["athlete_id"])
    op.create_index("ix_recording_track_sha256", "recording", ["track_sha256"])
    op.create_table(
        "training_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_training_set"),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            ondelete="CASCADE",
            name="fk_training_set_recording_id",
        ),
        sa.UniqueConstraint("recording_id", "number", name="uq_training_set_recording_id_number"),
    )
    op.create_index("ix_training_set_started_at", "training_set", ["started_at"])
