"""Long clips for the benchmarks, made of a short one whose packets are repeated: no picture is
encoded twice, so an hour takes seconds to make."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import av
import cv2

from formcheck.video.reader import VideoFile
from formcheck.video.writer import VideoWriter

Kept = tuple[bytes, int, int, int, bool]
"""Of a packet: its bytes, when it is shown and decoded, how long it lasts, whether it is a key."""
SAMPLE = Path(__file__).parents[2] / "sample_videos" / "demo_three_reps.mp4"
"""720p at 30 frames a second, one person, 20 s."""


def repeated(source: Path, path: Path, seconds: float) -> Path:
    """The film again and again until it is at least so long; without sound."""
    return joined([source] * max(1, round(0.5 + seconds / seconds_of(source))), path)


def joined(parts: Sequence[Path], path: Path) -> Path:
    """Films that were coded alike, one after the other; without sound."""
    known = {part: _packets(part) for part in set(parts)}
    with av.open(str(parts[0])) as first, av.open(str(path), "w", format="mp4") as out:
        stream = first.streams.video[0]
        copy, base, begun = out.add_stream_from_template(stream), stream.time_base, 0
        for part in parts:
            kept, long = known[part]
            for data, pts, dts, duration, key in kept:
                packet = av.Packet(data)
                packet.stream, packet.time_base = copy, base
                packet.pts, packet.dts = pts + begun, dts + begun
                packet.duration, packet.is_keyframe = duration, key
                out.mux(packet)
            begun += long
    return path


def seconds_of(source: Path) -> float:
    """How long the film's pictures last."""
    with av.open(str(source)) as film:
        return float(_packets(source)[1] * film.streams.video[0].time_base)


def _packets(source: Path) -> tuple[list[Kept], int]:
    """All of a film's packets, and how many ticks they last."""
    with av.open(str(source)) as film:
        packets = [p for p in film.demux(film.streams.video[0]) if p.dts is not None]
        kept = [(bytes(p), p.pts, p.dts, p.duration, p.is_keyframe) for p in packets]
    return kept, max(pts + duration for _, pts, _, duration, _ in kept)


def session(short: Path, path: Path, sets: int, seconds: float) -> Path:
    """So many sets of two passes of a short film each, in so many seconds: between them its first
    picture stands, as somebody kneels who rests."""
    with VideoFile(short) as film:
        picture, fps = next(iter(film)).rgb, film.clip.fps or 30.0
        rest_s = seconds / sets - 2 * seconds_of(short)
        still = path.with_name("still.mp4")
        with VideoWriter(still, film.clip.width, film.clip.height, fps=fps) as out:
            for k in range(max(1, round(rest_s * fps))):
                out.write(picture, k / fps)
    return joined([short, short, still] * sets, path)


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
