"""The figures of a validation, by hand; the form of the truth; which rep is which."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from athlete import Curl, perform
from hypothesis import given, settings
from hypothesis import strategies as st
from known_clips import save, truth_of

from formcheck.errors import InputError, MissingPartError
from formcheck.exercises import DEFAULT, EXERCISES
from formcheck.validate.angles import sampled
from formcheck.validate.compare import view_of
from formcheck.validate.judged import compared, highest, on_edge
from formcheck.validate.known import Known, known_clips
from formcheck.validate.labels import read_labels
from formcheck.validate.matching import matched, spans, true_measures
from formcheck.validate.scores import Pair, RepScore
from formcheck.validate.statistics import agreement, calibration, detection, of_pairs, rounded
from formcheck.validate.truth import Fault, read_truth

ONE = perform(Curl())


def named(every) -> list[tuple[int | None, str]]:
    return [(n.rep, n.check) for n in every]


# --- statistics


def test_agreement_by_hand():
    found = agreement([1.0, 2.0, 3.0, -2.0], [True, True, False, True])
    assert (found.n, found.bias, found.mae, found.coverage) == (4, 1.0, 2.0, 0.75)
    assert found.sd == pytest.approx(2.1602, abs=1e-4)  # sqrt(14 / 3)
    assert found.low == pytest.approx(1 - 1.96 * 2.1602, abs=1e-3)
    assert found.high == pytest.approx(1 + 1.96 * 2.1602, abs=1e-3)
    assert found.p95 == pytest.approx(2.85)  # of 1, 2, 2, 3


def test_of_nothing_and_of_one_there_is_little_to_say():
    assert agreement([]).model_dump(exclude_none=True) == {"n": 0}
    assert agreement([np.nan, 2.0]).model_dump(exclude_none=True) == {
        "n": 1, "bias": 2.0, "mae": 2.0, "p95": 2.0,
    }  # fmt: skip


def test_bounds_and_what_is_missing_are_no_errors():
    pairs = [
        Pair(true=50, value=54, uncertainty=5),
        Pair(true=50, value=44, uncertainty=5),
        Pair(true=50, value=30, uncertainty=5, bound="at-most"),
        Pair(true=50),
        Pair(value=50),
    ]
    found = of_pairs(pairs)
    assert (found.n, found.bias, found.mae, found.coverage) == (2, -1.0, 5.0, 0.5)
    assert (found.stated, found.half_width) == (2, 5.0)


def test_calibration_by_hand():
    """Intervals of +-1.96: the claim of 50 % is +-0.674, of 68 % +-0.994, of 90 % +-1.645."""
    pairs = [Pair(true=0, value=e, uncertainty=1.96) for e in (0.5, -0.8, 1.5, 3.0)]
    found = calibration(pairs)
    assert found.n == 4
    assert found.shares == {"50": 0.25, "68": 0.5, "80": 0.5, "90": 0.75, "95": 0.75}
    assert calibration([Pair(true=1)]) is None


def test_precision_recall_and_f1_by_hand():
    found = detection(6, 2, 4)
    assert (found.precision, found.recall) == (0.6, 0.75)
    assert found.f1 == pytest.approx(2 * 0.6 * 0.75 / 1.35, abs=1e-4)
    nothing = detection(0, 0, 0)
    assert (nothing.precision, nothing.recall, nothing.f1) == (None, None, None)
    assert detection(0, 3, 0).f1 == 0.0


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=30), st.randoms())
def test_the_order_of_errors_does_not_matter(errors, random):
    mixed = list(errors)
    random.shuffle(mixed)
    assert agreement(errors).mae == pytest.approx(agreement(mixed).mae, abs=1e-4)
    assert agreement(errors).bias == pytest.approx(agreement(mixed).bias, abs=1e-4)


def test_no_figure_is_minus_zero_or_nan():
    assert str(rounded(-1e-9)) == "0.0"
    assert rounded(float("nan")) is None


# --- angles at the truth's instants


def test_a_curve_is_never_read_across_a_gap():
    t = np.array([0.0, 0.1, 0.2, 0.3, 0.9, 1.0])
    curve = np.array([0.0, 1.0, np.nan, 3.0, 9.0, 10.0])
    found = sampled(t, curve, np.array([-0.1, 0.05, 0.1, 0.15, 0.25, 0.3, 0.6, 0.95, 1.2]))
    np.testing.assert_allclose(found, [np.nan, 0.5, 1, np.nan, np.nan, 3, np.nan, 9.5, np.nan])


# --- which rep is which


def test_reps_are_matched_by_overlap_not_by_number():
    assert matched([(0, 4), (5, 9)], [(4.8, 9.2)]) == {1: 0}
    assert matched([(0, 4), (5, 9)], [(0, 9)]) == {0: 0}
    assert matched([(0, 4)], [(3.5, 6), (0.2, 3.4)]) == {0: 1}
    assert matched([(0, 4)], [(5, 6)]) == {}


@given(st.permutations(range(4)))
def test_the_order_of_found_reps_does_not_matter(order):
    true = [(i * 5.0, i * 5 + 4.0) for i in range(4)]
    found = [(i * 5.0 + 0.3, i * 5 + 4.5) for i in order]
    assert matched(true, found) == {i: order.index(i) for i in range(4)}


def test_a_rep_whose_end_was_not_seen_lasts_to_the_next(tmp_path):
    reps = truth_of(perform(Curl(), Curl()))["reps"]
    reps[0]["end_s"] = reps[1]["end_s"] = None
    path = tmp_path / "a.truth.json"
    path.write_text(json.dumps(truth_of(ONE, reps=reps)), encoding="utf-8")
    first, second = spans(read_truth(path).reps)
    assert first == (reps[0]["start_s"], reps[1]["start_s"])
    assert second == (reps[1]["start_s"], np.inf)


def test_durations_are_of_the_body_and_moments_of_the_file(tmp_path):
    save(tmp_path, "slow", ONE, time_scale=4.0)
    (known,) = known_clips(tmp_path)
    rep = known.reps[0]
    lowering = true_measures(rep, known)["eccentric_duration"]
    assert lowering == pytest.approx((rep.catch_s - rep.start_s) / 4, abs=1e-3)


@pytest.mark.parametrize(
    ("yaw", "view"), [(0, "0-10"), (-10, "0-10"), (15, "10-20"), (-30, "20-35"), (50, "35-50"),
                      (90, "front"), (None, None)],
)  # fmt: skip
def test_the_view_is_binned_by_its_yaw(tmp_path, yaw, view):
    save(tmp_path, "a", ONE, camera={**truth_of(ONE)["camera"], "yaw_deg": yaw})
    assert view_of(known_clips(tmp_path)[0]) == view


# --- faults


def never(place) -> bool:
    return False


def test_found_missed_false_and_borderline():
    found = compared(
        [(1, "a"), (2, "b")],
        {(1, "a"): 1, (1, "b"): 1, (2, "c"): 0, (3, "d"): 0},
        [Fault(rep=2, check="c")],
        never,
    )
    assert named(found.found) == [(1, "a")]
    assert named(found.missed) == [(2, "b")]
    assert named(found.false) == [(1, "b"), (3, "d")]
    assert named(found.borderline) == [(2, "c")]


def test_what_is_mild_and_was_not_named_is_told_apart_from_a_missed_fault():
    mild = [Fault(rep=1, check="a"), Fault(rep=2, check="a"), Fault(rep=3, check="a")]
    found = compared([], {(1, "a"): 0}, mild, lambda place: place[0] == 3)
    assert named(found.borderline) == [(1, "a")]
    assert named(found.mild_missed) == [(2, "a")]
    assert (found.missed, found.false) == ((), ())


def test_what_a_single_frame_decides_is_not_judged():
    """A lowering of 2.99 s, or 3.02, at 30 frames a second, where 3 s are asked; not one of 2.9."""
    reps = [
        RepScore(rep=i, found=i, kind="full", measures={"eccentric_duration": Pair(true=true)})
        for i, true in enumerate((2.99, 3.02, 2.9), 1)
    ]
    check = "falls-too-fast"
    edge = on_edge(EXERCISES["nordic-curl"].checks, reps, 1 / 30)
    assert edge == {(1, check), (2, check)}
    mild = [Fault(rep=1, check=check), Fault(rep=3, check=check)]
    silent = compared([], {}, mild, never, (), edge)
    assert named(silent.mild_missed) == [(3, check)]
    warned = compared([], {(n, check): 0 for n in (1, 2, 3)}, mild, never, (), edge)
    assert named(warned.not_judged) == [(1, check), (2, check)]
    assert (named(warned.borderline), warned.false) == ([(3, check)], ())


def test_a_warning_is_not_judged_where_the_truth_does_not_tell_what_is_borderline():
    found = compared([(1, "a")], {(1, "a"): 0, (2, "a"): 0, (2, "b"): 1}, None, never)
    assert named(found.found) == [(1, "a")]
    assert named(found.not_judged) == [(2, "a")]
    assert named(found.false) == [(2, "b")]


def test_a_fault_of_the_whole_set_is_found_in_any_rep():
    found = compared([(None, "a")], {(1, "a"): 1, (3, "a"): 1}, (), never)
    assert named(found.found) == [(None, "a")]
    assert (found.missed, found.false) == ((), ())


def test_what_had_to_be_refused_is_not_missed():
    found = compared([(1, "a"), (2, "a")], {}, (), lambda place: place[0] == 1)
    assert named(found.excused) == [(1, "a")]
    assert named(found.missed) == [(2, "a")]


def test_what_may_be_noted_is_neither_missed_nor_false():
    note = [Fault(rep=None, check="c")]
    assert compared([], {}, (), never, note).missed == ()
    found = compared([], {(None, "c"): 1}, (), never, note)
    assert (found.false, named(found.borderline)) == ((), [(None, "c")])


def test_the_worst_that_a_check_can_say():
    checks = {check.name: highest(check) for check in EXERCISES["nordic-curl"].checks}
    assert checks["hips-pike"] == "fault"
    assert checks["partial-range"] == "warning"


# --- the form of the truth


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.pop("reps"), "reps: is missing"),
        (lambda d: d["reps"][0].pop("start_s"), "reps[1].start_s: is missing"),
        (lambda d: d["reps"][0].update(bottom_s="3.1"), "reps[1].bottom_s: input should be"),
        (lambda d: d.update(fps=0), "fps: input should be greater than 0"),
        (lambda d: d["camera"].update(yaw_deg=float("nan")), "camera.yaw_deg: input should be a f"),
        (lambda d: d["frames"]["hip_flexion_deg"].pop(), "hip_flexion_deg has 330 entries"),
        (lambda d: d["frames"]["t_s"].__setitem__(3, 0.0), "t_s must increase"),
        (lambda d: d["frames"]["phase"].__setitem__(0, "idle"), "frames.phase[1] is 'idle', exp"),
        (lambda d: d["reps"][0].pop("catch_s"), "reps[1].catch_s is missing"),
        (lambda d: d["reps"][0].pop("break_point_angle_deg"), "reps[1].break_point_angle_deg is m"),
        (lambda d: d["reps"][0].update(bottom_s=None), "expected bottom_s or top_s"),
        (lambda d: d["reps"][0].update(hip_break_deg="3"), "hip_break_deg is '3', expected a num"),
        (lambda d: d["faults"].append({"rep": 2, "check": "hips-pike"}), "names rep 2 of 1"),
        (lambda d: d["reps"][0].update(end_s=0.1), "in this order"),
        (lambda d: d["reps"][0].update(bottom_s=None), "expected bottom_s or top_s"),
        (lambda d: d["reps"][0].update(bottom_s=None, top_s=0.0), "in this order"),
        (lambda d: d.update(borderlin=[]), "did you mean 'borderline'?"),
        (lambda d: d["reps"][0].update(hip_break_degs=3), "did you mean 'hip_break_deg'?"),
    ],
)
def test_a_truth_that_is_not_in_the_form_is_refused_by_file_and_field(tmp_path, change, said):
    data = json.loads(json.dumps(truth_of(ONE)))
    change(data)
    path = tmp_path / "bad.truth.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_truth(path)
    assert "bad.truth.json" in str(error.value)
    assert said in str(error.value)
    assert "docs/accuracy.md" in str(error.value)


def test_every_bad_file_is_named_before_any_work(tmp_path):
    save(tmp_path, "good", ONE)
    for name in ("x", "y"):
        (tmp_path / f"{name}.truth.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.truth\.json(.|\n)*y\.truth\.json"):
        known_clips(tmp_path)


def test_what_a_lab_need_not_bring(tmp_path):
    """Only the contract's fields, and more of its own."""
    save(tmp_path, "lab", ONE, marker_set="Plug-in Gait")
    truth = known_clips(tmp_path)[0].truth
    assert (truth.borderline, truth.refusals, truth.awaits) == (None, None, None)
    assert truth.time_scale == 1.0


