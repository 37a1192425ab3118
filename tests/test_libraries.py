"""A missing system library is answered with the package that brings it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from formcheck.libraries import FEDORA, package_for

SAMPLE = Path(__file__).resolve().parent.parent / "sample_videos" / "fault_hips_pike.mp4"


@pytest.mark.parametrize(
    ("text", "package"),
    [
        ("libGL.so.1: cannot open shared object file: No such file or directory", "libgl1"),
        ("libEGL.so.1: cannot open shared object file", "libegl1"),
        ("libGLESv2.so.2: cannot open shared object file", "libgles2"),
        ("ImportError: libgthread-2.0.so.0: cannot open shared object file", "libglib2.0-0"),
        ("libglib-2.0.so.0: cannot open shared object file", "libglib2.0-0"),
        ("libxcb.so.1: cannot open shared object file", "libxcb1"),
        ("No module named 'mediapipe'", None),
        ("", None),
    ],
)
def test_a_missing_library_is_known_by_its_package(text, package):
    assert package_for(text) == package
    assert package is None or package in FEDORA


@pytest.mark.parametrize("module", ["cv2", "mediapipe"])
def test_the_command_line_says_what_to_install(model, module, tmp_path):
    """As on a bare machine: the import fails in the loader."""
    fake = "raise ImportError('libGL.so.1: cannot open shared object file: No such file')"
    (tmp_path / f"{module}.py").write_text(fake)
    done = subprocess.run(
        [sys.executable, "-m", "formcheck", "analyze", SAMPLE, "--out", tmp_path / "out"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 4
    assert "apt-get install -y libgl1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's windows")
def test_opencvs_windows_do_not_get_pyavs_libraries():
    """Both wheels bring some of the same name; with PyAV's the window hangs for ever."""
    code = "import formcheck.video.film, cv2\nprint(open('/proc/self/maps').read())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {line.split("/")[-1] for line in done.stdout.splitlines() if "av.libs/" in line}
    assert loaded and [name for name in loaded if name.startswith("libxcb-shm")] == []
