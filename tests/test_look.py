"""How an exercise is shown: what does not fit it is refused when it is made."""

from dataclasses import replace

import pytest

from formcheck.exercises import EXERCISES
from formcheck.look import Look, Moment, Panel, Phase, Term

every = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
ODD = Panel("wing_flexion", "wing", "Wing flexion", "knee", 1.0, (0, 1))


@every
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"phases": (Phase("rest", "Rest", "resting", ("start",), ("end",)),)}, "rest is what"),
        ({"phases": 2 * (Phase("up", "Up", "up", ("start",), ("end",)),)}, "names of their own"),
        ({"phases": (Phase("up", "Up", "up", ("dawn",), ("end",)),)}, "no rep has the moment dawn"),
        ({"moments": (), "marked": "end"}, "end is to be marked"),
        ({"columns": ("hat_size",)}, "the measure hat_size"),
        ({"moments": (Moment("end", "end", "square", needs="hat_size"),)}, "measure hat_size"),
        ({"panels": (ODD,)}, "the signal wing_flexion"),
        ({"terms": {"x": Term("X", about="wing_flexion")}}, "the signal wing_flexion"),
    ],
)
def test_a_look_that_does_not_fit_its_exercise_is_refused(exercise, change, said):
    with pytest.raises(ValueError, match=said):
        replace(exercise, look=replace(Look(), **change))


@every
def test_every_measure_of_an_exercise_has_a_name_and_a_meaning(exercise):
    for measure in exercise.measures:
        term = exercise.look.term(measure.name)
        assert measure.name in exercise.look.terms
        assert term.label and term.means.endswith(".")
    assert {exercise.tempo, exercise.headline} <= exercise.look.terms.keys()


def test_what_has_no_words_is_called_by_its_own_name():
    assert Look().term("hat_size").label == Look().term("hat_size").head == "Hat size"
    assert Look().about("hat_size") == "knee_flexion"
