"""The accuracy that was reached is kept: a few short samples against the committed baseline.

`make soak` compares all of them; `make baseline` raises it on purpose.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from athlete import Curl, perform
from known_clips import save

from formcheck.validate.baseline import Baseline, against, read_baseline
from formcheck.validate.known import known_clips
from formcheck.validate.run import validate
from formcheck.validate.words import compared

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "sample_videos"
BASELINE = SAMPLES / "baseline.json"
DOCS = ROOT / "docs" / "accuracy.md"


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    if not BASELINE.is_file():
        pytest.skip("no baseline yet: `make baseline` makes it")
    return read_baseline(BASELINE)


@pytest.fixture(scope="module")
def docs():
    """The script that writes the docs' table."""
    spec = importlib.util.spec_from_file_location("docs_accuracy", ROOT / "docs" / "accuracy.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_sample_has_its_truth_and_the_baseline_knows_them_all(baseline):
    known = {clip.name for clip in known_clips(SAMPLES)}
    assert known == set(baseline.clips)
    assert set(baseline.short) <= known and baseline.short
    assert {p.name for p in SAMPLES.glob("*.mp4")} <= known


@pytest.mark.model
@pytest.mark.slow
def test_no_figure_of_the_short_samples_is_worse(baseline, model):
    found = validate(SAMPLES, lambda *_: None, jobs=1, only=baseline.short)
    assert [clip.name for clip in found.clips] == sorted(baseline.short)
    comparison = against(found, baseline)
    assert comparison.worse == (), [words for worse, words in compared(comparison) if worse]


def test_the_docs_table_is_of_the_baseline(baseline, docs):
    page = DOCS.read_text(encoding="utf-8")
    table = page.split(docs.BEGIN)[1].split(docs.END)[0]
    assert all(name in table for name in baseline.clips)
    assert docs.degrees(baseline.summary["knee_change_mae_deg"]) in table
    assert f"| {baseline.summary['reps_exact']:.0f}; " in table


def test_the_table_stands_between_its_marks(docs, tmp_path):
    save(tmp_path, "a", perform(Curl()), awaits="view")
    found = json.loads(validate(tmp_path, lambda *_: None, jobs=1).text())
    page = DOCS.read_text(encoding="utf-8")
    new = docs.filled(page, found)
    assert "| a.npz (awaits view) | 0° | 1 of 1 |" in new
    assert new.split(docs.BEGIN)[0] == page.split(docs.BEGIN)[0]
    assert new.split(docs.END)[1] == page.split(docs.END)[1]
    assert docs.filled(new, found) == new
