"""What the landmarks' noise does to a measure: slow noise, drawn and put through its rule.

Landmark noise is not white: a tracker smooths. Noise of SD 1.2 degrees, correlated over 0.25 s,
gave intervals with 93 % coverage at 95 % on drawn sets; white noise is too hopeful (1.2).
"""

from __future__ import annotations

import numpy as np

from formcheck.pose import Array
from formcheck.rep import Rep
from formcheck.setting import Setting

ANGLE_SD = 1.2
"""Degrees."""
CORRELATION_S = 0.25
STEP_S = 0.02
HIP_HALF_WIDTH = 8.0
"""Degrees; of the absolute hip flexion: its landmark is not the joint centre (nordic-curl.md 3)."""
DRAWS = 64
Z95 = 1.96
"""Standard deviations to the half-width of a 95 % interval."""


def slow_noise(t: Array, sd: float = ANGLE_SD, draws: int = DRAWS) -> Array:
    """(n, draws) noise at the times t (n,), of standard deviation sd; the same at every call."""
    grid = np.arange(t[0] - 3 * CORRELATION_S, t[-1] + 3 * CORRELATION_S, STEP_S)
    white = np.random.default_rng(20150213).standard_normal((len(grid), draws))
    lag = np.arange(-3 * CORRELATION_S, 3 * CORRELATION_S, STEP_S)
    kernel = np.exp(-((lag / CORRELATION_S) ** 2))  # its own correlation is exp(-lag^2 / 2 c^2)
    smooth = np.apply_along_axis(np.convolve, 0, white, kernel / np.linalg.norm(kernel), "same")
    return sd * np.stack([np.interp(t, grid, column) for column in smooth.T], 1)


def half_width(*shares: float) -> float:
    """The half-width of the 95 % interval of independent errors, given their SDs."""
    return Z95 * float(np.sqrt(sum(s**2 for s in shares)))


def rest_sd(rep: Rep) -> float:
    """Degrees; the standard deviation of the flexion's constant error in this clip, from the rests
    that its angle is referenced to (nordic-curl.md 0.3b)."""
    return float(np.sqrt(sum(rest.sd_deg**2 for rest in rep.setting.rest.values())))


def angle_half_widths(setting: Setting) -> dict[str, float]:
    """Half-widths of the 95 % interval of the angles at any one instant, degrees."""
    sd = {name: rest.sd_deg for name, rest in setting.rest.items()}
    thigh, shank = sd.get("thigh_lean", np.nan), sd.get("shank_pitch", np.nan)
    knee = half_width(thigh, shank, ANGLE_SD)
    return {
        "thigh_lean": half_width(thigh, ANGLE_SD),
        "knee_flexion": knee,
        "hip_flexion": HIP_HALF_WIDTH,
    }
