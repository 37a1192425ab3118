"""The pages made of what the exercises declare: current, complete, and every word in its place."""

import importlib.util
import re
from dataclasses import replace
from pathlib import Path

import pytest
from athlete import NORDIC
from typer.testing import CliRunner

from formcheck.cli import app
from formcheck.exercise import Cue
from formcheck.exercises import EXERCISES
from formcheck.exercises.references import REFERENCES
from formcheck.measures import gates
from formcheck.measures.measure import Choice
from formcheck.sets import SetCheck
from formcheck.testing import documented

ROOT = Path(__file__).resolve().parent.parent
NUMBERS, CUES = (ROOT / "docs" / f"{name}.md" for name in ("measures", "cues"))
every_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)


@pytest.fixture(scope="module")
def made():
    found = importlib.util.spec_from_file_location("measures", ROOT / "docs" / "measures.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def part(page, exercise):
    """What the page says of an exercise."""
    text = page.read_text(encoding="utf-8")
    return text.split(f"\n## The {exercise.title}\n", 1)[1].split("\n## ", 1)[0]


def test_both_pages_are_current(made):
    assert NUMBERS.read_text(encoding="utf-8") == made.page()  # else: make docs
    assert CUES.read_text(encoding="utf-8") == made.cues()


@every_exercise
def test_every_number_has_its_definition_formula_interval_and_source(exercise):
    said = part(NUMBERS, exercise)
    for number in (*exercise.measures, *exercise.set_measures):
        assert f"(#{exercise.name}-{number.name})" in said  # from the first table
        _, own = said.split(f'<a id="{exercise.name}-{number.name}"></a>', 1)
        own = own.split("<a id=", 1)[0]
        assert f"\n{number.definition}\n" in own
        for what in ("Formula", "Unit", "95 % interval", "Source"):
            assert re.search(rf"- \*\*{what}:\*\* \S", own), (number.name, what)


@every_exercise
def test_every_check_and_every_limit_has_its_row(exercise):
    said = part(NUMBERS, exercise)
    for check in (*exercise.checks, *exercise.set_checks):
        assert f"| `{check.name}`" in said
        assert check.advice in said
        for limit in check.limits:
            levels = (limit.fault, limit.warning, limit.note)
            told = [f"{x:g}".replace("-", "−") for x in levels if x is not None]
            rows = [r for r in said.splitlines() if f"`{check.name}`" in r and limit.measure in r]
            assert any(all(figure in row for figure in told) for row in rows), limit.measure


@every_exercise
def test_every_condition_and_every_moment_is_told(exercise):
    said = part(NUMBERS, exercise)
    for number in exercise.measures:
        for gate in documented.gates(number):
            assert f"| {gate.name} | {gate.what} |" in said
    for name in ("start", "bottom", "end", *exercise.marks, *exercise.fixes):
        assert f"| `{name}` |" in said


def test_no_cell_that_has_to_be_filled_is_empty():
    """Only praise, and what there is to add to it, may be missing."""
    for page in (NUMBERS, CUES):
        rows = [r for r in page.read_text(encoding="utf-8").splitlines() if r.startswith("| ")]
        assert len(rows) > 30
        for row in rows:
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
            whole = len(cells) if cells[0].startswith("[`") else 3
            assert all(cells[:whole]), row


def test_links_within_the_pages_lead_somewhere():
    text = NUMBERS.read_text(encoding="utf-8")
    there = set(re.findall(r'<a id="([^"]+)">', text))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= there
    other = CUES.read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(measures\.md#([^)]+)\)", other)) <= there


@every_exercise
def test_every_study_that_is_named_stands_in_the_references(exercise):
    text = NUMBERS.read_text(encoding="utf-8").split("\n## References\n", 1)[1]
    sources = [n.source for n in documented.numbers(exercise)]
    sources += [limit.source for check in exercise.checks for limit in check.limits]
    named = {study for source in sources for study in documented.studies(source)}
    assert all(f"**{study}**" in text for study in named)
    assert named <= set(REFERENCES)
    assert all(len(where) > 10 for where in REFERENCES.values())


# --- the cues


@every_exercise
def test_every_check_answers_a_cue(exercise):
    """Those that none asks for stand below the table."""
    asked = {name for cue in exercise.cues for name in cue.checks}
    assert asked <= set(exercise.labels())
    said = part(CUES, exercise)
    assert all(f"`{name}`" in said for name in exercise.labels())
    assert len(set(exercise.labels()) - asked) <= 1


SEEDS = {
    "nordic-curl": ("anchored", "dorsally", "hips a little", "Arms crossed", "Inhale", "slowly",
                    "catch", "Exhale", "Push just enough", "vertical", "elbows", "secure", "mat"),
    "bench-leg-curl": ("face down", "extended", "Hold on", "upper body still", "Curl", "Pause",
                       "Slowly", "starting position", "Warm up", "Form over", "Knees in line",
                       "mobility", "breath", "End the set", "recovery", "3 to 5 sets"),
}  # fmt: skip
"""A word of each cue of the descriptions."""


@every_exercise
def test_no_cue_of_the_descriptions_is_missing(exercise):
    cues = [cue.says for cue in exercise.cues]
    assert [w for w in SEEDS[exercise.name] if not any(w in cue for cue in cues)] == []


@every_exercise
def test_what_no_camera_sees_is_said(exercise):
    told = CliRunner().invoke(app, ["exercises"]).stdout
    template = (ROOT / "formcheck" / "pages" / "report.html").read_text(encoding="utf-8")
    assert "A camera cannot see these" in told
    assert "exercise.reminders" in template
    assert len(exercise.reminders) >= 5
    assert all(reminder in told for reminder in exercise.reminders)


# --- the suite finds what is not said


def with_measure(**changes):
    return replace(NORDIC, measures=(replace(NORDIC.measures[0], **changes), *NORDIC.measures[1:]))


def with_check(**changes):
    return replace(NORDIC, checks=(replace(NORDIC.checks[0], **changes), *NORDIC.checks[1:]))


def with_limit(**changes):
    return with_check(limits=(replace(NORDIC.checks[0].limits[0], **changes),))


MUTE = replace(gates.frame_rate(9), what="")
QUIET = SetCheck("quiet", label="quiet", advice="", also=lambda check, reps, setting: None)


@pytest.mark.parametrize(
    ("ask", "exercise", "said"),
    [
        (documented.definitions, with_measure(definition="a time"), "no sentence ('a time')"),
        (documented.definitions, with_measure(formula=""), "has no formula"),
        (documented.definitions, with_measure(uncertainty=""), "has no uncertainty"),
        (documented.definitions, with_measure(gates=(MUTE,)), "does not say what its figure is"),
        (documented.definitions, with_measure(gates=(Choice(lambda rep: MUTE, (MUTE,)),)), "G1"),
        (documented.formulas, with_measure(formula="heart_rate(start)."), "speaks of heart_rate"),
        (documented.formulas, replace(NORDIC, glossary={"catch": "x"}), "how break is found"),
        (documented.conditions, with_limit(applies=lambda rep, told: False), "when"),
        (documented.conditions, with_check(unsure=lambda check, told: None), "(doubts)"),
        (documented.conditions, replace(NORDIC, set_checks=(QUIET,)), "more than its limits"),
        (documented.sources, with_measure(source="Nobody 1999"), "Nobody 1999 is not in"),
        (documented.sources, with_limit(source="hearsay"), "names no study"),
        (documented.cues, replace(NORDIC, cues=(Cue("Fly", "A"),)), "nothing becomes of"),
        (documented.cues, replace(NORDIC, cues=(Cue("Fly", "A", ("wings",)),)), "there is none"),
        (documented.cues, replace(NORDIC, cues=(Cue("Fly", "A", reminder="do"),)), "no sentence"),
    ],
)
def test_what_is_not_said_is_found(ask, exercise, said):
    assert any(said in problem for problem in ask(exercise)), list(ask(exercise))


def test_studies_are_found_in_a_source():
    assert documented.studies("after van der Horst 2015, de Leva 1996; CUHK 2018 [O]") == [
        "van der Horst 2015",
        "de Leva 1996",
        "CUHK 2018",
    ]
