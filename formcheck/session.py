"""The only judge: poses in, events out, a report at the end. No I/O, no clock, no picture.

For the same poses and setting, what has been said is never taken back: the events are at every
moment the beginning of the final list, however the poses are handed over.

Two clocks meet here and nowhere else: poses come, and moments are told, in the clip's seconds;
between `push` and what comes out all is in the world's, `Setting.time_scale` times fewer. So
durations, speeds and cut-offs are real, and a moment still finds its frame.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, replace

import numpy as np

from formcheck import filming, set_stop
from formcheck.checks import SEVERITIES, Finding, NotAssessed, worse
from formcheck.clip_time import pointing, rep_in_clip
from formcheck.exercise import Exercise
from formcheck.measures.measure import Asked, Measured, number
from formcheck.pauses import Sets
from formcheck.pose import Pose
from formcheck.rep import Rep
from formcheck.report import Report, RepReport
from formcheck.reps import (
    PAD_S,
    Dismissed,
    Phase,
    PhaseChanged,
    RepCounted,
    RepCounter,
    RepEvent,
    RepFinished,
)
from formcheck.setting import Setting
from formcheck.signals import Rows
from formcheck.smoothing import LONGEST_GAP_S, SMOOTHING_S, Log, Sample, Smoother, swing
from formcheck.verdict import Course, compose

SPIKE_DEG, SPIKE_THIGH = 6.0, 0.15
"""The least deviation from its neighbours that is called a spike: five times the landmarks' noise
of 1.2 degrees, so that only jumps of the tracker go."""
ASKS_EVERY_S = 0.03
"""How often the rep under way is looked at, seconds: what is said of it is to come within 0.4 s, of
which the smoothing takes 0.25 at 30 pictures a second."""


@dataclass(frozen=True)
class Warned:
    """A check already failed on the rep under way; `at`: by then it had gone so far."""

    at: float
    said: float
    rep: int
    finding: Finding


@dataclass(frozen=True)
class Found:
    """A closed rep, or the set up to it, was judged to have this fault, warning or note."""

    at: float
    said: float
    rep: int
    finding: Finding


Event = RepEvent | Warned | Found


class Session:
    """The sets of one athlete. `push` poses in the order of their time, then `close`."""

    def __init__(self, exercise: Exercise, setting: Setting, rows: Rows | None = None) -> None:
        """rows: measures the poses to come, where they are known before."""
        self.exercise, self._rows = exercise, rows or Rows()
        self.events: list[Event] = []
        """All that has been said, in the clip's seconds; it only ever grows. Only the `Rep` of a
        RepFinished is left as it was measured, in the world's."""
        self.samples = Log()
        """The smoothed signals so far, at the clip's seconds; rates are a second of the world."""
        self._hold(setting)
        self._next: Setting | None = None
        self._later = list(setting.later)
        self._sets = Sets()
        self._recent: deque[Pose] = deque()
        """What a rep that has not begun yet may be told by."""
        self._warned: dict[str, Finding] = {}
        self._stands: list[tuple[int, dict[str, Finding]]] = []
        self._reps: list[RepReport] = []
        self._not_assessed: list[NotAssessed] = []
        self._gates: list[Asked] = []
        self._dismissed: Counter[str] = Counter()
        self._frames = self._seen = 0
        self._mended: list[float] = []
        self._asked = -np.inf
        self._looked_at = (np.nan, np.nan)

    def _hold(self, setting: Setting, count: int = 0) -> None:
        """Measure and count by a setting, from the next pose on."""
        self.setting = setting
        self._signals = self.exercise.signals(setting)
        self._plane = setting.plane
        self.names = {name: i for i, name in enumerate(self._signals)}
        """The columns of a sample."""
        floor = [SPIKE_DEG if s.unit == "deg" else SPIKE_THIGH for s in self._signals.values()]
        self._smoother = Smoother(SMOOTHING_S, np.array(floor), setting.frame_s)
        self._cycle = self.exercise.aspect(setting).cycle
        against = self.exercise.reasons_against
        self._counter = RepCounter(self._cycle, self.names, setting, against, count=count)

    def adopt(self, setting: Setting) -> None:
        """Let a better setting hold for the reps that have not begun: from the next pose on at
        which none is under way or waits to be judged. What was said stays.

        Raises ValueError where it is one of other pictures or another clock.
        """
        now = self.setting
        if (setting.size, setting.time_scale) != (now.size, now.time_scale):
            raise ValueError("a setting of other pictures or another clock cannot be adopted")
        self._next = setting

    @property
    def latency(self) -> float:
        """Seconds of the clip from a pose to its sample."""
        return self._smoother.latency * self.setting.time_scale

    @property
    def phase(self) -> Phase:
        """Where the body is in its cycle."""
        return self._counter.phase

    @property
    def count(self) -> int:
        """How many reps counted so far."""
        return self._counter.count

    @property
    def surely(self) -> bool:
        """Whether a rep is under way that has gone far enough to count, and nothing speaks against
        it so far."""
        rep = self._counter.open_rep()
        return rep is not None and not self.exercise.reasons_against(rep)

    @property
    def began(self) -> float:
        """When the rep under way began, in the clip's seconds; NaN where none is."""
        return self._counter.began * self.setting.time_scale

    @property
    def reps(self) -> tuple[RepReport, ...]:
        """The reps that were judged so far."""
        return tuple(self._reps)

    def push(self, pose: Pose) -> list[Event]:
        """Take the next pose; give what it decided."""
        before = len(self.events)
        while self._later and pose.t >= self._later[0].from_s * self.setting.time_scale:
            self._come_back(self._later.pop(0).setting)
        if self._next is not None and self._counter.between:
            self._turn_to(self._next)
        self._keep(pose)
        self._frames += 1
        self._seen += bool(np.isfinite(pose.points[:, 0]).any())
        self._mended += [pose.t / self.setting.time_scale] if pose.mended else []
        self._read(pose)
        return self.events[before:]

    def forget(self) -> None:
        """Let go of all that is not asked for any more: what goes on for hours is not to grow."""
        del self.events[:-1]
        if self.count:  # only a clip without a rep is asked for raw values
            self.samples.thin()

    def _read(self, pose: Pose) -> None:
        now = self.setting
        values, seen = self._rows.of(pose, self._signals, now.side, now.facing, self._plane)
        self._take(self._smoother.push(pose.t / now.time_scale, values, seen))

    def _keep(self, pose: Pose) -> None:
        """Keep the poses that the counter may look back on, if another setting may come."""
        self._recent.append(pose)
        oldest = pose.t - (self._cycle.looks_back_s + 2 * PAD_S) * self.setting.time_scale
        while self._recent[0].t < oldest:
            self._recent.popleft()

    def _turn_to(self, setting: Setting) -> None:
        """Read what came since the last rep once more, by another setting."""
        since = self._counter.since * self.setting.time_scale
        self._next = None
        self._sets.fine = {}  # by another setting
        self._hold(setting, self._counter.count)
        for pose in self._recent:
            if pose.t >= since:
                self._read(pose)

    def _come_back(self, setting: Setting) -> None:
        """The athlete was away, and body and camera stand as the next set has them."""
        self._finish()
        self._recent.clear()
        self._next = None
        self._hold(setting.following(self.setting), self._counter.count)
        self._sets.leave()

    def _finish(self) -> None:
        self._take(self._smoother.close())
        for event in self._counter.close():
            self._handle(event)

    def close(self) -> Report:
        """All is over: judge what is left and report."""
        self._finish()
        course = Course(
            self._reps,
            self._not_assessed,
            gates=self._gates,
            against=self._dismissed,
            swept=self._swept(),
            coverage=self._seen / self._frames if self._frames else 0.0,
        )
        return compose(self.exercise, self._sets.setting or self.setting, course)

    def _take(self, samples: list[Sample]) -> None:
        for sample in samples:
            t = sample.t * self.setting.time_scale
            if t > self.samples.last:  # else told by an older setting
                self.samples.append(sample, t)
            for event in self._counter.push(sample):
                self._handle(event)
            self._warn_early(sample.t)

    def _say(self, event: Event) -> None:
        scale = self.setting.time_scale
        if isinstance(event, Warned | Found):
            event = replace(event, finding=pointing(event.finding, scale))
        said = max(event.said * scale, self.events[-1].said if self.events else -np.inf)
        self.events.append(replace(event, at=event.at * scale, said=said))

    def _handle(self, event: RepEvent) -> None:
        self._say(event)
        match event:
            case RepFinished(rep=rep):
                self._judge(rep, event.said)
            case Dismissed(reasons=reasons):
                self._dismissed.update(reasons[:1])
                self._warned = {}
            case RepCounted(number=n):
                self._stands.append((n, self._warned))
                self._warned = {}
            case PhaseChanged():
                pass

    def _judge(self, rep: Rep, said: float) -> None:
        """Measure and check a closed rep."""
        if rep.counted and self._sets.counted(rep):
            self._sets.fixed = {name: fix(rep) for name, fix in self.exercise.fixes.items()}
        rep = self._marked(rep)
        measures = self.exercise.measured(rep)
        findings, unjudged, good = self._checked(rep, measures)
        for finding in findings:
            at = rep.begins if finding.at_s is None else finding.at_s
            self._say(Found(at, said, rep.number or 0, finding))
        self._not_assessed += unjudged
        self._gates += self.exercise.conditions(rep) if rep.counted else []
        report = _rep_report(self.exercise, rep, measures, findings, good, self._sets.number)
        self._reps.append(rep_in_clip(report, self.setting.time_scale))
        if rep.counted:
            self._judge_set(rep, said)

    def _judge_set(self, rep: Rep, said: float) -> None:
        """Say it where the set was to end with this rep; what comes after does not change that."""
        counted = [r for r in self._reps if r.counted and r.set_number == self._sets.number]
        measures = self.exercise.set_measures
        for check in self.exercise.set_checks:
            if not check.stops or check.name in self._sets.stopped or len(counted) < check.least:
                continue
            fine = self._sets.fine.get(check.name, 0)
            finding, stop = set_stop.judged(check, measures, counted, self.setting, fine)
            self._sets.fine[check.name] = len(counted)
            if isinstance(finding, Finding) and stop is not None:
                self._sets.stopped.add(check.name)
                self._say(Found(rep.until, said, stop, finding))

    def _checked(
        self, rep: Rep, measures: dict[str, Measured]
    ) -> tuple[list[Finding], list[NotAssessed], list[str]]:
        """What there is to say against a rep, what could not be judged, and what was good."""
        findings, good = [], []
        whole = not rep.counted or rep.kind == "full"
        unjudged = [] if whole else [_form_unjudged(self.exercise, rep)]
        unjudged += self._headline_unjudged(rep, measures)
        stands = next((w for n, w in self._stands if n == rep.number), {})
        for check in self.exercise.checks:
            if rep.kind not in check.kinds and check.name not in stands:
                continue
            verdict = check.judge(rep, measures) if rep.kind in check.kinds else None
            verdict = _standing(verdict, stands.get(check.name))
            if isinstance(verdict, Finding):
                findings.append(verdict)
            elif isinstance(verdict, NotAssessed):
                unjudged.append(verdict)
            else:
                good.append(check.good)
        return findings, unjudged, good

    def _headline_unjudged(self, rep: Rep, measures: dict[str, Measured]) -> list[NotAssessed]:
        """The number that everybody looks for, where it was refused: said once, with its reason."""
        headline = measures[self.exercise.headline]
        if rep.number is None or headline.value is not None:
            return []
        return [
            NotAssessed(
                what=self.exercise.headline,
                reps=(rep.number,),
                reason=headline.reason or "It was not seen in this rep.",
                what_to_change=headline.what_to_change or filming.WHOLE.words,
            )
        ]

    def _marked(self, rep: Rep) -> Rep:
        mended = sum(rep.begins <= t <= rep.until for t in self._mended)
        rep = replace(rep, fixed=self._sets.fixes_for(rep), mended=mended)
        for name, locate in self.exercise.marks.items():
            rep = replace(rep, marks={**rep.marks, name: locate(rep)})
        return rep

    def _warn_early(self, said: float) -> None:
        """Ask the checks that can only grow about the rep under way; say it again where it grew
        worse."""
        told = {name: found.severity for name, found in self._warned.items()}
        checks = [c for c in self.exercise.checks if c.early and told.get(c.name) != SEVERITIES[0]]
        if not checks or said < self._asked + ASKS_EVERY_S:
            return
        self._asked = said
        rep = self._counter.open_rep()
        if rep is None or (rep.begins, rep.until) == self._looked_at:
            return  # while the body stays at its depth, the rep stays what it was
        self._looked_at = rep.begins, rep.until
        rep = self._marked(rep)
        checks = self.exercise.suspected(rep, checks, told)
        measures = self.exercise.measured(rep, checks)
        for check in checks:
            finding = check.judge(rep, measures)
            if isinstance(finding, Finding) and worse(finding.severity, told.get(check.name)):
                self._warned[check.name] = finding
                self._say(Warned(rep.lowered, said, self._counter.count + 1, finding))

    def _swept(self) -> tuple[float, float]:
        """How far the cycle's signal and its depth swung over the set, degrees."""
        cycle = self._cycle
        return swing(self.samples, self.names[cycle.signal], self.names[cycle.depth])


