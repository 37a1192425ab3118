"""Frame in, poses out: the only room that knows MediaPipe.

MediaPipe reports its usage to its maker, and has no switch for that. Its uploader obeys the
proxy variables, so a process that makes a `Landmarker` first turns them to a closed port of its
own machine: nothing about a clip leaves. `models.original_environment` gives child processes that
fetch something the user's own settings back.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck import trimmed
from formcheck.deferred import deferred
from formcheck.errors import InputError, MissingPartError
from formcheck.libraries import missing_library
from formcheck.models import SAVED_PROXIES
from formcheck.pose import Pose
from formcheck.unfiltered import Unfilter

log = logging.getLogger("formcheck.landmarker")

NOWHERE = "http://127.0.0.1:9"
"""The discard port of this machine, which nothing listens on."""

# `http_proxy` stays as it is: the reports go by https, and network cameras are read through it.
_TO_NOWHERE = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_EXEMPTIONS = ("no_proxy", "NO_PROXY")

_UNUSED = ("matplotlib", "matplotlib.pyplot", "sounddevice")
"""What MediaPipe imports besides, for drawings and microphones: two thirds of its loading."""

_descriptor = threading.RLock()  # two threads must not turn descriptor 2 away at once


class Landmarker:
    """Finds bodies in pictures; a context manager, to be closed when done.

    With `video` it follows bodies from frame to frame, so the frames must be handed over in order;
    without, every picture is looked at on its own. One thread at a time may use it.
    """

    def __init__(
        self, model: Path, people: int = 1, video: bool = True, confidence: float = 0.5
    ) -> None:
        """Load `model` to look for at most `people` bodies.

        `confidence` (0 to 1) is what a detection, a presence and a track need to be taken.
        Raises MissingPartError when the model or a system library cannot be loaded.
        """
        stop_reporting()
        self._video, self._last_ms, self._bodies = video, 0, 0
        self._unfilter = Unfilter() if video and people == 1 else None
        with _quiet():
            self._mediapipe, task = _load(Path(model), people, video, confidence)
        self._task: Any = task

    def find(self, rgb: NDArray[np.uint8], t: float) -> list[Pose]:
        """The bodies in one picture, (H, W, 3) RGB, at `t` seconds; empty when there is none.

        Points are pixels of this picture, and may lie outside it. Raises InputError when the array
        is not a picture.
        """
        if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or rgb.size == 0:
            raise InputError(
                f"A frame of shape {rgb.shape} and type {rgb.dtype} cannot be looked at; "
                "expected (height, width, 3), uint8, RGB."
            )
        # It talks at its first frame, at its first body and when it first follows one.
        self._last_ms = max(self._last_ms + 1, round(t * 1000))
        with _quiet() if self._bodies < 3 else nullcontext():
            seen = self._look(rgb, self._last_ms)
        self._bodies += len(seen)
        poses = [_pose(body, rgb.shape[1], rgb.shape[0], t) for body in seen]
        return poses if self._unfilter is None else self._unsmoothed(self._unfilter, poses)

    def close(self) -> None:
        """Free the model; a second call does nothing.

        Left open, MediaPipe prints a traceback at the interpreter's exit.
        """
        self._task.close()

    def __enter__(self) -> Landmarker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _look(self, rgb: NDArray[np.uint8], ms: int) -> list[Any]:
        # MediaPipe reads a view with gaps between its rows as garbage, without a word.
        image = self._mediapipe.Image(
            image_format=self._mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(rgb)
        )
        if not self._video:
            return list(self._task.detect(image).pose_landmarks)
        return list(self._task.detect_for_video(image, ms).pose_landmarks)

    def _unsmoothed(self, unfilter: Unfilter, poses: list[Pose]) -> list[Pose]:
        """The one body without MediaPipe's smoothing, which begins anew where there is none."""
        if not poses:
            unfilter.reset()
            return []
        (pose,) = poses
        points = unfilter.push(self._last_ms / 1000, pose.points)
        return [replace(pose, points=points)]


def stop_reporting() -> None:
    """Close this process's way out through https, and keep what was set in SAVED_PROXIES."""
    if SAVED_PROXIES not in os.environ:  # else inherited: the user's own are in there already
        names = (*_TO_NOWHERE, *_EXEMPTIONS)
        os.environ[SAVED_PROXIES] = json.dumps({name: os.environ.get(name) for name in names})
    for name in _EXEMPTIONS:
        os.environ.pop(name, None)
    for name in _TO_NOWHERE:
        os.environ[name] = NOWHERE


def _load(model: Path, people: int, video: bool, confidence: float) -> tuple[Any, Any]:
    """MediaPipe itself and a pose landmarker. Raises MissingPartError."""
    try:
        with deferred(*_UNUSED) if "mediapipe" not in sys.modules else nullcontext():
            import mediapipe
        try:
            return mediapipe, _made(trimmed.bundle(model), people, video, confidence)
        except (RuntimeError, ValueError):  # it may be the trimmed one alone that is refused
            return mediapipe, _made(model.read_bytes(), people, video, confidence)
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        raise MissingPartError(_why(model, error)) from error


def _made(data: bytes, people: int, video: bool, confidence: float) -> Any:  # noqa: ANN401
    """A pose landmarker out of a bundle's bytes: a path goes through the C library, which on
    Windows knows few letters."""
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=data),
        running_mode=vision.RunningMode.VIDEO if video else vision.RunningMode.IMAGE,
        num_poses=people,
        min_pose_detection_confidence=confidence,
        min_pose_presence_confidence=confidence,
        min_tracking_confidence=confidence,
    )
    return vision.PoseLandmarker.create_from_options(options)


def _why(model: Path, error: Exception) -> str:
    library = missing_library(error)
    if library is not None:
        return str(library)
    if isinstance(error, ImportError):
        return f"MediaPipe cannot be loaded: {error}. Install formcheck anew (`pip install`)."
    return (
        f"The pose model {model} cannot be loaded: {error}. "
        "Run `formcheck models pull`, or give another one with `--model PATH`."
    )


def _pose(body: list[Any], width: int, height: int, t: float) -> Pose:
    rows = np.array([(p.x, p.y, p.z, p.visibility) for p in body], float)
    return Pose(t, rows[:, :3] * (width, height, width), rows[:, 3])


@contextmanager
def heard() -> Iterator[None]:
    """What is written to standard error within is not turned away, whatever another thread makes:
    waits where one is being made, for some tenths of a second."""
    with _descriptor:
        yield


@contextmanager
def _quiet() -> Iterator[None]:
    """Turn file descriptor 2 away, and give what native code wrote there to the log.

    No setting silences those lines, and they do not pass through `sys.stderr`.
    """
    with _descriptor, tempfile.TemporaryFile() as file:
        try:
            kept = os.dup(2)
        except OSError:  # standard error is closed: nobody is disturbed
            yield
            return
        _flush()
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            _flush()
            os.dup2(kept, 2)
            os.close(kept)
            file.seek(0)
            for line in file.read().decode(errors="replace").splitlines():
                log.debug("%s", line)


def _flush() -> None:
    with suppress(AttributeError, OSError, ValueError):  # no stderr, or a closed one
        sys.stderr.flush()
