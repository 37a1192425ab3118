"""Whatever is thrown at it: one message that helps, the right status, nothing half-written.

Everything goes through the real command; what is thrown is made by construction.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import clips
import numpy as np
import pytest
from athlete import Curl, Hold, perform
from PIL import Image
from typer.testing import CliRunner, Result

from formcheck.cli import app
from formcheck.pose import PoseTrack
from formcheck.terminal import Bars
from formcheck.video.writer import VideoWriter

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_videos" / "fault_hips_pike.mp4"
COMMAND = [sys.executable, "-m", "formcheck"]
POSIX = os.name == "posix"


def formcheck(*args: object) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(app, [str(a) for a in args])


def child(*args: object, **how) -> subprocess.CompletedProcess[str]:
    """The command, in a process of its own."""
    return subprocess.run(
        [*COMMAND, *map(str, args)],
        capture_output=True, text=True, encoding="utf-8", errors="replace", check=False, **how,
    )  # fmt: skip


def told(result: Result, status: int) -> str:
    """What people read; the status is `status`, and there is neither a traceback nor our fault."""
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    assert "fault of formcheck" not in result.output
    return result.stderr


def left(folder: Path) -> list[str]:
    """Every file below a folder that is there, hidden ones included."""
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def report(folder: Path) -> dict:
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


# What is thrown


def picture(path: Path) -> Path:
    Image.new("RGB", (64, 48)).save(path)
    return path


def no_packets(path: Path) -> Path:
    """A film that declares a picture and holds none."""
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.open()
        film.start_encoding()
    return path


def fast(path: Path, frames: int = 30) -> Path:
    """A film of noise whose index stands at its front."""
    with VideoWriter(path, 128, 96) as out:
        for n in range(frames):
            out.write(clips.noise(128, 96, n), n / 30)
    return path


def cut(path: Path, share: float) -> Path:
    return write(path, path.read_bytes()[: int(path.stat().st_size * share)])


def timed(path: Path, times_ms: list[int]) -> Path:
    """A film whose pictures say these times."""
    clips.make(path, range(len(times_ms)), codec="mjpeg", pix_fmt="yuvj420p")
    data = bytearray(path.read_bytes())
    for (_, packet), ms in zip(clips.packets(path, "video"), times_ms, strict=True):
        at = data.find(packet)  # a block is track, time, flags and the picture
        data[at - 3 : at - 1] = ms.to_bytes(2, "big")
    return write(path, data)


def no_time_passes(path: Path) -> Path:
    """A film that gives each of its pictures no time at all."""
    data = bytearray(clips.make(path, options={"bf": "0"}).read_bytes())
    at = data.find(b"stts")  # one entry: how many pictures, and how long each
    data[at + 16 : at + 20] = bytes(4)
    return write(path, data)


def spoiled(path: Path) -> Path:
    """A film with packets of garbage in its middle."""
    clips.make(path, range(40), noisy=True, options={"g": "5", "bf": "0"})
    data = bytearray(path.read_bytes())
    for _, packet in clips.packets(path, "video")[15:20]:
        at = data.find(packet)
        data[at : at + len(packet)] = b"\xff" * len(packet)
    return write(path, data)


def garbage(path: Path) -> Path:
    """A film in which no packet is what it should be."""
    clips.make(path, noisy=True)
    data = bytearray(path.read_bytes())
    for _, packet in clips.packets(path, "video"):
        at = data.find(packet)
        data[at : at + len(packet)] = b"\xff" * len(packet)
    return write(path, data)


def arrays(path: Path, **changes: object) -> Path:
    """A pose track of one rep with some of its arrays exchanged."""
    track = perform(Curl()).film()
    kept = {"t_s": track.t_s, "points": track.points, "visibility": track.visibility,
            "size": np.array(track.size)}  # fmt: skip
    np.savez_compressed(path, **{k: v for k, v in {**kept, **changes}.items() if v is not None})
    return path


def bent(path: Path) -> Path:
    """A pose track whose compressed bytes were damaged on the way."""
    data = bytearray(arrays(path).read_bytes())
    data[len(data) // 2 : len(data) // 2 + 400] = bytes(400)
    return write(path, data)


def lying_zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("t_s.npy", b"not an array")
    return path


def times_that(change: Callable[[np.ndarray], object]) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        t_s = perform(Curl()).film().t_s.copy()
        change(t_s)
        return arrays(path, t_s=t_s)

    return make


UNREADABLE: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "no such file": ("none.mp4", lambda p: p, "there is no such file"),
    "a folder": ("a.mp4", lambda p: p.mkdir(), "this is a folder"),
    "an empty file": ("a.mp4", lambda p: write(p, b""), "the file is empty"),
    "text named .mp4": ("a.mp4", lambda p: write(p, b"dear diary " * 99), "not a film"),
    "a picture": ("a.jpg", picture, "this is a picture"),
    "a picture of another kind": ("a.png", picture, "this is a picture"),
    "sound alone": ("a.m4a", clips.make_sound, "this holds sound but no picture"),
    "one frame": ("a.mp4", lambda p: clips.make(p, range(1)), "holds a single picture"),
    "no packets": ("a.mp4", no_packets, "this holds no picture"),
    "no packets, mkv": ("a.mkv", no_packets, "not a film"),
    "garbage for packets": ("a.mp4", garbage, "no picture in it could be decoded"),
    "cut before its index": ("a.mp4", lambda p: cut(clips.make(p, noisy=True), 0.5), "again"),
    "one time for all": ("a.mp4", no_time_passes, "all carry the same time"),
    "no such track": ("none.npz", lambda p: p, "there is no such file"),
    "a folder for a track": ("a.npz", lambda p: p.mkdir(), "not a pose track"),
    "an empty track": ("a.npz", lambda p: write(p, b""), "not a pose track"),
    "text for a track": ("a.npz", lambda p: write(p, b"hm " * 99), "not a pose track"),
    "a track cut short": ("a.npz", lambda p: cut(arrays(p), 0.5), "not a pose track"),
    "a damaged track": ("a.npz", bent, "not a pose track"),
    "another zip": ("a.npz", lying_zip, "not a pose track"),
    "no points": ("a.npz", lambda p: arrays(p, points=None), "not a pose track"),
    "pickled points": (
        "a.npz",
        lambda p: arrays(p, points=np.array([{}, None], object)),
        "not a pose track",
    ),
    "letters for times": ("a.npz", lambda p: arrays(p, t_s=np.array(["x"])), "not a pose track"),
    "one number for times": ("a.npz", lambda p: arrays(p, t_s=np.array(1.0)), "t_s has the shape"),
    "times in a table": ("a.npz", lambda p: arrays(p, t_s=np.ones((3, 3))), "t_s has the shape"),
    "a time that is NaN": (
        "a.npz",
        times_that(lambda t: t.__setitem__(5, np.nan)),
        "finite and increasing",
    ),
    "a time that goes back": (
        "a.npz",
        times_that(lambda t: t.__setitem__(5, 0.0)),
        "finite and increasing",
    ),
    "points of another shape": (
        "a.npz",
        lambda p: arrays(p, points=np.zeros((4, 17, 2))),
        "points has the shape (4, 17, 2)",
    ),
    "visibility of another shape": (
        "a.npz",
        lambda p: arrays(p, visibility=np.zeros(3)),
        "visibility has the shape",
    ),
    "no size": ("a.npz", lambda p: arrays(p, size=np.array([0, 0])), "size is (0, 0)"),
    "one frame of a track": (
        "a.npz",
        lambda p: arrays(
            p, t_s=np.zeros(1), points=np.zeros((1, 33, 3)), visibility=np.zeros((1, 33))
        ),
        "expected at least 2",
    ),
}
"""What it is: its name, how it is made, and words of the answer."""


@pytest.mark.model
@pytest.mark.parametrize(("name", "make", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_3_and_leaves_nothing(model, tmp_path, name, make, words):
    clip = tmp_path / name
    make(clip)
    said = told(formcheck("analyze", clip, "--out", tmp_path / "out"), 3)
    assert words in said
    assert name in said
    assert len(said.splitlines()) <= 2
    assert left(tmp_path / "out") == []


POOR: dict[str, tuple[Callable[[Path], object], str | None]] = {
    "cut short": (lambda d: cut(fast(d / "a.mp4"), 0.4), "the file ends early"),
    "garbage in the middle": (lambda d: spoiled(d / "a.mp4"), "1 damaged stretch was skipped"),
    "times that go back": (
        lambda d: timed(d / "a.mkv", [0, 33, 66, 50, 40, 100, 133, 166, 200]),
        "2 frames with a repeated or backward timestamp were left out",
    ),
    "some times of zero": (
        lambda d: timed(d / "a.mkv", [0, 0, 0, 33, 66, 100, 133, 166, 200]),
        "2 frames with a repeated or backward timestamp were left out",
    ),
    "nobody, noise": (lambda d: clips.make(d / "a.mp4", noisy=True), None),
    "nobody, a blank picture": (lambda d: clips.make(d / "a.mp4"), None),
    "two frames": (lambda d: clips.make(d / "a.mp4", range(2)), None),
    "a picture of 16 by 16": (lambda d: clips.make(d / "a.mp4", size=(16, 16)), None),
}
"""What can be read in part, or shows nothing: how it is made, and what is said of the clip."""


@pytest.mark.model
@pytest.mark.parametrize(("make", "problem"), POOR.values(), ids=POOR)
def test_what_is_poor_is_analysed_as_far_as_it_goes(model, tmp_path, make, problem):
    clip = make(tmp_path)
    out = tmp_path / "out"
    said = told(formcheck("analyze", clip, "--out", out), 0)
    found = report(out / "a")
    assert found["verdict"]["status"] == "not-assessed"
    assert found["reps"] == []
    assert "Nobody was found" in found["not_assessed"][0]["reason"]
    assert bool(found["clip"]["problems"]) == (problem is not None)
    if problem is not None:
        assert any(problem in p for p in found["clip"]["problems"])
        assert problem in said.replace("\n", " ")
    assert (out / "a" / "annotated.mp4").stat().st_size > 0
    assert [p.name for p in out.iterdir()] == ["a"]


@pytest.mark.model
def test_a_set_cut_short_is_judged_up_to_there(model, tmp_path):
    clip = cut(Path(shutil.copy(SAMPLE, tmp_path / "set.mp4")), 0.45)
    said = told(formcheck("analyze", clip, "--no-video", "--out", tmp_path / "out"), 0)
    found = report(tmp_path / "out" / "set")
    assert found["reps"]
    assert any("could be read" in p for p in found["clip"]["problems"])
    assert "the file ends early" in said.replace("\n", " ")


STILL = {
    "kneeling all the time": lambda: perform(Hold(4.0)).film(),
    "nobody in any frame": lambda: _nobody(perform(Hold(2.0)).film()),
    "the same picture again and again": lambda: _frozen(perform(Curl()).film()),
}


def _nobody(track: PoseTrack) -> PoseTrack:
    nan = np.full_like(track.points, np.nan)
    return PoseTrack(track.t_s, nan, np.full_like(track.visibility, np.nan), track.size)


def _frozen(track: PoseTrack) -> PoseTrack:
    same = np.repeat(track.points[40:41], len(track), axis=0)
    return PoseTrack(track.t_s, same, track.visibility, track.size)


@pytest.mark.parametrize("make", STILL.values(), ids=STILL)
def test_who_never_moves_has_no_reps(tmp_path, make):
    make().save(tmp_path / "a.npz")
    told(formcheck("analyze", tmp_path / "a.npz", "--out", tmp_path / "out"), 0)
    found = report(tmp_path / "out" / "a")
    assert (found["recognised"], found["reps"]) == (False, [])
    assert found["verdict"]["status"] == "not-assessed"


# Settings


@pytest.fixture
def track(tmp_path) -> Path:
    path = tmp_path / "anna.npz"
    perform(Curl()).film().save(path)
    return path


SETTINGS: dict[str, tuple[Callable[[bytes], bytes | None], str]] = {
    "no such file": (lambda good: None, "this is not a setting"),
    "empty": (lambda good: b"", "this is not a setting"),
    "cut short": (lambda good: good[: len(good) // 2], "this is not a setting"),
    "not text": (lambda good: bytes(range(256)), "this is not a setting"),
    "another json": (lambda good: b'{"a": 1}', "this is not a setting"),
    "a list": (lambda good: b"[]", "this is not a setting"),
    "no frame time": (lambda good: good.replace(b'"frame_s"', b'"f"'), "this is not a setting"),
    "of another clip": (lambda good: good.replace(b"1280", b"640"), "1280 x 720"),
}
"""What is done to a good setting, and words of the answer."""


@pytest.fixture(scope="module")
def good_setting(tmp_path_factory) -> bytes:
    """That of the clip of `track`, as formcheck wrote it."""
    place = tmp_path_factory.mktemp("good")
    perform(Curl()).film().save(place / "anna.npz")
    told(formcheck("analyze", place / "anna.npz", "--out", place), 0)
    return (place / "anna" / "setting.json").read_bytes()


@pytest.mark.parametrize(("spoil", "words"), SETTINGS.values(), ids=SETTINGS)
def test_a_setting_that_cannot_be_used_is_3(track, good_setting, tmp_path, spoil, words):
    content = spoil(good_setting)
    given = tmp_path / "setting.json"
    if content is not None:
        given.write_bytes(content)
    said = told(formcheck("analyze", track, "--setting", given, "--out", tmp_path / "out"), 3)
    assert words in said
    assert "setting.json" in said
    assert left(tmp_path / "out") == []


# Places to write to


def in_the_way(out: Path) -> None:
    out.write_text("a file")


def a_thesis(out: Path) -> None:
    (out / "anna").mkdir(parents=True)
    (out / "anna" / "thesis.doc").write_text("two years of work")


def a_file_of_that_name(out: Path) -> None:
    out.mkdir()
    (out / "anna").write_text("a file")


@pytest.mark.parametrize("prepare", [in_the_way, a_thesis, a_file_of_that_name])
def test_a_place_that_is_taken_is_5_before_any_work(track, tmp_path, monkeypatch, prepare):
    monkeypatch.setattr("formcheck.analysis.analyze", None)  # not even called
    prepare(tmp_path / "out")
    before = left(tmp_path)
    said = told(formcheck("analyze", track, "--out", tmp_path / "out"), 5)
    assert "--out" in said
    assert left(tmp_path) == before


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="nothing here is read-only to root")
def test_a_read_only_place_is_5(track):
    said = told(formcheck("analyze", track, "--out", "/proc/formcheck"), 5)
    assert "--out" in said


def test_a_forbidden_place_is_5(track, tmp_path, monkeypatch):
    (tmp_path / "mine").mkdir(mode=0o500)
    monkeypatch.setattr("formcheck.results.os.access", lambda *_: False)  # for root nothing is
    said = told(formcheck("analyze", track, "--out", tmp_path / "mine" / "out"), 5)
    assert "Permission denied" in said


@pytest.mark.parametrize("name", ["a.mp4", "a.npz"])
def test_a_clip_that_may_not_be_read_is_3(tmp_path, monkeypatch, name):
    """Simulated, since root may read everything."""
    clip = write(tmp_path / name, b"secret")

    def forbid(path: object, *args: object, **how: object) -> object:
        if str(path).endswith(name):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, *args, **how)

    real = Path.open
    monkeypatch.setattr("os.access", lambda path, *_: not str(path).endswith(name))
    monkeypatch.setattr("formcheck.video.film.av.open", forbid)
    monkeypatch.setattr(Path, "open", forbid)
    monkeypatch.setattr("formcheck.models.ensure", lambda **_: clip)
    said = told(formcheck("analyze", clip, "--out", tmp_path / "out"), 3)
    assert "Permission denied" in said or "may not read" in said


def test_a_clip_is_not_deleted_with_the_result_it_lies_in(track, tmp_path):
    out = tmp_path / "out"
    told(formcheck("analyze", track, "--out", out), 0)
    moved = track.rename(out / "anna" / "anna.npz")
    said = told(formcheck("analyze", moved, "--out", out), 5)
    assert "Move it" in said
    assert moved.is_file()


def test_a_result_is_replaced_as_a_whole(track, tmp_path):
    out = tmp_path / "out"
    told(formcheck("analyze", track, "--out", out), 0)
    (out / "anna" / "annotated.mp4").write_bytes(b"of another run")
    whole = left(out)
    told(formcheck("analyze", track, "--out", out), 0)
    assert left(out) == [name for name in whole if not name.endswith(".mp4")]


def test_an_older_result_comes_back_where_the_new_one_cannot_take_its_place(
    track, tmp_path, monkeypatch
):
    out = tmp_path / "out"
    told(formcheck("analyze", track, "--out", out), 0)
    whole, replace = left(out), Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if self.suffix == ".part":
            raise PermissionError(errno.EACCES, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    told(formcheck("analyze", track, "--out", out), 5)
    assert left(out) == whole


# A disk that fills up


@contextmanager
def small_disk(path: Path) -> Iterator[dict]:
    """A place with 400 kB, and what the child needs for it: a small file system where we may mount
    one, else a limit to the size of files."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(path)]
    if os.getuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        try:
            yield {}
        finally:
            subprocess.run(["umount", str(path)], check=True)
    else:
        yield {"preexec_fn": _small_files}


