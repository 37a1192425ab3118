"""What an exercise is: its signals, its cycle, what makes it one, its measures and its checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from formcheck.checks import Check
from formcheck.cycle import Cycle
from formcheck.look import Look
from formcheck.measures.measure import Asked, Measure, Measured, conditions
from formcheck.pose import Array
from formcheck.recognition import Criterion
from formcheck.rep import Rep
from formcheck.setting import Setting
from formcheck.signals import Signal


@dataclass(frozen=True)
class Aspect:
    """What an exercise looks like from one side: how it goes round there, and what makes it one."""

    cycle: Cycle
    recognised: tuple[Criterion, ...]
    still: str
    """What is said where nothing went round; {signal} and {depth} are the sweeps in degrees."""


@dataclass(frozen=True)
class Exercise:
    """One exercise, whole. An inconsistent one is refused when it is made (ValueError)."""

    name: str
    pages: tuple[str, ...]
    """The files that define it; their hash goes into the report."""
    title: str
    """Singular, as a coach says it."""
    plural: str
    signals: Callable[[Setting], Mapping[str, Signal]]
    cycle: Cycle
    recognised: tuple[Criterion, ...]
    still: str
    """What is said where nothing went round; {signal} and {depth} are the sweeps in degrees."""
    marks: Mapping[str, Callable[[Rep], float]]
    """Moments in a rep, in the order in which they are found; each sees those before it."""
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
    front: Aspect | None = None
    """How it is counted from the front or from behind, where its angles cannot be told."""
    tempo: str = "eccentric_duration"
    """The measure that a table of reps shows as the tempo."""
    headline: str = "break_point_angle"
    """The measure that a table of reps shows as the result."""
    profile: str | None = None
    """Whose limits replace its own; None: they are those of its page."""
    look: Look = field(default_factory=Look)
    """How it is shown: its phases, moments and numbers in words, and what the pictures draw."""

    def __post_init__(self) -> None:
        names = [m.name for m in self.measures]
        wanted = {limit.measure for c in self.checks for limit in c.limits}
        problems = [f"a check needs the measure {w}" for w in sorted(wanted - set(names))]
        problems += [f"two measures are called {n}" for n in set(names) if names.count(n) > 1]
        checks = [c.name for c in self.checks]
        problems += [f"two checks are called {c}" for c in set(checks) if checks.count(c) > 1]
        problems += self.look.problems(names, self.columns)
        if problems:
            raise ValueError(f"The exercise {self.name} is inconsistent: " + "; ".join(problems))

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
        """What the gates of each measure say of a rep."""
        return [conditions(m.gates, rep) for m in self.measures]

    def measured(self, rep: Rep, checks: Sequence[Check] | None = None) -> dict[str, Measured]:
        """All measures of a rep by name, or those alone that some checks ask for."""
        wanted = {limit.measure for check in checks or () for limit in check.limits}
        return {m.name: m.measure(rep) for m in self.measures if checks is None or m.name in wanted}
