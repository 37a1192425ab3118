"""What of a clip's processor time goes where: each stage by itself, in milliseconds a frame.

    python tests/benchmarks/stages.py [--clip FILE] [--json F]

The clip, 720p at 30 frames a second unless another is named, is analysed once; then each stage does
its work alone, on one thread (but the pose model has its own), over the same frames. Beside others
on all cores each takes more. Alone on the machine.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from clips import SAMPLE
from timed import kept

from formcheck import models
from formcheck.analysis import Analysis, Options, analyze
from formcheck.landmarker import Landmarker
from formcheck.motion import Background
from formcheck.overlay.draw import Overlay
from formcheck.tracking.looks import CONFIDENCE, EVERY_S, PEOPLE
from formcheck.video.film import Frame
from formcheck.video.reader import VideoFile
from formcheck.video.writer import VideoWriter

MOST = 300
"""Frames, at most: ten seconds."""
Item = TypeVar("Item")


def main() -> int:
    """Measure and say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clip", type=Path, default=SAMPLE)
    parser.add_argument("--json", type=Path, help="the file for the figures")
    said = parser.parse_args()
    analysis = analyze(said.clip, Options(), lambda words, share: None)
    with VideoFile(said.clip) as film:
        took = dict(itertools.chain(_following(film, analysis), _drawing(film, analysis)))
    for stage, ms in took.items():
        print(f"{stage}: {ms:.2f} ms", file=sys.stderr)
    if said.json:
        kept(said.json, {"stages": {stage: round(ms, 3) for stage, ms in took.items()}})
    return 0


def each(work: Callable[[Item], object], items: Iterable[Item]) -> float:
    """Processor milliseconds that the work takes of one item, in the middle of three goes."""
    many, goes = list(items), []
    for _ in range(3):
        begun = time.process_time()
        for item in many:
            work(item)
        goes.append(1e3 * (time.process_time() - begun) / max(1, len(many)))
    return sorted(goes)[1]


def _following(film: VideoFile, analysis: Analysis) -> Iterator[tuple[str, float]]:
    """All that is done without a video."""
    decoding = _read(film, lambda t: False)
    yield "decoding", decoding
    yield "to RGB", _read(film, lambda t: True) - decoding
    frames, model = list(itertools.islice(film, MOST)), models.ensure()
    t = itertools.count()  # of three goes each is later than the one before
    with closing(Landmarker(model)) as tracker:
        yield "pose model", each(lambda f: tracker.find(f.rgb, next(t) / 30), frames)
    a_second = frames[:: max(1, round(EVERY_S / analysis.track.frame_s))]
    with closing(Landmarker(model, PEOPLE, False, CONFIDENCE)) as looker:
        look = each(lambda f: looker.find(f.rgb, f.t), a_second)
    yield "looks at single pictures", look * len(a_second) / len(frames)
    yield "background", _background(frames, analysis)


def _background(frames: list[Frame], analysis: Analysis) -> float:
    def once(_: int) -> None:
        background = Background()
        for frame, points in zip(frames, analysis.track.points, strict=False):
            background.push(frame.t, frame.rgb, [points])

    return each(once, [0]) / len(frames)


def _drawing(film: VideoFile, analysis: Analysis) -> Iterator[tuple[str, float]]:
    """All that is done for the video, but for the decoding."""
    frames = list(itertools.islice(film, MOST))
    yield "reading again", _read(film, lambda t: True)
    overlay = Overlay(
        analysis.report, analysis.curves, analysis.setting, analysis.track, analysis.exercise
    )
    numbered = list(enumerate(frames))
    yield "drawing", each(lambda f: overlay.draw(f[1].rgb, f[0], keep=False), numbered)
    ticks = itertools.count()
    with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
        pictures = [frame.rgb for frame in frames]  # by now drawn upon
        with VideoWriter(Path(folder) / "out.mp4", *analysis.track.size) as writer:
            coder = writer.encoder()
            filling = each(coder._fill, pictures)
            both = each(lambda rgb: coder.encode(rgb, writer.tick(next(ticks) / 30)), pictures)
            writer.append(coder.flush())
    yield "to YUV", filling
    yield "H.264", both - filling


def _read(film: VideoFile, wanted: Callable[[float], bool]) -> float:
    """Milliseconds a frame to read the clip's first pictures, the wanted ones converted."""
    many = min(MOST, film.clip.frames or MOST)
    until = many / (film.clip.fps or 30.0)

    def once(_: int) -> None:
        for frame in film.frames(until_s=until, wanted=wanted, threads=1):
            del frame

    return each(once, [0]) / many


if __name__ == "__main__":
    sys.exit(main())
