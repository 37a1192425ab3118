"""How the camera moves while a set is filmed from the hand, picture by picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from formcheck.motion import STILL, Background, since_first
from formcheck.pose import Array, Pose
from formcheck.video.film import Picture


class Steadier:
    """Pictures in, where the camera has moved to out; it begins anew with pictures of another
    size. Every picture is looked at, since there is no later one to draw a line to."""

    def __init__(self) -> None:
        self.anew()

    def anew(self) -> None:
        """The camera stands at zero in the next picture."""
        self._background = Background(step_s=0.0)
        self._shape: tuple[int, ...] = ()
        self._least, self._most = np.zeros(3), np.zeros(3)
        self._moved = False

    def at(self, t: float, rgb: Picture, bodies: Sequence[Pose | None]) -> Array | None:
        """(3,) as `Pose.camera`, in the picture (H, W, 3) of t seconds; None as long as the camera
        has stood still, or there was too little background to tell."""
        if rgb.shape != self._shape:
            self.anew()
            self._shape = rgb.shape
        self._background.push(t, rgb, [pose.points for pose in bodies if pose is not None])
        self._background.forget()
        now, height = self._background.latest, rgb.shape[0]
        self._least, self._most = np.minimum(self._least, now), np.maximum(self._most, now)
        swing = ((self._most - self._least) * [1.0, 1.0, height]).max()
        self._moved |= self._background.told and bool(swing > STILL * height)
        return now if self._moved else None


def since(camera: Array | None, first: Array | None) -> Array | None:
    """(3,) the camera as seen from where it was at first; None: still, or not known."""
    if camera is None or first is None:
        return camera
    seen: Array = since_first(np.stack([first, camera]))[1]
    return seen
