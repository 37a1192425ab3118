"""One body followed from a picture in which it is surely itself: forward, and backward."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from formcheck.motion import Background
from formcheck.pose import Array, Pose
from formcheck.tracking.looks import Look, Sight, around
from formcheck.tracking.pieces import Going
from formcheck.tracking.rows import Rows, Shelf
from formcheck.video.film import Frame
from formcheck.video.reader import VideoFile

GROWN, OVER_HEAD = 0.12, 1.4
"""By how much the seed's box is grown, in its longer side, and how much more upward: the model's
points end at the eyes (design.md 4)."""
SURE = 0.3
"""Visibility of the points that make the box (design.md 4)."""
GREY = 127
CHUNK_S, CHUNK_FRAMES, LONGEST = 6.0, 180, 960
"""A film can only be read forward, and only from a key frame, which stand seconds apart: to be
followed backward it is read in pieces of so many seconds, or frames if those are fewer, reduced to
so many pixels, in which a body is still larger than the 256 that the model sees. That holds 280 MB
at most, as much as a second and a half of full HD."""

Tick = Callable[[float], None]
"""Takes the second of the frame that is done."""


class Finder(Protocol):
    """What a Landmarker does."""

    def find(self, rgb: NDArray[np.uint8], t: float) -> list[Pose]:
        """The bodies in one picture at `t` seconds, in its pixels."""

    def close(self) -> None:
        """Free the model."""


Make = Callable[[int, bool, float], Finder]
"""Makes a Finder: of how many people, whether from frame to frame, how sure of them (0 to 1)."""


def painted(rgb: NDArray[np.uint8], body: Pose) -> NDArray[np.uint8]:
    """The picture (H, W, 3) with all but one body, in its pixels, painted grey."""
    (x0, y0), (x1, y1) = _box(body)
    alone = np.full_like(rgb, GREY)
    alone[y0:y1, x0:x1] = rgb[y0:y1, x0:x1]
    return alone


def _box(body: Pose) -> NDArray[np.intp]:
    """(2, 2) least and greatest x and y around a body, in whole pixels of the picture."""
    seen = body.points[np.nan_to_num(body.visibility) > SURE, :2]
    seen = seen if len(seen) > 1 else body.points[:, :2]
    low, high = np.nanmin(seen, axis=0), np.nanmax(seen, axis=0)
    more = GROWN * float((high - low).max())
    corners = np.stack([low - [more, OVER_HEAD * more], high + more])
    return np.maximum(np.round(corners), 0).astype(np.intp)


def hidden(rgb: NDArray[np.uint8], bodies: Sequence[Pose]) -> NDArray[np.uint8]:
    """The picture (H, W, 3) with the given bodies, in its pixels, painted grey."""
    rest = rgb.copy()
    for body in bodies:
        (x0, y0), (x1, y1) = _box(body)
        rest[y0:y1, x0:x1] = GREY
    return rest


def _on() -> None:
    """Nobody stops it."""


class Follower:
    """Follows one body from a sight of it, in a film of which some single pictures were seen."""

    def __init__(
        self, video: VideoFile, make: Make, looks: Sequence[Look], tick: Tick, shelf: Shelf
    ) -> None:
        self._video, self._make, self._looks, self._tick = video, make, looks, tick
        self._shelf = shelf
        self._size = video.clip.width, video.clip.height

    def forward(
        self, seed: Sight, until: float, background: Background | None = None,
        going: Going = _on,
    ) -> Rows:  # fmt: skip
        """From the seed's picture to before `until` seconds."""
        rows = Rows(self._shelf)
        frames = self._video.frames(seed.t, until)
        with closing(self._make(1, True, 0.5)) as finder:
            for frame in frames:
                going()
                rgb = frame.rgb if rows else painted(frame.rgb, seed.pose)
                rows.put(frame.t, self._found(finder, rgb, frame.t - seed.t, frame, background))
        return rows

    def backward(
        self, seed: Sight, since: float, frame_s: float, background: Background | None = None,
        going: Going = _on,
    ) -> Rows:  # fmt: skip
        """From the seed's picture back to the one at `since` seconds. frame_s: between frames."""
        rows = Rows(self._shelf)
        with closing(self._make(1, True, 0.5)) as finder:
            for frame in self._reversed(since, seed.t, frame_s):
                going()
                rgb = frame.rgb
                if not rows:
                    rgb = painted(rgb, scaled(seed.pose, self._size, rgb))
                rows.put(frame.t, self._found(finder, rgb, seed.t - frame.t, frame, background))
        return rows

    def _reversed(self, since: float, last: float, frame_s: float) -> Iterator[Frame]:
        """The frames from `last` back to `since`, both included."""
        until, long = float(np.nextafter(last, np.inf)), min(CHUNK_S, CHUNK_FRAMES * frame_s)
        while until > since:
            start = max(since, until - long)
            frames = list(self._video.frames(start, until, longest=LONGEST))
            while frames:
                yield frames.pop()
            until = start

    def _found(
        self, finder: Finder, rgb: NDArray[np.uint8], age: float, frame: Frame,
        background: Background | None,
    ) -> Pose | None:  # fmt: skip
        """The body in a picture that may be reduced or painted, in the film's pixels."""
        poses = finder.find(rgb, age)
        if background is not None:
            others = [_reduced(p, self._size, frame.rgb) for p in around(self._looks, frame.t)]
            background.push(frame.t, frame.rgb, [*(p.points for p in poses), *others])
        self._tick(frame.t)
        if not poses:
            return None
        height, width = rgb.shape[:2]
        grown = self._size[0] / width, self._size[1] / height, self._size[0] / width
        return Pose(frame.t, poses[0].points * grown, poses[0].visibility)


def scaled(pose: Pose, size: tuple[int, int], rgb: NDArray[np.uint8]) -> Pose:
    """A pose of the film (width, height) in the pixels of its picture, which may be reduced."""
    return replace(pose, points=_reduced(pose.points, size, rgb))


def _reduced(points: Array, size: tuple[int, int], rgb: NDArray[np.uint8]) -> Array:
    height, width = rgb.shape[:2]
    result: Array = points * (width / size[0], height / size[1], width / size[0])
    return result
