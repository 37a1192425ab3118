"""What is told of a set as a whole: numbers over its reps, and the checks that rest on them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.checks import Finding, Limit, NotAssessed, beyond
from formcheck.measures.measure import Measured, Status, number
from formcheck.measures.noise import Z95
from formcheck.pose import Array
from formcheck.report import RepReport
from formcheck.setting import Setting

DRAWS = 400
FULL_SET = "Do and film at least {least} full reps in one set."
KEEP = "Keep it like this; add a rep or go a little more slowly next time."
"""What to do after a set with nothing to change."""
TOO_SHORT = "This is told of sets of {least} counted reps or more; {there}."
Reps = Sequence[RepReport]
"""The counted reps of a set, in the clip's order."""


@dataclass(frozen=True)
class Band:
    """A range of a number, in a coach's words."""

    below: float
    """Where it ends; it begins where the one before it ends."""
    words: str
    """As they follow "between": "a trained level"."""


@dataclass(frozen=True)
class SetMeasure:
    """A named number of a set, from the numbers of its counted reps."""

    name: str
    unit: str
    of: Callable[[SetMeasure, Reps], Measured]
    source: str
    definition: str = ""
    """What it is, in a sentence."""
    formula: str = ""
    """How it is computed, in the names of the measures of its reps."""
    uncertainty: str = ""
    """How its 95 % interval is found, in a sentence."""

    bands: tuple[Band, ...] = ()
    """What its values mean, the best and least first; the last ends at infinity."""
    across: bool = False
    """Whether it may be told of several sets together: it does not hang on the order of reps."""
    least: int = 1
    """Counted reps that a set needs to hold what is looked for; of fewer it is refused, and no
    check asks for it."""

    def measure(self, reps: Reps) -> Measured:
        """The number, or why there is none."""
        if reps and len(reps) < self.least:
            there = "there is 1" if len(reps) == 1 else f"there are {len(reps)}"
            why_not = TOO_SHORT.format(least=self.least, there=there)
            return self.refused(why_not, FULL_SET.format(least=self.least))
        return self.of(self, reps)

    def band(self, measured: Measured) -> str | None:
        """What a value means, as far as its interval tells; None where that is nothing."""
        if measured.value is None or not self.bands:
            return None
        low, high = (measured.value + s * (measured.uncertainty or 0.0) for s in (-1, 1))
        first = 0 if measured.bound == "at-most" else self._in(low)
        last = len(self.bands) - 1 if measured.bound == "at-least" else self._in(high)
        if (first, last) == (0, len(self.bands) - 1):
            return None
        least, most = self.bands[first].words, self.bands[last].words
        if first == last:
            return least
        if measured.bound is not None:
            return f"{most} or better" if measured.bound == "at-most" else f"{least} or worse"
        return f"between {least} and {most}"

    def _in(self, value: float) -> int:
        """The place of the band that a value lies in."""
        return next((i for i, band in enumerate(self.bands) if value < band.below), -1)

    def refused(self, reason: str, what_to_change: str) -> Measured:
        """The answer where there is no number."""
        return Measured(
            value=None,
            unit=self.unit,
            status="refused",
            reason=reason,
            what_to_change=what_to_change,
            source=self.source,
        )


SetMeasures = Mapping[str, Measured]


def nothing_else(check: SetCheck, reps: Reps, setting: Setting) -> None:
    """Only what is beyond a limit is found."""


