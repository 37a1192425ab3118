"""The sessions of an athlete: sets that were done together; and whether each came too soon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from formcheck.programme import Recovery
from formcheck.progress.past import PastSet, Value

TOGETHER = timedelta(hours=3)
"""Sets that follow each other sooner belong to one session [O]."""


@dataclass(frozen=True)
class Session:
    """Sets of one exercise that were done together, in the order of time."""

    sets: tuple[PastSet, ...]

    @property
    def at(self) -> datetime:
        """When it began."""
        return self.sets[0].at

    @property
    def ended(self) -> datetime:
        """When its last set began."""
        return self.sets[-1].at

    def best(self, measure: str, *, less: bool) -> PastSet | None:
        """The set with the best value; None where none has one. less: whether less is better."""
        told = [s for s in self.sets if _known(s, measure) is not None]
        sign = 1 if less else -1
        return min(told, key=lambda s: sign * (_known(s, measure) or 0.0), default=None)


def _known(one: PastSet, measure: str) -> float | None:
    value: Value | None = one.values.get(measure)
    return None if value is None else value.value


def sessions(sets: Sequence[PastSet]) -> tuple[Session, ...]:
    """The sets of one exercise as sessions, in the order of time."""
    found: list[list[PastSet]] = []
    for one in sorted(sets, key=lambda s: (s.at, s.number)):
        if found and one.at - found[-1][-1].at < TOGETHER:
            found[-1].append(one)
        else:
            found.append([one])
    return tuple(Session(tuple(own)) for own in found)


@dataclass(frozen=True)
class TooSoon:
    """A session that came before the one before it was recovered from."""

    at: datetime
    hours: float
    """Since the one before."""
    asked: float
    """Hours that should have passed."""
    returning: bool
    """Whether so many because of a break before."""

    @property
    def words(self) -> str:
        """In a sentence."""
        why = ", this soon after a break" if self.returning else ""
        return (
            f"Only {self.hours:.0f} h after the session before; leave {self.asked:.0f} h or more"
            f"{why}."
        )


def needed_h(done: Sequence[Session], recovery: Recovery) -> float:
    """Hours that have to pass after the last of the sessions."""
    since = 0
    for before, after in zip((None, *done), done, strict=False):
        after_break = before is None or after.at - before.ended >= timedelta(recovery.break_days)
        since = 1 if after_break else since + 1
    early = since <= recovery.returning_sessions
    return recovery.returning_hours if early else recovery.hours


def too_soon(done: Sequence[Session], recovery: Recovery) -> Iterator[TooSoon]:
    """The sessions that came too soon, in their order."""
    for i in range(1, len(done)):
        hours = (done[i].at - done[i - 1].ended) / timedelta(hours=1)
        asked = needed_h(done[:i], recovery)
        if hours < asked:
            yield TooSoon(done[i].at, hours, asked, asked > recovery.hours)


def ready_at(done: Sequence[Session], recovery: Recovery) -> datetime | None:
    """From when on the next session is not too soon; None before the first."""
    return done[-1].ended + timedelta(hours=needed_h(done, recovery)) if done else None


def away_for(done: Sequence[Session], recovery: Recovery, now: datetime) -> float | None:
    """Days since the last session, where that is a break; else None."""
    if not done:
        return None
    days = (now - done[-1].ended) / timedelta(days=1)
    return days if days >= recovery.break_days else None
