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
    muscle: str
    """What recovers: sessions of all exercises that name the same count."""


@dataclass(frozen=True)
class Real:
    """The smallest difference of a measure that is real: less may be chance."""

    measure: str
    """Of the set; less is better."""
    of: str
    """The measure of a rep that it is taken from."""
    reps: int
    """It is taken over the first so many reps of a set: the best of more is better by chance."""
    same_day: float
    """Between two sets of one day in the same set-up, in the measure's unit."""
    between: float
    """Between two sessions in the same set-up."""
    source: str
    sessions: int
    """The means of so many sessions are compared, of as many as there are. Chance shrinks with the
    root of their number, but not under `same_day`."""
    looks: float
    """So many times as large a difference is asked for where one looks after every session."""
    speeds_apart: float
    """Two sets do not compare where the thresholds of their rules are further apart than this
    factor."""


Most = tuple[str, float, str]
"""A measure that may not be over a limit in any set or rep, and what is said where it is, with
{value} and {limit} in it and {n} for the set."""


@dataclass(frozen=True)
class Rung:
    """A step of the ladder from an easier to a harder way to do the exercise."""

    name: str
    says: str
    """What to do to climb to it."""
    mode: str | None
    """The mode of who stands on it; None: no camera tells."""
    at_most: tuple[Most, ...] = ()
    """What else may not be over a limit before one climbs to it."""
    proof: tuple[Most, ...] = ()
    """What shows that one stands on it: over it one stands on the rung before."""
    allows: tuple[str, ...] = ()
    """Checks that do not hinder who is to climb from it, since they find what it is."""


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
    at_most: tuple[Most, ...]
    faulty_reps: int
    """A check may find a fault or give a warning in so many reps of a set."""
    too_hard: str
    """The check that finds who cannot do it yet: found in half the reps of the last session or
    more, it is time to go one rung down."""
    source: str

    @property
    def asked(self) -> tuple[str, ...]:
        """All measures that it asks for."""
        rungs = (one for rung in self.rungs for one in (*rung.at_most, *rung.proof))
        return tuple(dict.fromkeys(name for name, _, _ in (*self.at_most, *rungs)))


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
