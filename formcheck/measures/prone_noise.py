"""What is unsure of the angles of a body that lies face down: the rest, the landmarks, the view."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from formcheck.measures.noise import ANGLE_SD, HIP_CHANGE_SD, HIP_HALF_WIDTH, Z95
from formcheck.measures.view_share import view_sds
from formcheck.plane import Camera, Plane
from formcheck.pose import Array
from formcheck.setting import Setting
from formcheck.signals import lean, slope

SLIDE_SD, SLIDE_DEG = 3.5, (0.0, 30.0)
"""Degrees; how far the points of hip, knee and ankle slide on the body as the shank swings up: from
nothing at rest to this at a change of 30 and more. 23 rendered sets through the pose model, camera
corrected, all errors together: root mean square 1.7 at a change of 11, 2.4 at 21, 2.4 to 3.4 from
31 on."""

LEVEL = 90.0
"""Lean of a thigh that lies level, degrees: where no rest of it is known."""
GRID_DEG = np.arange(-30.0, 181.0, 3.0)
"""Knee flexions at which the view's share is worked out; between them it is straight."""


def flexion_view_sd(setting: Setting, flexion: Array | float) -> Array:
    """Standard deviation of the view's share in the change of knee flexions of any shape from rest,
    degrees; NaN where they are, 0 where signals are not rectified: there it is a gate's matter."""
    bent = np.asarray(flexion, float)
    if setting.plane is None or setting.camera is None:
        return np.where(np.isfinite(bent), 0.0, np.nan)
    thigh, knee = setting.rest.get("thigh_lean"), setting.rest.get("knee_flexion")
    lies = thigh.landmark_deg if thigh else LEVEL
    reads, offset = (knee.landmark_deg, knee.offset_deg) if knee else (0.0, 0.0)
    table = _table(setting.camera, setting.size, setting.facing, lies, reads)
    return np.asarray(np.interp(bent - offset, GRID_DEG, table))


@lru_cache(maxsize=16)
def _table(camera: Camera, size: tuple[int, int], facing: str, thigh: float, reads: float) -> Array:
    """(g,) the share on the grid: how the change from rest differs between the cameras that may
    have stood there, put through the geometry as in view_share.py."""
    believed, others = (make(camera, size, facing) for make in (Plane.of, Plane.others))
    bent = np.concatenate([[reads], GRID_DEG])
    hip = _along(90.0 - thigh + 0 * bent)
    ankle = _along(270.0 - thigh - bent)
    hip, ankle = (others.onto(believed.picture(place)) for place in (hip, ankle))
    knee = np.zeros(2)
    seen = 90.0 - lean(knee, hip) - slope(ankle, knee)
    off = (seen - bent + 180) % 360 - 180
    return np.asarray(np.sqrt(np.mean((off[:, 1:] - off[:, :1]) ** 2, axis=0)))


def _along(degrees: Array) -> Array:
    """(n, 2) unit vectors at an angle over the horizontal."""
    return np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], -1)


def flexion_change_sd(setting: Setting, flexion: Array | float) -> Array:
    """Standard deviation of what view and slide do to the change of knee flexions of any shape from
    rest, degrees; NaN where they are."""
    knee = setting.rest.get("knee_flexion")
    change = np.abs(np.asarray(flexion, float) - (knee.true_deg if knee else 0.0))
    low, high = SLIDE_DEG
    slide = SLIDE_SD * np.clip((change - low) / (high - low), 0, 1)
    return np.asarray(np.hypot(flexion_view_sd(setting, flexion), slide))


def angle_half_widths(setting: Setting, values: Mapping[str, Array]) -> dict[str, Array]:
    """Half-widths of the 95 % interval of the angles, all of it: (n,) degrees each.

    values: (n,) signals by name; thigh_lean, hip_flexion and knee_flexion are asked for.
    """
    rest = {name: one.sd_deg for name, one in setting.rest.items()}
    thigh, knee = rest.get("thigh_lean", np.nan), rest.get("knee_flexion", np.nan)
    within = change_half_widths(setting, values)
    return {
        "thigh_lean": np.hypot(within["thigh_lean"], Z95 * thigh),
        "trunk_lean": np.hypot(within["trunk_lean"], Z95 * thigh),
        "knee_flexion": np.hypot(within["knee_flexion"], Z95 * knee),
        "hip_flexion": np.hypot(within["hip_flexion"], HIP_HALF_WIDTH),
    }


def change_half_widths(setting: Setting, values: Mapping[str, Array]) -> dict[str, Array]:
    """Half-widths of the 95 % interval of the angles' change from rest: (n,) degrees each."""
    view = view_sds(setting, values["thigh_lean"], values["hip_flexion"])
    still = {"thigh_lean": ANGLE_SD, "trunk_lean": ANGLE_SD, "hip_flexion": HIP_CHANGE_SD}
    knee = np.hypot(flexion_change_sd(setting, values["knee_flexion"]), ANGLE_SD)
    held = {
        name: Z95 * np.where(np.isfinite(values[name]), np.hypot(view[name], sd), np.nan)
        for name, sd in still.items()
    }
    return {**held, "knee_flexion": Z95 * knee}
