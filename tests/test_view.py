"""What is estimated from the whole clip beforehand: whom, which side, at rest how, filmed how."""

import athlete
import numpy as np
import pytest
from athlete import Curl, Hold, Move, perform

from formcheck.errors import InputError
from formcheck.setting import Athlete, Setting
from formcheck.signals import Body
from formcheck.view import estimate
from formcheck.view.camera import coarse_yaw
from formcheck.view.rest import kneeling_in
from formcheck.view.shank import CLEAR_SD, READS

SET = perform(Curl(), Curl())


@pytest.mark.parametrize(("mirror", "way"), [(False, "right"), (True, "left")])
def test_the_way_the_athlete_faces_and_the_near_side(mirror, way):
    setting = estimate(SET.film(mirror=mirror, noise=1.0))
    assert (setting.facing, setting.side) == (way, way)


def test_facing_and_near_side_are_told_apart():
    """The same set with the better-seen side swapped: filmed from the athlete's other side."""
    track = SET.film()
    swapped = athlete.PoseTrack(
        track.t_s, track.points[:, athlete.OTHER_SIDE], track.visibility[:, athlete.OTHER_SIDE],
        track.size,
    )  # fmt: skip
    setting = estimate(swapped)
    assert (setting.facing, setting.side) == ("right", "left")


@pytest.mark.parametrize("before", [athlete.KNEEL_DOWN, (), athlete.WOBBLE])
def test_facing_is_known_whatever_comes_before_and_after(before):
    track = perform(*before, Curl(rest=1), *athlete.STAND_UP).film(mirror=True)
    assert estimate(track).facing == "left"


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_sizes_and_times(scale):
    setting = estimate(SET.film(scale=scale, fps=50))
    assert setting.thigh_px == pytest.approx(athlete.THIGH_PX * scale, rel=0.01)
    assert setting.size == (1280 * scale, 720 * scale)
    assert setting.frame_s == pytest.approx(1 / 50)


def test_lost_frames_do_not_change_the_time_between_frames():
    assert estimate(SET.film(lost=0.1, seed=2)).frame_s == pytest.approx(1 / 30)


# --- rest


def test_a_tall_rest_is_believed_upright():
    """0.3b: N(1, 4) degrees whatever the landmarks read; the shank near the floor."""
    rest = estimate(SET.film()).rest
    assert rest["thigh_lean"].landmark_deg == pytest.approx(0, abs=0.5)
    assert (rest["thigh_lean"].true_deg, rest["thigh_lean"].sd_deg) == (1.0, 4.0)
    shank = rest["shank_pitch"]
    assert shank.landmark_deg == pytest.approx(0, abs=0.5)
    assert shank.landmark_deg - 2 < shank.true_deg < shank.landmark_deg + 3
    assert 1 < shank.sd_deg < 3


def test_a_shank_on_a_slope_is_believed_as_it_reads():
    done = perform(Move(0.004, shank=25), Curl(), Curl())
    shank = estimate(done.film()).rest["shank_pitch"]
    assert shank.true_deg == pytest.approx(shank.landmark_deg - READS, abs=2)
    assert shank.sd_deg == pytest.approx(CLEAR_SD, abs=1)


@pytest.mark.parametrize("reads", [-10.0, 8.0, 17.0])
def test_landmarks_off_the_joints_do_not_move_a_tall_rest(reads):
    """Real rest thighs read -11 to +18 degrees."""
    rest = estimate(perform(Move(0.004, lean=reads), Curl(ends=reads)).film()).rest["thigh_lean"]
    assert rest.landmark_deg == pytest.approx(reads, abs=1)
    assert (rest.true_deg, rest.sd_deg) == (1.0, 4.0)


def test_a_start_that_leans_is_believed_as_it_reads_and_less_surely():
    done = perform(Move(0.004, lean=28), Hold(1), Curl(ends=28), Curl(ends=28))
    rest = estimate(done.film()).rest["thigh_lean"]
    assert rest.true_deg == rest.landmark_deg == pytest.approx(28, abs=1)
    assert rest.sd_deg == 6.0


def test_angles_are_referenced_to_the_rest():
    """The same set read 8 degrees too far forward by the landmarks gives the same thigh leans."""
    plain = perform(Curl(bottom=80))
    off = perform(Move(0.004, lean=8), Curl(breaks=58, bottom=88, ends=8, hands=70, release=80))
    a, b = (athlete.judged(p.film())[1].reps[0].measures["bottom_thigh_lean"] for p in (plain, off))
    assert a.value == pytest.approx(b.value, abs=1)


