"""Conditions on how the athlete was followed (nordic-curl.md 9): the camera still, or its motion
taken out, the same body throughout, left and right kept apart."""

from __future__ import annotations

import numpy as np

from formcheck import filming
from formcheck.measures.measure import Gate
from formcheck.measures.noise import Z95
from formcheck.pose import Array
from formcheck.rep import Rep

AT_LEAST = 4
"""Samples from which a drift is told [O]."""


def camera_still(ok: float, warn: float, before_s: float, after_s: float) -> Gate:
    """G9: per cent of the picture's height by which the kneeling knee drifts in a second, in the
    `before_s` seconds before the rep and still in its first `after_s`: the lesser of both, each as
    far as it is more than what the point's own trembling makes of it. A point that settles on the
    body in a clip's first pictures, or slides as the body comes down, drifts in one of them only.
    After the camera's own motion was taken out where the background told it. Places hang on it,
    angles do not."""

    def figure(rep: Rep) -> float:
        place = np.stack([rep.raw("knee_u"), rep.raw("knee_v")], 1)
        seen = np.isfinite(place).all(axis=1)
        ends = ((rep.begins - before_s, rep.begins), (rep.begins, rep.begins + after_s))
        parts = [part for part in (rep.between(*e) & seen for e in ends) if part.sum() >= AT_LEAST]
        if not parts:
            return float("nan")
        drift = min(_drift(rep.t[part], place[part]) for part in parts)
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
        what="per cent of the picture's height by which the kneeling knee drifts in a second, the "
        f"lesser of the {before_s:g} s before the rep and of its first {after_s:g} s, beyond its "
        "trembling",
    )


def _drift(t: Array, place: Array) -> float:
    """How far a place (n, 2) drifts in a second of t (n,), beyond what its scatter about a straight
    line makes of it in 95 of 100."""
    since, off = (t - t.mean())[:, None], place - place.mean(axis=0)
    wide = max(float((since**2).sum()), 1e-9)
    slope = (since * off).sum(axis=0) / wide
    scatter = ((off - since * slope) ** 2).sum() / (len(t) - 2)
    return max(float(np.hypot(*slope) - Z95 * np.sqrt(scatter / wide)), 0.0)


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
        what="thigh lengths, the knee's longest way from one sight of it to the next",
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
        what="frames of the rep in which left and right were exchanged",
    )
