"""What the arms do from the bottom until the hands leave the floor (nordic-curl.md 4).

Nobody has measured this from a film before: it is our own design.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.filtering import low_pass
from formcheck.measures.arms import NO_HANDS_HALF_WIDTH, NO_RETURN, rising
from formcheck.measures.measure import Value
from formcheck.measures.noise import ANGLE_SD, Z95, half_width
from formcheck.pose import Array
from formcheck.rep import Rep, value_at

LEAN_SD = 1.2
"""Degrees; a constant error of the body's lean, of where the model has knee and shoulder."""
SPEED_SD, SPEED_SD_DEG_S = 0.06, 3.5
"""How right the speed of rising is: a share of it, and deg/s."""
ELBOW_HZ = 6.0
ELBOW_SD, ELBOW_SPEED_SD = 6.0, 0.18
"""How right the model's elbow is seen from the side: degrees, and a share of its speed."""
NO_PUSH = "The hands did not come to rest on the floor, so they did not push."
NO_ELBOW = "The elbow was not seen well enough while the hands pushed."


def release_lean(depth: str) -> Callable[[Rep], Value]:
    """Degrees of body lean as the hands leave the floor."""

    def of(rep: Rep) -> Value:
        at = rep.mark("release")
        if not np.isfinite(at):
            return _none(rep)
        (_, lean, _), speed = rising(depth, rep, at)
        within = max(half_width(ANGLE_SD, speed * rep.mark("release_sd")), _apart(depth, rep, lean))
        return Value(float(lean), float(np.hypot(within, Z95 * LEAN_SD)), within, at=at)

    return of


def push_angle_fraction(depth: str) -> Callable[[Rep], Value]:
    """Share of the lean's way back up that was done as the hands leave the floor."""

    def of(rep: Rep) -> Value:
        at = rep.mark("release")
        if not np.isfinite(rep.mark("catch")):
            return Value(0.0, NO_HANDS_HALF_WIDTH, at=rep.bottom)
        if not np.isfinite(at) or not np.isfinite(rep.end):
            return Value(np.nan, reason=NO_RETURN)
        (bottom, lean, end), speed = rising(depth, rep, at)
        way = bottom - end
        spread = half_width(ANGLE_SD, ANGLE_SD, speed * rep.mark("release_sd"))
        spread = max(spread, _apart(depth, rep, lean))
        return Value(float((bottom - lean) / way), spread / way, at=at, until=rep.end)

    return of


def release_velocity(depth: str) -> Callable[[Rep], Value]:
    """Deg/s by which the body rises as the hands leave the floor."""

    def of(rep: Rep) -> Value:
        at = rep.mark("release")
        if not np.isfinite(at):
            return _none(rep)
        speed = rising(depth, rep, at)[1]
        others = np.array([rising(depth, rep, t)[1] for t in _around(rep, at)])
        change = float(np.std([speed, *others[np.isfinite(others)]]))
        return Value(speed, half_width(SPEED_SD * speed, SPEED_SD_DEG_S, change), at=at)

    return of


def elbow_excursion_push(elbow: str) -> Callable[[Rep], Value]:
    """Degrees by which the elbow opened from the bottom until the hands leave the floor."""

    def of(rep: Rep) -> Value:
        at = rep.mark("release")
        if not np.isfinite(at):
            return _none(rep)
        angle, rate = low_pass(rep.t, rep.raw(elbow), ELBOW_HZ)
        first, last, speed = (value_at(rep.t, y, t) for y, t in (
            (angle, rep.bottom), (angle, at), (rate, at)))  # fmt: skip
        spread = half_width(ELBOW_SD, ELBOW_SD, speed * rep.mark("release_sd"))
        return Value(first - last, spread, at=rep.bottom, until=at, reason=NO_ELBOW)

    return of


def elbow_ext_velocity_in_push(elbow: str) -> Callable[[Rep], Value]:
    """Deg/s, the fastest that the elbow opened from the bottom until the hands leave the floor."""

    def of(rep: Rep) -> Value:
        at = rep.mark("release")
        if not np.isfinite(at):
            return _none(rep)
        opening = -low_pass(rep.t, rep.raw(elbow), ELBOW_HZ)[1]
        pushing = rep.between(rep.bottom, at) & np.isfinite(opening)
        if not pushing.any():
            return Value(np.nan, reason=NO_ELBOW)
        fastest = int(np.argmax(np.where(pushing, opening, -np.inf)))
        speed = float(opening[fastest])
        return Value(speed, Z95 * ELBOW_SPEED_SD * abs(speed), at=float(rep.t[fastest]))

    return of


def _none(rep: Rep) -> Value:
    """No push, or none that was seen to end."""
    return Value(np.nan, reason=NO_RETURN if np.isfinite(rep.mark("catch")) else NO_PUSH)


def _around(rep: Rep, at: float) -> Array:
    """(2,) seconds, a standard deviation of the release before and after it."""
    return at + np.array([-1, 1]) * rep.mark("release_sd")


def _apart(depth: str, rep: Rep, lean: float) -> float:
    """Degrees between the lean at the release and at the other instant that it may have been."""
    return abs(float(np.nan_to_num(rep.at(depth, rep.mark("release_otherwise")) - lean)))
