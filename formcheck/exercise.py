"""What an exercise is: its signals, its cycle, what makes it one, its measures and its checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from formcheck.checks import Check, Limit, Severity, worse
from formcheck.cycle import Cycle
from formcheck.filming import GUIDE, Tip
from formcheck.look import Look
from formcheck.measures.course import Course
from formcheck.measures.measure import Asked, Measure, Measured, conditions
from formcheck.pose import Array
from formcheck.programme import Programme
from formcheck.recognition import Criterion
from formcheck.rep import Rep
from formcheck.report import MOMENTS
from formcheck.same_setup import SetUpPart
from formcheck.sets import KEEP, Reps, SetCheck, SetMeasure
from formcheck.setting import Mode, Setting
from formcheck.signals import Signal
from formcheck.view.posture import Posture


def keep(reps: Reps, setting: Setting) -> str:
    """After a set with nothing to change: more of the same."""
    return KEEP


@dataclass(frozen=True)
class Aspect:
    """What an exercise looks like from one side: how it goes round there, and what makes it one."""

    cycle: Cycle
    recognised: tuple[Criterion, ...]
    still: str
    """What is said where nothing went round; {signal} and {depth} are the sweeps in degrees."""


@dataclass(frozen=True)
class Cue:
    """Something that a description of the exercise asks of the athlete, and what is made of it."""

    says: str
    """What it asks, in few words."""
    seed: str
    """The description that asks it, as sources name it: A, B."""
    checks: tuple[str, ...] = ()
    """Those that judge it, of a rep or of the set."""
    measures: tuple[str, ...] = ()
    """The numbers that tell it, where no check judges it or beside one."""
    reminder: str = ""
    """What is said of it to the athlete, because no camera at the side sees it; a sentence."""
    note: str = ""
    """What else there is to know: where else it is told, or what is left of it."""


@dataclass(frozen=True)
class Exercise:
    """One exercise, whole. An inconsistent one is refused when it is made (ValueError)."""

    name: str
    pages: tuple[str, ...]
    """The files that define it; their hash goes into the report."""
    title: str
    """Singular, as a coach says it."""
    plural: str
    posture: Posture
    """How its body is placed: by that the setting of a clip is estimated."""
    signals: Callable[[Setting], Mapping[str, Signal]]
    cycle: Cycle
    recognised: tuple[Criterion, ...]
    still: str
    """What is said where nothing went round; {signal} and {depth} are the sweeps in degrees."""
    marks: Mapping[str, Callable[[Rep], float]]
    """Moments in a rep, in the order in which they are found; each sees those before it."""
    moments: Mapping[str, str]
    """The moments that a rep of the report has, one of MOMENTS each -> the mark, or the moment of
    the cycle (start, bottom, end), that tells it."""
    fixes: Mapping[str, Callable[[Rep], float]]
    """What the set's first counted rep fixes for all."""
    measures: tuple[Measure, ...]
    checks: tuple[Check, ...]
    columns: Mapping[str, str]
    """Signal -> its column in signals.csv."""
    uncertainties: Callable[[Setting, Mapping[str, Array]], Mapping[str, Array]]
    """Half-widths of the 95 % interval of signals (n,) each, degrees, given all signals (n,)."""
    uncertainties_within_set: Callable[[Setting, Mapping[str, Array]], Mapping[str, Array]]
    """The same of their change from rest."""
    film: str
    """How to film it, as it follows the word "film"."""
    short_of: Mapping[str, str]
    """Kind of a counted rep that is not full -> what it lacks, as it follows "one that"."""
    whole: str
    """What to do so that a rep is whole."""
    modes: tuple[Mode, ...]
    """The programmes it knows, the usual one first."""
    tempo: str
    """The measure that a table of reps shows as the tempo; larger is slower."""
    headline: str
    """The measure that a table of reps shows as the result."""
    tips: tuple[Tip, ...] = ()
    """What to see to when filming it, beside what holds for every exercise (`filming.GUIDE`)."""
    front: Aspect | None = None
    """How it is counted from the front or from behind, where its angles cannot be told."""
    courses: tuple[Course, ...] = ()
    """Curves that belong to its measures."""
    set_measures: tuple[SetMeasure, ...] = ()
    set_checks: tuple[SetCheck, ...] = ()
    setup: tuple[SetUpPart, ...] = ()
    """What tells how the athlete was set up: two sets compare where it was alike."""
    less_is_better: bool = False
    """Whether of two reps with as little to say against them the one with the smaller headline is
    the better; else the headline decides nothing."""
    onward: Callable[[Reps, Setting], str] = keep
    """What to do next after a set with nothing to change, given its counted reps."""
    programme: Programme | None = None
    """How it is trained over sets and weeks; None: nothing is said of that."""
    profile: str | None = None
    """Whose limits replace its own; None: they are those of its page."""
    cues: tuple[Cue, ...] = ()
    """All that the descriptions it was made from ask for, in their order."""
    glossary: Mapping[str, str] = field(default_factory=dict)
    """What the formulas of its numbers speak of, signals, moments and what the set fixes, by name:
    how each is found, in a sentence."""
    references: Mapping[str, str] = field(default_factory=dict)
    """The studies that its sources name, "Author YEAR" -> where to find them."""
    look: Look = field(default_factory=Look)
    """How it is shown: its phases, moments and numbers in words, and what the pictures draw."""

    def __post_init__(self) -> None:
        names = [m.name for m in self.measures]
        of_set = [m.name for m in self.set_measures]
        problems = _missing("measure", _asked(self.checks), names)
        problems += _missing("measure of the set", _asked(self.set_checks), of_set)
        problems += [
            f"the set-up asks for {part.measure}, which is no measure"
            for part in self.setup
            if part.measure not in names
        ]
        problems += [
            f"the {which} {name} is no measure"
            for which, name in (("tempo", self.tempo), ("headline", self.headline))
            if name not in names
        ]
        problems += [
            f"a curve belongs to {c.measure}, which is no measure"
            for c in self.courses
            if c.measure not in names
        ]
        problems += _twice("measures", names) + _twice("measures", of_set)
        problems += _twice("checks", [c.name for c in self.checks])
        problems += _twice("checks", [c.name for c in self.set_checks])
        marks = {*self.marks, "start", "bottom", "end"}
        problems += [f"no report has the moment {m}" for m in set(self.moments) - set(MOMENTS)]
        problems += [f"no mark is called {m}" for m in set(self.moments.values()) - marks]
        unknown = sorted(self._followed - {*names, *of_set})
        problems += [f"its programme names {name}, which is no measure" for name in unknown]
        drawn = {c.measure for c in self.courses}
        problems += self.look.problems(names, self.columns, of_set, drawn)
        if problems:
            raise ValueError(f"The exercise {self.name} is inconsistent: " + "; ".join(problems))

    @property
    def _followed(self) -> set[str]:
        """The measures that its programme names."""
        told = self.programme
        if told is None:
            return set()
        climbed = () if told.ladder is None else told.ladder.asked
        real = () if told.real is None else (told.real.measure, told.real.of)
        return {*told.followed, *real, *climbed}

    @property
    def guide(self) -> tuple[Tip, ...]:
        """How to film it, whole: what any advice in a report repeats."""
        return (*GUIDE, *self.tips)

    @property
    def reminders(self) -> tuple[str, ...]:
        """What the athlete is told of what no camera at the side sees."""
        return tuple(dict.fromkeys(cue.reminder for cue in self.cues if cue.reminder))

    @property
    def of_set(self) -> tuple[str, ...]:
        """The numbers of a set that are told for their own sake: no check asks for them."""
        asked = _asked(self.set_checks)
        return tuple(m.name for m in self.set_measures if m.name not in asked)

    def aspect(self, setting: Setting) -> Aspect:
        """What it looks like from where the camera stood."""
        if self.front is not None and setting.from_front:
            return self.front
        return Aspect(self.cycle, self.recognised, self.still)

    def reasons_against(self, rep: Rep) -> Sequence[str]:
        """Why a closed rep is not this exercise; empty if it is."""
        criteria = self.aspect(rep.setting).recognised
        return [r for r in (c.against(rep) for c in criteria) if r is not None]

    def conditions(self, rep: Rep) -> list[Asked]:
        """What the gates of each measure say of a rep; of what was asked for and is to be seen."""
        unasked = self.unasked(rep.setting.athlete)
        asked = [m for m in self.measures if m.name not in unasked and not m.aside]
        same: dict[Asked, Asked] = {}  # what many measures ask is kept once
        told = (tuple(conditions(m.gates, rep)) for m in asked)
        return [same.setdefault(one, one) for one in told]

    def unasked(self, said: BaseModel) -> set[str]:
        """The measures that nobody asked for: what they need to be told, an athlete, or the
        settings of a report, do not say."""
        return {m.name for m in self.measures if m.unsaid(said)}

    def measured(self, rep: Rep, checks: Sequence[Check] | None = None) -> dict[str, Measured]:
        """All measures of a rep by name, or those alone that some checks ask for early."""
        wanted = {limit.measure for check in checks or () for limit in check.early}
        return {m.name: m.measure(rep) for m in self.measures if checks is None or m.name in wanted}

    def suspected(
        self, rep: Rep, checks: Sequence[Check], said: Mapping[str, Severity]
    ) -> list[Check]:
        """Those of some checks that have worse to say of a rep still open than was said, if the
        gates of their measures let them: what costs little is asked first."""
        by_name = {m.name: m for m in self.measures}

        def suspects(limit: Limit, said: Severity | None) -> bool:
            measure = by_name[limit.measure]
            value = measure.value(rep)
            if not limit.reached(value) or not worse(limit.at_worst(measure.rounded(value)), said):
                return False
            found = measure.of(rep)
            told = (measure.rounded(part) for part in (found.value, found.uncertainty))
            return worse(limit.at_worst(*told), said)

        return [c for c in checks if any(suspects(limit, said.get(c.name)) for limit in c.early)]

    @property
    def weighty(self) -> tuple[str, ...]:
        """The checks of a rep that can say more than a note."""
        return tuple(c.name for c in self.checks if not all(lim.only_notes for lim in c.limits))

    def labels(self) -> dict[str, str]:
        """What each check, of a rep or of the set, is called in a sentence; in their order."""
        of_set = {c.name: c.label for c in self.set_checks}
        return {**{c.name: c.label for c in self.checks}, **of_set}

    def called(self, name: str) -> str:
        """What a check or a measure is called, by its name."""
        labels = self.labels()
        return labels[name] if name in labels else self.look.term(name).label


def _asked(checks: Sequence[Check | SetCheck]) -> set[str]:
    return {limit.measure for check in checks for limit in check.limits}


def _missing(what: str, wanted: set[str], there: Sequence[str]) -> list[str]:
    return [f"a check needs the {what} {name}" for name in sorted(wanted - set(there))]


def _twice(what: str, names: Sequence[str]) -> list[str]:
    return [f"two {what} are called {n}" for n in dict.fromkeys(names) if names.count(n) > 1]
