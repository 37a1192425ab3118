"""A web app for tests: in this process with its database and folder, or as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import crowd
import httpx2 as httpx
import numpy as np
from starlette.testclient import TestClient

from formcheck.pose import Pose, PoseTrack
from formcheck.web import app as web
from formcheck.web.settings import Limits, Settings, checked

HERE = "http://127.0.0.1:8000"
FILM = b"\0\0\0\x18ftypmp42" + bytes(400)
"""What looks like a film at its head."""


class Idle:
    """Nobody works on the queue."""

    def __init__(self, *_):
        pass

    def start(self):
        pass

    def stop(self):
        pass


@contextmanager
def served(data: Path, *, crew=Idle, limits=None, base=HERE, client="127.0.0.1", **given):
    """A client of an app that runs in this process."""
    settings = checked(Settings(data=data, limits=Limits(**(limits or {})), **given))
    before, web.Crew = web.Crew, crew
    try:
        app = web.create_app(settings)
        with TestClient(app, base_url=base, client=(client, 1234)) as asks:
            yield asks
    finally:
        web.Crew = before


def upload(asks, content=FILM, name="a.mp4", **more):
    """An upload of one clip."""
    return asks.post("/api/clips", files={"file": (name, content)}, **more)


def track() -> bytes:
    """A saved pose track of one rep: analysed in a second, without a model."""
    with tempfile.TemporaryDirectory() as folder:
        crowd.athlete(fps=30).save(Path(folder) / "a.npz")
        return (Path(folder) / "a.npz").read_bytes()


@contextmanager
def process(data: Path, *more: str, **environment) -> Iterator[tuple[str, subprocess.Popen]]:
    """`formcheck serve` as a process of its own, once it answers: its address and itself."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "formcheck", "serve", "--data", data, "--port", port, *more]
    log = (data.parent / f"{data.name}.log").open("ab")
    running = subprocess.Popen(
        [str(part) for part in command], stderr=log, env={**os.environ, **environment}
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(lambda: httpx.get(f"{address}/healthz").status_code == 200, running)
        yield address, running
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            running.kill()
        log.close()


def _wait(there, running, seconds=240):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert running.poll() is None, "the server ended"
        try:
            if there():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def done(asks, ids, seconds=240):
    """Wait until none of the clips waits any more; by id what became of each."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        told = {one["id"]: one for one in asks.get("/api/clips").json()["clips"]}
        if all(told[i]["status"] not in {"queued", "running"} for i in ids):
            return told
        time.sleep(0.2)
    raise AssertionError([told[i] for i in ids])


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
