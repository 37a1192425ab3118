"""MediaPipe's own smoothing, taken out of its points again.

In its video mode MediaPipe smooths the points of the one body that it follows, with a One Euro
filter: a low-pass whose cut-off rises with the speed (Casiez, Roussel and Vogel 2012). The slower a
body moves the more it lags: 0.07 s under a tenth of a body a second, 0.01 s at more than a body.
No option turns that off. But it is a known recursion over what was given out, so what went in can
be solved for, pose by pose.
"""

from __future__ import annotations

import numpy as np

from formcheck.pose import Array, Joint

LEAST_HZ, PER_SPEED, SPEED_HZ = 0.05, 80.0, 1.0
"""The cut-off at rest, what each body a second adds to it, and the cut-off by which that speed is
smoothed itself (min_cutoff, beta and derivate_cutoff in its pose_landmarks_detector_graph.cc)."""
BODY_PER_REACH = 2.76
"""What MediaPipe calls one body is the side of the square in which it looks for the next picture's
body. It does not tell it; on rendered sets it is so many times the distance from the middle of the
hips to the farthest landmark, give or take 3 %. An error of 10 % leaves 0.1 of 1.1 pixels."""
HANDS = tuple(range(15, 23))
"""Wrists and fingers stay smoothed: that a hand rests on the floor is told from its stillness, and
the model's own points on hands tremble as if they never rested."""
TINY = 1e-9


class Unfilter:
    """Takes what MediaPipe gave out, pose by pose in the order of time; gives what went in."""

    def __init__(self) -> None:
        self._t: float | None = None
        self._out = self._raw = self._speed = np.zeros(0)

    def reset(self) -> None:
        """Begin anew, as MediaPipe does where it finds nobody."""
        self._t = None

    def push(self, t: float, points: Array) -> Array:
        """The points (33, 3) in pixels that became these at `t` seconds, later than the last ones;
        the hands and all depths as they are."""
        out = points[:, :2]
        if self._t is None:
            raw, self._speed = out, np.zeros_like(out)
        else:
            raw, self._speed = self._solved(t - self._t, out, body_px(out))
        self._t, self._out, self._raw = t, out, raw
        result = points.copy()
        result[:, :2] = raw
        result[HANDS, :2] = out[HANDS, :]
        return result

    def _solved(self, dt: float, out: Array, body: float) -> tuple[Array, Array]:
        """What went in, and the filter's speed after it, in bodies a second."""
        share = _share(SPEED_HZ, dt)
        gain = share / (body * dt)
        # where the way is from the last point out to the new one in, the speed is known + gain way
        known = gain * (self._out - self._raw) + (1 - share) * self._speed
        step = out - self._out
        ways = _ways(step, known, gain, dt)
        half = (step + self._raw - self._out) / 2
        off = np.abs(ways - half)
        nearest = np.argmin(np.where(np.isfinite(off), off, np.inf), axis=0)
        way = np.take_along_axis(ways, nearest[None], 0)[0]
        return self._out + way, known + gain * way


def body_px(points: Array) -> float:
    """Pixels that MediaPipe takes for one body, of the points (33, 2)."""
    hips = points[[Joint.HIP.on("left"), Joint.HIP.on("right")]].mean(axis=0)
    return BODY_PER_REACH * float(np.linalg.norm(points - hips, axis=1).max())


def _share(cutoff_hz: float, dt: float) -> float:
    """The share of the new value in what a low-pass gives out `dt` seconds after the last."""
    turn = 2 * np.pi * cutoff_hz * dt
    return float(turn / (1 + turn))


def _ways(step: Array, known: Array, gain: float, dt: float) -> Array:
    """(4, ...) how far from the last point out the new one in may lie where what was given out made
    the `step`; NaN: no such place.

    step = way c / (1 + c), with c = 2 pi dt (LEAST_HZ + PER_SPEED |known + gain way|): a parabola
    for each direction of the speed. One of ten steps of real tracks has three such places: a body
    that still moves, or one that turned back so fast that its speed is the same. The one nearest to
    half-way between the last point in and the new one out is right to 0.3 pixels, and late by
    nothing (rendered sets).
    """
    turn, found = 2 * np.pi * dt, []
    for sign in (1.0, -1.0):
        least, slope = turn * (LEAST_HZ + sign * PER_SPEED * known), turn * sign * PER_SPEED * gain
        middle, last = least - step * slope, -step * (1 + least)
        with np.errstate(invalid="ignore", divide="ignore"):
            root = np.sqrt(middle**2 - 4 * slope * last)
            q = -(middle + np.where(middle < 0, -root, root)) / 2  # no difference of near equals
            for way in (q / slope, last / q):
                forward = sign * (known + gain * way) >= -TINY
                found.append(np.where(forward & np.isfinite(way), way, np.nan))
    return np.where(step == 0, 0.0, np.array(found))
