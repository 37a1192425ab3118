"""The first way through a clip: looks at single pictures and, while one body only is seen, the
plain track of it, so that a clip of somebody alone is read once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

import numpy as np

from formcheck.motion import Background
from formcheck.pose import Pose
from formcheck.tracking.looks import CONFIDENCE, PEOPLE, Look, Schedule, around, look
from formcheck.tracking.strips import Finder, Make, Rows, Tick, hidden
from formcheck.video.film import Frame
from formcheck.video.reader import VideoFile


class Scout:
    """Reads a clip, and can go on with the plain track where it was left."""

    def __init__(self, video: VideoFile, make: Make, tick: Tick, *, also: float | None) -> None:
        """also: a second at which to look as well."""
        self._video, self._make, self._tick = video, make, tick
        self._schedule = Schedule(video.clip.duration_s, also)
        self._due = False
        self._plain: Finder | None = None
        self.looks: list[Look] = []
        self.t_s: list[float] = []
        """The seconds of all frames."""
        self.rows: Rows = {}
        """The plain track, as far as it went."""
        self.background = Background()
        self.alone = True
        """Whether only one body was seen, until the end or until now."""

    def close(self) -> None:
        """Free the model."""
        if self._plain is not None:
            self._plain.close()

    def run(self, *, plain: bool) -> None:
        """Read the whole clip; without `plain`, look only."""
        self.alone = plain
        with closing(self._make(PEOPLE, False, CONFIDENCE)) as finder:
            for frame in self._video.frames(wanted=self._wanted):
                if self._due:
                    self._look(finder, frame)
                if self.alone:
                    self._follow(frame, self.looks)
            if self._schedule.owes and self.t_s and not self._due:
                for frame in self._video.frames(self.t_s[-1]):
                    self._look(finder, frame)  # the second wanted is that of the last picture

    @property
    def frame_s(self) -> float:
        """The median time between frames, seconds; 1 where there is one only."""
        return float(np.median(np.diff(self.t_s))) if len(self.t_s) > 1 else 1.0

    def look_again(self) -> list[Look]:
        """The looks with whoever else is seen once those who were are painted over: the detector
        may find the larger of two bodies only, in every picture."""
        due, found = {one.t: one for one in self.looks}, []
        with closing(self._make(PEOPLE, False, CONFIDENCE)) as finder:
            for frame in self._video.frames(wanted=due.__contains__):
                known = [s.pose for s in due[frame.t].sights]
                more = finder.find(hidden(frame.rgb, known), frame.t) if known else []
                found.append(look(frame.t, [*known, *more]))
        return found

    def go_on(self) -> None:
        """The plain track from where it was left to the end."""
        rest = [t for t in self.t_s if t not in self.rows]
        if rest:
            for frame in self._video.frames(rest[0]):
                self._follow(frame, self.looks)

    def _wanted(self, t: float) -> bool:
        self.t_s.append(t)
        self._due = self._schedule.due(t)
        return self._due or self.alone

    def _look(self, finder: Finder, frame: Frame) -> None:
        self.looks.append(look(frame.t, finder.find(frame.rgb, frame.t)))
        self.alone &= len(self.looks[-1].sights) < 2

    def _follow(self, frame: Frame, looks: Sequence[Look]) -> None:
        if self._plain is None:
            self._plain = self._make(1, True, 0.5)
        poses: list[Pose] = self._plain.find(frame.rgb, frame.t)
        bodies = [p.points for p in poses] + around(looks, frame.t)
        self.background.push(frame.t, frame.rgb, bodies)
        self.rows[frame.t] = poses[0] if poses else None
        self._tick(frame.t)
