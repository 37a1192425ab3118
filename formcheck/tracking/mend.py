"""A track put right: left and right where the model exchanged them, nothing beyond the picture."""

from __future__ import annotations

import numpy as np

from formcheck.pose import Array, Flags, Pose, PoseTrack

PARTS = (tuple(range(11, 23, 2)), tuple(range(23, 33, 2)))
"""Left landmarks of what is exchanged as one: shoulders, arms and hands; hips, legs and feet."""
TOLD_BY = ((11, 13), (23, 25))
"""Those by which it is told: nearest to the trunk, where a flip is not mistaken for a movement."""
WITHIN_S = 0.25
"""Longest gap in seconds over which one pose is compared with the last: longer, and the body may
have turned round in it [O]."""
APART = 0.08
"""Left and right that stand nearer than this, in trunk and thigh lengths, cannot be told apart,
nor does it matter: about 10 degrees of yaw between the hips [O]."""
PLAIN = 0.5
"""An exchange is believed where it makes the step from the last pose this much shorter [O]."""


def mended(track: PoseTrack) -> PoseTrack:
    """The track with left and right as they are in most of it; what was exchanged is marked.

    A model that takes left for right does so from one frame to the next: the near knee jumps to the
    far one's place and back. A body that turns round passes through the middle, and is left alone.
    """
    wrong = [exchanged(track.t_s, track.points[..., :2], told_by) for told_by in TOLD_BY]
    changed = np.any(wrong, axis=0)
    if not changed.any():
        return track
    points, visibility = track.points.copy(), track.visibility.copy()
    for part, here in zip(PARTS, wrong, strict=True):
        for array in (points, visibility):
            array[here] = _other(array[here], part)
    return PoseTrack(track.t_s, points, visibility, track.size, track.camera, changed)


def _other(values: Array, part: tuple[int, ...]) -> Array:
    """(n, 33, ...) with left and right of a part exchanged."""
    left, other = np.array(part), values.copy()
    other[:, left], other[:, left + 1] = values[:, left + 1], values[:, left]
    return other


class Mender:
    """The same pose by pose, for whom there is no hindsight: the first that is seen is right."""

    def __init__(self, size: tuple[int, int]) -> None:
        """size: of the pictures, pixels."""
        self._size = size
        self._last: Pose | None = None
        self._wrong = [False] * len(PARTS)

    def push(self, pose: Pose) -> Pose:
        """The pose with left and right as they were, without what lies outside the picture, in the
        precision of a saved track. Poses in which nobody was seen are left out."""
        last = self._last
        if last is None or pose.t - last.t > WITHIN_S:
            self._wrong = [False] * len(PARTS)
        else:
            both = np.stack([last.points, pose.points])[..., :2]
            for i, told_by in enumerate(TOLD_BY):
                left, right = (both[:, [n + side for n in told_by]] for side in (0, 1))
                self._wrong[i] ^= _flips(left, right, _size(both))
        self._last = pose
        points, visibility = pose.points[None], pose.visibility[None]
        for part in (p for p, wrong in zip(PARTS, self._wrong, strict=True) if wrong):
            points, visibility = _other(points, part), _other(visibility, part)
        points, visibility = (np.float32(a).astype(float) for a in (points, visibility))
        flags = np.array([any(self._wrong)])
        one = PoseTrack(np.array([pose.t]), points, visibility, self._size, mended=flags)
        return next(iter(within(one)))


def exchanged(t_s: Array, points: Array, told_by: tuple[int, ...]) -> Flags:
    """(T,) where the left landmarks `told_by` and their right ones have changed places, against
    most frames. points: (T, 33, 2) pixels."""
    left, right = (points[:, [n + side for n in told_by]] for side in (0, 1))
    size = _size(points)
    seen = np.isfinite(left).all(axis=(1, 2)) & np.isfinite(right).all(axis=(1, 2))
    wrong, now, last = np.zeros(len(t_s), bool), False, -1
    runs: list[list[int]] = []
    for i in np.flatnonzero(seen).tolist():
        if last < 0 or t_s[i] - t_s[last] > WITHIN_S:
            runs, now = [*runs, []], False
        else:
            now ^= _flips(left[[last, i]], right[[last, i]], size)
        wrong[i], last = now, i
        runs[-1].append(i)
    for run in runs:  # which of the two is right is for the longer part to say
        wrong[run] ^= bool(wrong[run].mean() > 0.5)
    return wrong


def _flips(left: Array, right: Array, size: float) -> bool:
    """Whether left and right change places between two poses, (2, n, 2) each."""
    wide = np.linalg.norm(left - right, axis=2).mean(axis=1).min()
    stays = np.linalg.norm(np.diff(np.stack([left, right]), axis=1), axis=3).mean()
    crosses = (
        np.linalg.norm(left[1] - right[0], axis=1) + np.linalg.norm(right[1] - left[0], axis=1)
    ).mean() / 2
    return bool(wide > APART * size and crosses < PLAIN * stays)


def _size(points: Array) -> float:
    """Median length of trunk and thigh, pixels; NaN where never seen."""
    near = np.linalg.norm(points[:, [11, 12]] - points[:, [23, 24]], axis=2)
    far = np.linalg.norm(points[:, [23, 24]] - points[:, [25, 26]], axis=2)
    lengths = np.concatenate([near, far])
    lengths = lengths[np.isfinite(lengths)]
    return float(np.median(lengths)) if len(lengths) else float("nan")


def within(track: PoseTrack) -> PoseTrack:
    """The track without what lies outside the picture: the model supposes it there, and nobody has
    seen it. Missing points are NaN, their visibility 0 where the body was seen."""
    x, y = track.points[..., 0], track.points[..., 1]
    with np.errstate(invalid="ignore"):
        out = (x < 0) | (y < 0) | (x > track.size[0]) | (y > track.size[1])
    points = np.where(out[..., None], np.nan, track.points)
    visibility = np.where(out, 0.0, track.visibility)
    return PoseTrack(track.t_s, points, visibility, track.size, track.camera, track.mended)
