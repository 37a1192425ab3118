"""annotated.mp4, and the still of every finding: the frames of the clip, drawn on.

At a fault the film stands still to be read and then goes on; the last picture is a card with the
set's table. Where that is not wanted, frames and timestamps are the clip's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from formcheck.analysis import Analysis, Progress
from formcheck.checks import Finding
from formcheck.set_best import against

if TYPE_CHECKING:
    from formcheck.video.film import Picture

FREEZE_S = 1.5
CARD_S = 4.0
ONE_MOMENT_S = 0.3
"""Faults so close together share a freeze: two stops in a row would only look like stutter."""
AT_ONCE = 2
"""Faults in one freeze; more cannot be read in its time."""
STEP_S = 1 / 30
"""Between the frames of a freeze, at least: of a picture that stands 240 a second are waste."""

Holds = tuple[tuple[float, float], ...]


def annotate(analysis: Analysis, path: Path, progress: Progress, *, freeze: bool = True) -> Holds:
    """Write the annotated video; returns the freezes as (second of the clip, seconds it stands).

    Every frame after such a second comes by so much later than in the clip, the sound with it.
    Raises InputError where the clip cannot be read any more, OutputError where nothing can be
    written.
    """
    from formcheck.overlay.draw import Overlay
    from formcheck.overlay.endcard import end_card
    from formcheck.video.beside import Behind, ahead
    from formcheck.video.reader import VideoFile
    from formcheck.video.sound import Stops
    from formcheck.video.writer import VideoWriter

    track = analysis.track
    overlay = Overlay(analysis.report, analysis.curves, analysis.setting, track, analysis.exercise)
    step, stops = max(track.frame_s, STEP_S), _freezes(analysis) if freeze else {}
    still, card = (max(1, round(s / step)) for s in (FREEZE_S, CARD_S))
    holds = tuple((float(track.t_s[i]), still * step) for i in stops)
    end_s = float(track.t_s[-1]) + track.frame_s
    silence = Stops(holds, end_s, card * step) if freeze else None
    with (
        VideoFile(analysis.source) as film,
        VideoWriter(path, *track.size, source=analysis.source, stops=silence) as writer,
        Behind(writer.write) as out,
        closing(ahead(iter(film))) as frames,
    ):
        late, rgb = 0.0, None
        for i, frame in enumerate(frames):
            rgb = frame.rgb
            out.write(overlay.draw(rgb, i), frame.t + late)
            if i in stops:
                stands = overlay.draw(rgb, i, stops[i])
                for k in range(1, still + 1):
                    out.write(stands, frame.t + late + k * step)
                late += still * step
            progress("Drawing the video", (i + 1) / len(track))
        if freeze and rgb is not None:
            last = end_card(analysis.report, analysis.exercise, rgb)
            for k in range(card):
                out.write(last, end_s + late + k * step)
    return holds


def _freezes(analysis: Analysis) -> Mapping[int, tuple[Finding, ...]]:
    """Frame -> the faults for which the film stands there, in the order of time."""
    faults = [
        f
        for r in analysis.report.reps
        for f in r.findings
        if f.severity == "fault" and f.at_s is not None
    ]
    groups: list[list[Finding]] = []
    for fault in sorted(faults, key=lambda f: f.at_s or 0.0):
        near = groups and (fault.at_s or 0.0) - (groups[-1][0].at_s or 0.0) <= ONE_MOMENT_S
        if near and len(groups[-1]) < AT_ONCE:
            groups[-1].append(fault)
        else:
            groups.append([fault])
    frames: dict[int, tuple[Finding, ...]] = {}
    for group in groups:
        i = _frame_at(analysis, group[-1].at_s or 0.0)
        frames[i] = (*frames.get(i, ()), *group)
    return frames


def stills(analysis: Analysis) -> dict[tuple[int, str], bytes]:
    """(rep, check) -> the frame of that finding's very moment as JPEG around the body, with
    its segments and the one angle that matters. Of counted reps; none of a pose track.

    Raises InputError where the clip cannot be read any more.
    """
    from formcheck.overlay.draw import stress_of
    from formcheck.overlay.still import still

    wanted = _wanted(analysis)
    if not wanted:
        return {}
    pictures = _frames(analysis, sorted({i for i, _, _ in wanted}))
    return {
        (number, finding.check): still(
            pictures[i],
            analysis.track,
            analysis.setting,
            analysis.curves,
            i,
            stress_of(finding, analysis.exercise.look),
            analysis.exercise.look,
        )
        for i, number, finding in wanted
        if i in pictures
    }


def thumbnail(analysis: Analysis) -> bytes | None:
    """A small JPEG of the set: its best rep at the moment that matters, or the middle of a clip
    without a rep. None of a pose track, or where that frame cannot be had any more.

    Raises InputError where the clip cannot be read any more.
    """
    from formcheck.overlay.still import thumbnail as drawn

    if not analysis.filmed or not len(analysis.track):
        return None
    i = _frame_at(analysis, _telling(analysis))
    picture = _frames(analysis, [i]).get(i)
    if picture is None:
        return None
    return drawn(picture, analysis.track, analysis.setting, i, analysis.exercise.look)


def _telling(analysis: Analysis) -> float:
    """The second of the clip that tells most of the set."""
    report, look = analysis.report, analysis.exercise.look
    counted = [rep for rep in report.reps if rep.counted]
    if not counted:
        return float(analysis.track.t_s[len(analysis.track) // 2])
    best = min(counted, key=lambda rep: (rep.number != report.set_.best_rep, against(rep)))
    at = getattr(best, f"{look.marked}_s") if look.marked else None
    known = [t for t in (at, best.turn_s, best.start_s) if t is not None]
    return float(known[0]) if known else 0.0


def _wanted(analysis: Analysis) -> Sequence[tuple[int, int, Finding]]:
    """Frame, rep and finding of every still."""
    if not analysis.filmed or not len(analysis.track):
        return ()
    return [
        (_frame_at(analysis, f.at_s), r.number, f)
        for r in analysis.report.reps
        for f in r.findings
        if r.counted and r.number is not None and f.at_s is not None
    ]


def _frame_at(analysis: Analysis, t: float) -> int:
    """The first frame from `t` on, or the last one."""
    return min(int(np.searchsorted(analysis.track.t_s, t - 1e-9)), len(analysis.track) - 1)


def _frames(analysis: Analysis, wanted: Sequence[int]) -> dict[int, Picture]:
    """Some frames of the clip by their index: the film is entered near each one."""
    from formcheck.video.reader import VideoFile

    t, half, found = analysis.track.t_s, analysis.track.frame_s / 2, {}
    with VideoFile(analysis.source) as film:
        for i in wanted:
            # half a frame of grace on both sides: only the nearest one is that frame
            near = film.frames(float(t[i]) - half, float(t[i]) + half)
            frame = min(near, key=lambda f: abs(f.t - float(t[i])), default=None)
            if frame is not None:
                found[i] = frame.rgb
    return found
