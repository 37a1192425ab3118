"""Two sets compare where the athlete was set up alike (nordic-curl.md 5, 7)."""

from dataclasses import replace

import athlete
import pytest
from athlete import Curl, perform

from formcheck.measures.measure import Measured
from formcheck.pose import Landmark
from formcheck.report import RepReport
from formcheck.same_setup import SetUpPart, compared, signature

PARTS = athlete.NORDIC.setup


def known(value, uncertainty, unit="deg", bound=None):
    return Measured(
        value=value, unit=unit, uncertainty=uncertainty, status="ok", bound=bound, source="-"
    )


def rep(number, kind="full", **measures):
    return RepReport(
        number=number, counted=True, kind=kind, start_s=0.0, end_s=1.0, measures=measures
    )


def told(shins=-1.0, pad=0.0, feet=None):
    feet = {} if feet is None else {"ankle_position": known(feet, 10, bound="at-most")}
    return {"shank_pitch": known(shins, 4.0), "pad_height": known(pad, 0.03, "1"), **feet}


def test_a_set_tells_the_median_of_its_reps_and_leaves_out_what_none_tells():
    reps = [rep(i, **told(shins=x)) for i, x in enumerate((-2.0, 9.0, -1.0), 1)]
    made = signature(PARTS, reps)
    assert set(made) == {"shank_pitch", "pad_height"}
    assert made["shank_pitch"].value == -1.0


@pytest.mark.parametrize(
    ("one", "other", "same", "said"),
    [
        (told(feet=-40), told(feet=-45), True, ""),
        (told(feet=-40), told(), None, ""),  # whether they point is not known of the other
        (told(), told(shins=-12.0), False, "shins sloped by -1° and by -12°"),
        (told(), told(shins=-6.5), None, ""),  # within both intervals
        (told(), told(pad=0.12), False, "by 0% and by 12%"),
        (told(pad=0.0), {"shank_pitch": known(-1.0, 4.0)}, None, ""),
    ],
)
def test_what_is_surely_otherwise_is_said(one, other, same, said):
    found = compared(PARTS, one, other)
    assert found.same is same
    assert any(said in sentence for sentence in found.differ) if said else not found.differ


def filmed(raised):
    """What a set is told to be set up by whose hands land so many thighs lower."""
    track = perform(Curl(), Curl()).film(pointed=45)
    points = track.points.copy()
    for side in ("LEFT", "RIGHT"):
        points[:, Landmark[f"{side}_WRIST"], 1] += raised * athlete.THIGH_PX
    return athlete.judged(replace(track, points=points))[1].set_.setup


def test_the_report_tells_the_set_up_and_who_kneels_on_a_bench_does_not_compare():
    flat, raised = filmed(0.0), filmed(0.5)
    assert set(flat) == {"shank_pitch", "pad_height", "ankle_position"}
    assert compared(PARTS, flat, flat).same is True
    higher = raised["pad_height"].value - flat["pad_height"].value
    assert higher == pytest.approx(0.5 / 4.4, abs=0.01)
    assert "lay higher" in compared(PARTS, flat, raised).differ[0]


def test_a_set_up_of_what_is_not_measured_is_refused():
    ghost = (SetUpPart("ghost", 1.0, "-"),)
    with pytest.raises(ValueError, match="set-up asks for ghost, which is no measure"):
        replace(athlete.NORDIC, setup=ghost)
