"""One set, filmed in other ways: pose tracks made of a pose track."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.pose import Array, Joint, PoseTrack

OTHER_SIDE = np.array(
    [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, *(i + 1 if i % 2 else i - 1 for i in range(11, 33))]
)
"""Where the landmarks of the other side stand."""


def mirrored(track: PoseTrack) -> PoseTrack:
    """The same in a mirror: left is right."""
    points = track.points[:, OTHER_SIDE].copy()
    points[..., 0] = track.size[0] - points[..., 0]
    return replace(track, points=points, visibility=track.visibility[:, OTHER_SIDE])


def scaled(track: PoseTrack, by: float) -> PoseTrack:
    """The same in a picture that is so many times as large."""
    width, height = track.size
    size = (round(width * by), round(height * by))
    return replace(track, points=track.points * by, size=size)


def at_rate(track: PoseTrack, fps: float) -> PoseTrack:
    """The same at another frame rate, straight between the frames there are."""
    t = np.arange(track.t_s[0], track.t_s[-1], 1 / fps)
    return PoseTrack(
        t, _between(track, track.points, t), _between(track, track.visibility, t), track.size
    )


def _between(track: PoseTrack, values: Array, t: Array) -> Array:
    """values (T, ...) at the times t (n,), straight between frames."""
    i = np.clip(np.searchsorted(track.t_s, t, side="right") - 1, 0, len(track) - 2)
    share = (t - track.t_s[i]) / (track.t_s[i + 1] - track.t_s[i])
    share = share.reshape(-1, *[1] * (values.ndim - 1))
    between: Array = values[i] * (1 - share) + values[i + 1] * share
    return between


def with_lost(track: PoseTrack, share: float, seed: int = 0) -> PoseTrack:
    """The same with nobody found in that share of the frames."""
    gone = np.random.default_rng(seed).random(len(track)) < share
    points, seen = track.points.copy(), track.visibility.copy()
    points[gone], seen[gone] = np.nan, np.nan
    return replace(track, points=points, visibility=seen)


def hidden(track: PoseTrack, *joints: Joint, visibility: float = 0.2) -> PoseTrack:
    """The same with joints, on both sides, that are hardly seen."""
    seen = track.visibility.copy()
    seen[:, [joint.on(side) for joint in joints for side in ("left", "right")]] = visibility
    return replace(track, visibility=seen)


def up_to(track: PoseTrack, frames: int) -> PoseTrack:
    """Its first frames alone."""
    return replace(
        track,
        t_s=track.t_s[:frames],
        points=track.points[:frames],
        visibility=track.visibility[:frames],
    )
