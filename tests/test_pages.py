"""The report's page: all that was found is on it, nothing that was refused, and it stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from time import process_time
from typing import get_args

import numpy as np
import pytest

from formcheck import look
from formcheck.checks import Finding, NotAssessed
from formcheck.curves import Curves
from formcheck.exercises import named
from formcheck.measures.measure import GateResult, Measured, Threshold
from formcheck.pages import charts, compare, rows, sparks, timeline, words
from formcheck.pages.html import TEMPLATES, own, render
from formcheck.report import (
    AthleteInfo,
    ClipInfo,
    Provenance,
    Report,
    RepReport,
    SetReport,
    Settings,
    Verdict,
    View,
)

EXERCISE = named("nordic-curl")
LOOK = EXERCISE.look
WORST = 'A <script>alert("x")</script> & a very long name ' + "x" * 120 + ".mp4"
REFUSED = "The camera stands about 36° off the side view."
VOID = {"meta", "link", "br", "img", "input", "hr"}


def measured(
    value: float | None, unit: str = "deg", spread: float | None = 3.0, **more
) -> Measured:
    if value is None:
        more = {"reason": REFUSED, "what_to_change": "Film from the side.", **more}
    gates = (
        GateResult(gate="G1", value=30, status="ok"),
        GateResult(gate="G4", value=36, status="refused" if value is None else "warn"),
    )
    return Measured(
        value=value,
        unit=unit,
        uncertainty=spread if value is not None else None,
        status="refused" if value is None else "ok",
        gates=gates,
        **{"source": "Soga 2021", **more},
    )


def finding(check: str = "hips-pike", severity: str = "fault", **more) -> Finding:
    values = {
        "at_s": 2.5, "until_s": 2.9, "measure": "hip_break", "value": 46.4, "uncertainty": 2.9,
        "limit": 20.0, "limit_kind": "max", "unit": "deg",
        "sentence": f"A {severity} of {check}.", "advice": f"Mend the {severity} of {check}.",
    }  # fmt: skip
    return Finding(check=check, severity=severity, **{**values, **more})


def rep(number: int | None = 1, *findings: Finding, **more) -> RepReport:
    start = 6.0 * ((number or 1) - 1) + 0.5
    fields = {
        "number": number, "counted": number is not None, "kind": "full", "start_s": start,
        "break_s": start + 2, "catch_s": start + 2.4, "bottom_s": start + 2.8,
        "release_s": start + 3.4, "end_s": start + 5, "findings": findings,
        "good": ("Kept the hips in line.",),
        "measures": {
            "eccentric_duration": measured(2.63, "s", 0.04),
            "break_point_angle": measured(
                48.4, spread=9.6, outcome="broken", method="adaptive velocity, 3 Hz",
                threshold=Threshold(value=24.0, unit="deg/s"),
            ),
            "hip_break": measured(8.7),
            "hand_assisted_work_fraction": measured(0.45, "1", 0.05),
        },
    }  # fmt: skip
    return RepReport(**{**fields, **more})


def report(*reps: RepReport, **more) -> Report:
    fields = {
        "exercise": "nordic-curl",
        "recognised": bool(reps),
        "settings": Settings(exercise="nordic-curl", mode="eccentric-concentric"),
        "verdict": Verdict(
            status="improve", sentence="The set in a sentence.", advice="One thing."
        ),
        "athlete": AthleteInfo(
            chosen_because="the person the model followed",
            facing="right",
            side="right",
            coverage=0.99,
        ),
        "view": View(kind="side", yaw_deg=1.7, yaw_uncertainty_deg=4.0, rectified=False),
        "reps": reps,
        "set_": SetReport(reps=sum(r.counted for r in reps)),
        "not_assessed": (),
    }
    return Report(**{**fields, **more})


def curves(reps: Sequence[RepReport] = (), seconds: float | None = None, fps: float = 30) -> Curves:
    """Down and up once a rep, with half a second in which the body was not seen."""
    last = max((r.end_s or 5.0 for r in reps), default=5.0) + 1 if seconds is None else seconds
    t = np.arange(0, last, 1 / fps)
    knee, hip = 50 + 40 * np.cos(t), 5 + 4 * np.sin(t)
    knee[(t > 4) & (t < 4.5)] = np.nan
    number = [
        next((r.number for r in reps if (r.start_s or 0) <= x <= (r.end_s or 0)), None) for x in t
    ]
    return Curves(
        t_s=t,
        values={"knee_flexion": knee, "hip_flexion": hip},
        rates={"knee_flexion": -40 * np.sin(t), "hip_flexion": 4 * np.cos(t)},
        uncertainties={
            "knee_flexion": np.full(len(t), 9.5),
            "hip_flexion": np.full(len(t), 8.0),
        },
        uncertainties_within_set={},
        columns={"knee_flexion": "knee_flexion_deg", "hip_flexion": "hip_flexion_deg"},
        phase=("rest",) * len(t),
        rep=tuple(number),
    )


def untold(drawn: Curves) -> Curves:
    """The same where the view refuses every angle."""
    nothing = np.full(len(drawn.t_s), np.nan)
    return replace(drawn, values=dict.fromkeys(drawn.values, nothing))


def page(subject: Report, video: str | None = "annotated.mp4") -> str:
    drawn = curves(subject.reps)
    return render(
        subject, untold(drawn) if subject in (OBLIQUE, UNKNOWN) else drawn, EXERCISE, video
    )


NOTHING = report(
    recognised=False,
    verdict=Verdict(
        status="not-assessed", sentence="No Nordic curl was recognised.", advice="Film."
    ),
    not_assessed=(
        NotAssessed(what="nordic-curl", reason="It stood still.", what_to_change="Film."),
    ),
)
OBLIQUE = report(
    rep(1, measures={n: measured(None) for n in ("break_point_angle", "hip_break")}, good=()),
    view=View(kind="oblique", yaw_deg=36.4, yaw_uncertainty_deg=5.0, rectified=False),
    not_assessed=(
        NotAssessed(what="hips-pike", reps=(1,), reason=REFUSED, what_to_change="Film."),
    ),
)
MANY = report(
    *(rep(n, *(finding(s, v) for s, v in (("hips-pike", "fault"), ("falls-too-fast", "warning"),
                                          ("overuses-arms", "note")))) for n in range(1, 11)),
    set_=SetReport(
        reps=10, best_rep=3, stop_after_rep=8, findings=(finding("overuses-arms", "note"),)
    ),
)  # fmt: skip
ATTEMPT = report(
    rep(1),
    rep(None, kind="attempt", end_s=None, break_s=None, catch_s=None, measures={}, good=()),
    rep(2, start_s=None, end_s=None, kind="no-return"),
)
FULL = report(
    rep(1, finding()),
    clip=ClipInfo(
        name=WORST, sha256="ab" * 32, duration_s=12.35, frames=370, width=720, height=1280,
        fps=29.97, problems=('The <phone> & its "lens" moved.',),
    ),
    athlete=AthleteInfo(
        name='<b>"O\'Neil" & son</b>', people_seen=2, chosen_because="moved <most>",
        facing=None, side=None, coverage=1.0,
    ),
    provenance=Provenance(
        formcheck="0.1.0", mediapipe="1.2.2", model="full", model_sha256="cd" * 32,
        exercise_sha256="ef" * 32,
    ),
)  # fmt: skip
UNKNOWN = report(
    rep(), view=View(kind="unknown", yaw_deg=None, yaw_uncertainty_deg=None, rectified=False)
)
REPORTS = {
    "nothing": NOTHING, "one": report(rep()), "oblique": OBLIQUE, "unknown": UNKNOWN, "many": MANY,
    "attempt": ATTEMPT, "full": FULL,
}  # fmt: skip


# --- how it is read back


class Reader(HTMLParser):
    """The page as a parser sees it: tags that do not close, headings, ids and references."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.targets: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.scripts = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        self.scripts += tag == "script"
        self._note(tag, attrs)

    def handle_startendtag(self, tag, attrs):
        self._note(tag, attrs)

    def _note(self, tag, attrs):
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in ("src", "href", "xlink:href", "srcset", "action", "data", "poster"):
                self.targets.append((tag, name, value))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(params=REPORTS, scope="module")
