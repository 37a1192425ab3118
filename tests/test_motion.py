"""The camera's own motion, on pictures whose shift is known."""

from __future__ import annotations

import athlete
import cv2
import numpy as np
import pytest
from athlete import Curl, perform

from formcheck.errors import InputError
from formcheck.motion import STEP_S, Background, moved
from formcheck.pose import PoseTrack

SIZE = (640, 360)
T = np.arange(0, 4, 0.1)


@pytest.fixture(scope="module")
def wall() -> np.ndarray:
    """A large wall with something on it, softly drawn."""
    rng = np.random.default_rng(5)
    coarse = rng.integers(40, 215, (60, 90, 3), np.uint8)
    return cv2.resize(coarse, (1080, 720), interpolation=cv2.INTER_CUBIC)


def seen(wall: np.ndarray, shift: np.ndarray, body: np.ndarray | None = None) -> np.ndarray:
    """The picture (360, 640, 3) after the background moved by `shift` (2,) pixels."""
    x, y = 200 - shift[0], 150 - shift[1]
    turn = np.float32([[1, 0, -x], [0, 1, -y]])
    picture = cv2.warpAffine(wall, turn, SIZE, flags=cv2.INTER_LINEAR)
    if body is not None:
        (x0, y0), (x1, y1) = body.min(axis=0).astype(int), body.max(axis=0).astype(int)
        rng = np.random.default_rng(1)
        box = picture[max(y0, 0) : y1, max(x0, 0) : x1]
        box[:] = rng.integers(0, 255, box.shape, np.uint8)
    return picture


def path_of(wall, shifts, bodies=None, t=T) -> tuple[Background, np.ndarray]:
    background = Background()
    for i, when in enumerate(t):
        body = None if bodies is None else bodies[i]
        picture = seen(wall, shifts[i], body)
        background.push(float(when), picture, [] if body is None else [body])
    return background, background.path(np.asarray(t))


def sway(t: np.ndarray, far: float = 12.0) -> np.ndarray:
    return far * np.stack([np.sin(2 * np.pi * 0.6 * t), np.cos(2 * np.pi * 0.4 * t) - 1], 1)


def test_a_known_sway_is_read_to_a_third_of_a_pixel(wall):
    background, path = path_of(wall, sway(T))
    assert background.told
    assert np.abs(path - sway(T)).max() < 0.35


def test_a_long_pan_is_followed_over_new_corners(wall):
    pan = np.stack([60 * T / T[-1] * 3, -20 * T / T[-1]], 1)
    path = path_of(wall, pan)[1]
    assert np.abs(path - pan).max() < 1.0


def test_the_body_is_not_taken_for_the_background(wall):
    bodies = [np.array([[150 + 60 * t, 40], [400 + 60 * t, 340]], float) for t in T]
    path = path_of(wall, sway(T), bodies)[1]
    assert np.abs(path - sway(T)).max() < 0.5


def test_errors_do_not_add_up(wall):
    t = np.arange(0, 30, 0.1)
    path = path_of(wall, sway(t, 6.0), t=t)[1]
    assert np.abs(path - sway(t, 6.0))[-50:].max() < 0.35


def test_pictures_between_two_looks_are_passed_over_and_filled_in(wall):
    t = np.arange(0, 3, 1 / 60)
    background, path = path_of(wall, sway(t), t=t)
    looks = len(background._t)
    assert looks <= 3 / STEP_S + 1
    assert np.abs(path - sway(t)).max() < 1.2  # straight between looks


def test_a_film_may_be_shown_backward(wall):
    path = path_of(wall, sway(T)[::-1] - sway(T)[-1], t=T[::-1])[1]
    assert np.abs(path[::-1] - (sway(T) - sway(T)[-1])).max() < 0.35


def test_a_camera_that_stands_still_is_said_to(wall):
    rng = np.random.default_rng(2)
    background = Background()
    for t in T:
        noise = rng.normal(0, 4, (360, 640, 3))
        picture = np.clip(seen(wall, np.zeros(2)) + noise, 0, 255).astype(np.uint8)
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
    camera = far * np.stack([np.sin(1.9 * track.t_s), np.cos(1.3 * track.t_s) - 1], 1)
    points = track.points.copy()
    points[..., :2] += camera[:, None]
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
        PoseTrack(track.t_s, track.points, track.visibility, track.size, np.zeros((3, 2)))
