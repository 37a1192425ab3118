"""What a batch knows of each clip, from its end on: one frozen record.

All of it follows from the clip, the settings and the version, except what stands under "of this
run": that never enters batch.csv, batch.json or the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from formcheck.measures.measure import Record
from formcheck.summary import Summary

SCHEMA = "formcheck.batch/1"
Status = Literal["ok", "not-assessed", "unreadable", "failed", "duplicate"]
"""ok, not-assessed: there is a folder. unreadable: the file is at fault. failed: its analysis died,
hung, needed too much or could not be written. duplicate: the same content as another clip."""
REPORTED: tuple[Status, ...] = ("ok", "not-assessed")


class ClipRecord(Record):
    """A clip of the batch."""

    name: str
    """The clip's path below the argument, with "/" between; unlike any other's. Bytes that are no
    UTF-8 became U+FFFD: it is to be read, not to be opened."""
    status: Status
    reason: str | None = None
    """A sentence or two: why there is no report and what to do, why nothing was assessed, or whose
    duplicate it is; no wall clock, no absolute path."""
    folder: str | None = None
    """Below the batch's folder, with "/" between, where the report lies; None: there is none. A
    duplicate has that of the clip whose content it is. Bytes that are no UTF-8 stand in it as
    Python's surrogates (`os.fsencode` gives them back)."""
    duplicate_of: str | None = None
    """The name of the clip whose content it is; None: it is no duplicate."""
    thumbnail: str | None = None
    """The name of a small JPEG in the folder; None: a pose track, or no body."""
    summary: Summary | None = None
    """What was found; None: there is no report, or it is a duplicate."""
    sha256: str | None = None
    """None: it could not be read at all."""
    size_bytes: int | None = None

    # Of this run.
    seconds: float | None = None
    """Wall clock of its analysis; None: taken over from an earlier run."""

    @property
    def reported(self) -> bool:
        """Whether it has a folder of its own."""
        return self.status in REPORTED

    def kept(self) -> ClipRecord:
        """What a later run may take over: neither what is of this run alone, nor the place."""
        return self.model_copy(update={"seconds": None, "folder": None})


def by_name(records: Sequence[ClipRecord]) -> list[ClipRecord]:
    """Sorted as batch.json has them: by code point, so that no locale changes the order."""
    return sorted(records, key=lambda record: record.name)
