"""What a measure is: a number of a rep with its unit, its error bar, its gates and its source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Literal, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict
from pydantic.dataclasses import dataclass as checked

from formcheck.rep import Rep

Answer = TypeVar("Answer")
Status = Literal["ok", "warn", "refused"]
WORST: tuple[Status, ...] = ("ok", "warn", "refused")

UNITS = ("deg", "deg/s", "s", "1", "N·m", "N·m/kg", "deg/rep", "count")
"""What a number may be measured in: all that print or score numbers have words for these."""
DIGITS = {"deg": 1, "deg/s": 1, "1": 3}
"""Of a number in the report, after the point; 2 where nothing else is said."""
OPTIONS = {"mass_kg": ("body mass", "--mass KG"), "height_m": ("body height", "--height CM")}
"""What the user may say of the athlete, as a sentence calls it, and how it is given."""


STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)


class Record(BaseModel):
    """A frozen part of the report; numbers are finite or null."""

    model_config = ConfigDict(frozen=True, **STRICT)


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class GateResult:
    """One condition that a measure had to pass, and its figure. A recording of hours has some ten
    thousand of these: they take a tenth of the memory that as many Records would."""

    gate: str
    value: float | None
    status: Status


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class Threshold:
    """A limit that the method itself used, e.g. the speed that is called a break."""

    value: float
    unit: str


@checked(frozen=True, slots=True, kw_only=True, config=STRICT)
class Measured:
    """A measure's answer for one rep, as it stands in the report."""

    value: float | None
    unit: str
    uncertainty: float | None = None
    """Half-width of the 95 % interval, all of it."""
    uncertainty_within_set: float | None = None
    """Half-width of the share that differs between reps of one clip."""
    status: Status
    reason: str | None = None
    """Why it is refused or doubtful, in a lifter's words."""
    what_to_change: str | None = None
    at_s: float | None = None
    """The moment it belongs to, seconds."""
    until_s: float | None = None
    outcome: str | None = None
    bound: Literal["at-most", "at-least"] | None = None
    """Set where the value is only a bound."""
    gates: tuple[GateResult, ...] = ()
    threshold: Threshold | None = None
    method: str | None = None
    source: str


@dataclass(frozen=True)
class Value:
    """What a measure's function found in a rep; NaN is no value, and `reason` says why."""

    value: float
    uncertainty: float = float("nan")
    within: float = float("nan")
    """The share of the uncertainty that differs between reps; NaN: all of it."""
    at: float = float("nan")
    until: float = float("nan")
    outcome: str | None = None
    bound: Literal["at-most", "at-least"] | None = None
    threshold: Threshold | None = None
    method: str | None = None
    reason: str | None = None
    what_to_change: str | None = None
    doubt: str | None = None
    """Why the value, though given, is to be taken with care."""


def once(measured: Callable[[Rep], Answer]) -> Callable[[Rep], Answer]:
    """The same, worked out once a rep however many measures and gates build on it."""

    def of(rep: Rep) -> Answer:
        if measured not in rep.answers:
            rep.answers[measured] = measured(rep)
        answer: Answer = rep.answers[measured]
        return answer

    return of


@dataclass(frozen=True, eq=False)  # asked a thousand times a rep by its identity
class Gate:
    """A condition on a rep: the figure has to reach `ok`, or at least `warn`."""

    name: str
    figure: Callable[[Rep], float]
    """NaN where it cannot be told: then the gate refuses, or doubts where it has an `unseen`."""
    ok: float
    warn: float
    reason: str
    """Why nothing can be said, in a lifter's words; {value} is the figure, {warn} the limit."""
    advice: str
    doubt: str = ""
    """What is said where the figure is between `warn` and `ok`."""
    least: bool = True
    """Whether the figure has to be at least the limit, or at most."""
    waived: Callable[[Rep], bool] | None = None
    """Where the figure need not speak for the rep, because what it tells is known."""
    unseen: str = ""
    """What is said where the figure cannot be told, of a gate that then doubts only."""
    what: str = ""
    """What the figure is and in what it is counted, for the page of measures."""

    def of(self, rep: Rep) -> Gate:
        """Itself: the condition is the same for every rep."""
        return self

    def judge(self, rep: Rep) -> GateResult:
        """The gate's figure and status for a rep."""
        return self.asked(rep)[1]

    def asked(self, rep: Rep) -> tuple[Gate, GateResult]:
        """Itself with that: one pair for all numbers that it stands before."""
        if self not in rep.answers:
            rep.answers[self] = self, self._judge(rep)
        pair: tuple[Gate, GateResult] = rep.answers[self]
        return pair

    def _judge(self, rep: Rep) -> GateResult:
        value = self.figure(rep)
        sign = 1 if self.least else -1
        waived = self.waived is not None and self.waived(rep)
        passed = [waived or sign * value >= sign * limit for limit in (self.ok, self.warn)]
        doubts = passed[1] or (bool(self.unseen) and np.isnan(value))
        status: Status = "ok" if passed[0] else "warn" if doubts else "refused"
        return GateResult(gate=self.name, value=number(value), status=status)

    def explain(self, result: GateResult) -> str:
        """The reason or the doubt, with the figure put in; empty where all is well."""
        if result.value is None and result.status == "refused":
            return "What this needs was not seen in this rep."
        if result.value is None and result.status == "warn":
            return self.unseen
        value = np.nan if result.value is None else result.value
        text = {"refused": self.reason, "warn": self.doubt, "ok": ""}[result.status]
        return intern(text.format(value=value, warn=self.warn, ok=self.ok))  # often said again


