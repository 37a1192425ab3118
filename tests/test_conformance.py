"""The conformance suite finds what it is there to find: one fault at a time is put in."""

from dataclasses import replace

import pytest
from athlete import NORDIC, Curl, perform
from demonstrations import nordic_curl

from formcheck.checks import Check, Limit
from formcheck.look import Phase
from formcheck.measures.measure import Measured
from formcheck.recognition import Criterion
from formcheck.sets import SetMeasure
from formcheck.testing import Conformance, Trial, at_rate, laws, page
from formcheck.testing.figure import FPS

TRIAL = Trial(NORDIC, nordic_curl)
CHECK = NORDIC.checks[1]
LIMIT = CHECK.limits[0]


def with_check(**changes):
    """The Nordic curl with its second check changed."""
    changed = replace(CHECK, **changes)
    return replace(NORDIC, checks=(NORDIC.checks[0], changed, *NORDIC.checks[2:]))


def with_limit(**changes):
    return with_check(limits=(replace(LIMIT, **changes),))


def with_cycle(**changes):
    return replace(NORDIC, cycle=replace(NORDIC.cycle, **changes))


def with_measure(**changes):
    return replace(NORDIC, measures=(replace(NORDIC.measures[0], **changes), *NORDIC.measures[1:]))


def names(exercise):
    return page.names(exercise, TRIAL.setting, [NORDIC])


def signals(exercise):
    return page.signals(exercise, TRIAL.setting)


@pytest.mark.parametrize(
    ("ask", "exercise", "said"),
    [
        (names, replace(NORDIC, name="Nordic Curl"), "small letters"),
        (names, replace(NORDIC, plural=NORDIC.title), "a title and a plural"),
        (names, replace(NORDIC, name="other"), "is called Nordic curl, Nordic curls as well"),
        (names, with_check(name="hips_pike"), "'hips_pike'"),
        (signals, replace(NORDIC, columns={**NORDIC.columns, "sinking": "s"}), "called s"),
        (signals, with_cycle(signal="heartbeat"), "heartbeat, which is no signal"),
        (page.cycle, with_cycle(counts=5.0), "leaves 10 < counts 5"),
        (page.cycle, with_cycle(returns=1.0), "returns is 1"),
        (page.cycle, with_cycle(longest_s=0.0), "longest_s is empty"),
        (page.measures, with_measure(source=""), "no source"),
        (
            page.measures,
            replace(NORDIC, look=replace(NORDIC.look, terms={})),
            "hip_break: look.terms lacks",
        ),
        (page.limits, with_limit(source=""), "hips-pike.hip_break has no source"),
        (page.limits, with_limit(fault=None, warning=None), "nothing can be beyond it"),
        (page.limits, with_limit(warning=25.0), "the fault has to be the farthest"),
        (page.limits, with_check(limits=(LIMIT, LIMIT)), "has two limits"),
        (page.sentences, with_limit(says="Folded by {valu:.0f}."), "{valu} is not put in"),
        (page.sentences, with_limit(says="Folded by {value:.0f}"), "is no sentence"),
        (page.sentences, with_limit(says="Folded more than 15°."), "writes 15 out"),
        (page.sentences, with_check(advice="Count to three on the way."), "writes three out"),
        (page.words, with_check(label="Hips."), "the label goes into a sentence"),
        (page.words, with_check(advice="Don't."), "is no sentence"),
        (page.words, with_check(good=NORDIC.checks[0].good), "praises in the same words"),
        (page.words, with_check(limits=()), "asks nothing"),
        (page.words, with_limit(kind="min"), "is early, but"),
        (page.recognition, replace(NORDIC, recognised=()), "recognises everything"),
        (
            page.recognition,
            replace(NORDIC, recognised=(Criterion(lambda rep: 0.0, "no", least=1),)),
            "does not say why",
        ),
    ],
)
def test_a_fault_of_the_page_is_found(ask, exercise, said):
    assert [p for p in ask(exercise) if said in p] != []


def test_a_page_without_a_fault_has_none():
    asked = (page.cycle, page.measures, page.limits, page.sentences, page.words, page.recognition)
    assert [p for ask in (*asked, names, signals) for p in ask(NORDIC)] == []


