"""The pages, rendered here: clips, reports, and the way in."""

from __future__ import annotations

from importlib import resources
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from formcheck.exercises import AUTO, DEFAULT, EXERCISES
from formcheck.pages.words import STATUSES, sentence
from formcheck.web import marks
from formcheck.web.guard import RefusedError, client_of
from formcheck.web.keys import COOKIE, KEPT_S, same
from formcheck.web.places import FILMS, SERVED
from formcheck.web.rendering import megabytes, render
from formcheck.web.schemas import Clip
from formcheck.web.served import policy, served
from formcheck.web.services import Shared

router = APIRouter(default_response_class=HTMLResponse)
LISTED = 200


def _listed(clips: list[Clip]) -> dict[str, object]:
    """What the list of clips is filled with."""
    titles = {name: exercise.title for name, exercise in EXERCISES.items()}
    return {"clips": clips, "verdicts": STATUSES, "titles": titles | {AUTO: "whichever it shows"}}


@router.get("/")
def home(shared: Shared) -> str:
    """Where clips are dropped, and the list of them."""
    others = [name for name in EXERCISES if name != DEFAULT]
    names = [(name, sentence(EXERCISES[name].title)) for name in (DEFAULT, *others)]
    limits = shared.settings.limits
    return render(
        "home.html",
        here="clips",
        exercises=[*names, (AUTO, "Whichever the clip shows")],
        most=megabytes(limits.upload_bytes),
        most_min=round(limits.clip_s / 60),
        **_listed(shared.queue.clips(LISTED)),
    )


@router.get("/parts/clips")
def clips(shared: Shared, id: str | None = None) -> str:
    """The list alone, or one clip of it."""
    found = shared.queue.clips(LISTED) if id is None else [shared.clip(id)[0]]
    return render("clips.html", **_listed(found))


@router.get("/clips/{id}")
def clip(id: str, shared: Shared) -> HTMLResponse:
    """The report, or how far the clip is."""
    one, where = shared.clip(id)
    if one.status == "done" and (where.result / "report.html").is_file():
        page = served(where, marks.read(where), draws=shared.lives.draws(id))
        return HTMLResponse(page, headers={"content-security-policy": policy()})
    return HTMLResponse(render("clip.html", here="", clip=one, **_listed([one])))


@router.get("/clips/{id}/film")
def film(id: str, shared: Shared) -> FileResponse:
    """The clip itself, to be played; a kind that browsers do not play is only downloaded."""
    found, where = shared.clip(id)
    file = where.film
    if file is None:
        raise HTTPException(404, "The clip is not there any more.")
    kind = FILMS.get(file.suffix)
    if kind is None:
        return FileResponse(file, media_type="application/octet-stream", filename=found.name)
    return FileResponse(file, media_type=kind)


@router.get("/clips/{id}/{name}")
def part(id: str, name: str, shared: Shared) -> FileResponse:
    """A file of the result; videos by ranges."""
    _, where = shared.clip(id)
    file = where.result / name
    if name not in SERVED or not file.is_file():
        raise HTTPException(404, "There is no such file in the result.")
    return FileResponse(file, media_type=SERVED[name])


@router.get("/static/report.css")
def style() -> Response:
    """The report's own style, which the pages share."""
    css = resources.files("formcheck.pages").joinpath("report.css").read_text(encoding="utf-8")
    return Response(css, media_type="text/css")


@router.get("/login")
def door() -> str:
    """Where the token is given."""
    return render("login.html", here="", wrong=False)


@router.post("/login")
def enter(request: Request, shared: Shared, token: Annotated[str, Form()] = "") -> Response:
    """Let in whoever knows the token. Raises RefusedError for who has tried too often."""
    client, keys = client_of(request.scope), shared.settings.keys
    if shared.wrong.left(client) < 1:
        raise RefusedError(429, "Too many wrong tokens. Wait a minute.")
    if keys is not None and not same(token.strip(), keys.token):
        shared.wrong.take(client)
        return HTMLResponse(render("login.html", here="", wrong=True), 401)
    answer = RedirectResponse("/", 303)
    if keys is not None:
        answer.set_cookie(
            COOKIE,
            keys.cookie,
            max_age=KEPT_S,
            httponly=True,
            samesite="strict",
            secure=shared.settings.secure,
        )
    return answer
