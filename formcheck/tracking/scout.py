"""The first way through a clip: looks at single pictures and, while one body only is seen, the
plain track of it, so that a clip of somebody alone is read once. Its pieces are read side by side.
"""

from __future__ import annotations

import pickle
import threading
from array import array
from collections.abc import Container, Generator, Iterator
from contextlib import ExitStack, closing, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from operator import add

import numpy as np

from formcheck.heap import give_back
from formcheck.motion import Background, joined
from formcheck.pose import Array, Flags, Pose
from formcheck.tracking.looks import CONFIDENCE, PEOPLE, Look, Schedule, around, look
from formcheck.tracking.pieces import Going, Span, at_once, side_by_side, spans
from formcheck.tracking.rows import Kept, Rows, Shelf, blank
from formcheck.tracking.strips import Finder, Make, Tick, hidden
from formcheck.video.beside import ahead
from formcheck.video.film import Frame, Tally
from formcheck.video.reader import VideoFile


@dataclass
class Piece:
    """What was found in a piece of the clip."""

    span: Span
    rows: Rows
    """The plain track, as far as it went."""
    t_s: array[float] = field(default_factory=lambda: array("d"))
    """The seconds of all its frames."""
    looks: list[Look] = field(default_factory=list)
    """What was seen in single pictures; none while the piece rests."""
    background: Background = field(default_factory=Background)
    alone: bool = True
    """Whether only one body was seen, until the end or until the track was left."""
    tally: Tally = field(default_factory=Tally)
    _away: Kept | None = None
    """Takes the looks back from where they wait."""

    def follow(self, finder: Finder, frame: Frame, looks: list[Look]) -> bool:
        """Take one more frame of the track; whether it is one of the piece's own."""
        poses: list[Pose] = finder.find(frame.rgb, frame.t)
        bodies = [p.points for p in poses] + around(looks, frame.t)
        self.background.push(frame.t, frame.rgb, bodies)
        own = frame.t >= self.span.start
        if own:
            self.rows.put(frame.t, poses[0] if poses else None)
        return own

    def rest(self, shelf: Shelf) -> None:
        """Keep what the end needs, in little room: others are still read."""
        self.background.rest()
        self.rows.rest()
        self._away, self.looks = shelf.keep(pickle.dumps(self.looks)), []

    def wake(self) -> None:
        """Take the looks back. Raises OutputError where they cannot be read any more."""
        if self._away is not None:
            self.looks, self._away = pickle.loads(self._away()), None


class _Looker:
    """Looks at single pictures, one at a time, for all pieces: it costs as much to make as some
    frames to follow, and knows of no picture but the one it is shown."""

    def __init__(self, make: Make) -> None:
        self._finder, self._one = make(PEOPLE, False, CONFIDENCE), threading.Lock()
        self.close = self._finder.close

    def look(self, frame: Frame) -> Look:
        """What is seen in it."""
        with self._one:
            return look(frame.t, self._finder.find(frame.rgb, frame.t))

    def along(
        self, frames: Iterator[Frame], due: Container[float]
    ) -> Iterator[tuple[Frame, Look | None]]:
        """The frames, each with what is seen in it where a look is due."""
        for frame in frames:
            yield frame, self.look(frame) if frame.t in due else None
            del frame  # pictures are large: none is held while the next one is made


