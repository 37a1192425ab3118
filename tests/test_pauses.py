"""Several sets in one recording: parted by their rests, each told for itself."""

import json
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from athlete import KNEEL_DOWN, NORDIC, STAND_UP, Curl, Hold, Move, judged, perform

from formcheck.analysis import Options, analyze
from formcheck.pages import sets
from formcheck.pauses import IDLE_S, estimate_sets, stretches
from formcheck.session import Session
from formcheck.setting import Setting
from formcheck.view import KNEELING

HERE = Path(__file__).resolve().parent
RENDERED = HERE.parent / "sample_videos" / "sets" / "three_sets"
SEEN = HERE / "data" / "three_sets.npz"
"""The poses that formcheck saw in it."""
SET = (Curl(lower=3.0), Curl(lower=3.0))
DOWN_AGAIN = (*KNEEL_DOWN[2:], Hold(1.0))
WALK = (Move(2.0, x=3.0), Hold(20.0), Move(2.0, x=-1.0))


@lru_cache
def done(*acts, fps=15, **camera):
    """The track of the acts, its setting, and the session over it."""
    track = perform(*acts).film(fps=fps, **camera)
    setting = estimate_sets(track, KNEELING).model_copy(update={"clock": "known"})
    return track, setting, *judged(track, setting)


def told(report):
    return [(s.number, s.first_rep, s.last_rep, s.reps) for s in report.sets]


def said(session):
    return [repr((type(e), e.at, e.said, getattr(e, "finding", None))) for e in session.events]


def truth(*acts):
    """The rests between the sets of two, seconds."""
    reps = perform(*acts).reps
    return [b.start - a.end for a, b in zip(reps[1::2], reps[2::2], strict=False)]


AWAY = (*SET, *STAND_UP, Hold(12.0), *DOWN_AGAIN, *SET, *STAND_UP, *WALK, *DOWN_AGAIN, *SET)
IDLE = (*SET, Hold(IDLE_S + 5), *SET, Hold(70.0), *SET)


TURNED = {"yaw": 20, "noise": 0.6}


@pytest.mark.parametrize(
    "acts, filmed", [(AWAY, TURNED), (IDLE, {"fps": 24})], ids=["away", "idle"]
)
def test_three_sets_are_told_apart_with_their_rests(acts, filmed):
    _, _, _, report = done(*acts, **filmed)
    assert told(report) == [(1, 1, 2, 2), (2, 3, 4, 2), (3, 5, 6, 2)]
    assert [r.set_number for r in report.reps] == [1, 1, 2, 2, 3, 3]
    rests = [s.rest_s for s in report.sets]
    assert rests[0] is None
    assert rests[1:] == pytest.approx(truth(*acts), abs=1.0)
    assert report.set_.reps == 6
    assert "6 Nordic curls in 3 sets" in report.verdict.sentence


def test_each_set_measures_what_it_measures_alone():
    """Body and camera are estimated anew after a walk."""
    alone = done(*SET, fps=24, noise=0.6)[3]
    _, setting, _, report = done(*AWAY, fps=24, noise=0.6)
    assert len(setting.later) == 2
    for part in report.sets:
        mine, own = (r.measures["break_point_best"] for r in (part, alone.sets[0]))
        assert mine.value == pytest.approx(own.value, abs=2.5)


@pytest.mark.parametrize(
    "track", [pytest.param("mp4", marks=[pytest.mark.model, pytest.mark.slow]), "npz"]
)
def test_a_rendered_recording_of_three_sets_is_told_apart_with_its_rests(track, request):
    """Against the truth of its studio; the film itself, and the poses that were once seen in it."""
    if track == "mp4":
        request.getfixturevalue("model")
    source = RENDERED.with_suffix(".mp4") if track == "mp4" else SEEN
    report = analyze(source, Options(), lambda *_: None).report
    truth = json.loads(RENDERED.with_suffix(".truth.json").read_text(encoding="utf-8"))
    assert [s.reps for s in report.sets] == [s["reps"] for s in truth["sets"]] == [2, 2, 2]
    assert [s.rest_s for s in report.sets] == [
        rest and pytest.approx(rest, abs=1.0) for rest in (s["rest_s"] for s in truth["sets"])
    ]
    assert [s.rest for s in report.sets] == [None, "short", "usual"]
    assert "6 Nordic curls in 3 sets" in report.verdict.sentence


def test_a_pause_within_a_set_is_none():
    report = done(*SET, Hold(IDLE_S - 15), *SET)[3]
    assert told(report) == [(1, 1, 4, 4)]
    (said,) = sets.lines(report, NORDIC)
    assert re.fullmatch(
        r"Paused 0:3\d min after rep 2, .* a rest between sets from 0:45 min on\.", said
    )


def test_standing_up_for_a_moment_is_none():
    acts = (*SET, *STAND_UP, Hold(1.0), *KNEEL_DOWN[2:], *SET)
    track, setting, _, report = done(*acts)
    assert setting.later == ()
    assert len(stretches(track, KNEELING)) == 1
    assert told(report) == [(1, 1, 4, 4)]


def hidden(track, since, until):
    """The track, with nobody seen for a while."""
    gone = (track.t_s >= since) & (track.t_s <= until)
    points = np.where(gone[:, None, None], np.nan, track.points)
    return replace(track, points=points)


def test_who_is_hidden_for_a_while_did_not_go():
    """A passer-by, or the tracker's loss: the shanks were never seen to rise."""
    track = perform(*SET, Hold(14.0), *SET).film(fps=15)
    since = perform(*SET).reps[-1].end + 2
    assert len(stretches(hidden(track, since, since + 9), KNEELING)) == 1


