"""The report: reps, findings, what was not assessed and why, provenance: what report.json holds.

Nothing in it depends on the wall clock: the same clip, settings and version give the same bytes.
`uncertainty` is the half-width of the 95 % interval everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import ConfigDict, Field

from formcheck.checks import Finding, NotAssessed
from formcheck.measures.measure import Measured, Record

SCHEMA = "formcheck.report/1"
_REPS = '\n  "reps": ['
_NO_REPS = f"{_REPS}]"
"""On a line of its own: no word within quotes holds the end of a line."""


class ClipInfo(Record):
    """The file that was analysed."""

    name: str
    sha256: str
    duration_s: float | None
    frames: int
    width: int
    height: int
    rotation_deg: int = 0
    fps: float | None = None
    timing: Literal["constant", "variable", "slow-motion", "ramped"] = "constant"
    time_scale: float = 1.0
    recorded_at: str | None = None
    problems: tuple[str, ...] = ()


class Settings(Record):
    """What the user asked for."""

    exercise: str
    """The exercise asked for: its name, or "auto" for what the clip shows."""
    mode: str
    mass_kg: float | None = None
    height_m: float | None = None
    sex: str | None = None
    capture_fps: float | None = None
    profile: str | None = None
    """Whose limits replaced the exercise's own; null: none did."""


class Verdict(Record):
    """The whole set in one sentence, and the one thing to change."""

    status: Literal["good", "improve", "not-assessed"]
    sentence: str
    advice: str


class AthleteInfo(Record):
    """Who was measured."""

    name: str | None = None
    people_seen: int | None = None
    chosen_because: str
    facing: Literal["left", "right"] | None
    side: Literal["left", "right"] | None
    coverage: float
    """Share of the frames in which a body was found."""


class View(Record):
    """How the camera stood."""

    kind: Literal["side", "oblique", "front", "unknown"]
    yaw_deg: float | None
    yaw_uncertainty_deg: float | None
    rectified: bool


class Filming(Record):
    """How well the set was filmed, in one line for a coach."""

    status: Literal["good", "fair", "poor"]
    """good: every number passed its gates; fair: some only just; poor: some were refused."""
    sentence: str
    what_to_change: str = ""


MOMENTS = (
    *("start_s", "break_s", "catch_s", "bottom_s", "release_s"),
    *("top_s", "lower_s", "end_s"),
)
"""The moments that a rep may have; which of them it has is the exercise's to say."""


class RepReport(Record):
    """One rep: its moments (null: did not happen or was not seen), measures and findings."""

    number: int | None
    """From 1; null for an attempt, which is listed and not counted."""
    counted: bool
    set_number: int = 1
    """Of the set that it belongs to, from 1."""
    kind: Literal["full", "partial", "no-return", "attempt"]
    start_s: float | None
    break_s: float | None = None
    catch_s: float | None = None
    bottom_s: float | None = None
    release_s: float | None = None
    top_s: float | None = None
    lower_s: float | None = None
    end_s: float | None
    measures: dict[str, Measured] = Field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    good: tuple[str, ...] = ()
    """What it did well, in a coach's words."""

    @property
    def turn_s(self) -> float | None:
        """First sample near the greatest depth, be that the bottom or the top of the exercise."""
        return self.top_s if self.bottom_s is None else self.bottom_s

    def hardly_judged(self, checks: int) -> bool:
        """Whether nothing speaks against it only because most of the checks could not be asked; a
        note speaks against nothing."""
        worse = [f for f in self.findings if f.severity != "note"]
        return not worse and 2 * (len(self.good) + len(self.findings)) < checks


class SetReport(Record):
    """The set as a whole."""

    reps: int
    """How many counted."""
    measures: dict[str, Measured] = Field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    good: tuple[str, ...] = ()
    """What was done well over the whole set, in a coach's words."""
    bands: dict[str, str] = Field(default_factory=dict)
    """Measures of the set -> what their values mean, in a coach's words."""
    setup: dict[str, Measured] = Field(default_factory=dict)
    """How the athlete was set up, as far as it is seen: two sets compare where it was alike."""
    best_rep: int | None = None
    best_rep_because: str | None = None
    """Why it is the best, in a sentence about it; null where none is."""
    stop_after_rep: int | None = None
    """The rep after which the set was to end; null where nothing told it to."""


class SetPart(SetReport):
    """One of the sets of a recording, told for itself."""

    number: int
    """From 1."""
    first_rep: int | None
    last_rep: int | None
    """The numbers of its first and its last counted rep."""
    start_s: float | None
    end_s: float | None
    """The first and the last moment that is known of its counted reps."""
    rest_s: float | None
    """The rest before it, seconds of the world; null before the first, or where no time is told."""
    rest: Literal["short", "usual", "long"] | None
    """What that is between sets of the exercise."""
    zone: str | None
    """What a set of so many reps trains; null where the exercise does not say."""


class Provenance(Record):
    """What made the report."""

    formcheck: str
    mediapipe: str | None = None
    model: str | None = None
    model_sha256: str | None = None
    exercise_sha256: str | None = None
    """Of the pages that define it, whatever a profile changed."""
    profile_sha256: str | None = None


class Document(Record):
    """A file of its own, under the contract's names."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True
    )

    def json_text(self) -> str:
        """Strict JSON on many lines, UTF-8, with the contract's names."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"

    def json_line(self) -> str:
        """Strict JSON on one line."""
        return self.model_dump_json(by_alias=True)


class Report(Document):
    """report.json."""

    schema_: str = Field(SCHEMA, alias="schema")
    clip: ClipInfo | None = None
    exercise: str
    recognised: bool
    settings: Settings
    verdict: Verdict
    athlete: AthleteInfo
    view: View
    filming: Filming | None = None
    """None where nothing was counted."""
    reps: tuple[RepReport, ...]
    set_: SetReport = Field(alias="set")
    """All counted reps. Of several sets: their findings, and the numbers that may be told of them
    together."""
    sets: tuple[SetPart, ...] = ()
    """Each set for itself; a single one too."""
    not_assessed: tuple[NotAssessed, ...]
    provenance: Provenance | None = None

    def json_parts(self) -> Iterator[str]:
        """`json_text` in parts, rep by rep: that of an hour is 60 MB, and twice so many while it
        is made."""
        if not self.reps:
            yield self.json_text()
            return
        before, after = self.model_copy(update={"reps": ()}).json_text().split(_NO_REPS)
        yield before + _REPS
        for n, rep in enumerate(self.reps):
            told = rep.model_dump_json(by_alias=True, indent=2)
            yield (",\n    " if n else "\n    ") + told.replace("\n", "\n    ")
        yield "\n  ]" + after