class Scout:
    """Reads a clip, and can go on with the plain track where it was left."""

    def __init__(
        self, video: VideoFile, make: Make, tick: Tick, shelf: Shelf, *, also: float | None
    ) -> None:
        """also: a second at which to look as well."""
        self._video, self._make, self._tick, self._shelf = video, make, tick, shelf
        self._schedule = Schedule(video.clip.duration_s, also)
        self._spans = spans(video.clip.duration_s)
        self._at_once = at_once((video.clip.width, video.clip.height))
        self._threads = 1 if len(self._spans) > 1 else None  # pieces keep the cores busy
        self._paths: list[tuple[float, Background]] = []
        self._left: list[Span] = []
        self.looks: list[Look] = []
        self.t_s = np.zeros(0)
        """(T,) the seconds of all frames."""
        self.table = blank(0)
        """The plain track, as far as it went."""
        self.followed: Flags = np.zeros(0, bool)
        """(T,) so far it went."""
        self.alone = True
        """Whether only one body was seen."""

    def run(self, *, plain: bool) -> None:
        """Read the whole clip; without `plain`, look only."""
        with closing(_Looker(self._make)) as looker:
            self._run(looker, plain)

    def _run(self, looker: _Looker, plain: bool) -> None:
        work = partial(self._read, looker=looker, plain=plain)
        pieces = [p for p in side_by_side(work, self._spans, self._at_once) if p.t_s]
        for piece in pieces:
            piece.wake()
        self._video.tell(reduce(add, (p.tally for p in pieces), Tally()))
        self.t_s = np.array([t for p in pieces for t in p.t_s])
        self.table, self.followed = blank(len(self.t_s)), np.zeros(len(self.t_s), bool)
        self.looks = [one for p in pieces for one in p.looks]
        self.alone = all(p.alone for p in pieces)
        self._keep(pieces)
        last = float(self.t_s[-1]) if len(self.t_s) else -np.inf
        if self._schedule.owes(last) and np.isfinite(last) and not self._looked(last):
            self.looks += [looker.look(frame) for frame in self._video.frames(last)]

    @property
    def frame_s(self) -> float:
        """The median time between frames, seconds; 1 where there is one only."""
        return float(np.median(np.diff(self.t_s))) if len(self.t_s) > 1 else 1.0

    def camera(self) -> Array | None:
        """(T, 3) how the camera moved while the plain track was made; None where there was too
        little background to tell."""
        if not all(background.told for _, background in self._paths):
            return None
        return joined(self._paths, self.t_s)

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
        self._take(side_by_side(self._plain, self._left, self._at_once))
        self._left = []

    def _take(self, pieces: list[Piece]) -> None:
        """Write what was followed into the table, and let go of it."""
        for piece in (p for p in pieces if len(p.rows)):
            self.followed[piece.rows.lay(self.table, self.t_s)] = True
            self._paths.append((float(piece.rows.t_s.min()), piece.background))
            piece.rows = Rows()

    def _keep(self, pieces: list[Piece]) -> None:
        """The plain track up to where a second body was seen; what is left is left for later."""
        left = next((i for i, p in enumerate(pieces) if not p.alone), len(pieces))
        rest = pieces[left:]
        if rest and len(rest[0].rows):
            known = set(rest[0].rows.t_s.tolist())
            missing = [t for t in rest[0].t_s if t not in known]
            first = [replace(rest[0].span, start=missing[0])] if missing else []
            self._left = [*first, *(p.span for p in rest[1:])]
        else:
            self._left = [p.span for p in rest]
        self._take(pieces[: left + 1])

    def _looked(self, t: float) -> bool:
        return bool(self.looks) and self.looks[-1].t == t

    def _read(self, span: Span, going: Going, *, looker: _Looker, plain: bool) -> Piece:
        """Look where it is due and follow while somebody is alone, from a lead before it on."""
        piece = Piece(span, Rows(self._shelf), alone=plain, tally=Tally(since=span.start))
        with ExitStack() as stack:
            one: Finder | None = None
            for frame, seen in stack.enter_context(closing(self._seen(piece, going, looker))):
                if seen is not None:
                    piece.looks += [seen] if frame.t >= span.start else []
                    piece.alone &= len(seen.sights) < 2
                if piece.alone:
                    one = one or stack.enter_context(closing(self._make(1, True, 0.5)))
                    if piece.follow(one, frame, piece.looks):
                        self._tick(frame.t)
                del frame
        piece.rest(self._shelf)
        give_back()  # between the pictures of the next ones it would add up, piece by piece
        return piece

    def _seen(
        self, piece: Piece, going: Going, looker: _Looker
    ) -> Generator[tuple[Frame, Look | None]]:
        """The piece's frames, each with what is seen in it where a look is due; all of that ahead
        of who takes them where no other piece keeps the cores busy."""
        span, last, due = piece.span, -np.inf, set[float]()

        def wanted(t: float) -> bool:
            nonlocal last
            going()
            own = t >= span.start
            first = last == -np.inf  # of the lead: who is not alone there is not led on
            due.update([t] if first or (own and self._schedule.due(t, last)) else [])
            if own:
                piece.t_s.append(t)
            last = t
            return t in due or piece.alone

        frames = self._video.frames(
            span.lead, span.until, wanted=wanted, tally=piece.tally, threads=self._threads
        )
        looked = looker.along(frames, due)
        with closing(ahead(looked)) if self._threads is None else nullcontext(looked) as ready:
            yield from ready

    def _plain(self, span: Span, going: Going) -> Piece:
        """Follow, without a look."""
        piece = Piece(span, Rows(self._shelf))
        with closing(self._make(1, True, 0.5)) as one:
            for frame in self._video.frames(span.lead, span.until, threads=self._threads):
                going()
                if piece.follow(one, frame, self.looks):
                    self._tick(frame.t)
                del frame
        piece.rest(self._shelf)
        give_back()
        return piece
