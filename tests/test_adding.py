"""The guide to a new exercise: the one that stands in it passes the suite, and its words hold."""

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest
from demonstrations import DEMONSTRATIONS

from formcheck import filming, recognition
from formcheck.cycle import Cycle
from formcheck.exercise import Exercise
from formcheck.exercises import EXERCISES
from formcheck.measures import held, noise, prone_noise, range, still
from formcheck.testing import Conformance, Trial, laws

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "adding-an-exercise.md"
TEXT = PAGE.read_text(encoding="utf-8")
PAGE_OF_ITS_OWN, DEMONSTRATION = re.findall(r"```python\n(.*?)```", TEXT, re.S)


def run(source: str) -> dict:
    there: dict = {"__file__": str(PAGE), "__name__": "kneeling_bow"}
    exec(compile(source, str(PAGE), "exec"), there)
    return there


class TestKneelingBow(Conformance):
    exercise = run(PAGE_OF_ITS_OWN)["EXERCISE"]
    demonstrate = staticmethod(run(DEMONSTRATION)["kneeling_bow"])


@pytest.mark.parametrize("name", DEMONSTRATIONS)
def test_the_example_does_not_count_what_is_anothers(name):
    trial = Trial(EXERCISES[name], DEMONSTRATIONS[name])
    assert list(laws.told_apart(trial, [TestKneelingBow.exercise])) == []


def required(kind: type) -> list[str]:
    """The fields that have no default."""
    of = fields(kind)
    return [f.name for f in of if f.default is MISSING and f.default_factory is MISSING]


def test_the_example_is_shorter_than_a_page_may_be():
    assert PAGE_OF_ITS_OWN.count("\n") < 250


@pytest.mark.parametrize(
    ("room", "names"),
    [
        (recognition, "at_start rise reaches falls varies steepness off_level wanders lasting"),
        (range, "greatest least sweep returned_share"),
        (held, "lift_duration top_pause lower_duration lower_less_lift lowers"),
        (still, "moved"),
        (noise, "flexion_change_sd angle_half_widths change_half_widths"),
        (prone_noise, "flexion_change_sd flexion_view_sd angle_half_widths change_half_widths"),
        (filming, "GUIDE"),
    ],
)
def test_what_the_guide_names_is_there(room, names):
    for name in names.split():
        assert callable(getattr(room, name)) or name.isupper()
        assert name in TEXT


def test_every_field_of_a_cycle_that_has_to_be_chosen_is_explained():
    assert [name for name in required(Cycle) if f"| `{name}` |" not in TEXT] == []


def test_every_field_of_an_exercise_without_a_default_stands_in_the_example():
    assert [name for name in required(Exercise) if f"    {name}=" not in PAGE_OF_ITS_OWN] == []


def test_the_suite_says_what_the_guide_answers():
    table = TEXT.split("## What the suite says")[1].split("\n\n")[1]
    quoted = [row.split("|")[1].strip() for row in table.splitlines()[2:]]
    code = "".join(p.read_text("utf-8") for p in (ROOT / "formcheck" / "testing").glob("*.py"))
    for said in quoted:
        parts = re.split(r"…|\d+%?", said)
        assert all(part.strip(" :") in code for part in parts if len(part) > 8), said
