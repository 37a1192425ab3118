"""What a set leaves behind: the folder of a recorded clip, the recording itself, and live.json."""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from formcheck import results
from formcheck.analysis import Analysis, Options, Progress, clip_info, concluded
from formcheck.candidates import Trial
from formcheck.errors import OutputError
from formcheck.exercise import Exercise
from formcheck.live.course import Done
from formcheck.live.state import Cue
from formcheck.report import Report
from formcheck.setting import Origin, Setting

LIVE = "live.json"


@dataclass(frozen=True)
class Counts:
    """How the pictures went, since the sitting began."""

    latency_s: tuple[float, ...]
    """From each shown picture's arrival to its overlay."""
    came: int
    analysed: int
    dropped: int
    lost: int
    """How often the source was lost."""


@dataclass(frozen=True)
class Kept:
    """A set whose folder is written. What is large of it waits on the disk: a sitting may have many
    sets, and their videos are drawn last."""

    source: Path
    report: Report
    setting: Setting
    exercise: Exercise
    folder: Path
    beside: dict[str, Path]
    large: Path
    """Its track and its curves."""

    @property
    def analysis(self) -> Analysis:
        """All of it, as of a recorded clip."""
        with self.large.open("rb") as file:
            track, curves = pickle.load(file)
        return Analysis(self.source, self.report, self.setting, track, curves, self.exercise)

    def draw(self, progress: Progress) -> None:
        """The folder once more, with the annotated video; nothing of a set without a recording."""
        analysis = self.analysis
        if analysis.filmed:
            results.write(analysis, self.folder, progress, beside=self.beside)


@dataclass(frozen=True)
class Maker:
    """How sets are written."""

    options: Options
    model: Path | None
    scratch: Path
    """Where recordings lie until the sitting is over."""
    dated: bool = False
    """Whether what it is given is done at the present, and no film of another day."""

    def keep(
        self, done: Done, recording: Future[Path], folder: Path, counts: Counts, cues: Sequence[Cue]
    ) -> Kept:
        """Write a set's folder, without the annotated video: drawing takes as long as the set did.

        A recording that failed costs the pictures, not the report. Raises OutputError.
        """
        began = self._began(done)
        source, beside = self.scratch / f"{folder.name}.npz", {}
        try:
            source = recording.result()
            beside[results.RECORDED] = source
        except OutputError:
            done.track.save(source)
        live = self.scratch / f"{folder.name}.json"
        live.write_text(live_json(done, counts, cues), encoding="utf-8")
        beside[LIVE] = live
        found = self._analysis(done, source, began)
        results.write(found, folder, lambda *_: None, video=False, beside=beside)
        large = self.scratch / f"{folder.name}.pickle"
        with large.open("wb") as file:
            pickle.dump((found.track, found.curves), file)
        return Kept(source, found.report, found.setting, found.exercise, folder, beside, large)

    def _began(self, done: Done) -> str | None:
        """When the set began that is just over, as a clip says it."""
        if not self.dated:
            return None
        at = datetime.now(UTC) - timedelta(seconds=done.until - done.started)
        return f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"

    def _analysis(self, done: Done, source: Path, began: str | None) -> Analysis:
        clip = clip_info(source, done.track, rotation=0, recorded_at=began, problems=())
        origin = Origin(clip_sha256=clip.sha256, track_sha256=done.track.fingerprint)
        setting = done.setting.model_copy(update={"origin": origin})
        trial = Trial(done.exercise, setting, done.report, done.curves)
        return concluded(trial, source, clip, done.track, self.options, self.model)


def live_json(done: Done, counts: Counts, cues: Sequence[Cue]) -> str:
    """live.json: latency from arrival to overlay, pictures, and what was said, in the set's
    seconds; what was said of the placement comes before second 0."""
    told = {
        "latency_ms": percentiles(counts.latency_s),
        "frames_in": counts.came,
        "frames_analysed": counts.analysed,
        "frames_dropped": counts.dropped,
        "source_lost": counts.lost,
        "cues": [_cue(cue, done.started) for cue in cues],
        "settings": [
            {"from_s": round(t, 3), "setting": s.model_dump(mode="json")} for t, s in done.settings
        ],
    }
    return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def percentiles(latency_s: Sequence[float]) -> dict[str, float | None]:
    """p50, p95 and p99 in milliseconds; null where nothing was shown."""
    names = {"p50": 50, "p95": 95, "p99": 99}
    if not latency_s:
        return dict.fromkeys(names)
    found = np.percentile(1000 * np.array(latency_s), list(names.values()))
    return {name: round(float(ms), 1) for name, ms in zip(names, found, strict=True)}


def _cue(cue: Cue, started: float) -> dict[str, Any]:
    return {
        "at_s": round(cue.at_s - started, 3),
        "said_s": round(cue.said_s - started, 3),
        "check": cue.check,
        "text": cue.text,
    }
