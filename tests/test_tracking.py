"""Whom the tracker follows: choice, seed, both directions, doubts; with people by construction."""

from __future__ import annotations

import lying
import numpy as np
import pytest
from athlete import Curl
from crowd import SIZE, Film, Person, Studio, athlete, still

from formcheck.errors import UsageError
from formcheck.pose import Pose, PoseTrack
from formcheck.tracking import pieces
from formcheck.tracking.choice import choose, clusters
from formcheck.tracking.follow import Pointed, follow
from formcheck.tracking.looks import Schedule, look, people
from formcheck.tracking.strips import CHUNK_FRAMES, CHUNK_S

BESIDE = (-85, 4)
"""Pixels from the athlete to the partner: a body length is 82."""


def nothing(_: float) -> None:
    pass


def together(*acts, partner_first: bool = True, **film) -> tuple[Studio, np.ndarray]:
    """An athlete with a partner who holds the ankles, and where the athlete is."""
    track = athlete(*acts, **film)
    partner = Person(still(track, BESIDE, lean=25), sure=0.99)
    own = Person(track.points)
    crowd = [partner, own] if partner_first else [own, partner]
    return Studio(Film(track.t_s, crowd)), track.points


def on(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """(T,) whether the hips are the truth's, where that is in the picture."""
    hips = np.abs(found[:, [23, 24], :2] - truth[:, [23, 24], :2]).max(axis=(1, 2))
    return hips < 1.0


# --- looks


def dues(schedule: Schedule, t_s: np.ndarray) -> list[float]:
    """The seconds at which a clip with these frames is looked at."""
    before = [-np.inf, *t_s[:-1]]
    return [round(float(t), 2) for t, b in zip(t_s, before, strict=True) if schedule.due(t, b)]


def test_a_clip_is_looked_at_once_a_second_and_eight_times_at_least():
    long, short, unknown = Schedule(60.0), Schedule(2.0), Schedule(None)
    assert len(dues(long, np.arange(0, 60, 1 / 30))) == 60
    assert len(dues(short, np.arange(0, 2, 1 / 30))) == 8
    assert len(dues(unknown, np.arange(0, 5, 0.1))) == 5


def test_a_second_that_must_not_be_missed_is_looked_at():
    schedule = Schedule(60.0, also=3.31)
    assert dues(schedule, np.arange(0, 6, 1 / 30)) == [0, 1, 2, 3, 3.33, 4, 5]
    assert schedule.owes(3.3)
    assert not schedule.owes(3.31)


def test_who_is_found_twice_counts_once():
    track = athlete()
    once, again, other = track.points[0], track.points[0] + 5, still(track, (90, 0))[0]
    seen = look(0.0, [Pose(0.0, p, np.ones(33)) for p in (once, again, other)])
    assert len(seen.sights) == 2
    assert people([seen]) == 2


def test_a_coat_on_a_chair_is_not_counted():
    track = athlete()
    poses = [
        Pose(0.0, track.points[0], np.ones(33)),
        Pose(0.0, still(track, (90, 0))[0], np.full(33, 0.5)),
    ]
    assert people([look(0.0, poses)]) == 1


# --- choice


def looks_of(*crowd: np.ndarray, t_s: np.ndarray, every: int = 10):
    return [
        look(t, [Pose(t, p[i], np.full(33, 0.9)) for p in crowd if np.isfinite(p[i]).all()])
        for i, t in list(enumerate(t_s.tolist()))[::every]
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("mirror", [False, True])
def test_the_athlete_is_who_leans_most_and_the_words_say_by_how_much(order, mirror):
    track = athlete(mirror=mirror)
    both = [track.points, still(track, (70 if mirror else -70, 0), lean=28)]
    choice = choose(looks_of(*(both[i] for i in order), t_s=track.t_s))
    assert choice.people == 2
    assert np.linalg.norm(choice.cluster.knee - track.points[0, [25, 26], :2].mean(axis=0)) < 5
    assert choice.because.startswith("the one of 2 people whose body leans forward most (")
    assert "against 0°)" in choice.because


def test_from_the_front_the_athlete_is_whose_shoulders_come_down():
    track = athlete()
    points = track.points.copy()
    points[..., 0] = 160 + 0.1 * (points[..., 0] - 160)  # seen along the way of the fall
    knee = points[:, [25, 26]].mean(axis=1, keepdims=True)
    shorter = np.where(points[..., 1:2] < knee[..., 1:2], 1.0, 0.2)
    points[..., :2] = knee[..., :2] + shorter * (points[..., :2] - knee[..., :2])
    choice = choose(looks_of(still(track, (120, 0)), points, t_s=track.t_s))
    assert abs(choice.cluster.knee[0] - knee[0, 0, 0]) < 5
    assert "shoulders come down most" in choice.because


def lying_down(mirror: bool = False, **more) -> PoseTrack:
    """Somebody on a bench who curls the shanks, in the small picture."""
    told = {"size": SIZE, "knee_px": (70.0, 150.0), "noise": 1.0, **more}
    return lying.film(lying.curls(2, fps=10), head="left" if mirror else "right", **told)


@pytest.mark.parametrize("sways", [False, True])
@pytest.mark.parametrize("mirror", [False, True])
def test_of_one_who_lies_and_one_who_stands_it_is_whose_shanks_swing(mirror, sways):
    track = lying_down(mirror)
    stands = still(track, (-80 if mirror else 100, 0))
    if sways:
        leant = still(track, (-80 if mirror else 100, 0), lean=15)
        stands[10:30] = leant[10:30]
    for crowd in ([track.points, stands], [stands, track.points]):
        choice = choose(looks_of(*crowd, t_s=track.t_s))
        assert np.linalg.norm(choice.cluster.knee - track.points[0, [25, 26], :2].mean(axis=0)) < 5
        assert choice.exercises
        assert choice.because.startswith(
            "the one of 2 people who lies and bends the knees most (11"
        )


def test_who_lies_still_is_not_chosen():
    track = lying_down()
    rests = np.repeat(track.points[:1], len(track.t_s), axis=0)
    choice = choose(looks_of(rests, still(track, (100, 0)), t_s=track.t_s))
    assert choice.cluster is None
    curl = athlete(at=(60, 0))
    n = min(len(track.t_s), len(curl.t_s))
    choice = choose(looks_of(rests[:n], curl.points[:n], t_s=curl.t_s[:n]))
    assert "leans forward most" in choice.because


def test_who_walks_through_is_not_chosen():
    track = athlete()
    walker = still(track, (-100, -20))
    walker[..., 0] += np.linspace(0, 260, len(track.t_s))[:, None]
    choice = choose(looks_of(walker, track.points, t_s=track.t_s))
    assert np.linalg.norm(choice.cluster.knee - track.points[0, [25, 26], :2].mean(axis=0)) < 5
    assert choice.people == 2


def test_nobody_stands_out_where_nobody_exercises():
    track = athlete()
    choice = choose(looks_of(still(track, (-70, 0)), still(track, (70, 0), 20), t_s=track.t_s))
    assert choice.cluster is None
    assert choice.people == 2
    assert "nobody's body moved most" in choice.because


def test_alone_is_said():
    track = athlete()
    assert choose(looks_of(track.points, t_s=track.t_s)).because == "the only person in the picture"
    assert choose([]).people == 0


def test_the_seed_is_the_first_sight_near_the_greatest_lean():
    track = athlete(Curl(), Curl())
    (own,) = clusters(looks_of(track.points, t_s=track.t_s, every=3))
    assert own.seed.t < track.t_s[-1] / 2
    assert own.leans[[s.t for s in own.sights].index(own.seed.t)] > 0.85 * np.nanmax(own.leans)


# --- the track


def test_somebody_alone_is_followed_in_one_reading():
    track = athlete()
    scene = Studio(Film(track.t_s, [Person(track.points)]))
    done = follow(scene.film, scene.make, nothing)
    assert on(done.track.points, track.points).all()
    assert sum(scene.film.held) == len(track.t_s)
    assert len(scene.tracked) == 1 and all(f.closed for f in scene.made)
    assert done.whom.people_seen == 1


def test_a_long_clip_is_followed_in_pieces_of_which_each_is_led_on_to(monkeypatch):
    monkeypatch.setattr(pieces, "WHOLE_S", 0.0)
    track = athlete(Curl(), Curl())
    scene = Studio(Film(track.t_s, [Person(track.points)]))
    done = follow(scene.film, scene.make, nothing)
    assert on(done.track.points, track.points).all()
    assert sum(scene.film.held) == len(track.t_s) + 3 * round(pieces.LEAD_S / track.frame_s)
    assert len(scene.tracked) == 4 and all(f.closed for f in scene.made)
    assert len(scene.made) == 5  # one model looks, for all


@pytest.mark.parametrize("partner_first", [True, False])
def test_the_athlete_is_followed_from_the_first_frame_to_the_last(partner_first):
    scene, truth = together(partner_first=partner_first)
    done = follow(scene.film, scene.make, nothing)
    assert on(done.track.points, truth).all()
    assert done.whom.people_seen == 2
    ahead, behind = scene.tracked
    assert np.all(np.diff(ahead) > 0) and np.all(np.diff(behind) < 0)
    assert ahead[0] == behind[0]  # the seed, once in each direction
    assert len(ahead) + len(behind) == len(scene.film.t_s) + 1


def test_an_athlete_whom_the_looks_pass_over_is_found_behind_who_was_painted_out():
    """As a coach who stands is the only one that a detector finds in every picture."""
    scene, truth = together()
    scene.film.shadowed = True
    done = follow(scene.film, scene.make, nothing)
    assert on(done.track.points, truth).all()
    assert done.whom.people_seen == 2


def test_the_film_is_held_in_short_pieces_while_it_is_followed_backward():
    scene, truth = together(Curl(rest=8.0), fps=30.0)
    done = follow(scene.film, scene.make, nothing)
    assert on(done.track.points, truth).all()
    pieces = scene.film.held[2:]  # after the looks and the way forward
    assert len(pieces) > 1
    assert max(pieces) <= min(CHUNK_FRAMES, CHUNK_S * 30) + 1


def test_a_large_picture_is_reduced_while_it_is_held_and_no_place_changes():
    track = athlete()
    large = 8.0
    crowd = [Person(still(track, BESIDE, 25) * large, 0.99), Person(track.points * large)]
    scene = Studio(Film(track.t_s, crowd, (2560, 1440)))
    done = follow(scene.film, scene.make, nothing)
    assert np.abs(done.track.points[:, 23, :2] - track.points[:, 23, :2] * large).max() < 0.1


def test_where_the_tracker_slips_to_the_partner_it_is_begun_anew():
    scene, truth = together(Curl(), Curl(), Curl())
    scene.slips = {12.0: 0}
    done = follow(scene.film, scene.make, nothing)
    wrong = done.track.seen & ~on(done.track.points, truth)
    assert not wrong.any()
    assert done.track.seen.mean() > 0.9


def test_what_can_be_believed_nowhere_is_missing_and_not_invented():
    scene, truth = together(Curl(), Curl())
    scene.slips = dict.fromkeys(np.round(np.arange(10.0, 99.0, 0.1), 3), 0)
    done = follow(scene.film, scene.make, nothing)
    late = done.track.t_s > 10.5
    assert not (done.track.seen & ~on(done.track.points, truth))[late].any()
    assert not done.track.seen[late].all()
    assert on(done.track.points, truth)[done.track.t_s < 9.0].all()


def test_a_frame_in_another_place_is_left_out():
    track = athlete()
    points = track.points.copy()
    points[25] += [90, -40, 0]
    done = follow((film := Film(track.t_s, [Person(points)])), Studio(film).make, nothing)
    assert not done.track.seen[25]
    assert done.track.seen.sum() == len(track.t_s) - 1


def test_who_lies_and_curls_is_followed_past_one_who_stands():
    track = lying_down()
    stands = Person(still(track, (100, 0)), sure=0.99)
    for crowd in ([stands, Person(track.points)], [Person(track.points)]):
        scene = Studio(Film(track.t_s, crowd))
        done = follow(scene.film, scene.make, nothing)
        assert on(done.track.points, track.points).all()
        assert done.whom.people_seen == len(crowd)


def test_nobody_is_followed_where_the_looks_see_nobody_and_limbs_change_their_length():
    track = athlete()
    rng = np.random.default_rng(3)
    ghost = still(track, (0, 0)) * rng.uniform(0.4, 1.6, (len(track.t_s), 33, 1)) * 0.8
    first = Person(np.clip(ghost, 0, 179), in_looks=lambda t: t == 0)
    scene = Studio(Film(track.t_s, [first]))
    done = follow(scene.film, scene.make, nothing)
    assert not done.track.seen.any()


def test_an_empty_clip_gives_an_empty_track():
    t = np.arange(0, 3, 0.1)
    scene = Studio(Film(t, []))
    done = follow(scene.film, scene.make, nothing)
    assert not done.track.seen.any() and len(done.track) == len(t)
    assert done.whom.people_seen == 0


@pytest.mark.parametrize("alone", [False, True])
def test_the_same_film_gives_the_same_bytes_however_many_threads_read_it(
    alone, tmp_path, monkeypatch
):
    monkeypatch.setattr(pieces, "WHOLE_S", 0.0)
    for threads in "132":
        monkeypatch.setenv(pieces.THREADS, threads)
        track = athlete(Curl(), Curl())
        scene = Studio(Film(track.t_s, [Person(track.points)])) if alone else together()[0]
        follow(scene.film, scene.make, nothing).track.save(tmp_path / threads)
    assert len({(tmp_path / threads).read_bytes() for threads in "132"}) == 1


def test_progress_only_grows_and_ends_at_all():
    scene, _ = together()
    shares: list[float] = []
    follow(scene.film, scene.make, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


# --- the user's point


def test_the_body_pointed_at_is_followed():
    scene, _ = together()
    partner = scene.film.people[0].points
    x, y = partner[0, [11, 12, 23, 24], :2].mean(axis=0)
    done = follow(scene.film, scene.make, nothing, Pointed(x, y, 3.0))
    assert on(done.track.points, partner).all()
    assert done.whom.chosen_because == f"the one pointed at ({x:.0f}, {y:.0f} at 3.00 s)"


def test_without_a_second_it_is_where_somebody_is_first_seen():
    scene, truth = together()
    x, y = truth[0, [11, 12, 23, 24], :2].mean(axis=0)
    done = follow(scene.film, scene.make, nothing, Pointed(x, y))
    assert on(done.track.points, truth).all()


@pytest.mark.parametrize("t", [1.3, 2.0, 5.3])
def test_the_track_begins_at_the_sight_pointed_at(t):
    scene, truth = together()
    i = int(np.searchsorted(scene.film.t_s, t - 1e-6))
    x, y = truth[i, [11, 12, 23, 24], :2].mean(axis=0)
    done = follow(scene.film, scene.make, nothing, Pointed(x, y, t))
    assert [track[0] for track in scene.tracked] == [pytest.approx(t)] * 2
    assert on(done.track.points, truth).all()


@pytest.mark.parametrize("after", [0.0, 0.05])
def test_a_point_in_the_last_picture_is_looked_for_there(after):
    """Where the athlete went after the last look, nobody else may be taken."""
    scene, truth = together(Curl(rest=0.5), last=4.5)
    last = float(scene.film.t_s[-1])
    x, y = truth[-1, [11, 12, 23, 24], :2].mean(axis=0)
    done = follow(scene.film, scene.make, nothing, Pointed(x, y, last + after))
    assert [track[0] for track in scene.tracked] == [last] * 2
    assert f"at {last:.2f} s" in done.whom.chosen_because
    assert on(done.track.points, truth).all()


def test_a_second_after_the_end_is_refused_where_the_file_does_not_say_how_long_it_is():
    scene, truth = together()
    scene.film.clip.duration_s = None
    x, y = truth[-1, [11, 12, 23, 24], :2].mean(axis=0)
    with pytest.raises(UsageError, match=r"second 500 is not in the clip, which has \d+\.\d s"):
        follow(scene.film, scene.make, nothing, Pointed(x, y, 500.0))


@pytest.mark.parametrize(
    ("point", "words"),
    [
        (Pointed(SIZE[0], 5), "not in the picture"),
        (Pointed(5, SIZE[1] + 1, 1.0), "not in the picture"),
        (Pointed(5, 5, 500.0), "not in the clip"),
        (Pointed(5, 5, 1.0), "nobody was found at 5,5 in second 1"),
        (Pointed(5, 5), "nobody was found at 5,5 where somebody is first seen"),
    ],
)
def test_a_point_where_nobody_can_be_is_refused_in_words(point, words):
    scene, _ = together()
    with pytest.raises(UsageError, match="--follow") as raised:
        follow(scene.film, scene.make, nothing, point)
    assert words in str(raised.value)
