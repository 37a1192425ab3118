"""Conditions on how the athlete was followed (nordic-curl.md 9): the camera still, or its motion
taken out, the same body throughout, left and right kept apart."""

from __future__ import annotations

import numpy as np

from formcheck import filming
from formcheck.measures.measure import Gate
from formcheck.pose import Array
from formcheck.rep import Rep

AT_LEAST = 4
"""Samples from which a drift is told [O]."""


def camera_still(ok: float, warn: float, before_s: float) -> Gate:
    """G9: per cent of the picture's height by which the kneeling knee drifts in a second, in the
    `before_s` seconds before the rep; after the camera's own motion was taken out where the
    background told it. Places hang on it, angles do not."""

    def figure(rep: Rep) -> float:
        ready = rep.between(rep.begins - before_s, rep.begins)
        place = np.stack([rep["knee_u"], rep["knee_v"]], 1)
        seen = np.isfinite(place).all(axis=1)
        when = ready & seen if (ready & seen).sum() >= AT_LEAST else rep.descent & seen
        if when.sum() < AT_LEAST:
            return float("nan")
        drift = float(np.hypot(*_slope(rep.t[when], place[when])))
        return 100 * drift * rep.setting.thigh_px / rep.setting.size[1]

    return Gate(
        "G9",
        figure,
        ok,
        warn,
        reason="The picture still drifts by {value:.1f} % of its height a second before the rep; "
        "where the hands are can be read up to {warn:.1f} %.",
        advice=filming.STILL.words,
        doubt="The picture drifts by {value:.1f} % of its height a second before the rep.",
        least=False,
    )


def _slope(t: Array, values: Array) -> Array:
    """(k,) slopes of a straight line through values (n, k) at t (n,)."""
    from_mean = t - t.mean()
    result: Array = (
        from_mean @ (values - values.mean(axis=0)) / max(float(from_mean @ from_mean), 1e-9)
    )
    return result


def same_body(leap: float) -> Gate:
    """G10: the longest way, in thigh lengths, that the kneeling knee goes from one sight of it to
    the next: it stays, so a leap is another body's knee."""

    def figure(rep: Rep) -> float:
        place = np.stack([rep.raw("knee_u"), rep.raw("knee_v")], 1)
        inside = rep.between(rep.begins, rep.until) & np.isfinite(place).all(axis=1)
        steps = np.linalg.norm(np.diff(place[inside], axis=0), axis=1)
        return float(steps.max()) if len(steps) else float("nan")

    return Gate(
        "G10",
        figure,
        leap,
        leap,
        reason="Another body was followed in a part of this rep.",
        advice=filming.ALONE.words,
        least=False,
    )


def sides_kept(warn: float) -> Gate:
    """G11: frames of the rep in which left and right were exchanged and were put right."""
    return Gate(
        "G11",
        lambda rep: float(rep.mended),
        0,
        warn,
        reason="Left and right could not be told apart in {value:.0f} frames of this rep.",
        advice=filming.FREE.words,
        doubt="Left and right were mixed up in {value:.0f} frames of this rep and were put right.",
        least=False,
    )
