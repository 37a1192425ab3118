"""Who is in the picture, each followed for himself until it is known whose set it is.

A pose model that follows one body takes whom it likes, often the partner who holds the ankles. So
single pictures are looked at now and then; whoever is seen in one gets a follower of his own, begun
in a picture in which all else is painted grey. Somebody alone is followed plainly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from formcheck.pose import Array, Pose
from formcheck.tracking.choice import NEAR
from formcheck.tracking.looks import CONFIDENCE, PEOPLE, SAME, Sight, apart, look, middle_line
from formcheck.tracking.mend import Mender
from formcheck.tracking.strips import Finder, Make, painted
from formcheck.video.film import Picture

EVERY_S = 1.0
"""How often it is looked who is there, as long as that is open."""
FOLLOWED = 2
"""So many are followed at once, each on a core: more would not keep up with the camera."""
GONE_S = 1.0
"""Whoever is not found for so long is lost, and is looked for."""


@dataclass
class _Followed:
    """One body and the model that follows it."""

    finder: Finder
    mender: Mender
    seen: float
    """When it was found last, seconds."""
    pose: Pose | None = None
    """As it was found last, in the picture as the model sees it."""
    seed: Pose | None = None
    """Painted round in the next picture."""
    fresh: bool = True
    """Whether the model has seen no picture yet: only then it finds whom it is begun with."""


class People:
    """Pictures in, the poses of everybody who is followed out. To be closed when done."""

    def __init__(self, make: Make) -> None:
        """make: makes pose models. Those that are needed at once are made here, since that takes
        as long as ten pictures. Raises MissingPartError."""
        self._make = make
        self._looker = make(PEOPLE, False, CONFIDENCE)
        self._spare = [make(1, True, 0.5) for _ in range(FOLLOWED)]
        self._side_by_side = ThreadPoolExecutor(FOLLOWED)
        self._followed: dict[int, _Followed] = {}
        self._next = 0
        self._looked = -np.inf
        self._only: int | None = None
        self.most = 0
        """How many were seen at once."""

    def close(self) -> None:
        """Free the models."""
        self._side_by_side.shutdown()
        for one in self._followed.values():
            one.finder.close()
        for finder in (self._looker, *self._spare):
            finder.close()

    def keep(self, which: int) -> None:
        """It is the set of this one: nobody else is followed any more."""
        self._only = which
        for n in [n for n in self._followed if n != which]:
            self._followed.pop(n).finder.close()

    def release(self) -> None:
        """The set is over: whoever comes is followed."""
        self._only, self._looked = None, -np.inf

    def forget(self) -> None:
        """The pictures are others now: begin anew."""
        for one in self._followed.values():
            one.finder.close()
        self._followed, self._only, self._looked, self.most = {}, None, -np.inf, 0

    def find(self, rgb: Picture, t: float) -> Mapping[int, Pose | None]:
        """By the number of who is followed, the pose in this picture (H, W, 3) at t seconds; None
        where it is not found. Numbers are not used again."""
        if not self._followed:
            self._follow(rgb, t, None)
        if self._due(t):
            self._looked = t
            self._look(rgb, t)
        find = partial(self._found, rgb=rgb, t=t)
        poses = self._side_by_side.map(find, self._followed.values())
        return dict(zip(self._followed, poses, strict=True))

    def _due(self, t: float) -> bool:
        lost = any(t - one.seen > GONE_S for one in self._followed.values())
        return t - self._looked >= EVERY_S and (self._only is None or (lost and self.most > 1))

    def _found(self, one: _Followed, rgb: Picture, t: float) -> Pose | None:
        seed, one.seed, one.fresh = one.seed, None, False
        poses = one.finder.find(rgb if seed is None else painted(rgb, seed), t)
        if not poses or self._leapt(one, poses[0]):
            return None
        one.pose, one.seen = poses[0], t
        return one.mender.push(poses[0])

    def _leapt(self, one: _Followed, pose: Pose) -> bool:
        """Whether the model went over to somebody else in a set, as it does where two meet."""
        if self._only is None or self.most < 2 or one.pose is None:
            return False
        return not _near(middle_line(pose.points), middle_line(one.pose.points))

    def _look(self, rgb: Picture, t: float) -> None:
        """See who is there; whoever has no follower gets one."""
        sights = [s for s in look(t, self._looker.find(rgb, t)).sights if s.clear]
        self.most = max(self.most, len(sights))
        if self._only is not None:
            self._seek_again(sights)
            return
        if len(sights) < 2:  # alone: whom the model finds by itself
            return
        self._part(sights, t)
        known = [one.seed or one.pose for one in self._followed.values()]
        for sight in sights:
            if len(self._followed) < FOLLOWED and not any(p and _same(p, sight) for p in known):
                self._follow(rgb, t, sight.pose)

    def _part(self, sights: Sequence[Sight], t: float) -> None:
        """Two followers of one body are one too many, and so is one who has lost his; a follower
        that was on nobody yet begins with whom it is nearest to."""
        gone = []
        kept: list[Sight] = []
        for n, one in self._followed.items():
            if one.pose is None:
                self._begin(one, sights[0])
            mine = next((s for s in sights if _same(one.seed or one.pose, s)), None)
            if any(mine is other for other in kept) or t - one.seen > GONE_S:
                gone.append(n)
            elif mine is not None:
                kept.append(mine)
        for n in gone:
            self._followed.pop(n).finder.close()

    def _seek_again(self, sights: Sequence[Sight]) -> None:
        """Whose set it is was lost: is he seen where his knees were?"""
        for one in self._followed.values():
            if one.pose is None:
                continue
            near = [s for s in sights if _near(s.line, middle_line(one.pose.points))]
            if near:
                self._begin(one, near[0])

    def _begin(self, one: _Followed, sight: Sight) -> None:
        """Follow that body from the next picture on."""
        if not one.fresh:
            one.finder.close()
            one.finder, one.fresh = self._make(1, True, 0.5), True
        one.seed = sight.pose

    def _follow(self, rgb: Picture, t: float, seed: Pose | None) -> None:
        finder = self._spare.pop() if self._spare else self._make(1, True, 0.5)
        size = (rgb.shape[1], rgb.shape[0])
        self._followed[self._next] = _Followed(finder, Mender(size), seen=t, seed=seed)
        self._next += 1


def _near(line: Array, other: Array) -> bool:
    """Whether two middle lines (3, 2), pixels, have their knees in one place."""
    trunk = float(np.linalg.norm(other[0] - other[1]))
    return bool(np.linalg.norm(line[2] - other[2]) < NEAR * trunk)


def _same(pose: Pose | None, sight: Sight) -> bool:
    """Whether a pose is that of a body in a look."""
    return pose is not None and apart(middle_line(pose.points), sight) < SAME
