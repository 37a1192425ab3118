"""The overlay: what stands on a frame, when, and where it does not."""

from __future__ import annotations

import time
import weakref
from dataclasses import replace

import numpy as np
import pytest

from formcheck import words
from formcheck.checks import Finding
from formcheck.curves import Curves
from formcheck.exercises import named
from formcheck.overlay import paint
from formcheck.overlay.draw import Overlay
from formcheck.overlay.few import KEPT
from formcheck.pose import Joint, PoseTrack
from formcheck.report import AthleteInfo, Report, RepReport, SetReport, Settings, Verdict, View
from formcheck.setting import Setting

FPS = 15.0
EXERCISE = named("nordic-curl")
SECONDS = 8.0
GREY = 90


def track_of(size=(640, 360), side="right"):
    """One curl to the right in the picture's middle: upright, down from 1 to 4 s, up again until
    7 s. The far side stands a quarter of a thigh beside."""
    width, height = size
    t = np.arange(0, SECONDS, 1 / FPS)
    thigh = 0.2 * min(size)
    lean = np.radians(np.interp(t, [1, 4, 5, 7], [0, 80, 80, 0]))
    up = np.stack([np.sin(lean), -np.cos(lean)], 1)
    ahead = np.stack([np.cos(lean), np.sin(lean)], 1)
    knee = np.array([0.42 * width, 0.72 * height]) + 0 * up
    joints = {
        Joint.KNEE: knee,
        Joint.ANKLE: knee - [thigh, 0],
        Joint.HEEL: knee - [1.1 * thigh, 0],
        Joint.FOOT_INDEX: knee - [1.2 * thigh, 0],
        Joint.HIP: knee + thigh * up,
        Joint.SHOULDER: knee + 2.1 * thigh * up,
        Joint.EAR: knee + 2.5 * thigh * up,
        Joint.ELBOW: knee + 1.6 * thigh * up + 0.2 * thigh * ahead,
        Joint.WRIST: knee + 1.6 * thigh * up + 0.4 * thigh * ahead,
    }
    points = np.full((len(t), 33, 3), np.nan)
    for joint, at in joints.items():
        points[:, joint.on(side), :2] = at
        points[:, joint.on("left" if side == "right" else "right"), :2] = at + 0.25 * thigh
    return PoseTrack(t, points, np.ones((len(t), 33)), size)


def setting_of(track):
    thigh = 0.2 * min(track.size)
    return Setting(side="right", facing="right", size=track.size, frame_s=1 / FPS, thigh_px=thigh)


def curves_of(track):
    t = track.t_s
    knee = np.interp(t, [1, 4, 5, 7], [92, 12, 12, 92])
    seen = track.seen
    phase = np.select(
        [t < 1, t < 3.5, t < 4, t < 5, t < 5.5, t <= 7],
        ["rest", "lower", "drop", "bottom", "push", "curl"],
        "rest",
    )
    return Curves(
        t_s=t,
        values={
            "knee_flexion": np.where(seen, knee, np.nan),
            "hip_flexion": np.where(seen, 0 * t + 5, np.nan),
        },
        rates={},
        uncertainties={},
        uncertainties_within_set={},
        columns={},
        phase=tuple(str(p) for p in phase),
        rep=tuple(1 if 1 <= x <= 7 else None for x in t),
    )


def finding(
    severity="fault", at=3.0, until=3.2, says="The hips folded 46° more than at the start."
):
    return Finding(
        check="hips-pike",
        severity=severity,
        at_s=at,
        until_s=until,
        measure="hip_break",
        value=46.4,
        uncertainty=3.0,
        limit=20.0,
        limit_kind="max",
        unit="deg",
        sentence=says,
        advice="Squeeze the glutes.",
    )


def report_of(*findings, recognised=True, kind="side", break_s=3.5):
    rep = RepReport(
        number=1,
        counted=True,
        kind="full",
        start_s=1.0,
        break_s=break_s,
        bottom_s=4.0,
        end_s=7.0,
        findings=findings,
    )
    return Report(
        exercise="nordic-curl",
        recognised=recognised,
        settings=Settings(exercise="nordic-curl", mode="eccentric-concentric"),
        verdict=Verdict(status="good", sentence="", advice=""),
        athlete=AthleteInfo(chosen_because="", facing="right", side="right", coverage=1.0),
        view=View(kind=kind, yaw_deg=0.0, yaw_uncertainty_deg=5.0, rectified=False),
        reps=(rep,) if recognised else (),
        set_=SetReport(reps=int(recognised)),
        not_assessed=(),
    )


def blank(size):
    return np.full((size[1], size[0], 3), GREY, np.uint8)


def overlay_of(report=None, track=None, curves=None, exercise=EXERCISE):
    track = track_of() if track is None else track
    report = report_of() if report is None else report
    return Overlay(report, curves or curves_of(track), setting_of(track), track, exercise)


