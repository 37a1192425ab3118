"""formcheck batch on the command line: exit statuses, lines, tables; processes of their own."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from athlete import Curl, perform
from nights import FOUND, word
from rich.console import Console
from typer.testing import CliRunner

from formcheck.batch.finding import find
from formcheck.batch.records import ClipRecord
from formcheck.batch.schedule import Progressed
from formcheck.cli import app
from formcheck.overnight import Night, Pace, lasting

COMMAND = [sys.executable, "-m", "formcheck", "batch"]


@pytest.fixture(scope="module")
def clips(tmp_path_factory) -> Path:
    """Two sets, one of them twice, and one that is none."""
    folder = tmp_path_factory.mktemp("uploads")
    (folder / "team").mkdir()
    perform(Curl()).film().save(folder / "anna.npz")
    perform(Curl(), Curl(fold=40)).film().save(folder / "team" / "bert.npz")
    (folder / "copy.npz").write_bytes((folder / "anna.npz").read_bytes())
    (folder / "none.npz").write_text("none")
    (folder / "notes.txt").write_text("no clip")
    return folder


def run(*args, **more) -> subprocess.CompletedProcess:
    done = [*COMMAND, *map(str, args)]
    return subprocess.run(done, capture_output=True, text=True, check=False, **more)


def test_from_a_folder_to_the_table(clips, tmp_path):
    out = tmp_path / "out"
    done = run(clips, "--out", out, "--json", "--jobs", 2)
    assert done.returncode == 0, done.stderr
    listed = json.loads((out / "batch.json").read_text(encoding="utf-8"))
    assert listed["schema"] == "formcheck.batch/1"
    assert [(c["name"], c["status"], c["folder"]) for c in listed["clips"]] == [
        ("anna.npz", "ok", "anna"), ("copy.npz", "duplicate", "anna"),
        ("none.npz", "unreadable", None), ("team/bert.npz", "ok", "team/bert"),
    ]  # fmt: skip
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(r["clip"]["name"] for r in reports) == ["anna.npz", "bert.npz"]
    assert "4 clips: 2 checked, 1 unreadable, 1 duplicate." in done.stderr
    assert "Left aside, since they are no films: 1 .txt" in done.stderr
    assert str(out / "index.html") in done.stderr
    tables = [(out / n).read_bytes() for n in ("batch.csv", "batch.json", "index.html")]
    again = run(clips, "--out", out)
    assert again.returncode == 0
    assert "3 were finished before" in again.stderr
    assert [(out / n).read_bytes() for n in ("batch.csv", "batch.json", "index.html")] == tables


@contextmanager
def ended(process: subprocess.Popen) -> Iterator[None]:
    """Where the test fails, the process and its workers are not left behind."""
    try:
        yield
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.skipif(os.name != "posix", reason="interrupts as POSIX does")
def test_ctrl_c_stops_at_once_with_130_and_keeps_what_is_finished(clips, tmp_path):
    out = tmp_path / "out"
    for clip in clips.rglob("*.npz"):
        os.utime(clip, (1e9, 1e9))  # old, so whole at once
    process = subprocess.Popen(
        [*COMMAND, str(clips), "--out", str(out), "--watch", "--jobs", "1"],
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    with process, ended(process):
        lines = iter(process.stderr.readline, "")
        assert any("Waiting for more clips" in line for line in lines)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers as well
        said = process.communicate(timeout=100)[1]
    assert process.returncode == 130
    assert "Stopped. Clips that were finished are kept." in said
    assert "Traceback" not in said
    listed = json.loads((out / "batch.json").read_text(encoding="utf-8"))["clips"]
    assert [c["status"] for c in listed] == ["ok", "duplicate", "unreadable", "ok"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
@pytest.mark.parametrize("out", ["/proc/formcheck", "/dev/null/results", "/dev/full"])
def test_where_nothing_can_be_written_it_is_5_and_says_what_to_do(clips, out):
    done = CliRunner().invoke(app, ["batch", str(clips), "--out", out])
    assert done.exit_code == 5
    assert "Choose another folder with --out" in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (["nowhere"], 3, "no such file or folder"),
        ([], 2, "Missing argument"),
        ([".", "--jobs", "0"], 2, "--jobs"),
        ([".", "--follow", "1,2"], 2, "a point is of one clip"),
        ([".", "--exercise", "squat"], 2, "Expected one of"),
        ([".", "--setting", "nowhere.json"], 3, "nowhere.json"),
    ],
)
def test_wrong_usage_is_said_before_all_work(args, status, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["batch", *args, "--out", str(tmp_path / "out")])
    assert done.exit_code == status
    assert said in " ".join(done.stderr.split())
    assert not (tmp_path / "out").exists()


def test_a_folder_without_a_clip_is_said(tmp_path):
    (tmp_path / "in").mkdir()
    done = CliRunner().invoke(app, ["batch", str(tmp_path / "in"), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0
    assert "There is no clip." in done.stderr
    assert json.loads((tmp_path / "out" / "batch.json").read_text())["clips"] == []


def progressed(name: str, *, status: str = "ok", taken_over: bool = False) -> Progressed:
    record = ClipRecord(name=name, status=status, folder=name, summary=FOUND)
    return Progressed(record, taken_over)


def test_the_pace_is_that_of_this_run_alone():
    now = [0.0]
    pace = Pace(lambda: now[0])
    pace.more({"a": 100, "b": 100, "c": 100, "d": 200})
    pace.done(progressed("a", taken_over=True))
    now[0] = 10.0
    assert pace.words() == ""
    pace.done(progressed("b"))
    assert pace.words() == "27 frames a second, 30 s left"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59.6, "1 min 00 s"), (95, "1 min 35 s"), (7300, "2 h 01 min")],
)
def test_times_in_words(seconds, words):
    assert lasting(seconds) == words


def test_without_a_terminal_every_clip_is_a_plain_line(tmp_path, capsys):
    for name in ("a.mp4", "b\n.mp4"):
        word(tmp_path / name)
    with Night(tmp_path) as night:
        night.found(find([tmp_path], tmp_path / "out"), 2, watch=False)
        night.done(progressed("a.mp4"))
        bad = ClipRecord(name="b\n.mp4", status="failed", reason="It hung.")
        night.done(Progressed(bad, False))
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["2 clips, 2 at a time", "1 of 2: a.mp4: checked, 3 reps",
                     "2 of 2: b\\n.mp4: failed. It hung."]  # fmt: skip


def test_a_clip_that_is_done_anew_counts_once(tmp_path, capsys):
    word(tmp_path / "a.mp4")
    found = find([tmp_path], tmp_path / "out")
    with Night(tmp_path) as night:
        night.more(found.clips)
        night.done(progressed("a.mp4"))
        night.more(found.clips)
        night.done(progressed("a.mp4"))
        night.done(progressed("a.mp4"))
    said = capsys.readouterr().err
    assert said.count("1 of 1: a.mp4: checked, 3 reps") == 3


def test_on_a_terminal_one_line_says_how_far_it_is_and_only_trouble_stays(tmp_path, monkeypatch):
    said = io.StringIO()
    screen = Console(file=said, force_terminal=True, width=100, color_system=None)
    monkeypatch.setattr("formcheck.overnight.console", lambda: screen)
    for name in ("a.mp4", "b.mp4", "c.mp4"):
        word(tmp_path / name)
    with Night(tmp_path) as night:
        night.found(find([tmp_path], tmp_path / "out"), 2, watch=False)
        night.done(progressed("a.mp4"))
        night.done(Progressed(ClipRecord(name="b.mp4", status="failed", reason="It hung."), False))
        (task,) = night._progress.tasks
        assert task.description == "2 of 3 clips, 1 without a report"
        assert (task.completed, task.total) == (2, 3)
    assert "2 of 3: b.mp4: failed. It hung." in said.getvalue()
    assert "a.mp4: checked" not in said.getvalue()