def shown(request) -> tuple[Report, str]:
    subject = REPORTS[request.param]
    return subject, page(subject)


def test_it_is_well_formed(shown):
    reader = Reader(shown[1])
    assert reader.wrong == []
    assert reader.open == []
    assert shown[1].startswith("<!DOCTYPE html>")


def test_headings_are_in_order_and_ids_are_unique(shown):
    reader = Reader(shown[1])
    assert reader.headings[0] == 1 and reader.headings.count(1) == 1
    steps = np.diff(reader.headings)
    assert max(steps, default=0) <= 1
    assert len(reader.ids) == len(set(reader.ids))


def test_it_refers_to_nothing_but_the_video(shown):
    text = shown[1]
    reader = Reader(text)
    outside = {t for t in reader.targets if not t[2].startswith(("#", "data:"))}
    assert ("video", "src", "annotated.mp4") in outside
    assert {(tag, to.partition("#t=")[0]) for tag, _, to in outside} <= {
        ("video", "annotated.mp4"),
        ("a", "annotated.mp4"),
    }
    assert {to[1:] for _, _, to in reader.targets if to.startswith("#")} <= set(reader.ids)
    assert not re.search(r"https?://|@import|url\((?!#)", text)


def test_it_is_small_and_always_the_same(shown):
    subject, text = shown
    assert len(text.encode()) < 2_000_000
    assert page(subject) == text