def test_where_there_is_nothing_known(tmp_path):
    with pytest.raises(MissingPartError, match=r"\.truth\.json"):
        known_clips(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        known_clips(tmp_path / "nowhere")


# --- labels made by eye

LABELS = {
    "_about": "seen by a person",
    "b.mp4": {"exercise": "none", "reps": 0, "view": "side"},
    "a.mp4": {
        "exercise": "nordic-curl", "reps": 1, "view": "FRONT: nothing can be measured",
        "events": [{"start_s": 1, "break_s": None, "catch_s": 2.0, "bottom_s": 2.5, "end_s": 4}],
    },
    "c.mp4": {"exercise": "bench-leg-curl", "reps": 4},
}  # fmt: skip


def labelled(folder: Path, labels: dict) -> list[Known]:
    (folder / "labels.json").write_text(json.dumps(labels), encoding="utf-8")
    return known_clips(folder)


def test_labels_are_clips_with_fewer_fields(tmp_path):
    a, b, c = labelled(tmp_path, LABELS)
    assert [k.name for k in (a, b, c)] == ["a.mp4", "b.mp4", "c.mp4"]
    assert (a.shown, a.front, a.by_eye, len(a.reps)) == (a.judge, True, True, 1)
    assert (b.shown, b.judge.name, b.reps_true) == (None, DEFAULT, 0)
    assert (c.exercise, len(c.reps)) == ("bench-leg-curl", 0)
    assert a.reps[0].catch_s == 2.0
    assert true_measures(a.reps[0], a) == {}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"exercise": 3}, "a.mp4: this is not in the expected form: exercise"),
        ({"reps": 2}, "2 reps and 1 events"),
        ({"events": [{"start_s": 1}]}, "events[1].end_s: is missing"),
    ],
)
def test_bad_labels_are_refused_by_clip_and_field(tmp_path, change, said):
    path = tmp_path / "labels.json"
    path.write_text(json.dumps({"a.mp4": {**LABELS["a.mp4"], **change}}), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_labels(path)
    assert said in str(error.value)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("ab")), unique=True), st.randoms())
def test_the_order_of_what_was_raised_does_not_matter(raised, random):
    mixed = list(raised)
    random.shuffle(mixed)
    wrong = [(1, "a"), (2, "b")]
    both = [compared(wrong, dict.fromkeys(places, 1), (), never) for places in (raised, mixed)]
    assert both[0] == both[1]
