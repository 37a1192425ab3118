"""The numbers of docs/nordic-curl.md that stand in no room's own tests, section by section.

Where the others are:
0.2 normalised coordinates, 0.3 the example, the ankle, the identity: test_signals.py
0.5 three reps and a wobble: test_reps.py
1.2 exact break points, jitter at 3 Hz and at 6: test_break_point.py
1.3 onset and greatest acceleration: test_break_extras.py
2 braking and its k: test_braking.py, test_arms.py; time in ranges: test_tension.py
3 hips that stay and that fold: test_trunk.py
4 the hands' work: test_arms.py
6.2 to 6.5 body, torque, shortcut, face validity, error budget: test_torque.py
7 drift, the stop rule: test_set_values.py, test_stop_rule.py
9 every condition tripped and not: test_gates.py
10 the prone leg curl's example: test_bench_leg_curl.py
"""

import re
from pathlib import Path

import athlete
import numpy as np
import pytest
from test_signals import angles, body

from formcheck.exercises import EXERCISES
from formcheck.exercises.nordic_gates import BREAK
from formcheck.filtering import low_pass
from formcheck.measures.braking import braked
from formcheck.measures.torque import GRAVITY, falling, knee_torque
from formcheck.pose import Joint
from formcheck.segments import DE_LEVA, NECK_MM, STATURE_MM, above_knees
from formcheck.signals import Bend, Slope, Tilt
from formcheck.smoothing import local_quadratic
from formcheck.view.camera import SHOULDERS_APART

PROTOCOL = Path(__file__).resolve().parent.parent / "docs" / "nordic-curl.md"
MAN = above_knees(80.0, 1.80, "male")
K = 22.29 / 1.80
"""rad/s2, of a falling man of 1.80 m."""
KNEE = np.array([640.0, 600.0])


def kneeling(thigh, hip=0.0, shown=lambda along: along):
    """A body on level shins at these angles, its segments put into the picture by `shown`, which
    takes offsets from the knee (u forward, v up, pixels)."""
    lean = np.radians([thigh, thigh + hip])
    thighs, trunk = (200 * np.array([np.sin(a), np.cos(a)]) for a in lean)
    places = {"ANKLE": np.array([-200.0, 0.0]), "KNEE": np.zeros(2), "HIP": thighs}
    places["SHOULDER"] = thighs + trunk
    return body(**{n: tuple(KNEE + shown(p) * (1, -1)) for n, p in places.items()})


# --- 0.3, 1.1: the angles of other authors


@pytest.mark.parametrize(
    ("included", "flexion"), [(119.2, 60.8), (121.5, 58.5), (123.9, 56.1), (126.0, 54.0)]
)
def test_0_3_what_others_call_the_knee_angle(included, flexion):
    """Sconce 2021 gives the included angle, Sconce 2015 the thigh against the level, the authors of
    a lean the thigh against upright: all one flexion over level shins."""
    one = kneeling(included - 90)
    assert Bend(Joint.HIP, Joint.KNEE, Joint.ANKLE)(one, {})[0] == pytest.approx(flexion)
    assert 90 - Tilt(Joint.KNEE, Joint.HIP)(one, {})[0] == pytest.approx(flexion)
    assert abs(Slope(Joint.KNEE, Joint.HIP)(one, {})[0]) == pytest.approx(flexion)


# --- 0.4: what white jitter of 1 degree does to a velocity, and a filter to a peak


def jitter(fps):
    """Times and 20 tracks of white jitter, and the samples away from the ends."""
    t = np.arange(0, 40, 1 / fps)
    noise = np.random.default_rng(0).normal(0, 1, (len(t), 20))
    return t, noise, (t > 2) & (t < 38)


@pytest.mark.parametrize(
    ("fps", "cutoff", "sd"),
    [(30, 6, 12.9), (30, 4, 8.0), (30, 3, 5.5), (30, 2, 3.2), (60, 6, 11.1), (60, 3, 4.2)],
)
def test_0_4_jitter_of_a_velocity_by_its_cut_off(fps, cutoff, sd):
    """By differences of neighbours, as the field takes it; the spline's own slope is sharper."""
    t, noise, inner = jitter(fps)
    value, rate = low_pass(t, noise, cutoff)
    assert np.gradient(value, t, axis=0)[inner].std() == pytest.approx(sd, rel=0.05)
    assert sd < rate[inner].std() < 1.35 * sd


@pytest.mark.parametrize(("fps", "span", "sd"), [(30, 0.3, 3.9), (30, 0.5, 1.8), (60, 0.5, 1.2)])
def test_0_4_jitter_of_a_velocity_by_a_parabola(fps, span, sd):
    t, noise, inner = jitter(fps)
    assert local_quadratic(t, noise, span / 2)[1][inner].std() == pytest.approx(sd, rel=0.05)


@pytest.mark.parametrize(("cutoff", "peak"), [(3, 94), (6, 100)])
def test_0_4_what_a_cut_off_leaves_of_a_peak_of_104(cutoff, peak):
    """The fall of 1.2 ends at 104 deg/s."""
    t, flexion, _ = athlete.lowering(60)
    assert np.sqrt(8**2 + 2 * 120 * 45) == pytest.approx(104, abs=0.5)
    assert -low_pass(t, flexion, cutoff)[1].min() == pytest.approx(peak, abs=0.7)