def changed(overlay, second, size=(640, 360)):
    """Which pixels of a grey frame an overlay changes."""
    frame = blank(size)
    return (overlay.draw(frame, round(second * FPS)) != frame).any(axis=2)


def around(mask, at, reach=2):
    x, y = (round(float(n)) for n in at[:2])
    return mask[y - reach : y + reach + 1, x - reach : x + reach + 1]


def without(track, *joints):
    """The same track in which the near joints were not seen."""
    points = track.points.copy()
    points[:, [j.on("right") for j in joints]] = np.nan
    return PoseTrack(track.t_s, points, track.visibility, track.size)


# --- the body


@pytest.mark.parametrize("second", [0.0, 2.0, 4.5])
def test_the_near_side_is_drawn_and_the_far_one_is_not(second):
    track = track_of()
    mask = changed(overlay_of(report_of(kind="oblique")), second)
    pose = track.points[round(second * FPS)]
    near, far = ([pose[j.on(s)] for j in (Joint.ANKLE, Joint.HIP)] for s in ("right", "left"))
    assert all(around(mask, p).all() for p in near)
    assert not any(around(mask, p).any() for p in far)


def test_a_joint_that_was_not_seen_takes_its_segments_with_it():
    pose = track_of().points[0]
    shin = (pose[Joint.ANKLE.on("right")] + pose[Joint.KNEE.on("right")]) / 2
    side = report_of(kind="oblique")
    assert around(changed(overlay_of(side), 0), shin, 0).all()
    hidden = changed(overlay_of(side, without(track_of(), Joint.ANKLE)), 0)
    assert not around(hidden, shin).any()
    assert around(hidden, pose[Joint.KNEE.on("right")]).all()


def test_nothing_is_drawn_on_the_body_where_nobody_was_seen():
    track = track_of()
    empty = PoseTrack(track.t_s, track.points * np.nan, track.visibility, track.size)
    mask = changed(overlay_of(report_of(), empty), 3)
    panel = overlay_of(report_of(), empty)._panel(45)
    assert mask.sum() <= panel.size[0] * panel.size[1]
    assert not mask[150:].any()


def test_points_far_outside_the_picture_are_borne():
    track = track_of()
    points = track.points * 1e6
    far = PoseTrack(track.t_s, points, track.visibility, track.size)
    overlay_of(report_of(finding()), far).draw(blank(track.size), 45)


# --- angles


def labels(monkeypatch, report, track=None, second=2.0, held=(), curves=None):
    """The numbers that are written beside joints."""
    said, label = [], words.label
    overlay = overlay_of(report, track, curves)
    monkeypatch.setattr(words, "label", lambda text, *how: said.append(text) or label(text, *how))
    overlay.draw(blank(track_of().size), round(second * FPS), held)
    return said


def test_knee_and_hip_carry_their_angle(monkeypatch):
    assert labels(monkeypatch, report_of()) == ["65°", "5°"]


def test_what_the_curves_do_not_hold_gets_no_number_and_no_arc(monkeypatch):
    """As where the view refuses the angles."""
    told = curves_of(track_of())
    nothing = np.full(len(told.t_s), np.nan)
    untold = replace(told, values=dict.fromkeys(told.values, nothing))
    assert labels(monkeypatch, report_of(), curves=untold) == []
    assert changed(overlay_of(curves=untold), 2).sum() < changed(overlay_of(), 2).sum()


def test_no_number_where_the_movement_is_not_the_exercise(monkeypatch):
    assert labels(monkeypatch, report_of(recognised=False)) == []


def test_no_number_without_its_joint(monkeypatch):
    assert labels(monkeypatch, report_of(), without(track_of(), Joint.KNEE)) == ["5°"]


@pytest.mark.parametrize("angle", [("hip_break", "+46°"), ("catch_angle", "knee 65°")])
def test_a_held_angle_says_whose_it_is(monkeypatch, angle):
    fault = finding().model_copy(update={"measure": angle[0]})
    assert set(labels(monkeypatch, report_of(fault), held=[fault])) == {angle[1]}


def test_a_time_is_said_as_one_and_paints_no_angle(monkeypatch):
    """A good angle in red is read as the fault. The segments are coloured all the same."""
    more = {"measure": "eccentric_duration", "value": 0.83, "limit": 2.0, "unit": "s"}
    fault = finding().model_copy(update=more)
    assert set(labels(monkeypatch, report_of(fault), held=[fault])) == {"lowering 0.83 s"}
    arcs = []
    monkeypatch.setattr(paint, "tint", lambda *how: arcs.append(how))
    frame, overlay = blank(track_of().size), overlay_of(report_of(fault))
    red = np.array(words.SIGNS["fault"][0])
    drawn = overlay.draw(frame, round(2.0 * FPS), [fault]).astype(int)
    assert not arcs and (np.abs(drawn - red).max(axis=2) < 8).sum() > 500
    angle = finding().model_copy(update={"measure": "catch_angle"})
    overlay.draw(frame, round(2.0 * FPS), [angle])
    assert arcs


