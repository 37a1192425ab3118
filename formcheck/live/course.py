"""One set under way: its session, the better setting that its first reps tell, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from formcheck.curves import Curves, curves
from formcheck.exercise import Exercise
from formcheck.live.steadying import since
from formcheck.live.waiting import track_of
from formcheck.pauses import AWAY_S, IDLE_S
from formcheck.pose import Joint, Pose, PoseTrack
from formcheck.report import Report
from formcheck.reps import PhaseChanged, RepFinished
from formcheck.session import Event, Session
from formcheck.setting import Setting
from formcheck.view import estimate

PLACED_BY = 30
"""By so many of the last poses before it begins the place of a set is told."""
AT_PLACE = 0.8
"""How far a knee may be from its place, thigh lengths, and the athlete is still there [O]."""


@dataclass(frozen=True)
class Done:
    """A set that is over."""

    exercise: Exercise
    report: Report
    setting: Setting
    """The one that held last."""
    settings: tuple[tuple[float, Setting], ...]
    """From when on each held, seconds of the set."""
    track: PoseTrack
    curves: Curves

    started: float
    """Seconds of the capture; what stands above counts from there."""

    @property
    def until(self) -> float:
        """Its last second of the capture."""
        return self.started + float(self.track.t_s[-1])


class Course:
    """A set: poses in, events out; at the end all that is known of it.

    Both are on the capture's clock; its session, and all that is reported, counts from the set's
    first picture, as its recording does.
    """

    def __init__(self, exercise: Exercise, setting: Setting, poses: Sequence[Pose], which: int,
                 *, fixed: bool) -> None:  # fmt: skip
        """poses: those that it began with. which: whose it is. fixed: the setting was given, and
        stays."""
        self.which = which
        self._exercise, self._fixed = exercise, fixed
        self._size = setting.size
        self._session = Session(exercise, setting)
        self._settings = [(0.0, setting)]
        self._poses: list[Pose] = []
        self._closed = False
        self._there = self._busy = poses[-1].t
        self._camera = poses[0].camera
        self._place = self._place_of(poses)
        self.started = poses[0].t
        """Seconds of the capture."""
        self.first = [event for pose in poses for event in self.push(pose)]
        """What was decided of the poses it began with."""

    @property
    def session(self) -> Session:
        """Its judge."""
        return self._session

    def push(self, pose: Pose) -> Sequence[Event]:
        """Take the next pose; give what it decided."""
        if self._closed:  # with the next picture: what there is to say of the rep does not wait
            self._better()
        camera = since(pose.camera, self._camera)
        own = replace(pose, t=pose.t - self.started, camera=camera)
        self._poses.append(own)
        held = self._session.setting
        events = [self._timed(event) for event in self._session.push(own)]
        if self._session.setting is not held:
            self._settings.append((own.t, self._session.setting))
        if events:
            self._busy = pose.t
        if self._at_place(own):
            self._there = pose.t
        self._closed = any(isinstance(e, RepFinished) and e.rep.counted for e in events)
        return events

    def over(self, t: float) -> bool:
        """Whether the athlete has ended it, by leaving or by doing nothing."""
        return t - self._there > AWAY_S or t - self._busy > IDLE_S

    @property
    def descent_s(self) -> float:
        """For how long the lowering under way has lasted, or the last one did; NaN: none yet."""
        began, now = self._session.began, self._poses[-1].t
        ways = [e for e in self._session.events[-12:] if isinstance(e, PhaseChanged)]
        if np.isfinite(began):
            return (ways[-1].at if ways and ways[-1].at > began else now) - began
        tempo = [r.measures[self._exercise.tempo].value for r in self._session.reps if r.counted]
        return tempo[-1] if tempo and tempo[-1] is not None else float("nan")

    def close(self) -> Done:
        """The set is over: judge what is left."""
        report = self._session.close()
        setting, session = self._session.setting, self._session
        drawn = curves(self._exercise, setting, session.names, session.samples, report)
        track = track_of(self._poses, self._size)
        return Done(
            self._exercise, report, setting, tuple(self._settings), track, drawn, self.started
        )

    def _timed(self, event: Event) -> Event:
        """An event on the capture's clock; what it is about stays on the set's."""
        return replace(event, at=event.at + self.started, said=event.said + self.started)

    def _place_of(self, poses: Sequence[Pose]) -> tuple[float, float]:
        """Pixels, where the near knee was in the last of the poses that it began with; NaN where it
        was not seen."""
        own = [replace(p, camera=since(p.camera, self._camera)) for p in poses]
        knee = (
            track_of(own, self._size)
            .steadied()
            .points[:, Joint.KNEE.on(self._session.setting.side), :2]
        )
        seen = knee[np.isfinite(knee).all(axis=1)][-PLACED_BY:]
        x, y = np.median(seen, axis=0) if len(seen) else (np.nan, np.nan)
        return float(x), float(y)

    def _at_place(self, pose: Pose) -> bool:
        knee = pose.steady[Joint.KNEE.on(self._session.setting.side), :2]
        off = float(np.hypot(*(knee - self._place)))
        return off < AT_PLACE * self._session.setting.thigh_px  # not where it is NaN

    def _better(self) -> None:
        """Once a rep has shown where the camera stands, the next ones are measured by that."""
        now = self._session.setting
        if self._fixed or now.rectified:
            return
        track = track_of(self._poses, self._size).steadied()
        found = estimate(track, now.athlete, posture=self._exercise.posture)
        if found.rectified and (found.side, found.facing) == (now.side, now.facing):
            kept = {"exercise": now.exercise, "clock": now.clock, "whom": now.whom}
            self._session.adopt(found.model_copy(update=kept))


def angle(session: Session, name: str) -> float:
    """The last smoothed value of a signal, degrees; NaN where it is not seen or not there."""
    if not session.samples or name not in session.names:
        return float("nan")
    return float(session.samples[-1].value[session.names[name]])
