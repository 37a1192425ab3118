"""Live sources: their clocks, the newest picture only, lost and found, and why none comes."""

import http.server
import threading
import time
from functools import partial
from itertools import pairwise

import clips
import numpy as np
import pytest

from formcheck.errors import InputError, MissingPartError
from formcheck.video import webcam
from formcheck.video.capture import SILENT_S, Capture
from formcheck.video.film import Frame
from formcheck.video.sources import CaptureClock, LostError, Played, Shot, Stream
from formcheck.video.webcam import Webcam, why_none

PATIENCE_S = 60.0


class Fake:
    """A source by a script: seconds or an event to wait for, pictures by their time, and what to
    raise."""

    def __init__(self, *script, live=True):
        self.name, self.live, self.opened, self.closed = "fake", live, 0, 0
        self._script = iter(script)

    def open(self):
        self.opened += 1
        if self.opened > 1:
            step = next(self._script)
            if isinstance(step, threading.Event):
                step.wait(PATIENCE_S)
                step = next(self._script)
            if isinstance(step, Exception):
                raise step

    def read(self):
        for step in self._script:
            if isinstance(step, Exception):
                raise step
            if isinstance(step, Frame):
                return Shot(step.t, step.rgb, time.monotonic())
            if isinstance(step, threading.Event):
                step.wait(PATIENCE_S)
            else:
                time.sleep(step)
        return None

    def close(self):
        self.closed += 1


def picture(t: float) -> Frame:
    return Frame(t, np.full((4, 6, 3), 9, np.uint8))


def taken(capture, slowly=0.0, told=None, takes=()):
    """The times of all pictures that are taken, and the notices meanwhile. told: is set once there
    was a notice; takes: one is set for each picture that is taken."""
    times, notices, takes = [], [], iter(takes)
    while not capture.over:
        shot = capture.next(0.02)
        notices.append(capture.notice)
        if told is not None and notices[-1]:
            told.set()
        if shot is not None:
            times.append(shot.t)
            time.sleep(slowly)
            next(takes, threading.Event()).set()
    capture.stop()
    return times, [n for n in notices if n]


def started(*script, **how):
    retry = how.pop("retry_s", 0.001)
    capture = Capture(Fake(*script, **how), retry_s=retry)
    capture.start()
    return capture


def spaced(n, gap):
    return [x for i in range(n) for x in (gap, picture(i / 30))]


def test_of_a_camera_that_is_faster_only_the_newest_is_given():
    capture = started(*spaced(60, 0.002))
    times, _ = taken(capture, slowly=0.05)
    assert capture.came == 60
    assert capture.dropped > 10
    assert len(times) + capture.dropped == 60
    assert times == sorted(times)
    assert times[-1] == pytest.approx(59 / 30)


def test_of_a_slow_camera_nothing_is_dropped():
    takes = [threading.Event() for _ in range(6)]
    script = (x for i, taking in enumerate(takes) for x in (picture(i / 30), taking))
    times, _ = taken(capture := started(*script), takes=takes)
    assert len(times) == 6
    assert capture.dropped == 0


def test_a_film_that_is_not_in_a_hurry_waits_for_the_slowest():
    capture = started(*(picture(i / 30) for i in range(40)), live=False)
    times, _ = taken(capture, slowly=0.002)
    assert len(times) == 40
    assert capture.dropped == 0


def test_a_camera_that_is_lost_is_waited_for_and_found_again():
    gone = LostError("Camera 0 is lost.")
    there = MissingPartError("not yet")
    first, told = threading.Event(), threading.Event()
    capture = started(picture(0.0), first, gone, there, there, told, None, picture(2.0))
    times, notices = taken(capture, told=told, takes=[first])
    assert times == [0.0, 2.0]
    assert set(notices) == {"Camera 0 is lost. Waiting for it to come back."}
    assert (capture.lost, capture.source.opened, capture.error) == (1, 4, None)
    assert capture.notice == ""


def test_what_cannot_be_opened_at_first_is_said_at_once():
    class Shut(Fake):
        def open(self):
            raise MissingPartError("There is no camera 0.")

    capture = Capture(Shut())
    with pytest.raises(MissingPartError, match="no camera 0"):
        capture.start()
    capture.stop()
    assert capture.over


def test_a_film_that_breaks_is_over_and_says_why():
    capture = started(picture(0.0), InputError("damaged"), live=False)
    times, _ = taken(capture)
    assert times == [0.0]
    assert str(capture.error) == "damaged"


def test_a_driver_that_fails_in_a_way_of_its_own_keeps_nobody_waiting():
    capture = started(picture(0.0), 0.05, ZeroDivisionError("the driver's"))
    times, _ = taken(capture)
    assert times == [0.0]
    assert isinstance(capture.error, ZeroDivisionError)
    assert capture.source.closed


def test_a_camera_that_gives_nothing_is_told_of():
    now = [0.0]
    comes = threading.Event()
    capture = Capture(Fake(comes, picture(0.0)), clock=lambda: now[0])
    capture.start()
    assert capture.notice == ""
    now[0] = SILENT_S + 0.1
    assert capture.notice == "No pictures come from fake."
    comes.set()
    capture.stop()


def test_it_stops_though_nothing_comes():
    capture = started(0.2, picture(0.0))
    capture.stop()
    assert capture.next(0.01) is None or capture.over


# --- clocks


@pytest.mark.parametrize("fps", [15, 24, 60])
def test_a_devices_own_times_are_kept_however_late_pictures_come(fps):
    rng, clock = np.random.default_rng(0), CaptureClock()
    device = 100 + np.arange(50) / fps
    arrived = 7 + np.arange(50) / fps + rng.uniform(0, 0.04, 50)
    t = np.array([clock.at(a, d) for a, d in zip(arrived, device, strict=True)])
    assert np.diff(t) == pytest.approx(np.diff(device), abs=1e-9)
    assert t[0] == 0


