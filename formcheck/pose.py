"""The narrow waist: what a body looks like in one picture, and over a clip.

Everything before this room knows codecs and models; everything after it is NumPy.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from formcheck.caps import OWN, Caps
from formcheck.errors import InputError
from formcheck.resting import rested

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
_NOT_A_TRACK = (OSError, ValueError, KeyError, EOFError, TypeError, NotImplementedError,
                zipfile.BadZipFile, zlib.error)  # fmt: skip
"""What NumPy raises on a file that is none of its own, or damaged."""
_FAR = 100
"""Pictures, the longer side of which no model's point lies away from it."""


class Landmark(IntEnum):
    """The 33 points of MediaPipe Pose, by their index (nordic-curl.md 0.1)."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


class Joint(IntEnum):
    """A joint that the body has on both sides; the value is the left landmark's index."""

    EAR = 7
    SHOULDER = 11
    ELBOW = 13
    WRIST = 15
    HIP = 23
    KNEE = 25
    ANKLE = 27
    HEEL = 29
    FOOT_INDEX = 31

    @cache  # asked some sixty times a frame
    def on(self, side: str) -> Landmark:
        """The landmark of this joint on `side`, "left" or "right"."""
        return Landmark(self.value + (side == "right"))


@dataclass(frozen=True)
class Pose:
    """One body in one picture."""

    t: float
    """Seconds, from the source's own timestamps."""
    points: Array
    """(33, 3) pixels: x right, y down, z towards the camera is negative; NaN where not seen."""
    visibility: Array
    """(33,) 0 to 1; NaN where not seen."""
    camera: Array | None = None
    """(3,) of PoseTrack.camera; None: still, or not known."""
    mended: bool = False
    """Whether the model had taken left for right, and that was put right."""

    @property
    def steady(self) -> Array:
        """(33, 3) pixels as a camera that stands still would have seen them."""
        return self.points if self.camera is None else _steadied(self.points, self.camera)


