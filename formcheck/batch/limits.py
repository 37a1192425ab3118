"""What a worker may take: set by itself where the system can, watched by its parent besides."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The most that the analysis of one clip may take; generous to honest clips."""

    memory_bytes: int = 4 << 30
    """Address space, or resident memory where the system limits none."""
    cpu_s: float = 6 * 3600
    """Processor seconds of one clip."""
    wall_s: float = 6 * 3600
    """Seconds of one clip on the wall clock."""
    stall_s: float = 300
    """Seconds without a sign of progress, after which it hangs."""
    output_bytes: int = 8 << 30
    """The largest file that it may write."""


def apply(limits: Limits) -> None:
    """Once, in a worker that just began and has loaded nothing: what the system can hold it to."""


def begin(limits: Limits) -> None:
    """In the worker before each clip: its processor seconds begin anew."""


def exceeded(limits: Limits, pid: int, seconds: float, silent: float) -> str | None:
    """Asked by the parent about twice a second: why this worker has to be ended, or None.

    seconds: since its clip began; silent: since its last sign of progress.
    """
    if silent > limits.stall_s:
        return f"it made no progress for {limits.stall_s:.0f} seconds"
    if seconds > limits.wall_s:
        return f"it took longer than {limits.wall_s:.0f} seconds"
    return None


def death(exitcode: int) -> str:
    """Why a worker died, from its exit code (negative: a signal): a clause for a reason."""
    return f"its process died (exit code {exitcode})"


def refused(error: Exception) -> str | None:
    """Why a clip ran into a limit, where an error within the worker says so (MemoryError, a file
    that grew too large); None: another kind of error."""
    if isinstance(error, MemoryError):
        return "it needs more memory than a clip may take"
    return None
