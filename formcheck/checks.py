"""Judging and wording, once: a check is a measure, its limits, a sentence and one advice.

Above all (nordic-curl.md 5b): a fault needs the whole 95 % interval of its value beyond the limit.
If only the value is beyond, it is a warning. If the measure was refused, it is not assessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from formcheck.measures.measure import Measured, Record
from formcheck.rep import Rep

Severity = Literal["fault", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("fault", "warning", "note")
"""Worst first."""


def worse(one: Severity | None, other: Severity | None) -> bool:
    """Whether one severity is worse than another; None: nothing is said."""
    order = (*SEVERITIES, None)
    return order.index(one) < order.index(other)


class Finding(Record):
    """Something to say about a rep."""

    check: str
    severity: Severity
    at_s: float | None
    until_s: float | None
    measure: str
    value: float
    uncertainty: float
    limit: float
    limit_kind: Literal["max", "min"]
    unit: str
    sentence: str
    advice: str


class NotAssessed(Record):
    """Something that could not be judged, why, and what to change. `reps` empty: the whole set."""

    what: str
    reps: tuple[int, ...] = ()
    reason: str
    what_to_change: str


def by_reason(
    entries: Iterable[NotAssessed],
) -> dict[tuple[tuple[int, ...], str, str], list[str]]:
    """What was left open for one reason in the same reps, by (reps, reason, what to change)."""
    together: dict[tuple[tuple[int, ...], str, str], list[str]] = {}
    for entry in entries:
        key = (entry.reps, entry.reason, entry.what_to_change)
        together.setdefault(key, []).append(entry.what)
    return together


Measures = Mapping[str, Measured]


def always(rep: Rep, measures: Measures) -> bool:
    """Every rep is asked."""
    return True


def surely(check: Check, measures: Measures) -> None:
    """A rep without a finding is good."""


@dataclass(frozen=True)
class Limit:
    """One measure against its limits. A limit that is None is never reached."""

    measure: str
    says: str
    """{value}, its {size} without a sign, {limit}, {uncertainty} and {aim} are put in; a limit is
    never written out, because a profile may change it."""
    fault: float | None = None
    warning: float | None = None
    note: float | None = None
    kind: Literal["max", "min"] = "max"
    source: str = ""
    applies: Callable[[Rep, Measures], bool] = always
    when: str = ""
    """Of which reps it is asked, as it follows "asked", where it does not apply to all."""
    unsure: str = ""
    """Why a value beyond it, of which the interval reaches back over it, tells nothing: then the
    rep is not assessed. Empty: such a value warns (nordic-curl.md 5b)."""
    early: bool = False
    """Whether its measure can only grow, so that a rep still open may be warned of it."""

    @property
    def aim(self) -> float:
        """Its mildest level, beyond which something is said; NaN where it has none."""
        levels = (self.note, self.warning, self.fault)
        return next((level for level in levels if level is not None), float("nan"))

    @property
    def only_notes(self) -> bool:
        """Whether what is beyond it is no more than a note."""
        return self.fault is None and self.warning is None

    def reached(self, value: float) -> bool:
        """Whether a value is at its mildest level or beyond; not where it is NaN."""
        return (value - self.aim) * (1 if self.kind == "max" else -1) >= 0

    def severity(self, measured: Measured) -> tuple[Severity, float] | None:
        """How bad the value is, and the limit it is beyond; None where all is well."""
        if measured.value is None or self.doubted(measured):
            return None
        return self._beyond(measured.value, measured.uncertainty or 0.0)

    def at_worst(self, value: float | None, uncertainty: float | None = None) -> Severity | None:
        """How bad a value of that half-width is if no gate and no doubt speaks for the rep; without
        the half-width: as bad as it can be."""
        beyond = None if value is None else self._beyond(value, uncertainty or 0.0)
        return None if beyond is None else beyond[0]

    def _beyond(self, value: float, spread: float) -> tuple[Severity, float] | None:
        sign = 1 if self.kind == "max" else -1
        if self.fault is not None and sign * (value - self.fault) > 0:
            sure = sign * (value - self.fault) > spread
            return ("fault" if sure else "warning"), self.fault
        if self.warning is not None and self._warned(value, self.warning):
            return "warning", self.warning
        if self.note is not None and sign * (value - self.note) >= 0:
            return "note", self.note
        return None

    def doubted(self, measured: Measured) -> bool:
        """Whether the value is beyond it, and that tells nothing because its interval is not."""
        if measured.value is None or not self.unsure:
            return False
        beyond_by = (measured.value - self.aim) * (1 if self.kind == "max" else -1)
        return 0 <= beyond_by < (measured.uncertainty or 0.0)

    def _warned(self, value: float, level: float) -> bool:
        """Who was asked for at least so much and gave just that has done enough; who was asked to
        stay under it has not."""
        return value < level if self.kind == "min" else value >= level


@dataclass(frozen=True)
class _Seconds:
    """Seconds in a sentence: one decimal more for what is less than one, as the figure beside it,
    and for what else would read as the very limit it is beyond."""

    value: float
    limit: float

    def __format__(self, spec: str) -> str:
        short = abs(self.value) < 1 or float(format(self.value, spec)) == self.limit
        return format(self.value, spec.replace(".1f", ".2f") if short else spec)


def beyond(check: str, limit: Limit, measured: Measured, advice: str) -> Finding | None:
    """What a check of that name says of a measure beyond its limit; None: it is not beyond."""
    severity = limit.severity(measured)
    if severity is None or measured.value is None:
        return None
    values = {
        "value": measured.value,
        "limit": severity[1],
        "uncertainty": measured.uncertainty or 0.0,
    }
    spoken = _Seconds(measured.value, severity[1]) if measured.unit == "s" else measured.value
    return Finding(
        check=check,
        severity=severity[0],
        at_s=measured.at_s,
        until_s=measured.until_s,
        measure=limit.measure,
        limit_kind=limit.kind,
        unit=measured.unit,
        sentence=limit.says.format(
            **{**values, "value": spoken}, aim=limit.aim, size=abs(measured.value)
        ),
        advice=advice,
        **values,
    )


@dataclass(frozen=True)
class Check:
    """A fault by name: what to measure, when it is one, what to say and what to do."""

    name: str
    label: str
    """What it is called in a sentence: "falling too fast"."""
    limits: tuple[Limit, ...]
    advice: str
    good: str
    """What a rep without it did well."""
    kinds: tuple[str, ...] = ("full",)
    """The kinds of rep that are asked."""
    unsure: Callable[[Check, Measures], str | None] = surely
    """Why a rep without a finding still cannot be called good; None: it can."""
    doubts: str = ""
    """When that is so, as it follows "not assessed"; needed where it may be."""
    spoken: str = ""
    """What is called out to an athlete under way, a word or two: "slower"; empty: nothing is."""

    @cached_property
    def early(self) -> tuple[Limit, ...]:
        """The limits that a rep still open is held against."""
        return tuple(limit for limit in self.limits if limit.early)

    def limit(self, measure: str) -> Limit:
        """Its limit on that measure. Raises KeyError where it has none."""
        return {limit.measure: limit for limit in self.limits}[measure]

    def judge(self, rep: Rep, measures: Measures) -> Finding | NotAssessed | None:
        """The worst finding of its limits; what hindered it; or None: nothing to say against. Of a
        rep still open only the early ones are asked."""
        limits = self.early if rep.open else self.limits
        asked = [limit for limit in limits if limit.applies(rep, measures)]
        told = [beyond(self.name, m, measures[m.measure], self.advice) for m in asked]
        findings = [f for f in told if f is not None]
        if findings:
            return min(findings, key=lambda f: SEVERITIES.index(f.severity))
        refused = [measures[m.measure] for m in asked if measures[m.measure].value is None]
        if refused:
            return self._not_assessed(rep, refused[0].reason, refused[0].what_to_change)
        doubted = [m.unsure for m in asked if m.doubted(measures[m.measure])]
        doubt = doubted[0] if doubted else self.unsure(self, measures)
        return self._not_assessed(rep, doubt, None) if doubt else None

    def _not_assessed(self, rep: Rep, reason: str | None, change: str | None) -> NotAssessed:
        return NotAssessed(
            what=self.name,
            reps=(rep.number,) if rep.number is not None else (),
            reason=reason or "It was not seen in this rep.",
            what_to_change=change or "Nothing in the filming: judge it on the video by eye.",
        )
