"""The Nordic hamstring curl from the front or from behind: the height of the shoulders over the
knees tells the reps, and no sagittal angle is told (docs/nordic-curl.md 0.5)."""

from __future__ import annotations

from dataclasses import replace

from formcheck import recognition
from formcheck.cycle import Cycle
from formcheck.exercise import Aspect
from formcheck.recognition import Criterion


def seen(cycle: Cycle) -> Aspect:
    """What a set looks like that goes round as `cycle` does from the side."""
    return Aspect(
        cycle=replace(
            cycle,
            signal="sinking",
            depth="sinking",
            leaves=20,
            counts=35,
            rests_within=5,
            shows_start=False,  # a height goes with the lean's cosine: the first 20 deg are 6 %
        ),
        recognised=(
            Criterion(
                recognition.at_start("sinking"),
                "The movement did not begin upright on the knees.",
                most=45,
            ),
            Criterion(
                recognition.rise("sinking"),
                "The shoulders did not come down near the floor.",
                least=55,  # sitting back on the heels is 47 [O]
            ),
            Criterion(
                recognition.falls("hip_height"),
                "The hips did not come down.",
                least=0.4,  # thigh lengths; a real set 0.7 to 0.95, a bow from the hips none [O]
            ),
            Criterion(
                recognition.steepness("ankle_height"),
                "The shins did not lie on the floor.",
                most=0.6,  # a real set 0.4, a standing shin 1 [O]
            ),
            Criterion(recognition.lasting, "It was over in {value:.1f} s.", least=0.8),
        ),
        still="Filmed from the front, the shoulders never came down over still knees as in a "
        "Nordic curl.",
    )
