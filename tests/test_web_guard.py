"""What is tried against the web app, and what comes back: the table of docs/web.md, as tests."""

import asyncio
import logging
import re
import socket
import time

import numpy as np
import pytest
from web_app import FILM, HERE, listening, served, upload

from formcheck.errors import UsageError
from formcheck.web import keys
from formcheck.web.allowance import Allowance
from formcheck.web.ids import fresh, well_formed
from formcheck.web.kinds import extension, shown_name
from formcheck.web.settings import Settings, checked

TOKEN = "a-token-that-nobody-guesses"
FOREIGN = {"origin": "https://evil.example"}
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'.mp4"


@pytest.fixture
def asks(tmp_path):
    with served(tmp_path / "data") as one:
        yield one


@pytest.fixture
def guarded(tmp_path):
    with served(tmp_path / "data", host="0.0.0.0", token=TOKEN) as one:
        yield one


# --- names and ids

ELSEWHERE = (
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "....//etc/passwd",
    "%00",
)


@pytest.mark.parametrize("id_", [*ELSEWHERE, "x", "A" * 26, "a" * 26, "*", "…"])
@pytest.mark.parametrize(
    "path", ["/api/clips/{}", "/api/clips/{}/report.json", "/clips/{}", "/clips/{}/film"]
)
def test_an_id_that_is_none_leads_nowhere(asks, id_, path):
    assert asks.get(path.format(id_)).status_code in {400, 404}


@pytest.mark.parametrize("name", [*ELSEWHERE, "report.html", "pose.npz", ".formcheck-batch.json"])
def test_only_files_of_the_result_are_served_and_no_page(asks, name):
    id_ = upload(asks).json()["id"]
    assert asks.get(f"/clips/{id_}/{name}").status_code == 404


@pytest.mark.parametrize(
    "path", ["/static/../settings.py", "/static/..%2fsettings.py", "/static/%2e%2e/app.py"]
)
def test_static_files_do_not_lead_out(asks, path):
    assert asks.get(path).status_code == 404


@pytest.mark.parametrize(
    "name", ["../../../tmp/x.mp4", "/etc/passwd", "C:\\Windows\\x.mp4", "..", "\0x\n.mp4", ""]
)
def test_a_name_never_becomes_a_path(asks, tmp_path, name):
    before = {p.name for p in tmp_path.iterdir()}
    answer = upload(asks, name=name or "x")
    id_ = answer.json()["id"]
    kept = list((tmp_path / "data/clips" / id_).iterdir())
    assert [p.name for p in kept] == [f"{id_}.mp4"]
    assert {p.name for p in tmp_path.iterdir()} == before
    told = asks.get(f"/api/clips/{id_}").json()["name"]
    assert not set(told) & set("/\\\n\0")


def test_ids_are_random_and_long():
    made = {fresh() for _ in range(1000)}
    assert len(made) == 1000
    assert all(well_formed(one) for one in made)
    assert 26 * np.log2(32) >= 128


def test_scripts_in_names_are_text(asks):
    id_ = upload(asks, name=SCRIPT, data={"athlete": SCRIPT}).json()["id"]
    for path in ("/", f"/clips/{id_}", f"/clips/{id_}/mark", "/parts/clips"):
        page = asks.get(path)
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "&lt;script&gt;" in page.text or "&lt;img" in page.text


def test_pages_run_no_script_but_their_own(asks):
    for path in ("/", "/live", "/login"):
        policy = asks.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert not re.search(r"<script(?! src=)|\son\w+=|javascript:", asks.get(path).text)


def test_every_answer_has_its_headers(asks):
    for path in ("/", "/healthz", "/static/app.css", "/api/clips", "/nowhere", "/openapi.json"):
        headers = asks.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "content-security-policy" in headers


# --- what is uploaded

NO_FILMS = {
    "a page": b"<!DOCTYPE html><script>alert(1)</script>" + bytes(300),
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>' + bytes(300),
    "a playlist": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n" + b"#" * 300,
    "a list of files": b"ffconcat version 1.0\nfile /etc/passwd\n" + b"#" * 300,
    "a session": b"v=0\no=- 0 0 IN IP4 10.0.0.1\nm=video 5000 RTP/AVP 96\n" + b"#" * 300,
    "a program": b"\x7fELF" + bytes(300),
    "a picture": b"\xff\xd8\xff\xe0" + bytes(300),
    "nothing": b"",
    "a byte": b"\0",
}


