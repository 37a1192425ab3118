"""The live screen in a window: OpenCV's own, which comes with MediaPipe and needs nothing more.

It can be resized and fill the screen. To be used from the main thread alone.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import cv2

from formcheck.errors import MissingPartError
from formcheck.live.screen import WHOLE, Screen
from formcheck.live.state import KEYS, Command, LiveState
from formcheck.look import Look
from formcheck.overlay.paint import Picture

TITLE = "formcheck live"
SIZE = (1280, 720)
"""Of the window when it opens, pixels."""
SMALLEST = (480, 270)
"""What is drawn at least; in a smaller window it is shown smaller."""
ESCAPE, F11 = 27, {0xFFC8, 0x7A0000}
"""Keys as HighGUI counts them: on X11, and on Windows."""
COMMANDS: dict[str, Command] = {
    " " if key == "space" else key: command for key, (command, _) in KEYS.items()
}
NO_SCREEN = (
    "There is no screen to open a window on ({why}). Start it from a desktop, or go without a "
    "window: --no-window."
)


class Window:
    """A face (`state.Face`)."""

    def __init__(self, look: Look, title: str = TITLE) -> None:
        """Opens it. Raises MissingPartError where there is no screen."""
        if sys.platform == "linux":
            _prepare_qt()
        self._screen, self._title, self._whole, self._open = Screen(look), title, False, True
        try:
            kind = cv2.WINDOW_NORMAL | cv2.WINDOW_GUI_NORMAL | cv2.WINDOW_FREERATIO
            cv2.namedWindow(title, kind)
            cv2.resizeWindow(title, *SIZE)
        except cv2.error as error:
            why = "this OpenCV has no windows: see `formcheck doctor`"
            raise MissingPartError(NO_SCREEN.format(why=why)) from error

    def show(self, frame: Picture, state: LiveState) -> Sequence[Command]:
        """Draw a state over a picture (H, W, 3) RGB, and give the commands of the keys that were
        pressed. A window that was closed stays closed and says "quit"."""
        if not self._still_open():
            return ("quit",)
        canvas = self._screen.draw(frame, state, self.size)
        cv2.imshow(self._title, cv2.cvtColor(canvas, cv2.COLOR_RGB2BGR))
        return self._pressed(cv2.waitKeyEx(1))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what can be drawn on, pixels; once closed, of the beginning."""
        if not self._still_open():
            return SIZE
        _, _, w, h = cv2.getWindowImageRect(self._title)
        return max(w, SMALLEST[0]), max(h, SMALLEST[1])

    def close(self) -> None:
        """Put it away."""
        if self._still_open():
            self._open = False
            cv2.destroyWindow(self._title)
            cv2.waitKey(1)  # it goes when events are handled

    def _still_open(self) -> bool:
        """Whether nobody closed it; once closed it stays so, though HighGUI would open another."""
        try:
            seen = self._open and cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) >= 1
        except cv2.error:  # what Qt says of its last window
            seen = False
        self._open = bool(seen)
        return self._open

    def _pressed(self, key: int) -> Sequence[Command]:
        """What a key asks for; full screen is the window's own affair."""
        letter = chr(key).lower() if 0 < key < 128 else ""
        if letter == WHOLE[0] or key in F11:
            self._fill(not self._whole)
        elif key == ESCAPE:
            self._fill(False)
        return (COMMANDS[letter],) if letter in COMMANDS else ()

    def _fill(self, whole: bool) -> None:
        """Fill the screen, or no longer."""
        if whole != self._whole:
            self._whole = whole
            state = cv2.WINDOW_FULLSCREEN if whole else cv2.WINDOW_NORMAL
            cv2.setWindowProperty(self._title, cv2.WND_PROP_FULLSCREEN, state)


def why_none() -> str:
    """Why no window can be opened here; empty: one can."""
    try:
        if sys.platform == "linux":
            _prepare_qt()
    except MissingPartError as error:
        return str(error)
    return ""


def _prepare_qt() -> None:
    """Make sure of a screen, for without one Qt ends the whole process; and of its fonts, for it
    would complain of the folder that the wheel of OpenCV lacks. Raises MissingPartError."""
    shown = os.environ.get("DISPLAY", "")
    if not shown or not _answers():
        why = f"DISPLAY={shown} does not answer" if shown else "DISPLAY is not set"
        raise MissingPartError(NO_SCREEN.format(why=why))
    os.environ["QT_QPA_PLATFORM"] = "xcb"  # the only one that the wheel has, on Wayland as well
    spec = find_spec("matplotlib")
    if spec is not None and spec.origin:
        os.environ["QT_QPA_FONTDIR"] = str(Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf")


def _answers() -> bool:
    """Whether an X server lets us in."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # then it cannot be asked; Qt has one of its own
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)
