"""Clips as they arrive: a growing upload is left until it is whole."""

import os
import time

import pytest
from nights import word

from formcheck.batch.arrivals import OLD_S, SETTLE_S, Arrivals
from formcheck.errors import InputError


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def uploads(tmp_path, clock):
    folder = tmp_path / "uploads"
    folder.mkdir()
    return folder, Arrivals([folder], tmp_path / "out", clock=clock)


def names(arrivals) -> list[str]:
    return [clip.name for clip in arrivals.whole()]


def test_a_new_file_is_taken_once_it_stands_still(uploads, clock):
    folder, arrivals = uploads
    word(folder / "a.mp4")
    assert names(arrivals) == []
    clock.now += SETTLE_S
    assert names(arrivals) == ["a.mp4"]
    clock.now += SETTLE_S
    assert names(arrivals) == []


def test_a_growing_file_is_left(uploads, clock):
    folder, arrivals = uploads
    for length in range(1, 8):
        word(folder / "a.mp4", "fine", "x" * length)
        assert names(arrivals) == []
        clock.now += SETTLE_S - 0.1
    assert names(arrivals) == []
    clock.now += SETTLE_S
    assert names(arrivals) == ["a.mp4"]


def test_an_old_file_is_whole_at_once(uploads):
    folder, arrivals = uploads
    then = time.time() - OLD_S - 1
    os.utime(word(folder / "a.mp4"), (then, then))
    assert names(arrivals) == ["a.mp4"]


def test_a_file_that_changed_later_comes_again(uploads, clock):
    folder, arrivals = uploads
    word(folder / "a.mp4")
    names(arrivals)
    clock.now += SETTLE_S
    assert names(arrivals) == ["a.mp4"]
    word(folder / "a.mp4", "fine", "more of it came after all")
    assert names(arrivals) == []
    clock.now += SETTLE_S
    assert names(arrivals) == ["a.mp4"]


def test_a_clip_whose_name_another_takes_comes_again_under_its_new_one(tmp_path, clock):
    monday, tuesday = tmp_path / "monday", tmp_path / "tuesday"
    monday.mkdir()
    word(tuesday / "a.mp4")
    arrivals = Arrivals([monday, tuesday], tmp_path / "out", clock=clock)
    names(arrivals)
    clock.now += SETTLE_S
    assert names(arrivals) == ["a.mp4"]
    word(monday / "a.mp4")
    assert names(arrivals) == []
    clock.now += SETTLE_S
    assert names(arrivals) == ["a.mp4", "tuesday/a.mp4"]


def test_what_is_never_opened_need_not_settle(uploads, tmp_path):
    folder, arrivals = uploads
    (folder / "a.mp4").symlink_to(word(tmp_path / "outside.mp4"))
    assert [clip.refused is not None for clip in arrivals.whole()] == [True]


def test_a_watched_folder_that_is_removed_is_said(uploads):
    folder, arrivals = uploads
    folder.rmdir()
    with pytest.raises(InputError, match="no such file or folder"):
        arrivals.whole()
