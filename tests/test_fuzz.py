"""The short form of tests/fuzz_clips.py, and the films that it found something with."""

from __future__ import annotations

from pathlib import Path

from fuzz_clips import damaged, fuzz

REGRESSIONS = Path(__file__).resolve().parent / "regressions"


def test_damaged_films_are_read_or_refused_and_harm_nobody():
    figures = fuzz(damaged(60, seed=20))
    assert (figures.files, figures.bad) == (60, []), figures
    assert figures.opened and figures.refused


def test_the_same_seed_gives_the_same_films():
    first, second = (list(damaged(8, seed=5)) for _ in range(2))
    assert [name for name, _ in first] == [name for name, _ in second]


def test_what_once_went_wrong_goes_right():
    films = [(path.name, path.read_bytes()) for path in sorted(REGRESSIONS.iterdir())]
    figures = fuzz(iter(films), writing=True)
    assert (figures.files, figures.bad) == (len(films), []), figures
