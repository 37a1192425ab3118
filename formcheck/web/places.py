"""Where what belongs to a clip lies. Paths are made of ids alone, which are checked."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from formcheck.web.ids import well_formed
from formcheck.web.settings import Settings

SERVED = {
    "annotated.mp4": "video/mp4",
    "report.json": "application/json",
    "reps.csv": "text/csv; charset=utf-8",
    "signals.csv": "text/csv; charset=utf-8",
    "setting.json": "application/json",
    "live.json": "application/json",
}
"""Files of a result that may be fetched, and as what: never as a page."""
COMPARED = "compared"
"""In a clip's folder: its comparisons, each named by the other clip."""
FILMS = {".mp4": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm"}
"""Of uploads; all else is only downloaded."""


@dataclass(frozen=True)
class Place:
    """The folder of a clip."""

    id: str
    folder: Path

    @property
    def result(self) -> Path:
        """The report's folder, there once it is whole."""
        return self.folder / "result"

    @property
    def marks(self) -> Path:
        """What a person marked."""
        return self.folder / "marks.json"

    @property
    def upload(self) -> Path | None:
        """The clip itself; None: it is not there, or not any more."""
        found = sorted(self.folder.glob(f"{self.id}.*"))
        return found[0] if found else None

    @property
    def film(self) -> Path | None:
        """What to step through: the clip, or the recording of a live set."""
        recorded = self.result / "recorded.mp4"
        return recorded if recorded.is_file() else self.upload

    def beside(self, other: Place) -> Path:
        """The folder in which this set is compared with another."""
        return self.folder / COMPARED / other.id

    def take(self, part: Path, kind: str) -> None:
        """Move an upload that is whole here. Raises OSError."""
        self.folder.mkdir(mode=0o700)
        part.replace(self.folder / f"{self.id}{kind}")

    def delete(self) -> None:
        """All of it, then what it was compared with: a comparison that becomes whole meanwhile
        looks whether both are still there."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for compared in self.folder.parent.glob(f"*/{COMPARED}/{self.id}"):
            shutil.rmtree(compared, ignore_errors=True)


def place(settings: Settings, id_: str) -> Place | None:
    """The place of a clip; None where that is no id."""
    return Place(id_, settings.clips / id_) if well_formed(id_) else None
