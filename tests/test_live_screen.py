"""The live screen: what stands where, how large, and that nothing hides anything."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from formcheck import words
from formcheck.exercises import named
from formcheck.live import panel, pen
from formcheck.live.layout import LEAST, LEAST_TALL, laid_out
from formcheck.live.screen import Screen
from formcheck.live.state import BreakPoint, Light, LiveState
from formcheck.pose import Joint, Pose
from formcheck.words import MARK, shared

LOOK = named("nordic-curl").look
WINDOWS = ((640, 360), (1280, 720), (1920, 1080), (1024, 768), (720, 1280), (480, 270))
FRAMES = ((1280, 720), (640, 480), (720, 1280))
BOTH = [*product(WINDOWS, FRAMES)]
GREY = 120
LIGHTS = tuple(
    Light(name, status, f"What to do about the {name} is said here, in a sentence.")
    for name, status in zip(
        ("whole body", "room", "side", "distance", "light", "frame rate"),
        ("red", "green", "amber", "amber", "red", "green"),
        strict=True,
    )
)
RUNNING = LiveState(
    5.0,
    "running",
    LIGHTS,
    count=12,
    set_number=2,
    phase="pushing up",
    knee_deg=104.0,
    hip_deg=-12.0,
    descent_s=2.25,
    target_s=3.0,
    last_break=BreakPoint(11, "Break point", 58.3, 6.1, "deg"),
)
SUMMARY = ("12 reps: one thing to work on", "Folding at the hips (reps 4 and 6).", "Rest a while.")
STATES = {
    "placing": LiveState(0.0, "placing", LIGHTS, cue=LIGHTS[0].sentence),
    "ready": LiveState(0.0, "ready", LIGHTS, cue="Ready. Begin when you like."),
    "running": RUNNING,
    "no break": replace(
        RUNNING,
        last_break=BreakPoint(
            1, "Break point", math.nan, math.nan, "deg", "controlled all the way"
        ),
    ),
    "no picture yet": LiveState(0.0, "placing", notice="No pictures come from camera 0."),
    "nothing known": LiveState(0.0, "running", phase="ready", target_s=3.0),
    "resting": LiveState(9.0, "resting", LIGHTS, count=12, rest_s=83.0, summary=SUMMARY),
    "over": LiveState(9.0, "over", LIGHTS, count=1, summary=SUMMARY),
}


def frame(size=(640, 360)):
    """A plain picture, its left half a bit darker."""
    picture = np.full((size[1], size[0], 3), GREY, np.uint8)
    picture[:, : size[0] // 2] -= 20
    return picture


def drawn(state, size=(1280, 720), picture=None):
    """(H, W, 3) and the layout of a window."""
    picture = frame() if picture is None else picture
    layout = laid_out(size, (picture.shape[1], picture.shape[0]))
    return Screen(LOOK).draw(picture, state, size), layout


def part(canvas, box):
    x, y, w, h = box
    return canvas[y : y + h, x : x + w]


def inked(pixels):
    """The box (x, y, w, h) of all that is not plain ground; None: nothing is there."""
    rows, columns = np.nonzero((pixels != pen.GROUND).any(axis=2))
    if not len(rows):
        return None
    x, y = columns.min(), rows.min()
    return int(x), int(y), int(columns.max() - x + 1), int(rows.max() - y + 1)


def pose(size=(640, 360)):
    """Kneeling in the left half, facing right."""
    w, h = size
    points = np.full((33, 3), np.nan)
    for joint, at in {
        Joint.ANKLE: (0.1, 0.8), Joint.KNEE: (0.25, 0.8), Joint.HIP: (0.28, 0.5),
        Joint.SHOULDER: (0.3, 0.2), Joint.ELBOW: (0.33, 0.35), Joint.WRIST: (0.36, 0.3),
    }.items():  # fmt: skip
        for side in ("left", "right"):
            points[joint.on(side), :2] = np.multiply(at, (w, h))
    return Pose(0.0, points, np.ones(33))


# --- where things stand


@pytest.mark.parametrize("window, picture", BOTH)
def test_nothing_lies_over_anything_and_all_is_in_the_window(window, picture):
    layout = laid_out(window, picture)
    boxes = [layout.picture, layout.panel, layout.cue, layout.keys]
    assert [shared(a, b) for a, b in combinations(boxes, 2)] == [0] * 6
    whole = (0, 0, *window)
    assert all(shared(box, whole) == box[2] * box[3] > 0 for box in boxes)


@pytest.mark.parametrize("window", WINDOWS)
def test_a_summary_has_all_the_room_that_the_picture_and_the_cue_had(window):
    layout = laid_out(window, (16, 9))
    wide = layout.wide
    assert shared(wide, layout.panel) == shared(wide, layout.keys) == 0
    assert wide[2] * wide[3] >= 0.95 * (
        window[0] * layout.keys[1] - layout.panel[2] * layout.panel[3]
    )


@pytest.mark.parametrize("window, picture", BOTH)
def test_the_picture_keeps_its_proportions_and_the_panel_its_share(window, picture):
    layout = laid_out(window, picture)
    _, _, w, h = layout.picture
    assert w / h == pytest.approx(picture[0] / picture[1], rel=0.02)
    wide = window[0] >= window[1]
    share = layout.panel[2] / window[0] if wide else layout.panel[3] / window[1]
    assert share >= (LEAST if wide else LEAST_TALL) - 0.03


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("window, picture", BOTH)
def test_no_word_is_cut_off_in_any_window(window, picture, name):
    canvas, layout = drawn(STATES[name], window, frame(picture))
    if STATES[name].summary:
        layout = laid_out(window, (16, 9))
    boxes = [layout.panel, layout.keys, layout.wide if STATES[name].summary else layout.cue]
    for box in boxes:
        ink = inked(part(canvas, box))
        if ink is not None:
            x, y, w, h = ink
            assert x > 0 and x + w < box[2], (box, ink)
            assert y > 0 and y + h < box[3], (box, ink)


# --- read from afar


def test_the_count_and_the_cue_are_large():
    """4 m away letters of 20 mm are read at ease; a laptop's screen is 165 mm high."""
    canvas, layout = drawn(replace(RUNNING, cue="slower"))
    count = canvas[: round(0.3 * 720), layout.panel[0] :]
    rows = np.flatnonzero((count == 255).all(axis=2).sum(axis=1) > 20)
    assert (rows.max() - rows.min()) / 720 * 165 > 30
    assert inked(part(canvas, layout.cue))[3] / 720 * 165 > 16