@pytest.mark.parametrize("what", NO_FILMS)
def test_what_is_no_film_is_refused_whatever_its_name(asks, tmp_path, what):
    assert upload(asks, NO_FILMS[what], "set.mp4").status_code == 415
    assert not list((tmp_path / "data/incoming").iterdir())
    assert not list((tmp_path / "data/clips").iterdir())


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\0\0\0\x18ftypmp42", ".mp4"),
        (b"\0\0\0\x14ftypqt  ", ".mov"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", ".mov"),
        (b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86\x81\x01B\x82\x84webm", ".webm"),
        (b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x23B\x82\x88matroska", ".mkv"),
        (b"RIFF\0\0\0\0AVI LIST", ".avi"),
        (b"PK\x03\x04", ".npz"),
        (b"G" + bytes(187) + b"G", ".ts"),
        (b"GIF89a" + bytes(200), None),
    ],
)
def test_a_kind_is_told_by_content(head, kind):
    assert extension(head) == kind


def test_too_large_is_refused_before_and_while_it_comes(tmp_path):
    with served(tmp_path / "data", limits={"upload_bytes": 5000}) as asks:
        assert upload(asks, FILM + bytes(10_000)).status_code == 413
        told = {"content-type": "multipart/form-data; boundary=x", "content-length": str(1 << 40)}
        assert asks.post("/api/clips", content=b"", headers=told).status_code == 413
        assert not list((tmp_path / "data/incoming").iterdir())


def test_no_room_on_the_disk_is_told(tmp_path):
    with served(tmp_path / "data", limits={"free_bytes": 1 << 60}) as asks:
        assert upload(asks).status_code == 507


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + FILM,
        b"--x\r\n" + b"A: b\r\n" * 50 + b"\r\n" + FILM + b"\r\n--x--\r\n",
        b"--x\r\nA: " + b"b" * 100_000 + b"\r\n\r\n\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\n1\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="athlete"\r\n\r\n'
        + b"a" * 5000
        + b"\r\n--x--\r\n",
    ],
)
def test_a_body_that_is_no_upload_is_refused(asks, tmp_path, body):
    answer = asks.post(
        "/api/clips", content=body, headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code in {400, 413}
    assert not list((tmp_path / "data/incoming").iterdir())


def test_two_files_at_once_are_refused(asks):
    files = [("file", ("a.mp4", FILM)), ("file", ("b.mp4", FILM))]
    assert asks.post("/api/clips", files=files).status_code == 400


def test_an_unknown_exercise_is_refused_and_nothing_kept(asks, tmp_path):
    assert upload(asks, data={"exercise": "../x"}).status_code == 422
    assert not list((tmp_path / "data/clips").iterdir())


def test_a_long_body_elsewhere_is_refused(asks):
    id_ = upload(asks).json()["id"]
    long = {"exercise": "x" * 600_000}
    assert asks.put(f"/api/clips/{id_}/marks", json=long).status_code == 413
    pieces = (b"x" * 100_000 for _ in range(10))
    assert asks.put(f"/api/clips/{id_}/marks", content=pieces).status_code in {400, 413, 422}


# --- who asks


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
@pytest.mark.parametrize(
    "headers",
    [
        FOREIGN,
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://127.0.0.1:8000.evil.example"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_a_foreign_page_changes_nothing(asks, method, headers):
    id_ = upload(asks).json()["id"]
    answer = asks.request(method, f"/api/clips/{id_}", headers=headers)
    assert answer.status_code == 403
    assert asks.get(f"/api/clips/{id_}").status_code == 200


def test_our_own_page_and_a_program_may(asks):
    for headers in ({"origin": HERE, "sec-fetch-site": "same-origin"}, {}):
        id_ = upload(asks, headers=headers).json()["id"]
        assert asks.delete(f"/api/clips/{id_}", headers=headers).status_code == 204


@pytest.mark.parametrize("headers", [FOREIGN, {"origin": "null"}])
def test_a_foreign_page_opens_no_socket(asks, headers):
    with (
        pytest.raises(Exception) as refused,
        asks.websocket_connect("ws://127.0.0.1:8000/api/live", headers=headers),
    ):
        pass
    assert getattr(refused.value, "status_code", 403) == 403


def test_a_foreign_name_for_this_machine_is_refused(asks):
    """Else a page elsewhere could have its own name lead here, and be at home."""
    assert asks.get("/", headers={"host": "rebound.example"}).status_code == 421
    assert asks.get("/", headers={"host": "localhost:8000"}).status_code == 200


def test_a_server_for_others_demands_its_token(guarded):
    assert guarded.get("/api/clips").status_code == 401
    answer = guarded.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert upload(guarded).status_code == 401
    assert guarded.get("/healthz").status_code == 200
    with pytest.raises(Exception), guarded.websocket_connect("ws://127.0.0.1:8000/api/live"):  # noqa: B017
        pass
    right = {"authorization": f"Bearer {TOKEN}"}
    assert guarded.get("/api/clips", headers=right).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer "},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": f"Bearer {TOKEN[:-1]}"},
        {"authorization": f"Bearer {TOKEN}x"},
        {"authorization": "Bearer \xff"},
        {"cookie": f"formcheck={TOKEN}"},
        {"cookie": "formcheck="},
        {"cookie": "formcheck=\x00;;;="},
    ],
)
def test_what_is_not_quite_the_token_does_not_open(guarded, headers):
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    assert guarded.get("/api/clips", headers=raw).status_code == 401


def test_the_cookie_opens_and_gives_nothing_away(guarded):
    answer = guarded.post("/login", data={"token": TOKEN}, follow_redirects=False)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert TOKEN not in cookie
    assert {"HttpOnly", "SameSite=strict"} <= set(cookie.split("; "))
    assert guarded.get("/api/clips").status_code == 200
    assert guarded.post("/login", data={"token": "wrong"}).status_code == 401


