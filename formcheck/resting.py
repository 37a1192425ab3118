"""Arrays of a long recording, on the disk until they are looked at.

The poses and curves of an hour are 170 MB, of which the video needs a few seconds at a time: what
is mapped from a file comes when it is read, and goes when `let_go` says so. The file has no name,
or loses it with the process.
"""

from __future__ import annotations

import mmap
import sys
from collections.abc import Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from typing import Any
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
WORTH_B = 4_000_000
"""Less than that stays in memory: a minute at 30 frames a second, and more, takes no file [O]."""
_MAPPED: WeakSet[mmap.mmap] = WeakSet()


def rested(arrays: Sequence[Array]) -> list[Array]:
    """The same arrays, read-only, on the disk of temporary files; as they are where they take
    little, or where the disk takes no more."""
    if sum(array.nbytes for array in arrays) < WORTH_B:
        return list(arrays)
    try:
        return _mapped(arrays)
    except OSError:
        return list(arrays)


def _mapped(arrays: Sequence[Array]) -> list[Array]:
    """Raises OSError. Written first, then mapped: a full disk is told by the writing."""
    with TemporaryFile(prefix="formcheck-") as file:
        for array in arrays:
            whole: Any = np.ascontiguousarray(array, np.float64)
            file.write(whole.data)
        file.flush()
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    _MAPPED.add(mapped)
    ends = np.cumsum([array.size for array in arrays])
    every = np.split(np.frombuffer(mapped, np.float64), ends[:-1])
    return [part.reshape(array.shape) for part, array in zip(every, arrays, strict=True)]


def let_go() -> None:
    """Let what has been read of them go from memory: it is read again where it is asked for. Where
    the system has no word for that it looks after it itself."""
    if sys.platform == "linux":
        for mapped in list(_MAPPED):
            with suppress(OSError, ValueError):
                mapped.madvise(mmap.MADV_DONTNEED)