def test_who_stood_up_and_walked_off_did():
    """Of the walk only its beginning is seen: the rest is outside of the picture."""
    track = perform(*SET, *STAND_UP, Hold(12.0), *DOWN_AGAIN, *SET).film(fps=15)
    since = perform(*SET, *STAND_UP).reps[-1].end + 3
    assert len(stretches(hidden(track, since, since + 9), KNEELING)) == 2


def test_what_was_done_before_the_set_does_not_tell_its_view():
    """Kneeling down to put the pad right, off to the camera, and back to the set."""
    before = (Hold(4.0), *STAND_UP, *WALK, *DOWN_AGAIN)
    _, setting, _, report = done(*before, *SET, yaw=20, fps=24)
    assert len(setting.later) == 1
    assert (told(report), report.sets[0].rest_s) == ([(1, 1, 2, 2)], None)
    of_set = setting.later[0].setting
    assert report.view.yaw_deg == pytest.approx(np.degrees(of_set.plane.yaw), abs=0.1)


def test_coming_and_going_part_nothing():
    acts = (Move(0.004, shank=90, hip=0), Hold(9.0), *DOWN_AGAIN, *SET, *STAND_UP, Hold(9.0))
    track = perform(*acts).film(fps=15)
    assert estimate_sets(track, KNEELING).later == ()


def test_the_report_of_one_set_tells_it_twice_alike():
    _, _, _, report = done(*SET)
    (only,) = report.sets
    whole = report.set_.model_dump()
    assert {name: value for name, value in only.model_dump().items() if name in whole} == whole
    assert (only.rest_s, only.zone) == (None, "strength")


def test_numbers_that_hang_on_the_order_of_reps_are_told_of_each_set_alone():
    _, _, _, report = done(*IDLE, fps=24)
    assert set(report.set_.measures) == {"break_point_best", "break_point_mean"}
    assert "break_point_loss" in report.sets[1].measures
    best = [s.measures["break_point_best"].value for s in report.sets]
    assert report.set_.measures["break_point_best"].value == min(best)


def test_a_set_is_not_held_against_the_one_before():
    """The first set gives way late, the second early from its first rep on: no fatigue in it."""
    late, early = Curl(lower=4.0, breaks=62), Curl(lower=3.0, breaks=42)
    _, _, session, report = done(late, late, Hold(IDLE_S + 5), early, early, early, fps=24)
    assert [f.check for s in report.sets for f in s.findings if f.check == "fatigue"] == []
    together = done(late, late, early, early, early, fps=24)[3]
    assert [f.check for f in together.set_.findings if f.check == "fatigue"] == ["fatigue"]
    assert not [
        e for e in session.events if getattr(e, "finding", None) and e.finding.check == "fatigue"
    ]


def test_the_setting_gives_the_same_sets_again(tmp_path):
    track, setting, _, report = done(*AWAY, **TURNED)
    setting.save(tmp_path / "setting.json")
    again = Setting.load(tmp_path / "setting.json")
    assert again == setting
    assert judged(track, again)[1] == report


def test_what_was_said_is_never_taken_back():
    track, setting, whole, _ = done(*AWAY, **TURNED)
    session = Session(NORDIC, setting)
    for n, pose in enumerate(track):
        session.push(pose)
        if n % 200 == 0:
            assert said(session) == said(whole)[: len(session.events)]


def test_slow_motion_tells_the_rests_of_the_world():
    track, setting, _, report = done(*AWAY, **TURNED)
    _, again = judged(track.quickened(1 / 4), setting.model_copy(update={"time_scale": 4.0}))
    assert [s.rest_s for s in again.sets] == pytest.approx([s.rest_s for s in report.sets], abs=0.1)
    assert again.sets[1].start_s == pytest.approx(4 * report.sets[1].start_s, abs=0.5)


def test_the_sets_are_told_in_words_and_a_single_one_is_not():
    report = done(*AWAY, fps=24, noise=0.6)[3]
    lines = sets.lines(report, NORDIC)
    assert re.fullmatch(
        r"Set 1: 2 reps \(1 to 2\), strength; best break point \d+° ± \d+°\.", lines[0]
    )
    assert re.search(
        r"\(3 to 4\), strength; best break point .*; rested 0:2\d min before it", lines[1]
    )
    assert lines[1].endswith("before it, shorter than is usual.")
    assert len(lines) == 3
    assert sets.lines(done(*SET)[3], NORDIC) == []


def test_the_sets_stand_in_a_table():
    found = sets.table(done(*AWAY, fps=24, noise=0.6)[3], NORDIC)
    assert [row[:3] for row in found.rows] == [
        (str(n + 1), f"2\u00a0({2 * n + 1}\u00a0to\u00a0{2 * n + 2})", "strength") for n in range(3)
    ]
    assert {len(row) for row in found.rows} == {len(found.heads)}
    assert found.rows[0][3] == "–"
    assert re.fullmatch(r"0:2\d\u00a0min\u00a0\(short\)", found.rows[1][3])
    assert sets.table(done(*SET)[3], NORDIC) is None
    two = done(*SET, Hold(IDLE_S + 5), *SET)[3]
    assert sets.remarks(two, NORDIC) == ["3 to 5 sets are usual."]


ZONES = {
    0: None,
    1: "strength",
    5: "strength",
    6: "hypertrophy",
    12: "hypertrophy",
    13: "endurance",
}


@pytest.mark.parametrize("reps, zone", ZONES.items())
def test_a_set_has_its_zone(reps, zone):
    found = NORDIC.programme.zone(reps)
    assert (found and found.name) == zone
