"""Where each clip's result goes: its path below the argument, without extension."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from formcheck.batch.stamp import STATE
from formcheck.results import NO_NAMES, numbered

PAGES = ("index.html", "batch.csv", "batch.json", STATE)
"""What else lies in a batch's folder."""


def places(clips: Sequence[PurePath], kept: Mapping[PurePath, str]) -> dict[PurePath, str]:
    """Clip, as its path below the argument -> its folder below the output, with "/" between.

    The full file name where two would share a folder, or one would lie within the other; that with
    a number where it is taken, too. kept: folders that are given already, of earlier clips.
    """
    stems = Counter(_folded(_stem(clip)) for clip in clips)
    above = {_folded(folder) for clip in clips for folder in clip.parents}
    taken = {_folded(PurePath(page)) for page in PAGES} | {
        _folded(PurePath(folder)) for folder in kept.values()
    }
    chosen = dict(kept)
    for clip in clips:
        if clip in chosen:
            continue
        stem = _stem(clip)
        lonely = stems[_folded(stem)] == 1 and _folded(stem) not in above | taken
        name = stem if lonely and clip.stem not in NO_NAMES else clip
        unique, n = name, 2
        while _folded(unique) in above | taken:
            unique, n = name.with_name(numbered(name.name, n)), n + 1
        taken.add(_folded(unique))
        chosen[clip] = unique.as_posix()
    return chosen


def _stem(clip: PurePath) -> PurePath:
    return clip.parent / clip.stem


def _folded(path: PurePath) -> str:
    """The path as file systems compare it that do not tell cases or composed letters apart."""
    return unicodedata.normalize("NFC", path.as_posix()).casefold()
