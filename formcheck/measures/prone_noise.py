"""What is unsure of the angles of a body that lies face down: the rest, the landmarks, the view."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from formcheck.measures.noise import ANGLE_SD, HIP_CHANGE_SD, HIP_HALF_WIDTH, Z95
from formcheck.pose import Array
from formcheck.setting import Setting

SLIDE_SD, SLIDE_DEG = 4.0, (8.0, 90.0)
"""Degrees; how far the points of hip, knee and ankle slide on the body as the shank is curled up:
from nothing at a change of 8 from rest to this at 90 and more [O]."""


def flexion_change_sd(setting: Setting, flexion: Array | float) -> Array:
    """Standard deviation of the change of knee flexions of any shape from rest, degrees: what the
    landmarks' noise and slide do; NaN where they are."""
    knee = setting.rest.get("knee_flexion")
    change = np.abs(np.asarray(flexion, float) - (knee.true_deg if knee else 0.0))
    low, high = SLIDE_DEG
    slide = SLIDE_SD * np.clip((change - low) / (high - low), 0, 1)
    return np.asarray(np.hypot(ANGLE_SD, slide))


def angle_half_widths(setting: Setting, values: Mapping[str, Array]) -> dict[str, Array]:
    """Half-widths of the 95 % interval of the angles, all of it: (n,) degrees each.

    values: (n,) signals by name; thigh_lean, trunk_lean and knee_flexion are asked for.
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
    still = {"thigh_lean": ANGLE_SD, "trunk_lean": ANGLE_SD, "hip_flexion": HIP_CHANGE_SD}
    knee = flexion_change_sd(setting, values["knee_flexion"])
    held = {n: np.where(np.isfinite(values[n]), Z95 * sd, np.nan) for n, sd in still.items()}
    return {**held, "knee_flexion": Z95 * knee}
