"""When a set was to end, by each rule and after which rep; a difference that is none is none."""

from __future__ import annotations

import pytest

from formcheck.checks import Finding, NotAssessed
from formcheck.exercises import EXERCISES
from formcheck.measures.measure import Measured
from formcheck.report import RepReport
from formcheck.set_stop import judged
from formcheck.setting import Setting

NORDIC = EXERCISES["nordic-curl"]
FATIGUE = next(check for check in NORDIC.set_checks if check.name == "fatigue")
UNEVEN = next(check for check in NORDIC.set_checks if check.name == "uneven-tempo")
ANY = Setting(side="left", facing="left", size=(640, 360), frame_s=1 / 30, thigh_px=80)
SIDES = {"<": "at-most", ">": "at-least", "=": None}


def known(value: float, unit: str, within: float, bound: str | None = None, **how) -> Measured:
    told = {"status": "ok", **how}
    return Measured(value=value, unit=unit, uncertainty=within, uncertainty_within_set=within,
                    bound=bound, source="-", **told)  # fmt: skip


def rep(number: int, angle="=45", held="=4.0", hips=5.0, early=0.0, within=1.0, kind="full"):
    return RepReport(
        number=number, counted=True, kind=kind, start_s=0.0, end_s=1.0,
        measures={
            "break_point_angle": known(float(angle[1:]), "deg", within, SIDES[angle[0]]),
            "controlled_duration": known(float(held[1:]), "s", 0.2, SIDES[held[0]]),
            "hip_break": known(hips, "deg", 1.0),
            "early_fall": known(early, "s", 0.02),
        },
    )  # fmt: skip


def angles(*said: float | str, within: float = 1.0) -> list[RepReport]:
    words = [x if isinstance(x, str) else f"={x}" for x in said]
    return [rep(i, w, within=within) for i, w in enumerate(words, 1)]


def stopped(reps) -> tuple[str | None, int | None]:
    said, at = judged(FATIGUE, NORDIC.set_measures, reps, ANY)
    # whoever knows that the first ones were fine need not ask again
    fine = max(1, (at or len(reps)) - 1)
    assert len(reps) <= fine or judged(FATIGUE, NORDIC.set_measures, reps, ANY, fine) == (said, at)
    return (said.measure if isinstance(said, Finding) else None), at


@pytest.mark.parametrize(
    ("series", "rule", "rep"),
    [
        ((45, 44, 46, 50, 51), "break_point_loss_in_a_row", 5),
        ((45, 44, 53), "break_point_loss", 3),
        ((45, 44, 46, 45, 47), None, None),
        ((45, 44, 49, 45, 49), None, None),  # worse by 5, and never twice in a row
        ((45, 44, 49, 49), "break_point_loss_in_a_row", 4),
        ((45, 44, 48.9, 48.9), None, None),
        ((45, 53), "break_point_loss", 2),
        ((53, 44, 45, 44), None, None),  # better than the first is no fatigue
        ((44, 45, 46, 60, 44), "break_point_loss", 4),
        ((45,), None, None),
    ],
)
def test_the_stop_rule_by_the_break_point(series, rule, rep):
    assert stopped(angles(*series)) == (rule, rep)


@pytest.mark.parametrize(
    ("within", "rule"), [(1.0, "break_point_loss"), (5.0, "break_point_loss"), (7.0, None)]
)
def test_a_difference_within_both_intervals_is_none(within, rule):
    assert stopped(angles(45, 44, 53, within=within))[0] == rule


@pytest.mark.parametrize(
    ("series", "rep"),
    [
        (("=45", "=44", ">53"), 3),  # at least as much worse
        (("=45", "=44", "<53"), None),  # it may be better
        (("=45", "=44", "<40"), None),
        (("<40", "=45", "=49"), 3),  # the first may be better still
        (("<40", "<41", "<60"), None),
        ((">80", "=45", "=46"), None),  # who fell at first is no measure of the rest
        ((">80", "=45", "=53"), 3),
    ],
)
def test_a_bound_is_compared_only_where_it_tells(series, rep):
    assert stopped(angles(*series))[1] == rep


def test_where_no_two_compare_it_is_not_assessed():
    said, at = judged(FATIGUE, NORDIC.set_measures, angles("<16", "<17"), ANY)
    assert isinstance(said, NotAssessed) and at is None
    assert (
        said.reason == "Of too many of these reps only bounds are known, and bounds do not compare."
    )


@pytest.mark.parametrize(
    ("held", "rep"),
    [
        (("=4", "=4", "=2.7", "=2.7"), 4),
        (("=4", "=4", "=2.7", "=4", "=2.5"), 5),  # not in a row
        (("=4", "=4", "=2.7", "=4"), None),
        (("=4", "=4", "=2.9", "=2.9"), None),
        (("=2", "=4", "=2.7", "=2.7"), 4),
        (("=4", "=2.5", "=2.5"), None),  # of the later reps
        (("=4", "=4", ">2.7", ">2.7"), None),  # it may have been longer
        ((">4", "=3", "=2.7", "=2.7"), 4),
    ],
)
def test_the_stop_rule_by_the_controlled_time(held, rep):
    reps = [replaced(i, h) for i, h in enumerate(held, 1)]
    assert stopped(reps) == ("controlled_duration_loss_twice" if rep else None, rep)


def replaced(number: int, held: str) -> RepReport:
    return rep(number, held=held)


