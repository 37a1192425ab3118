"""How an exercise looks to a person: the names of its phases, moments and numbers, and what the
pictures draw of the body.

Nothing here judges. Video, page, tables and terminal know no exercise: they show what its `Look`
declares, so that one written on a page of its own is shown as well as any other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from formcheck import report
from formcheck.pose import Joint

MOMENTS = tuple(field.removesuffix("_s") for field in report.MOMENTS)
"""The moments that a rep of the report may have, as `start_s` and so on, in seconds of the clip."""
LEAVES = "leaves"
"""Besides these: the last instant near the greatest depth."""

Pattern = Literal["rising", "falling", "solid", "dots", "bars"]
"""How a phase is filled in a timeline: told apart without colour."""
Marker = Literal["triangle", "diamond", "square"]
Colour = Literal["knee", "hip"]


@dataclass(frozen=True)
class Phase:
    """A part of a rep, from one moment to another; where one of them is not known there is none."""

    name: str
    """In signals.csv."""
    title: str
    """On the page: "Lowering"."""
    says: str
    """On the video: "lowering"."""
    since: tuple[str, ...]
    """MOMENTS or LEAVES: the first of them that is known begins it."""
    until: tuple[str, ...]
    """The same of its end."""
    pattern: Pattern = "rising"
    needs: str | None = None
    """A measure: in a rep that refused it, this phase is shown as the one before."""


@dataclass(frozen=True)
class Moment:
    """An instant of a rep that the curves mark."""

    name: str
    """One of MOMENTS."""
    title: str
    """As it stands in a legend: "hands land"."""
    marker: Marker
    needs: str | None = None
    """A measure: in a rep that refused it, the moment is a guess and is not marked."""
    sign: str = ""
    """In a narrow legend; empty: the title."""


@dataclass(frozen=True)
class Panel:
    """A curve over time."""

    signal: str
    short: str
    """Its name beside a value: "knee"."""
    title: str
    colour: Colour
    height: float
    """Inches."""
    least: tuple[float, float]
    """The range that is shown at least, degrees."""


@dataclass(frozen=True)
class Arc:
    """An angle that is drawn and written at its joint."""

    before: Joint | None
    """None: an inclination, against the level."""
    joint: Joint
    after: Joint
    signal: str
    """Whose value is written. The arc goes from the prolongation of before-joint to joint-after."""
    beside: tuple[tuple[float, float], ...] = ()
    """Where its number may stand, best first: directions off the joint, ahead and down; the first
    is taken all through the clip or not at all. None: to the body's back, then to its front."""
    quiet: bool = False
    """Whether it is drawn only where a finding is about it."""


@dataclass(frozen=True)
class Term:
    """What a number is called, what it is, and what is said of it."""

    label: str
    means: str = ""
    """In one or two sentences for a coach; may be empty."""
    short: str = ""
    """Over a narrow column; empty: the label."""
    more: str = ""
    """What a rep did whose number is larger than another's by {}; empty: nothing is said."""
    less: str = ""
    """The same of a smaller one."""
    about: str = ""
    """The signal of the angle that a finding of it points at; empty: the first arc's."""
    change: bool = False
    """Whether it counts from the angle's own start: then it is written at the joint, signed. A
    constant error of the landmarks drops out of it, so it is surer than the angle."""

    @property
    def head(self) -> str:
        """What stands over a column."""
        return self.short or self.label


@dataclass(frozen=True)
class Group:
    """Numbers that belong together where all of them are listed."""

    title: str
    measures: tuple[str, ...]
    """Of a rep or of the set."""


@dataclass(frozen=True)
class Speed:
    """An angle against how fast it changes, over a part of each rep."""

    signal: str
    until: str
    """One of MOMENTS; from the start of the rep to there, or to its turn where that is not
    known."""
    falls: bool
    """Whether the angle gets smaller: then the speed is how fast it does, and it is drawn from
    large to small."""
    title: str
    angle: str
    """What stands along the angle."""
    speed: str
    """What stands along the speed."""
    cutoff_hz: float
    """The measure's own: at it the curve crosses the limit where the measure says."""
    measure: str
    """The measure whose limit is drawn across, where it used one."""
    limit: str
    """What the limit is, in a legend: "faster is a fall"."""
    reads: str = ""
    """How to read the drawing, for a coach."""


@dataclass(frozen=True)
class Load:
    """What a course of the exercise comes to, against an angle."""

    measure: str
    """Whose course it is."""
    signal: str
    title: str
    angle: str
    falls: bool
    """Whether the angle gets smaller on the way."""
    reads: str = ""
    """How to read the drawing, for a coach."""


KNEE = Panel(
    "knee_flexion", "knee", "Knee flexion in degrees (0 = straight)", "knee", 1.55, (0, 95)
)
HIP = Panel("hip_flexion", "hip", "Hip flexion in degrees (0 = in line)", "hip", 1.05, (-20, 45))
KNEE_ARC = Arc(Joint.ANKLE, Joint.KNEE, Joint.HIP, "knee_flexion", ((0, 1), (-0.8, 0.6), (1, 0)))
HIP_ARC = Arc(Joint.KNEE, Joint.HIP, Joint.SHOULDER, "hip_flexion")


