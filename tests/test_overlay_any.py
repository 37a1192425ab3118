"""The video of an exercise that is not done on the knees: it shows what the exercise declares."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import lying
import numpy as np
import pytest

from formcheck import words
from formcheck.analysis import Analysis, judge
from formcheck.checks import Finding
from formcheck.exercises import named
from formcheck.look import Look
from formcheck.overlay import endcard
from formcheck.overlay.body import Stress, segments
from formcheck.overlay.draw import Overlay, stress_of
from formcheck.overlay.endcard import end_card
from formcheck.pose import Joint, PoseTrack
from formcheck.view import estimate

BENCH = named("bench-leg-curl")
SIZE = lying.SIZE


def judged(track: PoseTrack) -> Analysis:
    setting = estimate(track, posture=BENCH.posture)
    return Analysis(None, *_reported(track, setting), BENCH)


def _reported(track, setting):
    report, curves = judge(track, BENCH, setting)
    return report, setting, track, curves


@pytest.fixture(scope="module", params=["left", "right"])
def faulty(request) -> Analysis:
    """Four curls without a pause and let fall; hips that lift in the second."""
    t, flexion = lying.curls(4, hold=0.1, down=1.2)
    lifts = np.interp(t, [0, 5, 6.5, 7.5, 9], [0, 0, 16, 16, 0])
    return judged(lying.film((t, flexion), lifts=lifts, head=request.param))


def overlay_of(a: Analysis) -> Overlay:
    return Overlay(a.report, a.curves, a.setting, a.track, a.exercise)


def frame_at(a: Analysis, t: float) -> int:
    return int(np.searchsorted(a.track.t_s, t))


def drawn_words(monkeypatch, a: Analysis, t: float, held=()) -> list[str]:
    """What is written beside joints in a frame."""
    said, label = [], words.label

    def noted(text, *more):
        said.append(text)
        return label(text, *more)

    overlay = overlay_of(a)
    monkeypatch.setattr(words, "label", noted)
    overlay.draw(np.full((*SIZE[::-1], 3), 90, np.uint8), frame_at(a, t), held)
    return said


def found(a: Analysis, check: str) -> Finding:
    return next(f for r in a.report.reps for f in r.findings if f.check == check)


def test_the_panel_names_the_exercises_own_phases(faulty):
    overlay, rep = overlay_of(faulty), faulty.report.reps[1]
    said = [
        overlay._state(frame_at(faulty, t))
        for t in (0.2, rep.start_s + 0.5, rep.top_s + 0.07, rep.lower_s + 0.4)
    ]
    assert said == [
        ("REP 0 / 4", "ready"), ("REP 2 / 4", "lifting"), ("REP 2 / 4", "at the top"),
        ("REP 2 / 4", "lowering"),
    ]  # fmt: skip


def test_the_knee_alone_is_written_until_a_finding_is_about_the_thigh(faulty, monkeypatch):
    lift = found(faulty, "hips-lift")
    plain = drawn_words(monkeypatch, faulty, lift.at_s)
    assert len(plain) == 1 and plain[0].endswith("°") and plain[0][0] != "+"
    told = drawn_words(monkeypatch, faulty, lift.at_s, [lift])
    assert set(told) == {f"+{lift.value:.0f}°"}
    assert stress_of(lift, BENCH.look) == Stress(
        "thigh_lean", words.SIGNS["fault"][0], f"+{lift.value:.0f}°"
    )
    assert segments(BENCH.look, "thigh_lean") == ((Joint.KNEE, Joint.HIP),)


def enlarged(a: Analysis, times: float) -> Analysis:
    """The same set filmed from nearer by."""
    points = a.track.points.copy()
    middle = np.nanmedian(points[:, :, :2], axis=(0, 1))
    points[..., :2] = (points[..., :2] - middle) * times + [640, 330]
    track = PoseTrack(a.track.t_s, points, a.track.visibility, SIZE)
    setting = a.setting.model_copy(update={"thigh_px": a.setting.thigh_px * times})
    return replace(a, track=track, setting=setting)


@pytest.mark.parametrize("times", [1.0, 1.4, 1.8])
def test_no_banner_hides_the_leg_that_it_speaks_of(faulty, times):
    """Two stand at once, and the body is the nearer the less room is left."""
    near = enlarged(faulty, times)
    overlay = overlay_of(near)
    held = [f for f in near.report.reps[0].findings if f.severity == "fault"][:2]
    i = frame_at(near, held[0].at_s)
    ends = [near.track.points[i, j.on(near.setting.side), :2]
            for j in (Joint.ANKLE, Joint.KNEE, Joint.HIP)]  # fmt: skip
    banners = [words.box_of(*p) for p in overlay._plates(i, held)[1:]]
    assert len(banners) == 2 and not words.shared(*banners)
    for a, b in pairwise(ends):
        along = a + np.linspace(0, 1, 20)[:, None] * (b - a)
        assert not any(_inside(along, box) for box in banners)


def _inside(points: np.ndarray, box: words.Box) -> bool:
    x, y, w, h = box
    return bool(((points > [x, y]) & (points < [x + w, y + h])).all(axis=1).any())


def test_banners_of_one_moment_are_of_one_size(faulty):
    first, second = overlay_of(enlarged(faulty, 1.4))._banners[:2]
    assert first.first == second.first
    assert first.plate().size[1] == second.plate().size[1]  # as many lines each


@pytest.mark.parametrize("times", [1.4, 1.8])
def test_no_banner_hides_the_head_of_a_body_that_fills_the_picture(faulty, times):
    near = enlarged(faulty, times)
    for banner in overlay_of(near)._banners:
        inside = (near.track.t_s >= banner.first) & (near.track.t_s <= banner.last)
        ears = near.track.points[inside, Joint.EAR.on(near.setting.side), :2]
        assert not _inside(ears, words.box_of(banner.plate(), banner.corner))


def test_findings_of_one_moment_stand_in_the_order_of_the_checks(faulty, monkeypatch):
    """Whichever of them was found first; the first is what is written large."""
    order = list(BENCH.labels())
    held = [found(faulty, check) for check in ("lowers-too-fast", "no-pause")]
    first = min(held, key=lambda f: order.index(f.check))
    shown = [stress_of(first, BENCH.look).text]
    for given in (held, held[::-1]):
        assert [*dict.fromkeys(drawn_words(monkeypatch, faulty, held[0].at_s, given))] == shown
    together = [b.finding.check for b in overlay_of(faulty)._banners if b.first == held[0].at_s]
    assert together == sorted(together, key=order.index)


def test_what_two_reps_are_told_alike_is_said_once(faulty):
    overlay = overlay_of(faulty)
    first, second = overlay._banners[:2]
    again = replace(second, finding=first.finding, first=first.first, last=first.last)
    overlay._banners = [first, again]
    plates = overlay._plates(frame_at(faulty, first.first + 0.1))
    assert len(plates) == 2  # the panel, and one banner


def test_the_curve_at_the_edge_marks_where_the_lowering_begins(faulty):
    trace = overlay_of(faulty)._trace
    assert [text for text, _ in trace._legend] == ["knee flexion", "◆ lowering"]
    assert trace._marks == [r.lower_s for r in faulty.report.reps]


def test_an_exercise_that_declares_nothing_is_drawn_as_well(faulty):
    plain = replace(faulty, exercise=replace(BENCH, look=Look()))
    blank = np.full((*SIZE[::-1], 3), 90, np.uint8)
    overlay = Overlay(plain.report, _unphased(plain), plain.setting, plain.track, plain.exercise)
    assert (overlay.draw(blank, 60) != blank).any()
    assert end_card(plain.report, plain.exercise, blank).shape == blank.shape


def _unphased(a: Analysis):
    return replace(a.curves, phase=tuple("rep" if n else "rest" for n in a.curves.rep))


def test_the_end_card_has_the_exercises_numbers_and_what_was_found_of_the_set(faulty):
    note = found(faulty, "no-pause").model_copy(
        update={"check": "uneven-tempo", "severity": "note", "at_s": None}
    )
    whole = faulty.report.set_.model_copy(update={"findings": (note,)})
    report = faulty.report.model_copy(update={"set_": whole})
    said = endcard._text(report, BENCH)
    assert said.heads == ("Rep", "Lowering", "Range", "What was seen")
    assert said.rows[0].numbers[1].endswith(" s") and "° ± " in said.rows[0].numbers[2]
    assert said.whole == (("note", "an uneven tempo"),)
    blank = np.full((360, 640, 3), 90, np.uint8)
    one, other = (end_card(r, BENCH, blank) for r in (report, faulty.report))
    assert (one != other).any()
    assert endcard.WHOLE == "Whole set"


def test_a_number_and_its_unit_stay_in_one_line():
    lines = words.wrapped("The lowering took 0.8 s; aim for 2 s or more.", 20, 185)
    assert all(not line.startswith("s") for line in lines) and len(lines) > 2
    assert words.wrapped("", 20, 100) == []
