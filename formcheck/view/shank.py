"""How the shank lies, from its landmarks at rest and what shanks do (docs/nordic-curl.md 0.3b).

The ankle's landmark is the worst of those that matter: a pad or a plate hides it, and a camera that
is rolled turns shank and thigh alike. So what it reads is weighed against the few ways in which a
shank lies, a Gaussian each, and the roll against what the thigh reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Way:
    """One of the ways in which a segment lies: how often, and its angle with the SD, degrees."""

    share: float
    deg: float
    sd: float


WAYS = (
    Way(0.78, -0.5, 2.0),  # level: the instep on the floor, or the foot over an edge [O]
    Way(0.20, -13.0, 4.0),  # the toes on the floor, tucked or the foot pulled up: 7 to 17 deg [O]
    Way(0.02, 0.0, 25.0),  # on a board that slopes: 20 and 40 deg (Soga 2021)
)
READS = -2.5
"""What a shank's landmarks read too little, degrees: 48 rendered sets."""
CLEAR, CLEAR_SD, HIDDEN_SD = 0.85, 3.0, 16.0
"""Visibility from which an ankle is seen well, and the landmarks' SD then and under it, degrees: 2
on rendered sets without a roll where it is, 13 where it is not."""
ROLL_SD = 2.5
"""How far phones are rolled, degrees [O]."""
THIGH_READS = (3.8, 4.5)
"""What the landmarks of a tall thigh read, and its SD, degrees: 1 and 4 of the body, 2.8 and 2 of
the landmarks on 48 rendered sets."""


def shank_lies(reads: float, ankle_seen: float, thigh_reads: float | None) -> tuple[float, float]:
    """The pitch that is believed, and its standard deviation, degrees.

    reads: the landmarks' pitch, degrees. ankle_seen: the ankle's visibility then.
    thigh_reads: the landmarks' thigh lean at rest; None where the athlete does not rest upright.
    """
    roll, roll_var = _roll(thigh_reads)
    error = (CLEAR_SD if ankle_seen >= CLEAR else HIDDEN_SD) ** 2 + roll_var
    seen = reads - READS + roll
    return weighed(WAYS, seen, error)


def weighed(ways: Sequence[Way], seen: float, error: float) -> tuple[float, float]:
    """The angle that is believed where `seen` shows with the variance `error`, and its standard
    deviation, degrees; ways: those in which it may lie."""
    told = [_one(way, seen, error) for way in ways]
    likely = np.array([one[0] for one in told])
    likely /= likely.sum()
    mean = float(sum(w * m for w, (_, m, _) in zip(likely, told, strict=True)))
    square = sum(w * (v + m**2) for w, (_, m, v) in zip(likely, told, strict=True))
    return mean, float(np.sqrt(square - mean**2))


def _roll(thigh_reads: float | None) -> tuple[float, float]:
    """The camera's roll that the thigh speaks for, which the shank reads less, and its variance."""
    if thigh_reads is None:
        return 0.0, ROLL_SD**2
    weight = ROLL_SD**2 / (ROLL_SD**2 + THIGH_READS[1] ** 2)
    return weight * (thigh_reads - THIGH_READS[0]), (1 - weight) * ROLL_SD**2


def _one(way: Way, seen: float, error: float) -> tuple[float, float, float]:
    """How likely a way is that shows `seen` with the variance `error`, up to a factor, and the
    pitch's mean and variance then."""
    spread = way.sd**2 + error
    likely = way.share * np.exp(-((seen - way.deg) ** 2) / (2 * spread)) / np.sqrt(spread)
    weight = way.sd**2 / spread
    return float(likely), way.deg + weight * (seen - way.deg), (1 - weight) * way.sd**2
