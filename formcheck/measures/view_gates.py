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

RECTIFIED = ", where the movement told its place"
NOT_RECTIFIED = ", where the movement did not tell its place"

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
            return _off_side(rep.setting, unrectified, NOT_RECTIFIED)
        if abs(rep.setting.yaw_deg or 0.0) > most_yaw:
            return _off_side(rep.setting, (most_yaw, most_yaw), RECTIFIED)
        return _unsure(rep.setting, signal, share, view_sd)

    among = (
        _unsure(None, signal, share, view_sd),
        _off_side(None, (most_yaw, most_yaw), RECTIFIED),
        _off_side(None, unrectified, NOT_RECTIFIED),
    )
    return Choice(of, among)


def level(limits: Limits) -> Choice:
    """G5: degrees that the camera looked up or down, where that is known. A roll is not: in one
    person's points it cannot be told from a body that leans."""

    def of(rep: Rep) -> Gate | None:
        camera = rep.setting.camera
        if camera is None or not rep.setting.rectified:
            return None
        return _off_level(camera.pitch_deg, limits)

    return Choice(of, (_off_level(0.0, limits),))


def _off_level(pitch_deg: float, limits: Limits) -> Gate:
    way = "down" if pitch_deg > 0 else "up"
    return Gate(
        "G5",
        lambda _: abs(pitch_deg),
        *limits,
        reason=f"The camera looked {way} at the athlete by about {{value:.0f}}°.",
        advice=filming.SIDE.words,
        doubt=f"The camera looked {way} at the athlete by about {{value:.0f}}°; angles may be "
        "a few degrees off.",
        least=False,
        what="degrees that the camera looked up or down, where the movement told its place",
    )


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


def _off_side(setting: Setting | None, limits: Limits, where: str) -> Gate:
    """setting: None for the page of measures."""
    yaw = None if setting is None else setting.yaw_deg
    reason = (
        "The camera stands about {value:.0f}° off the side view; angles can be read up to "
        "{warn:.0f}°."
    )
    if setting is not None and setting.from_front:
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
        what=f"degrees that the camera stood off the side{where}",
    )


def _unsure(setting: Setting | None, signal: str, limits: Limits, view_sd: Share) -> Gate:
    """setting: None for the page of measures."""

    def figure(rep: Rep) -> float:
        leans = rep[signal][rep.descent]
        seen = leans[np.isfinite(leans)]
        return Z95 * float(view_sd(rep.setting, seen).max()) if len(seen) else float("nan")

    return Gate(
        "G4",
        figure,
        *limits,
        reason="From where the camera stands, angles can be told to {value:.0f}° only.",
        advice=turn((None if setting is None else setting.yaw_deg) or 0.0),
        doubt="From where the camera stands, angles can be told to {value:.0f}° only.",
        least=False,
        what=f"degrees, half-width of the view's share in the change of {signal} from rest, while "
        "lowering; where the movement told the camera's place",
    )
