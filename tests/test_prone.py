"""A body that lies face down: its setting, its angles and their signs."""

import numpy as np
import pytest
from athlete import Curl, Hold, perform
from lying import WIDTH, curls, film, mirrored

from formcheck import prone
from formcheck.measures.prone_noise import (
    angle_half_widths,
    change_half_widths,
    flexion_view_sd,
)
from formcheck.pose import PoseTrack
from formcheck.setting import Setting
from formcheck.signals import Body, measured
from formcheck.view import PRONE, estimate

SET = curls(3)


def read(track: PoseTrack, setting: Setting | None = None) -> dict[str, np.ndarray]:
    """The signals (T,) of a track by its own setting."""
    setting = setting or estimate(track, posture=PRONE)
    body = Body(track.points, track.visibility, setting.side, setting.facing, setting.plane)
    signals = prone.signals(setting)
    return dict(zip(signals, measured(signals, body)[0].T, strict=True))


@pytest.mark.parametrize("head", ["left", "right"])
def test_it_faces_the_way_its_head_points(head):
    setting = estimate(film(SET, head=head, noise=1.0), posture=PRONE)
    assert (setting.facing, setting.side) == (head, head)


@pytest.mark.parametrize("head", ["left", "right"])
def test_heels_towards_the_glutes_are_flexion(head):
    told = read(film(SET, head=head))
    assert told["knee_flexion"] == pytest.approx(SET[1], abs=1)
    assert told["thigh_lean"] == pytest.approx(90, abs=1)
    assert told["trunk_lean"] == pytest.approx(90, abs=1.5)
    assert told["hip_flexion"] == pytest.approx(0, abs=1.5)


@pytest.mark.parametrize("head", ["left", "right"])
def test_flexion_goes_beyond_a_right_angle_and_below_straight(head):
    t, bent = curls(2, most=140.0)
    bent = np.where(t < 0.3, 4 - 12 * np.sin(np.pi * t / 0.3), bent)
    told = read(film((t, bent), head=head))["knee_flexion"]
    assert told.max() == pytest.approx(140, abs=1)
    assert told.min() == pytest.approx(-8, abs=1)


def test_mirrored_all_is_the_same():
    track = film(SET, yaw=15, noise=1.0)
    one, other = read(track), read(mirrored(track))
    for name in prone.COLUMNS:
        assert other[name] == pytest.approx(one[name], abs=0.05), name


@pytest.mark.parametrize("bent", [35.0, 60.0])
def test_a_start_that_is_bent_is_not_taken_for_straight_legs(bent):
    knee = estimate(film(curls(3, straight=bent)), posture=PRONE).rest["knee_flexion"]
    assert knee.true_deg == pytest.approx(bent, abs=5)
    assert knee.sd_deg > 5


@pytest.mark.parametrize("reads", [-4.0, 0.0, 8.0, 14.0])
def test_legs_that_read_a_little_bent_are_straight(reads):
    knee = estimate(film(curls(3, straight=reads)), posture=PRONE).rest["knee_flexion"]
    assert knee.landmark_deg == pytest.approx(reads, abs=1.5)
    assert knee.true_deg == pytest.approx(4, abs=5)
    assert 2.5 < knee.sd_deg < 8


def test_between_straight_and_bent_the_interval_holds_both():
    knee = estimate(film(curls(3, straight=22.0)), posture=PRONE).rest["knee_flexion"]
    assert knee.true_deg - 1.96 * knee.sd_deg < 5 and knee.true_deg + 1.96 * knee.sd_deg > 22


def test_of_legs_that_never_rest_the_straightest_moment_is_taken_as_it_reads():
    t = np.arange(0, 8, 1 / 30)
    swings = 60 + 50 * np.sin(np.pi * t / 2 - 1.0)
    knee = estimate(film((t, swings)), posture=PRONE).rest["knee_flexion"]
    assert knee.true_deg == knee.landmark_deg == pytest.approx(10, abs=4)
    assert knee.sd_deg == 7.0


def test_a_pad_that_hides_the_ankles_widens_the_rest_and_leaves_the_camera_known():
    free, hidden = (estimate(film(SET, yaw=15, pad=pad), posture=PRONE) for pad in (False, True))
    assert hidden.rest["knee_flexion"].sd_deg > 1.3 * free.rest["knee_flexion"].sd_deg
    assert hidden.rest["knee_flexion"].true_deg == pytest.approx(4, abs=6)
    assert hidden.rectified
    assert abs(hidden.yaw_deg - 15) < hidden.yaw_uncertainty_deg


def test_both_intervals_are_stated_and_the_whole_is_wider():
    track = film(SET)
    setting, told = estimate(track, posture=PRONE), read(track)
    whole, within = angle_half_widths(setting, told), change_half_widths(setting, told)
    for name in whole:
        assert (whole[name] > within[name]).all() and (within[name] > 0).all()
    assert np.isnan(angle_half_widths(setting, {n: v * np.nan for n, v in told.items()})[name][0])


# --- the camera


