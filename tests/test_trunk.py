"""The hips against the athlete's own start (nordic-curl.md 3)."""

import athlete
import numpy as np
import pytest
from athlete import Curl, Hold, Move, perform

from formcheck.exercises.nordic_gates import READY
from formcheck.exercises.nordic_measures import MEASURES
from formcheck.measures import trunk

T = np.arange(0, 7, 1 / 30)
LEAN = np.interp(T, [1, 6], [0, 50])
"""Kneels for a second, leans forward by 50 degrees in five, stays."""
HIPS = trunk.Hips("hip_flexion", READY)
LEAD = HIPS.lead_joint(leads_from=20, hinging=0.7)
EXTENSION = HIPS.extension_min(share=0.05, lasts_s=0.3, upto=60)


def leaning(hip, **told):
    """A rep of this thigh lean, its start after one second, with the hip flexion given."""
    return athlete.made_rep(
        T, thigh_lean=LEAN, hip_flexion=hip, start=1.0, begins=1.0, bottom=6.0, **told
    )


def test_hips_that_stay_as_they_start():
    rep = leaning(np.full(len(T), 10.0))
    assert HIPS.flexion_start(rep).value == pytest.approx(10.0)
    assert HIPS.flexion_max(rep).value == pytest.approx(10.0)
    assert HIPS.hip_break(rep).value == pytest.approx(0.0, abs=1e-6)
    assert EXTENSION(rep).value == pytest.approx(0.0, abs=1e-6)


def test_hips_that_fold_by_half_a_degree_a_degree():
    """At 50 degrees of lean the hips are at 10 + 25: a fault, beyond the limit of 20 for sure."""
    rep = leaning(10 + 0.5 * LEAN)
    folded = HIPS.hip_break(rep)
    assert rep.at("hip_flexion", 6.0) == pytest.approx(35, abs=0.5)
    assert folded.value == pytest.approx(25, abs=0.5)
    assert folded.at == pytest.approx(6.0, abs=0.1)
    (check,) = [c for c in athlete.NORDIC.checks if c.name == "hips-pike"]
    assert check.judge(rep, athlete.NORDIC.measured(rep)).severity == "fault"


def test_the_greatest_flexion_is_no_single_frame():
    hip = np.full(len(T), 10.0)
    hip[90:93] = 60.0
    assert HIPS.flexion_max(leaning(hip)).value == pytest.approx(10, abs=1)


def test_the_line_of_the_hips():
    """Half of a ramp of 25 degrees: its root mean square is 25 / sqrt 3."""
    assert HIPS.alignment(leaning(np.full(len(T), 10.0))).value == pytest.approx(0.0, abs=1e-6)
    folding = HIPS.alignment(leaning(10 + 0.5 * LEAN))
    assert folding.value == pytest.approx(25 / np.sqrt(3), abs=0.3)
    assert folding.uncertainty == pytest.approx(4.80, abs=0.01)


@pytest.mark.parametrize(
    ("fold", "lead", "outcome"), [(0.0, 1.0, None), (0.5, 50 / 75, None), (1.5, 0.4, "hinging")]
)
def test_which_joint_leads(fold, lead, outcome):
    """3's vector: the trunk leans by 50 and 25 more at half a degree a degree."""
    told = LEAD(leaning(10 + fold * LEAN))
    assert told.value == pytest.approx(lead, abs=0.01)
    assert told.outcome == outcome
    assert told.within <= told.uncertainty < 0.15


def test_which_joint_leads_is_told_at_the_break():
    hip = 10 + np.where(LEAN > 30, 60.0, 0.0)
    assert LEAD(leaning(hip)).value < 0.5
    assert LEAD(leaning(hip, marks={"break": 3.5})).value == pytest.approx(1.0, abs=0.01)


def test_a_trunk_that_hardly_leans_does_not_tell_which_joint_leads():
    told = LEAD(leaning(np.full(len(T), 10.0), marks={"break": 2.5}))
    assert np.isnan(told.value)
    assert "15°" in told.reason


def test_the_neck_is_described():
    rep = leaning(np.full(len(T), 10.0), neck_angle=np.where(T > 6.1, 90.0, 12.0))
    told = trunk.neck_angle("neck_angle")(rep)
    assert (told.value, told.uncertainty) == (pytest.approx(12.0), 15.0)
    assert not any(
        limit.measure == "neck_angle" for c in athlete.NORDIC.checks for limit in c.limits
    )


@pytest.mark.parametrize(("share", "status"), [(0.04, "ok"), (0.07, "warn"), (0.09, "refused")])
def test_loose_clothes_refuse_the_hips(share, status):
    """Trunk or thigh that seem to change their length by more than 8 % (3)."""
    trunks = 1.2 * (1 + share * np.sqrt(2) * np.sin(2 * np.pi * T))
    rep = leaning(np.full(len(T), 10.0), trunk_length=trunks)
    (measure,) = [m for m in MEASURES if m.name == "hip_break"]
    assert measure.measure(rep).status == status


def test_what_happens_on_the_floor_or_before_the_start_is_not_the_lowering():
    hip = np.where(T > 6.2, 60.0, np.where(T < 0.3, 45.0, 10.0))
    rep = leaning(hip)
    assert HIPS.hip_break(rep).value == pytest.approx(0, abs=1)
    caught = leaning(np.where(T > 4.2, 60.0, 10.0), marks={"catch": 4.0})
    assert HIPS.hip_break(caught).value == pytest.approx(0, abs=1)