def test_sitting_on_the_heels_and_lying_are_no_rest():
    lying = perform(Move(0.004, lean=80), Hold(5)).film()
    assert estimate(lying).rest == {}
    sits = perform(*athlete.SIT_BACK, Curl(), Hold(3)).film()
    assert estimate(sits).rest["thigh_lean"].landmark_deg == pytest.approx(0, abs=1)


def test_coming_up_from_the_heels_to_a_short_rest_is_no_rest():
    up = (Move(0.004, lean=-39, hip=55), Hold(0.5), Move(1.5, lean=9, hip=athlete.STRAIGHT))
    rest = estimate(perform(*up, Hold(1.0), Curl(lower=5, ends=9)).film()).rest["thigh_lean"]
    assert rest.landmark_deg == pytest.approx(9, abs=1)


def test_a_hidden_ankle_leaves_the_thigh_its_rest():
    """A bench or a pad often hides the ankle; the thigh is seen as well as ever (0.5, 1.2)."""
    setting = estimate(SET.film(unseen=("ANKLE",)))
    assert setting.rest["thigh_lean"].sd_deg == 4.0
    assert setting.rest["thigh_lean"].landmark_deg == pytest.approx(0, abs=0.5)


# --- the camera


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("yaw", [-35, -20, -10, 0, 10, 20, 35])
def test_the_yaw_is_told_from_the_movement(yaw, mirror):
    """+ the camera sees the front of the athlete's side, - its back."""
    setting = estimate(SET.film(yaw=yaw, mirror=mirror, noise=1.0, seed=3))
    assert setting.yaw_deg == pytest.approx(yaw, abs=5)
    assert 2 < setting.yaw_uncertainty_deg < 10
    assert setting.rectified


@pytest.mark.parametrize("yaw", [-30, 0, 30])
def test_without_a_movement_the_start_alone_tells_of_the_yaw_and_nothing_is_rectified(yaw):
    setting = estimate(perform(Hold(3)).film(yaw=yaw, noise=1.0, seed=3))
    assert setting.yaw_deg == pytest.approx(yaw, abs=8)
    assert setting.yaw_uncertainty_deg > estimate(SET.film(yaw=yaw)).yaw_uncertainty_deg
    assert setting.camera is not None and not setting.rectified


@pytest.mark.parametrize(
    ("yaw", "kind"), [(0, "side"), (15, "side"), (-30, "oblique"), (40, "oblique"), (75, "front")]
)
def test_what_the_report_calls_the_view(yaw, kind):
    _, report = athlete.judged(SET.film(yaw=yaw))
    assert report.view.kind == kind
    assert report.recognised


SIDEWAYS = ("break_point_angle", "hip_break", "early_fall")


@pytest.mark.parametrize(("yaw", "status"), [(5, "ok"), (15, "warn"), (27, "refused")])
def test_unrectified_angles_are_refused_where_the_camera_stands_too_far_off(yaw, status):
    """G4: pass up to 10 degrees, warn up to 20."""
    track = SET.film(yaw=yaw)
    told = estimate(track).model_copy(update={"rectified": False, "yaw_deg": float(yaw)})
    _, report = athlete.judged(track, told)
    for name in SIDEWAYS:
        one = report.reps[0].measures[name]
        assert one.status == status, name
        assert (one.value is None) == (status == "refused")
        assert bool(one.reason) == (status != "ok")
    assert report.reps[0].measures["eccentric_duration"].status == "ok"


@pytest.mark.parametrize(("yaw", "told"), [(0, True), (-30, True), (30, True), (52, False)])
def test_rectified_angles_are_refused_beyond_45_degrees_only(yaw, told):
    _, report = athlete.judged(SET.film(yaw=yaw))
    assert report.view.rectified
    for name in SIDEWAYS:
        one = report.reps[0].measures[name]
        assert (one.value is not None) == told, name
    if not told:
        assert "50° round the athlete, away from their front" in one.what_to_change


@pytest.mark.parametrize(("sd", "status"), [(0.01, "ok"), (0.22, "warn"), (0.6, "refused")])
def test_angles_are_refused_where_the_camera_is_not_known_well_enough(sd, status):
    """G4, rectified: the half-width of the view's share in the change of the angle, 4 and 8."""
    track = SET.film(yaw=20)
    setting = estimate(track)
    unsure = np.diag([1e-6, sd**2, 1e-6, 1e-6, 1e-6])
    camera = setting.camera.model_copy(update={"covariance": tuple(map(tuple, unsure.tolist()))})
    _, report = athlete.judged(track, setting.model_copy(update={"camera": camera}))
    one = report.reps[0].measures["break_point_angle"]
    assert {g.gate: g.status for g in one.gates}["G4"] == status


