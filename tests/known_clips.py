"""Made-up clips with exact truth: a pose track and its truth file, saved side by side."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
from athlete import Performance

FIELDS = {"start": "start", "break": "breaks", "catch": "catch", "bottom": "bottom",
          "release": "release", "end": "end"}  # fmt: skip
OUTER = {
    "exercise": "nordic-curl",
    "fps": 30,
    "camera": {"yaw_deg": 0, "pitch_deg": 0.0, "height_m": 0.6, "distance_m": 4},
    "athlete": {"height_m": 1.8, "mass_kg": 80, "sex": "male"},
    "faults": [],
}


def truth_of(done: Performance, **changes) -> dict:
    """The truth file of a set, as exact as the body is known; changes replace its fields."""
    t = np.arange(0, done.seconds, 1 / 30)
    angles = done.angles(t)
    knee = 90 - angles["lean"] - angles["shank"]
    reps = []
    for moments in done.reps:
        times = {f"{k}_s": number(getattr(moments, v)) for k, v in FIELDS.items()}
        at = times["break_s"]
        bent = None if at is None else number(np.interp(at, t, knee))
        reps.append({**times, "break_point_angle_deg": bent, "kind": "full"})
    frames = {
        "t_s": t.round(4).tolist(),
        "thigh_lean_deg": angles["lean"].tolist(),
        "knee_flexion_deg": knee.tolist(),
        "hip_flexion_deg": angles["hip"].tolist(),
        "phase": [phase(at, done) for at in t],
    }
    return {**OUTER, "reps": reps, "frames": frames, **changes}


def phase(at: float, done: Performance) -> str:
    """What the body does at an instant."""
    for m in done.reps:
        if m.start <= at <= m.end:
            breaks = m.bottom if math.isnan(m.breaks) else m.breaks
            return "lower" if at < breaks else "drop" if at < m.bottom else "curl"
    return "rest"


def number(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 4)


def save(folder: Path, name: str, done: Performance, film: dict | None = None, **changes) -> Path:
    """NAME.npz and NAME.truth.json in the folder; returns the track's path."""
    track = folder / f"{name}.npz"
    done.film(**(film or {})).save(track)
    text = json.dumps(truth_of(done, **changes))
    (folder / f"{name}.truth.json").write_text(text, encoding="utf-8")
    return track
