"""The sessions of an athlete: sets that were done together; and whether each came too soon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from formcheck.programme import Recovery
from formcheck.progress.past import PastSet, Value

TOGETHER = timedelta(hours=3)
"""Sets that follow each other sooner belong to one session [O]."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Session:
    """Sets that were done together, in the order of time. All are in one time zone."""

    sets: tuple[PastSet, ...]

    @property
    def at(self) -> datetime:
        """When it began."""
        return self.sets[0].at

    @property
    def day_only(self) -> bool:
        """Whether of one of its sets only the day is known."""
        return any(s.day_only for s in self.sets)

    def best(self, measure: str) -> PastSet | None:
        """The set with the most; None where none has a value."""
        told = [s for s in self.sets if _known(s, measure) is not None]
        return max(told, key=lambda s: _known(s, measure) or 0.0, default=None)


def _known(one: PastSet, measure: str) -> float | None:
    value: Value | None = one.values.get(measure)
    return None if value is None else value.value


def sessions(sets: Sequence[PastSet]) -> tuple[Session, ...]:
    """Sets as sessions, in the order of time. Where only the day is known, all of that day are
    together, in the order in which they come."""
    found: list[list[PastSet]] = []
    for one in sorted(sets, key=_moment):
        if found and _together(found[-1][-1], one):
            found[-1].append(one)
        else:
            found.append([one])
    return tuple(Session(tuple(own)) for own in found)


def _moment(one: PastSet) -> tuple[datetime, int]:
    if one.day_only:
        return one.at.replace(hour=12, minute=0, second=0, microsecond=0), 0
    return one.at, one.number


def _together(before: PastSet, after: PastSet) -> bool:
    if before.day_only or after.day_only:
        return before.at.date() == after.at.date()
    return after.at - before.at < TOGETHER


def gap(before: Session, after: Session) -> timedelta:
    """The time from the begin of a session to that of the next, in whole hours; in whole days of
    the calendar where only the day is known."""
    if before.day_only or after.day_only:
        return after.at.date() - before.at.date()
    return timedelta(hours=round((after.at - before.at) / timedelta(hours=1)))


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
    day_only: bool
    """Whether days of the calendar were counted."""
    before: Session
    """The one before; it may be of another exercise."""
    after: Session
    """Itself, with the sets of all exercises."""

    @property
    def words(self) -> str:
        """In a sentence."""
        why = ", this soon after a break" if self.returning else ""
        last, first = (s.setup.exercise for s in (self.before.sets[-1], self.after.sets[0]))
        other = f" ({last})" if last != first else ""
        days, hours = round(self.hours / 24), f"{self.hours:.0f} h"
        gone = f"{days} day{'s' * (days != 1)}" if self.day_only else hours
        asked = f"{self.asked / 24:.0f} days" if self.day_only else f"{self.asked:.0f} h"
        return f"Only {gone} after the session before{other}; leave {asked} or more{why}."


def needed_h(done: Sequence[Session], recovery: Recovery) -> float:
    """Hours that have to pass after the last of the sessions."""
    since = 0
    for before, after in zip((None, *done), done, strict=False):
        after_break = before is None or gap(before, after) >= recovery.break_days * DAY
        since = 1 if after_break else since + 1
    early = since <= recovery.returning_sessions
    return recovery.returning_hours if early else recovery.hours


def too_soon(done: Sequence[Session], recovery: Recovery) -> Iterator[TooSoon]:
    """The sessions that came too soon, in their order."""
    for i in range(1, len(done)):
        before, after = done[i - 1 : i + 1]
        hours = gap(before, after) / timedelta(hours=1)
        asked = needed_h(done[:i], recovery)
        if hours < asked:
            days = before.day_only or after.day_only
            yield TooSoon(after.at, hours, asked, asked > recovery.hours, days, before, after)


def ready_at(done: Sequence[Session], recovery: Recovery) -> datetime | None:
    """From when on the next session is not too soon, from the begin of a day where only days are
    known; None before the first."""
    if not done:
        return None
    last, needed = done[-1], timedelta(hours=needed_h(done, recovery))
    if last.day_only:
        return last.at.replace(hour=0, minute=0, second=0, microsecond=0) + needed
    return last.at + needed


def away_for(done: Sequence[Session], recovery: Recovery, now: datetime) -> float | None:
    """Days since the last session, where that is a break; else None."""
    if not done:
        return None
    days = (now - done[-1].at) / DAY
    return days if days >= recovery.break_days else None
