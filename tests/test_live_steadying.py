"""A camera that moves while a set is filmed: where to, and that the set is judged all the same."""

from dataclasses import replace

import numpy as np
import pytest
from athlete import Curl, perform
from backdrop import seen, wall
from test_live_sitting import dones, sit, told

from formcheck.live.steadying import Steadier, since
from formcheck.pose import PoseTrack, turned

FPS = 30
PIKED = Curl(fold=45)


def sway(t, far=12.0):
    """(T, 3) of a hand, still at first."""
    going = np.clip(t - 0.5, 0, 1)
    x, y = np.sin(2 * np.pi * 0.6 * t), np.cos(2 * np.pi * 0.4 * t) - 1
    return np.stack([far * x, far * y, 0.01 * x], 1) * going[:, None]


def test_a_hand_is_followed_from_when_it_moves():
    t = np.arange(0, 4, 1 / FPS)
    path, steadier = sway(t), Steadier()
    found = [steadier.at(float(when), seen(wall(), path[i]), []) for i, when in enumerate(t)]
    assert found[0] is None
    first = next(i for i, camera in enumerate(found) if camera is not None)
    assert np.abs(path[:first, :2]).max() < 3
    told = np.array(found[first:])
    assert np.abs(told[:, :2] - path[first:, :2]).max() < 1.5
    assert np.abs(told[:, 2] - path[first:, 2]).max() < 0.003


def test_a_camera_that_stands_still_is_not_corrected():
    steadier, rng = Steadier(), np.random.default_rng(0)
    still = seen(wall(), np.zeros(3))
    for i in range(30):
        noisy = np.clip(still + rng.normal(0, 4, still.shape), 0, 255).astype(np.uint8)
        assert steadier.at(i / FPS, noisy, []) is None


def test_it_begins_anew_with_pictures_of_another_size():
    steadier = Steadier()
    for i in range(3):
        steadier.at(i / FPS, seen(wall(), np.array([20.0 * i, 0, 0])), [])
    smaller = np.ascontiguousarray(seen(wall(), np.zeros(3))[:180])
    assert steadier.at(1.0, smaller, []) is None


def test_before_an_empty_wall_nothing_is_told():
    steadier = Steadier()
    for i in range(5):
        assert steadier.at(i / FPS, np.full((360, 640, 3), 40 * i, np.uint8), []) is None


def test_where_it_was_at_first_counts_as_nothing():
    first, then = np.array([10.0, -4.0, 0.1]), np.array([13.0, 2.0, 0.1])
    assert since(first, first) == pytest.approx([0, 0, 0])
    assert since(then, first)[:2] == pytest.approx([3, 6])
    assert since(None, first) is None
    assert since(then, None) is then


@pytest.fixture(scope="module")
def by_hand():
    """A track, and its poses as a hand films it: from a place that is not where it was at first."""
    track = perform(Curl(rest=1.5), PIKED).film()
    path = sway(track.t_s, 25.0) + np.array([40.0, 10.0, 0.02])
    points = track.points.copy()
    points[..., :2] = turned(points[..., :2], path[:, None, 2]) + path[:, None, :2]
    return track, PoseTrack(track.t_s, points, track.visibility, track.size, path)


def open_of(report):
    """What was not assessed, and of which reps."""
    return {(one.what, one.reps) for one in report.not_assessed}


def test_a_set_filmed_from_the_hand_is_that_of_a_tripod(by_hand):
    track, moving = by_hand
    (still,), (done,) = dones(sit(track)[1]), dones(sit(moving)[1])
    assert done.track.camera[0] == pytest.approx([0, 0, 0])
    assert [(r.number, r.kind) for r in done.report.reps] == [(1, "full"), (2, "full")]
    assert told(done.report) == told(still.report)
    assert open_of(done.report) == open_of(still.report)
    first = moving.camera[0]
    assert done.track.steadied().points[-1, 25, :2] == pytest.approx(
        moving.points[-1, 25, :2] - moving.camera[-1, :2] + first[:2], abs=12
    )


def test_uncorrected_it_would_not_be(by_hand):
    """So the test above tells something."""
    track, moving = by_hand
    (still,), (done,) = dones(sit(track)[1]), dones(sit(replace(moving, camera=None))[1])
    assert open_of(done.report) > open_of(still.report)
