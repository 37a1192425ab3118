"""What the hands do (nordic-curl.md 4)."""

import athlete
import numpy as np
import pytest
from athlete import Curl, made_rep, perform

from formcheck.exercises.nordic_gates import CONTACT
from formcheck.measures import arms
from formcheck.measures.contact import hand_contact, leaving, release_otherwise, release_sd
from formcheck.setting import Athlete

MAN = Athlete(mass_kg=80, height_m=1.80, sex="male")
WOMAN = Athlete(mass_kg=65, height_m=1.68, sex="female")


def of(who):
    return athlete.made_rep(np.arange(0, 3, 0.1), setting=athlete.setting(athlete=who))


@pytest.mark.parametrize(("who", "k"), [(MAN, 12.383), (WOMAN, 13.98)])
def test_how_fast_a_straight_body_falls(who, k):
    assert arms.swing(of(who)) == pytest.approx(k, abs=0.005)


def test_whom_we_know_nothing_of_lies_between():
    assert arms.swing(of(Athlete())) == pytest.approx((22.29 + 23.49) / 2 / 1.75)


@pytest.mark.parametrize(("speed", "share", "within"), [(0.0, 0.280, 0.002), (60.0, 0.329, 0.005)])
def test_the_work_of_the_hands(speed, share, within):
    """80 kg, 1.80 m: from 85 degrees of lean, hands off at 70, upright at 5."""
    leans = np.array([85.0, 70.0, 5.0])
    value = arms.work_fraction(leans, speed, arms.swing(of(MAN)))
    assert value == pytest.approx(share, abs=within)


def test_the_kinetic_part_is_that_of_the_specification():
    """19.3 of 397.2 J at 60 deg/s."""
    leans = np.array([85.0, 70.0, 5.0])
    k = arms.swing(of(MAN))
    kinetic = arms.work_fraction(leans, 60.0, k) - arms.work_fraction(leans, 0.0, k)
    assert kinetic == pytest.approx(19.3 / 397.2, abs=0.001)


def rising(speed=60.0, **told):
    """Lies at 85 degrees, is pushed up to 70 by the hands, rises on to 5 at a steady speed."""
    t = np.arange(0, 8, 1 / 60)
    fast = 65 / speed
    lean = np.interp(t, [1, 4, 5, 5 + 15 / speed, 5 + 15 / speed + fast], [5, 85, 85, 70, 5])
    marks = {"catch": 3.9, "release": 5 + 15 / speed, "release_sd": 0.03}
    marks |= told.pop("marks", {})
    return athlete.made_rep(
        t, body_lean=lean, start=1.0, begins=1.0, bottom=4.0, end=marks["release"] + fast,
        marks=marks, **{"setting": athlete.setting(frame_s=1 / 60, athlete=MAN), **told},
    )  # fmt: skip


def test_the_work_of_the_hands_in_a_whole_rep():
    value = arms.hand_assisted_work_fraction("body_lean", "hip_flexion", 20)(rising())
    assert value.value == pytest.approx(0.329, abs=0.01)
    assert 0.01 < value.uncertainty < 0.10


def test_a_body_that_no_hand_helped_up_and_one_that_was_not_seen_to_rise():
    work = arms.hand_assisted_work_fraction("body_lean", "hip_flexion", 20)
    alone = work(rising(marks={"catch": np.nan, "release": np.nan}))
    assert alone.value == 0.0
    unseen = work(rising(marks={"release": np.nan}))
    assert np.isnan(unseen.value)
    assert unseen.reason


# --- hands on the floor

REPS = {
    "a drop onto the hands": Curl(),
    "lowered softly onto the hands": Curl(breaks=None, lower=5),
    "hands on low blocks": Curl(breaks=None, lower=6, hands=45, hand_height=0.3),
    "hands that push far up": Curl(release=45),
    "three seconds on the floor": Curl(floor=3),
    "a fast push": Curl(up=1.2),
}


