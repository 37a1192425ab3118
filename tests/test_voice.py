"""The voice: it never holds anybody up, says nothing late, and its absence is told once."""

from __future__ import annotations

import os
import shutil
import sys
import time
from importlib.util import find_spec
from types import SimpleNamespace

import numpy as np
import pytest

from formcheck.live import speaker
from formcheck.live import voice as voices
from formcheck.live.voice import HANGS, Speaker, why_silent

TALKS = """
import pathlib, sys, time
log = pathlib.Path({log!r})
print("ready", flush=True)
for line in sys.stdin:
    log.open("a").write(line)
    while not log.with_name("goes on").exists():
        time.sleep(0.01)
    time.sleep({takes})
    log.with_name("whole").open("a").write(line)
    print("done", flush=True)
"""


@pytest.fixture
def heard(tmp_path, monkeypatch):
    """What was said so far, by a voice that takes some seconds for each saying, or holds on to it
    until it `goes_on`. What waits grows old by `later` alone: a busy machine starts it slowly."""
    log, told, open_, now = tmp_path / "said", [], [], [0.0]
    goes_on = (tmp_path / "goes on").touch
    monkeypatch.setattr(voices, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def start(takes=0.0, script=None, holds=False, **options):
        if not holds:
            goes_on()
        code = script or TALKS.format(log=str(log), takes=takes)
        command = [sys.executable, "-c", code]
        open_.append(Speaker(told.append, command, **options))
        return open_[-1]

    def later(seconds):
        now[0] += seconds

    start.told, start.goes_on, start.later = told, goes_on, later
    start.said, start.whole = (
        lambda file=file: file.read_text().splitlines() if file.exists() else []
        for file in (log, log.with_name("whole"))
    )
    yield start
    for one in open_:
        one.close()


def until(true, seconds=60.0):
    """Wait for something; whether it came."""
    end = time.monotonic() + seconds
    while not (done := true()) and time.monotonic() < end:
        time.sleep(0.01)
    return done


def test_what_is_said_is_heard_in_its_order(heard):
    voice = heard()
    voice.say("one")
    assert until(lambda: heard.said() == ["one"])
    voice.say("slower")
    assert until(lambda: heard.said() == ["one", "slower"])
    assert heard.told == []


@pytest.mark.parametrize(
    "code, why",
    [("print('ready')", ""), ("print('silent no sound here.')", "no sound here"), ("", HANGS)],
)
def test_why_there_is_no_voice_is_asked_of_its_process(code, why):
    assert why_silent([sys.executable, "-c", code]) == why


def test_a_voice_that_never_answers_is_given_up():
    assert why_silent([sys.executable, "-c", "import time; time.sleep(60)"], 0.3) == HANGS


def test_saying_takes_no_time_however_long_it_is_spoken(heard):
    voice = heard(takes=60.0)
    begins = time.perf_counter()
    for _ in range(100):
        voice.say("a long sentence")
    assert time.perf_counter() - begins < 30.0  # a single one takes 60 s


def test_what_waited_too_long_is_dropped_and_the_newest_is_said(heard):
    voice = heard(holds=True)
    voice.say("first")
    assert until(lambda: heard.said() == ["first"])
    voice.say("stale")
    heard.later(voices.STALE_S)
    voice.say("fresh")
    heard.later(0.1)
    heard.goes_on()
    assert until(lambda: len(heard.said()) == 2)
    assert heard.said() == ["first", "fresh"]


def test_of_many_that_wait_the_newest_are_kept(heard):
    voice = heard(holds=True)
    voice.say("zero")
    assert until(lambda: heard.said() == ["zero"])
    for word in ("one", "two", "three"):
        voice.say(word)
    heard.goes_on()
    assert until(lambda: len(heard.said()) == 3)
    assert heard.said() == ["zero", "two", "three"]


def test_a_line_break_does_not_make_two_sayings(heard):
    voice = heard()
    voice.say("step\nback")
    assert until(lambda: heard.said() == ["step back"])


def test_muted_it_is_silent_and_says_nothing_of_that_time_later(heard):
    voice = heard()
    voice.mute(True)
    voice.say("unheard")
    voice.mute(False)
    voice.say("heard")
    assert until(lambda: heard.said() == ["heard"])


def test_closing_lets_the_last_word_be_said_and_ends_the_process(heard, monkeypatch):
    monkeypatch.setattr(voices, "ENDS_S", 60.0)
    voice = heard(takes=0.5)
    voice.say("last")
    assert until(lambda: heard.said() == ["last"])
    begins = time.perf_counter()
    voice.close()
    assert heard.whole() == ["last"] and time.perf_counter() - begins < 30.0
    voice.say("too late")
    assert not voice._thread.is_alive() and voice._process.poll() is not None


def test_closing_does_not_wait_for_a_voice_that_hangs(heard, monkeypatch):
    monkeypatch.setattr(voices, "ENDS_S", 0.2)
    voice = heard(takes=60.0)
    voice.say("endless")
    assert until(lambda: heard.said() == ["endless"])
    begins = time.perf_counter()
    voice.close()
    assert time.perf_counter() - begins < 30.0
    assert voice._process.poll() is not None


def test_no_voice_is_told_once_in_one_line_with_its_reason(heard):
    voice = heard(script="print('silent there is no loudspeaker')")
    assert until(lambda: heard.told)
    voice.say("one")
    voice.close()
    assert heard.told == [
        "No voice: there is no loudspeaker. Cues are shown only; --no-sound asks for that."
    ]


@pytest.mark.parametrize("script", ["raise SystemExit(3)", "print('ready')"], ids=["never", "ends"])
def test_a_voice_that_dies_is_told_of_and_does_no_harm(heard, script):
    voice = heard(script=script)
    voice.say("one")
    assert until(lambda: heard.told)
    voice.say("two")
    assert len(heard.told) == 1


def test_a_voice_that_hangs_is_given_up(heard):
    voice = heard(takes=60.0, longest_s=0.3)
    voice.say("one")
    assert until(lambda: heard.told)
    assert "does not answer" in heard.told[0] and len(heard.told) == 1


# --- the process that speaks


def speaks(tmp_path, *lines, **environment):
    """What the real process answers, in a process of its own."""
    import subprocess

    done = subprocess.run(
        [sys.executable, "-m", "formcheck.live.speaker"],
        input="".join(f"{line}\n" for line in lines),
        env={**os.environ, **environment},
        cwd=speaker.__file__.partition("formcheck/live")[0],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return done.stdout.splitlines()


def test_without_the_library_it_says_which_to_install(tmp_path):
    (tmp_path / "pyttsx3.py").write_text("raise ImportError('gone')")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    assert speaks(tmp_path, PYTHONPATH=path) == [f"silent {speaker.LIBRARY}"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for Linux's player")
@pytest.mark.parametrize("lacks, says", [("init", speaker.ESPEAK), ("aplay", speaker.PLAYER)])
def test_without_a_voice_or_a_player_it_says_which_to_install(tmp_path, lacks, says):
    code = "raise OSError('libespeak-ng.so.1')" if lacks == "init" else "pass"
    (tmp_path / "pyttsx3.py").write_text(f"def init():\n    {code}\n")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    assert speaks(tmp_path, PYTHONPATH=path, PATH=str(tmp_path)) == [f"silent {says}"]


def test_words_in_english_are_said_by_an_english_voice():
    def voice(name, *languages):
        return SimpleNamespace(id=name, languages=languages)

    german, british, american = voice("de", "de-DE"), voice("gb", "en-GB"), voice("us", "en_US")
    assert speaker.english([german, british, american], "de") == "gb"
    assert speaker.english([german, british, american], "us") is None
    assert speaker.english([german], "de") is None


@pytest.fixture
def loudspeaker(tmp_path):
    """The environment of a machine whose sound goes into a file; and the file."""
    lacking = [name for name in ("espeak-ng", "aplay") if shutil.which(name) is None]
    lacking += [] if find_spec("pyttsx3") else ["pyttsx3 (formcheck[live])"]
    if lacking or sys.platform != "linux":
        pytest.skip(f"no voice: install {', '.join(lacking) or 'Linux'}")
    into, config = tmp_path / "heard.raw", tmp_path / "asound.conf"
    config.write_text(
        f'pcm.!default {{ type file; slave.pcm nothing; file "{into}"; format raw }}\n'
        "pcm.nothing { type null }\n"
    )
    return {"ALSA_CONFIG_PATH": str(config)}, into


@pytest.mark.desktop
def test_the_platforms_voice_is_heard(loudspeaker, tmp_path):
    environment, into = loudspeaker
    assert speaks(tmp_path, "one", "slower", **environment) == ["ready", "done", "done"]
    sound = np.frombuffer(into.read_bytes(), np.int16)
    assert len(sound) > 0.3 * 22050 and np.abs(sound.astype(float)).max() > 3000


@pytest.mark.desktop
def test_a_machine_without_sound_is_noticed_though_its_driver_is_not(loudspeaker, tmp_path):
    nothing = tmp_path / "none.conf"
    nothing.write_text("")
    assert speaks(tmp_path, "one", ALSA_CONFIG_PATH=str(nothing)) == [f"silent {speaker.NO_SOUND}"]