# --- findings


@pytest.mark.parametrize(("severity", "word"), [("fault", "limit"), ("warning", "aim")])
def test_only_a_faults_limit_is_called_one(monkeypatch, severity, word):
    said, banner = [], words.banner
    monkeypatch.setattr(words, "banner", lambda *how: said.append(how[2]) or banner(*how))
    overlay_of(report_of(finding(severity)))
    assert set(said) == {("46° ± 3°", f"{word}: at most 20°")}


def test_a_finding_stands_from_its_moment_for_as_long_as_reading_takes():
    plain, told = overlay_of(), overlay_of(report_of(finding(at=3.0, until=3.2)))
    frame = blank((640, 360))
    differs = [(plain.draw(frame, i) != told.draw(frame, i)).any() for i in range(len(track_of()))]
    t = track_of().t_s
    assert differs == [3.0 <= x <= 5.0 for x in t]


def test_a_finding_without_a_moment_stands_at_the_start_of_its_rep():
    plain, told = overlay_of(), overlay_of(report_of(finding(at=None, until=None)))
    frame, t = blank((640, 360)), track_of().t_s
    differs = [(plain.draw(frame, i) != told.draw(frame, i)).any() for i in range(len(t))]
    assert differs == [1.0 <= x <= 3.0 for x in t]


def test_the_worst_two_are_shown_apart():
    told = overlay_of(report_of(finding("note"), finding("warning"), finding("fault")))
    shown = told._plates(46)[1:]
    assert len(shown) == 2
    assert [s.size for s, _ in shown] == [b.plate().size for b in told._banners[:2]]
    boxes = [words.box_of(*p) for p in told._plates(46)]
    assert not any(words.shared(a, b) for a in boxes for b in boxes if a is not b)


def test_severities_differ_in_shape():
    plates = {s: words.banner(s, "x", ("y", "z"), (40, 30), 400) for s in words.SIGNS}
    masks = {s: plate.rgb.max(axis=2) > 150 for s, plate in plates.items()}
    signs = [m[: 2 * 40, : 2 * 40] for m in masks.values()]
    assert all((a != b).mean() > 0.02 for n, a in enumerate(signs) for b in signs[:n])


# --- the trace


def test_a_break_point_is_marked_after_it_happened():
    frame = blank((640, 360))
    marked, plain = overlay_of(report_of(break_s=3.5)), overlay_of(report_of(break_s=None))
    bright = [
        (o.draw(frame, i)[300:, 120:] == words.MARK).all(axis=2).any()
        for o in (marked, plain)
        for i in (45, 60)
    ]
    assert bright == [False, True, False, False]


def test_the_present_moves_along():
    masks = [overlay_of().draw(blank((640, 360)), i)[-30:, 120:] for i in (0, 30, 60)]
    assert not any((a == b).all() for n, a in enumerate(masks) for b in masks[:n])


# --- where it stands


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (480, 854), (1080, 1920)])
def test_panel_and_banner_keep_off_the_body_where_there_is_room(size):
    track = track_of(size)
    overlay = overlay_of(report_of(finding()), track)
    now = (track.t_s >= 3) & (track.t_s <= 5)
    for (sprite, corner), when in zip(overlay._plates(46), (slice(None), now), strict=True):
        x, y, w, h = words.box_of(sprite, corner)
        assert x >= 0 and y >= 0 and x + w <= size[0] and y + h <= size[1]
        px, py = track.points[when][:, :, :2].reshape(-1, 2).T
        assert not ((px > x) & (px < x + w) & (py > y) & (py < y + h)).any()


def test_the_panel_stands_clear_of_the_bodys_box():
    track = track_of((1280, 720))
    shifted = track.points + np.array([300, 0, 0])
    track = PoseTrack(track.t_s, shifted, track.visibility, track.size)
    overlay = overlay_of(report_of(), track)
    x, y, w, h = words.box_of(*overlay._plates(0)[0])
    least, most = (f(track.points[:, :, :2], axis=(0, 1)) for f in (np.nanmin, np.nanmax))
    assert x + w <= least[0] or y + h <= least[1] or x >= most[0] or y >= most[1]


@pytest.mark.parametrize(
    "size", [(640, 360), (360, 640), (1920, 1080), (3840, 2160), (2160, 3840), (64, 48), (601, 337)]
)
def test_every_size_is_drawn(size):
    overlay = overlay_of(report_of(finding(), finding("note")), track_of(size))
    frame = blank(size)
    for i in (46, 110):
        drawn = overlay.draw(frame, i)
        assert drawn.shape == frame.shape and drawn.dtype == np.uint8
        assert drawn.flags.c_contiguous and (drawn != frame).any()


