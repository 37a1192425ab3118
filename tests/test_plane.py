"""The camera against the plane of motion: its geometry, and finding it from a movement."""

import time

import athlete
import numpy as np
import pytest
from athlete import CAMERA, OTHER_SIDE, Curl, perform
from pydantic import ValidationError

from formcheck.analysis import judge
from formcheck.plane import Camera, Plane
from formcheck.pose import Joint, PoseTrack
from formcheck.setting import Setting
from formcheck.signals import Body
from formcheck.signals import lean as lean_of
from formcheck.view import estimate
from formcheck.view.fit import fit, gathered

SIZE = (640, 360)
CHANCE = np.random.default_rng(5)
TAKES = [
    (float(yaw), float(pitch), float(away))
    for yaw, pitch, away in zip(
        CHANCE.uniform(-40, 40, 8), CHANCE.uniform(0, 9, 8), CHANCE.uniform(7, 13, 8), strict=True
    )
]
"""Yaw and pitch in degrees, distance in thigh lengths."""


def camera(yaw: float, pitch: float, away: float, **changes) -> Camera:
    found = CAMERA.model_dump() | {"knee_px": (330.0, 260.0), "focal": 1.05}
    told = {"yaw_deg": yaw, "pitch_deg": pitch, "distance": away, **changes}
    return Camera.model_validate(found | told)


def filmed(yaw=0.0, pitch=4.0, away=9.0, facing="right", size=SIZE) -> tuple[PoseTrack, np.ndarray]:
    """A set of two lowerings through a pinhole, and its (T,) true thigh leans."""
    t = np.arange(0, 10, 1 / 30)
    lean = np.clip(85 * np.sin(np.pi * (t % 5) / 5) ** 2, 2, 80)
    plane = Plane.of(camera(yaw, pitch, away), size, facing)
    hip, trunk = along(lean), along(lean + 8 + 4 * np.sin(t))
    near = {
        Joint.KNEE: (np.zeros((len(t), 2)), 0.0, 0.5),
        Joint.ANKLE: (np.tile([-1.0, 0.02], (len(t), 1)), 0.0, 0.5),
        Joint.HIP: (hip, 0.0, 0.5),
        Joint.SHOULDER: (hip + 1.2 * trunk, -0.25, 1.0),
    }
    points = np.full((len(t), 33, 3), np.nan)
    for joint, (place, depth, width) in near.items():
        points[:, joint.on(facing), :2] = plane.picture(place, depth)
        other = "left" if facing == "right" else "right"
        points[:, joint.on(other), :2] = plane.picture(place, depth + width)
    seen = np.where(np.isfinite(points[..., 0]), 0.8, 0.0)
    seen[:, [j.on(facing) for j in near]] = 0.99
    return PoseTrack(t, points, seen, size), lean


def along(degrees: np.ndarray) -> np.ndarray:
    return np.stack([np.sin(np.radians(degrees)), np.cos(np.radians(degrees))], 1)


def leans(track: PoseTrack) -> np.ndarray:
    """(T,) thigh leans by the track's own setting."""
    session, _ = athlete.judged(track)
    return np.array([s.value[session.names["thigh_lean"]] for s in session.samples])


# --- geometry


@pytest.mark.parametrize("facing", ["left", "right"])
@pytest.mark.parametrize("take", TAKES)
def test_what_is_put_into_the_picture_comes_back_to_its_place(take, facing):
    plane = Plane.of(camera(*take), SIZE, facing)
    places = np.random.default_rng(1).uniform(-2, 2, (20, 2))
    assert plane.onto(plane.picture(places)) == pytest.approx(places, abs=1e-9)
    assert plane.onto(plane.picture(places, -0.3), -0.3) == pytest.approx(places, abs=1e-9)
    assert plane.picture(np.zeros(2)) == pytest.approx([330, 260])


def test_a_camera_before_the_side_sees_the_far_side_ahead():
    """+ yaw: the far shoulder appears further forward than the near one."""
    for yaw, sign in ((20, 1), (-20, -1)):
        plane = Plane.of(camera(yaw, 4, 9), SIZE, "right")
        near, far = plane.picture(np.zeros(2)), plane.picture(np.zeros(2), 0.5)
        assert np.sign(far[0] - near[0]) == sign


def test_the_other_cameras_are_as_far_off_as_the_covariance_says():
    others = Plane.others(CAMERA, SIZE, "right")
    assert np.shape(others.yaw) == (10, 1)
    off = np.array([np.log(others.distance / 9.0), others.yaw, others.pitch - np.radians(4.0)])
    assert np.mean(off[..., 0] ** 2, axis=1) == pytest.approx(np.diag(CAMERA.covariance)[:3])


def test_where_a_ray_does_not_meet_the_plane_there_is_nothing():
    plane = Plane.of(camera(60, 0, 9), SIZE, "right")
    assert np.isnan(plane.onto(np.array([[np.nan, 3.0]]))).all()
    assert np.isnan(plane.onto(np.array([[-4000.0, 180.0]]))).all()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"covariance": ((1.0,),)}, "5 rows of 5"),
        ({"covariance": np.triu(np.ones((5, 5))).tolist()}, "symmetric"),
        ({"covariance": (-np.eye(5)).tolist()}, "negative"),
        ({"distance": 0}, "greater than 0"),
    ],
)
def test_a_camera_that_cannot_be_is_refused(changes, said):
    with pytest.raises(ValidationError, match=said):
        camera(0, 4, 9, **changes)


# --- from the movement


