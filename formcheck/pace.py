"""How many seconds of the clip are one of the world: from the user, from a tag, or left open.

What nobody says is left to the movement (measures/settled.py): a clip that plays at the camera's
rate is the rule, so its seconds are taken for the world's as long as the movement bears that out.
"""

from __future__ import annotations

from typing import NamedTuple

from formcheck.setting import Clock, Setting
from formcheck.timing import Timing

WHOLE_WITHIN = {"constant": 0.02, "variable": 0.10}
"""Phones slow by whole numbers, and a rate is written as 30 for 29.97; how far a scale may be from
one to be taken for it. The rate of a variable clip is only known so well."""
LEAST_SLOW = 1.6
"""No phone slows by less than twice: a variable clip, or one that a tag speaks of, whose rates
differ by less has lost frames in dim light [O]."""
LEAST_PLAYED = 23.0
"""Frames a second under which no slow motion is played: what is tagged with more was filmed in dim
light [O]."""
FULL_RATE = 100.0
"""Frames a second from which an Apple film is at full rate: its exports are at 24 to 60."""


class Pace(NamedTuple):
    """What is known of the clip's time; fields of Setting."""

    time_scale: float
    clock: Clock


def pace(even: Timing, said: float | None, tagged: float | None, apple: bool = False) -> Pace:
    """The clip's pace. said, tagged: frames a second that the camera took, by the user and by the
    film's tags; None where unknown. The user outdoes the tag. apple: whether it is an Apple film.
    """
    if even.kind == "ramped":
        return Pace(1.0, "ramped")
    within = WHOLE_WITHIN[even.kind]
    if said is not None:
        ratio = said / even.fps
        lost = even.kind == "variable" and 1 / LEAST_SLOW < ratio < LEAST_SLOW
        return Pace(1.0 if lost else _scale(ratio, within), "known")
    if tagged is not None:
        scale = _scale(tagged / even.fps, within)
        dim = scale > 1 and (scale < LEAST_SLOW or even.fps < LEAST_PLAYED)
        return Pace(1.0, "assumed") if dim else Pace(scale, "known")
    return Pace(1.0, "known" if apple and even.fps >= FULL_RATE else "assumed")


def _scale(ratio: float, within: float) -> float:
    """A whole number, or one over one, where the ratio is near it."""
    whole = max(1.0, float(round(max(ratio, 1 / ratio))))
    near = whole if ratio >= 1 else 1 / whole
    return near if abs(ratio / near - 1) <= within else ratio


def kind(even: Timing, setting: Setting) -> str:
    """constant, variable, slow-motion or ramped: what the report calls the clip's time."""
    if setting.clock == "ramped":
        return "ramped"
    return "slow-motion" if setting.time_scale > 1 + WHOLE_WITHIN["variable"] else even.kind
