"""Two clips against each other: chosen, compared, and shown: the page of `formcheck compare`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from formcheck.pages.html import own
from formcheck.web.comparisons import Asked, BusyError
from formcheck.web.guard import RefusedError
from formcheck.web.places import Place
from formcheck.web.rendering import render
from formcheck.web.schemas import Clip
from formcheck.web.served import dressed, policy
from formcheck.web.services import Services, Shared

router = APIRouter(default_response_class=HTMLResponse)
LISTED = 200
FILES = {"compare.mp4": "video/mp4", "compare.json": "application/json"}


@router.get("/compare")
def choose(shared: Shared) -> str:
    """Which two."""
    return render("compare.html", here="compare", clips=_comparable(shared), why="")


def _comparable(shared: Services) -> list[Clip]:
    """The clips in which reps were counted, the newest first."""
    return [c for c in shared.queue.clips(LISTED) if c.status == "done" and c.reps]


@router.post("/compare")
def begin(
    shared: Shared, a: Annotated[str, Form()] = "", b: Annotated[str, Form()] = ""
) -> Response:
    """Compare two; where that is done already, it is shown."""
    one, other = _two(shared, a, b)
    try:
        shared.comparisons.begin(Asked.of(one, other))
    except BusyError as busy:
        raise RefusedError(429, str(busy)) from busy
    return RedirectResponse(f"/compare/{one.id}/{other.id}", 303)


def _two(shared: Services, a: str, b: str) -> tuple[Place, Place]:
    """The places of two clips. Raises HTTPException 404, 422."""
    (first, one), (second, other) = shared.clip(a), shared.clip(b)
    if one.id == other.id:
        raise HTTPException(422, "That is one clip twice. Choose two.")
    for clip in (first, second):
        if clip.status != "done":
            raise HTTPException(422, f"{clip.name} has no report yet, so it cannot be compared.")
    return one, other


@router.get("/compare/{a}/{b}")
def compared(request: Request, shared: Shared, a: str, b: str) -> HTMLResponse:
    """The comparison, or what became of it."""
    one, other = _two(shared, a, b)
    folder = one.beside(other)
    state, why = shared.comparisons.state(folder)
    if state == "done":
        page = (folder / "compare.html").read_text(encoding="utf-8")
        for name in FILES:
            page = page.replace(f'"{name}', f'"/compare/{one.id}/{other.id}/{name}')
        page = dressed(page, "", render("bar.html", here="compare", mark=None, draws=False))
        return HTMLResponse(page, headers={"content-security-policy": policy(own("pairing.js"))})
    if state == "running":
        return HTMLResponse(render("comparing.html", here="compare"))
    text = render("compare.html", here="compare", clips=_comparable(shared), why=why, a=a, b=b)
    return HTMLResponse(text)


@router.get("/compare/{a}/{b}/{name}")
def part(shared: Shared, a: str, b: str, name: str) -> FileResponse:
    """Its video and its JSON."""
    one, other = _two(shared, a, b)
    file = one.beside(other) / name
    if name not in FILES or not file.is_file():
        raise HTTPException(404, "There is no such file in the comparison.")
    return FileResponse(file, media_type=FILES[name])
