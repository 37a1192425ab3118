"""Clips on a Ray cluster of two nodes, both on this machine and bound to its loopback."""

import ast
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from nights import QUICK, Run, word
from typer.testing import CliRunner

import formcheck
from formcheck.batch import cluster
from formcheck.batch.schedule import EndedError
from formcheck.cli import app

HERE = Path(__file__).resolve().parent
TABLES = ("batch.csv", "batch.json", "index.html")


def ran(program: str, *args) -> str:
    """A program of the tests, as a process of its own; returns what it printed."""
    path = os.pathsep.join([str(HERE), str(HERE.parent), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, str(HERE / program), *map(str, args)]
    done = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True,
        timeout=560, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="two nodes of one machine: Linux alone")
def test_a_node_killed_midway_changes_nothing(tmp_path):
    for n in range(12):
        word(tmp_path / "in" / f"{n:02}.mp4", {1: "bad", 9: "crash"}.get(n, "slow"))
    printed = ran("cluster_night.py", tmp_path / "in", tmp_path / "cluster")
    ran("nights.py", tmp_path / "in", tmp_path / "alone", 2)
    assert int(printed.splitlines()[-1]) == 4, "the node was killed when four clips were done"
    for name in TABLES:
        alone, cluster = tmp_path / "alone" / name, tmp_path / "cluster" / name
        assert cluster.read_bytes() == alone.read_bytes()


def test_nobody_answers_is_4_and_says_what_to_do(tmp_path):
    (tmp_path / "in").mkdir()
    args = ["batch", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--ray", "127.0.0.1:1"]
    done = CliRunner().invoke(app, args)
    assert done.exit_code == 4
    assert "No Ray cluster answers at 127.0.0.1:1" in done.stderr
    assert "ray start --head" in " ".join(done.stderr.split())


class Rayless:
    """What a pool asks of Ray, without one; waiting counts."""

    exceptions = SimpleNamespace(RayTaskError=KeyError, RayError=OSError)

    def __init__(self) -> None:
        self.asked: list[str] = []

    def remote(self, **_):
        return lambda work: SimpleNamespace(remote=lambda *_: "task")

    def wait(self, tasks, timeout):
        return [], tasks

    def __getattr__(self, name):
        return lambda *_, **__: self.asked.append(name) or {"CPU": 1}


def test_a_lost_head_ends_the_batch_with_4_and_keeps_what_is_finished(tmp_path, monkeypatch):
    word(tmp_path / "in" / "a.mp4")
    ray, run = Rayless(), Run(tmp_path / "in", tmp_path / "out")
    monkeypatch.setattr(cluster, "_connected", lambda _: ray)
    monkeypatch.setattr(cluster, "COUNT_S", -1.0)
    with socket.create_server(("127.0.0.1", 0)) as head:
        pool = cluster.ClusterPool(f"127.0.0.1:{head.getsockname()[1]}", QUICK)
        assert pool.room() == 1
    with pytest.raises(EndedError, match=r"its head was ended.*run the batch again") as told:
        run.all(pool)
    pool.close()
    assert told.value.status == 4
    assert ray.asked == ["cluster_resources"], "nothing that would wait for the head"


def test_a_head_that_was_just_lost_is_not_asked_for_its_processors(monkeypatch):
    ray = Rayless()
    monkeypatch.setattr(cluster, "_connected", lambda _: ray)
    with socket.create_server(("127.0.0.1", 0)) as head:
        pool = cluster.ClusterPool(f"127.0.0.1:{head.getsockname()[1]}", QUICK)
    assert pool.room() == 0
    assert ray.asked == []


def test_only_its_runner_knows_ray():
    package = Path(formcheck.__file__).parent
    named = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(n.split(".")[0] == "ray" for n in _names(node))
    }
    assert named <= {"batch/cluster.py"} | {n for n in named if n.startswith("web/")}


def _names(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
