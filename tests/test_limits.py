"""What a worker may take: real processes that take too much, and what is said of each."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from formcheck.batch import limits
from formcheck.batch.job import Job, Outcome, Terms
from formcheck.batch.limits import Limits
from formcheck.batch.pool import LocalPool, Lost
from formcheck.batch.records import ClipRecord
from formcheck.errors import OutputError

posix = pytest.mark.skipif(os.name != "posix", reason="limits as POSIX has them")
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
SMALL = Limits(memory_bytes=400 << 20, cpu_s=1, wall_s=20, stall_s=20, output_bytes=100_000)


def greedy(job: Job, beat) -> Outcome:
    """What a worker does: that of which the clip has the name."""
    reason = None
    try:
        _DO[job.name](job)
    except Exception as error:
        reason = limits.refused(error) or f"another error: {error!r}"
    status = "failed" if reason else "ok"
    return Outcome(job.name, ClipRecord(name=job.name, status=status, reason=reason))


def eats(job: Job) -> None:
    kept = [bytearray(50 << 20) for _ in range(40)]
    raise AssertionError(len(kept))


def spins(job: Job) -> None:
    while True:
        pass


def writes(job: Job) -> None:
    try:
        job.path.write_bytes(bytes(200_000))
    except OSError as error:
        raise OutputError("cannot be written") from error


def crashes(job: Job) -> None:
    ctypes.string_at(0)


def dumps_core(job: Job) -> None:
    import resource

    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0


def works(job: Job) -> None:
    until = time.process_time() + 0.4
    while time.process_time() < until:
        pass


_DO = {f.__name__: f for f in (eats, spins, writes, crashes, dumps_core, works)}


@pytest.fixture(scope="module")
def pool():
    with closing(LocalPool(1, SMALL, work=greedy)) as one:
        yield one


def outcome(pool: LocalPool, name: str, place: Path) -> str | None:
    """What is said of a clip; None: nothing."""
    pool.submit(Job(name, place / name, "", place, name, "", Terms()))
    (done,) = pool.next(60)
    if isinstance(done, Lost):
        return done.why
    assert done.record is not None
    return done.record.reason


@linux
def test_memory_ends_the_clip_and_not_the_worker(pool, tmp_path):
    assert outcome(pool, "eats", tmp_path) == "it needs more memory than a clip may take"
    pids = pool.pids()
    assert outcome(pool, "works", tmp_path) is None
    assert pool.pids() == pids


@posix
def test_a_file_that_grows_too_large_is_an_error_of_writing(pool, tmp_path):
    said = outcome(pool, "writes", tmp_path)
    assert said == "its result is larger than a file of a clip may be"
    assert (tmp_path / "writes").stat().st_size <= SMALL.output_bytes


@posix
def test_processor_time_is_counted_for_each_clip_anew(pool, tmp_path):
    for _ in range(3):  # 1.2 seconds in all, of one that may take one
        assert outcome(pool, "works", tmp_path) is None
    assert outcome(pool, "spins", tmp_path) == "it took more processor time than a clip may"
    assert outcome(pool, "works", tmp_path) is None


@posix
def test_a_crash_is_told_and_leaves_no_core(pool, tmp_path):
    assert outcome(pool, "dumps_core", tmp_path) is None
    said = outcome(pool, "crashes", tmp_path)
    assert said in {"a library crashed on it (SIGSEGV)", "a library crashed on it (SIGBUS)"}


def test_the_clock_and_silence_are_the_parents_to_watch():
    mine, roomy = os.getpid(), replace(SMALL, memory_bytes=1 << 50)
    assert limits.exceeded(roomy, mine, 1, 1) is None
    assert limits.exceeded(SMALL, mine, 1, 21) == "it made no progress for 20 seconds"
    assert limits.exceeded(SMALL, mine, 21, 1) == "it took longer than 20 seconds"


@posix
def test_memory_in_use_is_watched_too():
    tight = replace(SMALL, memory_bytes=1_000_000)
    assert limits.exceeded(tight, os.getpid(), 1, 1) == "it took more than 0.0 GB of memory"
    assert limits.exceeded(tight, 2**22 + 1, 1, 1) is None  # gone


def test_how_a_worker_died_is_a_clause():
    assert limits.death(3) == "its process died (exit code 3)"
    assert "machine out of memory" in limits.death(-9)
    assert limits.death(-int(signal.SIGABRT)) == "a library crashed on it (SIGABRT)"


def test_errors_that_are_limits_are_known_by_their_cause():
    full = OutputError("cannot be written")
    full.__cause__ = OSError(errno.EFBIG, "File too large")
    assert limits.refused(full) == "its result is larger than a file of a clip may be"
    assert limits.refused(OSError(errno.ENOMEM, "x")) == limits.refused(MemoryError())
    assert limits.refused(ValueError("x")) is None
    assert limits.refused(OSError(errno.ENOENT, "x")) is None


def test_longer_clips_may_take_more():
    assert Limits().lasting(1800) == Limits()
    assert Limits().lasting(3600).cpu_s == 2 * Limits().cpu_s
    assert Limits().lasting(1).wall_s >= 600
