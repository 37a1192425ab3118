"""What a worker is given for one clip, and what it gives back: values that travel anywhere."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from formcheck import __version__
from formcheck.analysis import Options, wanted
from formcheck.batch.limits import Limits
from formcheck.batch.records import ClipRecord
from formcheck.caps import Caps
from formcheck.files import sha256


@dataclass(frozen=True)
class Terms:
    """What holds for every clip of a batch."""

    options: Options = field(default_factory=Options)
    video: bool = True
    freeze: bool = True
    limits: Limits = field(default_factory=Limits)
    debug: bool = False
    """Whether a fault of formcheck itself is told with its traceback."""


@dataclass(frozen=True)
class Job:
    """One clip to be analysed."""

    name: str
    """In the batch."""
    path: Path
    sha256: str
    """Of the content that is to be analysed."""
    out: Path
    """The batch's folder."""
    folder: str
    """Where the result goes, below `out`."""
    key: str
    """Of the settings and the version."""
    terms: Terms

    @property
    def into(self) -> Path:
        """Where the result goes."""
        return self.out / self.folder


@dataclass(frozen=True)
class Ending:
    """Why the whole batch cannot go on: in words, with the process's exit status."""

    words: str
    status: int


@dataclass(frozen=True)
class Outcome:
    """What came of a job: the clip's record, or why no clip can be analysed any more."""

    name: str
    record: ClipRecord | None = None
    ending: Ending | None = None
    trace: str | None = None
    """Of a fault of formcheck itself, where that was asked for."""


def key_of(terms: Terms, model: Path | None) -> str:
    """SHA-256 of all that a result follows from, besides its clip: settings, version, model.

    model: the pose model's file; None: none is needed. Raises what reading it or a given setting
    raises.
    """
    options = terms.options
    exercises = wanted(options)
    said: dict[str, Any] = {
        "formcheck": __version__,
        "mediapipe": None if model is None else metadata.version("mediapipe"),
        "model": None if model is None else [sha256(model), options.model and options.model.name],
        "exercises": [[e.name, sha256(*e.pages)] for e in exercises],
        "profile": options.profile and options.profile.sha256,
        "setting": None if options.setting is None else sha256(options.setting),
        "video": terms.video,
        "freeze": terms.freeze,
    }
    plain = {f.name for f in dataclasses.fields(options)} - {"model", "profile", "setting"}
    said |= {name: getattr(options, name) for name in sorted(plain)}
    text = json.dumps(said, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> dict[str, Any]:  # noqa: ANN401
    return dataclasses.asdict(value) if isinstance(value, Caps) else dict(value)
