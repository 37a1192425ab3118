"""What a validation says, as plain values: what `validation.json` holds. Null is not known."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from formcheck.measures.measure import Record

SCHEMA = "formcheck.validation/1"
ANGLES = ("knee_flexion", "thigh_lean", "hip_flexion")
EVENTS = ("start", "break", "catch", "bottom", "release", "top", "lower", "end")
VIEWS = {"0-10": 10.0, "10-20": 20.0, "20-35": 35.0, "35-50": 50.0, "front": float("inf")}
"""A view and the yaw up to which it reaches, degrees off the side."""


class Agreement(Record):
    """How a figure agrees with the truth: error = found less true."""

    n: int
    bias: float | None = None
    """The mean error."""
    sd: float | None = None
    """The standard deviation of the errors (n - 1)."""
    mae: float | None = None
    """The mean of their sizes."""
    p95: float | None = None
    """95 % of the errors are no larger in size."""
    low: float | None = None
    high: float | None = None
    """The 95 % limits of agreement: bias -+ 1.96 SD."""
    coverage: float | None = None
    """The share of the true values inside the stated 95 % interval."""
    stated: int | None = None
    """Of how many an interval was stated."""
    half_width: float | None = None
    """The median half-width of those intervals."""


class Angle(Record):
    """One joint angle against the truth, every frame counting the same."""

    absolute: Agreement
    change: Agreement
    """From the own rest before the first rep."""


class AngleTable(Angle):
    """An angle over all clips, and where its errors lie."""

    by_phase: dict[str, Angle] = Field(default_factory=dict)
    by_view: dict[str, Angle] = Field(default_factory=dict)


class Moment(Agreement):
    """A moment of the reps: its errors in seconds."""

    unseen: int = 0
    """It happened and was not found, in reps that were found."""
    invented: int = 0
    """It did not happen and was found."""


class Pair(Record):
    """A number of a rep as it was and as it was found; true or value null: not known, not given."""

    true: float | None = None
    value: float | None = None
    uncertainty: float | None = None
    bound: str | None = None

    @property
    def error(self) -> float | None:
        """Found less true; None where one of them is not there or only a bound was given."""
        if self.true is None or self.value is None or self.bound is not None:
            return None
        return self.value - self.true


class RepScore(Record):
    """A true rep and what was found of it."""

    rep: int
    """Its place in the truth, from 1."""
    found: int | None
    """The number that formcheck gave it; null: it was missed."""
    kind: str
    found_kind: str | None = None
    events: dict[str, Pair] = Field(default_factory=dict)
    measures: dict[str, Pair] = Field(default_factory=dict)
    change: Pair | None = None
    """The main number as a change from the athlete's own rest, where it is an angle of a joint."""
    bottom_span_s: tuple[float, float] | None = None
    """Between which instants the body truly lay at its lowest."""
    outcome: str | None = None
    """How the lowering truly ended; null: not known."""
    found_outcome: str | None = None
    """What was said of it; "refused", or "missed" where the rep was."""


class Named(Record):
    """A check in a rep: its place in the truth; null: the whole set, or a rep that is none."""

    rep: int | None
    check: str


class Findings(Record):
    """What was named against what was wrong. Sets of which nothing is known have none."""

    found: tuple[Named, ...] = ()
    missed: tuple[Named, ...] = ()
    false: tuple[Named, ...] = ()
    borderline: tuple[Named, ...] = ()
    """Named, and truly between the check's limits: right, as silence would have been."""
    mild_missed: tuple[Named, ...] = ()
    """Truly between the check's limits, and not named."""
    as_faults: tuple[Named, ...] = ()
    """Named as a fault and not as a warning, whatever the truth is."""
    not_judged: tuple[Named, ...] = ()
    """Warnings of which the truth does not say whether they are right, or a single frame does."""
    excused: tuple[Named, ...] = ()
    """Not named because the measure was refused, as it had to be."""
    not_checked_yet: tuple[Named, ...] = ()
    """Wrong in a way that no check looks for yet."""
    clean: bool | None = None
    """Whether the set has reps and no fault; null: not known."""


class Refusals(Record):
    """Numbers of reps, by what was done and what had to be done."""

    given: int = 0
    """Given, and there to be given."""
    rightly: int = 0
    """Refused, and it had to be."""
    though_visible: int = 0
    """Refused, although there was a true value."""
    wrongly_given: int = 0
    """Given, although an honest checker would have refused it."""


