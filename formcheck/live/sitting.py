"""A sitting: from the placement to the last set. Poses in, what is to be said and shown out.

No thread, no picture and no clock but the capture's: the loop around it has those.

                what happens                              from      to
    placed      all is green                              placing   ready
    unplaced    it is no longer                           ready     placing
    begins      still at rest, a rep, or by hand          any       running
    ends        left, idle, lost for long, or by hand     running   resting
    begins      as above                                  resting   running
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from formcheck.exercise import Exercise
from formcheck.live.course import Course, Done, angle
from formcheck.live.cues import BEGIN, about
from formcheck.live.state import BreakPoint, Coach, Cue, Light, LiveState, Stage, hindrance
from formcheck.live.waiting import Waiting, unseen
from formcheck.pose import Pose
from formcheck.reps import Phase
from formcheck.setting import Athlete, Clock, Setting, Whom

SHOWN_S = 2.5
"""How long a cue stands on the screen."""
PLACES_AFTER_S = 3.0
"""After a set the lights go on again only then: the athlete is to read how it was."""
ALONE = "the only person in the picture"
FIRST = "the one of {} people who began"


@dataclass(frozen=True)
class Seen:
    """One picture, as far as it matters."""

    t: float
    """Seconds of the capture."""
    size: tuple[int, int]
    bodies: Mapping[int, Pose | None]
    """By the number of who is followed."""
    bright: float
    """0 to 255."""
    people: int = 1
    """How many were seen at once so far."""


@dataclass(frozen=True)
class Begun:
    """A set has begun."""

    which: int
    """Whose it is."""
    since: float
    """Seconds of the capture; back-dated."""


@dataclass(frozen=True)
class Ended:
    """A set is over."""

    done: Done


Step = Begun | Ended


@dataclass
class Sitting:
    """Pictures as `Seen` in, steps out; `cues` and `state` tell the rest."""

    exercise: Exercise
    coach: Coach
    athlete: Athlete = field(default_factory=Athlete)
    clock: Clock = "known"
    given: Setting | None = None
    """A setting that the user gave."""
    whole: bool = True
    """Whether with that all that is seen is one set, as a film is; of a camera sets begin and end
    as ever."""
    insists: bool = True
    """Whether there is to be a report though no set has begun, as of a film."""
    fits: Callable[[tuple[int, int]], None] = lambda size: None
    """Told the size of the pictures, raises InputError where that setting is of others."""
    stage: Stage = "placing"
    cues: list[Cue] = field(default_factory=list)
    """Since the last set."""
    sets: int = 0
    """How many are over."""
    _waiting: dict[int, Waiting] = field(default_factory=dict)
    _course: Course | None = None
    _last: Seen | None = None
    _ended: float = np.nan
    _summary: tuple[str, ...] = ()
    _counted: int = 0
    """Reps of the last set."""
    _break: BreakPoint | None = None
    _size: tuple[int, int] | None = None

    def push(self, seen: Seen) -> Sequence[Step]:
        """Take the next picture."""
        steps = self._resized(seen)
        self._last = seen
        if self._course is not None:
            return [*steps, *self._run(self._course, seen)]
        for n, pose in seen.bodies.items():
            if n not in self._waiting:
                self._waiting[n] = Waiting(
                    self.exercise, seen.size, self.athlete, self.clock, self.given
                )
            self._waiting[n].push(pose or unseen(seen.t), seen.bright)
        self._waiting = {n: w for n, w in self._waiting.items() if n in seen.bodies}
        which = self._beginner()
        if which is not None:
            return [*steps, self._begin(which)]
        self._place(seen.t)
        return steps

    def toggle(self) -> Sequence[Step]:
        """Start or stop the set by hand."""
        if self._course is not None:
            return [self._end()]
        which = self._shown()
        return [] if which is None or len(self._waiting[which].poses) < 2 else [self._begin(which)]

    def interrupt(self) -> Sequence[Step]:
        """The pictures have stopped coming: what there is of a set is kept."""
        return [] if self._course is None else [self._end()]

    def mark(self) -> None:
        """Remember this moment."""
        if self._last is not None:
            t = self._last.t
            self.cues.append(Cue(t, t, "mark", "marked"))

    def close(self) -> Sequence[Step]:
        """Nothing more comes. Where no set has begun and one is insisted on, what was seen last is
        one, so that a report says why nothing could be told."""
        steps: list[Step] = []
        which = self._shown()
        poses = [] if which is None else self._waiting[which].poses
        if self.insists and which is not None and not self.sets and len(poses) > 1:
            steps.append(self._begin(which))
        if self._course is not None:
            steps.append(self._end())
        self.stage = "over"
        return steps

    @property
    def keeps_from(self) -> float:
        """The second of the capture from which a set may still begin, or has begun; infinite:
        nobody is there to begin one."""
        if self._course is not None:
            return self._course.started
        kept = [w.poses[0].t for w in self._waiting.values() if w.poses]
        return min(kept, default=np.inf)

    def state(self, t: float) -> LiveState:
        """What is shown at t seconds: all but the picture's own."""
        shown = self._shown()
        lights: tuple[Light, ...] = ()
        if self._course is None and shown is not None and self.stage != "over":
            lights = self._waiting[shown].placed.lights
        cue = self.cues[-1] if self.cues and t - self.cues[-1].said_s < SHOWN_S else None
        silent = {"count", "mark"} if self._course is None else {"count", "mark", "placement"}
        said = "" if cue is None or cue.check in silent else cue.text
        resting = self.stage in {"resting", "over"}
        base = LiveState(
            t,
            self.stage,
            lights=lights,
            count=self._counted if resting else 0,
            set_number=max(self.sets + (not resting), 1),
            target_s=target(self.exercise),
            last_break=self._break,
            cue=said or {"placing": hindrance(lights), "ready": BEGIN}.get(self.stage, ""),
            rest_s=t - self._ended if self.stage == "resting" else np.nan,
            stressed=() if cue is None else about(self.exercise, cue.check),
            summary=self._summary if resting else (),
        )
        return base if self._course is None else running(base, self._course, self.exercise)

    def _resized(self, seen: Seen) -> Sequence[Step]:
        """Pictures of another shape are another view: what was under way ends."""
        before, self._size = self._size, seen.size
        if before != seen.size:
            self.fits(seen.size)
        if before in {None, seen.size}:
            return []
        self._waiting = {}
        return [] if self._course is None else [self._end()]

    def _beginner(self) -> int | None:
        """Who has begun a set."""
        if self._at_once and len(self._waiting) == 1:
            return next(iter(self._waiting))
        rested = np.isnan(self._ended) or self._last_t() - self._ended > PLACES_AFTER_S
        ready = [n for n, w in self._waiting.items() if rested and w.begins(self._alone)]
        return ready[0] if ready else None

    @property
    def _at_once(self) -> bool:
        """Whether nothing has to be placed, and nothing ends the set."""
        return self.given is not None and self.whole

    @property
    def _alone(self) -> bool:
        return len(self._waiting) == 1

    def _last_t(self) -> float:
        return self._last.t if self._last is not None else np.nan

    def _shown(self) -> int | None:
        """Whose placement is shown: who is in place, else who was there first."""
        ranked = sorted(self._waiting.items(), key=lambda nw: (not nw[1].placed.in_place, nw[0]))
        return ranked[0][0] if ranked else None

    def _place(self, t: float) -> None:
        """See to the stage, and to what is said of the placement."""
        shown = self._shown()
        placed = None if shown is None else self._waiting[shown].placed
        if self.stage != "resting":
            green = placed is not None and placed.green and placed.in_place
            self.stage = "ready" if green else "placing"
        lights = () if placed is None else placed.lights
        self.cues += self.coach.placed(t, lights, self.stage)

    def _begin(self, which: int) -> Begun:
        one, people = self._waiting[which], self._last.people if self._last else 1
        because = ALONE if people < 2 else FIRST.format(people)
        whom = Whom(people_seen=people, chosen_because=because)
        setting = one.setting().model_copy(update={"whom": whom})
        poses = one.poses if self._at_once else one.from_first_seen()
        self._course = Course(self.exercise, setting, poses, which, fixed=self.given is not None)
        self._waiting, self.stage, self._break = {}, "running", None
        self.cues += self.coach.heard(one.poses[-1].t, self._course.first)
        return Begun(which, self._course.started)

    def _run(self, course: Course, seen: Seen) -> Sequence[Step]:
        events = course.push(seen.bodies.get(course.which) or unseen(seen.t))
        self.cues += self.coach.heard(seen.t, events)
        if events:
            self._break = last_break(course, self.exercise) or self._break
        return [self._end()] if course.over(seen.t) and not self._at_once else []

    def _end(self) -> Ended:
        assert self._course is not None
        done = self._course.close()
        self._course, self.stage, self._ended = None, "resting", self._last_t()
        self.sets += 1
        self._summary, self._counted = summary(done), done.report.set_.reps
        return Ended(done)


