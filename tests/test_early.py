"""What is said of a rep still open: in time, and never too much of it."""

from __future__ import annotations

import numpy as np
import pytest
from athlete import NORDIC, STEP, Curl, judged, made_rep, perform
from hypothesis import example, given, settings
from hypothesis import strategies as st

from formcheck.checks import SEVERITIES
from formcheck.session import Session, Warned
from formcheck.view import estimate

CLEAN = Curl()
SEEN_S = 0.05
"""What capture, pose model and drawing may take of a frame before the session has it (95 %)."""
SAID_S = 0.4
"""By when a fault that can be known early is to be said."""
SHOWN = {
    ("falls-too-fast", "early_fall"): (
        Curl(lower=1.0, breaks=8, drop=120),
        Curl(lower=0.5, breaks=5, drop=60),
    ),
    ("hips-pike", "hip_break"): (Curl(fold=35), Curl(lower=2.0, fold=30)),
}
"""Reps for each early limit."""


def happens(done, check, rep):
    """When a rep of a performance went beyond the check's early limit, by the angles that it was
    made of."""
    t = np.arange(rep.start, rep.bottom, STEP)
    lean, hip = (done.angles(t)[name] for name in ("lean", "hip"))
    if check == "hips-pike":
        so_far = hip - hip[0]
    else:
        so_far = STEP * np.cumsum((np.gradient(lean, STEP) > 30) & (90 - lean > 60))
    (limit,) = next(c for c in NORDIC.checks if c.name == check).early
    return float(t[np.argmax(so_far > limit.fault)])


def warnings(track):
    """(when its frame came, warning) of a whole set."""
    session = Session(NORDIC, estimate(track).model_copy(update={"clock": "known"}))
    return [(pose.t, e) for pose in track for e in session.push(pose) if isinstance(e, Warned)]


def test_a_rep_is_shown_for_every_limit_that_speaks_early():
    early = {(c.name, limit.measure) for c in NORDIC.checks for limit in c.early}
    assert early == set(SHOWN)


@pytest.mark.parametrize("fps, noise", [(24, 1.2), (30, 0.0), (60, 1.2)])
@pytest.mark.parametrize("check, measure", SHOWN)
def test_what_can_be_known_early_is_said_in_time(check, measure, fps, noise):
    acts = SHOWN[check, measure]
    done = perform(CLEAN, *acts)
    told = warnings(done.film(fps=fps, noise=noise, seed=3))
    first = reversed([(t, w) for t, w in told if w.finding.check == check])
    of_it = {w.rep: (t, w.finding.measure) for t, w in first}
    assert {n: which for n, (_, which) in of_it.items()} == {2: measure, 3: measure}
    late = [of_it[n][0] - happens(done, check, done.reps[n - 1]) for n in of_it]
    assert max(late) <= SAID_S - SEEN_S, late


@pytest.mark.parametrize("measure", [m for m in NORDIC.measures if m.glance], ids=lambda m: m.name)
@pytest.mark.parametrize("under_way", [False, True])
def test_a_glance_is_the_value_itself(measure, under_way):
    t = np.arange(0, 3, 1 / 30)
    courses = {"knee_flexion": 90 - 60 * np.clip(t - 1.5, 0, 1), "hip_flexion": 25 * np.sin(t)}
    rep = made_rep(t, open=under_way, begins=1.0, **courses)
    assert measure.glance(rep) == measure.of(rep).value > 0


falls = st.builds(
    Curl,
    lower=st.floats(0.5, 3.0),
    breaks=st.floats(8.0, 28.0),
    drop=st.floats(60.0, 250.0),
    fold=st.sampled_from([0.0, 0.0, 14.0, 18.0, 30.0]),
)


@settings(deadline=None, max_examples=3)
@given(st.lists(falls, min_size=2, max_size=2), st.sampled_from([24, 30]), st.integers(0, 99))
@example([Curl(lower=1.77, breaks=20.622, drop=137.99, fold=18.0), CLEAN], 24, 50)
def test_no_more_is_said_early_than_the_whole_rep_holds(acts, fps, seed):
    """The closed rep's own measure has reached what was said of the open one, and no finding of it
    is milder than what was said."""
    session, report = judged(perform(CLEAN, *acts).film(fps=fps, noise=1.0, seed=seed))
    reps = {r.number: r for r in report.reps}
    for warned in (e for e in session.events if isinstance(e, Warned)):
        rep, said = reps[warned.rep], warned.finding
        if rep.kind == "full":
            assert rep.measures[said.measure].value >= said.value - 0.01  # both are rounded
        (found,) = [f for f in rep.findings if f.check == said.check]
        assert SEVERITIES.index(found.severity) <= SEVERITIES.index(said.severity)


@pytest.mark.parametrize("fps", [24, 30])
def test_who_lowers_well_is_not_interrupted(fps):
    done = perform(CLEAN, Curl(fold=9), Curl(breaks=None, lower=6))
    assert warnings(done.film(fps=fps, noise=1.2, seed=fps)) == []
