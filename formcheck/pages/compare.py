"""The best rep beside the worst: their curves over each other, their numbers, what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes

from formcheck.curves import Curves
from formcheck.exercise import Exercise
from formcheck.look import Look, Moment, Panel, Term
from formcheck.measures.measure import Measured
from formcheck.pages import charts, rows, words
from formcheck.report import Report, RepReport

WIDTH, GAP, BOTTOM, SHARE = 4.6, 0.3, 0.4, 0.85
"""Width of the drawing, room above each panel and below all, inches: its letters stay readable on
a phone; and how high its panels are against those of the timeline."""
ALIKE = "No number of the two differs for sure."


@dataclass(frozen=True)
class Line:
    """One number of both."""

    label: str
    best: str
    worst: str
    differs: str


@dataclass(frozen=True)
class Pair:
    """Two reps side by side."""

    best: rows.Row
    worst: rows.Row
    lines: tuple[Line, ...]
    sentence: str
    """What surely differs, in words."""
    chart: Markup
    """An <svg> element; empty where the angles are not shown."""
    described: str
    numbers: tuple[int | None, int | None]
    """Of the two reps."""

    @property
    def alike(self) -> bool:
        """Whether nothing surely sets the one above the other."""
        return self.sentence == ALIKE and self.best.judgements == self.worst.judgements


def pair(report: Report, curves: Curves, exercise: Exercise, angles: bool) -> Pair | None:
    """None unless two full reps compare. angles: whether the curves may be shown."""
    full = [r for r in report.reps if r.kind == "full" and r.number is not None]
    best = next((r for r in full if r.number == report.set_.best_rep), None)
    others = [r for r in full if r is not best]
    if best is None or not others:
        return None
    worst = max(others, key=lambda r: _against(r, exercise))
    names = rows.columns(exercise)
    pairs = [(n, best.measures.get(n), worst.measures.get(n)) for n in names]
    table = {row.name: row for row in rows.table(report, curves, exercise)}
    return Pair(
        best=table[words.title(best)],
        worst=table[words.title(worst)],
        lines=tuple(
            _line(exercise.look.term(p[0]), *p[1:]) for p in pairs if _known(p[1]) or _known(p[2])
        ),
        sentence=_sentence(best, worst, pairs, exercise.look),
        chart=Markup(_chart(best, worst, curves, exercise.look) if angles else ""),
        described=_described(best, worst, charts.panels(curves, exercise.look)),
        numbers=(best.number, worst.number),
    )


def _against(rep: RepReport, exercise: Exercise) -> tuple[int, int, float]:
    """What speaks against a rep, as the report weighs it when it names the best."""
    severities = [f.severity for f in rep.findings]
    tempo = rep.measures.get(exercise.tempo)
    slow = tempo.value if tempo is not None and tempo.value is not None else 0.0
    return severities.count("fault"), severities.count("warning"), -slow


def _known(m: Measured | None) -> bool:
    return m is not None and m.value is not None


def _line(term: Term, best: Measured | None, worst: Measured | None) -> Line:
    gap = difference(best, worst)
    unit = "" if best is None else best.unit
    if gap is None:
        differs = "cannot be compared"
    elif gap == 0:
        differs = "no sure difference"
    else:
        differs = f"{words.gap(gap, unit)} {'more' if gap > 0 else 'less'}"
    return Line(term.label, words.measured(best), words.measured(worst), differs)


def difference(a: Measured | None, b: Measured | None) -> float | None:
    """a - b; 0 where it lies within the uncertainty of reps of one clip, None where either is
    missing or only a bound."""
    if a is None or b is None or a.value is None or b.value is None or a.bound or b.bound:
        return None
    gap = a.value - b.value
    return gap if abs(gap) > hypot(_within(a), _within(b)) else 0.0


def _within(m: Measured) -> float:
    known = m.uncertainty_within_set if m.uncertainty_within_set is not None else m.uncertainty
    return known or 0.0


def _sentence(
    best: RepReport,
    worst: RepReport,
    pairs: list[tuple[str, Measured | None, Measured | None]],
    look: Look,
) -> str:
    """The sure differences, as the best rep has them."""
    said = []
    for name, a, b in pairs:
        gap, term = difference(a, b), look.term(name)
        words_for = "" if not gap else term.more if gap > 0 else term.less
        if words_for and gap and a is not None:
            said.append(words_for.format(words.gap(gap, a.unit)))
    if not said:
        return ALIKE
    text = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return f"Against {words.title(worst).lower()}, {words.title(best).lower()} {text}."


def _described(best: RepReport, worst: RepReport, shown: Sequence[Panel]) -> str:
    names = " and ".join(panel.signal.replace("_", " ") for panel in shown)
    return (
        f"{words.sentence(names)} over the seconds since the rep began: "
        f"{words.title(best).lower()} solid, {words.title(worst).lower()} dashed."
    )


def _chart(best: RepReport, worst: RepReport, curves: Curves, look: Look) -> str:
    """The angles of both from the start of their reps: the best solid, the other dashed."""
    shown = charts.panels(curves, look)
    height = top = BOTTOM + sum(GAP + p.height * SHARE for p in shown)
    with mpl.rc_context(charts.RC):
        figure, drawn = charts.blank(WIDTH, height), list[Axes]()
        for panel in shown:
            high = panel.height * SHARE
            place = (0.085, (top - GAP - high) / height, 0.9, high / height)
            drawn.append(figure.add_axes(place, sharex=drawn[0] if drawn else None))
            _panel(drawn[-1], panel, (best, worst), curves, look.moment(look.marked))
            top -= GAP + high
        drawn[-1].tick_params(labelbottom=True)
        muted = charts.COLOURS["muted"]
        drawn[-1].set_xlabel("seconds since the rep began", color=muted, labelpad=2)
        return charts.inline(figure, "pair")


def _panel(
    axes: Axes,
    panel: Panel,
    reps: tuple[RepReport, RepReport],
    curves: Curves,
    moment: Moment | None,
) -> None:
    """One angle of both reps, the best and the worst."""
    charts.plain(axes)
    best, worst = reps
    for rep, colour, dash in ((worst, "ink", (0, (4, 2))), (best, panel.colour, "solid")):
        t, angle = charts.angle_of(rep, curves, panel.signal)
        axes.plot(t, angle, color=charts.COLOURS[colour], linestyle=dash, linewidth=1.8)
        _mark(axes, panel, rep, curves, moment)
    low, high = axes.get_ylim()
    axes.set(ylim=(min(low, panel.least[0]), max(high, panel.least[1])), xlim=(0, None))
    axes.grid(axis="y", color=charts.COLOURS["grid"], linewidth=0.6)
    axes.tick_params(labelbottom=False)
    axes.set_title(panel.title, loc="left", color=charts.COLOURS["ink"], fontsize=8.5, pad=4)


def _mark(axes: Axes, panel: Panel, rep: RepReport, curves: Curves, moment: Moment | None) -> None:
    """The moment that small curves mark, where there was one and it was measured."""
    at = charts.moment_of(rep, moment)
    if moment is None or at is None:
        return
    since = at - charts.rep_span(rep, curves)[0]
    angle, marker = curves.at(panel.signal, at), charts.MARKERS[moment.marker]
    paper, ink = charts.COLOURS["paper"], charts.COLOURS["ink"]
    axes.plot([since], [angle], marker, color=paper, markeredgecolor=ink, markersize=6.5)
