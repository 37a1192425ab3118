"""The command line: what it prints where, and its exit statuses."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from athlete import Curl, perform
from typer.testing import CliRunner

from formcheck import __version__, models
from formcheck.cli import app

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_videos" / "side_clean_pike_drop.mp4"
COMMAND = [sys.executable, "-m", "formcheck"]
HEAVY = ("mediapipe", "av", "cv2", "matplotlib", "scipy", "numpy", "pydantic", "fastapi")


@pytest.fixture
def track(tmp_path) -> Path:
    """A saved pose track of one clean rep."""
    path = tmp_path / "anna.npz"
    perform(Curl()).film().save(path)
    return path


def run(*args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, args)], capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_help_is_light():
    probe = (
        "import sys; from formcheck.cli import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "analyze" in done.stdout


@pytest.mark.parametrize("command", ["analyze", "demo", "exercises", "models"])
def test_every_command_has_help_and_a_line_in_the_readme(command):
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert "Usage" in done.stdout
    assert f"formcheck {command}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_commands_are_those_with_help():
    names = {c.name or c.callback.__name__ for c in app.registered_commands}
    names |= {group.name for group in app.registered_groups}
    assert names == {"analyze", "demo", "exercises", "models"}


def test_the_version_is_said():
    done = run("--version")
    assert (done.returncode, done.stdout.strip()) == (0, f"formcheck {__version__}")


def test_a_track_is_analysed_and_people_read_stderr(track, tmp_path):
    done = run("analyze", track, "--out", tmp_path / "out")
    assert done.returncode == 0
    assert done.stdout == ""
    assert "1 Nordic curl" in done.stderr
    assert str(tmp_path / "out" / "anna" / "report.html") in done.stderr.replace("\n", "")


def test_json_is_the_report_alone_on_stdout(track, tmp_path):
    second = track.with_name("berta.npz")
    second.write_bytes(track.read_bytes())
    done = run("analyze", track, second, "--json", "--out", tmp_path / "out")
    lines = done.stdout.splitlines()
    assert [json.loads(line)["clip"]["name"] for line in lines] == ["anna.npz", "berta.npz"]
    written = json.loads((tmp_path / "out" / "anna" / "report.json").read_text(encoding="utf-8"))
    assert json.loads(lines[0]) == written
    assert written["schema"] == "formcheck.report/1"


def test_what_the_user_says_reaches_the_report(track, tmp_path):
    done = run(
        "analyze", track, "--json", "--out", tmp_path / "out", "--mode", "eccentric-only",
        "--mass", 80, "--height", 180, "--sex", "male", "--athlete", "Anna",
    )  # fmt: skip
    settings = json.loads(done.stdout)["settings"]
    assert settings["mode"] == "eccentric-only"
    assert (settings["mass_kg"], settings["height_m"], settings["sex"]) == (80, 1.8, "male")


def test_wrong_usage_is_2(track, tmp_path):
    for args in (
        ["analyze"],
        ["analyze", track, "--bogus"],
        ["analyze", track, "--mode", "sideways"],
        ["analyze", track, "--height", "-3", "--out", tmp_path],
        ["analyze", track, "--exercise", "squat", "--out", tmp_path],
    ):
        done = run(*args)
        assert done.returncode == 2, args
        assert "Traceback" not in done.stderr


def test_input_that_cannot_be_read_is_3_and_leaves_nothing(tmp_path):
    text = tmp_path / "notes.mp4"
    text.write_text("not a film")
    for name in ("none.mp4", text.name, "none.npz"):
        done = run("analyze", tmp_path / name, "--out", tmp_path / "out")
        assert done.returncode == 3, name
        assert name in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_missing_model_is_4(tmp_path):
    done = run("analyze", SAMPLE, "--model", tmp_path / "none.task", "--out", tmp_path / "out")
    assert done.returncode == 4
    assert "--model" in done.stderr


def test_output_that_cannot_be_written_is_5(track, tmp_path):
    (tmp_path / "out").write_text("a file")
    done = run("analyze", track, "--out", tmp_path / "out")
    assert done.returncode == 5
    assert "--out" in done.stderr


def test_several_clips_end_with_the_highest_status_and_keep_what_is_good(track, tmp_path):
    done = run("analyze", tmp_path / "none.mp4", track, "--out", tmp_path / "out")
    assert done.returncode == 3
    assert (tmp_path / "out" / "anna" / "report.json").is_file()


def test_a_fault_of_our_own_is_1_without_a_traceback(track, tmp_path, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a wheel came off")

    monkeypatch.setattr("formcheck.analysis.judge", broken)
    done = CliRunner().invoke(app, ["analyze", str(track), "--out", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert "fault of formcheck itself" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.model
@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent there")
def test_ctrl_c_is_130_and_leaves_nothing_half_written(model, tmp_path):
    out = tmp_path / "out"
    with subprocess.Popen(
        [*COMMAND, "analyze", str(SAMPLE), "--out", str(out)],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stderr is not None
        assert "Following" in process.stderr.readline()
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.wait(timeout=20) == 130
    assert "Stopped" in said
    assert "Traceback" not in said
    assert not out.exists() or list(out.iterdir()) == []


@pytest.mark.model
def test_the_demo_says_where_the_results_lie(model, tmp_path):
    done = run("demo", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / SAMPLE.stem
    for name in ("report.html", "annotated.mp4"):
        assert (folder / name).stat().st_size > 0
        assert str(folder / name) in done.stderr.replace("\n", "")
    library = ("W0000", "INFO:", "WARNING", "mediapipe", "Feedback manager")
    assert not [word for word in library if word in done.stderr]


def test_models_says_where_they_lie(monkeypatch, tmp_path):
    monkeypatch.setenv("FORMCHECK_MODELS", str(tmp_path))
    done = CliRunner().invoke(app, ["models"])
    assert str(models.path()) in done.stdout
    assert "not fetched" in done.stdout
    assert CliRunner().invoke(app, ["models", "remove"]).exit_code == 0


def test_without_arguments_it_says_what_to_type():
    done = run()
    assert "formcheck demo" in done.stdout + done.stderr
