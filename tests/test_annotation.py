"""annotated.mp4: frames and sound on one clock, freezes, the end card; and the stills."""

from __future__ import annotations

import dataclasses
import io
from fractions import Fraction
from pathlib import Path

import av
import clips
import numpy as np
import pytest
from athlete import Curl, perform
from PIL import Image

from formcheck.analysis import Analysis, judge
from formcheck.annotation import annotate, stills
from formcheck.drawing import CARD_S, FREEZE_S, PIECE_S, STANDS, STEP_S, Holds, Plan, freezes
from formcheck.errors import InputError
from formcheck.exercises import named
from formcheck.overlay import still
from formcheck.overlay.body import room_of
from formcheck.overlay.draw import Overlay, stress_of
from formcheck.overlay.endcard import end_card
from formcheck.pose import PoseTrack
from formcheck.report import Report
from formcheck.tracking.pieces import THREADS
from formcheck.video.reader import VideoFile
from formcheck.view import estimate
from formcheck.words import box_of, shared

FPS, SIZE, RATE = 30, (320, 180), 48_000
SOUNDS = {"aac": ("a.mp4", 48_000), "pcm_s16le": ("a.mov", 44_100), "libopus": ("a.webm", 48_000)}


def silent(stage: str, share: float) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def track() -> PoseTrack:
    """A clean rep, one with the hips folded, one that drops: small, so that it is coded fast."""
    film = perform(Curl(), Curl(fold=45), Curl(lower=1.0, breaks=20)).film(fps=FPS)
    points = film.points * (SIZE[0] / film.size[0])
    return PoseTrack(np.arange(len(film)) / FPS, points, film.visibility, SIZE)


def film(path: Path, frames: int, sound: str | None = None, rate=RATE, beeps=()) -> Path:
    """A grey film; the sound beeps for 60 ms at the given frames."""
    codec = "libvpx-vp9" if path.suffix == ".webm" else "libx264"
    fast = {"cpu-used": "8", "deadline": "realtime"} if codec != "libx264" else {}
    with av.open(str(path), "w") as out:
        picture = out.add_stream(codec, rate=FPS, options=fast)
        picture.width, picture.height = SIZE
        picture.pix_fmt = "yuv420p"
        voice = out.add_stream(sound, rate=rate, layout="mono") if sound else None
        for n in range(frames):
            rgb = np.full((SIZE[1], SIZE[0], 3), 90 + n % 20, np.uint8)
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts, frame.time_base = n, Fraction(1, FPS)
            out.mux(picture.encode(frame))
        out.mux(picture.encode(None))
        if voice is not None:
            t = np.arange(int(frames / FPS * rate)) / rate
            on = np.any([(t >= b / FPS) & (t < b / FPS + 0.06) for b in beeps], axis=0)
            wave = (np.sin(2 * np.pi * 1000 * t) * on * 0.5).astype(np.float32)[None]
            frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
            out.mux(voice.encode(frame))
            out.mux(voice.encode(None))
    return path


def analysis_of(track: PoseTrack, source: Path) -> Analysis:
    setting, exercise = estimate(track), named("nordic-curl")
    report, drawn = judge(track, exercise, setting)
    return Analysis(source, report, setting, track, drawn, exercise)


@pytest.fixture(scope="module")
def analysis(track, tmp_path_factory) -> Analysis:
    return analysis_of(track, film(tmp_path_factory.mktemp("clip") / "a.mp4", len(track)))


@pytest.fixture(scope="module")
def frozen(analysis, tmp_path_factory) -> tuple[Path, Holds]:
    """The annotated film with its freezes."""
    path = tmp_path_factory.mktemp("out") / "annotated.mp4"
    return path, annotate(analysis, path, silent)


def faults(analysis: Analysis) -> list[float]:
    found = [f for r in analysis.report.reps for f in r.findings]
    return sorted(f.at_s for f in found if f.severity == "fault")


