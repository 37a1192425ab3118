"""What the video tells of a rep at its very moment: the word, the number and its ±, or what became
of it instead."""

from __future__ import annotations

import numpy as np
import pytest
from test_overlay import EXERCISE, curves_of, report_of, setting_of, track_of

from formcheck import words
from formcheck.exercises import named
from formcheck.measures.measure import Measured
from formcheck.overlay import announced
from formcheck.overlay.draw import Overlay

BREAK_S = 3.5


def told(value: float | None = 46.0, at_s: float | None = BREAK_S, **more) -> Measured:
    fields = {"unit": "deg", "uncertainty": 11.0, "status": "ok", "source": "Soga 2021"}
    refused = {"status": "refused", "uncertainty": None} if value is None else {}
    return Measured(value=value, at_s=at_s, **{**fields, **refused, "outcome": "broken", **more})


def overlay(measured: Measured, size=(640, 360), exercise=EXERCISE) -> Overlay:
    track = track_of(size)
    one = report_of()
    reps = tuple(
        r.model_copy(update={"measures": {"break_point_angle": measured}}) for r in one.reps
    )
    one = one.model_copy(update={"reps": reps})
    return Overlay(one, curves_of(track), setting_of(track), track, exercise)


@pytest.fixture
def written(monkeypatch) -> list[tuple]:
    """What is put on plates: head, figure and lines."""
    said = []

    def tag(head, figure, lines, size):
        said.append((head, figure, list(lines)))
        return words.label(head, size)

    monkeypatch.setattr(announced.words, "tag", tag)
    return said


def test_the_word_and_the_number_stand_at_the_moment_and_long_enough_to_read(written):
    (one,) = overlay(told())._announced
    assert written[0] == ("BREAK POINT", "46° ± 11°", [])
    assert not one.at(BREAK_S - 0.05) and one.at(BREAK_S) and one.at(BREAK_S + 2)
    assert one.last - one.first == announced.READS_S


@pytest.mark.parametrize(
    ("outcome", "bound", "figure", "said"),
    [
        ("controlled-to", "at-most", "≤ 46° ± 11°", "controlled all the way, no break seen"),
        ("caught-before-break", "at-most", "≤ 46° ± 11°", "the hands took over before any break"),
        ("uncontrolled-from-start", "at-least", "≥ 46° ± 11°", "fell from the start"),
    ],
)
def test_a_bound_says_what_became_of_it_and_keeps_no_posture(written, outcome, bound, figure, said):
    (one,) = overlay(told(outcome=outcome, bound=bound))._announced
    head, number, lines = written[0]
    assert (head, number, " ".join(lines)) == ("BREAK POINT", figure, said)
    assert not one.kept


@pytest.mark.parametrize("measured", [told(None), told(at_s=None)], ids=["refused", "no moment"])
def test_what_was_refused_is_not_announced(measured):
    assert overlay(measured)._announced == []


def test_an_exercise_that_announces_nothing_is_silent():
    assert named("bench-leg-curl").look.announced is None
    assert overlay(told(), exercise=named("bench-leg-curl"))._announced == []


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (1280, 720)])
def test_it_covers_neither_panel_nor_banner_and_the_picture_holds_it(size):
    one = overlay(told(), size)
    for i in np.flatnonzero(one._curves.t_s >= BREAK_S)[:30]:
        boxes = [words.box_of(*plate) for plate in one._plates(int(i))]
        assert len(boxes) >= 2
        for k, box in enumerate(boxes):
            assert min(box[:2]) >= 0 and box[0] + box[2] <= size[0] and box[1] + box[3] <= size[1]
            assert not any(words.shared(box, other) for other in boxes[k + 1 :])


def test_the_posture_of_the_moment_stays_while_the_body_goes_on():
    one = overlay(told())
    track, told_of = one._track, one._announced[0]
    later = int(np.searchsorted(track.t_s, BREAK_S + 0.5))
    picture = np.zeros((360, 640, 3), np.uint8)
    announced.imprint(picture, told_of, track, one._setting, later, 2)
    rows, columns = np.nonzero(picture.any(axis=2))
    hip = track.points[told_of.frame, 24, :2]  # the knee stays: so does the posture's hip
    assert np.hypot(columns - hip[0], rows - hip[1]).min() < 6
    gone = track.points[later, 24, :2]
    assert np.hypot(columns - gone[0], rows - gone[1]).min() > 6


def test_of_a_body_that_was_not_seen_no_posture_is_kept():
    one = overlay(told())
    one._track.points[one._announced[0].frame] = np.nan
    picture = np.zeros((360, 640, 3), np.uint8)
    announced.imprint(picture, one._announced[0], one._track, one._setting, 70, 2)
    assert not picture.any()
