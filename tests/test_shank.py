"""How the shank is believed to lie, by what its landmarks and the thigh's read."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from formcheck.view.shank import READS, THIGH_READS, shank_lies

USUAL = THIGH_READS[0]
readings = some.floats(-40, 40)


def test_what_a_level_shank_reads_is_level():
    lies, sd = shank_lies(READS, 0.99, USUAL)
    assert lies == pytest.approx(-0.5, abs=0.5)
    assert sd < 3


@pytest.mark.parametrize("reads", [-16.0, -20.0])
def test_a_shank_raised_by_its_toes_is_believed_if_the_ankle_is_seen_well(reads):
    lies, _ = shank_lies(reads, 0.98, USUAL)
    assert -17 < lies < -11


def test_an_ankle_behind_a_plate_moves_little():
    seen, sure = shank_lies(-20.0, 0.98, USUAL)
    hidden, unsure = shank_lies(-20.0, 0.7, USUAL)
    assert seen < -12 < -6 < hidden
    assert unsure > sure


@pytest.mark.parametrize("slope", [-40.0, -30.0, 20.0, 40.0])
def test_a_board_that_slopes_is_believed(slope):
    lies, _ = shank_lies(slope + READS, 0.99, USUAL)
    assert lies == pytest.approx(slope, abs=4)


def test_a_camera_that_turns_thigh_and_shank_alike_is_rolled():
    """8 degrees: the thigh reads so much more, the shank so much less."""
    rolled, _ = shank_lies(READS - 8, 0.99, USUAL + 8)
    raised, _ = shank_lies(READS - 8, 0.99, USUAL)
    assert raised < rolled - 2
    assert rolled > -4


def test_a_start_that_leans_says_nothing_of_a_roll():
    assert shank_lies(-8.0, 0.99, None)[0] == pytest.approx(
        shank_lies(-8.0, 0.99, USUAL)[0], abs=0.5
    )


@given(readings, readings, some.floats(0, 1))
def test_more_read_is_more_believed_and_never_without_doubt(one, other, seen):
    low, high = sorted((one, other))
    (less, sd), (more, _) = (shank_lies(reads, seen, USUAL) for reads in (low, high))
    assert less <= more + 1e-9
    assert 0.5 < sd < 30
