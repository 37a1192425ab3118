"""The sound of a film on its way into another: copied, or coded anew with silence put in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from numpy.typing import NDArray

from formcheck.video.film import Film, Tally

Timed = tuple[float, Any]  # seconds and a packet
_Wave = NDArray[np.float32]
_COPIED = {"aac", "mp3", "mp3float", "ac3", "eac3", "opus", "libopus", "flac", "alac"}
_RATE = 48_000
_SLACK = _RATE // 50
"""Timestamps may wander by 20 ms from the count of samples before it is taken for a gap."""
_PIECE = 10 * _RATE
_EDGE = _RATE // 200
"""Samples over which the sound fades at a hold: cut at once it would click."""


@dataclass(frozen=True)
class Stops:
    """Where the picture stands still while the clip's sound waits, in silence."""

    holds: tuple[tuple[float, float], ...]
    """(second of the clip, seconds it holds) in order."""
    end_s: float
    """Second of the clip at which its sound ends."""
    silent_s: float
    """Silence after that, seconds."""


def sound_of(film: Film, output: OutputContainer, stops: Stops | None) -> Iterator[Timed]:
    """Adds a stream for the film's sound; returns its packets with their times in seconds. Without
    stops the sound stays as it was recorded, where mp4 takes it."""
    codec = film.sound.codec_context
    if stops is None and codec.name in _COPIED:
        return _rising(_copied(film, output.add_stream_from_template(film.sound)))
    stream = output.add_stream("aac", rate=_RATE)
    stream.layout = "mono" if codec.channels == 1 else "stereo"
    return _rising(_encoded(film, stream, stops))


def _rising(packets: Iterator[Packet[Any]]) -> Iterator[Timed]:
    """Packets with their times in seconds; those that damage put back in time are left out."""
    last = -math.inf
    for packet in packets:
        if packet.dts is not None and packet.dts > last:
            last = packet.dts
            yield float(packet.dts * packet.time_base), packet


def _copied(film: Film, out: AudioStream) -> Iterator[Packet[Any]]:
    shift = round(film.origin / film.sound.time_base)
    for packet in film.packets(film.sound, Tally()):
        if packet.size and packet.dts is not None:
            packet.pts = packet.dts = packet.dts - shift
            packet.stream = out
            yield packet


def _encoded(film: Film, out: AudioStream, stops: Stops | None) -> Iterator[Packet[Any]]:
    """In AAC, sample by sample on the clip's clock: gaps of the source become silence."""
    layout, at = out.layout.name, 0
    channels = len(out.layout.channels)
    pieces = _placed(_decoded(film, layout), channels)
    for wave in pieces if stops is None else _stopped(pieces, channels, stops):
        frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = _RATE, at, Fraction(1, _RATE)
        at += wave.shape[1]
        yield from out.encode(frame)
    yield from out.encode(None)


def _decoded(film: Film, layout: str) -> Iterator[tuple[int, _Wave]]:
    """The film's sound as (channels, n) with the sample at which each piece begins."""
    same = av.AudioResampler(format="fltp", layout=layout, rate=_RATE)
    for packet in film.packets(film.sound, Tally()):
        with suppress(FFmpegError, ValueError):  # PyAV's, where it changes on the way
            for frame in packet.decode():
                if frame.pts is None:
                    continue
                start = round((frame.pts * frame.time_base - film.origin) * _RATE)
                if start > film.caps.longest_s * _RATE:
                    continue  # where no picture can be
                frame.pts = None  # of the resampler's clock only the count of samples is wanted
                for piece in same.resample(frame):
                    yield start, np.asarray(piece.to_ndarray(), np.float32)
                    start += piece.samples


def _placed(pieces: Iterator[tuple[int, _Wave]], channels: int) -> Iterator[_Wave]:
    """The pieces without gap or overlap, from second 0."""
    at = 0
    for start, wave in pieces:
        if start - at > _SLACK:
            yield from _silence(channels, start - at)
            at = start
        late = at - start if at - start > (_SLACK if at else 0) else 0
        if late < wave.shape[1]:
            yield wave[:, late:]
            at += wave.shape[1] - late


def _stopped(pieces: Iterator[_Wave], channels: int, stops: Stops) -> Iterator[_Wave]:
    """The same with the silence of every stop, and ended with the last."""
    at = 0
    cuts = [(round(t * _RATE), round(s * _RATE)) for t, s in stops.holds]
    cuts.append((round(stops.end_s * _RATE), round(stops.silent_s * _RATE)))
    for piece in pieces:
        wave = piece
        while cuts and at + wave.shape[1] >= cuts[0][0]:
            before, silent = cuts.pop(0)
            before = max(before - at, 0)
            yield _faded(wave[:, :before])
            yield from _silence(channels, silent)
            wave, at = wave[:, before:], at + before
        if not cuts:
            return
        at += wave.shape[1]
        yield wave
    # a sound that ends before the picture: what is left of the stops would be silent anyway
    left = round(stops.end_s * _RATE) - at + sum(silent for _, silent in cuts)
    yield from _silence(channels, max(left, 0))


def _silence(channels: int, samples: int) -> Iterator[_Wave]:
    """In pieces, for it may be hours."""
    for at in range(0, samples, _PIECE):
        yield np.zeros((channels, min(_PIECE, samples - at)), np.float32)


def _faded(wave: _Wave) -> _Wave:
    n = min(_EDGE, wave.shape[1])
    ramp = np.ones(wave.shape[1], np.float32)
    ramp[wave.shape[1] - n :] = np.linspace(1, 0, n)
    return wave * ramp
