"""How evenly the knee opens: where it stops on the way, and how slowly the end is gone through
(nordic-curl.md 2)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.filtering import low_pass
from formcheck.measures.break_point import UNSEEN
from formcheck.measures.measure import Value
from formcheck.measures.noise import (
    ANGLE_SD,
    Z95,
    as_drawn,
    flexion_change_sd,
    half_width,
    rest_sd,
    slow_noise,
)
from formcheck.pose import Array, Flags
from formcheck.rep import Rep

NOT_REACHED = "The knees did not come to {:.0f}° or less before the lowering ended."
DEEPER = "Nothing in the filming: it lies in how far the rep was lowered."
HARDLY = (
    "The knees hardly came to {:.0f}°: by less than the angle's own interval, so that it may have "
    "been none of this range."
)


def jerkiness(flexion: str, cutoff_hz: float) -> Callable[[Rep], Value]:
    """How often the opening of the joint turned back and went on again while lowering: crossings of
    zero by the velocity, zero-lag at `cutoff_hz`, from the raw signal, to below 0 by more than its
    own noise and back. The start, before which it rests, and the turn at the bottom are none.

    The interval holds those that go below 0 at all, and leaves out those by less than twice the
    noise.
    """

    def of(rep: Rep) -> Value:
        speed = -as_drawn(rep, flexion, cutoff_hz)[1]
        seen = rep.descent & np.isfinite(speed[:, 0])
        if not seen.any():
            return Value(np.nan, reason=UNSEEN)
        noise = Z95 * float(np.std(speed[seen, 1:] - speed[seen, :1]))
        turns = _turns(speed[seen, 0])
        deep = np.array([speed[seen, 0][turn].min() for turn in turns])
        most, found, least = (int((deep < -by).sum()) for by in (0.0, noise, 2 * noise))
        first = turns[int(np.argmax(deep < -noise))] if found else None
        at = rep.begins if first is None else float(rep.t[seen][first][0])
        return Value(found, max(most - found, found - least), at=at, until=rep.lowered)

    return of


def _turns(speed: Array) -> list[slice]:
    """The runs of velocities (n,) below 0 that come after one above 0 and before another."""
    signs = np.sign(speed)
    edges = np.flatnonzero(np.diff(signs < 0)) + 1
    runs = [slice(a, b) for a, b in zip([0, *edges], [*edges, len(speed)], strict=True)]
    return [run for run in runs[1:-1] if signs[run.start] < 0]


def final_phase_control(
    flexion: str, upto: float, slowest: float, cutoff_hz: float
) -> Callable[[Rep], Value]:
    """Share of the degrees under `upto` of flexion, until the lowering ends, that the joint opened
    by at `slowest` deg/s or less; angle and velocity zero-lag at `cutoff_hz`, from the raw signal.
    """

    def of(rep: Rep) -> Value:
        raw = rep.raw(flexion)[:, None]
        sd = float(np.hypot(rest_sd(rep.setting), flexion_change_sd(rep.setting, upto)))
        tried = np.hstack([raw, raw - sd, raw + sd, raw + slow_noise(rep.t)])
        angle, rate = low_pass(rep.t, tried, cutoff_hz)
        seen = rep.descent & np.isfinite(rate[:, 0])
        if not seen.any():
            return Value(np.nan, reason=UNSEEN)
        late = seen & (angle[:, 0] <= upto)
        shares = _slow_share(rep.t, angle, -rate, seen, (upto, slowest))
        if not late.any() or not np.isfinite(shares[0]):
            why = NOT_REACHED.format(upto)
            return Value(np.nan, reason=why, what_to_change=DEEPER, outcome="range-not-reached")
        # a version that does not come so far tells nothing of the share: all is possible
        off = np.abs(np.nan_to_num(shares - shares[0], nan=max(shares[0], 1 - shares[0])))
        within = half_width(float(np.sqrt(np.mean(off[3:] ** 2))))
        spread = min(float(np.hypot(within, Z95 * off[1:3].max())), 1.0)
        hardly = upto - float(angle[late, 0].min()) < half_width(sd, ANGLE_SD)
        return Value(
            float(shares[0]),
            spread,
            min(within, spread),
            at=float(rep.t[late][0]),
            until=rep.lowered,
            doubt=HARDLY.format(upto) if hardly else None,
        )

    return of


def _slow_share(
    t: Array, angle: Array, speed: Array, inside: Flags, limits: tuple[float, float]
) -> Array:
    """(K,) share of the degrees opened under an angle at no more than a speed, of (n, K) angles and
    their speeds; NaN where none was. limits: the angle, degrees, and the speed, deg/s."""
    upto, slowest = limits
    opened = np.clip(speed, 0, None) * np.gradient(t)[:, None]
    opened = np.where(inside[:, None] & (angle <= upto), opened, 0.0)
    whole = opened.sum(axis=0)
    slow = np.where(speed <= slowest, opened, 0.0).sum(axis=0)
    return np.where(whole > 0, slow / np.where(whole > 0, whole, 1.0), np.nan)
