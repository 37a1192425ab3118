"""A local quadratic over real timestamps: zero-phase, streamed a fixed time late.

A parabola is fitted by least squares to what lies within a half-width of each instant; its value
and slope there are the smoothed value and its rate (a Savitzky-Golay filter for uneven times). It
takes missing frames in its stride, so live and recorded give the same answer.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from formcheck.pose import Array, Flags

LONGEST_GAP_S = 0.20
"""A gap longer than this stays a gap (nordic-curl.md 0.4)."""
SPIKE_FRAMES = 7
"""Frames looked at to tell a spike (Hampel; Sports2D's default, nordic-curl.md 0.4)."""
SMOOTHING_S = 0.15
"""Half-width of the streamed fit: on drawn sets it puts the onset of a drop within 4 ms and costs
0.15 s of delay; One Euro was 39 ms late and noisier (measured, design of the smoother)."""
FEWEST_FRAMES = 2.2
"""A window reaches at least so many frames to either side: five samples, three at the clip's ends;
with three a parabola would smooth nothing."""
AT_ONCE = 4000
"""Instants that are fitted together: the windows of an hour would take 200 MB."""
TINY = 1e-9


def local_quadratic(t: Array, y: Array, half: float) -> tuple[Array, Array]:
    """Value and rate of y at each of its own times.

    t: (T,) seconds, increasing. y: (T,) or (T, K), NaN where not seen. half: seconds.
    Returns two arrays of y's shape; the rate is per second. NaN where fewer than three samples
    lie in the window, or where the instant itself was not seen and its neighbours are more than
    LONGEST_GAP_S apart. A missing end is not extrapolated.
    """
    flat = y.reshape(len(t), -1)
    first = np.searchsorted(t, t - half - TINY)
    last = np.searchsorted(t, t + half + TINY)
    wide = np.arange(int((last - first).max(initial=0)))
    value, rate = np.full_like(flat, np.nan), np.full_like(flat, np.nan)
    seen = np.isfinite(flat)
    for here in (slice(i, i + AT_ONCE) for i in range(0, len(t), AT_ONCE)):
        rows = first[here, None] + wide
        inside = rows < last[here, None]
        rows = np.minimum(rows, max(len(t) - 1, 0))
        dt = t[rows] - t[here, None]
        powers = [dt**k for k in range(5)]
        for gaps in _kinds(seen):  # columns with the same gaps are fitted at once
            alike = (seen == gaps[:, None]).all(axis=0)
            held = np.where(gaps[:, None], flat[:, alike], 0.0)
            found = _fit(powers, held[rows], inside & gaps[rows])
            bridged = _bridged(t, gaps)[here, None]
            value[here, alike], rate[here, alike] = (np.where(bridged, f, np.nan) for f in found)
    return value.reshape(y.shape), rate.reshape(y.shape)


def _kinds(seen: Flags) -> Flags:
    """(k, T) the different columns of (T, K)."""
    alike = (seen == seen[:, :1]).all()  # mostly: and to sort them costs as much as the fit
    return seen[:, :1].T if alike else np.unique(seen, axis=1).T


def _fit(powers: Sequence[Array], y: Array, ok: Flags) -> tuple[Array, Array]:
    """The parabolas (T, K) at 0 of (T, N, K) windows in which `ok` (T, N) are seen, given powers 0
    to 4 of their times from there, seconds; NaN where fewer than three samples are."""
    held = [power * ok for power in powers]
    s = np.stack([power.sum(-1) for power in held])[:, :, None]
    b = np.stack([np.einsum("tn,tnk->tk", power, y) for power in held[:3]])
    value, rate = _solve(s, b)
    return np.where(s[0] >= 3, value, np.nan), np.where(s[0] >= 3, rate, np.nan)


def _solve(s: Array, b: Array) -> tuple[Array, Array]:
    """Cramer's rule for the first two coefficients of the parabola."""
    m00 = s[2] * s[4] - s[3] ** 2
    m01 = s[1] * s[4] - s[2] * s[3]
    m02 = s[1] * s[3] - s[2] ** 2
    det = s[0] * m00 - s[1] * m01 + s[2] * m02
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (b[0] * m00 - b[1] * m01 + b[2] * m02) / det
        rate = (
            -b[0] * m01 + b[1] * (s[0] * s[4] - s[2] ** 2) - b[2] * (s[0] * s[3] - s[1] * s[2])
        ) / det
    return value, rate


def _bridged(t: Array, ok: Flags) -> Flags:
    """(T,) whether the instant was seen, or lies in a gap short enough to be bridged."""
    seen = np.flatnonzero(ok)
    if len(seen) == 0:
        return np.zeros(len(t), bool)
    after = np.searchsorted(seen, np.arange(len(t)))
    inside = (after > 0) & (after < len(seen))
    left = t[seen[np.clip(after - 1, 0, len(seen) - 1)]]
    right = t[seen[np.clip(after, 0, len(seen) - 1)]]
    bridged: Flags = ok | (inside & (right - left <= LONGEST_GAP_S + TINY))
    return bridged


def spike(window: Sequence[Array], centre: int, floor: Array) -> Flags:
    """(S,) whether row `centre` of (S,) rows stands out: more than 3 scaled MAD and the floor."""
    rows = np.array(window)
    ok = np.isfinite(rows)
    many = ok.sum(axis=0) >= 4
    middle = _median(rows, ok)
    scatter = _median(np.abs(rows - middle), ok)
    off = np.abs(rows[centre] - middle)
    lone: Flags = many & (off > np.maximum(3 * 1.4826 * scatter, floor))
    return lone


def _median(rows: Array, ok: Flags) -> Array:
    """(S,) medians over the seen rows; 0 where there are none (np.nanmedian would warn)."""
    if (ok == ok[0]).all():  # mostly: each column is seen in all rows or in none
        ordered, most = np.sort(rows, axis=0), len(rows)
        return np.where(ok[0], (ordered[(most - 1) // 2] + ordered[most // 2]) / 2, 0.0)
    ordered = np.sort(np.where(ok, rows, np.inf), axis=0)
    n = np.maximum(ok.sum(axis=0), 1)
    columns = np.arange(rows.shape[1])
    low, high = ordered[(n - 1) // 2, columns], ordered[n // 2, columns]
    return np.where(ok.any(axis=0), (low + high) / 2, 0.0)


@dataclass(frozen=True)
class Sample:
    """The signals at one instant; the arrays are (S,), in the exercise's order of signals."""

    t: float
    """Seconds."""
    value: Array
    """Smoothed; NaN where not seen."""
    rate: Array
    """Smoothed, per second; NaN where not seen."""
    raw: Array
    """As measured, spikes taken out; NaN where not seen."""
    seen: Array
    """Visibility, 0 to 1; NaN where not seen."""


class Log(Sequence[Sample]):
    """Samples in the order of their time, kept small: 8 bytes each and 32 a signal."""

    _BLOCK = 1024

    def __init__(self) -> None:
        self._t, self._wide = array("d"), 0
        self._blocks = {kind: list[Array]() for kind in ("value", "rate", "raw", "seen")}

    def append(self, sample: Sample, t: float) -> None:
        """Take the next one, as of `t` seconds."""
        place, self._wide = len(self._t) % self._BLOCK, len(sample.value)
        for kind, blocks in self._blocks.items():
            if place == 0:
                blocks.append(np.full((self._BLOCK, self._wide), np.nan))
            blocks[-1][place] = getattr(sample, kind)
        self._t.append(t)

    def thin(self) -> None:
        """Let go of what was measured: from now on raw values and visibilities are NaN."""
        for kind in ("raw", "seen"):
            self._blocks.pop(kind, None)

    @property
    def t(self) -> Array:
        """(n,) seconds."""
        return np.array(self._t, float)

    @property
    def last(self) -> float:
        """Seconds of the last one; minus infinity before the first."""
        return self._t[-1] if len(self._t) else -np.inf

    def table(self, kind: str, columns: slice | Sequence[int] = slice(None)) -> Array:
        """(n, S) the "value", "rate", "raw" or "seen" of all, or of some columns."""
        if kind not in self._blocks:
            return np.full((len(self), self._wide), np.nan)[:, columns]
        wide = self._wide if isinstance(columns, slice) else len(columns)
        left, parts = len(self._t), [np.zeros((0, wide))]
        for block in self._blocks[kind]:
            parts.append(block[:left, columns])
            left -= len(block)
        return np.concatenate(parts)

    def __len__(self) -> int:
        return len(self._t)

    @overload
    def __getitem__(self, place: int) -> Sample: ...

    @overload
    def __getitem__(self, place: slice) -> list[Sample]: ...

    def __getitem__(self, place: int | slice) -> Sample | list[Sample]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        i = range(len(self))[place]
        block, row = divmod(i, self._BLOCK)
        nothing = np.full(self._wide, np.nan)
        rows = {kind: blocks[block][row] for kind, blocks in self._blocks.items()}
        return Sample(self._t[i], **{"raw": nothing, "seen": nothing, **rows})


def swing(samples: Log, one: int, other: int) -> tuple[float, float]:
    """How far two columns of the values swung, from the 2nd to the 98th percentile of the samples
    that have both; 0 of none."""
    values = samples.table("value", [one, other]).reshape(-1, 2)
    values = values[np.isfinite(values).all(axis=1)]
    low, high = np.percentile(values if len(values) else np.zeros((1, 2)), [2, 98], axis=0)
    return float(high[0] - low[0]), float(high[1] - low[1])


class Smoother:
    """Rows in, samples out, `latency` seconds late."""

    def __init__(self, half: float, floor: Array, frame_s: float) -> None:
        """half: seconds. floor: (S,) smallest deviation called a spike. frame_s: seconds."""
        self._half = max(half, FEWEST_FRAMES * frame_s)
        self._floor = floor
        self._waiting: deque[tuple[float, Array, Array]] = deque()
        self._rows: deque[tuple[float, Array, Array]] = deque()
        self._next = 0
        self.latency = self._half + SPIKE_FRAMES // 2 * frame_s
        """Seconds from an instant to its sample, at the frame rate stated."""

    def push(self, t: float, row: Array, seen: Array) -> list[Sample]:
        """Take the signals (S,) and visibilities (S,) at t; give the samples that are now due."""
        self._waiting.append((t, row, seen))
        out = []
        while len(self._waiting) > SPIKE_FRAMES // 2 + self._held:
            out += self._admit()
        return out

    def close(self) -> list[Sample]:
        """Give what is left; the last half-width is fitted from one side."""
        out = []
        while self._held < len(self._waiting):
            out += self._admit()
        return out + self._due(np.inf)

    _held = 0  # rows at the front of _waiting that were admitted and serve as neighbours only

    def _admit(self) -> list[Sample]:
        """Free the next row of spikes, judged by its neighbours, and hand it to the fit."""
        t, row, seen = self._waiting[self._held]
        lone = spike([r for _, r, _ in self._waiting][: self._held + 4], self._held, self._floor)
        self._rows.append((t, np.where(lone, np.nan, row), seen))
        if self._held == SPIKE_FRAMES // 2:
            self._waiting.popleft()
        else:
            self._held += 1
        return self._due(t)

    def _due(self, until: float) -> list[Sample]:
        out = []
        while self._next < len(self._rows) and (
            self._rows[self._next][0] + self._half <= until + TINY
        ):
            out.append(self._sample(self._next))
            self._next += 1
            self._forget()
        return out

    def _forget(self) -> None:
        reach = self._rows[min(self._next, len(self._rows) - 1)][0] - self._half - LONGEST_GAP_S
        while self._next > 0 and self._rows[0][0] < reach:
            self._rows.popleft()
            self._next -= 1

    def _sample(self, i: int) -> Sample:
        t, raw, seen = self._rows[i]
        value, rate = _fit_at(
            np.array([r[0] - t for r in self._rows]),
            np.array([r[1] for r in self._rows]),
            self._half,
        )
        return Sample(t, value, rate, raw, seen)


def _fit_at(dt: Array, rows: Array, half: float) -> tuple[Array, Array]:
    """Value and rate (S,) at dt = 0 of rows (N, S); the same answer as `local_quadratic`."""
    near = np.abs(dt) <= half + TINY
    ok = np.isfinite(rows)
    weight = ok & near[:, None]
    powers = dt[None, :] ** np.arange(5)[:, None]
    s = powers @ weight.astype(float)
    value, rate = _solve(s, powers[:3] @ np.where(weight, rows, 0.0))
    enough = s[0] >= 3
    if (enough & ~ok[dt == 0]).any():  # else each is bridged by itself, which is cheaper to see
        enough &= _bridged_at(dt, ok)
    return np.where(enough, value, np.nan), np.where(enough, rate, np.nan)


def _bridged_at(dt: Array, ok: Flags) -> Flags:
    before = np.max(np.where(ok & (dt[:, None] <= 0), dt[:, None], -np.inf), axis=0)
    after = np.min(np.where(ok & (dt[:, None] >= 0), dt[:, None], np.inf), axis=0)
    bridged: Flags = after - before <= LONGEST_GAP_S + TINY
    return bridged
