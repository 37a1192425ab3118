"""report.html: the report as one file that opens offline, on a phone, in the dark and on paper.

It decides nothing: judging and wording happened in the report; here it is laid out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from formcheck.curves import Curves
from formcheck.exercise import Exercise
from formcheck.look import Look
from formcheck.pages import charts, compare, drawings, numbers, rows, sets, sparks, words
from formcheck.pages.timeline import Holds, film_s, timeline
from formcheck.report import Report

TEMPLATES = ("report.html", "icons.html", "timeline.html", "numbers.html", "how.html")
"""The page of a report and what it includes."""
NO_STILLS: rows.Stills = MappingProxyType({})


def render(
    report: Report,
    curves: Curves,
    exercise: Exercise,
    video: str | None = "annotated.mp4",
    *,
    stills: rows.Stills = NO_STILLS,
    holds: Holds = (),
) -> str:
    """The page of a report; the same input gives the same bytes.

    video: the annotated clip's path from the page; None: there is none. stills: JPEG pictures of
    findings, by number of the rep and name of the check. holds: the video's freezes, each the
    moment of the clip and how long it stands, seconds, in order.
    """
    template = environment().get_template("report.html")
    return template.render(
        report=report,
        exercise=exercise,
        name=_name(report, exercise),
        title=words.sentence(exercise.title),
        video=None if video is None else quote(video),
        film_s=lambda clip_s: film_s(clip_s, holds),
        **_table(report, curves, exercise),
        **_timed(report, curves, exercise, stills, holds),
        good=rows.good(report),
        gaps=rows.gaps(report, exercise),
        guide=exercise.guide,
        **_how(report, exercise),
    )


def _table(report: Report, curves: Curves, exercise: Exercise) -> dict[str, object]:
    """The rows of the reps, with their shapes where angles may be shown."""
    look = exercise.look
    angles = bool(report.reps) and charts.refused(report, curves, look) is None
    return {
        "table": rows.table(report, curves, exercise),
        "of_set": rows.of_set(report, exercise),
        "sets": sets.table(report, exercise),
        "of_sets": sets.remarks(report, exercise),
        "columns": [exercise.look.term(c) for c in rows.columns(exercise)],
        "shapes": sparks.shapes(report, curves, look) if angles else (),
        **_drawn(report, curves, exercise, angles),
    }


def _drawn(report: Report, curves: Curves, exercise: Exercise, angles: bool) -> dict[str, object]:
    """The best beside the worst, and all reps over each other. angles: whether they are shown."""
    pair = compare.pair(report, curves, exercise, angles)
    both = pair.numbers if pair is not None else ()
    drawn = drawings.drawings(report, curves, exercise.look, both) if angles else ()
    return {"pair": pair, "drawings": drawn}


def _timed(
    report: Report, curves: Curves, exercise: Exercise, stills: rows.Stills, holds: Holds
) -> dict[str, object]:
    """The cards of the findings, and the timeline that leads to them."""
    cards = rows.cards(report, exercise, stills)
    chart = _chart(report, curves, exercise.look)
    angles = chart is not None and chart["why_not"] is None
    lead = next((c for c in cards if c.advice == report.verdict.advice), None)
    return {
        "cards": cards,
        "lead": lead,
        "chart": chart,
        "timeline": timeline(report, curves, exercise.look, cards, holds, angles),
    }


def _how(report: Report, exercise: Exercise) -> dict[str, object]:
    """How it was measured."""
    return {
        "parts": numbers.parts(report, exercise),
        "conditions": rows.conditions(report, exercise.look),
        "provenance": rows.provenance(report),
        "sources": rows.sources(report, exercise),
    }


def _name(report: Report, exercise: Exercise) -> str:
    """What the page is about, for its title: exercise, athlete, clip."""
    clip = report.clip.name if report.clip is not None else None
    return " – ".join(
        part for part in (words.sentence(exercise.title), report.athlete.name, clip) if part
    )


def _chart(report: Report, curves: Curves, look: Look) -> Mapping[str, object] | None:
    """The traces in two widths, or why there are none; None where nothing was recognised."""
    if not report.reps:
        return None
    why_not = charts.refused(report, curves, look)
    if why_not is not None:
        return {"why_not": why_not}
    return {
        "why_not": None,
        "described": charts.described(report, curves, look),
        # Text in a picture shrinks with it: a phone gets a drawing of its own.
        "wide": Markup(charts.traces(report, curves, look, charts.WIDE)),
        "narrow": Markup(charts.traces(report, curves, look, charts.NARROW)),
    }


@cache
def environment() -> Environment:
    """What fills the templates: escapes, and refuses what is not there."""
    made = Environment(
        loader=PackageLoader("formcheck.pages", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        # Our own files, not input.
        style=Markup(own("report.css")),
        script=Markup(own("report.js")),
        statuses=words.STATUSES,
        next_up=words.NEXT,
        layouts=(charts.WIDE, charts.NARROW),
        spark=(sparks.WIDTH, sparks.HEIGHT),
        outline=sparks.outline,
    )
    return made


def load() -> None:
    """Make ready what every page of a report is filled from: a tenth of a second of compiling."""
    for name in TEMPLATES:
        environment().get_template(name)


def own(name: str) -> str:
    """The text of a file that lies beside the templates."""
    return resources.files("formcheck.pages").joinpath(name).read_text(encoding="utf-8")
