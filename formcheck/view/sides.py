"""Which side of the athlete is near, which way it faces, how large it is."""

from __future__ import annotations

import numpy as np

from formcheck.pose import Array, Joint, PoseTrack
from formcheck.setting import Side
from formcheck.signals import Body, lean


def median(values: Array) -> float:
    """The median of what was seen; NaN where nothing was."""
    seen = values[np.isfinite(values)]
    return float(np.median(seen)) if len(seen) else float("nan")


def near_side(track: PoseTrack) -> Side:
    """The side whose shoulder, hip, knee and ankle are seen better (nordic-curl.md 0.2)."""
    joints = (Joint.SHOULDER, Joint.HIP, Joint.KNEE, Joint.ANKLE)

    def seen(side: str) -> float:
        return float(np.mean([median(track.visibility[:, j.on(side)]) for j in joints]))

    return "left" if seen("left") > seen("right") else "right"


def facing_of(track: PoseTrack, side: Side) -> Side:
    """Where the knee is in front of the ankle, while the thigh is steep if it ever is."""
    body = Body(track.points, track.visibility, side, "right")
    hip, knee, ankle = (body.at(j) for j in (Joint.HIP, Joint.KNEE, Joint.ANKLE))
    steep = np.abs(lean(knee, hip)) < 35
    shin = (knee - ankle)[:, 0]
    return "left" if median(shin[steep] if steep.sum() >= 3 else shin) < 0 else "right"


RISEN = 0.6
"""Of the thigh's length: so far the knee is over the ankle, or of the trunk's the shoulder over the
hip, where the body has come up from its place. In it, it is 0.3 at most [O]."""


def shins_down(track: PoseTrack) -> Array:
    """(T,) whether the shanks lie, on the knees or down from there: 1, 0, or NaN where not seen."""
    return _lies(track, Joint.ANKLE, Joint.KNEE, (Joint.KNEE, Joint.HIP))


def trunk_down(track: PoseTrack) -> Array:
    """(T,) whether the trunk lies: 1, 0, or NaN where it was not seen."""
    return _lies(track, Joint.HIP, Joint.SHOULDER, (Joint.HIP, Joint.SHOULDER))


def _lies(track: PoseTrack, low: Joint, high: Joint, length: tuple[Joint, Joint]) -> Array:
    """(T,) whether one joint is not far over another, against a length seen side on or not; NaN
    where they were not seen."""
    below, above, one, other = (_middle(track, joint) for joint in (low, high, *length))
    long = np.linalg.norm(other - one, axis=1)
    seen = long[np.isfinite(long)]
    if not len(seen):
        return np.full(len(track), np.nan)
    risen = (below - above)[:, 1] / max(float(np.percentile(seen, 80)), 1.0)
    return np.where(np.isfinite(risen), (risen < RISEN).astype(float), np.nan)


def _middle(track: PoseTrack, joint: Joint) -> Array:
    """(T, 2) pixels, between the left and the right one."""
    left, right = (track.points[:, joint.on(side), :2] for side in ("left", "right"))
    return (left + right) / 2


def thigh_px(body: Body) -> float:
    """80th percentile of the thigh's length, pixels: foreshortening only ever takes away."""
    length = np.linalg.norm(body.at(Joint.HIP) - body.at(Joint.KNEE), axis=1)
    seen = length[np.isfinite(length)]
    return max(float(np.percentile(seen, 80)), 1.0) if len(seen) else 1.0