class ClipScore(Record):
    """One clip against its truth."""

    name: str
    exercise: str
    """What it shows: an exercise that there is, or another movement."""
    status: Literal["ok", "failed"]
    reason: str | None = None
    """Why it could not be analysed."""
    description: str = ""
    awaits: str | None = None
    easy: bool = False
    by_eye: bool = False
    yaw_deg: float | None = None
    view: str | None = None
    """One of VIEWS."""
    found_yaw_deg: float | None = None
    frames: int | None = None
    coverage: float | None = None
    """The share of the frames in which the pose was seen."""
    recognised: bool | None = None
    recognised_rightly: bool | None = None
    taken_for: tuple[str, ...] | None = None
    """Other exercises that recognised it as theirs, from the same pose; null: none was asked."""
    chosen: str | None = None
    """The exercise that `auto` chose; null: none."""
    chosen_rightly: bool | None = None
    """Null: it was not asked to choose."""
    reps_true: int | None = None
    reps_found: int | None = None
    knee_mae_deg: float | None = None
    thigh_mae_deg: float | None = None
    hip_mae_deg: float | None = None
    knee_change_mae_deg: float | None = None
    thigh_change_mae_deg: float | None = None
    hip_change_mae_deg: float | None = None
    knee_held: float | None = None
    """The share of frames whose true angle lies in the stated 95 % interval."""
    knee_change_held: float | None = None
    thigh_held: float | None = None
    thigh_change_held: float | None = None
    break_point_mae_deg: float | None = None
    measures_mae: dict[str, float] = Field(default_factory=dict)
    """The mean error of each measure over its reps, in the measure's unit."""
    reps: tuple[RepScore, ...] = ()
    faults: Findings = Findings()
    refusals: dict[str, Refusals] = Field(default_factory=dict)


class Detection(Record):
    """How well faults are found; a figure is null where there was nothing to count."""

    precision: float | None
    recall: float | None
    f1: float | None
    found: int
    missed: int
    false: int
    excused: int = 0


class FaultTable(Detection):
    """All faults, and each check's."""

    by_check: dict[str, Detection] = Field(default_factory=dict)
    mild_too: dict[str, Detection] = Field(default_factory=dict)
    """The same by check, what is truly between its limits counted as there."""
    not_checked_yet: dict[str, int] = Field(default_factory=dict)
    not_judged: int = 0


class Outcome(Record):
    """So many reps truly ended so, and this was said of them."""

    true: str
    found: str
    n: int


class Calibration(Record):
    """How many true values lie within intervals that claim a share of them."""

    n: int
    shares: dict[str, float]
    """Claimed, in per cent -> found, 0 to 1."""


class Summary(Record):
    """All clips together."""

    clips: int
    failed: int
    clips_with_reps_known: int
    reps_exact: int
    """Clips with every rep counted and no more."""
    reps_off_by_one: int
    """Clips that are wrong by exactly one rep."""
    reps_true: int
    reps_found: int
    recognised_rightly: int
    taken_for_others: int
    """Clips that another exercise recognised as its own."""
    clips_to_choose: int
    chosen_rightly: int
    """Clips of which `auto` told rightly which exercise they show, or that they show none."""
    easy_clips: int
    easy_held: int
    """Clips made easy in which the pose was seen in at least 99 % of the frames."""
    coverage: float | None
    knee_mae_deg: float | None
    thigh_mae_deg: float | None
    hip_mae_deg: float | None
    knee_change_mae_deg: float | None
    thigh_change_mae_deg: float | None
    hip_change_mae_deg: float | None
    break_point_mae_deg: float | None
    break_point_coverage: float | None
    clips_held: dict[str, int]
    """Clips in which an interval held 90 % of the frames or more: knee, knee_change, thigh,
    thigh_change; and, as `of`, of how many."""
    faults: FaultTable
    clean_sets: int
    false_alarms_per_clean_set: float | None
    break_point: Agreement
    outcomes: tuple[Outcome, ...]
    events: dict[str, Moment]
    measures: dict[str, Agreement]
    calibration: dict[str, Calibration]
    angles: dict[str, AngleTable]
    yaw: Agreement
    refusals: Refusals
    refusals_by_measure: dict[str, Refusals]


class Aim(Record):
    """A figure that is aimed at, and what was reached."""

    what: str
    kind: Literal["at-most", "at-least"]
    aim: float
    value: float | None
    """Null: there was nothing to count."""
    unit: str
    n: int
    """Of how many reps, sets, faults or frames."""
    met: bool | None = None
    """Whether it was reached; null: there was nothing to count."""


class Validation(Record):
    """The whole of it; nothing in it depends on the clock or on the number of processes."""

    schema_: str = Field(SCHEMA, alias="schema")
    formcheck: str
    exercise: str
    """What a clip that shows no exercise is analysed as."""
    model_sha256: str | None
    summary: Summary
    asked: Summary
    """The same of the clips that await no work to come."""
    exercises: dict[str, Summary]
    """The same of the clips that show an exercise, by its name."""
    aims: tuple[Aim, ...] = ()
    """What is aimed at on clips from the side (aims.py)."""
    clips: tuple[ClipScore, ...]

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True
    )

    def text(self) -> str:
        """Strict JSON on many lines."""
        return self.model_dump_json(by_alias=True, indent=1) + "\n"

    def line(self) -> str:
        """Strict JSON on one line."""
        return self.model_dump_json(by_alias=True)
