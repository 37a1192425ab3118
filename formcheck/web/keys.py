"""Who may come in: the token in a header or as a cookie, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
from http.cookies import CookieError, SimpleCookie

COOKIE = "formcheck"
KEPT_S = 30 * 86_400


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, told in the same time wherever they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def pass_of(token: str) -> str:
    """What the cookie holds: it proves that the token was known, and does not give it away."""
    return hmac.new(token.encode(), b"formcheck cookie", hashlib.sha256).hexdigest()


def admitted(token: str | None, headers: dict[bytes, bytes]) -> bool:
    """Whether a request with these headers, names in lower case, may come in."""
    if token is None:
        return True
    kind, _, given = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if kind.lower() == "bearer":
        return same(given.strip(), token)
    return same(_cookie(headers), pass_of(token))


def _cookie(headers: dict[bytes, bytes]) -> str:
    try:
        jar = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return ""
    return jar[COOKIE].value if COOKIE in jar else ""
