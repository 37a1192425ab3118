"""What is told of a set as a whole: numbers over its reps, and the checks that rest on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.checks import Finding, Limit, NotAssessed, beyond
from formcheck.measures.measure import Measured, Status, number
from formcheck.measures.noise import Z95
from formcheck.report import RepReport
from formcheck.setting import Setting

DRAWS = 400
Reps = Sequence[RepReport]
"""The counted reps of a set, in the clip's order."""


@dataclass(frozen=True)
class SetMeasure:
    """A named number of a set, from the numbers of its counted reps."""

    name: str
    unit: str
    of: Callable[[SetMeasure, Reps], Measured]
    source: str

    def measure(self, reps: Reps) -> Measured:
        """The number, or why there is none."""
        return self.of(self, reps)

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
    also: Callable[[SetCheck, Reps, Setting], Finding | None] = lambda check, reps, setting: None
    """What else may be found, from the reps as they were judged."""

    def judge(
        self, measures: SetMeasures, reps: Reps, setting: Setting
    ) -> Finding | NotAssessed | None:
        """What there is to say; what hindered it; or None: nothing to say against."""
        told = [(limit, measures[limit.measure]) for limit in self.limits]
        found = [beyond(self.name, limit, m, self.advice) for limit, m in told]
        first = next((f for f in [*found, self.also(self, reps, setting)] if f is not None), None)
        refused = next((m for _, m in told if m.value is None), None)
        return first if first is not None or refused is None else self._not_assessed(refused)

    def _not_assessed(self, measured: Measured) -> NotAssessed:
        return NotAssessed(
            what=self.name,
            reason=measured.reason or "It was not seen in this set.",
            what_to_change=measured.what_to_change or "Nothing in the filming.",
        )


def variation(measure: str, least_reps: int, what: str) -> Callable[[SetMeasure, Reps], Measured]:
    """Coefficient of variation (sample standard deviation over mean) of a measure over the reps.

    least_reps: fewer tell nothing. what: what is compared, in words. The interval comes from
    drawing each rep's value within its own.
    """

    def of(self: SetMeasure, reps: Reps) -> Measured:
        known = [m for m in (rep.measures.get(measure) for rep in reps) if m is not None]
        told = [(m.value, m) for m in known if m.value is not None]
        if len(told) < least_reps:
            return self.refused(
                f"{what} is compared over at least {least_reps} reps; it is known of {len(told)}.",
                f"Do and film at least {least_reps} reps in one set.",
            )
        values = np.array([value for value, _ in told])
        spread = np.array([(m.uncertainty_within_set or 0.0) / Z95 for _, m in told])
        rng = np.random.default_rng(20150213)
        drawn = values + spread * rng.standard_normal((DRAWS, len(values)))
        status: Status = "warn" if any(m.status == "warn" for _, m in told) else "ok"
        return Measured(
            value=number(_variation(values), 2),
            unit=self.unit,
            uncertainty=number(Z95 * float(np.std([_variation(row) for row in drawn])), 2),
            status=status,
            source=self.source,
        )

    return of


def _variation(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    return float(np.std(values, ddof=1) / np.mean(values))
