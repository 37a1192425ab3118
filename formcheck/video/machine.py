"""What this machine can do with film: which codecs it reads and writes, which cameras it has."""

from __future__ import annotations

import tempfile
from pathlib import Path

import av
import cv2
import numpy as np

from formcheck.video.reader import VideoFile
from formcheck.video.webcam import DEVICES, listed
from formcheck.video.writer import VideoWriter

CODECS = {"H.264": ("h264",), "HEVC": ("hevc",), "VP9": ("vp9", "libvpx-vp9"),
          "AV1": ("libdav1d", "libaom-av1")}  # fmt: skip
"""What phones and browsers record, and the decoders that read it in software."""
_FRAMES = 8


def undecodable() -> list[str]:
    """The names of those CODECS that cannot be read here; empty when all can."""
    return [name for name, decoders in CODECS.items() if not any(map(_decodes, decoders))]


def _decodes(name: str) -> bool:
    try:
        return av.codec.Codec(name, "r").is_decoder
    except ValueError:  # av.codec.codec.UnknownCodecError is one
        return False


def round_trip() -> None:
    """Write a small H.264 film and read it again. Raises FormcheckError or OSError."""
    picture = np.full((48, 64, 3), 127, np.uint8)
    with tempfile.TemporaryDirectory(prefix="formcheck-") as scratch:
        path = Path(scratch) / "film.mp4"
        with VideoWriter(path, 64, 48) as out:
            for n in range(_FRAMES):
                out.write(picture, n / 30)
        read = sum(1 for _ in VideoFile(path))
    if read != _FRAMES:
        raise OSError(f"{_FRAMES} pictures were written and {read} came back")


def cameras() -> list[str] | None:
    """The cameras that the system names, unopened; None where it has no list to look at."""
    there = listed()
    return None if there is None else [str(DEVICES / f"video{n}") for n in there]


def first_picture(index: int) -> str:
    """Open a camera and take one picture; its size in words, empty when none came.

    May hang where a driver does: to be called in a process of its own.
    """
    camera = cv2.VideoCapture(index)
    try:
        came, picture = camera.read()
    finally:
        camera.release()
    return f"{picture.shape[1]} x {picture.shape[0]}" if came else ""
