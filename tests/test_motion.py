"""The camera's own motion, on pictures whose shift is known."""

from __future__ import annotations

import athlete
import backdrop
import numpy as np
import pytest
from athlete import Curl, perform
from backdrop import SIZE, seen

from formcheck.errors import InputError
from formcheck.motion import STEP_S, Background, joined, moved, since_first
from formcheck.pose import PoseTrack, turned

T = np.arange(0, 4, 0.1)


@pytest.fixture(scope="module")
def wall() -> np.ndarray:
    return backdrop.wall()


def path_of(wall, shifts, bodies=None, t=T) -> tuple[Background, np.ndarray]:
    background = Background()
    for i, when in enumerate(t):
        body = None if bodies is None else bodies[i]
        picture = seen(wall, shifts[i], body)
        background.push(float(when), picture, [] if body is None else [body])
    return background, background.path(np.asarray(t))


def sway(t: np.ndarray, far: float = 12.0) -> np.ndarray:
    x, y = np.sin(2 * np.pi * 0.6 * t), np.cos(2 * np.pi * 0.4 * t) - 1
    return np.stack([far * x, far * y, 0 * t], 1)


def off(path: np.ndarray, true: np.ndarray) -> float:
    """The most pixels by which any corner of the picture would be put wrong."""
    corners = np.array([(x, y) for x in (0, SIZE[0]) for y in (0, SIZE[1])], float)
    found, meant = (turned(corners[None], p[:, None, 2]) + p[:, None, :2] for p in (path, true))
    return float(np.abs(found - meant).max())


def test_a_known_sway_is_read_to_a_third_of_a_pixel(wall):
    background, path = path_of(wall, sway(T))
    assert background.told
    assert off(path, sway(T)) < 0.6


@pytest.mark.parametrize("degrees", [1.0, 4.0])
def test_a_hand_that_turns_the_phone_as_well_is_read(wall, degrees):
    turn = np.radians(degrees) * np.sin(2 * np.pi * 0.5 * T)
    path = sway(T) + np.stack([0 * T, 0 * T, turn], 1)
    assert off(path_of(wall, path)[1], path) < 0.8


def test_a_long_pan_is_followed_over_new_corners(wall):
    pan = np.stack([60 * T / T[-1] * 3, -20 * T / T[-1], 0.05 * T / T[-1]], 1)
    assert off(path_of(wall, pan)[1], pan) < 1.5


def test_the_body_is_not_taken_for_the_background(wall):
    bodies = [np.array([[150 + 60 * t, 40], [400 + 60 * t, 340]], float) for t in T]
    path = path_of(wall, sway(T), bodies)[1]
    assert off(path, sway(T)) < 0.8


def test_errors_do_not_add_up(wall):
    t = np.arange(0, 30, 0.1)
    path = path_of(wall, sway(t, 6.0), t=t)[1]
    assert off(path[-50:], sway(t, 6.0)[-50:]) < 0.6


def test_pictures_between_two_looks_are_passed_over_and_filled_in(wall):
    t = np.arange(0, 3, 1 / 60)
    background, path = path_of(wall, sway(t), t=t)
    looks = len(background._t)
    assert looks <= 3 / STEP_S + 1
    assert off(path, sway(t)) < 1.5  # straight between looks


def test_a_film_may_be_shown_backward(wall):
    path = path_of(wall, sway(T)[::-1] - sway(T)[-1], t=T[::-1])[1]
    assert off(path[::-1], sway(T) - sway(T)[-1]) < 0.6


def test_a_path_may_begin_anywhere():
    path = sway(T) + np.stack([0 * T + 30, 0 * T - 8, 0.03 * np.cos(T)], 1)
    again = since_first(path)
    assert np.all(again[0] == 0)
    wall = np.array([[[100.0, 50.0]]])
    first = turned(wall, path[:1, None, 2]) + path[:1, None, :2]
    then = turned(np.broadcast_to(first, (len(T), 1, 2)), again[:, None, 2]) + again[:, None, :2]
    straight = turned(np.broadcast_to(wall, (len(T), 1, 2)), path[:, None, 2]) + path[:, None, :2]
    np.testing.assert_allclose(then, straight, atol=1e-9)


