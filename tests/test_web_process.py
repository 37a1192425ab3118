"""The server as a process: what it takes up is never lost, and never done twice."""

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import httpx2 as httpx
import numpy as np
import pytest
from databases import programs, server
from web_app import done, process, track, upload

pytestmark = pytest.mark.slow


@contextmanager
def clients(address, n=1):
    with ExitStack() as stack:
        made = (httpx.Client(base_url=address, timeout=60) for _ in range(n))
        yield [stack.enter_context(one) for one in made]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_killed_server_loses_no_upload(tmp_path, database):
    """Ten uploads, kill -9 in the midst of the work, a restart: each has one report."""
    if database == "sqlite":
        _killed(tmp_path)
        return
    if programs() is None:
        pytest.skip("no PostgreSQL: install Debian's package `postgresql`")
    with server() as url:
        _killed(tmp_path, "--database", url)


def _killed(tmp_path, *more):
    content = track()
    with process(tmp_path / "data", *more) as (address, running), clients(address) as (asks,):
        ids = [upload(asks, content, f"{n}.npz").json()["id"] for n in range(6)]
        until = time.monotonic() + 240
        while not any(c["status"] == "done" for c in asks.get("/api/clips").json()["clips"]):
            assert time.monotonic() < until
            time.sleep(0.05)
        os.kill(running.pid, signal.SIGKILL)
    with process(tmp_path / "data", *more) as (address, running), clients(address) as (asks,):
        told = done(asks, ids)
        assert sorted(told) == sorted(ids)
        assert {one["status"] for one in told.values()} == {"done"}
        for id_ in ids:
            report = asks.get(f"/api/clips/{id_}/report.json").json()
            assert report["set"]["reps"] == 1
    for id_ in ids:
        assert sorted(p.name for p in (tmp_path / "data/clips" / id_).glob("[!.]*")) == [
            f"{id_}.npz",
            "result",
        ]


def test_a_server_that_stops_hands_its_work_back(tmp_path):
    content = track()
    with process(tmp_path / "data") as (address, running), clients(address) as (asks,):
        ids = [upload(asks, content, f"{n}.npz").json()["id"] for n in range(3)]
        running.terminate()
        running.wait(30)
    began = time.monotonic()
    with process(tmp_path / "data") as (address, running), clients(address) as (asks,):
        told = done(asks, ids)
        assert {one["status"] for one in told.values()} == {"done"}
    assert time.monotonic() - began < 40  # nothing waited for a lease to run out


def test_many_uploads_at_once_all_get_their_report(tmp_path):
    """A short form of the soak: 10 clients, two clips each, and the page answers meanwhile."""
    content, took = track(), []
    with process(tmp_path / "data") as (address, _), clients(address, 10) as asks:
        with ThreadPoolExecutor(10) as many:
            answers = list(many.map(lambda n: upload(asks[n % 10], content, f"{n}.npz"), range(20)))
        ids = [answer.json()["id"] for answer in answers]
        assert len(set(ids)) == 20
        while any(c["status"] != "done" for c in asks[0].get("/api/clips").json()["clips"]):
            began = time.monotonic()
            assert asks[1].get("/").status_code == 200
            took.append(time.monotonic() - began)
            assert len(took) < 2000
            time.sleep(0.1)
        reports = {asks[0].get(f"/api/clips/{i}/report.json").content for i in ids}
    assert len({json.loads(r)["set"]["reps"] for r in reports}) == 1
    assert np.percentile(took, 95) < 0.3
