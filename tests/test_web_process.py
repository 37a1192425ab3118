"""The server as a process: what it takes up is never lost, and never done twice."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx2 as httpx
import pytest
from athlete import Curl
from web_app import done, process, track, upload, waited

from formcheck.store import jobs
from formcheck.store.opening import opened

pytestmark = pytest.mark.slow


@contextmanager
def clients(address, n):
    with ExitStack() as stack:
        made = (httpx.Client(trust_env=False, base_url=address, timeout=240) for _ in range(n))
        yield [stack.enter_context(one) for one in made]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_no_upload_is_lost_however_a_server_ends(tmp_path, request, database):
    """Uploads of ten clients at once and kill -9 in the midst of the work; the next server gives
    each its one report. It is stopped by SIGTERM, and hands back what it works on."""
    data, more, url = tmp_path / "data", (), f"sqlite:///{tmp_path / 'data/formcheck.sqlite'}"
    if database == "postgresql":
        url = request.getfixturevalue("postgresql")
        more = ("--database", url)
    ids = _killed(data, *more)
    with process(data, *more) as (address, running), clients(address, 1) as (asks,):
        told = done(asks, ids)
        assert sorted(told) == sorted(ids)
        assert {(one["status"], one["reps"]) for one in told.values()} == {("done", 1)}
        for id_ in ids:
            report = asks.get(f"/api/clips/{id_}/report.json").json()
            assert report["set"]["reps"] == 1
            assert {p.name for p in (data / "clips" / id_).glob("[!.]*")} == {
                f"{id_}.npz",
                "result",
            }
        late = _at_work(asks)
        assert asks.get("/").status_code == 200
        running.terminate()
        assert running.wait(120) == 130
    _handed_back(url, late)
    _well_told(tmp_path / "data.log", address)


@pytest.mark.skipif(sys.platform != "linux", reason="a cluster of one machine: Linux alone")
def test_clips_are_analysed_on_a_cluster(tmp_path):
    """One is called off; and the server ends as without Ray, which would end it otherwise."""
    here = Path(__file__).resolve().parent
    path = os.pathsep.join([str(here), str(here.parent), os.environ.get("PYTHONPATH", "")])
    said = subprocess.run(
        [sys.executable, str(here / "web_cluster.py"), str(tmp_path / "data")],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=560,
        check=False,
    )
    assert said.returncode == 0, said.stderr[-4000:]
    told = json.loads(said.stdout.splitlines()[-1])
    done, called_off = {"status": "done", "reps": 1}, {"status": "cancelled", "reps": None}
    assert told == {"clips": [done, called_off, done], "ended": 130}


def _killed(data, *more):
    """The ids of what a server had accepted that was killed when some were done and some not."""
    content = track()
    with process(data, *more) as (address, running), clients(address, 10) as all_:
        with ThreadPoolExecutor(10) as many:
            answers = list(many.map(lambda asks: upload(asks, content, "a.npz"), all_))
        ids = {answer.json()["id"] for answer in answers}
        assert len(ids) == 10
        states = waited(lambda: _some_done(all_[0]))
        os.kill(running.pid, signal.SIGKILL)
        assert states.count("done") < 10
    return ids


def _some_done(asks):
    """The states of all clips, once the first is done."""
    states = [one["status"] for one in asks.get("/api/clips").json()["clips"]]
    return states if "done" in states else None


def _at_work(asks):
    """The id of a clip that is worked on, and that for some seconds."""
    id_ = upload(asks, track(*[Curl()] * 24), "late.npz").json()["id"]
    waited(lambda: asks.get(f"/api/clips/{id_}").json()["status"] == "running")
    return id_


def _handed_back(url, id_):
    """It waits, free at once, and does not count as tried."""
    with opened(url) as store:
        job = jobs.find(store, id_)
        assert (job.status, job.worker, job.attempts) == ("queued", None, 0)
        assert jobs.claim(store, "the next", datetime.now(UTC)).id == id_


def _well_told(log, address):
    told = log.read_text()
    assert f"formcheck is at {address}" in told
    assert "GET /healthz 200" in told
    assert "waits in the queue" in told
    for fault in ("Traceback", " 500 ", "Clips that were finished", "a.npz"):
        assert fault not in told