def test_verdict_findings_and_advice_are_all_said(shown):
    subject, html = shown
    text = Reader(html).text
    assert text.index(subject.verdict.sentence) < text.index(subject.verdict.advice)
    findings = [f for r in subject.reps for f in r.findings] + list(subject.set_.findings)
    for said in findings:
        assert said.sentence in text and said.advice in text
    for entry in subject.not_assessed:
        assert entry.reason in text and entry.what_to_change in text
    assert EXERCISE.film in text
    assert "not a medical device" in text


def test_refused_measures_show_no_number():
    text = page(OBLIQUE)
    cells = re.findall(r'<td role="cell" data-label="([^"]*)">(.*?)</td>', text, re.DOTALL)
    refused = [(label, cell) for label, cell in cells if label in ("Break point", "Hip change")]
    assert len(refused) == 2
    assert all("not assessed" in cell and not re.search(r"\d", cell) for _, cell in refused)
    assert "48°" not in Reader(text).text


def test_angles_are_not_drawn_where_the_view_refuses_them():
    for subject, why in ((OBLIQUE, "about 36° off the side view"), (UNKNOWN, "could not be told")):
        text = page(subject)
        assert "The angles are not shown" in text and why in text
        assert 'role="img"' not in text


def test_a_set_that_was_not_recognised_has_no_table_and_no_angles():
    text = page(NOTHING, video=None)
    assert "<table" not in text and "<video" not in text and "Angles over time" not in text
    assert "How to film it" in text


def test_names_are_escaped():
    text = page(FULL)
    own = Reader(page(report(rep(1, finding())))).scripts
    assert Reader(text).scripts == own == 2
    assert "<script>alert" not in text and '<b>"O' not in text and "<phone>" not in text
    for name in (WORST, FULL.athlete.name, FULL.clip.problems[0]):
        assert escape(name, quote=False) in text.replace("&#34;", '"').replace("&#39;", "'")


def test_the_video_is_a_path_beside_the_page_whatever_it_is_called():
    text = page(report(rep()), video='https://x/a "b"#c.mp4')
    assert 'src="https%3A//x/a%20%22b%22%23c.mp4"' in text


def test_ten_reps_and_three_severities():
    reader = Reader(page(MANY))
    text = reader.text
    assert all(f"Rep {n}" in text for n in range(1, 11))
    assert text.index("A fault of") < text.index("A warning of") < text.index("A note of")
    assert "best" in text and "after rep 8" in text
    assert "Whole set Use of the arms" in text  # and no moment, which is some rep's


def test_an_attempt_is_listed_and_not_counted():
    text = Reader(page(ATTEMPT)).text
    assert "Attempt in the video attempt, not counted" in text
    assert "way back up not seen" in text


def test_provenance_stands_where_it_is_known():
    assert "cdcdcd" in page(FULL) and "ababab" in page(FULL)
    assert "SHA-256" not in page(report(rep()))


def test_the_drawing_is_described_and_has_the_page_s_colours():
    text = page(FULL)
    label = re.search(r'role="img" aria-label="([^"]*)"', text)
    assert label and "Rep 1 from 0.5 to 5.5 s, break point at 2.5 s" in label[1]
    for svg in re.findall(r'<svg class="(?:wide|narrow)".*?</svg>', text, re.DOTALL):
        assert "var(--knee)" in svg and "<text" in svg and "metadata" not in svg
        assert not re.search("|".join(charts.COLOURS.values()), svg)


# --- the timeline


HOLDS = ((2.5, 1.5), (8.5, 1.5))


@pytest.mark.parametrize(
    ("clip_s", "video_s"),
    [(0.0, 0.0), (2.4, 2.4), (2.5, 2.55), (2.48, 2.55), (2.52, 4.02), (8.5, 10.05), (9.0, 12.0)],
)
def test_a_moment_s_place_in_a_video_that_stands_still(clip_s, video_s):
    """Later by the freezes before it; at a freeze, in it."""
    assert timeline.film_s(clip_s, HOLDS) == pytest.approx(video_s)


