"""Every gate has a track that trips it and one that does not (nordic-curl.md 9)."""

from __future__ import annotations

from dataclasses import replace

import athlete
import numpy as np
import pytest
from athlete import Curl, perform

from formcheck.pages import words
from formcheck.pose import Landmark
from formcheck.quality import filming_of
from formcheck.view import estimate
from formcheck.view.shank import READS

DONE = perform(Curl(rest=1, lower=2.5))


def gate_of(track, measure, gate, **changes):
    """Figure and status of a measure's gate in the first rep, and the measure."""
    setting = estimate(track).model_copy(update={"clock": "known", **changes})
    _, report = athlete.judged(track, setting)
    (result,) = [g for g in report.reps[0].measures[measure].gates if g.gate == gate][:1]
    return result.value, result.status, report.reps[0].measures[measure], report


def trembling(track, degrees):
    """The hip trembles from frame to frame, by so many degrees of thigh."""
    points = track.points.copy()
    sign = np.where(np.arange(len(track)) % 2, 1.0, -1.0)
    for hip in (Landmark.LEFT_HIP, Landmark.RIGHT_HIP):
        points[:, hip, 0] += sign * athlete.THIGH_PX * np.tan(np.radians(degrees))
    return replace(track, points=points)


def swelling(track, share):
    """The hip moves along the thigh, forward and back once a second, by a share of its length."""
    points = track.points.copy()
    wave = share * np.sqrt(2) * np.sin(2 * np.pi * track.t_s)[:, None]
    for side in ("LEFT", "RIGHT"):
        hip, knee = Landmark[f"{side}_HIP"], Landmark[f"{side}_KNEE"]
        points[:, hip] += wave * (points[:, hip] - points[:, knee])
    return replace(track, points=points)


def seen(track, share, *joints):
    visibility = track.visibility.copy()
    for mark in Landmark:
        if any(joint in mark.name for joint in joints):
            visibility[:, mark] = share
    return replace(track, visibility=visibility)


def lost(track, share, first=1.2, last=4.0):
    """Single frames of the lowering in which nobody was found."""
    gone = (track.t_s > first) & (track.t_s < last)
    gone &= np.random.default_rng(3).random(len(track)) < share
    points, visibility = track.points.copy(), track.visibility.copy()
    points[gone], visibility[gone] = np.nan, np.nan
    return replace(track, points=points, visibility=visibility)


def elsewhere(track, first=5.0, last=5.4):
    """For a while another body is followed, a thigh farther on."""
    points = track.points.copy()
    points[(track.t_s > first) & (track.t_s < last), :, 0] += athlete.THIGH_PX
    return replace(track, points=points)


def panned(track, share, until=np.inf):
    """The picture goes down by a share of its height a second, until a second."""
    points = track.points.copy()
    points[..., 1] += share * track.size[1] * np.minimum(track.t_s, until)[:, None]
    return replace(track, points=points)


def mixed(track, frames):
    """Left and right were exchanged in some frames of the lowering, and put right."""
    at = np.arange(len(track)) - int(np.searchsorted(track.t_s, 2.0))
    return replace(track, mended=(at >= 0) & (at < frames))


PLAIN = DONE.film()


def looking_down(degrees):
    camera = estimate(PLAIN).camera.model_copy(update={"pitch_deg": float(degrees)})
    return {"camera": camera}


