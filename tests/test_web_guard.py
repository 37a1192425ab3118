"""Who asks the web app for what, and what comes back to whom it is not meant for."""

import logging

import pytest
from web_app import HERE, served, upload

from formcheck.errors import UsageError
from formcheck.web import keys
from formcheck.web.allowance import Allowance
from formcheck.web.guard import client_of
from formcheck.web.settings import Settings, checked

TOKEN = "a-token-that-nobody-guesses"
FOREIGN = {"origin": "https://evil.example"}


@pytest.fixture
def asks(tmp_path):
    with served(tmp_path / "data") as one:
        yield one


@pytest.fixture
def guarded(tmp_path):
    with served(tmp_path / "data", host="0.0.0.0", token=TOKEN) as one:
        yield one


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
@pytest.mark.parametrize(
    "headers",
    [
        FOREIGN,
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://127.0.0.1:8000.evil.example"},
        {"origin": "http://["},
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
    for own in ("localhost:8000", "192.168.1.20:8000", "[::1]:8000"):
        assert asks.get("/", headers={"host": own}).status_code == 200


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


@pytest.mark.parametrize("path", ["/?token={}", "/api/clips?token={}", "/?access_token={}"])
def test_a_token_in_an_address_does_not_open(guarded, path):
    """It would stand in histories and logs."""
    assert guarded.get(path.format(TOKEN), follow_redirects=False).status_code in {303, 401}


@pytest.mark.parametrize(
    "path", ["//api/clips", "/login/../api/clips", "/static/../api/clips", "/healthz/../api/clips"]
)
def test_no_detour_leads_past_the_token(guarded, path):
    """What is open to all is told by the path that is served, not by another spelling."""
    answer = guarded.get(f"{HERE}{path}", follow_redirects=False)
    assert answer.status_code in {303, 401, 404}
    assert "clips" not in answer.text


def test_a_foreign_page_does_not_log_anybody_in(guarded):
    answer = guarded.post("/login", data={"token": TOKEN}, headers=FOREIGN)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PATCH", "PROPFIND"])
def test_other_methods_get_nothing(guarded, method):
    right = {"authorization": f"Bearer {TOKEN}"}
    assert guarded.request(method, "/api/clips", headers=right).status_code in {403, 405}


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
    known = keys.Keys(TOKEN, "own")
    known.by_token({b"authorization": b"Bearer x"})
    known.by_cookie({b"cookie": b"formcheck=x"})
    assert len(asked) == 2


def test_tokens_cannot_be_tried_out(tmp_path):
    with served(tmp_path / "data", host="0.0.0.0", token=TOKEN, limits={"wrong_tokens": 3}) as asks:
        tries = [asks.post("/login", data={"token": f"{n}"}).status_code for n in range(5)]
        assert tries == [401, 401, 401, 429, 429]
        bearer = {"authorization": f"Bearer {TOKEN}"}
        assert asks.get("/api/clips", headers=bearer).status_code == 429


def test_who_came_in_stays_in_while_others_try(tmp_path):
    with served(tmp_path / "data", host="0.0.0.0", token=TOKEN, limits={"wrong_tokens": 1}) as asks:
        asks.post("/login", data={"token": TOKEN})
        wrong = {"authorization": "Bearer wrong"}
        cookie = asks.cookies.jar
        asks.cookies = None
        assert [asks.get("/api/clips", headers=wrong).status_code for _ in range(2)] == [401, 429]
        asks.cookies.jar = cookie
        assert asks.get("/api/clips").status_code == 200


def test_a_token_cannot_be_tried_as_a_cookie():
    """Of the right token alone the cookie cannot be computed."""
    assert keys.Keys(TOKEN, "own").cookie != keys.Keys(TOKEN, "another").cookie
    assert keys.Keys(TOKEN, "own").cookie != keys.Keys(TOKEN + "x", "own").cookie


@pytest.mark.parametrize("others", ['a={"b":1}', "theme=a b", "x", "é=1", "", "formchecks=1"])
def test_the_cookies_of_other_programs_do_not_matter(others):
    known = keys.Keys(TOKEN, "own")
    jar = f"{others}; formcheck={known.cookie}; {others}".encode()
    assert known.by_cookie({b"cookie": jar})
    assert not known.by_cookie({b"cookie": others.encode()})


def test_a_client_asks_no_more_than_it_may(tmp_path):
    with served(tmp_path / "data", limits={"burst": 5, "requests_per_s": 0.001}) as asks:
        answers = [asks.get("/healthz") for _ in range(7)]
    assert [a.status_code for a in answers] == [200] * 5 + [429] * 2
    assert answers[-1].headers["retry-after"]


def test_a_client_has_no_more_clips_waiting_than_it_may(tmp_path):
    with served(tmp_path / "data", limits={"unfinished": 2}) as asks:
        assert [upload(asks).status_code for _ in range(3)] == [202, 202, 429]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),  # whoever has one of these has them all
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("testclient", "testclient", True),
    ],
)
def test_who_is_the_same_client(one, other, same):
    keys_ = [client_of({"client": (address, 1234)}) for address in (one, other)]
    assert (keys_[0] == keys_[1]) is same


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
    made = checked(Settings(data=tmp_path / "a", host="0.0.0.0")).keys
    assert made is not None
    assert len(made.token) >= 32
    assert len(made.own) >= 32
    assert made.token != made.own
    assert checked(Settings(data=tmp_path / "a", host="0.0.0.0")).keys == made
    assert checked(Settings(data=tmp_path / "b")).keys is None
    for file in ("token", "cookie-key"):
        assert (tmp_path / "a" / file).stat().st_mode & 0o077 == 0


def test_a_server_behind_a_proxy_demands_a_token_too(tmp_path):
    """Whoever gives a loopback server a name has a proxy before it, which others reach."""
    assert checked(Settings(data=tmp_path, names=("club.example",))).keys is not None
    assert checked(Settings(data=tmp_path / "b", names=("localhost",))).keys is None


@pytest.mark.parametrize("says", ["x-forwarded-for", "forwarded", "x-real-ip", "via"])
def test_a_server_without_a_token_is_not_to_be_behind_a_proxy(asks, guarded, says):
    assert asks.get("/healthz", headers={says: "203.0.113.9"}).status_code == 421
    assert guarded.get("/healthz", headers={says: "203.0.113.9"}).status_code == 200


@pytest.mark.parametrize("left", ["", " \n", "short"])
def test_half_a_token_opens_nothing(tmp_path, left):
    """A full disk or a kill may have left it."""
    (tmp_path / "token").write_text(left)
    made = checked(Settings(data=tmp_path, host="0.0.0.0")).keys
    assert made is not None
    assert len(made.token) >= 32
    assert (tmp_path / "token").read_text() == made.token
    assert not made.by_token({b"authorization": b"Bearer " + left.strip().encode()})


def test_a_token_that_can_be_guessed_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("FORMCHECK_TOKEN", "short")
    with pytest.raises(UsageError, match="expected 16"):
        checked(Settings(data=tmp_path))


def test_a_fault_of_our_own_is_told_without_what_it_was(tmp_path, caplog, monkeypatch):
    """With the headers of all answers; and what was asked is in the log, not by whom."""
    caplog.set_level(logging.INFO)
    with served(tmp_path / "data", limits={}) as asks:
        asks._transport.raise_server_exceptions = False
        monkeypatch.setattr(type(asks.app.state.services.queue), "counts", lambda self: 1 / 0)
        answer = asks.get("/healthz")
    assert answer.status_code == 500
    assert "division" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "GET /healthz 500" in caplog.text


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
