"""Angles and signs (nordic-curl.md 0.2, 0.3), tested first."""

import athlete
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.pose import Joint
from formcheck.signals import (
    Bend,
    Body,
    Combined,
    Dorsiflexion,
    Place,
    Rows,
    Slope,
    Tilt,
    included,
    lean,
    measured,
)
from formcheck.view import estimate

PICTURE = {"ANKLE": (200, 900), "KNEE": (400, 900), "HIP": (500.0, 726.8), "SHOULDER": (676.8, 550)}
"""The specification's example: pixels, y down, facing +X."""
SIGNALS = athlete.NORDIC.signals(athlete.setting())


def body(facing: str = "right", side: str = "right", **places: tuple[float, float]) -> Body:
    """A body of which the named near joints are known, in pixels."""
    points = np.full((33, 3), np.nan)
    for name, place in places.items():
        points[Joint[name].on(side), :2] = place
    return Body(points, np.where(np.isnan(points[:, 0]), np.nan, 0.9), side, facing)


def angles(of: Body) -> dict[str, float]:
    return dict(zip(SIGNALS, measured(SIGNALS, of)[0].tolist(), strict=True))


@pytest.mark.parametrize(
    ("name", "degrees"),
    [
        ("thigh_lean", 30.0),
        ("trunk_lean", 45.0),
        ("body_lean", 38.3),
        ("knee_flexion", 60.0),
        ("hip_flexion", 15.0),
        ("shank_pitch", 0.0),
    ],
)
def test_the_example_of_the_specification(name, degrees):
    assert angles(body(**PICTURE))[name] == pytest.approx(degrees, abs=0.1)


@pytest.mark.parametrize(("ear", "turned"), [((776.8, 450), 0.0), ((776.8, 550), 45.0)])
def test_the_head_against_the_trunk(ear, turned):
    """The example's trunk leans by 45 degrees: a head in line with it turns by nothing, a level
    one by 45 more."""
    assert angles(body(**PICTURE, EAR=ear))["neck_angle"] == pytest.approx(turned, abs=0.1)


def test_the_included_angles_of_the_example():
    u = {k: np.array([x, -y]) for k, (x, y) in PICTURE.items()}
    assert included(u["HIP"], u["KNEE"], u["ANKLE"]) == pytest.approx(120.0, abs=0.1)
    assert included(u["SHOULDER"], u["HIP"], u["KNEE"]) == pytest.approx(165.0, abs=0.1)


@pytest.mark.parametrize(("foot", "degrees"), [((0, 1), 0.0), ((-0.766, 0.643), -50.0)])
def test_the_ankle_examples(foot, degrees):
    toe = (190 + 60 * foot[0], 900 + 60 * foot[1])
    one = body(**PICTURE, HEEL=(190, 900), FOOT_INDEX=toe)
    assert Dorsiflexion()(one, {})[0] == pytest.approx(degrees, abs=0.1)


def test_a_bent_elbow_is_positive_and_a_straight_one_is_zero():
    arm = {"SHOULDER": (0, 0), "ELBOW": (0, 100)}
    elbow = Bend(Joint.SHOULDER, Joint.ELBOW, Joint.WRIST)
    assert elbow(body(**arm, WRIST=(0, 200)), {})[0] == pytest.approx(0.0)
    assert elbow(body(**arm, WRIST=(100, 100)), {})[0] == pytest.approx(90.0)


degree = st.floats(-30, 85)
small = st.floats(-40, 40)


@settings(deadline=None, max_examples=50)
@given(thigh=degree, shank=small)
def test_knee_flexion_is_what_the_leans_leave_of_a_right_angle(thigh, shank):
    t, s = np.radians([thigh, shank])
    knee = np.array([400.0, 900.0])
    ankle = knee - 200 * np.array([np.cos(s), -np.sin(s)])
    hip = knee + 200 * np.array([np.sin(t), -np.cos(t)])
    one = body(ANKLE=tuple(ankle), KNEE=tuple(knee), HIP=tuple(hip))
    flexion = Bend(Joint.HIP, Joint.KNEE, Joint.ANKLE)(one, {})[0]
    if thigh + shank <= 90:  # beyond it a knee would bend forward
        assert flexion == pytest.approx(90 - thigh - shank, abs=1e-6)
    assert Slope(Joint.ANKLE, Joint.KNEE)(one, {})[0] == pytest.approx(shank, abs=1e-6)


def test_a_knee_that_lies_higher_than_the_ankle():
    """Thigh upright, knee 10 degrees above the ankle: the knee is bent by 80, not by 90."""
    ankle = (400 - 200 * np.cos(np.radians(10)), 900 + 200 * np.sin(np.radians(10)))
    one = body(ANKLE=ankle, KNEE=(400, 900), HIP=(400, 700))
    assert Bend(Joint.HIP, Joint.KNEE, Joint.ANKLE)(one, {})[0] == pytest.approx(80.0)
    tilted = {"shank_pitch": athlete.Rest(landmark_deg=10, true_deg=10, sd_deg=0)}
    signals = athlete.NORDIC.signals(athlete.setting(rest=tilted))
    row = dict(zip(signals, measured(signals, one)[0], strict=True))
    assert row["knee_flexion"] == pytest.approx(80.0)


