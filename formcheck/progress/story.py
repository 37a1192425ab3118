"""All that there is to say of an athlete's sets of one exercise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from formcheck.exercise import Exercise
from formcheck.programme import Real, Recovery
from formcheck.progress import change
from formcheck.progress.change import Change
from formcheck.progress.faults import FaultTrend, fault_trends, in_words
from formcheck.progress.ladder import Step, next_step
from formcheck.progress.past import PastSet
from formcheck.progress.sessions import (
    Session,
    TooSoon,
    away_for,
    needed_h,
    ready_at,
    sessions,
    too_soon,
)

LIMITS = {"at-most": "at most ", "at-least": "at least "}


@dataclass(frozen=True)
class Story:
    """The sets of one exercise over time, in the time zone of who reads it."""

    exercise: Exercise
    sessions: tuple[Session, ...]
    undated: tuple[Session, ...] = ()
    """Sets of which nobody knows when they were done, each by itself: they are shown, and nothing
    is concluded from them."""
    reference: PastSet | None = None
    """The set whose set-up and rule the others have to share to be compared."""
    since_start: Change | None = None
    since_last: Change | None = None
    within_last: Change | None = None
    """Of the exercise's main number; None where there is nothing alike to compare."""
    other_setups: int = 0
    """Sessions that tell the number and do not compare with the reference."""
    unknown: tuple[str, ...] = ()
    """What of the set-up is not known of all that are compared, in words."""
    other_makes: int = 0
    """Sessions that compare, and were measured by another version, model or profile."""
    too_soon: tuple[TooSoon, ...] = ()
    ready_at: datetime | None = None
    """From when on the next session is not too soon."""
    needed_h: float = 0.0
    """So many hours after the last session that is, of whatever trains the muscle."""
    away_days: float | None = None
    """Days since the last session, where that is a break."""
    step: Step | None = None
    faults: tuple[FaultTrend, ...] = ()
    """The most frequent first."""


def told(
    sets: Sequence[PastSet], exercise: Exercise, now: datetime, others: Sequence[PastSet] = ()
) -> Story:
    """The story of sets of an exercise, in whatever order they come; where of two only the day is
    known, the first comes first.

    now: with a time zone, which becomes that of all days. others: sets of other exercises that
    train the same muscle.
    """
    here, rest = ([_local(s, now) for s in own] for own in (sets, others))
    dated = [s for s in here if s.dated_by != "kept"]
    story = Story(
        exercise,
        sessions=sessions(dated),
        undated=tuple(Session((s,)) for s in here if s.dated_by == "kept"),
    )
    story = replace(story, faults=fault_trends(story.sessions, exercise))
    programme = exercise.programme
    if programme is None:
        return story
    if programme.real is not None:
        story = _compared(story, programme.real)
    if programme.ladder is not None:
        step = next_step(story.sessions, programme.ladder, exercise.called)
        story = replace(story, step=step)
    if programme.recovery is not None:
        every = [*dated, *(s for s in rest if s.dated_by != "kept")]
        story = _recovering(story, sessions(every), programme.recovery, now)
    return story


def _local(one: PastSet, now: datetime) -> PastSet:
    """In the zone of `now`; where that is this machine's, in its summer or winter time of then."""
    here = now.utcoffset() == now.astimezone().utcoffset()
    return one.model_copy(update={"at": one.at.astimezone(None if here else now.tzinfo)})


def _compared(story: Story, real: Real) -> Story:
    """With what has changed."""
    done, parts, held = story.sessions, story.exercise.setup, change.reference(story.sessions)
    if held is None:
        return story
    fit = change.alike(done, real, parts)
    telling = [one for one in done if any(s.first_reps is not None for s in one.sets)]
    missing = chain.from_iterable(s.setup.unknown(held.setup, parts) for s in fit)
    return replace(
        story,
        reference=held,
        since_start=change.since_start(done, real, parts),
        since_last=change.since_last(done, real, parts),
        within_last=change.within_last(done, real, parts),
        other_setups=len(telling) - len(fit),
        unknown=tuple(story.exercise.look.term(name).label for name in dict.fromkeys(missing)),
        other_makes=sum(s.made_by != held.made_by for s in fit),
    )


def _recovering(story: Story, every: Sequence[Session], recovery: Recovery, now: datetime) -> Story:
    """With what the sessions of all exercises of its muscle say of when to train."""
    mine = {id(s): one for one in story.sessions for s in one.sets}
    soon = [
        replace(found, at=next(mine[id(s)].at for s in found.after.sets if id(s) in mine))
        for found in too_soon(every, recovery)
        if any(id(s) in mine for s in found.after.sets)
    ]
    return replace(
        story,
        too_soon=tuple(soon),
        ready_at=ready_at(every, recovery),
        needed_h=needed_h(every, recovery),
        away_days=away_for(every, recovery, now),
    )


