"""Freed memory goes back to the system, where the C library is told to hand it over."""

from __future__ import annotations

import ctypes
import json
import multiprocessing
import sys
from pathlib import Path

import numpy as np
import pytest

from formcheck import heap


def held_mb() -> float:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's heap")
def test_what_was_freed_between_what_is_held_goes_back():
    blocks = [np.ones(8000) for _ in range(1600)]  # 100 MB, too small to be mapped one by one
    kept = blocks[::100]
    del blocks
    before = held_mb()
    heap.give_back()
    assert held_mb() < before - 60
    assert len(kept) == 16


def test_elsewhere_nothing_is_asked(monkeypatch: pytest.MonkeyPatch):
    def unknown(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "CDLL", unknown)
    heap.settle()
    heap.settle_pictures(None)
    heap.give_back()


def test_who_said_how_heaps_are_to_be_is_obeyed(monkeypatch: pytest.MonkeyPatch):
    asked = []
    monkeypatch.setattr(ctypes, "CDLL", lambda _: asked.append(1))
    monkeypatch.setenv("MALLOC_ARENA_MAX", "7")
    monkeypatch.setenv("MALLOC_MMAP_THRESHOLD_", "1000000")
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "1000000")
    heap.settle()
    heap.settle_pictures(20.0)
    assert not asked


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's heap")
@pytest.mark.parametrize(("seconds", "goes"), [(None, True), (3600.0, True), (20.0, False)])
def test_a_large_picture_of_a_long_clip_goes_as_soon_as_it_is_freed(tmp_path, seconds, goes):
    told = tmp_path / "told.json"
    mp = multiprocessing.get_context("spawn")  # a heap with gaps would take the pictures
    child = mp.Process(target=pictures_come_and_go, args=(told, seconds))
    child.start()
    child.join()
    held, left = json.loads(told.read_text(encoding="utf-8"))
    assert (left < held - 50) == goes


def pictures_come_and_go(told: Path, seconds: float | None) -> None:
    heap.settle()
    heap.settle_pictures(seconds)
    pictures = [np.ones((1080, 1920, 3), np.uint8) for _ in range(12)]
    held = held_mb()
    kept = pictures[::6]
    del pictures
    told.write_text(json.dumps([held, held_mb()]), encoding="utf-8")
    assert len(kept) == 2
