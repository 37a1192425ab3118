"""Write the table of docs/accuracy.md from a validation: `make baseline`, or

formcheck validate sample_videos --out build/validation
python docs/accuracy.py build/validation/validation.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from formcheck.exercise import Exercise
from formcheck.exercises import EXERCISES
from formcheck.validate.aims import MOST_YAW
from formcheck.validate.scores import ClipScore
from formcheck.validate.words import result, sized

PAGE = Path(__file__).resolve().parent / "accuracy.md"
BEGIN, END = "<!-- table -->", "<!-- /table -->"
Values = Mapping[str, Any]


def main(validation: Path) -> None:
    """Put the table of a validation into the page."""
    found = json.loads(validation.read_text(encoding="utf-8"))
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")


def filled(page: str, found: Values) -> str:
    """The page with the table between its marks."""
    before, rest = page.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    return f"{before}{BEGIN}\n{table(found)}\n{END}{after}"


def table(found: Values) -> str:
    """Figures of all clips, of those asked today and of each exercise's; the aims; the numbers of
    each exercise; then a row a clip."""
    named = {"all clips": found["summary"], "without those that await work": found["asked"]}
    named |= {EXERCISES[name].title: s for name, s in found["exercises"].items()}
    lines = _head("figure", *named)
    columns = [figures(s) for s in named.values()]
    for rows in zip(*columns, strict=True):
        lines.append(_row(rows[0][0], *(value for _, value in rows)))
    lines += ["", *_aims(found["aims"])]
    for name, s in found["exercises"].items():
        lines += ["", *_numbers(EXERCISES[name], s["measures"])]
    for exercise in (*(EXERCISES[name] for name in found["exercises"]), None):
        lines += ["", *_clips(exercise, found["clips"])]
    return "\n".join(lines)


def _head(*cells: str) -> list[str]:
    return [_row(*cells), "|---" * len(cells) + "|"]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def figures(s: Values) -> list[tuple[str, str]]:
    """The figures that the page shows, by name."""
    faults, refused = s["faults"], s["refusals"]
    named = [("knee flexion", "knee"), ("thigh lean", "thigh"), ("hip flexion", "hip")]
    exact = f"{s['reps_exact']}; {s['reps_off_by_one']}"
    return [
        ("clips", str(s["clips"])),
        ("clips with every rep counted; wrong by one", exact),
        ("recognised for what they are", str(s["recognised_rightly"])),
        ("taken for another exercise", str(s["taken_for_others"])),
        ("the right exercise, or none, chosen", f"{s['chosen_rightly']} of {s['clips_to_choose']}"),
        *((f"{n}: MAE of the change; absolute",
           f"{degrees(s[f'{k}_change_mae_deg'])}; {degrees(s[f'{k}_mae_deg'])}") for n, k in named),
        *((f"{n}: stated interval holds the frames; its median half-width",
           f"{share(s['angles'][k]['change']['coverage'])}, "
           f"{degrees(s['angles'][k]['change']['half_width'])} of the change; "
           f"{share(s['angles'][k]['absolute']['coverage'])}, "
           f"{degrees(s['angles'][k]['absolute']['half_width'])} absolute")
          for n, k in (("knee flexion", "knee_flexion"), ("thigh lean", "thigh_lean"))),
        ("yaw: bias; MAE", f"{degrees(s['yaw']['bias'], '+')}; {degrees(s['yaw']['mae'])}"),
        *((f"{n}: MAE, seconds", plain(one["mae"])) for n, one in s["events"].items()),
        ("faults: precision; recall; F1",
         "; ".join(share(faults[k]) for k in ("precision", "recall", "f1"))),
        ("false alarms per clean set", plain(s["false_alarms_per_clean_set"])),
        ("numbers refused rightly; though visible; given wrongly",
         f"{refused['rightly']}; {refused['though_visible']}; {refused['wrongly_given']}"),
    ]  # fmt: skip


def _aims(aims: list[Values]) -> list[str]:
    """A row an aim: what is asked, what was reached, of how many."""
    if not aims:
        return []
    lines = _head(f"aim, up to {MOST_YAW:g}° off the side", "asked", "reached", "counted", "")
    for one in aims:
        bound = {"at-most": "≤", "at-least": "≥"}[one["kind"]]
        asked, reached = (sized(one[key], one["unit"]) for key in ("aim", "value"))
        met = {True: "reached", False: "**not reached**", None: ""}[one["met"]]
        lines.append(_row(one["what"], f"{bound} {asked}", reached, str(one["n"]), met))
    return lines


def _numbers(exercise: Exercise, measures: Values) -> list[str]:
    """A row a measure of an exercise whose truth is known: how it agrees."""
    units = {m.name: m.unit for m in exercise.measures}
    heads = "reps", "bias", "MAE", "limits of agreement", "inside the stated interval"
    lines = _head(f"{exercise.title}: number", *heads)
    for name, one in measures.items():
        if one["n"]:
            unit = units.get(name, "1")
            limits = f"{sized(one['low'], unit, '+')} to {sized(one['high'], unit, '+')}"
            held = f"{share(one['coverage'])} of {one['stated'] or 0}"
            bias = sized(one["bias"], unit, "+")
            label = f"{exercise.look.term(name).label} (`{name}`)"
            cells = label, str(one["n"]), bias, sized(one["mae"], unit), limits, held
            lines.append(_row(*cells))
    return lines


def _clips(exercise: Exercise | None, clips: list[Values]) -> list[str]:
    """A row a clip of what shows an exercise, or, None, another movement."""
    if exercise is None:
        title, main = "other movements", "result"
        shown = [c for c in clips if c["exercise"] not in EXERCISES]
    else:
        title, main = exercise.title, exercise.look.term(exercise.headline).label.lower()
        shown = [c for c in clips if c["exercise"] == exercise.name]
    heads = "view", "reps", "knee", "thigh", main, "found", "missed", "false"
    return [*_head(f"{title}: clip", *heads), *map(row, shown)] if shown else []


def row(clip: Values) -> str:
    """A clip's row."""
    name = clip["name"] + (f" (awaits {clip['awaits']})" if clip["awaits"] else "")
    if clip["status"] == "failed":
        return f"| {name} | failed: {clip['reason']} |||||||"
    keys = ("knee_change_mae_deg", "thigh_change_mae_deg")
    angles = [degrees(clip[key] if clip["recognised"] else None) for key in keys]
    main = result(ClipScore.model_validate(clip))
    taken = ", ".join(clip["taken_for"] or ())
    faults = [
        ", ".join(n["check"] for n in clip["faults"][k]) for k in ("found", "missed", "false")
    ]
    view = "–" if clip["yaw_deg"] is None else f"{clip['yaw_deg']:g}°"
    reps = f"{clip['reps_found']} of {clip['reps_true']}"
    reps += f" (taken for {taken})" if taken else ""
    return _row(name, view, reps, *angles, main, *faults)


def degrees(value: float | None, sign: str = "") -> str:
    """An angle with one digit."""
    return "–" if value is None else f"{value:{sign}.1f}°".replace("-", "−")


def share(value: float | None) -> str:
    """Of 0 to 1, in per cent."""
    return "–" if value is None else f"{100 * value:.0f} %"


def plain(value: float | None) -> str:
    """A figure with two digits."""
    return "–" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
