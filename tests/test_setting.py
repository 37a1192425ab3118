"""A setting that is given: of which clip and which exercise it is."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from athlete import Curl, Hold, perform

from formcheck.analysis import FOREIGN, Options, analyze
from formcheck.errors import InputError
from formcheck.pose import PoseTrack
from formcheck.setting import Origin, Setting

TRACK = perform(Curl(rest=0.8, lower=1.5, floor=0.3, up=1.5)).film()
OTHER = perform(Hold(2)).film()


def analysed(folder, track, name="pose", **said):
    track.save(folder / f"{name}.npz")
    return analyze(folder / f"{name}.npz", Options(**said), lambda *_: None)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A folder with the setting of TRACK, and how that was analysed."""
    folder = tmp_path_factory.mktemp("given")
    first = analysed(folder, TRACK)
    first.setting.save(folder / "setting.json")
    return folder / "setting.json", first


def test_a_clips_own_setting_is_given_back_without_a_word(saved, tmp_path):
    path, first = saved
    again = analysed(tmp_path, PoseTrack.load(path.parent / "pose.npz"), setting=path)
    assert again.report.clip.problems == ()
    assert (again.report, again.setting) == (first.report, first.setting)


def test_the_setting_of_another_clip_with_pictures_of_the_same_size_is_told(saved, tmp_path):
    path, first = saved
    other = analysed(tmp_path, OTHER, setting=path)
    assert other.report.clip.problems == (FOREIGN,)
    assert other.setting.origin == first.setting.origin  # and told again when it is given again


def test_the_same_clip_is_known_by_its_bytes_or_by_its_poses():
    one = Origin(clip_sha256="a", track_sha256="b")
    assert one.same(one.model_copy(update={"track_sha256": "c"}))  # another model, --follow
    assert one.same(one.model_copy(update={"clip_sha256": "c"}))  # its pose.npz
    assert not one.same(Origin(clip_sha256="b", track_sha256="a"))


def test_a_setting_that_does_not_know_its_clip_is_used_without_a_word(saved, tmp_path):
    first = saved[1]
    first.setting.model_copy(update={"origin": None}).save(tmp_path / "setting.json")
    other = analysed(tmp_path, OTHER, setting=tmp_path / "setting.json")
    assert other.report.clip.problems == ()
    assert other.setting.origin is None


def test_the_fingerprint_outlives_saving_and_tells_tracks_apart(tmp_path):
    points = TRACK.points.copy()
    points[3, 5] = np.nan
    track = replace(TRACK, points=points)
    track.save(tmp_path / "pose.npz")
    assert PoseTrack.load(tmp_path / "pose.npz").fingerprint == track.fingerprint
    moved = replace(track, points=points + 1e-2)
    later = replace(track, t_s=track.t_s + 1e-9)
    larger = replace(track, size=(track.size[0] + 1, track.size[1]))
    assert len({t.fingerprint for t in (track, TRACK, moved, later, larger)}) == 5


def test_a_setting_knows_its_exercise_and_another_is_refused(saved, tmp_path):
    path, first = saved
    assert first.setting.exercise == "nordic-curl"
    foreign = {**json.loads(path.read_text()), "exercise": "squat"}
    (tmp_path / "setting.json").write_text(json.dumps(foreign))
    with pytest.raises(InputError, match="for the exercise squat, and nordic-curl") as raised:
        analysed(tmp_path, TRACK, setting=tmp_path / "setting.json")
    assert "--exercise squat" in str(raised.value)


def test_a_setting_of_before_there_were_two_exercises_still_does(saved, tmp_path):
    path, first = saved
    old = {k: v for k, v in json.loads(path.read_text()).items() if k not in ("exercise", "origin")}
    (tmp_path / "setting.json").write_text(json.dumps(old))
    assert Setting.load(tmp_path / "setting.json").exercise is None
    assert analysed(tmp_path, TRACK, setting=tmp_path / "setting.json").report == first.report
