"""A file opened as a film, and nothing but that file, whatever it holds or is called.

The library gets bytes, not a name: from a name it may guess a kind ("shot%d.jpg" is a series of
files) or take it for an address, and what lies beside a file is found by its name. Only known
containers are read; what lists other files, such as a play list, is not among them, and the door
to others stays shut even for a container that refers to some.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition

from formcheck.caps import OWN, Caps
from formcheck.errors import InputError
from formcheck.files import shown
from formcheck.video.film import Film, Tally

_FILMS = "mov,matroska,avi,mpegts,mpeg,flv,asf,ogg,gif"
_SOUNDS = "mp3,wav,aac,flac"
_STILLS = "jpeg_pipe,png_pipe,webp_pipe,bmp_pipe,tiff_pipe"
"""Sounds and pictures are opened only to say what they are."""
_WANTED = "a film: mp4, mov, webm, mkv or avi"
_AGAIN = "Copy it again from the phone, or save it as an H.264 mp4 with another program."
_OWN_FILM = "Give the film itself."
_SLOWEST, _FASTEST = 4_000, 768_000
"""Samples a second, of a telephone and of the finest studio."""
_LISTS = re.compile(
    rb"\s*(#EXTM3U|ffconcat|\[playlist\]|\[reference\]|v=0\r?\no=|(<\?xml[^>]*>\s*)?<(MPD|smil|asx|playlist))",
    re.IGNORECASE,
)
"""How files begin that name others: play lists, concat scripts, sdp, dash and the like."""
_WORDS = {
    "PatchWelcomeError": "it is of a kind that cannot be read here",
    "EOFError": "it ends too early",
    "MemoryError": "it asks for more memory than there is",
}
"""Where the library's own words, by the name of its error, are for its developers."""


class _Bytes:
    """A file without its name."""

    name = ""

    def __init__(self, file: BinaryIO) -> None:
        self.read, self.seek, self.tell = file.read, file.seek, file.tell


@contextmanager
def opened(path: Path, caps: Caps = OWN) -> Iterator[Film]:
    """The film in a file. Raises InputError where there is none, or more than `caps` allow."""
    with ExitStack() as stack:
        try:
            _refuse_no_file(path)
            caps.refuse_size(path, path.stat().st_size)
            file = stack.enter_context(path.open("rb"))
            container = stack.enter_context(_demuxed(file, max_pixels=str(caps.pixels)))
        except (OSError, FFmpegError, MemoryError) as error:
            raise _unreadable(path, error) from error
        yield _chosen(container, path, caps)


def _demuxed(file: BinaryIO, **limits: str) -> InputContainer:
    options = {
        "protocol_whitelist": "none",
        "format_whitelist": f"{_FILMS},{_SOUNDS},{_STILLS}",
        **limits,
    }
    how: Any = {"metadata_errors": "replace", "options": options, "io_open": _no_other}
    container: InputContainer = av.open(_Bytes(file), "r", **how)
    return container


def _no_other(url: str, *_: object) -> NoReturn:
    raise PermissionError(f"the clip asks for another file or address: {shown(url)}")


def _refuse_no_file(path: Path) -> None:
    if path.is_file() and path.stat().st_size:
        return
    came = "the file is empty" if path.is_file() else "this is not a file"
    came = "this is a folder" if path.is_dir() else came
    came = came if path.exists() else "there is no such file"
    raise _no(path, came, "Check the name, and that the clip was copied whole.")


def _chosen(container: InputContainer, path: Path, caps: Caps) -> Film:
    if container.format.name in _STILLS.split(","):
        raise _no(path, "this is a picture", _OWN_FILM)
    caps.refuse_streams(path, len(container.streams))
    covers = Disposition.attached_pic | Disposition.timed_thumbnails
    pictures = [s for s in container.streams.video if not s.disposition & covers]
    sounds = _coded(container.streams.audio)
    if not pictures:
        came = "this holds sound but no picture" if sounds else "this holds no picture"
        raise _no(path, came, _OWN_FILM)
    readable = [s for s in _coded(pictures) if min(s.width, s.height) > 0]
    if not readable:
        _refuse_declared(path, caps)
        raise _no(path, "its picture is damaged or coded in a way unknown here", _AGAIN)
    best = max(readable, key=lambda s: s.width * s.height)
    film = Film(container, best, next(filter(_heard, sounds), None), path, caps)
    _refuse_too_much(film)
    return film


def _coded(streams: Iterable[Any]) -> list[Any]:
    """Those of a known kind; of others nothing may be asked."""
    return [stream for stream in streams if stream.codec_context is not None]


def _heard(sound: Any) -> bool:  # noqa: ANN401
    """Whether it can be sound: at a sample a second, a file of seconds would last for days."""
    coded = sound.codec_context
    return bool(_SLOWEST <= coded.sample_rate <= _FASTEST and coded.channels > 0)


def _refuse_declared(path: Path, caps: Caps) -> None:
    """A decoder forgets a size that it will not have: with all of them off it is still there."""
    with path.open("rb") as file, _demuxed(file, codec_whitelist="none") as container:
        for stream in _coded(container.streams.video):
            caps.refuse_picture(path, abs(stream.width), abs(stream.height))


def _refuse_too_much(film: Film) -> None:
    """What the file says of itself is enough to refuse it."""
    path, caps, stream = film.path, film.caps, film.stream
    caps.refuse_picture(path, stream.width, stream.height)
    caps.refuse_picture(path, *film.square_size())
    if min(film.square_size()) < 1:
        raise _no(path, "its picture is narrower than a pixel", _AGAIN)
    caps.refuse_length(path, film.picture_s or film.whole_s or 0.0)
    caps.refuse_frames(path, stream.frames)


def no_film(path: Path, read: int, tally: Tally) -> InputError:
    """What to say of a file of which fewer than two pictures were read."""
    if read and tally.backward:
        return _no(path, "its pictures all carry the same time", _AGAIN)
    if read:
        return _no(path, "this holds a single picture", _OWN_FILM)
    if tally.untimed:
        return _no(path, "its pictures carry no times", _AGAIN)
    return _no(path, "no picture in it could be decoded", _AGAIN)


def url(path: Path) -> str:
    """A path as the library takes it when it writes: without the scheme a name such as
    "http:x.mp4" would be taken for an address."""
    return f"file:{path}"


def reason(error: Exception) -> str:
    """What the library or the system says, in a few words."""
    name = type(error).__name__
    return _WORDS.get(name) or getattr(error, "strerror", None) or name


def _no(path: Path, came: str, what_to_do: str) -> InputError:
    return InputError(f"{shown(path)}: {came}. Expected {_WANTED}. {what_to_do}")


def _unreadable(path: Path, error: Exception) -> InputError:
    if isinstance(error, PermissionError):
        return _no(path, "you may not read this file", "Change its permissions or copy it.")
    if isinstance(error, FileNotFoundError | IsADirectoryError):
        return _no(path, "there is no such file", "Check the name.")
    if _names_others(path):
        came = (
            "this is not a film but a list that names other files or addresses, which are not read"
        )
        return _no(path, came, "Give the films themselves.")
    return _no(path, f"this is not a film that can be read ({reason(error)})", _AGAIN)


def _names_others(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _LISTS.match(file.read(500)) is not None
    except OSError:
        return False
