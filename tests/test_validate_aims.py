"""What is aimed at, reckoned by hand from scores; and on made-up sets whose truth is exact."""

from __future__ import annotations

import numpy as np
import pytest
from athlete import Curl, perform
from known_clips import save, truth_of

from formcheck.validate.aims import aims
from formcheck.validate.angles import Errors
from formcheck.validate.compare import Scored
from formcheck.validate.known import known_clips
from formcheck.validate.matching import true_measures
from formcheck.validate.run import validate
from formcheck.validate.scores import ClipScore, Findings, Named, Pair, RepScore
from formcheck.validate.words import told


def rep(number=1, *, change=0.0, whole=0.0, outcome="broken", said=None, **parts) -> RepScore:
    """A rep whose break point is off by so much."""
    broke = outcome == "broken"
    return RepScore(
        rep=number,
        found=number,
        kind="full",
        measures={"break_point_angle": Pair(true=50, value=50 + whole, uncertainty=9)}
        if broke
        else {},
        change=Pair(true=-40, value=-40 + change, uncertainty=5) if broke else None,
        outcome=outcome,
        found_outcome=said or outcome,
        **parts,
    )


def clip(*reps: RepScore, yaw=0.0, hips=(), **told) -> Scored:
    """A clip with these reps, seen from there; hips: errors of the change of hip flexion."""
    fields = {"exercise": "nordic-curl", "status": "ok", "reps_found": len(reps), **told}
    none = np.zeros(len(hips))
    errors = {"hip_flexion": Errors(none, np.array(hips, float), none, none, ("",) * len(hips))}
    return Scored(
        ClipScore(name="a", yaw_deg=yaw, reps=reps, **fields), errors if len(hips) else {}
    )


def of(*clips: Scored) -> dict:
    return {aim.what: (aim.value, aim.n, aim.met) for aim in aims(clips)}


def test_the_break_point_by_hand():
    found = of(clip(rep(change=1, whole=-3), rep(2, change=-6, whole=9.5)), clip(rep(whole=2)))
    assert found["break point against rest, mean error"] == (
        pytest.approx(7 / 3, abs=1e-3),
        3,
        True,
    )
    assert found["break point against rest within 5°"] == (pytest.approx(2 / 3, abs=1e-3), 3, False)
    assert found["break point against rest, worst"] == (6.0, 3, True)
    assert found["break point, mean error"] == (pytest.approx(14.5 / 3, abs=1e-3), 3, False)
    assert found["break point, worst"] == (9.5, 3, True)
    assert found["break point in its stated interval"] == (pytest.approx(2 / 3, abs=1e-3), 3, False)


def test_views_further_off_the_side_and_what_awaits_work_do_not_count():
    bad = rep(change=20, whole=20)
    others = clip(bad, yaw=-31), clip(bad, yaw=None), clip(bad, awaits="occlusion")
    assert of(clip(rep(), yaw=-30), *others)["break point, worst"] == (0.0, 1, True)
    assert aims(others) == ()


def test_a_lowering_that_does_not_break_has_to_be_said_not_to():
    held, caught = "controlled-to", "caught-before-break"
    name = "unbroken reps said to be so"
    assert of(clip(rep(outcome=held), rep(2, outcome=caught, said=held)))[name] == (1.0, 2, True)
    for wrong in ("broken", "refused", "missed"):
        found = of(clip(rep(outcome=held, said=wrong), rep(2, outcome=caught)))
        assert found[name] == (0.5, 2, False)


def test_any_instant_of_a_long_lie_is_its_bottom():
    name, late = "bottom, worst", {"bottom": Pair(true=3.0, value=3.4)}
    for span, off in (((2.9, 3.5), 0.0), ((2.9, 3.3), 0.1), ((3.0, 3.2), 0.4), (None, 0.4)):
        one = rep(events=late, bottom_span_s=span)
        assert of(clip(one))[name] == (pytest.approx(off), 1, off <= 0.15)


def test_catch_and_hips():
    landed = [Pair(true=3.0, value=v) for v in (3.05, 2.91, 3.2)]
    reps = [rep(i, events={"catch": pair}) for i, pair in enumerate(landed, 1)]
    found = of(clip(*reps, hips=(1.0, -3.0, np.nan)))
    assert found["hands landing within 0.10 s"] == (pytest.approx(2 / 3, abs=1e-3), 3, False)
    assert found["hip flexion against the start, mean error"] == (2.0, 2, True)


def test_precision_and_recall_count_mild_ones():
    def named(*reps):
        return tuple(Named(rep=n, check="hips-pike") for n in reps)

    faults = Findings(
        found=named(1), missed=named(2), false=named(3), borderline=named(4), mild_missed=named(5),
        as_faults=named(1, 3), clean=False,
    )  # fmt: skip
    found = of(clip(rep(), faults=faults), clip(rep(), faults=Findings(clean=True)))
    assert found["hips-pike, precision"] == (pytest.approx(2 / 3, abs=1e-3), 3, False)
    assert found["hips-pike, recall, mild ones too"] == (0.5, 4, False)
    assert found["falls-too-fast, precision"] == (None, 0, None)
    assert found["faults named in clean sets"] == (0.0, 1, True)
    alarmed = clip(rep(), faults=Findings(clean=True, as_faults=named(1)))
    assert of(alarmed)["faults named in clean sets"] == (1.0, 1, False)


# --- of made-up sets


def test_a_noise_free_set_reaches_every_aim_that_it_can_show(tmp_path):
    pike = [{"rep": 2, "check": "hips-pike"}]
    save(tmp_path, "clean", perform(Curl(), Curl()), borderline=[])
    save(tmp_path, "pike", perform(Curl(), Curl(fold=40)), faults=pike, borderline=[])
    found = validate(tmp_path, lambda *_: None, jobs=1)
    assert [aim.what for aim in found.aims if aim.met is False] == []
    assert sum(aim.met is True for aim in found.aims) >= 12
    assert "reached" in told(found)["Aims"]
    assert "not reached" not in told(found)["Aims"]


def test_the_true_torque_is_the_models_at_the_true_posture(tmp_path):
    """6.3's man of 80 kg and 1.80 m, at 45 degrees of knee flexion on level shins."""
    done = perform(Curl(breaks=45))
    truth = truth_of(done)
    frames = {**truth["frames"], "hip_flexion_deg": [0.0] * len(truth["frames"]["t_s"])}
    save(tmp_path, "a", done, frames=frames)
    (known,) = known_clips(tmp_path)
    found = true_measures(known.reps[0], known)
    assert found["estimated_knee_flexor_torque"] == pytest.approx(309.0, rel=0.02)
    assert found["estimated_knee_flexor_torque_per_leg_per_kg"] == pytest.approx(1.931, rel=0.02)
