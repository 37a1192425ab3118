"""Films in and films out: every container in one suite, and everything that is not a film."""

from __future__ import annotations

import errno
import hashlib
import itertools
import math
import os
import struct
import sys
import weakref
from fractions import Fraction
from pathlib import Path

import av
import clips
import numpy as np
import pytest
from PIL import Image

from formcheck.cores import bind
from formcheck.errors import InputError, OutputError
from formcheck.files import sha256, shown
from formcheck.timing import holes, timing
from formcheck.video.encoder import _QUALITY
from formcheck.video.film import Film
from formcheck.video.reader import VideoFile
from formcheck.video.writer import VideoWriter

SAMPLES = Path(__file__).parents[1] / "sample_videos"

KINDS = {
    "h264.mp4": {"codec": "libx264", "sound": "aac"},
    "ten-bit.mp4": {"codec": "libx264", "pix_fmt": "yuv420p10le"},
    "hevc.mov": {"codec": "libx265", "sound": "aac"},
    "hevc-ten-bit.mov": {"codec": "libx265", "pix_fmt": "yuv420p10le"},
    "vp9.webm": {"codec": "libvpx-vp9", "sound": "libopus"},
    "av1.mkv": {"codec": "libsvtav1", "pix_fmt": "yuv420p10le", "sound": "libopus"},
    "mpeg4.avi": {"codec": "mpeg4", "sound": "libmp3lame"},
    "h264.avi": {"codec": "libx264"},
    "full-range.mov": {"codec": "mjpeg", "pix_fmt": "yuvj420p", "sound": "pcm_s16le"},
}
OPTIONS = {
    "libx265": {"x265-params": "log-level=none", "preset": "ultrafast"},
    "libvpx-vp9": {"cpu-used": "8", "deadline": "realtime"},
    "libsvtav1": {"preset": "12", "svtav1-params": "level-of-parallelism=1"},
}


@pytest.fixture(scope="session", params=KINDS)
def film(request, tmp_path_factory):
    """One film of 20 frames a container and codec that this machine can write."""
    kind = KINDS[request.param]
    try:
        av.Codec(kind["codec"], "w")
    except av.codec.codec.UnknownCodecError:
        pytest.skip(f"{kind['codec']} cannot be written here")
    path = tmp_path_factory.mktemp("films") / request.param
    return clips.make(path, options=OPTIONS.get(kind["codec"]), **kind)


@pytest.fixture
def plain(tmp_path):
    """A still set on a phone: mp4, H.264, sound."""
    return clips.make(tmp_path / "plain.mp4", sound="aac")


def quadrants(rgb):
    """Which colour stands where: top left, top right, bottom left, bottom right."""
    h, w = rgb.shape[0] // 4, rgb.shape[1] // 4
    spots = [rgb[h, w], rgb[h, 3 * w], rgb[3 * h, w], rgb[3 * h, 3 * w]]
    names = {(True, False, False): "R", (False, True, False): "G", (False, False, True): "B"}
    return "".join(names.get(tuple(bool(v > 128) for v in spot), ".") for spot in spots)


def copy(source, out, **changes):
    """Write a film again, picture by picture."""
    video = VideoFile(source)
    with VideoWriter(out, video.clip.width, video.clip.height, source=source, **changes) as writer:
        for frame in video:
            writer.write(frame.rgb, frame.t)
    return VideoFile(out)


# Reading


def test_every_kind_gives_all_its_frames(film):
    video = VideoFile(film)
    frames = list(video)
    assert len(frames) == 20
    assert all(f.rgb.flags.c_contiguous and f.rgb.dtype == np.uint8 for f in frames)
    assert {f.rgb.shape for f in frames} == {(96, 128, 3)}
    assert all(quadrants(f.rgb) == "RGB." for f in frames[:10])
    assert (np.diff([f.t for f in frames]) > 0).all()
    assert frames[0].t == pytest.approx(0.0, abs=0.07)
    assert timing(f.t for f in frames) == ("constant", pytest.approx(30, rel=0.01))
    assert video.problems == []
    assert (video.clip.width, video.clip.height, video.clip.rotation_deg) == (128, 96, 0)
    assert video.clip.fps == pytest.approx(30, rel=0.1)
    assert video.clip.duration_s == pytest.approx(20 / 30, abs=0.06)


