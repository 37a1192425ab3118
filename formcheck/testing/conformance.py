"""The suite that every exercise passes, for pytest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from formcheck.exercise import Exercise
from formcheck.exercises import EXERCISES
from formcheck.testing import documented, laws, page
from formcheck.testing.trial import Demonstration, Trial


def _none(problems: Iterable[str]) -> None:
    found = list(dict.fromkeys(problems))
    assert not found, "\n" + "\n".join(f"- {problem}" for problem in found)


class Conformance:
    """Inherit, give the exercise and its demonstration, and pytest collects the tests.

    A failed test lists all that is wrong, in words.
    """

    exercise: ClassVar[Exercise]
    demonstrate: ClassVar[Demonstration]
    """A static method: makes a set that is done well."""
    others: ClassVar[Sequence[Exercise]] = tuple(EXERCISES.values())
    """The exercises that it has to be told from."""
    _kept: ClassVar[Trial]

    @property
    def trial(self) -> Trial:
        """The demonstration, judged once for all tests of the class."""
        suite = type(self)
        if "_kept" not in vars(suite):
            suite._kept = Trial(suite.exercise, suite.demonstrate)
        return suite._kept

    # --- the page

    def test_names_have_one_form_and_are_its_own(self) -> None:
        _none(page.names(self.exercise, self.trial.setting, self.others))

    def test_what_it_refers_to_is_measured(self) -> None:
        _none(page.signals(self.exercise, self.trial.setting))

    def test_the_cycle_makes_sense(self) -> None:
        _none(page.cycle(self.exercise))

    def test_every_number_has_a_unit_a_source_and_words(self) -> None:
        _none(page.measures(self.exercise))

    def test_every_limit_has_a_source_and_ordered_levels(self) -> None:
        _none(page.limits(self.exercise))

    def test_every_sentence_can_be_said_under_any_limit(self) -> None:
        _none(page.sentences(self.exercise))

    def test_every_check_has_its_words(self) -> None:
        _none(page.words(self.exercise))

    def test_every_criterion_can_speak_against_a_rep(self) -> None:
        _none(page.recognition(self.exercise))

    # --- what stands of it on the page of numbers and checks

    def test_every_number_says_what_it_is_and_how_it_is_found(self) -> None:
        _none(documented.definitions(self.exercise))

    def test_formulas_speak_of_what_is_told(self) -> None:
        _none(documented.formulas(self.exercise))

    def test_what_is_not_always_asked_says_when(self) -> None:
        _none(documented.conditions(self.exercise))

    def test_every_source_leads_somewhere(self) -> None:
        _none(documented.sources(self.exercise))

    def test_something_becomes_of_every_cue(self) -> None:
        _none(documented.cues(self.exercise))

    # --- the laws

    def test_its_own_set_is_recognised_and_clean(self) -> None:
        _none(laws.own_set(self.trial))

    def test_what_is_shown_of_it_happens(self) -> None:
        _none(laws.shown(self.trial))

    def test_however_it_is_filmed_the_set_is_the_same(self) -> None:
        every = laws.ways(self.trial).items()
        _none(p for way, track in every for p in laws.invariance(self.trial, way, track))

    def test_what_is_half_done_is_not_called_whole(self) -> None:
        _none(laws.half_done(self.trial))

    def test_no_other_exercise_counts_it(self) -> None:
        _none(laws.told_apart(self.trial, self.others))

    def test_what_has_been_said_is_never_taken_back(self) -> None:
        _none(laws.never_taken_back(self.trial))

    def test_the_same_poses_give_the_same_report(self) -> None:
        _none(laws.same_again(self.trial))

    def test_nothing_seen_is_not_recognised_and_said(self) -> None:
        _none(laws.nothing_seen(self.trial))

    def test_what_cannot_be_told_is_refused_with_words(self) -> None:
        _none(laws.refused_with_words(self.trial))

    def test_the_report_is_strict_json(self) -> None:
        _none(laws.strict(self.trial.plain.report))
