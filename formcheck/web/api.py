"""The REST interface: clips come in, their state, their reports and what was marked go out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse

from formcheck import __version__
from formcheck.files import spelled
from formcheck.report import Report
from formcheck.store import keeping
from formcheck.web import ids
from formcheck.web.guard import RefusedError, client_of
from formcheck.web.kept import let_go
from formcheck.web.kinds import one_line
from formcheck.web.marks import relabel
from formcheck.web.places import Place
from formcheck.web.schemas import Accepted, Clip, Clips, Health, Problem
from formcheck.web.services import Services, Shared, client_key, exercise_of
from formcheck.web.upload import Upload, receive

router = APIRouter()
LISTED = 200
_FORM = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                    "exercise": {"type": "string", "maxLength": 1000},
                    "athlete": {"type": "string", "maxLength": 1000},
                },
            }
        }
    },
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The ways in which a request may be refused, besides those of the door."""
    return {status: {"model": Problem} for status in (401, 403, 421, 429, *statuses)}


@router.post(
    "/api/clips",
    status_code=202,
    responses=problems(400, 408, 413, 415, 422, 507),
    openapi_extra={"requestBody": _FORM},
)
async def upload(request: Request, shared: Shared) -> Accepted:
    """Take a clip; it is worked on in its turn."""
    client = client_key(client_of(request.scope))
    await run_in_threadpool(_room, shared, client)
    with _counted(shared, client):
        id_ = ids.fresh()
        part = shared.settings.incoming / id_
        came, kind = await receive(request, part, shared.settings.limits)
        return await run_in_threadpool(_keep, shared, Place(id_, shared.settings.clips / id_),
                                       came, kind, client)  # fmt: skip


def _room(shared: Services, client: str) -> None:
    most = shared.settings.limits.unfinished
    if shared.queue.unfinished(client) >= most:
        raise RefusedError(429, f"{most} of your clips wait already. Wait until some are done.")


@contextmanager
def _counted(shared: Services, client: str) -> Iterator[None]:
    """Count an upload that is under way. RefusedError: a client has too many."""
    under_way = shared.uploading.get(client, 0)
    if under_way >= shared.settings.limits.uploads:
        raise RefusedError(429, "Too many uploads at once. Wait until one is done.")
    shared.uploading[client] = under_way + 1
    try:
        yield
    finally:
        shared.uploading[client] -= 1
        if not shared.uploading[client]:
            del shared.uploading[client]


def _keep(shared: Services, where: Place, came: Upload, kind: str, client: str) -> Accepted:
    """Put an upload that is whole in its place and into the queue: from here on it is not lost."""
    try:
        exercise = exercise_of(came.fields.get("exercise", ""))
        where.take(came.path, kind)
        athlete = athlete_of(came.fields.get("athlete", ""))
        clip = Clip(id=where.id, name=came.name, exercise=exercise, athlete=athlete, size=came.size)
        shared.queue.add(clip, str(where.upload), client)
    except BaseException:
        came.path.unlink(missing_ok=True)
        where.delete()
        raise
    return Accepted(id=clip.id, status=clip.status)


def athlete_of(said: str) -> str | None:
    """A name for the report; None: none was given. Raises UsageError for what can be no name."""
    if not said.strip():
        return None
    name = one_line(spelled(said))
    keeping.key(name)
    return name


@router.get("/api/clips", responses=problems())
def clips(shared: Shared) -> Clips:
    """The newest clips, those that wait among them."""
    return Clips(clips=tuple(shared.queue.clips(LISTED)))


@router.get("/api/clips/{id}", responses=problems(404))
def clip(id: str, shared: Shared) -> Clip:
    """How far a clip is."""
    return shared.clip(id)[0]


@router.delete("/api/clips/{id}", status_code=204, responses=problems(404))
def delete(id: str, shared: Shared) -> Response:
    """Delete a clip, with its report and all that was made of it; its work is stopped."""
    _, where = shared.clip(id)
    shared.queue.remove(id)  # whoever works on it learns so, and writes nothing more
    let_go(shared.queue.store, where.result)
    marked = where.marks.is_file()
    shared.comparisons.drop(where)
    where.delete()
    if marked:
        relabel(shared.settings.data)
    return Response(status_code=204)


@router.post("/api/clips/{id}/cancel", responses=problems(404, 409))
def cancel(id: str, shared: Shared) -> Clip:
    """Do not work on a clip, or not any more; the clip stays."""
    shared.clip(id)
    if not shared.queue.cancel(id):
        raise HTTPException(409, "It is over already: there is nothing to cancel.")
    return shared.clip(id)[0]


@router.get(
    "/api/clips/{id}/report.json",
    response_class=FileResponse,
    responses={200: {"model": Report}, **problems(404, 409)},
)
def report(id: str, shared: Shared) -> FileResponse:
    """The report, byte by byte as `formcheck analyze` writes it."""
    found, where = shared.clip(id)
    file = where.result / "report.json"
    if found.status != "done" or not file.is_file():
        raise HTTPException(409, f"There is no report: the clip is {found.status}.")
    return FileResponse(file, media_type="application/json")


@router.get("/healthz", responses={503: {"model": Problem}})
def healthz(shared: Shared) -> Health:
    """Whether the server can do its work; without a name or an id. 503: it takes clips, and gets
    no further with them."""
    if not shared.working():
        raise HTTPException(503, "The work on clips is held up; the server's log tells why.")
    counts = shared.queue.counts()
    return Health(
        status="ok",
        version=__version__,
        queued=counts.get("queued", 0),
        running=counts.get("running", 0),
        live=shared.lives.room,
    )
