"""One suite that every exercise passes."""

import re
from dataclasses import fields, replace

import athlete
import numpy as np
import pytest
from athlete import Curl, perform

from formcheck.checks import Check, Limit
from formcheck.errors import UsageError
from formcheck.exercises import DEFAULT, EXERCISES, named
from formcheck.measures.measure import Measured
from formcheck.session import Session
from formcheck.signals import Body, Hidden, measured
from formcheck.view import estimate

SETS = {"nordic-curl": perform(Curl(), Curl(), Curl())}
"""A set of each exercise, made by construction."""
UNITS = {"deg", "thigh"}
every = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
checks = pytest.mark.parametrize(
    ("exercise", "check"),
    [pytest.param(e, c, id=f"{e.name} {c.name}") for e in EXERCISES.values() for c in e.checks],
)
limits = pytest.mark.parametrize(
    ("check", "limit"),
    [
        pytest.param(c, limit, id=f"{e.name} {c.name} {limit.measure}")
        for e in EXERCISES.values()
        for c in e.checks
        for limit in c.limits
    ],
)


def names_of(exercise):
    return list(exercise.signals(athlete.setting()))


def test_every_exercise_has_a_set_to_be_tried_on():
    assert set(SETS) == set(EXERCISES)
    assert DEFAULT in EXERCISES


@every
def test_names(exercise):
    assert EXERCISES[exercise.name] is exercise is named(exercise.name)
    things = [exercise.name, *(c.name for c in exercise.checks)]
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", n) for n in things)
    inner = [*names_of(exercise), *(m.name for m in exercise.measures)]
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", n) for n in inner)
    for group in (exercise.checks, exercise.measures):
        assert len({x.name for x in group}) == len(group)
    assert exercise.title
    assert exercise.plural != exercise.title


def test_an_exercise_that_there_is_not_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match=r"juggling.*nordic-curl"):
        named("juggling")


@every
def test_what_it_refers_to_exists(exercise):
    signals = names_of(exercise)
    assert set(exercise.columns) <= set(signals)
    assert len(set(exercise.columns.values())) == len(exercise.columns)
    values = {name: np.zeros(5) for name in signals}
    for told in (exercise.uncertainties, exercise.uncertainties_within_set):
        spread = told(athlete.setting(), values)
        assert set(spread) <= set(exercise.columns)
        assert {half.shape for half in spread.values()} == {(5,)}
    assert {exercise.cycle.signal, exercise.cycle.depth} <= set(signals)
    measures = {m.name for m in exercise.measures}
    assert {limit.measure for c in exercise.checks for limit in c.limits} <= measures
    assert {exercise.tempo, exercise.headline} <= measures


@every
def test_columns_carry_their_unit(exercise):
    units = {n: s.unit for n, s in exercise.signals(athlete.setting()).items()}
    assert set(units.values()) <= UNITS
    for signal, column in exercise.columns.items():
        assert column == f"{signal}_{units[signal]}"


@every
def test_the_cycle_makes_sense(exercise):
    c = exercise.cycle
    assert 0 < c.leaves < c.counts < c.full
    assert 0 < c.returns < 1
    assert 0 < c.bottom_within < c.ends_within
    assert all(getattr(c, f.name) for f in fields(c))


@every
def test_every_number_has_a_source_and_a_unit(exercise):
    for measure in exercise.measures:
        assert measure.source, measure.name
        assert measure.unit, measure.name


@limits
def test_every_limit_has_a_source_and_a_meaning(check, limit):
    assert limit.source
    levels = [x for x in (limit.fault, limit.warning, limit.note) if x is not None]
    assert levels, "a limit that nothing can be beyond"
    assert levels == sorted(levels, reverse=limit.kind == "max"), "a fault is the farthest"
    assert limit.kind in ("max", "min")


@limits
def test_every_sentence_can_be_said(check, limit):
    for value in (0.0, -12.345, 0.66, 123.456):
        text = limit.says.format(value=value, limit=value, uncertainty=1.0, aim=value)
        assert text.strip().endswith(".")
        assert text[0].isupper() or text[0].isdigit()
        assert "{" not in text
        assert "nan" not in text
    assert limit.severity(Measured(value=None, unit="-", status="refused", source="-")) is None


@checks
def test_every_check_has_words(exercise, check):
    assert len(check.label) > 5
    assert not check.label.endswith(".")
    for text in (check.advice, check.good):
        assert len(text) > 15
        assert text.endswith(".")
    assert check.limits
    assert set(check.kinds) <= {"full", "partial", "no-return", "attempt"}
    assert check.kinds
    said = [c.good for c in exercise.checks]
    assert len(set(said)) == len(said)


@every
def test_what_may_speak_early_can_only_grow(exercise):
    """A warning on an open rep may only rest on a greatest value, never on a mean or a least."""
    for check in exercise.checks:
        if check.early:
            assert all(limit.kind == "max" for limit in check.limits), check.name


@every
def test_signals_are_finite_and_independent_of_the_way_they_are_asked(exercise):
    track = SETS[exercise.name].film(fps=10)
    setting = estimate(track)
    signals = exercise.signals(setting)
    body = Body(track.points, track.visibility, setting.side, setting.facing)
    values, seen = measured(signals, body)
    assert values.shape == seen.shape == (len(track), len(signals))
    told = np.array([not isinstance(signal, Hidden) for signal in signals.values()])
    assert np.isfinite(values[:, told]).all() and np.isnan(values[:, ~told]).all()
    assert ((seen >= 0) & (seen <= 1)).all()


@every
@pytest.mark.parametrize("film", [{}, {"mirror": True}, {"noise": 0.8, "seed": 1}, {"yaw": 12}])
def test_it_recognises_its_own_set(exercise, film):
    done = SETS[exercise.name]
    track = done.film(**film)
    session = Session(exercise, estimate(track))
    for pose in track:
        session.push(pose)
    report = session.close()
    assert report.recognised
    assert report.exercise == exercise.name
    assert report.set_.reps == len(done.reps)
    assert all(m.value is not None for r in report.reps for m in r.measures.values())
    assert not [f for r in report.reps for f in r.findings if f.severity == "fault"]


@every
def test_every_criterion_can_speak_against_a_rep_and_says_why(exercise):
    t = np.arange(0, 3, 0.1)
    rep = athlete.made_rep(t)
    for criterion in exercise.recognised:
        assert criterion.least < criterion.most
        beyond = criterion.most + 1 if np.isfinite(criterion.most) else criterion.least - 1
        outside = replace(criterion, figure=lambda rep, value=beyond: value)
        assert len(outside.against(rep)) > 15
        assert "{" not in outside.against(rep)
        assert replace(criterion, figure=lambda rep: np.nan).against(rep) is None


@every
def test_an_inconsistent_one_is_refused_with_all_that_is_wrong(exercise):
    ghost = Check("c", "c", (Limit("ghost", "-"),), "-", "-")
    with pytest.raises(ValueError, match=r"ghost.*two measures.*two checks"):
        replace(
            exercise,
            measures=exercise.measures + exercise.measures[:1],
            checks=(*exercise.checks, ghost, ghost),
        )
