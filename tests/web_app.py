"""A web app for tests: in this process with its database and folder, in this process behind a real
socket, or as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import crowd
import httpx2 as httpx
import numpy as np
import ports
import uvicorn
from starlette.testclient import TestClient

from formcheck.batch.worker import work
from formcheck.pose import Pose, PoseTrack
from formcheck.web import app as web
from formcheck.web import serve
from formcheck.web.crew import Crew
from formcheck.web.keys import Keys
from formcheck.web.settings import Limits, Settings, checked

HERE = "http://127.0.0.1:8000"
FILM = b"\0\0\0\x18ftypmp42" + bytes(400)
"""What looks like a film at its head."""


LEASE_S = 4.0
"""Of servers that are a process here: after a kill nobody wants to wait for a real one's."""


class Idle:
    """Nobody works on the queue."""

    def __init__(self, *_):
        pass

    def start(self):
        pass

    def stop(self):
        pass

    def well(self):
        return True


class Here:
    """A pool that works in this process: an analysis without the start of another one."""

    def __init__(self, work=work):
        self._work, self._jobs, self.begun = work, [], threading.Event()

    def room(self):
        return 1 - len(self._jobs)

    def submit(self, job):
        self._jobs.append(job)
        self.begun.set()

    def next(self, seconds):
        if not self._jobs:
            time.sleep(0.01)
            return []
        return [self._work(self._jobs.pop(), lambda words, share: None)]

    def progress(self):
        return {job.name: ("Following the athlete", 0.4) for job in self._jobs}

    def cancel(self, name):
        self._jobs = [job for job in self._jobs if job.name != name]

    def close(self):
        self._jobs = []


class Endless(Here):
    """A pool that never ends a job by itself."""

    def next(self, seconds):
        time.sleep(0.01)
        return []


class Hand(Crew):
    """A crew in this process."""

    kind = Here

    def __post_init__(self):
        self.pool = self.kind()


class Busy(Hand):
    """A crew that never ends a job by itself."""

    kind = Endless


@contextmanager
def served(
    data: Path, *, crew=Idle, limits=None, base=HERE, client="127.0.0.1", token=None, **given
):
    """A client of an app that runs in this process."""
    if token is not None:
        given["keys"] = Keys(token, "what only the server knows")
    settings = checked(Settings(data=data, limits=Limits(**(limits or {})), **given))
    before, web.Crew = web.Crew, crew
    try:
        app = web.create_app(settings)
        with TestClient(app, base_url=base, client=(client, 1234)) as asks:
            yield asks
    finally:
        web.Crew = before


@contextmanager
def listening(data: Path, *, crew=Idle, **given) -> Iterator[str]:
    """The address of an app that runs in this process as `formcheck serve` runs it."""
    with socket.create_server(("127.0.0.1", 0)) as sockets:
        port = sockets.getsockname()[1]
        settings = checked(Settings(data=data, port=port, **given))
        before, web.Crew = web.Crew, crew
        try:
            app = web.create_app(settings)
        finally:
            web.Crew = before
        server = uvicorn.Server(serve._config(app, settings))
        running = threading.Thread(target=server.run, args=([sockets],))
        running.start()
        try:
            waited(lambda: _answers(settings.address))
            yield settings.address
        finally:
            server.should_exit = True
            running.join(30)


def upload(asks, content=FILM, name="a.mp4", **more):
    """An upload of one clip."""
    return asks.post("/api/clips", files={"file": (name, content)}, **more)


def track(*acts) -> bytes:
    """A saved pose track, of one rep unless it is said: analysed in a second, without a model."""
    with tempfile.TemporaryDirectory() as folder:
        crowd.athlete(*acts, fps=30).save(Path(folder) / "a.npz")
        return (Path(folder) / "a.npz").read_bytes()


SERVE = f"""
from formcheck.web import queue
queue.LEASE_S = {LEASE_S}
from formcheck.cli import main
main()
"""


@contextmanager
def process(data: Path, *more: str, **environment) -> Iterator[tuple[str, subprocess.Popen]]:
    """`formcheck serve` as a process of its own, once it answers: its address and itself."""
    port = ports.free()
    command = [sys.executable, "-c", SERVE, "serve", "--data", data, "--port", port, *more]
    log = (data.parent / f"{data.name}.log").open("ab")
    running = subprocess.Popen(
        [str(part) for part in command], stderr=log, env={**os.environ, **environment}
    )
    address = f"http://127.0.0.1:{port}"
    try:
        waited(lambda: _answers(address, running), 240)  # a busy machine loads slowly
        yield address, running
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            running.kill()
        log.close()


def _answers(address, running=None):
    """Whether the server works by now; it may still be starting."""
    assert running is None or running.poll() is None, "the server ended"
    try:
        # not by the environment's proxy: a pose model in this process closed the way out
        return httpx.get(f"{address}/healthz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def waited(there, seconds=240, every=0.02):
    """Wait until something is there, and return it."""
    until = time.monotonic() + seconds
    while not (found := there()):
        assert time.monotonic() < until, "it did not come"
        time.sleep(every)
    return found


def done(asks, ids, seconds=240):
    """Wait until none of the clips waits any more; by id what became of each."""

    def over():
        told = {one["id"]: one for one in asks.get("/api/clips").json()["clips"]}
        return told if all(told[i]["status"] not in {"queued", "running"} for i in ids) else None

    return waited(over, seconds)


def texts(page: str) -> str:
    """A page without its tags."""
    return re.sub(r"<[^>]+>", " ", page)


class Known:
    """A pose model that finds in any picture who was there at that second of a saved track."""

    def __init__(self, path, people, video, confidence):
        self._track = PoseTrack.load(path)

    def find(self, rgb, t):
        i = int(np.argmin(np.abs(self._track.t_s - t)))
        return [Pose(t, self._track.points[i], self._track.visibility[i])]

    def close(self):
        pass
