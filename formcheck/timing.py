"""How evenly the frames of a clip follow one another."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np

REGULAR_SHARE, REGULAR_S = 0.2, 0.0011
"""An interval is regular within this share of the median or, because containers round to
milliseconds, within these seconds of it."""
FORGIVEN_SHARE = 0.01
"""Share of irregular intervals that a constant clip may have (at least one: a dropped frame)."""


class Timing(NamedTuple):
    """What the timestamps say."""

    kind: Literal["constant", "variable"]
    fps: float
    """Frames a second, one over the mean regular interval; NaN with fewer than two frames."""


def timing(t_s: Iterable[float]) -> Timing:
    """Judge timestamps `t_s` (T,) in increasing seconds."""
    gaps = np.diff(np.asarray(list(t_s), float))
    if not len(gaps):
        return Timing("constant", math.nan)
    middle = float(np.median(gaps))
    regular = np.abs(gaps - middle) <= max(REGULAR_SHARE * middle, REGULAR_S)
    fps = 1 / float(gaps[regular].mean()) if regular.any() else 1 / middle
    few = (~regular).sum() <= max(1.0, FORGIVEN_SHARE * len(gaps))
    return Timing("constant" if few else "variable", fps)
