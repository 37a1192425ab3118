"""The tables: athletes, recordings, sets, jobs. A test holds them against the migrations."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Double, ForeignKey, Index, MetaData, String
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, or a later migration could not find it."""


class Moment(TypeDecorator[datetime]):
    """A moment, stored in UTC: SQLite knows no time zones. A naive one is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; give one, such as UTC")
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Moment, float: Double, dict[str, Any]: JSON}  # noqa: RUF012 - SQLAlchemy's


class Athlete(Base):
    """Whose sets they are."""

    __tablename__ = "athlete"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """The name as it is looked for: whatever its case."""
    name: Mapped[str] = mapped_column(String(200))
    mass_kg: Mapped[float | None]
    height_m: Mapped[float | None]
    sex: Mapped[str | None] = mapped_column(String(10))
    notes: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime]
    recordings: Mapped[list[Recording]] = relationship(
        back_populates="athlete", cascade="all, delete-orphan", passive_deletes=True
    )


class Recording(Base):
    """A clip, or a set before a camera, that was analysed; with its report, whole."""

    __tablename__ = "recording"
    __table_args__ = (Unique("athlete_id", "clip_sha256", "exercise"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    athlete_id: Mapped[int | None] = mapped_column(
        ForeignKey("athlete.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    """Of the file."""
    clip_sha256: Mapped[str] = mapped_column(String(64))
    track_sha256: Mapped[str] = mapped_column(String(64), index=True)
    """Of its poses: a clip and its pose.npz are one recording."""
    exercise: Mapped[str] = mapped_column(String(60))
    recorded_at: Mapped[datetime]
    dated_by: Mapped[str] = mapped_column(String(10))
    """What told that moment: "clip", "user", "day" (that alone), or "kept", when it was kept."""
    added_at: Mapped[datetime]
    folder: Mapped[str | None]
    """Where its result lies."""
    report: Mapped[dict[str, Any]]
    """report.json."""
    setting: Mapped[dict[str, Any]]
    """setting.json."""
    athlete: Mapped[Athlete | None] = relationship(back_populates="recordings")
    sets: Mapped[list[TrainingSet]] = relationship(
        back_populates="recording",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="TrainingSet.number",
    )


class TrainingSet(Base):
    """A set of a recording."""

    __tablename__ = "training_set"
    __table_args__ = (Unique("recording_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id", ondelete="CASCADE"))
    number: Mapped[int]
    """In its recording, from 1."""
    started_at: Mapped[datetime] = mapped_column(index=True)
    reps: Mapped[int]
    told: Mapped[dict[str, Any]]
    """What progress is judged by: a `progress.past.PastSet`."""
    recording: Mapped[Recording] = relationship(back_populates="sets")


class Job(Base):
    """A clip that waits to be analysed, is, or was. Done by one worker at a time, who leases it:
    where the lease ran out, its worker is gone and another takes it up."""

    __tablename__ = "job"
    __table_args__ = (Index(None, "status", "added_at"),)

    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    """Cannot be guessed."""
    name: Mapped[str]
    """Of the clip, as its user called it."""
    source: Mapped[str]
    """Where the clip lies."""
    athlete_id: Mapped[int | None] = mapped_column(
        ForeignKey("athlete.id", ondelete="CASCADE"), index=True
    )
    asked: Mapped[dict[str, Any]]
    """What is asked of the analysis."""
    status: Mapped[str] = mapped_column(String(10))
    """queued, running, done, failed or cancelled."""
    progress: Mapped[float] = mapped_column(default=0.0)
    """0 to 1."""
    reason: Mapped[str | None]
    """Why it failed, in plain words."""
    worker: Mapped[str | None] = mapped_column(String(100))
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was taken up."""
    added_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    folder: Mapped[str | None]
    """Where its result lies."""
    told: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What else is told of it, by whoever works on it."""
