"""A clip in, the pose track of one athlete out: who does the exercise, from first frame to last.

A pose model that follows one body takes whom it likes: often the partner who holds the ankles. So
the clip is looked at once a second first; who swings most over knees that stay is the athlete. The
track starts where that body leans most, in a picture in which all else is painted grey, and runs
forward and backward from there; it is checked against the looks and sought anew where they
disagree. Somebody alone is followed plainly, in the same reading of the clip.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.errors import UsageError
from formcheck.heap import give_back
from formcheck.motion import Background, moved, one_thread_each, since_first
from formcheck.pose import Array, PoseTrack
from formcheck.setting import Whom
from formcheck.tracking import trust
from formcheck.tracking.choice import Chosen, Cluster, choose, pointed
from formcheck.tracking.looks import Look, Sight
from formcheck.tracking.mend import mended, within
from formcheck.tracking.pieces import Going, counted, side_by_side
from formcheck.tracking.rows import Rows, Shelf, Table, blank, parted
from formcheck.tracking.scout import Scout
from formcheck.tracking.strips import LONGEST, Follower, Make
from formcheck.video.reader import VideoFile

Progress = Callable[[float], None]
"""Takes the share that is done, 0 to 1."""
SOUGHT_ANEW = 3
"""How often at most a track is begun anew where the looks disagree with it [O]."""


@dataclass(frozen=True)
class Pointed:
    """A point on the athlete."""

    x: float
    """Pixels from the left."""
    y: float
    """Pixels from the top."""
    t: float | None = None
    """Seconds; None: where somebody is first seen."""


@dataclass(frozen=True)
class Followed:
    """The athlete's track, and who that is."""

    track: PoseTrack
    whom: Whom


def follow(
    video: VideoFile, make: Make, progress: Progress, point: Pointed | None = None
) -> Followed:
    """The track of the athlete through the whole clip; NaN where not seen or not believed.

    point: on the athlete, where the user says so. Rounded to the single precision of pose.npz, so
    that a saved track gives the same answer. Raises InputError where the clip cannot be read,
    UsageError where nobody is at the point.
    """
    one_thread_each()
    if point is not None:
        check(video, point)
    with Shelf() as shelf:
        return _followed(video, make, shelf, progress, point)


def _followed(
    video: VideoFile, make: Make, shelf: Shelf, progress: Progress, point: Pointed | None
) -> Followed:
    """The same, with a place where poses may wait."""
    tick = _share(video, progress)
    scout = Scout(video, make, tick, shelf, also=point.t if point else None)
    scout.run(plain=point is None)
    choice = _chosen(scout, point)
    if point is None and not choice.exercises:
        again = scout.look_again()
        other = choose(again)
        if other.exercises:
            scout.looks, choice = again, other
    give_back()  # the model for single pictures
    track = _Athlete(video, make, scout, choice, tick, shelf).track()
    give_back()
    seen = max(choice.people, int(track.seen.any()))  # of nobody, no look was clear
    return Followed(track, Whom(people_seen=seen, chosen_because=choice.because))


