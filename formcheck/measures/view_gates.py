"""G4 and G5: whether the camera stood so that angles can be told (nordic-curl.md 9)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck import filming
from formcheck.measures.measure import Choice, Gate
from formcheck.measures.noise import Z95
from formcheck.measures.view_share import lean_view_sd
from formcheck.pose import Array
from formcheck.rep import Rep
from formcheck.setting import FRONT_FROM_DEG, Setting

NEARLY_DEG = 5.0
"""Off the side by less than this, nobody is told to go round the athlete [O]."""

Limits = tuple[float, float]
"""What passes, and what passes with a warning, degrees."""


Share = Callable[[Setting, Array], Array]
"""Standard deviations of the view's share in the change from rest of a signal's values (n,)."""


def view(
    signal: str,
    share: Limits,
    most_yaw: float,
    unrectified: Limits,
    view_sd: Share = lean_view_sd,
) -> Choice:
    """G4. Where the signals are rectified: the half-width of the view's share in the change of the
    signal while lowering, by `view_sd`, unless the camera stood further off than `most_yaw`; else
    the yaw."""

    def of(rep: Rep) -> Gate:
        if not rep.setting.rectified:
            return _off_side(rep, unrectified)
        far = abs(rep.setting.yaw_deg or 0.0) > most_yaw
        return _off_side(rep, (most_yaw, most_yaw)) if far else _unsure(rep, signal, share, view_sd)

    return Choice(of)


def level(limits: Limits) -> Choice:
    """G5: degrees that the camera looked up or down, where that is known. A roll is not: in one
    person's points it cannot be told from a body that leans."""

    def of(rep: Rep) -> Gate | None:
        camera = rep.setting.camera
        if camera is None or not rep.setting.rectified:
            return None
        way = "down" if camera.pitch_deg > 0 else "up"
        return Gate(
            "G5",
            lambda _: abs(camera.pitch_deg),
            *limits,
            reason=f"The camera looked {way} at the athlete by about {{value:.0f}}°.",
            advice=filming.SIDE.words,
            doubt=f"The camera looked {way} at the athlete by about {{value:.0f}}°; angles may be "
            "a few degrees off.",
            least=False,
        )

    return Choice(of)


def turn(yaw_deg: float) -> str:
    """How to stand better: "Turn the camera 20° so that it looks at the athlete's side."""
    if abs(yaw_deg) < NEARLY_DEG:
        return filming.SIDE.words
    if abs(yaw_deg) > FRONT_FROM_DEG:
        return f"Turn the camera by a right angle round the athlete. {filming.SIDE.words}"
    by = 5 * round(abs(yaw_deg) / 5)
    from_where = "front" if yaw_deg > 0 else "back"
    return (
        f"Turn the camera {by}° round the athlete, away from their {from_where}, so that it looks "
        f"at the athlete's side. {filming.SIDE.words}"
    )


def _off_side(rep: Rep, limits: Limits) -> Gate:
    yaw = rep.setting.yaw_deg
    reason = (
        "The camera stands about {value:.0f}° off the side view; angles can be read up to "
        "{warn:.0f}°."
    )
    if rep.setting.from_front:
        reason = "Filmed from the front or from behind, angles cannot be told."
    return Gate(
        "G4",
        lambda _: np.nan if yaw is None else abs(yaw),
        *limits,
        reason=reason,
        advice=turn(yaw or 0.0),
        doubt="The camera stands about {value:.0f}° off the side view; angles may be a few degrees "
        "off.",
        least=False,
    )


def _unsure(rep: Rep, signal: str, limits: Limits, view_sd: Share) -> Gate:
    def figure(rep: Rep) -> float:
        leans = rep[signal][rep.descent]
        seen = leans[np.isfinite(leans)]
        return Z95 * float(view_sd(rep.setting, seen).max()) if len(seen) else float("nan")

    return Gate(
        "G4",
        figure,
        *limits,
        reason="From where the camera stands, angles can be told to {value:.0f}° only.",
        advice=turn(rep.setting.yaw_deg or 0.0),
        doubt="From where the camera stands, angles can be told to {value:.0f}° only.",
        least=False,
    )