# --- 1.2: the rule's figures


def test_1_2_the_rule_of_the_break():
    assert (BREAK.literature, BREAK.still_test, BREAK.times_pace, BREAK.pace_over) == (10, 5, 3, 20)
    assert (BREAK.peak_times_pace, BREAK.peak, BREAK.lasts_s, BREAK.opens) == (3.5, 45, 0.15, 10)
    assert BREAK.cutoff_hz == 3


# --- 2: a straight body that falls free


@pytest.mark.parametrize(("breaks", "speed"), [(50, 219), (70, 250), (30, 163)])
def test_2_the_speed_of_a_free_fall(breaks, speed):
    """From rest to a knee flexion of 10 degrees, 1.80 m, male: by the body's own equation, step by
    step; and the braking of that fall is none."""
    lean, rate, step, seconds = np.radians(90.0 - breaks), 0.0, 1e-5, 0.0
    while lean < np.radians(80):
        gravity = float(knee_torque(MAN, np.degrees(lean), 0.0))
        rate += step * gravity / float(falling(MAN, 0.0, np.degrees(1.0)))
        lean, seconds = lean + step * rate, seconds + step
    assert np.degrees(rate) == pytest.approx(speed, abs=1)
    if breaks == 50:  # off rest exactly it takes for ever to set out; from 1 deg/s on:
        assert seconds == pytest.approx(0.38, abs=0.02)
    ends = np.array([90.0 - breaks, 80.0])
    assert braked(ends, np.array([0.0, speed]), K) == pytest.approx(0.0, abs=0.02)


def test_2_a_fall_of_150_is_about_half_braked():
    assert braked(np.array([40.0, 80.0]), np.array([0.0, 150.0]), K) == pytest.approx(
        0.53, abs=0.005
    )


# --- 3: what folded hips do to the load


@pytest.mark.parametrize(
    ("thigh", "hip", "load"), [(45, 0, 309), (45, 20, 343), (45, 40, 359), (30, 30, 282)]
)
def test_3_the_load_of_folded_hips(thigh, hip, load):
    """Folding lets the chest drop with less opening of the knee."""
    assert float(knee_torque(MAN, thigh, hip)) == pytest.approx(load, abs=0.5)


# --- 4: energies of the hands' example


def test_4_the_energies_of_the_way_up():
    """80 kg, 1.80 m, from 85 degrees of lean to 5, released at 70 with 60 deg/s."""
    reach = float(knee_torque(MAN, 90, 0))  # m g times the height of the centre over the knee
    rise = reach * (np.cos(np.radians(5)) - np.cos(np.radians(85)))
    moving = 0.5 * MAN.inertia(1.0) * np.radians(60) ** 2
    assert (rise, moving) == pytest.approx((397.2, 19.3), rel=0.005)


# --- 6.1: the segments are those of the table


def figures(row):
    """The numbers of the protocol's row of a segment: mass, centre, radius, length, each M / F."""
    (line,) = [x for x in PROTOCOL.read_text("utf-8").splitlines() if x.startswith(f"| {row} (")
               or x.startswith(f"| {row} |")]  # fmt: skip
    return [float(x) for x in re.findall(r"(?<![\w.])\d*\.\d+", line.split("|", 2)[2])]


@pytest.mark.parametrize("segment", DE_LEVA["male"])
def test_6_1_the_segments(segment):
    told = figures(segment)
    for k, sex in enumerate(("male", "female")):
        one = DE_LEVA[sex][segment]
        assert [one.mass, one.centre, one.gyration, one.length_mm] == told[k::2]


def test_6_1_the_lengths_make_the_stature():
    """Thigh, shank and trunk to the shoulders, neck and head: the ankle's height is left."""
    for sex, body_of in DE_LEVA.items():
        parts = sum(body_of[n].length_mm for n in ("head", "trunk", "thigh", "shank"))
        assert 0.02 < 1 - (parts + NECK_MM[sex]) / STATURE_MM[sex] < 0.16
        assert 2 * sum(s.mass for n, s in body_of.items() if n not in ("head", "trunk")) + sum(
            body_of[n].mass for n in ("head", "trunk")
        ) == pytest.approx(1.0, abs=0.002)
    assert pytest.approx(9.81) == GRAVITY


# --- 5b: the limits are those of the rule book

LIMITS = {
    "falls-too-fast.early_fall": (0.25, 0.15, None),
    "falls-too-fast.eccentric_duration": (2.0, 3.0, None),
    "falls-too-fast.mean_descent_velocity": (None, 35, None),
    "hips-pike.hip_break": (20, 15, None),
    "hips-too-straight.hip_extension_min": (-8, -6, None),
    "partial-range.bottom_thigh_lean": (None, 60, None),
    "does-not-return.returned_share": (None, 0.80, None),
    "anchor-slips.heel_lift": (0.03, 0.02, None),
    "knees-slide.knee_shift": (0.03, 0.02, None),
    "fatigue.break_point_loss": (None, 8, None),
    "fatigue.break_point_loss_in_a_row": (None, 5, None),
    "fatigue.controlled_duration_loss_twice": (None, 0.30, None),
    "uneven-tempo.controlled_duration_variation": (None, None, 0.30),
}
"""Check and measure -> fault, warning, note."""