@dataclass(frozen=True)
class SetCheck:
    """A fault of a set by name: when it is one, what to say and what to do."""

    name: str
    label: str
    """What it is called in a sentence: "an uneven tempo"."""
    advice: str
    limits: tuple[Limit, ...] = ()
    """Of the set's own measures."""
    good: str = ""
    """What a set without it did well; empty: nothing is said."""
    also: Callable[[SetCheck, Reps, Setting], Finding | None] = nothing_else
    """What else may be found, from the reps as they were judged."""
    when: str = ""
    """When that is found, as it follows "found"; needed where it may be."""
    of_tempo: bool = False
    """Whether it is about how evenly the reps were timed: then none is the best for being slow."""
    least: int = 1
    """Of a set of fewer counted reps it is not asked, and nothing is said."""
    stops: str = ""
    """What to do about it after the rep that brought it, {rep}: then the set was to end there, and
    what the reps behind it did is not asked. Empty: it is of the set as a whole."""
    spoken: tuple[str, ...] = ()
    """What is called out when the set was to end, and after each rep from then on: "one more, then
    stop", "stop here"; empty: nothing is."""

    def judge(
        self, measures: SetMeasures, reps: Reps, setting: Setting
    ) -> Finding | NotAssessed | None:
        """What there is to say; what hindered it; or None: nothing to say against. measures: those
        of its limits that the set is long enough for."""
        told = [(x, measures[x.measure]) for x in self.limits if x.measure in measures]
        found = [beyond(self.name, limit, m, self.advice) for limit, m in told]
        first = next((f for f in [*found, self.also(self, reps, setting)] if f is not None), None)
        refused = next((m for _, m in told if m.value is None), None)
        return first if first is not None or refused is None else self._not_assessed(refused)

    def _not_assessed(self, measured: Measured) -> NotAssessed:
        return NotAssessed(
            what=self.name,
            reason=measured.reason or "It was not seen in this set.",
            what_to_change=measured.what_to_change or FULL_SET.format(least=3),
        )


def variation(measure: str, least_reps: int, what: str) -> Callable[[SetMeasure, Reps], Measured]:
    """Coefficient of variation (sample standard deviation over mean) of a measure, full reps only.
    One that is but a bound is left out.

    least_reps: fewer tell nothing. what: what is compared, in words. The interval comes from
    drawing each rep's value within its own. Refused as well where the mean is not surely above 0:
    there the ratio means nothing.
    """
    change = FULL_SET.format(least=least_reps)

    def of(self: SetMeasure, reps: Reps) -> Measured:
        known = [m for m in (rep.measures.get(measure) for rep in _full(reps)) if m is not None]
        told = [(m.value, m) for m in known if m.value is not None and m.bound is None]
        if len(told) < least_reps:
            return self.refused(
                f"{what} is compared over at least {least_reps} reps done in full; it is known of "
                f"{len(told)}.",
                change,
            )
        values = np.array([value for value, _ in told])
        spread = np.array([(m.uncertainty_within_set or 0.0) / Z95 for _, m in told])
        rng = np.random.default_rng(20150213)
        drawn = values + spread * rng.standard_normal((DRAWS, len(values)))
        value, uncertainty = _variation(values), _half_width(drawn)
        if not np.isfinite([value, uncertainty]).all():
            return self.refused(f"{what} was too near 0 in these reps to be compared.", change)
        doubtful = [m for _, m in told if m.status == "warn"]
        status: Status = "warn" if doubtful else "ok"
        return Measured(
            value=number(value, 2),
            unit=self.unit,
            uncertainty=number(uncertainty, 2),
            status=status,
            reason=" ".join(each_once([m.reason for m in doubtful if m.reason])) or None,
            source=self.source,
        )

    return of


def each_once(reasons: Sequence[str]) -> list[str]:
    """Each sentence of them once, one that is said again with another figure too."""
    told: dict[str, str] = {}
    for sentence in re.split(r"(?<=\.) (?=[A-Z])", " ".join(reasons)):
        told.setdefault(re.sub(r"\d+(\.\d+)?", "#", sentence), sentence)
    return [sentence for sentence in told.values() if sentence]


def _full(reps: Reps) -> Iterator[RepReport]:
    return (rep for rep in reps if rep.kind == "full")


def _half_width(drawn: Array) -> float:
    """Of the 95 % interval of the variation, from (DRAWS, N) values; NaN where one has none."""
    return Z95 * float(np.std([_variation(row) for row in drawn]))


def _variation(values: Array) -> float:
    """Of (N,) values; NaN where their mean is not above 0."""
    mean = float(np.mean(values))
    return float(np.std(values, ddof=1)) / mean if mean > 0 else float("nan")