def test_a_camera_that_stands_still_is_said_to(wall):
    rng = np.random.default_rng(2)
    background = Background()
    for t in T:
        noise = rng.normal(0, 4, (360, 640, 3))
        picture = np.clip(seen(wall, np.zeros(3)) + noise, 0, 255).astype(np.uint8)
        background.push(float(t), picture, [])
    assert moved(background.path(T), SIZE[1]) is None
    assert moved(sway(T), SIZE[1]) is not None


def test_an_empty_wall_tells_nothing():
    background = Background()
    for t in T:
        background.push(float(t), np.full((360, 640, 3), 128, np.uint8), [])
    assert not background.told
    assert np.all(background.path(T) == 0)


# --- what comes of it


def shaken(track: PoseTrack, far: float = 40.0, told: bool = True) -> PoseTrack:
    """The set filmed by hand; told: whether the background says how."""
    t = track.t_s
    camera = np.stack([far * np.sin(1.9 * t), far * np.cos(1.3 * t) - far, 0.05 * np.sin(t)], 1)
    points = track.points.copy()
    points[..., :2] = turned(points[..., :2], camera[:, None, 2]) + camera[:, None, :2]
    known = camera if told else None
    return PoseTrack(track.t_s, points, track.visibility, track.size, known)


def test_a_known_camera_changes_no_report():
    track = perform(Curl(), Curl(fold=45)).film(fps=30, noise=0.5)
    held, still = shaken(track), track
    np.testing.assert_allclose(held.steadied().points, still.points)
    setting = athlete.estimate(still)
    one, other = (athlete.judged(t, setting)[1] for t in (held, still))
    assert [r.start_s for r in one.reps] == [r.start_s for r in other.reps]
    assert [r.measures for r in one.reps] == [r.measures for r in other.reps]


def test_a_hand_that_nothing_tells_of_refuses_what_hangs_on_places():
    track = shaken(perform(Curl()).film(fps=30), told=False)
    setting = athlete.estimate(perform(Curl()).film(fps=30))
    rep = athlete.judged(track, setting)[1].reps
    gates = {g.gate: g for r in rep for g in r.measures["hand_assisted_work_fraction"].gates}
    if gates:
        assert gates["G9"].status == "refused"
    steady = athlete.judged(perform(Curl()).film(fps=30))[1].reps[0]
    (gate,) = (g for g in steady.measures["catch_angle"].gates if g.gate == "G9")
    assert gate.status == "ok"


def test_a_track_keeps_its_camera_and_an_old_file_has_none(tmp_path):
    track = perform(Curl()).film(fps=10)
    shaken(track).save(tmp_path / "new.npz")
    back = PoseTrack.load(tmp_path / "new.npz")
    np.testing.assert_allclose(back.camera, shaken(track).camera, atol=1e-4)
    assert [p.camera is not None for p in back] == [True] * len(back)
    track.save(tmp_path / "old.npz")
    with np.load(tmp_path / "old.npz") as data:
        assert sorted(data) == ["points", "size", "t_s", "visibility"]
    old = PoseTrack.load(tmp_path / "old.npz")
    assert old.camera is None and old.mended is None
    assert old.steadied() is old


def test_a_camera_that_does_not_fit_the_track_is_refused():
    track = perform(Curl()).film(fps=10)
    with pytest.raises(InputError, match="camera has the shape"):
        PoseTrack(track.t_s, track.points, track.visibility, track.size, np.zeros((3, 3)))


def test_the_many_pieces_of_a_long_clip_are_joined_to_one_path(wall):
    step, many = 0.25, 40
    t = step * np.arange(2 * many)
    shifts = np.stack([np.abs(t % 8 - 4), 0 * t, 0 * t], 1)  # to and fro, as seen as a whole
    pieces = []
    for k in range(many):
        background = Background()
        for i in range(max(2 * k - 1, 0), 2 * k + 2):
            background.push(float(t[i]), seen(wall, shifts[i]), [])
        background.rest()
        pieces.append((float(t[2 * k]), background))
    whole = shifts - shifts[0]
    assert off(joined(pieces, t), whole) < 1.5
