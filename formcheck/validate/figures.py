"""Many clips' scores to one summary: sums and means, nothing else. The order does not matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from formcheck.exercises import EXERCISES
from formcheck.pose import Array
from formcheck.validate.angles import Errors
from formcheck.validate.compare import Scored
from formcheck.validate.scores import (
    ANGLES,
    EVENTS,
    VIEWS,
    Agreement,
    Angle,
    AngleTable,
    Calibration,
    ClipScore,
    Detection,
    FaultTable,
    Moment,
    Outcome,
    Pair,
    Refusals,
    RepScore,
    Summary,
)
from formcheck.validate.statistics import agreement, calibration, detection, of_pairs, rounded

PHASES = ("rest", *dict.fromkeys(p.name for e in EXERCISES.values() for p in e.look.phases))
HOLDS = 0.90
"""The share of a clip's frames that an interval has to hold."""
HELD = 0.99
"""The share of frames in which the pose of an easy clip is to be seen."""


def summary(scored: Iterable[Scored]) -> Summary:
    """All figures of some clips."""
    every = sorted(scored, key=lambda s: s.score.name)
    clips = [s.score for s in every if s.score.status == "ok"]
    reps = [rep for clip in clips for rep in clip.reps]
    angles = {name: _angle_table(name, every) for name in ANGLES}
    measures = _measures(reps)
    broke = measures.get("break_point_angle", Agreement(n=0))
    refused = _refusals(clips)
    clean = [c for c in clips if c.faults.clean and c.reps_found]
    return Summary(
        clips=len(every),
        failed=len(every) - len(clips),
        **_counts(clips),
        coverage=_mean([c.coverage for c in clips if c.coverage is not None]),
        **{f"{n.split('_')[0]}_mae_deg": t.absolute.mae for n, t in angles.items()},
        **{f"{n.split('_')[0]}_change_mae_deg": t.change.mae for n, t in angles.items()},
        break_point_mae_deg=broke.mae,
        break_point_coverage=broke.coverage,
        clips_held=_clips_held(clips),
        faults=_faults(clips),
        clean_sets=len(clean),
        false_alarms_per_clean_set=_mean([float(len(c.faults.false)) for c in clean]),
        break_point=broke,
        outcomes=_outcomes(reps),
        events=_events(reps),
        measures=measures,
        calibration=_calibrations(reps),
        angles=angles,
        yaw=agreement(
            [c.found_yaw_deg - c.yaw_deg for c in clips
             if c.found_yaw_deg is not None and c.yaw_deg is not None and c.recognised]
        ),
        refusals=_sum(refused.values()),
        refusals_by_measure=refused,
    )  # fmt: skip


def _counts(clips: Sequence[ClipScore]) -> dict[str, int]:
    known = [(c.reps_true, c.reps_found or 0) for c in clips if c.reps_true is not None]
    easy = [c for c in clips if c.easy]
    return {
        "clips_with_reps_known": len(known),
        "reps_exact": sum(true == found for true, found in known),
        "reps_off_by_one": sum(abs(true - found) == 1 for true, found in known),
        "reps_true": sum(true for true, _ in known),
        "reps_found": sum(found for _, found in known),
        "recognised_rightly": sum(bool(c.recognised_rightly) for c in clips),
        "taken_for_others": sum(bool(c.taken_for) for c in clips),
        "clips_to_choose": sum(c.chosen_rightly is not None for c in clips),
        "chosen_rightly": sum(bool(c.chosen_rightly) for c in clips),
        "easy_clips": len(easy),
        "easy_held": sum((c.coverage or 0.0) >= HELD for c in easy),
    }


def _clips_held(clips: Sequence[ClipScore]) -> dict[str, int]:
    names = ("knee", "knee_change", "thigh", "thigh_change")
    shares = {n: [getattr(c, f"{n}_held") for c in clips if c.recognised] for n in names}
    told = {n: [s for s in every if s is not None] for n, every in shares.items()}
    held = {n: sum(s >= HOLDS for s in every) for n, every in told.items()}
    return {"of": max((len(every) for every in told.values()), default=0), **held}


def _mean(values: Sequence[float]) -> float | None:
    return rounded(sum(values) / len(values)) if values else None


def _measures(reps: Sequence[RepScore]) -> dict[str, Agreement]:
    return {name: of_pairs(_pairs(reps, name)) for name in _names(reps)}


def _calibrations(reps: Sequence[RepScore]) -> dict[str, Calibration]:
    """Of each measure, and of all together."""
    found = {name: calibration(_pairs(reps, name)) for name in _names(reps)}
    found["all"] = calibration(p for name in _names(reps) for p in _pairs(reps, name))
    return {name: one for name, one in found.items() if one is not None}