def beeps_in(path: Path) -> list[float]:
    """Seconds at which a beep begins, by decoding the sound."""
    with av.open(str(path)) as film:
        heard = [(float(f.pts * f.time_base), f.to_ndarray()) for f in film.decode(audio=0)]
        rate = film.streams.audio[0].rate
    line = np.zeros(int((heard[-1][0] + 1) * rate))
    for t, wave in heard:
        at = max(0, round(t * rate))
        line[at : at + wave.shape[-1]] = np.abs(wave[0])
    loud = np.flatnonzero(line > 0.15) / rate
    return [float(t) for n, t in enumerate(loud) if n == 0 or t - loud[n - 1] > 0.1]


# --- the clock of the pictures


def test_the_film_stands_still_at_each_fault(analysis, frozen):
    path, holds = frozen
    assert [at for at, _ in holds] == pytest.approx(faults(analysis), abs=1 / FPS)
    assert len(holds) >= 2 and all(s == pytest.approx(FREEZE_S) for _, s in holds)
    times = [f.t for f in VideoFile(path)]
    stood = sum(round(s / STEP_S) for _, s in holds)
    assert len(times) == len(analysis.track) + stood + round(CARD_S / STEP_S)
    assert (np.diff(times) > 0).all() and np.diff(times).max() < 1.1 * STEP_S


def test_every_frame_of_the_clip_comes_by_its_holds_later(analysis, frozen):
    path, holds = frozen
    times = np.array([f.t for f in VideoFile(path)])
    for t in analysis.track.t_s:
        due = t + sum(s for at, s in holds if at < t)
        assert np.abs(times - due).min() < 1e-4


def test_without_freeze_the_clock_is_the_clips(analysis, tmp_path):
    assert annotate(analysis, tmp_path / "out.mp4", silent, freeze=False) == ()
    times = [f.t for f in VideoFile(tmp_path / "out.mp4")]
    assert times == pytest.approx([f.t for f in VideoFile(analysis.source)], abs=1e-4)


def test_a_variable_frame_rate_is_kept_around_a_freeze(track, tmp_path):
    kept = np.flatnonzero(np.arange(len(track)) % 7 != 3)
    source = clips.make(tmp_path / "v.mp4", [int(k) for k in kept], size=SIZE)
    sparse = PoseTrack(track.t_s[kept], track.points[kept], track.visibility[kept], SIZE)
    holds = annotate(analysis_of(sparse, source), tmp_path / "out.mp4", silent)
    times = np.array([f.t for f in VideoFile(tmp_path / "out.mp4")])
    assert holds and (np.diff(times) > 0).all()
    due = [t + sum(s for at, s in holds if at < t) for t in sparse.t_s]
    assert max(np.abs(times - t).min() for t in due) < 1e-4


def test_what_is_frozen_is_the_frame_of_the_fault(frozen):
    path, ((first, seconds), *_) = frozen
    with VideoFile(path) as out:
        stood = [f.rgb.astype(int) for f in out.frames(first + 0.1, first + seconds - 0.1)]
        before = next(out.frames(first - 0.1)).rgb.astype(int)
    assert max(np.abs(f - stood[0]).mean() for f in stood) < 2
    assert np.abs(stood[0] - before).mean() > 10


def test_faults_of_one_moment_share_a_freeze(analysis):
    rep = next(r for r in analysis.report.reps if any(f.severity == "fault" for f in r.findings))
    fault = next(f for f in rep.findings if f.severity == "fault")
    twins = [fault.model_copy(update={"at_s": fault.at_s + late}) for late in (0, 0.1, 0.2, 2.0)]
    crowded = rep.model_copy(update={"findings": tuple(twins)})
    report = analysis.report.model_copy(update={"reps": (crowded,)})
    stops = freezes(dataclasses.replace(analysis, report=report))
    assert [len(shown) for shown in stops.values()] == [2, 1, 1]


# --- pieces that are drawn side by side


