"""What the loop tells whoever shows or says it: one frozen value a picture, and the cues.

The loop decides; a `Face` draws and takes keys, a `Voice` speaks, a `Coach` chooses the words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from formcheck.pose import Pose
from formcheck.session import Event
from formcheck.video.film import Picture

Stage = Literal["placing", "ready", "running", "resting", "over"]
"""placing: the athlete finds the place. ready: all is green, or good enough; the set begins with
the first rest or lowering. running: a set. resting: between two sets. over: nothing more comes."""
Status = Literal["green", "amber", "red"]
Command = Literal["toggle", "mark", "mute", "mirror", "quit"]
"""toggle: start or stop the set by hand."""

KEYS: dict[str, tuple[Command, str]] = {
    "space": ("toggle", "start or stop"),
    "m": ("mark", "mark this moment"),
    "s": ("mute", "sound"),
    "f": ("mirror", "mirror"),
    "q": ("quit", "quit"),
}
"""Key -> what it does, and how the screen says so. Full screen is the window's own affair."""


@dataclass(frozen=True)
class Light:
    """One condition of the placement."""

    name: str
    """whole body, room, side, distance, light or frame rate."""
    status: Status
    sentence: str
    """What is so, or what to do; it may be spoken."""


BAD: tuple[Status, ...] = ("red", "amber")
"""Worst first."""


def hindrance(lights: Sequence[Light]) -> str:
    """What hinders most, in a sentence; empty where all is green."""
    return next((x.sentence for s in BAD for x in lights if x.status == s), "")


@dataclass(frozen=True)
class BreakPoint:
    """The last rep's headline number."""

    rep: int
    label: str
    """What the exercise calls it: "Break point"."""
    value: float
    """In `unit`; NaN where it was refused or did not happen."""
    half_width: float
    """Of the 95 % interval; NaN where there is none."""
    unit: str
    words: str = ""
    """What became of it where that is no number: "controlled all the way, no break seen"."""


@dataclass(frozen=True)
class Cue:
    """One thing that was said."""

    at_s: float
    """When what it is about happened, seconds of the capture."""
    said_s: float
    """When it was said, on the same clock."""
    check: str
    """The check that it comes from; "count", "placement", "stop", "set" or "mark" where it is
    none."""
    text: str


@dataclass(frozen=True)
class LiveState:
    """All that a screen shows over one picture. Numbers that are not known are NaN."""

    t: float
    """Seconds of the capture, the picture's own."""
    stage: Stage
    lights: tuple[Light, ...] = ()
    """Of the placement, as last seen; in a fixed order, the most important first."""
    count: int = 0
    """Reps counted in this set, or in the last one while resting."""
    set_number: int = 1
    phase: str = ""
    """In words, as the exercise's look says it: "lowering"; empty outside of a set."""
    knee_deg: float = math.nan
    """Knee flexion, 0 = straight, degrees; smoothed, some 0.25 s old."""
    hip_deg: float = math.nan
    """Hip flexion, 0 = in line, degrees."""
    descent_s: float = math.nan
    """For how long the lowering under way has lasted, or the last one did, seconds."""
    target_s: float = math.nan
    """How long a lowering should last at least; NaN where the exercise does not say."""
    last_break: BreakPoint | None = None
    cue: str = ""
    """The one cue of now; empty: none."""
    rest_s: float = math.nan
    """For how long the rest between two sets has lasted, seconds."""
    dropped: int = 0
    """Pictures that came and were not looked at, so far."""
    pose: Pose | None = None
    """The body in this very picture, its pixels; None: nobody was seen."""
    side: Literal["left", "right"] | None = None
    """The near side, once known."""
    stressed: tuple[str, ...] = ()
    """The signals that the cue of now is about ("hip_flexion"), for the drawing."""
    notice: str = ""
    """What is wrong with the source right now: "The camera is lost; waiting for it."."""
    summary: tuple[str, ...] = ()
    """Of the set that has just ended, a line each; shown while resting or over."""
    muted: bool = False
    mirrored: bool = False
    keys: tuple[tuple[str, str], ...] = tuple((k, words) for k, (_, words) in KEYS.items())
    """Key and what it does."""


class Face(Protocol):
    """A screen. Called from the main thread alone."""

    def show(self, frame: Picture, state: LiveState) -> Sequence[Command]:
        """Draw the state over the picture (H, W, 3) RGB, not to be written to, and show it; gives
        the commands that were pressed since the last call. Closing the window is "quit"."""

    def close(self) -> None:
        """Put the window away."""


class Voice(Protocol):
    """A speaker. It never blocks: what cannot be said at once waits, or gives way to the newer."""

    def say(self, text: str) -> None:
        """Say a few words."""

    def mute(self, muted: bool) -> None:
        """Be silent from now on, or no longer."""

    def close(self) -> None:
        """Finish what is being said, for two seconds at most, and stop."""


class Coach(Protocol):
    """Chooses what is said: one thing at a time, never more than an athlete can use."""

    def placed(self, t: float, lights: Sequence[Light], stage: Stage) -> Sequence[Cue]:
        """What to say of the placement at t seconds; called for every picture outside of sets."""

    def heard(self, t: float, events: Sequence[Event]) -> Sequence[Cue]:
        """What to say of new events of the session at t seconds; called for every picture of a
        set, the events mostly empty. The count comes as a cue as well."""


class Blind:
    """No screen, as of --no-window."""

    def show(self, frame: Picture, state: LiveState) -> Sequence[Command]:
        """Nothing is shown, nothing pressed."""
        return ()

    def close(self) -> None:
        """Nothing to put away."""


class Silent:
    """No voice, as of --no-sound."""

    def say(self, text: str) -> None:
        """Nothing is heard."""

    def mute(self, muted: bool) -> None:
        """It is silent already."""

    def close(self) -> None:
        """Nothing to finish."""
