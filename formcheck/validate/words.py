"""A validation in plain sentences: said in the terminal, on the page and in the docs alike."""

from __future__ import annotations

from collections.abc import Sequence

from formcheck.exercise import Exercise
from formcheck.exercises import EXERCISES
from formcheck.validate.baseline import Change, Comparison
from formcheck.validate.scores import Agreement, Aim, ClipScore, Refusals, Summary, Validation

UNITS = {"deg": (1, 1, "°"), "deg/s": (1, 1, "°/s"), "s": (1, 2, " s"), "1": (100, 0, "%"),
         "N·m": (1, 1, " N·m"), "N·m/kg": (1, 2, " N·m/kg"),
         "deg/rep": (1, 1, "° a rep"), "count": (1, 1, ""),
         "faults": (1, 0, " faults")}  # fmt: skip
"""Unit of a measure -> factor, decimals and what is written behind."""
SHORT = {"knee_flexion": "knee flexion", "thigh_lean": "thigh lean", "hip_flexion": "hip flexion"}
MOMENTS = {"start": "start", "break": "break", "catch": "hands landing", "bottom": "bottom",
           "release": "hands leaving", "top": "top", "lower": "start of the lowering",
           "end": "end"}  # fmt: skip


def told(found: Validation) -> dict[str, str]:
    """A headline and, by topic, a sentence or two; a topic of which nothing is known is left out.

    The figures are those of all clips; what awaits work to come is told apart.
    """
    s = found.summary
    topics = {
        "headline": headline(s),
        "Clips": _clips(found),
        "Reps": _reps(s),
        "Angles": _angles(s),
        **{_label(e): _main_number(s, e) for e in EXERCISES.values()},
        "Told apart": _apart(s),
        "Moments": _moments(s),
        "Faults": _faults(s),
        "Aims": _aims(found.aims),
        "Refused": _refused(s.refusals),
    }
    return {topic: words for topic, words in topics.items() if words}


def headline(s: Summary) -> str:
    """The one sentence: how far a number may be trusted."""
    known, parts = s.clips - s.failed, []
    if s.knee_change_mae_deg is not None:
        parts.append(f"the knee is followed to {s.knee_change_mae_deg:.1f}°")
    for exercise in EXERCISES.values():
        if (found := s.measures.get(exercise.headline)) is not None and found.mae is not None:
            size = sized(found.mae, unit_of(exercise))
            parts.append(f"the {_label(exercise).lower()} found to {size}")
    if not s.reps_true:
        return f"{_of(s.recognised_rightly, known)} clips are recognised for what they are."
    reps = f"The reps are exact in {_of(s.reps_exact, s.clips_with_reps_known)} clips"
    return f"{reps}; on average {_listed(parts)}." if parts else f"{reps}."


