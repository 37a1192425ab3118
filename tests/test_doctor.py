"""The doctor: what it looks at, what it says of a broken machine, and that it leaves no trace."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from formcheck import doctor, models
from formcheck.cli import app

NAMES = ["Python", "system", "MediaPipe", "PyAV", "OpenCV", "libraries", "pose model", "reads",
         "writes", "camera", "window", "voice", "results", "models"]  # fmt: skip


def examined(out: Path, **how) -> dict[str, doctor.Part]:
    return {part.name: part for part in doctor.examine(out, **how)}


@pytest.mark.model
def test_a_fit_machine_is_0_and_everything_is_named(model, tmp_path):
    done = CliRunner().invoke(app, ["doctor", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    for name in NAMES:
        assert name in done.stdout
    for path in (model, doctor.sample(), tmp_path / "out", Path(doctor.__file__).parent):
        assert str(path) in done.stdout
    for how in ("pip uninstall formcheck", "formcheck models remove", "This machine is fit"):
        assert how in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.model
def test_json_says_the_same(model, tmp_path):
    done = CliRunner().invoke(app, ["doctor", "--json", "--out", str(tmp_path)])
    said = json.loads(done.stdout)
    assert (said["schema"], said["fit"]) == ("formcheck.doctor/1", True)
    assert [part["name"] for part in said["parts"]] == NAMES
    assert {part["status"] for part in said["parts"]} <= {"ok", "note"}
    assert all(place["remove"] for place in said["places"])


def test_a_model_that_is_not_there_is_4_and_is_not_fetched(tmp_path, monkeypatch):
    monkeypatch.setenv("FORMCHECK_MODELS", str(tmp_path / "models"))
    done = CliRunner().invoke(app, ["doctor", "--out", str(tmp_path)])
    assert done.exit_code == 4
    assert "formcheck models pull" in " ".join(done.stdout.split())
    assert not (tmp_path / "models").exists()


@pytest.mark.model
def test_a_damaged_model_is_told(model, tmp_path, monkeypatch):
    monkeypatch.setenv("FORMCHECK_MODELS", str(tmp_path))
    shutil.copy(model, models.path())
    with models.path().open("ab") as file:
        file.write(b"x")
    part = examined(tmp_path)["pose model"]
    assert (part.status, "sha256" in part.found) == ("problem", True)


@pytest.mark.parametrize("module", ["mediapipe", "av", "cv2", "numpy", "scipy"])
def test_a_library_that_is_missing_is_told_and_the_rest_looked_at(tmp_path, module):
    """As on a machine without it: the import fails."""
    (tmp_path / f"{module}.py").write_text(
        f"raise ModuleNotFoundError(\"No module named '{module}'\", name={module!r})"
    )
    done = subprocess.run(
        [sys.executable, "-m", "formcheck", "doctor", "--json", "--out", tmp_path],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    assert done.stderr == ""
    parts = json.loads(done.stdout)["parts"]
    assert [part["name"] for part in parts] == NAMES
    bad = [part for part in parts if part["status"] == "problem"]
    package = {"cv2": "opencv-contrib-python"}.get(module, module)
    assert any(f"pip install {package}" in part["todo"] for part in bad)


def test_a_system_library_that_is_missing_is_told_with_its_package(monkeypatch):
    def fail(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("ctypes.CDLL", fail)
    part = doctor._system()
    assert part.status == "problem"
    assert "apt-get install -y libgl1 libegl1" in part.todo
    assert "dnf install -y libglvnd-glx" in part.todo


def test_an_old_python_is_told(monkeypatch):
    monkeypatch.setattr("formcheck.doctor.PYTHON", (9, 0))
    assert doctor._python().status == "problem"


def test_two_opencvs_are_told(monkeypatch):
    monkeypatch.setattr("formcheck.doctor._version", lambda package: "5.0")
    part = doctor._libraries("OpenCV", doctor.LIBRARIES["OpenCV"])
    assert (part.status, "overwrite" in part.found) == ("note", True)


@pytest.mark.parametrize(("lacking", "status"), [(["AV1"], "note"), (["H.264"], "problem")])
def test_a_codec_that_is_missing_is_told(monkeypatch, lacking, status):
    monkeypatch.setattr("formcheck.video.machine.undecodable", lambda: lacking)
    part = doctor._reading()
    assert (part.status, lacking[0] in part.found) == (status, True)


def test_codecs_that_nobody_has_are_missed(monkeypatch):
    from formcheck.video import machine

    monkeypatch.setattr(machine, "CODECS", {"H.264": ("h264",), "Fantasy": ("fantasy",)})
    assert machine.undecodable() == ["Fantasy"]


def test_an_encoder_that_fails_is_told(tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError("no libx264")

    monkeypatch.setattr("formcheck.video.machine.VideoWriter", fail)
    assert examined(tmp_path)["writes"].status == "problem"


@pytest.mark.parametrize(
    ("free", "status"),
    [(5e9, "ok"), (1e9, "note"), (50e6, "problem")],
    ids=["much", "some", "none"],
)
def test_the_room_on_the_disk_is_told(tmp_path, monkeypatch, free, status):
    usage = type("Usage", (), {"free": free})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    part = doctor._room("results", tmp_path / "deep" / "below")
    assert part.status == status
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_4(tmp_path):
    (tmp_path / "out").write_text("a file")
    done = CliRunner().invoke(app, ["doctor", "--json", "--out", str(tmp_path / "out" / "deep")])
    parts = {part["name"]: part for part in json.loads(done.stdout)["parts"]}
    assert done.exit_code == 4
    assert (parts["results"]["status"], "--out" in parts["results"]["todo"]) == ("problem", True)


def test_cameras_are_listed_and_not_opened(monkeypatch):
    monkeypatch.setattr("formcheck.doctor.subprocess.run", None)
    monkeypatch.setattr("formcheck.video.machine.cameras", lambda: ["/dev/video0"])
    part = doctor._camera(None)
    assert (part.status, "/dev/video0" in part.found) == ("ok", True)
    monkeypatch.setattr("formcheck.video.machine.cameras", lambda: None)
    assert doctor._camera(None).status == "note"


def test_a_camera_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr("formcheck.doctor.CAMERA_S", 0.5)
    monkeypatch.setattr("formcheck.doctor._LOOK", "import time; time.sleep(60); {index}")
    began = time.monotonic()
    part = doctor._camera(0)
    assert time.monotonic() - began < 30
    assert (part.status, "no picture" in part.found) == ("note", True)


def test_a_camera_that_works_is_told(monkeypatch):
    monkeypatch.setattr("formcheck.doctor._LOOK", "print('1280 x 720', {index} * '')")
    assert doctor._camera(0).status == "ok"


def test_a_camera_that_is_not_there_is_only_a_note():
    part = doctor._camera(99)
    assert (part.status, bool(part.todo)) == ("note", True)


def test_a_machine_without_screen_and_voice_is_told_what_it_lacks(monkeypatch):
    monkeypatch.setattr("formcheck.live.window.why_none", lambda: "There is no screen.")
    monkeypatch.setattr("formcheck.live.voice.why_silent", lambda: "this machine plays no sound")
    window, voice = doctor._window(), doctor._voice()
    assert (window.status, window.todo) == ("note", "There is no screen.")
    assert (voice.status, voice.todo) == ("note", "This machine plays no sound.")


def test_whatever_is_raised_is_a_finding():
    def stumble() -> doctor.Part:
        raise RuntimeError("a wheel came off")

    part = doctor._guarded("wheels", stumble)
    assert (part.status, "a wheel came off" in part.found, bool(part.todo)) == (
        "problem",
        True,
        True,
    )
