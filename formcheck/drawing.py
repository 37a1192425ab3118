"""What the annotated video shows when, and the drawing and coding of its pieces side by side."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from formcheck.analysis import Analysis, Progress
from formcheck.checks import Finding
from formcheck.heap import give_back
from formcheck.pose import Array
from formcheck.tracking.pieces import Going, counted
from formcheck.tracking.trust import at as nearest

if TYPE_CHECKING:
    from formcheck.video.encoder import Coded
    from formcheck.video.film import Frame, Picture
    from formcheck.video.reader import VideoFile
    from formcheck.video.writer import VideoWriter

FREEZE_S = 1.5
CARD_S = 4.0
ONE_MOMENT_S = 0.3
"""Faults so close together share a freeze: two stops in a row would only look like stutter."""
AT_ONCE = 2
"""Faults in one freeze; more cannot be read in its time."""
STEP_S = 1 / 12
"""Between the frames of a freeze and of the card, at least: of a picture that stands more a second
are waste, and with fewer some players stutter as they go on [O]."""
STANDS = 0.15
"""What a picture that stands costs of one that is read and drawn, with its share of what is drawn
for the stop [O]."""
PIECE_S = 6.0
"""About so long is a piece that one thread draws: short enough that all end together, and long
beside the way to it from the last key frame [O]."""

Holds = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Plan:
    """What is shown when."""

    t_s: Array
    """(T,) seconds of the clip's frames."""
    size: tuple[int, int]
    """Of a picture: width and height in pixels."""
    step: float
    """Seconds between the pictures of a freeze and of the card."""
    stops: Mapping[int, tuple[Finding, ...]]
    """Frame -> the faults for which the film stands there."""
    still: int
    """Pictures of a freeze."""
    card: int
    """Pictures of the card at the end; 0: without."""
    end_s: float
    """The second at which the clip ends."""

    @classmethod
    def of(cls, analysis: Analysis, freeze: bool) -> Plan:
        """With freezes and card, or as the clip runs."""
        track = analysis.track
        step = max(track.frame_s, STEP_S)
        still, card = (max(1, round(s / step)) for s in (FREEZE_S, CARD_S))
        stops = freezes(analysis) if freeze else {}
        end_s = float(track.t_s[-1]) + track.frame_s
        return cls(track.t_s, track.size, step, stops, still, card if freeze else 0, end_s)

    @cached_property
    def places(self) -> Sequence[int]:
        """The frames at which the film stands, in their order."""
        return sorted(self.stops)

    @property
    def holds(self) -> Holds:
        """The freezes as (second of the clip, seconds it stands)."""
        return tuple((float(self.t_s[i]), self.still * self.step) for i in self.stops)

    def late(self, i: int) -> float:
        """By how much frame `i`, or the end, comes later than in the clip, seconds."""
        return bisect_left(self.places, i) * self.still * self.step

    def cut(self, i: int) -> float:
        """The second before which frame `i` has not come, and the one before it has: of a live set
        the film's clock rounds by some microseconds. At both ends all there is."""
        if i in (0, len(self.t_s)):
            return math.copysign(math.inf, i - 1)
        return float(self.t_s[i - 1] + self.t_s[i]) / 2

    def pieces(self, entries: Array) -> list[tuple[int, int]]:
        """(first, end) frames of the pieces that are drawn side by side; of an even number, so that
        two cores are done together. entries: (n,) seconds from which on the film is read best, in
        their order; where one is near, it is there that the film is cut."""
        total, first = len(self.t_s), float(self.t_s[0])
        many = min(total, 2 * max(1, round((self.end_s - first) / (2 * PIECE_S))))
        near = (self.end_s - first) / many / 4
        work = self._work()
        even = np.searchsorted(work, work[-1] * np.arange(1, many) / many).tolist()
        cuts = (self._entry(min(i, total - 1), entries, near) for i in even)
        return list(pairwise([0, *sorted({*cuts} - {0, total}), total]))

    def _work(self) -> Array:
        """(T + 1,) what is to be done before each frame, and in all, in frames."""
        stands = np.zeros(len(self.t_s))
        stands[self.places] = self.still
        stands[-1] += self.card
        return np.concatenate([[0.0], np.cumsum(1 + STANDS * stands)])

    def _entry(self, i: int, entries: Array, near: float) -> int:
        """The frame at which to cut instead of at frame `i`."""
        t = float(self.t_s[i])
        if not len(entries):
            return i
        best = float(entries[nearest(entries, t)])
        return i if abs(best - t) > near else int(np.searchsorted(self.t_s, best))