@pytest.mark.parametrize(("pitch", "status"), [(-9, "ok"), (14, "warn"), (23, "refused")])
def test_a_camera_that_looks_down_or_up_is_doubted_and_refused(pitch, status):
    """G5."""
    track = SET.film()
    setting = estimate(track)
    camera = setting.camera.model_copy(update={"pitch_deg": float(pitch)})
    _, report = athlete.judged(track, setting.model_copy(update={"camera": camera}))
    one = report.reps[0].measures["break_point_angle"]
    assert {g.gate: g.status for g in one.gates}["G5"] == status
    assert ("looked down" in (one.reason or "")) == (status != "ok")


# --- nobody


def nobody(frames):
    return athlete.PoseTrack(
        np.arange(frames) / 30,
        np.full((frames, 33, 3), np.nan),
        np.full((frames, 33), np.nan),
        (640, 480),
    )


@pytest.mark.parametrize("frames", [1, 2, 3, 100])
def test_where_nobody_was_seen_there_is_nothing_to_judge(frames):
    setting = estimate(nobody(frames))
    assert (setting.rest, setting.yaw_deg) == ({}, None)
    _, report = athlete.judged(nobody(frames))
    assert not report.recognised
    assert report.verdict.status == "not-assessed"
    assert "Nobody was found" in report.not_assessed[0].reason
    assert report.athlete.coverage == 0.0


@pytest.mark.parametrize(("frames", "seen"), [(1, 1), (50, 1), (50, 2), (50, 3)])
def test_a_body_seen_for_a_moment_is_not_judged(frames, seen):
    whole = SET.film()
    points, visibility = whole.points[:frames].copy(), whole.visibility[:frames].copy()
    points[seen:], visibility[seen:] = np.nan, np.nan
    track = athlete.PoseTrack(whole.t_s[:frames], points, visibility, whole.size)
    _, report = athlete.judged(track)
    assert not report.recognised
    assert report.athlete.coverage == pytest.approx(seen / frames, abs=1e-3)


def test_hidden_joints_are_no_reason_to_fail():
    """Only a head and a shoulder in the picture: no rest, no view, and no crash."""
    track = SET.film()
    points, seen = track.points.copy(), track.visibility.copy()
    points[:, 23:], seen[:, 23:] = np.nan, np.nan
    half = athlete.PoseTrack(track.t_s, points, seen, track.size)
    assert estimate(half).rest == {}
    assert not athlete.judged(half)[1].recognised


@pytest.mark.parametrize(("share", "told"), [(0.3, True), (1.0, False)])
def test_a_far_side_outside_the_picture_is_not_needed_in_every_frame(share, told):
    """What is outside is missing: the coarse yaw comes from the frames that show it."""
    track = perform(Hold(3)).film(yaw=30)
    points = track.points.copy()
    points[: round(share * len(track)), list(range(11, 33, 2))] = np.nan
    body = Body(points, track.visibility, "right", "right")
    yaw = coarse_yaw(body, kneeling_in(body))
    assert (yaw is not None) == told
    assert not told or yaw == pytest.approx(30, abs=8)


# --- kept and given


def test_what_is_said_of_the_athlete_is_kept(tmp_path):
    who = Athlete(mode="eccentric-only", mass_kg=80, height_m=1.8, sex="male")
    setting = estimate(SET.film(), who)
    assert setting.athlete == who
    setting.save(tmp_path / "setting.json")
    assert Setting.load(tmp_path / "setting.json") == setting


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"side": "up"}', "[1]"])
def test_what_is_no_setting_is_refused_with_advice(tmp_path, text):
    path = tmp_path / "setting.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"setting\.json.*Expected"):
        Setting.load(path)


# --- from the front


@pytest.mark.parametrize("yaw", [75, 90, -90])
def test_from_the_front_reps_are_told_and_angles_and_starts_refused(yaw):
    _, report = athlete.judged(SET.film(yaw=yaw))
    assert report.view.kind == "front" and report.set_.reps == 2
    assert np.sign(report.view.yaw_deg) == np.sign(yaw)
    for rep, true in zip(report.reps, SET.reps, strict=True):
        assert rep.bottom_s == pytest.approx(true.bottom, abs=0.3)
        lasted = rep.measures["eccentric_duration"]
        assert (rep.start_s, lasted.value) == (None, None) and "first degrees" in lasted.reason
        angles = [m for m in rep.measures.values() if m.unit.startswith("deg")]
        assert all(m.value is None and "from the front" in m.reason for m in angles)


@pytest.mark.parametrize("name", athlete.OTHER_MOVEMENTS)
def test_other_movements_from_the_front_are_none(name):
    """A squat passed where only the shoulders were asked."""
    _, report = athlete.judged(perform(*athlete.OTHER_MOVEMENTS[name]).film(yaw=85))
    assert not report.recognised