def test_the_angles_are_there_in_whole_degrees():
    a, _ = drawn(RUNNING)
    b, _ = drawn(replace(RUNNING, knee_deg=104.3, hip_deg=-11.8))
    c, _ = drawn(replace(RUNNING, knee_deg=105.0))
    assert (a == b).all() and (a != c).any()


def test_lights_are_told_apart_without_colour():
    signs = [panel._sign(status, 20) for status in panel.LIGHTS]
    shapes = [(sign != pen.GROUND).any(axis=2) for sign in signs]
    assert all((a != b).mean() > 0.05 for a, b in combinations(shapes, 2))
    assert len({letter for *_, letter in panel.LIGHTS.values()}) == 3


def test_only_what_is_not_right_gets_a_sentence():
    green = tuple(replace(light, status="green") for light in LIGHTS)
    bad = inked(part(*_panel(replace(STATES["placing"], lights=LIGHTS))))
    good = inked(part(*_panel(replace(STATES["placing"], lights=green))))
    assert good[3] < 0.8 * bad[3]


def test_what_is_said_of_a_light_alone_is_larger():
    sizes = [panel._told_in(bad, 6)[0] for bad in range(1, 7)]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] >= 1.4 * sizes[-1]


def test_a_tall_window_gives_the_cue_what_the_panel_needs_not():
    layout = laid_out((720, 1280), (1280, 720))
    assert layout.cue[3] >= 0.25 * 1280
    assert layout.picture[2:] == (720, 405)


def _panel(state):
    canvas, layout = drawn(state)
    return canvas, layout.panel