class Drawing:
    """Draws and codes pieces of the film, several at a time."""

    def __init__(
        self, analysis: Analysis, plan: Plan, film: VideoFile, writer: VideoWriter,
        progress: Progress,
    ) -> None:  # fmt: skip
        from formcheck.overlay.draw import Overlay

        a = self._analysis = analysis
        self._overlay = Overlay(a.report, a.curves, a.setting, a.track, a.exercise)
        self._plan, self._film, self._writer = plan, film, writer
        self._drawn = counted(len(plan.t_s), partial(progress, "Drawing the video"))

    def piece(self, frames: tuple[int, int], going: Going) -> list[Coded]:
        """The packets of the frames from `first` to before `end`, freezes included; of the last
        ones with the card. What its pictures took goes back to the system before the next piece
        asks for as much: it seldom fits where theirs was."""
        packets = self._coded(frames, going)
        give_back()
        return packets

    def _coded(self, frames: tuple[int, int], going: Going) -> list[Coded]:
        (first, end), plan, reel = frames, self._plan, _Reel(self._writer, self._plan)
        under, has_card = None, end == len(plan.t_s) and plan.card > 0
        for frame in self._film.frames(plan.cut(first), plan.cut(end), threads=1):
            going()
            under = frame.rgb if has_card else None
            self._show(frame, reel)
            del frame  # pictures are large: none is held while the next one is made
            self._drawn()
        if has_card:
            reel.end(self._card(under))
        return reel.done()

    def _show(self, frame: Frame, reel: _Reel) -> None:
        """Draw and code one more picture of the clip, and where the film stands there, that."""
        i, plan = nearest(self._plan.t_s, frame.t), self._plan
        held = plan.stops.get(i) if i not in reel.stood else None
        stands = None if held is None else self._overlay.draw(frame.rgb, i, held)
        reel.show(self._overlay.draw(frame.rgb, i, keep=i == len(plan.t_s) - 1), frame.t, i)
        if stands is not None:
            reel.stand(stands, frame.t, i)

    def _card(self, rgb: Picture | None) -> Picture:
        """The card over the last picture, or over none where that cannot be read any more."""
        from formcheck.overlay.endcard import end_card

        width, height = self._analysis.track.size
        under = np.zeros((height, width, 3), np.uint8) if rgb is None else rgb
        return end_card(self._analysis.report, self._analysis.exercise, under)


class _Reel:
    """A piece of the film as it is coded."""

    def __init__(self, writer: VideoWriter, plan: Plan) -> None:
        self._coder, self._tick, self._plan = writer.encoder(), writer.tick, plan
        self._packets: list[Coded] = []
        self.stood: set[int] = set()
        """The frames at which the film has stood still."""

    def show(self, rgb: Picture, t: float, i: int) -> None:
        """A picture of second `t` of the clip, frame `i` or nearest to it."""
        self._packets += self._coder.encode(rgb, self._tick(t + self._late(i)))

    def stand(self, rgb: Picture, t: float, i: int) -> None:
        """A picture that stands after that one."""
        self._again(rgb, t + self._late(i) + self._plan.step, self._plan.still)
        self.stood.add(i)

    def end(self, rgb: Picture) -> None:
        """The card at the end of all."""
        plan = self._plan
        self._again(rgb, plan.end_s + plan.late(len(plan.t_s)), plan.card)

    def done(self) -> list[Coded]:
        """All packets."""
        return self._packets + self._coder.flush()

    def _late(self, i: int) -> float:
        return self._plan.late(i + (i in self.stood))

    def _again(self, rgb: Picture, since: float, many: int) -> None:
        ticks = [self._tick(since + k * self._plan.step) for k in range(many)]
        self._packets += self._coder.encode(rgb, ticks[0])
        for tick in ticks[1:]:
            self._packets += self._coder.again(tick)


def freezes(analysis: Analysis) -> Mapping[int, tuple[Finding, ...]]:
    """Frame -> the faults for which the film stands there, in the order of time."""
    faults = [
        f
        for r in analysis.report.reps
        for f in r.findings
        if f.severity == "fault" and f.at_s is not None
    ]
    groups: list[list[Finding]] = []
    for fault in sorted(faults, key=lambda f: f.at_s or 0.0):
        near = groups and (fault.at_s or 0.0) - (groups[-1][0].at_s or 0.0) <= ONE_MOMENT_S
        if near and len(groups[-1]) < AT_ONCE:
            groups[-1].append(fault)
        else:
            groups.append([fault])
    frames: dict[int, tuple[Finding, ...]] = {}
    for group in groups:
        i = frame_at(analysis, group[-1].at_s or 0.0)
        frames[i] = (*frames.get(i, ()), *group)
    return frames


def frame_at(analysis: Analysis, t: float) -> int:
    """The first frame from `t` on, or the last one."""
    return min(int(np.searchsorted(analysis.track.t_s, t - 1e-9)), len(analysis.track) - 1)
