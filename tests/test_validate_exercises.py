"""Several exercises in one folder: each clip is held against its own, and they are told apart."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import lying
import numpy as np
import pytest
from athlete import OTHER_MOVEMENTS, Curl, perform
from known_clips import OUTER, save

from formcheck.exercises import EXERCISES
from formcheck.pages.accuracy import render
from formcheck.validate import confusion
from formcheck.validate.baseline import against, baseline_of
from formcheck.validate.known import known_clips
from formcheck.validate.run import one, validate
from formcheck.validate.scores import Validation
from formcheck.validate.truth import MEASURES, read_truth
from formcheck.validate.words import result, told

BENCH = "bench-leg-curl"
UP, HOLD, DOWN, REST, WHOLE = 1.5, 0.7, 2.5, 1.0, 5.7
"""Of `lying.curls`."""


def quiet(stage: str, share: float) -> None:
    """No progress is shown."""


def bench_truth(done, **changes) -> dict:
    """The truth of a set of `lying.curls`, as exact as the body is known."""
    t, flexion = done
    reps = [
        {
            "start_s": i * WHOLE + REST, "top_s": i * WHOLE + REST + UP,
            "lower_s": i * WHOLE + REST + UP + HOLD, "end_s": (i + 1) * WHOLE,
            "kind": "full", "rom_deg": 111.0, "top_pause_s": None, "hip_lift": 0.0,
        }
        for i in range(round(t[-1] / WHOLE))
    ]  # fmt: skip
    phase = np.select(
        [t % WHOLE < REST, t % WHOLE < REST + UP, t % WHOLE < REST + UP + HOLD],
        ["rest", "lift", "top"],
        "lower",
    )
    frames = {
        "t_s": t.round(4).tolist(), "knee_flexion_deg": flexion.tolist(),
        "thigh_lean_deg": [90.0] * len(t), "hip_flexion_deg": [0.0] * len(t),
        "phase": phase.tolist(),
    }  # fmt: skip
    return {**OUTER, "exercise": BENCH, "borderline": [], "reps": reps, "frames": frames, **changes}


def save_bench(folder: Path, name: str, done, **changes) -> None:
    lying.film(done).save(folder / f"{name}.npz")
    text = json.dumps(bench_truth(done, **changes))
    (folder / f"{name}.truth.json").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A set of each exercise, and a plank."""
    place = tmp_path_factory.mktemp("both")
    save(place, "kneels", perform(Curl(), Curl()), borderline=[])
    save(place, "plank", perform(*OTHER_MOVEMENTS["a plank"]), exercise="none")
    save_bench(place, "lies", lying.curls(2))
    return place


@pytest.fixture(scope="module")
def found(folder) -> Validation:
    return validate(folder, quiet, jobs=1)


def clip(found: Validation, name: str):
    return next(c for c in found.clips if c.name == f"{name}.npz")


def test_each_clip_is_analysed_as_what_it_shows(found):
    lies = clip(found, "lies")
    assert (lies.exercise, lies.recognised_rightly) == (BENCH, True)
    assert (lies.reps_true, lies.reps_found) == (2, 2)
    assert lies.knee_change_mae_deg < 1.0
    assert lies.measures_mae["rom"] < 3.0
    assert result(lies) == f"{lies.measures_mae['rom']:.1f}°"
    assert clip(found, "plank").recognised_rightly and result(clip(found, "plank")) == "–"


def test_the_top_and_the_lowering_are_moments_like_others(found):
    events = clip(found, "lies").reps[0].events
    assert abs(events["top"].error) < 0.2 and abs(events["lower"].error) < 0.2
    assert (events["bottom"].true, events["bottom"].value) == (None, None)
    assert found.summary.events["top"].n == 2
    assert set(found.summary.angles["knee_flexion"].by_phase) >= {"lift", "top", "drop"}


def test_the_exercises_are_told_apart_from_the_same_pose(found):
    assert {c.name: c.chosen for c in found.clips} == {
        "kneels.npz": "nordic-curl", "lies.npz": BENCH, "plank.npz": None,
    }  # fmt: skip
    assert all(c.taken_for == () and c.chosen_rightly for c in found.clips)
    s = found.summary
    assert (s.clips_to_choose, s.chosen_rightly, s.taken_for_others) == (3, 3, 0)
    assert "chosen in 3 of 3 clips; no clip taken for another" in told(found)["Told apart"]


