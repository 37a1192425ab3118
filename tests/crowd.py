"""People made by construction in a film made by construction, and a model that finds them there.

The film draws no people: the blue of a pixel says which frame it is, and a person is there as long
as the pixel at the hips is not painted grey. So the tracker runs in milliseconds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
from athlete import Curl, Hold, perform

from formcheck.pose import Pose, PoseTrack
from formcheck.tracking.strips import GREY
from formcheck.video.film import Frame

SIZE = (320, 180)
"""Of the film; a quarter of the constructed athlete's picture."""


@dataclass
class Person:
    """One body in the film."""

    points: np.ndarray
    """(T, 33, 3) pixels; NaN while out of the picture."""
    sure: float = 0.95
    in_looks: Callable[[float], bool] = lambda t: True
    """At which seconds single pictures show this body to the model."""


def athlete(*acts, fps: float = 10.0, at: tuple[float, float] = (0, 0), **film) -> PoseTrack:
    """The constructed athlete in the small picture, shifted by pixels."""
    track = perform(*(acts or (Curl(),))).film(fps=fps, scale=0.25, **film)
    points = track.points + np.array([*at, 0])
    return PoseTrack(track.t_s, points, track.visibility, SIZE)


def still(like: PoseTrack, at: tuple[float, float], lean: float = 0.0) -> np.ndarray:
    """(T, 33, 3) of somebody who only kneels, with all joints turned about the knees by degrees."""
    one = perform(Hold(0.2)).film(fps=10, scale=0.25).points[:1]
    knee = one[:, [25, 26]].mean(axis=1, keepdims=True)
    c, s = math.cos(math.radians(lean)), math.sin(math.radians(lean))
    turned = (one - knee) @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) + knee
    return np.repeat(turned + np.array([*at, 0]), len(like.t_s), axis=0)


@dataclass
class Film:
    """A VideoFile's outside: its clip, and frames from any second on."""

    t_s: np.ndarray
    people: Sequence[Person]
    size: tuple[int, int] = SIZE
    shadowed: bool = False
    """Whether single pictures show only the first person to the model."""
    decoded: int = 0
    held: list[int] = field(default_factory=list)
    """How many frames each reading gave."""

    def __post_init__(self) -> None:
        end = float(self.t_s[-1])
        fps = (len(self.t_s) - 1) / (end - float(self.t_s[0]))
        self.clip = SimpleNamespace(
            width=self.size[0], height=self.size[1], duration_s=end + 1 / fps, fps=fps
        )

    def frames(
        self,
        start=-math.inf,
        until=math.inf,
        *,
        wanted=None,
        longest=math.inf,
        tally=None,
        threads=None,
    ) -> Iterator:
        share = min(1.0, longest / max(self.size))
        width, height = (round(share * n) for n in self.size)
        self.held.append(0)
        place = len(self.held) - 1
        for i, t in enumerate(self.t_s.tolist()):
            if t >= until:
                return
            self.decoded += 1
            if t >= start and (wanted is None or wanted(t)):
                rgb = np.zeros((height, width, 3), np.uint8)
                rgb[..., 1], rgb[..., 2] = divmod(i, 100)
                rgb[:2, :2] = GREY + 1  # corners for nobody
                self.held[place] += 1
                yield Frame(t, rgb)

    def tell(self, tally) -> None:
        """No frame of it is damaged."""


class Finder:
    """A pose model that takes the first person it sees and stays with whom it has.

    slips: second of the film -> the person it goes over to there, as trackers do when two bodies
    meet.
    """

    def __init__(self, film: Film, people: int, video: bool, slips: dict[float, int], log: list):
        self._film, self._many, self._video, self._slips = film, people, video, slips
        self._log, self._last, self._on = log, -1.0, None
        self.closed = False

    def find(self, rgb: np.ndarray, t: float) -> list[Pose]:
        assert not self.closed
        i = self._frame(rgb)
        there = [n for n, p in enumerate(self._film.people) if self._shows(p, rgb, i)]
        if not self._video:
            when = float(self._film.t_s[i])
            there = [n for n in there if self._film.people[n].in_looks(when)][: self._many]
            there = [n for n in there if not (self._film.shadowed and n != there[0])]
            return [self._pose(n, i, rgb, t) for n in there]
        assert t > self._last, "time must go on"
        self._last = t
        self._log.append(float(self._film.t_s[i]))
        slip = self._slips.get(round(float(self._film.t_s[i]), 3))
        self._on = slip if slip in there else self._on
        self._on = self._on if self._on in there else (there[0] if there else None)
        return [] if self._on is None else [self._pose(self._on, i, rgb, t)]

    def close(self) -> None:
        self.closed = True

    def _frame(self, rgb: np.ndarray) -> int:
        plain = rgb[(rgb[..., 0] == 0)]
        return int(plain[0, 1]) * 100 + int(plain[0, 2])

    def _shows(self, person: Person, rgb: np.ndarray, i: int) -> bool:
        hips = person.points[i, [23, 24], :2].mean(axis=0) * rgb.shape[1] / self._film.size[0]
        if not np.isfinite(hips).all():
            return False
        x, y = np.round(hips).astype(int)
        inside = 0 <= x < rgb.shape[1] and 0 <= y < rgb.shape[0]
        return inside and rgb[y, x, 0] != GREY

    def _pose(self, n: int, i: int, rgb: np.ndarray, t: float) -> Pose:
        person = self._film.people[n]
        points = person.points[i] * rgb.shape[1] / self._film.size[0]
        return Pose(t, points, np.full(33, person.sure))


@dataclass
class Studio:
    """A film with a model for it."""

    film: Film
    slips: dict[float, int] = field(default_factory=dict)
    tracked: list[list[float]] = field(default_factory=list)
    """The seconds that each one-person tracker was given, in its order."""
    made: list[Finder] = field(default_factory=list)

    def make(self, people: int, video: bool, confidence: float) -> Finder:
        log: list[float] = []
        if video:
            self.tracked.append(log)
        self.made.append(Finder(self.film, people, video, self.slips, log))
        return self.made[-1]
