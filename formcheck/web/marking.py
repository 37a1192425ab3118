"""A person's own truth: the page to step through a clip, and what was marked there."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from formcheck.errors import InputError
from formcheck.exercise import Exercise
from formcheck.exercises import AUTO, DEFAULT, EXERCISES
from formcheck.pose import PoseTrack
from formcheck.report import Report
from formcheck.validate.labels import Label
from formcheck.web import marks as kept
from formcheck.web.api import problems
from formcheck.web.places import FILMS, Place
from formcheck.web.rendering import render
from formcheck.web.schemas import Clip, Marks
from formcheck.web.services import Shared

router = APIRouter()
USUAL_FPS = 30.0
"""Where nothing tells how many pictures a second the clip has."""


@router.get("/api/clips/{id}/marks", responses=problems(404))
def marks(id: str, shared: Shared) -> Marks:
    """What a person marked in a clip."""
    found = kept.read(shared.clip(id)[1])
    if found is None:
        raise HTTPException(404, "Nobody has marked this clip yet.")
    return found


@router.put("/api/clips/{id}/marks", responses=problems(404, 413, 422))
def mark(id: str, marks: Marks, shared: Shared) -> Marks:
    """Keep what a person marked, as labels that `formcheck validate` reads."""
    _, where = shared.clip(id)
    _check(marks)
    try:
        kept.save(where, marks, shared.settings.data)
    except FileNotFoundError as error:
        raise HTTPException(404, "The clip was deleted meanwhile.") from error
    return marks


@router.delete("/api/clips/{id}/marks", status_code=204, responses=problems(404))
def unmark(id: str, shared: Shared) -> Response:
    """Forget what was marked."""
    _, where = shared.clip(id)
    kept.forget(where, shared.settings.data)
    return Response(status_code=204)


def _check(marks: Marks) -> None:
    """Raises HTTPException 422 for what cannot have been seen."""
    exercise = EXERCISES.get(marks.exercise)
    if exercise is None:
        raise HTTPException(422, f"There is no such exercise. Expected {', '.join(EXERCISES)}.")
    for n, rep in enumerate(marks.reps, 1):
        unknown = set(rep.faults) - set(exercise.labels())
        if unknown:
            raise HTTPException(422, f"Rep {n}: there is no check {sorted(unknown)[0]!r}.")
    try:
        Label.model_validate_json(json.dumps(kept.label(marks))).true_reps()
    except ValidationError as error:
        raise HTTPException(422, _mistake(error)) from error
    starts = [rep.start_s for rep in marks.reps]
    if starts != sorted(set(starts)):
        raise HTTPException(422, "The reps have to follow each other.")


def _mistake(error: ValidationError) -> str:
    """The first thing that is wrong with the marks, in plain words."""
    first = error.errors()[0]
    return f"These moments cannot be: {first['msg'].removeprefix('Value error, ')}."


@router.get("/clips/{id}/mark", response_class=HTMLResponse, include_in_schema=False)
def page(id: str, shared: Shared) -> str:
    """Where a person steps through a clip, picture by picture."""
    clip, where = shared.clip(id)
    report = _report(where)
    film = where.film
    shown = film is not None and film.suffix in FILMS
    return render(
        "mark.html",
        here="",
        clip=clip,
        film=shown,
        told=json.dumps(_told(clip, where, report)),
        titles={name: exercise.title for name, exercise in EXERCISES.items()},
        chosen=_exercise(clip, report).name,
    )


def _report(where: Place) -> Report | None:
    try:
        return Report.model_validate_json((where.result / "report.json").read_bytes())
    except OSError:
        return None


def _exercise(clip: Clip, report: Report | None) -> Exercise:
    name = clip.exercise if report is None or clip.exercise != AUTO else report.exercise
    return EXERCISES.get(name, EXERCISES[DEFAULT])


def _told(clip: Clip, where: Place, report: Report | None) -> dict[str, Any]:
    """What the page's script goes by."""
    fps = report.clip.fps if report is not None and report.clip is not None else None
    marks = kept.read(where)
    return {
        "id": clip.id,
        "fps": fps or USUAL_FPS,
        "pictures": _pictures(where),
        "marks": None if marks is None else marks.model_dump(),
        "exercises": {name: _parts(exercise) for name, exercise in EXERCISES.items()},
    }


def _pictures(where: Place) -> list[int]:
    """Milliseconds from each picture of the clip to the next, the first from its beginning: phones
    film unevenly. None until the clip has been checked, or of what was no film."""
    try:
        seconds = PoseTrack.load(where.result / "pose.npz").t_s
    except InputError:
        return []
    gaps: list[int] = np.diff(np.round(1000 * seconds).astype(int), prepend=0).tolist()
    return gaps


def _parts(exercise: Exercise) -> dict[str, Any]:
    """The moments and the checks of an exercise, with their names."""
    known = {name.removesuffix("_s") for name in kept.MOMENTS}
    between = [(m.name, m.title) for m in exercise.look.moments if m.name in known]
    moments = [("start", "start"), *between, ("end", "end")]
    of_reps = {check.name for check in exercise.checks}
    labels = exercise.labels().items()
    return {
        "moments": [{"name": f"{name}_s", "title": title} for name, title in moments],
        "checks": [{"name": n, "title": title} for n, title in labels if n in of_reps],
    }
