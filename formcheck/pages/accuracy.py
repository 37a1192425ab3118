"""validation.html: how right the numbers are, as one file that opens offline, with its plots.

It gets plain values (what validation.json holds) and sentences, and lays them out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from formcheck.exercise import Exercise
from formcheck.exercises import EXERCISES
from formcheck.pages import agreement, words
from formcheck.pages.html import environment

Values = Mapping[str, Any]
OWNERS = {m.name: e for e in EXERCISES.values() for m in e.measures}
"""The exercise of a measure, the last where more than one has it."""
FINE = {"1", "s", "N·m/kg"}
"""Units whose errors are told to two decimals."""
VIEWS = {"0-10": "Side, 0 to 10° off", "10-20": "10 to 20° off", "20-35": "20 to 35° off",
         "35-50": "35 to 50° off", "front": "Front"}  # fmt: skip
OUTCOMES = {
    "broken": "broke",
    "controlled-to": "controlled to the end",
    "caught-before-break": "caught before any break",
    "uncontrolled-from-start": "fell from the start",
    "refused": "refused",
    "missed": "rep missed",
}


def render(found: Values, told: Mapping[str, str]) -> str:
    """The page; the same input gives the same bytes.

    found: a validation as validation.json holds it. told: its sentences by topic, with a headline.
    """
    summary, own = found["summary"], found["exercises"]
    return environment().get_template("accuracy.html").render(
        headline=told["headline"],
        told={topic: text for topic, text in told.items() if topic != "headline"},
        tiles=_tiles(summary),
        plots=[plot for plot in _plots(found) if plot],
        clips=[_clip(clip) for clip in found["clips"]],
        titles=[EXERCISES[name].title for name in own],
        angles=[block for name, s in own.items() for block in _angles(s["angles"], name, own)],
        measures=[_measures(EXERCISES[name], s["measures"]) for name, s in own.items()],
        moments=_moments(summary["events"]),
        outcomes=_outcomes(summary["outcomes"]),
        checks=_checks(summary["faults"]),
        aims=[_aim(aim) for aim in found["aims"]],
        refusals=_refusals(summary["refusals_by_measure"]),
        found=found,
        number=number,
        share=share,
    )  # fmt: skip


def degrees(value: float | None, sign: str = "") -> str:
    """An angle with one digit; a dash where it is not known."""
    return "–" if value is None else f"{value:{sign}.1f}°".replace("-", "−")


def number(value: float | None, places: int, *, sign: bool = False) -> str:
    """A figure in a table; a dash where it is not known, no sign before nothing."""
    if value is None:
        return "–"
    text = f"{round(value, places) + 0.0:{'+' if sign else ''}.{places}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("+-")


def share(value: float | None) -> str:
    """A share in per cent; a dash where there was nothing to count."""
    return "–" if value is None else f"{100 * value:.0f} %"


def _tiles(s: Values) -> list[tuple[str, str, str]]:
    """The figures that are looked for first: value, name, what it is."""
    faults, alarms = s["faults"], s["false_alarms_per_clean_set"]
    exact = f"{s['reps_exact']} of {s['clips_with_reps_known']}"
    rest = "mean error of the change from rest"
    there, named = faults["found"] + faults["missed"], faults["found"] + faults["false"]
    false = "–" if alarms is None else f"{alarms:.2f}"
    tiles = [
        (exact, "reps exact", "clips with every rep counted"),
        (degrees(s["knee_change_mae_deg"]), "knee", rest),
        (degrees(s["thigh_change_mae_deg"]), "thigh", rest),
        *(tile for exercise in EXERCISES.values() for tile in _main(s, exercise)),
        (share(faults["recall"]), "faults found", f"of {there} that were there"),
        (share(faults["precision"]), "named rightly", f"of {named} faults named"),
        (false, "false alarms", f"per clean set, over {s['clean_sets']}"),
    ]
    return [tile for tile in tiles if tile[0] != "–"]


def _main(s: Values, exercise: Exercise) -> list[tuple[str, str, str]]:
    """The main number of an exercise."""
    one, term = s["measures"].get(exercise.headline), exercise.look.term(exercise.headline)
    if one is None or one["mae"] is None:
        return []
    name, unit = term.label.lower(), _unit(exercise, exercise.headline)
    held = f"of the stated 95 % intervals of the {name}"
    return [
        (words.quantity(one["mae"], unit, _places(unit)), name, f"mean error over {one['n']} reps"),
        (share(one["coverage"]), "intervals held", held),
    ]


def _unit(exercise: Exercise, measure: str) -> str:
    return next((m.unit for m in exercise.measures if m.name == measure), "deg")


def _places(unit: str) -> int:
    """Decimals of an error: one more than a report gives."""
    return {"s": 2, "1": 0, "faults": 0}.get(unit, 1)


def _measures(exercise: Exercise, measures: Values) -> dict[str, object]:
    """A block an exercise: each number's error, with its unit."""
    rows = []
    for name, one in measures.items():
        unit = _unit(exercise, name)
        written = {"deg": " (°)", "deg/s": " (°/s)", "1": ""}.get(unit, f" ({unit})")
        rows.append((exercise.look.term(name).label + written, one, 2 if unit in FINE else 1))
    return {"title": words.sentence(exercise.title), "rows": [r for r in rows if r[1]["n"]]}


