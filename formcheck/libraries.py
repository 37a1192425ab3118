"""System libraries that MediaPipe and OpenCV need, and the packages that bring them."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from formcheck.errors import MissingPartError

FEDORA = {
    "libgl1": "libglvnd-glx",
    "libegl1": "libglvnd-egl",
    "libgles2": "libglvnd-gles",
    "libglib2.0-0": "glib2",
    "libxcb1": "libxcb",
}
"""Debian's name of each package that may be lacking, and Fedora's."""

_PACKAGES = {
    "libGL.so": "libgl1",
    "libEGL.so": "libegl1",
    "libGLESv2.so": "libgles2",
    "libgthread-2.0.so": "libglib2.0-0",
    "libglib-2.0.so": "libglib2.0-0",
    "libxcb.so": "libxcb1",
}


def package_for(error_text: str) -> str | None:
    """Debian's package with the system library that `error_text` misses; None: it misses none."""
    return next((name for part, name in _PACKAGES.items() if part in error_text), None)


def missing_library(error: Exception) -> MissingPartError | None:
    """What to tell of a failed import or load; None where no system library is to blame."""
    package = package_for(str(error))
    if package is None:
        return None
    return MissingPartError(
        f"A system library is missing: {error}. Install it with "
        f"`sudo apt-get install -y {package}` (Debian, Ubuntu) or "
        f"`sudo dnf install -y {FEDORA[package]}` (Fedora)."
    )


def settle_windows() -> None:
    """Load the X libraries of OpenCV's wheel before PyAV loads its own.

    Both wheels bring some of the very same name, and the first to come serve both. OpenCV's window
    hangs for ever on PyAV's, which speak through another libxcb; PyAV never uses them, for it opens
    no screen. So OpenCV's go first: 10 ms. Other systems than Linux have nothing of the kind.
    """
    spec = None
    with suppress(ImportError, ValueError):  # no OpenCV: whoever needs it will say so
        spec = find_spec("cv2") if sys.platform == "linux" else None
    if spec is None or spec.origin is None:
        return
    for path in sorted(Path(spec.origin).parents[1].glob("opencv*.libs/libxcb-*.so*")):
        with suppress(OSError):  # then there are no windows, and that is told when one is wanted
            ctypes.CDLL(str(path))
