"""The list of clips, and what is done with the rendered ones: no body and no picture needed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio import catalogue, works

LISTED = catalogue.read()
CLIP = LISTED.named("side_one_clean")
TRUTH = {"exercise": "nordic-curl", "reps": [{"start_s": 1.0}], "frames": {"t_s": [0.0, 0.1]}}


def listed(tmp_path, text: str) -> catalogue.Catalogue:
    file = tmp_path / "clips.toml"
    file.write_text("[people.tom]\n" + text)
    return catalogue.read(file)


def test_a_clip_is_what_the_list_says(tmp_path):
    text = '[[clips]]\nname = "a"\nsays = "b"\nathlete = "tom"\nset = { reps = [{ pace = 9 }] }'
    (clip,) = listed(tmp_path, text).clips
    assert clip.set is not None and clip.set.reps[0].pace == 9
    assert clip.camera == CLIP.camera


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('set = { reps = [{ pase = 9 }] }\nathlete = "tom"', "pase"),
        ('athlete = "tom"', "either a set, curls or a move"),
        ('set = { reps = [{}] }\nathlete = "bob"', "bob"),
        ('set = { reps = [{}] }\nathlete = "tom"\ncamera = { yaw_deg = "side" }', "yaw_deg"),
    ],
)
def test_a_slip_in_the_list_is_named(tmp_path, text, said):
    with pytest.raises(ValueError, match=said):
        listed(tmp_path, f'[[clips]]\nname = "a"\nsays = "b"\n{text}\n')


def test_a_recipe_changes_with_all_it_depends_on():
    assert works.recipe(CLIP, LISTED) == works.recipe(CLIP, LISTED)
    others = [
        replace(CLIP, athlete="anna"),
        replace(CLIP, camera=replace(CLIP.camera, yaw_deg=1.0)),
        replace(CLIP, set=replace(CLIP.set, seed=99)),
    ]
    assert len({works.recipe(clip, LISTED) for clip in [CLIP, *others]}) == 4


def test_truth_is_strict_json_and_reads_back():
    text = works.as_text(TRUTH)
    assert json.loads(text) == TRUTH
    with pytest.raises(ValueError, match="JSON"):
        works.as_text({**TRUTH, "fps": float("nan")})


values = st.recursive(
    st.none() | st.booleans() | st.floats(-1e3, 1e3) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
)


@given(values)
def test_nothing_differs_from_itself(value):
    assert works.difference(value, json.loads(json.dumps(value))) is None


def test_a_difference_is_named_by_its_place():
    other = json.loads(works.as_text(TRUTH))
    other["reps"][0]["start_s"] = 1.001
    assert works.difference(TRUTH, other) == "/reps/0/start_s"
    assert works.difference({"a": [1]}, {"a": [1, 2]}) == "/a"
    assert works.difference(None, 0.0) == ""


def test_comparing_and_taking_over(tmp_path, capsys):
    built, samples = tmp_path / "built", tmp_path / "samples"
    for folder in (built, samples):
        folder.mkdir()
    (built / "a.mp4").write_bytes(b"picture")
    (built / "a.truth.json").write_text(works.as_text(TRUTH))
    assert works.compare(["a"], built, samples) == 0
    assert "not committed yet" in capsys.readouterr().out
    works.adopt(["a"], built, samples)
    assert works.compare(["a"], built, samples) == 0
    assert "1 of 1 truths as committed, 1 clips byte for byte" in capsys.readouterr().out
    (samples / "a.truth.json").write_text(works.as_text({**TRUTH, "fps": 30}))
    assert works.compare(["a"], built, samples) == 1


def test_recordings_of_several_sets_lie_in_a_folder_of_their_own(tmp_path):
    (several,) = LISTED.recordings
    assert LISTED.named(several.name) is several
    assert works.home(several.name, tmp_path) == tmp_path / "sets"
    assert works.home(CLIP.name, tmp_path) == tmp_path
