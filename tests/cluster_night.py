"""A batch on a Ray cluster of two nodes on this machine, of which one is killed midway.

    python cluster_night.py IN OUT

A program of its own: a cluster leaves threads and open files behind. Prints how many clips were
done when the node was killed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from nights import QUICK, Silent, work

from formcheck.batch.cluster import LOOPBACK
from formcheck.batch.job import Terms
from formcheck.batch.run import Asked, batch

NODE = {"num_cpus": 1, "node_ip_address": "127.0.0.1", "include_dashboard": False,
        "object_store_memory": 80 << 20, "wait": False}  # fmt: skip
KILL_AFTER = 4
START_S = 150
"""What a busy machine may take to begin two nodes."""


class Killing(Silent):
    """Kills the second node when a few clips are done."""

    def __init__(self, kill) -> None:
        super().__init__()
        self.kill, self.killed_at = kill, 0

    def done(self, progressed) -> None:
        super().done(progressed)
        if len(self.told) >= KILL_AFTER and not self.killed_at:
            self.killed_at = len(self.told)
            self.kill()


def main() -> None:
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", LOOPBACK: "0"}
    here = str(Path(__file__).resolve().parent)
    os.environ["PYTHONPATH"] = os.pathsep.join([here, os.environ.get("PYTHONPATH", "")])
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args=NODE)
    try:
        second = cluster.add_node(**NODE | {"node_ip_address": "127.0.0.2"})
        cluster.wait_for_nodes(START_S)
        screen = Killing(lambda: cluster.remove_node(second, allow_graceful=False))
        source, out = Path(sys.argv[1]), Path(sys.argv[2])
        batch(Asked([source], out, Terms(limits=QUICK), ray=cluster.address), screen, work)
        print(screen.killed_at)
    finally:
        cluster.shutdown()


if __name__ == "__main__":
    main()
