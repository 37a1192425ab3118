"""Counting: what is a rep, of which kind, when, and what is not."""

from collections import Counter
from itertools import pairwise

import athlete
import numpy as np
import pytest
from athlete import NORDIC, STRAIGHT, Curl, Hold, Move, perform
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.cycle import first_motion
from formcheck.reps import (
    TRANSITIONS,
    Dismissed,
    Phase,
    PhaseChanged,
    RepCounted,
    RepCounter,
    RepFinished,
)
from formcheck.smoothing import Sample, local_quadratic

NAMES = {"thigh_lean": 0, "body_lean": 1}
CONTROLLED = Curl(breaks=None)
"""Lowered under control all the way, the hands land softly."""


def counter(**changes) -> RepCounter:
    """A counter of Nordic curls that dismisses nothing."""
    told = {"dismisses": lambda rep: (), "setting": athlete.setting(), **changes}
    return RepCounter(NORDIC.cycle, NAMES, **told)


def samples(t, thigh, body=None):
    """What the smoother would hand to the counter."""
    both = np.stack([thigh, thigh if body is None else body], 1).astype(float)
    value, rate = local_quadratic(t, both, 0.15)
    return [
        Sample(at, v, r, w, np.ones(2)) for at, v, r, w in zip(t, value, rate, both, strict=True)
    ]


def counted(*acts, fps=30, **film):
    """The events of a counter that is fed the true leans of what was done."""
    done = perform(*acts)
    t = np.arange(film.get("first", 0.0), film.get("last", done.seconds), 1 / fps)
    a = done.angles(t)
    return run(counter(), samples(t, a["lean"], athlete.body_lean(a["lean"], a["hip"]))), done


def run(machine, stream):
    events = [e for s in stream for e in machine.push(s)]
    return events + machine.close()


def reps(events):
    return [e.rep for e in events if isinstance(e, RepFinished)]


def kinds(events):
    return [r.kind for r in reps(events)]


def path(*knots, fps=30):
    """Straight lines through (seconds, degrees) knots, at the frames of a clip."""
    seconds, degrees = np.array(knots, float).T
    t = np.arange(0, seconds[-1], 1 / fps)
    return t, np.interp(t, seconds, degrees)


# --- the specification's own test (0.5)


def specification_set():
    """Three times 0-60-0, 4 s down, 2 s up, 1 s holds; swaying by 8 degrees in between."""
    knots, t = [(0, 0)], 1.0
    for _ in range(3):
        knots += [
            (t, 0),
            (t + 4, 60),
            (t + 5, 60),
            (t + 7, 0),
            (t + 8, 0),
            (t + 8.5, 8),
            (t + 9, 0),
        ]
        t += 10
    return path(*knots, (t + 1, 0))


def test_three_are_three_and_the_swaying_is_none():
    t, lean = specification_set()
    events = run(counter(), samples(t, lean))
    assert [r.counted for r in reps(events)] == [True] * 3
    assert [e.number for e in events if isinstance(e, RepCounted)] == [1, 2, 3]
    for rep, start in zip(reps(events), (1, 11, 21), strict=True):
        assert rep.start == pytest.approx(
            start, abs=0.15
        )  # the rate over +-0.25 s sees the kink early
        assert rep.bottom == pytest.approx(start + 4, abs=0.15)
        assert rep.end == pytest.approx(start + 7 - 0.2, abs=0.15)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from([15, 24, 30, 60]), st.floats(0, 1.5))
def test_three_are_three_in_noise_and_at_any_frame_rate(seed, fps, noise):
    t, lean = specification_set()
    at = np.arange(0, t[-1], 1 / fps)
    jitter = np.random.default_rng(seed).normal(0, noise, len(at))
    setting = athlete.setting(frame_s=1 / fps)
    events = run(counter(setting=setting), samples(at, np.interp(at, t, lean) + jitter))
    assert [e.number for e in events if isinstance(e, RepCounted)] == [1, 2, 3]


# --- the table of transitions