def test_every_kind_keeps_its_colours(film):
    rgb = next(iter(VideoFile(film))).rgb
    assert np.abs(rgb.astype(int) - clips.corners(128, 96)).mean() < 6


def test_every_kind_reads_the_same_twice_and_in_parts(film):
    video = VideoFile(film)
    first, second = list(video), list(video)
    parts = [*video.frames(until_s=0.3), *video.frames(0.3, 0.4), *video.frames(0.4)]
    for again in (second, parts):
        assert [f.t for f in again] == [f.t for f in first]
        assert all(np.array_equal(a.rgb, b.rgb) for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize(
    "name, options",
    [
        ("long.mp4", {"g": "40", "bf": "3"}),
        ("open.mp4", {"g": "40", "bf": "3", "x264-params": "open-gop=1"}),
        ("no-index.ts", {"g": "50", "bf": "3", "x264-params": "open-gop=1"}),
        ("no-key-frames.mp4", {"x264-params": "intra-refresh=1:keyint=50"}),
    ],
)
def test_parts_of_a_longer_film_equal_the_whole(tmp_path, name, options):
    path = clips.make(tmp_path / name, range(150), options=options)
    video = VideoFile(path)
    whole = {f.t: f.rgb for f in video}
    for start in (0.5, 1.0, 1.35, 2.6666, 3.3, 3.9, 4.3333, 4.9):
        part = list(video.frames(start, start + 0.3))
        assert [f.t for f in part] == [t for t in whole if start <= t < start + 0.3]
        assert all(np.array_equal(f.rgb, whole[f.t]) for f in part)


def test_a_film_tells_where_it_is_read_best(tmp_path, monkeypatch):
    options = {"g": "40", "bf": "3", "sc_threshold": "0"}
    video = VideoFile(clips.make(tmp_path / "long.mp4", range(150), options=options))
    whole, decoded = Film.timed, []

    def counted(film, tally, threads=None):
        for t, frame in whole(film, tally, threads):
            decoded.append(t)
            yield t, frame

    monkeypatch.setattr(Film, "timed", counted)
    assert len(video.entries()) == 3
    for entry in video.entries().tolist():
        decoded.clear()
        first = next(video.frames(entry))
        assert first.t >= entry and len(decoded) <= 9


def test_who_draws_on_a_picture_does_not_spoil_the_next(tmp_path):
    """Some films are decoded to RGB at once, and their next pictures are made of the last."""
    path = clips.make(tmp_path / "a.mov", range(30), codec="qtrle", pix_fmt="rgb24")
    whole = [f.rgb.copy() for f in VideoFile(path)]
    for frame, as_it_was in zip(VideoFile(path), whole, strict=True):
        assert np.array_equal(frame.rgb, as_it_was)
        frame.rgb[:40, :40] = 255


def test_pieces_that_overlap_are_put_one_after_the_other(tmp_path):
    grey = np.full((96, 128, 3), 90, np.uint8)
    with VideoWriter(tmp_path / "a.mp4", 128, 96) as writer:
        for first in (10, 11):
            coder = writer.encoder()
            packets = [*coder.encode(grey, first), *coder.again(first), *coder.flush()]
            writer.append(packets)
    times = [f.t for f in VideoFile(tmp_path / "a.mp4")]
    assert len(times) == 4 and (np.diff(times) > 0).all()


def test_an_encoder_that_fails_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(_QUALITY, "preset", "no such preset")
    with (
        pytest.raises(OutputError, match="could not be coded"),
        VideoWriter(tmp_path / "a.mp4", 128, 96) as writer,
    ):
        writer.encoder().encode(np.zeros((96, 128, 3), np.uint8), 0)
    assert not list(tmp_path.iterdir())


def test_two_iterations_do_not_disturb_each_other(plain):
    video = VideoFile(plain)
    assert all(a.t == b.t for a, b in zip(video, video, strict=True))


@pytest.mark.parametrize("width", [596, 627])
def test_odd_widths_are_contiguous(tmp_path, width):
    size, pix_fmt = (width, 97), "yuv444p"
    path = clips.make(tmp_path / "odd.mp4", range(3), size=size, pix_fmt=pix_fmt)
    rgb = next(iter(VideoFile(path))).rgb
    assert rgb.shape == (97, width, 3)
    assert rgb.flags.c_contiguous
    assert quadrants(rgb) == "RGB."


@pytest.mark.parametrize(
    ("turn_ccw", "clockwise", "seen"),
    [(0, 0, "RGB."), (90, 270, "G.RB"), (180, 180, ".BGR"), (270, 90, "BR.G")],
)
def test_rotation_is_applied_exactly_once(tmp_path, turn_ccw, clockwise, seen):
    path = clips.make(tmp_path / "turned.mp4", range(3), turn_ccw=turn_ccw)
    video = VideoFile(path)
    size = (128, 96) if turn_ccw % 180 == 0 else (96, 128)
    assert (video.clip.width, video.clip.height) == size
    assert video.clip.rotation_deg == clockwise
    assert {quadrants(f.rgb) for f in video} == {seen}
    assert {f.rgb.shape for f in video} == {(size[1], size[0], 3)}
    again = copy(path, tmp_path / "again.mp4")
    assert (again.clip.width, again.clip.height, again.clip.rotation_deg) == (*size, 0)
    assert {quadrants(f.rgb) for f in again} == {seen}


def test_variable_frame_rate_is_kept(tmp_path):
    ticks = [0, 20, 45, 60, 120, 121, 180, 300]
    path = clips.make(tmp_path / "vfr.mp4", ticks, clock=Fraction(1, 600))
    times = [f.t for f in VideoFile(path)]
    assert times == [t / 600 for t in ticks]
    assert timing(times).kind == "variable"
    assert [f.t for f in copy(path, tmp_path / "again.mp4")] == times


def test_a_clip_tells_what_the_file_declares(tmp_path):
    tags = {"creation_time": "2024-05-06T07:08:09.000000Z"}
    clip = VideoFile(clips.make(tmp_path / "a.mp4", sound="aac", tags=tags)).clip
    assert (clip.name, clip.frames, clip.has_sound) == ("a.mp4", 20, True)
    assert clip.recorded_at == tags["creation_time"]
    assert VideoFile(clips.make(tmp_path / "b.mp4")).clip.has_sound is False


@pytest.mark.parametrize("name", ["new\nline.mp4", "🏋️.mp4", "100%d.mp4", "http:x.mp4", "-i.mp4"])
def test_odd_names_are_only_names(tmp_path, name, plain):
    path = tmp_path / name
    try:
        plain.rename(path)
    except OSError:
        pytest.skip("this system does not allow the name")
    assert len(list(VideoFile(path))) == 20
    assert len(list(copy(path, tmp_path / f"again-{name}"))) == 20
    path.write_text("no film")
    with pytest.raises(InputError) as told:
        VideoFile(path)
    assert "\n" not in str(told.value)


def test_memory_stays_flat(tmp_path):
    path = clips.make(tmp_path / "long.mp4", range(300))
    alive: list[weakref.ref] = []
    for frame in VideoFile(path):
        alive = [ref for ref in alive if ref() is not None]
        alive.append(weakref.ref(frame))
        assert len(alive) <= 2


def test_leaving_the_context_ends_what_is_under_way(plain):
    with VideoFile(plain) as video:
        frames = video.frames()
        next(frames)
    assert list(frames) == []


def test_mirrored_and_wide_pixels_are_set_right(tmp_path):
    path = clips.make(tmp_path / "a.mp4", range(3), turn_ccw=0, mirrored=True, aspect=2)
    video = VideoFile(path)
    assert (video.clip.width, video.clip.height, video.clip.rotation_deg) == (256, 96, 0)
    assert {quadrants(f.rgb) for f in video} == {"GR.B"}


@pytest.mark.parametrize(
    ("tags", "fps", "apple"),
    [
        ({"com.android.capture.fps": "120.000000"}, 120.0, False),
        ({"com.android.version": "14", "com.android.capture.fps": "239.98"}, 239.98, False),
        ({"com.apple.quicktime.full-frame-rate-playback-intent": "0"}, None, True),
        ({"com.android.capture.fps": "fast"}, None, False),
        ({"com.android.capture.fps": "0"}, None, False),
        ({"title": "capture fps"}, None, False),
    ],
)
def test_what_phones_write_of_the_rate_is_read(tmp_path, tags, fps, apple):
    clip = VideoFile(clips.make(tmp_path / "a.mp4", range(3), tags=tags)).clip
    assert (clip.capture_fps, clip.apple) == (fps, apple)


def test_androids_rate_is_read_as_the_number_it_is(tmp_path):
    """The camera writes it as a 32-bit float, not as letters."""
    path = clips.make(tmp_path / "a.mp4", range(3), tags={"com.android.capture.fps": "1234"})
    data = path.read_bytes()
    letters = struct.pack(">III", 1, 0, 0)[:8] + b"1234"
    assert data.count(letters) == 1
    path.write_bytes(data.replace(letters, struct.pack(">IIf", 23, 0, 240.0)))
    assert VideoFile(path).clip.capture_fps == 240


@pytest.mark.parametrize("transfer", [16, 18], ids=["PQ", "HLG"])
def test_ten_bit_hdr_comes_as_plain_eight_bit_rgb(tmp_path, transfer):
    """BT.2020 colours and a wide range: not pretty, but every colour where it belongs."""
    path = tmp_path / "hdr.mov"
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx265", rate=30, options=OPTIONS["libx265"])
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p10le"
        context = stream.codec_context
        context.color_primaries, context.color_trc, context.colorspace = 9, transfer, 9
        for n in range(5):
            picture = clips.corners(128, 96, shade=40 * n)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(
                format="yuv420p10le"
            )
            frame.pts, frame.time_base = n, Fraction(1, 30)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    with av.open(str(path)) as film:
        assert film.streams.video[0].codec_context.color_trc == transfer
    frames = list(VideoFile(path))
    assert len(frames) == 5
    assert all(f.rgb.dtype == np.uint8 and f.rgb.flags.c_contiguous for f in frames)
    assert {quadrants(f.rgb) for f in frames[:3]} == {"RGB."}
    grey = [float(f.rgb[70:, 90:].mean()) for f in frames]
    assert grey == sorted(grey)
    assert 5 * grey[0] < grey[-1] > 100


def test_frames_that_go_back_in_time_are_left_out_and_told(tmp_path):
    path = clips.make(tmp_path / "a.mkv", range(6), codec="mjpeg", pix_fmt="yuvj420p")
    data = bytearray(path.read_bytes())
    packets = clips.packets(path, "video")[:5]
    for (_, packet), ms in zip(packets, (0, 33, 33, 20, 100), strict=True):
        at = data.find(packet)  # a block is track, time, flags and the picture
        data[at - 3 : at - 1] = ms.to_bytes(2, "big")
    path.write_bytes(data)
    video = VideoFile(path)
    assert [f.t for f in video] == pytest.approx([0, 0.033, 0.1, 0.167])
    assert "2 frames with a repeated or backward timestamp were left out" in video.problems


# Damage


def test_damage_in_the_middle_is_skipped(tmp_path):
    path = clips.make(tmp_path / "a.mkv", range(60), noisy=True, options={"g": "10"})
    whole = len(list(VideoFile(path)))
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 20_000] = bytes(255 - b for b in data[middle : middle + 20_000])
    path.write_bytes(data)
    video = VideoFile(path)
    frames = list(video)
    assert whole == 60
    assert 40 <= len(frames) <= 60
    assert frames[-1].t == pytest.approx(59 / 30, abs=0.01)


