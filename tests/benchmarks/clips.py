"""Long clips for the benchmarks, made of a short one whose packets are repeated: no picture is
encoded twice, so an hour takes seconds to make."""

from __future__ import annotations

import math
from pathlib import Path

import av
import cv2

from formcheck.video.reader import VideoFile
from formcheck.video.writer import VideoWriter

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "demo_three_reps.mp4"
"""720p at 30 frames a second, one person, 20 s."""


def repeated(source: Path, path: Path, seconds: float) -> Path:
    """The film again and again until it is at least so long; without sound."""
    with av.open(str(source)) as film, av.open(str(path), "w", format="mp4") as out:
        stream = film.streams.video[0]
        copy = out.add_stream_from_template(stream)
        packets = [p for p in film.demux(stream) if p.dts is not None]
        kept = [(bytes(p), p.pts, p.dts, p.duration, p.is_keyframe) for p in packets]
        long = max(pts + duration for _, pts, _, duration, _ in kept)
        times = max(1, round(0.5 + seconds / float(long * stream.time_base)))
        for k in range(times):
            for data, pts, dts, duration, key in kept:
                packet = av.Packet(data)
                packet.stream, packet.time_base = copy, stream.time_base
                packet.pts, packet.dts = pts + k * long, dts + k * long
                packet.duration, packet.is_keyframe = duration, key
                out.mux(packet)
    return path


def resized(
    source: Path,
    path: Path,
    height: int,
    fps: float,
    *,
    since_s: float = 0.0,
    until_s: float = math.inf,
) -> Path:
    """A part of a film with pictures of another height, so many a second; where the film has fewer
    each comes several times."""
    with VideoFile(source) as film:
        size = round(film.clip.width * height / film.clip.height / 2) * 2, height
        again, due = max(1, round(fps / (film.clip.fps or fps))), since_s

        def wanted(t: float) -> bool:
            nonlocal due
            taken = t >= due - 1e-6
            due += taken * again / fps
            return taken

        with VideoWriter(path, *size, fps=fps) as out:
            for frame in film.frames(since_s, until_s, wanted=wanted):
                picture = cv2.resize(frame.rgb, size)
                for k in range(again):
                    out.write(picture, frame.t - since_s + k / fps)
    return path
