"""How fast the body comes down (nordic-curl.md 2)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck import filming
from formcheck.filtering import low_pass
from formcheck.measures.measure import Value
from formcheck.measures.noise import Z95, half_width, rest_sd, slow_noise
from formcheck.pose import Array, Flags
from formcheck.rep import Rep

START_SD_S = 0.04
"""First motion against rendered truth, seconds (nordic-curl.md 0.5)."""
CATCH_SD_S = 0.02
"""Hand contact against rendered truth, seconds (nordic-curl.md 4)."""
NO_START = "The clip begins after the lowering has begun."


def eccentric_duration(rep: Rep) -> Value:
    """Seconds from the first motion to the catch, or to the bottom where no hands landed."""
    frame = rep.setting.frame_s
    return Value(
        rep.lowered - rep.start,
        half_width(START_SD_S, CATCH_SD_S, frame / 2),
        at=rep.lowered,
        reason=NO_START if np.isnan(rep.start) else None,
        what_to_change=filming.EARLY.words if np.isnan(rep.start) else None,
    )


def mean_descent_velocity(flexion: str) -> Callable[[Rep], Value]:
    """The change of flexion over the eccentric duration, deg/s; positive is lowering."""

    def of(rep: Rep) -> Value:
        duration = eccentric_duration(rep)
        swept = rep.at(flexion, rep.begins) - rep.at(flexion, rep.lowered)
        speed = swept / duration.value
        # Independent relative errors add in squares; the sweep's two ends each carry the noise.
        relative = np.hypot(
            half_width(1.2, 1.2) / max(swept, 1.0), duration.uncertainty / duration.value
        )
        return Value(
            speed,
            abs(speed) * float(relative),
            at=rep.lowered,
            reason=duration.reason,
            what_to_change=duration.what_to_change,
        )

    return of


def early_fall(
    flexion: str, over: float, faster: float, cutoff_hz: float
) -> Callable[[Rep], Value]:
    """Seconds in the lowering with the knee opening faster than `faster` deg/s while its flexion
    is over `over` degrees; velocity zero-lag at `cutoff_hz`, from the raw signal."""

    def of(rep: Rep) -> Value:
        noisy = rep.raw(flexion)[:, None] + slow_noise(rep.t)
        value, falling = _time_over(
            rep, rep.raw(flexion)[:, None], flexion, over, faster, cutoff_hz
        )
        if not np.isfinite(value[0]):
            return Value(np.nan, reason="The knee was lost from sight while lowering.")
        draws = _time_over(rep, noisy, flexion, over, faster, cutoff_hz)[0]
        within = half_width(float(np.std(draws)), rep.setting.frame_s / 2)
        share = _sensitivity(rep, flexion, over, faster, cutoff_hz)
        first = rep.t[falling[:, 0]]
        return Value(
            value[0],
            float(np.hypot(within, Z95 * share)),
            within,
            at=float(first[0]) if len(first) else rep.begins,
            until=float(first[-1]) if len(first) else rep.lowered,
        )

    return of


def _sensitivity(rep: Rep, flexion: str, over: float, faster: float, cutoff_hz: float) -> float:
    """Seconds by which the result moves when the rest is one standard deviation off."""
    sd = rest_sd(rep)
    shifted = rep.raw(flexion)[:, None] + np.array([-sd, sd])
    low, high = _time_over(rep, shifted, flexion, over, faster, cutoff_hz)[0]
    return float(abs(high - low)) / 2


def _time_over(
    rep: Rep, raw: Array, flexion: str, over: float, faster: float, cutoff_hz: float
) -> tuple[Array, Flags]:
    """(K,) seconds and (n, K) where, of K versions of the raw signal (n, K)."""
    angle, rate = low_pass(rep.t, raw, cutoff_hz)
    falling = (-rate > faster) & (angle > over) & rep.descent[:, None]
    seconds = (falling * np.gradient(rep.t)[:, None]).sum(axis=0)
    unseen = not np.isfinite(rate[rep.descent]).any()
    return np.where(unseen, np.nan, seconds), falling
