"""The web app under load: many uploads at once, a kill -9 in the midst, and how the page answers.

    python tests/benchmarks/web.py [--uploads 50] [--clients 10] [--megabytes 4] [--film CLIP]
                                   [--postgresql] [--workers 1]

Exits with 1 where an upload has no report, or not exactly one, or the page took 300 ms or more
(p95) meanwhile, or the server's own memory grew by 100 MB or more.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import signal
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import databases
import httpx2 as httpx
import numpy as np
from web_app import process, track, upload

SLOWEST_MS = 300.0
MOST_GROWTH_MB = 100.0


@dataclass
class Watch:
    """What is seen of a server while it works: seconds that the page took, MB of its process."""

    address: str
    pid: int
    took: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)
    """By id, as they were last told."""
    over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Ask for the page, again and again; where that fails, all is over."""
        try:
            self._look()
        finally:
            self.over.set()

    def _look(self) -> None:
        killed = suppress(httpx.TransportError)  # in the midst of an answer, too
        with killed, httpx.Client(trust_env=False, base_url=self.address, timeout=60) as asks:
            while not self.over.is_set():
                began = time.monotonic()
                assert asks.get("/").status_code == 200
                self.took.append(time.monotonic() - began)
                self.memory.append(resident_mb(self.pid))
                clips = asks.get("/api/clips").json()["clips"]
                self.statuses = {clip["id"]: clip["status"] for clip in clips}
                self.over.wait(0.1)

    def wait(self, there: Callable[[list[str]], bool]) -> None:
        """Until the clips are as they should be."""
        while not self.over.is_set() and not there(list(self.statuses.values())):
            time.sleep(0.05)


@contextmanager
def watched(data: Path, *more: str) -> Iterator[Watch]:
    """A server, and what is seen of it."""
    with process(data, *more) as (address, running), ThreadPoolExecutor(1) as one:
        watch = Watch(address, running.pid)
        looking = one.submit(watch.look)
        try:
            yield watch
        finally:
            watch.over.set()
            looking.result()


def resident_mb(pid: int) -> float:
    """Memory in use of a process alone, MB; NaN where the system does not say."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def padded(megabytes: float) -> bytes:
    """A saved pose track as large as a clip."""
    whole = io.BytesIO(track())
    with zipfile.ZipFile(whole, "a") as file:
        file.writestr("padding.npy", os.urandom(round(megabytes * 1e6)))
    return whole.getvalue()


def uploaded(address: str, clients: int, uploads: int, content: bytes, name: str) -> list[str]:
    """The ids of what was uploaded, by so many clients at once."""
    with ExitStack() as stack, ThreadPoolExecutor(clients) as many:
        made = [
            httpx.Client(trust_env=False, base_url=address, timeout=600) for _ in range(clients)
        ]
        asks = [stack.enter_context(one) for one in made]
        answers = list(many.map(lambda n: upload(asks[n % clients], content, name), range(uploads)))
    assert {answer.status_code for answer in answers} == {202}
    return [answer.json()["id"] for answer in answers]


def whole(data: Path, address: str, ids: list[str]) -> int:
    """How many uploads have exactly one report."""
    with httpx.Client(trust_env=False, base_url=address, timeout=60) as asks:
        told = [clip["id"] for clip in asks.get("/api/clips").json()["clips"]]
        served = [asks.get(f"/api/clips/{id_}/report.json").status_code for id_ in ids]
    on_disk = [len(list((data / "clips" / id_).rglob("report.json"))) for id_ in ids]
    once = [told.count(id_) for id_ in ids]
    return sum(x == (200, 1, 1) for x in zip(served, on_disk, once, strict=True))


def main() -> int:
    given = _asked()
    content = padded(given.megabytes) if given.film is None else given.film.read_bytes()
    name = "a.npz" if given.film is None else given.film.name
    more = ["--workers", str(given.workers)]
    began = time.monotonic()
    with ExitStack() as stack:
        if given.postgresql:
            more += ["--database", stack.enter_context(databases.server())]
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        data = Path(folder) / "data"
        with watched(data, *more) as first:
            first.wait(lambda s: bool(first.memory))
            uploading = time.monotonic()
            ids = uploaded(first.address, given.clients, given.uploads, content, name)
            took_up, seen = time.monotonic() - uploading, len(first.took)
            first.wait(lambda s: s.count("done") >= len(ids) // 2)
            first.over.set()
            os.kill(first.pid, signal.SIGKILL)
        with watched(data, *more) as second:
            second.wait(lambda s: len(s) == len(ids) and not {"queued", "running"} & set(s))
            reports = whole(data, second.address, ids)
    figures = {"uploads": len(ids), "reports": reports, "uploading_s": round(took_up, 1)}
    figures["seconds"] = round(time.monotonic() - began, 1)
    return _told(first, second, seen, figures)


def _asked() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--uploads", type=int, default=50)
    asked.add_argument("--clients", type=int, default=10)
    asked.add_argument("--megabytes", type=float, default=4.0, help="of each upload")
    asked.add_argument("--film", type=Path, help="instead of a saved pose track")
    asked.add_argument("--workers", type=int, default=1)
    asked.add_argument("--postgresql", action="store_true", help="on one that is started for it")
    return asked.parse_args()


def _told(first: Watch, second: Watch, seen: int, figures: dict[str, float]) -> int:
    """Print the figures; the exit status. seen: looks at the page while it was uploaded."""
    ms = 1000 * np.array(first.took + second.took)
    grew = max(max(w.memory) - w.memory[0] for w in (first, second))
    figures["page_p50_ms"] = round(float(np.percentile(ms, 50)), 1)
    figures["page_p95_ms"] = round(float(np.percentile(ms, 95)), 1)
    figures["page_p95_while_uploading_ms"] = round(float(np.percentile(ms[:seen], 95)), 1)
    figures["page_max_ms"] = round(float(ms.max()), 1)
    figures["looks"] = len(ms)
    figures["server_mb"] = round(max(first.memory + second.memory))
    figures["server_grew_mb"] = round(grew, 1)
    print(json.dumps(figures))
    slow = figures["page_p95_ms"] >= SLOWEST_MS
    return int(figures["reports"] < figures["uploads"] or slow or grew >= MOST_GROWTH_MB)


if __name__ == "__main__":
    sys.exit(main())