def made(**curl):
    """A demonstration of Nordic curls that all are done in one way."""
    return lambda *, reps, share: perform(*[Curl(**curl)] * reps).film(fps=24)


def test_a_demonstration_with_a_fault_is_found():
    assert any("folded" in p for p in laws.own_set(Trial(NORDIC, made(fold=45))))
    assert any("partial" in p for p in laws.own_set(Trial(NORDIC, made(bottom=45, breaks=None))))


def test_what_is_shown_and_never_happens_is_found():
    odd = Phase("float", "", "floating", ("top",), ("lower",))
    moments = {**NORDIC.moments, "top_s": "nowhere"}
    marks = {**NORDIC.marks, "nowhere": lambda rep: float("nan")}
    look = replace(NORDIC.look, phases=(*NORDIC.look.phases, odd))
    found = list(
        laws.shown(Trial(replace(NORDIC, look=look, moments=moments, marks=marks), nordic_curl))
    )
    assert found == [
        "the phase float lacks its words",
        "the phase float never happens in the demonstration",
        "top_s is told in no rep of the demonstration",
    ]
    assert list(laws.shown(TRIAL)) == []


def test_a_way_of_filming_that_changes_the_answer_is_found():
    other = at_rate(perform(Curl(), Curl(fold=45)).film(fps=FPS), 24)
    assert any("hips-pike" in p for p in laws.invariance(TRIAL, "otherwise", other))
    alone = perform(Curl(rest=15)).film(fps=24)
    assert any("2 done, 1 counted" in p for p in laws.invariance(TRIAL, "otherwise", alone))


def test_what_counts_a_part_of_another_movement_is_found():
    greedy = replace(with_cycle(leaves=3.0, counts=5.0, full=15.0), recognised=(), name="greedy")
    half = list(laws.half_done(Trial(greedy, nordic_curl)))
    assert any("10% of the way is counted" in p for p in half)
    assert any("25% of the way is called full" in p for p in half)
    assert any("as greedy" in p for p in laws.told_apart(TRIAL, [greedy]))


def test_a_measure_that_remembers_is_found():
    kept = []

    def longer(rep):
        kept.append(rep)
        return replace(NORDIC.measures[0].of(rep), value=float(len(kept)))

    trial = Trial(with_measure(of=longer), nordic_curl)
    assert list(laws.same_again(trial)) == ["judged again, the same set gives another report"]


def test_a_refusal_without_words_is_found():
    silent = with_measure(
        gates=tuple(replace(g, reason="") for g in NORDIC.measures[0].gates if hasattr(g, "reason"))
    )
    found = list(laws.refused_with_words(Trial(silent, nordic_curl)))
    assert any("eccentric_duration is refused: ''" in p for p in found)


def test_a_number_of_the_set_that_is_missing_without_words_is_found():
    def nothing(self, reps):
        return Measured(value=None, unit="1", uncertainty=78.0, status="ok", source="-")

    spread = SetMeasure("spread", "1", nothing, "-")
    look = replace(NORDIC.look, compared=())
    silent = replace(NORDIC, set_measures=(spread,), set_checks=(), look=look, programme=None)
    found = list(laws.refused_with_words(Trial(silent, nordic_curl)))
    assert any("spread is refused: None" in p for p in found)
    assert any("spread has no value and is not refused but ok" in p for p in found)


def test_advice_that_the_filming_guide_lacks_is_found():
    found = list(laws.refused_with_words(Trial(replace(NORDIC, tips=()), nordic_curl)))
    assert any("does not stand in its filming guide" in p for p in found)


def test_an_exercise_that_sees_reps_where_nobody_is_is_found():
    report = TRIAL.plain.report
    assert any("somebody is recognised" in p for p in laws._not_recognised("somebody", report))


def test_all_that_is_wrong_is_listed():
    class Broken(Conformance):
        exercise = with_check(advice="-", good="-", limits=(Limit("hip_break", "-"),))
        demonstrate = staticmethod(nordic_curl)

    with pytest.raises(AssertionError, match=r"(?s)- hips-pike: '-'.*"):
        Broken().test_every_check_has_its_words()
    with pytest.raises(AssertionError, match="has no source"):
        Broken().test_every_limit_has_a_source_and_ordered_levels()
    assert isinstance(Broken.exercise.checks[1], Check)