def _small_files() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))


def fill(disk: Path, how: dict) -> None:
    """Leave 60 kB where the disk itself is small."""
    if not how:
        (disk / "holiday.bin").write_bytes(bytes(340_000))


@pytest.mark.skipif(not POSIX, reason="limits a disk the POSIX way")
def test_a_disk_full_at_the_report_is_5_and_keeps_the_older_result(track, tmp_path):
    with small_disk(tmp_path / "disk") as how:
        older = tmp_path / "disk" / "anna"
        older.mkdir()
        (older / "report.json").write_text("older")
        fill(tmp_path / "disk", how)
        before = left(tmp_path / "disk")
        done = child("analyze", track, "--out", tmp_path / "disk", **how)
        assert done.returncode == 5, done.stderr
        assert "Free some space" in done.stderr
        assert "Traceback" not in done.stderr
        assert left(tmp_path / "disk") == before
        assert (older / "report.json").read_text() == "older"


@pytest.mark.model
@pytest.mark.skipif(not POSIX, reason="limits a disk the POSIX way")
def test_a_disk_full_at_the_video_is_5_and_leaves_nothing(model, tmp_path):
    clip = clips.make(tmp_path / "a.mp4", range(60), size=(320, 240), noisy=True)
    with small_disk(tmp_path / "disk") as how:
        fill(tmp_path / "disk", how)
        before = left(tmp_path / "disk")
        done = child("analyze", clip, "--out", tmp_path / "disk", **how)
        assert done.returncode == 5, done.stderr
        assert "Free some space" in done.stderr
        assert left(tmp_path / "disk") == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_stdout_that_is_full_is_5(track, tmp_path):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "analyze", track, "--json", "--out", tmp_path / "out"],
            stdout=full, stderr=subprocess.PIPE, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
    assert done.returncode == 5
    assert "stdout" in done.stderr
    assert "Traceback" not in done.stderr


