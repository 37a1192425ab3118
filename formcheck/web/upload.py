"""An upload: a multipart body that goes to the disk as it comes, within its limits."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from formcheck.web.guard import RefusedError
from formcheck.web.kinds import LOOKED_AT, extension, shown_name
from formcheck.web.settings import MIB, Limits

FILE = "file"
FIELDS = ("exercise", "athlete")
FIELD_BYTES = 1000
GATHERED_BYTES = MIB
LOOKS_BYTES = 64 * MIB
"""So often it is looked whether the disk still has room."""
NO_ROOM = "There is no room for the clip on this machine's disk."
NO_FILM = (
    "This is no film. Expected a clip as phones and cameras save it (mp4, mov, webm, mkv, avi), or "
    "a pose.npz of formcheck."
)


@dataclass
class Upload:
    """What has come so far."""

    path: Path
    limits: Limits
    name: str = ""
    """As the user calls the file."""
    size: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    head: bytes = b""
    _part: str = ""
    _value: bytearray = field(default_factory=bytearray)
    _header: tuple[bytearray, bytearray] = field(default_factory=lambda: (bytearray(), bytearray()))
    _file: BinaryIO | None = None
    _files: int = 0
    _whole: bool = False

    def parser(self, boundary: bytes) -> MultipartParser:
        """Tells this of what it finds."""
        return MultipartParser(
            boundary,
            {
                "on_header_field": lambda data, a, b: self._header[0].extend(data[a:b]),
                "on_header_value": lambda data, a, b: self._header[1].extend(data[a:b]),
                "on_header_end": self._on_header,
                "on_headers_finished": self._begin,
                "on_part_data": self._take,
                "on_part_end": self._end,
                "on_end": self._on_end,
            },
        )

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def finish(self) -> str:
        """All has come and is on the disk; the extension of what it is. RefusedError."""
        if self._file is None or not self._whole:
            raise RefusedError(
                400, 'The upload is not whole. Expected multipart with one part "file".'
            )
        self._file.flush()
        os.fsync(self._file.fileno())
        self.close()
        kind = extension(self.head)
        if kind is None:
            raise RefusedError(415, NO_FILM)
        return kind

    def _on_header(self) -> None:
        name, value = (bytes(part) for part in self._header)
        for part in self._header:
            part.clear()
        if name.lower() == b"content-disposition":
            _, options = parse_options_header(value)
            self._part = options.get(b"name", b"").decode("utf-8", "replace")
            if self._part == FILE:
                called = options.get(b"filename", b"").decode("utf-8", "replace")
                self.name = shown_name(called.replace("%22", '"'))  # so browsers spell it

    def _begin(self) -> None:
        if self._part == FILE:
            self._files += 1
            if self._files > 1:
                raise RefusedError(400, "One clip an upload, please: send each on its own.")
            self._file = self.path.open("wb")
        elif self._part not in FIELDS:
            raise RefusedError(400, f'Expected the parts "file", {" and ".join(FIELDS)} alone.')

    def _take(self, data: bytes, start: int, end: int) -> None:
        piece = data[start:end]
        if self._part != FILE or self._file is None:
            self._value += piece
            if len(self._value) > FIELD_BYTES:
                raise RefusedError(413, f"{self._part} is too long, expected 1000 letters at most.")
            return
        self.size += len(piece)
        if self.size > self.limits.upload_bytes:
            raise too_large(self.limits)
        if len(self.head) < LOOKED_AT:
            self.head += piece[: LOOKED_AT - len(self.head)]
            if len(self.head) >= LOOKED_AT and extension(self.head) is None:
                raise RefusedError(415, NO_FILM)  # before all of it has come
        self._file.write(piece)

    def _end(self) -> None:
        if self._part != FILE:
            self.fields[self._part] = bytes(self._value).decode("utf-8", "replace")
        self._value.clear()
        self._part = ""

    def _on_end(self) -> None:
        self._whole = True


async def receive(request: Request, path: Path, limits: Limits) -> tuple[Upload, str]:
    """Write the upload to `path`; what came with it, and its extension. Raises RefusedError, and
    then there is no file."""
    upload = Upload(path, limits)
    try:
        parser = upload.parser(_boundary(request, limits))
        looked = 0
        async for gathered in _gathered(_pieces(request, limits)):
            # on a thread: a disk that is behind would hold up every page and every live set
            await asyncio.to_thread(parser.write, gathered)
            if upload.size - looked > LOOKS_BYTES:  # others fill it at the same time
                looked = upload.size
                _room(path.parent, 0, limits)
        parser.finalize()
        return upload, await asyncio.to_thread(upload.finish)
    except BaseException as error:
        upload.close()
        path.unlink(missing_ok=True)
        raise _why(error) from error


def _why(error: BaseException) -> BaseException:
    if isinstance(error, FormParserError):
        return RefusedError(400, "The upload cannot be read. Expected multipart/form-data.")
    if isinstance(error, OSError):
        return RefusedError(507, NO_ROOM)
    if isinstance(error, ClientDisconnect):
        return RefusedError(400, "The upload broke off.")
    return error


def too_large(limits: Limits) -> RefusedError:
    """Why a clip that is too large is not taken."""
    most = limits.upload_bytes / MIB
    return RefusedError(
        413, f"The clip is too large, expected {most:,.0f} MB at most. Cut out the set."
    )


def _boundary(request: Request, limits: Limits) -> bytes:
    """Where parts of the body meet. Raises RefusedError for what cannot be an upload that fits."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise RefusedError(415, 'Expected multipart/form-data with the clip as the part "file".')
    told = request.headers.get("content-length", "0")
    length = int(told) if told.isdigit() else 0
    if length > limits.upload_bytes + MIB:
        raise too_large(limits)
    _room(request.app.state.settings.incoming, length, limits)
    return boundary


def _room(folder: Path, length: int, limits: Limits) -> None:
    """Raises RefusedError where so many bytes would leave less of the disk than is to be left."""
    if shutil.disk_usage(folder).free - length < limits.free_bytes:
        raise RefusedError(507, NO_ROOM)


async def _gathered(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces in larger ones; the first as it came, since it tells what the rest is."""
    waiting, most = bytearray(), 0
    async for piece in pieces:
        waiting += piece
        if len(waiting) >= most:
            yield bytes(waiting)
            waiting.clear()
            most = GATHERED_BYTES
    if waiting:
        yield bytes(waiting)


async def _pieces(request: Request, limits: Limits) -> AsyncIterator[bytes]:
    """The body as it comes. Raises RefusedError for one that only holds the line."""
    stream, began, came = request.stream(), time.monotonic(), 0
    while True:
        try:
            piece = await asyncio.wait_for(anext(stream), limits.silent_s)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise RefusedError(408, "Nothing more came of the upload. Try again.") from error
        came += len(piece)
        lasted = time.monotonic() - began
        if lasted > limits.silent_s and came < limits.slowest_bytes_s * lasted:
            raise RefusedError(408, "The upload came too slowly. Try again over a better network.")
        yield piece