class _Athlete:
    """Follows the chosen one through a clip that was looked through."""

    def __init__(
        self, video: VideoFile, make: Make, scout: Scout, chosen: Chosen,
        tick: Callable[[float], None], shelf: Shelf,
    ) -> None:  # fmt: skip
        self._scout, self._chosen, self._seed = scout, chosen.cluster, chosen.seed
        self._size = video.clip.width, video.clip.height
        self._follower = Follower(video, make, scout.looks, tick, shelf)
        self._t_s = scout.t_s
        self._frame_s = scout.frame_s
        self._camera: Array | None = None

    def track(self) -> PoseTrack:
        """The athlete at every frame."""
        return within(mended(self._believed(*self._parted())))

    def _parted(self) -> tuple[Array, Array]:
        both = parted(self._table())
        self._scout.table = blank(0)
        return both

    def _table(self) -> Table:
        if self._chosen is None or self._seed is None:
            return self._plain()
        table = self._plain() if self._plain_so_far() else self._seeded(self._seed)
        return self._sought_anew(table, self._chosen)

    def _believed(self, points: Array, visibility: Array) -> PoseTrack:
        """What of (T, 33, 3) and (T, 33) is the athlete, the rest put to NaN."""
        looks, says = self._scout.looks, [trust.Says.NOTHING] * len(self._scout.looks)
        if self._chosen is not None:
            says = trust.verdicts(looks, self._t_s, points, self._chosen)
        lost = trust.overlong(points)
        lost |= trust.unbelievable(looks, says, self._t_s, points)
        lost |= trust.stray(looks, says, self._t_s, points)
        if not trust.a_body(looks, points):
            lost[:] = True
        points[lost], visibility[lost] = np.nan, np.nan
        return PoseTrack(self._t_s, points, visibility, self._size, self._camera)

    def _plain_so_far(self) -> bool:
        """Whether the plain track was on the athlete as far as it went."""
        followed = self._scout.followed
        if self._chosen is None or not followed.any():
            return False
        known = set(self._t_s[followed].tolist())
        past = [one for one in self._scout.looks if one.t in known]
        says = self._says(past, self._scout.table, self._chosen)
        return trust.Says.RIGHT in says and says.count(trust.Says.WRONG) < 0.5 * len(says)

    def _says(self, looks: Sequence[Look], table: Table, athlete: Cluster) -> list[trust.Says]:
        """What the looks say of a table, which is read where they were made only."""
        frames = np.array(sorted({trust.at(self._t_s, one.t) for one in looks}), np.intp)
        return trust.verdicts(looks, self._t_s[frames], parted(table[frames])[0], athlete)

    def _plain(self) -> Table:
        self._scout.go_on()
        self._steady(self._scout.camera())
        return self._scout.table

    def _seeded(self, seed: Sight) -> Table:
        """Both ways from the seed; the camera stands at zero there."""
        ahead, behind, first = Background(), Background(), float(self._t_s[0])

        def work(forward: bool, going: Going) -> Rows:
            if forward:
                return self._follower.forward(seed, np.inf, ahead, going)
            return self._follower.backward(seed, first, self._frame_s, behind, going)

        ways = side_by_side(work, [True, False] if seed.t > first else [True])
        table = blank(len(self._t_s))
        for way in ways:
            way.lay(table, self._t_s)
        reduced = min(1.0, LONGEST / max(self._size))
        before = behind.path(self._t_s) / [reduced, reduced, 1.0]
        after = ahead.path(self._t_s)
        path = np.where((self._t_s < seed.t)[:, None], before, after)
        self._steady(path if ahead.told and behind.told else None)
        return table

    def _steady(self, path: Array | None) -> None:
        self._camera = None if path is None else moved(since_first(path), self._size[1])
        if self._camera is not None:
            self._camera = _single(self._camera)

    def _sought_anew(self, table: Table, athlete: Cluster) -> Table:
        """Where looks disagree with the track, it is begun again from one of them."""
        looks, first = self._scout.looks, float(self._t_s[0])
        tried: set[float] = set()
        for _ in range(SOUGHT_ANEW):
            says = self._says(looks, table, athlete)
            wrong = {o.t for o, s in zip(looks, says, strict=True) if s is trust.Says.WRONG}
            seed = next((s for s in athlete.by_depth() if s.t in wrong - tried), None)
            if seed is None:
                break
            tried.add(seed.t)
            lo, hi = next(s for s in trust.spans(looks, says) if s[0] < seed.t < s[1])
            better = table.copy()
            self._follower.forward(seed, hi).lay(better, self._t_s, lo, hi)
            back = self._follower.backward(seed, max(lo, first), self._frame_s)
            back.lay(better, self._t_s, lo, hi)
            now = self._says(looks, better, athlete)
            table = better if now.count(trust.Says.WRONG) < len(wrong) else table
        return table


def _chosen(scout: Scout, point: Pointed | None) -> Chosen:
    if point is None:
        return choose(scout.looks)
    if point.t is not None and len(scout.t_s):
        _check_second(point.t, float(scout.t_s[-1]) + scout.frame_s)
    choice = pointed(scout.looks, (point.x, point.y), point.t)
    if choice is None:
        when = "where somebody is first seen" if point.t is None else f"in second {point.t:g}"
        raise UsageError(
            f"--follow: nobody was found at {point.x:g},{point.y:g} {when}. Give a point on the "
            "athlete's trunk, in pixels from the upper left, and a second in which the athlete is "
            "clear of others: --follow X,Y@T."
        )
    return choice


def check(video: VideoFile, point: Pointed) -> None:
    """Raises UsageError where the point is not in the clip."""
    clip = video.clip
    if not (0 <= point.x < clip.width and 0 <= point.y < clip.height):
        raise UsageError(
            f"--follow: {point.x:g},{point.y:g} is not in the picture, expected x under "
            f"{clip.width} and y under {clip.height} pixels."
        )
    if point.t is not None and clip.duration_s is not None:
        _check_second(point.t, clip.duration_s)


def _check_second(t: float, long: float) -> None:
    if t > long + 1e-6:
        raise UsageError(f"--follow: second {t:g} is not in the clip, which has {long:.1f} s.")


def _share(video: VideoFile, progress: Progress) -> Callable[[float], None]:
    """Counts frames that are done, for it is not in order that they come."""
    count = counted((video.clip.duration_s or 0.0) * (video.clip.fps or 0.0), progress)
    return lambda _: count()


def _single(values: Array) -> Array:
    return np.asarray(values, np.float32).astype(float)
