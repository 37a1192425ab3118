"""A port for a server that is a process of its own."""

from __future__ import annotations

import random
import socket

OWN = range(10_000, 32_000)
"""Below those that systems give by themselves (from 32768 on Linux, 49152 elsewhere): until the
server listens there no client and no other test gets it by chance."""


def free() -> int:
    """A port of this machine's loopback where nobody listens."""
    while True:
        with socket.socket() as one:
            port = random.SystemRandom().choice(OWN)
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
