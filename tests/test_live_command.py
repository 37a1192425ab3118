"""formcheck live on the command line, and on real pictures."""

import json

import pytest
from typer.testing import CliRunner

from formcheck import watch
from formcheck.cli import app
from formcheck.live.output import Counts
from formcheck.video import webcam

QUIET = ("--no-window", "--no-sound")


def run(*args):
    return CliRunner().invoke(app, ["live", *map(str, args), *QUIET])


def test_without_a_camera_it_is_4_and_says_what_to_do(tmp_path, monkeypatch, model):
    monkeypatch.setattr(webcam, "DEVICES", tmp_path)
    monkeypatch.setattr(webcam.sys, "platform", "linux")
    done = run("--out", tmp_path / "out")
    assert done.exit_code == 4
    assert "There is no camera 0" in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_no_film_is_3(tmp_path):
    done = run("--source", tmp_path / "none.mp4", "--out", tmp_path)
    assert done.exit_code == 3
    assert "there is no such file" in done.stderr


def test_what_is_done_has_to_be_named(tmp_path):
    done = run("--exercise", "auto", "--out", tmp_path)
    assert done.exit_code == 2
    assert "it has to be said" in done.stderr


@pytest.mark.parametrize("dropped, says", [(20, "20 of 900 pictures"), (0, "")])
def test_how_many_pictures_were_left_out_is_said(dropped, says, capsys):
    watch._dropped(Counts((), 900, 900 - dropped, dropped, 0))
    told = capsys.readouterr().err
    assert told.startswith(says) and bool(told) == bool(says)


def report(folder):
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def reps(found):
    return [(r["number"], r["kind"]) for r in found["reps"]]


def findings(found):
    """Rep, check and how bad it is; those of the set are of no rep."""
    own = [(r["number"], f["check"], f["severity"]) for r in found["reps"] for f in r["findings"]]
    return own + [(None, f["check"], f["severity"]) for f in found["set"]["findings"]]


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.footage
@pytest.mark.parametrize("name", ["side_clean_pike_drop", "partner_one_clean"])
def test_a_film_as_a_camera_is_judged_as_the_clip(name, shared, model, tmp_path):
    clip = shared / "samples" / f"{name}.mp4"
    done = CliRunner().invoke(app, ["analyze", str(clip), "--no-video", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.stderr
    recorded = report(tmp_path / name)
    setting = tmp_path / name / "setting.json"
    done = run("--source", clip, "--no-realtime", "--out", tmp_path / "live")
    assert done.exit_code == 0, done.stderr
    live = report(tmp_path / "live" / name)
    assert reps(live) == reps(recorded)
    said = json.loads((tmp_path / "live" / name / "live.json").read_text(encoding="utf-8"))
    spoken = {c["check"] for c in said["cues"]} - {"count", "placement", "set", "stop"}
    assert spoken <= {check for _, check, _ in findings(live)}
    done = run("--source", clip, "--no-realtime", "--out", tmp_path / "given", "--setting", setting)
    assert done.exit_code == 0, done.stderr
    assert findings(report(tmp_path / "given" / name)) == findings(recorded)
