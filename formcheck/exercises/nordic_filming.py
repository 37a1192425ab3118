"""How to film a Nordic curl, beside what holds for every exercise."""

from __future__ import annotations

from formcheck.filming import Tip
from formcheck.measures.arms import STRAIGHT
from formcheck.measures.ground import HOLD_FEET

FILM = (
    "from the side, the phone still and at hip height, 3 to 5 m away, the whole body and the floor "
    "in front of it in the picture."
)
ROOM = Tip(
    "Room to fall",
    "Leave room in the picture in front of the athlete, where the hands land.",
)
ANCHOR = Tip(
    "The anchor",
    "Best put the feet under a bar, a bench or a loaded barbell; it may hide the ankles, nothing "
    "else. A partner who holds the ankles kneels behind.",
)
FLAT = Tip(
    "Shins level",
    "Kneel with level shins: a slope moves the break point, and results compare only on one slope.",
)
ARM = Tip(
    "The near arm", "Let the near arm be seen while it pushes: nothing between it and the phone."
)
HIPS_SEEN = Tip(
    "Hands off the hips",
    "Hold the hands ready before the chest on the way down, not at or across the hips.",
)
IN_LINE = Tip("Hips in line", STRAIGHT)
FIRM = Tip("Feet held down", HOLD_FEET)

TIPS = (ROOM, ANCHOR, FIRM, FLAT, ARM, HIPS_SEEN, IN_LINE)