# Ctrl-C


def stopped_at(monkeypatch, stage: str) -> None:
    """Ctrl-C as soon as this stage is under way."""
    show = Bars.show

    def stop(self: Bars, words: str, share: float) -> None:
        show(self, words, share)
        if words.startswith(stage):
            raise KeyboardInterrupt

    monkeypatch.setattr(Bars, "show", stop)


@pytest.mark.model
@pytest.mark.parametrize("stage", ["Fetching", "Following", "Drawing", "Writing"])
def test_ctrl_c_at_every_stage_is_130_and_leaves_nothing(model, tmp_path, monkeypatch, stage):
    if stage == "Fetching":
        monkeypatch.setenv("FORMCHECK_MODELS", str(tmp_path / "models"))
    stopped_at(monkeypatch, stage)
    clip = clips.make(tmp_path / "a.mp4")
    before = left(tmp_path)
    said = told(formcheck("analyze", clip, "--out", tmp_path / "out"), 130)
    assert "Stopped" in said
    assert left(tmp_path) == before


def test_ctrl_c_in_the_second_clip_keeps_the_first(track, tmp_path, monkeypatch):
    second = Path(shutil.copy(track, tmp_path / "berta.npz"))
    write_ = __import__("formcheck.results", fromlist=["write"]).write

    def stop(analysis, *args, **how):
        if analysis.source == second:
            raise KeyboardInterrupt
        return write_(analysis, *args, **how)

    monkeypatch.setattr("formcheck.results.write", stop)
    said = told(formcheck("analyze", track, second, "--out", tmp_path / "out"), 130)
    assert "Clips that were finished are kept" in said
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["anna"]


