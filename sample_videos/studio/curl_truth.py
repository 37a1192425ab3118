"""The truth beside a clip of prone leg curls: its reps, faults and phases, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from studio import curl_events
from studio.curl_events import CurlRep
from studio.prone import Prone
from studio.truth import Frames

NOT_HERE = ("break_s", "catch_s", "bottom_s", "release_s")
"""Moments that a prone leg curl does not have."""


def of_curls(athlete: Prone, frames: Frames, slow: float) -> dict[str, Any]:
    """Reps, faults and frames of a set, in file time; slow: file seconds a real second."""
    found = curl_events.reps(athlete.track, athlete.lying.trunk + athlete.track.tips)
    said = curl_events.judged(found)
    columns: dict[str, Any] = dict(frames.columns)
    return {
        "reps": [_rep(rep, slow) for rep in found],
        "faults": said.faults,
        "borderline": said.borderline,
        "notes": said.notes,
        "frames": {"t_s": frames.t_s, **columns, "phase": phases(found, frames.t_s, slow)},
    }


def _rep(rep: CurlRep, slow: float) -> dict[str, Any]:
    times = {"start_s": rep.start, "top_s": rep.top, "lower_s": rep.lower, "end_s": rep.end}
    told: dict[str, Any] = {
        name: None if at is None else round(at * slow, 4) for name, at in times.items()
    }
    told |= dict.fromkeys(NOT_HERE) | {"break_point_angle_deg": None, "kind": rep.kind}
    return told | {name: round(value, 3) for name, value in rep.measures.items()}


def phases(found: Sequence[CurlRep], t_s: Sequence[float], slow: float) -> list[str]:
    """The phase of each frame: rest, lift, top, lower."""
    t, names = np.array(t_s) / slow, np.full(len(t_s), "rest", dtype="<U6")
    for rep in found:
        marks = [(rep.start, "lift"), (rep.top, "top"), (rep.lower, "lower")]
        for at, name in [*marks, (np.inf if rep.end is None else rep.end, "rest")]:
            names[t >= at] = name
    return [str(name) for name in names]
