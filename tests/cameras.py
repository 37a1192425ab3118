"""A film as a browser's camera."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from browsers import SWITCHES

from formcheck.video.reader import VideoFile


def camera(clip: Path, out: Path, size: tuple[int, int] | None = None, fps: float = 30.0) -> Path:
    """A film as Chromium takes it for a camera: JPEGs one after the other, `fps` a second, of its
    own size or another (width, height) of the same shape."""
    frames = list(VideoFile(clip).frames())
    t = np.array([f.t for f in frames])
    with out.open("wb") as file:
        for moment in np.arange(t[0], t[-1], 1 / fps):
            bgr = frames[int(np.abs(t - moment).argmin())].rgb[..., ::-1]
            bgr = np.ascontiguousarray(bgr) if size is None else cv2.resize(bgr, size)
            file.write(cv2.imencode(".jpg", bgr)[1].tobytes())
    return out


@contextmanager
def before(kind, chromium: Path, film: Path) -> Iterator:
    """A browser that takes a film for its camera, and plays it over and over. `kind` is
    Playwright's `chromium`."""
    fake = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={film}")  # fmt: skip
    own = kind.launch(executable_path=chromium, args=[*SWITCHES, *fake])
    try:
        yield own
    finally:
        own.close()
