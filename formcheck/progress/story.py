"""All that there is to say of an athlete's sets of one exercise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from formcheck.exercise import Exercise
from formcheck.programme import Real
from formcheck.progress import change
from formcheck.progress.change import Change, Parts
from formcheck.progress.faults import FaultTrend, fault_trends, in_words
from formcheck.progress.ladder import Step, next_step
from formcheck.progress.past import PastSet
from formcheck.progress.sessions import (
    Session,
    TooSoon,
    away_for,
    ready_at,
    sessions,
    too_soon,
)


@dataclass(frozen=True)
class Story:
    """The sets of one exercise over time."""

    exercise: Exercise
    sessions: tuple[Session, ...]
    since_start: Change | None
    since_last: Change | None
    within_last: Change | None
    """Of the exercise's main number; None where there is nothing alike to compare."""
    other_setups: int
    """Sessions that do not compare with the last one."""
    too_soon: tuple[TooSoon, ...]
    ready_at: datetime | None
    """From when on the next session is not too soon."""
    away_days: float | None
    """Days since the last session, where that is a break."""
    step: Step | None
    faults: tuple[FaultTrend, ...]
    """The most frequent first."""


def told(sets: Sequence[PastSet], exercise: Exercise, now: datetime) -> Story:
    """The story of sets of an exercise, in whatever order they come."""
    done, programme = sessions(sets), exercise.programme
    real = None if programme is None else programme.real
    recovery = None if programme is None else programme.recovery
    ladder = None if programme is None else programme.ladder
    return Story(
        exercise,
        done,
        *_changes(done, real, exercise.setup),
        too_soon=() if recovery is None else tuple(too_soon(done, recovery)),
        ready_at=None if recovery is None else ready_at(done, recovery),
        away_days=None if recovery is None else away_for(done, recovery, now),
        step=None if ladder is None else next_step(done, ladder),
        faults=fault_trends(done, exercise),
    )


def _changes(
    done: Sequence[Session], real: Real | None, parts: Parts
) -> tuple[Change | None, Change | None, Change | None, int]:
    if real is None or not done:
        return None, None, None, 0
    best = [s for one in done if (s := one.best(real.measure, less=True)) is not None]
    compares = change.alike(done, real, parts) if best else []
    if not compares:
        return None, None, None, 0
    return (
        change.since_start(done, real, parts),
        change.since_last(done, real, parts),
        change.within_last(done, real, parts),
        len(best) - len(compares),
    )


def sentences(story: Story, now: datetime) -> Iterator[str]:
    """What the story comes to, the most important first."""
    yield from _of_changes(story)
    yield from in_words(story.faults)
    if story.away_days is not None:
        yield (
            f"{story.away_days:.0f} days since the last session: begin again with less, strength "
            "is low for three days after the first one."
        )
    elif story.ready_at is not None and story.ready_at > now:
        yield f"Train it again from {story.ready_at:%d %b, %H:%M} on: it takes so long to recover."
    if story.too_soon:
        n = len(story.too_soon)
        yield f"{n} session{'s' * (n != 1)} came too soon after the one before."
    if story.step is not None:
        yield f"Next: {story.step.says}"


def _of_changes(story: Story) -> Iterator[str]:
    real = story.exercise.programme.real if story.exercise.programme else None
    if real is None:
        return
    label = story.exercise.look.term(real.measure).label
    if story.since_start is None:
        yield f"{label}: no two sessions in the same set-up tell it yet."
        return
    yield f"{label}, since the first sessions: {words(story.since_start)}"
    if story.since_last is not None and len(story.sessions) > 2:
        yield f"{label}, since the session before: {words(story.since_last)}"
    if story.other_setups:
        n = story.other_setups
        yield (
            f"{n} session{'s were' if n != 1 else ' was'} set up or filmed in another way and "
            f"{'are' if n != 1 else 'is'} not compared."
        )


def words(found: Change) -> str:
    """A change in a sentence, in degrees."""
    told = f"from {found.before:.0f}° to {found.after:.0f}°"
    if found.bound == "unknown":
        return f"{told}, of which a side is but a bound: that tells no change."
    if not found.real:
        return f"{told}; under {found.least:.1f}° it may be chance."
    least = "at least " if found.bound == "at-least" else ""
    way = "better" if found.by < 0 else "worse"
    return f"{told}: {least}{abs(found.by):.0f}° {way}, more than chance (over {found.least:.1f}°)."
