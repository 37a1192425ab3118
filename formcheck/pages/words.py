"""Numbers and names as people read them. Nothing is judged here: only rounding and vocabulary."""

from __future__ import annotations

from collections.abc import Sequence

from formcheck.checks import Finding
from formcheck.exercise import Exercise
from formcheck.look import Look
from formcheck.measures.measure import GateResult, Measured
from formcheck.report import RepReport, View
from formcheck.summary import Number

NOT_ASSESSED = "not assessed"

STATUSES = {"good": "Good", "improve": "To improve", "not-assessed": "Not assessed"}
NEXT = {
    "good": "Next set",
    "improve": "The one thing to change next set",
    "not-assessed": "What to do",
}
SEVERITIES = {"fault": "Fault", "warning": "Warning", "note": "Note"}
KINDS = {
    "full": "full",
    "partial": "partial",
    "no-return": "way back not seen",
    "attempt": "attempt",
}
"""Of an exercise that has no better words for them."""
BOUNDS = {"at-most": "at most ", "at-least": "at least "}
LIMITS = {"max": "at most ", "min": "at least "}
GATE_STATUSES = {"ok": "good", "warn": "just enough", "refused": "not enough for some numbers"}
GATES = {
    "G1": ("frame rate", "{:.0f} a second"),
    "G2": ("joints in sight", "{:.0%}"),
    "G2-hip": ("hand in front of the hip", "in {:.0%} of the lowering"),
    "G3": ("frames lost", "{:.0%}"),
    "G4": ("view from the side", "{:.0f}°"),
    "G5": ("camera level", "{:.0f}°"),
    "G6": ("tremble of the points", "{:.1f}°"),
    "G7": ("change of the segments", "{:.0%} of their length"),
    "G8": ("size in the picture", "{:.0f} pixels from knee to head"),
    "G9": ("drift of the picture", "{:.1f} % of its height a second"),
    "G9b": ("liveliness", "{:.0f}°/s²"),
    "G9b-length": ("length of a rep", "{:.1f} s"),
    "G9b-haste": ("haste", "{:.1f} times a free fall"),
    "G9b-ramp": ("changes of the clip’s speed", "{:.0f}"),
    "G10": ("longest leap of the knee", "{:.2f} thigh lengths"),
    "G11": ("left and right mixed up", "in {:.0f} frames"),
    "G12": ("hands in sight", "{:.0%}"),
    "G13": ("shins off level", "{:.0f}°"),
    "G13-feet": ("feet off the floor", "{:.0%} of the body’s height"),
}

UNITS = {
    "deg": (1.0, 0, "°"),
    "deg/s": (1.0, 0, "°/s"),
    "s": (1.0, 1, " s"),
    "1": (100.0, 0, "%"),
    "N·m": (1.0, 0, " N·m"),
    "N·m/kg": (1.0, 2, " N·m/kg"),
    "deg/rep": (1.0, 1, "° a rep"),
    "count": (1.0, 0, ""),
}
"""Unit -> factor, decimals and what is written behind the number."""


def decimals(value: float, unit: str, limit: float | None = None) -> int:
    """How many decimals a value needs: two for less than a second, and one or two more where
    rounding would make it look equal to its limit."""
    factor, digits, _ = UNITS.get(unit, (1.0, 1, ""))
    if unit == "s" and abs(value) < 1:
        digits = 2
    if limit is None or value == limit:
        return digits
    while digits < 3 and round(value * factor, digits) == round(limit * factor, digits):
        digits += 1
    return digits


def quantity(value: float, unit: str, digits: int | None = None) -> str:
    """A number with its unit: 48°, 2.6 s, 45%."""
    factor, _, behind = UNITS.get(unit, (1.0, 1, f" {unit}"))
    places = decimals(value, unit) if digits is None else digits
    text = f"{round(value * factor, places) + 0.0:.{places}f}{behind}"
    return text.replace("-", "−")


def spread(half_width: float | None, unit: str, digits: int) -> str:
    """± and the half-width; never rounded down to nothing. Empty where there is none."""
    if half_width is None:
        return ""
    least = 10.0**-digits / UNITS.get(unit, (1.0, 1, ""))[0]
    return f" ± {quantity(max(half_width, least), unit, digits)}"