def test_a_clip_that_another_exercise_takes_for_its_own_is_told(folder, monkeypatch):
    """Whoever recognises everything recognises too much."""
    (kneels,) = [k for k in known_clips(folder) if k.name == "kneels.npz"]
    own = EXERCISES["nordic-curl"]
    eager = replace(own, name=BENCH, recognised=())
    monkeypatch.setattr(confusion, "EXERCISES", {own.name: own, BENCH: eager})
    scored = one(kneels).score
    assert (scored.recognised_rightly, scored.taken_for) == (True, (BENCH,))


def test_the_figures_stand_for_all_and_for_each_exercise(found):
    assert list(found.exercises) == ["nordic-curl", BENCH]
    assert [s.clips for s in found.exercises.values()] == [1, 1]
    assert "rom" in found.exercises[BENCH].measures
    assert "rom" not in found.exercises["nordic-curl"].measures
    words = told(found)
    assert "the break point found to" in words["headline"]
    assert "the range found to" in words["headline"] and "Bias" in words["Range"]
    page = render(found.model_dump(by_alias=True), words)
    assert "Range: found against true" in page and "Break point: found against true" in page
    assert "Prone leg curl: its numbers" in page


def test_the_baseline_watches_each_exercise(found):
    baseline = baseline_of(found)
    assert baseline.exercises[BENCH]["rom_mae"] is not None
    assert baseline.exercises["nordic-curl"]["break_point_angle_mae"] is not None
    assert "rom_mae" not in baseline.exercises["nordic-curl"]
    worse = {**baseline.exercises, BENCH: {**baseline.exercises[BENCH], "rom_mae": -3.0}}
    lost = against(found, baseline.model_copy(update={"exercises": worse}))
    assert [(c.clip, c.figure) for c in lost.worse] == [(f"all of {BENCH}", "rom_mae")]
    assert against(found, baseline).holds


def test_a_true_value_is_known_by_its_measure_with_or_without_its_unit(tmp_path):
    path = tmp_path / "a.truth.json"
    path.write_text(json.dumps(bench_truth(lying.curls(1))), encoding="utf-8")
    (rep,) = read_truth(path).reps
    assert rep.measures == {"rom": 111.0, "hip_lift": 0.0}
    assert rep.turn_s == rep.top_s == pytest.approx(2.5)
    for exercise in EXERCISES.values():
        assert {m.name for m in exercise.measures} <= set(MEASURES.values())


def test_a_phase_is_one_of_its_own_exercise(tmp_path):
    path = tmp_path / "a.truth.json"
    data = bench_truth(lying.curls(1))
    data["frames"]["phase"][0] = "drop"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(Exception, match="'drop', expected rest, lift, top, lower or null"):
        read_truth(path)


def test_reps_that_an_eye_only_counted_are_counted(tmp_path):
    lying.film(lying.curls(2)).save(tmp_path / "a.npz")
    labels = {"a.npz": {"exercise": BENCH, "reps": 2}}
    (tmp_path / "labels.json").write_text(json.dumps(labels), encoding="utf-8")
    scored = validate(tmp_path, quiet, jobs=1).clips[0]
    assert (scored.reps_true, scored.reps_found, scored.reps) == (2, 2, ())


def test_a_note_of_the_set_is_found_or_missed(tmp_path):
    """Of three curls as even as they come, whatever the truth says of them."""
    note = [{"rep": None, "check": "uneven-tempo"}]
    even = lying.curls(3)
    save_bench(tmp_path, "noted", even, notes=note)
    save_bench(tmp_path, "plain", even)
    noted, plain = validate(tmp_path, quiet, jobs=1).clips
    assert [one.check for one in noted.faults.missed] == ["uneven-tempo"]
    assert plain.faults.missed == () and plain.faults.found == ()
    assert noted.faults.clean  # a note is no fault
    slow = np.concatenate([lying.curls(1, down=d)[1] for d in (2.5, 2.5, 6.0)])
    save_bench(tmp_path, "uneven", (np.arange(len(slow)) / 30, slow), notes=note)
    uneven = next(c for c in validate(tmp_path, quiet, jobs=1).clips if c.name == "uneven.npz")
    assert ("uneven-tempo" in {one.check for one in uneven.faults.found}) is True
