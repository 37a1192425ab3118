"""An exercise tried on its demonstration: every track made and judged once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from formcheck.exercise import Exercise
from formcheck.pose import PoseTrack
from formcheck.report import Report, RepReport
from formcheck.reps import RepFinished
from formcheck.session import Event, Session
from formcheck.setting import Setting
from formcheck.testing.ways import at_rate
from formcheck.view import estimate

USUAL_FPS = 24.0
"""The lowest rate at which every number has to be told, but for one whose frame rate gate asks for
more: what a phone films at least."""


class Demonstration(Protocol):
    """Makes a set of an exercise, done well."""

    def __call__(self, *, reps: int, share: float) -> PoseTrack:
        """The pose track of so many reps, at `figure.FPS`, seen from the side, nothing hidden.

        share: how much of its whole way each rep goes, 0 to 1; 1 is a full rep without a fault.
        """


@dataclass(frozen=True)
class Judged:
    """A whole session and its report."""

    session: Session
    report: Report

    @property
    def counted(self) -> list[RepReport]:
        """The reps that count."""
        return [r for r in self.report.reps if r.counted]


def setting_of(exercise: Exercise, track: PoseTrack) -> Setting:
    """The setting of a track whose times are the world's."""
    return estimate(track, posture=exercise.posture).model_copy(update={"clock": "known"})


def judged(exercise: Exercise, track: PoseTrack, setting: Setting | None = None) -> Judged:
    """A whole session over a track whose times are the world's; without a setting by its own."""
    session = Session(exercise, setting_of(exercise, track) if setting is None else setting)
    for pose in track:
        session.push(pose)
    return Judged(session, session.close())


def said(events: Iterable[Event]) -> list[str]:
    """Events as text, to be compared: they hold arrays, and NaN is not equal to itself."""
    return [_text(event) for event in events]


def _text(event: Event) -> str:
    if not isinstance(event, RepFinished):
        return repr(event)
    rep = event.rep
    moments = f"{rep.start} {rep.bottom} {rep.end} {len(rep.t)}"
    return f"{event.at} {event.said} {rep.number} {rep.kind} {moments} {np.nansum(rep.t)}"


class Trial:
    """What the demonstration of an exercise comes to; the costly parts are kept."""

    def __init__(self, exercise: Exercise, demonstrate: Demonstration) -> None:
        self.exercise = exercise
        self.demonstrate = demonstrate
        self._shares: dict[float, PoseTrack] = {}

    @cached_property
    def whole(self) -> PoseTrack:
        """Two full reps, as they were made."""
        return self.demonstrate(reps=2, share=1.0)

    @cached_property
    def one(self) -> PoseTrack:
        """One full rep, as it was made."""
        return self.demonstrate(reps=1, share=1.0)

    @cached_property
    def usual(self) -> PoseTrack:
        """Two full reps at the usual rate."""
        return at_rate(self.whole, USUAL_FPS)

    @cached_property
    def plain(self) -> Judged:
        """Two full reps at the usual rate, judged: what every other way is compared with."""
        return judged(self.exercise, self.usual)

    @cached_property
    def setting(self) -> Setting:
        """That of the two full reps."""
        return setting_of(self.exercise, self.usual)

    def partly(self, share: float) -> PoseTrack:
        """One rep that goes so much of its way, at the usual rate."""
        if share not in self._shares:
            made = self.demonstrate(reps=1, share=share)
            self._shares[share] = at_rate(made, USUAL_FPS)
        return self._shares[share]
