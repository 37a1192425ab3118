"""Worker processes: each is lost alone, and none outlives its parent. Real processes."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from nights import QUICK, SLEEPS, Run, Silent, word, work

from formcheck.batch import pool as pool_module
from formcheck.batch.job import Job, Outcome, Terms
from formcheck.batch.limits import Limits
from formcheck.batch.lock import alone
from formcheck.batch.pool import LocalPool, Lost
from formcheck.batch.run import Asked, batch, workers_for
from formcheck.errors import MissingPartError, OutputError

HERE = Path(__file__).resolve().parent
LONG_S = 100.0
"""What a busy machine may take to begin a process or to end one; nothing waits once it has."""
posix = pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")


def alive(pid: int) -> bool:
    """Whether a process runs; one that waits for its parent to ask of it does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def within(seconds: float, holds) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def night(tmp_path):
    """A folder of clips, a batch over it, and the records by name."""

    def make(jobs: int = 2, **clips: str):
        for name, text in clips.items():
            word(tmp_path / "in" / f"{name}.mp4", text)
        run = Run(tmp_path / "in", tmp_path / "out")
        with closing(LocalPool(jobs, QUICK, work=work)) as pool:
            return run.all(pool)

    return make


@posix
def test_clips_that_crash_or_hang_take_none_along(night, tmp_path):
    found = night(a="crash", b="fine", c="hang", d="fine", e="once", f="bad")
    status = {name[0]: record.status for name, record in found.items()}
    assert status == {"a": "failed", "b": "ok", "c": "failed", "d": "ok", "e": "ok",
                      "f": "unreadable"}  # fmt: skip
    assert "after 2 tries" in found["a.mp4"].reason
    assert "no progress" in found["c.mp4"].reason


def test_a_worker_that_raises_is_lost_like_one_that_died(night):
    found = night(1, a="raises", b="fine")
    assert (found["a.mp4"].status, found["b.mp4"].status) == ("failed", "ok")


def job(tmp_path: Path, text: str) -> Job:
    path = word(tmp_path / "a.mp4", text)
    return Job("a.mp4", path, "0", tmp_path / "out", "a", "k", Terms())


@posix
def test_a_worker_killed_from_outside_is_noticed_at_once(tmp_path):
    with closing(LocalPool(1, Limits(), work=work)) as pool:
        pool.submit(job(tmp_path, "hang"))
        assert pool.room() == 0
        (pid,) = pool.pids()
        os.kill(pid, signal.SIGKILL)
        begun = time.monotonic()
        (lost,) = pool.next(LONG_S)
        assert time.monotonic() - begun < 0.5 * LONG_S  # and not after its limits
        assert isinstance(lost, Lost) and not lost.innocent
        assert pool.room() == 1


def test_a_worker_serves_one_clip_after_the_other(tmp_path):
    with closing(LocalPool(1, Limits(), work=work)) as pool:
        pids = set()
        for _ in range(3):
            pool.submit(job(tmp_path, "slow"))
            (done,) = pool.next(LONG_S)
            assert isinstance(done, Outcome)
            pids |= set(pool.pids())
        assert len(pids) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="what a process began with: Linux tells")
def test_a_worker_begins_with_few_arenas_of_memory(tmp_path, monkeypatch):
    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)
    with closing(LocalPool(1, Limits(), work=work)) as pool:
        pool.submit(job(tmp_path, "hang"))
        (pid,) = pool.pids()
        assert within(LONG_S, lambda: not pool.next(0.1) and pool.progress() == {"a.mp4": SLEEPS})
        assert b"MALLOC_ARENA_MAX=2" in Path(f"/proc/{pid}/environ").read_bytes()


def test_a_job_tells_what_it_does_and_can_be_ended(tmp_path):
    with closing(LocalPool(1, Limits(), work=work)) as pool:
        pool.submit(job(tmp_path, "hang"))
        (pid,) = pool.pids()
        assert within(LONG_S, lambda: not pool.next(0.1) and pool.progress() == {"a.mp4": SLEEPS})
        pool.cancel("b.mp4")
        assert pool.room() == 0
        pool.cancel("a.mp4")
        assert (pool.room(), pool.progress(), list(pool.next(0.1))) == (1, {}, [])
        assert not alive(pid)


def test_each_worker_has_cores_of_its_own_and_those_that_are_idle(tmp_path, monkeypatch):
    bound = {}
    monkeypatch.setattr(pool_module, "bind", lambda pid, numbers: bound.update({pid: numbers}))
    monkeypatch.setattr(pool_module, "shares", lambda many: [frozenset({3 * k}) for k in range(2)])
    with closing(LocalPool(2, Limits(), work=work)) as pool:
        pool.submit(job(tmp_path, "hang"))
        (first,) = pool.pids()
        assert bound == {first: {0, 3}}
        pool.submit(replace(job(tmp_path, "hang"), name="b.mp4"))
        second = pool.pids()[1]
        assert bound == {first: {0}, second: {3}}
        pool.cancel("a.mp4")
        assert within(LONG_S, lambda: not pool.next(0.0) and bound[second] == {0, 3})
        pool.submit(job(tmp_path, "hang"))
        assert bound == {first: {0}, second: {3}, pool.pids()[1]: {0}}