def _plot(title: str, svg: str, caption: str) -> dict[str, object]:
    return {"title": title, "svg": Markup(svg), "caption": caption}


def _plots(found: Values) -> list[dict[str, object] | None]:
    own = found["exercises"].items()
    return [
        *(_agreement(found, EXERCISES[name]) for name, _ in own),
        _calibration(found["summary"]),
        _yaw(found),
        *(_phases(s["angles"], EXERCISES[name], len(own)) for name, s in own),
    ]


def _agreement(found: Values, exercise: Exercise) -> dict[str, object] | None:
    one = found["exercises"][exercise.name]["measures"].get(exercise.headline)
    clips = (c for c in found["clips"] if c["exercise"] == exercise.name)
    pairs = [rep["measures"].get(exercise.headline) for c in clips for rep in c["reps"]]
    points = [
        (p["true"], p["value"], p["uncertainty"])
        for p in pairs
        if p and p["value"] is not None and p["true"] is not None and p["bound"] is None
    ]
    if not points or one is None:
        return None
    limits = None if one["low"] is None else (one["low"], one["high"])
    label, unit = exercise.look.term(exercise.headline).label, _unit(exercise, exercise.headline)
    what = label.lower(), {"deg": "°"}.get(unit, unit)
    caption = (
        "Each point is a rep, with the 95 % interval that formcheck stated. The solid line is the "
        "mean difference, the broken ones are the limits of agreement: 95 % of differences lie "
        "between them."
    )
    svg = agreement.bland_altman(points, one["bias"], limits, what, exercise.name)
    return _plot(f"{label}: found against true", svg, caption)


def _yaw(found: Values) -> dict[str, object] | None:
    clips = [c for c in found["clips"] if c["yaw_deg"] is not None and c["recognised"]]
    keys = {"knee flexion": "knee_change_mae_deg", "thigh lean": "thigh_change_mae_deg"}
    series = {
        label: [(c["yaw_deg"], c[key]) for c in clips if c[key] is not None]
        for label, key in keys.items()
    }
    if not any(series.values()):
        return None
    caption = (
        "Each mark is a clip. Yaw is how far the camera stood off the side view; positive, it sees "
        "the front of the athlete's side, negative, the back."
    )
    return _plot("Error of the angles against the view", agreement.against_yaw(series), caption)


def _phases(angles: Values, exercise: Exercise, exercises: int) -> dict[str, object] | None:
    """Where in a rep the angles are less right."""
    titles = {"rest": "At rest"} | {p.name: p.title for p in exercise.look.phases}
    rows = {
        words.plain(name): {
            titles.get(p, p): one["change"]["mae"] for p, one in table["by_phase"].items()
        }
        for name, table in angles.items()
    }
    names = [n for n in titles.values() if any(n in row for row in rows.values())]
    if not names:
        return None
    caption = (
        "Over all frames of the phase. Fast phases, and a body close to the floor, are harder to "
        "follow than slow ones."
    )
    svg = agreement.by_phase(names, rows, exercise.name)
    title = "Error of the angles by phase" + (f": {exercise.title}" if exercises > 1 else "")
    return _plot(title, svg, caption)


def _calibration(summary: Values) -> dict[str, object] | None:
    known = dict(summary["calibration"])
    if "all" not in known:
        return None
    every = known.pop("all")
    main = [name for e in EXERCISES.values() for name in (e.headline, e.tempo)]
    ordered = {_measure(name): known[name] for name in main if name in known}
    ordered["all together"] = every
    curves = {
        f"{name} ({one['n']})": [(int(c) / 100, held) for c, held in one["shares"].items()]
        for name, one in ordered.items()
    }
    caption = (
        "Stated intervals, narrowed or widened to claim a given share of the true values, against "
        "the share that they held. On the line they are honest, above it too wide, below it too "
        "narrow."
    )
    return _plot("Are the stated intervals honest?", agreement.calibration(curves), caption)


def _measure(name: str) -> str:
    """What a measure is called; with its exercise where another has one of that name."""
    if name not in OWNERS:
        return words.plain(name)
    exercise, label = OWNERS[name], OWNERS[name].look.term(name).label
    others = [e for e in EXERCISES.values() if e is not exercise]
    shared = any(e.look.term(m.name).label == label for e in others for m in e.measures)
    return f"{label} ({exercise.title})" if shared else label