@pytest.mark.parametrize(
    ("seconds", "least", "most"), [(0.1, -2, 0), (0.2, -4, 0), (0.5, -18, -15), (1.0, -18, -16)]
)
def test_an_arch_has_to_last_three_tenths_of_a_second(seconds, least, most):
    hip = np.where(np.abs(T - 3 - seconds / 2) < seconds / 2, 10.0 - 17, 10.0)
    assert least <= EXTENSION(leaning(hip)).value <= most


@pytest.mark.parametrize(("seconds", "least", "most"), [(0.2, -6, 0), (0.6, -18, -14)])
def test_in_a_quick_lowering_as_well(seconds, least, most):
    """In two seconds a twentieth of the lowering would be a tenth of a second only."""
    hip = np.where(np.abs(T - 2 - seconds / 2) < seconds / 2, -7.0, 10.0)
    rep = athlete.made_rep(
        T, thigh_lean=25 * T, hip_flexion=hip, start=1.0, begins=1.0, bottom=3.0, until=6.0
    )
    assert least <= EXTENSION(rep).value <= most


def test_an_arch_after_the_break_does_not_count():
    hip = np.where(T > 4.5, -10.0, 10.0)
    assert EXTENSION(leaning(hip)).value == pytest.approx(-20, abs=1)
    assert EXTENSION(leaning(hip, marks={"break": 4.0})).value == pytest.approx(0, abs=1)


def test_hips_of_a_body_near_the_floor_are_not_judged_by_a_point_that_slid():
    """The thighs lean by more than 60 degrees from the instant on that the hips seem to open."""
    rep = athlete.made_rep(
        T, thigh_lean=np.where(T > 3, 70.0, 40.0), hip_flexion=np.where(T > 3, 3.0, 10.0),
        start=1.0, begins=1.0, bottom=6.0,
    )  # fmt: skip
    assert EXTENSION(rep).value == pytest.approx(0, abs=1)


def test_an_arch_is_shown_where_it_begins():
    hip = np.where((T > 3) & (T < 4), -7.0, 10.0)
    assert EXTENSION(leaning(hip)).at == pytest.approx(3.1, abs=0.15)


def test_the_absolute_angle_is_only_good_to_eight_degrees_and_its_change_to_five():
    rep = leaning(np.full(len(T), 10.0))
    for measure in (HIPS.flexion_start, HIPS.flexion_max):
        value = measure(rep)
        assert (value.uncertainty, value.within) == (8.0, pytest.approx(2.94, abs=0.01))
    folded = HIPS.hip_break(rep)
    assert (folded.uncertainty, folded.within) == pytest.approx((4.80, 2.94), abs=0.01)


def test_hips_that_were_not_seen_are_not_measured():
    rep = leaning(np.full(len(T), np.nan))
    for measure in MEASURES:
        if measure.name.startswith("hip_"):
            one = measure.measure(rep)
            assert (one.status, one.value) == ("refused", None), measure.name
            assert one.reason


def test_hips_seen_badly_refuse_all_that_needs_them():
    rep = leaning(np.full(len(T), 10.0), visibility=0.5)
    for measure in MEASURES:
        if measure.name.startswith("hip_"):
            one = measure.measure(rep)
            assert (one.status, one.value) == ("refused", None), measure.name
            assert "G2" in {g.gate for g in one.gates if g.status == "refused"}


@pytest.mark.parametrize(("fold", "arch"), [(12.0, 0.0), (45.0, 0.0), (0.0, 17.0), (0.0, 0.0)])
def test_constructed_reps_read_what_the_hips_did(fold, arch):
    _, report = athlete.judged(perform(Curl(fold=fold, arch=arch)).film())
    read = report.reps[0].measures
    assert read["hip_break"].value == pytest.approx(fold, abs=1)
    assert read["hip_extension_min"].value == pytest.approx(-arch, abs=1)
    assert read["hip_flexion_start"].value == pytest.approx(athlete.STRAIGHT, abs=0.5)


QUICK = (Hold(1), Move(0.8, lean=-55, hip=60), Hold(0.5), Move(1.5, lean=0, hip=athlete.STRAIGHT))
"""Sits back on the heels and comes up again."""


@pytest.mark.parametrize("pause", [0.1, 0.3, 0.6])
@pytest.mark.parametrize("fold", [0.0, 30.0])
def test_a_start_on_the_move_is_not_taken_for_the_start(pause, fold):
    """Up from the heels and straight down again: the hips are still opening where it begins."""
    done = perform(Curl(), *QUICK, Curl(rest=pause, fold=fold))
    _, report = athlete.judged(done.film())
    second = [r for r in report.reps if r.counted][-1]
    checks = {f.check for f in second.findings}
    assert "hips-too-straight" not in checks
    assert ("hips-pike" in checks) == (fold > 0)


def test_a_set_without_any_still_start_refuses_its_hips():
    done = perform(*QUICK, Curl(rest=0.05))
    track = done.film(first=1.9)
    rep = next(r for r in athlete.judged(track)[1].reps if r.counted)
    one = rep.measures["hip_break"]
    assert one.value is None or rep.measures["hip_flexion_start"].value == pytest.approx(5, abs=3)
