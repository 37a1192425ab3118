"""A program for the tests of the window: shows a state and tells the commands and the sizes."""

import json
import sys
import time

import numpy as np

from formcheck.exercises import named
from formcheck.live.state import LiveState
from formcheck.live.window import Window

GREEN = (20, 160, 60)
"""Of the picture, so that a screenshot can be told."""


def main() -> None:
    seconds = float(sys.argv[1])
    frame = np.full((360, 640, 3), GREEN, np.uint8)
    state = LiveState(0.0, "running", count=7, phase="lowering", knee_deg=64, target_s=3)
    window, size, end = Window(named("nordic-curl").look), None, time.monotonic() + seconds
    while time.monotonic() < end:
        commands = window.show(frame, state)
        if commands:
            print(json.dumps({"commands": list(commands)}), flush=True)
        if "quit" in commands:
            break
        if window.size != size:
            size = window.size
            print(json.dumps({"size": size}), flush=True)
        time.sleep(0.01)
    window.close()
    window.close()
    print(json.dumps({"again": list(window.show(frame, state))}), flush=True)


if __name__ == "__main__":
    main()