CASES = {
    "G1 ok": ("break_point_angle", "G1", PLAIN, "ok"),
    "G1 warn": ("peak_knee_velocity", "G1", PLAIN, "warn"),
    "G1 refused": ("break_point_angle", "G1", DONE.film(fps=20), "refused"),
    "G2 ok": ("break_point_angle", "G2", seen(PLAIN, 0.9, "HIP", "KNEE"), "ok"),
    "G2 warn": ("break_point_angle", "G2", seen(PLAIN, 0.7, "HIP"), "warn"),
    "G2 refused": ("break_point_angle", "G2", seen(PLAIN, 0.5, "HIP"), "refused"),
    "G3 ok": ("break_point_angle", "G3", PLAIN, "ok"),
    "G3 warn": ("break_point_angle", "G3", lost(DONE.film(fps=60), 0.08), "warn"),
    "G3 refused": ("break_point_angle", "G3", lost(DONE.film(fps=60), 0.2), "refused"),
    "G4 ok": ("break_point_angle", "G4", PLAIN, "ok"),
    "G4 warn": ("break_point_angle", "G4", PLAIN, "warn", {"rectified": False, "yaw_deg": 15.0}),
    "G4 refused": ("break_point_angle", "G4", PLAIN, "refused", {"yaw_deg": 46.0}),
    "G5 ok": ("break_point_angle", "G5", PLAIN, "ok", looking_down(9)),
    "G5 warn": ("break_point_angle", "G5", PLAIN, "warn", looking_down(14)),
    "G5 refused": ("break_point_angle", "G5", PLAIN, "refused", looking_down(23)),
    "G6 ok": ("break_point_angle", "G6", trembling(PLAIN, 0.5), "ok"),
    "G6 warn": ("break_point_angle", "G6", trembling(PLAIN, 1.8), "warn"),
    "G6 refused": ("break_point_angle", "G6", trembling(PLAIN, 4.5), "refused"),
    "G7 ok": ("break_point_angle", "G7", swelling(PLAIN, 0.03), "ok"),
    "G7 warn": ("break_point_angle", "G7", swelling(PLAIN, 0.075), "warn"),
    "G7 refused": ("break_point_angle", "G7", swelling(PLAIN, 0.13), "refused"),
    "G8 ok": ("break_point_angle", "G8", PLAIN, "ok"),
    "G8 warn": ("break_point_angle", "G8", DONE.film(scale=0.33), "warn"),
    "G8 refused": ("break_point_angle", "G8", DONE.film(scale=0.2), "refused"),
    "G9 ok": ("catch_angle", "G9", panned(PLAIN, 0.002), "ok"),
    "G9 warn": ("catch_angle", "G9", panned(PLAIN, 0.01), "warn"),
    "G9 refused": ("catch_angle", "G9", panned(PLAIN, 0.03), "refused"),
    "G9 of a point that settles": ("catch_angle", "G9", panned(PLAIN, 0.08, until=1.0), "ok"),
    "G10 ok": ("break_point_angle", "G10", PLAIN, "ok"),
    "G10 refused": ("break_point_angle", "G10", elsewhere(PLAIN), "refused"),
    "G11 ok": ("break_point_angle", "G11", mixed(PLAIN, 0), "ok"),
    "G11 warn": ("break_point_angle", "G11", mixed(PLAIN, 2), "warn"),
    "G11 refused": ("break_point_angle", "G11", mixed(PLAIN, 9), "refused"),
    "G12 ok": ("catch_angle", "G12", PLAIN, "ok"),
    "G12 refused": ("catch_angle", "G12", seen(PLAIN, 0.2, "WRIST"), "refused"),
    "G9b-ramp ok": ("eccentric_duration", "G9b-ramp", PLAIN, "ok"),
    "G9b-ramp refused": (
        *("eccentric_duration", "G9b-ramp", PLAIN, "refused"),
        {"clock": "ramped"},
    ),
    "G9b-haste ok": ("eccentric_duration", "G9b-haste", PLAIN, "ok"),
    "G9b-haste refused": (
        *("eccentric_duration", "G9b-haste", DONE.film(fps=210).quickened(7), "refused"),
        {"clock": "known"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_gate_is_tripped_and_passed(case):
    measure, gate, track, status, *changes = CASES[case]
    value, came, answer, report = gate_of(track, measure, gate, **dict(*changes))
    assert came == status, value
    assert value is not None
    if status == "refused":
        assert (answer.value, answer.status) == (None, "refused")
        assert "nan" not in answer.reason
        assert answer.what_to_change
        assert report.filming.status == "poor"
    elif status == "warn":
        assert (answer.status, bool(answer.reason)) == ("warn", True)


def sloping(degrees):
    """The shins' points read so much, as they lie less what points of shins read too little."""
    return perform(athlete.Move(0.004, shank=degrees + READS), Curl(rest=1, lower=2.5)).film()


@pytest.mark.parametrize("seed", range(3))
def test_points_that_tremble_are_no_picture_that_drifts(seed):
    rng = np.random.default_rng(seed)
    points = PLAIN.points + rng.normal(0, 3, PLAIN.points.shape)
    value, status, *_ = gate_of(replace(PLAIN, points=points), "catch_angle", "G9")
    assert (status, value) == ("ok", pytest.approx(0, abs=0.5))


@pytest.mark.parametrize(("slope", "status"), [(0, "ok"), (9, "ok"), (-9, "ok"), (-13, "warn")])
def test_sloping_shins_are_said_beside_the_break_point_and_refuse_nothing(slope, status):
    value, came, answer, _ = gate_of(sloping(slope), "break_point_angle", "G13")
    told = athlete.judged(sloping(slope))[1].reps[0].measures["shank_pitch"].value
    assert (value, came, answer.status) == (pytest.approx(abs(told), abs=0.05), status, status)
    assert answer.value is not None
    assert ("slope" in (answer.reason or "")) == (status == "warn")


def test_shins_that_are_hidden_while_lowering_are_taken_as_they_rest():
    track = sloping(20)
    setting = estimate(track)
    hidden = seen(track, 0.2, "ANKLE")
    _, report = athlete.judged(hidden, setting.model_copy(update={"clock": "known"}))
    gate = next(g for g in report.reps[0].measures["break_point_angle"].gates if g.gate == "G13")
    believed = setting.rest["shank_pitch"].true_deg
    assert (gate.value, gate.status) == (pytest.approx(believed), "warn")


def test_shins_that_are_never_seen_are_said_not_to_be():
    value, status, answer, _ = gate_of(seen(PLAIN, 0.2, "ANKLE"), "break_point_angle", "G13")
    assert (value, status, answer.status) == (None, "warn", "warn")
    assert answer.value is not None
    assert "could not be seen" in answer.reason and "nan" not in answer.reason
    told = words.gate(next(g for g in answer.gates if g.gate == "G13"))
    assert told == ("shins off level", "not known")


def test_no_gate_is_left_untried():
    """Those not among the cases have tests of their own below."""
    setting = estimate(PLAIN)
    rep = athlete.reps_of(athlete.judged(PLAIN, setting)[0])[0]
    asked = {gate.name for one in athlete.NORDIC.conditions(rep) for gate, _ in one}
    tried = {gate: {c[3] for c in CASES.values() if c[1] == gate} for gate in asked}
    assert {gate for gate, came in tried.items() if not {"ok", "refused"} <= came} == {
        "G13", "G13-feet", "G2-hip", "G9b", "G9b-length"
    }  # fmt: skip


def at_the_hip(track, off=0.1, until=3.2):
    """The hands lie so many thighs before the hips until then."""
    points = track.points.copy()
    early = track.t_s < until
    for side in ("LEFT", "RIGHT"):
        hip, wrist = Landmark[f"{side}_HIP"], Landmark[f"{side}_WRIST"]
        points[early, wrist] = points[early, hip]
        points[early, wrist, 0] += off * athlete.THIGH_PX
    return replace(track, points=points)


@pytest.mark.parametrize(("off", "status"), [(0.1, "warn"), (0.6, "ok")])
def test_a_hand_before_the_hip_is_said_beside_its_numbers_and_refuses_nothing(off, status):
    share, came, answer, _ = gate_of(at_the_hip(PLAIN, off), "hip_break", "G2-hip")
    assert (came, answer.status, share > 0.5) == (status, status, status == "warn")
    assert answer.value is not None
    assert ("in front of the hip" in (answer.reason or "")) == (status == "warn")


GENTLE = perform(Curl(rest=1, lower=4, breaks=None, up=4)).film()
LONG = perform(Curl(rest=1, lower=11)).film()


@pytest.mark.parametrize(("gate", "track"), [("G9b", GENTLE), ("G9b-length", LONG)])
def test_what_may_be_slow_motion_is_asked_for_unless_the_time_is_known(gate, track):
    assert gate_of(track, "eccentric_duration", gate, clock="known")[1] == "ok"
    _, status, answer, report = gate_of(track, "eccentric_duration", gate, clock="assumed")
    assert status == "refused"
    assert "slow motion" in answer.reason
    assert "--capture-fps" in answer.what_to_change
    assert report.reps[0].measures["bottom_thigh_lean"].value is not None


def test_a_brisk_set_needs_no_word_on_its_time():
    for gate in ("G9b", "G9b-length", "G9b-haste", "G9b-ramp"):
        assert gate_of(PLAIN, "eccentric_duration", gate, clock="assumed")[1] == "ok"


def test_one_line_sums_the_filming_up():
    good = athlete.judged(DONE.film(fps=60))[1].filming
    assert (good.status, good.sentence, good.what_to_change) == ("good", "Filming: good.", "")
    fair = athlete.judged(seen(DONE.film(fps=60), 0.7, "HIP"))[1].filming
    assert fair.status == "fair"
    assert fair.sentence.startswith("Filming: could be better. Some of the joints")
    assert fair.what_to_change
    poor = athlete.judged(DONE.film(scale=0.2))[1].filming
    assert poor.sentence.startswith("Filming: not good enough for every number. The athlete is too")
    assert filming_of(()) is None


def test_from_the_front_the_line_names_the_view_alone():
    """What cannot be told from there is hidden: nothing of it was lost."""
    front = athlete.judged(DONE.film(fps=60, yaw=80))[1].filming
    assert front.sentence.endswith("Filmed from the front or from behind, angles cannot be told.")
