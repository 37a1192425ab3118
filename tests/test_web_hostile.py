"""What is sent to the web app to do harm, and what comes back: names, ids, files, bodies."""

import re
import zipfile
from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pytest
from hostile import traps
from web_app import FILM, Hand, done, served, track, upload

from formcheck.web import upload as receiving
from formcheck.web.ids import fresh, well_formed
from formcheck.web.kinds import extension, shown_name

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'.mp4"


@pytest.fixture
def asks(tmp_path):
    with served(tmp_path / "data") as one:
        yield one


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


def test_scripts_in_names_are_text_in_the_report_too(tmp_path):
    with served(tmp_path / "data", crew=Hand) as asks:
        id_ = upload(asks, track(), SCRIPT, data={"athlete": SCRIPT}).json()["id"]
        assert done(asks, [id_])[id_]["status"] == "done"
        page = asks.get(f"/clips/{id_}")
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "'unsafe-inline'" not in page.headers["content-security-policy"].split("style")[0]
        told = asks.get(f"/clips/{id_}/reps.csv")
        assert told.headers["content-type"].startswith("text/csv")


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
        assert headers["referrer-policy"] == "same-origin"
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


def test_a_film_is_never_served_as_a_page(asks):
    """Whatever it is called, and whatever stands in it."""
    film = upload(asks, FILM + b"<html><script>alert(1)</script>", "a.html").json()["id"]
    poses = upload(asks, b"PK\x03\x04" + b"<html><script>alert(1)</script>", "a.html").json()["id"]
    for id_, kind in ((film, "video/mp4"), (poses, "application/octet-stream")):
        answer = asks.get(f"/clips/{id_}/film")
        assert answer.headers["content-type"] == kind
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"].startswith("attachment")


def test_what_names_other_files_or_addresses_is_refused_at_the_door(asks, tmp_path):
    """Playlists, scripts and the like, in whichever guise; tests/test_hostile.py has the rest."""
    for trap in traps(tmp_path / "traps", tmp_path / "canary.ts", "127.0.0.1:9"):
        if trap.name != "refers.mov":  # a film, whose reference to another nobody follows
            assert upload(asks, trap.read_bytes(), "set.mp4").status_code == 415, trap.name


def test_what_unpacks_to_too_much_is_told(tmp_path):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("points.npy", b"x")
        file.infolist()[0].file_size = 1 << 40  # as its table says
    with served(tmp_path / "data", crew=Hand) as asks:
        id_ = upload(asks, packed.getvalue(), "a.npz").json()["id"]
        told = done(asks, [id_])[id_]
        assert told["status"] == "failed"
        assert "unpack" in told["reason"]
        assert asks.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "ranges", ["bytes=0-,0-,0-", "bytes=" + "0-1," * 5000 + "0-1", "bytes=-", "bytes=9-1", "x=1"]
)
def test_ranges_without_sense_cost_nothing(asks, ranges):
    id_ = upload(asks).json()["id"]
    answer = asks.get(f"/clips/{id_}/film", headers={"range": ranges})
    assert answer.status_code in {200, 206, 400, 416}
    assert len(answer.content) < 10_000


def test_too_large_is_refused_before_and_while_it_comes(tmp_path):
    with served(tmp_path / "data", limits={"upload_bytes": 5000}) as asks:
        assert upload(asks, FILM + bytes(10_000)).status_code == 413
        told = {"content-type": "multipart/form-data; boundary=x", "content-length": str(1 << 40)}
        assert asks.post("/api/clips", content=b"", headers=told).status_code == 413
        assert not list((tmp_path / "data/incoming").iterdir())


def test_no_room_on_the_disk_is_told(tmp_path):
    with served(tmp_path / "data", limits={"free_bytes": 1 << 60}) as asks:
        assert upload(asks).status_code == 507


def test_a_disk_that_fills_while_a_clip_comes_keeps_its_rest(tmp_path, monkeypatch):
    """Each upload alone would have fitted."""
    monkeypatch.setattr(receiving, "GATHERED_BYTES", 1000)
    monkeypatch.setattr(receiving, "LOOKS_BYTES", 5000)
    with served(tmp_path / "data") as asks:
        left = iter([1 << 40, 0])
        monkeypatch.setattr(
            receiving.shutil, "disk_usage", lambda _: SimpleNamespace(free=next(left))
        )
        assert upload(asks, FILM + bytes(500_000)).status_code == 507
        assert not list((tmp_path / "data/incoming").iterdir())


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


def test_names_are_one_line_without_folders():
    assert shown_name("a/b\\c\u202e\n.mp4") == "c.mp4"
    assert shown_name("..") == ".."
    assert shown_name("") == "clip"
    assert len(shown_name("x" * 5000)) == 200