def test_links_to_moments_know_the_freezes():
    subject = report(rep(1, finding()), rep(2))
    text = render(subject, curves(subject.reps), EXERCISE, holds=HOLDS)
    assert 'href="annotated.mp4#t=2.55" data-t="2.5"' in text  # the finding
    assert 'href="annotated.mp4#t=8.0" data-t="6.5"' in text  # the second rep


def test_a_rep_whose_start_was_not_seen_leads_to_where_the_timeline_begins_it():
    subject = report(rep(1, start_s=None), rep(2))
    drawn = curves((rep(1), rep(2)))
    row = rows.table(subject, drawn, EXERCISE)[0]
    assert row.at_s == timeline.timeline(subject, drawn, LOOK, (), (), False).reps[0].start
    assert rows.table(subject, replace(drawn, t_s=drawn.t_s[:0]), EXERCISE)[0].at_s is None


def lanes(subject: Report, **more) -> timeline.Timeline:
    cards = rows.cards(subject, EXERCISE, {})
    made = timeline.timeline(subject, curves(subject.reps, **more), LOOK, cards, (), True)
    assert made is not None
    return made


def test_marks_that_would_touch_stand_in_rows_of_their_own():
    near = report(
        *(rep(1, finding(at_s=t), finding("falls-too-fast", at_s=t + 0.1)) for t in (1, 4))
    )
    assert [m.row for m in lanes(near, seconds=10).marks] == [0, 1, 0, 1]
    assert lanes(MANY).lanes == timeline.MOST_ROWS  # thirty at one instant
    assert lanes(report(rep(1))).lanes == 0


def test_reps_lie_where_the_time_axis_has_them():
    (band,) = lanes(report(rep(1)), seconds=10.0 + 1 / 30).reps
    assert (band.left, band.width) == (pytest.approx(5.0, abs=0.01), pytest.approx(50.0, abs=0.01))


def test_a_drop_is_not_shown_where_the_break_point_was_refused():
    phases = ("lower",) * 90 + ("drop",) * 30 + ("bottom",) * 75
    told = ["Lowering", "Drop", "At the bottom"]
    for value, names in ((48.0, told), (None, [told[0], told[2]])):
        one = rep(1, measures={"break_point_angle": measured(value)})
        drawn = replace(curves([one]), phase=phases, rep=(1,) * 195)
        made = timeline.timeline(report(one), drawn, LOOK, (), (), True)
        assert made is not None and [p.label for p in made.phases] == names


def test_every_pattern_of_a_phase_and_every_mark_can_be_drawn():
    style = (Path(timeline.__file__).parent / "report.css").read_text(encoding="utf-8")
    icons = (Path(timeline.__file__).parent / "icons.html").read_text(encoding="utf-8")
    assert all(f".phase.{pattern} {{" in style for pattern in get_args(look.Pattern))
    assert all(f'"{marker}"' in icons for marker in get_args(look.Marker))
    assert charts.MARKERS.keys() == sparks.OUTLINES.keys() == set(get_args(look.Marker))


def test_the_script_reads_no_angle_that_was_refused():
    assert '"angles": null' in page(OBLIQUE)
    assert '"knee"' in page(FULL)


def test_all_templates_of_the_page_are_made_ready_before():
    asked = {name for file in TEMPLATES for name in re.findall(r'"([a-z]+[.]html)"', own(file))}
    assert asked | {"report.html"} == set(TEMPLATES)


# --- stills, and two reps side by side


def test_a_still_is_in_its_card_with_words_for_those_who_do_not_see_it():
    subject = report(rep(1, finding()), rep(2, finding("falls-too-fast", at_s=None)))
    text = render(
        subject, curves(subject.reps), EXERCISE, stills={(1, "hips-pike"): b"\xff\xd8jpeg"}
    )
    (picture,) = re.findall(r"<img [^>]*>", text)
    assert 'src="data:image/jpeg;base64,/9hqcGVn"' in picture
    assert 'alt="Rep 1 at 2.5 s: folding at the hips. Hip change 46° ± 3°; the limit is' in picture


def both(*reps: RepReport) -> compare.Pair | None:
    subject = report(*reps, set_=SetReport(reps=len(reps), best_rep=1))
    return compare.pair(subject, curves(reps), EXERCISE, True)


