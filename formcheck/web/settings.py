"""What a server was started with: frozen, and safe unless somebody says otherwise."""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass, field, replace
from pathlib import Path

from formcheck.errors import OutputError, UsageError
from formcheck.files import shown
from formcheck.web.keys import SHORTEST_TOKEN, Keys, kept

TOKEN_VARIABLE = "FORMCHECK_TOKEN"
MIB = 1 << 20
EVERYWHERE = ("0.0.0.0", "::", "")
"""Hosts that are all addresses of the machine."""


@dataclass(frozen=True)
class Limits:
    """What one server, and one client of it, may take. All are judgement [O]."""

    upload_bytes: int = 2048 * MIB
    """Of one clip: ten minutes of a phone's 4K are 4 GB, three minutes of 1080p at 60 a tenth."""
    clip_s: float = 600.0
    """Of one clip: a set lasts a minute."""
    free_bytes: int = 512 * MIB
    """What is left on the disk, whatever is uploaded."""
    unfinished: int = 100
    """Clips of one client that wait or are worked on."""
    uploads: int = 60
    """Uploads of one client at once."""
    burst: int = 400
    """Requests of one client that may come at once, and then so many a second:"""
    requests_per_s: float = 100.0
    wrong_tokens: int = 10
    """Of one client in a minute."""
    silent_s: float = 20.0
    """Seconds that an upload may give nothing."""
    slowest_bytes_s: float = 8 * 1024
    """What an upload has to bring on average, once it has lasted as long as it may be silent."""
    lives: int = field(default_factory=lambda: max(1, (os.cpu_count() or 2) // 2))
    """Browsers that are coached at once: each needs about two cores."""
    frame_bytes: int = 4 * MIB
    """Of one picture of a live set."""


@dataclass(frozen=True)
class Settings:
    """What a server was started with."""

    data: Path
    """Where clips, reports and the database lie."""
    host: str = "127.0.0.1"
    port: int = 8000
    database: str | None = None
    """SQLAlchemy's address of a database; None: a SQLite file in `data`."""
    keys: Keys | None = None
    """What opens it; None: the server is for this machine alone."""
    workers: int = 1
    ray: str | None = None
    certfile: Path | None = None
    keyfile: Path | None = None
    keep_days: float | None = None
    """After so many days clips and reports are deleted; None: when somebody does."""
    names: tuple[str, ...] = ()
    """Names besides its address under which the server is reached."""
    limits: Limits = field(default_factory=Limits)

    @property
    def secure(self) -> bool:
        """Whether it speaks HTTPS."""
        return self.certfile is not None

    @property
    def open(self) -> bool:
        """Whether others than this machine reach it: by its address, or by a name that a reverse
        proxy passes on."""
        return not all(loopback(name) for name in (self.host, *self.names))

    @property
    def address(self) -> str:
        """Where a browser finds it: on this machine, or on another where it listens to all."""
        host = outward(self.host) if self.host in EVERYWHERE else self.host
        host = f"[{host}]" if ":" in host else host
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}"

    @property
    def database_url(self) -> str:
        """The database's address."""
        return self.database or f"sqlite:///{(self.data / 'formcheck.sqlite').absolute()}"

    @property
    def clips(self) -> Path:
        """A folder a clip, named by its id."""
        return self.data / "clips"

    @property
    def incoming(self) -> Path:
        """What is being uploaded."""
        return self.data / "incoming"


def loopback(host: str) -> bool:
    """Whether only this machine reaches a server on that address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def outward(host: str) -> str:
    """The address under which the network knows a machine that listens to all of it; nothing is
    sent. Its loopback address where it has no network."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    far, near = ("2001:db8::1", "::1") if ":" in host else ("192.0.2.1", "127.0.0.1")
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as one:
            one.connect((far, 9))  # of a datagram: only asks which way it would go
            return str(one.getsockname()[0])
    except OSError:
        return near


def checked(settings: Settings) -> Settings:
    """The settings with their folders made and, where others may come, with a token.

    Raises UsageError (a certificate without its key, a token that can be guessed), OutputError.
    """
    settings = replace(settings, data=settings.data.expanduser().absolute())
    if (settings.certfile is None) != (settings.keyfile is None):
        raise UsageError("HTTPS needs both: --certfile FILE and --keyfile FILE.")
    for file in (settings.certfile, settings.keyfile):
        if file is not None and not file.is_file():
            raise UsageError(
                f"{shown(file)}: there is no such file. Give a certificate and its key."
            )
    try:
        for folder in (settings.data, settings.clips, settings.incoming):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = settings.keys or _keys(settings)
    except OSError as error:
        raise OutputError(
            f"{shown(settings.data)}: cannot be written to ({error.strerror}). Choose another "
            "folder with --data."
        ) from error
    return replace(settings, keys=keys)


def _keys(settings: Settings) -> Keys | None:
    """What opens a server that others reach: the user's own token, or one kept in `data`."""
    token = os.environ.get(TOKEN_VARIABLE)
    if token is not None and len(token) < SHORTEST_TOKEN:
        raise UsageError(
            f"{TOKEN_VARIABLE} has {len(token)} letters, expected {SHORTEST_TOKEN} or more. "
            "Leave it out, and formcheck makes one."
        )
    if token is None and not settings.open:
        return None
    return Keys(token or kept(settings.data / "token"), kept(settings.data / "cookie-key"))


def default_data() -> Path:
    """Where clips and reports lie unless somebody says otherwise."""
    from formcheck.store.place import folder

    return folder() / "web"
