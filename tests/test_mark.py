"""The mark over the athlete's head: there where others are in the picture, and nowhere else."""

from __future__ import annotations

import athlete
import numpy as np
from athlete import Curl, perform

from formcheck.curves import curves
from formcheck.overlay.draw import Overlay
from formcheck.overlay.mark import Mark
from formcheck.overlay.paint import DOT
from formcheck.pose import Landmark, PoseTrack
from formcheck.setting import Whom
from formcheck.view import estimate


def marked(people: int | None, head_s: float = 0.0) -> np.ndarray:
    track = perform(Curl()).film(fps=10)
    whom = None if people is None else Whom(people_seen=people, chosen_because="")
    setting = estimate(track).model_copy(update={"whom": whom})
    session, report = athlete.judged(track, setting)
    drawn = curves(athlete.NORDIC, setting, session.names, session.samples, report)
    picture = np.full((track.size[1], track.size[0], 3), 90, np.uint8)
    return Overlay(report, drawn, setting, track, athlete.NORDIC).draw(picture, int(10 * head_s))


def over_the_head() -> tuple[slice, slice]:
    track = perform(Curl()).film(fps=10)
    x, y = track.points[0, Landmark.LEFT_EAR, :2].round().astype(int)
    return np.s_[y - 110 : y - 62, x - 20 : x + 20]


def test_a_mark_stands_over_the_head_only_where_others_are_in_the_picture():
    alone, unknown, among = (marked(n)[over_the_head()] for n in (1, None, 2))
    assert np.array_equal(alone, unknown)
    assert not np.array_equal(alone, among)
    assert (np.abs(among.astype(int) - DOT).max(axis=2) < 10).sum() > 50


def test_the_mark_stays_in_the_picture_and_away_where_no_head_was_seen():
    track = perform(Curl()).film(fps=10)
    points = track.points.copy()
    points[:, :11, 1] -= track.points[0, 0, 1] - 3  # the head at the upper edge
    points[5, :11] = np.nan
    high = PoseTrack(track.t_s, points, track.visibility, track.size)
    mark = Mark(high, estimate(track))
    for i, drawn in ((0, True), (5, False)):
        picture = np.zeros((track.size[1], track.size[0], 3), np.uint8)
        mark.draw(picture, i)
        assert picture.any() == drawn
