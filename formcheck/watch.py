"""A live sitting on the terminal: with screen and voice as they are wanted, and what is told."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from formcheck.analysis import Options
from formcheck.exercise import Exercise
from formcheck.landmarker import heard
from formcheck.live.cues import Prompter
from formcheck.live.output import Counts, Kept
from formcheck.live.run import Live, sit
from formcheck.live.state import Blind, Face, Silent, Voice
from formcheck.runs import remember, remembered
from formcheck.terminal import Bars, note, summarise


@dataclass(frozen=True)
class Wanted:
    """What is asked of a sitting on the command line."""

    source: str
    out: Path
    options: Options
    window: bool = True
    sound: bool = True
    seconds: float | None = None
    realtime: bool = True


class Written:
    """A voice whose words stand in the terminal as well."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    def say(self, text: str) -> None:
        """Write and say it."""
        _tell(text)
        self._voice.say(text)

    def mute(self, muted: bool) -> None:
        """What is written stays."""
        self._voice.mute(muted)

    def close(self) -> None:
        """Let it finish."""
        self._voice.close()


def watch(wanted: Wanted) -> bool:
    """Watch, tell of every set; whether it was stopped by Ctrl-C. Raises what `sit` raises."""
    options = remembered(wanted.options)
    words: dict[Path, str] = {}

    def written(folder: Path) -> None:  # at once: drawing the videos takes as long as the sets did
        if options.athlete_name is not None:
            words[folder] = remember(folder, options.athlete_name)

    live = Live(
        wanted.source,
        wanted.out,
        options,
        coach=Prompter,
        face=_window if wanted.window else lambda exercise: Blind(),
        voice=lambda: Written(_speaker() if wanted.sound else Silent()),
        realtime=wanted.realtime,
        seconds=math.inf if wanted.seconds is None else wanted.seconds,
        written=written,
    )
    sets = 0
    with Bars() as bars:

        def told(kept: Kept) -> None:
            nonlocal sets
            sets += 1
            bars.close()
            done = kept.analysis
            summarise(done, kept.folder, video=done.filmed)
            if said := words.get(kept.folder):
                note(said)

        stopped = sit(live, bars.show, told, counts=_dropped)
    if not sets:
        note("No set began, so nothing was written.")
    return stopped


def _dropped(counts: Counts) -> None:
    """How many pictures were too many for this machine."""
    if counts.dropped:
        note(
            f"{counts.dropped} of {counts.came} pictures came faster than this machine could look "
            "at them, and were left out."
        )


def _window(exercise: Exercise) -> Face:
    from formcheck.live.window import Window

    return Window(exercise.look)


def _speaker() -> Voice:
    from formcheck.live.voice import Speaker

    return Speaker(_tell)


def _tell(text: str) -> None:
    """A line for people while pose models are being made in another thread."""
    with heard():
        note(text)
