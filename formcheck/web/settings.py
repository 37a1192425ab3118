"""What a server was started with: frozen, and safe unless somebody says otherwise."""

from __future__ import annotations

import ipaddress
import os
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path

from formcheck.errors import OutputError, UsageError
from formcheck.files import shown

TOKEN_VARIABLE = "FORMCHECK_TOKEN"
SHORTEST_TOKEN = 16
"""Letters: fewer can be guessed."""
MIB = 1 << 20


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
    token: str | None = None
    """What a client has to know; None: the server is for this machine alone."""
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
    def address(self) -> str:
        """Where a browser on this machine finds it."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host
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
        token = settings.token or _token(settings)
    except OSError as error:
        raise OutputError(
            f"{shown(settings.data)}: cannot be written to ({error.strerror}). Choose another "
            "folder with --data."
        ) from error
    return replace(settings, token=token)


def _token(settings: Settings) -> str | None:
    """The token of a server that others reach: the user's own, or one that is kept in `data`."""
    own = os.environ.get(TOKEN_VARIABLE)
    if own is not None and len(own) < SHORTEST_TOKEN:
        raise UsageError(
            f"{TOKEN_VARIABLE} has {len(own)} letters, expected {SHORTEST_TOKEN} or more. "
            "Leave it out, and formcheck makes one."
        )
    if own is not None or loopback(settings.host):
        return own
    file = settings.data / "token"
    if not file.is_file():
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(made, "w", encoding="utf-8") as opened:
            opened.write(secrets.token_urlsafe(24))
    return file.read_text(encoding="utf-8").strip()


def default_data() -> Path:
    """Where clips and reports lie unless somebody says otherwise."""
    from formcheck.store.place import folder

    return folder() / "web"
