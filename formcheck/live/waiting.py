"""One body before its set: what was seen of it lately, and whether a set has begun.

It is judged all the while, silently: a session of the last seconds says whether the body holds
still at its rest, and whether a rep is under way. So who begins before all is green is not missed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from formcheck.exercise import Exercise
from formcheck.live.placement import LOOKED_AT_S, Placed, placed
from formcheck.pose import Pose, PoseTrack
from formcheck.reps import Phase
from formcheck.session import Session
from formcheck.setting import Athlete, Clock, Setting
from formcheck.view import estimate

LOOKS_S = 0.2
"""How often the place is looked at, seconds of the capture."""
KEEPS_S = 3.0
"""What is kept of a body at rest: a set begins with it, back-dated."""
LONGEST_S = 12.0
"""The same of one that moves, and may be in a rep."""
STILL_S = 1.0
"""Held still for so long, with all lights green, a set begins [O]."""
SETTLES_S = 0.4
"""After so long in place it is told what the rest is; clips begin half a second before a rep."""
ANEW_S = 1.0
"""How often that is told anew while nothing moves."""


def track_of(poses: Sequence[Pose], size: tuple[int, int]) -> PoseTrack:
    """The track of poses in the order of time."""
    mended = np.array([p.mended for p in poses])
    held = [np.zeros(3) if p.camera is None else p.camera for p in poses]
    return PoseTrack(
        np.array([p.t for p in poses]),
        np.array([p.points for p in poses]).reshape(-1, 33, 3),
        np.array([p.visibility for p in poses]).reshape(-1, 33),
        size,
        camera=np.array(held) if any(p.camera is not None for p in poses) else None,
        mended=mended if mended.any() else None,
    )


def unseen(t: float) -> Pose:
    """The pose of a picture in which nobody was found."""
    return Pose(t, np.full((33, 3), np.nan), np.full(33, np.nan))


class Waiting:
    """Poses in; whether a set has begun out."""

    def __init__(
        self,
        exercise: Exercise,
        size: tuple[int, int],
        athlete: Athlete,
        clock: Clock,
        given: Setting | None = None,
    ) -> None:
        """size: of the pictures. given: a setting that holds whatever is seen."""
        self.exercise, self.size, self.given = exercise, size, given
        self.poses: list[Pose] = []
        self.placed = Placed((), in_place=False)
        self._athlete, self._clock = athlete, clock
        self._session: Session | None = None
        self._looked = self._told = -np.inf

    def push(self, pose: Pose, bright: float) -> None:
        """Take the next pose; bright: of its picture, 0 to 255."""
        self.poses.append(pose)
        if self._session is not None:
            self._session.push(pose)
        if pose.t >= self._looked + LOOKS_S:
            self._looked = pose.t
            self._look(pose.t, bright)
        self._trim(pose.t)

    def begins(self, alone: bool) -> bool:
        """Whether its set has begun. alone: nobody else might be meant."""
        if self._session is None:
            return False
        if self._session.surely or self._session.count:
            return True
        return alone and self.placed.green and self.placed.in_place and self.still

    @property
    def still(self) -> bool:
        """Whether it has held still at its rest for as long as a set asks for."""
        return self._held and self._session is not None and self._session.phase is Phase.REST

    @property
    def _held(self) -> bool:
        """Whether it has held still for so long, wherever."""
        if self._session is None:
            return False
        cycle, recent = self.exercise.aspect(self._session.setting).cycle, self._recent()
        return len(recent) > 1 and float(np.ptp(recent)) < cycle.rests_within

    def from_first_seen(self) -> Sequence[Pose]:
        """What is kept of it, without what came before it was there; all of it if it never was."""
        seen = (i for i, pose in enumerate(self.poses) if np.isfinite(pose.points).any())
        return self.poses[next(seen, 0) :]

    def setting(self) -> Setting:
        """What the last seconds tell, or the one that was given."""
        if self.given is not None:
            return self.given
        track = track_of(self.poses, self.size).steadied()
        found = estimate(track, self._athlete, posture=self.exercise.posture)
        known = {"exercise": self.exercise.name, "clock": self._clock}
        return found.model_copy(update=known)

    @property
    def _latency(self) -> float:
        return 0.0 if self._session is None else self._session.latency

    def _recent(self) -> Sequence[float]:
        """The cycle's signal over the last stretch, degrees; empty where it is not seen all along
        or not that long yet."""
        assert self._session is not None
        samples = self._session.samples
        column = self._session.names[self.exercise.aspect(self._session.setting).cycle.signal]
        t = samples.t
        span = t >= samples.last - STILL_S
        values = samples.table("value", [column])[span, 0]
        long = len(values) and np.ptp(t[span]) >= 0.8 * STILL_S
        return values.tolist() if long and np.isfinite(values).all() else []

    def _look(self, t: float, bright: float) -> None:
        recent = [p for p in self.poses if p.t >= t - LOOKED_AT_S]
        self.placed = placed(track_of(recent, self.size), self.exercise.posture, bright)
        if not self.placed.in_place:
            moving = self._session is not None and self._session.phase is not Phase.REST
            self._session = self._session if moving else None
            return
        resting = self._session is None or self._session.phase is Phase.REST
        if not resting and self._held:  # it came up to its rest: that was no rep
            self.poses = [p for p in self.poses if p.t >= t - STILL_S - self._latency]
            resting, self._told = True, -np.inf
        if resting and t - self.poses[0].t >= SETTLES_S and t >= self._told + ANEW_S:
            self._told = t
            self._session = Session(self.exercise, self.setting())
            for pose in self.poses:
                self._session.push(pose)

    def _trim(self, t: float) -> None:
        """Forget what a set would not begin with."""
        moves = self._session is not None and self._session.phase is not Phase.REST
        while self.poses and self.poses[0].t < t - (LONGEST_S if moves else KEEPS_S):
            self.poses.pop(0)
