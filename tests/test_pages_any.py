"""A whole result of an exercise that is not done on the knees: page, tables and terminal speak of
it alone, in the words that it declares."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import lying
import numpy as np
import pytest
from rich.console import Console

from formcheck import terminal
from formcheck.analysis import Analysis, Options, analyze
from formcheck.exercises import EXERCISES, named
from formcheck.look import Look
from formcheck.pages import charts, compare, sparks, timeline
from formcheck.pages.html import render
from formcheck.reps_table import TOLD, write_reps

BENCH = named("bench-leg-curl")
FOREIGN = re.compile(
    r"nordic|break|broke|kneel|upright|fall\b|falling|hands|floor|push|hamstring|coming up|drop",
    re.IGNORECASE,
)
"""Words of the other exercise."""
OWN = {"a", "summary", "script", "style"}


def quiet(stage: str, share: float) -> None:
    """No progress is shown."""


class Reader(HTMLParser):
    """The words of a page but for its filming guide, which is for every exercise."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._skips = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        self._skips += tag in ("style", "script", "title") or ("class", "guide") in attrs
        self.words += [v for k, v in attrs if k in ("aria-label", "alt") and v]

    def handle_endtag(self, tag) -> None:
        self._skips -= tag in ("style", "script", "title") or (tag == "dl" and self._skips > 0)

    def handle_data(self, data) -> None:
        if not self._skips:
            self.words.append(data)


@pytest.fixture(scope="module")
def analysis(tmp_path_factory) -> Analysis:
    """Four curls, the first two clean, the third without a pause, all lowered unevenly."""
    place = tmp_path_factory.mktemp("track")
    parts = [
        lying.curls(1, hold=h, down=d) for h, d in ((0.9, 2.6), (0.9, 2.6), (0.1, 1.2), (1, 6))
    ]
    flexion = np.concatenate([f for _, f in parts])
    t = np.arange(len(flexion)) / 30
    lying.film((t, flexion)).save(place / "curls.npz")
    return analyze(place / "curls.npz", Options(exercise=BENCH.name), quiet)


@pytest.fixture(scope="module")
def page(analysis) -> str:
    return render(analysis.report, analysis.curves, BENCH, video=None)


def test_the_set_is_what_it_was_made_to_be(analysis):
    report = analysis.report
    assert [r.kind for r in report.reps] == 4 * ["full"]
    assert {f.check for f in report.reps[2].findings} == {"no-pause", "lowers-too-fast"}
    assert [f.check for f in report.set_.findings] == ["uneven-tempo"]


def test_a_coach_reads_no_word_of_another_exercise(page):
    said = [word.strip() for word in Reader(page).words if FOREIGN.search(word)]
    assert said == []


def test_the_page_has_the_exercises_own_words(page):
    for word in (
        "Prone leg curl", "Held at the top", "lowering begins", "Lowering time", "Range", "Pause",
        "Hip lift", "Upper body", "from straight legs (low) to the top (high)", "Whole set",
        "An uneven tempo", "Spread of the lowering",
    ):  # fmt: skip
        assert word in page
    assert "Programme" not in page  # it has none to choose from


def test_phases_moments_and_shapes_are_drawn(analysis, page):
    look, report, curves = BENCH.look, analysis.report, analysis.curves
    made = timeline.timeline(report, curves, look, (), (), True)
    assert made.legend == (
        ("bars", "Lift"), ("dots", "Held at the top"), ("rising", "Lowering"),
    )  # fmt: skip
    shape = sparks.shapes(report, curves, look)[0]
    assert shape.mark[1] < sparks.HEIGHT / 2  # the lowering begins high up
    assert sparks.outline(shape.mark, look) in page
    described = charts.described(report, curves, look)
    assert re.search(r"top at \d+\.\d s with the knee at 11\d°", described)
    assert report.set_.best_rep is None  # of an uneven tempo none is best
    told = report.model_copy(update={"set_": report.set_.model_copy(update={"best_rep": 2})})
    pair = compare.pair(told, curves, BENCH, True)
    assert "longer" in pair.sentence or "more" in pair.sentence
    assert {line.label for line in pair.lines} >= {"Range", "Pause", "Hip lift"}


def test_the_velocity_is_positive_while_the_legs_are_lowered(analysis, tmp_path):
    analysis.curves.write(tmp_path / "signals.csv")
    with (tmp_path / "signals.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    speed = {
        phase: np.median([
            float(r["knee_extension_velocity_deg_s"]) for r in rows if r["phase"] == phase
        ])
        for phase in ("lift", "lower")
    }  # fmt: skip
    assert speed["lower"] > 10 and speed["lift"] < -10
    assert {r["phase"] for r in rows} == {"rest", "lift", "top", "lower"}


def test_the_table_of_reps_has_every_measure_with_its_unit(analysis, tmp_path):
    path = tmp_path / "reps.csv"
    write_reps(analysis.report, BENCH, path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4
    for measure in BENCH.measures:
        assert {row[f"{measure.name}_unit"] for row in rows} == {measure.unit}
        for row, rep in zip(rows, analysis.report.reps, strict=True):
            told = rep.measures[measure.name]
            for field in ("status", "uncertainty", "uncertainty_within_set", "bound", "outcome"):
                expected = getattr(told, field)
                assert row[f"{measure.name}_{field}"] == ("" if expected is None else str(expected))
    assert float(rows[0]["top_s"]) == analysis.report.reps[0].top_s
    assert {row["bottom_s"] for row in rows} == {""}


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_every_measure_has_its_columns_whatever_the_clip_shows(exercise, analysis, tmp_path):
    path = tmp_path / "reps.csv"
    write_reps(analysis.report.model_copy(update={"reps": ()}), exercise, path)
    (head,) = path.read_text(encoding="utf-8").splitlines()
    names = head.split(",")
    assert len(names) == len(set(names))
    for measure in exercise.measures:
        assert {measure.name, *(f"{measure.name}_{field}" for field in TOLD)} <= set(names)


@pytest.mark.parametrize("columns", [100, 50])
def test_the_terminal_has_its_heads_and_a_line_for_the_set(analysis, monkeypatch, columns):
    out = io.StringIO()
    console = Console(file=out, width=columns, highlight=False, markup=False)
    monkeypatch.setattr(terminal, "console", lambda **_: console)
    terminal.summarise(analysis, Path("out"), video=False)
    said = " ".join(out.getvalue().split())
    assert "Lowering" in said and "Range" in said and "Break point" not in said
    assert "Whole set, note: The lowering times spread" in said
    assert not FOREIGN.search(said.replace("report.html", ""))


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_an_exercise_that_declares_no_look_has_a_page_all_the_same(exercise, analysis):
    plain = replace(BENCH, look=Look(), title=exercise.title)
    phase = tuple("rep" if n else "rest" for n in analysis.curves.rep)
    text = render(analysis.report, replace(analysis.curves, phase=phase), plain, video=None)
    assert "Lower duration" in text and "Rom" in text
