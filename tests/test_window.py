"""The window on a virtual screen: its keys, its size, its end; and what is told without one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from desktop import Program
from window_shown import GREEN

from formcheck.live.state import KEYS
from formcheck.live.window import SIZE

SCRIPT = Path(__file__).parent / "window_shown.py"


def commands(told):
    return [c for line in told for c in line.get("commands", [])]


def sizes(told):
    return [tuple(line["size"]) for line in told if "size" in line]


@pytest.fixture
def shown(desktop):
    """A window that is there and has the keyboard."""
    with Program(desktop, SCRIPT, "600") as program:
        program.until(sizes)
        program.window = desktop.do("search", "--sync", "--name", "^formcheck live$").split()[-1]
        desktop.do("windowfocus", "--sync", program.window)
        yield program


def green(desktop):
    """How many pixels of the screen show the picture."""
    return int((desktop.shot() == GREEN).all(axis=2).sum())


@pytest.mark.desktop
def test_every_key_on_the_screen_is_a_command(shown, desktop):
    for n, key in enumerate([k for k in KEYS if k != "q"], 1):
        desktop.do("key", key)
        shown.until(lambda told, n=n: len(commands(told)) == n)
    desktop.do("key", "x")
    desktop.do("key", "shift+m")
    shown.until(lambda told: len(commands(told)) == len(KEYS))
    desktop.do("key", "q")
    told = shown.until(lambda told: "again" in told[-1])
    assert commands(told) == [*(KEYS[k][0] for k in KEYS if k != "q"), "mark", "quit"]
    assert told[-1] == {"again": ["quit"]}
    assert shown.process.wait(60) == 0
    assert shown.complaints.read_text() == ""


@pytest.mark.desktop
def test_the_window_can_be_resized_and_fill_the_screen(shown, desktop):
    assert sizes(shown.told) == [SIZE]
    desktop.do("windowsize", "--sync", shown.window, 900, 600)
    shown.until(lambda told: sizes(told)[-1] == (900, 600))
    small = green(desktop)
    desktop.do("key", "w")
    shown.until(lambda told: sizes(told)[-1] == desktop.size)
    desktop.do("key", "Escape")
    shown.until(lambda told: sizes(told)[-1] == (900, 600))
    desktop.do("key", "F11")
    shown.until(lambda told: sizes(told)[-1] == desktop.size)
    w = desktop.size[0]
    whole = pytest.approx(round(0.7 * w) * round(0.7 * w * 9 / 16), rel=0.01)
    assert 0 < small < 0.5 * whole.expected
    shown.until(lambda told: green(desktop) == whole)  # once it is painted
    white = (desktop.shot()[:, round(0.7 * w) :] == 255).all(axis=2)
    assert 0.02 < np.mean(white) < 0.5  # the count and the angles
    assert commands(shown.told) == []


@pytest.mark.desktop
def test_closing_the_window_is_quitting(shown, desktop):
    desktop.do("key", "alt+F4")
    told = shown.until(lambda told: "again" in told[-1])
    assert commands(told) == ["quit"]
    assert shown.process.wait(60) == 0
    assert green(desktop) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
@pytest.mark.parametrize("display, why", [("", "is not set"), (":4711", "does not answer")])
def test_without_a_screen_it_is_told_and_the_process_lives(display, why):
    code = (
        "from formcheck.errors import MissingPartError\n"
        "from formcheck.exercises import named\nfrom formcheck.live.window import Window\n"
        "try:\n    Window(named('nordic-curl').look)\n"
        "except MissingPartError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "DISPLAY": display}, capture_output=True, text=True, timeout=300,
        check=True,
    )  # fmt: skip
    assert why in done.stdout and "--no-window" in done.stdout
    assert done.stderr == ""