@pytest.mark.parametrize("took, share", [(math.nan, 0.0), (1.5, 0.375), (3.0, 0.75), (9.0, 1.0)])
def test_the_bar_of_the_tempo_is_as_long_as_the_lowering(took, share):
    canvas, layout = drawn(replace(RUNNING, descent_s=took))
    colour = panel.GOOD if took >= 3.0 else MARK
    filled = (part(canvas, layout.panel) == colour).all(axis=2).sum(axis=1)
    filled = filled[round(0.6 * len(filled)) :]  # the phase has the same colour, above it
    assert filled.max() == pytest.approx(share * 15.6 * layout.unit, abs=8)


def test_a_lowering_that_is_long_enough_is_ticked_as_well_as_green():
    a, layout = drawn(replace(RUNNING, descent_s=2.95))
    b, _ = drawn(replace(RUNNING, descent_s=3.0))
    white = [(part(x, layout.panel) == 255).all(axis=2).sum() for x in (a, b)]
    assert white[0] != white[1]


# --- the picture


def test_the_picture_is_shown_as_it_is_and_is_not_written_to():
    picture = frame((896, 504))
    picture.flags.writeable = False
    canvas, layout = drawn(RUNNING, picture=picture)
    assert layout.picture[2:] == (896, 504)
    assert (part(canvas, layout.picture) == picture).all()


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_body_lies_on_the_body_mirrored_or_not(mirrored):
    state = replace(RUNNING, pose=pose(), side="right", mirrored=mirrored)
    canvas, layout = drawn(state)
    picture = part(canvas, layout.picture)
    plain = np.isin(picture, (GREY, GREY - 20)).all(axis=2)
    columns = np.flatnonzero(~plain[:, : round(0.45 * plain.shape[1])].all(axis=0))
    other = np.flatnonzero(~plain[:, round(0.55 * plain.shape[1]) :].all(axis=0))
    assert (len(columns) > 50, len(other) > 50) == (not mirrored, mirrored)
    words_, box = _panel(replace(state, mirrored=not mirrored))
    assert (part(words_, box) == part(canvas, layout.panel)).all()


def test_what_the_cue_is_about_is_marked_on_the_body():
    state = replace(RUNNING, pose=pose(), side="right")
    marked = [
        (part(*_picture(replace(state, stressed=about))) == MARK).all(axis=2).sum()
        for about in ((), ("hip_flexion",))
    ]
    assert marked[0] == 0 and marked[1] > 200


def _picture(state):
    canvas, layout = drawn(state)
    return canvas, layout.picture


def test_who_is_not_seen_is_not_drawn():
    unseen = Pose(0.0, np.full((33, 3), np.nan), np.zeros(33))
    a, _ = drawn(replace(RUNNING, pose=unseen, side=None))
    b, _ = drawn(RUNNING)
    assert (a == b).all()


def test_a_lost_camera_is_told_on_the_picture_at_every_size():
    for size, picture in BOTH:
        canvas, layout = drawn(
            replace(RUNNING, notice="The camera is lost; waiting for it."), size, frame(picture)
        )
        sign = (part(canvas, layout.picture) == words.SIGNS["warning"][0]).all(axis=2)
        assert sign.sum() > 15


def test_a_summary_takes_the_place_of_the_picture():
    canvas, _ = drawn(STATES["resting"])
    wide = part(canvas, laid_out((1280, 720), (16, 9)).wide)
    assert not (wide == GREY).all(axis=2).any()
    assert (wide == MARK).all(axis=2).any() and (wide == 255).all(axis=2).any()


def test_a_new_size_leaves_nothing_of_the_old_one():
    screen = Screen(LOOK)
    first = screen.draw(frame(), RUNNING, (1280, 720)).copy()
    screen.draw(frame((360, 640)), STATES["placing"], (1280, 720))
    screen.draw(frame(), STATES["resting"], (800, 600))
    assert (screen.draw(frame(), RUNNING, (1280, 720)) == first).all()


def test_drawing_takes_no_time():
    """At most 8 ms a frame at 720p, of one core."""
    screen, picture, took = Screen(LOOK), frame((1280, 720)), []
    body = pose((1280, 720))
    for i in range(40):
        state = replace(RUNNING, knee_deg=90.0 - i, descent_s=i / 30, pose=body, side="right")
        begins = time.thread_time()
        screen.draw(picture, state, (1280, 720))
        took.append(time.thread_time() - begins)
    assert np.median(took) < 0.008
