"""What of a track can be believed: it is where the looks saw the athlete, and moves like a body."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from formcheck.pose import Array, Flags
from formcheck.tracking.choice import Cluster
from formcheck.tracking.looks import Look, apart, middle_line

HERE = 0.35
"""A track within this of a sight, in the body's size, is on that body [O]: two people who touch
stand farther apart, and single pictures of one body scatter by up to 0.25."""
GONE = 0.6
"""Farther than this from where the athlete was seen, it is on something else [O]."""
LONG = 1.6
"""A trunk or thigh this much longer than the track's own 75th percentile is not one [O]: a view can
only shorten it."""
LEAPS = 0.5
"""Of a body's size: a body does not move so far from one frame to the next [O]; the fastest fall
moves its middle by 0.25 in a tenth of a second."""
JOINS_S = 0.5
"""Longest time in seconds over which two stretches are joined by their place alone [O]."""
UNSUPPORTED = 0.5
"""Where more than this share of the looks saw nobody and the limbs' lengths vary by more than
UNSTEADY of their mean, it is no body that is followed [O]: a dim clip, a coat on a chair."""
UNSTEADY = 0.35

Frames = NDArray[np.intp]


class Says(Enum):
    """What a look says of the track."""

    RIGHT = "right"
    WRONG = "wrong"
    NOTHING = "nothing"


def said(look: Look, line: Array, athlete: Cluster) -> Says:
    """What a look says of a track whose middle line (3, 2) is there; NaN: not followed."""
    own = next((s for s in athlete.sights if s.t == look.t), None)
    if not np.isfinite(line).all():
        return Says.NOTHING if own is None else Says.WRONG
    gap = np.inf if own is None else apart(line, own)
    others = [apart(line, s) for s in look.sights if s is not own]
    nearest = min(others, default=np.inf)
    if gap <= HERE:  # nearer to another: two who touch, or one who was found twice
        return Says.RIGHT if gap <= nearest else Says.NOTHING
    if nearest < HERE and (own is not None or not _may_be(athlete, line, look.t)):
        return Says.WRONG
    return Says.WRONG if own is not None and gap > GONE else Says.NOTHING


def _may_be(athlete: Cluster, line: Array, t: float) -> bool:
    """Whether the knees are where the athlete kneels, by all sights or by the one nearest to `t`
    seconds: a phone that pans takes them elsewhere in the picture."""
    nearest = min(athlete.sights, key=lambda s: abs(s.t - t))
    places = np.stack([athlete.knee, nearest.knee])
    return bool((np.linalg.norm(line[2] - places, axis=1) < athlete.reach).any())


def verdicts(looks: Sequence[Look], t_s: Array, points: Array, athlete: Cluster) -> list[Says]:
    """What each look says of the track: `t_s` (T,) seconds, `points` (T, 33, 3)."""
    lines = middle_line(points)
    return [said(one, lines[at(t_s, one.t)], athlete) for one in looks]


def at(t_s: Array, t: float) -> int:
    """The frame at, or nearest to, a second."""
    after = min(int(np.searchsorted(t_s, t)), len(t_s) - 1)
    before = max(after - 1, 0)
    return before if abs(t_s[before] - t) < abs(t_s[after] - t) else after


def spans(looks: Sequence[Look], says: Sequence[Says]) -> list[tuple[float, float]]:
    """From the last look that said right to the next one that does, around every wrong one: where
    the track has to be sought anew. Seconds; infinite where there is none."""
    found: list[tuple[float, float]] = []
    for i, what in enumerate(says):
        if what is not Says.WRONG:
            continue
        before = [o.t for o, s in zip(looks[:i], says[:i], strict=True) if s is Says.RIGHT]
        after = [o.t for o, s in zip(looks[i:], says[i:], strict=True) if s is Says.RIGHT]
        span = (before[-1] if before else -np.inf, after[0] if after else np.inf)
        if span not in found:
            found.append(span)
    return found


def unbelievable(looks: Sequence[Look], says: Sequence[Says], t_s: Array, points: Array) -> Flags:
    """(T,) the frames around wrong looks: to the leap by which the track went there, or where there
    is none half-way to the next look that says right."""
    lost = np.zeros(len(t_s), bool)
    steps = _steps(points)
    for i, what in enumerate(says):
        if what is Says.WRONG:
            here = at(t_s, looks[i].t)
            for way in (-1, 1):
                end = _edge(looks, says, t_s, i, way)
                lost[_part(here, end, way, steps)] = True
    return lost


def _edge(looks: Sequence[Look], says: Sequence[Says], t_s: Array, i: int, way: int) -> int | None:
    """The frame of the next look that says right; None where there is none."""
    k = i + way
    while 0 <= k < len(looks):
        if says[k] is Says.RIGHT:
            return at(t_s, looks[k].t)
        k += way
    return None


def _part(here: int, end: int | None, way: int, steps: Array) -> slice:
    """The frames from a wrong look to where the track left, or came back to, the athlete."""
    if end is None:
        return slice(0, here + 1) if way < 0 else slice(here, None)
    first, last = min(here, end), max(here, end)
    between = steps[first + 1 : last + 1]  # the step into a frame
    leap = int(np.nanargmax(between)) if np.isfinite(between).any() else -1
    leaps = leap >= 0 and between[leap] > LEAPS
    cut = first + 1 + leap if leaps else (first + last + 1) // 2
    return slice(cut, last + 1) if way < 0 else slice(first, cut)


def _steps(points: Array) -> Array:
    """(T,) how far the middle line moved since the frame before, in the body's size; NaN where one
    of the two was not seen."""
    line = middle_line(points)
    step = np.full(len(points), np.nan)
    step[1:] = np.linalg.norm(np.diff(line, axis=0), axis=2).mean(axis=1) / _size(line)
    return step


def _size(line: Array) -> float:
    """Median of twice the longer one of trunk and thigh, pixels; at least 1."""
    parts = 2 * np.linalg.norm(np.diff(line, axis=1), axis=2).max(axis=1)
    seen = parts[np.isfinite(parts)]
    return max(float(np.median(seen)), 1.0) if len(seen) else 1.0


def overlong(points: Array) -> Flags:
    """(T,) frames in which trunk or thigh is longer than this body's can be."""
    parts = np.linalg.norm(np.diff(middle_line(points), axis=1), axis=2)
    seen = np.isfinite(parts).all(axis=1)
    if seen.sum() < 3:
        return np.zeros(len(points), bool)
    with np.errstate(invalid="ignore"):
        wrong: Flags = (parts > LONG * np.percentile(parts[seen], 75, axis=0)).any(axis=1)
    return wrong


