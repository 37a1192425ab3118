"""Arrays of a long recording: on the disk, the same numbers, and never without them."""

from __future__ import annotations

import errno
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from athlete import Curl, perform

from formcheck import resting
from formcheck.analysis import Analysis, Options, analyze


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever there is is worth a file."""
    monkeypatch.setattr(resting, "WORTH_B", 0)


def some() -> list[resting.Array]:
    return [np.arange(12.0).reshape(4, 3), np.array([np.nan, 1.0]), np.arange(40.0)[::2]]


def test_what_takes_little_stays_where_it_is():
    arrays = some()
    assert all(a is b for a, b in zip(resting.rested(arrays), arrays, strict=True))


def test_what_rests_is_the_same_and_cannot_be_changed(long: None):
    kept = resting.rested(some())
    resting.let_go()
    for a, b in zip(kept, some(), strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.shape == b.shape and not a.flags.writeable


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_where_the_disk_takes_nothing_it_stays_in_memory(
    number: int, long: None, monkeypatch: pytest.MonkeyPatch
):
    def full(**_: object) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(resting, "TemporaryFile", full)
    arrays = some()
    assert all(a is b for a, b in zip(resting.rested(arrays), arrays, strict=True))


def analysed(folder: Path) -> Analysis:
    track = perform(Curl()).film(fps=10)
    track.save(folder / "set.npz")
    return analyze(folder / "set.npz", Options(), lambda *_: None)


def flat(told: Any) -> list[np.ndarray]:
    """All arrays of poses or curves, however deep."""
    if isinstance(told, np.ndarray):
        return [told]
    if isinstance(told, dict):
        return [array for one in told.values() for array in flat(one)]
    deep = getattr(told, "__dataclass_fields__", None)
    return [] if deep is None else [a for f in fields(told) for a in flat(getattr(told, f.name))]


def test_a_recording_that_rests_holds_the_same_poses_and_curves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    plain = analysed(tmp_path)
    monkeypatch.setattr(resting, "WORTH_B", 0)
    rests = analysed(tmp_path)
    for part in ("track", "curves"):
        pairs = zip(flat(getattr(plain, part)), flat(getattr(rests, part)), strict=True)
        assert all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)
    assert not rests.track.points.flags.writeable
    assert not rests.curves.values["knee_flexion"].flags.writeable
    assert rests.report == plain.report
