"""How to film a set of any exercise: the words of the guide, of the report and of every refusal.

What one exercise needs besides, it declares (`Exercise.tips`). One text for all three, so that what
a report asks for is found in the guide. Numbers: 5 m and the side view as in Sconce 2015, 60 frames
a second as there and in Sports2D; the rest is own (docs/nordic-curl.md 9).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tip:
    """One thing to do when filming."""

    title: str
    words: str
    """What to do, in one or two sentences."""


SIDE = Tip("From the side", "Film exactly from the side, the lens at hip height.")
STILL = Tip(
    "Phone still",
    "Put the phone on a tripod or lean it against something, 3 to 5 m away; rather zoom than come "
    "close.",
)
WHOLE = Tip("Whole body", "Keep the whole body in the picture, in good light.")
CLOSE = Tip(
    "Large enough",
    "Let the athlete fill more of the picture: zoom in, or film in a higher resolution.",
)
FREE = Tip(
    "Nothing in front",
    "Keep the athlete's near side free of people and things, in good light.",
)
ALONE = Tip(
    "Alone in the picture",
    "Best alone; whoever helps stands behind the athlete, never in front. Where another was "
    "followed, point at the athlete with --follow X,Y@T.",
)
HOLD = Tip("Hold still", "Hold still for a second before each rep.")
EARLY = Tip(
    "Start early",
    "Start the recording a few seconds before the first rep and stop it a few seconds after the "
    "last.",
)
RATE = Tip("60 frames a second", "Film with 60 frames a second, and not in slow motion.")
PACE = Tip(
    "At normal speed",
    "Film and send the clip at normal speed throughout. If it plays in slow motion, say how many "
    "frames a second the camera took, for example --capture-fps 240; if it does not, give the "
    "clip's own rate, for example --capture-fps 30.",
)
ORIGINAL = Tip(
    "As it was filmed",
    "Give the clip as the camera took it, without an effect on its speed.",
)
CLOTHES = Tip("Tight clothes", "Wear tight clothes that stand out from the background.")

GUIDE = (SIDE, STILL, WHOLE, CLOSE, FREE, ALONE, HOLD, EARLY, RATE, PACE, ORIGINAL, CLOTHES)
"""What holds for every exercise, in the order in which a set is prepared."""
