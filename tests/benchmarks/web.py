"""The web app under load: many uploads at once, a kill -9 in the midst, and how the page answers.

    python tests/benchmarks/web.py [--uploads 50] [--clients 10] [--film CLIP] [--database URL]

Exits with 1 where an upload has no report, or the page took 300 ms or more (p95).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx2 as httpx
import numpy as np
from web_app import process, track, upload


def resident_mb(pid: int) -> float:
    """Memory in use of a process alone, MB; NaN where the system does not say."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def watched(address: str, pid: int, ids: list[str], until) -> tuple[list[float], list[float]]:
    """Seconds that the page took, and the server's memory, until all is as it should be."""
    took, memory = [], []
    with httpx.Client(base_url=address, timeout=60) as asks:
        while True:
            began = time.monotonic()
            assert asks.get("/").status_code == 200
            took.append(time.monotonic() - began)
            memory.append(resident_mb(pid))
            told = {c["id"]: c["status"] for c in asks.get("/api/clips").json()["clips"]}
            if until([told[i] for i in ids]):
                return took, memory
            time.sleep(0.2)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--uploads", type=int, default=50)
    asked.add_argument("--clients", type=int, default=10)
    asked.add_argument("--film", type=Path)
    asked.add_argument("--database")
    given = asked.parse_args()
    content = track() if given.film is None else given.film.read_bytes()
    name = "a.npz" if given.film is None else given.film.name
    more = () if given.database is None else ("--database", given.database)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with process(data, *more) as (address, running):
            before = resident_mb(running.pid)
            clients = [httpx.Client(base_url=address, timeout=600) for _ in range(given.clients)]
            began = time.monotonic()
            with ThreadPoolExecutor(given.clients) as many:
                answers = list(
                    many.map(
                        lambda n: upload(clients[n % given.clients], content, name),
                        range(given.uploads),
                    )
                )
            took_up = time.monotonic() - began
            assert {a.status_code for a in answers} == {202}
            ids = [a.json()["id"] for a in answers]
            half = len(ids) // 2
            took, memory = watched(address, running.pid, ids,
                                   lambda s: s.count("done") >= half)  # fmt: skip
            os.kill(running.pid, signal.SIGKILL)
        with process(data, *more) as (address, running):
            again, after = watched(address, running.pid, ids,
                                   lambda s: not {"queued", "running"} & set(s))  # fmt: skip
            with httpx.Client(base_url=address) as asks:
                reports = [asks.get(f"/api/clips/{i}/report.json").status_code for i in ids]
    ms = 1000 * np.percentile(took + again, 95)
    figures = {
        "uploads": len(ids),
        "reports": reports.count(200),
        "uploading_s": round(took_up, 1),
        "page_p95_ms": round(float(ms), 1),
        "server_mb": [round(before), round(max(memory)), round(max(after))],
        "seconds": round(time.monotonic() - began, 1),
    }
    print(json.dumps(figures))
    return 0 if reports.count(200) == len(ids) and ms < 300 else 1


if __name__ == "__main__":
    sys.exit(main())
