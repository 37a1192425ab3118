"""A server whose clips are analysed on a Ray cluster of one node, on this machine's loopback.

    python web_cluster.py DATA

A program of its own: a cluster leaves threads and open files behind. Prints, as JSON, what became
of each clip, and the server's exit status.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import httpx2 as httpx
from cluster_night import NODE, START_S
from web_app import done, process, track, upload

from formcheck.batch.cluster import LOOPBACK


def main() -> None:
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", LOOPBACK: "0"}
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args=NODE)
    try:
        cluster.wait_for_nodes(START_S)
        print(json.dumps(_served(Path(sys.argv[1]), cluster.address)))
    finally:
        cluster.shutdown()


def _served(data: Path, cluster: str) -> dict[str, object]:
    with process(data, "--ray", cluster) as (address, running):
        with httpx.Client(trust_env=False, base_url=address, timeout=240) as asks:
            ids = [upload(asks, track(), f"{n}.npz").json()["id"] for n in range(3)]
            asks.post(f"/api/clips/{ids[1]}/cancel")
            told = done(asks, ids)
        running.terminate()
        ended = running.wait(240)
    clips = [{name: told[id_][name] for name in ("status", "reps")} for id_ in ids]
    return {"clips": clips, "ended": ended}


if __name__ == "__main__":
    main()
