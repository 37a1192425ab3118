"""Two sets compared: from two clips or results to a folder with page, video and JSON."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from formcheck import results
from formcheck.analysis import Options, Progress
from formcheck.exercise import Exercise
from formcheck.pairing.comparison import Comparison, comparison
from formcheck.pairing.step import Step, in_step
from formcheck.twosets import film
from formcheck.twosets.sides import Side, names, sides

JSON, PAGE, VIDEO = "compare.json", "compare.html", "compare.mp4"
MARKS = (JSON,)
"""A folder with it was written here."""
_NAME_BYTES = 100
"""Of each of two names in that of the folder."""


@dataclass(frozen=True)
class Compared:
    """Two sets, in step, and what is said of them."""

    a: Side
    b: Side
    step: Step
    told: Comparison

    @property
    def exercise(self) -> Exercise:
        """What both show."""
        return self.a.done.exercise


def compare(
    a: Path,
    b: Path,
    options: Options,
    progress: Progress,
    *,
    said: bool = False,
    video: bool = True,
) -> Compared:
    """Read or analyse both, and compare them. said: whether the exercise was asked for. Raises what
    `sides` raises."""
    return of_sides(*sides(a, b, options, progress, said=said), video=video)


def of_sides(a: Side, b: Side, *, video: bool = True) -> Compared:
    """Two sets of one exercise, each with a rep, compared."""
    exercise = a.done.exercise
    step = in_step(a.set_, b.set_, exercise.look)
    assert step is not None, "each has a rep"
    name, other = names(a, b)
    one = a.told(name, step.alone[0]), a.done.report
    two = b.told(other, step.alone[1]), b.done.report
    told = comparison(one, two, step, exercise, VIDEO if video else None)
    return Compared(a, b, step, told)


def folder_of(a: Path, b: Path, out: Path) -> Path:
    """Where the result goes: both names in one, with those of their folders where they are one."""
    both = [p.absolute() for p in (a, b)]
    one, other = (p.name if p.is_dir() else p.stem or p.name for p in both)
    if one == other:
        one, other = (f"{p.parent.name}-{one}" if p.parent.name else one for p in both)
    return out / f"{_short(one)}_and_{_short(other)}"


def beside_others(found: Compared, folder: Path) -> Path:
    """That folder, or with a number where it holds a comparison of other clips."""
    place, n = folder, 2
    while not _replaces(found.told, place / JSON):
        place, n = folder.with_name(results.numbered(folder.name, n)), n + 1
    return place


def _replaces(told: Comparison, old: Path) -> bool:
    """Whether a comparison is of the clips of an older one, or there is none that can be read."""
    try:
        was = json.loads(old.read_text(encoding="utf-8"))
        return bool([was[n]["sha256"] for n in "ab"] == [told.a.sha256, told.b.sha256])
    except (OSError, ValueError, KeyError, TypeError):
        return True


def _short(name: str) -> str:
    return os.fsdecode(os.fsencode(name)[:_NAME_BYTES])


def check_place(folder: Path, *sources: Path) -> None:
    """Before the work: raises OutputError where the result cannot be written to `folder`."""
    for source in sources:
        results.check_place(folder, source, MARKS)


def write(found: Compared, folder: Path, progress: Progress) -> Path:
    """Write page, video where one was asked for, and JSON into `folder`, replacing an older
    comparison as a whole. Raises OutputError; InputError where a clip cannot be read any more."""
    told = found.told
    with results.whole(folder, folder.parent, MARKS) as part:
        if told.video is not None:
            both = told.a.name, told.b.name
            film.draw(found.a, found.b, found.step, both, part / told.video, progress)
        (part / PAGE).write_text(page(found, told.video), encoding="utf-8")
        (part / JSON).write_text(told.json_text(), encoding="utf-8")
    return folder


def page(found: Compared, video: str | None) -> str:
    """The page. video: path of the video from it; None: there is none."""
    from formcheck.pages.pairing import Drawn, render

    at_s = film.instants(found.step)
    both = [
        (side, film.course(side, which, found.step, at_s).t_s)
        for which, side in film.by_letter(found.a, found.b)
    ]
    signals = [panel.signal for panel in found.exercise.look.panels]
    values = {s: tuple(film.at(side, s, t) for side, t in both) for s in signals}
    drawn = Drawn(at_s, {s: (v[0], v[1]) for s, v in values.items()})
    return render(found.told, found.exercise, drawn, video)
