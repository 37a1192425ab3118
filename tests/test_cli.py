"""The command line: what it prints where, and its exit statuses."""

from __future__ import annotations

import json
import os
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
SAMPLE = ROOT / "sample_videos" / "fault_hips_pike.mp4"
COMMAND = [sys.executable, "-m", "formcheck"]
COMMANDS = {
    "analyze",
    "batch",
    "compare",
    "demo",
    "doctor",
    "exercises",
    "history",
    "live",
    "models",
    "serve",
    "validate",
}
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


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_and_a_line_in_the_readme(command):
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert "Usage" in done.stdout
    assert f"formcheck {command}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_commands_are_those_with_help():
    names = {c.name or c.callback.__name__ for c in app.registered_commands}
    names |= {group.name for group in app.registered_groups}
    assert names == COMMANDS


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


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ("middle", "X,Y or X,Y@T"),
        ("3", "X,Y or X,Y@T"),
        ("-4,5", "X,Y or X,Y@T"),
        ("5000,10", "not in the picture"),
        ("10,10@900", "not in the clip"),
    ],
)
def test_a_point_that_cannot_be_is_2_and_what_is_expected_is_said(point, words, tmp_path):
    done = run("analyze", SAMPLE, f"--follow={point}", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert words in " ".join(done.stderr.split())
    assert "--follow" in done.stderr and "Traceback" not in done.stderr


def test_a_point_is_of_one_film(track, tmp_path):
    for clips in ([track], [SAMPLE, SAMPLE.with_name("other.mp4")]):
        done = run("analyze", *clips, "--follow", "10,10", "--out", tmp_path / "out")
        assert done.returncode == 2
        assert "--follow" in done.stderr


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
        assert process.wait(timeout=100) == 130
    assert "Stopped" in said
    assert "Traceback" not in said
    assert not out.exists() or list(out.iterdir()) == []


@pytest.mark.model
def test_the_demo_says_where_the_results_lie(model, tmp_path):
    done = run("demo", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "demo_three_reps"
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


def test_models_remove_deletes_the_model_and_nothing_else(monkeypatch, tmp_path):
    monkeypatch.setenv("FORMCHECK_MODELS", str(tmp_path))
    models.path().write_bytes(b"a model")
    (tmp_path / "mine.task").write_bytes(b"not formcheck's")
    done = CliRunner().invoke(app, ["models", "remove"])
    assert (done.exit_code, str(models.path()) in done.stderr) == (0, True)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.task"]


# The first day


def test_without_arguments_it_says_what_to_type():
    done = run()
    assert done.returncode == 0
    assert done.stderr == ""
    for words in ("formcheck demo", "formcheck analyze CLIP", "formcheck doctor", "--help"):
        assert words in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 40


WRONG = {
    "analyse set.mp4": "Did you mean: formcheck analyze set.mp4",
    "set.mp4": "Did you mean: formcheck analyze set.mp4",
    "./my/set.MOV --json": "Did you mean: formcheck analyze ./my/set.MOV --json",
    "pose.npz": "Did you mean: formcheck analyze pose.npz",
    "models pul": "Did you mean: formcheck models pull",
    "frobnicate": "Expected one of: analyze, batch, live, ",
    "analyze": "Which clip?",
    "analyze a.mp4 --mod x": "No such option: --mod. Did you mean --mode?",
    "analyze a.mp4 --no-vidoe": "Did you mean --no-video?",
    "analyze a.mp4 --jsno": "Did you mean --json?",
    "analyze a.mp4 --zzz": "No such option: --zzz. Help: formcheck analyze --help",
    "--json a.mp4": "It comes after the command: formcheck analyze --json",
    "analyze a.mp4 --mode eccentric": "Did you mean eccentric-concentric?",
    "analyze a.mp4 --mode x": "'eccentric-concentric', 'eccentric-only'",
    "analyze a.mp4 --sex femal": "Did you mean female?",
    "analyze a.mp4 --exercise squat": "Expected one of: nordic-curl",
    "analyze a.mp4 --height 1.8": "Did you mean 180?",
    "analyze a.mp4 --height nan": "expected 51 to 259",
    "analyze a.mp4 --mass 0": "expected 20 to 399",
    "analyze a.mp4 --mass heavy": "not a number",
    "analyze a.mp4 --mode": "requires an argument",
    "doctor --camera x": "not a",
}
"""What is typed, and what the answer says."""


@pytest.mark.parametrize(("typed", "words"), WRONG.items(), ids=WRONG)
def test_wrong_usage_is_answered_with_the_right_one(typed, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, typed.split(), prog_name="formcheck")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    if ": formcheck" in words:  # a command ends the line, to be copied
        assert done.stderr.endswith(f"{words}\n") or "--" in words
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a child's time is not known there")
def test_help_is_fast():
    """0.3 s of a processor, however many others want it; the best of three, and some room."""
    took = []
    for _ in range(3):
        before = os.times()
        run("--help")
        after = os.times()
        took.append(after.children_user + after.children_system
                    - before.children_user - before.children_system)  # fmt: skip
    assert min(took) < 0.6


@pytest.mark.parametrize("args", [[], ["analyze"], ["models"], ["doctor"]], ids=str)
@pytest.mark.parametrize("columns", ["40", "120"])
def test_help_is_there_in_ascii_and_in_narrow_windows(args, columns):
    done = subprocess.run(
        [*COMMAND, *args, "--help"],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "COLUMNS": columns},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes(shell):
    """What typer's scripts ask; the words come back."""
    env = {**os.environ, "_FORMCHECK_COMPLETE": f"complete_{shell}", "COMP_WORDS": "formcheck ana",
           "COMP_CWORD": "1", "_TYPER_COMPLETE_ARGS": "formcheck ana",
           "_TYPER_COMPLETE_FISH_ACTION": "get-args"}  # fmt: skip
    code = "from formcheck.cli import main; import sys; sys.argv[0] = 'formcheck'; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False
    )
    assert "analyze" in done.stdout
    assert "Traceback" not in done.stderr


def test_debug_shows_the_traceback_and_keeps_the_status(tmp_path):
    done = CliRunner().invoke(app, ["analyze", str(tmp_path / "none.mp4"), "--debug"])
    assert done.exit_code == 3
    assert "Traceback" in done.stderr


@pytest.mark.parametrize("freeze", [True, False])
def test_no_freeze_reaches_the_video(track, tmp_path, monkeypatch, freeze):
    given: list[object] = []
    monkeypatch.setattr("formcheck.results.write", lambda *_, **how: given.append(how["freeze"]))
    args = ["analyze", str(track), "--out", str(tmp_path), *([] if freeze else ["--no-freeze"])]
    assert CliRunner().invoke(app, args).exit_code == 0
    assert given == [freeze]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("args", [[], ["exercises"], ["models"], ["--help"]], ids=str)
def test_a_full_stdout_is_5_for_every_command(args):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, *args], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 5
    assert "Free some space" in done.stderr
    assert "Traceback" not in done.stderr


def test_several_clips_are_told_apart_and_counted(track, tmp_path):
    second = track.with_name("berta.npz")
    second.write_bytes(track.read_bytes())
    args = [str(track), str(tmp_path / "none.mp4"), str(second), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, ["analyze", *args])
    assert done.exit_code == 3
    assert f"{second} (3 of 3)" in done.stderr
    assert "3 clips: 2 good, 1 could not be read." in done.stderr


def test_usage_that_is_wrong_for_every_clip_is_said_once(track, tmp_path):
    args = ["analyze", str(track), str(track.with_name("b.npz")), "--exercise", "squat"]
    done = CliRunner().invoke(app, [*args, "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert done.stderr.count("squat") == 1


def test_no_database_is_loaded_where_no_athlete_is_named():
    """It takes longer to load than the rest of the command line."""
    rooms = "formcheck.runs, formcheck.overnight, formcheck.watch"
    asked = f"import sys, {rooms}; print('sqlalchemy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
