"""One set, filmed in many ways: the same reps, the same findings, the same moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest

from formcheck.analysis import Options, analyze
from formcheck.report import Report

pytestmark = [pytest.mark.model, pytest.mark.slow]

SOURCE = Path(__file__).resolve().parent.parent / "sample_videos" / "fps_120.mp4"
"""A clip at 120 frames a second, of which every other way of filming is a part."""
FPS = 120


@dataclass(frozen=True)
class Filmed:
    """Which frames of the source, and how they are stored."""

    steps: tuple[int, ...]
    """From frame to frame, over and over."""
    slow: int = 1
    turned: bool = False
    mirrored: bool = False


EVEN = Filmed((4,))
UNEVEN = tuple(int(n) for n in np.random.default_rng(18).integers(3, 7, 997))
"""20 to 40 frames a second, from frame to frame."""
WAYS = {
    "at 30": EVEN,
    "at 60": Filmed((2,)),
    "uneven": Filmed(UNEVEN),
    "four times slower": Filmed((1,), slow=4),
    "turned": Filmed((4,), turned=True),
    "mirrored": Filmed((4,), mirrored=True),
}
REFERENCE = "at 60"


def taken(filmed: Filmed) -> Iterator[tuple[int, np.ndarray]]:
    """Number and picture of each frame that this way of filming takes."""
    due, n = 0, 0
    with av.open(str(SOURCE)) as film:
        for at, frame in enumerate(film.decode(video=0)):
            if at == due:
                yield at, frame.to_ndarray(format="rgb24")
                due, n = due + filmed.steps[n % len(filmed.steps)], n + 1


def make(path: Path, filmed: Filmed) -> Path:
    """The clip as it would have been filmed that way."""
    clock = Fraction(1, FPS)
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=30, options={"crf": "16", "preset": "veryfast"})
        stream.pix_fmt, stream.codec_context.time_base = "yuv420p", clock
        for at, picture in taken(filmed):
            stored = np.rot90(picture) if filmed.turned else picture
            stored = stored[:, ::-1] if filmed.mirrored else stored
            if stream.width == 0:
                stream.height, stream.width = stored.shape[:2]
                if filmed.turned:
                    stream.set_display_rotation(-90)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(stored), format="rgb24")
            frame.pts, frame.time_base = at * filmed.slow, clock
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def reports(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ways")

    @cache
    def report(way: str, capture_fps: float | None) -> Report:
        clip = folder / f"{way.replace(' ', '_')}.mp4"
        if not clip.exists():
            make(clip, WAYS[way])
        return analyze(clip, Options(capture_fps=capture_fps), lambda stage, share: None).report

    return report


def told(reports, way: str) -> Report:
    return reports(way, FPS if WAYS[way].slow > 1 else None)


@pytest.mark.parametrize("way", sorted({*WAYS} - {REFERENCE}))
def test_however_a_set_is_filmed_it_is_the_same_set(reports, way):
    one, other, slow = told(reports, REFERENCE), told(reports, way), WAYS[way].slow
    assert other.set_.reps == one.set_.reps == 2
    for rep, same in zip(one.reps, other.reps, strict=True):
        assert found(same) == found(rep)
        for moment, within in {"break_s": 0.10, "catch_s": 0.05, "bottom_s": 0.05}.items():
            at = getattr(same, moment) / slow
            assert at == pytest.approx(getattr(rep, moment), abs=within), moment
        peak = rep.measures["peak_knee_velocity"].value
        share = 0.08 if way == "uneven" else 0.03
        assert same.measures["peak_knee_velocity"].value == pytest.approx(peak, rel=share)


def found(rep) -> list[tuple[str, str]]:
    return sorted((finding.check, finding.severity) for finding in rep.findings)


def test_slow_motion_that_nobody_speaks_of_gives_no_speed_and_no_duration(reports):
    report = reports("four times slower", None)
    assert report.set_.reps == 2
    for rep in report.reps:
        for name, measure in rep.measures.items():
            if measure.unit in ("s", "deg/s"):
                assert (measure.status, measure.value) == ("refused", None), name
        assert rep.measures["break_point_angle"].value is not None