@pytest.mark.parametrize("where", LIMITS)
def test_5b_the_rule_book(where):
    name, measure = where.split(".")
    exercise = EXERCISES["nordic-curl"]
    every = [
        m for c in (*exercise.checks, *exercise.set_checks) if c.name == name for m in c.limits
    ]
    (limit,) = [m for m in every if m.measure == measure]
    assert (limit.fault, limit.warning, limit.note) == LIMITS[where]


# --- 9: what the camera's place does to an angle

YAWED = {
    80: (80.1, 80.6, 81.3, 82.9),
    60: (60.4, 61.5, 63.4, 67.8),
    45: (45.4, 46.8, 49.1, 54.7),
    30: (30.4, 31.6, 33.7, 39.2),
    10: (10.2, 10.6, 11.5, 14.0),
}
"""True knee flexion -> as it looks with the camera 10, 20, 30 and 45 degrees off the side."""


def off_side(yaw):
    """What is shown of a body by a far camera that far off the side."""
    return lambda along: along * (np.cos(np.radians(yaw)), 1)


@pytest.mark.parametrize("true", YAWED)
def test_9_a_yaw_straightens_no_knee(true):
    for yaw, seen in zip((10, 20, 30, 45), YAWED[true], strict=True):
        told = angles(kneeling(90 - true, shown=off_side(yaw)))["knee_flexion"]
        assert told == pytest.approx(seen, abs=0.06)
        back = np.degrees(np.arctan(np.tan(np.radians(told)) * np.cos(np.radians(yaw))))
        assert back == pytest.approx(true, abs=1e-6)


@pytest.mark.parametrize(
    ("thigh", "hip", "seen"), [(40, 15, (15.0, 15.1, 15.0)), (60, 20, (20.2, 20.9, 22.2))]
)
def test_9_a_yaw_hardly_moves_the_hips(thigh, hip, seen):
    for yaw, told in zip((10, 20, 30), seen, strict=True):
        read = angles(kneeling(thigh, hip, shown=off_side(yaw)))["hip_flexion"]
        assert read == pytest.approx(told, abs=0.06)


@pytest.mark.parametrize(("pitch", "seen"), [(10, 44.6), (15, 44.0), (20, 43.2)])
def test_9_a_camera_that_looks_down(pitch, seen):
    down = kneeling(45, shown=lambda along: along * (1, np.cos(np.radians(pitch))))
    assert Slope(Joint.KNEE, Joint.HIP)(down, {})[0] == pytest.approx(seen, abs=0.06)


@pytest.mark.parametrize(("away", "error"), [(2, 4.6), (3, 3.1), (4, 2.3), (5, 1.8)])
def test_9_a_joint_that_lies_nearer(away, error):
    """The upper end of an upright segment of 0.5 m, 0.8 m off the middle and 0.1 m nearer."""
    focal, below, above = 1000.0, np.array([0.8, 0.0]), np.array([0.8, 0.5])
    ends = focal * below / away, focal * above / (away - 0.1)
    places = {n: (640 + p[0], 600 - p[1]) for n, p in zip(("KNEE", "HIP"), ends, strict=True)}
    assert Tilt(Joint.KNEE, Joint.HIP)(body(**places), {})[0] == pytest.approx(error, abs=0.2)


@pytest.mark.parametrize(
    ("yaw", "apart"), [(5, 0.07), (10, 0.13), (15, 0.20), (20, 0.27), (30, 0.39)]
)
def test_9_how_far_apart_the_shoulders_look(yaw, apart):
    assert SHOULDERS_APART * np.sin(np.radians(yaw)) == pytest.approx(apart, abs=0.006)


def test_9_the_limits_of_the_conditions():
    """Frames a second by number; and of an angle what passes and what is refused."""
    every = {m.name: {g.name: g for g in m.gates if hasattr(g, "ok")}
             for m in EXERCISES["nordic-curl"].measures}  # fmt: skip
    rates = {
        "eccentric_duration": (9, 9),
        "early_fall": (14, 14),
        "break_point_angle": (23.5, 23.5),
        "bpa_acceleration": (29, 29),
        "peak_knee_velocity": (47, 14),
    }
    for name, limits in rates.items():
        assert (every[name]["G1"].ok, every[name]["G1"].warn) == limits
    of_angle = {n: (g.ok, g.warn) for n, g in every["break_point_angle"].items()}
    told = {"G2": (0.8, 0.6), "G6": (1, 2.5), "G7": (0.05, 0.10), "G8": (180, 100), "G11": (0, 3)}
    told |= {"G9b": (75, 75), "G9b-length": (12, 12), "G9b-haste": (1.3, 1.3)}
    assert {n: of_angle[n] for n in told} == told
    assert of_angle["G13"] == (10, np.inf)
