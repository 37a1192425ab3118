"""report.html: the report as one file that opens offline, on a phone, in the dark and on paper.

It decides nothing: judging and wording happened in the report; here it is laid out.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from formcheck.curves import Curves
from formcheck.exercise import Exercise
from formcheck.pages import charts, rows, words
from formcheck.report import Report


def render(
    report: Report, curves: Curves, exercise: Exercise, video: str | None = "annotated.mp4"
) -> str:
    """The page of a report. `video` is the annotated clip's path from the page; None: there is
    none. The same input gives the same bytes."""
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            exercise=exercise,
            name=_name(report, exercise),
            video=None if video is None else quote(video),
            table=rows.table(report, exercise),
            columns=[words.term(c) for c in rows.columns(exercise)],
            cards=rows.cards(report, exercise),
            good=rows.good(report),
            chart=_chart(report, curves),
            gaps=rows.gaps(report, exercise),
            definitions=rows.definitions(report, exercise),
            conditions=rows.conditions(report),
            provenance=rows.provenance(report),
        )
    )


def _name(report: Report, exercise: Exercise) -> str:
    """What the page is about, for its title: exercise, athlete, clip."""
    clip = report.clip.name if report.clip is not None else None
    return " – ".join(part for part in (exercise.title, report.athlete.name, clip) if part)


def _chart(report: Report, curves: Curves) -> dict[str, object] | None:
    """The traces in two widths, or why there are none; None where nothing was recognised."""
    if not report.reps:
        return None
    why_not = charts.refused(report, curves)
    if why_not is not None:
        return {"why_not": why_not}
    return {
        "why_not": None,
        "described": charts.described(report, curves),
        # Text in a picture shrinks with it: a phone gets a drawing of its own.
        "wide": Markup(charts.traces(report, curves, charts.WIDE)),
        "narrow": Markup(charts.traces(report, curves, charts.NARROW)),
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("formcheck.pages", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = resources.files("formcheck.pages").joinpath("report.css").read_text(encoding="utf-8")
    environment.globals.update(
        style=Markup(style),
        statuses=words.STATUSES,
        next_up=words.NEXT,  # our own file, not input
    )
    return environment
