"""What an athlete is to do: the parameters of a repetition and of a set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Rep:
    """One repetition. Degrees, seconds; leans are of the thigh, + forward from upright."""

    pace: float = 11.0
    """Deg/s of the lowering while it is controlled."""
    breaks: float | Literal["never"] = 36.0
    """Thigh lean at which the braking gives way; never: controlled all the way down."""
    braking: float = 0.35
    """Share of the free fall's work that is braked after the break: 0 free fall, 1 quasi-static."""
    bottom: float = 79.0
    """Thigh lean at the bottom; no deeper than the chest on the floor."""
    floor_s: float = 0.3
    """How long it lies there."""
    reach: float = 0.78
    """Share of the arm's length at which the hands land: less is later."""
    share: float = 0.27
    """Of the work of coming up, done by the time the hands leave the floor."""
    curl_s: float = 1.7
    """From the hands' release to upright, at most."""
    hands_s: float = 0.4
    """How long the hands need from the floor back to where they are held: short, they are thrown
    off it; long, they ease off."""
    returns: bool = True
    """Whether it comes up again."""
    hip: float = 8.0
    """Hip flexion at the start and the end."""
    line: float = 4.0
    """What the hips flex further until the break."""
    low_hip: float = 6.0
    """Hip flexion at the bottom."""
    slide_m: float = 0.0
    """How far the knees slide forward while lowering."""
    lift: float = 0.0
    """How far the feet come up while lowering: tilt of the shank."""
    hold_s: float = 0.8
    """Upright rest after it."""


@dataclass(frozen=True)
class Set:
    """Several repetitions, and what comes before and after."""

    reps: tuple[Rep, ...]
    rest_s: float = 1.0
    """Still, tall on the knees, before the first rep."""
    after_s: float = 0.6
    """And after the last."""
    arrives: bool = False
    """Whether it begins sitting on the heels and comes up."""
    leaves: bool = False
    """Whether it ends by sitting back on the heels."""
    top: float = 2.0
    """Thigh lean at rest."""
    hands: str = "guard"
    """Where the hands are held: a name of arms.GUARDS."""
    feet: str = "flat"
    """A name of rig.FEET."""
    pad_m: float = 0.05
    """Thickness of the pad under knees and shanks."""
    seed: int = 0
    """Of what differs between reps and moments by nature."""
    vary: bool = True
    """Whether reps differ by nature."""


@dataclass(frozen=True)
class Built:
    """The body that does it, as far as the motion asks. Metres."""

    stature: float
    sex: str
    thigh: float
    trunk: float
    arm: float
    apart: float
    """Sideways from each shoulder to where its hand is planted."""
    knee_height: float
    tilt: float
    deepest: float = 90.0
    """Thigh lean at which the chest touches the floor, degrees."""
    shank: float = 0.42
