"""The laws of the only judge, as properties, and what it says of sets that were made for it."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache

import athlete
import numpy as np
import pytest
from athlete import NORDIC, Curl, findings, judged, perform
from hypothesis import example, given, settings
from hypothesis import strategies as st

from formcheck.checks import SEVERITIES, Finding, worse
from formcheck.pose import PoseTrack
from formcheck.reps import RepCounted, RepFinished
from formcheck.session import Found, Session, Warned
from formcheck.sets import SetCheck
from formcheck.setting import Setting
from formcheck.view import estimate

CLEAN = Curl()
PIKED = Curl(fold=45)
DROPPED = Curl(lower=0.5, breaks=5, drop=120)
HANDS_FIRST = Curl(breaks=None, lower=9.5, hands=29, hand_height=0.3, fold=12)
PARTIAL = Curl(breaks=None, bottom=45, hands=None)
NO_RETURN = Curl(ends=35)
ARCHED = Curl(arch=17)
ATTEMPT = Curl(lower=1.5, breaks=None, bottom=15, hands=None)
FOLDS_ON_FLOOR = Curl(fold_on_floor=40)

KINDS = (CLEAN, PIKED, DROPPED, HANDS_FIRST, PARTIAL, NO_RETURN, ARCHED, ATTEMPT, FOLDS_ON_FLOOR)


@dataclass(frozen=True)
class Shot:
    """Any short set, filmed well or badly, and cut off anywhere at its end."""

    acts: tuple[Curl, ...]
    camera: dict
    share: float

    def film(self) -> PoseTrack:
        done = perform(*self.acts)
        return done.film(last=done.seconds * self.share, **self.camera)


cameras = st.fixed_dictionaries(
    {
        "fps": st.sampled_from([10.0, 15.0, 24.0]),
        "noise": st.sampled_from([0.0, 1.2]),
        "seed": st.integers(0, 99),
        "lost": st.sampled_from([0.0, 0.1]),
        "unseen": st.sampled_from([(), ("WRIST",), ("ANKLE",)]),
        "mirror": st.booleans(),
    }
)
acts = st.lists(st.sampled_from(KINDS), min_size=1, max_size=3).map(tuple)
shots = st.builds(Shot, acts, cameras, st.floats(0.4, 1.0))
PLAIN = {"fps": 10.0, "noise": 0.0, "seed": 0, "lost": 0.0, "unseen": (), "mirror": False}
CUT_IN_A_REP = Shot((DROPPED, NO_RETURN, DROPPED), PLAIN, 0.78125)
"""Its last movement begins before the body ever held still, and is dismissed."""
NOISY = PLAIN | {"fps": 24.0, "noise": 1.2, "seed": 20}
LESS_SURE_IN_THE_END = Shot((HANDS_FIRST, DROPPED), NOISY, 1.0)
"""The fall of its second rep is a fault as it is warned of, and by the whole rep a warning."""


def said(events) -> list[str]:
    """Events as text: they hold arrays, and NaN is not equal to itself."""
    return [_text(e) for e in events]


def _text(event) -> str:
    if isinstance(event, RepFinished):
        rep = event.rep
        times = f"{rep.t[0]} {rep.t[-1]} {len(rep.t)} {np.nansum(rep['thigh_lean'])}"
        return f"{event.at} {event.said} {rep.number} {rep.kind} {rep.start} {rep.bottom} {times}"
    return repr(event)


# --- 1. one path, and nothing is taken back


@settings(deadline=None, max_examples=7)
@given(shots, st.data())
def test_the_events_are_at_every_moment_the_beginning_of_the_final_list(shot, data):
    track = shot.film()
    setting = estimate(track)
    session, report = judged(track, setting)
    final = said(session.events)
    cut = data.draw(st.integers(0, len(track)))
    open_end = Session(NORDIC, setting)
    heard = []
    for pose in list(track)[:cut]:
        heard += open_end.push(pose)
    assert said(heard) == said(open_end.events) == final[: len(heard)]
    for pose in list(track)[cut:]:
        heard += open_end.push(pose)
    assert said(heard) == final[: len(heard)]
    assert open_end.close().json_text() == report.json_text()
    assert said(open_end.events) == final


@settings(deadline=None, max_examples=7)
@given(shots, st.floats(0, 1))
@example(CUT_IN_A_REP, 0.0)
def test_an_event_was_said_before_what_comes_after_it_was_seen(shot, share):
    """What is said does not depend on later poses: another end of the clip, the same beginning."""
    track = shot.film()
    setting = estimate(track)
    whole = judged(track, setting)[0]
    n = int(share * len(track))
    early = Session(NORDIC, setting)
    for pose in list(track)[:n]:
        early.push(pose)
    seen = 0.0 if n == 0 else float(track.t_s[n - 1])
    assert all(e.said <= seen for e in early.events)
    assert all(e.at <= e.said + 1e-3 for e in whole.events)  # reports round to milliseconds
    in_time = [e for e in whole.events if e.said <= seen - early.latency - 1.6 * setting.frame_s]
    assert said(early.events)[: len(in_time)] == said(in_time)


@settings(deadline=None, max_examples=6)
@given(shots)
def test_a_setting_that_was_saved_gives_the_same_report(tmp_path_factory, shot):
    track = shot.film()
    path = tmp_path_factory.mktemp("kept") / "setting.json"
    setting = estimate(track)
    setting.save(path)
    assert Setting.load(path) == setting
    once = judged(track, setting)[1].json_text()
    assert judged(track, Setting.load(path))[1].json_text() == once


def test_a_saved_pose_track_gives_the_same_report(tmp_path):
    """Landmarks are kept as 32-bit floats: the saved track is the truth, loaded twice."""
    perform(CLEAN, PIKED).film(noise=1.0).save(tmp_path / "pose.npz")
    one, other = (PoseTrack.load(tmp_path / "pose.npz") for _ in range(2))
    assert judged(one)[1].json_text() == judged(other)[1].json_text()


# --- 2. the rep is the unit of hindsight


@settings(deadline=None, max_examples=7)
@given(shots)
@example(LESS_SURE_IN_THE_END)
def test_findings_follow_from_the_rep_alone(shot):
    """But for what was said early and is worse: that is never taken back."""
    session, report = judged(shot.film())
    pace = next((r for r in athlete.reps_of(session) if r.counted), None)
    fixed = {} if pace is None else {n: fix(_marked(pace, {})) for n, fix in NORDIC.fixes.items()}
    by_rep = {r.number: r for r in report.reps}
    for rep in (r for r in athlete.reps_of(session) if r.counted):
        if not report.recognised:
            continue
        marked = _marked(rep, fixed)
        measures = NORDIC.measured(marked)
        asked = [c for c in NORDIC.checks if rep.kind in c.kinds]
        answers = [c.judge(marked, measures) for c in asked]
        names = [c.name for c in asked]
        found = [f for f in by_rep[rep.number].findings if f.check in names]
        told = {a.check: a for a in answers if isinstance(a, Finding)}
        stand = [f for f in by_rep[rep.number].findings if f != told.get(f.check)]
        stands = {f.check for f in stand}
        assert [f for f in found if f not in stand] == [
            a for name, a in told.items() if name not in stands
        ]
        warned = [
            e.finding for e in session.events if isinstance(e, Warned) and e.rep == rep.number
        ]
        assert all(f in warned and worse(f.severity, _severity(told, f)) for f in stand)
        assert measures == by_rep[rep.number].measures


def _severity(told, finding):
    return told[finding.check].severity if finding.check in told else None


def _marked(rep, fixed):
    rep = replace(rep, fixed=fixed) if fixed else rep
    for name, locate in NORDIC.marks.items():
        rep = replace(rep, marks={**rep.marks, name: locate(rep)})
    return rep


def test_the_count_does_not_wait_for_the_half_second_after_the_rep():
    session, _ = judged(perform(CLEAN, CLEAN, CLEAN).film())
    counted = [e for e in session.events if isinstance(e, RepCounted)]
    finished = [e for e in session.events if isinstance(e, RepFinished)]
    assert [e.number for e in counted] == [1, 2, 3]
    for count, rep in zip(counted, finished, strict=True):
        assert session.events.index(count) < session.events.index(rep)
        assert count.said <= rep.said
        assert rep.said >= rep.rep.until + 0.5 - 1e-6


def test_a_count_is_said_soon():
    """At most a second after the truth: what settles is looked at for 0.4 s, and smoothed."""
    done = perform(CLEAN, CLEAN)
    session, _ = judged(done.film())
    ends = [r.start + CLEAN.lower + 0.5 + CLEAN.floor + CLEAN.up for r in done.reps]
    for event, end in zip(
        (e for e in session.events if isinstance(e, RepCounted)), ends, strict=True
    ):
        assert event.said + session.latency <= end + 1.0


# --- 3. early warnings stand


@settings(deadline=None, max_examples=7)
@given(shots)
def test_every_early_warning_stands_in_its_rep(shot):
    session, report = judged(shot.film())
    found = {(e.rep, e.finding.check): e.finding for e in session.events if isinstance(e, Found)}
    numbers = {r.number for r in report.reps}
    for warned in (e for e in session.events if isinstance(e, Warned)):
        if warned.rep in numbers:
            stands = found[warned.rep, warned.finding.check].severity
            assert SEVERITIES.index(stands) <= SEVERITIES.index(warned.finding.severity)


@pytest.mark.parametrize("noise", [0.0, 1.2])
@pytest.mark.parametrize("fold", [40.0, 55.0])
def test_who_folds_while_lowering_is_warned_while_lowering(fold, noise):
    done = perform(CLEAN, Curl(fold=fold))
    session, report = judged(done.film(noise=noise, seed=1))
    first, warned = [e for e in session.events if isinstance(e, Warned)]
    assert [w.finding.severity for w in (first, warned)] == ["warning", "fault"]
    assert (warned.rep, warned.finding.check) == (2, "hips-pike")
    assert done.reps[1].start < warned.said < done.reps[1].bottom
    assert ("hips-pike", "fault") in [(f.check, f.severity) for f in report.reps[1].findings]
    with_rep = [type(e) for e in session.events]
    assert with_rep.index(Warned) < len(with_rep) - 1 - with_rep[::-1].index(RepCounted)


@pytest.mark.parametrize("fps", [15, 30])
@pytest.mark.parametrize("hands", ["work", "hang"])
def test_hips_that_bend_on_the_floor_raise_no_warning(hands, fps):
    """Only what happens before the landing is lowering: nothing to warn of, nothing to find."""
    done = perform(FOLDS_ON_FLOOR, Curl(fold_on_floor=60), Curl(breaks=None, fold_on_floor=50))
    session, report = judged(done.film(fps=fps, hands=hands))
    assert [e for e in session.events if isinstance(e, Warned)] == []
    assert "hips-pike" not in [f.check for r in report.reps for f in r.findings]
    assert report.set_.reps == 3


@pytest.mark.parametrize("share", [0.45, 0.5, 0.55])
def test_a_warning_stands_when_the_clip_ends_before_the_rep(share):
    """Not a full rep: but what was said of it is not taken back."""
    done = perform(PIKED)
    session, report = judged(done.film(last=done.reps[0].start + 3.5 + share))
    *_, warned = [e for e in session.events if isinstance(e, Warned)]
    assert [r.kind for r in report.reps] == ["no-return"]
    assert (warned.rep, "hips-pike", "fault") in findings(report)


def test_a_warning_does_not_pass_to_the_next_rep():
    """An attempt with folded hips, then a clean rep: nothing is found in the clean one."""
    folded = Curl(lower=1.5, breaks=None, bottom=18, hands=None, fold=150)
    _, report = judged(perform(folded, CLEAN).film())
    assert [r.kind for r in report.reps] == ["attempt", "full"]
    assert findings(report) == []


def test_the_next_rep_is_warned_of_after_an_attempt_as_well():
    folded = Curl(lower=1.5, breaks=None, bottom=18, hands=None, fold=150)
    done = perform(folded, PIKED)
    session, _ = judged(done.film())
    late = [e for e in session.events if isinstance(e, Warned) and e.at > done.reps[1].start]
    assert {(e.rep, e.finding.check) for e in late} == {(1, "hips-pike")}


def test_that_a_set_was_to_end_is_said_as_soon_as_it_is_found():
    """Once, with the rep that it was found at; and it is in the report."""

    def second(check, reps, setting):
        return replace_in(check, reps[0]) if len(reps) > 1 else None

    early = SetCheck("spent", label="being spent", advice="Rest.", also=second, stops="Stop.")
    late = replace(early, name="later", stops="")
    exercise = replace(NORDIC, set_checks=(early, late), cues=())
    session, report = judged(perform(PIKED, CLEAN, CLEAN).film(), exercise=exercise)
    told = [e for e in session.events if isinstance(e, Found) and e.finding.check == "spent"]
    second_rep = [e for e in session.events if isinstance(e, RepFinished)][1]
    assert [(e.rep, e.said) for e in told] == [(2, second_rep.said)]
    assert [f.check for f in report.set_.findings] == ["spent", "later"]
    assert told[0].finding == report.set_.findings[0]


def replace_in(check, rep):
    """A rep's finding under another check's name."""
    return rep.findings[0].model_copy(update={"check": check.name, "at_s": None, "until_s": None})


# --- 5. not assessed is an answer


@settings(deadline=None, max_examples=7)
@given(shots)
def test_every_check_of_every_full_rep_is_answered_and_every_refusal_has_a_reason(shot):
    _, report = judged(shot.film())
    for rep in report.reps:
        for name, one in rep.measures.items():
            assert (one.status == "refused") == (one.value is None), name
            if one.value is None:
                assert one.reason, name
                assert one.uncertainty is None, name
            else:
                assert one.uncertainty is not None, name
            if any(g.status == "refused" for g in one.gates):
                assert one.value is None, name
        asked = [c for c in NORDIC.checks if rep.kind in c.kinds]
        found = [f.check for f in rep.findings]
        open_ = [n.what for n in report.not_assessed if rep.number in n.reps]
        good = [c.name for c in asked if c.good in rep.good]
        if rep.counted:
            answers = Counter(found + open_ + good)
            assert [answers[c.name] for c in asked] == [1] * len(asked)
    for entry in report.not_assessed:
        assert entry.reason
        assert entry.what_to_change


# --- 6. invariance

SETS = {
    "clean, piked, dropped": (CLEAN, PIKED, DROPPED),
    "over-straight, partial": (ARCHED, PARTIAL),
    "hands first, not back up": (HANDS_FIRST, NO_RETURN),
}
FILMS = {
    "mirrored": {"mirror": True},
    "half the size": {"scale": 0.5},
    "three times the size": {"scale": 3.0},
    "24 a second": {"fps": 24.0},
    "60 a second": {"fps": 60.0},
    "a tenth of the frames lost": {"lost": 0.1, "seed": 3},
    "uneven times": {"skipped": 0.15, "seed": 5},
    "an hour later": {"offset": 3600.0},
}


@lru_cache
def report_of(name, film):
    return judged(perform(*SETS[name]).film(**FILMS.get(film, {})))[1]


FIRST = next(iter(SETS))
OFTEN = ("mirrored", "60 a second", "a tenth of the frames lost")


@pytest.mark.parametrize(
    ("name", "film"),
    [*((FIRST, film) for film in FILMS), *((n, f) for n in SETS if n != FIRST for f in OFTEN)],
)
def test_the_same_set_filmed_otherwise(name, film):
    """The same reps; the same findings unless a gate says why not."""
    plain, other = report_of(name, "plain"), report_of(name, film)
    offset = FILMS[film].get("offset", 0.0)
    assert [r.kind for r in plain.reps] == [r.kind for r in other.reps]
    for a, b in zip(plain.reps, other.reps, strict=True):
        for moment in ("start_s", "bottom_s", "end_s", "catch_s", "release_s"):
            before, after = getattr(a, moment), getattr(b, moment)
            assert (before is None) == (after is None), moment
            if before is not None:
                assert after - offset == pytest.approx(before, abs=0.12), moment
    excused = {(rep, n.what) for n in other.not_assessed for rep in n.reps}
    wanted = [f for f in findings(plain) if f[:2] not in excused]
    assert [f for f in findings(other) if f[:2] not in excused] == wanted


def test_240_frames_a_second():
    done = perform(replace(PIKED, lower=3.2, rest=1.0))
    report = judged(done.film(fps=240))[1]
    assert findings(report) == [(1, "hips-pike", "fault")]
    assert report.reps[0].start_s == pytest.approx(done.reps[0].start, abs=0.1)


# --- what is said of sets that were made for it

FAULTS = {
    "piked": (PIKED, "hips-pike", "fault"),
    "dropped": (DROPPED, "falls-too-fast", "fault"),
    "hands first": (HANDS_FIRST, "overuses-arms", "fault"),
    "pushes all the way up": (Curl(release=15, up=1.5), "overuses-arms", "fault"),
    "partial": (PARTIAL, "partial-range", "warning"),
    "no return": (NO_RETURN, "does-not-return", "warning"),
    "over-straight": (ARCHED, "hips-too-straight", "fault"),
}


def serious(report):
    return [f for f in findings(report) if f[2] != "note"]


def test_a_clean_set_is_good():
    _, report = judged(perform(CLEAN, CLEAN, CLEAN).film(noise=0.4, seed=1))
    assert serious(report) == []
    assert report.verdict.status == "good"
    assert report.verdict.sentence.startswith("3 Nordic curls")
    assert report.set_.reps == 3


@pytest.mark.parametrize("what", FAULTS)
def test_each_fault_gives_exactly_its_check(what):
    rep, check, severity = FAULTS[what]
    _, report = judged(perform(CLEAN, rep).film(noise=0.4, seed=2))
    assert serious(report) == [(2, check, severity)]
    assert report.verdict.status == "improve"
    assert report.verdict.advice == next(c.advice for c in NORDIC.checks if c.name == check)
    assert "rep 2" in report.verdict.sentence


def test_an_attempt_is_listed_and_not_counted():
    _, report = judged(perform(CLEAN, ATTEMPT, CLEAN).film())
    assert [(r.kind, r.number, r.counted) for r in report.reps] == [
        ("full", 1, True),
        ("attempt", None, False),
        ("full", 2, True),
    ]
    assert report.set_.reps == 2
    assert findings(report) == []


def test_attempts_alone_are_no_set():
    _, report = judged(perform(ATTEMPT, ATTEMPT).film())
    assert not report.recognised
    assert report.reps == ()
    assert "Attempts seen: 2" in report.not_assessed[0].reason


def test_the_best_rep_is_the_one_with_the_least_to_say_against():
    slow = Curl(lower=5.0)
    _, report = judged(perform(PIKED, CLEAN, slow, DROPPED).film())
    assert report.set_.best_rep == 3
    assert judged(perform(CLEAN).film())[1].set_.best_rep is None


# --- the report, as others read it


def no_number(word):
    raise AssertionError(f"{word} is not JSON")


REPORT = {
    "schema", "clip", "exercise", "recognised", "settings", "verdict", "athlete", "view", "reps",
    "set", "not_assessed", "provenance",
}  # fmt: skip
REP = {
    "number", "counted", "kind", "start_s", "break_s", "catch_s", "bottom_s", "release_s",
    "end_s", "measures", "findings",
}  # fmt: skip
MEASURE = {"value", "unit", "uncertainty", "uncertainty_within_set", "status", "reason", "gates",
           "method", "source", "outcome", "bound", "threshold"}  # fmt: skip
FINDING = {"check", "severity", "at_s", "until_s", "measure", "value", "uncertainty", "limit",
           "limit_kind", "unit", "sentence", "advice"}  # fmt: skip


@settings(deadline=None, max_examples=7)
@given(shots)
def test_the_report_is_strict_json(shot):
    report = judged(shot.film())[1]
    text = json.loads(report.json_text(), parse_constant=no_number)
    assert json.loads(report.json_line(), parse_constant=no_number) == text
    assert "\n" not in report.json_line()
    assert "".join(report.json_parts()) == report.json_text()
    assert text["schema"] == "formcheck.report/1"


def test_the_report_has_the_names_that_others_rely_on():
    track = perform(PIKED, CLEAN).film()
    text = json.loads(judged(track, mass_kg=80)[1].json_text())
    assert set(text) >= REPORT
    assert set(text["settings"]) >= {"mode", "mass_kg", "height_m", "sex", "capture_fps", "profile"}
    assert text["settings"]["mass_kg"] == 80
    assert set(text["verdict"]) >= {"status", "sentence", "advice"}
    wanted = {"people_seen", "chosen_because", "facing", "side", "coverage"}
    assert set(text["athlete"]) >= wanted
    assert set(text["view"]) >= {"kind", "yaw_deg", "yaw_uncertainty_deg", "rectified"}
    assert set(text["set"]) >= {"reps", "measures", "findings", "best_rep", "stop_after_rep"}
    (rep, _) = text["reps"]
    assert set(rep) >= REP
    assert "break_point_angle" in rep["measures"]
    for measure in rep["measures"].values():
        assert set(measure) >= MEASURE
        assert all(set(g) >= {"gate", "value", "status"} for g in measure["gates"])
    assert rep["measures"]["break_point_angle"]["threshold"]["unit"] == "deg/s"
    assert rep["measures"]["hand_assisted_work_fraction"]["unit"] == "1"
    assert set(rep["findings"][0]) >= FINDING
    for entry in text["not_assessed"]:
        assert set(entry) >= {"what", "reps", "reason", "what_to_change"}


def test_twice_the_same_is_the_same_bytes():
    track = perform(CLEAN, PIKED, DROPPED).film(noise=1.0, seed=4)
    assert judged(track)[1].json_text() == judged(track)[1].json_text()


def test_an_empty_session_reports_that_there_was_nothing():
    report = Session(NORDIC, athlete.setting()).close()
    assert not report.recognised
    assert report.athlete.coverage == 0.0
    json.loads(report.json_text(), parse_constant=no_number)


def test_the_state_of_a_session_does_not_grow_with_what_it_only_looks_at():
    """A minute of rest leaves samples, which the curves need, and nothing in the counter."""
    track = perform(CLEAN, athlete.Hold(60.0)).film(fps=15)
    session, _ = judged(track)
    assert len(session.samples) == len(track)
    assert len(session._counter._kept) <= 15 * (NORDIC.cycle.looks_back_s + 3)


# --- a better setting that comes while the set is under way


def told(track, adopts=None, at=-1.0):
    """The session of a track that began with what two seconds of rest tell; another setting is
    offered once `at` is over."""
    start = PoseTrack(track.t_s[:60], track.points[:60], track.visibility[:60], track.size)
    session = Session(NORDIC, estimate(start))
    for pose in track:
        if adopts is not None and pose.t > at:
            session.adopt(adopts)
            adopts = None
        session.push(pose)
    return session, session.close()


@lru_cache
def two_oblique():
    track = perform(Curl(rest=2.5), CLEAN).film(yaw=20)
    return track, estimate(track)


def test_a_setting_that_comes_in_a_rep_holds_from_the_next_one_on():
    track, better = two_oblique()
    plain, _ = told(track)
    starts = [r.start_s for r in plain.reps]
    session, report = told(track, better, at=starts[0] + 2)
    first, second = report.reps
    assert first == plain.reps[0]
    assert second != plain.reps[1]
    assert (session.setting, report.view.rectified) == (better, True)
    assert second.start_s == pytest.approx(starts[1], abs=0.1)
    # as if it had been there from the first
    sure = judged(track)[0].reps[1]
    assert second.measures["hip_break"].value == pytest.approx(
        sure.measures["hip_break"].value, abs=0.5
    )


def test_what_was_said_stays_when_a_setting_is_adopted():
    track, better = two_oblique()
    plain, _ = told(track)
    at = plain.reps[0].end_s + 0.2
    session, _ = told(track, better, at=at)
    before = [e for e in plain.events if e.said <= at]
    assert session.events[: len(before)] == before
    said = [e.said for e in session.events]
    assert said == sorted(said)
    assert [e.number for e in session.events if isinstance(e, RepCounted)] == [1, 2]
    times = [s.t for s in session.samples]
    assert times == sorted(set(times)) == track.t_s.tolist()


def test_a_setting_of_other_pictures_is_not_adopted():
    track, better = two_oblique()
    session = Session(NORDIC, better)
    for other in ({"size": (640, 360)}, {"time_scale": 4.0}):
        with pytest.raises(ValueError, match="other pictures or another clock"):
            session.adopt(better.model_copy(update=other))
    assert session.push(next(iter(track))) == []