def stray(looks: Sequence[Look], says: Sequence[Says], t_s: Array, points: Array) -> Flags:
    """(T,) frames of the stretches between two leaps in which no look says right, unless they go on
    where a believed stretch ended, or end where one goes on. A leap is a change of body until a
    look says otherwise. Where no look says right, the longest stretch is believed."""
    line = middle_line(points)
    seen = np.flatnonzero(np.isfinite(line).all(axis=(1, 2)))
    lost = np.zeros(len(points), bool)
    if len(seen) < 2:
        return lost
    size = _size(line)
    steps = np.linalg.norm(np.diff(line[seen], axis=0), axis=2).mean(axis=1)
    pieces = np.split(seen, np.flatnonzero(steps > LEAPS * size) + 1)
    right = {at(t_s, o.t) for o, s in zip(looks, says, strict=True) if s is Says.RIGHT}
    sure = [bool(right & set(piece.tolist())) for piece in pieces]
    if not any(sure):
        sure[int(np.argmax([len(piece) for piece in pieces]))] = True
    for order in (range(len(pieces)), range(len(pieces) - 1, -1, -1)):
        _spread(order, pieces, sure, t_s, line / size)
    for piece, believed in zip(pieces, sure, strict=True):
        lost[piece] = not believed
    return lost


def _spread(
    order: range, pieces: Sequence[Frames], sure: list[bool], t_s: Array, line: Array
) -> None:
    """Believe the stretches that join on to a believed one, in one order of time. line: (T, 3, 2)
    in the body's size."""
    last: int | None = None
    ends = (0, -1) if order.step > 0 else (-1, 0)
    for k in order:
        near = int(pieces[k][ends[0]])
        if last is not None and not sure[k]:
            gap = float(np.linalg.norm(line[near] - line[last], axis=1).mean())
            sure[k] = gap < LEAPS / 2 and abs(t_s[near] - t_s[last]) <= JOINS_S
        if sure[k]:
            last = int(pieces[k][ends[1]])


def a_body(looks: Sequence[Look], points: Array) -> bool:
    """Whether what was followed is anybody at all."""
    empty = np.mean([not one.sights for one in looks]) if looks else 0.0
    parts = np.linalg.norm(np.diff(middle_line(points), axis=1), axis=2)
    parts = parts[np.isfinite(parts).all(axis=1)]
    if not len(parts):
        return False
    varies = (parts.std(axis=0) / np.maximum(parts.mean(axis=0), 1e-9)).max()
    return bool(empty <= UNSUPPORTED or varies <= UNSTEADY)