def _standing(
    verdict: Finding | NotAssessed | None, warned: Finding | None
) -> Finding | NotAssessed | None:
    """The verdict on a closed rep, unless worse was said of it while it was open: that stands."""
    said = verdict.severity if isinstance(verdict, Finding) else None
    return warned if warned is not None and worse(warned.severity, said) else verdict


def _told(rep: Rep, name: str) -> float | None:
    """A moment for the report; None where there is none, and for one of the cycle's own where it
    lies beside a gap, and may have been in it."""
    moment, beside = rep.moment(name), rep.setting.frame_s / 2
    if name in rep.marks or not np.isfinite(moment):
        return number(moment)
    gap = rep.gap(rep.cycle.signal, moment - beside, moment + beside)
    return None if gap > LONGEST_GAP_S else number(moment)


def _form_unjudged(exercise: Exercise, rep: Rep) -> NotAssessed:
    short = exercise.short_of[rep.kind]
    form = ", ".join(check.label for check in exercise.checks if rep.kind not in check.kinds)
    return NotAssessed(
        what="form",
        reps=(rep.number,) if rep.number is not None else (),
        reason=f"The form ({form}) is judged of whole reps only, not of one that {short}.",
        what_to_change=exercise.whole,
    )


def _rep_report(
    exercise: Exercise, rep: Rep, measures: dict[str, Measured], findings: list[Finding],
    good: list[str], set_number: int,
) -> RepReport:  # fmt: skip
    moments = {"start_s": "start", "end_s": "end", **exercise.moments}
    return RepReport(
        number=rep.number,
        set_number=set_number,
        counted=rep.counted,
        kind=rep.kind,
        **{field: _told(rep, name) for field, name in moments.items()},
        measures=measures,
        findings=tuple(findings),
        good=tuple(good),
    )