def test_frames_that_are_damaged_in_part_are_kept_and_told(tmp_path):
    path = clips.make(tmp_path / "a.mp4", range(30), noisy=True, options={"g": "10"})
    data = bytearray(path.read_bytes())
    _, packet = clips.packets(path, "video")[10]
    at = data.find(packet) + len(packet) // 2
    data[at : at + 300] = bytes(255 - b for b in data[at : at + 300])
    path.write_bytes(data)
    video = VideoFile(path)
    assert len(list(video)) == 30
    assert any("damaged in part" in problem for problem in video.problems)


def test_damage_looks_the_same_on_any_number_of_cores(tmp_path, monkeypatch):
    path = tmp_path / "a.mp4"
    data = bytearray((SAMPLES / "fault_hips_pike.mp4").read_bytes())
    for at in range(len(data) // 4, len(data), len(data) // 16):
        data[at : at + 40] = bytes(255 - b for b in data[at : at + 40])
    path.write_bytes(data)
    seen = []
    for cores in (1, 2, 8):
        monkeypatch.setattr(os, "cpu_count", lambda n=cores: n)
        seen.append([hashlib.sha256(f.rgb).hexdigest() for f in VideoFile(path)])
    assert seen[0] == seen[1] == seen[2]
    alone = [hashlib.sha256(f.rgb).hexdigest() for f in VideoFile(path).frames(threads=1)]
    assert alone != seen[0]  # damage, or this shows nothing


def test_damaged_packets_are_skipped(tmp_path):
    path = clips.make(tmp_path / "a.mp4", range(40), noisy=True, options={"g": "5", "bf": "0"})
    data = bytearray(path.read_bytes())
    packets = [content for _, content in clips.packets(path, "video")]
    for packet in packets[15:20] + packets[30:35]:
        at = data.find(packet)
        data[at : at + len(packet)] = b"\xff" * len(packet)
    path.write_bytes(data)
    video = VideoFile(path)
    times = [f.t for f in video]
    assert times[-1] == pytest.approx(39 / 30)
    assert 30 <= len(times) < 40
    assert "2 damaged stretches were skipped" in video.problems


def test_a_cut_film_says_where_it_ends(tmp_path):
    source = clips.make(tmp_path / "a.mp4", range(90), noisy=True)
    path = copy(source, tmp_path / "fast.mp4").path
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    video = VideoFile(path)
    assert 15 <= len(list(video)) < 45
    assert any(p.startswith("the file ends early: ") and "of 3.0 s" in p for p in video.problems)


def test_a_film_cut_before_its_index_is_refused(tmp_path):
    path = clips.make(tmp_path / "a.mp4", noisy=True)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InputError, match="Copy it again"):
        VideoFile(path)


