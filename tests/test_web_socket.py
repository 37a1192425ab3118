"""What a real socket makes possible that a well-behaved client does not do."""

import socket
from contextlib import suppress

import httpx2 as httpx
import pytest
from web_app import FILM, listening, upload, waited

from formcheck.web.settings import Limits

HALF = (
    b"POST /api/clips HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
    b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n' + FILM
)
"""An upload of which not all comes."""


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    with listening(tmp_path_factory.mktemp("real") / "data") as address:
        yield address


def _open(address: str, said: bytes) -> socket.socket:
    host, port = address.removeprefix("http://").split(":")
    one = socket.create_connection((host, int(port)), timeout=240)
    one.sendall(said)
    return one


def _raw(address: str, said: bytes) -> bytes:
    with suppress(ConnectionError), _open(address, said) as one:  # it may hang up on a long one
        return one.recv(100_000)
    return b""


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /static/../../../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /static/..%2f..%2f..%2fetc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"POST /api/clips HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/clips HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        b"POST /api/clips HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100) + b"\r\n\r\n",
    ],
)
def test_raw_requests_get_nothing(real, request_):
    answer = _raw(real, request_)
    assert b"root:" not in answer
    status = answer.split(b" ", 2)[1] if answer else b"400"
    assert status[:1] == b"4"


@pytest.mark.parametrize(("origin", "status"), [("https://evil.example", b"403"), (None, b"101")])
def test_a_foreign_page_gets_no_socket_from_a_real_server(real, origin, status):
    host = real.removeprefix("http://")
    lines = [
        "GET /api/live HTTP/1.1",
        f"Host: {host}",
        f"Origin: {origin or real}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    answer = _raw(real, "\r\n".join([*lines, "", ""]).encode())
    assert answer.split(b" ", 2)[1] == status


@pytest.mark.parametrize("trickles", [False, True])
def test_an_upload_that_holds_the_line_is_ended(tmp_path, trickles):
    """One that says nothing, and one that says a byte at a time."""
    limits = Limits(silent_s=0.3, slowest_bytes_s=100_000)
    with listening(tmp_path / "data", limits=limits) as address, _open(address, HALF) as line:
        line.settimeout(0.1)
        answer = b""
        for _ in range(300):
            try:
                answer = line.recv(1000)
                break
            except TimeoutError:
                with suppress(ConnectionError):  # it hung up: what it said is there to be read
                    line.sendall(b"x" * trickles)
        assert answer.split(b" ", 2)[1] == b"408"
        assert not list((tmp_path / "data/incoming").iterdir())


def test_a_client_has_no_more_uploads_under_way_than_it_may(tmp_path):
    with (
        listening(tmp_path / "data", limits=Limits(uploads=1)) as address,
        httpx.Client(trust_env=False, base_url=address, timeout=240) as asks,
    ):
        with _open(address, HALF):
            waited(lambda: list((tmp_path / "data/incoming").iterdir()))
            assert upload(asks).status_code == 429
        waited(lambda: not list((tmp_path / "data/incoming").iterdir()))  # it broke off
        assert waited(lambda: upload(asks).status_code == 202)


def test_a_message_that_is_too_large_ends_its_socket(tmp_path):
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    with listening(tmp_path / "data", limits=Limits(frame_bytes=1000)) as address:
        with connect(address.replace("http", "ws") + "/api/live", proxy=None) as one:
            one.send(b"x" * 2000)
            with pytest.raises(ConnectionClosed) as closed:
                one.recv(240)
        assert closed.value.rcvd.code == 1009
