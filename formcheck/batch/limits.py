"""What a worker may take: set by itself where the system can, watched by its parent besides.

A clip of somebody else's may make a decoder ask for more than a machine has, go round in circles
or fall over. Memory, processor time and the size of files are limits of the process itself (POSIX;
memory on Linux): its own allocation fails, and that is said like any other error. The parent
watches the memory that is in use, the clock, and whether anything comes; that holds everywhere,
but for memory on Windows.
"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

_PACE = 12.0
"""Seconds that a second of film may take. At 60 pictures a second both ways through a clip and its
video take 5 in full HD on a core of 2020; in 4K the video alone takes 10."""


@dataclass(frozen=True)
class Limits:
    """The most that the analysis of one clip may take; generous to honest clips."""

    memory_bytes: int = 3 << 30
    """Of memory that it may write to. A set in full HD takes 1.0 GB of it (0.5 in use), with its
    video; one in 4K 1.5 GB (1.0)."""
    cpu_s: float = _PACE * 1800
    """Processor seconds of one clip: for half an hour of film."""
    wall_s: float = _PACE * 1800
    """Seconds of one clip on the wall clock."""
    stall_s: float = 300
    """Seconds without a sign of progress, after which it hangs. A picture in 4K takes one."""
    output_bytes: int = 8 << 30
    """The largest file that it may write: half an hour of video at 35 Mbit/s."""

    def lasting(self, longest_s: float) -> Self:
        """The same for clips that last so many seconds."""
        most = _PACE * max(longest_s, 60)
        return replace(self, cpu_s=most, wall_s=most)


def apply(limits: Limits) -> None:
    """Once, in a worker that just began and has loaded nothing: what the system can hold it to."""
    if sys.platform == "win32":
        return
    import resource

    # Not the address space: libraries reserve of that what they never touch, more with every core.
    _lower(resource.RLIMIT_DATA, limits.memory_bytes)
    _lower(resource.RLIMIT_FSIZE, limits.output_bytes)
    _lower(resource.RLIMIT_CORE, 0)  # the memory of one that crashed would land in a folder
    with suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an error of writing rather than a death


def begin(limits: Limits) -> None:
    """In the worker before each clip: its processor seconds begin anew."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime + limits.cpu_s) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard in {resource.RLIM_INFINITY, -1} or until < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


def _lower(which: int, most: int) -> None:
    """Never raises a limit that the worker was born with."""
    import resource

    _, hard = resource.getrlimit(which)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError, OSError):  # a system that knows the name and not the thing
        resource.setrlimit(which, (bound, hard))


def exceeded(limits: Limits, pid: int, seconds: float, silent: float) -> str | None:
    """Asked by the parent about twice a second: why this worker has to be ended, or None.

    seconds: since its clip began; silent: since its last sign of progress.
    """
    if silent > limits.stall_s:
        return f"it made no progress for {limits.stall_s:.0f} seconds"
    if seconds > limits.wall_s:
        return f"it took longer than {limits.wall_s:.0f} seconds"
    if (_in_use(pid) or 0) > limits.memory_bytes:
        return f"it took more than {limits.memory_bytes / 1e9:.1f} GB of memory"
    return None


def _in_use(pid: int) -> int | None:
    """Resident bytes of a process; None where it is gone or the system tells none."""
    if sys.platform == "linux":
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        except (OSError, ValueError, IndexError):
            return None
        return pages * os.sysconf("SC_PAGE_SIZE")
    if sys.platform == "win32":
        return None
    told = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return int(told.stdout) * 1024 if told.stdout.strip().isdigit() else None


def death(exitcode: int) -> str:
    """Why a worker died, from its exit code (negative: a signal): a clause for a reason."""
    try:
        name = signal.Signals(-exitcode).name
    except ValueError:
        return f"its process died (exit code {exitcode})"
    if name == "SIGXCPU":
        return "it took more processor time than a clip may"
    if name in {"SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"}:
        return f"its process was ended from outside ({name}), as by a machine out of memory"
    return f"a library crashed on it ({name})"


def refused(error: BaseException) -> str | None:
    """Why a clip ran into a limit, where an error within the worker says so; None: another kind of
    error. What an error was caused by counts as well."""
    seen: BaseException | None = error
    while seen is not None:
        number: Any = getattr(seen, "errno", None)
        if isinstance(seen, MemoryError) or number == errno.ENOMEM or _of_opencv(seen):
            return "it needs more memory than a clip may take"
        if number == errno.EFBIG:
            return "its result is larger than a file of a clip may be"
        seen = seen.__cause__
    return None


def _of_opencv(error: BaseException) -> bool:
    """OpenCV's own error for a failed allocation, -4."""
    return getattr(error, "code", None) == -4 and type(error).__module__ == "cv2"
