"""Is this machine fit, what to install if not, where everything lies and how to remove it.

Each part is looked at on its own and imports what it needs only then, so that a machine on which
almost everything is missing is still told all of it.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from functools import partial
from importlib import metadata
from io import StringIO
from pathlib import Path
from typing import Literal

from formcheck import models
from formcheck.errors import FormcheckError
from formcheck.files import sha256
from formcheck.libraries import FEDORA, missing_library, package_for
from formcheck.store import place

Status = Literal["ok", "note", "problem"]

PYTHON = (3, 11)
"""The oldest Python that formcheck runs on."""
LIBRARIES = {
    "MediaPipe": {"mediapipe": "mediapipe"},
    "PyAV": {"av": "av"},
    "OpenCV": {"cv2": "opencv-contrib-python"},
    "libraries": {
        "numpy": "numpy", "scipy": "scipy", "pydantic": "pydantic", "matplotlib": "matplotlib",
        "jinja2": "jinja2", "PIL": "pillow", "platformdirs": "platformdirs", "pip": "pip",
    },
}  # fmt: skip
"""What each is for: the module that is imported, and the package that brings it."""
SYSTEM = ("libGL.so.1", "libEGL.so.1", "libGLESv2.so.2", "libgthread-2.0.so.0", "libxcb.so.1")
SCARCE, TIGHT = 200e6, 2e9
"""Bytes free: a few clips' results, and what is no worry for a while."""
CAMERA_S = 10.0
"""How long a camera may take to give its first picture."""
_LOOK = "from formcheck.video.machine import first_picture; print(first_picture({index}))"
SAMPLE = "demo_three_reps.mp4"
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Part:
    """A part of the machine and what was found of it."""

    name: str
    status: Status
    """note: works without it, or for now; problem: clips cannot be analysed."""
    found: str
    todo: str = ""
    """What to install or do, a sentence; empty when all is well."""


@dataclass(frozen=True)
class Place:
    """Where something lies."""

    what: str
    path: Path
    remove: str
    """How to be rid of it."""


def examine(out: Path, camera: int | None = None) -> Iterator[Part]:
    """Every part in turn, as soon as it is known. `camera`: open that one too, within CAMERA_S.

    Nothing is fetched and nothing is left behind.
    """
    yield _python()
    yield _system()
    for name, packages in LIBRARIES.items():
        yield _guarded(name, partial(_libraries, name, packages))
    yield _guarded("pose model", _model)
    yield _guarded("reads", _reading)
    yield _guarded("writes", _writing)
    yield _guarded("camera", partial(_camera, camera), worst="note")
    yield _guarded("window", _window, worst="note")
    yield _guarded("voice", _voice, worst="note")
    yield _room("results", out)
    yield _room("models", models.folder())


def sample() -> Path:
    """The sample clip, which comes with the source code; it may not be there."""
    return _ROOT / "sample_videos" / SAMPLE


def places(out: Path) -> list[Place]:
    """Where everything lies and how to remove it."""
    python = shlex.quote(sys.executable)
    found = [
        Place("formcheck", Path(__file__).resolve().parent, f"{python} -m pip uninstall formcheck"),
        Place("pose model", models.path(), "formcheck models remove"),
        Place("results", out.absolute(), "delete the folder"),
        Place("history", place.folder(), "`formcheck history NAME --delete`, or the folder"),
    ]
    if sample().is_file():
        found.append(Place("sample", sample(), "delete the file; `formcheck demo` needs it"))
    if sys.prefix != sys.base_prefix:
        words = "delete the folder; formcheck and its libraries go with it"
        found.append(Place("libraries", Path(sys.prefix), words))
    return found


def as_json(parts: Iterable[Part], where: Iterable[Place]) -> str:
    """All of it on one line, for programs."""
    found = list(parts)
    return json.dumps(
        {
            "schema": "formcheck.doctor/1",
            "fit": all(part.status != "problem" for part in found),
            "parts": [asdict(part) for part in found],
            "places": [{**asdict(place), "path": str(place.path)} for place in where],
        }
    )


def _guarded(name: str, look: Callable[[], Part], worst: Status = "problem") -> Part:
    """What `look` finds; whatever it stumbles over is a finding as well."""
    try:
        with redirect_stdout(StringIO()):  # OpenCV prints advice of its own there
            return look()
    except ModuleNotFoundError as error:
        return Part(name, worst, f"needs {error.name}, which is missing")
    except Exception as error:  # on a broken machine anything may be raised; say it, go on
        library = missing_library(error)
        if library is not None or isinstance(error, FormcheckError):
            return Part(name, worst, str(library or error).rstrip("."))
        return Part(name, worst, f"does not work ({type(error).__name__}: {error})", _again())


def _again() -> str:
    python = shlex.quote(sys.executable)
    what = shlex.quote(str(_ROOT)) if (_ROOT / "pyproject.toml").is_file() else "formcheck"
    return f"Install formcheck anew: {python} -m pip install --force-reinstall {what}"


def _python() -> Part:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= PYTHON:
        return Part("Python", "ok", version)
    needed = ".".join(map(str, PYTHON))
    return Part("Python", "problem", f"{version}, too old", f"Install Python {needed} or newer.")


