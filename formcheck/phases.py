"""Which phase of which rep an instant of the clip is in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from formcheck.look import LEAVES, MOMENTS, Look, Moment, Phase
from formcheck.pose import Array, Flags
from formcheck.report import RepReport

REST = "rest"
"""What is between reps."""
AT_TURN = 2.0
"""The turn lasts while the depth is within this of its greatest, degrees (0.5's tolerance)."""


def painted(
    look: Look, leaves: float, t: Array, depth: Array, reps: Sequence[RepReport]
) -> tuple[Array, Array]:
    """The name of the phase and the number of the rep, 0 between reps, at each of (n,) seconds.

    depth: (n,) degrees. leaves: of the cycle, degrees, as far as a rep's unseen start may lie from
    the least depth.
    """
    phase, rep, before = np.full(len(t), REST, dtype=object), np.full(len(t), 0), -np.inf
    for one in reps:
        if one.turn_s is not None:
            start = _start(t, depth, one, before, leaves)
            _paint(look, (phase, rep), t, depth, one, start, leaves)
        before = before if one.end_s is None else one.end_s
    return phase, rep


def _start(t: Array, depth: Array, one: RepReport, before: float, leaves: float) -> float:
    """Seconds from which a rep is shown: its start, or, where that was not seen, the last instant
    since `before`, the end of the rep before it, in which the depth was near its least."""
    if one.start_s is not None:
        return one.start_s
    until = -np.inf if one.turn_s is None else one.turn_s
    out = np.isfinite(depth) & (t >= before) & (t <= until)
    if not out.any():
        return float(t[0])
    near = out & (depth <= depth[out].min() + leaves)
    return float(t[near][-1])


def _paint(
    look: Look,
    onto: tuple[Array, Array],
    t: Array,
    depth: Array,
    one: RepReport,
    start: float,
    leaves: float,
) -> None:
    """Write one rep's phases and its number over its span."""
    phase, rep = onto
    turn = one.turn_s or 0.0
    end = _last(t, turn) if one.end_s is None else one.end_s
    inside = (t >= start) & (t <= end)
    rep[inside] = one.number or 0
    known = {name: getattr(one, f"{name}_s") for name in MOMENTS} | {"start": start, "end": end}
    known[LEAVES] = _left(t, depth, inside, turn, 0.0 if one.end_s is not None else leaves)
    for part in reversed(look.phases):
        first, last = _span(part, known)
        if first is not None and last is not None:
            phase[inside & (t >= first) & (t <= last)] = part.name


def _left(t: Array, depth: Array, inside: Flags, turn: float, falls: float) -> float:
    """Seconds; when a rep was last near its greatest depth, or its last instant, where the depth
    does not fall by `falls` after it: a way back that was not shown."""
    greatest = float(np.nanmax(depth[inside], initial=-np.inf))
    near = inside & (t >= turn) & (depth >= greatest - AT_TURN)
    left = float(t[near][-1]) if near.any() else turn
    least = float(np.nanmin(depth[inside & (t >= left)], initial=np.inf))
    return left if greatest - least >= falls else _last(t[inside], turn)


def _span(part: Phase, known: dict[str, float | None]) -> tuple[float | None, float | None]:
    """From when to when a phase lasts; None where that is not known."""
    first, last = (
        next((at for name in names if (at := known[name]) is not None), None)
        for names in (part.since, part.until)
    )
    return first, last


def _last(t: Array, turn: float) -> float:
    """Where a rep without return is left: the clip's end; the next rep paints over."""
    after = t >= turn
    return float(t[after][-1]) if after.any() else float(t[-1])


def refused_in(rep: RepReport, measure: str | None) -> bool:
    """Whether a rep refused the measure without which something of it is a guess, e.g. where hands
    were out of the picture."""
    measured = rep.measures.get(measure or "")
    return measured is not None and measured.value is None


def moment_of(rep: RepReport, moment: Moment | None) -> float | None:
    """When a moment of a rep was, seconds; None where that is not known or not to be shown."""
    if moment is None or refused_in(rep, moment.needs):
        return None
    at: float | None = getattr(rep, f"{moment.name}_s")
    return at
