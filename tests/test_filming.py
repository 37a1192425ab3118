"""The filming guide: every word that a refusal uses stands in it, and its pictures are there."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import athlete
import numpy as np
import pytest

from formcheck.exercises import EXERCISES
from formcheck.pages.words import GATES

TIMES = np.arange(0, 3, 1 / 30)
FILMED = tuple(
    athlete.made_rep(TIMES, setting=athlete.setting(**how))
    for how in (
        {},
        {"yaw_deg": -35.0},
        {"rectified": True, "camera": athlete.CAMERA},
        {"rectified": True, "camera": athlete.CAMERA, "yaw_deg": 50.0},
    )
)
ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "filming.md"


def test_the_guide_is_written_from_the_words():
    found = importlib.util.spec_from_file_location("guide", ROOT / "docs" / "guide.py")
    guide = importlib.util.module_from_spec(found)
    found.loader.exec_module(guide)
    assert PAGE.read_text(encoding="utf-8") == guide.page()  # else: make pictures


def gates_of(exercise):
    found = {gate.of(rep) for m in exercise.measures for gate in m.gates for rep in FILMED}
    return found - {None}


def test_what_a_gate_asks_for_stands_in_the_guide():
    for exercise in EXERCISES.values():
        words = {tip.words for tip in exercise.guide}
        asked = {gate.advice for gate in gates_of(exercise)}
        assert asked
        assert all(any(tip in one for tip in words) for one in asked)


def test_every_gate_of_the_protocol_is_asked_and_has_words_for_its_figure():
    names = {gate.name for exercise in EXERCISES.values() for gate in gates_of(exercise)}
    assert {f"G{n}" for n in range(1, 14)} | {"G9b"} <= names
    assert names <= set(GATES)


def test_a_gate_that_counts_degrees_and_one_that_counts_shares_have_names_of_their_own():
    """Or feet that rose by 5 % of the body's height read as shins that are 0° off level."""
    named = {(g.name, g.what.startswith("share")) for x in EXERCISES.values() for g in gates_of(x)}
    assert {("G13", False), ("G13-feet", True)} <= named
    assert ("G13", True) not in named
    assert GATES["G13-feet"][1].format(0.05) == "5% of the body’s height"


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_the_guide_has_a_section_for_each_exercise(exercise):
    said = PAGE.read_text(encoding="utf-8")
    section = said.split(f"## The {exercise.title}\n", 1)[1].split("\n## ", 1)[0]
    assert exercise.film in section
    assert exercise.whole in section
    assert [tip.title for tip in exercise.tips if tip.words not in section] == []
    assert len({tip.title for tip in exercise.guide}) == len(exercise.guide)


def test_every_picture_is_there_and_has_a_text():
    pictures = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", PAGE.read_text(encoding="utf-8"))
    assert len(pictures) >= 4
    for text, name in pictures:
        assert len(text) > 20
        assert (PAGE.parent / name).stat().st_size > 1000


def test_the_readme_names_the_guide():
    assert "docs/filming.md" in (ROOT / "README.md").read_text(encoding="utf-8")
