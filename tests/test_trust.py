"""What of a track is believed: pieces between leaps, limbs of a body, and what the looks say."""

from __future__ import annotations

import numpy as np
import pytest
from athlete import Curl, perform
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.pose import Pose
from formcheck.tracking.choice import Cluster
from formcheck.tracking.looks import Sight, look, middle_line
from formcheck.tracking.trust import Says, a_body, overlong, said, spans, stray, unbelievable

FILM = perform(Curl()).film(fps=10)
AWAY = np.array([400.0, 0.0, 0.0])
SEEN = np.ones(33)


def looks(every: int = 10):
    found = list(zip(FILM.t_s.tolist(), FILM.points, strict=True))[::every]
    return [look(t, [Pose(t, p, SEEN), Pose(t, p + AWAY, SEEN)]) for t, p in found]


LOOKS = looks()
ATHLETE = Cluster(tuple(one.sights[0] for one in LOOKS))


def test_a_look_says_whether_the_track_is_on_the_athlete():
    line = middle_line(FILM.points[0])
    assert said(LOOKS[0], line, ATHLETE) is Says.RIGHT
    assert said(LOOKS[0], line + AWAY[:2], ATHLETE) is Says.WRONG
    assert said(LOOKS[0], line + np.array([150, 0]), ATHLETE) is Says.NOTHING  # between the two
    assert said(LOOKS[0], line * np.nan, ATHLETE) is Says.WRONG  # seen, and not followed
    nobody = look(0.03, [])
    assert said(nobody, line, ATHLETE) is Says.NOTHING
    assert said(nobody, line * np.nan, ATHLETE) is Says.NOTHING
    other = look(0.05, [Pose(0.05, FILM.points[0] + AWAY, SEEN)])
    assert said(other, line + AWAY[:2], ATHLETE) is Says.WRONG
    assert said(other, line, ATHLETE) is Says.NOTHING


def test_an_athlete_who_was_found_twice_is_not_lost():
    twice = [Sight(Pose(0.0, FILM.points[0] + [d, 0, 0], SEEN)) for d in (80.0, 0.0)]
    athlete = Cluster((twice[0],))
    one = look(0.0, [s.pose for s in twice])
    assert len(one.sights) == 2
    assert said(one, middle_line(FILM.points[0]), athlete) is not Says.WRONG


def test_an_athlete_whom_a_panned_phone_moves_is_nobody_else():
    """Seen at first so far from where it mostly kneels that the looks take it for another body, but
    near to where it is seen next."""
    pan = ATHLETE.reach * np.array([0.75, 0, 0])
    poses = [Pose(float(t), FILM.points[0] + pan * k, SEEN) for t, k in enumerate((2, 1, 0, 0, 0))]
    athlete = Cluster(tuple(map(Sight, poses[1:])))
    panned = look(0.0, [poses[0], Pose(0.0, FILM.points[0] + AWAY * 2, SEEN)])
    assert said(panned, middle_line(poses[0].points), athlete) is Says.NOTHING
    assert said(panned, middle_line(FILM.points[0] + AWAY * 2), athlete) is Says.WRONG


@settings(deadline=None, max_examples=30)
@given(first=st.integers(3, 60), long=st.integers(1, 40))
def test_a_stretch_on_another_body_is_lost_and_no_more(first, long):
    points = FILM.points.copy()
    points[first : first + long] += AWAY
    away = np.zeros(len(FILM), bool)
    away[first : first + long] = True
    says = [said(o, middle_line(points[round(o.t * 10)]), ATHLETE) for o in LOOKS]
    lost = unbelievable(LOOKS, says, FILM.t_s, points) | stray(LOOKS, says, FILM.t_s, points)
    np.testing.assert_array_equal(lost, away)


def test_a_stretch_between_two_slips_is_kept_though_no_look_fell_into_it():
    points = FILM.points.copy()
    for slip in (22, 26):
        points[slip] += AWAY
    says = [Says.RIGHT] * len(LOOKS)
    assert np.flatnonzero(stray(LOOKS, says, FILM.t_s, points)).tolist() == [22, 26]


def test_where_no_look_can_tell_the_longest_stretch_is_believed():
    points = FILM.points.copy()
    points[80:] += AWAY
    lost = stray(LOOKS, [Says.NOTHING] * len(LOOKS), FILM.t_s, points)
    assert not lost[:80].any() and lost[80:].all()


def test_a_drift_without_a_leap_is_lost_half_way_to_the_next_right_look():
    says = [Says.RIGHT] * len(LOOKS)
    says[4] = Says.WRONG
    lost = np.flatnonzero(unbelievable(LOOKS, says, FILM.t_s, FILM.points))
    assert lost.min() == pytest.approx(35, abs=1) and lost.max() == pytest.approx(45, abs=1)
    assert spans(LOOKS, says) == [(3.0, 5.0)]


def test_before_the_first_and_after_the_last_right_look_all_is_lost():
    says = [Says.RIGHT] * len(LOOKS)
    says[0] = says[-1] = Says.WRONG
    lost = unbelievable(LOOKS, says, FILM.t_s, FILM.points)
    assert lost[0] and lost[-1] and not lost[20:80].any()
    assert spans(LOOKS, says)[0][0] == -np.inf and spans(LOOKS, says)[-1][1] == np.inf


def test_a_limb_longer_than_the_body_has_is_no_limb():
    points = FILM.points.copy()
    points[30, [25, 26], 1] += 200
    assert np.flatnonzero(overlong(points)).tolist() == [30]


def test_the_fastest_fall_is_not_a_leap():
    fast = perform(Curl(lower=0.5, breaks=5, drop=600)).film(fps=10)
    says = [Says.NOTHING]
    assert not stray(LOOKS[:1], says, fast.t_s, fast.points).any()


def test_a_body_keeps_its_limbs_and_a_ghost_does_not():
    empty = [look(t, []) for t in range(10)]
    ghost = FILM.points * np.random.default_rng(0).uniform(0.3, 1.7, (len(FILM), 33, 1))
    assert a_body(empty, FILM.points)
    assert not a_body(empty, ghost)
    assert a_body(LOOKS, ghost)  # the looks see somebody: theirs to judge
    assert not a_body(LOOKS, np.full_like(ghost, np.nan))
