"""What the routes share: the settings, the queue, whoever works on it, and the live sets."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, HTTPException
from starlette.requests import HTTPConnection

from formcheck.exercises import AUTO, DEFAULT, EXERCISES
from formcheck.web.allowance import Allowance
from formcheck.web.comparisons import Comparisons
from formcheck.web.lives import Lives
from formcheck.web.places import Place, place
from formcheck.web.queue import Queue
from formcheck.web.schemas import Clip
from formcheck.web.settings import Settings

_SALT = secrets.token_bytes(16)


@dataclass
class Services:
    """One server's."""

    settings: Settings
    queue: Queue
    lives: Lives
    wrong: Allowance
    """Wrong tokens that a client may still try."""
    working: Callable[[], bool]
    """Whether somebody works on the queue."""
    comparisons: Comparisons
    uploading: dict[str, int] = field(default_factory=dict)
    """How many uploads each client has under way."""

    def clip(self, id_: str) -> tuple[Clip, Place]:
        """A clip and its place. Raises HTTPException 404 for what is not there."""
        where = place(self.settings, id_)
        clip = None if where is None else self.queue.clip(id_)
        if where is None or clip is None:
            raise HTTPException(404, "There is no such clip. It may have been deleted.")
        return clip, where


def services(connection: HTTPConnection) -> Services:
    """Those of the server that was asked."""
    found: Services = connection.app.state.services
    return found


Shared = Annotated[Services, Depends(services)]


def client_key(client: str) -> str:
    """An address as limits know it: the same for the same client, and of no use to anybody else."""
    return hashlib.blake2s(client.encode(), key=_SALT, digest_size=8).hexdigest()


def exercise_of(said: str) -> str:
    """What a clip shows, as it was said; empty: the usual one. Raises HTTPException 422."""
    name = said.strip() or DEFAULT
    if name != AUTO and name not in EXERCISES:
        known = ", ".join((*EXERCISES, AUTO))
        raise HTTPException(422, f"There is no such exercise. Expected one of {known}.")
    return name