def test_the_cookie_of_https_stays_there(tmp_path):
    files = {"certfile": tmp_path / "c", "keyfile": tmp_path / "k"}
    for file in files.values():
        file.touch()
    with served(tmp_path / "data", host="0.0.0.0", token=TOKEN, **files) as asks:
        answer = asks.post("/login", data={"token": TOKEN}, follow_redirects=False)
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


def test_tokens_are_compared_in_constant_time(monkeypatch):
    asked = []
    monkeypatch.setattr(keys.hmac, "compare_digest", lambda a, b: bool(asked.append((a, b))))
    keys.admitted(TOKEN, {b"authorization": b"Bearer x"})
    keys.admitted(TOKEN, {b"cookie": b"formcheck=x"})
    assert len(asked) == 2


def test_tokens_cannot_be_tried_out(tmp_path):
    with served(tmp_path / "data", host="0.0.0.0", token=TOKEN, limits={"wrong_tokens": 3}) as asks:
        tries = [asks.post("/login", data={"token": f"{n}"}).status_code for n in range(5)]
        assert tries == [401, 401, 401, 429, 429]
        bearer = {"authorization": f"Bearer {TOKEN}"}
        assert asks.get("/api/clips", headers=bearer).status_code == 429


def test_a_client_asks_no_more_than_it_may(tmp_path):
    with served(tmp_path / "data", limits={"burst": 5, "requests_per_s": 0.001}) as asks:
        answers = [asks.get("/healthz") for _ in range(7)]
    assert [a.status_code for a in answers] == [200] * 5 + [429] * 2
    assert answers[-1].headers["retry-after"]


def test_a_client_has_no_more_clips_waiting_than_it_may(tmp_path):
    with served(tmp_path / "data", limits={"unfinished": 2}) as asks:
        assert [upload(asks).status_code for _ in range(3)] == [202, 202, 429]


def test_an_allowance_fills_again_and_forgets():
    now = [0.0]
    some = Allowance(2, 1.0, lambda: now[0])
    assert [some.take("a"), some.take("a"), some.take("a"), some.take("b")] == [
        True,
        True,
        False,
        True,
    ]
    now[0] = 1.0
    assert [some.take("a"), some.take("a")] == [True, False]


def test_others_are_let_in_only_with_a_token(tmp_path):
    made = checked(Settings(data=tmp_path / "a", host="0.0.0.0"))
    assert len(made.token or "") >= 32
    assert checked(Settings(data=tmp_path / "a", host="0.0.0.0")).token == made.token
    assert checked(Settings(data=tmp_path / "b")).token is None
    assert (tmp_path / "a" / "token").stat().st_mode & 0o077 == 0


def test_a_token_that_can_be_guessed_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("FORMCHECK_TOKEN", "short")
    with pytest.raises(UsageError, match="expected 16"):
        checked(Settings(data=tmp_path))


def test_the_log_holds_nobody(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    with served(tmp_path / "data", host="0.0.0.0", token=TOKEN, client="203.0.113.9") as asks:
        asks.headers["authorization"] = f"Bearer {TOKEN}"
        id_ = upload(asks, name="Ann Example.mp4", data={"athlete": "Ann"}).json()["id"]
        asks.get(f"/clips/{id_}")
        asks.delete(f"/api/clips/{id_}")
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("formcheck"))
    assert "POST /api/clips 202" in ours
    assert "GET /clips/{id} 200" in ours
    for secret in ("Ann", id_, "203.0.113.9", TOKEN):
        assert secret not in ours


def test_names_are_one_line_without_folders():
    assert shown_name("a/b\\c\u202e\n.mp4") == "c.mp4"
    assert shown_name("..") == ".."
    assert shown_name("") == "clip"
    assert len(shown_name("x" * 5000)) == 200


# --- over a real socket


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    with listening(tmp_path_factory.mktemp("real") / "data") as address:
        yield address


def _raw(address: str, *pieces: bytes, wait: float = 0.0) -> bytes:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as one:
        for piece in pieces:
            one.sendall(piece)
            time.sleep(wait)
        return one.recv(100_000)


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /static/../../../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /static/..%2f..%2f..%2fetc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"POST /api/clips HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
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


def test_a_slow_upload_does_not_hold_the_line(tmp_path):
    """In this process, with a body that trickles."""
    from formcheck.web.guard import RefusedError
    from formcheck.web.settings import Limits
    from formcheck.web.upload import _pieces

    class Trickle:
        def __init__(self, wait):
            self.wait = wait

        async def stream(self):
            while True:
                await asyncio.sleep(self.wait)
                yield b"x"

    async def taken(request, limits):
        async for _ in _pieces(request, limits):
            pass

    for wait, words in ((10.0, "Nothing more came"), (0.01, "too slowly")):
        with pytest.raises(RefusedError, match=words) as refused:
            asyncio.run(taken(Trickle(wait), Limits(silent_s=0.2)))
        assert refused.value.status == 408
