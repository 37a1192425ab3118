"""The angles of an analysis against the true ones, at the truth's own instants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.curves import Curves
from formcheck.pose import Array, Flags
from formcheck.smoothing import LONGEST_GAP_S
from formcheck.validate.known import Known
from formcheck.validate.scores import ANGLES
from formcheck.validate.truth import Frames

FIRST = 10
"""Frames that stand for the rest where the truth has none before the first rep."""
Span = tuple[float, float]
AT_ENDS_S = 0.01
"""How far a truth's time, which may be rounded, may lie outside the clip's."""


@dataclass(frozen=True)
class Errors:
    """Found less true, degrees, of the frames in which the angle was both known and seen."""

    absolute: Array
    """(n,)"""
    change: Array
    """(n,) of the change from rest; NaN where no rest was seen."""
    stated: Array
    """(n,) half-widths of the stated 95 % interval; NaN where none was stated."""
    stated_change: Array
    """The same of the change."""
    phase: tuple[str, ...]
    """(n,) as the truth has it; "" where it does not say."""


def angle_errors(curves: Curves, known: Known) -> dict[str, Errors]:
    """By the angle's name; an angle of which nothing is known or nothing was seen is left out."""
    if known.frames is None:
        return {}
    frames, found = known.frames, {}
    t = np.array(frames.t_s)
    rest, unknown = _rest(frames, t, known), np.full(len(curves.t_s), np.nan)
    for name in ANGLES:
        true = _numbers(getattr(frames, f"{name}_deg"))
        error = sampled(curves.t_s, curves.values[name], t) - true
        both = np.isfinite(error)
        if both.any():
            # The median of the differences would not do: each has a rest of its own.
            still = rest & both
            seen = error + true
            offset = np.median(seen[still]) - np.median(true[still]) if still.any() else np.nan
            phase = tuple(p or "" for p, use in zip(frames.phase, both, strict=True) if use)
            stated, stated_change = (
                sampled(curves.t_s, halves.get(name, unknown), t)[both]
                for halves in (curves.uncertainties, curves.uncertainties_within_set)
            )
            found[name] = Errors(error[both], error[both] - offset, stated, stated_change, phase)
    return found


def rests(curves: Curves, known: Known, name: str) -> tuple[float, float]:
    """An angle at rest before the first rep as it was found and as it was, degrees; NaN where it
    is not known or was not seen."""
    if known.frames is None:
        return np.nan, np.nan
    t = np.array(known.frames.t_s)
    true = _numbers(getattr(known.frames, f"{name}_deg"))
    seen = sampled(curves.t_s, curves.values[name], t)
    still = _rest(known.frames, t, known) & np.isfinite(seen) & np.isfinite(true)
    if not still.any():
        return np.nan, np.nan
    return float(np.median(seen[still])), float(np.median(true[still]))


def lowest_span(frames: Frames, within: tuple[float, float], near: float) -> Span | None:
    """From when to when the thigh's lean stays within `near` degrees of the greatest that it has
    between two instants; None where it is not known."""
    t, lean = np.array(frames.t_s), _numbers(frames.thigh_lean_deg)
    inside = (t >= within[0]) & (t <= within[1]) & np.isfinite(lean)
    if not inside.any():
        return None
    low = t[inside][lean[inside] >= lean[inside].max() - near]
    return float(low[0]), float(low[-1])


def sampled(t: Array, values: Array, at: Array) -> Array:
    """A curve (T,) over t at other instants (n,): straight between frames, NaN over gaps."""
    if len(t) < 2:
        return np.full(len(at), np.nan)
    after = np.clip(np.searchsorted(t, at), 1, len(t) - 1)
    apart = t[after] - t[after - 1] > LONGEST_GAP_S
    between = apart & (at > t[after - 1]) & (at < t[after])
    outside = (at < t[0] - AT_ENDS_S) | (at > t[-1] + AT_ENDS_S)
    found = np.interp(at, t, values)
    found[between | outside] = np.nan
    return found


def true_at(frames: Frames, name: str, at: float) -> float:
    """A true angle at an instant, degrees; NaN where it is not known."""
    return float(sampled(np.array(frames.t_s), _numbers(getattr(frames, name)), np.array([at]))[0])


def _numbers(values: tuple[float | None, ...]) -> Array:
    return np.array([np.nan if v is None else v for v in values])


def _rest(frames: Frames, t: Array, known: Known) -> Flags:
    """(T,) the first stretch of rest before the first rep, or the first frames."""
    starts = min((rep.start_s for rep in known.reps), default=np.inf)
    resting = np.array([p == "rest" for p in frames.phase]) & (t <= starts)
    if not resting.any():
        return np.arange(len(t)) < FIRST
    first = int(np.argmax(resting))
    over = np.flatnonzero(~resting[first:])
    last = first + int(over[0]) if len(over) else len(t)
    return np.asarray((np.arange(len(t)) >= first) & (np.arange(len(t)) < last))
