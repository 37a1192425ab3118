"""Feet, shins and knees on the ground (nordic-curl.md 5)."""

import athlete
import numpy as np
import pytest
from athlete import Curl, perform

from formcheck.exercises.nordic_gates import FEET_DOWN
from formcheck.exercises.nordic_ground import MEASURES, PLANTAR
from formcheck.measures import ground
from formcheck.segments import thigh_of_stature

T = np.arange(0, 7, 1 / 30)
DOWN = np.interp(T, [1, 6], [0, 1])
"""The share of the way down: kneels for a second, comes down in five, stays."""
SHARE = thigh_of_stature()[0]
BY_NAME = {m.name: m for m in MEASURES}
FOOT = ("ankle_v", "heel_v", "foot_index_v")
CHECKS = {c.name: c for c in athlete.NORDIC.checks}


def kneeling(**told):
    """A rep that lies where it kneels: the shin one thigh long, its start after a second."""
    places = {"knee_u": 1.0, "thigh_lean": 80 * DOWN, **told}
    return athlete.made_rep(T, **{"start": 1.0, "begins": 1.0, "bottom": 6.0, **places})


def lifted(deg, **told):
    """The foot comes up by the turn of the shin about the knee, all three points alike."""
    turn = np.radians(deg * DOWN)
    up = {p: np.sin(turn) for p in FOOT}
    return kneeling(**{**up, "ankle_u": 1 - np.cos(turn), "shank_pitch": -np.degrees(turn), **told})


def slid(thighs, **told):
    moved = {"knee_u": 1 + thighs * DOWN, "ankle_u": thighs * DOWN}
    return kneeling(**{**moved, **told})


def judged(check, rep):
    return CHECKS[check].judge(rep, athlete.NORDIC.measured(rep))


def test_a_thigh_is_between_a_fifth_and_a_quarter_of_a_body():
    share, sd = thigh_of_stature()
    assert share == pytest.approx((422.2 / 1741 + 368.5 / 1735) / 2)
    assert sd / share == pytest.approx(np.hypot(0.0663, 0.05), abs=1e-3)


def test_what_lies_still_neither_rises_nor_slides():
    rep = kneeling()
    for measure in (ground.heel_lift, ground.knee_shift, ground.shank_pitch_change):
        assert measure(rep).value == pytest.approx(0.0, abs=1e-9), measure
    assert judged("anchor-slips", rep) is None
    assert judged("knees-slide", rep) is None


@pytest.mark.parametrize(("deg", "refused"), [(3.0, False), (15.0, True)])
def test_the_knee_is_not_told_of_shins_that_come_up(deg, refused):
    """It is told against shins that lie as at rest; where they do not show, they are not asked."""
    (measure,) = [m for m in athlete.NORDIC.measures if m.name == "break_point_angle"]
    assert FEET_DOWN in measure.gates
    gate = FEET_DOWN.of(lifted(deg))
    assert gate is not None and (gate.judge(lifted(deg)).status == "refused") == refused
    assert FEET_DOWN.of(lifted(deg, visibility=0.3)) is None


@pytest.mark.parametrize(("deg", "said"), [(3.0, None), (15.0, "warning"), (18.0, "fault")])
def test_feet_that_come_up(deg, said):
    """A shin as long as the thigh that turns by 15 degrees lifts the ankle by 0.26 thigh lengths:
    0.059 of the stature; 3 degrees are 0.012."""
    rep = lifted(deg)
    lift = ground.heel_lift(rep)
    risen = np.sin(np.radians(deg)) * SHARE
    assert lift.value == pytest.approx(risen, abs=0.1 * risen)
    assert lift.uncertainty == pytest.approx(np.hypot(1.96 * 0.06 * SHARE, 0.163 * risen), rel=0.1)
    assert ground.shank_pitch_change(rep).value == pytest.approx(-deg, abs=0.1 * deg)
    answer = judged("anchor-slips", rep)
    assert (answer and answer.severity) == said


@pytest.mark.parametrize("still", FOOT)
def test_one_point_that_stays_down_is_a_foot_that_stays_down(still):
    rep = lifted(12.0, **{still: 0.0})
    assert ground.heel_lift(rep).value == pytest.approx(0.0, abs=1e-3)


def test_a_camera_that_nods_lifts_no_foot():
    nod = 0.3 * DOWN
    rep = kneeling(knee_v=nod, ankle_v=nod, heel_v=nod, foot_index_v=nod)
    assert ground.heel_lift(rep).value == pytest.approx(0.0, abs=1e-9)


def test_a_foot_that_rises_on_the_floor_is_no_slip_of_the_lowering():
    up = np.interp(T, [5.0, 6.0], [0.0, 0.3])
    rep = kneeling(**dict.fromkeys(FOOT, up), marks={"catch": 5.0})
    assert ground.heel_lift(rep).value == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize(("thighs", "said"), [(0.05, None), (0.11, "warning"), (0.25, "fault")])
def test_knees_that_slide(thighs, said):
    rep = slid(thighs)
    shift = ground.knee_shift(rep)
    assert shift.value == pytest.approx(thighs * SHARE, rel=0.1)
    answer = judged("knees-slide", rep)
    assert (answer and answer.severity) == said


