"""How fast the body comes down (nordic-curl.md 2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from formcheck import filming
from formcheck.cycle import Cycle, bottom, first_motions
from formcheck.filtering import low_pass
from formcheck.measures.measure import Gate, Value, once
from formcheck.measures.noise import (
    ANGLE_SD,
    Z95,
    as_drawn,
    flexion_change_sd,
    half_width,
    rest_sd,
    slow_noise,
)
from formcheck.pose import Array, Flags
from formcheck.rep import Rep, value_at
from formcheck.smoothing import FEWEST_FRAMES, SMOOTHING_S, local_quadratic

CATCH_SD_S = 0.02
"""Hand contact against rendered truth, seconds (nordic-curl.md 4)."""
PEAK_SD = 0.14
"""Share of the peak velocity: how far the model's points mislead it in the fastest tenths of a
second (two reps filmed six ways against truth: -3 to +30 %, root mean square 14 %; without the
model's own filter, five ways, -6 to +24 %)."""
UNSETTLED = 2.0
"""deg/s by which a velocity at 3 Hz, no longer the newest, may still fall as later frames come: of
229 drawn falls told early none lasted less long in the closed rep; at 0, 4 of 242 did [O]."""
NOT_SHOWN = "Filmed from the front, the first degrees of a lowering do not show."
NO_START = "The athlete was not seen holding still before the lowering."
STILL = f"{filming.HOLD.words} {filming.EARLY.words}"
HANDS_UNSEEN = "The hands were not seen; the lowering is taken to end where the body falls fastest."


Ends = Callable[[Rep], tuple[float, float]]
"""Half-widths of the 95 % intervals of the first motion and of the end of the lowering, seconds."""


def lowering_ends(hands: Gate) -> Ends:
    """How surely both ends of the lowering are known: from noise drawn through the rules of start
    and bottom, and by how right a catch is.

    hands: the gate that tells whether they can be seen; where not, the body may have come down to
    the bottom without them.
    """

    def of(rep: Rep) -> tuple[float, float]:
        end = CATCH_SD_S if np.isfinite(rep.mark("catch")) else _bottom_error(rep.cycle, rep)
        guessed = rep.bottom - rep.lowered if _guessed(hands, rep) else 0.0
        return half_width(*start_sds(rep)), float(np.hypot(half_width(end), guessed))

    return of


def _guessed(hands: Gate, rep: Rep) -> bool:
    """Whether the catch is no more than the fastest instant, the hands being out of sight."""
    return bool(np.isfinite(rep.mark("catch"))) and hands.judge(rep).status == "refused"


def eccentric_duration(hands: Gate, ends: Ends) -> Callable[[Rep], Value]:
    """Seconds from the first motion to the catch, or to the bottom where no hands landed.

    hands: the gate that tells whether they can be seen. ends: the intervals of both ends.
    """

    def of(rep: Rep) -> Value:
        if not rep.cycle.shows_start:
            return Value(np.nan, reason=NOT_SHOWN, what_to_change=filming.SIDE.words)
        if not np.isfinite(rep.start):
            return Value(np.nan, reason=NO_START, what_to_change=STILL)
        return Value(
            rep.lowered - rep.start,
            float(np.hypot(np.hypot(*ends(rep)), half_width(rep.setting.frame_s / 2))),
            at=_shown_at(rep),
            until=rep.lowered,
            doubt=HANDS_UNSEEN if _guessed(hands, rep) else None,
        )

    return of


@once
def start_sds(rep: Rep) -> tuple[float, float]:
    """Seconds, standard deviations: how far noise moves the first motion, and by how much it may
    have been noticed late."""
    return _start_error(rep.cycle, rep), _late(rep.cycle, rep)


def _shown_at(rep: Rep) -> float:
    """Seconds; a lowering that is too fast is seen where it breaks, else at its end."""
    broke = rep.mark("break")
    return broke if np.isfinite(broke) else rep.lowered


def _drawn(rep: Rep, signal: str, upto: Flags) -> Array:
    """(n, K) smoothed signals as they might have been, of the samples `upto`."""
    t = rep.t[upto]
    noisy = rep.raw(signal)[upto][:, None] + slow_noise(t)
    return local_quadratic(t, noisy, max(SMOOTHING_S, FEWEST_FRAMES * rep.setting.frame_s))[0]


def _start_error(cycle: Cycle, rep: Rep) -> float:
    """Seconds, root mean square: how far noise moves the first motion."""
    signal = rep[cycle.signal]
    base = rep.at(cycle.signal, rep.begins)
    left = (rep.t > rep.begins) & (signal >= base + cycle.leaves)
    upto = rep.t <= (rep.t[left][0] if left.any() else rep.bottom)
    rest = rep.setting.rest.get(cycle.signal)
    tall = rest.true_deg if rest is not None else np.nan
    draws = _drawn(rep, cycle.signal, upto)
    draws = draws[:, np.isfinite(draws).any(axis=0)]
    found = first_motions(cycle, rep.t[upto], draws, tall, rep.setting.frame_s)
    places = [place for place, _ in found]
    return float(np.sqrt(np.mean((rep.t[upto][places] - rep.begins) ** 2))) if places else np.nan


def _late(cycle: Cycle, rep: Rep) -> float:
    """Seconds by which the start may have been noticed late: in a slow lowering noise can hold the
    rate under its limit for long, and the signal has risen from its rest meanwhile."""
    rest = rep.setting.rest.get(cycle.signal)
    base = rep.at(cycle.signal, rep.begins)
    left = (rep.t > rep.begins) & (rep[cycle.signal] >= base + cycle.leaves)
    if rest is None or not left.any():
        return 0.0
    speed = cycle.leaves / float(rep.t[left][0] - rep.begins)
    return max(base - rest.true_deg - ANGLE_SD, 0.0) / speed


def _bottom_error(cycle: Cycle, rep: Rep) -> float:
    """Seconds, root mean square: how far noise moves the bottom."""
    inside = rep.between(rep.begins, rep.until)
    draws = [d for d in _drawn(rep, cycle.depth, inside).T if np.isfinite(d).any()]
    found = rep.t[inside][[bottom(cycle, draw) for draw in draws]]
    return float(np.sqrt(np.mean((found - rep.bottom) ** 2)))


def mean_descent_velocity(flexion: str, duration: Callable[[Rep], Value]) -> Callable[[Rep], Value]:
    """The change of flexion over the eccentric duration, deg/s; positive is lowering."""

    def of(rep: Rep) -> Value:
        lasted = duration(rep)
        swept = rep.at(flexion, rep.begins) - rep.at(flexion, rep.lowered)
        speed = swept / lasted.value
        # Independent relative errors add in squares; the sweep's two ends each carry the noise.
        view = float(flexion_change_sd(rep.setting, rep.at(flexion, rep.lowered)))
        relative = np.hypot(
            half_width(ANGLE_SD, ANGLE_SD, view) / max(swept, 1.0),
            lasted.uncertainty / lasted.value,
        )
        return Value(
            speed,
            abs(speed) * float(relative),
            at=_shown_at(rep),
            until=rep.lowered,
            reason=lasted.reason,
            what_to_change=lasted.what_to_change,
            doubt=lasted.doubt,
        )

    return of


def peak_velocity(flexion: str, cutoff_hz: float, ends: Ends) -> Callable[[Rep], Value]:
    """The fastest opening of the joint until the hands land, or until the bottom where they do not,
    deg/s; zero-lag at `cutoff_hz`, from the raw signal. Descriptive: the cut-off takes a little off
    a sharp peak.

    ends: the intervals of start and end. A fall is fastest as the hands stop it: the peak is
    as unsure as it would change by if they landed so much earlier or later.
    """

    def of(rep: Rep) -> Value:
        speed = -as_drawn(rep, flexion, cutoff_hz)[1]
        seen = rep.descent & np.isfinite(speed[:, 0])
        if not seen.any():
            return Value(np.nan, reason="The knee was lost from sight while lowering.")
        late = float(np.nan_to_num(ends(rep)[1])) + half_width(rep.setting.frame_s / 2)
        until = [rep.lowered + by for by in (0.0, -late, late)]
        peaks, *otherwise = (_fastest(rep, speed, end) for end in until)
        drawn = float(np.sqrt(np.mean((peaks[1:] - peaks[0]) ** 2)))
        by_end = float(max(abs(other[0] - peaks[0]) for other in otherwise))
        spread = float(np.hypot(half_width(drawn, PEAK_SD * float(peaks[0])), by_end))
        at = rep.t[seen][int(np.argmax(speed[seen, 0]))]
        return Value(float(peaks[0]), spread, at=float(at))

    return of


def _fastest(rep: Rep, speed: Array, until: float) -> Array:
    """(K,) the greatest of speeds (n, K) from the start to an instant, straight between frames; of
    the first frame where the instant lies before it."""
    until = float(np.clip(until, rep.begins, rep.t[-1]))
    inside = rep.between(rep.begins, until)
    end = np.array([value_at(rep.t, column, until) for column in speed.T])
    return np.asarray(np.nanmax(np.vstack([speed[inside], end]), axis=0))


@dataclass(frozen=True)
class EarlyFall:
    """Seconds in the lowering with the knee opening faster than `faster` deg/s while its flexion
    is over `over` degrees; velocity zero-lag at `cutoff_hz`, from the raw signal. While the rep is
    open its newest frame, known from one side only, is not counted, nor is what falls faster by
    less than `UNSETTLED` only."""

    flexion: str
    over: float
    faster: float
    cutoff_hz: float

    def seconds(self, rep: Rep) -> float:
        """The value alone; NaN where the knee was lost from sight."""
        return float(self._time_over(rep, rep.raw(self.flexion)[:, None])[0][0])

    def of(self, rep: Rep) -> Value:
        """With its interval: slow noise drawn through the rule, and the rest."""
        raw = rep.raw(self.flexion)[:, None]
        off = self._rest_sd(rep)
        versions = np.hstack([raw, raw + slow_noise(rep.t), raw - off, raw + off])
        seconds, falling = self._time_over(rep, versions)
        if not np.isfinite(seconds[0]):
            return Value(np.nan, reason="The knee was lost from sight while lowering.")
        within = half_width(float(np.std(seconds[1:-2])), rep.setting.frame_s / 2)
        by_rest = float(abs(seconds[-1] - seconds[-2])) / 2
        first = rep.t[falling[:, 0]]
        return Value(
            seconds[0],
            float(np.hypot(within, Z95 * by_rest)),
            within,
            at=float(first[0]) if len(first) else rep.begins,
            until=float(first[-1]) if len(first) else rep.lowered,
        )

    def _rest_sd(self, rep: Rep) -> float:
        """Degrees by which the flexion may be off in all of the rep."""
        return float(np.hypot(rest_sd(rep.setting), flexion_change_sd(rep.setting, self.over)))

    def _time_over(self, rep: Rep, raw: Array) -> tuple[Array, Flags]:
        """(K,) seconds and (n, K) where, of K versions of the raw signal (n, K)."""
        angle, rate = low_pass(rep.t, raw, self.cutoff_hz)
        faster = self.faster + UNSETTLED * rep.open
        falling = (-rate > faster) & (angle > self.over) & rep.descent[:, None]
        falling[-1:] &= not rep.open
        seconds = (falling * np.gradient(rep.t)[:, None]).sum(axis=0)
        unseen = not np.isfinite(rate[rep.descent]).any()
        return np.where(unseen, np.nan, seconds), falling
