"""What the API takes and gives; reports are typed by the report's own models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Status = Literal["queued", "running", "done", "failed", "cancelled"]
Kind = Literal["upload", "live"]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Problem(_Said):
    """Why something was not done, and what to do."""

    detail: str


class Accepted(_Said):
    """An upload that is kept, and will be worked on."""

    id: str
    status: Status


class Clip(_Said):
    """A clip, and how far it is."""

    id: str
    status: Status = "queued"
    progress: Annotated[float, Field(ge=0, le=1)] = 0.0
    reason: str | None = Field(None, description="Why there is no report: what came, what to do.")
    name: str = Field(description="The file's name, as it was uploaded.")
    kind: Kind = "upload"
    exercise: str
    athlete: str | None = None
    stage: str = Field("", description="What is being done, in words.")
    place: int | None = Field(None, description="In the queue; 1 is next.")
    created_s: float = Field(0.0, description="Unix time of the upload.")
    size: int = Field(0, description="Bytes of the clip.")
    reps: int | None = None
    verdict: str | None = Field(None, description="Of the report: good, improve or not-assessed.")


class Clips(_Said):
    """Clips, the newest first."""

    clips: tuple[Clip, ...]


class Kept(_Said):
    """An athlete, and how much is kept."""

    name: str
    recordings: int
    sets: int
    last_s: float | None = Field(description="Unix time at which the last set began.")


class KeptAthletes(_Said):
    """All athletes, by name."""

    athletes: tuple[Kept, ...]


class Remains(_Said):
    """What is not gone of an athlete who was forgotten."""

    remains: tuple[str, ...] = Field(description="In sentences; empty where all is gone.")


class Health(_Said):
    """Whether the server can do its work."""

    status: Literal["ok"]
    version: str
    queued: int
    running: int
    live: bool = Field(description="Whether a set could be watched now.")


Seconds = Annotated[float, Field(ge=0, le=86_400)]


class MarkedRep(_Said):
    """A rep as a person saw it: seconds of the clip; null: it did not happen, or was not seen."""

    start_s: Seconds
    break_s: Seconds | None = None
    catch_s: Seconds | None = None
    bottom_s: Seconds | None = None
    top_s: Seconds | None = None
    lower_s: Seconds | None = None
    end_s: Seconds | None = None
    faults: tuple[Annotated[str, Field(max_length=60)], ...] = Field(default=(), max_length=30)


class Marks(_Said):
    """A person's own truth of a clip."""

    exercise: Annotated[str, Field(max_length=60)]
    reps: Annotated[tuple[MarkedRep, ...], Field(max_length=200)] = ()
    view: Literal["side", "front", "oblique", ""] = ""