# What is not a film


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _still(path: Path) -> Path:
    Image.new("RGB", (64, 48)).save(path)
    return path


def _hls(path: Path, other: Path) -> Path:
    return _write(path, f"#EXTM3U\n#EXTINF:1,\nfile://{other}\n#EXT-X-ENDLIST\n".encode())


BAD = {
    "missing": (lambda d: d / "none.mp4", "no such file"),
    "folder": (lambda d: d, "a folder"),
    "empty": (lambda d: _write(d / "a.mp4", b""), "empty"),
    "text": (lambda d: _write(d / "a.mp4", b"dear diary " * 99), "not a film"),
    "zeros": (lambda d: _write(d / "a.mp4", bytes(9999)), "not a film"),
    "play list": (lambda d: _hls(d / "a.mp4", clips.make(d / "b.mp4")), "not a film"),
    "jpg": (lambda d: _still(d / "a.jpg"), "picture"),
    "png named mp4": (lambda d: _still(d / "a.png").rename(d / "a.mp4"), "picture"),
    "gif": (lambda d: _still(d / "a.gif"), "single picture"),
    "one frame": (lambda d: clips.make(d / "a.mp4", range(1)), "single picture"),
    "sound": (lambda d: clips.make_sound(d / "a.m4a"), "sound but no picture"),
}