def test_the_best_stands_beside_the_one_with_most_against_it():
    slow = {**rep().measures, "eccentric_duration": measured(3.6, "s", 0.1)}
    pair = both(rep(1, measures=slow), rep(2, finding(severity="warning")), rep(3, finding()))
    assert pair is not None and (pair.best.name, pair.worst.name) == ("Rep 1", "Rep 3")
    assert pair.sentence == "Against rep 3, rep 1 took 1.0 s longer on the way down."
    assert pair.lines[0].differs == "1.0 s more" and pair.lines[1].differs == "no sure difference"


def test_one_full_rep_has_nothing_beside_it():
    assert both(rep(1), rep(2, kind="partial")) is None
    assert both(rep(1)) is None


@pytest.mark.parametrize(
    ("a", "b", "gap"),
    [
        (measured(50.0), measured(45.0), 5.0),
        (measured(50.0), measured(46.0), 0.0),  # within 3 and 3
        (measured(50.0, spread=9.0, uncertainty_within_set=1.0),
         measured(46.0, spread=9.0, uncertainty_within_set=1.0), 4.0),
        (measured(50.0, bound="at-most"), measured(40.0), None),
        (measured(None), measured(40.0), None),
        (None, measured(40.0), None),
    ],
)  # fmt: skip
def test_only_sure_differences_count(a, b, gap):
    assert compare.difference(a, b) == gap


def test_what_was_good_is_said_once_with_its_reps():
    text = Reader(page(report(rep(1), rep(2, good=("Went all the way down.",)), rep(3)))).text
    assert text.count("Kept the hips in line.") == 1
    assert "Kept the hips in line. (reps 1 and 3)" in text


def test_it_is_made_quickly():
    started = process_time()
    page(MANY)
    assert process_time() - started < 3  # one second on a free machine


def test_a_moment_whose_measure_was_refused_is_not_drawn():
    one = rep(1, measures={"break_point_angle": measured(None), "catch_angle": measured(30.0)})
    described = charts.described(report(one), curves([one]), LOOK)
    assert "break point" not in described and "hands land" in described


def test_long_clips_are_thinned_and_empty_ones_refused():
    one = rep(1)
    long = render(report(one), curves([one], seconds=1200, fps=60), EXERCISE)
    assert len(long) < 2_000_000
    nothing = curves([one], seconds=0.0)
    assert "knee and hip were not seen" in render(report(one), nothing, EXERCISE)


# --- numbers for people


@pytest.mark.parametrize(
    ("m", "text"),
    [
        (measured(48.4, spread=9.6), "48° ± 10°"),
        (measured(48.4, spread=9.6, bound="at-most"), "at most 48° ± 10°"),
        (measured(88.0, spread=None, bound="at-least"), "at least 88°"),
        (measured(2.63, "s", 0.04), "2.6 s ± 0.1 s"),
        (measured(0.33, "s", 0.12), "0.33 s ± 0.12 s"),
        (measured(0.45, "1", 0.05), "45% ± 5%"),
        (measured(-5.3, spread=8.0), "−5° ± 8°"),
        (measured(-0.2, spread=0.1), "0° ± 1°"),
        (measured(22.4, "deg/s", 1.5), "22°/s ± 2°/s"),
        (measured(310.0, "N·m", 31.0), "310 N·m ± 31 N·m"),
        (measured(1.93, "N·m/kg", 0.21), "1.93 N·m/kg ± 0.21 N·m/kg"),
        (measured(274.0, "N", 31.0), "274.0 N ± 31.0 N"),
        (measured(None), "not assessed"),
        (None, "not assessed"),
    ],
)
def test_numbers(m, text):
    assert words.measured(m) == text


@pytest.mark.parametrize(
    ("value", "limit", "unit", "kind", "found", "allowed"),
    [
        (2.97, 3.0, "s", "min", "2.97 s ± 0.10 s", "at least 3.00 s"),
        (20.3, 20.0, "deg", "max", "20.3° ± 0.1°", "at most 20.0°"),
        (0.33, 0.25, "s", "max", "0.33 s ± 0.10 s", "at most 0.25 s"),
        (3.0, 3.0, "s", "min", "3.0 s ± 0.1 s", "at least 3.0 s"),
    ],
)
def test_a_value_never_looks_equal_to_the_limit_it_is_beyond(
    value, limit, unit, kind, found, allowed
):
    f = finding(value=value, limit=limit, unit=unit, limit_kind=kind, uncertainty=0.1)
    assert (words.found(f), words.limit(f)) == (found, allowed)
