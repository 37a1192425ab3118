"""A virtual screen with a window manager, what it shows, and a program with a window on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

TOOLS = ("Xvfb", "xdotool", "openbox")
PATIENCE_S = 60.0


def lacking() -> list[str]:
    """The programs that are not on this machine; Debian's packages are called the same."""
    return [name for name in TOOLS if shutil.which(name) is None]


class Desktop:
    """A screen of its own, for as long as the `with` lasts."""

    def __init__(self, folder: Path, size=(1440, 900)) -> None:
        self.folder, self.size = folder, size
        self._running: list[subprocess.Popen] = []
        self.environment = dict(os.environ)

    def __enter__(self) -> Desktop:
        inner, outer = os.pipe()
        w, h = self.size
        screen = ["-screen", "0", f"{w}x{h}x24", "-fbdir", str(self.folder), "-nolisten", "tcp"]
        self._start(["Xvfb", "-displayfd", str(outer), *screen], pass_fds=[outer])
        os.close(outer)
        with os.fdopen(inner) as pipe:
            self.environment["DISPLAY"] = f":{pipe.readline().strip()}"
        self._start(["openbox", "--config-file", str(self._bare())])
        return self

    def __exit__(self, *_) -> None:
        for one in reversed(self._running):
            one.terminate()
            one.wait(60)

    def _bare(self) -> Path:
        """A window manager that takes no key but the one to close a window."""
        path = self.folder / "openbox.xml"
        path.write_text(
            '<openbox_config xmlns="http://openbox.org/3.4/rc"><keyboard><keybind key="A-F4">'
            '<action name="Close"/></keybind></keyboard></openbox_config>'
        )
        return path

    def _start(self, command, **options) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._running.append(subprocess.Popen(command, env=self.environment, **quiet, **options))

    def do(self, *words) -> str:
        """Let xdotool do something."""
        done = subprocess.run(
            ["xdotool", *map(str, words)],
            env=self.environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip
        return done.stdout.strip()

    def shot(self) -> np.ndarray:
        """(H, W, 3) RGB, what the screen shows: an X window dump, which the server keeps."""
        raw = (self.folder / "Xvfb_screen0").read_bytes()
        header, w, h, colours = (
            int.from_bytes(raw[4 * i : 4 * i + 4], "big") for i in (0, 4, 5, 19)
        )
        pixels = np.frombuffer(raw, np.uint8, w * h * 4, header + 12 * colours)
        return pixels.reshape(h, w, 4)[:, :, 2::-1].copy()


class Program:
    """A Python program of the tests that tells what it does, a JSON object a line."""

    def __init__(self, desktop: Desktop, script: Path, *words: str) -> None:
        self.desktop = desktop
        self.complaints = desktop.folder / f"{script.stem}.stderr"
        with self.complaints.open("w") as err:
            self.process = subprocess.Popen(
                [sys.executable, str(script), *words],
                env=desktop.environment, stdout=subprocess.PIPE, stderr=err, text=True, bufsize=1,
            )  # fmt: skip
        os.set_blocking(self.process.stdout.fileno(), False)
        self.told: list[dict] = []

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_) -> None:
        self.process.kill()
        self.process.wait(60)
        self.process.stdout.close()

    def until(self, true) -> list[dict]:
        """All that it told, once `true` of that; fails when that takes too long."""
        end = time.monotonic() + PATIENCE_S
        while not true(self.told):
            assert time.monotonic() < end, f"still waiting; told so far: {self.told}"
            for line in self.process.stdout:
                self.told.append(json.loads(line))
            time.sleep(0.02)
        return self.told
