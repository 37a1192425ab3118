"""The conditions a measure has to pass (nordic-curl.md 9). Limits are the exercise's to give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from formcheck import filming
from formcheck.filming import Tip
from formcheck.filtering import FEWEST, low_pass
from formcheck.measures.measure import Gate
from formcheck.pose import Array, Flags
from formcheck.rep import Rep
from formcheck.view.shank import READS

KNEE_TO_HEAD = 2.9
"""Knee-to-head height in thigh lengths, of a tall-kneeling adult (segments of de Leva 1996)."""

TREMOR_HZ = 6.0
"""What is faster than this is no movement but noise (nordic-curl.md 0.4)."""


@dataclass(frozen=True)
class Part:
    """The part of a rep that a condition looks at."""

    of: Callable[[Rep], Flags]
    """(n,) the samples that belong to it."""
    words: str
    """As it stands in a reason: "while lowering"."""


LOWERING = Part(lambda rep: rep.descent, "while lowering")
"""From the start to the greatest depth."""
WHOLE = Part(lambda rep: rep.between(rep.begins, rep.until), "in this rep")


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
        what="frames a second, by the clip's timestamps",
    )


def visibility(
    *signals: str,
    ok: float,
    warn: float,
    part: Part = LOWERING,
    advice: str = filming.FREE.words,
) -> Gate:
    """G2: the least median visibility of the signals' joints."""

    def figure(rep: Rep) -> float:
        seen = [np.nan_to_num(rep.seen(name)[part.of(rep)]) for name in signals]
        return min((float(np.median(s)) if len(s) else 0.0) for s in seen)

    return Gate(
        "G2",
        figure,
        ok,
        warn,
        reason=f"Some of the joints could not be seen well enough {part.words}.",
        advice=advice,
        doubt=f"Some of the joints were hard to see {part.words}.",
        what=f"least median visibility (0 to 1) of the joints of {_named(signals)}, {part.words}",
    )


def unbroken(*signals: str, ok: float, warn: float, part: Part = LOWERING) -> Gate:
    """G3: the share of frames in which a signal is missing."""

    def figure(rep: Rep) -> float:
        lost = [~np.isfinite(rep.raw(name)[part.of(rep)]) for name in signals]
        return max(float(gone.mean()) if len(gone) else 1.0 for gone in lost)

    return Gate(
        "G3",
        figure,
        ok,
        warn,
        reason=f"The athlete was lost in {{value:.0%}} of the frames {part.words}.",
        advice=filming.WHOLE.words,
        doubt=f"The athlete was lost in {{value:.0%}} of the frames {part.words}.",
        least=False,
        what=f"share of the frames in which {_named(signals)} is missing, {part.words}",
    )


def gapless(longest_s: float, around_s: float, whole: bool = False) -> Gate:
    """G3: seconds of the longest gap of the cycle's signal in the lowering and `around_s` before
    and after it; with `whole`, until the rep's end."""

    def figure(rep: Rep) -> float:
        last = rep.until if whole else rep.lowered
        gap = rep.gap(rep.cycle.signal, rep.begins - around_s, last + around_s)
        return round(gap, 6)  # a frame lost at 10 a second is 0.2 s, not a rounding more

    return Gate(
        "G3",
        figure,
        longest_s,
        longest_s,
        reason="The athlete was lost from sight for {value:.1f} s in this rep.",
        advice=filming.WHOLE.words,
        least=False,
        what="seconds of the longest gap in the cycle's signal, from "
        f"{around_s:g} s before the start to as long after the {'end' if whole else 'lowering'}",
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
        what=f"pixels from knee to head ({KNEE_TO_HEAD:g} thigh lengths)",
    )


def steady(signal: str, ok: float, warn: float) -> Gate:
    """G6: how much the signal trembles while holding still before the rep, in its unit: standard
    deviation of the raw signal against itself at 6 Hz. Of a rep that has no such stretch: while
    lowering."""

    def figure(rep: Rep) -> float:
        tremor = rep.raw(signal) - low_pass(rep.t, rep.raw(signal), TREMOR_HZ)[0]
        seen = np.isfinite(tremor)
        still = seen & (rep.t <= rep.begins)
        part = tremor[still if still.sum() >= FEWEST else seen & rep.descent]
        return float(np.std(part)) if len(part) else np.nan

    return Gate(
        "G6",
        figure,
        ok,
        warn,
        reason="The points on the body tremble by {value:.1f}°; angles and speeds drown in that.",
        advice=filming.WHOLE.words,
        doubt="The points on the body tremble by {value:.1f}°.",
        least=False,
        what=f"degrees, standard deviation of {signal} against itself at {TREMOR_HZ:g} Hz, before "
        "the rep",
    )