@pytest.mark.parametrize(
    ("what", "fps"),
    [*((what, 30) for what in REPS), ("a drop onto the hands", 60), ("a drop onto the hands", 120)],
)
def test_landing_and_leaving(what, fps):
    done = perform(REPS[what])
    session, report = athlete.judged(done.film(fps=fps))
    truth, rep = done.reps[0], report.reps[0]
    assert rep.catch_s == pytest.approx(truth.catch, abs=0.05)
    assert rep.release_s == pytest.approx(truth.release, abs=0.06)
    marks = hand_contact(CONTACT, athlete.reps_of(session)[0])
    assert marks == pytest.approx((rep.catch_s, rep.release_s), abs=1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_landing_and_leaving_with_a_tenth_of_the_frames_lost(seed):
    """A frame in which nobody was found does not lift the hands from the floor."""
    done = perform(Curl())
    _, report = athlete.judged(done.film(lost=0.10, seed=seed))
    truth, rep = done.reps[0], report.reps[0]
    assert rep.catch_s == pytest.approx(truth.catch, abs=0.12)
    assert rep.release_s == pytest.approx(truth.release, abs=0.12)


@pytest.mark.parametrize("rep", [Curl(), Curl(breaks=None), Curl(floor=3)])
def test_hands_that_hang_and_rest_on_nothing_never_land(rep):
    _, report = athlete.judged(perform(rep).film(hands="hang"))
    one = report.reps[0]
    assert (one.catch_s, one.release_s) == (None, None)
    assert one.measures["hand_assisted_work_fraction"].value == 0.0
    assert one.measures["catch_angle"].value is None
    assert one.measures["catch_angle"].reason


def test_hands_that_stay_at_the_chest_never_land():
    _, report = athlete.judged(perform(Curl(hands=None)).film())
    assert report.reps[0].catch_s is None


def test_where_the_hands_cannot_be_seen_the_fastest_instant_stands_in_and_no_work_is_judged():
    done = perform(Curl())
    _, report = athlete.judged(done.film(unseen=("WRIST",)))
    rep = report.reps[0]
    assert rep.catch_s == pytest.approx(done.reps[0].catch, abs=0.1)
    assert rep.release_s is None
    for name in ("hand_assisted_work_fraction", "catch_angle"):
        assert (rep.measures[name].status, rep.measures[name].value) == ("refused", None)
    (why,) = [n for n in report.not_assessed if n.what == "overuses-arms"]
    assert why.reps == (1,)
    assert "hands" in why.reason


def test_hands_out_of_the_picture_are_not_hands_in_the_air():
    """No wrist at all: no landing, no work, and no claim that they never touched the floor."""
    track = perform(Curl()).film()
    points, seen = track.points.copy(), track.visibility.copy()
    points[:, 15:23], seen[:, 15:23] = np.nan, np.nan
    _, report = athlete.judged(athlete.PoseTrack(track.t_s, points, seen, track.size))
    one = report.reps[0].measures["hand_assisted_work_fraction"]
    assert (one.status, one.value) == ("refused", None)
    assert report.reps[0].release_s is None


def test_the_knee_angle_at_the_landing():
    session, report = athlete.judged(perform(Curl()).film(fps=60))
    rest = session.setting.rest
    true = 90 - 62 - rest["thigh_lean"].true_deg - rest["shank_pitch"].true_deg
    one = report.reps[0].measures["catch_angle"]
    assert one.value == pytest.approx(true, abs=2)
    assert one.uncertainty > one.uncertainty_within_set > 0


def lying(wrist: np.ndarray, t: np.ndarray, elbow: float = 12.0):
    """A rep on the floor from 1 s on: the wrist's way off its place (n,), the shoulder going by,
    the elbow bent by so many degrees."""
    shoulder = np.where(t < 1.0, 0.0, 0.4 * (t - 1.0))
    height = np.where(t < 1.0, 0.3, 0.0)
    return made_rep(
        t, wrist_u=wrist, wrist_v=height, shoulder_u=shoulder, elbow_flexion=elbow, bottom=1.5
    )


@pytest.mark.parametrize("fps", [30, 60, 120])
@pytest.mark.parametrize("speed", [4.5, 5.5])
def test_a_hand_that_is_thrown_off_the_floor_leaves_when_it_moves(fps, speed):
    t = np.arange(0, 3, 1 / fps)
    for leaves in (2.0, 2.013, 2.027):
        _, release = hand_contact(CONTACT, lying(speed * np.maximum(t - leaves, 0), t))
        assert release == pytest.approx(leaves, abs=1 / fps + 0.01)


@pytest.mark.parametrize("fps", [30, 60, 120])
@pytest.mark.parametrize("speed", [3.0, 5.5])
def test_a_hand_that_is_thrown_onto_the_floor_lands_when_it_stops(fps, speed):
    t = np.arange(0, 3, 1 / fps)
    for lands in (1.2, 1.213, 1.227):
        landed, _ = hand_contact(CONTACT, lying(-speed * np.maximum(lands - t, 0), t))
        assert landed == pytest.approx(lands, abs=1 / fps + 0.01)


@pytest.mark.parametrize(("share", "rests"), [(0.0, True), (0.05, True), (0.4, False)])
def test_a_hand_that_goes_with_the_shoulder_rests_on_nothing(share, rests):
    """Hands held at the chest of a body that comes up slowly are near their place for a while."""
    t = np.arange(0, 3, 1 / 30)
    going = share * 0.4 * np.maximum(t - 1.0, 0)
    landed, _ = hand_contact(CONTACT, lying(going, t))
    assert np.isfinite(landed) == rests


@pytest.mark.parametrize("fps", [30, 60, 120])
@pytest.mark.parametrize("gathers", [4.0, 9.0, 20.0])
def test_a_hand_that_is_lifted_left_where_its_way_began(fps, gathers):
    """It gathers speed evenly, thigh lengths/s2; the arm is bent."""
    t = np.arange(0, 3, 1 / fps)
    rep = lying(gathers / 2 * np.maximum(t - 2.0, 0) ** 2, t, elbow=60.0)
    found = leaving(CONTACT, rep)
    assert found.at == pytest.approx(2.0 - CONTACT.lags_s, abs=0.02)
    assert (found.is_pulled, found.is_sure) == (False, True)
    assert hand_contact(CONTACT, rep)[1] == found.at


def test_a_hand_on_the_floor_at_the_end_has_not_left():
    t = np.arange(0, 3, 1 / 30)
    assert np.isnan(hand_contact(CONTACT, lying(np.zeros(len(t)), t))[1])
    almost = np.where(t > 2.95, 0.2, 0.0)
    hand_contact(CONTACT, lying(almost, t))  # and nothing is divided by nothing


def test_a_wrist_that_is_lost_for_a_moment_still_rests():
    t = np.arange(0, 3, 1 / 30)
    wrist = 5.0 * np.maximum(t - 2.2, 0)
    wrist[(t > 1.9) & (t < 2.05)] = np.nan
    first, release = hand_contact(CONTACT, lying(wrist, t))
    assert np.isfinite([first, release]).all()


def test_a_straight_arm_pulls_its_hand_off_at_once():
    t = np.arange(0, 3, 1 / 30)
    found = leaving(CONTACT, lying(5.0 * np.maximum(t - 2.0, 0), t, elbow=12.0))
    assert found.at == found.pulled == pytest.approx(2.0, abs=0.02)
    assert found.lifted < found.pulled
    assert (found.is_pulled, found.is_sure) == (True, True)


@pytest.mark.parametrize(("speed", "elbow"), [(5.0, 60.0), (2.5, 12.0)])
def test_where_the_signs_do_not_agree_the_other_instant_is_told_as_well(speed, elbow):
    """Fast with a bent arm; slow with a straight one."""
    t = np.arange(0, 3, 1 / 30)
    rep = lying(speed * np.maximum(t - 2.0, 0), t, elbow=elbow)
    found = leaving(CONTACT, rep)
    assert found.at == found.lifted
    assert release_otherwise(CONTACT)(rep) == found.pulled > found.lifted
    sure = lying(speed * np.maximum(t - 2.0, 0), t, elbow=12.0 if speed > 4 else 60.0)
    assert np.isnan(release_otherwise(CONTACT)(sure))


def test_a_pulled_hand_is_timed_more_surely_and_a_slow_film_less():
    sds = {}
    for fps, speed, elbow in ((30, 5.0, 12.0), (30, 2.5, 60.0), (15, 2.5, 60.0)):
        t = np.arange(0, 3, 1 / fps)
        rep = lying(speed * np.maximum(t - 2.0, 0), t, elbow=elbow)
        sds[fps, elbow] = release_sd(CONTACT)(rep)
    assert sds[30, 12.0] < sds[30, 60.0] < sds[15, 60.0]


def test_hands_that_are_not_seen_to_leave_have_no_release_and_no_spread():
    t = np.arange(0, 3, 1 / 30)
    rep = lying(np.zeros(len(t)), t)
    assert np.isnan([release_sd(CONTACT)(rep), release_otherwise(CONTACT)(rep)]).all()


def test_the_interval_of_the_work_holds_both_instants_and_grows_with_their_doubt():
    work, release = arms.hand_assisted_work_fraction("body_lean", "hip_flexion", 20), 5 + 15 / 60
    plain = work(rising())
    doubtful = work(rising(marks={"release_otherwise": release + 0.15}))
    late = work(rising(marks={"release": release + 0.15}))
    assert doubtful.value == plain.value
    assert doubtful.uncertainty == pytest.approx(late.value - plain.value, abs=0.005)
    loose = work(rising(marks={"release_sd": 0.06}))
    assert loose.uncertainty > plain.uncertainty
