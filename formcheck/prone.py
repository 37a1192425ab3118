"""The angles of a body that lies face down, filmed from the side, referenced to straight legs
(docs/nordic-curl.md 0.3, 10). It faces the way its head points; level, it leans forward by 90.
"""

from __future__ import annotations

from collections.abc import Mapping

from formcheck.pose import Joint
from formcheck.sagittal import COLUMNS, places
from formcheck.sagittal import WORDS as KNEELING_WORDS
from formcheck.setting import Setting
from formcheck.signals import (
    Bend,
    Combined,
    Dorsiflexion,
    Hidden,
    Length,
    Signal,
    Slope,
    Tilt,
)

__all__ = ["COLUMNS", "WORDS", "signals"]


def signals(setting: Setting) -> Mapping[str, Signal]:
    """The signals, in the order of the columns of a sample: angles in degrees, places in thighs.

    Knee flexion is signed, heels towards the glutes +, so that a knee that is straightened beyond
    straight is negative. From the head or the feet no angle is told, only places are.
    """
    thigh, knee = setting.rest.get("thigh_lean"), setting.rest.get("knee_flexion")
    offset = thigh.offset_deg if thigh else 0.0
    straight = (knee.offset_deg if knee else 0.0) + offset
    angles: dict[str, Signal] = {
        "thigh_lean": Tilt(Joint.KNEE, Joint.HIP, offset),
        "trunk_lean": Tilt(Joint.HIP, Joint.SHOULDER, offset),
        "body_lean": Tilt(Joint.KNEE, Joint.SHOULDER),
        "shank_pitch": Slope(Joint.ANKLE, Joint.KNEE),
        "knee_flexion": Combined({"thigh_lean": -1.0, "shank_pitch": -1.0}, 90.0 + straight),
        "hip_flexion": Combined({"trunk_lean": 1.0, "thigh_lean": -1.0}),
        "elbow_flexion": Bend(Joint.SHOULDER, Joint.ELBOW, Joint.WRIST),
        "ankle_dorsiflexion": Dorsiflexion(),
    }
    lengths: dict[str, Signal] = {
        "thigh_length": Length(Joint.KNEE, Joint.HIP, setting.thigh_px),
        "trunk_length": Length(Joint.HIP, Joint.SHOULDER, setting.thigh_px),
        "shank_length": Length(Joint.ANKLE, Joint.KNEE, setting.thigh_px),
    }
    told: Mapping[str, Signal] = angles | lengths
    if setting.from_front:
        told = {name: Hidden(one) for name, one in told.items()}
    return {
        **told,
        **places(setting, Joint.KNEE, Joint.HIP, Joint.ANKLE, Joint.WRIST, Joint.SHOULDER),
    }


WORDS = {
    **{name: said for name, said in KNEELING_WORDS.items() if name in COLUMNS},
    "knee_flexion": "90° − thigh_lean − shank_pitch, referenced to straight legs: 0° is a straight "
    "knee, + heels towards the glutes.",
}
"""What each angle is, in a sentence; a body that lies level leans forward by 90°."""
