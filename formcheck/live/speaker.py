"""The process that speaks: a line in, the platform's voice, "done" out.

    python -m formcheck.live.speaker

On its standard output stands first "ready", or "silent" and why; then "done" after each line that
was read from its standard input and said. It ends with its input. It is a process of its own
because some of the platforms' voices only speak on a main thread, and any may hang.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol, TextIO

READY, SILENT, DONE = "ready", "silent", "done"
LIBRARY = "the library pyttsx3 is missing: pip install 'formcheck[live]'"
NO_VOICE = "this machine has no voice ({error})"
ESPEAK = "the system's voice is missing: sudo apt-get install -y espeak-ng (Debian, Ubuntu) or sudo dnf install -y espeak-ng (Fedora)"  # noqa: E501
PLAYER = "the program aplay, which plays sound, is missing: sudo apt-get install -y alsa-utils (Debian, Ubuntu) or sudo dnf install -y alsa-utils (Fedora)"  # noqa: E501
NO_SOUND = "this machine plays no sound"
PLAYS_S = 5.0
"""How long a player may take for a moment of silence."""


def main() -> None:
    """Speak until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who started it decides when it ends
    answers = _answers()
    try:
        say = _voice()
    except Exception as error:  # whatever a driver raises; there is one thing to say of it
        print(SILENT, " ".join(str(error).split()), file=answers)
        return
    print(READY, file=answers)
    for line in sys.stdin:
        say(line.strip())
        print(DONE, file=answers)


def _answers() -> TextIO:
    """The standard output, kept for the answers alone: voices print there what nobody asked for."""
    sys.stdout.flush()
    mine = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return mine


def _voice() -> Callable[[str], None]:
    """What says a text and returns when it is said. Raises, with what to tell, where there is no
    voice or no sound."""
    try:
        import pyttsx3
    except ImportError as error:
        raise RuntimeError(LIBRARY) from error
    try:
        engine = pyttsx3.init()
    except Exception as error:  # each platform's driver raises what it likes
        linux = sys.platform == "linux"
        raise RuntimeError(ESPEAK if linux else NO_VOICE.format(error=error)) from error
    if sys.platform == "linux":
        _try_sound()
    elif chosen := english(engine.getProperty("voices"), engine.getProperty("voice")):
        engine.setProperty("voice", chosen)

    def say(text: str) -> None:
        engine.say(text)
        engine.runAndWait()

    return say


class _Speech(Protocol):
    """A voice of the platform, as the library lists it."""

    id: str
    languages: Sequence[object]


def english(voices: Iterable[_Speech], usual: str) -> str | None:
    """The voice to take: the first English one; None: the usual one is English, or none is."""
    ids = [v.id for v in voices if any(str(x).lower().startswith("en") for x in v.languages)]
    return None if usual in ids else next(iter(ids), None)


def _try_sound() -> None:
    """Play a moment of silence, as the voice's driver plays its words. Raises where that fails:
    the driver itself would not notice."""
    player = shutil.which("aplay")
    if player is None:
        raise RuntimeError(PLAYER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "silence.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(22050)
            file.writeframes(bytes(2205))
        play = [player, "-q", str(path)]
        try:
            done = subprocess.run(play, check=False, timeout=PLAYS_S, capture_output=True)
        except subprocess.TimeoutExpired as error:
            raise RuntimeError(NO_SOUND) from error
    if done.returncode:
        raise RuntimeError(NO_SOUND)


if __name__ == "__main__":
    main()
