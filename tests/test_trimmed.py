"""The trimmed pose model: the same landmarks, bit for bit, for less work."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import av
import numpy as np
import pytest

from formcheck import models, trimmed
from formcheck.landmarker import Landmarker

CLIPS = Path(__file__).resolve().parent.parent / "sample_videos"


def pictures(name: str, every: int, many: int) -> list[np.ndarray]:
    with av.open(str(CLIPS / name)) as clip:
        frames = (f for i, f in enumerate(clip.decode(video=0)) if i % every == 0)
        return [f.to_ndarray(format="rgb24") for _, f in zip(range(many), frames, strict=False)]


def found(buffer: bytes, frames: list[np.ndarray], *, video: bool, people: int) -> list[list]:
    """All that MediaPipe tells of the frames."""
    import mediapipe
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=buffer),
        running_mode=vision.RunningMode.VIDEO if video else vision.RunningMode.IMAGE,
        num_poses=people,
    )
    told = []
    with vision.PoseLandmarker.create_from_options(options) as finder:
        for i, rgb in enumerate(frames):
            image = mediapipe.Image(mediapipe.ImageFormat.SRGB, rgb)
            said = finder.detect_for_video(image, 33 * i) if video else finder.detect(image)
            bodies = [*said.pose_landmarks, *said.pose_world_landmarks]
            told.append([(p.x, p.y, p.z, p.visibility, p.presence) for b in bodies for p in b])
    return told


@pytest.mark.model
@pytest.mark.parametrize(
    ("name", "video", "people"),
    [("demo_three_reps.mp4", True, 1), ("partner.mp4", False, 4), ("partner.mp4", True, 2)],
)
def test_the_landmarks_are_the_same_bit_for_bit(model, name, video, people):
    frames = [*pictures(name, 6, 25), np.full((240, 320, 3), 128, np.uint8)]
    whole = found(model.read_bytes(), frames, video=video, people=people)
    assert sum(map(len, whole)) >= 20 * 66
    assert found(trimmed.bundle(model), frames, video=video, people=people) == whole


@pytest.mark.model
def test_the_silhouette_is_not_computed(model):
    with zipfile.ZipFile(model) as opened:
        network = opened.read(models.LANDMARKS)
    from mediapipe.tasks.metadata import schema_py_generated as schema

    before, after = (
        schema.Model.GetRootAsModel(data, 0).Subgraphs(0)
        for data in (network, trimmed.without_output(network))
    )
    assert before.OutputsLength() == after.OutputsLength() == 5
    assert before.OperatorsLength() - after.OperatorsLength() == 46
    for i in range(5):
        shapes = [g.Tensors(g.Outputs(i)).ShapeAsNumpy().tolist() for g in (before, after)]
        assert (shapes[0] == shapes[1]) == (i != 2), shapes


def test_another_model_is_left_as_it_is(tmp_path):
    other = tmp_path / "other.task"
    other.write_bytes(models.bundle({models.DETECTOR: b"one", models.LANDMARKS: b"two"}))
    assert trimmed.bundle(other) == other.read_bytes()


@pytest.mark.model
def test_a_model_that_was_replaced_is_read_anew(tmp_path, model):
    place = tmp_path / "pose.task"
    shutil.copyfile(model, place)
    assert len(trimmed.bundle(place)) < place.stat().st_size
    place.write_bytes(b"another one")
    os.utime(place, (1, 1))
    assert trimmed.bundle(place) == b"another one"


@pytest.mark.model
def test_where_it_cannot_be_trimmed_the_whole_model_serves(model, tmp_path, monkeypatch):
    place = tmp_path / "pose.task"
    shutil.copyfile(model, place)
    monkeypatch.setattr(trimmed, "without_output", lambda network: network.absent)
    assert trimmed.bundle(place) == model.read_bytes()


@pytest.mark.model
def test_where_the_trimmed_one_is_refused_the_whole_model_serves(model, monkeypatch):
    monkeypatch.setattr(trimmed, "bundle", lambda path: b"refused")
    with Landmarker(model, video=False) as finder:
        (rgb,) = pictures("demo_three_reps.mp4", 1, 1)
        assert len(finder.find(rgb, 0.0)) == 1
