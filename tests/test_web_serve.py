"""formcheck serve on the command line: what it says, and how it fails."""

import ipaddress
import socket
import sys

import ports
import pytest
from typer.testing import CliRunner

from formcheck.cli import app
from formcheck.web import serve, settings
from formcheck.web.keys import Keys
from formcheck.web.settings import Settings


def said(*given):
    done = CliRunner().invoke(app, ["serve", *map(str, given)])
    return done.exit_code, done.output


def test_a_certificate_needs_its_key(tmp_path):
    (tmp_path / "cert.pem").touch()
    status, words = said("--data", tmp_path / "d", "--certfile", tmp_path / "cert.pem")
    assert status == 2
    assert "--keyfile" in words


def test_a_certificate_that_is_not_there_is_named(tmp_path):
    given = ("--certfile", tmp_path / "c.pem", "--keyfile", tmp_path / "k.pem")
    status, words = said("--data", tmp_path / "d", *given)
    assert status == 2
    assert "c.pem" in words


def test_a_port_that_is_taken_is_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        status, words = said("--data", tmp_path / "d", "--port", taken.getsockname()[1])
    assert status == 2
    assert "--port" in words


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    status, words = said("--data", tmp_path / "file" / "d")
    assert status == 5
    assert "--data" in words


def test_a_database_that_is_none_is_told(tmp_path):
    status, words = said(
        "--data", tmp_path / "d", "--port", ports.free(), "--database", "mysql://x"
    )
    assert status == 2
    assert "postgresql" in words


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "formcheck.web.serve", raising=False)
    status, words = said()
    assert status == 4
    assert "formcheck[web]" in words


KEYS = Keys("t" * 20, "o" * 32)


@pytest.mark.parametrize(
    ("given", "told", "not_told"),
    [
        ({}, "Only this machine", "token"),
        ({"host": "0.0.0.0", "keys": KEYS}, f"/login#{'t' * 20}", "Only this machine"),
    ],
)
def test_it_says_where_it_is_and_who_may_come(tmp_path, given, told, not_told):
    words = "\n".join(serve.welcome(Settings(data=tmp_path, **given)))
    assert told in words
    assert not_told not in words


def test_the_link_leads_others_to_this_machine(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "outward", lambda host: "192.168.1.20")
    words = "\n".join(serve.welcome(Settings(data=tmp_path, host="0.0.0.0", keys=KEYS)))
    assert f"http://192.168.1.20:8000/login#{KEYS.token}" in words


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_machine_knows_its_address(host):
    assert ipaddress.ip_address(settings.outward(host))


def test_without_https_others_are_warned_of(tmp_path):
    open_ = Settings(data=tmp_path, host="0.0.0.0", keys=KEYS)
    assert "HTTPS" in "\n".join(serve.welcome(open_))