def _aim(aim: Values) -> tuple[str, str, str, int, bool | None]:
    """What is aimed at, what is asked, what was reached, of how many, and whether it is enough;
    None where there was nothing to count."""
    asked, reached = (
        "–" if aim[key] is None else words.quantity(aim[key], aim["unit"], _places(aim["unit"]))
        for key in ("aim", "value")
    )
    bound = {"at-most": "≤", "at-least": "≥"}[aim["kind"]]
    return aim["what"], f"{bound} {asked}", reached, aim["n"], aim["met"]


def _clip(clip: Values) -> dict[str, object]:
    """A clip's row."""
    faults = clip["faults"]
    refused = [Counter(r) for r in clip["refusals"].values()]
    total = sum(refused, Counter[str]())
    return {
        **clip,
        "exact": clip["reps_true"] == clip["reps_found"],
        "reps_words": f"{clip['reps_found']} of {clip['reps_true']}" if clip["reps_true"] or
        clip["reps_found"] else "none",
        "recognised_words": _recognised(clip),
        "knee": degrees(clip["knee_change_mae_deg"] if clip["recognised"] else None),
        "thigh": degrees(clip["thigh_change_mae_deg"] if clip["recognised"] else None),
        "title": Markup("_<wbr>").join(clip["name"].split("_")),
        "broke": _result(clip),
        "view_words": _view(clip),
        "named": [(kind, _names(faults[key])) for kind, key in
                  (("found", "found"), ("missed", "missed"), ("false", "false")) if faults[key]],
        "none": faults["clean"] is not None,
        "refused": total,
    }  # fmt: skip


def _result(clip: Values) -> str:
    """The error of the main number of the exercise that a clip shows."""
    exercise = EXERCISES.get(clip["exercise"])
    mae = None if exercise is None else clip["measures_mae"].get(exercise.headline)
    if exercise is None or mae is None or not clip["recognised"]:
        return "–"
    unit = _unit(exercise, exercise.headline)
    return words.quantity(mae, unit, _places(unit))


def _recognised(clip: Values) -> str:
    """What there is to say of whether it was taken for the exercise; mostly nothing."""
    if clip["taken_for"]:
        return "taken for " + " and ".join(EXERCISES[n].title for n in clip["taken_for"])
    if clip["chosen_rightly"] is False:
        return "auto chose " + (clip["chosen"] or "none")
    if clip["recognised_rightly"]:
        return "" if clip["recognised"] else "rightly not recognised"
    return "wrongly recognised" if clip["recognised"] else "not recognised"


def _view(clip: Values) -> str:
    if clip["yaw_deg"] is not None:
        return f"{clip['yaw_deg']:g}°".replace("-", "−")
    return "front" if clip["view"] == "front" else "–"


def _names(every: Sequence[Values]) -> str:
    return ", ".join(n["check"] + ("" if n["rep"] is None else f" (rep {n['rep']})") for n in every)


def _angles(tables: Values, exercise: str, every: Values) -> list[dict[str, object]]:
    """A block an angle of an exercise: overall, by phase and by view."""
    titles = {"rest": "At rest"} | {p.name: p.title for p in EXERCISES[exercise].look.phases}
    whose = f"{words.sentence(EXERCISES[exercise].title)}: " if len(every) > 1 else ""
    blocks: list[dict[str, object]] = []
    for name, table in tables.items():
        if not table["absolute"]["n"]:
            continue
        rows = [("All frames", table)]
        rows += [(titles.get(k, k), one) for k, one in table["by_phase"].items()]
        rows += [(VIEWS.get(k, k), one) for k, one in table["by_view"].items()]
        blocks.append({"title": whose + _cased(name, whose), "rows": rows})
    return blocks


def _cased(signal: str, whose: str) -> str:
    return words.plain(signal).lower() if whose else words.plain(signal)


def _moments(events: Values) -> list[tuple[str, Values]]:
    names = {"start": "Start", "break": "Break", "catch": "Hands land", "bottom": "Bottom",
             "release": "Hands leave", "top": "Top", "lower": "Lowering begins",
             "end": "End"}  # fmt: skip
    return [(names[key], one) for key, one in events.items() if one["n"] or one["unseen"]]


def _outcomes(rows: Sequence[Values]) -> list[tuple[Any, ...]]:
    return [(*(OUTCOMES.get(r[k], r[k]) for k in ("true", "found")), r["n"]) for r in rows]


def _checks(faults: Values) -> list[tuple[str, Values]]:
    rows = [(name, one) for name, one in faults["by_check"].items()]
    return [*rows, ("all together", faults)] if rows else []


def _refusals(by_measure: Values) -> list[tuple[str, Values]]:
    return [(_measure(name), one) for name, one in by_measure.items()]
