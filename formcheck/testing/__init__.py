"""What an exercise must hold to, for pytest: docs/adding-an-exercise.md says how to use it.

    class TestMine(Conformance):
        exercise = EXERCISE
        demonstrate = staticmethod(demonstrate)

Everything here is made of pose tracks: no video, no pose model, seconds in all.
"""

from formcheck.testing.conformance import Conformance
from formcheck.testing.figure import Figure, course
from formcheck.testing.trial import Demonstration, Trial, judged
from formcheck.testing.ways import at_rate, hidden, mirrored, scaled, up_to, with_lost

__all__ = [
    "Conformance",
    "Demonstration",
    "Figure",
    "Trial",
    "at_rate",
    "course",
    "hidden",
    "judged",
    "mirrored",
    "scaled",
    "up_to",
    "with_lost",
]
