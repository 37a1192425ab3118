"""What others sent reads nothing else, writes nothing, and calls nobody."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import clips
import pytest
from hostile import SECRET, bomb, huge_header, traps
from nights import Run

from formcheck.analysis import Options
from formcheck.batch.job import Terms
from formcheck.batch.limits import Limits
from formcheck.batch.pool import LocalPool
from formcheck.caps import OTHERS
from formcheck.errors import InputError
from formcheck.video.reader import VideoFile

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
HERE = Path(__file__).resolve().parent
OPENED = re.compile(r'open\w*\((?:\w+, )?"([^"]*)"')
WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|^\d+ +(unlink|rename|mkdir|link|symlink|truncate)")


@pytest.fixture
def ear():
    """A socket that listens, and the address it has; nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def address(ear: socket.socket) -> str:
    host, port = ear.getsockname()
    return f"{host}:{port}"


@pytest.fixture
def set_up(tmp_path, ear) -> list[Path]:
    secret = clips.make(tmp_path / f"{SECRET}.ts")
    return traps(tmp_path / "uploads", secret, address(ear))


def test_every_trap_is_refused_in_words_and_nobody_is_called(set_up, ear):
    for path in set_up:
        if path.name == "refers.mov":  # its own bytes are read in the other file's stead
            continue
        listed = path.name.startswith(("list", "script", "session", "dash", "wax"))
        words = "names other files or addresses" if listed else "Expected a film"
        with pytest.raises(InputError, match=words):
            VideoFile(path)
    with pytest.raises(BlockingIOError):
        ear.accept()


@pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")
def test_nothing_else_is_opened_written_or_called(set_up, tmp_path):
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("no strace: install Debian's package `strace`")
    trace = tmp_path / "trace"
    done = subprocess.run(
        [strace, "-f", "-s", "4096", "-e", "trace=%file,%network", "-o", trace, sys.executable,
         "-B", HERE / "hostile.py", *set_up],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert len(done.stdout.splitlines()) == len(set_up)
    calls = [call for call in trace.read_text().splitlines() if "execve(" not in call]
    opened = {said[1] for call in calls if (said := OPENED.search(call)) and SECRET in said[1]}
    assert opened == {str(path) for path in set_up if SECRET in path.name}
    assert [call for call in calls if SECRET in call and not any(p in call for p in opened)] == []
    assert [call for call in calls if WRITES.search(call) and "/dev/null" not in call] == []
    assert [call for call in calls if "connect(" in call or "AF_INET" in call] == []


NAMES = {
    "a newline": "new\nline.mp4",
    "an emoji": "🏋️ curl.mp4",
    "255 bytes": "n" * 251 + ".mp4",
    "right to left": "\u202efdp.\u05d0\u05d1.mp4",
    "dots": "..mp4",
    "a pattern": "shot%03d*.mp4",
    "a scheme": "pipe:0",
    "an option": "-i.mp4",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_an_odd_name_is_only_a_name(tmp_path, name):
    film = clips.make(tmp_path / "a.mp4", range(3)).rename(tmp_path / name)
    assert len(list(VideoFile(film))) == 3
    with pytest.raises(InputError) as told:
        VideoFile(film.rename(tmp_path / f"x{name[1:]}").with_name(name))
    assert "\n" not in str(told.value) and "\u202e" not in str(told.value)


def test_a_batch_of_traps_is_a_list_of_reasons(set_up, tmp_path, ear):
    """Through the batch's own worker; none of them needs the model."""
    uploads, out = tmp_path / "uploads", tmp_path / "out"
    for path in uploads.iterdir():
        if path not in set_up or path.name == "refers.mov":
            path.unlink()
    huge_header(uploads / "huge.avi")
    bomb(uploads / "bomb.avi")
    (uploads / "out.mp4").symlink_to(tmp_path / f"{SECRET}.ts")
    (uploads / "etc").symlink_to("/etc")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    run = Run(uploads, out, terms=Terms(Options(caps=OTHERS)))
    with closing(LocalPool(1, Limits())) as pool:
        found = run.all(pool)
    assert {record.status for record in found.values()} <= {"unreadable", "duplicate"}
    assert all(record.reason.endswith(".") for record in found.values())
    assert not any(str(tmp_path) in record.reason for record in found.values())
    assert "leads out of the folder" in found["out.mp4"].reason
    assert {path: path.read_bytes() for path in before} == before
    assert [path.name for path in out.iterdir()] == [".formcheck"]
    with pytest.raises(BlockingIOError):
        ear.accept()
