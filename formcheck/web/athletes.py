"""Athletes: whose sets are kept, what became of them over time, and how they are forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Response
from fastapi.responses import HTMLResponse

from formcheck import forgetting, history
from formcheck.errors import UsageError
from formcheck.forgetting import Forgotten
from formcheck.history import Life
from formcheck.pages.history import render as history_page
from formcheck.store import keeping
from formcheck.web.api import problems
from formcheck.web.marks import relabel
from formcheck.web.places import Place
from formcheck.web.rendering import render
from formcheck.web.schemas import Kept, KeptAthletes, Remains
from formcheck.web.served import POLICY, dressed
from formcheck.web.services import Services, Shared

router = APIRouter()
Name = Annotated[str, Query(min_length=1, max_length=200)]


@router.get("/api/athletes", responses=problems())
def athletes(shared: Shared) -> KeptAthletes:
    """Whose sets are kept."""
    found = keeping.entries(shared.queue.store)
    return KeptAthletes(athletes=tuple(
        Kept(name=e.name, recordings=e.recordings, sets=e.sets,
             last_s=None if e.last is None else e.last.timestamp())
        for e in found
    ))  # fmt: skip


@router.delete("/api/athletes", responses=problems(404, 422))
def forget(name: Name, shared: Shared) -> Remains:
    """Forget an athlete, with all clips, reports and marks of theirs; what could not be."""
    ids = _ids(shared, name)
    if not ids:
        _life(shared, name)
    for id_ in ids:
        shared.queue.remove(id_)
    try:
        done = forgetting.forget(shared.queue.store, name)
    except UsageError:  # there are clips, and nothing is kept of them yet
        done = None
    for id_ in ids:
        where = Place(id_, shared.settings.clips / id_)
        shared.comparisons.drop(where)
        where.delete()
    relabel(shared.settings.data)
    return Remains(remains=() if done is None else tuple(_remains(done, shared.settings.clips)))


def _remains(done: Forgotten, clips: Path) -> Iterator[str]:
    """What is not gone beside the clips of the app itself; no places of the server's files."""
    for what, folders in done.remains.items():
        n = sum(not folder.is_relative_to(clips) for folder in folders)
        if n:
            yield f"{what}: {n} folder{'s' * (n != 1)}."
    if done.traces:
        yield done.traces


def _ids(shared: Services, name: str) -> list[str]:
    """The clips of an athlete, whatever became of them; none where that can be no name."""
    try:
        key = keeping.key(name)
    except UsageError:
        return []
    clips = shared.queue.clips(None)
    return [clip.id for clip in clips if keeping.alike(clip.athlete, key)]


@router.get("/api/athletes/history.json", response_model=None, responses=problems(404, 422))
def as_json(name: Name, shared: Shared) -> Response:
    """All that is kept of an athlete, as `formcheck history NAME --json` tells it."""
    text = history.as_json(_life(shared, name))
    return Response(text, media_type="application/json")


@router.get("/api/athletes/history.csv", response_model=None, responses=problems(404, 422))
def as_csv(name: Name, shared: Shared) -> Response:
    """A row a set."""
    headers = {"content-disposition": 'attachment; filename="history.csv"'}
    text = history.as_csv(_life(shared, name))
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/athletes", response_class=HTMLResponse, include_in_schema=False)
def page(shared: Shared) -> str:
    """The list of all."""
    return render("athletes.html", here="athletes", athletes=keeping.entries(shared.queue.store))


@router.get("/athletes/of", response_class=HTMLResponse, include_in_schema=False)
def one(name: Name, shared: Shared) -> HTMLResponse:
    """An athlete's sets over time: the page of `formcheck history`."""
    life, now = _life(shared, name), datetime.now().astimezone()
    about = (history.about(life), *life.notes.splitlines())
    text = history_page(life.name, about, life.stories, now)
    bar = render("bar.html", here="athletes", mark=None, draws=False)
    foot = render("athlete.html", name=life.name)
    script = '<script src="/static/athlete.js" defer></script>\n'
    text = dressed(text, script, bar).replace("</main>", foot + "</main>", 1)
    return HTMLResponse(text, headers={"content-security-policy": POLICY.format(script="'self'")})


def _life(shared: Services, name: str) -> Life:
    """Raises HTTPException 404 where nobody of that name is kept, or can be."""
    try:
        return history.life(shared.queue.store, name, datetime.now().astimezone())
    except UsageError as error:
        raise HTTPException(404, "Nobody of that name is kept.") from error
