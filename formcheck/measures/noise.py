"""What the landmarks' noise does to a measure: slow noise, drawn and put through its rule.

Landmark noise is not white: a tracker smooths. Noise of SD 1.2 degrees, correlated over 0.25 s,
gave intervals with 93 % coverage at 95 % on drawn sets; white noise is too hopeful (1.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from formcheck.filtering import low_pass
from formcheck.measures.view_share import lean_view_sd, view_sds
from formcheck.pose import Array
from formcheck.rep import Rep
from formcheck.setting import Setting

ANGLE_SD = 1.2
"""Degrees."""
CORRELATION_S = 0.25
STEP_S = 0.02
HIP_HALF_WIDTH = 8.0
"""Degrees; of the absolute hip flexion: its landmark is not the joint centre (nordic-curl.md 3)."""
HIP_CHANGE_SD = 2.45
"""Degrees; a change of hip flexion on seven rendered reps read 2.3 to 4.7 too much: 1.96 times
this covers it."""
SLIDE_SD, SLIDE_DEG = 4.0, (8.0, 50.0)
"""Degrees; how far the points of hip and knee slide on the body as it comes down: from nothing at
a change of 8 from rest to this at 50 and more. 47 rendered sets through the pose model, camera
corrected, all errors together: root mean square 0.6 near rest, 1.3 at 25, 2.3 at 37, 2.9 at 52, 3.8
at 60 and more."""
DRAWS = 64
Z95 = 1.96
"""Standard deviations to the half-width of a 95 % interval."""

DRAWN = (
    f"{DRAWS} draws of slow noise (SD {ANGLE_SD:g}°, correlated over {CORRELATION_S:g} s) through "
    "the rule"
)
"""How an interval is found that comes from noise, in words for the page of measures; and what else
may stand in it."""
NOISE = f"Noise of SD {ANGLE_SD:g}°"
CHANGE = "what the view and the points that slide on the body leave of the change from rest"
REST = "the rest of thigh and shank, the same in all reps of a clip"


def slow_noise(t: Array, sd: float = ANGLE_SD, draws: int = DRAWS) -> Array:
    """(n, draws) noise at the times t (n,), of standard deviation sd, read-only; the same at every
    call."""
    return _drawn(t.tobytes(), sd, draws)


def as_drawn(rep: Rep, signal: str, cutoff_hz: float) -> tuple[Array, Array]:
    """(n, 1 + K) a raw signal as it is and then as slow noise might have shown it, and the rate of
    each, zero-lag at `cutoff_hz`; many measures ask for the same, so found once a rep."""
    asked = (as_drawn, signal, cutoff_hz)
    if asked not in rep.answers:
        raw = rep.raw(signal)[:, None]
        rep.answers[asked] = low_pass(rep.t, np.hstack([raw, raw + slow_noise(rep.t)]), cutoff_hz)
    found: tuple[Array, Array] = rep.answers[asked]
    return found


@lru_cache(maxsize=8)
def _drawn(times: bytes, sd: float, draws: int) -> Array:
    """It is asked for a dozen times a rep, at the same times."""
    t = np.frombuffer(times)
    grid = np.arange(t[0] - 3 * CORRELATION_S, t[-1] + 3 * CORRELATION_S, STEP_S)
    white = np.random.default_rng(20150213).standard_normal((len(grid), draws))
    lag = np.arange(-3 * CORRELATION_S, 3 * CORRELATION_S, STEP_S)
    kernel = np.exp(-((lag / CORRELATION_S) ** 2))  # its own correlation is exp(-lag^2 / 2 c^2)
    smooth = np.apply_along_axis(np.convolve, 0, white, kernel / np.linalg.norm(kernel), "same")
    noise: Array = sd * np.stack([np.interp(t, grid, column) for column in smooth.T], 1)
    noise.flags.writeable = False
    return noise


def half_width(*shares: float) -> float:
    """The half-width of the 95 % interval of independent errors, given their SDs."""
    return Z95 * float(np.sqrt(sum(s**2 for s in shares)))


def rest_sd(setting: Setting) -> float:
    """Degrees; the standard deviation of the flexion's constant error in a clip, from the rests
    that its angle is referenced to (nordic-curl.md 0.3b)."""
    rests = (setting.rest.get(name) for name in ("thigh_lean", "shank_pitch"))
    return float(np.sqrt(sum(rest.sd_deg**2 for rest in rests if rest is not None)))


def angle_half_widths(setting: Setting, values: Mapping[str, Array]) -> dict[str, Array]:
    """Half-widths of the 95 % interval of the angles, all of it: (n,) degrees each.

    values: (n,) signals by name; thigh_lean and hip_flexion are asked for.
    """
    rest = {name: one.sd_deg for name, one in setting.rest.items()}
    thigh, shank = rest.get("thigh_lean", np.nan), rest.get("shank_pitch", np.nan)
    within = change_half_widths(setting, values)
    return {
        "thigh_lean": np.hypot(within["thigh_lean"], Z95 * thigh),
        "knee_flexion": np.hypot(within["knee_flexion"], Z95 * np.hypot(thigh, shank)),
        "hip_flexion": np.hypot(view_share(setting, values)["hip_flexion"], HIP_HALF_WIDTH),
    }


def change_half_widths(setting: Setting, values: Mapping[str, Array]) -> dict[str, Array]:
    """Half-widths of the 95 % interval of the angles' change from rest: (n,) degrees each."""
    share, slide = view_share(setting, values), slide_sd(setting, values["thigh_lean"])
    sds = {"thigh_lean": ANGLE_SD, "knee_flexion": ANGLE_SD, "hip_flexion": HIP_CHANGE_SD}
    return {name: np.hypot(share[name], Z95 * np.hypot(sd, slide)) for name, sd in sds.items()}


def view_share(setting: Setting, values: Mapping[str, Array]) -> dict[str, Array]:
    """Half-widths of the 95 % interval of the view's share in that change: (n,) degrees each."""
    sds = view_sds(setting, values["thigh_lean"], values["hip_flexion"])
    return {name: Z95 * sd for name, sd in sds.items()}


def slide_sd(setting: Setting, thigh: Array | float) -> Array:
    """Standard deviation of the landmarks' slide at thigh leans of any shape, degrees."""
    rest = setting.rest.get("thigh_lean")
    change = np.abs(np.asarray(thigh, float) - (rest.true_deg if rest else 0.0))
    low, high = SLIDE_DEG
    return np.asarray(SLIDE_SD * np.clip((change - low) / (high - low), 0, 1))


def lean_change_sd(setting: Setting, thigh: Array | float) -> Array:
    """Standard deviation of what view and slide do to the change of thigh leans, degrees."""
    return np.asarray(np.hypot(lean_view_sd(setting, thigh), slide_sd(setting, thigh)))


def flexion_change_sd(setting: Setting, flexion: Array | float) -> Array:
    """The same of knee flexions, degrees; NaN where they are."""
    shank = setting.rest.get("shank_pitch")
    level = shank.true_deg if shank else 0.0
    return lean_change_sd(setting, 90 - np.asarray(flexion, float) - level)