SETS = {
    "a clean set": specification_set(),
    "sinking back on the way up": path((0, 0), (1, 0), (4, 75), (5, 50), (6, 80), (9, 0), (11, 0)),
    "the next before the return": path((0, 0), (1, 0), (4, 75), (6, 30), (9, 78), (12, 0), (14, 0)),
    "an attempt": path((0, 0), (1, 0), (2.5, 15), (4, 0), (7, 0)),
    "cut off while lying": path((0, 0), (1, 0), (4, 75), (5, 75)),
    "cut off on the way up": path((0, 0), (1, 0), (4, 75), (5, 75), (6.5, 30)),
    "cut off at rest": path((0, 0), (1, 0), (2, 0)),
    "another posture for good": path((0, 0), (1, 0), (2, 14), (9, 14)),
    "lying for two minutes": path((0, 0), (1, 0), (4, 80), (120, 80)),
    "half up for two minutes": path((0, 0), (1, 0), (4, 80), (6, 25), (120, 25)),
}


def test_every_phase_knows_what_can_happen_in_it():
    assert {p for p, _ in TRANSITIONS} == set(Phase)
    assert set(TRANSITIONS.values()) == set(Phase)
    happenings = {h for _, h in TRANSITIONS}
    assert happenings == {
        "left", "gave up", "turned", "sank back", "closed", "next began", "lost"
    }  # fmt: skip
    assert {p for p, h in TRANSITIONS if h == "lost"} == set(Phase)


def test_every_transition_is_reached_and_none_beside_the_table(monkeypatch):
    """`lost` at rest changes nothing and is silent: every other row must be seen."""
    went = Counter()
    plain = RepCounter._go

    def watched(self, happening, at, said):
        went[self.phase, happening] += 1
        return plain(self, happening, at, said)

    monkeypatch.setattr(RepCounter, "_go", watched)
    for t, lean in SETS.values():
        run(counter(), samples(t, lean))
    assert set(went) == set(TRANSITIONS) - {(Phase.REST, "lost")}


@pytest.mark.parametrize("name", SETS)
def test_phases_follow_each_other_in_time_and_reps_end_at_rest(name):
    machine = counter()
    events = run(machine, samples(*SETS[name]))
    changes = [e for e in events if isinstance(e, PhaseChanged)]
    assert all(e.at <= e.said for e in events)
    said = [e.said for e in events]
    assert said == sorted(said)
    for before, after in pairwise(changes):
        assert before.phase is not after.phase or "next" in name
    assert machine.phase is Phase.REST


# --- when

tempo = st.floats(1.5, 4.5)


@settings(deadline=None, max_examples=20)
@given(tempo, st.floats(0.8, 5.0), st.floats(70, 88), st.floats(1.5, 4.0))
def test_moments_are_those_of_the_truth(lower, rest, bottom, up):
    events, done = counted(Curl(rest=rest + 1, lower=lower, bottom=bottom, up=up))
    (rep,) = reps(events)
    (truth,) = done.reps
    assert rep.start == pytest.approx(truth.start, abs=0.1)
    assert rep.bottom == pytest.approx(truth.bottom, abs=0.1)
    assert rep.end == pytest.approx(truth.end, abs=0.1)
    assert rep.begins == rep.start


@pytest.mark.parametrize("fps", [24, 30, 60, 120])
def test_the_bottom_is_the_first_sample_within_a_degree_of_the_deepest(fps):
    events, done = counted(Curl(), fps=fps)
    (rep,) = reps(events)
    deepest = np.nanmax(rep["body_lean"])
    first = rep.t[rep["body_lean"] >= deepest - 1][0]
    assert rep.bottom == first
    assert rep.bottom == pytest.approx(done.reps[0].bottom, abs=0.05)


def test_a_rep_carries_half_a_second_before_and_after_and_the_count_does_not_wait_for_it():
    events, _ = counted(Curl(), Curl())
    for rep in reps(events):
        assert rep.t[0] == pytest.approx(rep.begins - 0.5, abs=0.04)
        assert rep.t[-1] == pytest.approx(rep.until + 0.5, abs=0.04)
    said = [(e.said, e.at) for e in events if isinstance(e, RepCounted)]
    handed = [e.said for e in events if isinstance(e, RepFinished)]
    for (counted_at, ended), judged_at in zip(said, handed, strict=True):
        assert judged_at >= ended + 0.5 - 1e-9
        assert counted_at <= judged_at


def test_lying_on_the_floor_does_not_stretch_the_lowering():
    short, _ = counted(Curl(floor=0.3))
    long, _ = counted(Curl(floor=9.0))
    assert kinds(long) == ["full"]
    assert reps(long)[0].bottom == pytest.approx(reps(short)[0].bottom, abs=0.04)


# --- of which kind