def varied(yaw: float, seed: int, **more) -> PoseTrack:
    """A set filmed from somewhere, by a body of its own widths, with the landmarks' noise."""
    rng = np.random.default_rng(seed)
    wide = {joint: float(np.exp(rng.normal(0, 0.1))) for joint in WIDTH}
    told = {
        "pitch": float(rng.uniform(0, 9)),
        "away": float(rng.uniform(7, 12)),
        "knee_px": (float(rng.uniform(350, 750)), float(rng.uniform(300, 450))),
    }
    return film(SET, yaw=yaw, noise=1.0, seed=seed, wide=wide.__getitem__, **told | more)


@pytest.mark.parametrize("head", ["left", "right"])
@pytest.mark.parametrize("yaw", [-40.0, -25.0, -10.0, 0.0, 10.0, 25.0, 40.0])
def test_the_swing_of_the_shank_tells_where_the_camera_stood(yaw, head):
    for seed in range(3):
        setting = estimate(varied(yaw, seed, head=head), posture=PRONE)
        assert setting.rectified
        assert setting.yaw_deg == pytest.approx(yaw, abs=6)
        assert abs(setting.yaw_deg - yaw) < setting.yaw_uncertainty_deg < 20


@pytest.mark.parametrize("yaw", [-40.0, -20.0, 0.0, 20.0, 40.0])
def test_from_aside_the_knee_is_told_as_from_the_side(yaw):
    for seed in range(3):
        track = varied(yaw, seed)
        setting = estimate(track, posture=PRONE)
        told = read(track, setting)
        off = np.abs(told["knee_flexion"] - SET[1])
        assert off.mean() < 2.5
        assert (off < angle_half_widths(setting, told)["knee_flexion"]).mean() > 0.95


def hip_lift(track: PoseTrack) -> float:
    """Degrees by which the thigh's tilt in the middle of the lift is read over that at its ends."""
    thigh = read(track)["thigh_lean"]
    lifted = np.argmax(BUMP)
    return float(np.median(thigh[:20]) - np.median(thigh[lifted - 5 : lifted + 5]))


BUMP = 15 * np.clip(np.sin(np.pi * (SET[0] - 6.5) / 4), 0, 1) * (np.abs(SET[0] - 8.5) < 2)


@pytest.mark.parametrize("yaw", [-20.0, 0.0, 20.0])
@pytest.mark.parametrize("sinks", [False, True])
def test_hips_that_lift_over_knees_that_stay_or_sink_are_read(yaw, sinks):
    """Hips that leave the bench rise over the knees, or let them sink below its edge."""
    track = film(SET, yaw=yaw, lifts=BUMP, sinks=sinks, noise=0.5)
    assert hip_lift(track) == pytest.approx(15, abs=2.5)


@pytest.mark.parametrize("yaw", [-40.0, 40.0])
def test_from_far_aside_a_knee_that_wanders_along_the_line_of_sight_is_held_in_its_place(yaw):
    track = film(SET, yaw=yaw)
    slides = track.points.copy()
    slides[:, [25, 26], 0] += 8 * np.sin(np.linspace(0, 40, len(track)))[:, None]
    slid = PoseTrack(track.t_s, slides, track.visibility, track.size)
    assert estimate(slid, posture=PRONE).camera.still
    assert np.abs(read(slid)["knee_flexion"] - SET[1]).mean() < 2.5


def test_what_is_not_known_of_the_camera_widens_the_interval_of_a_bent_knee():
    setting = estimate(varied(25.0, 0), posture=PRONE)
    sure = setting.camera.model_copy(update={"covariance": tuple(map(tuple, np.eye(5) * 1e-9))})
    known = setting.model_copy(update={"camera": sure})
    assert flexion_view_sd(known, np.array([4.0, 90.0])) == pytest.approx(0, abs=0.1)
    straight, bent = flexion_view_sd(setting, np.array([4.0, 60.0]))
    assert straight < 0.3 and 0.5 < bent < 8
    assert np.isnan(flexion_view_sd(setting, np.nan))


def test_without_a_swing_the_camera_is_told_coarsely_and_nothing_is_rectified():
    setting = estimate(film((SET[0], 0 * SET[0] + 4), yaw=30, noise=1.0), posture=PRONE)
    assert setting.yaw_deg == pytest.approx(30, abs=10)
    assert setting.yaw_uncertainty_deg == 20 and not setting.rectified


@pytest.mark.parametrize("yaw", [90.0, 80.0, -80.0, -90.0])
def test_from_the_head_or_the_feet_no_angle_is_told(yaw):
    setting = estimate(film(SET, yaw=yaw), posture=PRONE)
    assert setting.from_front
    assert np.isnan(read(film(SET, yaw=yaw))["knee_flexion"]).all()


@pytest.mark.parametrize("done", [(Curl(), Curl()), (Hold(4),)])
def test_somebody_who_kneels_aside_is_not_taken_for_seen_from_the_front(done):
    setting = estimate(perform(*done).film(noise=1.0), posture=PRONE)
    assert not setting.from_front and abs(setting.yaw_deg) < 25
