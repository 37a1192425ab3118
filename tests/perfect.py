"""A perfect tracker: the true joints of a rendered clip, projected, as a pose track."""

from __future__ import annotations

import numpy as np
from studio.production import Production
from studio.rig import Skeleton

from formcheck.pose import Landmark, PoseTrack

JOINTS = {
    "shoulder": "SHOULDER",
    "elbow": "ELBOW",
    "wrist": "WRIST",
    "hip": "HIP",
    "knee": "KNEE",
    "ankle": "ANKLE",
    "toe": "FOOT_INDEX",
}
SIDES = {"l": "LEFT", "r": "RIGHT"}
NEAR, FAR = 0.99, 0.80
"""Visibility of the side towards the camera, and of the other."""


def perfect_track(made: Production) -> PoseTrack:
    """The clip's athlete at each frame. Landmarks that no angle needs lie on the nose or wrist."""
    frames = len(made.schedule)
    points, visibility = np.zeros((frames, 33, 3)), np.full((frames, 33), NEAR)
    far = "LEFT" if made.clip.camera.near == "right" else "RIGHT"
    for landmark in Landmark:
        if landmark.name.startswith(far):
            visibility[:, landmark] = FAR
    picture = made.clip.picture
    size = (picture.width, picture.height)
    for i, t in enumerate(made.schedule.taken):
        places = _landmarks(made, made.skeleton(float(t)))
        points[i, :, :2] = made.clip.camera.view(float(t)).project(places, size)
    return PoseTrack(t_s=made.schedule.shown, points=points, visibility=visibility, size=size)


def _landmarks(made: Production, skeleton: Skeleton) -> np.ndarray:
    """(33, 3) metres."""
    rig, joints = made.rig, made.rig.joints(skeleton)
    turned = dict(zip(rig.body.bones, skeleton.rotations, strict=True))
    found = np.full((33, 3), np.nan)
    found[Landmark.NOSE] = joints["head"] + turned["head"] @ [0.11, 0.0, 0.04]
    for side, word in SIDES.items():
        for joint, name in JOINTS.items():
            found[Landmark[f"{word}_{name}"]] = joints[f"{joint}_{side}"]
        heel = joints[f"ankle_{side}"] + turned[f"foot_{side}"] @ [-0.05, 0.0, -0.05]
        found[Landmark[f"{word}_HEEL"]] = heel
        ear = [0.02, 0.07 if side == "l" else -0.07, 0.05]
        found[Landmark[f"{word}_EAR"]] = joints["head"] + turned["head"] @ ear
    for landmark in Landmark:
        if np.isnan(found[landmark, 0]):
            hand = Landmark[f"{landmark.name.split('_')[0]}_WRIST"] if landmark > 10 else None
            found[landmark] = found[Landmark.NOSE if hand is None else hand]
    return found
