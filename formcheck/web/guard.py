"""The door of the server: whatever comes passes here first, requests and WebSockets alike.

In this order: is it meant for this server (Host), does this client ask for too much, does it know
the token, does it come from our own pages (Origin)? And no answer leaves without its headers.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from formcheck.web.allowance import Allowance
from formcheck.web.settings import Settings

log = logging.getLogger("formcheck.web")

READING = {"GET", "HEAD", "OPTIONS"}
"""Methods that change nothing."""
OPEN = ("/login", "/static/", "/healthz")
"""What is to be had without the token."""
UPLOADS = "/api/clips"
PASSED_ON = {b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via"}
"""What a proxy adds: a server that wants no token is not to be behind one."""
BEHIND = "This server is behind a proxy, and wants no token. Start it with --name NAME."
BODY_BYTES = 512 * 1024
"""Of a request that is no upload: 200 marked reps have 60 kB."""
FAULT = "That is a fault of formcheck's own. The server's log has it."
TOO_LONG = "That is too long. Expected half a megabyte at most."
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with none, our own forms' origin is null
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
    "cache-control": "no-store",
}


class RefusedError(Exception):
    """Why something does not come in."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


class Guard:
    """Wraps the app."""

    def __init__(self, app: ASGIApp, settings: Settings, wrong: Allowance) -> None:
        """wrong: the wrong tokens that a client may still try."""
        self._app, self._settings, self._wrong = app, settings, wrong
        self._requests = Allowance(settings.limits.burst, settings.limits.requests_per_s)
        self._names = _names(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(message, self._settings.secure)
            await send(message)

        try:
            self._checked(scope)
            receive = _bounded(scope, receive)
        except RefusedError as refused:
            await refuse(scope, dressed, refused)
        else:
            try:
                await self._app(scope, receive, dressed)
            except Exception:
                if status == 0 and scope["type"] == "http":
                    await refuse(scope, dressed, RefusedError(500, FAULT))
                raise  # its traceback goes to the log
        finally:
            _log(scope, status, time.monotonic() - began)

    def _checked(self, scope: Scope) -> None:
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        if not self._called(_name(host)):
            raise RefusedError(
                421, "This server is not known by that name. Start it with --name NAME."
            )
        if self._settings.keys is None and PASSED_ON & headers.keys():
            raise RefusedError(421, BEHIND)
        client = client_of(scope)
        if not self._requests.take(client):
            raise RefusedError(429, "Too many requests at once. Wait a second.")
        self._known(scope, headers, client)
        if scope["type"] == "websocket" or scope["method"] not in READING:
            _own(headers, host)

    def _called(self, name: str) -> bool:
        """Whether the server may be called so. An address is no name that leads elsewhere."""
        return self._names is None or name in self._names or _is_address(name)

    def _known(self, scope: Scope, headers: dict[bytes, bytes], client: str) -> None:
        """Raises RefusedError for who does not know the token."""
        keys, path = self._settings.keys, scope["path"]
        if keys is None or path.startswith(OPEN) or keys.by_cookie(headers):
            return
        if b"authorization" in headers:
            if self._wrong.left(client) < 1:
                raise RefusedError(429, "Too many wrong tokens. Wait a minute.")
            if keys.by_token(headers):
                return
            self._wrong.take(client)
        raise RefusedError(401, "This server wants the token that it said when it was started.")


def client_of(scope: Scope) -> str:
    """Whom limits are counted for: the address it comes from; of IPv6 the network of one
    household, in which it may call itself what it likes (RFC 6177: a /64 at least)."""
    told = str(scope["client"][0]) if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return told
    if address.version == 4:
        return told
    return str(address.ipv4_mapped or ipaddress.ip_network((int(address), 64), strict=False))


def _bounded(scope: Scope, receive: Receive) -> Receive:
    """Bodies but those of uploads, which see to their size themselves, are small. Raises
    RefusedError for one that says that it is not; one that grows is broken off."""
    if scope["type"] != "http" or scope["path"] == UPLOADS:
        return receive
    told = dict(scope["headers"]).get(b"content-length", b"0")
    left = BODY_BYTES
    if told.isdigit() and int(told) > left:
        raise RefusedError(413, TOO_LONG)

    async def bounded() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413, TOO_LONG)
        return message

    return bounded


def _names(settings: Settings) -> frozenset[str] | None:
    """The names by which the server may be called; None: whoever knows the token, as he likes.

    A server without a token trusts that only pages of its own reach it; a foreign name that points
    to this machine would be another page's own.
    """
    if settings.keys is not None and not settings.names:
        return None
    own = {"localhost", "127.0.0.1", "::1", settings.host, *settings.names}
    return frozenset(name.lower() for name in own)


def _name(host: str) -> str:
    """The name in a Host header, without the port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _own(headers: dict[bytes, bytes], host: str) -> None:
    """Raises RefusedError for what a foreign page sends. Browsers say whose page it is; what says
    nothing is no browser, and has no cookie that a page could misuse."""
    origin = headers.get(b"origin")
    site = headers.get(b"sec-fetch-site", b"same-origin")
    foreign = site not in {b"same-origin", b"none"}
    if origin is not None:
        foreign = _netloc(origin) != host.lower() or not host
    if foreign:
        raise RefusedError(403, "This came from another page than this server's own.")


def _netloc(origin: bytes) -> str:
    try:
        return urlsplit(origin.decode("latin-1")).netloc.lower()
    except ValueError:
        return ""


def _dress(message: Message, secure: bool) -> None:
    """Give an answer its headers, where its route did not give them."""
    headers = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("content-security-policy", POLICY)
    if secure:
        headers.setdefault("strict-transport-security", "max-age=31536000")
    if "server" in headers:
        del headers["server"]


async def refuse(scope: Scope, send: Send, refused: RefusedError) -> None:
    """Answer with the reason; a page that wants the token leads to where it is given."""
    if scope["type"] == "websocket":
        await _refuse_socket(scope, send, refused)
        return
    page = not scope["path"].startswith("/api/") and scope["method"] in READING
    if refused.status == 401 and page:
        await _answer(send, 303, [(b"location", b"/login")], b"")
        return
    extra = [(b"retry-after", b"1")] if refused.status == 429 else []
    extra += [(b"www-authenticate", b"Bearer")] if refused.status == 401 else []
    body = json.dumps({"detail": refused.detail}).encode()
    await _answer(send, refused.status, [(b"content-type", b"application/json"), *extra], body)


async def _refuse_socket(scope: Scope, send: Send, refused: RefusedError) -> None:
    if "websocket.http.response" in scope.get("extensions", {}):
        body = json.dumps({"detail": refused.detail}).encode()
        await send({"type": "websocket.http.response.start", "status": refused.status,
                    "headers": [(b"content-type", b"application/json")]})  # fmt: skip
        await send({"type": "websocket.http.response.body", "body": body})
    else:
        await send({"type": "websocket.close", "code": 1008, "reason": refused.detail[:120]})


async def _answer(
    send: Send, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes
) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


def _log(scope: Scope, status: int, took_s: float) -> None:
    """What was asked for, never by whom, and no id: who knows an id may read the report."""
    route = scope.get("route")
    where = getattr(route, "path", None) or "(no route)"
    what = scope["method"] if scope["type"] == "http" else "WS"
    log.info("%s %s %s %.0f ms", what, where, status or "", 1000 * took_s)
