"""Says words aloud without ever being waited for: a thread here, the voice in a process of its own.

What cannot be said at once waits for a moment and is then dropped: a count that comes late is
worse than none. Where there is no voice or no sound, that is told once, and then there is silence.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from formcheck.live.speaker import DONE, READY, SILENT

COMMAND = (sys.executable, "-m", "formcheck.live.speaker")
STALE_S = 1.5
"""What has waited longer is not said any more."""
WAITING = 2
"""Sayings that wait at most: a newer one pushes out the oldest."""
LONGEST_S = 12.0
"""A voice that takes longer for one saying hangs."""
STARTS_S = 20.0
"""How long a voice may take to be ready; platforms load theirs from disk."""
ENDS_S = 2.0
"""How long `close` lets the last saying finish."""
TOLD = "No voice: {reason}. Cues are shown only; --no-sound asks for that."
HANGS = "the system's voice does not answer"


class Speaker:
    """A voice (`state.Voice`)."""

    def __init__(
        self,
        tell: Callable[[str], None],
        command: Sequence[str] = COMMAND,
        longest_s: float = LONGEST_S,
    ) -> None:
        """tell: is given one line, from another thread, if there is no voice. command: the process
        that speaks; longest_s: what it may take for a saying."""
        self._tell, self._command, self._longest_s = tell, command, longest_s
        self._waiting: deque[tuple[str, float]] = deque(maxlen=WAITING)
        self._wakes = threading.Condition()
        self._muted = self._ends = False
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
        self._thread.start()

    def say(self, text: str) -> None:
        """Say a text soon or not at all."""
        with self._wakes:
            if not self._muted and not self._ends:
                self._waiting.append((" ".join(text.split()), time.monotonic()))
                self._wakes.notify()

    def mute(self, muted: bool) -> None:
        """Be silent from now on, after the word that is being said, or no longer."""
        with self._wakes:
            self._muted = muted
            self._waiting.clear()

    def close(self) -> None:
        """Finish what is being said, for two seconds at most, and stop."""
        with self._wakes:
            self._ends = True
            self._wakes.notify()
        self._thread.join(ENDS_S)
        process = self._process
        if self._thread.is_alive() and process is not None:
            process.kill()  # and so the thread's wait for its answer ends
            self._thread.join(ENDS_S)

    def _run(self) -> None:
        """Start the voice and hand it one saying after another."""
        try:
            self._start()
            while (text := self._next()) is not None:
                self._speak(text)
        except _NoVoiceError as error:
            if not self._ends:
                self._tell(TOLD.format(reason=error))
        finally:
            with self._wakes:
                self._ends = True
            self._stop()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            bufsize=1,
        )
        answer = self._answer(STARTS_S)
        if answer != READY:
            raise _NoVoiceError(_reason(answer))

    def _next(self) -> str | None:
        """What to say next, once there is something fresh; None: it is over."""
        with self._wakes:
            while not self._ends:
                while self._waiting:
                    text, since = self._waiting.popleft()
                    if time.monotonic() - since <= STALE_S:
                        return text
                self._wakes.wait()
        return None

    def _speak(self, text: str) -> None:
        process = self._process
        if process is None or process.stdin is None:
            raise _NoVoiceError(HANGS)
        try:
            process.stdin.write(text + "\n")
        except OSError as error:
            raise _NoVoiceError(HANGS) from error
        if self._answer(self._longest_s) != DONE:
            raise _NoVoiceError(HANGS)

    def _answer(self, within_s: float) -> str:
        """The voice's next line; empty where it ended, or is ended here because it hangs."""
        process = self._process
        if process is None or process.stdout is None:
            return ""
        watch = threading.Timer(within_s, process.kill)
        watch.daemon = True
        watch.start()
        try:
            return process.stdout.readline().strip()
        finally:
            watch.cancel()

    def _stop(self) -> None:
        """End the process; it has nothing more to say."""
        if (process := self._process) is None:
            return
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.kill()
        process.wait()


def why_silent(command: Sequence[str] = COMMAND, within_s: float = STARTS_S) -> str:
    """Why nothing can be said aloud; empty: it can. Plays a moment of silence to find out."""
    try:
        done = subprocess.run(
            command, input="", capture_output=True, text=True, encoding="utf-8",
            timeout=within_s, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return HANGS
    answer = done.stdout.partition("\n")[0].strip()
    return "" if answer == READY else _reason(answer)


def _reason(answer: str) -> str:
    """Why there is no voice, by what its process answered instead of being ready."""
    return answer.removeprefix(SILENT).strip().rstrip(".") or HANGS


class _NoVoiceError(Exception):
    """Why nothing can be said."""
