"""In how many reps each fault or warning was found, over the sessions.

Nobody has measured what change of it is real: it is counted, and no change is called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formcheck.exercise import Exercise
from formcheck.progress.sessions import Session

AT_ENDS = 4
"""So many of the first and of the last sessions are told, fewer where there are fewer [O]."""


@dataclass(frozen=True)
class Count:
    """Sessions together."""

    found: int
    """In so many reps it was found."""
    reps: int
    """Of so many that counted."""


@dataclass(frozen=True)
class FaultTrend:
    """One check over the sessions."""

    check: str
    label: str
    each: tuple[Count, ...]
    """One a session, in the order of time."""
    first: Count
    last: Count
    """The sessions at either end, never one at both; of a single session `first` is of no rep."""


def fault_trends(done: Sequence[Session], exercise: Exercise) -> tuple[FaultTrend, ...]:
    """Of every check that found a fault or a warning; the one found in most reps first."""
    found: Counter[str] = Counter()
    for one in done:
        found.update(_found(one))
    ranked = sorted(found, key=lambda check: (-found[check], check))
    return tuple(_trend(check, done, exercise) for check in ranked)


def _found(one: Session) -> Counter[str]:
    """Check -> in how many reps of a session."""
    told: Counter[str] = Counter()
    for each in one.sets:
        told.update(each.faults)
    return told


def _trend(check: str, done: Sequence[Session], exercise: Exercise) -> FaultTrend:
    each = tuple(Count(_found(one)[check], sum(s.reps for s in one.sets)) for one in done)
    first = each[: min(AT_ENDS, len(each) // 2)]
    last = each[-max(min(AT_ENDS, len(each) // 2), 1) :]
    return FaultTrend(check, exercise.called(check), each, _sum(first), _sum(last))


def _sum(counts: Sequence[Count]) -> Count:
    return Count(sum(c.found for c in counts), sum(c.reps for c in counts))


def in_words(trends: Sequence[FaultTrend], most: int = 3) -> Iterator[str]:
    """The most frequent in sentences; nothing before there are two sessions."""
    for one in trends[:most]:
        if one.first.reps:
            label = f"{one.label[:1].upper()}{one.label[1:]}"
            yield (
                f"{label}: found in {one.first.found} of {one.first.reps} reps of the first "
                f"sessions, in {one.last.found} of {one.last.reps} of the last ones."
            )
