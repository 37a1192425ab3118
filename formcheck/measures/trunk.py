"""The hips against the athlete's own start (nordic-curl.md 3).

The hip landmark is not the joint centre, so the absolute hip flexion is only good to 8 degrees;
its change from the start is good to 5, nearly all of it the same in every rep of a set.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from formcheck import filming
from formcheck.measures.measure import Value
from formcheck.measures.noise import (
    ANGLE_SD,
    HIP_CHANGE_SD,
    HIP_HALF_WIDTH,
    half_width,
    lean_change_sd,
)
from formcheck.measures.still import ready
from formcheck.measures.view_share import view_sds
from formcheck.pose import Array
from formcheck.rep import Rep

WITHIN_SD = 1.5
"""Degrees; the share of a change's error which differs between reps (nordic-curl.md 3)."""
NECK_HALF_WIDTH = 15.0
"""Degrees; ear and shoulder points are not the ends of the neck: upright rendered heads read 0 to
30 [O]."""
HARDLY = "The trunk came forward by {:.0f}° only: too little to tell which joint leads."
NOT_SEEN = "Shoulder or hip was lost from sight while lowering."
NOT_STILL = "The athlete did not hold still before the rep, so there is no start."


@dataclass(frozen=True)
class ReadyRule:
    """What holding still before a rep looks like."""

    looks_s: tuple[float, ...]
    """Stretches before the first motion that are tried, the longest first, seconds."""
    within: float
    """How much the hips may move in it, degrees."""


def ready_hips(hip: str, rule: ReadyRule) -> Callable[[Rep], float]:
    """Median hip flexion of the rep's own start, degrees; NaN where it did not hold still."""

    def of(rep: Rep) -> float:
        for stretch in rule.looks_s:
            before = rep[hip][rep.between(rep.begins - stretch, rep.begins)]
            seen = before[np.isfinite(before)]
            if len(seen) >= 2 and np.ptp(seen) <= rule.within:
                return float(np.median(seen))
        return float("nan")

    return of


def held_until(rep: Rep) -> float:
    """Seconds; the break, or the end of the lowering where nothing broke before it."""
    broke = rep.mark("break")
    return min(broke, rep.lowered) if np.isfinite(broke) else rep.lowered