def test_without_a_devices_time_it_is_that_of_the_arrival():
    clock = CaptureClock()
    assert [clock.at(a) for a in (5.0, 5.1, 5.35)] == pytest.approx([0, 0.1, 0.35])


def test_a_device_that_begins_anew_goes_on_where_the_time_is():
    clock = CaptureClock()
    clock.at(10.0, 500.0)
    assert clock.at(14.0, 0.0) == pytest.approx(4.0)
    assert clock.at(14.1, 0.1) == pytest.approx(4.1)


def test_times_always_increase():
    clock = CaptureClock()
    times = [clock.at(a, d) for a, d in ((1, 5.0), (1.01, 5.0), (1.02, 4.9), (1.03, 5.2))]
    assert all(b > a for a, b in pairwise(times))


# --- a film as a camera


def test_in_real_time_a_picture_comes_in_its_second(tmp_path):
    now = [50.0]
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    film = clips.make(tmp_path / "a.mp4", ticks=[0, 1, 3, 9])
    source = Played(film, clock=lambda: now[0], sleep=sleep)
    source.open()
    shots = list(iter(source.read, None))
    assert [s.t for s in shots] == pytest.approx([0, 1 / 30, 0.1, 0.3])
    assert [s.arrived - 50 for s in shots] == pytest.approx([0, 1 / 30, 0.1, 0.3])
    assert sum(slept) == pytest.approx(0.3)
    source.close()


def test_without_hurry_nobody_sleeps(tmp_path):
    film = clips.make(tmp_path / "a.mp4", ticks=range(4))
    source = Played(film, realtime=False, sleep=lambda s: pytest.fail("slept"))
    source.open()
    assert len(list(iter(source.read, None))) == 4
    assert not source.live
    source.close()


def test_what_is_no_film_is_refused(tmp_path):
    (tmp_path / "a.mp4").write_text("no film")
    with pytest.raises(InputError, match=r"a\.mp4"):
        Played(tmp_path / "a.mp4")


# --- a stream


@pytest.fixture
def address(tmp_path):
    clips.make(tmp_path / "a.ts", ticks=range(25), size=(64, 48))
    handler = partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def test_a_stream_gives_pictures_with_its_own_times_until_it_is_lost(address):
    stream = Stream(address + "a.ts")
    stream.open()
    shots = [stream.read()]
    with pytest.raises(LostError, match="has ended"):
        while True:
            shots.append(stream.read())
    stream.close()
    assert len(shots) >= 20
    assert shots[0].rgb.shape == (48, 64, 3)
    assert np.diff([s.t for s in shots]) == pytest.approx(1 / 30, abs=2e-3)


def test_a_stream_that_does_not_answer_says_what_to_look_at(address):
    stream = Stream(address.replace("http://", "http://me:secret@") + "nothing")
    with pytest.raises(MissingPartError, match="cannot be opened") as caught:
        stream.open()
    assert "secret" not in str(caught.value)
    assert "rtsp://" in str(caught.value)


# --- a camera


class Device:
    """OpenCV's VideoCapture by a script of BGR pictures; None: it fails."""

    def __init__(self, *pictures, opens=True, ms=()):
        self.pictures, self.opens, self.ms = list(pictures), opens, list(ms)
        self.asked, self.released = {}, False

    def set(self, what, value):
        self.asked[what] = value

    def isOpened(self):  # noqa: N802 - OpenCV's own
        return self.opens

    def grab(self):
        if not self.pictures:
            return False
        self.now = self.pictures.pop(0)
        return self.now is not None

    def retrieve(self):
        return self.now is not None, self.now

    def get(self, what):
        return self.ms.pop(0) if self.ms else 0.0

    def release(self):
        self.released = True


BLUE = np.zeros((2, 3, 3), np.uint8) + np.array([255, 0, 0], np.uint8)


def test_a_camera_gives_rgb_and_the_drivers_times():
    device = Device(BLUE, BLUE, BLUE, ms=[1000.0, 1050.0])
    now = iter([3.0, 3.07])
    camera = Webcam(0, clock=lambda: next(now), make=lambda index: device)
    camera.open()
    shots = [camera.read(), camera.read()]
    assert shots[0].rgb[0, 0].tolist() == [0, 0, 255]
    assert [s.t for s in shots] == pytest.approx([0, 0.05])
    assert [s.arrived for s in shots] == [3.0, 3.07]
    camera.close()
    assert device.released


def test_a_camera_whose_pictures_end_is_lost():
    device = Device(BLUE, None, BLUE, None)
    camera = Webcam(2, make=lambda index: device)
    camera.open()
    assert camera.read() is not None
    with pytest.raises(LostError, match="Camera 2 is lost"):
        camera.read()


@pytest.mark.parametrize("device", [Device(opens=False), Device()], ids=["shut", "silent"])
def test_a_camera_without_a_picture_is_let_go_of(device):
    camera = Webcam(0, make=lambda index: device)
    with pytest.raises(MissingPartError):
        camera.open()
    assert device.released


def test_which_camera_and_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(webcam, "DEVICES", tmp_path)
    monkeypatch.setattr(webcam.sys, "platform", "linux")
    assert "None is plugged in" in why_none(0)
    (tmp_path / "video0").touch()
    assert webcam.listed() == [0]
    assert "There are: 0; choose with --source" in why_none(3)
    assert "another program uses it" in why_none(0)
    monkeypatch.setattr(webcam.os, "access", lambda path, mode: False)
    assert "usermod -aG video" in why_none(0)
    monkeypatch.setattr(webcam.sys, "platform", "darwin")
    assert webcam.listed() is None
    assert "System Settings" in why_none(0)