def test_knees_do_not_slide_backward():
    """The points of hip and knee slide back on every body that comes down."""
    assert ground.knee_shift(slid(-0.2)).value == pytest.approx(0.0, abs=0.004)


def test_a_knee_and_an_ankle_that_disagree_widen_the_interval():
    agreed, alone = ground.knee_shift(slid(0.2)), ground.knee_shift(slid(0.2, ankle_u=0.1 * DOWN))
    assert alone.value == pytest.approx(0.75 * agreed.value, rel=0.02)
    assert alone.uncertainty > agreed.uncertainty + 0.002


def test_a_shin_that_seems_to_stretch_refuses_what_hangs_on_it():
    """What covers the ankle makes its point wander along the shin."""
    rep = kneeling(ankle_u=-0.25 * DOWN)
    for name in ("heel_lift", "knee_shift", "shank_pitch_change"):
        one = BY_NAME[name].measure(rep)
        assert (one.value, one.status) == (None, "refused"), name
        assert "not followed well enough" in one.reason
    answer = judged("anchor-slips", rep)
    assert (answer.what, answer.reps) == ("anchor-slips", (1,))


def test_feet_not_seen_are_not_scored():
    rep = kneeling(visibility=0.5, ankle_dorsiflexion=-50.0)
    for name, measure in BY_NAME.items():
        one = measure.measure(rep)
        assert (one.value, one.status) == (None, "refused"), name
        assert "G2" in {g.gate for g in one.gates if g.status == "refused"}, name
    for check in ("anchor-slips", "knees-slide", "feet-not-dorsiflexed"):
        assert judged(check, rep).what == check


def test_a_camera_that_drifts_cannot_tell_a_slide():
    drift = 0.05 * np.arange(len(T)) / 30  # 150 px a thigh: 1 % of 720 px a second
    rep = kneeling(knee_u=1 + drift, ankle_u=drift)
    one = BY_NAME["knee_shift"].measure(rep)
    assert "G9" in {g.gate for g in one.gates if g.status == "refused"}
    assert BY_NAME["heel_lift"].measure(rep).value == pytest.approx(0.0, abs=1e-3)


# --- how shins and feet lie


def test_the_slope_of_a_shin_is_what_is_believed_and_what_changed_since():
    rep = kneeling(shank_pitch=-12.0)
    rest = rep.setting.rest["shank_pitch"]
    assert ground.shank_pitch(rep).value == pytest.approx(-12 + rest.offset_deg)
    assert ground.shank_pitch(rep).uncertainty == pytest.approx(1.96 * np.hypot(rest.sd_deg, 2))


def test_the_knees_at_the_start():
    rep = kneeling(knee_flexion=88 - 80 * DOWN)
    start = ground.start_knee_angle(rep)
    assert start.value == pytest.approx(88, abs=0.5)
    assert start.within <= start.uncertainty


def test_feet_that_point_away_are_told_as_a_bound():
    sway = 5 * np.sin(2 * np.pi * T)
    rep = kneeling(ankle_dorsiflexion=-48 + sway)
    position, change = (
        ground.ankle_position(PLANTAR)(rep),
        ground.ankle_position_change(PLANTAR)(rep),
    )
    assert (position.value, position.bound) == (pytest.approx(-48, abs=0.5), "at-most")
    assert (change.value, change.bound) == (pytest.approx(10, abs=1.5), "at-most")
    answer = judged("feet-not-dorsiflexed", rep)
    assert (answer.severity, answer.limit) == ("note", -25.0)
    assert "no fault" in answer.sentence


@pytest.mark.parametrize("deg", [-24.0, -10.0, 0.0, 15.0])
def test_feet_that_do_not_read_so_are_left_open(deg):
    """Feet under a bar that truly point away by 70 degrees read -20 to 0."""
    rep = kneeling(ankle_dorsiflexion=deg)
    assert np.isnan(ground.ankle_position(PLANTAR)(rep).value)
    answer = judged("feet-not-dorsiflexed", rep)
    assert "nothing is said" in answer.reason


def test_a_set_as_it_is_filmed():
    _, report = athlete.judged(perform(Curl(), Curl()).film(noise=0.5))
    for rep in report.reps:
        read = rep.measures
        assert read["heel_lift"].value == pytest.approx(0.0, abs=0.01)
        assert read["knee_shift"].value == pytest.approx(0.0, abs=0.01)
        assert read["start_knee_angle"].value == pytest.approx(90, abs=3)
        assert {"The feet stayed down.", "The knees kept their place."} <= set(rep.good)


def test_what_can_only_be_noted_is_not_missed_in_the_verdict():
    _, report = athlete.judged(perform(Curl(), Curl()).film())
    assert "feet-not-dorsiflexed" in {entry.what for entry in report.not_assessed}
    assert "feet" not in report.verdict.sentence


def test_feet_that_the_anchor_hides_do_not_spoil_the_filming():
    """A bench over the ankles is how the exercise is done."""
    free, hidden = (
        athlete.judged(perform(Curl()).film(fps=60, unseen=unseen))[1]
        for unseen in ((), ("HEEL", "FOOT_INDEX"))
    )
    assert hidden.reps[0].measures["heel_lift"].value is None
    assert hidden.filming == free.filming
