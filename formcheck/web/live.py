"""Live in the browser: the page, and the WebSocket that takes its pictures and answers them."""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Annotated, Any, Literal

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from formcheck.errors import UsageError
from formcheck.exercises import DEFAULT, EXERCISES
from formcheck.overlay.stage import BONES, SIDES
from formcheck.pages.words import sentence
from formcheck.web.api import athlete_of
from formcheck.web.guard import client_of
from formcheck.web.lives import FullError, Sitting
from formcheck.web.rendering import render
from formcheck.web.services import Services, Shared, client_key

router = APIRouter()
STARTS_S = 10.0
"""How long a browser may take to say what it wants."""
BEHIND = 30
"""Pictures that may be unanswered."""
TIME = struct.Struct("<d")
UNKNOWN = "The set is over. What there was of it is among the clips."


class Start(BaseModel):
    """The first message."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: Literal["start"]
    exercise: Annotated[str, Field(max_length=60)] = DEFAULT
    mirror: bool = False
    """How the browser shows itself; the pictures that it sends are never mirrored."""
    athlete: Annotated[str, Field(max_length=200)] = ""
    resume: Annotated[str, Field(max_length=60)] | None = None
    """The key of the set that it was lost in, or an empty one: then it is told its own."""


@router.get("/live", response_class=HTMLResponse)
def page(shared: Shared) -> str:
    """Where a set is done before the camera."""
    others = [name for name in EXERCISES if name != DEFAULT]
    names = [(name, sentence(EXERCISES[name].title)) for name in (DEFAULT, *others)]
    bones = [[[int(a.on(side)), int(b.on(side))] for a, b in BONES] for side in SIDES]
    films = {name: exercise.film for name, exercise in EXERCISES.items()}
    return render(
        "live.html", here="live", exercises=names, films=films, bones=json.dumps(bones),
        port=shared.settings.port,
    )  # fmt: skip


@router.websocket("/api/live")
async def live(socket: WebSocket, shared: Shared) -> None:
    """One browser, from its first message to its stop, or until it is lost."""
    await socket.accept()
    try:
        start = await _start(socket)
        sitting = await _sitting(socket, shared, start)
    except (
        ValidationError,
        ValueError,
        TimeoutError,
        KeyError,
        RuntimeError,
        FullError,
        UsageError,
    ) as error:
        await _close(socket, _reason(error))
        return
    except WebSocketDisconnect:
        return
    answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def tell(said: dict[str, Any]) -> None:
        loop.call_soon_threadsafe(answers.put_nowait, said)

    sitting.taken_by(tell)
    if start.resume is not None:
        await socket.send_json({"type": "started", "resume": sitting.key})
    await _both(socket, sitting, answers)
    if sitting.over:
        await _close(socket, "")
    else:
        sitting.left_by(tell)


async def _start(socket: WebSocket) -> Start:
    """Raises TimeoutError, ValidationError, WebSocketDisconnect, KeyError (not text)."""
    message = await asyncio.wait_for(socket.receive(), STARTS_S)
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect
    return Start.model_validate_json(message.get("text") or "")


async def _sitting(socket: WebSocket, shared: Services, start: Start) -> Sitting:
    """The one to go on with, or a new one. Raises ValueError or FullError, with the reason."""
    if start.resume:
        found = shared.lives.find(start.resume)
        if found is None:
            raise ValueError(UNKNOWN)
        return found
    if start.exercise not in EXERCISES:
        raise ValueError(f"There is no such exercise. Expected one of {', '.join(EXERCISES)}.")
    client = client_key(client_of(socket.scope))
    return await asyncio.to_thread(
        shared.lives.begin, start.exercise, athlete_of(start.athlete), client
    )


async def _both(
    socket: WebSocket, sitting: Sitting, answers: asyncio.Queue[dict[str, Any]]
) -> None:
    """Pass pictures on and answers back, until one of them ends."""
    tasks = {
        asyncio.create_task(_forward(socket, sitting)),
        asyncio.create_task(_answer(socket, answers)),
    }
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    for task in done:
        task.exception()  # a browser that is gone, mostly


async def _forward(socket: WebSocket, sitting: Sitting) -> None:
    """Take what the browser sends; returns when it is gone."""
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        picture = message.get("bytes")
        if picture is not None:
            await _picture(socket, sitting, picture)
        else:
            await _said(socket, sitting, message.get("text") or "")


async def _picture(socket: WebSocket, sitting: Sitting, message: bytes) -> None:
    if len(message) <= TIME.size:
        error = "Expected 8 bytes of float64 seconds, little-endian, and a JPEG."
        await socket.send_json({"t_s": None, "error": error})
        return
    if len(sitting.waiting) >= BEHIND:
        error = "Too many pictures at once. Wait for the answers."
        await socket.send_json({"t_s": None, "error": error})
        return
    (t,) = TIME.unpack_from(message)
    sitting.waiting.append(t)
    await asyncio.to_thread(sitting.send, (t, message[TIME.size :]))


async def _said(socket: WebSocket, sitting: Sitting, text: str) -> None:
    """A command: stop, or what a key does in the window."""
    try:
        said = json.loads(text)["type"]
    except (ValueError, KeyError, TypeError):
        said = None
    if said == "stop":
        await asyncio.to_thread(sitting.send, None)
    elif said in {"toggle", "mark"}:
        await asyncio.to_thread(sitting.send, said)
    else:
        error = 'Expected {"type": "stop"}, "toggle" or "mark", or a picture.'
        await socket.send_json({"t_s": None, "error": error})


async def _answer(socket: WebSocket, answers: asyncio.Queue[dict[str, Any]]) -> None:
    """Send what the set's process says; returns when it is over."""
    while True:
        said = await answers.get()
        await socket.send_json(said)
        if "id" in said:
            return


async def _close(socket: WebSocket, reason: str) -> None:
    """Say why, and hang up."""
    try:
        if reason:
            await socket.send_json({"error": reason})
        await socket.close(1008 if reason else 1000)
    except (RuntimeError, WebSocketDisconnect):  # it has hung up itself
        return


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError | TimeoutError | KeyError):
        return 'Expected {"type": "start", "exercise": …} as the first message.'
    return str(error)
