"""What an unsure camera does to an angle: its share in the change from rest.

An angle is referenced to its rest (nordic-curl.md 0.3b), so only what a wrong camera does to the
change counts. The camera's covariance is put through the geometry, not through its slope: seen
from the side the slope of an angle over the yaw is 0, and its error all the same is not.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from formcheck.plane import Camera, Plane
from formcheck.pose import Array
from formcheck.setting import Setting
from formcheck.signals import lean

TRUNK = 1.2
"""Trunk over thigh, between the landmarks (0.3b); what hangs on it is a share of a share."""
GRID_DEG = np.arange(-60.0, 181.0, 3.0)
"""Thigh leans at which the share is worked out; between them it is straight."""


def view_sds(setting: Setting, thigh: Array, hip: Array) -> dict[str, Array]:
    """The standard deviations of the view's share in the change of angles from rest, degrees.

    thigh, hip: (n,) thigh lean and hip flexion as signals give them, degrees. Returns (n,) of each
    of thigh_lean, knee_flexion, trunk_lean, body_lean and hip_flexion; 0 where the signals are not
    rectified: there the view is a gate's matter.
    """
    names = ("thigh_lean", "knee_flexion", "trunk_lean", "body_lean", "hip_flexion")
    if setting.plane is None or setting.camera is None:
        return {name: np.zeros(len(thigh)) for name in names}
    rest = setting.rest.get("thigh_lean")
    offset, start = (rest.offset_deg, rest.landmark_deg) if rest else (0.0, 0.0)
    low = np.concatenate([[start], thigh - offset])
    high = np.concatenate([[start], thigh - offset + hip])
    read = _readings(setting.camera, setting.size, setting.facing, low, high)
    sds = {name: _spread(angle) for name, angle in read.items()}
    return {**sds, "knee_flexion": sds["thigh_lean"]}


def lean_view_sd(setting: Setting, thigh: Array | float) -> Array:
    """The same for thigh leans of any shape, degrees; NaN where they are."""
    leans = np.asarray(thigh, float)
    if setting.plane is None or setting.camera is None:
        return np.where(np.isfinite(leans), 0.0, np.nan)
    rest = setting.rest.get("thigh_lean")
    offset, start = (rest.offset_deg, rest.landmark_deg) if rest else (0.0, 0.0)
    table = _table(setting.camera, setting.size, setting.facing, start)
    return np.asarray(np.interp(leans - offset, GRID_DEG, table))


@lru_cache(maxsize=16)
def _table(camera: Camera, size: tuple[int, int], facing: str, start: float) -> Array:
    """(g,) the share of the thigh's lean on the grid; asked for at every frame of a live set."""
    leans = np.concatenate([[start], GRID_DEG])
    return _spread(_readings(camera, size, facing, leans, leans)["thigh_lean"])


def _readings(
    camera: Camera, size: tuple[int, int], facing: str, thigh: Array, trunk: Array
) -> dict[str, Array]:
    """(10, n) leans that the other cameras would read off the same picture, less the believed."""
    believed, others = (make(camera, size, facing) for make in (Plane.of, Plane.others))
    hip = _along(thigh)
    shoulder = hip + TRUNK * _along(trunk)
    seen_hip = others.onto(believed.picture(hip))
    top = believed.picture(shoulder, believed.shoulder_depth)
    seen_shoulder = others.onto(top, others.shoulder_depth)
    knee = np.zeros(2)
    read = {
        "thigh_lean": _turned(lean(knee, seen_hip), thigh),
        "trunk_lean": _turned(lean(seen_hip, seen_shoulder), trunk),
        "body_lean": _turned(lean(knee, seen_shoulder), lean(knee, shoulder)),
    }
    return {**read, "hip_flexion": read["trunk_lean"] - read["thigh_lean"]}


def _along(degrees: Array) -> Array:
    """(n, 2) unit vectors that lean so far forward."""
    return np.stack([np.sin(np.radians(degrees)), np.cos(np.radians(degrees))], -1)


def _turned(read: Array, believed: Array) -> Array:
    """How far a reading lies from what is believed, the short way round, degrees."""
    return np.asarray((read - believed + 180) % 360 - 180)


def _spread(read: Array) -> Array:
    """(n,) root mean square over the cameras of (10, 1 + n) readings less the first: the rest."""
    return np.asarray(np.sqrt(np.mean((read[:, 1:] - read[:, :1]) ** 2, axis=0)))
