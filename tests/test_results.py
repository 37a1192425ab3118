"""The folder of a result: whole or not at all, never mixed, and never somebody else's."""

from __future__ import annotations

import csv
import errno
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from athlete import Curl, perform

from formcheck import results
from formcheck.analysis import Analysis, Options, analyze
from formcheck.errors import OutputError
from formcheck.pose import PoseTrack
from formcheck.setting import Setting

FILES = {"report.json", "report.html", "reps.csv", "signals.csv", "pose.npz", "setting.json"}


def silent(stage: str, share: float) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def analysis(tmp_path_factory) -> Analysis:
    """Two reps by construction, read from a saved pose track."""
    path = tmp_path_factory.mktemp("clip") / "set.npz"
    perform(Curl(), Curl()).film().save(path)
    return analyze(path, Options(athlete_name="Anna"), silent)


def test_a_pose_track_gives_every_file_but_the_video(analysis, tmp_path):
    folder = results.write(analysis, tmp_path / "set", silent)
    assert {p.name for p in folder.iterdir()} == FILES
    assert [p.name for p in tmp_path.iterdir()] == ["set"]


def test_the_files_say_the_same(analysis, tmp_path):
    folder = results.write(analysis, tmp_path / "set", silent)
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    with (folder / "reps.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["number"]) for row in rows] == [r["number"] for r in report["reps"]] == [1, 2]
    for row, rep in zip(rows, report["reps"], strict=True):
        assert float(row["bottom_s"]) == rep["bottom_s"]
        value = rep["measures"]["eccentric_duration"]["value"]
        assert float(row["eccentric_duration"]) == value
    assert report["athlete"]["name"] == "Anna"


def test_of_a_long_clip_the_report_waits_for_the_video(analysis, tmp_path, monkeypatch):
    """So that what both hold does not add up."""
    there: list[str] = ["not yet"]

    def annotate(_, path, *__, **___):
        there[:] = [p.name for p in path.parent.iterdir()]

    monkeypatch.setattr(results, "LONG_S", 5.0)
    monkeypatch.setattr(results, "annotate", annotate)
    monkeypatch.setattr(results, "stills", lambda _: {})
    folder = results.write(replace(analysis, source=Path("set.mp4")), tmp_path / "set", silent)
    assert not there
    assert {p.name for p in folder.iterdir()} == FILES


def test_signals_have_a_row_a_frame_and_no_number_for_what_was_not_seen(tmp_path):
    track = perform(Curl()).film()
    points = track.points.copy()
    points[40:60] = np.nan
    path = tmp_path / "gap.npz"
    PoseTrack(track.t_s, points, track.visibility, track.size).save(path)
    folder = results.write(analyze(path, Options(), silent), tmp_path / "gap", silent)
    with (folder / "signals.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(track)
    assert rows[50]["thigh_lean_deg"] == rows[50]["knee_flexion_uncertainty_deg"] == ""
    assert rows[50]["knee_flexion_uncertainty_within_set_deg"] == ""
    assert float(rows[10]["knee_flexion_deg"]) == pytest.approx(90, abs=6)
    assert {row["phase"] for row in rows} <= {"rest", "lower", "drop", "bottom", "push", "curl"}
    lowering = [
        float(r["knee_extension_velocity_deg_s"])
        for r in rows
        if r["phase"] == "lower" and r["knee_extension_velocity_deg_s"]
    ]
    assert np.median(lowering) > 0


def test_a_saved_track_and_setting_give_the_same_answer(analysis, tmp_path):
    folder = results.write(analysis, tmp_path / "set", silent)
    again = analyze(
        folder / "pose.npz", Options(setting=folder / "setting.json", athlete_name="Anna"), silent
    )
    assert again.setting == analysis.setting == Setting.load(folder / "setting.json")
    assert again.report.reps == analysis.report.reps
    assert again.report.verdict == analysis.report.verdict


def test_an_older_result_is_replaced_as_a_whole(analysis, tmp_path):
    folder = results.write(analysis, tmp_path / "set", silent)
    (folder / "annotated.mp4").write_bytes(b"old")
    results.write(analysis, folder, silent)
    assert {p.name for p in folder.iterdir()} == FILES


def test_a_folder_that_is_not_ours_is_left_alone(analysis, tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "thesis.doc").write_text("two years of work")
    with pytest.raises(OutputError, match="not a result of formcheck"):
        results.write(analysis, tmp_path / "set", silent)
    assert [p.name for p in (tmp_path / "set").iterdir()] == ["thesis.doc"]
    assert [p.name for p in tmp_path.iterdir()] == ["set"]


def test_a_full_disk_leaves_the_older_result_and_no_crumbs(analysis, tmp_path, monkeypatch):
    folder = results.write(analysis, tmp_path / "set", silent)
    before = (folder / "report.json").read_bytes()

    def full(self: PoseTrack, path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(PoseTrack, "save", full)
    with pytest.raises(OutputError, match="Free some space"):
        results.write(analysis, folder, silent)
    assert (folder / "report.json").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["set"]


def test_an_interruption_leaves_nothing_half_written(analysis, tmp_path):
    def stop(stage: str, share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        results.write(analysis, tmp_path / "set", stop)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_a_file_is_told(analysis, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="--out"):
        results.write(analysis, tmp_path / "out" / "set", silent)


def test_clips_of_one_name_do_not_share_a_folder():
    clips = [Path("a/set.mp4"), Path("b/set.mov"), Path("b/other.mp4"), Path("c/set.mp4")]
    chosen = results.folders(clips, Path("out"))
    assert len(set(chosen.values())) == len(clips)
    assert chosen[clips[2]] == Path("out/other")
    assert chosen[clips[1]] == Path("out/set.mov")
