"""One clip: its analysis against what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from formcheck.analysis import Analysis
from formcheck.validate.angles import Errors, angle_errors
from formcheck.validate.confusion import confusion
from formcheck.validate.judged import judged, refusals
from formcheck.validate.known import Known
from formcheck.validate.matching import rep_scores
from formcheck.validate.scores import ANGLES, VIEWS, ClipScore, RepScore
from formcheck.validate.statistics import of_pairs, rounded


@dataclass(frozen=True)
class Scored:
    """A clip's score, with what the figures of all clips are made of."""

    score: ClipScore
    errors: dict[str, Errors] = field(default_factory=dict)
    """Of its angles, by name; empty where the movement was not recognised."""
    model_sha256: str | None = None


def view_of(known: Known) -> str | None:
    """The view that the camera had, one of VIEWS; None where nobody knows."""
    if known.front:
        return "front"
    if known.yaw_deg is None:
        return None
    return next(name for name, most in VIEWS.items() if abs(known.yaw_deg) <= most)


def failed(known: Known, reason: str) -> Scored:
    """A clip that could not be analysed."""
    return Scored(ClipScore(**_about(known), status="failed", reason=reason))


def compare(analysis: Analysis, known: Known) -> Scored:
    """The analysis of a clip, as what it shows, against what is known of it."""
    report, every = analysis.report, angle_errors(analysis.curves, known)
    reps = rep_scores(analysis, known)
    measures = _measures(reps)
    score = ClipScore(
        **_about(known),
        **_means(every),
        **_held(every),
        status="ok",
        found_yaw_deg=report.view.yaw_deg,
        frames=len(analysis.track),
        coverage=rounded(report.athlete.coverage),
        recognised=report.recognised,
        recognised_rightly=report.recognised == (known.shown is not None),
        reps_found=report.set_.reps,
        **confusion(analysis, known),
        break_point_mae_deg=measures.get("break_point_angle"),
        measures_mae=measures,
        reps=reps,
        faults=judged(analysis, known, reps),
        refusals=refusals(analysis, known, reps),
    )
    model = report.provenance.model_sha256 if report.provenance is not None else None
    # Of a movement that it does not recognise formcheck shows no angle, so none can be wrong.
    return Scored(score, every if report.recognised else {}, model)


def _about(known: Known) -> dict[str, Any]:
    truth = known.truth
    return {
        "name": known.name,
        "exercise": known.exercise,
        "description": "" if truth is None else truth.description,
        "awaits": None if truth is None else truth.awaits,
        "easy": truth is not None and truth.easy,
        "by_eye": known.by_eye,
        "yaw_deg": known.yaw_deg,
        "view": view_of(known),
        "reps_true": known.reps_true,
    }


def _measures(reps: Sequence[RepScore]) -> dict[str, float]:
    """The mean error of each measure of which a true and a found value are there."""
    names = sorted({name for rep in reps for name in rep.measures})
    found = {n: of_pairs(rep.measures[n] for rep in reps if n in rep.measures).mae for n in names}
    return {name: mae for name, mae in found.items() if mae is not None}


def _means(every: dict[str, Errors]) -> dict[str, float | None]:
    """MAE of each angle, absolute and of its change."""
    means = {}
    for name in ANGLES:
        short, errors = name.split("_")[0], every.get(name)
        for word, values in (
            ("mae", None if errors is None else errors.absolute),
            ("change_mae", None if errors is None else errors.change),
        ):
            means[f"{short}_{word}_deg"] = (
                None if values is None else rounded(np.abs(values).mean())
            )
    return means


def _held(every: dict[str, Errors]) -> dict[str, float | None]:
    """The share of frames in which each interval of knee and thigh held the truth."""
    shares: dict[str, float | None] = {}
    for name in ("knee_flexion", "thigh_lean"):
        short, errors = name.split("_")[0], every.get(name)
        pairs = (
            []
            if errors is None
            else [
                ("held", errors.absolute, errors.stated),
                ("change_held", errors.change, errors.stated_change),
            ]
        )
        for word, error, half in pairs:
            told = np.isfinite(error) & np.isfinite(half)
            inside = np.abs(error[told]) <= half[told]
            shares[f"{short}_{word}"] = rounded(inside.mean()) if told.any() else None
    return shares
