"""The landmarker: it finds the athlete, says nothing, and lets nothing out of the machine."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import av
import numpy as np
import pytest

from formcheck import landmarker, models
from formcheck.errors import InputError, MissingPartError
from formcheck.landmarker import Landmarker
from formcheck.pose import Joint, Landmark

ROOT = Path(__file__).resolve().parent.parent
CLIP = ROOT / "sample_videos" / "fault_hips_pike.mp4"

USE = """
import sys, av, numpy as np
from formcheck.landmarker import Landmarker
grey = np.full((240, 320, 3), 128, np.uint8)
"""


@pytest.fixture(scope="module")
def frames() -> list[tuple[float, np.ndarray]]:
    """The sample's first 8 seconds, five pictures a second: one whole repetition."""
    with av.open(str(CLIP)) as clip:
        decoded = (f for f in clip.decode(video=0) if round(f.time * 30) % 6 == 0)
        return [(f.time, f.to_ndarray(format="rgb24")) for f in decoded if f.time < 8]


def run(code: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """`code` in a process of its own, with the user's own environment."""
    return subprocess.run(
        [sys.executable, "-c", USE + code],
        cwd=ROOT,
        env=models.original_environment() | (env or {}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.model
@pytest.mark.parametrize("video", [True, False])
def test_the_athlete_is_found_and_leans_as_in_truth(model, frames, video):
    truth = json.loads(CLIP.with_suffix(".truth.json").read_text())["frames"]
    errors = []
    with Landmarker(model, video=video) as finder:
        for t, rgb in frames:
            (pose,) = finder.find(rgb, t)
            assert pose.t == t
            assert pose.points.shape == (33, 3)
            assert pose.visibility.shape == (33,)
            hip, knee = (
                (pose.points[j.on("left"), :2] + pose.points[j.on("right"), :2]) / 2
                for j in (Joint.HIP, Joint.KNEE)
            )
            lean = np.degrees(np.arctan2(abs(hip[0] - knee[0]), knee[1] - hip[1]))
            errors.append(lean - abs(np.interp(t, truth["t_s"], truth["thigh_lean_deg"])))
    assert np.median(np.abs(errors)) < 8  # the constant offset of the model's points included
    assert np.max(np.abs(errors)) < 20


@pytest.mark.model
def test_a_view_with_gaps_between_its_rows_is_read_right(model, frames):
    t, rgb = frames[0]
    height, width = rgb.shape[:2]
    wide = np.zeros((height, width + 21, 3), np.uint8)
    wide[:, :width] = rgb
    with Landmarker(model, video=False) as finder:
        (whole,), (view,) = finder.find(rgb, t), finder.find(wide[:, :width], t)
    np.testing.assert_array_equal(whole.points, view.points)


@pytest.mark.model
def test_times_that_stand_still_or_run_back_are_no_trouble(model, frames):
    with Landmarker(model) as finder:
        for t in (0.0, 0.0, 0.0004, 5.0, 1.0):
            (pose,) = finder.find(frames[0][1], t)
            assert pose.t == t
            assert np.isfinite(pose.points[Landmark.LEFT_KNEE]).all()


@pytest.mark.model
def test_an_empty_picture_holds_nobody(model):
    with Landmarker(model, people=3, confidence=0.3) as finder:
        assert finder.find(np.full((240, 320, 3), 128, np.uint8), 0.0) == []


@pytest.mark.model
def test_what_is_not_a_picture_is_refused(model):
    with Landmarker(model) as finder:
        for wrong in (np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), "u1")):
            with pytest.raises(InputError, match="expected"):
                finder.find(wrong, 0.0)


@pytest.mark.model
def test_native_lines_go_to_the_log(model, frames, caplog):
    with caplog.at_level(logging.DEBUG, "formcheck.landmarker"), Landmarker(model) as finder:
        finder.find(frames[0][1], 0.0)
    assert "inference_feedback_manager" in caplog.text


@pytest.mark.model
def test_nothing_is_printed_not_even_at_exit(model):
    done = run(f"""
with Landmarker({str(model)!r}) as finder, Landmarker({str(model)!r}, 2, video=False) as second:
    for n in range(5):
        finder.find(grey, n / 30)
        second.find(grey, n / 30)
    frames = [f.to_ndarray(format="rgb24") for f in av.open({str(CLIP)!r}).decode(video=0)][::50]
    for n in range(12):  # comes, goes, comes again
        rgb = grey if n in (6, 7) else frames[n % len(frames)]
        finder.find(rgb, 1 + n / 30)
        second.find(rgb, 1 + n / 30)
    finder.close()
    print("mine", file=sys.stderr)
    sys.exit(130)
""")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "mine\n")


