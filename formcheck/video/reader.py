"""A film in, upright frames out, one at a time."""

from __future__ import annotations

import itertools
import math
import weakref
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import av
import cv2
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from formcheck.caps import OWN, Caps
from formcheck.files import PathLike
from formcheck.video import tags
from formcheck.video.film import AHEAD_S, Clip, Film, Frame, Picture, Tally
from formcheck.video.opening import no_film, opened

_UPRIGHT = (1, 0, 0, 0, 1)
_BACK = (0.0, AHEAD_S, math.inf)
"""How far before the second that is wanted a film is entered, seconds, where less does not serve:
containers index by decoding time, which runs ahead, and what some call a key frame shows nothing
for a while. To the film's start in the end."""


class VideoFile:
    """A film that yields its `Frame`s one at a time, from the start at every iteration.

    Raises InputError when made from what is not a film of at least two pictures, or one of which
    `caps` allow less; iterating does too, where the file said nothing of it.
    """

    def __init__(self, path: PathLike, caps: Caps = OWN) -> None:
        self.path, self.caps = Path(path), caps
        self.problems: list[str] = []
        """What went wrong in the last whole iteration, in plain words."""
        self._readers: weakref.WeakSet[Generator[Frame]] = weakref.WeakSet()
        with opened(self.path, self.caps) as film:
            tally = Tally()
            probe = list(itertools.islice(film.timed(tally), 2))
            if len(probe) < 2:
                raise no_film(self.path, len(probe), tally)
            start, first = probe[0]
            self._lead = Fraction(start) if film.avi else Fraction(0)  # the decoder's delay
            matrix: Any = first.side_data.get("DISPLAYMATRIX")
            self._matrix: Sequence[int] = (
                np.frombuffer(matrix, np.int32)[:5].tolist() if matrix else _UPRIGHT
            )
            self._size = film.square_size()
            self._declared_s = film.picture_s
            self.clip = self._describe(film)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End every iteration that is still under way, so that no file stays open."""
        for reader in list(self._readers):
            reader.close()

    def __iter__(self) -> Iterator[Frame]:
        return self.frames()

    def frames(
        self,
        start_s: float = -math.inf,
        until_s: float = math.inf,
        *,
        wanted: Callable[[float], bool] | None = None,
        longest: float = math.inf,
        tally: Tally | None = None,
        threads: int | None = None,
    ) -> Iterator[Frame]:
        """The frames with `start_s` <= t < `until_s`, the same as in a whole iteration.

        wanted: told every frame's second, gives whether it is wanted: the others are decoded and
        no more. longest: pixels of the longer side, to which larger pictures are reduced. tally:
        of who reads the clip in pieces, each on a thread of its own, and tells their sum (`tell`).
        threads: that decode; None: those of one who reads alone.
        Damage is skipped and told in `problems` once a whole iteration is over. Raises InputError
        when the file cannot be opened any more.
        """
        counts = tally if tally is not None else Tally()
        reader = self._read(start_s, until_s, wanted or (lambda t: True), longest, counts, threads)
        self._readers.add(reader)
        return reader

    def entries(self) -> NDArray[np.float64]:
        """(n,) seconds from which on `frames` reads without a long way there, in their order; none
        where the file does not tell. Raises InputError when it cannot be opened any more."""
        with opened(self.path, self.caps) as film:
            film.origin += self._lead
            return film.entries()

    def tell(self, tally: Tally) -> None:
        """Put what was counted over all pieces of the clip into `problems`."""
        self.problems = tally.sentences(self._declared_s)

    def _read(
        self, start_s: float, until_s: float, wanted: Callable[[float], bool], longest: float,
        tally: Tally, threads: int | None,
    ) -> Generator[Frame]:  # fmt: skip
        colours = VideoReformatter()  # made once: with every frame it costs as much again
        with closing(self._entered(start_s, tally, threads)) as frames:
            for t, frame in frames:
                if t >= until_s:
                    return
                if t >= start_s and wanted(t):
                    try:
                        rgb = self._turned(frame, longest, colours)
                    except FFmpegError:  # colours that damage made unlike any
                        tally.damage()
                        continue
                    yield Frame(t, rgb)
                    del rgb  # it is large: who took it may let go before the next one is made
        if start_s == -math.inf:
            self.tell(tally)

    def _entered(
        self, start_s: float, tally: Tally, threads: int | None
    ) -> Generator[tuple[float, av.VideoFrame]]:
        """All frames from a key frame at `start_s` or before on, from the last one that serves."""
        before = replace(tally)
        for back in _BACK if start_s > 0 else _BACK[-1:]:
            vars(tally).update(vars(before))  # what a vain entry counted is none of the piece's
            with opened(self.path, self.caps) as film:
                film.origin += self._lead
                film.seek(start_s - back)
                frames = film.timed(tally, threads)
                first = next(frames, None)
                serves = first is not None and first[1].key_frame and first[0] <= start_s
                if first is not None and (serves or back == math.inf):
                    yield first
                    yield from frames
                    return

    def _on_its_side(self) -> bool:
        """Whether the sides change places: x' = c y, y' = b x. A matrix that is damaged may hold
        anything: it turns by quarters all the same."""
        a, b, *_ = self._matrix
        return abs(b) > abs(a)

    def _turned(self, frame: av.VideoFrame, longest: float, colours: VideoReformatter) -> Picture:
        share = min(1.0, longest / max(self._size))
        width, height = (round(share * n) for n in self._size)
        upright = colours.reformat(frame, width, height, "rgb24", threads=1)
        rgb: Any = upright.to_ndarray()
        if upright is frame:  # the decoder's own picture, of which it makes the next ones
            rgb = rgb.copy()
        a, b, _, c, d = self._matrix
        if self._on_its_side():
            rgb, a, d = cv2.transpose(rgb), c, b
        if a < 0 or d < 0:
            rgb = cv2.flip(rgb, -1 if a < 0 and d < 0 else int(a < 0))
        # Odd widths come with padded rows, which other libraries read as garbage.
        return np.ascontiguousarray(rgb)

    def _describe(self, film: Film) -> Clip:
        _, _, _, c, d = self._matrix
        turn = (90 if c < 0 else 270) if self._on_its_side() else 180 * (d < 0)
        said = {**film.stream.metadata, **film.container.metadata}
        width, height = self._size if turn % 180 == 0 else self._size[::-1]
        return Clip(
            name=self.path.name,
            path=self.path,
            width=width,
            height=height,
            rotation_deg=turn,
            frames=film.stream.frames or None,
            duration_s=film.picture_s or film.whole_s,
            fps=film.fps,
            has_sound=film.sound is not None,
            recorded_at=film.container.metadata.get("creation_time"),
            capture_fps=tags.capture_fps(said),
            apple=tags.from_apple(said),
        )