@dataclass(frozen=True)
class PoseTrack:
    """One body over a clip. Frames in which nobody was seen stay, as NaN."""

    t_s: Array
    """(T,) seconds, increasing."""
    points: Array
    """(T, 33, 3) pixels; NaN where not seen."""
    visibility: Array
    """(T, 33) 0 to 1; NaN where not seen."""
    size: tuple[int, int]
    """Width and height of the picture in pixels."""
    camera: Array | None = None
    """(T, 3) how the background of the first picture lies in each: pixels to the right and down by
    which its top left corner is off, and the angle by which it is turned round it, radians,
    clockwise +. None: the camera stood still, or that is not known. Never from the landmarks."""
    mended: Flags | None = None
    """(T,) where the model had taken left for right, and that was put right; None: nowhere."""

    def __post_init__(self) -> None:
        """Refuse a track that does not hang together; all problems are named at once.

        Raises InputError.
        """
        problems = _problems(self.t_s, self.points, self.visibility, self.size)
        problems += _more_problems(self.t_s.size, self.camera, self.mended)
        if problems:
            raise InputError("This pose track cannot be used: " + "; ".join(problems) + ".")

    def __len__(self) -> int:
        return len(self.t_s)

    def __iter__(self) -> Iterator[Pose]:
        for i, t in enumerate(self.t_s):
            camera = None if self.camera is None else self.camera[i]
            mended = self.mended is not None and bool(self.mended[i])
            yield Pose(float(t), self.points[i], self.visibility[i], camera, mended)

    @property
    def frame_s(self) -> float:
        """The median time between frames in seconds; NaN with fewer than two."""
        return float(np.median(np.diff(self.t_s))) if len(self.t_s) > 1 else float("nan")

    def quickened(self, by: float) -> PoseTrack:
        """The same poses in `by` times less time: of slow motion, as it was in the world."""
        return self if by == 1 else replace(self, t_s=self.t_s / by)

    def between(self, since: float, until: float) -> PoseTrack:
        """The poses from one second to another, both included; their times stay."""
        use = (self.t_s >= since) & (self.t_s <= until)
        return replace(
            self,
            t_s=self.t_s[use],
            points=self.points[use],
            visibility=self.visibility[use],
            camera=None if self.camera is None else self.camera[use],
            mended=None if self.mended is None else self.mended[use],
        )

    def steadied(self) -> PoseTrack:
        """The same poses as a camera that stands still would have seen them."""
        if self.camera is None:
            return self
        return replace(self, points=_steadied(self.points, self.camera), camera=None)

    def rested(self) -> PoseTrack:
        """The same poses, those of a long recording on the disk; read-only then."""
        points, visibility = rested([self.points, self.visibility])
        return replace(self, points=points, visibility=visibility)

    @property
    def seen(self) -> Flags:
        """(T,) whether a body was found in the frame."""
        return np.asarray(np.isfinite(self.points[:, :, 0]).any(axis=1))

    @property
    def fingerprint(self) -> str:
        """The SHA-256 in hexadecimal of times, points and picture size in the precision of
        `save`: the same of a track before and after it was saved, another of another clip's."""
        points = self.points.astype("<f4")
        points[np.isnan(points)] = np.nan  # one NaN is as good as another
        digest = hashlib.sha256(self.t_s.astype("<f8").tobytes())
        digest.update(points.tobytes())
        digest.update(np.array(self.size, "<i8").tobytes())
        return digest.hexdigest()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the track as `pose.npz` (float32 points and visibility, float64 times; the camera,
        float32, and what was mended where there is any)."""
        more: dict[str, Any] = (
            {} if self.camera is None else {"camera": self.camera.astype(np.float32)}
        )
        more |= {} if self.mended is None else {"mended": self.mended}
        with Path(path).open("wb") as file:
            np.savez_compressed(
                file,
                t_s=self.t_s,
                points=self.points.astype(np.float32),
                visibility=self.visibility.astype(np.float32),
                size=np.array(self.size, np.int64),
                **more,
            )

    @classmethod
    def load(cls, path: str | os.PathLike[str], caps: Caps = OWN) -> PoseTrack:
        """Read a track written by `save`. Raises InputError when it is not one, or has more than
        `caps` allow."""
        name = Path(path).name
        try:
            with ExitStack() as stack:
                file = stack.enter_context(Path(path).open("rb"))
                _refuse_bomb(file, Path(name), caps)
                data = stack.enter_context(np.load(file, allow_pickle=False))
                width, height = (int(n) for n in data["size"])
                arrays = [np.asarray(data[k], float) for k in ("t_s", "points", "visibility")]
                camera = np.asarray(data["camera"], float) if "camera" in data else None
                mended = np.asarray(data["mended"], bool) if "mended" in data else None
        except FileNotFoundError as error:
            raise InputError(f"{name}: there is no such file. Check the name.") from error
        except _NOT_A_TRACK as error:
            raise InputError(
                f"{name}: this is not a pose track, or it is damaged ({_reason(error)}). "
                "Expected the pose.npz that formcheck writes beside its report."
            ) from error
        t_s, points, visibility = arrays
        if t_s.ndim == 1 and len(t_s) > 1:
            caps.refuse_frames(Path(name), len(t_s))
            caps.refuse_length(Path(name), float(t_s[-1] - t_s[0]))
        caps.refuse_picture(Path(name), width, height)
        far = _FAR * max(width, height) or np.inf  # that there is no picture is told below
        if any((np.abs(a) > far).any() for a in (points, camera) if a is not None):
            raise InputError(
                f"{name}: this pose track has points, or a camera, more than {_FAR} pictures away; "
                "expected within reach of the picture. Give the clip itself."
            )
        try:
            return cls(t_s, points, visibility, (width, height), camera, mended)
        except InputError as error:
            raise InputError(f"{name}: {error} Give the clip itself.") from error


def _refuse_bomb(file: BinaryIO, name: Path, caps: Caps) -> None:
    """Before it is unpacked: a few bytes in a zip may stand for gigabytes."""
    with zipfile.ZipFile(file) as packed:
        caps.refuse_unpacked(name, sum(part.file_size for part in packed.infolist()))
    file.seek(0)


def _reason(error: Exception) -> str:
    """What the library says, where that helps anybody."""
    if isinstance(error, KeyError):
        return str(error.args[0])
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__


def _problems(t_s: Array, points: Array, visibility: Array, size: tuple[int, int]) -> list[str]:
    if t_s.ndim != 1:
        return [f"t_s has the shape {t_s.shape}, expected (T,)"]
    n, found = len(t_s), []
    if points.shape != (n, 33, 3):
        found.append(f"points has the shape {points.shape}, expected ({n}, 33, 3)")
    if visibility.shape != (n, 33):
        found.append(f"visibility has the shape {visibility.shape}, expected ({n}, 33)")
    if not np.isfinite(t_s).all() or (np.diff(t_s) <= 0).any():
        found.append("t_s must be finite and increasing")
    if min(size) <= 0:
        found.append(f"size is {size}, expected a positive width and height")
    return found


def _steadied(points: Array, camera: Array) -> Array:
    """points (..., 33, 3) as a camera (..., 3) that stands still would have seen them."""
    steady = points.copy()
    steady[..., :2] = turned(points[..., :2] - camera[..., None, :2], -camera[..., None, 2])
    return steady


def turned(places: Array, angle: Array | float) -> Array:
    """(..., 2) places turned round the picture's top left corner by (...) radians, clockwise +."""
    x, y = places[..., 0], places[..., 1]
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([cos * x - sin * y, sin * x + cos * y], -1)


def _more_problems(n: int, camera: Array | None, mended: Flags | None) -> list[str]:
    found = []
    if camera is not None and (camera.shape != (n, 3) or not np.isfinite(camera).all()):
        found.append(f"camera has the shape {camera.shape}, expected ({n}, 3), all finite")
    if mended is not None and mended.shape != (n,):
        found.append(f"mended has the shape {mended.shape}, expected ({n},)")
    return found