def test_no_worker_is_left_when_the_pool_closes(tmp_path):
    pool = LocalPool(1, Limits(), work=work)
    pool.submit(job(tmp_path, "hang"))
    (pid,) = pool.pids()
    pool.close()
    pool.close()
    assert not alive(pid)


@pytest.fixture
def started():
    """Begins a batch as a process of its own; none is left when the test ends, however it does."""
    begun: list[subprocess.Popen] = []

    def start(source: Path, out: Path, jobs: int = 2) -> subprocess.Popen:
        command = [sys.executable, str(HERE / "nights.py"), str(source), str(out), str(jobs)]
        begun.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        return begun[-1]

    yield start
    for process in begun:
        process.kill()
        process.wait()


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.is_file() else []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_workers_die_with_a_killed_parent(tmp_path, started):
    word(tmp_path / "in" / "a.mp4", "hang")
    process = started(tmp_path / "in", tmp_path / "out", 1)
    assert within(LONG_S, lambda: len(children(process.pid)) >= 2)  # the worker, and Python's own
    workers = children(process.pid)
    process.kill()
    process.wait()
    assert within(LONG_S, lambda: not any(map(alive, workers)))


def table(out: Path) -> list[bytes]:
    return [(out / name).read_bytes() for name in ("batch.csv", "batch.json", "index.html")]


@posix
def test_killed_at_any_moment_and_run_again_it_ends_the_same(tmp_path, started):
    for n in range(12):
        text = {3: "bad", 5: "crash"}.get(n, "slow")
        word(tmp_path / "in" / f"{n:02}.mp4", text)
    whole = started(tmp_path / "in", tmp_path / "whole")
    assert whole.wait(2 * LONG_S) == 0
    out = tmp_path / "out"
    for kill in range(3):
        process = started(tmp_path / "in", out)
        many = 2 + 3 * kill
        assert within(LONG_S, lambda many=many: len(list(out.glob("*/report.json"))) >= many)
        process.kill()
        process.wait()
        assert all((f / ".formcheck-batch.json").is_file() for f in out.glob("[0-9]*"))
    last = started(tmp_path / "in", out)
    assert last.wait(2 * LONG_S) == 0
    assert table(out) == table(tmp_path / "whole")
    assert not list((out / ".formcheck").glob("parts/*"))


@posix
def test_two_batches_do_not_write_into_one_folder(tmp_path, started):
    word(tmp_path / "in" / "a.mp4", "hang")
    process = started(tmp_path / "in", tmp_path / "out", 1)
    assert within(LONG_S, (tmp_path / "out" / ".formcheck" / "lock").is_file)
    assert within(LONG_S, lambda: len(children(process.pid)) >= 1)
    with pytest.raises(OutputError, match="another batch writes here"):
        batch(Asked([tmp_path / "in"], tmp_path / "out", Terms(), jobs=1), Silent(), work)


def test_what_has_nothing_to_do_with_the_output_is_not_told_as_its_fault(tmp_path):
    with pytest.raises(BlockingIOError), alone(tmp_path / "out"):
        raise BlockingIOError("no more processes")
    with alone(tmp_path / "out"):  # and nobody holds it any more
        assert (tmp_path / "out" / ".formcheck" / "lock").is_file()


def test_a_model_that_is_missing_is_looked_for_once(tmp_path, monkeypatch):
    asked = []

    def missing(*_):
        asked.append(1)
        raise MissingPartError("There is no pose model.")

    monkeypatch.setattr("formcheck.analysis.model_for", missing)
    word(tmp_path / "in" / "a.mp4")
    with pytest.raises(MissingPartError):
        batch(Asked([tmp_path / "in"], tmp_path / "out", Terms()), Silent(), work)
    assert asked == [1]


def test_as_many_workers_as_pay(tmp_path, monkeypatch):
    asked = Asked([tmp_path], tmp_path, Terms())
    monkeypatch.setattr("formcheck.batch.run.cores", lambda: 8)
    monkeypatch.setattr("formcheck.batch.run._free_bytes", lambda: 3 << 30)
    assert workers_for(asked, 100) == 3
    monkeypatch.setattr("formcheck.batch.run._free_bytes", lambda: 1 << 20)
    assert workers_for(asked, 100) == 1
    monkeypatch.setattr("formcheck.batch.run._free_bytes", lambda: 1 << 40)
    assert (workers_for(asked, 100), workers_for(asked, 2)) == (8, 2)