@pytest.mark.parametrize("make, words", BAD.values(), ids=BAD)
def test_what_is_no_film_is_refused_in_words(tmp_path, make, words):
    path = make(tmp_path)
    with pytest.raises(InputError, match=words) as told:
        VideoFile(path)
    assert path.name in str(told.value)
    assert "Expected a film" in str(told.value)


def test_a_film_of_garbage_is_refused(tmp_path):
    path = clips.make(tmp_path / "a.mp4", noisy=True)
    data = bytearray(path.read_bytes())
    for _, packet in clips.packets(path, "video"):
        at = data.find(packet)
        data[at : at + len(packet)] = b"\xff" * len(packet)
    path.write_bytes(data)
    with pytest.raises(InputError, match="could be decoded"):
        VideoFile(path)


def test_a_forbidden_file_is_named(plain, monkeypatch):
    def forbid(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(av, "open", forbid)  # root may read all, so that chmod would not do
    with pytest.raises(InputError, match="may not read"):
        VideoFile(plain)


def test_a_file_that_vanishes_is_an_input_error(plain):
    video = VideoFile(plain)
    plain.unlink()
    with pytest.raises(InputError, match="no such file"):
        list(video)


# Writing


def test_every_kind_is_written_with_the_same_times(film, tmp_path):
    before, after = list(VideoFile(film)), copy(film, tmp_path / "out.mp4")
    frames = list(after)
    assert [f.t for f in frames] == pytest.approx([f.t for f in before], abs=1e-4)
    pairs = zip(before, frames, strict=True)
    assert max(np.abs(a.rgb.astype(int) - b.rgb).mean() for a, b in pairs) < 4
    assert after.clip.has_sound == VideoFile(film).clip.has_sound
    assert after.clip.duration_s == pytest.approx(frames[-1].t + 1 / 30, abs=0.002)


def test_the_result_plays_in_a_browser(plain, tmp_path):
    path = copy(plain, tmp_path / "out.mp4").path
    order = clips.boxes(path)
    assert order.index("moov") < order.index("mdat")
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert (stream.colorspace, stream.color_range, stream.color_primaries) == (1, 1, 1)


def test_an_odd_size_is_padded_by_its_own_edge(tmp_path):
    path = tmp_path / "odd.mp4"
    picture = clips.corners(127, 95, shade=200)
    with VideoWriter(path, 127, 95) as writer:
        for n in range(3):
            writer.write(picture, n / 30)
    after = next(iter(VideoFile(path))).rgb
    assert after.shape == (96, 128, 3)
    assert np.abs(after[:95, :127].astype(int) - picture).mean() < 4
    assert np.abs(after[95].astype(int) - after[94]).mean() < 4


def test_sound_is_copied_in_step(plain, tmp_path):
    out = copy(plain, tmp_path / "out.mp4").path
    assert clips.packets(out, "audio") == clips.packets(plain, "audio")


def test_a_late_picture_stays_late(tmp_path):
    source = clips.make(tmp_path / "late.mp4", range(15, 35), sound="aac")
    assert next(iter(VideoFile(source))).t == pytest.approx(0.5)
    out = copy(source, tmp_path / "out.mp4")
    assert [f.t for f in out] == [f.t for f in VideoFile(source)]
    assert clips.packets(out.path, "audio") == clips.packets(source, "audio")


def test_sound_that_mp4_does_not_take_is_coded_anew(tmp_path):
    source = clips.make(tmp_path / "a.mov", range(45), sound="pcm_s16le")
    out = copy(source, tmp_path / "out.mp4").path
    with av.open(str(out)) as film:
        heard = [f.to_ndarray() for f in film.decode(audio=0)]
        assert film.streams.audio[0].codec_context.name == "aac"
    wave = np.concatenate(heard, axis=1)[0]
    assert len(wave) / clips.SOUND_RATE == pytest.approx(1.5, abs=0.05)
    spectrum = np.abs(np.fft.rfft(wave))
    assert spectrum.argmax() * clips.SOUND_RATE / len(wave) == pytest.approx(440, abs=2)


def test_sound_and_picture_lie_close_together_in_the_file(tmp_path):
    source = clips.make(tmp_path / "a.mp4", range(150), sound="aac", noisy=True)
    out = copy(source, tmp_path / "out.mp4").path
    with av.open(str(out)) as film:
        runs = itertools.groupby(p.stream.type for p in film.demux() if p.size)
        assert len(list(runs)) > 20


def test_no_tag_is_copied(tmp_path):
    tags = {
        "location": "+48.1+011.5/",
        "com.apple.quicktime.location.ISO6709": "+48.1+011.5/",
        "com.apple.quicktime.make": "Maker",
        "creation_time": "2024-05-06T07:08:09.000000Z",
        "title": "My secret",
    }
    source = clips.make(tmp_path / "a.mp4", sound="aac", tags=tags)
    assert b"+48.1" in source.read_bytes()
    out = copy(source, tmp_path / "out.mp4").path
    allowed = {"major_brand", "minor_version", "compatible_brands", "encoder"}
    with av.open(str(out)) as film:
        assert set(film.metadata) <= allowed
        for stream in film.streams:
            assert set(stream.metadata) <= {"language", "handler_name", "vendor_id", "encoder"}
    assert not any(text in out.read_bytes() for text in (b"+48.1", b"Maker", b"secret"))


@pytest.mark.skipif(sys.platform != "linux", reason="binds a process to a core")
def test_a_process_with_one_core_writes_the_same_bytes(plain, tmp_path):
    mine = os.sched_getaffinity(0)
    wide = copy(plain, tmp_path / "wide.mp4").path.read_bytes()
    try:
        bind(os.getpid(), {min(mine)})
        assert copy(plain, tmp_path / "narrow.mp4").path.read_bytes() == wide
    finally:
        bind(os.getpid(), mine)


def test_nothing_appears_before_it_is_whole(plain, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    picture = clips.corners(128, 96)
    with VideoWriter(folder / "out.mp4", 128, 96, source=plain) as writer:
        writer.write(picture, 0.0)
        assert not (folder / "out.mp4").exists()
    assert [p.name for p in folder.iterdir()] == ["out.mp4"]


@pytest.mark.parametrize("frames", [0, 1, 30])
def test_a_failure_leaves_nothing_behind(tmp_path, plain, frames):
    folder = tmp_path / "out"
    folder.mkdir()
    with (
        pytest.raises(ZeroDivisionError),
        VideoWriter(folder / "out.mp4", 128, 96, source=plain) as writer,
    ):
        for n in range(frames):
            writer.write(clips.corners(128, 96), n / 30)
        raise ZeroDivisionError
    assert list(folder.iterdir()) == []


def test_no_picture_at_all_is_told(tmp_path):
    with pytest.raises(OutputError, match="no picture"), VideoWriter(tmp_path / "a.mp4", 64, 64):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_picture_of_another_size_is_a_mistake(tmp_path):
    with (
        pytest.raises(ValueError, match="expected"),
        VideoWriter(tmp_path / "a.mp4", 64, 64) as writer,
    ):
        writer.write(clips.corners(32, 64), 0.0)
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_place_is_told(tmp_path):
    with pytest.raises(OutputError, match="--out"):
        VideoWriter(tmp_path / "none" / "a.mp4", 64, 64)


def test_a_folder_in_the_way_is_told(tmp_path):
    target = tmp_path / "a.mp4"
    target.mkdir()
    with pytest.raises(OutputError, match="could not be written"), VideoWriter(target, 64, 64) as w:
        w.write(clips.corners(64, 64), 0.0)
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files the POSIX way")
def test_a_full_disk_is_told(tmp_path):
    import resource
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with (
            pytest.raises(OutputError, match="Free some space") as told,
            VideoWriter(tmp_path / "a.mp4", 256, 256) as writer,
        ):
            for n in range(60):
                writer.write(clips.noise(256, 256, n), n / 30)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert getattr(told.value.__cause__, "errno", None) == errno.EFBIG
    assert list(tmp_path.iterdir()) == []


# Small things


@pytest.mark.parametrize("fps", [23.976, 29.97, 30, 59.94, 120, 240])
def test_steady_frames_rounded_to_milliseconds_are_constant(fps):
    told = timing(np.round(np.arange(600) / fps, 3))
    assert told == ("constant", pytest.approx(fps, rel=0.005))


def test_a_dropped_frame_is_forgiven_and_a_change_of_pace_is_not():
    steady = np.arange(300) / 30
    assert timing(np.delete(steady, [100, 200])).kind == "constant"
    assert timing(np.delete(steady, np.arange(0, 300, 7))).kind == "variable"
    assert timing([*steady[:150], *(5 + np.arange(150) / 120)]).kind == "ramped"


def test_a_clip_at_two_paces_is_no_variable_rate():
    """Slow motion in its middle, as phones export it; dim light only halves the rate."""
    fast, slow = [1 / 240] * 300, [1 / 30] * 200
    assert timing(np.cumsum([*fast, *slow, *fast])).kind == "ramped"
    assert timing(np.cumsum([*[1 / 60] * 100, *[1 / 30] * 100])).kind == "variable"
    wandering = 1 / np.random.default_rng(0).uniform(18, 40, 400)
    assert timing(np.cumsum(wandering)).kind == "variable"
    scattered = np.random.default_rng(0).choice([1 / 240, 1 / 30], 400)
    assert timing(np.cumsum(scattered)).kind == "variable"


def test_missing_frames_are_told():
    even = np.arange(100) / 30
    assert holes(even) == []
    one, many = np.delete(even, 40), np.delete(even, [20, 21, 22, 60])
    assert holes(one) == ["1 frame is missing between the others (the longest gap lasts 0.07 s)"]
    assert holes(many) == ["4 frames are missing between the others (the longest gap lasts 0.13 s)"]
    wandering = np.cumsum(1 / np.random.default_rng(0).uniform(18, 40, 200))
    assert holes(wandering) == []
    torn = np.where(np.arange(200) > 100, wandering + 0.5, wandering)
    assert holes(torn)[0].startswith("1 stretch without a frame (the longest gap lasts 0.5")
    assert holes([]) == holes([0.0]) == []


def test_timing_of_next_to_nothing():
    assert math.isnan(timing([]).fps)
    assert timing([0.0]).kind == "constant"
    assert timing([0.0, 0.5]) == ("constant", pytest.approx(2.0))


def test_sha256_reads_the_file(tmp_path):
    path = _write(tmp_path / "a", b"abc" * 100_000)
    assert sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_shown_escapes_what_breaks_a_line():
    assert shown(Path("a\nb\x1b[31m é 🏋.mp4")) == "a\\nb\\x1b[31m é 🏋.mp4"