@pytest.mark.model
def test_two_threads_at_once_give_standard_error_back(model):
    done = run(f"""
import threading
def use():
    with Landmarker({str(model)!r}) as finder:
        for n in range(4):
            finder.find(grey, n / 30)
threads = [threading.Thread(target=use) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("mine", file=sys.stderr)
""")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "mine\n")


@pytest.mark.model
def test_a_closed_standard_error_is_no_trouble(model):
    done = run(f"""
import os
os.close(2)
with Landmarker({str(model)!r}) as finder:
    print(finder.find(grey, 0))
""")
    assert (done.returncode, done.stdout) == (0, "[]\n")


@pytest.mark.model
def test_the_way_out_is_closed_only_once_a_landmarker_is_made(model):
    users = {"https_proxy": "http://proxy:3128", "no_proxy": "*", "http_proxy": "http://proxy:1"}
    done = run(
        f"""
import json, os, subprocess
from formcheck import models
names = ("https_proxy", "all_proxy", "no_proxy", "http_proxy")
def seen(environment): print(json.dumps([environment.get(name) for name in names]), flush=True)
seen(os.environ)
Landmarker({str(model)!r}).close()
seen(os.environ)
seen(models.original_environment())
inside = "from formcheck import landmarker, models; landmarker.stop_reporting();"
inside += "print(models.original_environment()['https_proxy'])"
print(subprocess.check_output([sys.executable, "-c", inside], text=True), end="")
""",
        users,
    )
    before, during, given, inherited = done.stdout.splitlines()
    own = [users["https_proxy"], None, "*", users["http_proxy"]]
    assert (json.loads(before), json.loads(given)) == (own, own)
    nowhere = landmarker.NOWHERE
    assert json.loads(during) == [nowhere, nowhere, None, users["http_proxy"]]
    assert inherited == users["https_proxy"]


@pytest.mark.model
def test_no_connection_leaves_the_machine(model, tmp_path):
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("no strace: install the package `strace`")
    code = f"{USE}\nimport time\nLandmarker({str(model)!r}).find(grey, 0)\ntime.sleep(1)"
    trace = tmp_path / "trace.txt"
    subprocess.run(
        [strace, "-f", "-e", "trace=%network", "-o", trace, sys.executable, "-c", code],
        cwd=ROOT,
        env=models.original_environment() | {"no_proxy": "*"},
        timeout=300,
        check=True,
    )
    text = trace.read_text()
    spoken_to = re.findall(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"', text)
    assert {one or other for one, other in spoken_to} <= {"127.0.0.1", "::1"}


def test_a_missing_library_is_said_with_the_command_that_brings_it(tmp_path):
    (tmp_path / "mediapipe.py").write_text("raise ImportError('libGL.so.1: cannot open it')")
    done = run(
        f"""
sys.path.insert(0, {str(tmp_path)!r})
try:
    Landmarker("any.task")
except Exception as error:
    print(type(error).__name__, error)
"""
    )
    assert done.stdout.startswith("MissingPartError A system library is missing: libGL.so.1")
    assert "sudo apt-get install -y libgl1" in done.stdout
    assert "sudo dnf install -y libglvnd-glx" in done.stdout


def test_a_model_that_is_none_is_refused(tmp_path):
    for data in (None, b"", b"not a bundle"):
        file = tmp_path / "some.task"
        if data is not None:
            file.write_bytes(data)
        with pytest.raises(MissingPartError, match="formcheck models pull"):
            Landmarker(file)


def test_what_people_are_told_is_not_turned_away_with_the_librarys_lines(capfd):
    made, goes_on = threading.Event(), threading.Event()

    def make():
        with landmarker._quiet():
            os.write(2, b"native noise")
            made.set()
            goes_on.wait(60)

    maker = threading.Thread(target=make)
    maker.start()
    assert made.wait(60)
    threading.Timer(0.1, goes_on.set).start()
    with landmarker.heard():
        os.write(2, b"one")
    maker.join()
    assert capfd.readouterr().err == "one"
