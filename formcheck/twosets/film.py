"""compare.mp4: both sets side by side, each frame at the same moment of its rep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from formcheck import words
from formcheck.analysis import Progress
from formcheck.errors import InputError
from formcheck.pairing.step import Pair, Step, Which
from formcheck.pose import Array, PoseTrack
from formcheck.twosets.sides import Side

if TYPE_CHECKING:
    from formcheck.overlay import twofold
    from formcheck.overlay.twofold import Half
    from formcheck.video.film import Frame, Picture

FPS = 30.0
"""Of the video."""
PACE_FROM = 0.95
"""A set that runs at least so fast runs as it was."""
STANDS = 0.05
"""One that is slower than this stands still."""


@dataclass(frozen=True)
class Course:
    """What of a set is shown at each frame of the video."""

    frame: NDArray[np.int64]
    """(n,) the frames of the clip, integers, never running back."""
    t_s: Array
    """(n,) seconds of the clip."""
    pace: Array
    """(n,) how fast it runs: 1 as it was."""


def instants(step: Step) -> Array:
    """(n,) seconds of the common clock of the video's frames."""
    return np.arange(max(2, round(step.lasts_s * FPS) + 1)) / FPS


def course(side: Side, which: Which, step: Step, at_s: Array) -> Course:
    """Which frames of a clip are shown: of each instant the nearest."""
    t = np.maximum.accumulate(step.seconds(which, at_s))
    own = side.done.track.t_s
    right = np.clip(np.searchsorted(own, t), 1, len(own) - 1)
    nearest = np.asarray(right - (t - own[right - 1] < own[right] - t), np.int64)
    paces = [step.pace(which, float(at), side.set_.time_scale) for at in at_s]
    return Course(nearest, t, np.array(paces))


def draw(a: Side, b: Side, step: Step, names: tuple[str, str], path: Path, said: Progress) -> None:
    """Write the video. Raises InputError where a clip cannot be read any more, OutputError where
    nothing can be written."""
    from formcheck.overlay import twofold
    from formcheck.video.writer import VideoWriter

    at_s = instants(step)
    both = dict(by_letter(a, b))
    courses = {which: course(side, which, step, at_s) for which, side in both.items()}
    halves = _halves(both, courses)
    strip = _strip(both, courses, step, at_s)
    films = {which: _pictures(side, courses[which].frame) for which, side in both.items()}
    picture = twofold.blank()
    with VideoWriter(path, *twofold.SIZE, fps=FPS) as out:
        for n, at in enumerate(at_s.tolist()):
            for side, (which, name) in enumerate(zip(both, names, strict=True)):
                left, now = side * twofold.HALF[0], courses[which]
                i = int(now.frame[n])
                values = _angles(both[which], i)
                halves[which].draw(picture, left, next(films[which]), i, values)
                told = _told(both[which], which, step, at, (i, float(now.pace[n])))
                turned = " · mirrored" if halves[which].mirrored else ""
                halves[which].title(picture, left, f"{name}{turned}", told)
            twofold.divided(picture)
            strip.draw(picture, n)
            out.write(picture, at)
            said("Drawing both sets", (n + 1) / len(at_s))


def by_letter(a: Side, b: Side) -> tuple[tuple[Which, Side], tuple[Which, Side]]:
    """Both, each with its letter."""
    return ("a", a), ("b", b)


def _halves(both: Mapping[Which, Side], courses: Mapping[Which, Course]) -> dict[Which, Half]:
    from formcheck.overlay.twofold import Half, views

    tracks = [_shown(both[w].done.track, courses[w]) for w in both]
    seen = views(tracks, [side.done.setting for side in both.values()])
    return {
        which: Half(which, side.done.track, side.done.setting, side.done.exercise.look, view)
        for (which, side), view in zip(both.items(), seen, strict=True)
    }


def _shown(track: PoseTrack, of: Course) -> PoseTrack:
    return track.between(float(track.t_s[of.frame[0]]), float(track.t_s[of.frame[-1]]))


def _strip(
    both: Mapping[Which, Side], courses: Mapping[Which, Course], step: Step, at_s: Array
) -> twofold.Courses:
    from formcheck.overlay import twofold

    panel = both["a"].done.exercise.look.traced
    values = {which: at(both[which], panel.signal, courses[which].t_s) for which in both}
    marks = [k.at_s for pair in step.pairs for k in pair.knots]
    return twofold.Courses(at_s, values, marks, panel.signal.replace("_", " "))


def at(side: Side, signal: str, t_s: Array) -> Array:
    """(n,) a signal at (n,) seconds of the clip, straight between frames; NaN where not seen."""
    curves = side.done.curves
    if signal not in curves.values:
        return np.full(len(t_s), np.nan)
    return np.interp(t_s, curves.t_s, curves.values[signal])


def _angles(side: Side, i: int) -> dict[str, float]:
    return {name: float(v[i]) for name, v in side.done.curves.values.items()}


def _told(
    side: Side, which: Which, step: Step, at_s: float, now: tuple[int, float]
) -> twofold.Said:
    """What is written above a set at an instant. now: its frame, and how fast it runs."""
    from formcheck.overlay.twofold import Said

    (i, pace), look, curves = now, side.done.exercise.look, side.done.curves
    says = {"rest": look.rests} | {phase.name: phase.says for phase in look.phases}
    angles = [
        f"{p.short} {words.figure(float(curves.values[p.signal][i]), 'deg')}"
        for p in look.panels
        if p.signal in curves.values and np.isfinite(curves.values[p.signal][i])
    ]
    pair = pair_at(step, at_s)
    number = None if pair is None else pair.a if which == "a" else pair.b
    rep = "" if number is None else f"REP {number} · "
    return Said(f"{rep}{says[curves.phase[i]]}", "   ".join(angles), _pace(pace))


def pair_at(step: Step, at_s: float) -> Pair | None:
    """The reps that run at an instant of the common clock; None between them."""
    return next((p for p in step.pairs if p.knots[0].at_s <= at_s <= p.knots[-1].at_s), None)


def _pace(pace: float) -> str:
    if pace >= PACE_FROM:
        return "as fast as it was" if pace < 1 / PACE_FROM else f"{pace:.0f} times as fast"
    return "waits for the other" if pace < STANDS else f"slowed to {100 * pace:.0f}%"


def _pictures(side: Side, frames: NDArray[np.int64]) -> Iterator[Picture | None]:
    """The frame of the clip for each of (n,) of its frames, which do not run back; None where there
    is no clip."""
    if side.film is None:
        yield from (None for _ in frames)
        return
    from formcheck.overlay.twofold import SIZE
    from formcheck.video.reader import VideoFile

    t, half = side.done.track.t_s, side.done.track.frame_s / 2
    with VideoFile(side.film) as film:
        reader = film.frames(float(t[frames[0]]) - half, longest=2 * max(SIZE))
        now, ahead = next(reader, None), next(reader, None)
        for i in frames:
            while ahead is not None and _nearer(ahead, now, float(t[i])):
                now, ahead = ahead, next(reader, None)
            if now is None:
                raise InputError(
                    f"{side.film.name}: this clip cannot be read any more. Expected the pictures "
                    "that it had when it was analysed; give it again."
                )
            yield now.rgb


def _nearer(one: Frame, other: Frame | None, t: float) -> bool:
    return other is None or abs(one.t - t) <= abs(other.t - t)
