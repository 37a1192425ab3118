"""The angles of a body filmed from the side, referenced to its rest (docs/nordic-curl.md 0.3), and
the heights that are left of them from the front (0.5)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from formcheck.pose import Joint
from formcheck.setting import Setting
from formcheck.signals import (
    Bend,
    Combined,
    Dorsiflexion,
    Height,
    Hidden,
    Length,
    Place,
    Signal,
    Sinking,
    Slope,
    Tilt,
    Turn,
)


def signals(setting: Setting) -> Mapping[str, Signal]:
    """The signals, in the order of the columns of a sample: angles in degrees, places in thighs.

    Thigh and trunk lean, and knee flexion with them, are referenced to the rest (0.3b): NaN where
    the shank's rest is not known. From the front the heights alone are told, from elsewhere all
    but these.
    """
    thigh, shank = setting.rest.get("thigh_lean"), setting.rest.get("shank_pitch")
    offset = thigh.offset_deg if thigh else 0.0
    level = shank.true_deg if shank else np.nan
    angles: dict[str, Signal] = {
        "thigh_lean": Tilt(Joint.KNEE, Joint.HIP, offset),
        "trunk_lean": Tilt(Joint.HIP, Joint.SHOULDER, offset),
        "body_lean": Tilt(Joint.KNEE, Joint.SHOULDER),
        "knee_flexion": Combined({"thigh_lean": -1.0}, 90.0 - level),
        "hip_flexion": Combined({"trunk_lean": 1.0, "thigh_lean": -1.0}),
        "elbow_flexion": Bend(Joint.SHOULDER, Joint.ELBOW, Joint.WRIST),
        "ankle_dorsiflexion": Dorsiflexion(),
        "shank_pitch": Slope(Joint.ANKLE, Joint.KNEE),
        "neck_angle": Turn(Joint.HIP, Joint.SHOULDER, Joint.EAR),
    }
    lengths: dict[str, Signal] = {
        "thigh_length": Length(Joint.KNEE, Joint.HIP, setting.thigh_px),
        "trunk_length": Length(Joint.HIP, Joint.SHOULDER, setting.thigh_px),
    }
    heights: dict[str, Signal] = {
        "sinking": Sinking(setting.upright_px or np.nan),
        "hip_height": Height(Joint.HIP, setting.thigh_px),
        "ankle_height": Height(Joint.ANKLE, setting.thigh_px),
    }
    front = setting.from_front
    return {
        **{name: Hidden(one) if front else one for name, one in (angles | lengths).items()},
        **places(setting, Joint.KNEE, Joint.WRIST, Joint.SHOULDER),
        **places(setting, Joint.ANKLE, Joint.HEEL, Joint.FOOT_INDEX),
        **{name: one if front else Hidden(one) for name, one in heights.items()},
    }


def places(setting: Setting, *joints: Joint) -> Mapping[str, Signal]:
    """Where joints are in the picture, by name: knee_u, knee_v and so on, thigh lengths."""
    return {
        f"{joint.name.lower()}_{axis}": Place(joint, axis, setting.thigh_px)
        for joint in joints
        for axis in "uv"
    }


COLUMNS = {
    name: f"{name}_deg"
    for name in (
        "thigh_lean",
        "knee_flexion",
        "hip_flexion",
        "trunk_lean",
        "body_lean",
        "elbow_flexion",
        "ankle_dorsiflexion",
        "shank_pitch",
    )
}
"""The angles and their columns in signals.csv."""

WORDS = {
    "thigh_lean": "Inclination of knee to hip from upright, degrees, + forward; referenced to the "
    "rest.",
    "trunk_lean": "Inclination of hip to shoulder from upright, degrees, + forward; referenced to "
    "the thigh's rest.",
    "body_lean": "Inclination of knee to shoulder from upright, degrees, + forward.",
    "knee_flexion": "90° − thigh_lean − the shank's slope at rest: 0° is a straight knee.",
    "hip_flexion": "trunk_lean − thigh_lean: 0° is shoulder, hip and knee in line, + folded, "
    "− arched.",
    "elbow_flexion": "180° less the angle of shoulder, elbow and wrist: 0° is a straight arm.",
    "ankle_dorsiflexion": "90° less the angle of ankle to knee and heel to toes: 0° is a foot at a "
    "right angle, + pulled up, − pointed.",
    "shank_pitch": "Slope of ankle to knee over the level, degrees, + knee higher.",
    "neck_angle": "Inclination of shoulder to ear less that of hip to shoulder, both in the "
    "picture, degrees, + bent forward.",
    "ω": "Velocity at which the knee opens, + while lowering: −d(knee_flexion)/dt, deg/s.",
}
"""What each angle is, in a sentence."""
