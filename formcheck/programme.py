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
class Recovery:
    """How long an exercise takes to recover from."""

    hours: float
    """From one session to the next, at least."""
    returning_hours: float
    """The same after each of the first sessions that follow a break."""
    returning_sessions: int
    """So many of them."""
    break_days: float
    """So long without a session is a break; before the first session there always was one."""
    source: str


@dataclass(frozen=True)
class Real:
    """The smallest difference of a measure that is real: less may be chance."""

    measure: str
    """Of the set; less is better."""
    same_day: float
    """Between two sets of one day in the same set-up, in the measure's unit."""
    between: float
    """Between two sessions in the same set-up."""
    source: str
    sessions: int
    """The means of so many sessions are compared, of as many as there are. Chance shrinks with the
    root of their number, but not under `same_day`."""


@dataclass(frozen=True)
class Rung:
    """A step of the ladder from an easier to a harder way to do the exercise."""

    name: str
    says: str
    """What to do to climb to it."""
    mode: str | None
    """The mode of who stands on it; None: no camera tells."""


@dataclass(frozen=True)
class Ladder:
    """The way up, and what it takes to climb."""

    rungs: tuple[Rung, ...]
    """The easiest first."""
    sessions: int
    """So many sessions in a row have to go well."""
    sets: int
    reps: int
    """So many sets of at least so many reps."""
    at_most: tuple[tuple[str, float, str], ...]
    """Measures that may not be over a limit in any set or rep: the measure, the limit, and what is
    said where it is, with {value} in it and {n} for the set."""
    source: str


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
    followed: tuple[str, ...] = ()
    """Measures that are followed over months besides those that sets are compared by."""
    recovery: Recovery | None = None
    real: Real | None = None
    """None: of no measure is it known what change is real."""
    ladder: Ladder | None = None

    def zone(self, reps: int) -> Zone | None:
        """What a set of so many reps trains; None: of none."""
        return next((z for z in self.zones if reps and reps <= (z.most or reps)), None)

    def rest(self, seconds: float) -> RestKind:
        """What a rest between two sets was."""
        least, most = self.rest_s
        return "short" if seconds < least else "long" if seconds > most else "usual"
