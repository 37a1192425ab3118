"""What the video tells of a rep at its very moment: the number, or what became of it instead, and
the posture of that moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from formcheck import words
from formcheck.look import Look
from formcheck.measures.measure import Measured
from formcheck.overlay import paint
from formcheck.overlay.endcard import BOUNDS
from formcheck.overlay.few import Written
from formcheck.overlay.paint import Picture
from formcheck.overlay.room import Room
from formcheck.pose import Joint, PoseTrack
from formcheck.report import RepReport
from formcheck.setting import Setting
from formcheck.words import Box, Point, Sprite

READS_S = 2.5
"""How long it stands: a word and a number want reading."""
WIDEST = 12.0
"""The longest line of what became of it, in sizes of the words."""
SIZES = (1.0, 0.82, 0.67)
POSTURE = (Joint.KNEE, Joint.HIP, Joint.SHOULDER)
"""What is kept of the posture: it turns about the first of them."""


@dataclass(frozen=True)
class Announced:
    """A number of a rep on the picture, from first to last second."""

    first: float
    last: float
    frame: int
    """In which the body is as it was then."""
    kept: bool
    """Whether the posture of that frame stays to be seen: of a number that is no bound."""
    plate: Written
    corner: Point

    def at(self, t: float) -> bool:
        """Whether it stands at a second of the clip."""
        return self.first <= t < self.last


def _told(reps: Sequence[RepReport], look: Look) -> Iterator[tuple[Measured, float, float]]:
    """The number that the exercise announces of each rep that has it, and from when to when."""
    every = (r.measures.get(look.announced or "") for r in reps if r.counted)
    known = [(m, m.at_s) for m in every if m is not None and m.value is not None]
    timed = [(m, at) for m, at in known if at is not None]
    for i, (m, at) in enumerate(timed):
        later = timed[i + 1][1] if i + 1 < len(timed) else np.inf
        yield m, at, min(at + READS_S, later)


def placed(
    reps: Sequence[RepReport],
    look: Look,
    track: PoseTrack,
    room: Room,
    size: float,
    taken: Sequence[Box],
    beside: Sequence[tuple[float, float, Box]],
) -> list[Announced]:
    """The numbers that are announced, where they hide nothing of the body; the largest words that
    do not. size: of the words, pixels. taken: boxes that are never free; beside:
    those that stand from one second to another."""
    made = []
    for m, first, last in _told(reps, look):
        written = [partial(_plate, m, look, large * size) for large in SIZES]
        plates = [draw() for draw in written]
        now = [box for a, b, box in beside if a <= last and first <= b]
        tries = [(plate, room.place([plate], [*taken, *now], first, last)[1]) for plate in plates]
        spoilt = [room.spoils(one, [*taken, *now], first, last) for one in tries]
        best = spoilt.index(min(spoilt))
        frame = min(int(np.searchsorted(track.t_s, first - 1e-9)), len(track) - 1)
        corner = tries[best][1]
        made.append(Announced(first, last, frame, m.bound is None, written[best], corner))
    return made


def _plate(m: Measured, look: Look, size: float) -> Sprite:
    """The name, the number, large, and what became of it where that is not the usual."""
    head = look.term(look.announced or "").label.upper()
    figure = BOUNDS.get(m.bound or "", "") + words.with_spread(
        m.value or 0.0, m.unit, m.uncertainty
    )
    became = words.wrapped(look.outcomes.get(m.outcome or "", ""), size, WIDEST * size)
    return words.tag(head, figure, became, size)


def imprint(
    picture: Picture, told: Announced, track: PoseTrack, setting: Setting, i: int, width: int
) -> None:
    """The body as it was, dashed, about the knee where it is in frame `i`: how far it has come
    since. Nothing where either was not seen."""
    near = [joint.on(setting.side) for joint in POSTURE]
    then, now = track.points[told.frame, near, :2], track.points[i, near[0], :2]
    if not told.kept or not np.isfinite(then).all() or not np.isfinite(now).all():
        return
    then = then + (now - then[0])
    for a, b in pairwise(then):
        paint.dashed(picture, a, b, words.MARK, width)