ONE = {
    "down to the floor and back": ([CONTROLLED], ["full"]),
    "with a drop": ([Curl()], ["full"]),
    "half way down and back": ([Curl(breaks=None, bottom=45, hands=None)], ["partial"]),
    "down to 21 degrees": ([Curl(lower=2, breaks=None, bottom=22, hands=None)], ["partial"]),
    "an attempt of 15 degrees": (
        [Curl(lower=1.5, breaks=None, bottom=15, hands=None)],
        ["attempt"],
    ),
    "a slow attempt of 15 degrees": ([Curl(breaks=None, bottom=15, hands=None)], ["attempt"]),
    "a slow attempt of 18 degrees": ([Curl(breaks=None, bottom=18, hands=None)], ["attempt"]),
    "not back up before the clip ends": ([Curl(ends=40)], ["no-return"]),
    "not back up before the next": ([Curl(ends=35), Curl()], ["no-return", "full"]),
    "the next begins a little before the return": (
        [Curl(ends=12), Curl(rest=0.1), Curl(rest=0.1)],
        ["full"] * 3,
    ),
    "without any rest between": ([Curl(), Curl(rest=0.01), Curl(rest=0.01)], ["full"] * 3),
    "a pause of two seconds while lowering": (
        [Hold(2), Move(2, lean=35), Hold(2), Move(2, lean=82), Move(2.5, lean=0)],
        ["full"],
    ),
    "pumping from 40 up to 30 and down to 80": (
        [Hold(2), Move(2, lean=40), Move(0.8, lean=30), Move(2, lean=80), Move(2.5, lean=0)],
        ["full"],
    ),
    "sinking back to the floor on the way up": (
        [Hold(2), Move(3, lean=82), Move(1, lean=55), Move(1, lean=82), Move(2.5, lean=0)],
        ["full"],
    ),
    "twenty seconds on the floor": ([Curl(floor=20)], ["full"]),
    "swaying by 8 degrees before and after": (
        [*athlete.WOBBLE * 3, Curl(), *athlete.WOBBLE * 3],
        ["full"],
    ),
}


@pytest.mark.parametrize("what", ONE)
def test_kinds(what):
    acts, wanted = ONE[what]
    events, _ = counted(*acts)
    assert kinds(events) == wanted
    assert [r.number for r in reps(events) if r.counted] == [
        i + 1 for i in range(sum(k != "attempt" for k in wanted))
    ]
    assert all(r.number is None for r in reps(events) if not r.counted)


def test_a_clip_that_begins_in_the_lowering_has_no_start():
    done = perform(Curl(rest=1), Curl())
    late = done.reps[0].start + 2
    events, _ = counted(Curl(rest=1), Curl(), first=late)
    first, second = reps(events)
    assert np.isnan(first.start)
    assert first.begins == pytest.approx(late, abs=0.05)
    assert first.kind == "full"
    assert second.start == pytest.approx(done.reps[1].start, abs=0.1)


@pytest.mark.parametrize(
    ("seconds", "kind"),
    [("while lowering", "no-return"), ("lying", "no-return"), ("nearly up", "full")],
)
def test_a_clip_that_ends_in_a_rep(seconds, kind):
    done = perform(Curl())
    truth = done.reps[0]
    last = {
        "while lowering": truth.breaks - 0.3,
        "lying": truth.bottom + 0.3,
        "nearly up": truth.end + 0.1,
    }[seconds]
    events, _ = counted(Curl(), last=last)
    assert kinds(events) == [kind]
    assert reps(events)[0].t[-1] <= last


def test_a_rise_that_came_back_by_less_than_four_fifths_did_not_return():
    for ends, kind in ((26.0, "no-return"), (6.0, "full")):
        assert kinds(counted(Curl(ends=ends))[0]) == [kind]


# --- what is no rep


@pytest.mark.parametrize("what", athlete.OTHER_MOVEMENTS)
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_other_movements_are_not_recognised(what, noise):
    track = perform(*athlete.OTHER_MOVEMENTS[what]).film(noise=noise, seed=5)
    session, report = athlete.judged(track)
    assert not report.recognised
    assert report.set_.reps == 0
    assert report.reps == ()
    assert not [e for e in session.events if isinstance(e, RepCounted)]
    (why,) = report.not_assessed
    assert len(why.reason) > 20
    assert report.verdict.status == "not-assessed"


