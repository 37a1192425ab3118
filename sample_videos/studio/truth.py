"""The truth beside a clip: what NAME.truth.json holds, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from studio import events
from studio.athlete import Athlete
from studio.camera import Camera
from studio.events import Rep
from studio.mechanics import Floats, body_lean
from studio.rig import Rig, Skeleton
from studio.rotations import Vector

LEAST_PIXELS = 100.0
"""Height from knee to head under which nothing can be measured (nordic-curl.md 9, G8)."""
UPRIGHT = 10.0
"""A thigh that leans further back than this from its rest is not at rest (0.5)."""
WIDEST_YAW = 45.0
"""Beyond it no sagittal angle can be measured (G4)."""
ANGLES = (
    "alignment_rms",
    "ankle_position",
    "ankle_position_change",
    "arms_used_in_descent",
    "braking_fraction",
    "break_point_angle",
    "catch_angle",
    "catch_height",
    "catch_velocity",
    "controlled_duration",
    "early_fall",
    "hand_assisted_work_fraction",
    "heel_lift",
    "hip_break",
    "hip_extension_min",
    "hip_flexion_max",
    "hip_flexion_start",
    "knee_shift",
    "lead_joint",
    "mean_descent_velocity",
    "neck_angle",
    "push_angle_fraction",
    "release_lean",
    "release_velocity",
    "shank_pitch",
    "shank_pitch_change",
    "start_knee_angle",
)
"""Measures that need a sagittal angle."""
SAGITTAL = (
    "thigh_lean_deg",
    "knee_flexion_deg",
    "hip_flexion_deg",
    "trunk_lean_deg",
    "body_lean_deg",
    "elbow_flexion_deg",
)
"""The columns of `frames`."""
RESTS_S = 30.0
"""Reps that lie further apart than this, in real time, are of two sets."""
PLANTARFLEXED = 25.0
"""Feet that point away by so many degrees (5, `ankle_position`)."""
HANDS = (
    "arms_used_in_descent",
    "catch_angle",
    "catch_height",
    "catch_velocity",
    "hand_assisted_work_fraction",
    "push_angle_fraction",
    "release_lean",
    "release_velocity",
)
"""Measures that need to see the hands on the floor."""
SPEEDS = (
    *HANDS,
    "braking_fraction",
    "controlled_duration",
    "early_fall",
    "eccentric_duration",
    "mean_descent_velocity",
)
"""Measures that need to know how fast time goes: by its speed a hand is told to land or leave."""


@dataclass(frozen=True)
class Shown:
    """What of the picture decides on what can be told."""

    slow: float
    """File seconds a real second."""
    knee_to_head_px: float
    hands_seen: bool = True
    """Whether the near hand is in the picture while it is on the floor."""


@dataclass
class Frames:
    """The sagittal angles at each frame, left and right averaged; degrees."""

    t_s: list[float]
    columns: dict[str, list[float]]

    @classmethod
    def empty(cls) -> Frames:
        return cls([], {name: [] for name in SAGITTAL})

    def add(self, file_s: float, rig: Rig, skeleton: Skeleton) -> None:
        self.t_s.append(round(file_s, 5))
        for name, value in sagittal(rig.joints(skeleton)).items():
            self.columns[name].append(round(value, 2))


def sagittal(joints: dict[str, Vector]) -> dict[str, float]:
    """The angles of a posed skeleton by nordic-curl.md 0.3, from its joint centres."""
    sides = [_one_side(joints, side) for side in "lr"]
    return {name: float(np.mean([s[name] for s in sides])) for name in SAGITTAL}


def _one_side(joints: dict[str, Vector], side: str) -> dict[str, float]:
    shoulder, elbow, wrist, hip, knee, ankle = (
        joints[f"{name}_{side}"] for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    )
    thigh, trunk = _lean(hip - knee), _lean(shoulder - hip)
    pitch = float(np.degrees(np.arctan2(*(knee - ankle)[[2, 0]])))
    return {
        "thigh_lean_deg": thigh,
        "knee_flexion_deg": 90 - thigh - pitch,
        "hip_flexion_deg": trunk - thigh,
        "trunk_lean_deg": trunk,
        "body_lean_deg": _lean(shoulder - knee),
        "elbow_flexion_deg": 180 - _between(shoulder - elbow, wrist - elbow),
    }


def _lean(way: Vector) -> float:
    return float(np.degrees(np.arctan2(way[0], way[2])))


def _between(first: Vector, second: Vector) -> float:
    a, b = first[[0, 2]], second[[0, 2]]
    cosine = a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-9)
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def of_set(
    athlete: Athlete, frames: Frames, shown: Shown, push_judged: bool = True
) -> dict[str, Any]:
    """Reps, faults and frames of a set of Nordic curls, in file time."""
    reps = events.reps(athlete.track, athlete.built)
    judged = Judged(athlete, reps, push_judged)
    columns: dict[str, Any] = dict(frames.columns)
    several = sets(reps)
    return {
        **({"sets": list(_sets(several))} if len(several) > 1 else {}),
        "reps": [_rep(rep, shown.slow) for rep in reps],
        "faults": judged.faults,
        "borderline": judged.borderline,
        "notes": judged.notes,
        "frames": {"t_s": frames.t_s, **columns, "phase": phases(athlete, reps, frames, shown)},
    }


def sets(reps: Sequence[Rep]) -> list[list[Rep]]:
    """The sets that a recording holds, parted by their rests."""
    ends = [i for i, both in enumerate(pairwise(reps), 1) if _rest(*both) > RESTS_S]
    return [list(reps[a:b]) for a, b in pairwise([0, *ends, len(reps)])]


def _rest(before: Rep, after: Rep) -> float:
    """Seconds of real time between two reps."""
    return after.start - (before.bottom if before.end is None else before.end)


def _sets(several: Sequence[Sequence[Rep]]) -> Iterable[dict[str, Any]]:
    """How many reps each has, and the rest before it, seconds of real time."""
    rests = [_rest(before[-1], after[0]) for before, after in pairwise(several)]
    for own, rest in zip(several, [None, *rests], strict=True):
        yield {"reps": len(own), "rest_s": _rounded(rest, 2)}


def of_nothing(frames: Frames) -> dict[str, Any]:
    """The same of a clip without a Nordic curl."""
    columns: dict[str, Any] = dict(frames.columns)
    rest = ["rest"] * len(frames.t_s)
    no_reps: dict[str, Any] = {"reps": [], "faults": [], "borderline": [], "notes": []}
    return no_reps | {"frames": {"t_s": frames.t_s, **columns, "phase": rest}}


def _rep(rep: Rep, slow: float) -> dict[str, Any]:
    times = {
        "start_s": rep.start,
        "break_s": rep.break_,
        "catch_s": rep.catch,
        "bottom_s": rep.bottom,
        "release_s": rep.release,
        "end_s": rep.end,
    }
    told: dict[str, Any] = {k: _rounded(v, 4, slow) for k, v in times.items()}
    told |= {"break_point_angle_deg": _rounded(rep.break_point, 2), "kind": rep.kind}
    told |= {"outcome": rep.outcome, "controlled_duration_s": _rounded(rep.controlled_s, 3)}
    return told | {name: _rounded(value, 3) for name, value in rep.measures.items()}


def _rounded(value: float | None, digits: int, times: float = 1.0) -> float | None:
    return None if value is None else round(value * times, digits)


def phases(athlete: Athlete, reps: Sequence[Rep], frames: Frames, shown: Shown) -> list[str | None]:
    """The phase of each frame (contract.md: rest, lower, drop, bottom, push, curl); None while the
    athlete comes into position or leaves it."""
    track, names = athlete.track, np.full(len(frames.t_s), "rest", dtype="<U6")
    t = np.array(frames.t_s) / shown.slow
    body = body_lean(athlete.built, track.thigh, track.thigh + track.hip)
    for rep in reps:
        end = rep.end if rep.end is not None else float(track.t[-1]) + 1
        inside = (track.t >= rep.bottom) & (track.t <= end)
        low = body >= body[inside].max() - events.AT_BOTTOM
        rises = float(track.t[inside & low][-1])
        marks = [(rep.start, "lower"), (rep.bottom, "bottom"), (end, "rest")]
        marks += [(rep.break_, "drop")] if rep.break_ is not None else []
        marks += [(rises, "push")] if rep.release is not None else []
        marks += [(rep.release or rises, "curl")] if rep.end is not None else []
        for at, name in sorted(marks):
            names[t >= at] = name
    away = np.array(frames.columns["thigh_lean_deg"]) < athlete.plan.top - UPRIGHT
    return [None if gone else str(name) for name, gone in zip(names, away, strict=True)]


class Judged:
    """Which checks a set truly fails, by the limits of nordic-curl.md 5b."""

    def __init__(self, athlete: Athlete, reps: Sequence[Rep], push_judged: bool) -> None:
        self.athlete, self.push_judged = athlete, push_judged
        self.faults: list[dict[str, Any]] = []
        self.borderline: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        for number, rep in enumerate(reps, 1):
            self._rep(number, rep)
        for own in sets(reps):
            self._set(own)
        if self.athlete.kneeling.ankle >= PLANTARFLEXED:
            self.notes.append({"rep": None, "check": "feet-not-dorsiflexed"})

    def _rep(self, number: int, rep: Rep) -> None:
        if rep.kind in ("partial", "no-return"):
            check = "partial-range" if rep.kind == "partial" else "does-not-return"
            self.faults.append({"rep": number, "check": check})
        if rep.kind != "full":
            return
        for check, fault, borderline in self._judged(number, rep):
            if fault:
                self.faults.append({"rep": number, "check": check})
            elif borderline:
                self.borderline.append({"rep": number, "check": check})

    def _judged(self, number: int, rep: Rep) -> Iterable[tuple[str, bool, bool]]:
        """Check, whether it is a fault, and whether it is near one."""
        now = {name: value for name, value in rep.measures.items() if value is not None}
        early, lowering = now["early_fall_s"], now["eccentric_duration_s"]
        fast = early >= 0.15 or lowering < 3 or now["mean_descent_velocity_deg_s"] > 35
        yield "falls-too-fast", early >= 0.25 or lowering < 2, fast
        yield "hips-pike", now["hip_break_deg"] > 20, now["hip_break_deg"] > 15
        opened = now["hip_extension_min_deg"]
        yield "hips-too-straight", opened < -8, opened < -5
        work = now.get("hand_assisted_work_fraction", 0.0) if self.push_judged else 0.0
        first = rep.outcome == "caught-before-break" and now.get("catch_angle_deg", 0.0) > 45
        yield "overuses-arms", first or work > 0.6, work > 0.4
        moved = self._moved(number)
        for check, share in moved.items():
            yield check, share > 0.03, share > 0.02

    def _moved(self, number: int) -> dict[str, float]:
        """How far knees and ankles leave their place in a rep, in statures."""
        track, built, rig = self.athlete.track, self.athlete.built, self.athlete.rig
        slide, lift = (c[track.rep == number] for c in (track.slide, track.lift))
        rises = rig.shank * (np.sin(np.radians(built.tilt + lift)) - np.sin(np.radians(built.tilt)))
        return {
            "knees-slide": float(np.ptp(slide)) / built.stature,
            "anchor-slips": float(np.ptp(rises)) / built.stature,
        }

    def _set(self, reps: Sequence[Rep]) -> None:
        if fatigued(reps):
            self.faults.append({"rep": None, "check": "fatigue"})
        held = np.array([rep.controlled_s for rep in reps if rep.kind == "full"])
        if len(held) >= 3 and float(np.std(held, ddof=1) / np.mean(held)) > 0.30:
            self.notes.append({"rep": None, "check": "uneven-tempo"})


def fatigued(reps: Sequence[Rep]) -> bool:
    """Whether the stop rule of nordic-curl.md 7 fires, (a) to (d). A break point that is only a
    bound is neither better nor worse than the reference."""
    angles = [np.nan if rep.break_point is None else rep.break_point for rep in reps]
    known = [angle for angle in angles[:2] if not np.isnan(angle)]
    worse = np.array(angles) - (min(known) if known else np.nan)
    held: Floats = np.array([rep.controlled_s for rep in reps if rep.kind == "full"])
    shorter = held <= 0.7 * held[:2].max(initial=0.0)
    return bool(
        any(first and second for first, second in pairwise(worse >= 5))
        or (worse >= 8).any()
        or shorter[2:].sum() >= 2
        or _newly(reps, "hip_break_deg", 20.0)
        or _newly(reps, "early_fall_s", 0.25)
    )


def _newly(reps: Sequence[Rep], name: str, limit: float) -> bool:
    """Whether a fault that the first two reps did not have came up in two later ones."""
    over = [(rep.measures[name] or 0.0) >= limit for rep in reps if rep.kind == "full"]
    return not any(over[:2]) and sum(over[2:]) >= 2


def refusals(camera: Camera, shown: Shown) -> list[dict[str, str]]:
    """What an honest checker must refuse on this picture, and why (nordic-curl.md 9)."""
    why: dict[str, str] = {}
    if shown.slow != 1:
        why |= dict.fromkeys(SPEEDS, "slow motion that the file does not tell of")
    if not shown.hands_seen:
        why |= dict.fromkeys(HANDS, "the hands leave the picture")
    if shown.knee_to_head_px < LEAST_PIXELS:
        why |= dict.fromkeys(ANGLES, "the athlete is too small")
    if abs(camera.yaw_deg) > WIDEST_YAW:
        why |= dict.fromkeys(ANGLES, "the camera is not beside the athlete")
    return [{"measure": measure, "reason": reason} for measure, reason in sorted(why.items())]
