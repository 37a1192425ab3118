"""What the pages of exercises remind the athlete of, because no camera at the side sees it.

Seeds A and B are the descriptions that the exercises were made from.
"""

from __future__ import annotations

# seed A

ANCHOR = "Make sure that what holds your heels is secure before the first rep."
MAT = "Put a mat or a pad under your knees."
ELBOWS = "Keep the elbows slightly tucked in while you push off the floor."

BREATHE_FALLING = "Breathe in on the way down and out on the way up; do not hold your breath."

# seed B

BREATHE_CURLING = "Breathe out while you curl and in while you lower; do not hold your breath."
SUPPORT = "Make sure that the bench stands firm, and hold on to it."
KNEES = "Keep the knees in line with the toes; do not let them cave in."
WARM_UP = "Warm up first: 5 to 10 minutes of light movement, then dynamic stretches."
MOBILITY = "Stay within the range that your joints allow today."
LOAD = "Master an easier version before a harder one; never trade form for load."
RECOVER = "Leave 48 to 72 hours between hard sessions of the same muscles."