def sentences(story: Story, now: datetime) -> Iterator[str]:
    """What the story comes to, the most important first."""
    yield from _of_changes(story)
    yield from in_words(story.faults)
    yield from _of_recovery(story, now)
    if story.undated:
        n = len(story.undated)
        yield (
            f"{n} set{'s have' if n != 1 else ' has'} no day, since the clip does not say when it "
            "was filmed: shown, but nothing is concluded from it. Say the day with --add DIR "
            "--on DATE."
        )
    if story.step is not None:
        yield f"Next: {story.step.says}"


def _of_recovery(story: Story, now: datetime) -> Iterator[str]:
    recovery = story.exercise.programme.recovery if story.exercise.programme else None
    if recovery is None:
        return
    if story.away_days is not None:
        yield (
            f"{story.away_days:.0f} days since the last session: begin again with less, strength "
            "is low for three days after the first one."
        )
    elif story.ready_at is not None and story.ready_at > now:
        yield (
            f"Train the {recovery.muscle} again from {_moment(story.ready_at)} on, "
            f"{story.needed_h:.0f} hours after the last session."
        )
    if story.too_soon:
        n = len(story.too_soon)
        yield f"{n} session{'s' * (n != 1)} came too soon after the one before."


def _moment(at: datetime) -> str:
    """A moment; the begin of a day is that day."""
    day = f"{at:%d %b}".lstrip("0")
    return f"{day}, {at:%H:%M}" if at.hour or at.minute else day


def _of_changes(story: Story) -> Iterator[str]:
    real = story.exercise.programme.real if story.exercise.programme else None
    if real is None:
        return
    label = f"{story.exercise.look.term(real.measure).label} of the first {real.reps} reps"
    if story.since_start is None:
        yield f"{label}: no two sessions in the same set-up tell it yet."
    else:
        yield f"{label} (lower is better), {_over(story.since_start)}: {words(story.since_start)}"
    last, start = story.since_last, story.since_start
    if last is not None and start is not None and last.before_at != start.before_at:
        yield f"{label}, {_before(last)}"
    if story.within_last is not None:
        yield f"{label}, the last set of the last session against its first: " + words(
            story.within_last
        )
    yield from _of_setups(story)


def _over(found: Change) -> str:
    if found.after_n == 1:
        return f"the last session against that of {found.before_at:%d %b %Y}".replace(" 0", " ")
    return f"the last {found.after_n} sessions against the first {found.before_n}"


def _before(found: Change) -> str:
    """What the last session was against the one before: looked at every time, that is no change."""
    day = f"{found.before_at:%d %b}".lstrip("0")
    return f"since the session of {day}: {_way(found)}. One session against one tells no change."


def _of_setups(story: Story) -> Iterator[str]:
    if story.unknown and story.since_start is not None:
        what = ", ".join(word[:1].lower() + word[1:] for word in story.unknown)
        yield f"Of the set-up it is not known of all of them: {what}. See to it that it was alike."
    if story.other_setups:
        n = story.other_setups
        yield (
            f"{n} session{'s were' if n != 1 else ' was'} set up, filmed or measured in another "
            f"way and {'are' if n != 1 else 'is'} not compared."
        )
    if story.other_makes:
        n = story.other_makes
        yield (
            f"{n} of the sessions compared {'were' if n != 1 else 'was'} measured by another "
            "version, model or profile than the last: analyse the clips again to be sure."
        )


def _way(found: Change) -> str:
    """From what to what, a bound as one."""
    before, after = (
        f"{LIMITS.get(bound or '', '')}{value:.0f}°"
        for value, bound in (
            (found.before, found.before_bound),
            (found.after, found.after_bound),
        )
    )
    return f"from {before} to {after}"


def words(found: Change) -> str:
    """A change in a sentence, in degrees."""
    way, size = _way(found), f"{abs(found.by):.0f}°"
    sure = f"a difference needs {found.least:.1f}° to be sure"
    better = "better" if found.by < 0 else "worse"
    if found.bound == "unknown":
        return f"{way}. Where a number is only a limit, the change is not known."
    if found.real:
        least = "at least " if found.bound == "at-least" else ""
        return f"{way}: {least}{size} {better}, more than chance ({sure})."
    if found.bound == "at-least":
        return f"{way}: how much {better} is not known; {size} may be chance ({sure})."
    return f"{way}: it may be chance ({sure})."