def target(exercise: Exercise) -> float:
    """How long a lowering should last at least, seconds; NaN where the exercise does not say."""
    limits = (limit for check in exercise.checks for limit in check.limits)
    aims = [x.aim for x in limits if x.measure == exercise.tempo and x.kind == "min"]
    return aims[0] if aims else float("nan")


def running(base: LiveState, course: Course, exercise: Exercise) -> LiveState:
    """The state with what a set under way tells."""
    session, look = course.session, exercise.look
    ways = {Phase.LOWER: look.phases[0].says, Phase.RISE: look.phases[-1].says}
    return replace(
        base,
        count=session.count,
        phase=ways.get(session.phase, look.rests),
        knee_deg=angle(session, "knee_flexion"),
        hip_deg=angle(session, "hip_flexion"),
        descent_s=course.descent_s,
        side=session.setting.side,
    )


def last_break(course: Course, exercise: Exercise) -> BreakPoint | None:
    """The headline of the last rep that was judged; None before the first."""
    reps = [r for r in course.session.reps if r.number is not None]
    if not reps:
        return None
    found = reps[-1].measures[exercise.headline]
    words = exercise.look.outcomes.get(found.outcome or "", "")
    return BreakPoint(
        rep=reps[-1].number or 0,
        label=exercise.look.term(exercise.headline).label,
        value=np.nan if found.value is None else found.value,
        half_width=np.nan if found.uncertainty is None else found.uncertainty,
        unit=found.unit,
        words=words or ("" if found.value is not None else found.reason or ""),
    )


def summary(done: Done) -> tuple[str, ...]:
    """A set in a few lines."""
    n = done.report.set_.reps
    verdict = done.report.verdict
    lines = (f"{n} rep{'s' * (n != 1)}", verdict.sentence, verdict.advice)
    return tuple(line for line in lines if line)
