"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

import unicodedata

LOOKED_AT = 192
"""Bytes that tell."""
_BRANDS = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
"""The kinds of box that an MP4 or QuickTime file begins with."""
NAME_LETTERS = 200


def extension(head: bytes) -> str | None:
    """The extension of a film, or of a saved pose track, that begins with these bytes; None: it is
    neither, be that a picture, a page, or a playlist, which would lead to other files."""
    if head[4:8] in _BRANDS:
        return ".mov" if head[8:12] == b"qt  " or head[4:8] != b"ftyp" else ".mp4"
    if head[:4] == b"\x1aE\xdf\xa3":
        return ".webm" if b"webm" in head else ".mkv"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return ".avi"
    if head[:1] == b"G" and head[188:189] == b"G":  # packets of a transport stream
        return ".ts"
    if head[:4] == b"\x00\x00\x01\xba":
        return ".mpg"
    return ".npz" if head[:4] == b"PK\x03\x04" else None


def shown_name(name: str) -> str:
    """A file's name as it is shown and written into reports: one line, no folders, not too long.

    It never becomes a path.
    """
    return one_line(name.replace("\\", "/").rsplit("/", 1)[-1]) or "clip"


def one_line(name: str) -> str:
    """A name without what is no letter of a line, and not too long."""
    return "".join(c for c in name if unicodedata.category(c)[0] != "C").strip()[:NAME_LETTERS]
