"""What the product must not say (nordic-curl.md 11), looked for in every sentence that it can say.

A camera at the side sees no injury coming, no left against right, no knees falling inward, no
breath and no muscle at work. Breathing may be reminded of; nothing of it is measured.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import formcheck
from formcheck.exercises import EXERCISES

FORBIDDEN = {
    "injury": r"\binjur|\bprevent|\brisk\b",
    "medical": r"\bdiagnos|\bmedical|\bpatient|\bclinical|\btherap|\brehab|\bheal(s|ing)?\b|\bpain",
    "left against right": r"asymmetr|\bimbalance|left[- ](and|to|versus|vs)[- ]right (differ|bal)",
    "knees inward": r"\bvalgus|\bvarus|knees? (fall|cav)\w* in",
    "breath": r"\bbreath|\binhal|\bexhal",
    "muscle at work": r"\bEMG\b|muscle activ|\bactivation\b|electromyogra",
}
TEMPLATES = sorted((Path(formcheck.__file__).parent / "pages").glob("*.html"))
REMINDED = {"breath"}
"""What a cue may remind of."""


def said(value: object, where: str) -> Iterator[tuple[str, str]]:
    """Every text in a declaration, however deep, and where it stands. Sources name studies."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from said(one, f"{where}.{key}")
    elif isinstance(value, (tuple, list)):
        for i, one in enumerate(value):
            yield from said(one, f"{where}[{i}]")
    elif is_dataclass(value) and not isinstance(value, type):
        name = f"{where}.{getattr(value, 'name', type(value).__name__)}"
        for field in fields(value):
            if field.name not in ("source", "references", "pages"):
                yield from said(getattr(value, field.name), f"{name}.{field.name}")


def written() -> Iterator[tuple[str, str]]:
    """Every text of the program itself that is neither a docstring nor a comment."""
    for path in sorted(Path(formcheck.__file__).parent.rglob("*.py")):
        if path.name == "references.py":  # journals are called as they are called
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        own = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and id(node) not in own:
                yield f"{path.name}:{node.lineno}", text


def declared() -> Iterator[tuple[str, str]]:
    for exercise in EXERCISES.values():
        yield from said(exercise, exercise.name)


def offences(texts: Iterator[tuple[str, str]]) -> list[str]:
    return [
        f"{where}: {what} in {text!r}"
        for where, text in texts
        for what, pattern in FORBIDDEN.items()
        if re.search(pattern, text, re.IGNORECASE) and not allowed(what, where)
    ]


def allowed(what: str, where: str) -> bool:
    return what in REMINDED and bool(re.search(r"\.cues|_cues\.py|reminders\.py", where))


def test_no_declared_sentence_claims_what_a_camera_cannot_see():
    texts = list(declared())
    assert len(texts) > 500  # it looked at something
    assert offences(iter(texts)) == []


def test_no_text_of_the_program_does():
    texts = list(written())
    assert len(texts) > 2000
    assert offences(iter(texts)) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_page_does(path):
    """But to say in so many words that it does not."""
    text = re.sub(r"<footer>.*</footer>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert offences(iter([(path.name, text)])) == []


def test_the_report_says_what_it_is_not():
    (page,) = (path.read_text(encoding="utf-8") for path in TEMPLATES if path.name == "report.html")
    assert "is not a medical device" in page and "nothing about injury risk" in page


@pytest.mark.parametrize(
    "text",
    [
        "This lowers your risk of injury.", "Left-right asymmetry 12%.", "Knee valgus seen.",
        "Breathe more evenly.", "High hamstring EMG.", "See your therapist: it is diagnosed.",
        "Your knees fall inward.",
    ],
)  # fmt: skip
def test_the_list_finds_what_it_is_for(text):
    assert offences(iter([("somewhere", text)]))


def test_a_reminder_is_found_where_it_does_not_belong():
    text = "Breathe in on the way down."
    assert offences(iter([("nordic-curl.Exercise.cues[0].Cue.reminder", text)])) == []
    assert offences(iter([("nordic-curl.checks[0]", text)]))