def test_the_stop_rule_by_faults_that_come_up():
    def hips(*degrees):
        return [rep(i, hips=x) for i, x in enumerate(degrees, 1)]

    def falls(*seconds):
        return [rep(i, early=x) for i, x in enumerate(seconds, 1)]

    assert stopped(hips(5, 5, 22, 5, 23)) == ("hip_break", 5)
    assert stopped(hips(5, 17, 25, 31)) == ("hip_break", 4)
    assert stopped(hips(22, 5, 22, 23)) == (None, None)  # not new
    assert stopped(hips(5, 5, 22)) == (None, None)
    assert stopped(falls(0, 0, 0.3, 0.3)) == ("early_fall", 4)
    assert stopped(falls(0, 0, 0.2, 0.2)) == (None, None)


def test_the_finding_says_the_rule_the_rep_and_what_to_do():
    said, _ = judged(FATIGUE, NORDIC.set_measures, angles(45, 44, 53), ANY)
    assert (said.severity, said.value, said.limit) == ("warning", 9.0, 8)
    assert said.uncertainty == pytest.approx(1.4)
    assert said.sentence == (
        "The break point came 9° earlier than in the best of the first reps. Rep 3 was the one to "
        "stop after."
    )
    assert said.advice.startswith("End a set like this with rep 3 at the latest. Rest")


@pytest.mark.parametrize(
    ("name", "least"), [("break_point_loss_in_a_row", 3), ("controlled_duration_loss_twice", 4)]
)
def test_what_two_reps_lost_is_not_told_of_a_set_that_cannot_hold_them(name, least):
    (loss,) = [m for m in NORDIC.set_measures if m.name == name]
    for reps in range(1, least):
        one = loss.measure(angles(*[45] * reps))
        assert (one.value, one.status) == (None, "refused")
        assert f"{least} counted reps or more" in one.reason
        assert str(least) in one.what_to_change
    assert loss.measure(angles(*[45] * least)).value == 0.0


@pytest.mark.parametrize("reps", [2, 3])
def test_a_short_set_is_judged_by_the_rules_that_it_is_long_enough_for(reps):
    assert judged(FATIGUE, NORDIC.set_measures, angles(*[45] * reps), ANY) == (None, None)
    assert stopped(angles(*[45] * (reps - 1), 54)) == ("break_point_loss", reps)


def test_a_rep_that_was_not_measured_is_passed_over_and_said():
    reps = angles(45, 44, 50, 45, 50)
    blind = Measured(value=None, unit="deg", status="refused", reason="Too dark.", source="-")
    measures = {**reps[3].measures, "break_point_angle": blind}
    reps[3] = reps[3].model_copy(update={"measures": measures})
    assert stopped(reps) == (None, None)  # the two are not neighbours
    row = next(m for m in NORDIC.set_measures if m.name == "break_point_loss_in_a_row")
    assert row.measure(reps).status == "warn"


def unbroken(number: int, held: str, **how) -> RepReport:
    """A rep that was controlled all the way down."""
    made = rep(number, held=held, **how)
    to = known(12.0 + number, "deg", 1.0, "at-most", outcome="controlled-to")
    return made.model_copy(update={"measures": {**made.measures, "break_point_angle": to}})


@pytest.mark.parametrize(
    ("held", "rule", "at"),
    [
        (("=4", "=4", "=4", "=4"), None, None),
        (("=4", "=4", "=2.7", "=2.7"), "controlled_duration_loss_twice", 4),
    ],
)
def test_a_set_that_never_breaks_is_told_by_its_tempo(held, rule, at):
    reps = [unbroken(i, h) for i, h in enumerate(held, 1)]
    assert stopped(reps) == (rule, at)
    assert not isinstance(judged(FATIGUE, NORDIC.set_measures, reps, ANY)[0], NotAssessed)


def test_a_set_that_never_breaks_is_told_by_faults_that_come_up():
    reps = [unbroken(i, "=4", hips=x) for i, x in enumerate((5, 5, 22, 23), 1)]
    assert stopped(reps) == ("hip_break", 4)


def test_a_rep_that_broke_lost_at_least_what_those_before_it_held():
    reps = [unbroken(1, "=4"), unbroken(2, "=4"), rep(3, "=45")]
    assert stopped(reps) == ("break_point_loss", 3)


@pytest.mark.parametrize(
    ("series", "name"),
    [
        (("=45", "=44", "<60", "<60"), "break_point_loss_in_a_row"),
        (("=45", "<60", "=45", "<60"), "break_point_loss_in_a_row"),
    ],
)
def test_a_set_in_which_no_two_reps_compare_tells_no_loss_of_two(series, name):
    (loss,) = [m for m in NORDIC.set_measures if m.name == name]
    told = loss.measure(angles(*series))
    assert (told.value, told.status) == (None, "refused")
    assert told.reason.endswith("bounds do not compare.")


def test_a_set_of_bounds_tells_no_loss_of_controlled_time():
    (loss,) = [m for m in NORDIC.set_measures if m.name == "controlled_duration_loss_twice"]
    told = loss.measure([replaced(i, h) for i, h in enumerate(("=4", "=4", "=4", ">2"), 1)])
    assert (told.value, told.status) == (None, "refused")


def test_an_uneven_tempo_is_a_note_and_leaves_bounds_out():
    def said(*held):
        return judged(UNEVEN, NORDIC.set_measures, [replaced(i, h) for i, h in held], ANY)[0]

    uneven = said((1, "=4"), (2, "=2"), (3, "=4"))
    assert isinstance(uneven, Finding) and uneven.severity == "note"
    assert said((1, "=4"), (2, "=3.5"), (3, "=4")) is None
    assert isinstance(said((1, "=4"), (2, ">2"), (3, "=4")), NotAssessed)
