"""Where one set ends and the next begins: rests away from the place, and idle ones in it.

One truth, live and recorded: whoever is away from the place for `AWAY_S`, or does no rep there for
`IDLE_S`, has ended the set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from formcheck.pose import Flags, PoseTrack
from formcheck.rep import Rep
from formcheck.setting import Later, Setting
from formcheck.view import Posture, estimate

AWAY_S = 6.0
"""Whoever is away from the place of the set for so long has ended it [O]."""
IDLE_S = 45.0
"""And so has who does nothing there for so long [O]: within a set nobody rests that long, and
between sets it is one minute to three (Drury 2021)."""
PAUSE_S = 20.0
"""A pause that is worth a word where it ends no set [O]."""
SHORTEST_S = 3.0
"""A stretch at the place that is shorter holds no rep [O]."""
BLINK_S = 0.5
"""What lasts no longer is the landmarks' doing [O]."""


@dataclass
class Sets:
    """Which set the reps belong to, as they close. All times are the world's."""

    number: int = 1
    """Of the set under way, from 1."""
    fixed: Mapping[str, float] = field(default_factory=dict)
    """What its first counted rep fixes for all."""
    stopped: set[str] = field(default_factory=set)
    """Checks that already said where it was to end."""
    fine: dict[str, int] = field(default_factory=dict)
    """Those that did not: of how many of its counted reps they were asked, by one setting."""
    apart: bool = False
    """Whether there was a rest away from the place since the last counted rep."""
    _until: float = np.nan
    _left: bool = False
    _first: Setting | None = None

    def leave(self) -> None:
        """The athlete was away from the place."""
        self.apart = self._left = True

    def rested(self, rep: Rep) -> bool:
        """Whether a rest lies between the last counted rep and this one; not before the first."""
        return bool(np.isfinite(self._until) and (self.apart or rep.begins - self._until > IDLE_S))

    def counted(self, rep: Rep) -> bool:
        """Take the next counted rep; whether it is the first of a set."""
        rested = self.rested(rep)
        first = rested or bool(np.isnan(self._until))
        self.number += rested
        self.stopped = set() if rested else self.stopped
        self.fine = {} if rested else self.fine
        self._until, self.apart = rep.until, False
        self._first = self._first or rep.setting
        return first

    @property
    def setting(self) -> Setting | None:
        """What the first set was measured by, where there ever was a rest away from the place: body
        and camera are read anew then, and before the set nothing was done that tells of it."""
        return self._first if self._left else None

    def fixes_for(self, rep: Rep) -> Mapping[str, float]:
        """What is fixed for a rep, which may yet be open."""
        return {} if self.rested(rep) else self.fixed


def estimate_sets(track: PoseTrack, posture: Posture) -> Setting:
    """The setting of a recorded clip; where there were rests away from the place, that of its first
    set, with those of the `later` ones. track: in the world's time."""
    found = stretches(track, posture)
    if len(found) < 2:
        return estimate(track, posture=posture)
    each = [estimate(track.between(*one), posture=posture) for one in found]
    turns = [(a[1] + b[0]) / 2 for a, b in pairwise(found)]
    later = tuple(
        Later(from_s=round(t, 3), setting=one) for t, one in zip(turns, each[1:], strict=True)
    )
    return each[0].model_copy(update={"later": later})


def stretches(track: PoseTrack, posture: Posture) -> Sequence[tuple[float, float]]:
    """From when to when the athlete was down in the place, seconds, parted by rests away from it;
    each with what there is of a second on either side. Who was merely not seen for a while, hidden
    by somebody or lost, did not go: that takes being seen on one's feet."""
    t, down = track.t_s, posture.down(track)
    up = [run for run in _runs(t, down == 0) if run[1] - run[0] > BLINK_S]
    joined: list[tuple[float, float]] = []
    for since, until in (run for run in _runs(t, down == 1) if run[1] - run[0] > BLINK_S):
        stays = joined and not _left(joined[-1][1], since, up)
        joined.append((joined.pop()[0] if stays else since, until))
    return [(a - 1, b + 1) for a, b in joined if b - a >= SHORTEST_S]


def _left(since: float, until: float, up: Sequence[tuple[float, float]]) -> bool:
    """Whether who was down until one moment and is again from another was away between them."""
    stood = any(since <= run[0] and run[1] <= until for run in up)
    return until - since > (AWAY_S if stood else IDLE_S)


def _runs(t: np.ndarray, true: Flags) -> list[tuple[float, float]]:
    """From when to when (T,) flags hold, seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true, [False]]).astype(int)))
    return [(float(t[a]), float(t[b - 1])) for a, b in edges.reshape(-1, 2)]
