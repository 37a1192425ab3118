"""The body's segments: masses, centres and inertias of de Leva 1996 (nordic-curl.md 6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from formcheck.setting import Sex


@dataclass(frozen=True)
class Segment:
    """One segment of a mean body; both ends are joint centres, or as the table says."""

    mass: float
    """Share of the body mass."""
    centre: float
    """Of the centre of mass from the upper end, share of the segment's length."""
    gyration: float
    """Radius of gyration about the transverse axis, share of the segment's length."""
    length_mm: float
    """Of a body of the stature `STATURE_MM`."""


STATURE_MM: Mapping[Sex, float] = {"male": 1741.0, "female": 1735.0}
NECK_MM: Mapping[Sex, float] = {"male": 87.8, "female": 116.9}
"""How far C7 lies above the middle of the shoulders."""
ARMS_UP = 0.70
"""Where the arms' mass is taken to lie, crossed or at the side: share of the trunk above the hip;
the table has no such posture [O]."""

MALE = {
    "head": Segment(0.0694, 0.5002, 0.315, 242.9),  # vertex to C7
    "trunk": Segment(0.4346, 0.4310, 0.358, 515.5),  # middle of the shoulders to that of the hips
    "upper arm": Segment(0.0271, 0.5772, 0.269, 281.7),
    "forearm": Segment(0.0162, 0.4574, 0.265, 268.9),
    "hand": Segment(0.0061, 0.7900, 0.513, 86.2),
    "thigh": Segment(0.1416, 0.4095, 0.329, 422.2),
    "shank": Segment(0.0433, 0.4395, 0.246, 434.0),  # knee to ankle
    "foot": Segment(0.0137, 0.4415, 0.245, 258.1),
}
FEMALE = {
    "head": Segment(0.0668, 0.4841, 0.295, 243.7),
    "trunk": Segment(0.4257, 0.3782, 0.361, 497.9),
    "upper arm": Segment(0.0255, 0.5754, 0.260, 275.1),
    "forearm": Segment(0.0138, 0.4559, 0.257, 264.3),
    "hand": Segment(0.0056, 0.7474, 0.454, 78.0),
    "thigh": Segment(0.1478, 0.3612, 0.364, 368.5),  # short by his estimate of the hip's centre
    "shank": Segment(0.0481, 0.4352, 0.263, 432.3),
    "foot": Segment(0.0129, 0.4014, 0.279, 228.3),
}
DE_LEVA: Mapping[Sex, Mapping[str, Segment]] = {"male": MALE, "female": FEMALE}


BODIES_SD = 0.05
"""How much people's thighs differ from the mean body's, share of their length [O]."""


def thigh_of_stature() -> tuple[float, float]:
    """How long a thigh is, share of the stature, and the standard deviation of that: of the mean of
    both sexes, whose hip centres differ more by the estimate than by the bodies (de Leva 1996)."""
    of = [body["thigh"].length_mm / STATURE_MM[sex] for sex, body in DE_LEVA.items()]
    share = sum(of) / len(of)
    return share, ((max(of) - share) ** 2 + (BODIES_SD * share) ** 2) ** 0.5


@dataclass(frozen=True)
class AboveKnees:
    """What knees carry of a body leaning over them: thighs, and head, trunk and arms as one."""

    thighs_kg: float
    thigh_m: float
    """Length of the thigh."""
    thigh_centre_m: float
    """Of its centre of mass from the knee."""
    thighs_inertia: float
    """Of both, about their own centre, kg m2."""
    upper_kg: float
    """Head, trunk and arms."""
    upper_centre_m: float
    """Of their common centre of mass from the hip, along the trunk."""
    upper_inertia: float
    """About that centre, kg m2."""

    def inertia(self, hip_cos: float) -> float:
        """About the knee, kg m2, given the cosine of the hip flexion, which is held."""
        arms = self.thigh_m**2 + self.upper_centre_m**2
        arms += 2 * self.thigh_m * self.upper_centre_m * hip_cos
        own = self.thighs_kg * self.thigh_centre_m**2 + self.thighs_inertia + self.upper_inertia
        return own + self.upper_kg * arms


def above_knees(mass_kg: float, height_m: float, sex: Sex | None) -> AboveKnees:
    """The body above the knees of an athlete of that mass and stature; sex None: the mean of both.

    Source: de Leva 1996, nordic-curl.md 6.1 and 6.2.
    """
    if sex is not None:
        return _of_sex(mass_kg, height_m, sex)
    both = [_of_sex(mass_kg, height_m, one) for one in DE_LEVA]
    names = [field.name for field in fields(AboveKnees)]
    return AboveKnees(**{n: sum(getattr(b, n) for b in both) / len(both) for n in names})


def _of_sex(mass_kg: float, height_m: float, sex: Sex) -> AboveKnees:
    metre = height_m / STATURE_MM[sex]
    thigh = DE_LEVA[sex]["thigh"]
    length = thigh.length_mm * metre
    thighs = 2 * thigh.mass * mass_kg
    share, centre, inertia = _upper(sex)
    return AboveKnees(
        thighs_kg=thighs,
        thigh_m=length,
        thigh_centre_m=(1 - thigh.centre) * length,
        thighs_inertia=thighs * (thigh.gyration * length) ** 2,
        upper_kg=share * mass_kg,
        upper_centre_m=centre * metre,
        upper_inertia=inertia * mass_kg * metre**2,
    )


def _upper(sex: Sex) -> tuple[float, float, float]:
    """Head, trunk and arms of the mean body: share of the mass, centre above the hip in mm, and
    inertia about it in mm2 for a body mass of 1."""
    body = DE_LEVA[sex]
    head, trunk = body["head"], body["trunk"]
    arms = 2 * sum(body[name].mass for name in ("upper arm", "forearm", "hand"))
    neck = trunk.length_mm + NECK_MM[sex]
    parts = (  # mass, height of its centre, own radius of gyration
        (head.mass, neck + (1 - head.centre) * head.length_mm, head.gyration * head.length_mm),
        (trunk.mass, (1 - trunk.centre) * trunk.length_mm, trunk.gyration * trunk.length_mm),
        (arms, ARMS_UP * trunk.length_mm, 0.0),
    )
    mass = sum(m for m, _, _ in parts)
    centre = sum(m * up for m, up, _ in parts) / mass
    return mass, centre, sum(m * (own**2 + (up - centre) ** 2) for m, up, own in parts)
