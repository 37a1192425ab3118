"""The whole of a sitting but camera, model and screen: threads, keys, folders, what is kept."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import clips
import crowd
import numpy as np
import pytest
from athlete import Curl, Hold, perform

from formcheck.analysis import Options
from formcheck.errors import InputError, MissingPartError, UsageError
from formcheck.live import loop, output, run
from formcheck.live.cues import Prompter
from formcheck.live.run import Live, opened, sit
from formcheck.live.state import Blind, Silent
from formcheck.pose import PoseTrack
from formcheck.setting import Setting
from formcheck.video.reader import VideoFile
from formcheck.video.sources import LostError, Played, Shot, Stream
from formcheck.video.webcam import Webcam

FPS = 15.0
QUICK = Curl(rest=0.6, lower=2.5, up=1.5, floor=0.3)


class Reel:
    """A crowd's film as a source that waits until each picture was shown; at some seconds lost, and
    back again or not."""

    def __init__(self, film, screen, shape=lambda rgb, t: rgb, lost=(), back=True):
        self.name, self.live, self._back = "camera 0", False, back
        self.film, self._shape, self._lost = film, shape, list(lost)
        self._frames = film.frames()
        self._screen, self._last = screen, -1.0

    def open(self):
        if self.live and not self._back:
            raise MissingPartError("There is no camera 0.")

    def read(self):
        late = time.monotonic() + 60
        while self._screen.last < self._last and time.monotonic() < late:
            time.sleep(0.001)
        frame = next(self._frames, None)
        if frame is None:
            return None
        if self._lost and frame.t > self._lost[0]:
            del self._lost[0]
            self.live = True
            raise LostError("Camera 0 is lost.")
        self.live, self._last = False, frame.t
        return Shot(frame.t, self._shape(frame.rgb, frame.t), time.monotonic())

    def close(self):
        pass


@dataclass
class Screen(Blind):
    """Keeps what it was shown; presses keys by its script: what to press, given the state."""

    press: Callable = lambda state: ()
    states: list = field(default_factory=list)
    last: float = -1.0

    def show(self, frame, state):
        self.states.append(state)
        self.last = state.t
        return self.press(state)


@dataclass
class Heard(Silent):
    said: list = field(default_factory=list)
    muted: list = field(default_factory=list)

    def say(self, text):
        self.said.append(text)

    def mute(self, muted):
        self.muted.append(muted)


@pytest.fixture
def live(tmp_path, monkeypatch):
    """Sit before a film of somebody, and tell what came of it."""

    def watch(*acts, others=(), screen=None, setting=None, reel=None, **how):
        track = crowd.athlete(*(acts or (QUICK,)), fps=FPS)
        film = crowd.Film(track.t_s, [*(crowd.Person(o(track)) for o in others),
                                      crowd.Person(track.points)])  # fmt: skip
        studio = crowd.Studio(film)
        monkeypatch.setattr(run, "_models", lambda model: pytest.fail("a real model"))
        screen, voice = screen or Screen(), Heard()
        source = Reel(film, screen, **(reel or {}))
        options = Options(setting=setting)
        asked = Live(source, tmp_path / "out", options, Prompter, lambda e: screen, lambda: voice,
                     make=studio.make, **how)  # fmt: skip
        kept = []
        stopped = sit(asked, lambda *_: None, kept.append)
        assert all(f.closed for f in studio.made)
        return SimpleNamespace(stopped=stopped, kept=kept, screen=screen, voice=voice, track=track)

    return watch


def told(kept):
    return json.loads((kept.folder / "live.json").read_text(encoding="utf-8"))


def report(kept):
    return json.loads((kept.folder / "report.json").read_text(encoding="utf-8"))


def test_a_set_leaves_the_folder_of_a_recorded_clip_and_more(live, tmp_path):
    there = []
    done = live(QUICK, QUICK, written=lambda folder: there.append(len(list(folder.iterdir()))))
    (kept,) = done.kept
    assert there == [8]  # told of before the annotated video was drawn
    assert {p.name for p in kept.folder.iterdir()} == {
        *("report.json", "report.html", "annotated.mp4", "reps.csv", "signals.csv", "pose.npz"),
        *("setting.json", "recorded.mp4", "live.json"),
    }
    assert list((tmp_path / "out").iterdir()) == [kept.folder]
    assert [r["number"] for r in report(kept)["reps"]] == [1, 2]
    assert report(kept)["clip"]["name"].endswith(".mp4")
    track = PoseTrack.load(kept.folder / "pose.npz")
    film = [f.t for f in VideoFile(kept.folder / "recorded.mp4")]
    assert film == pytest.approx(track.t_s.tolist(), abs=1e-3)
    setting = Setting.load(kept.folder / "setting.json")
    assert setting.origin.track_sha256 == track.fingerprint
    counted = [c["text"] for c in told(kept)["cues"] if c["check"] == "count"]
    assert counted == ["one", "two"]
    assert [w for w in done.voice.said if w in {"one", "two"}] == ["one", "two"]
    assert done.stopped is False
    began = datetime.fromisoformat(report(kept)["clip"]["recorded_at"])
    assert datetime.now(UTC) - began >= timedelta(seconds=film[-1] - film[0])


def test_what_was_done_is_told(live):
    numbers = told(live().kept[0])
    assert numbers["frames_in"] == numbers["frames_analysed"]
    assert numbers["frames_dropped"] == numbers["source_lost"] == 0
    assert set(numbers["latency_ms"]) == {"p50", "p95", "p99"}
    assert numbers["latency_ms"]["p95"] >= numbers["latency_ms"]["p50"] > 0
    cue = numbers["cues"][-1]
    assert set(cue) == {"at_s", "said_s", "check", "text"}
    assert cue["said_s"] >= cue["at_s"]
    assert numbers["settings"][0]["from_s"] == 0


def test_the_one_who_lowers_is_followed_and_not_his_partner(live):
    done = live(QUICK, others=[lambda track: crowd.still(track, at=(70, 0))])
    (kept,) = done.kept
    assert report(kept)["athlete"]["people_seen"] == 2
    assert [r["number"] for r in report(kept)["reps"]] == [1]
    points = PoseTrack.load(kept.folder / "pose.npz").points
    assert points[-1, 25, 0] == pytest.approx(done.track.points[-1, 25, 0], abs=1)


def test_the_screen_is_told_how_it_goes(live):
    states = live(QUICK).screen.states
    assert {s.stage for s in states} <= {"placing", "ready", "running"}
    last = [s for s in states if s.stage == "running"][-1]
    assert last.count == 1
    assert last.pose is not None
    lowering = [s for s in states if s.phase == "lowering"]
    assert max(s.knee_deg for s in lowering) > 60
    assert max(s.descent_s for s in lowering) > 1
    assert last.target_s == 3.0
    assert [s.t for s in states] == sorted(s.t for s in states)


def test_keys_start_stop_mark_mute_and_mirror(live):
    pressed = []

    def press(state):
        for at, command in (
            (0.3, "toggle"),
            (0.5, "mute"),
            (0.6, "mirror"),
            (4.0, "mark"),
            (6.5, "toggle"),
        ):
            if state.t >= at and command + str(at) not in pressed:
                pressed.append(command + str(at))
                return [command]
        return ()

    done = live(QUICK, Hold(4.0), screen=Screen(press))
    assert len(done.kept) == 1
    (kept,) = done.kept
    assert report(kept)["clip"]["duration_s"] < done.track.t_s[-1] - 1
    assert done.voice.muted == [True]
    assert done.screen.states[-1].muted
    assert done.screen.states[-1].mirrored
    marks = [c for c in told(kept)["cues"] if c["check"] == "mark"]
    assert len(marks) == 1
    assert done.screen.states[-1].stage in {"resting", "over"}


def test_quitting_keeps_the_set_under_way(live):
    done = live(QUICK, QUICK, screen=Screen(lambda s: ["quit"] if s.t > 6.5 else ()))
    (kept,) = done.kept
    assert [r["number"] for r in report(kept)["reps"]][:1] == [1]
    assert not done.stopped


def test_ctrl_c_keeps_the_set_under_way(live):
    def press(state):
        if state.t > 6.5:
            raise KeyboardInterrupt
        return ()

    done = live(QUICK, QUICK, screen=Screen(press))
    assert done.stopped
    (kept,) = done.kept
    assert (kept.folder / "annotated.mp4").is_file()
    assert [r["number"] for r in report(kept)["reps"]][:1] == [1]


def test_it_stops_after_its_seconds(live):
    (kept,) = live(QUICK, QUICK, seconds=6.0).kept
    assert report(kept)["clip"]["duration_s"] == pytest.approx(6.0, abs=0.1)


def test_with_a_given_setting_the_set_is_the_whole_film(live, tmp_path):
    (kept,) = live(Hold(1.0), QUICK).kept
    given = tmp_path / "given.json"
    Setting.load(kept.folder / "setting.json").save(given)
    again = live(Hold(1.0), QUICK, setting=given)
    assert report(again.kept[0])["clip"]["duration_s"] == pytest.approx(
        again.track.t_s[-1] + 1 / FPS, abs=0.01
    )


def test_a_setting_of_other_pictures_is_refused(live, tmp_path):
    (kept,) = live().kept
    other = Setting.load(kept.folder / "setting.json").model_copy(update={"size": (640, 480)})
    other.save(tmp_path / "other.json")
    with pytest.raises(InputError, match="640 x 480"):
        live(setting=tmp_path / "other.json")


def test_a_lost_camera_ends_the_set_and_the_next_one_begins_when_it_is_back(live):
    between = perform(QUICK).seconds - 1.5
    done = live(QUICK, Hold(1.0), QUICK, reel={"lost": [between]}, lost_s=0.05)
    notices = {s.notice for s in done.screen.states if s.notice}
    assert len(done.kept) == 2
    assert [len(report(k)["reps"]) for k in done.kept] == [1, 1]
    assert told(done.kept[1])["source_lost"] == 1
    assert notices == {"Camera 0 is lost. Waiting for it to come back."}
    lost = [s for s in done.screen.states if s.notice]
    assert (lost[0].stage, lost[-1].stage) == ("running", "resting")


def test_while_the_camera_is_lost_the_screen_takes_keys(live):
    press = Screen(lambda s: ["quit"] if s.notice else ())
    done = live(QUICK, QUICK, screen=press, reel={"lost": [6.5], "back": False})
    (kept,) = done.kept
    assert report(kept)["clip"]["duration_s"] == pytest.approx(6.5, abs=0.2)


def test_its_seconds_run_on_while_the_camera_is_lost(live):
    (kept,) = live(QUICK, QUICK, seconds=7.0, reel={"lost": [6.5], "back": False}).kept
    assert report(kept)["clip"]["duration_s"] == pytest.approx(6.5, abs=0.2)


def test_a_camera_that_is_lost_for_a_moment_does_not_end_the_set(live):
    (kept,) = live(QUICK, QUICK, reel={"lost": [5.0]}).kept
    assert [r["number"] for r in report(kept)["reps"]] == [1, 2]
    assert told(kept)["source_lost"] == 1


def test_pictures_that_become_larger_are_the_same_view(live):
    def grown(rgb, t):
        return rgb if t < 3 else rgb.repeat(2, 0).repeat(2, 1)

    (kept,) = live(QUICK, QUICK, reel={"shape": grown}).kept
    assert report(kept)["clip"]["width"] == crowd.SIZE[0]
    assert [r["number"] for r in report(kept)["reps"]] == [1, 2]


def test_pictures_of_another_shape_are_another_set(live):
    def cut(rgb, t):
        return rgb if t < between else np.ascontiguousarray(rgb[:, :240])

    between = perform(QUICK).seconds - 1.5  # it ends with two seconds of rest
    done = live(QUICK, Hold(1.0), QUICK, reel={"shape": cut})
    assert [report(k)["clip"]["width"] for k in done.kept] == [320, 240]


def test_what_goes_wrong_on_a_thread_is_raised_and_nothing_hangs(live, monkeypatch):
    monkeypatch.setattr(loop, "brightness", lambda rgb: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        live()
    assert not [t for t in threading.enumerate() if t.name in {"pose", "analysis", "recorder"}]


def test_a_recording_that_fails_costs_the_pictures_and_not_the_report(live, monkeypatch):
    def full(self, *_):
        raise output.OutputError("the disk is full")

    monkeypatch.setattr("formcheck.live.recorder.VideoWriter.write", full)
    (kept,) = live().kept
    assert [r["number"] for r in report(kept)["reps"]] == [1]
    assert not (kept.folder / "recorded.mp4").exists()
    assert not (kept.folder / "annotated.mp4").exists()


def test_what_is_done_has_to_be_said(tmp_path):
    with pytest.raises(UsageError, match="exercise auto"):
        sit(Live("0", tmp_path, Options(exercise="auto"), Prompter), lambda *_: None, print)


def test_without_a_screen_no_model_is_left_open(tmp_path):
    """Else the interpreter's exit would complain of it."""
    made = []

    def none(exercise):
        raise MissingPartError("no screen")

    asked = Live("0", tmp_path, Options(), Prompter, none, make=lambda *how: made.append(how))
    with pytest.raises(MissingPartError, match="no screen"):
        sit(asked, lambda *_: None, print)
    assert made == []


def test_what_a_source_is(tmp_path):
    film = clips.make(tmp_path / "a.mp4", ticks=range(4))
    kinds = [
        type(opened(s)) for s in ("0", "/dev/video2", "rtsp://x/y", "http://x:80/v", str(film))
    ]
    assert kinds == [Webcam, Webcam, Stream, Stream, Played]
    assert opened("/dev/video2").index == 2
