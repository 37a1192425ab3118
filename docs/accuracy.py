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
    """Figures of all clips and of those asked today, then a row a clip."""
    every, asked = found["summary"], found["asked"]
    lines = ["| figure | all clips | without those that await work |", "|---|---|---|"]
    pairs = zip(figures(every), figures(asked), strict=True)
    lines += [f"| {name} | {a} | {b} |" for (name, a), (_, b) in pairs]
    heads = "clip", "view", "reps", "knee", "thigh", "break point", "found", "missed", "false"
    lines += ["", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    return "\n".join([*lines, *(row(clip) for clip in found["clips"])])


def figures(s: Values) -> list[tuple[str, str]]:
    """The figures that the page shows, by name."""
    broke, faults, refused = s["break_point"], s["faults"], s["refusals"]
    named = [("knee flexion", "knee"), ("thigh lean", "thigh"), ("hip flexion", "hip")]
    exact = f"{s['reps_exact']}; {s['reps_off_by_one']}"
    limits = f"{degrees(broke['low'], '+')} to {degrees(broke['high'], '+')}"
    return [
        ("clips", str(s["clips"])),
        ("clips with every rep counted; wrong by one", exact),
        ("recognised for what they are", str(s["recognised_rightly"])),
        *((f"{n}: MAE of the change; absolute",
           f"{degrees(s[f'{k}_change_mae_deg'])}; {degrees(s[f'{k}_mae_deg'])}") for n, k in named),
        *((f"{n}: stated interval holds the frames; its median half-width",
           f"{share(s['angles'][k]['change']['coverage'])}, "
           f"{degrees(s['angles'][k]['change']['half_width'])} of the change; "
           f"{share(s['angles'][k]['absolute']['coverage'])}, "
           f"{degrees(s['angles'][k]['absolute']['half_width'])} absolute")
          for n, k in (("knee flexion", "knee_flexion"), ("thigh lean", "thigh_lean"))),
        ("yaw: bias; MAE", f"{degrees(s['yaw']['bias'], '+')}; {degrees(s['yaw']['mae'])}"),
        ("break point: bias; MAE", f"{degrees(broke['bias'], '+')}; {degrees(broke['mae'])}"),
        ("break point: limits of agreement", limits),
        ("break point: inside the stated interval", f"{share(broke['coverage'])} of {broke['n']}"),
        *((f"{n}: MAE, seconds", plain(s["events"][n]["mae"]))
          for n in ("start", "break", "catch", "bottom", "release", "end")),
        ("faults: precision; recall; F1",
         "; ".join(share(faults[k]) for k in ("precision", "recall", "f1"))),
        ("false alarms per clean set", plain(s["false_alarms_per_clean_set"])),
        ("numbers refused rightly; though visible; given wrongly",
         f"{refused['rightly']}; {refused['though_visible']}; {refused['wrongly_given']}"),
    ]  # fmt: skip


def row(clip: Values) -> str:
    """A clip's row."""
    name = clip["name"] + (f" (awaits {clip['awaits']})" if clip["awaits"] else "")
    if clip["status"] == "failed":
        return f"| {name} | failed: {clip['reason']} |||||||"
    keys = ("knee_change_mae_deg", "thigh_change_mae_deg", "break_point_mae_deg")
    angles = [degrees(clip[key] if clip["recognised"] else None) for key in keys]
    faults = [
        ", ".join(n["check"] for n in clip["faults"][k]) for k in ("found", "missed", "false")
    ]
    view = "–" if clip["yaw_deg"] is None else f"{clip['yaw_deg']:g}°"
    reps = f"{clip['reps_found']} of {clip['reps_true']}"
    cells = [name, view, reps, *angles, *faults]
    return f"| {' | '.join(cells)} |"


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