def _system() -> Part:
    """The system libraries that MediaPipe and OpenCV load; only Linux can lack them."""
    name, lacking = "system", []
    if sys.platform != "linux":
        return Part(name, "ok", sys.platform)
    for library in SYSTEM:
        try:
            ctypes.CDLL(library)
        except OSError:
            lacking.append(library)
    if not lacking:
        return Part(name, "ok", "all system libraries are there")
    debian = [package_for(library) or library for library in lacking]
    fedora = [FEDORA.get(package, package) for package in debian]
    todo = (
        f"Install with `sudo apt-get install -y {' '.join(debian)}` (Debian, Ubuntu) "
        f"or `sudo dnf install -y {' '.join(fedora)}` (Fedora)."
    )
    return Part(name, "problem", f"missing: {', '.join(lacking)}", todo)


def _libraries(name: str, packages: dict[str, str]) -> Part:
    found = []
    for module, package in packages.items():
        try:
            importlib.import_module(module)
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
            todo = f"Install it: {shlex.quote(sys.executable)} -m pip install {package}"
            return Part(name, "problem", f"{package} is not installed", todo)
        found.append(f"{package} {_version(package)}")
    twins = [p for p in ("opencv-python", "opencv-python-headless") if _version(p)]
    if "cv2" in packages and twins:
        words = f"{', '.join(found)} and {' and '.join(twins)}, which overwrite each other's files"
        todo = f"If pictures fail: pip uninstall {' '.join(twins)}, then install formcheck anew."
        return Part(name, "note", words, todo)
    return Part(name, "ok", ", ".join(found))


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _model() -> Part:
    """Is it there, the right one, does it load, and does it see nobody where nobody is?"""
    path, name = models.path(), "pose model"
    if not path.is_file():
        todo = "Run `formcheck models pull`, or let the first analysis fetch it."
        return Part(name, "problem", "not fetched yet", todo)
    if sha256(path) != models.SHA256["full"]:
        todo = "Run `formcheck models pull` to fetch it anew."
        return Part(name, "problem", "not the file it should be: its sha256 differs", todo)
    import numpy as np

    from formcheck.landmarker import Landmarker

    with Landmarker(path, video=False) as landmarker:
        seen = landmarker.find(np.full((192, 256, 3), 127, np.uint8), 0.0)
    if seen:
        return Part(name, "problem", "sees a body in a blank picture", _again())
    return Part(name, "ok", "there, verified, loads and runs")


def _reading() -> Part:
    from formcheck.video.machine import CODECS, undecodable

    lacking = undecodable()
    if not lacking:
        return Part("reads", "ok", ", ".join(CODECS))
    status: Status = "problem" if "H.264" in lacking else "note"
    todo = "Install the film library anew from a wheel: pip install --force-reinstall av"
    return Part("reads", status, f"cannot read {', '.join(lacking)}", todo)


def _writing() -> Part:
    from formcheck.video.machine import round_trip

    round_trip()
    return Part("writes", "ok", "H.264, and reads it again")


def _camera(index: int | None) -> Part:
    """Only listed, unless one is to be opened: that happens in a child that may be given up."""
    from formcheck.video.machine import cameras

    if index is not None:
        return _opened(index)
    listed = cameras()
    if listed is None:
        return Part("camera", "note", "not looked for", "formcheck doctor --camera 0 opens one.")
    if not listed:
        return Part("camera", "note", "none; recorded clips need none")
    return Part("camera", "ok", f"{', '.join(listed)}; not opened (--camera 0 does)")


def _opened(index: int) -> Part:
    try:
        done = subprocess.run(
            [sys.executable, "-c", _LOOK.format(index=index)],
            capture_output=True, text=True, timeout=CAMERA_S, check=False,
        )  # fmt: skip
        size = done.stdout.strip()
    except subprocess.TimeoutExpired:
        size = ""
    if size:
        return Part("camera", "ok", f"camera {index} gives pictures of {size}")
    from formcheck.video.webcam import why_none

    return Part("camera", "note", f"camera {index} gives no picture", why_none(index))


def _window() -> Part:
    from formcheck.live.window import why_none

    why = why_none()
    if not why:
        return Part("window", "ok", "can be opened")
    return Part("window", "note", "none; only `formcheck live` shows one", why)


def _voice() -> Part:
    from formcheck.live.voice import why_silent

    why = why_silent()
    if not why:
        return Part("voice", "ok", "speaks")
    why = f"{why[0].upper()}{why[1:]}."
    return Part("voice", "note", "none; `formcheck live` only shows its cues", why)


def _room(name: str, folder: Path) -> Part:
    """Whether a folder that may not exist yet can be written to, and how much is free there."""
    todo = "Make room, or choose another place with --out (results) or FORMCHECK_MODELS (model)."
    try:
        nearest = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
        with tempfile.TemporaryFile(dir=nearest) as file:
            file.write(bytes(4096))
        free = shutil.disk_usage(nearest).free
    except OSError as error:
        return Part(name, "problem", f"cannot be written ({error.strerror})", todo)
    words = f"{free / 1e9:.1f} GB free, can be written"
    if free > TIGHT:
        return Part(name, "ok", words)
    return Part(name, "problem" if free < SCARCE else "note", words, todo)
