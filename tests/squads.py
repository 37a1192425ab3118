"""Made-up squads: records of clips as a batch leaves them."""

from __future__ import annotations

from formcheck.batch.records import ClipRecord
from formcheck.exercises import named
from formcheck.summary import Main, Number, Open, Said, Summary

EXERCISE = named("nordic-curl")
ODD = (
    "line\nbreak.mp4",
    "..mp4",
    "\U0001f3cb\u200d\u2642 lift.mp4",
    "é" * 125 + ".mp4",
    "\u202egpj.exe.mp4",
    "ليلى.mp4",
    "50% #1? a&b=c;d.mp4",
    "<img src=x onerror=alert(1)>'\".mp4",
    "javascript:alert(1).mp4",
    "team a/../b c/set 1.mp4",
    "=1+1.mp4",
)
"""Names that people and attackers give."""


def number(value: float | None, measure: str = "break_point_best", **more) -> Number:
    label = EXERCISE.look.term(measure).label
    unit = "s" if measure == "controlled_duration" else "deg"
    return Number(measure=measure, label=label, value=value, unit=unit, **more)


def said(check: str, severity: str = "fault", rep: int | None = 1) -> Said:
    return Said(check=check, label=EXERCISE.called(check), severity=severity, rep=rep)


def summary(*found: Said, at: float | None = 50.0, **more) -> Summary:
    """A set that broke at so many degrees, with these findings."""
    why = None if at is not None else "Filmed from the front, angles cannot be told."
    worst = next(iter(found), None)
    fields = {
        "exercise": EXERCISE.name,
        "title": EXERCISE.title,
        "reps": 3,
        "best_rep": 1,
        "verdict": "improve" if found else "good",
        "sentence": "A sentence.",
        "advice": f"Mend {worst.check}." if worst else "Keep it like this.",
        "numbers": (
            number(at, uncertainty=10.0 if at is not None else None, reason=why),
            number(None if at is None else 6 - at / 16, "controlled_duration", uncertainty=0.3),
        ),
        "findings": found,
        "main": None
        if worst is None
        else Main(
            **worst.model_dump(exclude={"rep"}),
            reps=(1,),
            sentence="It was so.",
            advice=f"Mend {worst.check}.",
        ),
        "left_open": (
            Open(what=("the knees sliding",), reps=(), reason="The knees were covered.",
                 what_to_change="Film the knees."),
        ),
        "duration_s": 12.5,
        "frames": 375,
    }  # fmt: skip
    return Summary(**{**fields, **more})


def record(name: str, found: Summary | None = None, **more) -> ClipRecord:
    """A clip with a report in the folder of its name, or as it is said."""
    status = "ok" if found is not None else "unreadable"
    fields = {"name": name, "status": status, "summary": found, "sha256": "ab" * 32}
    if found is not None:
        fields["folder"] = name.removesuffix(".mp4")
    return ClipRecord(**{**fields, **more})


def squad() -> list[ClipRecord]:
    """A clip of each kind, not in the order of their names."""
    fall, fold, tired = said("falls-too-fast"), said("hips-pike"), said("fatigue", "warning", None)
    unseen = "2 Nordic curls counted; how well they were done could not be judged."
    return [
        record("zoe.mp4", summary(fall, tired, at=71.0)),
        record("anna.mp4", summary(at=44.0), thumbnail="thumbnail.jpg"),
        record("ben.mp4", summary(fold, fall, at=58.0)),
        record("cleo.mp4", summary(at=None, verdict="not-assessed"), status="not-assessed",
               reason=unseen),
        record("dan.mp4", summary(at=9.0, numbers=(
            number(9.0, uncertainty=12.0, bound="at-most", outcome="controlled all the way"),
            number(5.2, "controlled_duration", uncertainty=0.4, bound="at-least")))),
        record("notes.mp4", reason="notes.mp4 is no film. Give a film."),
        record("hang.mov", status="failed", reason="It did nothing for 120 s. Cut it shorter."),
        record("zoe again.mp4", None, status="duplicate", folder="zoe", duplicate_of="zoe.mp4",
               reason="The same content as zoe.mp4."),
    ]  # fmt: skip
