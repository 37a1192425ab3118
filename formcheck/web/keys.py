"""Who may come in: the token in a header or as a cookie, compared in constant time.

The cookie is made of the token and of a key that never leaves the server. Who guesses tokens cannot
try them as cookies, so browsers that came in once are let in while wrong tokens are counted.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

COOKIE = "formcheck"
KEPT_S = 30 * 86_400
SHORTEST_TOKEN = 16
"""Letters: fewer can be guessed."""


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, told in the same time wherever they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


@dataclass(frozen=True)
class Keys:
    """What opens a server."""

    token: str
    """What a client has to know."""
    own: str
    """What only the server knows."""

    @property
    def cookie(self) -> str:
        """What the cookie holds: it proves that the token was known, and does not give it away."""
        key = f"{self.own} {self.token}".encode()
        return hmac.new(key, b"formcheck cookie", hashlib.sha256).hexdigest()

    def by_cookie(self, headers: dict[bytes, bytes]) -> bool:
        """Whether a request with these headers, names in lower case, has the cookie."""
        return same(_cookie(headers), self.cookie)

    def by_token(self, headers: dict[bytes, bytes]) -> bool:
        """Whether it has the token."""
        kind, _, given = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        return kind.lower() == "bearer" and same(given.strip(), self.token)


def kept(file: Path) -> str:
    """A secret that is kept in a file, made where there is none or but a part of one: written
    under a temporary name first, for its owner alone. Raises OSError."""
    if file.is_file():
        known = file.read_text(encoding="utf-8").strip()
        if len(known) >= SHORTEST_TOKEN:
            return known
    part = file.with_name(f".{file.name}.{secrets.token_hex(6)}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(secrets.token_urlsafe(24))
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return file.read_text(encoding="utf-8").strip()


def _cookie(headers: dict[bytes, bytes]) -> str:
    """The one cookie that is ours. Other programs of this host may have set any others, in whatever
    form: a reader of them all gives up at the first that is not to its taste."""
    for one in headers.get(b"cookie", b"").decode("latin-1").split(";"):
        name, _, value = one.strip().partition("=")
        if name == COOKIE:
            return value
    return ""
