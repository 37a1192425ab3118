"""The last picture of an annotated clip: verdict, the one thing to change, a table of the reps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw

from formcheck import words
from formcheck.checks import SEVERITIES, Finding
from formcheck.exercise import Exercise
from formcheck.measures.measure import Measured
from formcheck.overlay.paint import DARK, Picture
from formcheck.report import Report, RepReport
from formcheck.words import INK, MARK, MUTED, SIGNS, width_of

MOST = 12
"""Reps in the table; of more the first are shown and the rest counted."""
SIZES = np.geomspace(1.5, 0.35, 24)
"""Of the table's words, over a twentieth of the short side: the first at which all fits."""
BOUNDS = {"at-most": "≤ ", "at-least": "≥ "}
GOOD = (94, 214, 140)
WHOLE = "Whole set"
NEXT = {"good": "NEXT SET", "improve": "CHANGE THIS NEXT SET", "not-assessed": "WHAT TO DO"}
BEHIND = 0.16
"""How bright the clip's last frame shines through, blurred."""
ROW, ROOMY = 1.5, 2.9
"""Height of a row in its letters: all in one line, or what was seen beneath the numbers."""
GAP = 1.3
"""Between columns, in letters."""
ICON = 1.5
"""Room of a sign, in letters."""


@dataclass(frozen=True)
class _Row:
    """One rep of the table."""

    numbers: tuple[str, str, str]
    seen: tuple[tuple[str, str], ...]
    """Severity ("" for none) and words, worst first."""


@dataclass(frozen=True)
class _Text:
    """What the card says."""

    sentence: str
    over_advice: str
    advice: str
    heads: tuple[str, str, str, str]
    rows: tuple[_Row, ...]
    more: str
    whole: tuple[tuple[str, str], ...]
    """What was found of the whole set: severity and words, worst first."""


@dataclass(frozen=True)
class _Layout:
    """Where it stands, for one size of letters. All in pixels."""

    size: float
    stacked: bool
    wide: float
    sentence: tuple[str, ...]
    advice: tuple[str, ...]
    columns: tuple[float, ...]
    """Left edges of the four columns, from the card's own."""
    height: float


def end_card(report: Report, exercise: Exercise, behind: Picture) -> Picture:
    """The card, as large as the clip's last frame `behind` it."""
    said = _text(report, exercise)
    height, width = behind.shape[:2]
    main = min(width, height) / 20
    margin = 1.1 * main
    layout = _chosen(said, main, (width - 2 * margin, height - 2 * margin))
    image = Image.fromarray(_darkened(behind)).convert("RGBA")
    top = max((height - layout.height) / 2, 0.4 * main)
    _Pen(image, layout, (margin, top)).draw(said)
    return np.array(image.convert("RGB"))


def _text(report: Report, exercise: Exercise) -> _Text:
    labels = exercise.labels()
    shown = len(report.reps) if len(report.reps) <= MOST else MOST - 1
    left = len(report.reps) - shown
    tempo, headline = (exercise.look.term(name).head for name in _figures(exercise))
    return _Text(
        sentence=report.verdict.sentence,
        over_advice=NEXT[report.verdict.status],
        advice=report.verdict.advice,
        heads=("Rep", tempo, headline, "What was seen"),
        rows=tuple(_row(r, exercise, labels) for r in report.reps[:shown]),
        more=f"and {left} more: see the report" if left else "",
        whole=_found(report.set_.findings, labels),
    )


def _figures(exercise: Exercise) -> tuple[str, str]:
    """The two measures of the table."""
    return exercise.tempo, exercise.headline