def measured(m: Measured | Number | None) -> str:
    """A measure's answer: its value ± uncertainty with its bound in words, or "not assessed"."""
    if m is None or m.value is None:
        return NOT_ASSESSED
    digits = decimals(m.value, m.unit)
    bound = BOUNDS[m.bound] if m.bound else ""
    return f"{bound}{quantity(m.value, m.unit, digits)}{spread(m.uncertainty, m.unit, digits)}"


def found(f: Finding) -> str:
    """A finding's value ± uncertainty, distinct from its limit."""
    digits = decimals(f.value, f.unit, f.limit)
    return quantity(f.value, f.unit, digits) + spread(f.uncertainty, f.unit, digits)


def limit(f: Finding) -> str:
    """A finding's limit in words: at least 3.0 s."""
    digits = decimals(f.value, f.unit, f.limit)
    return LIMITS[f.limit_kind] + quantity(f.limit, f.unit, digits)


def gap(difference: float, unit: str) -> str:
    """A difference of two numbers, without its sign; of shares in points."""
    size = abs(difference)
    text = quantity(size, unit, 1 if unit == "s" and size >= 0.1 else None)
    return text.replace("%", " points") if unit == "1" else text


def moment(seconds: float | None) -> str:
    """When, in the clip; empty where it is not known."""
    return "" if seconds is None else f"at {seconds:.1f} s"


def sentence(words: str) -> str:
    """Words with a capital in front."""
    return words[:1].upper() + words[1:]


def plain(name: str) -> str:
    """A technical name as words."""
    return sentence(name.replace("_", " ").replace("-", " "))


def subject(name: str, exercise: Exercise) -> str:
    """What was judged, by the name of a check, a measure or the exercise itself."""
    return f"is it a {exercise.title}?" if name == exercise.name else exercise.called(name)


def title(rep: RepReport) -> str:
    """What a rep is called."""
    return "Attempt" if rep.number is None else f"Rep {rep.number}"


def kind(rep: RepReport, look: Look) -> str:
    """The kind of a rep in the exercise's words, and whether it counts."""
    return look.kinds.get(rep.kind, KINDS[rep.kind]) + ("" if rep.counted else ", not counted")


def listed(reps: Sequence[int]) -> str:
    """Rep 1; reps 1, 2 and 3; the whole set where none is named."""
    if len(reps) < 2:
        return f"rep {reps[0]}" if reps else "the whole set"
    return f"reps {', '.join(str(n) for n in reps[:-1])} and {reps[-1]}"


def gate(result: GateResult) -> tuple[str, str]:
    """A condition of the numbers, and its figure with whether that is enough."""
    name, figure = GATES.get(result.gate, (f"condition {result.gate}", "{:g}"))
    if result.value is None and result.status == "warn":
        return name, "not known"
    number = "not known" if result.value is None else figure.format(result.value)
    return name, f"{number} ({GATE_STATUSES[result.status]})"


def gates(results: Sequence[GateResult]) -> str:
    """The conditions of one number: their names, and the figure of those that were not met."""
    named = [gate(r) if r.status != "ok" else (gate(r)[0], "") for r in results]
    text = ", ".join(f"{name} {figure}".strip() for name, figure in named)
    return text + ("" if any(figure for _, figure in named) else ": all met")


def camera(view: View) -> str:
    """Where the camera stood, with the uncertainty of that."""
    if view.yaw_deg is None:
        return "where it stood could not be told"
    side = _towards(view.yaw_deg, view.yaw_uncertainty_deg or 0.0)
    angle = f"{quantity(abs(view.yaw_deg), 'deg')}{spread(view.yaw_uncertainty_deg, 'deg', 0)}"
    corrected = "corrected for it" if view.rectified else "angles not corrected for it"
    return f"{angle} off the side view{side}; {corrected}"


def _towards(yaw: float, half_width: float) -> str:
    """Which way it was turned, as far as that is sure."""
    if abs(yaw) <= half_width:
        return ""
    return ", towards the front" if yaw > 0 else ", towards the back"
