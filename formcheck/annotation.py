"""annotated.mp4, and the still of every finding: the frames of the clip, drawn on.

At a fault the film stands still to be read and then goes on; the last picture is a card with the
set's table. Where that is not wanted, frames and timestamps are the clip's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.analysis import Analysis, Progress
from formcheck.checks import Finding
from formcheck.drawing import Drawing, Holds, Plan, frame_at
from formcheck.heap import give_back
from formcheck.resting import let_go
from formcheck.set_best import against

if TYPE_CHECKING:
    from formcheck.video.film import Picture


def annotate(analysis: Analysis, path: Path, progress: Progress, *, freeze: bool = True) -> Holds:
    """Write the annotated video; returns the freezes as (second of the clip, seconds it stands).

    Every frame after such a second comes by so much later than in the clip, the sound with it.
    Raises InputError where the clip cannot be read any more, OutputError where nothing can be
    written.
    """
    from formcheck.tracking.pieces import at_once, in_order
    from formcheck.video.reader import VideoFile
    from formcheck.video.sound import Stops
    from formcheck.video.writer import VideoWriter

    plan = Plan.of(analysis, freeze)
    silence = Stops(plan.holds, plan.end_s, plan.card * plan.step) if freeze else None
    size = analysis.track.size
    with (
        VideoFile(analysis.source) as film,
        VideoWriter(path, *size, source=analysis.source, stops=silence) as writer,
    ):
        drawing = Drawing(analysis, plan, film, writer, progress)
        let_go()  # what the placing of the plates held
        give_back()
        jobs = plan.pieces(film.entries())
        with closing(in_order(drawing.piece, jobs, at_once(size))) as pieces:
            for packets in pieces:
                writer.append(packets)
                let_go()
    return plan.holds


def stills(analysis: Analysis) -> dict[tuple[int, str], bytes]:
    """(rep, check) -> the frame of that finding's very moment as JPEG around the body, with
    its segments and the one angle that matters. Of counted reps; none of a pose track.

    Raises InputError where the clip cannot be read any more.
    """
    from formcheck.overlay.draw import stress_of
    from formcheck.overlay.still import still

    wanted, look = _wanted(analysis), analysis.exercise.look
    of = analysis.track, analysis.setting, analysis.curves
    made = {
        (number, finding.check): still(rgb, *of, i, stress_of(finding, look), look)
        for i, rgb in _frames(analysis, sorted({i for i, _, _ in wanted}))
        for at, number, finding in wanted
        if at == i
    }
    keys = [(number, finding.check) for _, number, finding in wanted]
    return {key: made[key] for key in keys if key in made}


def thumbnail(analysis: Analysis) -> bytes | None:
    """A small JPEG of the set: its best rep at the moment that matters, or the middle of a clip
    without a rep. None of a pose track, or where that frame cannot be had any more.

    Raises InputError where the clip cannot be read any more.
    """
    from formcheck.overlay.still import thumbnail as drawn

    if not analysis.filmed or not len(analysis.track):
        return None
    i = frame_at(analysis, _telling(analysis))
    for _, picture in _frames(analysis, [i]):
        return drawn(picture, analysis.track, analysis.setting, i, analysis.exercise.look)
    return None


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
        (frame_at(analysis, f.at_s), r.number, f)
        for r in analysis.report.reps
        for f in r.findings
        if r.counted and r.number is not None and f.at_s is not None
    ]


def _frames(analysis: Analysis, wanted: Sequence[int]) -> Iterator[tuple[int, Picture]]:
    """Some frames of the clip with their index, one at a time, for a long clip has hundreds of
    them: the film is entered near each one."""
    from formcheck.video.reader import VideoFile

    t, half = analysis.track.t_s, analysis.track.frame_s / 2
    if not wanted:
        return
    with VideoFile(analysis.source) as film:
        for i in wanted:
            # half a frame of grace on both sides: only the nearest one is that frame
            near = film.frames(float(t[i]) - half, float(t[i]) + half)
            frame = min(near, key=lambda f: abs(f.t - float(t[i])), default=None)
            if frame is not None:
                yield i, frame.rgb