@pytest.mark.parametrize("gap", [0.9, 4.0, 30.0, None])
@pytest.mark.parametrize("frames", [1, 2, 50, 1000, 7000])
def test_the_pieces_are_all_frames_once(analysis, frames, gap):
    t_s = np.arange(frames) / FPS
    plan = Plan.of(analysis, False)
    plan = dataclasses.replace(plan, t_s=t_s, end_s=frames / FPS)
    entries = np.zeros(0) if gap is None else np.arange(gap, frames / FPS, gap)
    pieces = plan.pieces(entries)
    assert [i for first, end in pieces for i in range(first, end)] == list(range(frames))
    lengths = [(end - first) / FPS for first, end in pieces]
    assert max(lengths) <= 1.5 * PIECE_S + 1 / FPS  # of an even number, up to 1.5 as long
    assert len(pieces) == min(frames, 2) or max(lengths) <= 3 * min(lengths) + 2 / FPS
    if gap == 0.9 and frames == 1000:
        assert all(np.abs(entries - t_s[first]).min() < 1 / FPS for first, _ in pieces[1:])


def test_the_pieces_are_of_even_work(analysis):
    plan = dataclasses.replace(Plan.of(analysis, True), t_s=np.arange(600) / FPS, end_s=600 / FPS)
    fault = next(iter(plan.stops.values()))
    stops = dict.fromkeys(range(10, 300, 20), fault)
    work = [
        end - first + STANDS * (plan.still * sum(first <= i < end for i in stops))
        for first, end in dataclasses.replace(plan, stops=stops, card=0).pieces(np.zeros(0))
    ]
    assert max(work) - min(work) < 1 + STANDS * plan.still
    last = [dataclasses.replace(plan, stops={}, card=k).pieces(np.zeros(0))[-1] for k in (0, 48)]
    assert last[1][0] - last[0][0] == pytest.approx(STANDS * 48 * (1 - 1 / len(work)), abs=2)


@pytest.mark.parametrize("off", [-6e-6, 6e-6])
def test_every_picture_shows_its_own_pose_though_the_films_clock_rounds(
    track, tmp_path, monkeypatch, off
):
    """Of a live set the track has the camera's clock, and the film a coarser one."""
    source = film(tmp_path / "a.mp4", len(track))
    late = PoseTrack(track.t_s + off * np.cos(track.t_s), track.points, track.visibility, SIZE)
    live, drawn = analysis_of(late, source), []
    draw = Overlay.draw

    def seen(overlay, rgb, i, held=(), *, keep=True):
        drawn.append((i, bool(held)))
        return draw(overlay, rgb, i, held, keep=keep)

    monkeypatch.setattr(Overlay, "draw", seen)
    holds = annotate(live, tmp_path / "out.mp4", silent)
    assert sorted(i for i, held in drawn if not held) == list(range(len(track)))
    assert len([i for i, held in drawn if held]) == len(holds) >= 2


def test_a_picture_that_the_track_lacks_stops_the_film_no_second_time(analysis, tmp_path):
    kept = np.delete(np.arange(len(analysis.track)), max(freezes(analysis)) + 1)
    whole = analysis.track
    fewer = PoseTrack(whole.t_s[kept], whole.points[kept], whole.visibility[kept], SIZE)
    holds = annotate(analysis_of(fewer, analysis.source), tmp_path / "out.mp4", silent)
    times = np.array([f.t for f in VideoFile(tmp_path / "out.mp4")])
    stood = sum(round(s / STEP_S) for _, s in holds)
    assert len(times) == len(whole) + stood + round(CARD_S / STEP_S)
    assert np.diff(times).min() > 0.5 / FPS


def test_the_film_is_the_same_however_many_draw_it(analysis, frozen, tmp_path, monkeypatch):
    monkeypatch.setenv(THREADS, "1")
    assert annotate(analysis, tmp_path / "one.mp4", silent) == frozen[1]
    alone = (tmp_path / "one.mp4").read_bytes()
    monkeypatch.setenv(THREADS, "3")
    annotate(analysis, tmp_path / "three.mp4", silent)
    assert (tmp_path / "three.mp4").read_bytes() == alone