@pytest.mark.parametrize(
    ("true", "landscape", "portrait"), [(45, 60.6, 29.4), (60, 72.0, 44.3), (30, 45.7, 18.0)]
)
def test_normalised_coordinates_would_give_wrong_angles(true, landscape, portrait):
    """Why pixels: a segment's elevation read off x/W, y/H is far off, off pixels right."""
    along = np.radians(true)
    dx, dy = np.cos(along), np.sin(along)
    for (width, height), wrong in (((1920, 1080), landscape), ((1080, 1920), portrait)):
        normalised = np.degrees(np.arctan2(dy / height, dx / width))
        assert normalised == pytest.approx(wrong, abs=0.1)
        one = body(ANKLE=(width / 2, height / 2), KNEE=(width / 2 + 99 * dx, height / 2 - 99 * dy))
        assert Slope(Joint.ANKLE, Joint.KNEE)(one, {})[0] == pytest.approx(true, abs=0.01)


curl = athlete.perform(athlete.Curl(rest=0.5))


def of_track(track, facing="right", side="right"):
    signals = athlete.NORDIC.signals(athlete.setting(thigh_px=1))
    return measured(signals, Body(track.points, track.visibility, side, facing))[0]


def test_a_mirrored_body_faces_the_other_way_and_has_the_same_angles():
    plain, mirrored = curl.film(fps=10), curl.film(fps=10, mirror=True)
    same = of_track(plain)[:, :8]
    assert np.allclose(of_track(mirrored, "left", "left")[:, :8], same, atol=1e-6)
    wrong = of_track(mirrored, "right", "left")
    assert np.allclose(wrong[:, 0], -same[:, 0], atol=1e-6)


@settings(deadline=None, max_examples=25)
@given(scale=st.floats(0.1, 10), dx=st.floats(-2000, 2000), dy=st.floats(-2000, 2000))
def test_angles_do_not_depend_on_size_and_place(scale, dx, dy):
    track = curl.film(fps=5)
    moved = athlete.PoseTrack(
        track.t_s, track.points * scale + [dx, dy, 0], track.visibility, track.size
    )
    assert np.allclose(of_track(moved)[:, :8], of_track(track)[:, :8], atol=1e-6)


def test_places_are_counted_in_thighs_forward_and_up():
    one = body(**PICTURE)
    u, v = (Place(Joint.HIP, axis, 200.0)(one, {})[0] for axis in "uv")
    knee = [Place(Joint.KNEE, axis, 200.0)(one, {})[0] for axis in "uv"]
    assert (u - knee[0], v - knee[1]) == pytest.approx((0.5, 0.866), abs=1e-3)


@pytest.mark.parametrize("missing", list(PICTURE))
def test_what_is_not_seen_is_nan_and_nothing_else_is(missing):
    seen = {k: v for k, v in PICTURE.items() if k != missing}
    row = angles(body(**seen))
    needs = {
        "thigh_lean": {"KNEE", "HIP"},
        "trunk_lean": {"HIP", "SHOULDER"},
        "body_lean": {"KNEE", "SHOULDER"},
        "knee_flexion": {"KNEE", "HIP"},
        "hip_flexion": {"KNEE", "HIP", "SHOULDER"},
        "shank_pitch": {"ANKLE", "KNEE"},
    }
    for name, joints in needs.items():
        assert np.isnan(row[name]) == (missing in joints), name
    assert np.isnan(row["elbow_flexion"])
    assert np.isnan(row["ankle_dorsiflexion"])


def test_a_combination_is_seen_as_badly_as_its_worst_part():
    row = {"a": 50.0, "a seen": 0.9, "b": 20.0, "b seen": 0.4}
    value, seen = Combined({"a": 1.0, "b": -2.0}, constant=5.0)(body(), row)
    assert (value, seen) == (15.0, 0.4)


@pytest.mark.parametrize("degrees", [-130, -90, 0, 90, 178, 182, 220])
def test_a_body_that_lies_down_crosses_180_degrees_without_a_jump(degrees):
    a = np.radians(degrees)
    assert lean(np.zeros(2), np.array([np.sin(a), np.cos(a)])) == pytest.approx(degrees)


def test_an_offset_moves_a_lean_from_the_landmarks_to_the_rest():
    tilt = Tilt(Joint.KNEE, Joint.HIP, offset=-4.0)
    assert tilt(body(**PICTURE), {})[0] == pytest.approx(26.0, abs=0.1)


def test_one_pose_and_a_whole_track_agree():
    track = curl.film(fps=10)
    whole = of_track(track)
    one = [measured(athlete.NORDIC.signals(athlete.setting(thigh_px=1)),
                    Body(p.points, p.visibility, "right", "right"))[0] for p in track]  # fmt: skip
    assert np.array_equal(np.array(one), whole, equal_nan=True)


def test_many_poses_at_once_are_measured_to_the_same_bits(monkeypatch):
    monkeypatch.setattr(Rows, "AT_ONCE", 16)
    track = athlete.perform(athlete.Curl()).film(fps=10.0)
    setting = estimate(track)
    one, other = (athlete.NORDIC.signals(setting) for _ in range(2))
    known, alone = Rows(track), Rows()
    poses = list(track)
    for signals, some in ((one, poses), (other, poses[20:]), (one, poses[5:30])):
        for pose in some:
            told = (pose, signals, setting.side, setting.facing, setting.plane)
            np.testing.assert_array_equal(np.array(known.of(*told)), np.array(alone.of(*told)))