def _names(reps: Sequence[RepScore]) -> list[str]:
    return sorted({name for rep in reps for name in rep.measures})


def _pairs(reps: Sequence[RepScore], name: str) -> list[Pair]:
    return [rep.measures[name] for rep in reps if name in rep.measures]


def _outcomes(reps: Sequence[RepScore]) -> tuple[Outcome, ...]:
    """How lowerings truly ended against what was said, most first."""
    counts = Counter((r.outcome, r.found_outcome or "") for r in reps if r.outcome is not None)
    rows = [Outcome(true=true or "", found=found, n=n) for (true, found), n in counts.items()]
    return tuple(sorted(rows, key=lambda row: (-row.n, row.true, row.found)))


def _events(reps: Sequence[RepScore]) -> dict[str, Moment]:
    return {name: _moment([r.events[name] for r in reps if name in r.events]) for name in EVENTS}


def _moment(pairs: Sequence[Pair]) -> Moment:
    return Moment(
        **of_pairs(pairs).model_dump(),
        unseen=sum(p.true is not None and p.value is None for p in pairs),
        invented=sum(p.true is None and p.value is not None for p in pairs),
    )


def _faults(clips: Sequence[ClipScore]) -> FaultTable:
    counts: dict[str, Counter[str]] = {}
    for kind in ("found", "missed", "false", "excused", "borderline", "mild_missed"):
        for clip in clips:
            for named in getattr(clip.faults, kind):
                counts.setdefault(named.check, Counter())[kind] += 1
    total = sum(counts.values(), Counter[str]())
    yet = Counter(named.check for c in clips for named in c.faults.not_checked_yet)
    return FaultTable(
        **detection(*_four(total)).model_dump(),
        by_check={n: detection(*_four(counts[n])) for n in sorted(counts) if any(_four(counts[n]))},
        mild_too={name: _mild_too(counts[name]) for name in sorted(counts)},
        not_checked_yet=dict(sorted(yet.items())),
        not_judged=sum(len(c.faults.not_judged) for c in clips),
    )


def _four(counts: Counter[str]) -> tuple[int, int, int, int]:
    return counts["found"], counts["missed"], counts["false"], counts["excused"]


def _mild_too(counts: Counter[str]) -> Detection:
    found, missed, false, excused = _four(counts)
    return detection(found + counts["borderline"], missed + counts["mild_missed"], false, excused)


def _refusals(clips: Sequence[ClipScore]) -> dict[str, Refusals]:
    names = sorted({name for clip in clips for name in clip.refusals})
    return {name: _sum(c.refusals[name] for c in clips if name in c.refusals) for name in names}


def _sum(every: Iterable[Refusals]) -> Refusals:
    total: Counter[str] = Counter()
    for one in every:
        total.update(one.model_dump())
    return Refusals(**total)


def _angle_table(name: str, every: Sequence[Scored]) -> AngleTable:
    known = [(s.score, s.errors[name]) for s in every if name in s.errors]
    phases = {p: _angle([e for _, e in known], p) for p in PHASES}
    views = {v: _angle([e for score, e in known if score.view == v]) for v in VIEWS}
    return AngleTable(
        **_angle([e for _, e in known]).model_dump(),
        by_phase={p: one for p, one in phases.items() if one.absolute.n},
        by_view={v: one for v, one in views.items() if one.absolute.n},
    )


def _angle(every: Sequence[Errors], phase: str | None = None) -> Angle:
    """Over all frames, or those of a phase; every frame counts the same."""
    masks = [np.array([phase in (None, p) for p in e.phase], bool) for e in every]
    absolute = [e.absolute[m] for e, m in zip(every, masks, strict=True)]
    change = [e.change[m] for e, m in zip(every, masks, strict=True)]
    stated = [e.stated[m] for e, m in zip(every, masks, strict=True)]
    stated_change = [e.stated_change[m] for e, m in zip(every, masks, strict=True)]
    return Angle(
        absolute=_held(np.concatenate([*absolute, []]), np.concatenate([*stated, []])),
        change=_held(np.concatenate([*change, []]), np.concatenate([*stated_change, []])),
    )


def _held(errors: Array, halves: Array) -> Agreement:
    """The agreement of errors (n,) with the half-widths (n,) of their stated intervals."""
    told = np.isfinite(errors) & np.isfinite(halves)
    found = agreement(errors, list(np.abs(errors[told]) <= halves[told]))
    half = rounded(np.median(halves[told])) if told.any() else None
    return found.model_copy(update={"stated": int(told.sum()) or None, "half_width": half})
