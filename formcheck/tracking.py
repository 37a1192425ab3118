"""A clip in, the pose track of one athlete out.

As yet the one person whom the pose model locks on to: with a partner in the picture that may be the
partner, and the report says so where it can.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.landmarker import Landmarker
from formcheck.pose import PoseTrack
from formcheck.video.reader import VideoFile

Progress = Callable[[float], None]
"""Takes the share that is done, 0 to 1."""


def follow(video: VideoFile, landmarker: Landmarker, progress: Progress) -> PoseTrack:
    """The track of the person followed through the whole clip; NaN where nobody was found.

    Rounded to the single precision of pose.npz, so that a saved track gives the same answer.
    Raises InputError where the clip cannot be read.
    """
    t_s, points, visibility = [], [], []
    total = video.clip.duration_s
    for frame in video:
        found = landmarker.find(frame.rgb, frame.t)
        t_s.append(frame.t)
        points.append(found[0].points if found else np.full((33, 3), np.nan))
        visibility.append(found[0].visibility if found else np.full(33, np.nan))
        progress(min(frame.t / total, 1.0) if total else 0.0)
    size = (video.clip.width, video.clip.height)
    return PoseTrack(np.array(t_s), _single(points), _single(visibility), size)


def _single(rows: list[np.ndarray]) -> np.ndarray:
    return np.array(rows, np.float32).astype(float)