@dataclass(frozen=True)
class Hips:
    """The hip measures of an exercise: its signal, and what its start looks like."""

    signal: str
    ready: ReadyRule
    thigh: str = "thigh_lean"

    def start(self, rep: Rep) -> float:
        """The rep's own start, else that of the set's first counted rep, degrees."""
        own = ready_hips(self.signal, self.ready)(rep)
        return own if np.isfinite(own) else rep.fixed.get("hip_start", float("nan"))

    def flexion_start(self, rep: Rep) -> Value:
        """Median hip flexion while holding still before the rep, degrees."""
        return Value(
            self.start(rep),
            HIP_HALF_WIDTH,
            half_width(WITHIN_SD),
            at=rep.begins,
            reason=NOT_STILL,
            what_to_change=filming.HOLD.words,
        )

    def flexion_max(self, rep: Rep) -> Value:
        """95th percentile of hip flexion while lowering, degrees."""
        change = self._change(rep, rep.lowered)
        if not len(change):
            return self._absent(rep)
        value = float(np.percentile(change, 95)) + self.start(rep)
        view = half_width(self._view_sd(rep))
        return Value(
            value,
            float(np.hypot(HIP_HALF_WIDTH, view)),
            float(np.hypot(half_width(WITHIN_SD), view)),
            at=rep.begins,
            until=rep.lowered,
        )

    def hip_break(self, rep: Rep) -> Value:
        """Greatest hip flexion while lowering less that at the start (piking), degrees."""
        most, at = self._most(rep)
        if not np.isfinite(most):
            return self._absent(rep)
        return self._changed(rep, most, at=at, until=rep.lowered)

    def greatest_change(self, rep: Rep) -> float:
        """The value of `hip_break` alone, degrees; NaN where it was not seen."""
        return self._most(rep)[0]

    def _most(self, rep: Rep) -> tuple[float, float]:
        """The greatest change of hip flexion while lowering, degrees, and when it was, seconds."""
        change = np.where(rep.descent, rep[self.signal] - self.start(rep), np.nan)
        if not np.isfinite(change).any():
            return np.nan, np.nan
        most = int(np.nanargmax(change))
        return float(change[most]), float(rep.t[most])

    def alignment(self, rep: Rep) -> Value:
        """Root mean square of the change of hip flexion from the start while lowering, degrees."""
        change = self._change(rep, rep.lowered)
        if not len(change):
            return self._absent(rep)
        value = float(np.sqrt(np.mean(change**2)))
        return self._changed(rep, value, at=rep.begins, until=rep.lowered)

    def extension_min(self, share: float, lasts_s: float, upto: float) -> Callable[[Rep], Value]:
        """The change of hip flexion that is undercut for `lasts_s`, and for at least `share` of
        the lowering until the break, degrees; negative is straighter than at the start.

        upto: degrees of the thigh's lean from which on the hip's point has slid so far on the body
        that a straight one seems to open; what lies beyond is not looked at.
        """

        def of(rep: Rep) -> Value:
            end = float(np.nanmin([held_until(rep), self._leans(rep, upto)]))
            change = self._change(rep, end)
            if not len(change):
                return self._absent(rep)
            part = max(share, lasts_s / max(end - rep.begins, lasts_s))
            value = float(np.quantile(change, min(part, 1.0)))
            return self._changed(rep, value, at=self._first_under(rep, value), until=end)

        return of

    def lead_joint(self, leads_from: float, hinging: float) -> Callable[[Rep], Value]:
        """How far the thigh came forward for each degree that the trunk did, until the break: 1
        leans as one piece, less hinges at the hips, more opens them. Refused of a trunk that came
        forward by less than `leads_from` degrees; an outcome, hinging, where it is surely under
        that limit."""

        def of(rep: Rep) -> Value:
            end = held_until(rep)
            thigh = rep.at(self.thigh, end) - ready(self.thigh, rep)
            hip = rep.at(self.signal, end) - self.start(rep)
            trunk = thigh + hip
            if not np.isfinite(trunk):
                return self._absent(rep)
            if trunk < leads_from:
                return Value(np.nan, reason=HARDLY.format(trunk))
            spread, within = (
                self._lead_width(rep, thigh, hip, sd) for sd in (HIP_CHANGE_SD, WITHIN_SD)
            )
            hinges = "hinging" if thigh / trunk + spread < hinging else None
            return Value(thigh / trunk, spread, within, at=end, outcome=hinges)

        return of

    def _lead_width(self, rep: Rep, thigh: float, hip: float, hip_sd: float) -> float:
        """Half-width of the 95 % interval of thigh / (thigh + hip), from their standard deviations
        to first order."""
        lean = np.hypot(
            ANGLE_SD, float(lean_change_sd(rep.setting, rep.at(self.thigh, held_until(rep))))
        )
        fold = np.hypot(hip_sd, self._view_sd(rep))
        return half_width(hip * lean / (thigh + hip) ** 2, thigh * fold / (thigh + hip) ** 2)

    def _leans(self, rep: Rep, by: float) -> float:
        """Seconds at which the thigh first leans by so many degrees in the lowering; NaN: never."""
        with np.errstate(invalid="ignore"):
            beyond = rep.descent & (rep[self.thigh] > by)
        return float(rep.t[beyond][0]) if beyond.any() else float("nan")

    def _change(self, rep: Rep, end: float) -> Array:
        """(k,) the seen changes of hip flexion from the start until `end`, degrees."""
        change = rep[self.signal][rep.between(rep.begins, end)] - self.start(rep)
        return change[np.isfinite(change)]

    def _changed(self, rep: Rep, value: float, at: float, until: float) -> Value:
        view = self._view_sd(rep)
        spread, within = half_width(HIP_CHANGE_SD, view), half_width(WITHIN_SD, view)
        return Value(value, spread, within, at=at, until=until)

    def _view_sd(self, rep: Rep) -> float:
        """Degrees; the most that the view does to the change of the hips while lowering."""
        thigh, hip = rep[self.thigh][rep.descent], rep[self.signal][rep.descent]
        seen = np.isfinite(thigh) & np.isfinite(hip)
        sds = view_sds(rep.setting, thigh[seen], hip[seen])["hip_flexion"]
        return float(sds.max()) if len(sds) else 0.0

    def _absent(self, rep: Rep) -> Value:
        if np.isfinite(self.start(rep)):
            return Value(np.nan, reason=NOT_SEEN)
        return Value(np.nan, reason=NOT_STILL, what_to_change=filming.HOLD.words)

    def _first_under(self, rep: Rep, level: float) -> float:
        under = rep.descent & (rep[self.signal] - self.start(rep) <= level + 1e-9)
        return float(rep.t[under][0]) if under.any() else rep.begins


def neck_angle(signal: str) -> Callable[[Rep], Value]:
    """Median turn of the head's line, shoulder to ear, from the trunk's while lowering, degrees, +
    bent forward. Descriptive: the points lie on a shoulder and an ear, not on a spine."""

    def of(rep: Rep) -> Value:
        seen = rep[signal][rep.descent]
        seen = seen[np.isfinite(seen)]
        if not len(seen):
            return Value(np.nan, reason="The ear was lost from sight while lowering.")
        return Value(
            float(np.median(seen)),
            NECK_HALF_WIDTH,
            half_width(ANGLE_SD),
            at=rep.begins,
            until=rep.lowered,
        )

    return of