@pytest.mark.parametrize("take", TAKES)
def test_a_movement_tells_where_the_camera_stood(take):
    track, true = filmed(*take)
    setting = estimate(track)
    assert setting.rectified
    assert setting.yaw_deg == pytest.approx(take[0], abs=3)
    assert abs(setting.yaw_deg - take[0]) <= setting.yaw_uncertainty_deg
    assert setting.camera.pitch_deg == pytest.approx(take[1], abs=7)
    change = leans(track) - true
    assert np.abs(change - np.median(change[:20])).mean() <= 0.9


@pytest.mark.parametrize("yaw", [-25.0, 0.0, 25.0])
def test_mirrored_the_camera_is_the_same(yaw):
    track, _ = filmed(yaw)
    points = track.points[:, OTHER_SIDE].copy()
    points[..., 0] = SIZE[0] - points[..., 0]
    mirrored = PoseTrack(track.t_s, points, track.visibility[:, OTHER_SIDE], SIZE)
    one, other = estimate(track), estimate(mirrored)
    assert (one.side, one.facing, other.side, other.facing) == ("right", "right", "left", "left")
    assert other.camera.yaw_deg == pytest.approx(one.camera.yaw_deg, abs=1e-3)
    assert leans(mirrored) == pytest.approx(leans(track), abs=1e-2)


@pytest.mark.parametrize("scale", [0.5, 3.0])
def test_the_picture_s_size_does_not_matter(scale):
    track, _ = filmed(-20.0)
    size = (int(SIZE[0] * scale), int(SIZE[1] * scale))
    scaled = PoseTrack(track.t_s, track.points * scale, track.visibility, size)
    assert estimate(scaled).camera.yaw_deg == pytest.approx(estimate(track).camera.yaw_deg, abs=0.1)
    assert leans(scaled) == pytest.approx(leans(track), abs=0.1)


def test_where_in_the_picture_the_athlete_is_hardly_matters():
    track, _ = filmed(20.0)
    moved = PoseTrack(track.t_s, track.points + np.array([40, -25, 0]), track.visibility, SIZE)
    assert estimate(moved).camera.yaw_deg == pytest.approx(estimate(track).camera.yaw_deg, abs=5)


@pytest.mark.parametrize("yaw", [-30.0, 0.0, 30.0])
def test_an_upright_start_alone_tells_it_less_surely(yaw):
    track, lean = filmed(yaw)
    setting = estimate(track)
    body = Body(track.points, track.visibility, setting.side, setting.facing)
    start = fit(gathered(body, lean < 20, SIZE), moving=False).camera
    assert start.yaw_deg == pytest.approx(yaw, abs=5)
    assert start.yaw_sd_deg > setting.camera.yaw_sd_deg


def test_the_fit_is_fast():
    track, _ = filmed(20.0)
    estimate(track)  # SciPy is loaded by now
    began = time.process_time()
    estimate(track)
    assert time.process_time() - began < 0.4  # 0.05 s alone on a machine


def test_a_knee_that_slides_is_followed_and_a_still_one_is_not():
    track, _ = filmed()
    assert estimate(track).camera.still
    sliding = track.points + np.linspace(0, 40, len(track))[:, None, None] * np.array([1, 0, 0])
    slid = PoseTrack(track.t_s, sliding, track.visibility, SIZE)
    assert not estimate(slid).camera.still


def test_a_knee_that_wanders_with_its_ankle_is_held_by_it():
    """A phone that moves sideways: what the background leaves of that moves all joints alike."""
    track, lean = filmed()
    wave = 14 * np.sin(np.linspace(0, 9, len(track)))
    points = track.points + wave[:, None, None] * np.array([1, 0, 0])
    slides = points.copy()
    slides[:, [25, 26], 0] -= (15 * np.clip(lean / 60, 0, 1))[:, None]  # the knee's own landmark
    moved, slid = (PoseTrack(track.t_s, p, track.visibility, SIZE) for p in (points, slides))
    setting = estimate(slid)
    assert not setting.camera.still and setting.camera.shin is not None
    true = angles(moved, estimate(moved))
    assert np.abs(angles(slid, setting) - true).max() < 2
    alone = setting.model_copy(update={"camera": setting.camera.model_copy(update={"shin": None})})
    assert np.abs(angles(slid, alone) - true).max() > 4


def test_a_knee_that_wanders_on_its_shin_is_not():
    track, _ = filmed()
    points = track.points.copy()
    points[:, [25, 26], 0] += 14 * np.sin(np.linspace(0, 40, len(track)))[:, None]
    setting = estimate(PoseTrack(track.t_s, points, track.visibility, SIZE))
    assert not setting.camera.still and setting.camera.shin is None


def angles(track: PoseTrack, setting: Setting) -> np.ndarray:
    """The change of the thigh's lean in the plane of motion, degrees."""
    body = Body(track.points, track.visibility, setting.side, setting.facing, setting.plane)
    thigh = lean_of(body.placed(Joint.KNEE), body.placed(Joint.HIP))
    return thigh - thigh[0]


# --- kept and given


def test_a_saved_setting_gives_the_same_answer(tmp_path):
    track = perform(Curl(), Curl()).film(yaw=25, noise=1.0)
    setting = estimate(track)
    setting.save(tmp_path / "setting.json")
    again = Setting.load(tmp_path / "setting.json")
    assert again == setting
    one, other = (judge(track, athlete.NORDIC, s)[0].json_text() for s in (setting, again))
    assert one == other


def test_a_setting_of_before_is_still_one():
    old = athlete.setting().model_dump(exclude={"camera", "upright_px"})
    assert Setting.model_validate(old).camera is None


def test_rectified_without_a_camera_is_refused():
    with pytest.raises(ValidationError, match="no camera"):
        athlete.setting(rectified=True)
