"""Clips as they arrive: a growing upload is left until it is whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from formcheck.batch.finding import Clip, find

SETTLE_S = 5.0
"""A file that neither grew nor changed for so long is taken for whole."""
OLD_S = 60.0
"""One that did not change for so long before it was first seen is whole at once."""

_Print = tuple[str, int, int]
"""The clip's name, which changes where one arrives that has it first; bytes and nanosecond of the
last change."""


@dataclass
class _Seen:
    was: _Print
    since: float
    given: bool = False


class Arrivals:
    """What has newly arrived below the arguments since it was last asked."""

    def __init__(
        self,
        sources: Sequence[Path],
        out: Path,
        *,
        settle_s: float = SETTLE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sources, self._out = sources, out
        self._settle_s, self._clock = settle_s, clock
        self._seen: dict[Path, _Seen] = {}

    def whole(self) -> list[Clip]:
        """Clips that are whole and were not given before, or changed since. Raises InputError
        where an argument is gone."""
        return [clip for clip in find(self._sources, self._out).clips if self._is_new(clip)]

    def _is_new(self, clip: Clip) -> bool:
        try:
            stat = clip.path.lstat() if clip.refused else clip.path.stat()
        except OSError:
            return False  # gone again
        now, was = self._clock(), (clip.name, stat.st_size, stat.st_mtime_ns)
        seen = self._seen.get(clip.path)
        if seen is None or seen.was != was:
            old = seen is None and time.time() - stat.st_mtime >= OLD_S
            seen = self._seen[clip.path] = _Seen(was, now - self._settle_s if old else now)
        if seen.given or (now - seen.since < self._settle_s and clip.refused is None):
            return False
        seen.given = True
        return True
