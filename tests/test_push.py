"""How the arms push the body back up (nordic-curl.md 4)."""

import athlete
import numpy as np
import pytest
from athlete import Curl, made_rep, perform

from formcheck.measures import push

RELEASE = 5.25


def rising(t=None, **told):
    """Lies at 85 degrees until 5 s, is pushed to 70 by 5.25 s while the elbow opens from 110 to 50,
    rises on to 5 at the same speed."""
    t = np.arange(0, 8, 1 / 60) if t is None else t
    lean = np.interp(t, [1, 4, 5, RELEASE, RELEASE + 65 / 60], [5, 85, 85, 70, 5])
    elbow = np.interp(t, [5, RELEASE], [110, 50])
    marks = {"catch": 3.9, "release": RELEASE, "release_sd": 0.03, **told.pop("marks", {})}
    whole = {"start": 1.0, "begins": 1.0, "bottom": 4.0, "end": RELEASE + 65 / 60} | told
    return made_rep(t, body_lean=lean, elbow_flexion=elbow, marks=marks, **whole)


def test_the_share_of_the_way_is_that_of_the_specification():
    """85 degrees at the bottom, 70 at the release, 5 at the end: 0.188."""
    value = push.push_angle_fraction("body_lean")(rising())
    assert value.value == pytest.approx(0.188, abs=0.01)
    assert 0.01 < value.uncertainty < 0.12


def test_where_and_how_fast_the_hands_let_go():
    lean = push.release_lean("body_lean")(rising())
    assert lean.value == pytest.approx(70, abs=1.5)
    assert lean.uncertainty > lean.within > 0
    speed = push.release_velocity("body_lean")(rising())
    assert speed.value == pytest.approx(60, abs=6)
    assert abs(speed.value - 60) < speed.uncertainty < 20
    assert lean.at == speed.at == RELEASE


def test_a_body_that_is_not_seen_as_the_hands_let_go_has_no_speed():
    rep = rising()
    hidden = np.abs(rep.t - RELEASE) < 1.0
    unseen = made_rep(
        rep.t,
        body_lean=np.where(hidden, np.nan, rep["body_lean"]),
        marks=rep.marks,
        start=rep.start, begins=rep.begins, bottom=rep.bottom, end=rep.end,
    )  # fmt: skip
    assert np.isnan(push.release_velocity("body_lean")(unseen).value)


def test_how_far_and_how_fast_the_elbow_opens():
    way = push.elbow_excursion_push("elbow_flexion")(rising())
    assert way.value == pytest.approx(60, abs=6)
    assert way.uncertainty > 10
    fastest = push.elbow_ext_velocity_in_push("elbow_flexion")(rising())
    assert fastest.value == pytest.approx(240, abs=25)
    assert 5.0 < fastest.at < RELEASE


def test_a_release_that_may_have_been_another_instant_widens_the_interval():
    for measure in (push.release_lean("body_lean"), push.push_angle_fraction("body_lean")):
        sure = measure(rising())
        doubtful = measure(rising(marks={"release_otherwise": RELEASE + 0.3}))
        assert doubtful.value == sure.value
        assert doubtful.uncertainty > 1.5 * sure.uncertainty


EVERY = (
    push.release_lean("body_lean"),
    push.release_velocity("body_lean"),
    push.elbow_excursion_push("elbow_flexion"),
    push.elbow_ext_velocity_in_push("elbow_flexion"),
)


@pytest.mark.parametrize("measure", EVERY)
def test_hands_that_did_not_push_or_were_not_seen_to_let_go_have_no_release(measure):
    never = measure(rising(marks={"catch": np.nan, "release": np.nan}))
    unseen = measure(rising(marks={"release": np.nan}))
    assert np.isnan([never.value, unseen.value]).all()
    assert (never.reason, unseen.reason) == (push.NO_PUSH, push.NO_RETURN)


def test_no_way_is_pushed_by_hands_that_never_landed():
    share = push.push_angle_fraction("body_lean")
    never = share(rising(marks={"catch": np.nan, "release": np.nan}))
    assert (never.value, never.uncertainty) == (0.0, 0.05)  # a touch may be too brief to be seen
    assert np.isnan(share(rising(marks={"release": np.nan})).value)
    assert np.isnan(share(rising(end=np.nan)).value)


def test_an_elbow_that_is_lost_in_the_push_is_not_guessed():
    t = np.arange(0, 8, 1 / 60)
    rep = rising(t)
    lost = made_rep(
        t, body_lean=rep["body_lean"], elbow_flexion=np.where(t > 3.5, np.nan, 110.0),
        marks=rep.marks, start=1.0, begins=1.0, bottom=4.0,
    )  # fmt: skip
    for measure in EVERY[2:]:
        assert measure(lost).reason == push.NO_ELBOW
        assert np.isnan(measure(lost).value)


def test_the_push_of_a_whole_film():
    """Measured where pushing back is on purpose as well: there it is only not judged."""
    track = perform(Curl()).film()
    for mode in ("eccentric-concentric", "eccentric-only"):
        _, report = athlete.judged(track, mode=mode)
        told = report.reps[0].measures
        for name in ("release_lean", "push_angle_fraction", "release_velocity"):
            assert told[name].value is not None
            assert told[name].at_s == report.reps[0].release_s


def test_an_elbow_seen_obliquely_is_refused_with_what_to_change():
    _, report = athlete.judged(perform(Curl()).film(yaw=25))
    one = report.reps[0].measures["elbow_excursion_push"]
    assert (one.status, one.value) == ("refused", None)
    assert "camera" in (one.what_to_change or "")
