"""The pose model's own smoothing is taken out: what went in comes back, and nothing is late."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck import landmarker
from formcheck.landmarker import Landmarker
from formcheck.pose import Joint, Landmark
from formcheck.unfiltered import BODY_PER_REACH, HANDS, Unfilter

CLIP = Path(__file__).resolve().parent.parent / "sample_videos" / "fault_hips_pike.mp4"
FPS, REACH = 30, 200.0
KNEE, WRIST = Landmark.LEFT_KNEE, Landmark.LEFT_WRIST
START = (300.0, 300.0)


def smoothed(times, values):
    """MediaPipe's filter, value by value, as its source has it: (T, n), one body all along."""
    scale, out = BODY_PER_REACH * REACH, [values[0]]
    speed = np.zeros(values.shape[1])
    for i in range(1, len(times)):
        dt = times[i] - times[i - 1]
        slope = (values[i] - values[i - 1]) / scale / dt
        alpha = 1 / (1 + 1 / (2 * np.pi * 1.0 * dt))
        speed = alpha * slope + (1 - alpha) * speed
        cutoff = 0.05 + 80.0 * np.abs(speed)
        alpha = 1 / (1 + 1 / (2 * np.pi * cutoff * dt))
        out.append(alpha * values[i] + (1 - alpha) * out[-1])
    return np.array(out)


def poses(places):
    """(T, 33, 3) bodies of one size whose left knee and wrist are at the places (T, 2)."""
    points = np.full((len(places), 33, 3), 7.0)
    points[:, :, :2] = START
    points[:, Landmark.NOSE, 1] -= REACH
    points[:, [KNEE, WRIST], :2] = places[:, None]
    return points


def undone(times, points):
    """(T, 33, 3) what the poses were before."""
    unfilter = Unfilter()
    return np.array([unfilter.push(t, one) for t, one in zip(times, points, strict=True)])


def lowering(seconds):
    """(T,) times and (T, 2) places of a knee that slides for so many seconds between two rests."""
    times = np.arange(0.001, seconds + 2, 1 / FPS)
    along = np.clip((times - 1) / seconds, 0, 1)
    return times, START + np.outer(along**2 * (3 - 2 * along), [60.0, -80.0])


@pytest.mark.parametrize("seconds", [0.4, 3.0, 9.0])
def test_a_movement_comes_back_as_it_was(seconds):
    times, places = lowering(seconds)
    late = smoothed(times, places)
    back = undone(times, poses(late))[:, KNEE, :2]
    moves = times <= seconds + 1
    np.testing.assert_allclose(back[moves], places[moves], atol=1e-6)
    np.testing.assert_allclose(back, places, atol=0.5)  # where it stops, it may have turned back
    assert np.abs(late - places).max() > 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(5, 60), st.floats(-90, 90), st.floats(-90, 90)),
        min_size=2, max_size=40,
    )
)  # fmt: skip
def test_what_comes_back_would_be_smoothed_to_what_was_given(steps):
    times = np.cumsum([ms for ms, _, _ in steps]) / 1000
    given_out = START + np.array([step[1:] for step in steps])
    back = undone(times, poses(given_out))[:, KNEE, :2]
    # a jump that the filter would hardly let through takes a huge one before it
    np.testing.assert_allclose(
        smoothed(times, back), given_out, atol=1e-3 + 1e-9 * np.abs(back).max()
    )


@pytest.mark.parametrize("noise", [0.2, 1.0])
def test_trembling_points_come_back_nearly_and_never_late(noise):
    times, places = lowering(4.0)
    raw = places + np.random.default_rng(7).normal(0, noise, places.shape)
    late = smoothed(times, raw)
    left = undone(times, poses(late))[:, KNEE, :2] - raw
    assert np.sqrt((left**2).mean()) < 0.2 * np.sqrt(((late - raw) ** 2).mean())
    assert lag(times, left, places) == pytest.approx(0, abs=0.003)
    assert lag(times, late - raw, places) > 0.02


def lag(times, off, places):
    """Seconds that points lie behind the places (T, 2) when they are off by so much (T, 2)."""
    speed = np.gradient(places, times, axis=0)
    return -float((off * speed).sum() / (speed**2).sum())


def test_a_body_that_was_lost_begins_anew():
    times, places = lowering(1.0)
    points = poses(smoothed(times, places))
    unfilter = Unfilter()
    for t, one in zip(times, points, strict=True):
        unfilter.push(t, one)
    unfilter.reset()
    np.testing.assert_array_equal(unfilter.push(times[-1] + 0.03, points[0]), points[0])


def test_hands_and_depths_stay_as_they_are():
    times, places = lowering(2.0)
    points = poses(smoothed(times, places))
    back = undone(times, points)
    np.testing.assert_array_equal(back[:, HANDS], points[:, HANDS])
    np.testing.assert_array_equal(back[..., 2], points[..., 2])
    assert not np.allclose(back[:, KNEE], points[:, KNEE])
    assert all(joint not in HANDS for joint in Joint if joint is not Joint.WRIST)


def slid():
    """Seconds and pictures of a body that is carried over the picture, slowly and then faster."""
    with av.open(str(CLIP)) as clip:
        picture = next(clip.decode(video=0)).to_ndarray(format="rgb24")
    times = np.arange(40) / FPS
    for t, way in zip(times, np.interp(times, [0.2, 0.7, 1.3], [0, 4, 30]), strict=True):
        moved = np.array([[1, 0, way], [0, 1, 0]], np.float32)
        yield t, np.ascontiguousarray(cv2.warpAffine(picture, moved, picture.shape[1::-1]))


def two_followed(model, pictures):
    """(T, 33, 2) what MediaPipe finds where it may follow two bodies, which it never smooths: the
    one body, twice, since nothing is similar enough to what was followed to be the same."""
    landmarker.stop_reporting()
    import mediapipe
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=model.read_bytes()),
        running_mode=vision.RunningMode.VIDEO,
        num_poses=2,
        min_tracking_confidence=1.0,
    )
    with vision.PoseLandmarker.create_from_options(options) as task:
        for t, rgb in pictures:
            image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
            first, *_ = task.detect_for_video(image, max(1, round(t * 1000))).pose_landmarks
            yield np.array([(p.x, p.y) for p in first]) * rgb.shape[1::-1]


@pytest.mark.model
def test_what_comes_back_is_what_the_model_found(model):
    pictures = list(slid())
    raw = np.array(list(two_followed(model, pictures)))
    with Landmarker(model) as finder:
        found = np.array([finder.find(rgb, t)[0].points[:, :2] for t, rgb in pictures])
    off = np.sqrt(((found - raw) ** 2).mean(axis=(0, 2)))
    body = [n for n in range(33) if n not in HANDS]
    assert off[body].mean() < 0.35 * off[list(HANDS)].mean()  # those stay smoothed