def _found(findings: Sequence[Finding], labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Severity and name of findings, worst first."""
    worst = sorted(findings, key=lambda f: SEVERITIES.index(f.severity))
    return tuple((f.severity, labels.get(f.check, f.check)) for f in worst)


def _row(rep: RepReport, exercise: Exercise, labels: Mapping[str, str]) -> _Row:
    tempo, headline = (rep.measures.get(name) for name in _figures(exercise))
    seen = [*_found(rep.findings, labels)]
    if not rep.counted:
        seen.append(("", "an attempt, not counted"))
    elif not seen:
        seen.append(("good", "nothing wrong") if rep.good else ("", "not assessed"))
    number = "–" if rep.number is None else str(rep.number)
    return _Row((number, _number(tempo), _number(headline)), tuple(seen))


def _number(m: Measured | None) -> str:
    """66° ± 6°; at most 12° where it is only a bound; a dash where refused."""
    if m is None or m.value is None:
        return "–"
    figure = words.with_spread(m.value, m.unit, m.uncertainty)
    return f"{BOUNDS.get(m.bound or '', '')}{figure}"


def _chosen(said: _Text, main: float, room: tuple[float, float]) -> _Layout:
    """The largest letters at which all fits; one line a rep where that costs nothing."""
    for size in (SIZES * main).tolist():
        for stacked in (False, True):
            layout = _laid(said, size, room[0], stacked)
            if layout.height <= room[1] and _fits(said, layout):
                return layout
    return _laid(said, float(SIZES[-1]) * main, room[0], True)


def _laid(said: _Text, size: float, wide: float, stacked: bool) -> _Layout:
    sentence = words.wrapped(said.sentence, 1.2 * size, wide, True)
    advice = words.wrapped(said.advice, 1.1 * size, wide, True)
    height = 1.55 * size * len(sentence) + 0.8 * size + 1.2 * size + 1.45 * size * len(advice)
    if said.rows:
        height += (2.0 + 1.2) * size + (ROOMY if stacked else ROW) * size * len(said.rows)
        height += ROW * size * (bool(said.more) + bool(said.whole))
    edges = _edges(said, size)
    return _Layout(size, stacked, wide, tuple(sentence), tuple(advice), edges, height)


def _edges(said: _Text, size: float) -> tuple[float, ...]:
    """Left edges of the columns: each as wide as its widest words."""
    edges = [0.0]
    for k in range(3):
        cells = [width_of(r.numbers[k], size) for r in said.rows]
        edges.append(edges[-1] + max([*cells, width_of(said.heads[k], 0.85 * size)]) + GAP * size)
    return tuple(edges)


def _fits(said: _Text, layout: _Layout) -> bool:
    left = layout.columns[1] if layout.stacked else layout.columns[3]
    widest = max((_wide(r.seen, layout.size) for r in said.rows), default=0.0)
    numbers = layout.columns[3] - GAP * layout.size
    lines = (*layout.sentence, *layout.advice)
    return (
        left + widest <= layout.wide
        and numbers <= layout.wide
        and all(width_of(line, 1.2 * layout.size) <= layout.wide for line in lines)
    )


def _wide(seen: Sequence[tuple[str, str]], size: float) -> float:
    signs = sum(ICON * size * bool(severity) for severity, _ in seen)
    return signs + sum(width_of(t, size, False) for _, t in seen) + GAP * size * (len(seen) - 1)


class _Pen:
    """Writes the card line by line."""

    def __init__(self, image: Image.Image, layout: _Layout, corner: tuple[float, float]) -> None:
        self._image, self._on, (self._x, self._y) = image, layout, corner

    def draw(self, said: _Text) -> None:
        """Sentence, advice, table."""
        size = self._on.size
        for line in self._on.sentence:
            self._line(line, 1.2 * size, 1.55 * size)
        self._y += 0.8 * size
        self._line(said.over_advice, 0.8 * size, 1.2 * size, MARK)
        for line in self._on.advice:
            self._line(line, 1.1 * size, 1.45 * size, MARK)
        if said.rows:
            self._table(said)

    def _table(self, said: _Text) -> None:
        size, head = self._on.size, 0.85 * self._on.size
        self._y += 1.2 * size
        for text, left in zip(said.heads, self._on.columns, strict=True):
            if not (self._on.stacked and text == said.heads[-1]):
                self._write(left, self._y + size, text, head, MUTED)
        self._y += 2.0 * size
        for row in said.rows:
            self._row(row)
        if said.more:
            self._write(0, self._y + ROW * size / 2, said.more, size, MUTED)
            self._y += ROW * size
        if said.whole:
            self._whole(said.whole)

    def _whole(self, found: Sequence[tuple[str, str]]) -> None:
        """What was found of the whole set, under the reps."""
        self._rule()
        middle = self._y + ROW * self._on.size / 2
        self._write(0, middle, WHOLE, self._on.size, bold=True)
        self._seen(found, width_of(WHOLE, self._on.size) + GAP * self._on.size, middle)

    def _row(self, row: _Row) -> None:
        size = self._on.size
        self._rule()
        middle = self._y + ROW * size / 2
        for text, left in zip(row.numbers, self._on.columns, strict=False):
            self._write(left, middle, text, size, bold=True)
        if self._on.stacked:
            self._seen(row.seen, self._on.columns[1], middle + 1.3 * size)
        else:
            self._seen(row.seen, self._on.columns[3], middle)
        self._y += (ROOMY if self._on.stacked else ROW) * size

    def _rule(self) -> None:
        pen, thin = ImageDraw.Draw(self._image), max(1, round(self._on.size / 16))
        ends = (self._x, self._y, self._x + self._on.wide, self._y)
        pen.line(ends, fill=(70, 78, 88, 255), width=thin)

    def _seen(self, seen: Sequence[tuple[str, str]], left: float, y: float) -> None:
        """Each thing with its sign; what has no room is counted."""
        size = self._on.size
        for n, (severity, text) in enumerate(seen):
            left_over = len(seen) - n
            if n and left + _wide(seen[n : n + 1], size) > self._on.wide:
                self._write(left, y, f"+{left_over}", size, MUTED)
                return
            if severity:
                self._sign(severity, left + 0.55 * size, y)
                left += ICON * size
            self._write(left, y, text, size, MUTED if not severity else INK)
            left += width_of(text, size, False) + GAP * size

    def _sign(self, severity: str, x: float, y: float) -> None:
        size = self._on.size
        if severity in SIGNS:
            words.sign(self._image, severity, (self._x + x, y), 0.6 * size)
        else:
            words.write(self._image, (self._x + x, y), "✓", 1.15 * size, GOOD, anchor="mm")

    def _line(
        self, text: str, size: float, height: float, colour: words.Colour = words.INK
    ) -> None:
        self._write(0, self._y + height / 2, text, size, colour, bold=True)
        self._y += height

    def _write(
        self,
        left: float,
        y: float,
        text: str,
        size: float,
        colour: words.Colour = words.INK,
        *,
        bold: bool = False,
    ) -> None:
        words.write(self._image, (self._x + left, y), text, size, colour, bold=bold)


def _darkened(behind: Picture) -> Picture:
    height, width = behind.shape[:2]
    small = cv2.resize(
        behind, (max(1, width // 16), max(1, height // 16)), interpolation=cv2.INTER_AREA
    )
    small = cv2.GaussianBlur(small, (0, 0), max(min(small.shape[:2]) / 40, 0.5))
    blurred = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    plain = np.full_like(behind, DARK)
    return np.asarray(cv2.addWeighted(blurred, BEHIND, plain, 1 - BEHIND, 0), np.uint8)
