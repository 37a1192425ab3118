"""A number that a measure tells for one moment, at every instant until then: a curve of a rep."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from formcheck.measures.noise import angle_half_widths
from formcheck.measures.torque import (
    SEGMENTS,
    TorqueRule,
    knee_torque,
    sexes_apart,
    sway,
    together,
)
from formcheck.pose import Array
from formcheck.segments import above_knees
from formcheck.setting import Setting

Along = Callable[[Setting, Mapping[str, Array], Mapping[str, Array]], tuple[Array, Array]]
"""From the signals (n,) and their rates a second: values (n,) and the half-widths of their 95 %
intervals, NaN where there is none."""


@dataclass(frozen=True)
class Course:
    """A curve that belongs to a measure: told in the reps in which the measure is, from the start
    of the rep to the moment of the measure."""

    measure: str
    unit: str
    """As it ends the names of columns: n_m."""
    of: Along

    @property
    def columns(self) -> tuple[str, str]:
        """What signals.csv calls its values and their half-widths."""
        return f"{self.measure}_{self.unit}", f"{self.measure}_uncertainty_{self.unit}"


def torque_course(rule: TorqueRule) -> Along:
    """N·m of both legs that hold the body still in the posture of each instant; NaN where mass or
    height were not given, a joint was not seen, or the body is as fast as `rule.still`.

    Its intervals are those of the measure (nordic-curl.md 6.5), of the streamed angles.
    """

    def of(
        setting: Setting, values: Mapping[str, Array], rates: Mapping[str, Array]
    ) -> tuple[Array, Array]:
        athlete, thigh, hip = setting.athlete, values[rule.thigh], values[rule.hip]
        if athlete.mass_kg is None or athlete.height_m is None:
            return np.full_like(thigh, np.nan), np.full_like(thigh, np.nan)
        body = above_knees(athlete.mass_kg, athlete.height_m, athlete.sex)
        still = np.abs(rates[rule.thigh]) < rule.still
        held = np.where(still, knee_torque(body, thigh, hip), np.nan)
        half = angle_half_widths(setting, values)
        shares = (
            sway(body, thigh, hip, tilt=half[rule.thigh]),
            sway(body, thigh, hip, fold=half[rule.hip]),
            SEGMENTS * held,
            sexes_apart(athlete, thigh, hip),
        )
        return held, together(*shares)

    return of