@dataclass(frozen=True)
class Look:
    """All that a person sees of an exercise beside its findings. Every field has a default that
    shows any exercise of hips and knees, if plainly."""

    phases: tuple[Phase, ...] = (Phase("rep", "Rep", "moving", ("start",), ("end", LEAVES)),)
    """In the order of a rep; where two claim an instant it is the earlier one's."""
    rests: str = "ready"
    """What the video says before a rep and between two."""
    moments: tuple[Moment, ...] = ()
    marked: str | None = None
    """The one of them that small curves mark as well."""
    panels: tuple[Panel, ...] = (KNEE, HIP)
    """The first is the one of which small curves are drawn."""
    shape: str = "Knee flexion over the rep, all reps to one scale."
    """What the small curve of a rep shows."""
    end_on: str = "from the front or from behind"
    """Where the camera stood when it did not see the body's side, as it follows "filmed"."""
    highest: float = 110.0
    """The upper edge of small curves, degrees; the lower is 0."""
    limbs: tuple[tuple[Joint, ...], ...] = (
        (Joint.ANKLE, Joint.KNEE, Joint.HIP, Joint.SHOULDER),
        (Joint.SHOULDER, Joint.ELBOW, Joint.WRIST),
    )
    """The chains of the near side that the video draws: the first thick, the others thin."""
    arcs: tuple[Arc, ...] = (KNEE_ARC, HIP_ARC)
    """The first is what a finding is about unless its term says otherwise."""
    columns: tuple[str, ...] = ()
    """Measures in a table of reps, behind the exercise's tempo and headline."""
    compared: tuple[str, ...] = ()
    """Measures by which many sets are compared, the main one first: of the set, or of a rep, and
    then the most that a rep of the set has of it. Empty: the exercise's tempo alone."""
    terms: Mapping[str, Term] = field(default_factory=dict)
    """By the name of the measure; one that is missing is called by its own name."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Kind of a rep -> what it is called, where the plain word is not enough."""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """What became of a measure -> in words."""
    modes: Mapping[str, str] = field(default_factory=dict)
    """Programme -> in words; empty: the exercise has no programmes."""
    groups: tuple[Group, ...] = ()
    """Of all numbers, in reading order; a number of none of them comes after them all."""
    overlaid: str = ""
    """How to read the first angle of all reps over each other."""
    announced: str | None = None
    """A measure that the video tells at its moment, or what became of it instead."""
    speed: Speed | None = None
    """What is drawn of the speeds; None: nothing."""
    load: Load | None = None
    """What is drawn of a course; None: nothing."""

    @property
    def traced(self) -> Panel:
        """The curve that small drawings and the edge of the video show."""
        return self.panels[0]

    def term(self, measure: str) -> Term:
        """What a measure is called; its own name in plain letters where there is no better one."""
        plain = measure.replace("_", " ").replace("-", " ")
        return self.terms.get(measure) or Term(plain[:1].upper() + plain[1:])

    def about(self, measure: str) -> str:
        """The signal of the angle that a finding of a measure points at."""
        return self.term(measure).about or self.arcs[0].signal

    def moment(self, name: str | None) -> Moment | None:
        """The marked moment of that name; None where there is none."""
        return next((m for m in self.moments if m.name == name), None)

    def problems(
        self,
        measures: Collection[str],
        signals: Collection[str],
        of_set: Collection[str] = (),
        courses: Collection[str] = (),
    ) -> Iterator[str]:
        """What in it does not fit an exercise with these measures, these columns, these measures of
        the set and the courses of these measures."""
        names = [p.name for p in self.phases]
        if "rest" in names or len(set(names)) < len(names):
            yield "its phases need names of their own, and rest is what lies between reps"
        marks = [m.name for m in self.moments]
        ends = [m for p in self.phases for m in (*p.since, *p.until)]
        wanted = [*ends, *marks, *([self.marked] if self.marked else [])]
        yield from (f"no rep has the moment {m}" for m in _lacking(wanted, (*MOMENTS, LEAVES)))
        if self.marked not in (None, *marks):
            yield f"{self.marked} is to be marked and is not one of its moments"
        needed = [p.needs for p in self.phases if p.needs]
        needed += [m.needs for m in self.moments if m.needs]
        needed += [self.announced] if self.announced else []
        needed += [self.speed.measure] if self.speed else []
        grouped = [name for group in self.groups for name in group.measures]
        lacking = _lacking([*needed, *self.columns], measures)
        either = _lacking([*grouped, *self.compared], (*measures, *of_set))
        for name in dict.fromkeys([*lacking, *either]):
            yield f"it shows the measure {name}, which is not there"
        drawn = [p.signal for p in self.panels] + [a.signal for a in self.arcs]
        drawn += [t.about for t in self.terms.values() if t.about]
        drawn += [one.signal for one in (self.speed, self.load) if one is not None]
        for name in _lacking(drawn, signals):
            yield f"it shows the signal {name}, which has no column"
        if self.load is not None and self.load.measure not in courses:
            yield f"it shows the course of {self.load.measure}, which has none"


def _lacking(wanted: Sequence[str], there: Collection[str]) -> list[str]:
    """What is wanted and not there, each once."""
    return [name for name in dict.fromkeys(wanted) if name not in there]
