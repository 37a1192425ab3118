"""The list of clips: what clips.toml may say, and the clips it says."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from studio.benches import Support
from studio.camera import Camera
from studio.curls import Curls
from studio.film import Picture
from studio.look import Look
from studio.plan import Set
from studio.scene import Anchor, Room

LIST = Path(__file__).with_name("clips.toml")


@dataclass(frozen=True)
class Other:
    """Somebody else in the picture."""

    who: Literal["partner", "onlooker", "walker"]
    look: str
    """A name among the people."""
    place: tuple[float, float] = (0.0, 0.0)
    """Forward of the athlete's knees and away from the camera, metres (not of a partner)."""
    heading: float = 0.0
    """Degrees to the left of the athlete's own."""
    begins: float = 0.0
    """When a walker sets out, seconds."""


@dataclass(frozen=True)
class Place:
    """Where it is filmed, and in what light."""

    room: Room = "gym"
    anchor: Anchor = "bar"
    """What holds the ankles."""
    support: Support = "none"
    """What a prone athlete lies on."""
    pole: bool = False
    """Whether a post stands before the athlete."""


@dataclass(frozen=True)
class Clip:
    """One clip."""

    name: str
    says: str
    """What it shows, in words."""
    athlete: str
    """A name among the people."""
    set: Set | None = None
    """Of Nordic curls."""
    curls: Curls | None = None
    """A set of prone leg curls."""
    move: str | None = None
    """A movement that is neither: a name of moves.MOVES."""
    mode: Literal["eccentric-concentric", "eccentric-only"] = "eccentric-concentric"
    """Whether the push back is on purpose."""
    camera: Camera = field(default_factory=Camera)
    place: Place = field(default_factory=Place)
    picture: Picture = field(default_factory=Picture)
    others: tuple[Other, ...] = ()
    faults: tuple[str, ...] = ()
    """What is truly wrong, as "check:rep" or "check" of the whole set; checked by a test."""
    easy: bool = True
    """Whether the pose model is meant to hold the athlete in at least 99 % of frames."""
    awaits: str | None = None
    """What a checker must be able to do before it can judge this clip; None: nothing special."""

    @property
    def exercise(self) -> str:
        """By the product's name; "none": it is none that is checked."""
        if self.set is not None:
            return "nordic-curl"
        return "none" if self.curls is None else "bench-leg-curl"


@dataclass(frozen=True)
class Catalogue:
    """Everybody, and every clip in the order of the list."""

    people: dict[str, Look]
    clips: tuple[Clip, ...]
    recordings: tuple[Clip, ...] = ()
    """Of several sets: they lie in a folder of their own, and are in no table of accuracy."""

    def named(self, name: str) -> Clip:
        """Raises KeyError."""
        return {clip.name: clip for clip in (*self.clips, *self.recordings)}[name]


def read(path: Path = LIST) -> Catalogue:
    """The catalogue. Raises ValueError naming what is wrong in the list."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    adapter = TypeAdapter(Catalogue)
    found = adapter.validate_python(raw)
    unknown = list(_unknown(raw, adapter.dump_python(found), ""))
    if unknown:
        raise ValueError(f"{path.name} says what nothing understands: {', '.join(unknown)}")
    for clip in (*found.clips, *found.recordings):
        _check(clip, found)
    return found


def _unknown(raw: object, known: object, at: str) -> Iterator[str]:
    """Keys of the list that no class has."""
    if isinstance(raw, dict) and isinstance(known, dict):
        yield from (f"{at}{key}" for key in raw if key not in known)
        for key in raw.keys() & known.keys():
            yield from _unknown(raw[key], known[key], f"{at}{key}.")
    elif isinstance(raw, list) and isinstance(known, list | tuple):
        for i, (mine, its) in enumerate(zip(raw, known, strict=True)):
            yield from _unknown(mine, its, f"{at}{i}.")


def _check(clip: Clip, catalogue: Catalogue) -> None:
    unknown = {clip.athlete, *(other.look for other in clip.others)} - set(catalogue.people)
    if unknown:
        raise ValueError(f"{clip.name}: nobody is called {sorted(unknown)}")
    if [clip.set, clip.curls, clip.move].count(None) != 2:
        raise ValueError(f"{clip.name}: either a set, curls or a move is needed")
