"""What the annotated video shows when, and the drawing and coding of its pieces side by side."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from formcheck.analysis import Analysis, Progress
from formcheck.checks import Finding
from formcheck.pose import Array

if TYPE_CHECKING:
    from formcheck.tracking.pieces import Going
    from formcheck.video.encoder import Coded, Encoder
    from formcheck.video.film import Picture
    from formcheck.video.reader import VideoFile
    from formcheck.video.writer import VideoWriter

FREEZE_S = 1.5
CARD_S = 4.0
ONE_MOMENT_S = 0.3
"""Faults so close together share a freeze: two stops in a row would only look like stutter."""
AT_ONCE = 2
"""Faults in one freeze; more cannot be read in its time."""
STEP_S = 1 / 30
"""Between the frames of a freeze, at least: of a picture that stands 240 a second are waste."""
PIECE_S = 6.0
"""About so long is a piece that one thread draws: short enough that all end together, and long
beside the way to it from the last key frame [O]."""

Holds = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Plan:
    """What is shown when."""

    t_s: Array
    """(T,) seconds of the clip's frames."""
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
        return cls(track.t_s, step, stops, still, card if freeze else 0, end_s)

    @property
    def holds(self) -> Holds:
        """The freezes as (second of the clip, seconds it stands)."""
        return tuple((float(self.t_s[i]), self.still * self.step) for i in self.stops)

    def late(self, i: int) -> float:
        """By how much frame `i`, or the end, comes later than in the clip, seconds."""
        return sum(s < i for s in self.stops) * self.still * self.step

    def pieces(self, entries: Sequence[float]) -> list[tuple[int, int]]:
        """(first, end) frames of the pieces that are drawn side by side; of an even number, so that
        two cores are done together. entries: seconds from which on the film is read best."""
        total, first = len(self.t_s), float(self.t_s[0])
        many = min(total, 2 * max(1, round((self.end_s - first) / (2 * PIECE_S))))
        cuts = [total * k // many for k in range(1, many)]
        best = {self._entry(cut, entries) for cut in cuts} - {0, total}
        return list(pairwise([0, *sorted(best), total]))

    def _entry(self, i: int, entries: Sequence[float]) -> int:
        """The frame at which to cut instead of at frame `i`: an entry that is not far."""
        near = min(entries, key=lambda t: abs(t - float(self.t_s[i])), default=math.inf)
        far = abs(near - float(self.t_s[i])) > PIECE_S / 2
        return i if far else int(np.searchsorted(self.t_s, near))


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
        self._progress, self._done = progress, itertools.count(1)

    def piece(self, frames: tuple[int, int], going: Going) -> list[Coded]:
        """The packets of the frames from `first` to before `end`, freezes included; of the last
        ones with the card."""
        (first, end), plan, writer = frames, self._plan, self._writer
        t_s, coder = plan.t_s, writer.encoder()
        packets: list[Coded] = []
        start = float(t_s[first]) if first else -math.inf
        until = float(t_s[end]) if end < len(t_s) else math.inf
        rgb = None
        for frame in self._film.frames(start, until, threads=1):
            going()
            i, rgb = frame_at(self._analysis, frame.t), frame.rgb
            shown = frame.t + plan.late(i)
            stands = self._overlay.draw(rgb, i, plan.stops[i]) if i in plan.stops else None
            drawn = self._overlay.draw(rgb, i, keep=i == len(t_s) - 1)
            packets += coder.encode(drawn, writer.tick(shown))
            if stands is not None:
                packets += self._standing(coder, stands, shown + plan.step, plan.still)
            self._progress("Drawing the video", next(self._done) / len(t_s))
        if plan.card and end == len(t_s) and rgb is not None:
            from formcheck.overlay.endcard import end_card

            card = end_card(self._analysis.report, self._analysis.exercise, rgb)
            packets += self._standing(coder, card, plan.end_s + plan.late(end), plan.card)
        return packets + coder.flush()

    def _standing(self, coder: Encoder, rgb: Picture, since: float, many: int) -> Iterator[Coded]:
        """One picture, as many times."""
        ticks = [self._writer.tick(since + k * self._plan.step) for k in range(many)]
        yield from coder.encode(rgb, ticks[0])
        for tick in ticks[1:]:
            yield from coder.again(tick)


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