@dataclass(frozen=True, eq=False)
class Choice:
    """A condition that depends on how the rep was filmed."""

    choose: Callable[[Rep], Gate | None]
    """Gives the gate that holds for a rep; None where there is nothing to ask."""
    among: tuple[Gate, ...] = ()
    """The gates that it may give, for the page of measures; each `what` says where it holds."""

    def of(self, rep: Rep) -> Gate | None:
        """The gate that holds for a rep, chosen once."""
        if self not in rep.answers:
            rep.answers[self] = self.choose(rep)
        chosen: Gate | None = rep.answers[self]
        return chosen


Asked = Sequence[tuple[Gate, GateResult]]
"""The gates of one number, answered."""


def conditions(gates: Sequence[Gate | Choice], rep: Rep) -> Asked:
    """The gates that hold for a rep, with their results."""
    chosen = [gate.of(rep) for gate in gates]
    return [gate.asked(rep) for gate in chosen if gate is not None]


@dataclass(frozen=True)
class Measure:
    """A named number of a rep."""

    name: str
    unit: str
    of: Callable[[Rep], Value]
    source: str
    gates: tuple[Gate | Choice, ...] = ()
    method: str | None = None
    definition: str = ""
    """What it is, in a sentence without a number of its own: "How long the lowering took"."""
    formula: str = ""
    """How it is computed, in the names of the signals and moments."""
    uncertainty: str = ""
    """How its 95 % interval is found, in a sentence."""
    needs: tuple[str, ...] = ()
    """What the user has to say of the athlete first: fields of `Athlete` that OPTIONS knows. A
    number for which it was not said was not asked for: the filming is not judged by it."""

    glance: Callable[[Rep], float] | None = None
    """Its value alone, without an interval: what is asked first, at every frame, of a rep still
    open. NaN where there is none. None: `of` tells it as fast."""

    aside: bool = False
    """Whether the exercise itself hides it at times, as what anchors the feet does them: then the
    filming is not judged by it."""

    def unsaid(self, said: BaseModel) -> list[str]:
        """What it needs that an athlete, or the settings of a report, do not say."""
        return [name for name in self.needs if getattr(said, name) is None]

    def value(self, rep: Rep) -> float:
        """Its value alone, whatever its gates say; NaN where there is none."""
        return self.of(rep).value if self.glance is None else self.glance(rep)

    def rounded(self, value: float) -> float | None:
        """A value as the report has it; None for what is not a number."""
        return number(value, DIGITS.get(self.unit, 2))

    def measure(self, rep: Rep) -> Measured:
        """The number, unless a gate refuses it or the rep does not hold it."""
        unsaid = self.unsaid(rep.setting.athlete)
        if unsaid:
            return self._absent((), _not_told(unsaid))
        asked = conditions(self.gates, rep)
        results = tuple(result for _, result in asked)
        status: Status = max((r.status for r in results), key=WORST.index, default="ok")
        if status == "refused":
            return self._refused(asked)
        found = self.of(rep)
        if not np.isfinite(found.value):
            return self._absent(results, found)
        doubts = [gate.explain(result) for gate, result in asked]
        return self._answer(results, found, status, doubts)

    def _refused(self, asked: Asked) -> Measured:
        gate, result = next((g, r) for g, r in asked if r.status == "refused")
        return Measured(
            value=None,
            unit=self.unit,
            status="refused",
            reason=gate.explain(result),
            what_to_change=gate.advice,
            gates=tuple(result for _, result in asked),
            method=self.method,
            source=self.source,
        )

    def _absent(self, results: tuple[GateResult, ...], found: Value) -> Measured:
        return Measured(
            value=None,
            unit=self.unit,
            status="refused",
            reason=found.reason or "It was not seen in this rep.",
            what_to_change=found.what_to_change,
            outcome=found.outcome,
            gates=results,
            method=found.method or self.method,
            source=self.source,
        )

    def _answer(
        self, results: tuple[GateResult, ...], found: Value, status: Status, doubts: list[str]
    ) -> Measured:
        doubts = [*doubts, found.doubt or ""]
        status = "warn" if found.doubt else status
        within = found.within if np.isfinite(found.within) else found.uncertainty
        return Measured(
            value=self.rounded(found.value),
            unit=self.unit,
            uncertainty=self.rounded(found.uncertainty),
            uncertainty_within_set=self.rounded(within),
            status=status,
            reason=intern(" ".join(filter(None, doubts))) or None,
            at_s=number(found.at, 3),
            until_s=number(found.until, 3),
            outcome=found.outcome,
            bound=found.bound,
            gates=results,
            threshold=found.threshold,
            method=found.method or self.method,
            source=self.source,
        )


def _not_told(names: Sequence[str]) -> Value:
    """No value, for want of what the user may say of the athlete."""
    what, options = zip(*(OPTIONS[name] for name in names), strict=True)
    verb = "was" if len(names) == 1 else "were"
    return Value(
        np.nan,
        reason=f"The athlete's {' and '.join(what)} {verb} not given.",
        what_to_change=f"Give {' and '.join(options)}.",
    )


def number(value: float, digits: int = 3) -> float | None:
    """A rounded float for the report; None for what is not a number."""
    return round(float(value), digits) + 0.0 if np.isfinite(value) else None