def constant(
    *lengths: str, ok: float, warn: float, part: Part = LOWERING, what: str = "Thigh or trunk"
) -> Gate:
    """G7: by how much a segment changes its length: the greatest coefficient of variation of the
    signals that hold lengths. A segment that does not stay the same is followed on the clothes, or
    on somebody else. what: the segments, as a sentence begins with them."""

    def figure(rep: Rep) -> float:
        return float(np.max([_variation(rep.raw(name)[part.of(rep)]) for name in lengths]))

    return Gate(
        "G7",
        figure,
        ok,
        warn,
        reason=f"{what} seem to change their length by {{value:.0%}} {part.words}: the points are "
        "not on the joints.",
        advice=filming.CLOTHES.words,
        doubt=f"{what} seem to change their length by {{value:.0%}} {part.words}.",
        least=False,
        what=f"greatest coefficient of variation of {_named(lengths)}, {part.words}",
    )


def _named(signals: tuple[str, ...]) -> str:
    return " and ".join(signals)


def _variation(length: Array) -> float:
    """Standard deviation over mean of what was seen; NaN where nothing was."""
    seen = length[np.isfinite(length) & (length > 0)]
    return float(np.std(seen) / np.mean(seen)) if len(seen) else float("nan")


def flat(slope: str, within: float, seen: float, tip: Tip) -> Gate:
    """G13: degrees by which the shins are off level while lowering, where their ends are seen as
    well as `seen`; else at rest; NaN where they never were. Nothing is refused for it: the number
    compares with none on another slope (Soga 2021)."""

    def figure(rep: Rep) -> float:
        clear = rep.descent & (np.nan_to_num(rep.seen(slope)) >= seen)
        shown = rep[slope][clear & np.isfinite(rep[slope])]
        rest = rep.setting.rest.get(slope)
        known = rest if rest is not None and rest.seen else None
        if len(shown) >= FEWEST:  # as the number shank_pitch reads it
            offset = -READS if known is None else known.offset_deg
            return abs(float(np.median(shown)) + offset)
        return np.nan if known is None else abs(known.true_deg)

    return Gate(
        "G13",
        figure,
        within,
        np.inf,
        reason="",
        advice=tip.words,
        doubt="The shins are {value:.0f}° off level: the break point compares only with others on "
        "the same slope.",
        least=False,
        unseen="Whether the shins lie level could not be seen: the break point compares only with "
        "others on the same slope.",
        what=f"degrees that {slope} is off level, while lowering or else at rest",
    )


def hip_clear(wrist: str, thigh: str, near: float, ok: float, tip: Tip) -> Gate:
    """G2-hip: the share of the lowering in which the near wrist lies within `near` thigh lengths of
    the hip. Nothing is refused for it: a hand or a crossed arm hides the hip without lowering how
    well its point is said to be seen.

    wrist: its places, {wrist}_u and {wrist}_v; thigh: the lean of knee to hip.
    """

    def figure(rep: Rep) -> float:
        lean, length = np.radians(rep[thigh]), rep["thigh_length"]
        off = (
            rep[f"{wrist}_u"] - rep["knee_u"] - length * np.sin(lean),
            rep[f"{wrist}_v"] - rep["knee_v"] - length * np.cos(lean),
        )
        with np.errstate(invalid="ignore"):
            over = np.hypot(*off)[rep.descent] < near
        return float(over.mean()) if len(over) else 0.0

    return Gate(
        "G2-hip",  # a share of the time, where G2 is a visibility
        figure,
        ok,
        np.inf,
        reason="",
        advice=tip.words,
        doubt="A hand or a crossed arm was in front of the hip in {value:.0%} of the lowering: the "
        "hip may be off.",
        least=False,
        what=f"share of the lowering in which the near wrist lies within {near:g} thigh lengths of "
        "the hip",
    )


def hands_seen(wrist: str, least: float, tip: Tip) -> Gate:
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
        advice=tip.words,
        what="median visibility (0 to 1) of the near wrist, from 0.2 s before to 0.2 s after the "
        "bottom",
    )
