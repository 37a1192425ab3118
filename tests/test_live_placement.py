"""The lights of the placement, each on a body that is made to light it."""

from dataclasses import replace
from functools import lru_cache

import lying
import numpy as np
import pytest
from athlete import Hold, Move, perform

from formcheck.exercises import EXERCISES
from formcheck.live.placement import brightness, placed
from formcheck.pose import Landmark, PoseTrack
from formcheck.view import KNEELING, PRONE

BRIGHT = 120.0
POSTURES = [e.posture for e in EXERCISES.values()]


@lru_cache
def kneeling(**camera) -> PoseTrack:
    return perform(Hold(0.2)).film(last=1.5, **camera)


def lights(track, bright=BRIGHT, posture=KNEELING):
    return {light.name: light for light in placed(track, posture, bright).lights}


def moved(track, x=0.0, y=0.0):
    """The body elsewhere in the picture; what leaves it is not seen."""
    points = track.points + np.array([x, y, 0])
    w, h = track.size
    out = (points[..., 0] < 0) | (points[..., 0] > w) | (points[..., 1] < 0) | (points[..., 1] > h)
    return replace(track, points=np.where(out[..., None], np.nan, points))


def test_all_is_green_of_a_body_that_kneels_well():
    found = placed(kneeling(), KNEELING, BRIGHT)
    assert found.green
    assert found.in_place
    assert len(found.lights) == 6


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize(
    ("yaw", "status"), [(0, "green"), (10, "green"), (30, "amber"), (-32, "amber"), (65, "red")]
)
def test_the_side_is_told_from_shoulders_and_hips(yaw, status, mirror):
    light = lights(kneeling(yaw=float(yaw), mirror=mirror))["side"]
    assert light.status == status
    if status != "green":
        assert ("away from" in light.sentence) == (yaw > 0)


@pytest.mark.parametrize("mirror", [False, True])
def test_there_has_to_be_room_where_the_body_comes_down(mirror):
    track = kneeling(mirror=mirror)
    ahead = -1 if mirror else 1
    assert lights(track)["room"].status == "green"
    assert lights(moved(track, x=ahead * 370))["room"].status == "amber"
    red = lights(moved(track, x=ahead * 550))["room"]
    assert red.status == "red"
    assert "in front of you" in red.sentence
    assert lights(moved(track, x=-ahead * 100))["room"].status == "green"


def test_a_part_that_is_not_in_the_picture_is_named():
    light = lights(moved(kneeling(), y=-330))["whole body"]
    assert light.status == "red"
    assert "head" in light.sentence
    hidden = kneeling().points.copy()
    hidden[:, [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]] = np.nan
    light = lights(replace(kneeling(), points=hidden))["whole body"]
    assert (light.status, "foot" in light.sentence) == ("amber", True)


def test_where_nobody_is_seen_he_is_asked_in():
    track = replace(kneeling(), points=np.full_like(kneeling().points, np.nan))
    for posture in POSTURES:
        found = placed(track, posture, BRIGHT)
        assert not found.in_place
        assert found.lights[0].status == "red"
        assert posture.ready in found.lights[0].sentence


@pytest.mark.parametrize(("scale", "status"), [(1.0, "green"), (0.35, "amber"), (0.2, "red")])
def test_who_is_too_far_away_is_told(scale, status):
    assert lights(kneeling(scale=scale))["distance"].status == status


@pytest.mark.parametrize(
    ("bright", "status"), [(10, "red"), (45, "amber"), (120, "green"), (240, "amber")]
)
def test_light_is_told_from_the_picture(bright, status):
    picture = np.full((90, 160, 3), bright, np.uint8)
    assert brightness(picture) == bright
    assert lights(kneeling(), brightness(picture))["light"].status == status


@pytest.mark.parametrize(
    ("fps", "status"), [(60.0, "green"), (24.0, "green"), (15.0, "amber"), (8.0, "red")]
)
def test_the_rate_is_that_of_the_pictures_that_were_looked_at(fps, status):
    light = lights(kneeling(fps=fps))["frame rate"]
    assert light.status == status
    assert f"{fps:.0f}" in light.sentence


def test_who_stands_is_not_in_place():
    standing = perform(Move(0.004, lean=0, hip=0, shank=90), Hold(0.5)).film(last=1.5)
    assert not placed(standing, KNEELING, BRIGHT).in_place


@pytest.mark.parametrize("head", ["left", "right"])
def test_who_lies_down_is_in_place_for_an_exercise_lying_down(head):
    track = lying.film(lying.curls(0, rest=1.5), head=head)
    found = placed(track, PRONE, BRIGHT)
    assert found.in_place
    assert found.green
    high = lying.film(lying.curls(0, rest=1.5), head=head, knee_px=(500.0, 90.0))
    room = lights(high, posture=PRONE)["room"]
    assert room.status != "green"
    assert "above you" in room.sentence
    assert not placed(track, KNEELING, BRIGHT).in_place
