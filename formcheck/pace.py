"""How many seconds of the clip are one of the world: from the user, from a tag, or left open.

What nobody says is left to the movement (measures/settled.py): a clip that plays at the camera's
rate is the rule, so its seconds are taken for the world's as long as the movement bears that out.
"""

from __future__ import annotations

from typing import NamedTuple

from formcheck.errors import UsageError
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


LEAST_SAID = 0.5
"""The least that a camera's rate may be of the rate at which the clip plays: films are sped up for
show, by twice at most while a movement is still to be followed; less is a slip of the pen [O]."""
APART = 1.1
"""Two rates that differ by more are not the same one, written in two ways [O]."""


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


def check_said(said: float | None, plays: float, tagged: float | None = None) -> None:
    """Refuse a camera's rate under half of what the clip plays, and one that speaks of a sped-up
    clip where its tag speaks of slow motion. plays: frames a second; NaN: not known. Raises
    UsageError."""
    slow = tagged is not None and tagged * LEAST_SAID > max(plays, said or 0.0)
    least = plays / APART if slow else LEAST_SAID * plays
    if said is not None and said < least:
        tag = f" and is tagged with {tagged:g}" if slow else ""
        raise UsageError(
            f"--capture-fps {said:g}: this clip plays {plays:.0f} frames a second{tag}, so it "
            f"would play {plays / said:.1f} times as fast as it was filmed. Expected at least "
            f"{least:.0f}. Give the rate that the camera took the clip at, or leave the option out."
        )


def contradicted(even: Timing, said: float | None, tagged: float | None) -> str | None:
    """What is to be told where the user and the film's tag differ; None where they do not."""
    if said is None or tagged is None or even.kind == "ramped":
        return None
    by_user, by_tag = pace(even, said, None).time_scale, pace(even, None, tagged)
    apart = max(by_user / by_tag.time_scale, by_tag.time_scale / by_user)
    if apart <= APART or by_tag.clock != "known":
        return None
    return (
        f"--capture-fps says {said:g} frames a second and the clip's own tag {tagged:g}: what was "
        "said is taken; leave it out to go by the tag"
    )


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
