"""The conditions a measure has to pass (nordic-curl.md 9). Limits are the exercise's to give."""

from __future__ import annotations

import numpy as np

from formcheck import filming
from formcheck.measures.measure import Gate
from formcheck.rep import Rep

KNEE_TO_HEAD = 2.9
"""Knee-to-head height in thigh lengths, of a tall-kneeling adult (segments of de Leva 1996)."""


def frame_rate(least: float, ok: float | None = None) -> Gate:
    """G1: frames a second, by the timestamps."""
    return Gate(
        "G1",
        lambda rep: 1 / rep.setting.frame_s,
        ok=least if ok is None else ok,
        warn=least,
        reason="The clip has {value:.0f} frames a second; this needs at least {warn:.0f}.",
        advice=filming.RATE.words,
        doubt="The clip has only {value:.0f} frames a second.",
    )


def visibility(*signals: str, ok: float, warn: float) -> Gate:
    """G2: the least median visibility of the signals' joints during the lowering."""

    def figure(rep: Rep) -> float:
        seen = [np.nan_to_num(rep.seen(name)[rep.descent]) for name in signals]
        return min((float(np.median(s)) if len(s) else 0.0) for s in seen)

    return Gate(
        "G2",
        figure,
        ok,
        warn,
        reason="The joints this needs could not be seen well enough while lowering.",
        advice=filming.FREE.words,
        doubt="Some of the joints were hard to see while lowering.",
    )


def unbroken(*signals: str, ok: float, warn: float) -> Gate:
    """G3: the share of frames during the lowering in which a signal is missing."""

    def figure(rep: Rep) -> float:
        lost = [~np.isfinite(rep.raw(name)[rep.descent]) for name in signals]
        return max(float(gone.mean()) if len(gone) else 1.0 for gone in lost)

    return Gate(
        "G3",
        figure,
        ok,
        warn,
        reason="The athlete was lost in {value:.0%} of the frames of the lowering.",
        advice=filming.WHOLE.words,
        doubt="The athlete was lost in {value:.0%} of the frames of the lowering.",
        least=False,
    )


def gapless(longest_s: float, around_s: float, whole: bool = False) -> Gate:
    """G3: seconds of the longest gap of the cycle's signal in the lowering and `around_s` before
    and after it; with `whole`, until the rep's end."""

    def figure(rep: Rep) -> float:
        last = rep.until if whole else rep.lowered
        return rep.gap(rep.cycle.signal, rep.begins - around_s, last + around_s)

    return Gate(
        "G3",
        figure,
        longest_s,
        longest_s,
        reason="The athlete was lost from sight for {value:.1f} s in this rep.",
        advice=filming.WHOLE.words,
        least=False,
    )


def size(ok: float, warn: float) -> Gate:
    """G8: knee-to-head height in pixels."""
    return Gate(
        "G8",
        lambda rep: KNEE_TO_HEAD * rep.setting.thigh_px,
        ok,
        warn,
        reason="The athlete is too small in the picture ({value:.0f} pixels from knee to head).",
        advice=filming.CLOSE.words,
        doubt="The athlete is small in the picture ({value:.0f} pixels from knee to head).",
    )


def hands_seen(wrist: str, least: float) -> Gate:
    """G12: visibility of the near wrist around the bottom."""

    def figure(rep: Rep) -> float:
        around = rep.between(rep.bottom - 0.2, rep.bottom + 0.2)
        seen = np.nan_to_num(rep.seen(wrist)[around])
        return float(np.median(seen)) if len(seen) else 0.0

    return Gate(
        "G12",
        figure,
        least,
        least,
        reason="The hands could not be seen at the bottom.",
        advice=filming.ROOM.words,
    )
