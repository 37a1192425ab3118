"""How much of a clip is taken: every cap has its own sentence, and holds for what a file says of
itself as well as for what comes out of it."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import av
import clips
import numpy as np
import pytest
from athlete import Curl, perform
from hostile import bomb, huge_header, patched

from formcheck import caps
from formcheck.caps import OTHERS, OWN, long
from formcheck.errors import InputError
from formcheck.pose import PoseTrack
from formcheck.video.film import Film
from formcheck.video.reader import VideoFile

HOUR = 3600 * 30


def many_streams(path: Path) -> Path:
    with av.open(str(path), "w") as film:
        streams = [film.add_stream("mjpeg", rate=30) for _ in range(OWN.streams + 1)]
        for stream in streams:
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        for stream in streams:
            frame = av.VideoFrame.from_ndarray(clips.corners(64, 48), format="rgb24")
            frame.pts = 0
            film.mux(stream.encode(frame))
    return path


def wide_pixels(path: Path) -> Path:
    """128 pixels, each a thousand times as wide as high."""
    film = clips.make(path, range(3), codec="mpeg4", aspect=2)
    return patched(film, b"pasp", 4, struct.pack(">II", 1000, 1))


def thin_pixels(path: Path) -> Path:
    film = clips.make(path, range(3), codec="mpeg4", aspect=2)
    return patched(film, b"pasp", 4, struct.pack(">II", 1, 1000))


def says_a_second(path: Path) -> Path:
    """A day whose header says that it lasts a second."""
    film = clips.make(path, range(0, 25 * HOUR, HOUR))
    for box in (b"mvhd", b"mdhd"):
        patched(film, box, 20, struct.pack(">I", 1))
    return film


MUCH = {
    "100,000 x 100,000": ("a.avi", huge_header, "its picture has 100,000 x 100,000 pixels"),
    "a bomb": ("a.avi", bomb, "its picture has 16,000 x 16,000 pixels"),
    "a day": ("a.mp4", lambda p: clips.make(p, range(0, 25 * HOUR, HOUR)), "it lasts 24 h"),
    "a day, mkv": ("a.mkv", lambda p: clips.make(p, range(0, 25 * HOUR, HOUR)), "it lasts 24 h"),
    "streams": ("a.mkv", many_streams, "it holds 33 streams of pictures, sound and other data"),
    "wide pixels": ("a.mp4", wide_pixels, "its picture has 128,000 x 96 pixels"),
    "thin pixels": ("a.mp4", thin_pixels, "its picture is narrower than a pixel"),
}


@pytest.mark.parametrize(("name", "make", "words"), MUCH.values(), ids=MUCH)
def test_what_is_too_much_is_refused_at_the_door(tmp_path, name, make, words):
    with pytest.raises(InputError) as told:
        VideoFile(make(tmp_path / name))
    said = str(told.value)
    assert f"{name}: {words}. Expected " in said
    assert said.endswith(".")


def test_a_length_that_the_header_hides_ends_the_reading(tmp_path):
    film = says_a_second(tmp_path / "a.mp4")
    with VideoFile(film) as video, pytest.raises(InputError, match="lasts at least 7 h"):
        list(video)


def test_times_long_before_the_start_count_as_well(tmp_path, monkeypatch):
    known = {"key_frame": True, "is_corrupt": False, "time_base": 1, "duration": 1}
    early = [SimpleNamespace(pts=n * 3600, **known) for n in (-5, -1, 2)]
    video = VideoFile(clips.make(tmp_path / "a.mp4"))
    monkeypatch.setattr(Film, "_decoded", lambda *_: iter(early))
    monkeypatch.setattr(VideoFile, "_turned", lambda *_: None)
    with pytest.raises(InputError, match="lasts at least 7 h"):
        list(video)


def test_a_picture_that_cannot_be_turned_to_rgb_is_damage(tmp_path, monkeypatch):
    video = VideoFile(clips.make(tmp_path / "a.mp4", range(5)))
    turned, seen = VideoFile._turned, []

    def fail_once(self: VideoFile, *how: object) -> object:
        seen.append(how)
        if len(seen) == 3:
            raise av.error.OSError(95, "Operation not supported")
        return turned(self, *how)

    monkeypatch.setattr(VideoFile, "_turned", fail_once)
    assert len(list(video)) == 4
    assert video.problems == ["1 damaged stretch was skipped"]


def test_more_pictures_than_the_cap_end_the_reading(tmp_path):
    film = clips.make(tmp_path / "a.mkv")
    few = replace(OWN, frames=10)
    with VideoFile(film, few) as video, pytest.raises(InputError, match="more than 10 pictures"):
        list(video)
    with pytest.raises(InputError, match="more than 10 pictures"):
        VideoFile(clips.make(tmp_path / "a.mp4"), few)  # it says so itself


def test_pictures_that_grow_on_the_way_are_damage(tmp_path):
    """A small film that goes on in a large one: the large pictures are never made."""
    parts = [clips.make(tmp_path / "a.ts", range(20), size=(128, 96)),
             clips.make(tmp_path / "b.ts", range(20, 40), size=(640, 480))]  # fmt: skip
    film = tmp_path / "c.ts"
    film.write_bytes(b"".join(part.read_bytes() for part in parts))
    video = VideoFile(film, replace(OWN, pixels=200 * 200))
    assert {frame.rgb.shape for frame in video} == {(96, 128, 3)}
    assert any("damaged" in said for said in video.problems)


@pytest.mark.parametrize(("rate", "heard"), [(1, False), (48_000, True), (2**31 - 1, False)])
def test_sound_at_a_sample_a_second_is_none(tmp_path, rate, heard):
    """Brought to 48,000 a second, each of its packets would fill the memory."""
    film = clips.make(tmp_path / "a.avi", codec="mjpeg", pix_fmt="yuvj420p", sound="pcm_s16le")
    data = bytearray(film.read_bytes())
    at = data.find(b"strf", data.find(b"auds")) + 12
    data[at : at + 4] = struct.pack("<I", rate)
    film.write_bytes(data)
    assert VideoFile(film).clip.has_sound == heard


def test_a_file_of_too_many_bytes_is_not_opened(tmp_path):
    sparse = tmp_path / "a.mp4"
    with sparse.open("wb") as file:
        file.truncate(OTHERS.size + 1)
    with pytest.raises(InputError, match=r"the file has 16\.0 GB"):
        VideoFile(sparse, OTHERS)


def test_what_a_person_films_is_taken():
    clip = Path("a.mp4")
    OWN.refuse_length(clip, 2 * 3600)
    OWN.refuse_frames(clip, 2 * 3600 * 120)
    OWN.refuse_picture(clip, 7680, 4320)
    OTHERS.refuse_length(clip, 1800)
    OTHERS.refuse_picture(clip, 2160, 3840)
    OTHERS.refuse_streams(clip, 10)


def test_a_longer_batch_takes_more_of_all():
    day = caps.others(24 * 3600)
    day.refuse_length(Path("a.mp4"), 24 * 3600)
    assert day.frames == 48 * OTHERS.frames
    assert caps.others() == OTHERS
    with pytest.raises(InputError, match=r"Expected at most 30 min \(--longest allows more\)"):
        OTHERS.refuse_length(Path("a.mp4"), 1801)


def test_lengths_in_words():
    assert [long(s) for s in (1, 119, 120, 3600, 86_700)] == [
        "1 s", "119 s", "2 min", "1 h", "24 h 5 min",
    ]  # fmt: skip


# Pose tracks


def track(path: Path, **changes: object) -> Path:
    plain = perform(Curl()).film()
    arrays = {"t_s": plain.t_s, "points": plain.points, "visibility": plain.visibility,
              "size": np.array(plain.size)}  # fmt: skip
    np.savez_compressed(path, **(arrays | changes))
    return path


def test_a_track_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path, monkeypatch):
    path = track(tmp_path / "a.npz", more=np.zeros(40_000_000, np.uint8))
    assert path.stat().st_size < 1_000_000
    monkeypatch.setattr(np, "load", None)  # not even called
    with pytest.raises(InputError, match=r"a\.npz: it unpacks to 0\.0 GB"):
        PoseTrack.load(path, replace(OWN, frames=10_000))


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"t_s": np.linspace(0, 1e9, 10)}, "it lasts 277,777 h"),
     ({"size": np.array([10**6, 10**6])}, "1,000,000 x 1,000,000 pixels")],
    ids=["time", "size"],
)  # fmt: skip
def test_a_track_that_says_too_much_is_refused(tmp_path, changes, words):
    with pytest.raises(InputError, match=words):
        PoseTrack.load(track(tmp_path / "a.npz", **changes))


@pytest.mark.parametrize(
    "changes",
    [{"points": np.full((10, 33, 3), np.inf)},
     {"points": np.full((10, 33, 3), 1e30)},
     {"size": np.array([1, 1])},
     {"camera": np.full((10, 3), 1e20)}],
    ids=["infinite", "far", "in a picture of one pixel", "a camera far away"],
)  # fmt: skip
def test_a_track_that_lies_nowhere_is_refused(tmp_path, changes):
    with pytest.raises(InputError, match=r"a\.npz: this pose track has points, or a camera"):
        PoseTrack.load(track(tmp_path / "a.npz", **changes))
