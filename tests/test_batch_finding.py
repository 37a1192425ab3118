"""Which files are clips, what each is called, and where its result goes."""

import os
from pathlib import Path, PurePath

import pytest
from nights import word

from formcheck.batch.finding import A_FOLDER, LED_OUT, NO_FILE, find
from formcheck.batch.places import places
from formcheck.errors import InputError


def names(*sources: Path, out: Path = Path("nowhere")) -> list[str]:
    return [clip.name for clip in find(sources, out).clips]


def test_every_file_below_a_folder_is_a_clip_sorted_by_name(tmp_path):
    for name in ("b.mp4", "a.MOV", "sub/c.webm", "sub/deeper/d.avi", "playlist.m3u8", "none"):
        word(tmp_path / name)
    expected = ["a.MOV", "b.mp4", "none", "playlist.m3u8", "sub/c.webm", "sub/deeper/d.avi"]
    assert names(tmp_path) == expected


def test_what_is_no_film_is_left_aside_and_counted(tmp_path):
    for name in ("a.mp4", "a.truth.json", "notes.txt", "b.TXT", ".DS_Store", "._a.mp4", "c.part"):
        word(tmp_path / name)
    found = find([tmp_path], tmp_path / "out")
    assert [clip.name for clip in found.clips] == ["a.mp4"]
    assert found.aside[".txt"] == 2
    assert found.aside.total() == 6


@pytest.mark.parametrize("name", ["...mp4", "..mp4", ".mp4", "a\nb.mp4", "🏋.mp4", "אב.mp4"])
def test_an_odd_name_is_a_clip_with_a_folder_of_its_own(tmp_path, name):
    word(tmp_path / name)
    (clip,) = find([tmp_path], tmp_path / "out").clips
    (folder,) = places([clip.place], {}).values()
    assert (tmp_path / "out" / folder).resolve().parent == (tmp_path / "out").resolve()
    assert folder not in {"", ".", ".."}


def test_a_name_of_odd_bytes_can_be_written_and_opened(tmp_path):
    for name in (b"a\xff.mp4", b"a\xfe.mp4"):
        path = tmp_path / os.fsdecode(name)
        path.write_bytes(name)
    clips = find([tmp_path], tmp_path / "out").clips
    assert len({clip.name for clip in clips}) == 2
    assert all(clip.name.encode() and clip.path.is_file() for clip in clips)


def test_results_are_no_clips(tmp_path):
    word(tmp_path / "a.mp4")
    for name in ("out/a/report.json", "out/a/annotated.mp4", "old/a/report.json",
                 "old/a/annotated.mp4", "old/a/pose.npz"):  # fmt: skip
        word(tmp_path / name)
    word(tmp_path / "old/a/another.mp4")
    assert names(tmp_path, out=tmp_path / "out") == ["a.mp4", "old/a/another.mp4"]


def test_links_are_followed_within_the_folder_alone(tmp_path):
    outside = word(tmp_path / "outside" / "secret.mp4")
    inside = word(tmp_path / "in" / "a.mp4")
    (tmp_path / "in" / "same.mp4").symlink_to(inside)
    (tmp_path / "in" / "secret.mp4").symlink_to(outside)
    (tmp_path / "in" / "up").symlink_to(tmp_path / "outside")
    (tmp_path / "in" / "round").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "x.mp4").symlink_to("y.mp4")
    (tmp_path / "in" / "y.mp4").symlink_to("x.mp4")
    refused = {clip.name: clip.refused for clip in find([tmp_path / "in"], tmp_path).clips}
    assert refused.pop("x.mp4") and refused.pop("y.mp4")
    assert refused == {"a.mp4": None, "same.mp4": None, "secret.mp4": LED_OUT, "up": LED_OUT,
                       "round": A_FOLDER}  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    assert [clip.refused for clip in find([tmp_path], tmp_path / "out").clips] == [NO_FILE]


def test_an_argument_that_is_not_there_is_said(tmp_path):
    with pytest.raises(InputError, match="no such file or folder"):
        find([tmp_path / "uplaods"], tmp_path)


def test_an_argument_of_which_nothing_can_be_known_is_said(tmp_path):
    with pytest.raises(InputError, match=r"Check the name|no such file"):
        find([tmp_path / ("x" * 300)], tmp_path)


def test_clips_of_several_arguments_are_told_apart(tmp_path):
    for name in ("monday/a.mp4", "tuesday/a.mp4"):
        word(tmp_path / name)
    assert names(tmp_path / "monday", tmp_path / "tuesday") == ["a.mp4", "tuesday/a.mp4"]
    assert names(tmp_path / "monday", tmp_path / "monday" / "a.mp4") == ["a.mp4"]


def placed(*clips: str) -> dict[str, str]:
    paths = [PurePath(clip) for clip in clips]
    return {str(path): folder for path, folder in places(paths, {}).items()}


def test_a_folder_is_called_like_the_clip_below_the_argument():
    assert placed("a.mp4", "sub/b.mov") == {"a.mp4": "a", "sub/b.mov": "sub/b"}


@pytest.mark.parametrize(
    "clips",
    [("a.mp4", "a.mov"), ("a.mp4", "A.mov"), ("a.mp4", "a/b.mp4"), ("A.mp4", "a/b.mp4"),
     ("index.html.mp4",), ("batch.csv.mp4",), ("ü.mp4", "u\u0308.mov"), (".formcheck.mp4",),
     ("a.mp4", "a.mp4.mov", "a.mov"), ("a", "a.mp4")],
)  # fmt: skip
def test_no_folder_is_anothers_or_lies_within_one(clips):
    folders = list(placed(*clips).values())
    folded = [f.casefold() for f in folders]
    assert len(set(folded)) == len(clips)
    assert not any(f"{b}/".startswith(f"{a}/") for a in folded for b in folded if a != b)
    assert not {"index.html", "batch.csv", ".formcheck"} & set(folded)


def test_where_two_would_share_a_folder_it_is_the_full_name():
    assert placed("s/a.mp4", "s/a.mov") == {"s/a.mp4": "s/a.mp4", "s/a.mov": "s/a.mov"}


def test_a_name_as_long_as_names_may_be_has_a_folder():
    long = "x" * 251
    assert all(len(f) <= 255 for f in placed(f"{long}.mp4", f"{long}.mov").values())


def test_a_folder_that_was_given_stays_when_another_clip_arrives():
    first = places([PurePath("a.mp4")], {})
    later = places([PurePath("a.mp4"), PurePath("a.mov")], first)
    assert later == {PurePath("a.mp4"): "a", PurePath("a.mov"): "a.mov"}