def test_getting_into_position_and_standing_up_do_not_disturb_the_set():
    whole = perform(*athlete.KNEEL_DOWN, Curl(), Curl(), *athlete.STAND_UP)
    _, report = athlete.judged(whole.film())
    assert [r.kind for r in report.reps] == ["full", "full"]
    for rep, truth in zip(report.reps, whole.reps, strict=True):
        assert rep.start_s == pytest.approx(truth.start, abs=0.1)
        assert rep.end_s == pytest.approx(truth.end, abs=0.1)
    assert athlete.findings(report) == []


@pytest.mark.parametrize("between", [athlete.SIT_BACK, athlete.WOBBLE * 2, (Hold(14.0),)])
def test_what_is_done_between_reps_is_none(between):
    done = perform(Curl(), *between, Curl())
    _, report = athlete.judged(done.film())
    assert [r.kind for r in report.reps if r.counted] == ["full", "full"]
    for rep, truth in zip([r for r in report.reps if r.counted], done.reps, strict=True):
        assert rep.start_s == pytest.approx(truth.start, abs=0.1)


def test_a_dismissed_movement_is_said_with_its_reason_and_does_not_count():
    machine = counter(dismisses=lambda rep: ("It was a wave.",))
    events = run(machine, samples(*SETS["a clean set"]))
    assert [e.reasons for e in events if isinstance(e, Dismissed)] == [("It was a wave.",)] * 3
    assert reps(events) == []
    assert machine.count == 0


def test_a_dismissed_movement_is_said_where_the_clip_has_it_though_it_began_before():
    done, machine = perform(Curl()), counter(dismisses=lambda rep: ("It was a wave.",))
    t = np.arange(2.5, done.seconds, 1 / 30)  # in the midst of the lowering
    events = run(machine, samples(t, done.angles(t)["lean"]))
    (said,) = [e for e in events if isinstance(e, Dismissed)]
    assert said.at == pytest.approx(2.5, abs=0.1) and said.at < said.said


# --- lost sight, and memory


def test_short_losses_of_sight_change_nothing():
    t, lean = specification_set()
    stream = samples(t, lean)
    gone = np.random.default_rng(4).random(len(t)) < 0.10
    nothing = np.full(2, np.nan)
    holes = [Sample(s.t, nothing, nothing, nothing, nothing) if g else s
             for s, g in zip(stream, gone, strict=True)]  # fmt: skip
    whole, broken = (reps(run(counter(), x)) for x in (stream, holes))
    assert [r.kind for r in broken] == [r.kind for r in whole]
    for a, b in zip(whole, broken, strict=True):
        assert (a.start, a.bottom, a.end) == pytest.approx((b.start, b.bottom, b.end), abs=0.1)


def test_nothing_seen_is_nothing_said():
    t = np.arange(300) / 30
    assert run(counter(), samples(t, np.full(300, np.nan))) == []
    assert counter().close() == []


def test_ten_minutes_of_rest_are_not_remembered():
    machine = counter()
    nudge = np.array([0.3, 0.3])
    kept = []
    for i in range(10 * 60 * 10):
        value = nudge * (i % 2)
        machine.push(Sample(i / 10, value, 0 * value, value, np.ones(2)))
        kept.append(len(machine._kept))
    assert max(kept) <= 10 * (NORDIC.cycle.looks_back_s + 3)
    assert max(kept[-600:]) == max(kept[600:1200])


def test_straight_is_what_the_athlete_calls_straight():
    """The leans that these tests feed are of one line from knee to shoulder and a slight bend."""
    assert athlete.body_lean(np.array([0.0]), np.array([0.0]))[0] == pytest.approx(0.0)
    assert 0 < athlete.body_lean(np.array([0.0]), np.array([STRAIGHT]))[0] < STRAIGHT


@pytest.mark.parametrize(("pause", "begins"), [(0.0, 2.0), (0.35, 2.0), (1.0, 3.6)])
def test_a_dip_of_the_rate_is_no_rest_and_a_pause_is_one(pause, begins):
    """A lowering of 10 deg/s from 2 s on, that stands still from 2.6 s, at 6 degrees."""
    t, thigh = path((0, 0), (2, 0), (2.6, 6), (2.6 + pause, 6), (3.2 + pause, 12), fps=30)
    place, seen = first_motion(NORDIC.cycle, t, thigh, 0.0, 1 / 30)
    assert seen
    assert t[place] == pytest.approx(begins, abs=0.15)
