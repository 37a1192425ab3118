"""Who is followed before a set, and during one."""

import crowd
import numpy as np
import pytest
from athlete import Curl

from formcheck.live.people import People

ACT = Curl(rest=0.6, lower=2.5, up=1.5, floor=0.3)


def scene(*others, fps=10.0, **slips):
    """The athlete after the others, who may only kneel; a model takes the first of them."""
    track = crowd.athlete(ACT, fps=fps)
    people = [*(crowd.Person(o(track)) for o in others), crowd.Person(track.points)]
    return track, crowd.Studio(crowd.Film(track.t_s, people), **slips)


def kneeling(at):
    return lambda track: crowd.still(track, at=at)


def watched(studio, keep=None):
    """The knees (pixels, x) by who is followed, a picture after the other."""
    people, rows = People(studio.make), []
    for frame in studio.film.frames():
        found = people.find(frame.rgb, frame.t)
        rows.append({n: None if p is None else float(p.points[25, 0]) for n, p in found.items()})
        if keep is not None and frame.t >= keep[0] and keep[1] in found:
            people.keep(keep[1])
            keep = None
    people.close()
    assert all(f.closed for f in studio.made)
    return people, rows


def test_somebody_alone_is_followed_plainly_from_the_first_picture():
    track, studio = scene()
    people, rows = watched(studio)
    assert people.most == 1
    assert all(list(row) == [0] for row in rows)
    assert studio.tracked[0] == [] or len(studio.tracked[0]) == len(track)
    assert max(len(log) for log in studio.tracked) == len(track)


def test_of_two_each_has_a_follower_of_his_own():
    track, studio = scene(kneeling((70, 0)))
    people, rows = watched(studio)
    assert people.most == 2
    knees = [track.points[0, 25, 0], track.points[0, 25, 0] + 70]
    for row in rows:
        assert sorted(row.values()) == pytest.approx(knees, abs=3)


def test_once_it_is_known_whose_set_it_is_nobody_else_is_followed():
    _, studio = scene(kneeling((70, 0)))
    _, rows = watched(studio, keep=(1.0, 1))
    assert list(rows[0]) == [0, 1]
    assert all(list(row) == [1] for row in rows[12:])


def test_whoever_leaves_makes_room_for_whoever_comes():
    track, studio = scene(kneeling((70, 0)), kneeling((-90, 0)))
    half = len(track) // 2
    first, second = studio.film.people[:2]
    first.points[half:], second.points[:half] = np.nan, np.nan
    people, rows = watched(studio)
    assert people.most == 2
    knee = track.points[-1, 25, 0]
    assert sorted(rows[-1].values()) == pytest.approx([knee - 90, knee], abs=3)


def test_a_lost_athlete_is_found_again_where_he_was():
    track, studio = scene(kneeling((70, 0)), slips={})
    athlete = studio.film.people[1]
    athlete.points[20:32] = np.nan
    _, rows = watched(studio, keep=(1.0, 1))
    seen = [row[1] for row in rows]
    assert seen[20:32] == [None] * 12  # not the partner, to whom the model goes over
    assert seen[-1] == pytest.approx(track.points[-1, 25, 0], abs=3)


def test_whoever_is_forgotten_is_looked_for_anew():
    _, studio = scene()
    people = People(studio.make)
    frames = list(studio.film.frames())
    assert list(people.find(frames[0].rgb, 0.0)) == [0]
    people.forget()
    assert list(people.find(frames[1].rgb, 0.1)) == [1]
    people.close()
