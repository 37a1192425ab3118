"""How an exercise is trained over sets and weeks: what is usual of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RestKind = Literal["short", "usual", "long"]


@dataclass(frozen=True)
class Zone:
    """A range of reps of a set, by what it trains."""

    name: str
    least: int
    most: int | None
    """None: there is no most."""

    @property
    def words(self) -> str:
        """The range: "6 to 12 reps"."""
        return f"{self.least} reps or more" if self.most is None else self._span

    @property
    def _span(self) -> str:
        return f"{self.least} to {self.most} reps"


@dataclass(frozen=True)
class Programme:
    """What is usual of an exercise. Every number has its source on the exercise's page."""

    zones: tuple[Zone, ...]
    """The fewest reps first."""
    zones_source: str
    sets: tuple[int, int]
    """So many sets are usual, from and to."""
    rest_s: tuple[float, float]
    """So long a rest between sets is usual, seconds, from and to."""
    rest_source: str

    def zone(self, reps: int) -> Zone | None:
        """What a set of so many reps trains; None: of none."""
        return next((z for z in self.zones if reps and reps <= (z.most or reps)), None)

    def rest(self, seconds: float) -> RestKind:
        """What a rest between two sets was."""
        least, most = self.rest_s
        return "short" if seconds < least else "long" if seconds > most else "usual"
