"""The server as a process: from its settings to its graceful end."""

from __future__ import annotations

import logging
import socket
import sys

import uvicorn
from fastapi import FastAPI

from formcheck.errors import UsageError
from formcheck.web.app import create_app
from formcheck.web.settings import Settings, checked, loopback

GRACE_S = 5
"""How long answers under way may take once the server is to stop."""
CONNECTIONS = 1000


def serve(settings: Settings) -> None:
    """Serve until stopped; then what is being worked on goes back into the queue.

    Raises FormcheckError where it cannot begin.
    """
    settings = checked(settings)
    with _listening(settings) as listening:
        app = create_app(settings)
        for line in welcome(settings):
            print(line, file=sys.stderr)
        _log()
        uvicorn.Server(_config(app, settings)).run([listening])


def _config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        ssl_certfile=settings.certfile,
        ssl_keyfile=settings.keyfile,
        access_log=False,  # it would tell addresses and ids
        log_config=None,
        server_header=False,
        proxy_headers=False,  # a client could call itself what it likes
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=10,
        limit_concurrency=CONNECTIONS,
        ws_max_size=settings.limits.frame_bytes,
        ws_per_message_deflate=False,
    )


def _listening(settings: Settings) -> socket.socket:
    """Where it is listened. Raises UsageError where that cannot be."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=512)
    except OSError as error:
        raise UsageError(
            f"{settings.host}, port {settings.port}: nothing can be served there "
            f"({error.strerror}). Another program may; choose another port with --port."
        ) from error


def welcome(settings: Settings) -> list[str]:
    """What is told when it begins."""
    lines = [f"formcheck is at {settings.address}"]
    if settings.keys is None:
        lines.append("Only this machine reaches it. Stop it with Ctrl-C.")
        return lines
    lines += [
        f"Others need the token: {settings.keys.token}",
        f"or this link, which carries it: {settings.address}/login#{settings.keys.token}",
    ]
    if not settings.secure and not loopback(settings.host):
        lines.append(
            "Without HTTPS (--certfile, --keyfile) the token and all clips can be read on the way, "
            "and phones give no camera: see docs/web.md."
        )
    return lines


def _log() -> None:
    """What the server tells goes to stderr: routes and times, never a name, an address or an id."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    # uvicorn's own lines of less weight tell the address of every WebSocket.
    for name, level in (("formcheck.web", logging.INFO), ("uvicorn.error", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)
