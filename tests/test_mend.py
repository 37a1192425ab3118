"""Left and right put back in their places, and nothing beyond the edge of the picture."""

from __future__ import annotations

import athlete
import numpy as np
import pytest
from athlete import OTHER_SIDE, Curl, perform
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.pose import PoseTrack
from formcheck.tracking.mend import mended, within

FILM = perform(Curl()).film(fps=30, yaw=25)
"""Left and right stand well apart in the picture."""
LEGS = np.arange(33) >= 23


def exchanged(track: PoseTrack, frames: np.ndarray, part: np.ndarray) -> PoseTrack:
    """The track with left and right of some landmarks changed over in some frames."""
    points, seen = track.points.copy(), track.visibility.copy()
    where = np.ix_(frames, np.flatnonzero(part))
    other = np.ix_(frames, OTHER_SIDE[part])
    points[where], seen[where] = track.points[other], track.visibility[other]
    return PoseTrack(track.t_s, points, seen, track.size)


stretches = st.lists(
    st.tuples(st.integers(1, len(FILM) - 20), st.integers(1, 12)), min_size=1, max_size=4
)


@settings(deadline=None, max_examples=25)
@given(stretches, st.booleans())
def test_what_was_exchanged_is_put_back_and_counted(spans, legs_only):
    frames = np.zeros(len(FILM), bool)
    for first, long in spans:
        frames[first : first + long] = True
    part = LEGS if legs_only else np.arange(33) >= 11
    found = mended(exchanged(FILM, frames, part))
    np.testing.assert_array_equal(found.points, FILM.points)
    np.testing.assert_array_equal(found.visibility, FILM.visibility)
    np.testing.assert_array_equal(found.mended, frames)


@settings(deadline=None, max_examples=10)
@given(
    yaw=st.floats(-45, 45), noise=st.floats(0, 1.2), seed=st.integers(0, 99), mirror=st.booleans()
)
def test_a_track_in_which_nothing_was_exchanged_stays_as_it_is(yaw, noise, seed, mirror):
    track = perform(Curl()).film(fps=24, yaw=yaw, noise=noise, seed=seed, mirror=mirror, lost=0.05)
    found = mended(track)
    assert found.mended is None
    np.testing.assert_array_equal(found.points, track.points)


def test_a_body_that_turns_round_is_left_alone():
    t = np.arange(0, 4, 1 / 30)
    track = perform(Curl()).film(fps=30)
    still = np.repeat(track.points[:1], len(t), axis=0)
    turn = np.cos(np.linspace(0, np.pi, len(t)))[:, None]
    side = np.where(np.arange(33) % 2, 1.0, -1.0)[11:] * 30
    still[:, 11:, 0] += turn * side
    turning = PoseTrack(t, still, np.ones((len(t), 33)), track.size)
    assert mended(turning).mended is None


def test_in_a_plain_side_view_left_and_right_cannot_be_told_apart_nor_matter():
    track = perform(Curl()).film(fps=30)
    frames = np.zeros(len(track), bool)
    frames[40:43] = True
    assert mended(exchanged(track, frames, LEGS)).mended is None


@pytest.mark.parametrize(("many", "status"), [(0, "ok"), (2, "warn"), (9, "refused")])
def test_the_gate_counts_the_frames_of_the_rep(many, status):
    track = FILM
    plain = athlete.judged(perform(Curl()).film(fps=30))[1].reps[0]
    frames = np.zeros(len(track), bool)
    first = int(30 * (plain.start_s + 1))
    frames[first : first + many] = True
    frames[:3] = True  # before the rep: does not count
    track = perform(Curl()).film(fps=30)
    marked = PoseTrack(track.t_s, track.points, track.visibility, track.size, None, frames)
    measured = athlete.judged(marked)[1].reps[0].measures["break_point_angle"]
    (gate,) = (g for g in measured.gates if g.gate == "G11")
    assert (gate.value, gate.status) == (many, status)
    assert measured.status == status
    if many:
        assert f"{many} frames" in measured.reason


def test_what_lies_outside_the_picture_is_missing():
    track = perform(Curl()).film(fps=10)
    width, height = track.size
    points = track.points.copy()
    points[3, 15, :2], points[4, 16, :2] = (-1.0, 50.0), (50.0, height + 0.5)
    points[5, 25, :2] = (width, height)  # on the edge: in the picture
    found = within(PoseTrack(track.t_s, points, track.visibility, track.size))
    for frame, joint in ((3, 15), (4, 16)):
        assert np.isnan(found.points[frame, joint]).all()
        assert found.visibility[frame, joint] == 0
    assert np.isfinite(found.points[5, 25]).all()
    assert np.isnan(found.points[..., 0]).sum() == 2


def test_frames_without_a_body_stay_without_visibility():
    track = perform(Curl()).film(fps=10, lost=0.2)
    found = within(track)
    assert np.isnan(found.visibility[~track.seen]).all()