@pytest.mark.skipif(not POSIX, reason="signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_stop_by_the_system_tidies_up_as_well(track, tmp_path, name):
    code = (
        "import os, signal, sys\n"
        "import formcheck.results as r\n"
        f"r.write_reps = lambda *_: os.kill(os.getpid(), signal.{name})\n"
        "from formcheck.cli import main\n"
        f"sys.argv[1:] = ['analyze', {str(track)!r}, '--out', {str(tmp_path / 'out')!r}]\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 130, done.stderr
    assert left(tmp_path / "out") == []


# Names

NAMES = {
    "a newline": "new\nline.npz",
    "an emoji": "🏋️ Nordic.npz",
    "255 bytes": "n" * 251 + ".npz",
    "255 bytes of umlauts": "ü" * 125 + "x.npz",
    "markup": "[bold red]set[red].npz",
    "a percent sign": "100%d {0}.npz",
    "a colour": "\x1b[31mred.npz",
    "two dots": "...npz",
    "three dots": "....npz",
    "an address": "http:set.npz",
    "spaces": "  my set  .npz",
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_an_odd_name_is_only_a_name(track, tmp_path, name):
    clip, out = track.rename(tmp_path / name), tmp_path / "out"
    said = told(formcheck("analyze", clip, "--out", out), 0)
    folder = out / (clip.stem if clip.stem not in {".", ".."} else name)
    assert report(folder)["clip"]["name"] == name
    assert [p.name for p in out.iterdir()] == [folder.name]
    assert "\x1b" not in said
    assert [p.name for p in tmp_path.iterdir() if p != out] == [name]


@pytest.mark.model
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["new\nline 🏋️.mp4", "n" * 251 + ".mp4"], ids=["line", "long"])
def test_an_odd_name_of_a_film_is_only_a_name(model, tmp_path, name):
    clip = clips.make(tmp_path / "a.mp4", range(5)).rename(tmp_path / name)
    told(formcheck("analyze", clip, "--out", tmp_path / "out"), 0)
    assert (tmp_path / "out" / clip.stem / "annotated.mp4").is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_no_text_is_only_a_name(track, tmp_path):
    clip = track.rename(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.npz"))
    done = child("analyze", clip, "--json", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["clip"]["name"] == "caf\ufffd.npz"


@pytest.mark.skipif(not POSIX, reason="names of 255 bytes")
def test_two_clips_of_one_long_name_do_not_share_a_folder(track, tmp_path):
    pair = [tmp_path / side / ("n" * 251 + ".npz") for side in "ab"]
    for clip in pair:
        clip.parent.mkdir()
        shutil.copy(track, clip)
    told(formcheck("analyze", *pair, "--out", tmp_path / "out"), 0)
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_a_place_whose_name_is_too_long_is_5(track, tmp_path):
    said = told(formcheck("analyze", track, "--out", tmp_path / ("n" * 300)), 5)
    assert "--out" in said


def test_a_name_like_an_option_is_answered(tmp_path):
    done = formcheck("analyze", "-i.npz")
    assert done.exit_code == 2
    assert "./-i.npz" in done.stderr


# Locales

LOCALES = {
    "C": {"LC_ALL": "C"},
    "C, strictly": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "ASCII": {"PYTHONIOENCODING": "ascii"},
}


@pytest.mark.parametrize("locale", LOCALES.values(), ids=LOCALES)
def test_every_locale_can_read_it(tmp_path, locale):
    clip = tmp_path / "Übung.npz"
    perform(Curl(), Curl(fold=40)).film().save(clip)
    env = {**os.environ, **locale}
    done = subprocess.run(
        [*COMMAND, "analyze", clip, "--json", "--out", tmp_path / "out", "--athlete", "Zoë"],
        capture_output=True, env=env, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.decode("utf-8"))
    assert (found["clip"]["name"], found["athlete"]["name"]) == ("Übung.npz", "Zoë")
    if "ascii" in locale.values() or "0" in locale.values():
        said = done.stderr.decode("ascii")
        assert " deg" in said and "+/-" in said
        assert "\\xb0" not in said