def test_a_film_in_pieces_is_decoded_without_complaint(analysis, frozen):
    plan = Plan.of(analysis, True)
    pieces = plan.pieces(VideoFile(analysis.source).entries())
    assert len(pieces) > 1
    with av.open(str(frozen[0])) as out:
        out.streams.video[0].codec_context.options = {"err_detect": "explode"}
        keys = [f for f in out.decode(video=0) if f.key_frame]
        assert not any(f.is_corrupt for f in keys)
    assert len(keys) >= len(pieces)


def test_a_failure_in_a_piece_leaves_no_film(analysis, tmp_path, monkeypatch):
    def torn(*_: object, **__: object) -> None:
        raise InputError("torn")

    monkeypatch.setattr(Overlay, "draw", torn)
    with pytest.raises(InputError, match="torn"):
        annotate(analysis, tmp_path / "out.mp4", silent)
    assert list(tmp_path.iterdir()) == []


# --- what stands on a freeze


def held_boxes(analysis: Analysis, i: int, held):
    """The boxes of a freeze's panel and banners, and the room around its body."""
    track, setting, now = analysis.track, analysis.setting, slice(i, i + 1)
    frame = PoseTrack(track.t_s[now], track.points[now], track.visibility[now], track.size)
    overlay = Overlay(analysis.report, analysis.curves, setting, track, analysis.exercise)
    room = room_of(frame, setting, analysis.exercise.look, numbers=False)
    return [box_of(*p) for p in overlay._plates(i, held)], room


def test_a_freezes_banner_hides_none_of_its_body(analysis):
    """Though the body moves on beneath the banner when the film runs."""
    for i, held in freezes(analysis).items():
        (_, *banners), room = held_boxes(analysis, i, held)
        assert [room._hides(b, room._sums) for b in banners] == [0] * len(held)


def test_elsewhere_it_would_hide_a_hem_at_most(analysis):
    """A twentieth of what the body weighs, in any frame of a picture so small."""
    held = next(iter(freezes(analysis).values()))[:1]
    for i in range(0, len(analysis.track), 20):
        (_, banner), room = held_boxes(analysis, i, held)
        body = room._hides((0, 0, *SIZE), room._sums)
        assert room._hides(banner, room._sums) <= body / 20
        assert body > 500


def test_two_banners_of_a_freeze_stand_apart(analysis):
    i, (fault, *_) = next(iter(freezes(analysis).items()))
    boxes, _ = held_boxes(analysis, i, (fault, fault))
    assert len(boxes) == 3
    assert not any(shared(a, b) for n, a in enumerate(boxes) for b in boxes[:n])


# --- the clock of the sound


@pytest.mark.parametrize("sound", SOUNDS)
def test_sound_stays_in_step_through_the_freezes(track, tmp_path, sound):
    name, rate = SOUNDS[sound]
    moments = faults(analysis_of(track, Path("none")))
    beeps = [15, *(round(at * FPS) + 20 for at in moments), len(track) - 4]
    source = film(tmp_path / name, len(track), sound, rate, beeps)
    holds = annotate(analysis_of(track, source), tmp_path / "out.mp4", silent)
    due = [b / FPS + sum(s for at, s in holds if at < b / FPS) for b in beeps]
    heard = beeps_in(tmp_path / "out.mp4")
    assert heard == pytest.approx(due, abs=0.03)
    with av.open(str(tmp_path / "out.mp4")) as out:
        pictures, sounds = (float(s.duration * s.time_base) for s in out.streams)
    assert sounds == pytest.approx(pictures, abs=0.05), "silence under the card"
    assert heard[-1] < pictures - CARD_S


def test_without_freeze_the_sound_is_copied(track, tmp_path):
    source = film(tmp_path / "a.mp4", len(track), "aac", beeps=[30])
    annotate(analysis_of(track, source), tmp_path / "out.mp4", silent, freeze=False)
    assert clips.packets(tmp_path / "out.mp4", "audio") == clips.packets(source, "audio")


# --- the end card