def _listed(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def _label(exercise: Exercise) -> str:
    """What the main number of an exercise is called."""
    return exercise.look.term(exercise.headline).label


def unit_of(exercise: Exercise) -> str:
    """The unit of its main number."""
    return next(m.unit for m in exercise.measures if m.name == exercise.headline)


def sized(value: float | None, unit: str, sign: str = "") -> str:
    """A figure of a measure in its unit, with a digit more than a report would give it."""
    factor, places, written = UNITS.get(unit, (1, 2, f" {unit}"))
    text = "–" if value is None else f"{factor * value:{sign}.{places}f}{written}"
    return text.replace("-", "−")


def result(clip: ClipScore) -> str:
    """The mean error of the main number of the exercise that a clip shows; a dash where there is
    none."""
    exercise = EXERCISES.get(clip.exercise)
    if exercise is None or not clip.recognised:
        return "–"
    return sized(clip.measures_mae.get(exercise.headline), unit_of(exercise))


def _apart(s: Summary) -> str:
    if not s.clips_to_choose:
        return ""
    return (
        f"The right exercise, or none, is chosen in {_of(s.chosen_rightly, s.clips_to_choose)} "
        f"clips; {_none(s.taken_for_others, 'clip')} taken for another exercise by it."
    )


def _clips(found: Validation) -> str:
    s, awaiting = found.summary, found.summary.clips - found.asked.clips
    known = s.clips - s.failed
    text = f"{_many(s.clips, 'clip')}; {_of(s.recognised_rightly, known)} recognised for what "
    text += "they are."
    if s.failed:
        text += f" {s.failed} could not be analysed."
    if s.easy_clips:
        text += f" The pose was held in {_of(s.easy_held, s.easy_clips)} that are meant to be easy."
    if awaiting and found.asked.clips:
        waits = "1 awaits" if awaiting == 1 else f"{awaiting} await"
        text += f" {waits} work to come; without: {_plain(headline(found.asked))}"
    return text


def _reps(s: Summary) -> str:
    if not s.clips_with_reps_known:
        return ""
    text = f"{_of(s.reps_exact, s.clips_with_reps_known)} clips exact"
    if s.reps_off_by_one:
        text += f", {s.reps_off_by_one} wrong by one"
    return f"{text}; {s.reps_found} reps counted where there were {s.reps_true}."


def _angles(s: Summary) -> str:
    seen = {SHORT[name]: one for name, one in s.angles.items() if one.absolute.n}
    if not seen:
        return ""
    change = ", ".join(f"{name} {_within(one.change)}" for name, one in seen.items())
    absolute = ", ".join(f"{name} {_degrees(one.absolute.mae)}" for name, one in seen.items())
    text = f"Change from rest, mean error: {change}. Absolute: {absolute}."
    of, held = s.clips_held["of"], s.clips_held
    if not of:
        return text
    return (
        f"{text} The stated intervals hold the truth in 90 % of the frames or more in "
        f"{_of(held['knee_change'], of)} clips for the change of the knee, and in {held['knee']} "
        "for the knee itself."
    )


def _within(one: Agreement) -> str:
    return f"{_degrees(one.mae)} (95 % of frames within {_degrees(one.p95)})"


def _main_number(s: Summary, exercise: Exercise) -> str:
    one, unit = s.measures.get(exercise.headline), unit_of(exercise)
    if one is None or one.bias is None:
        return ""
    text = f"Bias {sized(one.bias, unit, '+')} over {_many(one.n, 'rep')}, "
    text += f"mean error {sized(one.mae, unit)}"
    if one.low is not None:
        limits = f"{sized(one.low, unit, '+')} to {sized(one.high, unit, '+')}"
        text += f", limits of agreement {limits}"
    if one.coverage is not None and one.stated is not None:
        held = round(one.coverage * one.stated)
        text += f"; the stated 95 % interval held the truth in {_of(held, one.stated)}"
    return f"{text}."


def _moments(s: Summary) -> str:
    seen = [f"{MOMENTS[n]} {m.mae:.2f} s" for n, m in s.events.items() if m.mae is not None]
    return f"Mean error: {', '.join(seen)}." if seen else ""


def _faults(s: Summary) -> str:
    f, parts = s.faults, []
    if f.found + f.missed + f.false:
        found = f"{_of(f.found, f.found + f.missed)} found"
        parts.append(f"{found}, {_none(f.false, 'false alarm')}.")
    if s.clean_sets and s.false_alarms_per_clean_set is not None:
        alarms = round(s.false_alarms_per_clean_set * s.clean_sets)
        parts.append(f"In {_many(s.clean_sets, 'clean set')} {_none(alarms, 'false alarm')}.")
    if f.excused:
        parts.append(f"{f.excused} rightly not judged.")
    if f.not_checked_yet:
        names = ", ".join(f"{name} ({n})" for name, n in f.not_checked_yet.items())
        parts.append(f"Not checked yet: {names}.")
    return " ".join(parts)


def _aims(aims: Sequence[Aim]) -> str:
    """How many were reached, and what was not."""
    counted = [aim for aim in aims if aim.met is not None]
    if not counted:
        return ""
    missed = [aimed(aim) for aim in counted if not aim.met]
    text = f"{_of(len(counted) - len(missed), len(counted))} reached"
    return f"{text}; not reached: {'; '.join(missed)}." if missed else f"{text}."


def aimed(aim: Aim) -> str:
    """An aim with what was reached, in a phrase."""
    bound = "at most" if aim.kind == "at-most" else "at least"
    value, asked = (sized(v, aim.unit).strip() for v in (aim.value, aim.aim))
    return f"{aim.what} {value} ({bound} {asked} asked, {aim.n} counted)"


def _refused(r: Refusals) -> str:
    if not (r.given + r.rightly + r.though_visible + r.wrongly_given):
        return ""
    return (
        f"{_many(r.given, 'number')} given, {r.rightly} rightly refused, {r.though_visible} "
        f"refused though visible, {r.wrongly_given} given that should have been refused."
    )


def compared(c: Comparison) -> list[tuple[bool, str]]:
    """A comparison with a baseline, a line a change: whether it is worse, and the words."""
    lines = [(True, _change(change)) for change in c.worse]
    lines += [(True, f"{name}: in the baseline, and not validated") for name in c.missing]
    lines += [(False, f"{_change(change)} (better)") for change in c.better]
    lines += [(False, f"{name}: new, not in the baseline") for name in c.added]
    return lines


def _change(change: Change) -> str:
    now = "not measured" if change.now is None else f"{change.now:.3g}"
    where = "all clips" if change.clip is None else change.clip
    return f"{where}: {change.figure} was {change.was:.3g}, is {now}"


def _plain(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _of(n: int, total: int) -> str:
    return f"{n} of {total}"


def _many(n: int, what: str) -> str:
    return f"{n} {what}{'s' * (n != 1)}"


def _none(n: int, what: str) -> str:
    return f"no {what}" if n == 0 else _many(n, what)


def _degrees(value: float | None, sign: str = "") -> str:
    return "–" if value is None else f"{value:{sign}.1f}°".replace("-", "−")