def test_words_are_large_enough_for_a_phone():
    overlay = overlay_of()
    assert overlay._main >= 360 / 28 and overlay._small >= 360 / 28


# --- manners


def test_the_frame_and_the_report_stay_as_they_were():
    frame, report = blank((640, 360)), report_of(finding())
    before = report.json_text()
    drawn = overlay_of(report).draw(frame, 46)
    assert (frame == GREY).all() and not np.shares_memory(drawn, frame)
    assert report.json_text() == before


def test_a_read_only_frame_will_do():
    frame = blank((640, 360))
    frame.flags.writeable = False
    overlay_of().draw(frame, 3)


def test_the_same_frame_is_drawn_the_same_in_any_order():
    frame, one = blank((640, 360)), overlay_of(report_of(finding()))
    first = one.draw(frame, 46).tobytes()
    one.draw(frame, 100)
    assert one.draw(frame, 46).tobytes() == first
    assert overlay_of(report_of(finding())).draw(frame, 46).tobytes() == first


def test_a_movement_that_was_not_recognised_is_said_to_be():
    drawn = [
        overlay_of(report_of(recognised=False), exercise=replace(EXERCISE, title=t)).draw(
            blank((640, 360)), 9
        )
        for t in "ab"
    ]
    assert (drawn[0] != drawn[1]).any()
    assert not (drawn[0][300:] != GREY).any(), "there is no trace of another exercise's angle"


def test_an_empty_clip_can_be_prepared():
    track = PoseTrack(np.zeros(0), np.zeros((0, 33, 3)), np.zeros((0, 33)), (640, 360))
    overlay_of(report_of(recognised=False), track)


def test_frames_and_curves_of_another_clip_are_refused():
    track = track_of()
    with pytest.raises(ValueError, match="expected those of one clip"):
        Overlay(report_of(), curves_of(track_of()), setting_of(track), _half(track), EXERCISE)
    with pytest.raises(ValueError, match="expected"):
        overlay_of().draw(blank((360, 640)), 0)


def _half(track):
    n = len(track) // 2
    return PoseTrack(track.t_s[:n], track.points[:n], track.visibility[:n], track.size)


def test_a_frame_costs_little():
    """3 ms at 720p are the aim; the bound is wide, and of the processor's time."""
    overlay = overlay_of(report_of(finding()), track_of((1280, 720)))
    frame, times = blank((1280, 720)), []
    for i in [*range(20, 60), *range(20, 60)]:
        start = time.process_time()
        overlay.draw(frame, i)
        times.append(time.process_time() - start)
    assert np.median(times) < 0.012


# --- words


def test_wrapped_lines_hold_every_word_and_keep_the_width():
    text = "The hips folded 46° more than at the start."
    lines = words.wrapped(text, 20, 200)
    assert " ".join(lines) == text
    assert all(words.width_of(line, 20, False) <= 200 for line in lines)
    assert words.wrapped("", 20, 200) == []
    assert words.wrapped("Unbreakable", 20, 10) == ["Unbreakable"]


def test_a_spread_has_the_decimals_of_its_number_and_is_never_nothing():
    assert words.with_spread(59.2, "deg", 15.7) == "59° ± 16°"
    assert words.with_spread(0.85, "s", 0.001) == "0.85 s ± 0.01 s"
    assert words.with_spread(2.0, "s", 0.12) == "2.0 s ± 0.1 s"
    assert words.with_spread(0.453, "1", 0.05) == "45% ± 5%"
    assert words.with_spread(-7.6, "deg", None) == "−8°"


def test_a_narrow_banner_has_its_limit_under_the_value():
    figures, sizes = ("0.03 s ± 0.09 s", "limit: at least 0.5 s"), (20.0, 17.0)
    wide, narrow = (words.banner("fault", "Too short.", figures, sizes, w) for w in (500, 200))
    assert narrow.size[0] < wide.size[0] and narrow.size[1] > wide.size[1]


def test_of_hundreds_of_reps_a_few_panels_are_kept(monkeypatch):
    made: list[weakref.ref] = []

    def panel(*said):
        made.append(weakref.ref(sprite := drawn(*said)))
        return sprite

    drawn = words.panel
    monkeypatch.setattr(words, "panel", panel)
    track = track_of()
    numbers = tuple(range(1, len(track) + 1))
    curves = replace(curves_of(track), rep=numbers)
    overlay = Overlay(report_of(), curves, setting_of(track), track, EXERCISE)
    rgb = np.full((360, 640, 3), GREY, np.uint8)
    for i in range(0, len(track), 2):
        overlay.draw(rgb, i)
    assert len(made) > KEPT + 20
    assert sum(one() is not None for one in made) <= KEPT + 2