def many(analysis: Analysis, reps: int) -> Report:
    """The report with so many reps."""
    known = analysis.report.reps
    more = [known[n % len(known)].model_copy(update={"number": n + 1}) for n in range(reps)]
    return analysis.report.model_copy(update={"reps": tuple(more)})


@pytest.mark.parametrize("reps", [0, 1, 6, 12, 15])
@pytest.mark.parametrize("size", [(640, 360), (360, 640), (1920, 1080), (601, 337), (64, 48)])
def test_the_card_fits_every_set_and_picture(analysis, reps, size):
    behind = np.full((size[1], size[0], 3), 200, np.uint8)
    card = end_card(many(analysis, reps), analysis.exercise, behind)
    assert card.shape == behind.shape and card.dtype == np.uint8
    ink = card.max(axis=2) > 120
    edge = max(1, min(size) // 60)
    assert ink.any()
    if min(size) > 100:
        assert not ink[:edge].any() and not ink[-edge:].any()
        assert not ink[:, :edge].any() and not ink[:, -edge:].any()


def test_words_of_the_card_are_readable(analysis):
    from formcheck.overlay import endcard

    for reps, size, least in (
        (3, (640, 360), 14),
        (6, (640, 360), 12),
        (12, (640, 360), 10),
        (12, (360, 640), 11),
    ):
        said = endcard._text(many(analysis, reps), analysis.exercise)
        main = min(size) / 20
        room = (size[0] - 2.2 * main, size[1] - 2.2 * main)
        assert endcard._chosen(said, main, room).size >= least


def test_the_film_ends_with_the_card(analysis, frozen):
    last = [f.rgb for f in VideoFile(frozen[0])][-1]
    with VideoFile(analysis.source) as clip:
        behind = [f.rgb for f in clip][-1]
    card = end_card(analysis.report, analysis.exercise, behind)
    assert np.abs(last.astype(int) - card).mean() < 5


# --- stills


def test_every_finding_has_its_still(analysis):
    found = {
        (r.number, f.check) for r in analysis.report.reps for f in r.findings if f.at_s is not None
    }
    pictures = stills(analysis)
    assert set(pictures) == found and len(found) >= 2
    for data in pictures.values():
        image = Image.open(io.BytesIO(data))
        assert image.format == "JPEG" and image.size[0] <= 480 and image.size[1] <= 360
        assert len(data) <= 60_000


def test_a_still_shows_body_and_angle(analysis):
    """The clip is grey; what has a colour was drawn, in that of the finding."""
    for (number, check), data in stills(analysis).items():
        rep = next(r for r in analysis.report.reps if r.number == number)
        finding = next(f for f in rep.findings if f.check == check)
        picture = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
        off = np.abs(picture - np.array(stress_of(finding, analysis.exercise.look).colour)).max(
            axis=2
        )
        assert (off < 60).sum() > 300


@pytest.mark.parametrize("size", [(1280, 720), (360, 640), (640, 300), (64, 48)])
@pytest.mark.parametrize("seen", [True, False])
def test_a_still_lies_within_the_picture(size, seen):
    """Without a black band, however much of the picture the body fills; and no larger than a card
    shows."""
    w, h = size
    body = np.array([[0.03 * w, 0.2 * h], [0.98 * w, 0.7 * h]]) if seen else np.full((2, 2), np.nan)
    cut = still._around(body, size, still.SIZE)
    assert (cut.corner >= 0).all() and (cut.corner + cut.size <= size).all()
    if seen:
        assert (cut.corner <= body[0]).all() and (cut.corner + cut.size >= body[1]).all()
    picture = cut.of(np.full((h, w, 3), 200, np.uint8))
    assert picture.min() == 200 and picture.shape[1::-1] == cut.still
    assert max(cut.still[0] / 480, cut.still[1] / 360) == pytest.approx(1, abs=0.01)


def test_stills_are_the_same_every_time(analysis):
    assert stills(analysis) == stills(analysis)


def test_a_pose_track_has_no_stills(track, tmp_path):
    track.save(tmp_path / "set.npz")
    assert stills(analysis_of(track, tmp_path / "set.npz")) == {}
